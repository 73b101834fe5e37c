#include "population/decide.h"

#include <algorithm>

#include "batch/plan.h"
#include "jit/block_code.h"
#include "jit/jit.h"
#include "population/column_decider.h"
#include "population/population_faults.h"
#include "population/row_decider.h"

namespace aceso::population {

void Outcomes::reset(std::size_t rows, std::size_t groups, const Wanted& wanted) {
  is_refused.assign(rows, 0);
  is_open.assign(rows, 0);
  keys.resize(groups);
  for (std::vector<std::uint32_t>& column : keys)
    column.resize(rows);
  values.resize(wanted.values.size());
  for (std::vector<Value>& column : values)
    column.assign(rows, Value());
  full.assign(wanted.full ? rows : 0, {});
  missing.clear();
  refusals.clear();
}

std::vector<Field> fields_of(const Module& module) {
  std::vector<Field> fields{{Field::Kind::applies, 0}};
  for (std::uint32_t a = 0; a < spoken_of(module).size(); ++a)
    fields.push_back({Field::Kind::advice, a});
  fields.push_back({Field::Kind::stage, 0});
  for (std::uint32_t c = 0; c < module.cautions.size(); ++c)
    fields.push_back({Field::Kind::caution, c});
  return fields;
}

std::vector<ActionId> spoken_of(const Module& module) {
  std::vector<bool> is_spoken_of(module.dictionary.actions.size());
  for (const ModuleRule& rule : module.rules)
    for (const ModuleAdvice& advice : rule.advice)
      is_spoken_of[advice.action.index()] = true;
  std::vector<ActionId> all;
  for (std::size_t i = 0; i < is_spoken_of.size(); ++i)
    if (is_spoken_of[i]) all.emplace_back(i);
  return all;
}

Terms terms_of(const Module& module) {
  const Relations relations(module);
  Terms terms;
  for (const ActionId action : spoken_of(module))
    terms.push_back(aceso::terms_of(relations.voices[action.index()]));
  return terms;
}

Advice advice_of(const Terms& terms, std::size_t position, RecommendationStatus status, std::optional<Verb> verb,
                 Strength strength, Urgency urgency, const std::optional<Period>& within) {
  Advice advice(status, verb, strength, urgency);
  if (within)
    advice.set_term(static_cast<std::size_t>(std::ranges::find(terms[position], *within) - terms[position].begin()));
  return advice;
}

std::string_view to_text(EngineKind engine) {
  constexpr std::string_view names[] = {"vm", "batch", "native"};
  return names[static_cast<std::size_t>(engine)];
}

struct DeciderFactory::Shared {
  std::shared_ptr<const Module> module;
  Wanted wanted;
  std::shared_ptr<const batch::Plan> plan; ///< null for the row machine
  batch::RunOptions options;
  std::shared_ptr<const NativeCode> code; ///< null for none
};

DeciderFactory::DeciderFactory(std::shared_ptr<const Module> module, EngineKind engine, const Wanted& wanted) {
  auto shared = std::make_unique<Shared>();
  shared->module = std::move(module);
  shared->wanted = wanted;
  shared->options.jobs = 1; // chunks are what runs side by side
  // Whole decisions are made by the row machine, whatever the engine: it has native code as well.
  const auto check = [](const auto& made) {
    if (!made.ok()) throw RunError(RunError::Cause::use, {made.fault->id, "--engine native", made.fault->message});
  };
  if (engine != EngineKind::vm && !wanted.full) shared->plan = batch::make_plan(shared->module, plan_options(wanted));
  if (engine == EngineKind::native && shared->plan) {
    const jit::MadeBlocks made = jit::compile_blocks(*shared->plan);
    check(made);
    jit::use(made, shared->options);
  } else if (engine == EngineKind::native) {
    jit::Made made = jit::compile(*shared->module);
    check(made);
    shared->code = std::move(made.code);
  }
  shared_ = std::move(shared);
}
DeciderFactory::~DeciderFactory() = default;

std::unique_ptr<Decider> DeciderFactory::make() const {
  if (!shared_->plan) return std::make_unique<RowDecider>(shared_->module, shared_->wanted, shared_->code);
  return std::make_unique<ColumnDecider>(shared_->module, shared_->plan, shared_->wanted, shared_->options);
}

} // namespace aceso::population
