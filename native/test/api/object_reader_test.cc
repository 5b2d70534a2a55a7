#include "dashvoip/api/object_reader.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace dashvoip;  // NOLINT: a test of one part

namespace {

/** As JavaScript's values, built by hand. */
class Toy {
 public:
  using Members = std::vector<std::pair<std::string, Toy>>;

  Toy() = default;
  Toy(bool flag) : kind_(ForeignKind::kFlag), number_(flag ? 1 : 0) {}
  Toy(double number) : kind_(ForeignKind::kNumber), number_(number) {}
  Toy(int number) : Toy(static_cast<double>(number)) {}
  Toy(const char* text) : Toy(std::string(text)) {}
  Toy(std::string text) : kind_(ForeignKind::kText), text_(std::move(text)) {}
  static Toy List(std::vector<Toy> elements) {
    Toy list;
    list.kind_ = ForeignKind::kList;
    for (Toy& element : elements) list.members_.emplace_back("", std::move(element));
    return list;
  }
  static Toy Object(Members members) {
    Toy object;
    object.kind_ = ForeignKind::kObject;
    object.members_ = std::move(members);
    return object;
  }
  static Toy Symbol() {
    Toy symbol;
    symbol.kind_ = ForeignKind::kOther;
    symbol.text_ = "a symbol";
    return symbol;
  }

  /** The same object with one member more, or another one. */
  Toy With(const std::string& name, Toy value) const {
    Toy changed = *this;
    for (auto& member : changed.members_) {
      if (member.first != name) continue;
      member.second = std::move(value);
      return changed;
    }
    changed.members_.emplace_back(name, std::move(value));
    return changed;
  }

  ForeignKind kind() const { return kind_; }
  bool flag() const { return number_ != 0; }
  double number() const { return number_; }
  std::string text() const { return text_; }
  std::string words() const {
    if (kind_ == ForeignKind::kFlag) return flag() ? "true" : "false";
    return kind_ == ForeignKind::kNumber ? std::to_string(static_cast<int>(number_)) : text_;
  }
  std::size_t size() const { return members_.size(); }
  Toy At(std::size_t index) const { return members_[index].second; }
  Toy Member(const std::string& name) const {
    for (const auto& member : members_) {
      if (member.first == name) return member.second;
    }
    return Toy();
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& member : members_) all.push_back(member.first);
    return all;
  }

 private:
  ForeignKind kind_ = ForeignKind::kNothing;
  double number_ = 0;
  std::string text_;
  Members members_;
};

Toy Format(int payload_type, const char* codec) {
  return Toy::Object({{"payloadType", payload_type}, {"codec", codec}});
}

Toy Remote() {
  return Toy::Object({{"address", "192.0.2.7"}, {"rtpPort", 4000}, {"rtcpPort", 4001}});
}

Toy Audio() {
  return Toy::Object({{"codec", "PCMA"},
                      {"payloadType", 8},
                      {"receive", Toy::List({Format(8, "PCMA"), Format(0, "PCMU")})},
                      {"remote", Remote()},
                      {"direction", "sendrecv"},
                      {"ptimeMs", 20}});
}

Toy Rtp() {
  return Toy::Object({{"ports", Toy::List({30000, 30099})},
                      {"cname", "a@b"},
                      {"audioDscp", 46},
                      {"videoDscp", 34},
                      {"maxVideoPayload", 1200}});
}

Toy Engine() {
  return Toy::Object({{"cameraLink", "none"},
                      {"microphone", Toy::Object({{"kind", "null"}})},
                      {"speaker", Toy::Object({{"kind", "file"}, {"path", "/tmp/out.wav"}})},
                      {"videoSource", "none"},
                      {"rtp", Rtp()},
                      {"jitterBufferMaxMs", 200},
                      {"busRateHz", 8000},
                      {"realtimePriority", 50}});
}

/** What is said of a value that does not fit; empty for one that does. */
template <typename Shape>
std::string Refusal(const Toy& value) {
  Shape shape;
  std::string error = "of an earlier reading";
  const bool fits = ReadObject(value, "it", &shape, &error);
  CHECK(fits == error.empty());
  return error;
}

std::string OfAudio(const std::string& name, Toy value) {
  return Refusal<AudioStreamSettings>(Audio().With(name, std::move(value)));
}

