#include "dashvoip/engine/engine.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "dashvoip/audio/audio_devices.h"
#include "dashvoip/audio/clip_port.h"
#include "dashvoip/audio/resampler.h"
#include "dashvoip/audio/tone.h"
#include "dashvoip/audio/wav_file.h"
#include "dashvoip/base/kernel_random.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_thread.h"
#include "dashvoip/engine/housekeeper.h"
#include "dashvoip/engine/media_loop.h"
#include "dashvoip/engine/port_pool.h"
#include "dashvoip/engine/secure_opening.h"
#include "dashvoip/engine/side_channel.h"
#include "dashvoip/record/recorder.h"
#include "dashvoip/rtp/telephone_event.h"
#include "dashvoip/srtp/srtp_keyring.h"
#include "dashvoip/voice/emodel.h"

namespace dashvoip {
namespace {

// Room for some 100 ms of packets in either direction, whatever the system's default is.
constexpr int kAudioBufferBytes = 64 * 1024;
constexpr int kVideoBufferBytes = 256 * 1024;
// Longer than any group of pictures that a camera makes.
constexpr std::chrono::seconds kStillPatience(10);
// Ten minutes of a voice; what stays in memory is mono at the bus rate.
constexpr std::size_t kMaxPlayedBytes = 32U << 20;

EngineResult Refuse(EngineError error, std::string message) {
  EngineResult result;
  result.refused = true;
  result.error = error;
  result.message = std::move(message);
  return result;
}

/** Unpredictable: seeds of sessions, and ports. */
class KernelRandomSource : public RandomSource {
 public:
  std::uint64_t Next() noexcept override {
    std::uint64_t number = 0;
    // Cannot fail for so few bytes once the kernel's pool is up; the clock serves before that.
    if (!KernelRandom(&number, sizeof(number))) {
      number =
          static_cast<std::uint64_t>(MonotonicNs()) ^ static_cast<std::uint64_t>(WallClockNs());
    }
    return number;
  }
};

UdpSocket::Options OptionsOf(int dscp, int buffer_bytes) {
  UdpSocket::Options options;
  options.dscp = dscp;
  options.send_buffer_bytes = buffer_bytes;
  options.receive_buffer_bytes = buffer_bytes;
  return options;
}

// Below the media thread, which waits for nobody.
int DevicePriority(const EngineSettings& settings) {
  return std::max(0, settings.realtime_priority - 1);
}

CameraMedia::Settings CameraSettings(const EngineSettings& settings, const std::string& module_dir,
                                     std::shared_ptr<WakeWord> picture_reader) {
  CameraMedia::Settings camera;
  camera.backend = WordOf(settings.camera_link);
  camera.rtsp_url = settings.rtsp_url.Or("");
  camera.bus_rate_hz = settings.bus_rate_hz;
  camera.use_microphone = settings.microphone.kind == DeviceKind::kCamera;
  camera.use_speaker = settings.speaker.kind == DeviceKind::kCamera;
  camera.use_video = settings.video_source == VideoSource::kCamera;
  camera.realtime_priority = DevicePriority(settings);
  camera.module_dir = module_dir;
  camera.picture_reader = std::move(picture_reader);
  return camera;
}

/** nullptr for the camera, which has its own. */
std::unique_ptr<AudioSource> OwnSource(const EngineSettings& settings) {
  if (settings.microphone.kind == DeviceKind::kCamera) return nullptr;
  return CreateAudioSource(settings.microphone, settings.bus_rate_hz, DevicePriority(settings));
}

std::unique_ptr<AudioSink> OwnSink(const EngineSettings& settings) {
  if (settings.speaker.kind == DeviceKind::kCamera) return nullptr;
  return CreateAudioSink(settings.speaker, settings.bus_rate_hz, DevicePriority(settings));
}

// What the far end's microphone takes is not known: ours stands for it.
void AddDevices(std::uint32_t microphone_ms, std::uint32_t speaker_ms, const VoiceLoss& loss,
                AudioSnapshot* audio) {
  audio->delay_ms += microphone_ms + speaker_ms;
  const EquipmentImpairment codec =
      ImpairmentOf(kAudioCodecs[static_cast<std::size_t>(audio->codec)]);
  audio->mos = RateVoice(codec, loss.call, audio->delay_ms).mos;
  audio->recent_mos = RateVoice(codec, loss.recent, audio->delay_ms).mos;
  // Of its buffer and its devices nothing is known: ours stand for them.
  if (!audio->remote_mos && audio->remote_loss_fraction) {
    audio->remote_mos = RateVoice(codec, *audio->remote_loss_fraction, audio->delay_ms).mos;
  }
}

/** @return nullptr where sound goes as it is. */
std::unique_ptr<Talker> MakeTalker(const EngineSettings& settings) {
  if (!settings.voice) return nullptr;
  return std::make_unique<Talker>(*settings.voice, settings.bus_rate_hz);
}

/** @return false for a character that is no key, for none and for too many. */
bool ReadDigits(const std::string& digits, DtmfOrder* out) {
  if (digits.empty() || digits.size() > DtmfOrder::kMaxDigits) return false;
  for (const char digit : digits) {
    if (!EventOfDigit(digit, &out->events[out->count++])) return false;
  }
  return true;
}

EngineResult CheckPacketLength(const SessionSettings& settings) {
  if (!settings.audio) return EngineResult();
  const AudioStreamSettings& audio = *settings.audio;
  const AudioCodecInfo& info = kAudioCodecs[static_cast<std::size_t>(audio.codec)];
  if ((info.lengths & Tens(audio.ptime_ms)) != 0) return EngineResult();
  return Refuse(EngineError::kBadSettings, std::string("ptimeMs: ") + info.name +
                                               " has no packets of " +
                                               std::to_string(audio.ptime_ms) + " ms");
}

bool IsKeyTime(int ms) { return ms >= 40 && ms <= 6000; }

}  // namespace

std::vector<AudioCodec> UsableCodecs(const std::string& module_dir) {
  const CoderMaker coders(module_dir);
  std::vector<AudioCodec> usable;
  for (const AudioCodecInfo& info : kAudioCodecs) {
    if (coders.Has(info.id)) usable.push_back(info.id);
  }
  return usable;
}

constexpr std::size_t DtmfOrder::kMaxDigits;
constexpr std::size_t Engine::kMaxSessions;
constexpr std::size_t Engine::kMaxPlaying;
static_assert(Engine::kMaxPlaying <= Outbox::kMaxClips, "each is handed back");
constexpr std::size_t Engine::kMaxLeaving;
static_assert(Engine::kMaxSessions + 2 + 2 * Recorder::kMaxRecordings + Engine::kMaxPlaying <=
                  Mixer::kMaxPorts,
              "calls, microphone and speaker, recordings, tones");
static_assert(Engine::kMaxSessions <= std::tuple_size<decltype(SessionRoute::calls)>::value,
              "each call hears all others");

/** Order of members is order of life: threads start last and end first. */
class Engine::Impl : public CameraMedia::Listener {
 public:
  /** @throws std::invalid_argument for a device that this build does not have. */
  Impl(const EngineSettings& settings, const std::string& module_dir, EngineListener& listener);
  ~Impl() override { Stop(); }

