/// A module for people: `aceso dump`.
#include <fmt/format.h>

#include "module/module.h"

namespace aceso {

using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Word;
using Form = Representation::Form;

namespace {

constexpr std::string_view form_names[] = {"truth", "choice", "number", "date", "instant", "value"};
constexpr std::string_view series_names[] = {"latest", "first",  "highest", "lowest", "mean",
                                             "count",  "change", "trend",   "rising", "falling"};

class Dump {
public:
  Dump(const Module& module, std::string_view bytes) : module_(module), names_(module.dictionary), bytes_(bytes) {}

  std::string text() {
    head();
    registers();
    tables();
    code();
    return std::move(out_);
  }

private:
  template <class... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
    out_ += '\n';
  }
  [[nodiscard]] std::uint32_t word_at(std::size_t at) const {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
      word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[at + i])) << (8 * i);
    return word;
  }

  void head() {
    line("module {} {}", names_.guideline.id, names_.guideline.version);
    line("guideline {}", names_.guideline.hash);
    line("content sha256:{}", module_.content_hash);
    line("format {}, {} bytes", module_format_version, bytes_.size());
    constexpr std::string_view sections[] = {"names",      "tables",    "constants", "code",  "explanation",
                                             "source map", "citations", "proofs",    "search"};
    for (std::uint32_t i = 0; i < word_at(12); ++i) {
      const std::size_t row = 48 + 16 * std::size_t{i};
      line("section {} {}: {} bytes at {}", word_at(row), sections[word_at(row) - 1], word_at(row + 8),
           word_at(row + 4));
    }
  }

  [[nodiscard]] static std::string name(const Place& place) {
    const char letter = "tnv"[static_cast<std::size_t>(place.space())];
    std::string text =
        fmt::format("{}{} {}", letter, place.index, form_names[static_cast<std::size_t>(place.representation.form)]);
    if (place.representation.form == Form::number) text += fmt::format(" of {}", place.representation.step.to_text());
    return text;
  }
  [[nodiscard]] std::string value(const Value& value) const {
    if (value.is<Unknown>()) return fmt::format("unknown ({})", to_text(value.reason()));
    if (value.is<TimeOfDay>()) return fmt::format("time {}", to_text(value.as<TimeOfDay>()));
    if (value.is<DateRange>()) return fmt::format("date {}", to_text(value.as<DateRange>()));
    if (value.is<Boxed<NumberBounds>>()) return "a number of which bounds are known";
    if (value.is<Boxed<Interval>>()) return "an interval";
    if (value.is<bool>()) return value.as<bool>() ? "yes" : "no";
    if (value.is<Choice>()) return fmt::format("choice {}", value.as<Choice>().index);
    if (value.is<Rational>()) return value.as<Rational>().to_text();
    if (value.is<Date>()) return fmt::format("day {}", value.as<Date>().days);
    if (value.is<Instant>()) return fmt::format("second {}", value.as<Instant>().seconds);
    if (value.is<Concept>()) {
      const ConceptText code = text_of(names_, value.as<Concept>());
      return fmt::format("{}|{}", code.system, code.code);
    }
    std::string list;
    for (const Value& each : value.as<ValueList>())
      list += (list.empty() ? "" : ", ") + this->value(each);
    return "[" + list + "]";
  }

  void registers() {
    line("\nregisters: {} truths, {} numbers, {} values", module_.truths, module_.numbers, module_.values);
    for (std::size_t i = 0; i < module_.inputs.size(); ++i)
      line("input {} = {}", names_.inputs[i].name, name(module_.inputs[i]));
    for (const TruthConstant& each : module_.truth_constants)
      line("t{} = {}", each.index,
           each.truth == bytecode::yes  ? "yes"
           : each.truth == bytecode::no ? "no"
                                        : to_text(static_cast<UnknownReason>(each.truth)));
    for (const NumberConstant& each : module_.number_constants)
      line("n{} = {}", each.index,
           each.number.state == bytecode::known ? fmt::format("{}", each.number.value)
                                                : std::string(to_text(static_cast<UnknownReason>(each.number.state))));
    for (const ValueConstant& each : module_.value_constants)
      line("v{} = {}", each.index, value(each.value));
  }

  [[nodiscard]] static std::string truth(std::uint32_t index) {
    return index == no_register ? "always" : fmt::format("t{}", index);
  }

  void tables() {
    line("\ntables");
    line("applies when {}", truth(module_.applies));
    for (std::size_t i = 0; i < module_.constraints.size(); ++i)
      line("constraint {} requires t{}", names_.constraints[i].name, module_.constraints[i]);
    for (std::size_t i = 0; i < module_.definitions.size(); ++i)
      line("definition {} = {}", names_.definitions[i].name, name(module_.definitions[i]));
    for (std::size_t i = 0; i < module_.rules.size(); ++i)
      rule(i);
    for (std::size_t i = 0; i < module_.cautions.size(); ++i)
      line("caution {} when t{}", names_.cautions[i].name, module_.cautions[i]);
    for (std::size_t i = 0; i < module_.differentials.size(); ++i)
      differential(i);
    if (module_.pathway) pathway(*module_.pathway);
  }

  void rule(std::size_t index) {
    const ModuleRule& rule = module_.rules[index];
    line("rule {} when t{}", names_.rules[index].name, rule.condition);
    for (const ModuleAdvice& each : rule.advice)
      line("  {} {}{}{}{}{}", to_text(each.verb), names_[each.action].name,
           each.strength == Strength::none ? "" : fmt::format(" {}", to_text(each.strength)),
           each.urgency == Urgency::none ? "" : fmt::format(" {}", to_text(each.urgency)),
           each.within ? " within " + to_text(*each.within) : "",
           each.selected == no_register ? "" : fmt::format(" if t{}", each.selected));
    for (const RuleId loser : rule.overrides)
      line("  overrides {}", names_[loser].name);
  }

  void differential(std::size_t index) {
    const ModuleDifferential& differential = module_.differentials[index];
    line("differential {} needs {} ahead by {}", names_.differentials[index].name, differential.needs.to_text(),
         differential.ahead_by.to_text());
    for (const ModuleArgument& each : differential.arguments)
      line("  {} {} weighs {} when t{}", each.is_for ? "for" : "against", each.candidate, each.weight.to_text(),
           each.condition);
    for (const ModuleVerdict& each : differential.verdicts)
      line("  {} {} when t{}", each.confirms ? "confirm" : "exclude", each.candidate, each.condition);
  }

  void pathway(const ModulePathway& pathway) {
    line("pathway {} starts in {}", names_.pathway, names_[pathway.start].name);
    for (const ModuleTransition& each : pathway.transitions)
      line("  {} -> {} when {}{}{}{}", each.is_interrupt() ? "any stage" : names_[each.from].name, names_[each.to].name,
           truth(each.condition), each.after ? " after " + to_text(*each.after) : "",
           each.within ? " within " + to_text(*each.within) : "",
           each.at_most == 0 ? "" : fmt::format(" at most {} times", each.at_most));
  }

  void code() {
    const std::span<const Word> all = module_.code;
    line("\ncode: {} words", all.size());
    for (std::size_t at = 0; at < all.size();) {
      if (at == 0 && module_.constraints_end > 0) line("constraints:");
      if (at == module_.constraints_end && module_.pathway_end > at) line("pathway:");
      if (at == module_.pathway_end) line("decision:");
      at += instruction(all.subspan(at), at);
    }
  }

  std::size_t instruction(std::span<const Word> code, std::size_t at) {
    const Opcode opcode = bytecode::opcode_of(code[0]);
    const auto& info = bytecode::info(opcode);
    std::string operands;
    std::size_t position = 0;
    std::size_t length = 0;
    length =
        bytecode::for_each_operand(code, [&](Operand each) { operands += ' ' + operand(opcode, position++, each); });
    if (info.walk == bytecode::Walk::branch) operands += fmt::format(" to {}", at + length + code[length - 1]);
    line("{:6}  {}{} = {}{}", at, info.signature[0], bytecode::destination_of(code[0]), info.name, operands);
    return length;
  }

  [[nodiscard]] std::string operand(Opcode opcode, std::size_t position, const Operand& each) const {
    const bool is_operation = position == 0 && (opcode == Opcode::apply || opcode == Opcode::apply_real);
    switch (each.letter) {
    case 't':
    case 'n':
    case 'v': return fmt::format("{}{}", each.letter, each.word);
    case 'T': return fmt::format("t{}..t{}", each.word, each.word + each.count - 1);
    case 'N': return fmt::format("n{}..n{}", each.word, each.word + each.count - 1);
    case 'S': return names_.stages[each.word].name;
    case 'c': return names_.actions[each.word].name;
    case 'd': return names_.differentials[each.word].name;
    case 's': {
      const SeriesCall& call = module_.series[each.word];
      return fmt::format("{}({}{})", series_names[static_cast<std::size_t>(call.function)], names_[call.input].name,
                         call.window ? " within " + to_text(*call.window) : "");
    }
    case 'R': {
      const Representation& r = module_.representations[each.word];
      return fmt::format("({} of {})", form_names[static_cast<std::size_t>(r.form)], r.step.to_text());
    }
    case 'P': {
      const Parameters& p = module_.parameters[each.word];
      return fmt::format("({} {} {} values)", p.factor.to_text(), p.offset.to_text(), p.list.size());
    }
    default:
      return is_operation ? std::string(bytecode::value_operations[each.word].name) : fmt::format("{}", each.word);
    }
  }

  const Module& module_;
  const Dictionary& names_;
  std::string_view bytes_;
  std::string out_;
};

} // namespace

std::string dump_module(const Module& module, std::string_view bytes) { return Dump(module, bytes).text(); }

} // namespace aceso
