#pragma once
/// Decisions as lines of CSV or NDJSON (docs/schemas/population.schema.json). The bytes depend on nothing but the
/// decisions and the options.

#include <cstdint>
#include <span>
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

/// Not thread-safe: it keeps pieces of text that it needs again.
class ResultWriter {
public:
  /// The module outlives the writer.
  ResultWriter(const Module& module, ResultOptions options);

  /// The first line of a CSV file; empty for NDJSON.
  [[nodiscard]] std::string header() const;
  /// Appends one line for each row that has a decision. `decider` is the one that the outcomes are from, and is the
  /// same whenever this is called.
  void write(const Patients& patients, const Outcomes& outcomes, Decider& decider, std::string& out);

private:
  class Sink;
  /// Where a text stands in `texts_`; as many bytes as one move takes can be read from there.
  struct Piece {
    std::uint32_t begin = 0, size = 0;
  };
  /// What is written for a key of a group; of cautions, the names of those that are true, and of those for which
  /// something is missing.
  struct Pieces {
    bool is_made = false;
    Piece text, possible;
  };
  void learn(const Outcomes& outcomes, std::size_t rows, Decider& decider);
  [[nodiscard]] Pieces make_pieces(std::size_t first_field, std::span<const std::uint32_t> codes);
  [[nodiscard]] std::string text_of(Field field, std::uint32_t code) const;
  [[nodiscard]] std::string advice_text(std::size_t action, Advice advice) const;
  [[nodiscard]] std::string caution_text(std::size_t caution) const;
  [[nodiscard]] Piece keep(std::string_view text);
  /// Columns which few runs ask for.
  void write_values(const Patients& patients, const Outcomes& outcomes, std::size_t row, Sink& out) const;
  void write_missing(std::size_t row, Sink& out) const;
  void write_full(const Patients& patients, const Outcomes& outcomes, Sink& out) const;
  void append_value_csv(std::size_t which, const Value& value, const Zone& zone, std::string& out) const;
  [[nodiscard]] Zone zone_of(const Patients& patients, std::size_t row) const;

  const Module& module_;
  ResultOptions options_;
  std::vector<ActionId> actions_;
  Terms terms_;
  std::vector<Field> fields_;
  std::string texts_;
  std::vector<std::vector<Pieces>> pieces_; ///< by group, then by key
  const MissingOf* next_missing_ = nullptr; ///< of the row that is written, or of a later one
  const MissingOf* end_missing_ = nullptr;
};

/// One line of JSON about a record that gives no decision.
[[nodiscard]] std::string line_of_reject(const Reject& reject);

} // namespace aceso::population