  /** @param secure nullptr for a far end that is where its description says. */
  EngineResult OpenSession(const std::string& local_address, bool with_video,
                           const SecureSettings* secure, OpenedSession* opened);
  EngineResult Configure(std::uint32_t id, const SessionSettings& settings);
  EngineResult Listen(std::uint32_t id);
  EngineResult SendDatagram(std::uint32_t id, const SocketTarget& to, const std::uint8_t* data,
                            std::size_t size);
  EngineResult Aim(std::uint32_t id, const SocketTarget& target);
  EngineResult SendDtmf(std::uint32_t id, const std::string& digits, int tone_ms, int gap_ms);
  void CloseSession(std::uint32_t id);
  bool Snapshot(std::uint32_t id, SessionSnapshot* out) const;
  EngineResult OpenRecording(const RecordingSettings& settings, std::uint32_t* id);
  void BeginRecording(std::uint32_t id);
  void EndRecording(std::uint32_t id);
  EngineResult Play(const PlaySettings& settings, std::uint32_t* id);
  void StopPlaying(std::uint32_t id);
  EngineResult Route(std::uint32_t id, const RouteSettings& settings);
  void RequestKeyFrame();
  void Mute(const MuteSettings& settings);
  void PressToTalk(bool pressed) {
    if (talker_) talker_->Press(pressed);
  }
  EngineSnapshot Status() const;
  bool VideoParameters(ParameterSets* out) const;
  EngineResult TakeStill(Still* out) const;
  void Stop();

 private:
  struct Entry {
    // What the session uses outlives it.
    SrtpKeyring audio_keys;
    SrtpKeyring video_keys;
    std::uint64_t orders = 0;  // that set keys
    std::unique_ptr<IceLite> ice;
    Optional<SrtpSettings> agreed;  // by DTLS
    std::unique_ptr<SideChannel> side;
    std::unique_ptr<Session> session;
    std::unique_ptr<SecureOpening> opening;  // on a socket of the session's, until it is done
    int family = 0;
    bool telephone_event = false;  // may be sent
    bool closing = false;
  };

  void OnCameraState(CameraState state) override { outbox_.NoteCameraState(state); }
  void FreeSession(Session* session);
  /** @param bundle nothing but `audio`, with room for a picture. */
  EngineResult BindPorts(const SocketAddress& local, bool with_video, bool bundle,
                         SocketPair* audio, std::unique_ptr<SocketPair>* video);
  Entry* FindLiving(std::uint32_t id);
  bool Tend();
  void TendClips();
  bool TendRecordings();
  EngineResult OpenSecurely(Entry* entry, const DtlsSettings& settings);
  void TendOpenings();
  bool TakeOpened(EngineEvent* event);
  void TendDatagrams();
  bool TakeDatagram(EngineEvent* event);
  EngineResult FindFor(const SocketTarget& target, std::uint32_t id, Entry** entry);
  EngineResult PostOrRefuse(const MediaCommand& command);
  bool Order(Entry* entry, const SessionSettings& settings);
  EngineResult LoadClip(const PlaySettings& settings, std::unique_ptr<ClipPort>* out) const;

