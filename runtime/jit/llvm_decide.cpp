/// One patient at one instant, from facts in a struct to outcomes alone. There are two versions of the code: one for
/// patients of whom everything is known, in which most truths have two values, and one for all others.
#include <algorithm>
#include <array>

#include "jit/facts_layout.h"
#include "jit/llvm_unit.h"
#include "module/decision.h"
#include "module/native_code.h"

namespace aceso::jit {
namespace {

using bytecode::Opcode;
using bytecode::Word;

/// Where values lie that go from one function to another, where there is more than one.
struct Scratch {
  explicit Scratch(const Module& module)
      : truths(8), numbers((truths + module.truths + 15) / 16 * 16),
        rules(numbers + 16 * std::uint64_t{module.numbers}), sides(rules + 2 * module.rules.size()),
        bytes(sides + 2 * module.dictionary.actions.size() + 16) {}
  static constexpr std::uint64_t stage = 0, refused = 4;
  std::uint64_t truths, numbers, rules, sides, bytes;
};

/// The registers of inputs, and those that only explanations or values need, are not asked for by anybody.
constexpr std::size_t most_ways_through = 256; ///< of a pathway at one instant

/// What is settled in one function is so in the next: of registers, rules and sides that lie in the scratch.
struct Settled {
  std::unordered_map<std::uint32_t, bool> truths, numbers, rules, sides;
  static bool has(const std::unordered_map<std::uint32_t, bool>& of, std::uint32_t index) {
    const auto found = of.find(index);
    return found != of.end() && found->second;
  }
};

class DecideEmitter final : public CodeEmitter {
public:
  DecideEmitter(Unit& unit, Logic& logic, Ir function, const FactsLayout& layout, bool is_complete, bool uses_scratch,
                Settled& settled)
      : CodeEmitter(logic, unit.module, unit.relations), unit_(unit), layout_(layout), scratch_(unit.module),
        is_complete_(is_complete), uses_scratch_(uses_scratch), settled_(settled), facts_(LLVMGetParam(function, 0)),
        now_(LLVMGetParam(function, 1)), outcomes_(LLVMGetParam(function, 2)), cautions_(LLVMGetParam(function, 3)),
        differentials_(LLVMGetParam(function, 4)), summary_(LLVMGetParam(function, 5)),
        memory_(LLVMGetParam(function, 6)) {
    number_writers = &unit.number_writers;
    for (std::size_t i = 0; i < module_.inputs.size(); ++i)
      inputs_[static_cast<std::size_t>(module_.inputs[i].space())].push_back(static_cast<std::uint32_t>(i));
  }

