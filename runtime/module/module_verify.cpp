/// The verifier: after it an engine runs the code without looking again. It looks at everything once, in linear time.
#include <algorithm>
#include <tuple>
#include <unordered_set>

#include <fmt/format.h>

#include "module/differential_weights.h"
#include "module/look_back.h"
#include "module/module.h"
#include "module/point_kind.h"
#include "values/interval.h"

namespace aceso {

namespace {

constexpr bool is_date(Date date) { return date.days >= -719'162 && date.days <= 2'932'896; }

} // namespace

bool fits(const Dictionary& dictionary, TypeId type_id, const Value& value) {
  if (value.is<Unknown>()) return true;
  if (type_id.index() >= dictionary.types.size()) return false;
  const TypeInfo& type = dictionary[type_id];
  switch (type.kind) {
  case TypeKind::yes_no: return value.is<bool>();
  case TypeKind::choice:
  case TypeKind::scale: return value.is<Choice>() && value.as<Choice>().index < type.members.size();
  case TypeKind::number:
  case TypeKind::duration: return value.is<Rational>() || value.is<Boxed<NumberBounds>>();
  case TypeKind::date:
    if (value.is<DateRange>()) return is_date(value.as<DateRange>().first) && is_date(value.as<DateRange>().last);
    return value.is<Date>() && is_date(value.as<Date>());
  case TypeKind::instant: return value.is<Instant>();
  case TypeKind::time: return value.is<TimeOfDay>();
  case TypeKind::interval:
    return value.is<Boxed<Interval>>() && type.element.index() < dictionary.types.size() &&
           value.as<Boxed<Interval>>()->kind == point_kind(dictionary[type.element].kind);
  case TypeKind::code: {
    if (!value.is<Concept>()) return false;
    const Concept& code = value.as<Concept>();
    return code.index == Concept::unfamiliar ? code.text != nullptr : code.index < dictionary.concepts.size();
  }
  case TypeKind::action: return value.is<Choice>() && value.as<Choice>().index < dictionary.actions.size();
  case TypeKind::list: // a value is a tree, so this ends
    return value.is<ValueList>() &&
           std::all_of(value.as<ValueList>().begin(), value.as<ValueList>().end(),
                       [&](const Value& each) { return fits(dictionary, type.element, each); });
  }
  return false;
}

namespace {

using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Space;
using bytecode::ValueOperation;
using bytecode::Walk;
using bytecode::Word;
using Form = Representation::Form;

/// Recursive walks at run time (what is missing under a table, what stands under `round`) are bounded by these.
constexpr std::uint32_t deepest_walk = 400, largest_walk = 100'000;
constexpr std::int64_t furthest_months = 12 * 10'000, furthest_seconds = 400'000'000'000;
constexpr std::uint8_t deepest_look_back = 4;
/// Without these, a file of some megabytes could ask for hours of work before it decides anything.
constexpr std::size_t most_read = 1u << 24, most_run_again = 1u << 22, most_rivals = 1u << 24, most_candidates = 4096;

class Verifier {
public:
  explicit Verifier(const Module& module) : module_(module), dictionary_(module.dictionary) {}

  std::optional<ModuleFault> verify() {
    try {
      dictionary();
      sizes();
      code();
      tables();
      // Last, because it follows what the code and the tables say.
      require(!looks_back_ || words_run_again(module_, most_run_again) <= most_run_again, ModuleFaultKind::too_large,
              "conditions over time run more than {} words of the code again", most_run_again);
    } catch (const Refusal& refusal) {
      return refusal.fault;
    }
    return std::nullopt;
  }

private:
  struct Refusal {
    ModuleFault fault;
  };
  template <class... Arguments>
  void require(bool holds, ModuleFaultKind kind, fmt::format_string<Arguments...> format,
               Arguments&&... arguments) const {
    if (!holds) throw Refusal{make_fault(kind, fmt::format(format, std::forward<Arguments>(arguments)...))};
  }
  template <class Tag, class Rows>
  void row(ModuleFaultKind kind, const char* what, Id<Tag> id, const Rows& rows) const {
    require(id.index() < rows.size(), kind, "there is no {} {}", what, id.index());
  }

