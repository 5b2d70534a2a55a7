#include "voice/scenario.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

namespace dashvoip {
namespace test {
namespace {

using Words = std::vector<std::string>;

struct FigureForm {
  double CallFigures::*value;
  const char* unit;  // in which it is written
  double scale;      // of that in CallFigures
};

const std::map<std::string, FigureForm>& Figures() {
  static const std::map<std::string, FigureForm> figures = {
      {"concealed", {&CallFigures::concealed, "%", 0.01}},
      {"late", {&CallFigures::late, "%", 0.01}},
      {"stretched", {&CallFigures::stretched, "%", 0.01}},
      {"discarded", {&CallFigures::discarded, "%", 0.01}},
      {"delay", {&CallFigures::delay_ms, "ms", 1}},
      {"recovery", {&CallFigures::recovery_ms, "ms", 1}},
      {"mos", {&CallFigures::mos, "", 1}},
      {"restarts", {&CallFigures::restarts, "", 1}},
  };
  return figures;
}

std::string NumberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/** Reads one line after the other into a scenario. */
class Reader {
 public:
  Reader(std::string name, std::string traces) : traces_(std::move(traces)) {
    scenario_.name = std::move(name);
  }

  Scenario Read(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      ++line_;
      ReadLine(line.substr(0, line.find('#')));
    }
    if (scenario_.title.empty()) Fail("a line \"says WHAT IT SHOWS\"", "none in the file");
    if (scenario_.limits.empty()) Fail("at least one line \"expect ...\"", "none in the file");
    return scenario_;
  }

 private:
  [[noreturn]] void Fail(const std::string& expected, const std::string& found) const {
    throw ScenarioError(scenario_.name + ":" + std::to_string(line_) + ": expected " + expected +
                        ", found " + found);
  }

  void ReadLine(const std::string& line) {
    std::istringstream stream(line);
    words_.clear();
    at_ = 0;
    for (std::string word; stream >> word;) words_.push_back(word);
    if (words_.empty()) return;
    const std::string keyword = Next("a keyword");
    if (keyword == "says") {
      scenario_.title = line.substr(line.find("says") + 5);
      return;
    }
    if (!ReadCall(keyword) && !ReadNetwork(keyword)) {
      Fail(
          "says, codec, call, packet, slot, cap, drift, talks, seed, way, jitter, order, loss, "
          "reorder, duplicate, rate, stall, shift or expect",
          "\"" + keyword + "\"");
    }
    if (at_ < words_.size()) Fail("the end of the line", "\"" + words_[at_] + "\"");
  }

  bool ReadCall(const std::string& keyword) {
    if (keyword == "codec")
      scenario_.codec = Next("the name of a codec");
    else if (keyword == "call")
      scenario_.seconds = Number("s");
    else if (keyword == "packet")
      scenario_.packet_ms = Number("ms");
    else if (keyword == "slot")
      scenario_.slot_ms = Number("ms");
    else if (keyword == "cap")
      scenario_.cap_ms = Number("ms");
    else if (keyword == "drift")
      scenario_.drift_ppm = Number("ppm");
    else if (keyword == "seed")
      scenario_.seed = static_cast<std::uint64_t>(Number(""));
    else if (keyword == "talks")
      ReadTalks();
    else if (keyword == "expect")
      ReadLimit();
    else
      return false;
    return true;
  }

  bool ReadNetwork(const std::string& keyword) {
    NetworkForm& network = scenario_.network;
    if (keyword == "way") {
      network.way_ms = Number("ms");
    } else if (keyword == "jitter") {
      ReadJitter();
    } else if (keyword == "order") {
      Keyword("kept");
      network.overtaking = false;
    } else if (keyword == "loss") {
      ReadLoss();
    } else if (keyword == "reorder") {
      network.reordered = Share();
      Keyword("by");
      network.held_ms = Number("ms");
    } else if (keyword == "duplicate") {
      network.duplicated = Share();
    } else if (keyword == "rate") {
      network.rate_kbit = Number("kbit/s");
      Keyword("queue");
      network.queue_ms = Number("ms");
    } else if (keyword == "stall") {
      network.stall_ms = Number("ms");
      Keyword("every");
      network.stall_every_s = Number("s");
    } else if (keyword == "shift") {
      const double by_ms = Number("ms");
      Keyword("at");
      network.shifts.push_back({Number("s"), by_ms});
    } else {
      return false;
    }
    return true;
  }

  void ReadTalks() {
    scenario_.talks = Share();
    if (scenario_.talks <= 0) Fail("more than 0 %", "0 %");
    if (at_ == words_.size()) return;
    Keyword("with");
    Keyword("noise");
    scenario_.noise = true;
  }