  void emit(const std::vector<Item>& items) {
    for (const Item& item : items)
      switch (item.kind) {
      case Item::Kind::code: code(item.index, item.end); break;
      case Item::Kind::constraints: constraints(); break;
      case Item::Kind::pathway: pathway(); break;
      case Item::Kind::rule: rule(RuleId(item.index)); break;
      case Item::Kind::sides: sides(ActionId(item.index)); break;
      case Item::Kind::outcome: {
        const Ir nothing = LLVMConstInt(l.i64, 0, 0);
        Ir sum = nothing;
        for (const Part& part : outcome(ActionId(item.index)))
          sum = LLVMBuildAdd(l.b, sum, l.select(part.when, LLVMConstInt(l.i64, part.addition, 0), nothing), "");
        unit_.store(sum, outcomes_, 8 * std::uint64_t{item.index}, 4);
        break;
      }
      case Item::Kind::caution: {
        const Truth3 a = applies(), c = truth(module_.cautions[item.index]);
        unit_.store(as_truth({l.both(a.is, c.is), l.both(a.may, c.may), nullptr}), cautions_, item.index, 1);
        break;
      }
      case Item::Kind::differential: {
        const Candidates& of = candidates(item.index);
        const auto status = [&](DifferentialStatus s) { return LLVMConstInt(l.i32, static_cast<unsigned>(s), 0); };
        Ir result = l.select(of.open, status(DifferentialStatus::undetermined),
                             l.select(of.tie, status(DifferentialStatus::tie), status(DifferentialStatus::none)));
        for (std::size_t i = 0; i < of.won.size(); ++i)
          result = l.select(of.won[i].is, LLVMConstInt(l.i32, 0x100 * i, 0), result);
        static_assert(static_cast<int>(DifferentialStatus::decided) == 0);
        unit_.store(result, differentials_, 4 * std::uint64_t{item.index}, 4);
        break;
      }
      case Item::Kind::finish: finish(); break;
      }
  }

protected:
  Truth3 load_truth(std::uint32_t index) override {
    if (const auto constant = unit_.constant_truth(l, index)) return *constant;
    if (index < inputs_[0].size()) {
      const std::uint32_t input = inputs_[0][index];
      const InputInfo& info = module_.dictionary.inputs[input];
      Truth3 said = stated_truth(input);
      if (said.is_settled() || info.unknown_policy != UnknownPolicy::assume || !info.assumed) return said;
      return l.settled(info.assumed->is<bool>() && info.assumed->as<bool>() ? said.may : said.is);
    }
    if (!Settled::has(settled_.truths, index)) return load_three(memory_, scratch_.truths + index);
    return l.settled(LLVMBuildICmp(l.b, LLVMIntEQ, unit_.load(memory_, scratch_.truths + index, l.i8, 1),
                                   l.byte(bytecode::yes), ""));
  }
  Number3 load_number(std::uint32_t index) override {
    if (const auto constant = unit_.constant_number(l, index)) return *constant;
    if (index < inputs_[1].size()) {
      const std::uint32_t input = inputs_[1][index];
      const InputInfo& info = module_.dictionary.inputs[input];
      Number3 said = stated_number(input);
      if (said.known == l.all || info.unknown_policy != UnknownPolicy::assume || !info.assumed) return said;
      const auto assumed = assumed_number(input, *info.assumed);
      if (!assumed) throw NeedsMachine("what is assumed about " + info.name + " is no whole number of steps");
      return l.number(l.select(said.known, l.value_of(said), l.lane_constant(64, *assumed)), l.all, nullptr);
    }
    const std::uint64_t at = scratch_.numbers + 16 * std::uint64_t{index};
    if (Settled::has(settled_.numbers, index)) return l.number(unit_.load(memory_, at, l.i64, 8), l.all, nullptr);
    const Ir state = unit_.load(memory_, at + 8, l.i8, 8);
    return {unit_.load(memory_, at, l.i64, 8), LLVMBuildICmp(l.b, LLVMIntEQ, state, l.byte(bytecode::known), ""),
            l.keeps_reasons ? state : nullptr};
  }
  RuleTruths load_rule(RuleId id) override {
    const std::uint64_t at = scratch_.rules + 2 * std::uint64_t{id.index()};
    const bool is_settled = Settled::has(settled_.rules, id.index());
    return {load_plain(at, is_settled), load_plain(at + 1, is_settled)};
  }
  SideTruths load_sides(ActionId id) override {
    if (relations_.voices[id.index()].empty()) return {l.settled(l.none), l.settled(l.none)};
    const std::uint64_t at = scratch_.sides + 2 * std::uint64_t{id.index()};
    const bool is_settled = Settled::has(settled_.sides, id.index());
    return {load_plain(at, is_settled), load_plain(at + 1, is_settled)};
  }
  void define(std::uint32_t index, Truth3 value) override {
    if (uses_scratch_) unit_.store(as_byte(value), memory_, scratch_.truths + index, 1);
    settled_.truths[index] = value.is_settled();
    CodeEmitter::define(index, value);
  }
  void define(std::uint32_t index, Number3 value) override {
    settled_.numbers[index] = value.known == l.all;
    if (uses_scratch_) {
      const std::uint64_t at = scratch_.numbers + 16 * std::uint64_t{index};
      unit_.store(l.value_of(value), memory_, at, 8);
      unit_.store(l.keeps_reasons ? l.state_of(value) : l.select(value.known, l.byte(bytecode::known), l.byte(0)),
                  memory_, at + 8, 8);
    }
    CodeEmitter::define(index, std::move(value));
  }
  void define(RuleId id, RuleTruths value) override {
    const std::uint64_t at = scratch_.rules + 2 * std::uint64_t{id.index()};
    if (uses_scratch_) unit_.store(as_truth(value.fires), memory_, at, 1);
    if (uses_scratch_) unit_.store(as_truth(value.effective), memory_, at + 1, 1);
    settled_.rules[id.index()] = value.fires.is_settled() && value.effective.is_settled();
    CodeEmitter::define(id, value);
  }
  void define(ActionId id, SideTruths value) override {
    const std::uint64_t at = scratch_.sides + 2 * std::uint64_t{id.index()};
    if (uses_scratch_) unit_.store(as_truth(value.in_favour), memory_, at, 1);
    if (uses_scratch_) unit_.store(as_truth(value.against), memory_, at + 1, 1);
    settled_.sides[id.index()] = value.in_favour.is_settled() && value.against.is_settled();
    CodeEmitter::define(id, value);
  }
  Number3 now() override { return l.number(now_, l.all, nullptr); }
  Truth3 in_stage(std::uint32_t stage) override {
    if (!stage_) stage_ = unit_.load(memory_, Scratch::stage, l.i32, 4);
    return l.settled(LLVMBuildICmp(l.b, LLVMIntEQ, stage_, LLVMConstInt(l.i32, stage, 0), ""));
  }
  void by_machine(std::uint32_t at, std::uint32_t) override {
    const Word* w = module_.code.data() + at;
    const std::uint32_t d = bytecode::destination_of(w[0]);
    switch (bytecode::opcode_of(w[0])) {
    case Opcode::series_number: return define(d, series_number(module_.series[w[1]]));
    case Opcode::series_value: {
      const SeriesFunction function = module_.series[w[1]].function;
      if (function != SeriesFunction::rising && function != SeriesFunction::falling) break;
      value_truths_[d] = no_trend(module_.series[w[1]].input); // one measurement neither rises nor falls
      return;
    }
    case Opcode::truth_as_value: value_truths_[d] = truth(w[1]); return;
    case Opcode::value_as_truth:
      if (const auto found = value_truths_.find(w[1]); found != value_truths_.end())
        return define(d, Truth3(found->second));
      break;
    case Opcode::known_value:
      if (const auto found = value_truths_.find(w[1]); found != value_truths_.end())
        return define(d, l.settled(l.without(l.unknown(found->second))));
      break;
    default: break;
    }
    throw NeedsMachine("the instruction `" + std::string(bytecode::info(bytecode::opcode_of(w[0])).name) +
                       "` works on values or on the past");
  }
  Number3 differential(std::uint32_t at) override {
    const std::uint32_t id = module_.code[at + 1];
    const Candidates& of = candidates(id);
    Number3 result;
    result.known = of.decided;
    for (std::size_t i = 0; i < of.won.size(); ++i)
      if (of.won[i].is != l.none)
        result.cases.push_back({of.won[i].is, module_.dictionary.differentials[id].candidates[i].index});
    if (result.cases.empty()) result.value = l.lane_constant(64, 0);
    if (l.keeps_reasons && result.known != l.all) result.state = l.select(of.open, l.byte(0), l.byte(6));
    return result;
  }
  Number3 look_up_number(const Number3& position, std::uint32_t first, std::uint32_t count) override {
    std::vector<Ir> constants;
    for (std::uint32_t i = first; i < first + count; ++i) {
      const auto found = unit_.number_constants.find(i);
      if (found == unit_.number_constants.end() || found->second.state != bytecode::known) break;
      constants.push_back(l.lane_constant(64, found->second.value));
    }
    if (count < 4 || constants.size() < count) return CodeEmitter::look_up_number(position, first, count);
    const Ir values = LLVMConstArray(l.i64, constants.data(), count);
    const Ir table = LLVMAddGlobal(unit_.ir, LLVMTypeOf(values), "table");
    LLVMSetInitializer(table, values);
    LLVMSetGlobalConstant(table, 1);
    LLVMSetLinkage(table, LLVMInternalLinkage);
    const Ir where = l.value_of(position);
    const Ir is_there = LLVMBuildICmp(l.b, LLVMIntULT, where, LLVMConstInt(l.i64, count, 0), "");
    const Ir index = l.select(is_there, where, LLVMConstInt(l.i64, 0, 0));
    const Ir offset = LLVMBuildMul(l.b, index, LLVMConstInt(l.i64, 8, 0), "");
    Ir offsets[] = {offset};
    const Ir bytes = LLVMBuildBitCast(l.b, table, unit_.pointer, "");
    const Ir value = unit_.load(LLVMBuildGEP2(l.b, l.i8, bytes, offsets, 1, ""), 0, l.i64, 8);
    const Ir known = l.both(position.known, is_there);
    const Ir state = l.keeps_reasons ? l.select(position.known, l.byte(5), l.state_of(position)) : nullptr;
    return l.number(value, known, state);
  }

private:
  Ir as_truth(const Truth3& x) {
    if (x.is_settled()) return l.select(x.is, l.byte(2), l.byte(0));
    return LLVMBuildAdd(l.b, LLVMBuildZExt(l.b, x.may, l.i8, ""), LLVMBuildZExt(l.b, x.is, l.i8, ""), "");
  }
  Ir as_byte(const Truth3& x) {
    if (l.keeps_reasons || x.is_settled()) return l.byte_of(x);
    return l.select(x.is, l.byte(bytecode::yes), l.select(x.may, l.byte(0), l.byte(bytecode::no)));
  }
  Truth3 load_three(Ir base, std::uint64_t offset) {
    const Ir byte = unit_.load(base, offset, l.i8, 1);
    return {LLVMBuildICmp(l.b, LLVMIntEQ, byte, l.byte(bytecode::yes), ""),
            LLVMBuildICmp(l.b, LLVMIntNE, byte, l.byte(bytecode::no), ""), l.keeps_reasons ? byte : nullptr};
  }
  Truth3 load_plain(std::uint64_t offset, bool is_settled) {
    const Ir byte = unit_.load(memory_, offset, l.i8, 1);
    if (is_settled) return l.settled(LLVMBuildICmp(l.b, LLVMIntEQ, byte, l.byte(2), ""));
    return {LLVMBuildICmp(l.b, LLVMIntEQ, byte, l.byte(2), ""), LLVMBuildICmp(l.b, LLVMIntNE, byte, l.byte(0), ""),
            nullptr};
  }

