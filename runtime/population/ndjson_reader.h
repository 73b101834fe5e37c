#pragma once
/// Patients from NDJSON: one case (docs/schemas/case.schema.json) a line, with an "id" beside.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "population/cells.h"

namespace aceso::population {

class LineScanner; // line_scanner.h

/// One for each thread: it remembers what values mean. Lines with events, series or a time zone by name, and faulty
/// ones, are left to the reader of cases (module/patient_case.h); all others are read here, with the same meaning.
class NdjsonReader {
public:
  /// `at`: when all patients are asked, instead of their "now".
  NdjsonReader(const Module& module, std::optional<ZonedInstant> at);

  /// The text ends with a line end, behind which 64 bytes can be read. Adds to `patients` what is there, and the
  /// rejects.
  void read(std::string_view text, std::uint64_t first_line, Patients& patients);

private:
  struct Plain {
    std::string_view id;
    std::optional<ZonedInstant> now;
  };
  [[nodiscard]] bool read_plain(std::string_view line, Patients& patients, Plain& plain);
  [[nodiscard]] bool read_inputs(LineScanner& scanner, Patients& patients);
  void read_whole(std::string_view line, std::uint64_t number, Patients& patients);
  /// Nothing for no input.
  [[nodiscard]] std::optional<std::size_t> input_of(std::string_view name) const;
  [[nodiscard]] std::optional<ZonedInstant> read_now(std::string_view text);

  const Module& module_;
  std::optional<ZonedInstant> at_;
  std::string at_text_;
  std::vector<std::unique_ptr<InputReader>> readers_; ///< by input
  TextMemory names_{absent};                          ///< of inputs: their positions
  std::vector<std::uint64_t> seen_;                   ///< by input: the last line that stated it
  std::uint64_t serial_ = 0;
  std::string last_now_text_;
  std::optional<ZonedInstant> last_now_;
  bool all_utf8_ = true; ///< of the text that is being read
};

} // namespace aceso::population
