/// From rules that fire to one recommendation for each action: what interpret/resolve.cpp does for one row.
#include <algorithm>

#include "batch/lowering.h"

namespace aceso::batch {

void Lowering::settle_constraints() {
  std::vector<Literal> all;
  for (std::uint32_t i = 0; i < module_.constraints.size(); ++i) {
    const Literal broken = truths_[module_.constraints[i]].no;
    all.push_back(broken);
    put({Output::broken, i, 0}, broken);
  }
  put({Output::refused, 0, 0}, builder_.any_of(std::move(all)));
}

void Lowering::settle_rules() {
  applies_ = module_.applies == no_register ? Symbols::known(always) : truths_[module_.applies];
  put({Output::applies, 0, 0}, applies_.yes);
  put({Output::applies_not, 0, 0}, applies_.no);
  rules_.resize(module_.rules.size());
  for (const RuleId id : row_plan_.order) {
    RuleSymbols& rule = rules_[id.index()];
    rule.fires = symbols_.conjunction(applies_, truths_[module_.rules[id.index()].condition]);
    rule.effective = rule.fires;
    for (const RuleId overrider : row_plan_.overriders[id.index()])
      rule.effective = symbols_.conjunction(rule.effective, Symbols::negation(rules_[overrider.index()].effective));
  }
}

void Lowering::settle_actions() {
  const std::size_t count = names_.actions.size();
  voices_.resize(count);
  in_favour_.assign(count, Symbols::known(never));
  against_.assign(count, Symbols::known(never));
  undetermined_.assign(count, never);
  for (std::size_t i = 0; i < count; ++i)
    for (const Voice& voice : row_plan_.voices[i]) {
      const RuleSymbols& rule = rules_[voice.rule.index()];
      VoiceSymbols each{&voice, rule.fires, rule.effective};
      if (voice.advice->selected != no_register) {
        each.fires = symbols_.conjunction(rule.fires, truths_[voice.advice->selected]);
        each.effective = symbols_.conjunction(rule.effective, truths_[voice.advice->selected]);
      }
      SymbolicTruth& side = is_for(voice.advice->verb) ? in_favour_[i] : against_[i];
      side = symbols_.disjunction(side, each.effective);
      voices_[i].push_back(each);
    }
  for (std::size_t i = 0; i < count; ++i)
    if (!voices_[i].empty()) settle_action(ActionId(i));
}

namespace {

/// For comparison only: a month counts as 30 days. As in interpret/resolve.cpp.
std::int64_t length(Period p) { return p.months * 30 * 86'400 + p.seconds; }

} // namespace

void Lowering::settle_action(ActionId id) {
  const std::uint32_t a = id.index();
  const SymbolicTruth &favour = in_favour_[a], &against = against_[a];
  SymbolicTruth opposed = against;
  for (const ActionId rival : row_plan_.rivals[a])
    opposed = symbols_.disjunction(opposed, in_favour_[rival.index()]);
  const SymbolicTruth clash = symbols_.conjunction(favour, opposed);
  const Literal conflict = clash.yes;
  const Literal advised =
      builder_.all_of({clash.no, builder_.either(favour.yes, against.yes), builder_.either(favour.no, !against.yes)});
  const Literal silent = builder_.all_of({!conflict, !advised, favour.no, against.no});
  std::vector<Literal> gave_way;
  for (const VoiceSymbols& voice : voices_[a])
    gave_way.push_back(builder_.both(voice.fires.yes, voice.effective.no));
  const Literal overridden = builder_.both(silent, builder_.any_of(gave_way));
  const Literal undetermined = builder_.all_of({!conflict, !advised, !silent});
  undetermined_[a] = undetermined;
  const auto status = [&](RecommendationStatus which, Literal literal) {
    put({Output::status, a, static_cast<std::uint32_t>(which)}, literal);
  };
  status(RecommendationStatus::advised, advised);
  status(RecommendationStatus::conflict, conflict);
  status(RecommendationStatus::undetermined, undetermined);
  status(RecommendationStatus::overridden, overridden);

  // The voices that count: verb, strength, urgency and term are the strongest among them.
  const Literal asks_in_favour = builder_.either(favour.yes, builder_.both(symbols_.unknown_of(favour), !against.yes));
  std::vector<Literal> counts;
  for (std::size_t i = 0; i < voices_[a].size(); ++i) {
    const VoiceSymbols& voice = voices_[a][i];
    const bool speaks_for = is_for(voice.voice->advice->verb);
    const auto side = [&](Literal in_favour) { return speaks_for ? in_favour : !in_favour; };
    counts.push_back(builder_.any_of({speaks_for ? builder_.both(conflict, voice.effective.yes) : never,
                                      builder_.all_of({advised, side(favour.yes), voice.effective.yes}),
                                      builder_.both(silent, gave_way[i]),
                                      builder_.all_of({undetermined, side(asks_in_favour), !voice.effective.no})}));
  }
  /// One plane for each rank: the highest of the voices that count. `rank_of` gives the order, `detail_of` the name.
  const auto put_highest = [&](Output output, auto rank_of, auto detail_of) {
    std::map<std::int64_t, std::pair<std::uint32_t, std::vector<Literal>>, std::greater<>> by_rank;
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (const auto rank = rank_of(i)) {
        auto& [detail, literals] = by_rank[*rank];
        detail = detail_of(i);
        literals.push_back(counts[i]);
      }
    Literal open = always;
    std::map<std::uint32_t, std::vector<Literal>> planes;
    for (auto& [rank, entry] : by_rank) {
      const Literal any = builder_.any_of(std::move(entry.second));
      planes[entry.first].push_back(builder_.both(open, any));
      open = builder_.both(open, !any);
    }
    for (auto& [detail, literals] : planes)
      put({output, a, detail}, builder_.any_of(std::move(literals)));
  };
  const auto advice = [&](std::size_t i) -> const ModuleAdvice& { return *voices_[a][i].voice->advice; };
  put_highest(
      Output::verb,
      [&](std::size_t i) -> std::optional<std::int64_t> {
        switch (advice(i).verb) {
        case Verb::recommend: return 4;
        case Verb::suggest: return 3;
        case Verb::contraindicate: return 2;
        case Verb::avoid: return 1;
        }
        return std::nullopt;
      },
      [&](std::size_t i) { return static_cast<std::uint32_t>(advice(i).verb); });
  const auto ranked = [&](auto value) -> std::optional<std::int64_t> {
    return static_cast<int>(value) == 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(value));
  };
  put_highest(
      Output::strength, [&](std::size_t i) { return ranked(advice(i).strength); },
      [&](std::size_t i) { return static_cast<std::uint32_t>(advice(i).strength); });
  put_highest(
      Output::urgency, [&](std::size_t i) { return ranked(advice(i).urgency); },
      [&](std::size_t i) { return static_cast<std::uint32_t>(advice(i).urgency); });
  // The shortest term, and of terms of the same length that of the first voice.
  std::vector<std::size_t> with_term;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (advice(i).within) with_term.push_back(i);
  std::stable_sort(with_term.begin(), with_term.end(),
                   [&](std::size_t x, std::size_t y) { return length(*advice(x).within) < length(*advice(y).within); });
  const std::vector<Period> terms = terms_of(row_plan_.voices[a]);
  Literal open = always;
  std::map<std::uint32_t, std::vector<Literal>> planes;
  for (const std::size_t i : with_term) {
    const auto place = std::find(terms.begin(), terms.end(), *advice(i).within) - terms.begin();
    planes[static_cast<std::uint32_t>(place)].push_back(builder_.both(open, counts[i]));
    open = builder_.both(open, !counts[i]);
  }
  for (auto& [detail, literals] : planes)
    put({Output::within, a, detail}, builder_.any_of(std::move(literals)));
}

void Lowering::settle_cautions() {
  for (std::uint32_t i = 0; i < module_.cautions.size(); ++i) {
    const SymbolicTruth fires = symbols_.conjunction(applies_, truths_[module_.cautions[i]]);
    put({Output::caution, i, 0}, fires.yes);
    put({Output::caution_not, i, 0}, fires.no);
  }
}

} // namespace aceso::batch
