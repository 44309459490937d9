#include "app/files/tar_file.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace gadolin::ctl {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20;

struct EntryFree {
  void operator()(archive_entry* one) const { archive_entry_free(one); }
};

Error writeFault(archive* one) {
  const int number = archive_errno(one);
  if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    return systemError(number, "write", "the archive");
  const char* why = archive_error_string(one);
  return {ErrorCode::Io,
          std::string("Cannot write the archive: ") + (why ? why : "no reason") + "."};
}

}  // namespace

void TarWriter::Free::operator()(archive* one) const {
  archive_write_free(one);
}
void TarReader::Free::operator()(archive* one) const {
  archive_read_free(one);
}

Result<TarWriter> TarWriter::open(int descriptor, const std::string& name) {
  TarWriter writer(archive_write_new());
  archive* one = writer.archive_.get();
  if (one == nullptr) return Error{ErrorCode::OutOfMemory, "There is no memory for an archive."};
  int set = archive_write_set_format_pax_restricted(one);
  if (name.ends_with(".tar.gz"))
    set = std::min(set, archive_write_add_filter_gzip(one));
  else if (name.ends_with(".tar.zst"))
    set = std::min(set, archive_write_add_filter_zstd(one));
  else if (!name.ends_with(".tar"))
    return Error{ErrorCode::InvalidInput,
                 "'" + name + "': an archive is called .tar, .tar.gz or .tar.zst."};
  if (set < ARCHIVE_WARN || archive_write_open_fd(one, descriptor) != ARCHIVE_OK)
    return writeFault(one);
  return writer;
}

Result<void> TarWriter::begin(const std::string& name, std::uint64_t bytes, bool folder) {
  const std::unique_ptr<archive_entry, EntryFree> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), folder ? AE_IFDIR : AE_IFREG);
  archive_entry_set_perm(entry.get(), folder ? 0700 : 0600);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
  archive_entry_set_mtime(entry.get(), 0, 0);
  if (archive_write_header(archive_.get(), entry.get()) < ARCHIVE_WARN)
    return writeFault(archive_.get());
  return {};
}

Result<void> TarWriter::folder(const std::string& name) {
  return begin(name + "/", 0, true);
}

Result<void> TarWriter::file(const std::string& name, std::uint64_t bytes,
                             const std::function<Result<std::size_t>(std::span<std::byte>)>& read) {
  GADOLIN_CHECK(begin(name, bytes, false));
  std::vector<std::byte> block(block_bytes);
  while (bytes > 0) {
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes, block_bytes));
    GADOLIN_TRY(const std::size_t got, read(std::span(block).first(wanted)));
    if (got == 0)
      return Error{ErrorCode::Conflict, name + " became shorter while it was read. Try again."};
    if (archive_write_data(archive_.get(), block.data(), got) != static_cast<la_ssize_t>(got))
      return writeFault(archive_.get());
    bytes -= got;
  }
  return {};
}

Result<void> TarWriter::close() {
  if (archive_write_close(archive_.get()) != ARCHIVE_OK) return writeFault(archive_.get());
  return {};
}

Error TarReader::damaged() const {
  const char* why = archive_error_string(archive_.get());
  return {ErrorCode::Corrupt,
          name_ + " is damaged or no archive of a project: " + (why ? why : "no reason") + "."};
}

Result<TarReader> TarReader::open(const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code))
    return Error{ErrorCode::NotFound, "There is no file " + file.string() + "."};
  TarReader reader(archive_read_new(), file.filename().string());
  archive* one = reader.archive_.get();
  if (one == nullptr) return Error{ErrorCode::OutOfMemory, "There is no memory for an archive."};
  // No other of the many formats that libarchive reads.
  archive_read_support_format_tar(one);
  archive_read_support_filter_gzip(one);
  archive_read_support_filter_zstd(one);
  if (archive_read_open_filename(one, file.c_str(), block_bytes) != ARCHIVE_OK)
    return reader.damaged();
  return reader;
}

Result<bool> TarReader::next(Entry& entry) {
  archive_entry* found = nullptr;
  const int state = archive_read_next_header(archive_.get(), &found);
  if (state == ARCHIVE_EOF) return false;
  if (state != ARCHIVE_OK) return damaged();
  const char* name = archive_entry_pathname(found);
  entry.name = name ? name : "";
  const bool link =
      archive_entry_hardlink(found) != nullptr || archive_entry_symlink(found) != nullptr;
  const auto type = archive_entry_filetype(found);
  entry.kind = link               ? Entry::Kind::Other
               : type == AE_IFREG ? Entry::Kind::File
               : type == AE_IFDIR ? Entry::Kind::Folder
                                  : Entry::Kind::Other;
  entry.bytes = static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(found)));
  return true;
}

Result<void> TarReader::content(
    const std::function<Result<void>(std::span<const std::byte>)>& take) {
  std::vector<std::byte> block(block_bytes);
  while (true) {
    const la_ssize_t got = archive_read_data(archive_.get(), block.data(), block.size());
    if (got < 0) return damaged();
    if (got == 0) return {};
    GADOLIN_CHECK(take(std::span(block).first(static_cast<std::size_t>(got))));
  }
}

}  // namespace gadolin::ctl
