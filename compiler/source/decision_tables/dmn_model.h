#pragma once
/// What a DMN file holds, as far as Aceso reads and writes it: types, input data, decisions with a decision table or an
/// expression. Texts of FEEL are kept as they stand. Plain data.
/// OMG, Decision Model and Notation; the element names are those of its XML schema.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aceso::decision_tables {

/// What a number means that DMN cannot say. It travels in our own extension elements, which other tools keep.
struct NumberNote {
  std::string unit; ///< UCUM code; empty for a plain number
  std::string step;
};

struct DmnType {
  std::string name;
  std::string base;    ///< "number", "string", "boolean", "date", "time", "date and time", another type, or ""
  std::string allowed; ///< unary tests; empty for none
  bool is_collection = false;
  std::vector<std::string> scores; ///< ours: of a scale, one for each allowed value, which rise as they are listed
  std::optional<NumberNote> number;
  std::size_t offset = 0; ///< in the file; likewise below
};

struct DmnInput {
  std::string name, type, label, description;
  std::size_t offset = 0;
};

struct DmnEntry {
  std::string text;
  std::size_t offset = 0;
};
struct DmnInputClause {
  std::string expression, type, label;
  std::string allowed; ///< inputValues
  std::size_t offset = 0;
};
struct DmnOutputClause {
  std::string name, type, label;
  std::string allowed;               ///< outputValues, in the order of priority
  std::optional<DmnEntry> otherwise; ///< defaultOutputEntry
  std::size_t offset = 0;
};
struct DmnRule {
  std::vector<DmnEntry> inputs, outputs;
  std::string note; ///< description and annotations
  std::size_t offset = 0;
};

enum class DmnPolicy : std::uint8_t { unique, first, priority, any, collect, rule_order, output_order };
enum class DmnAggregation : std::uint8_t { none, sum, count, min, max };
struct DecisionTable {
  DmnPolicy policy = DmnPolicy::unique;
  DmnAggregation aggregation = DmnAggregation::none;
  std::vector<DmnInputClause> inputs;
  std::vector<DmnOutputClause> outputs;
  std::vector<DmnRule> rules;
  std::size_t offset = 0;
};

struct DmnDecision {
  std::string name, type, label, description;
  std::vector<std::string> inputs, decisions; ///< what it needs: names of input data and of other decisions
  std::variant<std::monostate, DmnEntry, DecisionTable> logic;
  std::size_t offset = 0;
};

/// What stands in the file and is not read.
struct DmnUnread {
  std::string what; ///< "the business knowledge model `Credit policy`"
  std::string why;
  std::size_t offset = 0;
};

struct DmnModel {
  std::string name, address; ///< address: the namespace
  std::string description;
  std::vector<DmnType> types;
  std::vector<DmnInput> inputs;
  std::vector<DmnDecision> decisions;
  std::vector<DmnUnread> unread;
};

[[nodiscard]] std::string_view to_text(DmnPolicy policy);           ///< "RULE ORDER"
[[nodiscard]] std::string_view to_text(DmnAggregation aggregation); ///< "SUM"; empty for none

struct DmnOptions {
  std::size_t max_bytes = 16u << 20; ///< a larger file is refused
  std::size_t max_elements = 400000; ///< of the file
  std::size_t max_depth = 60;        ///< of elements in elements
};

/// Nothing, with the reason and its place, where the text is no DMN (1.1 to 1.5). Entities other than those of XML
/// itself stay as they stand: nothing is expanded and no other file is read.
[[nodiscard]] std::optional<DmnModel> read_dmn(std::string_view text, const DmnOptions& options, DmnUnread& fault);

/// DMN 1.3 with a diagram. The same model gives the same bytes.
[[nodiscard]] std::string write_dmn(const DmnModel& model);

} // namespace aceso::decision_tables