  const EngineSettings settings_;
  const std::string module_dir_;
  EngineListener& listener_;
  const std::int64_t unix_offset_;
  const std::unique_ptr<AudioSource> own_microphone_;
  const std::unique_ptr<AudioSink> own_speaker_;
  const std::unique_ptr<Talker> talker_;
  Outbox outbox_;
  const std::shared_ptr<WakeWord> wake_;  // of the media thread
  std::unique_ptr<CameraMedia> camera_;
  std::unique_ptr<MediaLoop> loop_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<Housekeeper> housekeeper_;
  std::unique_ptr<RealtimeThread> thread_;

  std::mutex stop_mutex_;     // one Stop at a time
  mutable std::mutex mutex_;  // all below; never taken by the media thread
  CoderMaker coders_;
  KernelRandomSource random_;
  PortPool ports_;
  std::map<std::uint32_t, Entry> sessions_;
  std::size_t leaving_ = 0;  // of sessions_: closed, and not yet handed back by the media thread
  std::uint32_t last_id_ = 0;
  std::map<std::uint32_t, std::unique_ptr<ClipPort>> clips_;
  std::uint32_t last_clip_ = 0;
  bool stopped_ = false;
  EngineSnapshot last_status_;  // once stopped

  Recorder::Needs recorder_needs_;  // the housekeeper's: what the camera was told
};

Engine::Impl::Impl(const EngineSettings& settings, const std::string& module_dir,
                   EngineListener& listener)
    : settings_(settings),
      module_dir_(module_dir),
      listener_(listener),
      unix_offset_(WallClockNs() - MonotonicNs()),
      own_microphone_(OwnSource(settings)),
      own_speaker_(OwnSink(settings)),
      talker_(MakeTalker(settings)),
      outbox_(kMaxSessions + kMaxLeaving),
      wake_(std::make_shared<WakeWord>()),
      camera_(std::make_unique<CameraMedia>(CameraSettings(settings, module_dir, wake_), *this)),
      coders_(module_dir),
      ports_(settings.rtp.ports[0], settings.rtp.ports[1], &random_) {
  AudioSource* microphone = own_microphone_ ? own_microphone_.get() : &camera_->microphone();
  AudioSink* speaker = own_speaker_ ? own_speaker_.get() : &camera_->speaker();
  MediaLoop::Parts parts;
  parts.microphone = microphone;
  parts.speaker = speaker;
  parts.pictures = settings.video_source == VideoSource::kCamera ? &camera_->video() : nullptr;
  parts.outbox = &outbox_;
  parts.wake = wake_;
  parts.bus_rate_hz = settings.bus_rate_hz;
  parts.talker = talker_.get();
  loop_ = std::make_unique<MediaLoop>(parts, kMaxSessions + kMaxLeaving);
  Recorder::Parts recorder;
  recorder.camera = camera_->tap();
  recorder.bus_rate_hz = settings.bus_rate_hz;
  recorder.notify = [this] { outbox_.wake().Signal(); };
  recorder.card = std::make_shared<MountedCard>();
  recorder_ = std::make_unique<Recorder>(std::move(recorder));
  Housekeeper::Parts house;
  house.outbox = &outbox_;
  house.microphone = microphone;
  house.speaker = speaker;
  house.camera = camera_.get();
  house.listener = &listener;
  house.free_session = [this](Session* session) { FreeSession(session); };
  house.tend = [this] { return Tend(); };
  housekeeper_ = std::make_unique<Housekeeper>(std::move(house));
  thread_ = std::make_unique<RealtimeThread>("dashvoip-media", settings.realtime_priority,
                                             [this] { loop_->Run(); });
}

EngineResult Engine::Impl::BindPorts(const SocketAddress& local, bool with_video, bool bundle,
                                     SocketPair* audio, std::unique_ptr<SocketPair>* video) {
  std::string error;
  const int audio_bytes = bundle ? kVideoBufferBytes : kAudioBufferBytes;
  PortResult result =
      ports_.Bind(local, OptionsOf(settings_.rtp.audio_dscp, audio_bytes), audio, &error);
  if (result == PortResult::kBound && with_video && !bundle) {
    *video = std::make_unique<SocketPair>();
    result = ports_.Bind(local, OptionsOf(settings_.rtp.video_dscp, kVideoBufferBytes),
                         video->get(), &error);
  }
  switch (result) {
    case PortResult::kExhausted:
      return Refuse(EngineError::kNoPorts, error);
    case PortResult::kFailed:
      return Refuse(EngineError::kBindFailed, error);
    case PortResult::kBound:
      break;
  }
  return EngineResult();
}

EngineResult Engine::Impl::OpenSession(const std::string& local_address, bool with_video,
                                       const SecureSettings* secure, OpenedSession* opened) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopped_) return Refuse(EngineError::kClosed, "the engine is closed");
  // One that ends makes room at once, though the media thread says good-bye for it only at its next
  // slot; beyond kMaxLeaving of those something is wrong with the thread.
  if (sessions_.size() - leaving_ >= kMaxSessions || leaving_ >= kMaxLeaving) {
    return Refuse(EngineError::kNoPorts,
                  "no more than " + std::to_string(kMaxSessions) + " sessions at a time");
  }
  SocketAddress local;
  if (!SocketAddress::Parse(local_address, 0, &local)) {
    return Refuse(EngineError::kBindFailed,
                  "cannot bind '" + local_address + "': expected a numeric IPv4 or IPv6 address");
  }
  SocketPair audio;
  std::unique_ptr<SocketPair> video;
  EngineResult result = BindPorts(local, with_video, secure != nullptr, &audio, &video);
  if (!result.ok()) return result;
  opened->id = ++last_id_;
  opened->ports.audio_rtp_port = audio.rtp_port;
  opened->ports.video_rtp_port = {};
  if (video) opened->ports.video_rtp_port = video->rtp_port;
  if (secure != nullptr && with_video) opened->ports.video_rtp_port = audio.rtp_port;
  StreamSetup setup;
  setup.cname = settings_.rtp.cname.str();
  setup.family = local.family();
  setup.unix_offset = unix_offset_;
  setup.jitter_buffer_max_ms = settings_.jitter_buffer_max_ms;
  setup.bus_rate_hz = settings_.bus_rate_hz;
  setup.max_video_payload = settings_.rtp.max_video_payload;
  setup.tone_digits = settings_.voice && settings_.voice->tone_digits;
  setup.seed = random_.Next();
  Entry& entry = sessions_[opened->id];
  entry.family = local.family();
  if (secure == nullptr) {
    entry.session =
        std::make_unique<Session>(opened->id, std::move(audio), std::move(video), setup);
  } else {
    const Libcrypto* const crypto = Libcrypto::Find();
    if (crypto != nullptr) {
      entry.ice = std::make_unique<IceLite>(*crypto, secure->ice.fragment.str(),
                                            secure->ice.password.str());
    }
    entry.session =
        std::make_unique<Session>(opened->id, std::move(audio), with_video, setup, entry.ice.get());
    result = OpenSecurely(&entry, secure->dtls);
    if (!result.ok()) {
      sessions_.erase(opened->id);
      return result;
    }
  }
  opened->video_sources = entry.session->video_sources();
  if (opened->video_sources) opened->video_sources->cname = setup.cname;
  loop_->Post({MediaCommand::Kind::kOpen, entry.session.get(), 0, SessionSettings()});
  return EngineResult();
}

