#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "base/realtime_watch.h"
#include "crypto/system_openssl.h"

namespace {

bool broke_rule = false;

/** Every test watches the real-time threads that it runs. */
class RealtimeListener : public doctest::IReporter {
 public:
  explicit RealtimeListener(const doctest::ContextOptions&) {}
  void test_case_start(const doctest::TestCaseData& test) override { name_ = test.m_name; }
  void test_case_end(const doctest::CurrentTestCaseStats&) override {
    if (dashvoip::test::TellRealtimeFaults(name_).total() > 0) broke_rule = true;
  }

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}

 private:
  const char* name_ = "";
};
DOCTEST_REGISTER_LISTENER("realtime", 1, RealtimeListener);

}  // namespace

int main(int argc, char** argv) {
  dashvoip::test::LoadSystemOpenSsl();
  const int failed = doctest::Context(argc, argv).run();
  return broke_rule && failed == 0 ? 1 : failed;
}
