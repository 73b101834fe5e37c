#pragma once
/// What every engine and every boundary needs to speak about a guideline: its names, types, texts and citations.
/// The logic itself stands in the decision graph (compiler) or in the code sections of a module (runtime).
/// Plain data; immutable once built and then safe to share between threads.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/ids.h"
#include "values/value.h"

namespace aceso {

enum class TypeKind : std::uint8_t {
  yes_no,
  choice,   ///< an enumeration: members without order
  scale,    ///< an ordinal scale: members are ordered and each carries a score
  number,   ///< exact number; with a unit it is a quantity
  duration, ///< exact length of time; a number whose unit is a unit of time
  date,
  instant,
  action,  ///< one of the guideline's actions
  list,    ///< of `element`
  code,    ///< a concept of one of `systems`
  time,    ///< a time of day
  interval ///< of `element`: numbers, dates, instants or times of day
};

struct Code {
  std::string system; ///< canonical address, for example "http://loinc.org"
  std::string version;
  std::string code;
  std::string display;
};

struct MemberInfo {
  std::string name;
  std::string title;
  std::optional<Rational> score; ///< scales only
  std::vector<Code> codes;
};

struct TypeInfo {
  TypeKind kind = TypeKind::yes_no;
  std::string name; ///< empty for an anonymous type
  std::vector<MemberInfo> members;
  /// Numbers and durations: inclusive bounds and step, all in `unit`. Absent bounds mean "derived, bounded by
  /// analysis".
  std::optional<Rational> minimum, maximum, step;
  std::string unit;                      ///< UCUM code; empty for a pure number
  TypeId element;                        ///< lists and intervals only
  std::vector<std::string> systems = {}; ///< codes only: addresses of code systems, sorted
};

struct Citation {
  std::string source; ///< the name of the `source` declaration
  std::string document;
  std::string section;
  std::vector<std::string> references; ///< as numbered in the document
  friend bool operator==(const Citation&, const Citation&) = default;
};

enum class UnknownPolicy : std::uint8_t { ask, assume };

/// A unit in which an input may come, beside that of its type.
struct AcceptedUnit {
  std::string code;             ///< UCUM
  std::optional<Rational> step; ///< above 0, in this unit: its multiples are values too
};

/// A set of codes with the file that it comes from; or what a hierarchy says of one concept ("is a NAME").
struct ValueSetInfo {
  std::string name; ///< empty where sets were written one beside the other
  std::string title;
  std::string url; ///< of the file, as pinned; likewise below. Empty for a set that is listed in the text
  std::string version;
  std::string hash; ///< "sha256:..." over the bytes of the file
  CodeSet codes;
};

struct InputInfo {
  std::string name;
  std::string question; ///< never empty: falls back to the name in words
  std::string group;
  std::string group_title;
  TypeId type;
  std::vector<AcceptedUnit> accepted_units;
  std::optional<Rational> molar_mass; ///< in g/mol, above 0: masses and amounts of substance convert
  std::optional<Value> typical;
  std::optional<Period> fresh_for;
  UnknownPolicy unknown_policy = UnknownPolicy::ask;
  std::optional<Value> assumed; ///< with UnknownPolicy::assume
  std::string assumed_because;
  bool is_series = false;
  /// Numbers, durations and dates: values between which nothing that is compared with a constant can change, in
  /// order; for other uses a spread over the range. Empty where no decision depends on the size of the value.
  std::vector<Value> landmarks;
  /// Dates: the same, as lengths of time before the instant of the case ("65 years ago").
  std::vector<Period> landmark_ages;
  /// Whether it is known at all can decide something (`is known`, counts, a pathway), not only its value.
  bool known_matters = false;
  std::vector<Code> codes;
  std::vector<Citation> citations;
};

/// A derived value that the decision reports: define, bands, score or table.
struct DefinitionInfo {
  std::string name;
  std::string title;
  TypeId type;
  std::vector<Citation> citations;
};

struct ActionInfo {
  std::string name;
  std::string title;
  std::string category;
  std::string note;
  std::vector<Code> codes;
  std::vector<Citation> citations;
};

/// Classes are stored with all their actions, members of member classes included, in declaration order.
struct ActionClassInfo {
  std::string name;
  std::string title;
  bool at_most_one = false;
  std::vector<ActionId> actions;
};

/// Two actions that must not be advised together.
struct InteractionInfo {
  ActionId first, second;
  std::string text;
};

enum class Verb : std::uint8_t { recommend, suggest, avoid, contraindicate };
enum class Strength : std::uint8_t { none, weak, strong };
enum class Urgency : std::uint8_t { none, routinely, soon, urgently, immediately };
enum class Certainty : std::uint8_t { none, very_low, low, moderate, high }; ///< GRADE certainty of evidence

[[nodiscard]] constexpr bool is_for(Verb v) { return v == Verb::recommend || v == Verb::suggest; }
[[nodiscard]] std::string_view to_text(Verb v);      ///< "recommend"
[[nodiscard]] std::string_view to_text(Strength s);  ///< "strong"; empty for none
[[nodiscard]] std::string_view to_text(Urgency u);   ///< "immediately"; empty for none
[[nodiscard]] std::string_view to_text(Certainty c); ///< "very low"; empty for none

/// "overrides RULE because ..."
struct OverrideInfo {
  RuleId rule; ///< the one that gives way
  std::string because;
};

struct RuleAdvice {
  Verb verb = Verb::recommend;
  ActionId action;
  bool chosen_by_table = false; ///< the rule advises it only where its table chooses it
};

struct RuleInfo {
  std::string name;
  std::string because;
  std::vector<OverrideInfo> overrides;
  Certainty certainty = Certainty::none;
  std::vector<Citation> citations;
  std::string condition{}; ///< as the author wrote it: "fever and not child unless palliative"
  std::vector<RuleAdvice> advice{};
  std::vector<InputId> inputs{}; ///< all on which it can depend whether it fires and what it chooses, in order
};

struct CautionInfo {
  std::string name;
  std::string text;
  std::vector<Citation> citations;
};

struct DifferentialInfo {
  std::string name;
  TypeId type;
  std::vector<Choice> candidates;
  std::vector<Citation> citations;
  std::string title;
  std::vector<std::string> arguments; ///< the text of each argument, in the order of the declaration
};

struct StageInfo {
  std::string name;
  std::string title;
  bool is_final = false;
};

struct ConstraintInfo {
  std::string name;
  std::string message; ///< "{input}" is replaced by the value of that input
  std::vector<InputId> inputs;
  std::vector<Citation> citations;
};

/// An everyday name of a unit, as the guideline or a module declares it.
struct UnitName {
  std::string name;
  std::string code; ///< UCUM
};

struct GuidelineInfo {
  std::string id;
  std::string title;
  std::string version;
  std::string status;
  std::string developer;
  std::string funding;
  std::string published; ///< ISO date or empty
  std::string review_by;
  std::string audience;
  /// The languages that the author declares, as in a locale: "en", "pt_BR". The first is that of the original texts.
  std::vector<std::string> languages{"en"};
  std::string language = "en"; ///< of the texts in this dictionary; see module/translation.h
  std::string hash;            ///< "sha256:" and 64 hexadecimal digits over the canonical text of the decision graph
};

struct Dictionary {
  GuidelineInfo guideline;
  std::vector<UnitName> units; ///< for reading cases; what is decided knows codes only
  std::vector<TypeInfo> types;
  std::vector<InputInfo> inputs;
  std::vector<DefinitionInfo> definitions;
  std::vector<ActionInfo> actions;
  std::vector<ActionClassInfo> classes;
  std::vector<InteractionInfo> interactions;
  std::vector<RuleInfo> rules;
  std::vector<CautionInfo> cautions;
  std::vector<DifferentialInfo> differentials;
  std::string pathway; ///< empty where the guideline has none
  std::string pathway_title;
  std::vector<StageInfo> stages;
  std::vector<ConstraintInfo> constraints;
  std::vector<Code> concepts; ///< every code that the guideline names, by system and code, each once
  std::vector<ValueSetInfo> value_sets;