/** The media thread leaves the socket alone until the streams are set. */
EngineResult Engine::Impl::OpenSecurely(Entry* entry, const DtlsSettings& settings) {
  if (Libssl::Find() == nullptr) {
    return Refuse(EngineError::kBadSettings, "this Node has no OpenSSL that speaks DTLS");
  }
  try {
    entry->opening =
        std::make_unique<SecureOpening>(settings, entry->session->audio().rtp_socket(),
                                        entry->ice.get(), [this] { outbox_.wake().Signal(); });
  } catch (const std::runtime_error& refusal) {
    return Refuse(EngineError::kBadSettings, refusal.what());
  }
  return EngineResult();
}

void Engine::Impl::TendOpenings() {
  EngineEvent event;
  while (TakeOpened(&event)) listener_.OnEvent(event);
}

/** @return false when none has ended since. */
bool Engine::Impl::TakeOpened(EngineEvent* event) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& session : sessions_) {
    Entry& entry = session.second;
    if (!entry.opening || entry.opening->state() == SecureOpening::State::kGoing) continue;
    const bool done = entry.opening->state() == SecureOpening::State::kDone;
    event->kind = done ? EngineEventKind::kSecured : EngineEventKind::kInsecure;
    event->session = session.first;
    if (done) {
      entry.agreed = entry.opening->keys();
      event->suite = entry.agreed->suite;
      event->far_end = entry.ice->selected();
    } else {
      event->error = entry.opening->failure();
    }
    entry.opening.reset();
    return true;
  }
  return false;
}

Engine::Impl::Entry* Engine::Impl::FindLiving(std::uint32_t id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() || found->second.closing ? nullptr : &found->second;
}

EngineResult Engine::Impl::Configure(std::uint32_t id, const SessionSettings& settings) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Entry* entry = stopped_ ? nullptr : FindLiving(id);
  if (entry == nullptr) return Refuse(EngineError::kClosed, "the session is closed");
  if (settings.video && !entry->session->has_video()) {
    return Refuse(EngineError::kBadSettings, "the session was opened without video");
  }
  const auto other_family = [entry](const RemoteEndpoint& remote) {
    return remote.address.family() != entry->family;
  };
  if ((settings.audio && other_family(settings.audio->remote)) ||
      (settings.video && other_family(settings.video->remote))) {
    return Refuse(EngineError::kBadSettings,
                  "the far end's address is not of the family (IPv4 or IPv6) of ours");
  }
  if (entry->ice && !entry->agreed && (settings.audio || settings.video)) {
    return Refuse(EngineError::kBadSettings, "ICE and DTLS are not done yet");
  }
  EngineResult result = CheckPacketLength(settings);
  if (!result.ok()) return result;
  std::string error;
  if (!entry->session->Prepare(settings, &coders_, &error)) {
    return Refuse(EngineError::kNoCodec, error);
  }
  try {
    if (!Order(entry, settings)) {
      return Refuse(EngineError::kBadSettings, "too many changes within one slot of 20 ms");
    }
  } catch (const std::runtime_error& refusal) {
    return Refuse(EngineError::kBadSettings, refusal.what());
  }
  entry->telephone_event =
      settings.audio && settings.audio->telephone_event && Sends(settings.audio->direction);
  return EngineResult();
}

