#ifndef DASHVOIP_CODEC_AAC_DECODER_H_
#define DASHVOIP_CODEC_AAC_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct dashvoip_aac;

namespace dashvoip {

/** A loaded dashvoip-aac.so. */
class AacModule {
 public:
  /**
   * @param folder where dashvoip-aac.so lies; empty searches as dlopen does.
   * @param error gets words when null is returned.
   */
  static std::shared_ptr<const AacModule> Load(const std::string& folder, std::string* error);
  ~AacModule();
  AacModule(const AacModule&) = delete;
  AacModule& operator=(const AacModule&) = delete;

  /** Of the library inside, as in "59.37.100". */
  std::string version() const;

 private:
  friend class AacDecoder;
  struct Functions;
  explicit AacModule(std::unique_ptr<Functions> functions);

  const std::unique_ptr<Functions> functions_;
};

/** Decodes raw AAC-LC access units (no ADTS) of one stream. */
class AacDecoder {
 public:
  /** Most samples, all channels together, that one access unit gives: 8 channels, SBR's 2048. */
  static constexpr std::size_t kMaxSamples = 8 * 2048;

  /** @return null when AAC knows no such rate or channel count. */
  static std::unique_ptr<AacDecoder> Create(std::shared_ptr<const AacModule> module,
                                            std::uint32_t rate_hz, std::uint32_t channels);
  ~AacDecoder();
  AacDecoder(const AacDecoder&) = delete;
  AacDecoder& operator=(const AacDecoder&) = delete;

  /**
   * @param out interleaved S16, room for kMaxSamples.
   * @param channels of what was decoded.
   * @return samples per channel; 0: nothing yet; below 0: damaged, goes on with the next unit.
   */
  int Decode(const std::uint8_t* data, std::size_t size, std::int16_t* out,
             std::uint32_t* channels);

 private:
  AacDecoder(std::shared_ptr<const AacModule> module, dashvoip_aac* decoder);

  const std::shared_ptr<const AacModule> module_;
  dashvoip_aac* const decoder_;  // owned, freed by the module's own function
};

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_AAC_DECODER_H_
