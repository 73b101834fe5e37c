#pragma once
/// Turns the ordered rules of a guideline, where the last writer wins, into one
/// decision for each output. The rules are run with signs instead of values:
/// each assignment becomes a line with the condition under which its rule
/// fires, and a value is that of the last line whose condition holds.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gdl2/logic.h"
#include "gdl2/model.h"
#include "gdl2/variables.h"

namespace aceso::gdl2 {

struct Line {
  Logic condition;
  std::string value; ///< an expression of the language
};

struct ScoreItem {
  std::string points;
  Logic condition; ///< yes: counted always
};

/// One `define` of the Aceso text.
struct Definition {
  std::string name{}, title{}, type{}; ///< type: of a choice
  std::string comment{};               ///< where it comes from in the source
  std::vector<std::string> notes{};    ///< what the source says of its rules
  std::vector<Line> lines{};           ///< in the order in which they are looked at
  std::vector<ScoreItem> score{};      ///< instead of lines
};

struct Program {
  std::vector<Definition> definitions;      ///< each after those that it reads
  Logic applies;                            ///< the preconditions
  std::set<std::string> read;               ///< inputs that are used, by name
  std::map<std::string, std::string> fired; ///< names of the conditions of rules that others ask for, by code
};

/// How wide numbers may be.
struct Limits {
  /// Holds exponents and ranges narrower, for formulas that could otherwise
  /// leave 64 bits (A0401).
  bool hold_exponents = false;
};

[[nodiscard]] Program translate(const Guideline& guideline, const Variables& variables, const Limits& limits,
                                std::set<std::string>& taken, std::vector<Omission>& omissions);

/// The text of the definition, to be laid out by the formatter.
[[nodiscard]] std::string write_definition(const Definition& definition);

} // namespace aceso::gdl2