/** @throws std::runtime_error for what cannot be encrypted. */
bool Engine::Impl::Order(Entry* entry, const SessionSettings& settings) {
  const auto srtp_of = [entry](const auto& stream) {
    // Keys of DTLS are those of the whole bundle (RFC 9143 §9).
    if (stream && entry->ice) return entry->agreed;
    return stream ? stream->srtp : Optional<SrtpSettings>();
  };
  MediaCommand command = {MediaCommand::Kind::kConfigure, entry->session.get(), MonotonicNs(),
                          settings};
  command.keys.audio = entry->audio_keys.Prepare(srtp_of(settings.audio));
  command.keys.video = entry->video_keys.Prepare(srtp_of(settings.video));
  command.keys.order = entry->orders + 1;
  // Keys go no further than the contexts that were made of them.
  if (command.settings.audio) command.settings.audio->srtp = {};
  if (command.settings.video) command.settings.video->srtp = {};
  if (!loop_->Post(command)) return false;
  ++entry->orders;
  const std::uint64_t done = entry->session->keys_taken();
  for (SrtpKeyring* const keys : {&entry->audio_keys, &entry->video_keys}) {
    keys->Commit(entry->orders);
    keys->Sweep(done);
  }
  return true;
}

EngineResult Engine::Impl::PostOrRefuse(const MediaCommand& command) {
  if (loop_->Post(command)) return EngineResult();
  return Refuse(EngineError::kBadSettings, "too many changes within one slot of 20 ms");
}

EngineResult Engine::Impl::Listen(std::uint32_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Entry* const entry = stopped_ ? nullptr : FindLiving(id);
  if (entry == nullptr) return Refuse(EngineError::kClosed, "the session is closed");
  if (entry->side) return EngineResult();
  if (entry->ice) return Refuse(EngineError::kBadSettings, "a secure session has ICE of its own");
  entry->side = std::make_unique<SideChannel>(&outbox_.wake());
  MediaCommand command = {MediaCommand::Kind::kListen, entry->session.get(), 0, SessionSettings()};
  command.side = entry->side.get();
  const EngineResult result = PostOrRefuse(command);
  if (!result.ok()) entry->side.reset();
  return result;
}

/** The session that listens, and has such a socket. */
EngineResult Engine::Impl::FindFor(const SocketTarget& target, std::uint32_t id, Entry** entry) {
  *entry = stopped_ ? nullptr : FindLiving(id);
  if (*entry == nullptr) return Refuse(EngineError::kClosed, "the session is closed");
  if (!(*entry)->side) return Refuse(EngineError::kBadSettings, "the session does not listen");
  const bool of_video = target.component == MediaComponent::kVideoRtp ||
                        target.component == MediaComponent::kVideoRtcp;
  if (of_video && !(*entry)->session->has_video()) {
    return Refuse(EngineError::kBadSettings, "the session was opened without video");
  }
  if (target.port != 0 && target.address.family() != (*entry)->family) {
    return Refuse(EngineError::kBadSettings,
                  "the address is not of the family (IPv4 or IPv6) of ours");
  }
  return EngineResult();
}

EngineResult Engine::Impl::SendDatagram(std::uint32_t id, const SocketTarget& to,
                                        const std::uint8_t* data, std::size_t size) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Entry* entry = nullptr;
  const EngineResult found = FindFor(to, id, &entry);
  if (!found.ok()) return found;
  SideDatagram datagram;
  if (size > datagram.bytes.size()) {
    return Refuse(EngineError::kBadSettings, "expected " + std::to_string(datagram.bytes.size()) +
                                                 " bytes at most, found " + std::to_string(size));
  }
  datagram.component = to.component;
  datagram.peer = to.address.WithPort(to.port);
  datagram.size = static_cast<std::uint16_t>(size);
  std::copy_n(data, size, datagram.bytes.begin());
  if (!entry->side->Send(datagram)) {
    return Refuse(EngineError::kBadSettings, "too many datagrams within one slot of 20 ms");
  }
  return PostOrRefuse(
      {MediaCommand::Kind::kSendBeside, entry->session.get(), 0, SessionSettings()});
}