  /// What the facts say; assumptions come later.
  Truth3 stated_truth(std::uint32_t input) {
    const FactField& field = layout_.fields[input];
    if (is_complete_) return l.settled(is_yes(field.state));
    return load_three(facts_, field.state);
  }
  Number3 stated_number(std::uint32_t input) {
    const FactField& field = layout_.fields[input];
    const IrType type = LLVMIntTypeInContext(l.context, 8 * field.bytes);
    const Ir narrow = unit_.load(facts_, field.value, type, field.bytes);
    const Ir value = field.bytes == 8  ? narrow
                     : field.is_signed ? LLVMBuildSExt(l.b, narrow, l.i64, "")
                                       : LLVMBuildZExt(l.b, narrow, l.i64, "");
    if (is_complete_) return l.number(value, l.all, nullptr);
    const Ir state = unit_.load(facts_, field.state, l.i8, 1);
    return l.number(value, LLVMBuildICmp(l.b, LLVMIntEQ, state, l.byte(bytecode::known), ""),
                    l.keeps_reasons ? state : nullptr);
  }
  /// All states are compared at once; each truth is a bit of the result.
  Ir is_yes(std::uint32_t state) {
    if (layout_.states > 64)
      return LLVMBuildICmp(l.b, LLVMIntEQ, unit_.load(facts_, state, l.i8, 1), l.byte(bytecode::yes), "");
    const IrType bits = LLVMIntTypeInContext(l.context, layout_.states);
    if (!yes_bits_) {
      const IrType vector = LLVMVectorType(l.i8, layout_.states);
      std::vector<Ir> yes(layout_.states, l.byte(bytecode::yes));
      const Ir states = unit_.load(facts_, 0, vector, 1);
      yes_bits_ = LLVMBuildBitCast(
          l.b, LLVMBuildICmp(l.b, LLVMIntEQ, states, LLVMConstVector(yes.data(), layout_.states), ""), bits, "");
    }
    const Ir shifted = LLVMBuildLShr(l.b, yes_bits_, LLVMConstInt(bits, state, 0), "");
    return layout_.states == 1 ? shifted : LLVMBuildTrunc(l.b, shifted, l.i1, "");
  }

