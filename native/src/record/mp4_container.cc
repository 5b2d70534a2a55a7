#include "dashvoip/record/mp4_container.h"

#include <algorithm>
#include <limits>

#include "dashvoip/audio/wav_file.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/video/annexb.h"

namespace dashvoip {
namespace {

constexpr std::uint32_t kPictureRate = 90000;
constexpr std::int64_t kMostFragmentNs = 2 * kNsPerSecond;
constexpr std::int64_t kSoundFragmentNs = kNsPerSecond;
// A file whose picture has not come by then has none; longer than most groups of pictures.
constexpr std::int64_t kPatienceNs = 3 * kNsPerSecond;
// Of a fragment: a clock is followed without a step that anybody sees or hears.
constexpr std::int64_t kSlewNs = 5 * kNsPerMs;
constexpr std::uint32_t kUsualPicture = kPictureRate / 30;

// ISO/IEC 14496-12 §8.8.3.1: depends on others or not, and whether one may begin there.
constexpr std::uint32_t kKeySample = 0x02000000;
constexpr std::uint32_t kOtherSample = 0x01010000;

struct Sample {
  std::uint32_t duration;
  std::uint32_t size;
  std::uint32_t flags;
};

/** @return where its data offset stands, §8.8.8. */
std::size_t WriteRun(BoxWriter* w, const std::vector<Sample>& samples) {
  const BoxWriter::Box trun(w, "trun", 0, 0x000701);
  w->U32(static_cast<std::uint32_t>(samples.size()));
  const std::size_t offset = w->size();
  w->U32(0);
  for (const Sample& sample : samples) {
    w->U32(sample.duration);
    w->U32(sample.size);
    w->U32(sample.flags);
  }
  return offset;
}

void WriteFragmentHeader(BoxWriter* w, std::uint32_t track, std::uint64_t decode_time) {
  {
    const BoxWriter::Box tfhd(w, "tfhd", 0, 0x020000);  // offsets count from the moof
    w->U32(track);
  }
  const BoxWriter::Box tfdt(w, "tfdt", 1, 0);
  w->U64(decode_time);
}

void WriteMatrix(BoxWriter* w) {
  for (const std::uint32_t value : {0x10000U, 0U, 0U, 0U, 0x10000U, 0U, 0U, 0U, 0x40000000U}) {
    w->U32(value);
  }
}

/** Parameter sets stand in the header. */
bool IsKept(NalRole role) {
  return role == NalRole::kSlice || role == NalRole::kKeySlice || role == NalRole::kExtra;
}

/** NAL units behind their lengths, ISO/IEC 14496-15 §5.3. @return bytes. */
std::size_t AppendNalUnits(const RecordedUnit& picture, std::vector<std::uint8_t>* out) {
  const std::size_t begin = out->size();
  BoxWriter w(out);
  AnnexBReader reader(picture.data.data(), picture.data.size());
  NalUnit nal;
  while (reader.Next(&nal)) {
    if (!IsKept(RoleOf(picture.codec, nal))) continue;
    w.U32(static_cast<std::uint32_t>(nal.size));
    w.Bytes(nal.data, nal.size);
  }
  return out->size() - begin;
}

/** One can begin with it: a key frame that has its parameter sets with it. */
bool IsBeginning(const RecordedUnit& picture) {
  ParameterSets sets(picture.codec);
  if (picture.key_frame) sets.UpdateFrom(picture.data.data(), picture.data.size());
  return sets.complete();
}

std::int64_t Span(const std::deque<RecordedUnit>& units) {
  return units.empty() ? 0 : units.back().pts_ns - units.front().pts_ns;
}

}  // namespace

void Mp4Container::UnitClock::Learn(const std::deque<RecordedUnit>& units) {
  if (units.empty()) return;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const RecordedUnit& unit : units) least = std::min(least, unit.read_ns - unit.pts_ns);
  const std::int64_t step = least - offset_ns_;
  offset_ns_ += known_ ? std::min(std::max(step, -kSlewNs), kSlewNs) : step;
  known_ = true;
}