EngineResult Engine::Impl::Aim(std::uint32_t id, const SocketTarget& target) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Entry* entry = nullptr;
  const EngineResult found = FindFor(target, id, &entry);
  if (!found.ok()) return found;
  MediaCommand command = {MediaCommand::Kind::kAim, entry->session.get(), 0, SessionSettings()};
  command.component = target.component;
  command.aim.to = target.address.WithPort(target.port);
  command.aim.channel = target.channel.Or(0);
  return PostOrRefuse(command);
}

void Engine::Impl::TendDatagrams() {
  EngineEvent event;
  while (TakeDatagram(&event)) listener_.OnEvent(event);
}

/** @return false when none waits. */
bool Engine::Impl::TakeDatagram(EngineEvent* event) {
  const std::lock_guard<std::mutex> lock(mutex_);
  SideDatagram datagram;
  for (auto& session : sessions_) {
    if (!session.second.side) continue;
    outbox_.NoteDropped(session.second.side->TakeDropped());
    if (!session.second.side->NextHeard(&datagram)) continue;
    event->kind = EngineEventKind::kDatagram;
    event->session = session.first;
    event->component = datagram.component;
    event->from = datagram.peer;
    event->bytes.assign(datagram.bytes.begin(), datagram.bytes.begin() + datagram.size);
    return true;
  }
  return false;
}

EngineResult Engine::Impl::SendDtmf(std::uint32_t id, const std::string& digits, int tone_ms,
                                    int gap_ms) {
  MediaCommand command = {MediaCommand::Kind::kDtmf, nullptr, 0, SessionSettings()};
  if (!ReadDigits(digits, &command.dtmf)) {
    return Refuse(EngineError::kBadSettings, "digits: expected 1 to " +
                                                 std::to_string(DtmfOrder::kMaxDigits) +
                                                 " of 0-9, *, #, A-D, found '" + digits + "'");
  }
  if (!IsKeyTime(tone_ms) || !IsKeyTime(gap_ms)) {
    return Refuse(EngineError::kBadSettings, "tone and gap: expected 40..6000 ms, found " +
                                                 std::to_string(tone_ms) + " and " +
                                                 std::to_string(gap_ms));
  }
  command.dtmf.tone_ms = static_cast<std::uint16_t>(tone_ms);
  command.dtmf.gap_ms = static_cast<std::uint16_t>(gap_ms);
  const std::lock_guard<std::mutex> lock(mutex_);
  const Entry* entry = stopped_ ? nullptr : FindLiving(id);
  if (entry == nullptr) return Refuse(EngineError::kClosed, "the session is closed");
  if (!entry->telephone_event) {
    return Refuse(EngineError::kNoTelephoneEvent,
                  "the far end takes no telephone-event now (none agreed on, or on hold)");
  }
  command.session = entry->session.get();
  return PostOrRefuse(command);
}

void Engine::Impl::CloseSession(std::uint32_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(id);
  if (stopped_ || found == sessions_.end() || found->second.closing) return;
  found->second.closing = true;
  ++leaving_;
  loop_->Post({MediaCommand::Kind::kClose, found->second.session.get(), 0, SessionSettings()});
}

void Engine::Impl::FreeSession(Session* session) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(session->id());
  if (found == sessions_.end()) return;
  if (found->second.closing) --leaving_;
  sessions_.erase(found);
}

bool Engine::Impl::Snapshot(std::uint32_t id, SessionSnapshot* out) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return false;
  const SessionCounters counters = found->second.session->counters();
  *out = counters.snapshot;
  if (counters.last_received_ns != 0) {
    out->silent_ms = static_cast<double>(MonotonicNs() - counters.last_received_ns) / kNsPerMs;
  }
  if (stopped_ || !out->audio || !counters.loss) return true;
  const AudioSource& microphone = own_microphone_ ? *own_microphone_ : camera_->microphone();
  const AudioSink& speaker = own_speaker_ ? *own_speaker_ : camera_->speaker();
  AddDevices(microphone.Status().delay_ms, speaker.Status().delay_ms, *counters.loss, &*out->audio);
  return true;
}

EngineResult Engine::Impl::OpenRecording(const RecordingSettings& settings, std::uint32_t* id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopped_) return Refuse(EngineError::kClosed, "the engine is closed");
  MediaCommand command = {MediaCommand::Kind::kTap, nullptr, 0, SessionSettings()};
  if (settings.session) {
    const Entry* entry = FindLiving(*settings.session);
    if (entry == nullptr) return Refuse(EngineError::kClosed, "the session is closed");
    command.session = entry->session.get();
  }
  if (!recorder_->Open(settings, id, &command.tap)) {
    return Refuse(
        EngineError::kNoRecording,
        "no more than " + std::to_string(Recorder::kMaxRecordings) + " recordings at a time");
  }
  if (command.tap != nullptr) loop_->Post(command);
  outbox_.wake().Signal();  // the camera may be wanted
  return EngineResult();
}

void Engine::Impl::BeginRecording(std::uint32_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!stopped_) recorder_->Begin(id);
}

void Engine::Impl::EndRecording(std::uint32_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!stopped_) recorder_->End(id);
}

