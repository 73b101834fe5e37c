#include "population/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "population/csv_split.h"
#include "population/population_faults.h"
#include "values/sha256.h"

namespace aceso::population {
namespace {

using Cause = RunError::Cause;

std::string name_of(Cause cause, const std::string& path) {
  if (path == "-") return cause == Cause::input ? "the standard input" : "the standard output";
  return path == "!" ? "the standard error" : path;
}

/// The same id as for any file that cannot be read.
[[noreturn]] void fail(Cause cause, const std::string& path, std::string_view what, int error) {
  std::string text = name_of(cause, path) + " cannot be " + std::string(what) + ": " + std::strerror(error);
  if (error == ENOSPC) text += "; make room; a run into a file then goes on with --resume";
  throw RunError(cause, {"A0001", path, std::move(text)});
}

/// "." for a name alone.
std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::uint64_t lines_in(std::string_view text) { return count_of(text, '\n'); }

} // namespace

ChunkReader::ChunkReader(const std::string& path, bool has_quotes, Limits limits)
    : path_(path), has_quotes_(has_quotes), limits_(limits) {
  file_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) fail(Cause::input, path_, "read", errno);
  struct stat about {};
  if (::fstat(file_, &about) != 0) fail(Cause::input, path_, "read", errno);
  if (S_ISDIR(about.st_mode)) fail(Cause::input, path_, "read", EISDIR);
  if (S_ISREG(about.st_mode)) size_ = static_cast<std::uint64_t>(about.st_size);
  fill(3);
  if (std::string_view(held_.data(), held_.size()).starts_with("\xEF\xBB\xBF")) {
    held_.erase(held_.begin(), held_.begin() + 3);
    offset_ = 3;
  }
}

ChunkReader::~ChunkReader() {
  if (file_ > STDERR_FILENO) ::close(file_);
}

void ChunkReader::fill(std::size_t bytes) {
  while (!is_at_end_ && held_.size() < bytes) {
    const std::size_t before = held_.size();
    held_.resize(bytes);
    const ssize_t got = ::read(file_, held_.data() + before, bytes - before);
    held_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && errno != EINTR) fail(Cause::input, path_, "read", errno);
    if (got == 0) is_at_end_ = true;
  }
}

std::string ChunkReader::head_hash() {
  constexpr std::size_t head_bytes = std::size_t{64} << 10;
  fill(head_bytes);
  return sha256(std::string_view(held_.data(), std::min(head_bytes, held_.size())));
}

std::size_t ChunkReader::end_of_records_held() const {
  const std::string_view text(held_.data(), held_.size());
  if (has_quotes_) return end_of_records(text, delimiter_);
  const std::size_t last = text.rfind('\n');
  return last == std::string_view::npos ? 0 : last + 1;
}

std::string ChunkReader::take_header() {
  std::size_t end = 0;
  for (std::size_t wanted = std::size_t{64} << 10; end == 0; wanted *= 2) {
    fill(wanted);
    bool inside = false; // of quotation marks; as in QuoteState, for any delimiter
    const std::size_t begin = std::string_view(held_.data(), held_.size()).starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (std::size_t i = begin; i < held_.size() && end == 0; ++i) {
      const bool may_open = i == begin || std::string_view(",;\t\n\"").find(held_[i - 1]) != std::string_view::npos;
      if (held_[i] == '"') inside = !inside && may_open;
      if (held_[i] == '\n' && !inside) end = i + 1;
    }
    if (end == 0 && is_at_end_) end = held_.size();
    if (end == 0 && wanted > limits_.record_bytes)
      throw RunError(Cause::input, make_fault(FaultKind::record_too_long, path_,
                                              {"1", std::to_string(limits_.record_bytes) + " bytes", ""}));
    if (held_.empty()) break;
  }
  std::string header(held_.data(), end);
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(end));
  offset_ += end;
  line_ += lines_in(header);
  return header;
}

void ChunkReader::skip_to(std::uint64_t offset, std::uint64_t line) {
  if (offset <= offset_) return; // interrupted before the first chunk
  line_ = line;
  while (offset_ < offset) {
    const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(held_.size(), offset - offset_));
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(known));
    offset_ += known;
    if (offset_ == offset) return;
    if (size_ != 0) {
      if (::lseek(file_, static_cast<off_t>(offset), SEEK_SET) < 0) fail(Cause::input, path_, "read", errno);
      offset_ = offset;
      return;
    }
    fill(limits_.chunk_bytes);
    if (held_.empty()) return;
  }
}

