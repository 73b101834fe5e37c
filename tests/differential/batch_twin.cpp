#include "batch_twin.h"

#include <algorithm>

#include <fmt/format.h>

#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"
#include "jit/block_code.h"

namespace aceso::differential {
namespace {

class Comparison {
public:
  Comparison(const std::shared_ptr<const Module>& module, const batch::Results& results)
      : names_(module->dictionary), evaluator_(module), results_(results) {}

  /// Empty where the row is decided as the row engine decides the case.
  std::string difference(std::size_t row, const PatientCase& patient_case) {
    interpret::state(evaluator_, patient_case);
    const bool decided = evaluator_.evaluate(patient_case.now, patient_case.zone());
    if (results_.is_refused(row) == decided) return decided ? "refused" : "not refused";
    for (std::size_t i = 0; i < names_.constraints.size(); ++i) {
      const auto& broken = evaluator_.broken();
      const bool is_broken =
          std::any_of(broken.begin(), broken.end(), [&](const auto& b) { return b.constraint.index() == i; });
      if (results_.breaks(row, ConstraintId(i)) != is_broken) return "constraint " + names_.constraints[i].name;
    }
    if (!decided) return {};
    if (results_.applies(row) != evaluator_.applies()) return "applies";
    if (results_.stage(row) != evaluator_.stage()) return "stage";
    for (std::size_t i = 0; i < names_.actions.size(); ++i)
      if (const std::string what = action_difference(row, ActionId(i)); !what.empty())
        return fmt::format("action {}: {}", names_.actions[i].name, what);
    for (std::size_t i = 0; i < names_.cautions.size(); ++i)
      if (results_.caution(row, CautionId(i)) != evaluator_.caution(CautionId(i)))
        return "caution " + names_.cautions[i].name;
    const Decision& decision = evaluator_.decision();
    for (const DifferentialResult& each : decision.differentials) {
      const auto got = results_.differential(row, each.differential);
      if (got.status != each.status || got.decided != each.decided)
        return "differential " + names_.differentials[each.differential.index()].name;
    }
    for (const DefinitionValue& each : decision.values) {
      const DefinitionInfo& info = names_.definitions[each.definition.index()];
      const Value got = results_.definition(row, each.definition);
      if (got != each.value)
        return fmt::format("definition {} is {}, not {}", info.name, to_text(names_, info.type, got),
                           to_text(names_, info.type, each.value));
    }
    return {};
  }

private:
  std::string action_difference(std::size_t row, ActionId id) {
    const auto got = results_.action(row, id);
    const auto& wanted = evaluator_.action(id);
    if (got.status != wanted.status)
      return fmt::format("status {}, not {}", to_text(got.status), to_text(wanted.status));
    if (got.verb != wanted.verb)
      return fmt::format("verb {} not {}, {}", got.verb ? to_text(*got.verb) : "-",
                         wanted.verb ? to_text(*wanted.verb) : "-", to_text(got.status));
    if (got.strength != wanted.strength) return "strength";
    if (got.urgency != wanted.urgency) return "urgency";
    if (got.within != wanted.within) return "within";
    if (results_.missing(row, id) != evaluator_.missing(id)) return "missing";
    return {};
  }

  const Dictionary& names_;
  interpret::Evaluator evaluator_;
  const batch::Results& results_;
};

std::string answer_text(const Dictionary& names, const EngineAnswer& answer) {
  if (answer.ok()) return decision_to_json(names, answer.decision);
  std::string text;
  for (const CaseFault& fault : answer.faults)
    text += fault.id + " " + fault.message + "\n";
  return text;
}

} // namespace

std::string batch_difference(const std::shared_ptr<const Module>& module, std::vector<PatientCase> cases, bool one_now,
                             batch::RowCounts& counts, NativeBlocks* native) {
  batch::PlanOptions options;
  options.missing = true;
  const auto plan = batch::make_plan(module, options);
  batch::Table table(plan);
  table.resize(cases.size());
  for (std::size_t row = 0; row < cases.size(); ++row) {
    PatientCase& each = cases[row];
    if (one_now) {
      each.now = cases.front().now;
      each.time_zone = cases.front().time_zone;
      each.rules_of_zone = cases.front().rules_of_zone;
    }
    if (!each.events.empty() || (!one_now && !each.time_zone.empty())) {
      table.set_case(row, each);
      continue;
    }
    if (!one_now) table.set_now(row, each.now);
    for (const Fact& fact : each.facts)
      table.set(row, fact.input, fact.value);
  }
  const PatientCase& first = cases.front();
  const batch::Batch view =
      one_now ? table.view(first.now, first.time_zone, first.rules_of_zone) : table.view(first.now);
  batch::Results results;
  const auto row_engine = interpret::make_engine(module);
  Comparison comparison(module, results);
  const auto run = [&](const batch::RunOptions& with, std::string_view name) -> std::string {
    batch::Runner runner(plan, with);
    runner.run(view, results);
    counts += results.counts();
    for (std::size_t row = 0; row < cases.size(); ++row) {
      const std::string difference = comparison.difference(row, cases[row]);
      if (!difference.empty()) return fmt::format("row {}, {}: {}", row, name, difference);
    }
    const std::size_t row = counts.rows % cases.size(); // any one of them in full
    const std::string got = answer_text(module->dictionary, runner.decide(view, row));
    const std::string wanted = answer_text(module->dictionary, row_engine->evaluate(cases[row]));
    return got == wanted ? std::string() : fmt::format("row {} in full is\n{}\nand not\n{}", row, got, wanted);
  };
  for (const auto kernels : {batch::Kernels::portable, batch::Kernels::avx2, batch::Kernels::avx512}) {
    if (!batch::has(kernels)) continue;
    if (auto difference = run({1, kernels, {}, {}}, batch::to_text(kernels)); !difference.empty()) return difference;
  }
  if (!native || !native->unavailable.empty()) return {};
  const jit::MadeBlocks made = jit::compile_blocks(*plan);
  if (!made.ok()) {
    if (made.fault->kind != jit::FaultKind::jit_unavailable) return made.fault->message;
    native->unavailable = made.fault->message;
    return {};
  }
  ++native->guidelines;
  native->rows += cases.size();
  for (const batch::BlockFunction each : made.functions)
    native->functions += each ? 1 : 0;
  batch::RunOptions with{1, {}, {}, {}};
  jit::use(made, with);
  return run(with, "native code");
}

} // namespace aceso::differential