  // ---------------------------------------------------------------- dictionary

  template <class Rows>
  void names(std::string_view what, const Rows& rows) const {
    std::unordered_set<std::string_view> seen;
    for (const auto& each : rows) {
      require(!each.name.empty(), ModuleFaultKind::bad_dictionary, "a {} has no name", what);
      require(seen.insert(each.name).second, ModuleFaultKind::bad_dictionary, "two {}s are called {}", what, each.name);
    }
  }

  void types() const {
    for (std::size_t i = 0; i < dictionary_.types.size(); ++i) {
      const TypeInfo& type = dictionary_.types[i];
      // An element stands before its list, so types are no circles.
      if (type.kind == TypeKind::list || type.kind == TypeKind::interval)
        require(type.element.index() < i, ModuleFaultKind::bad_dictionary, "list type {} has no element before it", i);
      const bool is_number = type.kind == TypeKind::number || type.kind == TypeKind::duration;
      const bool has_bounds = type.minimum || type.maximum || type.step;
      require(is_number || !has_bounds, ModuleFaultKind::bad_dictionary, "type {} has bounds and is no number", i);
      require(!type.step || *type.step > Rational(0), ModuleFaultKind::bad_dictionary,
              "type {} has a step that is not above 0", i);
      require(type.members.empty() || type.kind == TypeKind::choice || type.kind == TypeKind::scale,
              ModuleFaultKind::bad_dictionary, "type {} has members and is no choice", i);
    }
  }

  /// Rising positions in the table of concepts.
  void positions(std::string_view set, const std::vector<std::uint32_t>& codes) const {
    for (std::size_t i = 0; i < codes.size(); ++i)
      require(codes[i] < dictionary_.concepts.size() && (i == 0 || codes[i - 1] < codes[i]),
              ModuleFaultKind::bad_dictionary, "the codes of value set {} are not in order, or not in the table", set);
  }

  void terms() const {
    const auto& all = dictionary_.concepts;
    for (std::size_t i = 1; i < all.size(); ++i)
      require(std::tie(all[i - 1].system, all[i - 1].code) < std::tie(all[i].system, all[i].code),
              ModuleFaultKind::bad_dictionary, "the concepts are not in the order of their systems and codes");
    for (const ValueSetInfo& set : dictionary_.value_sets) {
      positions(set.name, set.codes.members);
      if (set.codes.known) positions(set.name, *set.codes.known);
    }
  }

