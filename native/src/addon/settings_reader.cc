#include "settings_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dashvoip {
namespace addon {
namespace {

constexpr std::size_t kFoundCharacters = 60;

const std::vector<std::string>& DirectionWords() {
  static const std::vector<std::string> words = {"sendrecv", "sendonly", "recvonly", "inactive"};
  return words;
}

/** Into camera_backend and rtsp_url of either settings. */
template <typename Settings>
void ReadCameraLink(const SettingsReader& settings, Settings* out) {
  static const std::vector<std::string> words = {"netfifo", "rtsp", "none"};
  out->camera_backend = words[settings.Member("cameraLink").Word(words)];
  if (out->camera_backend == "rtsp") out->rtsp_url = settings.Member("rtspUrl").String();
}

DeviceSettings ReadDevice(const SettingsReader& device) {
  static const std::vector<std::string> kinds = {"null", "camera", "alsa", "file"};
  DeviceSettings settings;
  if (!device.Object()) return settings;
  settings.kind = static_cast<DeviceKind>(device.Member("kind").Word(kinds));
  if (settings.kind == DeviceKind::kAlsa) settings.name = device.Member("device").String();
  if (settings.kind == DeviceKind::kFile) settings.name = device.Member("path").String();
  return settings;
}

void ReadPorts(const SettingsReader& ports, EngineSettings* out) {
  if (!ports.Object()) return;
  out->first_port = static_cast<std::uint16_t>(ports.Element(0).Integer(1, 65535));
  out->last_port = static_cast<std::uint16_t>(ports.Element(1).Integer(1, 65535));
  const int first_even = out->first_port + out->first_port % 2;
  if (first_even + 1 > out->last_port) {
    ports.Fail("two ports with an even one and the next one between them");
  }
}

SocketAddress ReadAddress(const SettingsReader& host, const SettingsReader& port) {
  SocketAddress address{};
  const auto number = static_cast<std::uint16_t>(port.Integer(1, 65535));
  if (!SocketAddress::Parse(host.String(), number, &address)) {
    host.Fail("a numeric IPv4 or IPv6 address");
  }
  return address;
}

RemoteEndpoint ReadRemote(const SettingsReader& remote) {
  RemoteEndpoint endpoint{};
  if (!remote.Object()) return endpoint;
  const SettingsReader host = remote.Member("address");
  const SettingsReader rtcp_host = remote.Member("rtcpAddress");
  endpoint.rtp = ReadAddress(host, remote.Member("rtpPort"));
  // RFC 3605: RTCP may go to another host.
  endpoint.rtcp = ReadAddress(rtcp_host.present() ? rtcp_host : host, remote.Member("rtcpPort"));
  const SettingsReader mux = remote.Member("rtcpMux");
  endpoint.rtcp_mux = mux.present() && mux.Boolean();
  return endpoint;
}

std::uint8_t ReadPayloadType(const SettingsReader& payload_type) {
  return static_cast<std::uint8_t>(payload_type.Integer(0, kPayloadTypes - 1));
}

AudioCodec ReadAudioCodec(const SettingsReader& format) {
  std::vector<std::string> names;
  for (const AudioCodecInfo& info : kAudioCodecs) names.emplace_back(info.name);
  return kAudioCodecs[format.Member("codec").Word(names)].id;
}

void ReadReceived(const SettingsReader& stream, AudioStreamSettings* out) {
  const SettingsReader formats = stream.Member("receive");
  const std::uint32_t count = formats.Length();
  for (std::uint32_t i = 0; i < count; ++i) {
    const SettingsReader format = formats.Element(i);
    if (!format.Object()) return;
    out->receive[ReadPayloadType(format.Member("payloadType"))] = SoundOf(ReadAudioCodec(format));
  }
  const SettingsReader comfort_noise = stream.Member("comfortNoise");
  if (comfort_noise.present()) {
    out->receive[ReadPayloadType(comfort_noise)] = {AudioPayload::Kind::kComfortNoise,
                                                    AudioCodec()};
  }
  const SettingsReader event = stream.Member("telephoneEvent");
  out->has_telephone_event = event.present();
  if (!out->has_telephone_event) return;
  out->telephone_event = ReadPayloadType(event);
  out->receive[out->telephone_event] = {AudioPayload::Kind::kTelephoneEvent, AudioCodec()};
}

AudioStreamSettings ReadAudioStream(const SettingsReader& stream) {
  AudioStreamSettings settings{};
  if (!stream.Object()) return settings;
  settings.codec = ReadAudioCodec(stream);
  settings.payload_type = ReadPayloadType(stream.Member("payloadType"));
  ReadReceived(stream, &settings);
  settings.direction = static_cast<Direction>(stream.Member("direction").Word(DirectionWords()));
  const SettingsReader ptime = stream.Member("ptimeMs");
  settings.ptime_ms = static_cast<std::uint16_t>(ptime.Integer(10, 60));
  if (settings.ptime_ms % 10 != 0) ptime.Fail("a multiple of 10");
  settings.remote = ReadRemote(stream.Member("remote"));
  return settings;
}

VideoStreamSettings ReadVideoStream(const SettingsReader& stream) {
  VideoStreamSettings settings{};
  if (!stream.Object()) return settings;
  stream.Member("codec").Word({"H264"});
  settings.payload_type = ReadPayloadType(stream.Member("payloadType"));
  settings.direction = static_cast<Direction>(stream.Member("direction").Word(DirectionWords()));
  settings.packetization_mode =
      static_cast<std::uint8_t>(stream.Member("packetizationMode").Integer(0, 1));
  const SettingsReader limit = stream.Member("maxBitrate");
  if (limit.present()) {
    settings.max_bitrate = static_cast<std::uint32_t>(limit.Integer(1, 2000000000));
  }
  settings.remote = ReadRemote(stream.Member("remote"));
  return settings;
}

}  // namespace

SettingsReader SettingsReader::Member(const char* name) const {
  const Napi::Value member =
      value_.IsObject() ? value_.As<Napi::Object>().Get(name) : value_.Env().Undefined();
  return SettingsReader(member, path_ + "." + name, error_);
}

SettingsReader SettingsReader::Element(std::uint32_t index) const {
  const Napi::Value element =
      value_.IsObject() ? value_.As<Napi::Object>().Get(index) : value_.Env().Undefined();
  return SettingsReader(element, path_ + "[" + std::to_string(index) + "]", error_);
}

std::uint32_t SettingsReader::Length() const {
  const std::uint32_t length = value_.IsArray() ? value_.As<Napi::Array>().Length() : 0;
  if (length == 0) Fail("an array that is not empty");
  return length;
}

bool SettingsReader::Object() const {
  if (value_.IsObject()) return true;
  Fail("an object");
  return false;
}

std::string SettingsReader::String() const {
  if (value_.IsString()) {
    std::string text = value_.As<Napi::String>();
    if (!text.empty() && text.find('\0') == std::string::npos) return text;
  }
  Fail("a string that is not empty");
  return std::string();
}

int SettingsReader::Integer(int low, int high) const {
  if (value_.IsNumber()) {
    const double number = value_.As<Napi::Number>().DoubleValue();
    if (number >= low && number <= high && std::floor(number) == number) {
      return static_cast<int>(number);
    }
  }
  Fail("a whole number " + std::to_string(low) + ".." + std::to_string(high));
  return low;
}

bool SettingsReader::Boolean() const {
  if (value_.IsBoolean()) return value_.As<Napi::Boolean>().Value();
  Fail("true or false");
  return false;
}

std::size_t SettingsReader::Word(const std::vector<std::string>& words) const {
  if (value_.IsString()) {
    const std::string text = value_.As<Napi::String>();
    const auto found = std::find(words.begin(), words.end(), text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  }
  std::string expected = words.size() > 1 ? "one of " : "";
  for (const std::string& word : words) {
    expected += (&word == &words.front() ? "'" : ", '") + word + "'";
  }
  Fail(expected);
  return 0;
}

void SettingsReader::Fail(const std::string& expected) const {
  if (error_->empty()) *error_ = path_ + ": expected " + expected + ", found " + Found();
}

std::string SettingsReader::Found() const {
  if (value_.IsUndefined()) return "nothing";
  if (value_.IsString()) {
    const std::string text = value_.As<Napi::String>();
    return "'" + text.substr(0, kFoundCharacters) + "'";
  }
  if (value_.IsArray()) return "an array";
  if (value_.IsObject()) return "an object";
  if (value_.IsFunction()) return "a function";
  // Symbols are the one kind that has no text form.
  if (value_.IsSymbol()) return "a symbol";
  return value_.ToString().Utf8Value();
}

bool ReadEngineSettings(Napi::Value value, EngineSettings* out, std::string* error) {
  const SettingsReader settings(value, "settings", error);
  if (!settings.Object()) return false;
  ReadCameraLink(settings, out);
  out->microphone = ReadDevice(settings.Member("microphone"));
  out->speaker = ReadDevice(settings.Member("speaker"));
  out->use_video = settings.Member("videoSource").Word({"camera", "none"}) == 0;
  const SettingsReader rtp = settings.Member("rtp");
  if (!rtp.Object()) return false;
  ReadPorts(rtp.Member("ports"), out);
  out->cname = rtp.Member("cname").String();
  if (out->cname.size() > 255) rtp.Member("cname").Fail("255 bytes at most (RFC 3550 6.5)");
  out->audio_dscp = rtp.Member("audioDscp").Integer(0, 63);
  out->video_dscp = rtp.Member("videoDscp").Integer(0, 63);
  out->max_video_payload =
      static_cast<std::size_t>(rtp.Member("maxVideoPayload").Integer(100, 1440));
  out->jitter_buffer_max_ms = settings.Member("jitterBufferMaxMs").Integer(20, 1000);
  const SettingsReader bus_rate = settings.Member("busRateHz");
  out->bus_rate_hz = static_cast<std::uint32_t>(bus_rate.Integer(8000, 48000));
  if (out->bus_rate_hz != 8000 && out->bus_rate_hz != 16000 && out->bus_rate_hz != 48000) {
    bus_rate.Fail("8000, 16000 or 48000");
  }
  out->realtime_priority = settings.Member("realtimePriority").Integer(0, 99);
  return error->empty();
}

bool ReadBridgeSettings(Napi::Value value, BridgeSettings* out, std::string* error) {
  const SettingsReader settings(value, "settings", error);
  if (!settings.Object()) return false;
  ReadCameraLink(settings, out);
  out->capture = ReadDevice(settings.Member("capture"));
  out->playback = ReadDevice(settings.Member("playback"));
  out->realtime_priority = settings.Member("realtimePriority").Integer(0, 99);
  return error->empty();
}

bool ReadSessionSettings(Napi::Value value, SessionSettings* out, std::string* error) {
  *out = SessionSettings();
  const SettingsReader settings(value, "session", error);
  if (!settings.Object()) return false;
  const SettingsReader audio = settings.Member("audio");
  const SettingsReader video = settings.Member("video");
  out->has_audio = audio.present();
  out->has_video = video.present();
  if (out->has_audio) out->audio = ReadAudioStream(audio);
  if (out->has_video) out->video = ReadVideoStream(video);
  return error->empty();
}

}  // namespace addon
}  // namespace dashvoip