Mp4Container::Mp4Container(const RecordingSettings& settings, const Sound& sound)
    : sound_(sound),
      wants_picture_(settings.picture),
      is_aac_(settings.sound == RecordedSound::kCamera) {}

bool Mp4Container::CanBeginWith(const Material& material) const noexcept {
  return material.pictures.empty() || material.pictures.front().key_frame;
}

void Mp4Container::Take(Material* material, bool last, std::vector<std::uint8_t>* append,
                        std::vector<std::uint8_t>*) {
  std::deque<RecordedUnit>& pictures = material->pictures;
  if (picture_track_ == 0) {
    while (!pictures.empty() && !IsBeginning(pictures.front())) pictures.pop_front();
  }
  if (!begun_ && !Begin(*material, last, append)) return;
  if (!has_sound()) {
    material->pcm.clear();
    material->aac.clear();
  }
  // A picture after all: the next file has it.
  if (picture_track_ == 0 && !pictures.empty()) is_over_ = true;
  if (!FitsBehind(*material)) is_over_ = true;
  std::size_t count = 0;
  while ((!is_over_ || picture_track_ == 0) && FindCut(*material, last || is_over_, &count)) {
    if (!WriteFragment(material, count, last || is_over_, append)) break;
    if (!FitsBehind(*material)) is_over_ = true;
  }
}

/** Which tracks there are has to be known first. @return whether it is. */
bool Mp4Container::Begin(const Material& material, bool last, std::vector<std::uint8_t>* out) {
  const bool has_pcm = !is_aac_ && !material.pcm.empty();
  const bool has_aac = is_aac_ && !material.aac.empty() && IsAac(material.aac.front().aac);
  const std::size_t frames = material.pcm.size() / sound_.channels;
  const std::int64_t sound_ns =
      is_aac_ ? Span(material.aac) : NsOfTicks(static_cast<std::int64_t>(frames), sound_.rate_hz);
  picture_track_ = material.pictures.empty() ? 0 : 1;
  const bool waits_for_picture = wants_picture_ && picture_track_ == 0 && sound_ns < kPatienceNs;
  const bool waits_for_sound = !has_pcm && !has_aac && Span(material.pictures) < kPatienceNs;
  std::size_t count = 0;
  if (!last && (waits_for_picture || waits_for_sound)) return false;
  sound_track_ = has_pcm || has_aac ? picture_track_ + 1 : 0;
  if (!has_sound() && picture_track_ == 0) return false;
  if (!FindCut(material, last, &count)) return false;
  picture_clock_.Learn(material.pictures);
  aac_clock_.Learn(material.aac);
  origin_ns_ = std::numeric_limits<std::int64_t>::max();
  if (has_pcm) origin_ns_ = material.pcm_at_ns;
  if (has_aac) {
    aac_ = material.aac.front().aac;
    aac_generation_ = material.aac.front().generation;
    origin_ns_ = aac_clock_.At(material.aac.front());
  }
  if (picture_track_ != 0) {
    const RecordedUnit& first = material.pictures.front();
    sets_.SetCodec(first.codec);
    sets_.UpdateFrom(first.data.data(), first.data.size());
    generation_ = first.generation;
    origin_ns_ = std::min(origin_ns_, picture_clock_.At(first));
  }
  begun_ = true;
  WriteInitial(out);
  return true;
}

/** Whether what comes next is of the streams that this file began with. */
bool Mp4Container::FitsBehind(const Material& material) const {
  if (is_aac_ && has_sound() && !material.aac.empty() && !IsOfThisFile(material.aac.front())) {
    return false;
  }
  if (picture_track_ == 0 || material.pictures.empty()) return true;
  const RecordedUnit& picture = material.pictures.front();
  if (picture.generation != generation_ || picture.codec != sets_.codec()) return false;
  ParameterSets sets = sets_;
  return !picture.key_frame || !sets.UpdateFrom(picture.data.data(), picture.data.size());
}

bool Mp4Container::IsOfThisFile(const RecordedUnit& sound) const noexcept {
  return sound.aac == aac_ && sound.generation == aac_generation_;
}

