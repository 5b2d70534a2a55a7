#include "dashvoip/record/card.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

#include "dashvoip/base/monotonic.h"

namespace dashvoip {
namespace {

class MountedFile : public CardFile {
 public:
  explicit MountedFile(int fd) noexcept : fd_(fd) {}
  ~MountedFile() override { close(fd_); }
  MountedFile(const MountedFile&) = delete;
  MountedFile& operator=(const MountedFile&) = delete;

  int Append(const std::uint8_t* data, std::size_t size) override {
    const int error = WriteAt(data, size, end_);
    if (error == 0) end_ += static_cast<off_t>(size);
    return error;
  }
  int Rewrite(const std::uint8_t* data, std::size_t size) override {
    return WriteAt(data, size, 0);
  }
  int Sync() override { return fdatasync(fd_) == 0 ? 0 : errno; }

 private:
  int WriteAt(const std::uint8_t* data, std::size_t size, off_t at) {
    while (size > 0) {
      const ssize_t written = pwrite(fd_, data, size, at);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return written == 0 ? EIO : errno;
      data += written;
      size -= static_cast<std::size_t>(written);
      at += written;
    }
    return 0;
  }

  const int fd_;
  off_t end_ = 0;
};

}  // namespace

int MountedCard::Create(const std::string& path, std::unique_ptr<CardFile>* out) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (fd < 0) return errno;
  *out = std::make_unique<MountedFile>(fd);
  return 0;
}

int MountedCard::FreeBytes(const std::string& folder, std::uint64_t* out) {
  struct statvfs found;
  if (statvfs(folder.c_str(), &found) != 0) return errno;
  *out = static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
  return 0;
}

int MountedCard::List(const std::string& folder, std::vector<Entry>* out) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open_folder(opendir(folder.c_str()), closedir);
  if (!open_folder) return errno;
  while (const dirent* entry = readdir(open_folder.get())) {
    struct stat found;
    if (fstatat(dirfd(open_folder.get()), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(found.st_mode)) {
      continue;
    }
    out->push_back({entry->d_name, ToNs(found.st_mtim)});
  }
  return 0;
}

int MountedCard::Remove(const std::string& path) { return unlink(path.c_str()) == 0 ? 0 : errno; }

}  // namespace dashvoip