  static std::optional<std::int64_t> assumed_number(const Representation& representation, const Value& value) {
    switch (representation.form) {
    case Representation::Form::choice:
      if (value.is<Choice>()) return value.as<Choice>().index;
      break;
    case Representation::Form::date:
      if (value.is<Date>()) return value.as<Date>().days;
      break;
    case Representation::Form::instant:
      if (value.is<Instant>()) return value.as<Instant>().seconds;
      break;
    case Representation::Form::number:
      if (value.is<Rational>()) {
        const auto steps = Rational::divide(value.as<Rational>(), representation.step);
        if (steps && steps->is_integer()) return steps->numerator();
      }
      break;
    default: break;
    }
    return std::nullopt;
  }
  std::optional<std::int64_t> assumed_number(std::uint32_t input, const Value& value) const {
    return assumed_number(module_.inputs[input].representation, value);
  }

  /// Of an input with one statement at most, that of the present.
  Ir is_stated(InputId input, Ir& reason) {
    const bytecode::Space space = module_.inputs[input.index()].space();
    if (space == bytecode::Space::value) throw NeedsMachine("a series of values that are no numbers is asked for");
    if (space == bytecode::Space::truth) {
      const Truth3 said = stated_truth(input.index());
      reason = said.byte;
      return l.without(l.unknown(said));
    }
    const Number3 said = stated_number(input.index());
    reason = said.state;
    return said.known;
  }
  Number3 series_number(const SeriesCall& call) {
    Ir reason = nullptr;
    const Ir is_there = is_stated(call.input, reason);
    switch (call.function) {
    case SeriesFunction::count:
      return l.number(l.select(is_there, l.lane_constant(64, 1), l.lane_constant(64, 0)), l.all, nullptr);
    case SeriesFunction::latest:
    case SeriesFunction::first:
    case SeriesFunction::highest:
    case SeriesFunction::lowest:
      if (module_.inputs[call.input.index()].space() == bytecode::Space::number)
        return stated_number(call.input.index());
      break;
    case SeriesFunction::change: { // one measurement shows no change
      Number3 nothing = l.unknown_number(1);
      if (l.keeps_reasons && is_there != l.all) nothing.state = l.select(is_there, l.byte(1), reason);
      return nothing;
    }
    default: break;
    }
    throw NeedsMachine("a mean or a trend of measurements is asked for");
  }
  Truth3 no_trend(InputId input) {
    Ir reason = nullptr;
    const Ir is_there = is_stated(input, reason);
    static_assert(static_cast<int>(UnknownReason::not_done) == 1);
    if (!l.keeps_reasons) return l.truth(l.none, l.all, nullptr);
    return l.truth(l.none, l.all, is_there == l.all ? l.byte(1) : l.select(is_there, l.byte(1), reason));
  }

