#include "column_pipes.h"

#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "population/population_faults.h"
#include "terminal.h"

namespace aceso::command {
namespace {

/// Where the component lies: beside the program, installed or in the build folder; empty where it is not.
std::string find_component() {
  if (const char* told = std::getenv("ACESO_COLUMNS")) return ::access(told, R_OK) == 0 ? told : "";
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const std::filesystem::path path = folder.parent_path() / "share/aceso/aceso_columns.py";
  return std::filesystem::exists(path, error) ? path.string() : std::string();
}

} // namespace

bool is_columnar(const std::string& path) {
  return path.ends_with(".parquet") || path.ends_with(".arrow") || path.ends_with(".feather");
}

ColumnPipes::~ColumnPipes() { (void)close(); }

std::string ColumnPipes::start(const std::string& what, const std::string& path, bool is_read) {
  const std::string component = find_component();
  if (component.empty()) {
    const CaseFault fault = make_fault(population::FaultKind::columns_unavailable, path,
                                       {"aceso_columns.py is not installed beside aceso"});
    write_error(fmt::format("aceso: {}: {}\n", fault.id, fault.message));
    return {};
  }
  const char* python = std::getenv("ACESO_PYTHON");
  if (python == nullptr || *python == '\0') python = "python3";
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  const int ours = is_read ? ends[0] : ends[1], its = is_read ? ends[1] : ends[0];
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(its, is_read ? STDOUT_FILENO : STDIN_FILENO);
    ::execlp(python, python, component.c_str(), what.c_str(), path.c_str(), static_cast<char*>(nullptr));
    constexpr int not_found = 127;
    ::_exit(not_found);
  }
  ::close(its);
  files_.push_back(ours);
  if (child > 0) children_.push_back(child);
  return fmt::format("/dev/fd/{}", ours);
}

bool ColumnPipes::open(population::RunOptions& options) {
  const bool reads = is_columnar(options.input), writes = is_columnar(options.output);
  if (writes) {
    if (options.rejects.empty()) options.rejects = options.output + ".rejected.ndjson";
    if (options.sample.empty()) options.sample = options.output + ".sample.ndjson";
    options.output = start("write", options.output, false);
  }
  if (reads) options.input = start("read", options.input, true);
  if (reads || writes) options.keeps_checkpoint = false;
  return !options.input.empty() && !options.output.empty();
}

bool ColumnPipes::close() {
  for (const int file : files_)
    ::close(file);
  files_.clear();
  bool is_fine = true;
  for (const pid_t child : children_) {
    int status = 0;
    is_fine = ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 && is_fine;
  }
  children_.clear();
  return is_fine;
}

} // namespace aceso::command