std::string OfEngine(const std::string& name, Toy value) {
  return Refusal<EngineSettings>(Engine().With(name, std::move(value)));
}

std::string OfRtp(const std::string& name, Toy value) {
  return OfEngine("rtp", Rtp().With(name, std::move(value)));
}

}  // namespace

// It crosses a ring to the media thread.
static_assert(std::is_trivially_copyable<SessionSettings>::value, "owns memory");

/** The words of an AudioCodec, as a message lists them. */
std::string Codecs() {
  std::string list;
  const WordList words = WordsOf(AudioCodec());
  for (std::size_t i = 0; i < words.count; ++i) {
    list += (i == 0 ? "'" : ", '") + std::string(words.words[i]) + "'";
  }
  return list;
}

TEST_CASE("ObjectReader: fields of all kinds arrive, absent ones are absent") {
  SessionSettings session;
  std::string error;
  REQUIRE(ReadObject(Toy::Object({{"audio", Audio().With("telephoneEvent", 101)}}), "session",
                     &session, &error));
  REQUIRE(session.audio);
  CHECK_FALSE(session.video);
  CHECK(session.audio->codec == AudioCodec::kPcma);
  REQUIRE(session.audio->receive.size() == 2);
  CHECK(session.audio->receive[1].payload_type == 0);
  CHECK(session.audio->receive[1].codec == AudioCodec::kPcmu);
  CHECK(*session.audio->telephone_event == 101);
  CHECK_FALSE(session.audio->comfort_noise);
  CHECK(session.audio->remote.rtp_port == 4000);
  IpAddress address;
  REQUIRE(IpAddress::Parse("192.0.2.7", &address));
  CHECK(session.audio->remote.address.ip == address.ip);

  EngineSettings engine;
  REQUIRE(ReadObject(Engine(), "settings", &engine, &error));
  CHECK(engine.camera_link == CameraLink::kNone);
  CHECK(engine.speaker.kind == DeviceKind::kFile);
  CHECK(engine.speaker.path == "/tmp/out.wav");
  CHECK(engine.rtp.ports[1] == 30099);
  CHECK(engine.rtp.cname.str() == "a@b");
}

TEST_CASE("ObjectReader: a value of another type is named with its path") {
  CHECK(Refusal<EngineSettings>(Toy()) == "it: expected an object, found nothing");
  CHECK(Refusal<EngineSettings>(Toy::List({})) == "it: expected an object, found an array");
  CHECK(OfEngine("rtp", 5) == "it.rtp: expected an object, found 5");
  CHECK(OfRtp("cname", true) == "it.rtp.cname: expected a string that is not empty, found true");
  CHECK(OfRtp("ports", "x") == "it.rtp.ports: expected an array of 2, found 'x'");
  CHECK(OfRtp("ports", Toy::List({1, 2, 3})) ==
        "it.rtp.ports: expected an array of 2, found an array");
  CHECK(OfAudio("receive", Toy::List({Format(8, "PCMA"), "PCMU"})) ==
        "it.receive[1]: expected an object, found 'PCMU'");
  CHECK(OfAudio("direction", Toy::Symbol()) ==
        "it.direction: expected one of 'sendrecv', 'sendonly', 'recvonly', 'inactive', "
        "found a symbol");
  CHECK(OfAudio("remote", Remote().With("rtcpMux", "yes")) ==
        "it.remote.rtcpMux: expected true or false, found 'yes'");
  CHECK(OfAudio("ptimeMs", "20") == "it.ptimeMs: expected a whole number 10..60, found '20'");
}

TEST_CASE("ObjectReader: what is missing is named, and what is not declared is refused") {
  CHECK(OfAudio("codec", Toy()) == "it.codec: expected one of " + Codecs() + ", found nothing");
  CHECK(OfEngine("microphone", Toy::Object({{"kind", "file"}})) ==
        "it.microphone.path: expected a string that is not empty, found nothing");
  CHECK(OfAudio("volume", 11) == "it.volume: expected nothing of that name, found 11");
  // The field of another member of the union.
  CHECK(OfEngine("microphone", Toy::Object({{"kind", "null"}, {"path", "/tmp/in.wav"}})) ==
        "it.microphone.path: expected nothing of that name, found '/tmp/in.wav'");
  // As JavaScript leaves out what it has not.
  CHECK(OfAudio("volume", Toy()) == "");
}

