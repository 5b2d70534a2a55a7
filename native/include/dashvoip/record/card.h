#ifndef DASHVOIP_RECORD_CARD_H_
#define DASHVOIP_RECORD_CARD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dashvoip {

/** A file on the card that is being written. What fails gives an errno, else 0. */
class CardFile {
 public:
  virtual ~CardFile() = default;
  virtual int Append(const std::uint8_t* data, std::size_t size) = 0;
  /** In place of the file's first bytes. */
  virtual int Rewrite(const std::uint8_t* data, std::size_t size) = 0;
  /** What was written outlives a pulled card from now on. */
  virtual int Sync() = 0;
};

/**
 * Where recordings lie. Each call may take seconds, or for ever, where an SD card does; what fails
 * gives an errno, else 0.
 */
class Card {
 public:
  struct Entry {
    std::string name;
    std::int64_t written_ns;  ///< since 1970, as the file system says
  };

  virtual ~Card() = default;
  /** EEXIST for a name that is taken. */
  virtual int Create(const std::string& path, std::unique_ptr<CardFile>* out) = 0;
  virtual int FreeBytes(const std::string& folder, std::uint64_t* out) = 0;
  /** The plain files of a folder. */
  virtual int List(const std::string& folder, std::vector<Entry>* out) = 0;
  virtual int Remove(const std::string& path) = 0;
};

/** The file system. */
class MountedCard : public Card {
 public:
  int Create(const std::string& path, std::unique_ptr<CardFile>* out) override;
  int FreeBytes(const std::string& folder, std::uint64_t* out) override;
  int List(const std::string& folder, std::vector<Entry>* out) override;
  int Remove(const std::string& path) override;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_CARD_H_