/** @param pictures how many the next fragment has. @return false: more has to come first. */
bool Mp4Container::FindCut(const Material& material, bool last, std::size_t* pictures) const {
  *pictures = 0;
  const std::size_t frames = material.pcm.size() / sound_.channels;
  const std::int64_t sound_ns =
      is_aac_ ? Span(material.aac) : NsOfTicks(static_cast<std::int64_t>(frames), sound_.rate_hz);
  const bool any_sound = is_aac_ ? !material.aac.empty() : frames > 0;
  if (picture_track_ == 0) {
    return has_sound() && (last ? any_sound : sound_ns >= kSoundFragmentNs);
  }
  const std::deque<RecordedUnit>& all = material.pictures;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (!all[i].key_frame) continue;
    *pictures = i;
    return true;
  }
  if (all.size() >= 2 && Span(all) >= kMostFragmentNs) {
    *pictures = all.size() - 1;
    return true;
  }
  if (last) {
    *pictures = all.size();
    return !all.empty() || (has_sound() && any_sound);
  }
  // Pictures that do not come any more must not keep the sound.
  *pictures = all.size();
  return has_sound() && sound_ns >= 2 * kMostFragmentNs;
}

// The beginning --------------------------------------------------------------------------------

void Mp4Container::WriteInitial(std::vector<std::uint8_t>* out) const {
  BoxWriter w(out);
  {
    const BoxWriter::Box ftyp(&w, "ftyp");
    w.Text("iso5");
    w.U32(512);
    w.Text("iso5iso6mp41");
  }
  const BoxWriter::Box moov(&w, "moov");
  {
    const BoxWriter::Box mvhd(&w, "mvhd", 0, 0);
    w.Zeros(8);  // no time of making: the clock may not be set
    w.U32(1000);
    w.U32(0);  // how long it is, fragments tell
    w.U32(0x00010000);
    w.U16(0x0100);
    w.Zeros(10);
    WriteMatrix(&w);
    w.Zeros(24);
    w.U32(3);  // the next track
  }
  if (picture_track_ != 0) WriteTrack(&w, picture_track_);
  if (has_sound()) WriteTrack(&w, sound_track_);
  const BoxWriter::Box mvex(&w, "mvex");
  for (const std::uint32_t track : {picture_track_, sound_track_}) {
    if (track == 0) continue;
    const BoxWriter::Box trex(&w, "trex", 0, 0);
    w.U32(track);
    w.U32(1);
    w.Zeros(12);
  }
}

void Mp4Container::WriteTrack(BoxWriter* w, std::uint32_t id) const {
  const bool is_picture = id == picture_track_;
  const BoxWriter::Box trak(w, "trak");
  {
    const BoxWriter::Box tkhd(w, "tkhd", 0, 7);
    w->Zeros(8);
    w->U32(id);
    w->Zeros(20);
    w->U16(is_picture ? 0 : 0x0100);
    w->U16(0);
    WriteMatrix(w);
    w->U32(is_picture ? sets_.parameters().width << 16 : 0);
    w->U32(is_picture ? sets_.parameters().height << 16 : 0);
  }
  const BoxWriter::Box mdia(w, "mdia");
  {
    const BoxWriter::Box mdhd(w, "mdhd", 0, 0);
    w->Zeros(8);
    w->U32(is_picture ? kPictureRate : sound_rate());
    w->U32(0);
    w->U16(0x55C4);  // und
    w->U16(0);
  }
  {
    const BoxWriter::Box hdlr(w, "hdlr", 0, 0);
    w->U32(0);
    w->Text(is_picture ? "vide" : "soun");
    w->Zeros(13);
  }
  const BoxWriter::Box minf(w, "minf");
  if (is_picture) {
    const BoxWriter::Box vmhd(w, "vmhd", 0, 1);
    w->Zeros(8);
  } else {
    const BoxWriter::Box smhd(w, "smhd", 0, 0);
    w->Zeros(4);
  }
  {
    const BoxWriter::Box dinf(w, "dinf");
    const BoxWriter::Box dref(w, "dref", 0, 0);
    w->U32(1);
    const BoxWriter::Box url(w, "url ", 0, 1);  // in this very file
  }
  const BoxWriter::Box stbl(w, "stbl");
  {
    const BoxWriter::Box stsd(w, "stsd", 0, 0);
    w->U32(1);
    if (is_picture) {
      WritePictureEntry(w);
    } else {
      WriteSoundEntry(w);
    }
  }
  for (const char* const empty : {"stts", "stsc", "stco"}) {
    const BoxWriter::Box table(w, empty, 0, 0);
    w->U32(0);
  }
  const BoxWriter::Box stsz(w, "stsz", 0, 0);
  w->Zeros(8);
}

