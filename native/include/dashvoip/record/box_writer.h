#ifndef DASHVOIP_RECORD_BOX_WRITER_H_
#define DASHVOIP_RECORD_BOX_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {

/** Appends big-endian fields and boxes (ISO/IEC 14496-12 §4.2), whose sizes are known as they end.
 */
class BoxWriter {
 public:
  explicit BoxWriter(std::vector<std::uint8_t>* out) noexcept : out_(*out) {}

  /** A box for as long as this lives; boxes lie in each other as scopes do. */
  class Box {
   public:
    /** @param type four characters. */
    Box(BoxWriter* writer, const char* type) : writer_(*writer), begin_(writer->size()) {
      writer_.U32(0);
      writer_.Text(type);
    }
    /** A full box, §4.2.2. */
    Box(BoxWriter* writer, const char* type, std::uint8_t version, std::uint32_t flags)
        : Box(writer, type) {
      writer_.U32(static_cast<std::uint32_t>(version) << 24 | flags);
    }
    ~Box() { writer_.SetU32(begin_, static_cast<std::uint32_t>(writer_.size() - begin_)); }
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;

   private:
    BoxWriter& writer_;
    const std::size_t begin_;
  };

  std::size_t size() const noexcept { return out_.size(); }
  void U8(std::uint32_t value) { out_.push_back(static_cast<std::uint8_t>(value)); }
  void U16(std::uint32_t value) {
    U8(value >> 8 & 0xFF);
    U8(value & 0xFF);
  }
  void U32(std::uint32_t value) {
    U16(value >> 16);
    U16(value & 0xFFFF);
  }
  void U64(std::uint64_t value) {
    U32(static_cast<std::uint32_t>(value >> 32));
    U32(static_cast<std::uint32_t>(value));
  }
  void Text(const char* text) {
    while (*text != '\0') U8(static_cast<std::uint8_t>(*text++));
  }
  void Zeros(std::size_t count) { out_.insert(out_.end(), count, 0); }
  void Bytes(const std::uint8_t* data, std::size_t size) {
    out_.insert(out_.end(), data, data + size);
  }
  void SetU32(std::size_t at, std::uint32_t value) { WriteU32(&out_[at], value); }

 private:
  std::vector<std::uint8_t>& out_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_BOX_WRITER_H_