  void dictionary() const {
    types();
    terms();
    names("input", dictionary_.inputs);
    names("definition", dictionary_.definitions);
    names("action", dictionary_.actions);
    names("action class", dictionary_.classes);
    names("rule", dictionary_.rules);
    names("caution", dictionary_.cautions);
    names("differential", dictionary_.differentials);
    names("stage", dictionary_.stages);
    names("constraint", dictionary_.constraints);
    for (const InputInfo& each : dictionary_.inputs) {
      row(ModuleFaultKind::bad_dictionary, "type", each.type, dictionary_.types);
      for (const Value& value : each.landmarks)
        require(fits(dictionary_, each.type, value), ModuleFaultKind::bad_dictionary,
                "a landmark of input {} is not of its type", each.name);
      for (const Period& age : each.landmark_ages)
        require(age.months >= -furthest_months && age.months <= furthest_months && age.seconds >= -furthest_seconds &&
                    age.seconds <= furthest_seconds,
                ModuleFaultKind::bad_dictionary, "a landmark of input {} lies beyond 10000 years", each.name);
      for (const auto* value : {&each.typical, &each.assumed})
        require(!*value || fits(dictionary_, each.type, **value), ModuleFaultKind::bad_dictionary,
                "a value of input {} is not of its type", each.name);
      require((each.unknown_policy == UnknownPolicy::assume) == each.assumed.has_value(),
              ModuleFaultKind::bad_dictionary, "input {} assumes a value and has none, or has one and does not",
              each.name);
    }
    for (const DefinitionInfo& each : dictionary_.definitions)
      row(ModuleFaultKind::bad_dictionary, "type", each.type, dictionary_.types);
    std::size_t rivals = 0;
    for (const ActionClassInfo& each : dictionary_.classes) {
      for (const ActionId action : each.actions)
        row(ModuleFaultKind::bad_dictionary, "action", action, dictionary_.actions);
      if (each.at_most_one) rivals += each.actions.size() * each.actions.size();
      require(rivals <= most_rivals, ModuleFaultKind::too_large,
              "action classes say of more than {} pairs that only one is to be advised", most_rivals);
    }
    for (const InteractionInfo& each : dictionary_.interactions)
      for (const ActionId action : {each.first, each.second})
        row(ModuleFaultKind::bad_dictionary, "action", action, dictionary_.actions);
    for (const RuleInfo& each : dictionary_.rules) {
      for (const OverrideInfo& one : each.overrides)
        row(ModuleFaultKind::bad_dictionary, "rule", one.rule, dictionary_.rules);
      for (const InputId input : each.inputs)
        row(ModuleFaultKind::bad_dictionary, "input", input, dictionary_.inputs);
    }
    for (const DifferentialInfo& each : dictionary_.differentials) {
      row(ModuleFaultKind::bad_dictionary, "type", each.type, dictionary_.types);
      const TypeInfo& type = dictionary_[each.type];
      require(type.kind == TypeKind::choice || type.kind == TypeKind::scale, ModuleFaultKind::bad_dictionary,
              "differential {} is not about a choice", each.name);
      require(each.candidates.size() <= most_candidates, ModuleFaultKind::too_large,
              "differential {} has more than {} candidates", each.name, most_candidates);
      for (const Choice candidate : each.candidates)
        require(candidate.index < type.members.size(), ModuleFaultKind::bad_dictionary,
                "differential {} has no candidate {}", each.name, candidate.index);
    }
    for (const ConstraintInfo& each : dictionary_.constraints)
      for (const InputId input : each.inputs)
        row(ModuleFaultKind::bad_dictionary, "input", input, dictionary_.inputs);
  }

  // ---------------------------------------------------------------- registers

  [[nodiscard]] std::uint32_t size_of(Space space) const {
    return space == Space::truth ? module_.truths : space == Space::number ? module_.numbers : module_.values;
  }
  static std::string_view name_of(Space space) {
    return space == Space::truth ? "truth" : space == Space::number ? "number" : "value";
  }

  void defined(Space space, std::uint32_t index) const {
    if (index < size_of(space) && defined_[static_cast<std::size_t>(space)][index]) [[likely]]
      return;
    exists(space, index);
    require(false, ModuleFaultKind::bad_code, "{} {} is used before it has a value", name_of(space), index);
  }
  /// A register belongs to one instruction, so that it can be asked where its value came from.
  void define(Space space, std::uint32_t index) {
    exists(space, index);
    std::uint8_t& written = written_[static_cast<std::size_t>(space)][index];
    if (written) require(false, ModuleFaultKind::bad_code, "{} {} gets a second value", name_of(space), index);
    written = 1;
    mark(space, index);
  }
  void exists(Space space, std::uint32_t index) const {
    if (index >= size_of(space)) require(false, ModuleFaultKind::bad_code, "there is no {} {}", name_of(space), index);
  }
  void mark(Space space, std::uint32_t index) {
    defined_[static_cast<std::size_t>(space)][index] = 1;
    log_.emplace_back(space, index);
  }

  /// A place has to be one whose form agrees with the type, so that what is read is a value of that type.
  void place(std::string_view what, const Place& place, TypeId type_id) const {
    defined(place.space(), place.index);
    representation(place.representation);
    const TypeKind kind = dictionary_[type_id].kind;
    const bool agree = [&] {
      switch (place.representation.form) {
      case Form::truth: return kind == TypeKind::yes_no;
      case Form::choice: return kind == TypeKind::choice || kind == TypeKind::scale || kind == TypeKind::action;
      case Form::number: return kind == TypeKind::number || kind == TypeKind::duration;
      case Form::date: return kind == TypeKind::date;
      case Form::instant: return kind == TypeKind::instant;
      case Form::value: return true;
      }
      return false;
    }();
    require(agree, ModuleFaultKind::bad_table, "the register of {} is not of its type", what);
  }
  void representation(const Representation& each) const {
    require(each.step > Rational(0), ModuleFaultKind::bad_table, "a step is not above 0");
  }

