#pragma once
/// Patients from CSV.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "population/cell_index.h"
#include "population/cells.h"
#include "population/csv_split.h"

namespace aceso::population {

/// What a column is for. Beside the inputs there are "id", "now" (or "at") and "time_zone"; "inputs.NAME" is always
/// the input, should one have such a name.
struct CsvColumn {
  enum class Role : std::uint8_t { input, id, now, time_zone, ignored } role = Role::ignored;
  std::string name;   ///< as the header has it
  InputId input;      ///< role input
  std::string unit{}; ///< of "temperature [Cel]"; empty for none
};

struct CsvHeader {
  char delimiter = ',';
  std::vector<CsvColumn> columns;
  std::vector<CaseFault> faults; ///< not empty: the file cannot be used
};

struct CsvOptions {
  char delimiter = '\0'; ///< 0: the one of , ; and tab that the header has most of
  bool ignore_other_columns = false;
  std::optional<ZonedInstant> at; ///< when all patients are asked, instead of the column "now"
};

/// Reads the first line of a file. `line` ends where the first record ends.
[[nodiscard]] CsvHeader read_header(const Dictionary& dictionary, std::string_view line, const CsvOptions& options);

/// Reads the records behind the header. One for each thread: it remembers what cells mean.
class CsvReader {
public:
  CsvReader(const Module& module, CsvHeader header, const CsvOptions& options);
  /// `text`: see CsvSplitter. Adds to `patients` what is there, and the rejects.
  void read(std::string_view text, std::uint64_t first_line, Patients& patients);

private:
  /// Records that follow on each other and look like most: they are read column by column.
  struct Sheaf {
    std::size_t first_cell = 0;
    std::vector<std::uint64_t> lines;
    std::vector<std::string_view> ids;
    std::vector<ZonedInstant> nows;
  };
  void read_by_columns(std::string_view text, std::uint64_t line, Patients& patients);
  [[nodiscard]] bool add_to_sheaf(std::string_view text, CellIndex& index, const CellIndex::Record& record,
                                  std::uint64_t line);
  [[nodiscard]] static bool unquote(std::string_view text, CellIndex& index, const CellIndex::Record& record);
  void read_sheaf(std::string_view text, CellIndex& index, Patients& patients);
  void read_alone(std::string_view text, std::uint64_t line, Patients& patients);
  void read_irregular(std::string_view text, const CsvRecord& record, Patients& patients);
  void read_record(const CsvRecord& record, Patients& patients);
  void read_whole(const CsvRecord& record, std::string_view id, Patients& patients);
  [[nodiscard]] std::optional<ZonedInstant> read_now(std::string_view cell);

  const Module& module_;
  CsvHeader header_;
  std::optional<ZonedInstant> at_;
  std::string at_text_;
  struct InputColumn {
    std::size_t column = 0; ///< of the file
    std::unique_ptr<InputReader> reader;
  };
  std::vector<InputColumn> inputs_;
  std::size_t id_ = none, now_ = none, time_zone_ = none;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::string last_now_text_;
  std::optional<ZonedInstant> last_now_;
  bool all_utf8_ = true; ///< of the text that is being read
  Sheaf sheaf_;
};

} // namespace aceso::population