  [[nodiscard]] const TypeInfo& operator[](TypeId id) const { return types[id.index()]; }
  [[nodiscard]] const InputInfo& operator[](InputId id) const { return inputs[id.index()]; }
  [[nodiscard]] const ActionInfo& operator[](ActionId id) const { return actions[id.index()]; }
  [[nodiscard]] const RuleInfo& operator[](RuleId id) const { return rules[id.index()]; }
  [[nodiscard]] const StageInfo& operator[](StageId id) const { return stages[id.index()]; }
};

/// The concept of this code: of the table where it stands there.
[[nodiscard]] Concept find_concept(const Dictionary& dictionary, std::string_view system, std::string_view code);
/// The system and the code of a concept; `display` is what the table calls it, empty for an unfamiliar one.
struct ConceptText {
  std::string_view system, code, display;
};
[[nodiscard]] ConceptText text_of(const Dictionary& dictionary, const Concept& code);

/// A value in words: "yes", "lumbar", "38.6 Cel", "3 wk", "2026-11-22", "2026-11", "[1, 3)", "unknown (refused)",
/// "unknown (45 a to 46 a)", "http://loinc.org|4548-4 (HbA1c)".
[[nodiscard]] std::string to_text(const Dictionary& dictionary, TypeId type, const Value& value);
/// Of a value that is known in part: "2026-11", "45 a to 46 a", "[2026-01-01, unknown]".
[[nodiscard]] std::string partly_known_text(const Dictionary& dictionary, TypeId type, const Value& value);

/// The same for a reader: in the language of the dictionary, and in a translated one a choice by its title, since its
/// name belongs to the language of the author.
[[nodiscard]] std::string shown_text(const Dictionary& dictionary, TypeId type, const Value& value);

} // namespace aceso