  void sizes() {
    const std::size_t parts[] = {module_.truths, module_.numbers, module_.values};
    // Every register is an input, a constant or the destination of an instruction.
    const std::size_t most = module_.inputs.size() + module_.truth_constants.size() + module_.number_constants.size() +
                             module_.value_constants.size() + module_.code.size();
    for (std::size_t space = 0; space < 3; ++space) {
      require(parts[space] <= most && parts[space] <= bytecode::most_registers, ModuleFaultKind::too_large,
              "it asks for {} registers and can use {}", parts[space], most);
      defined_[space].assign(parts[space], 0);
      written_[space].assign(parts[space], 0);
    }
    log_.reserve(parts[0] + parts[1] + parts[2]);
    require(module_.inputs.size() == dictionary_.inputs.size(), ModuleFaultKind::bad_table,
            "there are {} inputs and {} registers", dictionary_.inputs.size(), module_.inputs.size());
    std::uint32_t next[3] = {};
    for (std::size_t i = 0; i < module_.inputs.size(); ++i) {
      const Place& each = module_.inputs[i];
      require(each.index == next[static_cast<std::size_t>(each.space())]++, ModuleFaultKind::bad_table,
              "the register of input {} is out of order", i);
      define(each.space(), each.index);
      place(dictionary_.inputs[i].name, each, dictionary_.inputs[i].type);
    }
    for (const TruthConstant& each : module_.truth_constants) {
      define(Space::truth, each.index);
      require(each.truth <= bytecode::yes, ModuleFaultKind::bad_code, "constant {} is no truth", each.index);
    }
    for (const NumberConstant& each : module_.number_constants) {
      define(Space::number, each.index);
      require(each.number.state <= bytecode::known, ModuleFaultKind::bad_code, "constant {} has no such state",
              each.index);
    }
    for (const ValueConstant& each : module_.value_constants)
      define(Space::value, each.index);
  }

  // ---------------------------------------------------------------- code

  /// Skips are nested like brackets: a region ends before the one around it does. What is defined in a region has no
  /// value after it, but for the destination of the skip, which has to have one either way.
  struct Region {
    std::size_t end;
    std::uint32_t destination;
    std::size_t log; ///< how much was defined before
  };

  void code() {
    const auto& code = module_.code;
    require(module_.constraints_end <= module_.pathway_end && module_.pathway_end <= code.size(),
            ModuleFaultKind::bad_code, "its parts are not in order");
    for (std::size_t space = 0; space < 3; ++space) {
      walks_[space].assign(defined_[space].size(), {});
      look_backs_[space].assign(defined_[space].size(), 0);
    }
    std::size_t at = 0;
    while (true) {
      while (!regions_.empty() && regions_.back().end == at)
        leave_region();
      if (at == module_.constraints_end || at == module_.pathway_end)
        require(regions_.empty(), ModuleFaultKind::bad_code, "a skip goes from one part into the next");
      if (at == module_.constraints_end)
        for (const std::uint32_t each : module_.constraints)
          condition(each);
      if (at == module_.pathway_end && module_.pathway) pathway_conditions();
      if (at == code.size()) break;
      require((code[at] & 0xff) < bytecode::opcodes.size(), ModuleFaultKind::bad_code, "word {} has no opcode ({})", at,
              code[at] & 0xff);
      const std::size_t next = at + instruction(std::span(code).subspan(at), at);
      for (const std::uint32_t part : {module_.constraints_end, module_.pathway_end})
        require(part <= at || part >= next, ModuleFaultKind::bad_code,
                "a part begins inside the instruction at word {}", at);
      require(regions_.empty() || next <= regions_.back().end, ModuleFaultKind::bad_code,
              "a skip ends inside the instruction at word {}", at);
      at = next;
    }
  }