bool ChunkReader::next(Chunk& chunk) {
  std::size_t end = 0;
  for (std::size_t wanted = std::max<std::size_t>(limits_.chunk_bytes, 1); end == 0; wanted *= 2) {
    fill(wanted);
    if (held_.empty()) return false;
    end = end_of_records_held();
    if (end != 0) break;
    const bool is_ended = is_at_end_;
    if (is_ended) {
      held_.push_back('\n');
      end = end_of_records_held();
    }
    if (end != 0 || (!is_ended && wanted <= limits_.record_bytes)) continue;
    const std::string_view hint = has_quotes_ ? "; a quotation mark may be open" : "";
    throw RunError(Cause::input, make_fault(FaultKind::record_too_long, path_,
                                            {std::to_string(line_),
                                             is_ended ? "the file" : std::to_string(limits_.record_bytes) + " bytes",
                                             std::string(hint)}));
  }
  std::vector<char> rest(held_.begin() + static_cast<std::ptrdiff_t>(end), held_.end());
  held_.resize(end);
  held_.resize(end + block_bytes, '\0');
  std::swap(chunk.buffer, held_);
  held_ = std::move(rest);
  chunk.text = std::string_view(chunk.buffer.data(), end);
  chunk.first_line = line_;
  line_ += lines_in(chunk.text);
  offset_ += end;
  chunk.next_line = line_;
  chunk.end_offset = offset_;
  return true;
}

OutputFile::OutputFile(const std::string& path, std::uint64_t keep, const std::string& checkpoint)
    : path_(path), size_(keep) {
  if (path == "-" || path == "!") {
    file_ = path == "-" ? STDOUT_FILENO : STDERR_FILENO;
    return;
  }
  constexpr mode_t readable_by_all = 0644;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, readable_by_all);
  if (file_ < 0) fail(Cause::output, path_, "written", errno);
  struct stat about {};
  if (::fstat(file_, &about) != 0) fail(Cause::output, path_, "written", errno);
  if (!S_ISREG(about.st_mode)) return;
  if (static_cast<std::uint64_t>(about.st_size) < keep)
    throw RunError(Cause::use,
                   make_fault(FaultKind::other_run, path_, {path_ + " is shorter than it was then", checkpoint}));
  if (::ftruncate(file_, static_cast<off_t>(keep)) != 0) fail(Cause::output, path_, "written", errno);
  if (::lseek(file_, 0, SEEK_END) < 0) fail(Cause::output, path_, "written", errno);
}

OutputFile::~OutputFile() {
  if (file_ > STDERR_FILENO) ::close(file_);
}

void OutputFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(file_, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) fail(Cause::output, path_, "written", errno);
    size_ += static_cast<std::uint64_t>(wrote);
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

void replace_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  try {
    OutputFile(beside, 0).write(text);
  } catch (const RunError&) {
    (void)::unlink(beside.c_str()); // half of it
    throw;
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) fail(Cause::output, path, "written", errno);
}

bool read_small_file(const std::string& path, std::string& text) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return false;
  if (file < 0) fail(Cause::input, path, "read", errno);
  text.clear();
  char piece[1 << 14];
  ssize_t got = 0;
  while ((got = ::read(file, piece, sizeof piece)) > 0)
    text.append(piece, static_cast<std::size_t>(got));
  const int error = errno;
  ::close(file);
  if (got < 0) fail(Cause::input, path, "read", error);
  return true;
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(Cause::output, path, "removed", errno);
}

bool is_lasting(const std::string& path) {
  struct stat about {};
  if (path == "-" || path == "!") return false;
  return ::stat(path.c_str(), &about) != 0 || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode);
}

bool is_same_file(const std::string& one, const std::string& other) {
  struct stat first {
  }, second{};
  return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

void expect_writable(const std::string& path) {
  if (!is_lasting(path)) return;
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0) {
    if (S_ISDIR(about.st_mode)) fail(Cause::output, path, "written", EISDIR);
    if (::access(path.c_str(), W_OK) != 0) fail(Cause::output, path, "written", errno);
    return;
  }
  const std::string folder = folder_of(path);
  if (::stat(folder.c_str(), &about) != 0 && errno == ENOENT)
    throw RunError(Cause::output,
                   {"A0001", path,
                    path + " cannot be written: there is no folder " + folder + "; make it first: mkdir -p " + folder});
  if (::access(folder.c_str(), W_OK) != 0) fail(Cause::output, path, "written", errno);
}

} // namespace aceso::population