  void ReadJitter() {
    NetworkForm& network = scenario_.network;
    const std::string kind = Next("uniform, normal, exponential or trace");
    if (kind == "trace") {
      network.jitter = NetworkForm::Jitter::kTrace;
      network.trace = ReadTrace(traces_ + "/" + Next("the name of a trace") + ".trace");
      return;
    }
    if (kind == "uniform")
      network.jitter = NetworkForm::Jitter::kUniform;
    else if (kind == "normal")
      network.jitter = NetworkForm::Jitter::kNormal;
    else if (kind == "exponential")
      network.jitter = NetworkForm::Jitter::kExponential;
    else
      Fail("uniform, normal, exponential or trace", "\"" + kind + "\"");
    network.jitter_ms = Number("ms");
  }

  /** So many lost in all, in bursts whose mean length is given; one packet each without. */
  void ReadLoss() {
    const double share = Share();
    if (share == 1) Fail("less than 100 %", "100 %");
    double burst = 1 / (1 - share);  // independent of one another
    if (at_ < words_.size()) {
      Keyword("in");
      Keyword("bursts");
      Keyword("of");
      burst = Number("");
      if (burst < 1) Fail("bursts of 1 packet or more", NumberText(burst));
    }
    scenario_.network.bad_to_good = 1 / burst;
    scenario_.network.good_to_bad = share / (1 - share) / burst;
  }

  void ReadLimit() {
    Limit limit;
    limit.figure = Next("the name of a figure");
    const auto found = Figures().find(limit.figure);
    if (found == Figures().end()) {
      std::string names;
      for (const auto& each : Figures()) names += (names.empty() ? "" : ", ") + each.first;
      Fail("one of " + names, "\"" + limit.figure + "\"");
    }
    const std::string sign = Next("<= or >=");
    if (sign != "<=" && sign != ">=") Fail("<= or >=", "\"" + sign + "\"");
    limit.at_most = sign == "<=";
    const bool multiple = words_.size() == at_ + 2 && words_[at_ + 1] == "jitter97";
    limit.of_jitter = multiple;
    limit.value = multiple ? Number("jitter97") : Number(found->second.unit) * found->second.scale;
    for (std::size_t i = 1; i < words_.size(); ++i) limit.text += (i > 1 ? " " : "") + words_[i];
    scenario_.limits.push_back(limit);
  }

  // Words ---------------------------------------------------------------------------------------

  std::string Next(const std::string& expected) {
    if (at_ == words_.size()) Fail(expected, "the end of the line");
    return words_[at_++];
  }

  void Keyword(const std::string& word) {
    const std::string found = Next("\"" + word + "\"");
    if (found != word) Fail("\"" + word + "\"", "\"" + found + "\"");
  }

  double Number(const std::string& unit) {
    const std::string form = unit.empty() ? "a number" : "a number and \"" + unit + "\"";
    const std::string word = Next(form);
    std::size_t end = 0;
    double value = 0;
    try {
      value = std::stod(word, &end);
    } catch (const std::exception&) {
      end = 0;
    }
    if (end != word.size() || !std::isfinite(value)) Fail(form, "\"" + word + "\"");
    if (!unit.empty()) {
      const std::string found = Next(form);
      if (found != unit) Fail(form, "\"" + word + " " + found + "\"");
    }
    return value;
  }

  double Share() {
    const double percent = Number("%");
    if (percent < 0 || percent > 100) Fail("0 to 100 %", NumberText(percent) + " %");
    return percent / 100;
  }

  const std::string traces_;
  Scenario scenario_;
  std::size_t line_ = 0;
  Words words_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> Scenario::Broken(const CallFigures& figures) const {
  std::vector<std::string> broken;
  for (const Limit& limit : limits) {
    const FigureForm& form = Figures().at(limit.figure);
    const double found = figures.*form.value;
    const double bound = limit.of_jitter ? limit.value * figures.jitter97_ms : limit.value;
    if (limit.at_most ? found <= bound : found >= bound) continue;
    broken.push_back("expect " + limit.text + ": found " + NumberText(found / form.scale) + " " +
                     form.unit + ", bound " + NumberText(bound / form.scale));
  }
  return broken;
}

Scenario ParseScenario(const std::string& name, const std::string& text,
                       const std::string& traces) {
  return Reader(name, traces).Read(text);
}

Scenario ReadScenario(const std::string& path, const std::string& traces) {
  std::ifstream file(path);
  if (!file) throw ScenarioError(path + ": expected a scenario, found no such file");
  std::ostringstream text;
  text << file.rdbuf();
  return ParseScenario(path.substr(path.find_last_of('/') + 1), text.str(), traces);
}

}  // namespace test
}  // namespace dashvoip