  void leave_region() {
    const Region region = regions_.back();
    regions_.pop_back();
    defined(Space::truth, region.destination);
    while (log_.size() > region.log) {
      const auto [space, index] = log_.back();
      defined_[static_cast<std::size_t>(space)][index] = 0;
      log_.pop_back();
    }
    mark(Space::truth, region.destination);
  }

  std::size_t instruction(std::span<const Word> words, std::size_t at) {
    const Opcode opcode = bytecode::opcode_of(words[0]);
    const auto& info = bytecode::info(opcode);
    operands_.clear();
    const std::size_t length =
        bytecode::for_each_operand(words, [&](Operand operand) { operands_.push_back(operand); });
    require(length != 0, ModuleFaultKind::bad_code, "the instruction at word {} is cut off", at);
    for (const Operand& operand : operands_)
      this->operand(operand);
    special(opcode, at);
    if (info.walk == Walk::branch) {
      const std::size_t skipped = operands_.back().word;
      const std::size_t end = at + length + skipped;
      require(skipped > 0 && end <= module_.code.size() && (regions_.empty() || end <= regions_.back().end),
              ModuleFaultKind::bad_code, "the skip at word {} goes too far", at);
      const std::uint32_t destination = bytecode::destination_of(words[0]);
      require(destination < module_.truths && !written_[0][destination], ModuleFaultKind::bad_code,
              "the skip at word {} has no destination of its own", at);
      regions_.push_back({end, destination, log_.size()});
      return length;
    }
    const Space space = info.signature[0] == 't'   ? Space::truth
                        : info.signature[0] == 'n' ? Space::number
                                                   : Space::value;
    const std::uint32_t destination = bytecode::destination_of(words[0]);
    exists(space, destination);
    measure_walk(info, space, destination);
    measure_look_back(opcode, space, destination);
    define(space, destination);
    return length;
  }

  /// Of registers that do not stand in the words of the instruction.
  void reads(std::size_t registers) {
    read_in_all_ += registers;
    require(read_in_all_ <= most_read, ModuleFaultKind::too_large,
            "look-ups and differentials read more than {} registers in all", most_read);
  }

  void operand(const Operand& operand) {
    const auto block = [&](Space space) {
      reads(operand.count);
      require(operand.count > 0 && operand.word < size_of(space) && operand.count <= size_of(space) - operand.word,
              ModuleFaultKind::bad_code, "a block of {} {}s does not exist", operand.count, name_of(space));
      for (std::uint32_t i = 0; i < operand.count; ++i)
        defined(space, operand.word + i);
    };
    const auto below = [&](const char* what, std::size_t size) {
      require(operand.word < size, ModuleFaultKind::bad_code, "there is no {} {}", what, operand.word);
    };
    switch (operand.letter) {
    case 't': return defined(Space::truth, operand.word);
    case 'n': return defined(Space::number, operand.word);
    case 'v': return defined(Space::value, operand.word);
    case 'T': return block(Space::truth);
    case 'N': return block(Space::number);
    case 'd': return below("differential", module_.differentials.size());
    case 's':
      below("call of a series", module_.series.size());
      return row(ModuleFaultKind::bad_table, "input", module_.series[operand.word].input, dictionary_.inputs);
    case 'S': return below("stage", dictionary_.stages.size());
    case 'c': return below("action", dictionary_.actions.size());
    case 'R': return below("representation", module_.representations.size());
    case 'P': return below("row of parameters", module_.parameters.size());
    default: return; // plain numbers: see special()
    }
  }

