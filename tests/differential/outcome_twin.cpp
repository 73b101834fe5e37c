#include "outcome_twin.h"

#include <algorithm>

#include <fmt/format.h>

#include "interpret/engine.h"
#include "lookup/lookup_machine.h"
#include "module/relations.h"

namespace aceso::differential {

std::string outcome_difference(interpret::Evaluator& evaluator, bool is_decided, const interpret::Outcomes& got_all,
                               bool refused) {
  const Module& module = evaluator.module();
  const Dictionary& names = module.dictionary;
  const Relations relations(module);
  if (refused == is_decided) return refused ? "refused" : "not refused";
  if (refused) return {};
  if (got_all.summary.applies != static_cast<std::uint8_t>(evaluator.applies())) return "applies";
  const auto stage = evaluator.stage();
  if (got_all.summary.stage != (stage ? stage->index() : 0xffffffff)) return "stage";
  for (std::size_t i = 0; i < names.actions.size(); ++i) {
    const interpret::ActionState& wanted = evaluator.action(ActionId(i));
    const NativeOutcome& got = got_all.actions[i];
    if (relations.voices[i].empty()) continue; // nobody speaks about it
    std::vector<Period> terms;                 // each once, in the order of the rules
    for (const Voice& voice : relations.voices[i])
      if (voice.advice->within && std::find(terms.begin(), terms.end(), *voice.advice->within) == terms.end())
        terms.push_back(*voice.advice->within);
    const std::size_t term =
        wanted.within
            ? 1 + static_cast<std::size_t>(std::find(terms.begin(), terms.end(), *wanted.within) - terms.begin())
            : 0;
    if (got.status != static_cast<std::uint8_t>(wanted.status) ||
        got.verb != (wanted.verb ? 1 + static_cast<int>(*wanted.verb) : 0) ||
        got.strength != static_cast<std::uint8_t>(wanted.strength) ||
        got.urgency != static_cast<std::uint8_t>(wanted.urgency) || got.within != term)
      return fmt::format("action {}: status {} verb {} strength {} urgency {} within {}", names.actions[i].name,
                         got.status, got.verb, got.strength, got.urgency, got.within);
  }
  for (std::size_t i = 0; i < names.cautions.size(); ++i)
    if (got_all.cautions[i] != static_cast<std::uint8_t>(evaluator.caution(CautionId(i))))
      return "caution " + names.cautions[i].name;
  const Decision& decision = evaluator.decision();
  for (const DifferentialResult& each : decision.differentials) {
    const std::uint32_t got = got_all.differentials[each.differential.index()];
    const DifferentialInfo& info = names.differentials[each.differential.index()];
    if ((got & 0xff) != static_cast<std::uint32_t>(each.status) || (each.decided && Choice{got >> 8} != *each.decided))
      return fmt::format("differential {}: {:x}", info.name, got);
  }
  return {};
}

std::string lookup_difference(const std::shared_ptr<const Module>& module, const std::vector<PatientCase>& cases,
                              LookupCounts& counts) {
  interpret::Evaluator evaluator(module);
  interpret::Outcomes outcomes;
  for (const bool may_gather : {true, false}) {
    const lookup::MadeFinder made = lookup::make_finder(module, may_gather);
    if (!made.finder) return made.why_not.empty() ? "no finder, and no reason" : "";
    counts.guidelines += may_gather;
    made.finder->prepare(outcomes);
    for (std::size_t i = 0; i < cases.size(); ++i, counts.cases += may_gather) {
      PatientCase present = cases[i];
      present.events.clear();
      interpret::state(evaluator, present);
      const interpret::Registers* const facts = evaluator.present_facts();
      if (facts == nullptr) return "facts of the present are not there";
      const bool is_refused = !made.finder->find(*facts, present.now.instant.seconds, outcomes);
      const bool is_decided = evaluator.evaluate(present.now, present.zone());
      if (const auto what = outcome_difference(evaluator, is_decided, outcomes, is_refused); !what.empty())
        return fmt::format("case {}{}: {}", i, may_gather ? "" : " by shifts", what);
    }
  }
  return {};
}

} // namespace aceso::differential