// ISO/IEC 14496-15 §5.4.2, §8.4.1: the parameter sets are here and nowhere else.
void Mp4Container::WritePictureEntry(BoxWriter* w) const {
  const SpsParameters& sps = sets_.parameters();
  const BoxWriter::Box entry(w, sps.is_h265 ? "hvc1" : "avc1");
  w->Zeros(6);
  w->U16(1);
  w->Zeros(16);
  w->U16(sps.width);
  w->U16(sps.height);
  w->U32(0x00480000);  // 72 dpi
  w->U32(0x00480000);
  w->U32(0);
  w->U16(1);
  w->Zeros(32);
  w->U16(24);
  w->U16(0xFFFF);
  if (sps.is_h265) {
    WriteH265Configuration(w);
  } else {
    WriteH264Configuration(w);
  }
}

// ISO/IEC 14496-15 §8.3.3.1.
void Mp4Container::WriteH265Configuration(BoxWriter* w) const {
  const SpsParameters& h265 = sets_.parameters();
  constexpr std::uint8_t kMain10 = 2;
  const std::uint32_t more_bits = (h265.profile_tier_level[0] & 0x1f) == kMain10 ? 2 : 0;
  const BoxWriter::Box hvcc(w, "hvcC");
  w->U8(1);
  w->Bytes(h265.profile_tier_level.data(), h265.profile_tier_level.size());
  w->U16(0xF000);  // slices are as large as they are
  w->U8(0xFC);     // as is their parallelism
  w->U8(0xFD);     // 4:2:0
  w->U8(0xF8 | more_bits);
  w->U8(0xF8 | more_bits);
  w->U16(0);    // no rate of pictures is promised
  w->U8(0x0F);  // one layer, lengths of four bytes
  w->U8(3);
  for (const NalRole role : {NalRole::kVps, NalRole::kSps, NalRole::kPps}) {
    const std::uint32_t count = CountSets(role);
    // Each array says its type, and that it is complete.
    std::uint32_t type = 0x80 | 34;
    if (role == NalRole::kVps) type = 0x80 | 32;
    if (role == NalRole::kSps) type = 0x80 | 33;
    w->U8(type);
    w->U16(count);
    WriteSets(role, w);
  }
}

std::uint32_t Mp4Container::CountSets(NalRole role) const {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < sets_.count(); ++i) {
    count += RoleOf(sets_.codec(), sets_.at(i)) == role ? 1 : 0;
  }
  return count;
}

void Mp4Container::WriteSets(NalRole role, BoxWriter* w) const {
  for (std::size_t i = 0; i < sets_.count(); ++i) {
    const NalUnit nal = sets_.at(i);
    if (RoleOf(sets_.codec(), nal) != role) continue;
    w->U16(static_cast<std::uint32_t>(nal.size));
    w->Bytes(nal.data, nal.size);
  }
}

// ISO/IEC 14496-15 §5.3.3.1.
void Mp4Container::WriteH264Configuration(BoxWriter* w) const {
  const SpsParameters& h264 = sets_.parameters();
  const BoxWriter::Box avcc(w, "avcC");
  w->U8(1);
  w->U8(h264.profile_idc);
  w->U8(h264.constraint_flags);
  w->U8(h264.level_idc);
  w->U8(0xFF);  // lengths of four bytes
  w->U8(0xE0 | CountSets(NalRole::kSps));
  WriteSets(NalRole::kSps, w);
  w->U8(CountSets(NalRole::kPps));
  WriteSets(NalRole::kPps, w);
  constexpr std::uint8_t kHigh = 100;
  if (h264.profile_idc != kHigh) return;
  w->U8(0xFD);  // 4:2:0, 8 bits, no extensions
  w->U8(0xF8);
  w->U8(0xF8);
  w->U8(0);
}