  void special(Opcode opcode, std::size_t at) {
    const Word first = operands_.empty() ? 0 : operands_[0].word;
    const auto check = [&](bool holds, const char* what) {
      require(holds, ModuleFaultKind::bad_code, "{} at word {}: {}", bytecode::info(opcode).name, at, what);
    };
    switch (opcode) {
    case Opcode::and_all:
    case Opcode::or_all:
    case Opcode::add_all:
    case Opcode::minimum:
    case Opcode::maximum:
    case Opcode::number_of: return check(!operands_.empty(), "it has no operands");
    case Opcode::at_least: return check(operands_.size() > 1, "it has no operands");
    case Opcode::because_truth:
    case Opcode::because_number:
    case Opcode::because_value:
      return check(first <= static_cast<Word>(UnknownReason::not_applicable), "there is no such reason");
    case Opcode::table_truth:
      return check(first <= static_cast<Word>(bytecode::HitPolicy::any) && operands_.size() > 1, "no such table");
    case Opcode::table_number:
      return check(first <= static_cast<Word>(bytecode::HitPolicy::collect_count) && operands_.size() > 1,
                   "no such table");
    case Opcode::table_value:
      return check(first <= static_cast<Word>(bytecode::HitPolicy::collect_list) && operands_.size() > 1,
                   "no such table");
    case Opcode::round:
    case Opcode::round_real:
      return check(first <= static_cast<Word>(RoundingMode::away_from_zero), "there is no such way to round");
    case Opcode::truth_as_value:
    case Opcode::value_as_truth: return;
    case Opcode::number_as_value:
    case Opcode::value_as_number: {
      const Form form = module_.representations[first].form;
      return check(space_of(form) == Space::number, "its representation is no number");
    }
    case Opcode::series_number: return series(module_.series[first], at);
    case Opcode::held_for: {
      const Parameters& parameters = module_.parameters[first];
      const auto is_length = [](Rational each, std::int64_t most) {
        return each.is_integer() && each >= Rational(0) && each <= Rational(most);
      };
      return check(is_length(parameters.factor, 12 * 10'000) && is_length(parameters.offset, 400'000'000'000),
                   "there is no such length of time");
    }
    case Opcode::apply:
    case Opcode::apply_real: {
      check(first < bytecode::value_operations.size(), "there is no such operation");
      const auto& info = bytecode::info(static_cast<ValueOperation>(first));
      const int count = static_cast<int>(operands_.size()) - 2;
      check(count >= info.fewest && (info.most < 0 || count <= info.most), "it has too few or too many operands");
      const Parameters& parameters = module_.parameters[operands_[1].word];
      if (static_cast<ValueOperation>(first) == ValueOperation::interval ||
          static_cast<ValueOperation>(first) == ValueOperation::relation)
        check(parameters.reference <= static_cast<Word>(PointKind::time), "there is no such kind of point");
      if (static_cast<ValueOperation>(first) == ValueOperation::relation)
        check(parameters.detail <= static_cast<std::uint8_t>(Relation::ends), "there is no such relation");
      if (static_cast<ValueOperation>(first) == ValueOperation::member_of)
        check(parameters.reference < dictionary_.value_sets.size() &&
                  parameters.detail <= static_cast<std::uint8_t>(Quantifier::number),
              "there is no such value set");
      if (opcode == Opcode::apply_real) check(info.real != RealOp::leaf, "it has no place in a real expression");
      return;
    }
    case Opcode::differential: {
      // Its conditions have values by now, so no two differentials wait for each other.
      const ModuleDifferential& differential = module_.differentials[first];
      reads(differential.arguments.size() + differential.verdicts.size());
      for (const ModuleArgument& each : differential.arguments)
        defined(Space::truth, each.condition);
      for (const ModuleVerdict& each : differential.verdicts)
        defined(Space::truth, each.condition);
      return;
    }
    default: return;
    }
  }

  /// Other functions give values, which are invalid for inputs of another kind.
  void series(const SeriesCall& call, std::size_t at) const {
    const bool is_number = space_of(module_.inputs[call.input.index()].representation.form) == Space::number;
    const bool holds = call.function == SeriesFunction::count ||
                       (is_number && call.function <= SeriesFunction::change && call.function != SeriesFunction::mean);
    require(holds, ModuleFaultKind::bad_code, "series_number at word {}: its input is of another kind", at);
  }

