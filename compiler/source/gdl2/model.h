#pragma once
/// A guideline of the Guideline Definition Language 2 (openEHR, GDL2
/// specification, "Guideline Definition Language v2") as its file says it:
/// terms, data bindings, rules with their expressions. Nothing is resolved
/// here.

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace aceso::gdl2 {

struct Expression {
  enum class Kind {
    null,
    yes_no,      ///< text: "true" or "false"
    number,      ///< text: "-2.5"
    quantity,    ///< text: "2.5", unit: "mg/dl"
    ordinal,     ///< text: "2", code and label
    coded,       ///< code and label
    text,        ///< text
    variable,    ///< code: "gt0004"; attribute: "magnitude", may be empty
    now,         ///< $currentDateTime; attribute: "year", may be empty
    fired,       ///< code: the rule
    minus,       ///< of one child
    logical_not, ///< of one child
    binary,      ///< text: the sign, "&&"; two children
    call         ///< text: "log"; one child or more. "e" without children is Euler's
                 ///< number
  } kind = Kind::null;
  std::string text{}, unit{}, code{}, label{}, attribute{};
  std::vector<Expression> children{};

  [[nodiscard]] bool is(Kind one) const { return kind == one; }
  [[nodiscard]] bool is_sign(std::string_view sign) const { return kind == Kind::binary && text == sign; }
};

struct Assignment {
  std::string variable{}, attribute{};
  Expression value{};
  std::string label{}; ///< of the variable, as it stands in the assignment
};

struct Rule {
  std::string id{}, description{};
  int priority = 0;
  std::vector<Expression> when{};
  std::vector<Assignment> then{};
};

struct Element {
  std::string id{}, data_type{}, model{}; ///< model: the archetype that it belongs to
  std::string path{};                     ///< within the archetype
  std::string binding{};                  ///< code of the data binding in which it stands
  std::vector<std::string> allowed_values{}, units{};
  bool is_input = false;
};

struct Term {
  std::string text, description;
};

struct Guideline {
  std::string id, concept_code, language; ///< language: the original one, "en"
  std::string author, organisation, email, date, lifecycle, copyright, references;
  std::string uuid, file_date;               ///< of the file itself, where it has them
  std::string purpose, use, misuse, summary; ///< in the language of the texts
  std::vector<std::string> contributors, keywords;
  std::map<std::string, std::map<std::string, Term>> further_terms; ///< by language, then by code
  /// What the description says in further languages: by language, ("purpose", its text).
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> further_descriptions;
  std::map<std::string, Term> terms; ///< in English where there is English, else in the original language
  std::vector<Element> elements;
  std::vector<Expression> preconditions;
  std::vector<Assignment> defaults;
  std::vector<Rule> rules; ///< in the order in which they run: higher priority
                           ///< first, else as in the file
};

/// Something of the source that the Aceso text does not have, or has in another
/// way.
struct Omission {
  std::string place; ///< "rule gt0024, then 2", "case Q1(0)"
  std::string what;  ///< the words of the source
  std::string why;
};

/// One case of a `.test.yml` file. Keys are codes ("gt0004"), values as they
/// stand.
struct SourceCase {
  std::string id{}, now{}; ///< now: empty where the file sets no date
  std::vector<std::pair<std::string, std::string>> inputs{}, expected{};
};

} // namespace aceso::gdl2
