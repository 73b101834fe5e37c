#pragma once
/// A compiled guideline: the dictionary, the code and the tables that the code and the decision use.
///
///   auto loaded = aceso::load_module(bytes);
///   if (!loaded.ok()) report(loaded.fault.id, loaded.fault.message);
///   aceso::interpret::Evaluator evaluator(loaded.module);
///
/// A Module is immutable and may be shared between threads. What `load_module` gives has been verified: engines run it
/// without looking again.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "module/bytecode.h"
#include "module/dictionary.h"

namespace aceso {

inline constexpr std::uint32_t module_format_version = 1;
inline constexpr std::string_view module_magic{"\x7f"
                                               "ACESO\r\n",
                                               8};

/// No register: an absent condition.
inline constexpr std::uint32_t no_register = 0xffffffff;

struct Register {
  bytecode::Space space = bytecode::Space::truth;
  std::uint32_t index = 0;
};

/// How a register stands for a value of the language.
struct Representation {
  enum class Form : std::uint8_t { truth, choice, number, date, instant, value } form = Form::truth;
  Rational step{1}; ///< number: the register counts these
};
[[nodiscard]] constexpr bytecode::Space space_of(Representation::Form form) {
  return form == Representation::Form::truth   ? bytecode::Space::truth
         : form == Representation::Form::value ? bytecode::Space::value
                                               : bytecode::Space::number;
}

/// A value in a register, and how to read it.
struct Place {
  std::uint32_t index = 0;
  Representation representation;
  [[nodiscard]] bytecode::Space space() const { return space_of(representation.form); }
};

/// What `apply` needs beside its operands.
struct Parameters {
  Rational factor{1}, offset{0};
  std::uint32_t reference = 0; ///< member_of: the value set; interval, relation: a PointKind
  std::uint8_t detail = 0;     ///< member_of: a Quantifier; relation: a Relation; interval: IntervalForm
  std::vector<Value> list;
};

struct SeriesCall {
  InputId input;
  bytecode::SeriesFunction function = bytecode::SeriesFunction::latest;
  std::optional<Period> window;
};

struct ModuleAdvice {
  Verb verb = Verb::recommend;
  ActionId action;
  Strength strength = Strength::none;
  Urgency urgency = Urgency::none;
  std::optional<Period> within;
  std::uint32_t selected = no_register; ///< truth: a table chooses this action
};
struct ModuleRule {
  std::uint32_t condition = 0; ///< truth
  std::vector<ModuleAdvice> advice;
  std::vector<RuleId> overrides;
};
struct ModuleArgument {
  bool is_for = true;
  std::uint32_t candidate = 0; ///< position among the candidates
  Rational weight;
  std::uint32_t condition = 0; ///< truth; its text stands in the dictionary
};
struct ModuleVerdict {
  bool confirms = true;
  std::uint32_t candidate = 0;
  std::uint32_t condition = 0; ///< truth
};
struct ModuleDifferential {
  std::vector<ModuleArgument> arguments;
  std::vector<ModuleVerdict> verdicts;
  Rational needs, ahead_by;
};
struct ModuleTransition {
  StageId from; ///< invalid for an interrupt
  std::vector<StageId> except;
  StageId to;
  std::uint32_t condition = no_register; ///< truth
  std::optional<Period> after, within;
  std::uint32_t at_most = 0;  ///< how often it may be taken; 0 without limit
  std::string condition_text; ///< explanation
  [[nodiscard]] bool is_interrupt() const { return !from.is_valid(); }
};
struct ModulePathway {
  StageId start;
  std::vector<ModuleTransition> transitions;
};

/// The place of a declaration in the text.
struct SourcePlace {
  std::uint32_t file = 0;   ///< in Module::files
  std::uint32_t line = 0;   ///< from 1; 0: not known
  std::uint32_t column = 0; ///< from 1
};

/// Constants stand in registers from the start.
struct TruthConstant {
  std::uint32_t index = 0;
  std::uint8_t truth = 0;
};
struct NumberConstant {
  std::uint32_t index = 0;
  bytecode::Number number;
};
struct ValueConstant {
  std::uint32_t index = 0;
  Value value;
};

struct Module {
  Dictionary dictionary;