  /// Depth and number of steps of a walk that goes through tables and choices (for `selects`) or through a real
  /// expression (for `round_real`) without remembering where it was.
  struct WalkSize {
    std::uint32_t depth = 0, steps = 1;
  };
  void measure_walk(const bytecode::OpcodeInfo& info, Space space, std::uint32_t destination) {
    const bool is_walked = info.walk == Walk::choice || info.walk == Walk::table || info.name == "apply_real" ||
                           info.name == "selects" || info.name == "round_real";
    if (!is_walked) return;
    WalkSize size;
    std::uint64_t steps = 1;
    for (const Operand& operand : operands_) {
      if (operand.letter != 't' && operand.letter != 'n' && operand.letter != 'v') continue;
      const Space from = operand.letter == 't' ? Space::truth : operand.letter == 'n' ? Space::number : Space::value;
      const WalkSize& of = walks_[static_cast<std::size_t>(from)][operand.word];
      size.depth = std::max(size.depth, of.depth + 1);
      steps += of.steps;
    }
    require(size.depth <= deepest_walk && steps <= largest_walk, ModuleFaultKind::too_large,
            "tables, choices or real expressions are nested {} deep with {} parts", size.depth, steps);
    size.steps = static_cast<std::uint32_t>(steps);
    if (info.name == "selects" || info.name == "round_real") return; // a walk ends here
    walks_[static_cast<std::size_t>(space)][destination] = size;
  }

  /// How many looks into the past stand inside each other: each asks again at every change of the patient.
  void measure_look_back(Opcode opcode, Space space, std::uint32_t destination) {
    std::uint8_t depth = 0;
    const auto look = [&](Space from, std::uint32_t index) {
      depth = std::max(depth, look_backs_[static_cast<std::size_t>(from)][index]);
    };
    for (const Operand& operand : operands_)
      for (std::uint32_t i = 0; i < operand.count; ++i) {
        if (operand.letter == 't' || operand.letter == 'T') look(Space::truth, operand.word + i);
        if (operand.letter == 'n' || operand.letter == 'N') look(Space::number, operand.word + i);
        if (operand.letter == 'v') look(Space::value, operand.word);
      }
    if (opcode == Opcode::differential) {
      const ModuleDifferential& differential = module_.differentials[operands_[0].word];
      for (const ModuleArgument& each : differential.arguments)
        look(Space::truth, each.condition);
      for (const ModuleVerdict& each : differential.verdicts)
        look(Space::truth, each.condition);
    }
    if (opcode == Opcode::held_for) {
      looks_back_ = true;
      ++depth;
    }
    require(depth <= deepest_look_back, ModuleFaultKind::too_large, "conditions over time are nested {} deep", depth);
    look_backs_[static_cast<std::size_t>(space)][destination] = depth;
  }

  // ---------------------------------------------------------------- tables

  void condition(std::uint32_t truth) const { defined(Space::truth, truth); }
  void parallel(std::string_view what, std::size_t rows, std::size_t names) const {
    require(rows == names, ModuleFaultKind::bad_table, "there are {} {} and {} names for them", rows, what, names);
  }

  void tables() {
    for (const Representation& each : module_.representations)
      representation(each);
    for (const SeriesCall& each : module_.series)
      row(ModuleFaultKind::bad_table, "input", each.input, dictionary_.inputs);
    if (module_.applies != no_register) condition(module_.applies);
    parallel("constraints", module_.constraints.size(), dictionary_.constraints.size());
    parallel("definitions", module_.definitions.size(), dictionary_.definitions.size());
    parallel("rules", module_.rules.size(), dictionary_.rules.size());
    parallel("cautions", module_.cautions.size(), dictionary_.cautions.size());
    parallel("differentials", module_.differentials.size(), dictionary_.differentials.size());
    for (const std::uint32_t each : module_.constraints)
      condition(each);
    for (std::size_t i = 0; i < module_.definitions.size(); ++i)
      place(dictionary_.definitions[i].name, module_.definitions[i], dictionary_.definitions[i].type);
    for (const ModuleRule& rule : module_.rules)
      this->rule(rule);
    overrides();
    for (const std::uint32_t each : module_.cautions)
      condition(each);
    for (std::size_t i = 0; i < module_.differentials.size(); ++i)
      differential(i);
    pathway();
    source_map();
  }