TEST_CASE("ObjectReader: numbers are whole and within the bounds of the declaration") {
  CHECK(OfRtp("audioDscp", 0) == "");
  CHECK(OfRtp("audioDscp", 63) == "");
  CHECK(OfRtp("audioDscp", 64) == "it.rtp.audioDscp: expected a whole number 0..63, found 64");
  CHECK(OfRtp("audioDscp", -1) == "it.rtp.audioDscp: expected a whole number 0..63, found -1");
  CHECK(OfRtp("audioDscp", 0.5) == "it.rtp.audioDscp: expected a whole number 0..63, found 0");
  CHECK(OfRtp("audioDscp", std::nan("")) != "");
  CHECK(OfRtp("audioDscp", std::numeric_limits<double>::infinity()) != "");
  CHECK(OfRtp("ports", Toy::List({30000, 65536})) ==
        "it.rtp.ports[1]: expected a whole number 1..65535, found 65536");
  CHECK(OfAudio("telephoneEvent", 128) ==
        "it.telephoneEvent: expected a whole number 0..127, found 128");
}

TEST_CASE("ObjectReader: a bounded list or text takes what fits, and tells how much was found") {
  std::vector<Toy> formats(128, Format(8, "PCMA"));
  CHECK(OfAudio("receive", Toy::List(formats)) == "");
  formats.push_back(Format(8, "PCMA"));
  CHECK(OfAudio("receive", Toy::List(formats)) ==
        "it.receive: expected an array of 128 at most, found one of 129");
  CHECK(OfAudio("receive", Toy::List({})) ==
        "it.receive: expected an array that is not empty, found an array");
  CHECK(OfRtp("cname", std::string(255, 'c')) == "");
  CHECK(OfRtp("cname", std::string(256, 'c')) ==
        "it.rtp.cname: expected a string of 255 bytes at most, found one of 256");
  CHECK(OfRtp("cname", std::string("a\0b", 3)) != "");
}

TEST_CASE("ObjectReader: a long text is quoted in part") {
  CHECK(OfEngine("cameraLink", std::string(100, 'u')) ==
        "it.cameraLink: expected one of 'netfifo', 'rtsp', 'none', found '" + std::string(60, 'u') +
            "'");
}

TEST_CASE("ObjectReader: the rules that a declaration cannot say") {
  CHECK(OfRtp("ports", Toy::List({30001, 30003})) == "");
  CHECK(OfRtp("ports", Toy::List({30001, 30002})) ==
        "it.rtp.ports: expected two ports with an even one and the next one between them, "
        "found an array");
  CHECK(OfEngine("busRateHz", 9000) == "it.busRateHz: expected 8000, 16000 or 48000, found 9000");
  CHECK(OfEngine("cameraLink", "rtsp") ==
        "it.rtspUrl: expected a string that is not empty, found nothing");
  CHECK(OfAudio("ptimeMs", 25) == "it.ptimeMs: expected a multiple of 10, found 25");
  const Toy cable = Toy::Object({{"kind", "alsa"}, {"device", "hw:Loopback,1,0"}});
  const Toy bridge = Toy::Object(
      {{"cameraLink", "rtsp"}, {"capture", cable}, {"playback", cable}, {"realtimePriority", 0}});
  CHECK(Refusal<BridgeSettings>(bridge) ==
        "it.rtspUrl: expected a string that is not empty, found nothing");
  CHECK(Refusal<BridgeSettings>(bridge.With("rtspUrl", "rtsp://192.0.2.1/live")) == "");
}

TEST_CASE("ObjectReader: the first error is told, and it alone") {
  const Toy two = Audio().With("codec", "MP3").With("ptimeMs", 25).With("volume", 11);
  CHECK(Refusal<AudioStreamSettings>(two) ==
        "it.codec: expected one of " + Codecs() + ", found 'MP3'");
  CHECK(Refusal<AudioStreamSettings>(Audio().With("volume", 11).With("treble", 3)) ==
        "it.volume: expected nothing of that name, found 11");
}