EngineResult Engine::Impl::LoadClip(const PlaySettings& settings,
                                    std::unique_ptr<ClipPort>* out) const {
  std::vector<std::int16_t> samples;
  if (settings.tone) {
    samples = RenderTone(*settings.tone, settings_.bus_rate_hz);
  } else {
    WavSound sound;
    const std::string error = ReadWav(*settings.file, kMaxPlayedBytes, &sound);
    if (!error.empty()) return Refuse(EngineError::kNotPlayable, error);
    Resampler resampler(sound.rate_hz, settings_.bus_rate_hz);
    samples.resize(resampler.MaxOutput(sound.samples.size()));
    samples.resize(resampler.Process(sound.samples.data(), sound.samples.size(), samples.data()));
  }
  if (samples.empty()) return Refuse(EngineError::kNotPlayable, "it is too short to be heard");
  *out = std::make_unique<ClipPort>(std::move(samples), settings.repeats);
  return EngineResult();
}

EngineResult Engine::Impl::Play(const PlaySettings& settings, std::uint32_t* id) {
  std::unique_ptr<ClipPort> clip;
  EngineResult result = LoadClip(settings, &clip);
  if (!result.ok()) return result;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopped_) return Refuse(EngineError::kClosed, "the engine is closed");
  if (clips_.size() >= kMaxPlaying) {
    return Refuse(EngineError::kNotPlayable, "no more than " + std::to_string(kMaxPlaying) +
                                                 " tones and announcements at a time");
  }
  MediaCommand command = {MediaCommand::Kind::kPlay, nullptr, 0, SessionSettings()};
  if (settings.session) {
    const Entry* entry = FindLiving(*settings.session);
    if (entry == nullptr) return Refuse(EngineError::kClosed, "the session is closed");
    command.session = entry->session.get();
  }
  *id = ++last_clip_;
  command.clip = clip.get();
  command.clip_id = *id;
  clips_[*id] = std::move(clip);
  loop_->Post(command);
  return EngineResult();
}

void Engine::Impl::StopPlaying(std::uint32_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopped_ || clips_.count(id) == 0) return;
  MediaCommand command = {MediaCommand::Kind::kStopPlaying, nullptr, 0, SessionSettings()};
  command.clip_id = id;
  loop_->Post(command);
}

EngineResult Engine::Impl::Route(std::uint32_t id, const RouteSettings& settings) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Entry* entry = stopped_ ? nullptr : FindLiving(id);
  if (entry == nullptr) return Refuse(EngineError::kClosed, "the session is closed");
  MediaCommand command = {MediaCommand::Kind::kRoute, entry->session.get(), 0, SessionSettings()};
  command.route.microphone = settings.microphone;
  for (const std::uint32_t other : settings.calls) {
    const Entry* call = FindLiving(other);
    if (call == nullptr) continue;  // it has just ended
    command.route.calls[command.route.count++] = call->session.get();
  }
  return PostOrRefuse(command);
}

/** The housekeeper's. */
bool Engine::Impl::Tend() {
  TendOpenings();
  TendDatagrams();
  TendClips();
  return TendRecordings();
}

void Engine::Impl::TendClips() {
  EndedClip clip{};
  while (outbox_.TakeClip(&clip)) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      clips_.erase(clip.id);
    }
    EngineEvent event;
    event.kind = EngineEventKind::kPlayed;
    event.playback = clip.id;
    event.completed = clip.completed;
    listener_.OnEvent(event);
  }
}

bool Engine::Impl::TendRecordings() {
  EngineEvent event;
  while (recorder_->TakeEvent(&event)) listener_.OnEvent(event);
  const Recorder::Needs needs = recorder_->needs();
  if (needs != recorder_needs_) {
    recorder_needs_ = needs;
    camera_->WantRecorded(needs.sound, needs.picture);
  }
  MediaCommand command = {MediaCommand::Kind::kUntap, nullptr, 0, SessionSettings()};
  while (recorder_->TakeFinished(&command.tap)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!stopped_) loop_->Post(command);
  }
  return recorder_->any();
}

void Engine::Impl::RequestKeyFrame() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!stopped_) camera_->RequestKeyFrame();
}

void Engine::Impl::Mute(const MuteSettings& settings) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopped_) return;
  MediaCommand command = {MediaCommand::Kind::kMute, nullptr, 0, SessionSettings()};
  command.mute = settings;
  loop_->Post(command);
  if (!settings.picture) camera_->RequestKeyFrame();
}

EngineSnapshot Engine::Impl::Status() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stopped_) return last_status_;
  EngineSnapshot status;
  status.camera = camera_->Status();
  status.microphone = (own_microphone_ ? *own_microphone_ : camera_->microphone()).Status();
  status.speaker = (own_speaker_ ? *own_speaker_ : camera_->speaker()).Status();
  status.microphone.kind = settings_.microphone.kind;
  status.speaker.kind = settings_.speaker.kind;
  if (talker_) status.voice = talker_->Status();
  status.realtime = thread_->realtime();
  status.dropped_events = outbox_.dropped();
  status.recordings = recorder_->Status();
  return status;
}