  void rule(const ModuleRule& rule) const {
    condition(rule.condition);
    for (const ModuleAdvice& each : rule.advice) {
      row(ModuleFaultKind::bad_table, "action", each.action, dictionary_.actions);
      if (each.selected != no_register) condition(each.selected);
    }
    for (const RuleId loser : rule.overrides)
      row(ModuleFaultKind::bad_table, "rule", loser, module_.rules);
  }

  /// Kahn's order: a rule is settled once all that override it are.
  void overrides() const {
    std::vector<std::uint32_t> overriders(module_.rules.size());
    for (const ModuleRule& rule : module_.rules)
      for (const RuleId loser : rule.overrides)
        ++overriders[loser.index()];
    std::vector<std::size_t> settled;
    for (std::size_t i = 0; i < overriders.size(); ++i)
      if (overriders[i] == 0) settled.push_back(i);
    for (std::size_t i = 0; i < settled.size(); ++i)
      for (const RuleId loser : module_.rules[settled[i]].overrides)
        if (--overriders[loser.index()] == 0) settled.push_back(loser.index());
    require(settled.size() == module_.rules.size(), ModuleFaultKind::bad_table,
            "rules override each other in a circle");
  }

  void differential(std::size_t index) const {
    const std::size_t candidates = dictionary_.differentials[index].candidates.size();
    const auto candidate = [&](std::uint32_t each) {
      require(each < candidates, ModuleFaultKind::bad_table, "differential {} has no candidate {}", index, each);
    };
    require(whole_weights(module_.differentials[index]).has_value(), ModuleFaultKind::too_large,
            "the weights of differential {} do not fit 62 bits", index);
    for (const ModuleArgument& each : module_.differentials[index].arguments) {
      candidate(each.candidate);
      condition(each.condition);
    }
    for (const ModuleVerdict& each : module_.differentials[index].verdicts) {
      candidate(each.candidate);
      condition(each.condition);
    }
  }

  void pathway_conditions() const {
    if (module_.applies != no_register) condition(module_.applies);
    for (const ModuleTransition& each : module_.pathway->transitions)
      if (each.condition != no_register) condition(each.condition);
  }

  void pathway() const {
    require(module_.pathway.has_value() != dictionary_.pathway.empty(), ModuleFaultKind::bad_table,
            "names and tables disagree on whether there is a pathway");
    if (!module_.pathway) return;
    const auto stage = [&](StageId id) { row(ModuleFaultKind::bad_table, "stage", id, dictionary_.stages); };
    stage(module_.pathway->start);
    for (const ModuleTransition& each : module_.pathway->transitions) {
      if (!each.is_interrupt()) stage(each.from);
      stage(each.to);
      for (const StageId id : each.except)
        stage(id);
    }
  }

  void source_map() const {
    const auto places = [&](std::string_view what, const std::vector<SourcePlace>& list, std::size_t rows) {
      if (!list.empty()) parallel(what, list.size(), rows);
      for (const SourcePlace& each : list)
        require(each.file < module_.files.size(), ModuleFaultKind::bad_table, "there is no file {}", each.file);
    };
    places("places of rules", module_.rule_places, module_.rules.size());
    places("places of definitions", module_.definition_places, module_.definitions.size());
    places("places of cautions", module_.caution_places, module_.cautions.size());
  }

  const Module& module_;
  const Dictionary& dictionary_;
  std::vector<std::uint8_t> defined_[3], written_[3]; ///< by register, 0 or 1
  std::vector<std::pair<Space, std::uint32_t>> log_;
  std::vector<Region> regions_;
  std::vector<WalkSize> walks_[3];
  std::vector<std::uint8_t> look_backs_[3];
  std::vector<Operand> operands_;
  std::size_t read_in_all_ = 0;
  bool looks_back_ = false;
};

} // namespace

std::optional<ModuleFault> verify_module(const Module& module) { return Verifier(module).verify(); }

} // namespace aceso