  /// Sizes of the three spaces. The registers of the inputs come first in each.
  std::uint32_t truths = 0, numbers = 0, values = 0;
  std::vector<Place> inputs; ///< parallel to dictionary.inputs
  std::vector<TruthConstant> truth_constants;
  std::vector<NumberConstant> number_constants;
  std::vector<ValueConstant> value_constants;

  /// Three parts that follow each other: what constraints need; what the pathway needs beside; everything else.
  std::vector<bytecode::Word> code;
  std::uint32_t constraints_end = 0, pathway_end = 0;

  std::vector<Representation> representations;
  std::vector<Parameters> parameters;
  std::vector<SeriesCall> series;

  std::uint32_t applies = no_register;    ///< truth
  std::vector<std::uint32_t> constraints; ///< truths, parallel to dictionary.constraints; likewise below
  std::vector<Place> definitions;
  std::vector<ModuleRule> rules;
  std::vector<std::uint32_t> cautions; ///< truths
  std::vector<ModuleDifferential> differentials;
  std::optional<ModulePathway> pathway;

  std::vector<std::string> files;       ///< names without folders
  std::vector<SourcePlace> rule_places; ///< parallel to rules, or empty where the source map was stripped
  std::vector<SourcePlace> definition_places;
  std::vector<SourcePlace> caution_places;

  bool can_explain = false; ///< of the file that was loaded: what explanations search by was not stripped
  std::string content_hash; ///< 64 hexadecimal digits; of the file that was loaded
};

enum class ModuleFaultKind : std::uint8_t {
#define ACESO_MODULE_FAULT(id, name, message) name,
#include "module/module_faults.def"
#undef ACESO_MODULE_FAULT
};
/// Why a module is refused.
struct ModuleFault {
  ModuleFaultKind kind{};
  std::string id;      ///< "A0883"
  std::string message; ///< a plain sentence
};
[[nodiscard]] ModuleFault make_fault(ModuleFaultKind kind, std::string_view detail);
/// All ids of module_faults.def in order, for the error index.
[[nodiscard]] const std::vector<std::string_view>& module_fault_ids();

struct ModuleLoad {
  std::shared_ptr<const Module> module; ///< null where there is a fault
  std::optional<ModuleFault> fault;
  [[nodiscard]] bool ok() const { return module != nullptr; }
};

inline constexpr std::size_t most_module_bytes = 64u << 20;

/// Reads and verifies a module. Refuses, with the first fault it finds, whatever is not sound from the first byte to
/// the last; reads nothing outside of `bytes` whatever they hold. Thread-safe.
[[nodiscard]] ModuleLoad load_module(std::string_view bytes);

/// Does the file begin like a module?
[[nodiscard]] inline bool is_module(std::string_view bytes) { return bytes.starts_with(module_magic); }
/// Or is meant to be one, by the name of its file.
[[nodiscard]] inline bool is_module_file(std::string_view path, std::string_view bytes) {
  return is_module(bytes) || path.ends_with(".acb");
}

/// What may be left out of a file; the decisions stay the same.
struct StripOptions {
  bool explanation = false, source_map = false, citations = false;
};
/// The bytes of a module file. Equal modules give equal bytes.
[[nodiscard]] std::string write_module(Module module, const StripOptions& strip = {});

/// The first promise that the module breaks; nothing for a sound module. Part of `load_module`, and of tests.
[[nodiscard]] std::optional<ModuleFault> verify_module(const Module& module);

/// The sections of a file, the tables and the instructions, for people.
[[nodiscard]] std::string dump_module(const Module& module, std::string_view bytes);

/// The value fits the type, all the way down. Unknown values fit every type.
[[nodiscard]] bool fits(const Dictionary& dictionary, TypeId type, const Value& value);

} // namespace aceso
