/// The decision as every engine gives it, from the results of an evaluation.
#include <algorithm>
#include <cstring>

#include "interpret/evaluator_state.h"
#include "values/sha256.h"
#include "values/stable_order.h"

namespace aceso::interpret {

using namespace std::string_view_literals;

namespace {

Rational score(const DifferentialWeights& weights, std::int64_t value) {
  // Whole weights fit 62 bits and so does their sum (verified), hence the fraction fits as well.
  return Rational::make(static_cast<Int128>(value) * weights.unit.numerator(), weights.unit.denominator()).value_or(0);
}

/// The next row of a list. Rows of the decision before are used again, with what they have allocated.
template <class Row>
Row& next_row(std::vector<Row>& rows, std::size_t& used) {
  if (used == rows.size()) rows.emplace_back();
  return rows[used++];
}

char letter(Truth truth) { return "nuy"[static_cast<std::size_t>(truth)]; }
char letter(RecommendationStatus status) { return "ancuo"[static_cast<std::size_t>(status)]; }
char letter(std::optional<Verb> verb) { return verb ? "rsac"[static_cast<std::size_t>(*verb)] : '-'; }

/// Text that is put together in a buffer that stays.
class TraceText {
public:
  explicit TraceText(std::string& buffer) : buffer_(buffer) {}