  const Candidates& candidates(std::uint32_t id) {
    const auto found = candidates_.find(id);
    return found != candidates_.end() ? found->second : candidates_.emplace(id, decide(id)).first->second;
  }

  void constraints() {
    refused_ = l.none;
    for (const std::uint32_t each : module_.constraints)
      refused_ = l.either(refused_, l.without(truth(each).may));
    if (uses_scratch_) unit_.store(LLVMBuildZExt(l.b, refused_, l.i8, ""), memory_, Scratch::refused, 1);
  }

  /// All ways through the pathway at one instant: nobody comes to a stage twice, and waits have not ended.
  Ir ways_from(std::vector<StageId>& entered, std::vector<bool>& taken) {
    const StageId here = entered.back();
    const Ir stays = LLVMConstInt(l.i32, here.index(), 0);
    if (++ways_ > most_ways_through)
      throw NeedsMachine("the pathway has more than 256 ways that can be gone at one instant");
    const auto& transitions = module_.pathway->transitions;
    Ir result = stays;
    for (const bool interrupts : {false, true}) { // interrupts come first: they are put over the others
      struct Way {
        StageId to;
        Ir when;
        std::vector<std::pair<std::size_t, Ir>> by; ///< the first that holds is the one that is taken
      };
      std::vector<Way> ways;
      Ir any = l.none, several = l.none;
      for (std::size_t i = 0; i < transitions.size(); ++i) {
        const ModuleTransition& each = transitions[i];
        if (each.is_interrupt() != interrupts || !is_way_out(each, here)) continue;
        if (each.at_most == 1 && taken[i]) continue;
        if (each.after && (each.after->months != 0 || each.after->seconds != 0)) continue;
        const Ir holds = each.condition == no_register ? l.all : truth(each.condition).is;
        auto way = std::find_if(ways.begin(), ways.end(), [&](const Way& w) { return w.to == each.to; });
        if (way == ways.end()) way = ways.insert(ways.end(), Way{each.to, l.none, {}});
        way->by.emplace_back(i, l.both(holds, l.without(way->when)));
        way->when = l.either(way->when, holds);
      }
      Ir next = stays;
      for (const Way& way : ways) {
        several = l.either(several, l.both(any, way.when));
        any = l.either(any, way.when);
        Ir there = stays; // a circle without time
        if (std::find(entered.begin(), entered.end(), way.to) == entered.end()) {
          entered.push_back(way.to);
          const bool counts = std::any_of(way.by.begin(), way.by.end(),
                                          [&](const auto& by) { return transitions[by.first].at_most == 1; });
          if (!counts) {
            there = ways_from(entered, taken);
          } else {
            for (const auto& [i, when] : way.by) {
              const bool was = taken[i];
              taken[i] = true;
              there = l.select(when, ways_from(entered, taken), there);
              taken[i] = was;
            }
          }
          entered.pop_back();
        }
        next = l.select(way.when, there, next);
      }
      next = l.select(several, stays, next);
      result = l.select(any, next, result);
    }
    return result;
  }
  static bool is_way_out(const ModuleTransition& transition, StageId stage) {
    if (!transition.is_interrupt()) return transition.from == stage;
    return transition.to != stage &&
           std::find(transition.except.begin(), transition.except.end(), stage) == transition.except.end();
  }

