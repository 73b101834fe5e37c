#pragma once
/// What the variables of a model can be: from their types, from what is allowed, and from how they are used.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "decision_tables/carried.h"
#include "decision_tables/dmn_model.h"
#include "decision_tables/meaning.h"
#include "decision_tables/write_expression.h"

namespace aceso::decision_tables {

/// What a model says about the values of one variable, beside its type.
struct Uses {
  std::vector<std::string> strings;
  std::vector<Rational> numbers;
  bool is_truth = false;
  FeelKind date_like = FeelKind::null; ///< date, date_and_time, time where it is compared with such a value
};

/// Keeps references to all that it is given. What is assumed goes to the remarks.
class VariableTypes {
public:
  VariableTypes(const DmnModel& model, const FeelReader& reader, Variables& variables, std::vector<Remark>& remarks);

  /// To be filled before the variable is asked for.
  [[nodiscard]] Uses& uses(const std::string& variable) { return uses_[variable]; }
  /// "number", "string", ... for a type of the model, through all types that it rests on; empty where nothing is told.
  [[nodiscard]] std::string base_of(const std::string& reference) const { return declared(reference).base; }
  /// The unit of a type of numbers, empty for plain ones; nothing for other types, and where nothing is told.
  [[nodiscard]] std::optional<std::string> unit_of(const std::string& reference) const;
  /// The allowed values that come with a type.
  [[nodiscard]] std::string allowed_of(const std::string& reference) const { return declared(reference).allowed; }

  /// `more_allowed`: of the columns and outputs of tables, where the type itself tells nothing. Nothing for a type that
  /// Aceso does not have.
  [[nodiscard]] std::optional<Meaning> of_variable(const std::string& name, const std::string& reference,
                                                   std::size_t offset, const std::string& more_allowed, bool is_input);
  /// The declared bounds of a number, where there are some; they may be wider than what the rows of a table give.
  [[nodiscard]] std::optional<Meaning> declared_number(const std::string& variable, const std::string& reference,
                                                       std::size_t offset);
  /// The types that several use, each with its name.
  [[nodiscard]] std::vector<std::pair<std::string, Meaning>> declared_types() const;

private:
  struct Declared {
    std::string base;
    std::string allowed;
    std::string name; ///< of the type that lists the values
    bool is_collection = false;
    std::vector<std::string> scores;
    std::optional<NumberNote> number;
  };
  /// `allowed` as far as it lists values or gives bounds.
  struct Allowed {
    std::vector<std::string> strings;
    std::optional<Rational> low, high;
    std::vector<Rational> numbers;
    std::size_t digits = 0;
  };
  [[nodiscard]] Declared declared(std::string reference) const;
  [[nodiscard]] std::ptrdiff_t references(const std::string& type) const;
  [[nodiscard]] Allowed read_allowed(const std::string& text, std::size_t offset, const std::string& of);
  [[nodiscard]] Meaning number_meaning(const std::string& of, const Declared& type, const Allowed& allowed,
                                       const Uses& uses, std::size_t offset);
  [[nodiscard]] std::optional<Meaning> string_meaning(const std::string& name, const Declared& type,
                                                      const Allowed& allowed, std::size_t offset, bool is_input);
  void name_type(const std::string& name, Meaning& meaning);
  void remark(Remark::Kind kind, std::size_t offset, std::string what, std::string why);

  const DmnModel& model_;
  const FeelReader& reader_;
  Variables& variables_;
  std::vector<Remark>& remarks_;
  std::map<std::string, const DmnType*> types_;
  std::map<std::string, Uses> uses_;
  std::map<std::string, Meaning> declared_types_;
  std::vector<std::string> type_order_;
  std::set<std::string> type_names_;
};

} // namespace aceso::decision_tables
