#pragma once
/// Patients from NDJSON: one case (docs/schemas/case.schema.json) a line, with an "id" beside.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

  /// The text ends with a line end, behind which 8 bytes can be read. Adds to `patients` what is there, and the
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
  /// `before`: position plus 1 of the input that stood before it in the line; 0 for none. Null for no input.
  [[nodiscard]] InputReader* reader_of(std::string_view name, std::size_t before);
  [[nodiscard]] std::optional<ZonedInstant> read_now(std::string_view text);

  const Module& module_;
  std::optional<ZonedInstant> at_;
  std::string at_text_;
  std::vector<std::unique_ptr<InputReader>> readers_; ///< by input
  std::unordered_map<std::string_view, InputReader*> by_name_;
  std::vector<std::uint64_t> seen_; ///< by input: the last line that stated it
  /// By position plus 1 of an input: which came behind it, likewise. Index 0 for the first of a line, 0 for not known.
  std::vector<std::size_t> followers_;
  std::uint64_t serial_ = 0;
  std::string last_now_text_;
  std::optional<ZonedInstant> last_now_;
  bool all_utf8_ = true; ///< of the text that is being read
};

} // namespace aceso::population