  void pathway() {
    const Ir nowhere = LLVMConstInt(l.i32, 0xffffffff, 0);
    stage_ = nowhere;
    if (module_.pathway) {
      std::vector<StageId> entered{module_.pathway->start};
      std::vector<bool> taken(module_.pathway->transitions.size());
      const Ir starts = module_.applies == no_register ? l.all : truth(module_.applies).is;
      stage_ = l.select(starts, ways_from(entered, taken), nowhere);
    }
    if (uses_scratch_) unit_.store(stage_, memory_, Scratch::stage, 4);
    unit_.store(stage_, summary_, offsetof(NativeSummary, stage), 4);
  }

  void finish() {
    unit_.store(as_truth(applies()), summary_, offsetof(NativeSummary, applies), 1);
    if (!refused_) {
      const Ir byte = unit_.load(memory_, Scratch::refused, l.i8, 1);
      refused_ = LLVMBuildICmp(l.b, LLVMIntNE, byte, l.byte(0), "");
    }
    LLVMBuildRet(l.b, LLVMBuildZExt(l.b, refused_, l.i32, ""));
    is_finished = true;
  }

public:
  bool is_finished = false;

private:
  Unit& unit_;
  const FactsLayout& layout_;
  Scratch scratch_;
  bool is_complete_, uses_scratch_;
  Settled& settled_;
  Ir facts_, now_, outcomes_, cautions_, differentials_, summary_, memory_;
  std::vector<std::uint32_t> inputs_[3]; ///< by register: the input
  Ir yes_bits_ = nullptr, refused_ = nullptr, stage_ = nullptr;
  std::size_t ways_ = 0;
  std::unordered_map<std::uint32_t, Truth3> value_truths_; ///< registers of values that are truths
  std::unordered_map<std::uint32_t, Candidates> candidates_;
};

std::vector<IrType> argument_types(const Unit& unit) {
  return {unit.pointer, unit.i64, unit.pointer, unit.pointer, unit.pointer, unit.pointer, unit.pointer};
}

std::vector<Ir> arguments_of(Ir function) {
  std::vector<Ir> arguments(7);
  LLVMGetParams(function, arguments.data());
  return arguments;
}

Ir add_version(Unit& unit, const std::string& name, const FactsLayout& layout,
               const std::vector<std::vector<Item>>& functions, bool is_complete, bool keeps_reasons) {
  std::vector<Ir> parts;
  Settled settled;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const Ir function = unit.begin_function(name + std::to_string(i), unit.i32, argument_types(unit), false);
    ScalarLogic logic(unit.context, unit.builder, keeps_reasons);
    DecideEmitter emitter(unit, logic, function, layout, is_complete, functions.size() > 1, settled);
    emitter.emit(functions[i]);
    if (!emitter.is_finished) LLVMBuildRet(unit.builder, LLVMConstInt(unit.i32, 0, 0));
    if (functions.size() > 1)
      LLVMAddAttributeAtIndex(function, static_cast<LLVMAttributeIndex>(LLVMAttributeFunctionIndex),
                              LLVMCreateEnumAttribute(unit.context, LLVMGetEnumAttributeKindForName("noinline", 8), 0));
    parts.push_back(function);
  }
  if (parts.size() == 1) return parts[0];
  const Ir whole = unit.begin_function(name, unit.i32, argument_types(unit), false);
  std::vector<Ir> arguments = arguments_of(whole);
  Ir result = nullptr;
  for (const Ir part : parts)
    result = LLVMBuildCall2(unit.builder, LLVMGlobalGetValueType(part), part, arguments.data(), 7, "");
  LLVMBuildRet(unit.builder, result);
  return whole;
}

/// Are all bytes of state 7 or more?
Ir is_complete(Unit& unit, Ir facts, std::uint32_t states) {
  Ir result = nullptr;
  for (std::uint32_t done = 0; done < states;) {
    const std::uint32_t count = std::min(states - done, 64u);
    std::vector<Ir> known(count, LLVMConstInt(unit.i8, bytecode::known, 0));
    const Ir vector = unit.load(facts, done, LLVMVectorType(unit.i8, count), 1);
    const Ir below = LLVMBuildICmp(unit.builder, LLVMIntULT, vector, LLVMConstVector(known.data(), count), "");
    const IrType bits = LLVMIntTypeInContext(unit.context, count);
    const Ir one = LLVMBuildICmp(unit.builder, LLVMIntEQ, LLVMBuildBitCast(unit.builder, below, bits, ""),
                                 LLVMConstNull(bits), "");
    result = result ? LLVMBuildAnd(unit.builder, result, one, "") : one;
    done += count;
  }
  return result ? result : LLVMConstInt(LLVMInt1TypeInContext(unit.context), 1, 0);
}

bool asks_for_reasons(const Module& module) {
  const std::span<const Word> code = module.code;
  for (std::size_t at = 0; at < code.size();) {
    const Opcode opcode = bytecode::opcode_of(code[at]);
    if (opcode == Opcode::because_truth || opcode == Opcode::because_number) return true;
    at += bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {});
  }
  return false;
}

