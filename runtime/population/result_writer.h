#pragma once
/// Decisions as lines of CSV or NDJSON (docs/schemas/population.schema.json). The bytes depend on nothing but the
/// decisions and the options.

#include <string>
#include <vector>

#include "population/decide.h"

namespace aceso::population {

enum class FileFormat : std::uint8_t { csv, ndjson };

struct ResultOptions {
  FileFormat format = FileFormat::csv;
  bool advice_details = false; ///< CSV: also verb, strength and urgency of each action; NDJSON has them always
  Wanted wanted;
};

/// Not thread-safe: it keeps pieces of text that it needs again.
class ResultWriter {
public:
  /// The module outlives the writer.
  ResultWriter(const Module& module, ResultOptions options);

  /// The first line of a CSV file; empty for NDJSON.
  [[nodiscard]] std::string header() const;
  /// Appends one line for each row that has a decision.
  void write(const Patients& patients, const Outcomes& outcomes, std::string& out);

private:
  void write_csv(const Patients& patients, const Outcomes& outcomes, std::size_t row, std::string& out);
  void write_json(const Patients& patients, const Outcomes& outcomes, std::size_t row, std::string& out);
  [[nodiscard]] const std::string& piece(std::size_t action, Advice advice);
  void append_cautions(const Outcomes& outcomes, std::size_t row, Truth which, std::string& out) const;
  void append_value_csv(std::size_t which, const Value& value, const Zone& zone, std::string& out) const;
  [[nodiscard]] Zone zone_of(const Patients& patients, std::size_t row) const;

  const Module& module_;
  ResultOptions options_;
  std::vector<ActionId> actions_;
  std::vector<std::vector<std::string>> pieces_; ///< by action, then by Advice::code; empty until needed
  const MissingOf* next_missing_ = nullptr;      ///< of the row that is written, or of a later one
  const MissingOf* end_missing_ = nullptr;
};

/// One line of JSON about a record that gives no decision.
[[nodiscard]] std::string line_of_reject(const Reject& reject);

} // namespace aceso::population
