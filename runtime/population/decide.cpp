#include "population/decide.h"

#include "population/population_faults.h"
#include "population/row_decider.h"

namespace aceso::population {

void Outcomes::reset(std::size_t rows, std::size_t actions, std::size_t cautions_, const Wanted& wanted) {
  is_refused.assign(rows, 0);
  applies.assign(rows, Truth::unknown);
  advice.resize(actions);
  for (std::vector<Advice>& column : advice)
    column.assign(rows, Advice{});
  stages.assign(rows, 0);
  cautions.resize(cautions_);
  for (std::vector<Truth>& column : cautions)
    column.assign(rows, Truth::no);
  values.resize(wanted.values.size());
  for (std::vector<Value>& column : values)
    column.assign(rows, Value());
  full.assign(wanted.full ? rows : 0, {});
  missing.clear();
  refusals.clear();
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

std::string_view to_text(EngineKind engine) {
  constexpr std::string_view names[] = {"vm", "batch", "native"};
  return names[static_cast<std::size_t>(engine)];
}

struct DeciderFactory::Shared {
  std::shared_ptr<const Module> module;
  EngineKind engine;
  Wanted wanted;
};

DeciderFactory::DeciderFactory(std::shared_ptr<const Module> module, EngineKind engine, const Wanted& wanted)
    : shared_(std::make_unique<Shared>(Shared{std::move(module), engine, wanted})) {}
DeciderFactory::~DeciderFactory() = default;

std::unique_ptr<Decider> DeciderFactory::make() const {
  return std::make_unique<RowDecider>(shared_->module, shared_->wanted);
}

} // namespace aceso::population