void Mp4Container::WriteSoundEntry(BoxWriter* w) const {
  const BoxWriter::Box entry(w, is_aac_ ? "mp4a" : "sowt");
  w->Zeros(6);
  w->U16(1);
  w->Zeros(8);
  w->U16(is_aac_ ? aac_.channels : sound_.channels);
  w->U16(16);
  w->U32(0);
  w->U32(sound_rate() > 0xFFFF ? 0 : sound_rate() << 16);
  if (!is_aac_) return;
  // ISO/IEC 14496-14 §5.6: descriptors of 14496-1, each with its tag and length.
  const BoxWriter::Box esds(w, "esds", 0, 0);
  w->U8(0x03);
  w->U8(25);
  w->Zeros(3);
  w->U8(0x04);
  w->U8(17);
  w->U8(0x40);  // AAC
  w->U8(0x15);  // sound
  w->Zeros(11);
  w->U8(0x05);
  w->U8(2);
  const auto config = AacConfig(aac_);
  w->Bytes(config.data(), config.size());
  w->U8(0x06);
  w->U8(1);
  w->U8(0x02);
}

// A fragment -----------------------------------------------------------------------------------

std::size_t Mp4Container::PcmBlock() const noexcept { return sound_.rate_hz / 50; }

std::uint64_t Mp4Container::TicksSince(std::int64_t at_ns, std::uint32_t rate) const noexcept {
  return static_cast<std::uint64_t>(TicksOfNs(std::max<std::int64_t>(0, at_ns - origin_ns_), rate));
}

/** Sound goes with the pictures of its time. @return access units, or blocks of 20 ms. */
std::size_t Mp4Container::SoundUnits(const Material& material, std::size_t pictures,
                                     bool last) const {
  if (!has_sound()) return 0;
  const std::int64_t until_ns = pictures < material.pictures.size() && picture_track_ != 0
                                    ? picture_clock_.At(material.pictures[pictures])
                                    : std::numeric_limits<std::int64_t>::max();
  if (!is_aac_) return PcmBlocks(material, until_ns, last);
  std::size_t units = 0;
  while (units < material.aac.size() && IsOfThisFile(material.aac[units]) &&
         aac_clock_.At(material.aac[units]) < until_ns) {
    ++units;
  }
  return units;
}

std::size_t Mp4Container::PcmBlocks(const Material& material, std::int64_t until_ns,
                                    bool last) const {
  const std::size_t frames = material.pcm.size() / sound_.channels;
  const std::size_t whole = frames / PcmBlock();
  if (until_ns == std::numeric_limits<std::int64_t>::max()) {
    return whole + (last && frames % PcmBlock() != 0 ? 1 : 0);
  }
  const std::int64_t ns = std::max<std::int64_t>(0, until_ns - material.pcm_at_ns);
  return std::min(whole, static_cast<std::size_t>(TicksOfNs(ns, sound_.rate_hz)) / PcmBlock());
}

