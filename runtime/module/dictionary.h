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
  action, ///< one of the guideline's actions
  list,   ///< of `element`
  code    ///< a concept of one of `systems`
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
  TypeId element;                        ///< lists only
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
  std::vector<std::string> accepted_units; ///< UCUM codes of the same dimension, beside the type's own unit
  std::optional<Value> typical;
  std::optional<Period> fresh_for;
  UnknownPolicy unknown_policy = UnknownPolicy::ask;
  std::optional<Value> assumed; ///< with UnknownPolicy::assume
  std::string assumed_because;
  bool is_series = false;
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

struct RuleInfo {
  std::string name;
  std::string because;
  std::vector<OverrideInfo> overrides;
  Certainty certainty = Certainty::none;
  std::vector<Citation> citations;
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
  std::string hash; ///< "sha256:" and 64 hexadecimal digits over the canonical text of the decision graph
};

struct Dictionary {
  GuidelineInfo guideline;
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

/// A value in words: "yes", "lumbar", "38.6 Cel", "3 wk", "2026-11-22", "unknown (refused)",
/// "http://loinc.org|4548-4 (HbA1c)".
[[nodiscard]] std::string to_text(const Dictionary& dictionary, TypeId type, const Value& value);

} // namespace aceso
