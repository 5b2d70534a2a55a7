#ifndef DASHVOIP_TEST_RECORD_MEMORY_CARD_H_
#define DASHVOIP_TEST_RECORD_MEMORY_CARD_H_

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dashvoip/record/card.h"

namespace dashvoip {
namespace test {

/** A card in memory that fails, fills up or hangs as a test wants. */
class MemoryCard : public Card {
 public:
  using Bytes = std::vector<std::uint8_t>;

  int Create(const std::string& path, std::unique_ptr<CardFile>* out) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (error != 0) return error;
    if (files_.count(path) != 0) return EEXIST;
    files_[path] = File{Bytes(), ++made_};
    out->reset(new OpenFile(this, path));
    return 0;
  }
  int FreeBytes(const std::string&, std::uint64_t* out) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::uint64_t used = 0;
    for (const auto& file : files_) used += file.second.bytes.size();
    *out = capacity - std::min<std::uint64_t>(capacity, used);
    return error == ENODEV ? ENODEV : 0;
  }
  int List(const std::string& folder, std::vector<Entry>* out) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& file : files_) {
      out->push_back({file.first.substr(folder.size() + 1), file.second.made});
    }
    return 0;
  }
  int Remove(const std::string& path) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return files_.erase(path) == 1 ? 0 : ENOENT;
  }

  void Put(const std::string& path, std::size_t size) {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_[path] = File{Bytes(size, 0), ++made_};
  }
  std::vector<std::string> Names() {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> names;
    for (const auto& file : files_) names.push_back(file.first);
    return names;
  }
  Bytes Read(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = files_.find(path);
    return found == files_.end() ? Bytes() : found->second.bytes;
  }
  void Hang(bool hangs) {
    const std::lock_guard<std::mutex> lock(mutex_);
    hangs_ = hangs;
    changed_.notify_all();
  }

  std::uint64_t capacity = 1U << 30;
  std::atomic<int> error{0};  ///< of each order but looking
  int syncs = 0;

 private:
  struct File {
    Bytes bytes;
    std::int64_t made;
  };

  class OpenFile : public CardFile {
   public:
    OpenFile(MemoryCard* card, std::string path) : card_(*card), path_(std::move(path)) {}
    int Append(const std::uint8_t* data, std::size_t size) override {
      std::unique_lock<std::mutex> lock(card_.mutex_);
      card_.changed_.wait(lock, [this] { return !card_.hangs_; });
      if (card_.error != 0) return card_.error;
      Bytes& bytes = card_.files_[path_].bytes;
      bytes.insert(bytes.end(), data, data + size);
      return 0;
    }
    int Rewrite(const std::uint8_t* data, std::size_t size) override {
      const std::lock_guard<std::mutex> lock(card_.mutex_);
      std::copy(data, data + size, card_.files_[path_].bytes.begin());
      return card_.error;
    }
    int Sync() override {
      const std::lock_guard<std::mutex> lock(card_.mutex_);
      ++card_.syncs;
      return card_.error;
    }

   private:
    MemoryCard& card_;
    const std::string path_;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, File> files_;
  std::int64_t made_ = 0;
  bool hangs_ = false;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_RECORD_MEMORY_CARD_H_
