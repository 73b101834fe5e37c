#pragma once
/// Reading and writing of files with plain reasons for what went wrong. Nothing here throws but std::bad_alloc.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aceso::driver {

enum class ReadStatus { read, absent, unreadable, too_large };

struct ReadResult {
  ReadStatus status = ReadStatus::unreadable;
  std::string text;     ///< the bytes of the file; `read` only
  std::string reason;   ///< "it is a folder", "Permission denied"; not for `read`
  std::size_t size = 0; ///< `too_large`: the size as far as it is known
  [[nodiscard]] bool ok() const { return status == ReadStatus::read; }
};

/// At most `max_bytes` are read, also from a pipe or a device without end. "-" is a file name like any other.
[[nodiscard]] ReadResult read_file(const std::string& path, std::size_t max_bytes);
/// The rest of the standard input.
[[nodiscard]] ReadResult read_standard_input(std::size_t max_bytes);

/// Replaces the file as a whole: writes a new one beside it and renames that, so that a reader or a crash never sees
/// half of it. Symbolic links and permissions are kept. Gives the reason of a failure, empty when it went well.
[[nodiscard]] std::string replace_file(const std::string& path, std::string_view text);

/// Makes or replaces the file; also good for pipes and devices. Gives the reason of a failure, empty when it went well.
[[nodiscard]] std::string write_file(const std::string& path, std::string_view text);

struct FoundFiles {
  std::vector<std::string> paths; ///< sorted, each once
  struct Fault {
    std::string path, reason;
  };
  std::vector<Fault> faults; ///< what does not exist or cannot be looked into
};
/// The given files as they are, and of each folder all `*.aceso` files below it. Hidden folders and links to folders
/// are left out of the search. Files keep the order of `paths`; the files of one folder are in the order of their
/// names.
[[nodiscard]] FoundFiles find_guideline_files(const std::vector<std::string>& paths);
/// The files directly in `folder` whose name has this ending (".json"), by name. Empty where there is no such folder.
[[nodiscard]] std::vector<std::string> files_in(const std::string& folder, std::string_view ending);

/// "a/b" for "a/b/c.aceso"; empty where the path has no folder.
[[nodiscard]] std::string folder_of(std::string_view path);
/// "a/b"; `name` alone for an empty folder.
[[nodiscard]] std::string join_path(std::string_view folder, std::string_view name);

} // namespace aceso::driver