/// Would the stage be asked for before the pathway has been followed?
bool asks_for_stage_early(const Module& module) {
  const std::span<const Word> code = module.code;
  for (std::size_t at = 0; at < module.pathway_end;) {
    if (bytecode::opcode_of(code[at]) == Opcode::in_stage) return true;
    at += bytecode::for_each_operand(code.subspan(at), [](bytecode::Operand) {});
  }
  return false;
}

} // namespace

void add_decide_function(Unit& unit) {
  const Module& module = unit.module;
  if (asks_for_stage_early(module)) throw NeedsMachine("the ways through the pathway ask where the patient stands");
  const FactsLayout layout = facts_layout(module);
  std::vector<Item> items;
  add_code_items(items, module, 0, module.constraints_end, false);
  items.push_back({Item::Kind::constraints, 0, 0, module.constraints.size()});
  add_code_items(items, module, module.constraints_end, module.pathway_end, false);
  items.push_back({Item::Kind::pathway, 0, 0, 200});
  add_code_items(items, module, module.pathway_end, static_cast<std::uint32_t>(module.code.size()), false);
  add_settling_items(items, module, unit.relations);
  for (std::size_t i = 0; i < module.differentials.size(); ++i)
    items.push_back({Item::Kind::differential, static_cast<std::uint32_t>(i), 0, 50});
  items.push_back({Item::Kind::finish, 0, 0, 1});
  const auto functions = in_functions(items);

  const bool keeps_reasons = asks_for_reasons(module);
  const Ir complete = add_version(unit, "complete", layout, functions, true, keeps_reasons);
  const Ir general = add_version(unit, "general", layout, functions, false, keeps_reasons);
  const Ir whole = unit.begin_function("decide", unit.i32, argument_types(unit), true);
  std::vector<Ir> arguments = arguments_of(whole);
  const auto known = LLVMAppendBasicBlockInContext(unit.context, whole, "");
  const auto open = LLVMAppendBasicBlockInContext(unit.context, whole, "");
  LLVMBuildCondBr(unit.builder, is_complete(unit, arguments[0], layout.states), known, open);
  for (const auto& [block, version] : {std::pair{known, complete}, std::pair{open, general}}) {
    LLVMPositionBuilderAtEnd(unit.builder, block);
    LLVMBuildRet(unit.builder,
                 LLVMBuildCall2(unit.builder, LLVMGlobalGetValueType(version), version, arguments.data(), 7, ""));
  }
  unit.publish("scratch_bytes", LLVMConstInt(unit.i64, functions.size() > 1 ? Scratch(module).bytes : 8, 0));
}

} // namespace aceso::jit
