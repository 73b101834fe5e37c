#pragma once
/// Arrow and Parquet files as CSV in pipes, by the component aceso_columns.py (docs/decisions/0017-population.md).

#include <string>
#include <vector>

#include <sys/types.h>

#include "population/run.h"

namespace aceso::command {

/// By its ending: .parquet, .arrow or .feather.
[[nodiscard]] bool is_columnar(const std::string& path);

class ColumnPipes {
public:
  ColumnPipes() = default;
  ~ColumnPipes();
  ColumnPipes(const ColumnPipes&) = delete;
  ColumnPipes& operator=(const ColumnPipes&) = delete;

  /// Puts pipes in place of the files that need it, and starts what is at their other ends. False, with a message,
  /// where the component is not to be had.
  [[nodiscard]] bool open(population::RunOptions& options);
  /// Waits for the other ends. False where one of them failed; it has said why.
  [[nodiscard]] bool close();

private:
  [[nodiscard]] std::string start(const std::string& what, const std::string& path, bool is_read);
  std::vector<int> files_;
  std::vector<pid_t> children_;
};

} // namespace aceso::command
