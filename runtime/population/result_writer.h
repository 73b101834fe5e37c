#pragma once
/// Decisions as lines of CSV or NDJSON (docs/schemas/population.schema.json). The bytes depend on nothing but the
/// decisions and the options.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "population/decide.h"

namespace aceso::population {

enum class FileFormat : std::uint8_t { csv, ndjson };

struct ResultOptions {
  FileFormat format = FileFormat::csv;
  bool advice_details = false; ///< CSV: also verb, strength and urgency of each action; NDJSON has them always
  Wanted wanted;
};

/// A text that is written often: `size` bytes, and as many zeros behind them as one move takes.
struct TextPiece {
  TextPiece() = default;
  explicit TextPiece(std::string_view text);
  static constexpr std::size_t move_bytes = 32;
  std::string bytes;
  std::size_t size = 0;
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
  class Sink;
  /// Columns beside the pieces, which few runs ask for.
  void write_values(const Patients& patients, const Outcomes& outcomes, std::size_t row, Sink& out) const;
  void write_missing(std::size_t row, Sink& out) const;
  [[nodiscard]] const TextPiece& advice_piece(std::size_t action, Advice advice);
  [[nodiscard]] std::uint32_t add_advice_piece(std::size_t action, Advice advice);
  [[nodiscard]] TextPiece make_advice_piece(std::size_t action, Advice advice) const;
  void write_cautions(const Outcomes& outcomes, std::size_t row, Sink& out);
  [[nodiscard]] TextPiece make_cautions_piece(std::size_t first, std::size_t code, Truth which) const;
  void append_value_csv(std::size_t which, const Value& value, const Zone& zone, std::string& out) const;
  [[nodiscard]] Zone zone_of(const Patients& patients, std::size_t row) const;

  const Module& module_;
  ResultOptions options_;
  std::vector<ActionId> actions_;
  std::vector<std::vector<std::uint32_t>> advice_places_; ///< by action, then by Advice::code; 0 until it is made
  std::vector<TextPiece> advice_pieces_;                  ///< in the order in which they were made; the first is none
  std::array<TextPiece, 3> applies_pieces_;               ///< by Truth
  std::vector<TextPiece> stage_pieces_;                   ///< by position plus 1
  /// Names of those of five cautions that are true, and of those for which something is missing. By group of five
  /// cautions, then by their truths in base 3; made when needed.
  struct CautionPieces {
    TextPiece certain, possible;
    bool is_made = false;
  };
  static constexpr std::size_t cautions_in_group = 5, group_codes = 243;
  std::vector<std::vector<CautionPieces>> caution_pieces_;
  std::vector<const CautionPieces*> row_cautions_; ///< by group, of the row that is written
  const MissingOf* next_missing_ = nullptr;        ///< of the row that is written, or of a later one
  const MissingOf* end_missing_ = nullptr;
};

/// One line of JSON about a record that gives no decision.
[[nodiscard]] std::string line_of_reject(const Reject& reject);

} // namespace aceso::population
