#include "driver/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aceso::driver {
namespace {

namespace fs = std::filesystem;

constexpr unsigned max_folder_depth = 200;

ReadResult failure(int error) {
  ReadResult result;
  result.status = error == ENOENT || error == ENOTDIR ? ReadStatus::absent : ReadStatus::unreadable;
  result.reason = error == ENOENT ? "there is no such file" : std::strerror(error);
  return result;
}

ReadResult too_large(std::size_t size) {
  ReadResult result;
  result.status = ReadStatus::too_large;
  result.size = size;
  result.reason = "it is too large";
  return result;
}

ReadResult read_stream(std::FILE* stream, std::size_t max_bytes, std::size_t expected) {
  ReadResult result;
  result.text.reserve(std::min(expected, max_bytes) + 1);
  char buffer[1 << 16];
  for (;;) {
    const std::size_t count = std::fread(buffer, 1, sizeof buffer, stream);
    result.text.append(buffer, count);
    if (result.text.size() > max_bytes) return too_large(std::max(result.text.size(), expected));
    if (count < sizeof buffer) break;
  }
  if (std::ferror(stream) != 0) return failure(errno);
  result.status = ReadStatus::read;
  return result;
}

/// Everything below one folder. Written by hand because the standard iterator either stops at the first folder that
/// cannot be read or passes over it in silence.
void search(const fs::path& folder, unsigned depth, FoundFiles& found) {
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    entries.push_back(*it);
  if (error) {
    found.faults.push_back({folder.string(), error.message()});
    return;
  }
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      if (name.starts_with('.') || entry.is_symlink(ignored)) continue;
      if (depth < max_folder_depth)
        search(entry.path(), depth + 1, found);
      else
        found.faults.push_back({entry.path().string(), "the folders are nested too deeply"});
    } else if (entry.path().extension() == ".aceso") {
      found.paths.push_back(entry.path().string());
    }
  }
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

} // namespace

ReadResult read_file(const std::string& path, std::size_t max_bytes) {
  if (path.find('\0') != std::string::npos) return failure(ENOENT);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!stream) return failure(errno);
  struct stat status {};
  if (::fstat(::fileno(stream.get()), &status) != 0) return failure(errno);
  if (S_ISDIR(status.st_mode)) {
    ReadResult result;
    result.reason = "it is a folder";
    return result;
  }
  const std::size_t size = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
  if (size > max_bytes) return too_large(size);
  return read_stream(stream.get(), max_bytes, size);
}

ReadResult read_standard_input(std::size_t max_bytes) { return read_stream(stdin, max_bytes, 0); }

std::string replace_file(const std::string& path, std::string_view text) {
  const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (!resolved) return std::strerror(errno);
  const std::string target = resolved.get();
  struct stat status {};
  if (::stat(target.c_str(), &status) != 0) return std::strerror(errno);
  if (::access(target.c_str(), W_OK) != 0) return std::strerror(errno);

  std::string temporary = target + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) return std::strerror(errno);
  bool good = write_all(descriptor, text) && ::fchmod(descriptor, status.st_mode & 07777) == 0;
  int error = good ? 0 : errno;
  if (::close(descriptor) != 0 && good) good = false, error = errno;
  if (good && std::rename(temporary.c_str(), target.c_str()) != 0) good = false, error = errno;
  if (good) return {};
  ::unlink(temporary.c_str());
  return std::strerror(error);
}

std::string write_file(const std::string& path, std::string_view text) {
  // What stood there before stays until the new text is on the disk; where no file can be put beside it, it is written
  // over.
  std::error_code unknown;
  if (fs::is_regular_file(path, unknown) && ::access(path.c_str(), W_OK) == 0) {
    const fs::path folder = fs::canonical(path, unknown).parent_path();
    if (!unknown && ::access(folder.c_str(), W_OK) == 0) return replace_file(path, text);
  }
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return std::strerror(errno);
  const bool good = write_all(descriptor, text);
  const int error = errno;
  if (::close(descriptor) != 0 && good) return std::strerror(errno);
  return good ? std::string{} : std::strerror(error);
}

FoundFiles find_guideline_files(const std::vector<std::string>& paths) {
  FoundFiles found;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) {
      const std::size_t before = found.paths.size() + found.faults.size();
      search(path, 0, found);
      if (found.paths.size() + found.faults.size() == before)
        found.faults.push_back({path, "there is no .aceso file in this folder"});
    } else if (status.type() == fs::file_type::not_found) {
      found.faults.push_back({path, "there is no such file or folder"});
    } else {
      found.paths.push_back(path);
    }
  }
  std::set<std::string> seen;
  std::erase_if(found.paths, [&](const std::string& path) {
    return !seen.insert(fs::path(path).lexically_normal().string()).second;
  });
  return found;
}

std::vector<std::string> files_in(const std::string& folder, std::string_view ending) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const std::string name = it->path().filename().string();
    if (name.ends_with(ending) && name.size() > ending.size() && !it->is_directory(ignored))
      found.push_back(join_path(folder, name));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string join_path(std::string_view folder, std::string_view name) {
  std::string joined(folder);
  if (!joined.empty() && !joined.ends_with('/')) joined += '/';
  joined += name;
  return joined;
}

} // namespace aceso::driver