  TraceText& operator<<(std::string_view part) {
    std::memcpy(room(part.size()), part.data(), part.size());
    return *this;
  }
  /// Where so many bytes are to be written.
  [[nodiscard]] char* room(std::size_t bytes) {
    if (buffer_.size() - used_ < bytes) buffer_.resize(2 * buffer_.size() + bytes);
    return buffer_.data() + std::exchange(used_, used_ + bytes);
  }
  [[nodiscard]] std::string_view text() const { return std::string_view(buffer_).substr(0, used_); }

private:
  std::string& buffer_;
  std::size_t used_ = 0;
};

} // namespace

Evaluator::Differential Evaluator::State::differential(DifferentialId id) {
  const auto& late = plan.differentials_without_code;
  if (std::find(late.begin(), late.end(), id) != late.end()) machine.decide(id);
  const DifferentialState& state = machine.differential(id);
  if (!state.decided) return {state.status, std::nullopt};
  return {state.status, names.differentials[id.index()].candidates[*state.decided]};
}

void Evaluator::State::describe_differential(DifferentialId id, DifferentialResult& result) {
  const ModuleDifferential& differential = module.differentials[id.index()];
  const auto& candidates = names.differentials[id.index()].candidates;
  const DifferentialState& state = machine.differential(id);
  const auto standing = machine.candidates(id);
  result.differential = id;
  result.status = state.status;
  result.decided = state.decided ? std::optional(candidates[*state.decided]) : std::nullopt;
  result.candidates.resize(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    CandidateResult& candidate = result.candidates[i];
    candidate.candidate = candidates[i];
    candidate.lowest = score(plan.weights[id.index()], standing[i].lowest);
    candidate.highest = score(plan.weights[id.index()], standing[i].highest);
    candidate.confirmed = standing[i].confirmed == Truth::yes;
    candidate.excluded = standing[i].excluded == Truth::yes;
    candidate.arguments_for.clear();
    candidate.arguments_against.clear();
  }
  const auto& texts = names.differentials[id.index()].arguments; // may have been left out of the module
  for (std::size_t i = 0; i < differential.arguments.size(); ++i) {
    const ModuleArgument& argument = differential.arguments[i];
    if (machine.truth(argument.condition) != bytecode::yes) continue;
    CandidateResult& candidate = result.candidates[argument.candidate];
    (argument.is_for ? candidate.arguments_for : candidate.arguments_against)
        .push_back(i < texts.size() ? std::string_view(texts[i]) : std::string_view());
  }
  result.missing.clear();
  if (state.status != DifferentialStatus::undetermined) return;
  machine.begin_missing();
  for (const ModuleArgument& argument : differential.arguments)
    machine.add_missing_truth(argument.condition);
  for (const ModuleVerdict& verdict : differential.verdicts)
    machine.add_missing_truth(verdict.condition);
  result.missing = machine.missing();
}

void Evaluator::State::describe_stage(StageResult& result) const {
  const auto zoned = [&](Instant at) { return now.zone.at(at); };
  result.stage = path.back().first;
  result.entered_at = zoned(path.back().second);
  result.path.clear();
  for (const auto& [stage, at] : path)
    result.path.push_back({stage, zoned(at)});
  result.next.resize(next.size());
  for (std::size_t i = 0; i < next.size(); ++i) {
    const NextWay& way = next[i];
    const ModuleTransition& transition = module.pathway->transitions[way.transition];
    NextStage& each = result.next[i];
    each.to = transition.to;
    each.when = transition.condition_text;
    each.condition = way.condition;
    each.not_before = transition.after ? std::optional(zoned(after(*transition.after))) : std::nullopt;
    each.due = transition.within ? std::optional(zoned(after(*transition.within))) : std::nullopt;
    each.overdue = each.due && each.due->instant < now.instant;
    if (!each.due) each.due = each.not_before;
    each.missing.assign(next_missing.begin() + way.missing_begin, next_missing.begin() + way.missing_end);
  }
  result.conflict = conflict;
}

void Evaluator::State::gather_missing(Decision& decision) {
  std::size_t used = 0;
  missing_row_.assign(names.inputs.size(), 0); // from 1; 0 for none
  const auto note = [&](const std::vector<InputId>& missing, std::string_view settles) {
    for (const InputId input : missing) {
      std::uint32_t& row = missing_row_[input.index()];
      if (row == 0) {
        MissingInput& made = next_row(decision.missing, used);
        made.input = input;
        made.settles.clear();
        const Place& place = module.inputs[input.index()];
        made.is_known_now = machine.is_known(place.space(), place.index);
        row = static_cast<std::uint32_t>(used);
      }
      auto& list = decision.missing[row - 1].settles;
      if (std::find(list.begin(), list.end(), settles) == list.end()) list.push_back(settles);
    }
  };
  for (const auto& r : decision.recommendations)
    note(r.missing, names[r.action].name);
  for (const auto& d : decision.differentials)
    note(d.missing, names.differentials[d.differential.index()].name);
  for (const auto& c : decision.cautions)
    note(c.missing, names.cautions[c.caution.index()].name);
  if (decision.stage)
    for (const auto& n : decision.stage->next)
      note(n.missing, names[n.to].name);
  decision.missing.resize(used);
  sort_stably(decision.missing, [](const auto& a, const auto& b) {
    return a.settles.size() != b.settles.size() ? a.settles.size() > b.settles.size() : a.input < b.input;
  });
}

/// The same for every engine: docs/decisions/0010.
std::string_view Evaluator::State::trace_of(const Decision& decision) {
  TraceText trace(trace_);
  trace << "aceso trace 2\n"sv << names.guideline.hash << "\n"sv << to_text(decision.at) << " "sv
        << to_text(decision.applies) << "\nrules "sv;
  char* out = trace.room(2 * rules.size());
  for (const RuleState& rule : rules) {
    *out++ = letter(rule.fires);
    *out++ = letter(rule.effective);
  }
  trace << "\nactions "sv;
  out = trace.room(2 * decision.recommendations.size());
  for (const auto& r : decision.recommendations) {
    *out++ = letter(r.verb);
    *out++ = letter(r.status);
  }
  trace << "\ncautions "sv;
  out = trace.room(cautions.size());
  for (const Truth caution : cautions)
    *out++ = letter(caution);
  trace << "\n"sv;
  for (const auto& v : decision.values) {
    trace << "= "sv;
    const TypeId type = names.definitions[v.definition.index()].type;
    if (v.value.is<bool>()) {
      trace << (v.value.as<bool>() ? "yes"sv : "no"sv);
    } else if (v.value.is<Choice>() && names[type].kind != TypeKind::action) {
      trace << names[type].members[v.value.as<Choice>().index].name;
    } else {
      trace << to_text(names, type, v.value);
    }
    trace << "\n"sv;
  }
  for (const auto& d : decision.differentials) {
    trace << "? "sv << to_text(d.status);
    for (const auto& c : d.candidates)
      trace << " "sv << c.lowest.to_text() << ".."sv << c.highest.to_text();
    trace << "\n"sv;
  }
  if (decision.stage)
    for (const auto& visit : decision.stage->path)
      trace << "> "sv << names[visit.stage].name << " "sv << to_text(visit.entered_at) << "\n"sv;
  return trace.text();
}

const Decision& Evaluator::State::decision() {
  Decision& result = decision_;
  result.at = stated_now;
  result.zone = now.zone;
  result.applies = applies;
  result.rules = rules;
  if (module.pathway && !plan.asks_for_stage_early) list_next();
  for (const DifferentialId id : plan.differentials_without_code)
    machine.decide(id);
  if (path.empty()) {
    result.stage.reset();
  } else {
    if (!result.stage) result.stage.emplace();
    describe_stage(*result.stage);
  }
  result.values.resize(module.definitions.size());
  for (std::size_t i = 0; i < module.definitions.size(); ++i) {
    const Place& place = module.definitions[i];
    DefinitionValue& each = result.values[i];
    each.definition = DefinitionId(i);
    each.value = read(machine.registers(), place);
    each.missing.clear();
    if (!fits(names, names.definitions[i].type, each.value)) each.value = UnknownReason::invalid;
    if (each.value.is_known()) continue;
    machine.begin_missing();
    machine.add_missing(place.space(), place.index);
    each.missing = machine.missing();
  }
  result.differentials.resize(module.differentials.size());
  for (std::size_t i = 0; i < module.differentials.size(); ++i)
    describe_differential(DifferentialId(i), result.differentials[i]);
  result.recommendations.resize(voiced.size());
  for (std::size_t i = 0; i < voiced.size(); ++i) {
    const ActionState& state = actions[voiced[i].index()];
    Recommendation& each = result.recommendations[i];
    each.action = voiced[i];
    each.verb = state.verb;
    each.status = state.status;
    each.strength = state.strength;
    each.urgency = state.urgency;
    each.within = state.within;
    list_rules_behind(voiced[i], each.rules);
    each.missing.clear();
    if (state.status == RecommendationStatus::undetermined) each.missing = missing(voiced[i]);
  }
  std::size_t used = 0;
  for (std::size_t i = 0; i < cautions.size(); ++i) {
    if (cautions[i] == Truth::no) continue;
    CautionResult& each = next_row(result.cautions, used);
    each.caution = CautionId(i);
    each.fires = cautions[i];
    each.missing.clear();
    if (each.fires != Truth::unknown) continue;
    machine.begin_missing();
    machine.add_missing_truth(module.applies);
    machine.add_missing_truth(module.cautions[i]);
    each.missing = machine.missing();
  }
  result.cautions.resize(used);
  result.assumed.clear();
  for (std::size_t i = 0; i < names.inputs.size(); ++i)
    if (facts.is_assumed(InputId(i)))
      result.assumed.push_back({InputId(i), read(machine.registers(), module.inputs[i])});
  gather_missing(result);
  result.trace = "sha256:";
  result.trace += sha256(trace_of(result));
  return result;
}

} // namespace aceso::interpret