bool Engine::Impl::VideoParameters(ParameterSets* out) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !stopped_ && settings_.video_source == VideoSource::kCamera &&
         camera_->VideoParameters(out);
}

EngineResult Engine::Impl::TakeStill(Still* out) const {
  std::shared_ptr<KeyFrameDesk> desk;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopped_) return Refuse(EngineError::kClosed, "the engine is closed");
    if (settings_.video_source != VideoSource::kCamera) {
      return Refuse(EngineError::kNoPicture, "no picture of the camera is configured");
    }
    desk = camera_->key_frames();
  }
  std::vector<std::uint8_t> key_frame;
  switch (desk->Take(kStillPatience, &key_frame)) {
    case KeyFrameDesk::Outcome::kNone:
      return Refuse(EngineError::kNoPicture, "the camera sends no picture: no key frame came in " +
                                                 std::to_string(kStillPatience.count()) + " s");
    case KeyFrameDesk::Outcome::kBusy:
      return Refuse(EngineError::kNoStill, "another still is being taken");
    case KeyFrameDesk::Outcome::kClosed:
      return Refuse(EngineError::kClosed, "the engine is closed");
    case KeyFrameDesk::Outcome::kTaken:
      break;
  }
  std::string error;
  if (MakeStill(module_dir_, key_frame.data(), key_frame.size(), out, &error)) {
    return EngineResult();
  }
  return Refuse(EngineError::kNoStill, error);
}

void Engine::Impl::Stop() {
  const std::lock_guard<std::mutex> one_at_a_time(stop_mutex_);
  EngineSnapshot status = Status();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
    status.microphone.open = false;
    status.speaker.open = false;
    status.recordings.clear();
    last_status_ = status;
    loop_->Post({MediaCommand::Kind::kQuit, nullptr, 0, SessionSettings()});
  }
  thread_.reset();
  recorder_->Stop();
  // Frees the sessions that the loop handed back, and gives the devices up.
  housekeeper_.reset();
  camera_.reset();
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

std::unique_ptr<Engine> Engine::Start(const EngineSettings& settings, const std::string& module_dir,
                                      EngineListener& listener, EngineResult* result) {
  *result = EngineResult();
  try {
    return std::unique_ptr<Engine>(
        new Engine(std::make_unique<Impl>(settings, module_dir, listener)));
  } catch (const std::exception& refusal) {
    *result = Refuse(EngineError::kBadSettings, refusal.what());
    return nullptr;
  }
}

EngineResult Engine::OpenSession(const std::string& local_address, bool with_video,
                                 OpenedSession* opened) {
  return impl_->OpenSession(local_address, with_video, nullptr, opened);
}

EngineResult Engine::OpenSecureSession(const std::string& local_address, bool with_video,
                                       const SecureSettings& secure, OpenedSession* opened) {
  return impl_->OpenSession(local_address, with_video, &secure, opened);
}

EngineResult Engine::Configure(std::uint32_t id, const SessionSettings& settings) {
  return impl_->Configure(id, settings);
}

EngineResult Engine::Listen(std::uint32_t id) { return impl_->Listen(id); }

EngineResult Engine::SendDatagram(std::uint32_t id, const SocketTarget& to,
                                  const std::uint8_t* data, std::size_t size) {
  return impl_->SendDatagram(id, to, data, size);
}

EngineResult Engine::Aim(std::uint32_t id, const SocketTarget& target) {
  return impl_->Aim(id, target);
}

EngineResult Engine::SendDtmf(std::uint32_t id, const std::string& digits, int tone_ms,
                              int gap_ms) {
  return impl_->SendDtmf(id, digits, tone_ms, gap_ms);
}

void Engine::CloseSession(std::uint32_t id) { impl_->CloseSession(id); }

bool Engine::Snapshot(std::uint32_t id, SessionSnapshot* out) const {
  return impl_->Snapshot(id, out);
}

EngineResult Engine::OpenRecording(const RecordingSettings& settings, std::uint32_t* id) {
  return impl_->OpenRecording(settings, id);
}
void Engine::BeginRecording(std::uint32_t id) { impl_->BeginRecording(id); }
void Engine::EndRecording(std::uint32_t id) { impl_->EndRecording(id); }

EngineResult Engine::Play(const PlaySettings& settings, std::uint32_t* id) {
  return impl_->Play(settings, id);
}
void Engine::StopPlaying(std::uint32_t id) { impl_->StopPlaying(id); }
EngineResult Engine::Route(std::uint32_t id, const RouteSettings& settings) {
  return impl_->Route(id, settings);
}

void Engine::RequestKeyFrame() { impl_->RequestKeyFrame(); }

void Engine::Mute(const MuteSettings& settings) { impl_->Mute(settings); }

void Engine::PressToTalk(bool pressed) { impl_->PressToTalk(pressed); }

EngineSnapshot Engine::Status() const { return impl_->Status(); }

bool Engine::VideoParameters(ParameterSets* out) const { return impl_->VideoParameters(out); }

EngineResult Engine::TakeStill(Still* out) const { return impl_->TakeStill(out); }

void Engine::Stop() { impl_->Stop(); }

}  // namespace dashvoip