/** @return false when there was nothing that fits. */
bool Mp4Container::WriteFragment(Material* material, std::size_t pictures, bool last,
                                 std::vector<std::uint8_t>* out) {
  picture_clock_.Learn(material->pictures);
  aac_clock_.Learn(material->aac);
  const std::size_t units = SoundUnits(*material, pictures, last);
  if (pictures + units == 0) return false;
  const std::size_t begin = out->size();
  std::vector<std::uint8_t> data;
  BoxWriter w(out);
  std::size_t picture_offset = 0;
  std::size_t sound_offset = 0;
  {
    const BoxWriter::Box moof(&w, "moof");
    {
      const BoxWriter::Box mfhd(&w, "mfhd", 0, 0);
      w.U32(++sequence_);
    }
    if (pictures > 0) picture_offset = WritePictureRun(&w, *material, pictures, &data);
    if (units > 0) sound_offset = WriteSoundRun(&w, *material, units);
  }
  constexpr std::size_t kMdatHeader = 8;
  const auto offset = static_cast<std::uint32_t>(out->size() - begin + kMdatHeader);
  if (picture_offset != 0) w.SetU32(picture_offset, offset);
  if (sound_offset != 0) w.SetU32(sound_offset, offset + static_cast<std::uint32_t>(data.size()));
  const BoxWriter::Box mdat(&w, "mdat");
  w.Bytes(data.data(), data.size());
  material->pictures.erase(material->pictures.begin(),
                           material->pictures.begin() + static_cast<std::ptrdiff_t>(pictures));
  if (is_aac_) {
    const auto end = material->aac.begin() + static_cast<std::ptrdiff_t>(units);
    for (auto unit = material->aac.begin(); unit != end; ++unit) {
      w.Bytes(unit->data.data(), unit->data.size());
    }
    material->aac.erase(material->aac.begin(), end);
    return true;
  }
  const std::size_t samples = std::min(units * PcmBlock() * sound_.channels, material->pcm.size());
  AppendWavSamples(material->pcm.data(), samples, out);
  material->pcm.erase(material->pcm.begin(),
                      material->pcm.begin() + static_cast<std::ptrdiff_t>(samples));
  material->pcm_at_ns +=
      NsOfTicks(static_cast<std::int64_t>(samples / sound_.channels), sound_.rate_hz);
  return true;
}

std::size_t Mp4Container::WritePictureRun(BoxWriter* w, const Material& material,
                                          std::size_t pictures, std::vector<std::uint8_t>* data) {
  const std::deque<RecordedUnit>& all = material.pictures;
  const auto tick = [this, &all](std::size_t i) {
    return TicksSince(picture_clock_.At(all[i]), kPictureRate);
  };
  std::vector<Sample> samples;
  const std::uint64_t begin = std::max(tick(0), picture_end_);
  picture_end_ = begin;
  for (std::size_t i = 0; i < pictures; ++i) {
    std::uint32_t duration = samples.empty() ? kUsualPicture : samples.back().duration;
    if (i + 1 < all.size()) {
      duration = static_cast<std::uint32_t>(std::max(tick(i + 1), tick(i) + 1) - tick(i));
    }
    const auto size = static_cast<std::uint32_t>(AppendNalUnits(all[i], data));
    samples.push_back({duration, size, all[i].key_frame ? kKeySample : kOtherSample});
    picture_end_ += duration;
  }
  const BoxWriter::Box traf(w, "traf");
  WriteFragmentHeader(w, picture_track_, begin);
  return WriteRun(w, samples);
}

std::size_t Mp4Container::WriteSoundRun(BoxWriter* w, const Material& material, std::size_t units) {
  std::vector<Sample> samples;
  std::uint64_t begin = 0;
  std::uint64_t tolerance = 0;
  if (is_aac_) {
    begin = TicksSince(aac_clock_.At(material.aac.front()), aac_.rate_hz);
    tolerance = std::uint64_t{2} * kAacFrame;
    for (std::size_t i = 0; i < units; ++i) {
      samples.push_back(
          {kAacFrame, static_cast<std::uint32_t>(material.aac[i].data.size()), kKeySample});
    }
  } else {
    begin = TicksSince(material.pcm_at_ns, sound_.rate_hz);
    tolerance = PcmBlock();
    std::size_t frames = material.pcm.size() / sound_.channels;
    for (std::size_t i = 0; i < units; ++i) {
      const std::size_t block = std::min(frames, PcmBlock());
      samples.push_back({static_cast<std::uint32_t>(block),
                         static_cast<std::uint32_t>(block * sound_.channels * 2), kKeySample});
      frames -= block;
    }
  }
  // What follows on at once follows on exactly.
  if (sound_end_ != 0 && begin < sound_end_ + tolerance) begin = sound_end_;
  sound_end_ = begin;
  for (const Sample& sample : samples) sound_end_ += sample.duration;
  const BoxWriter::Box traf(w, "traf");
  WriteFragmentHeader(w, sound_track_, begin);
  return WriteRun(w, samples);
}

}  // namespace dashvoip
