/// From rules that fire to one outcome for each action, as interpret/resolve.cpp says it.
#include <algorithm>
#include <array>

#include "jit/llvm_code.h"
#include "module/decision.h"

namespace aceso::jit {
namespace {

Truth3 conjunction(Logic& l, const Truth3& x, const Truth3& y) { return l.both_plain(x, y); }
Truth3 opposite(Logic& l, const Truth3& x) { return l.without_plain(x); }

constexpr std::uint64_t strength_at = 1u << 16, urgency_at = 1u << 24;
constexpr std::uint64_t verb_at = 1u << 8, sides_at = std::uint64_t{1} << 32, within_at = std::uint64_t{1} << 48;

/// For comparison only: a month counts as 30 days.
std::int64_t length(Period p) { return p.months * 30 * 86'400 + p.seconds; }

/// The strongest first: see is_stronger in interpret/resolve.cpp.
constexpr std::array strongest_first = {Verb::recommend, Verb::suggest, Verb::contraindicate, Verb::avoid};

} // namespace

Truth3 CodeEmitter::applies() {
  if (module_.applies == no_register) return l.settled(l.all);
  const Truth3& x = truth(module_.applies);
  return {x.is, x.may, nullptr};
}

void CodeEmitter::rule(RuleId id) {
  const Truth3& condition = truth(module_.rules[id.index()].condition);
  RuleTruths result;
  result.fires = conjunction(l, applies(), condition);
  result.effective = result.fires;
  for (const RuleId overrider : relations_.overriders[id.index()])
    result.effective = conjunction(l, result.effective, opposite(l, rule_truths(overrider).effective));
  define(id, result);
}

const CodeEmitter::RuleTruths& CodeEmitter::rule_truths(RuleId id) {
  const auto found = rules_.find(id.index());
  return found != rules_.end() ? found->second : rules_.emplace(id.index(), load_rule(id)).first->second;
}

const CodeEmitter::SideTruths& CodeEmitter::side_truths(ActionId id) {
  const auto found = sides_.find(id.index());
  return found != sides_.end() ? found->second : sides_.emplace(id.index(), load_sides(id)).first->second;
}

std::vector<CodeEmitter::VoiceTruths> CodeEmitter::voices(ActionId id) {
  std::vector<VoiceTruths> result;
  for (const Voice& voice : relations_.voices[id.index()]) {
    RuleTruths of = rule_truths(voice.rule);
    if (voice.advice->selected != no_register) {
      const Truth3& chosen = truth(voice.advice->selected);
      of.fires = conjunction(l, of.fires, chosen);
      of.effective = conjunction(l, of.effective, chosen);
    }
    result.push_back({is_for(voice.advice->verb), voice.advice, of.fires, of.effective});
  }
  return result;
}

void CodeEmitter::sides(ActionId id) {
  SideTruths result{l.settled(l.none), l.settled(l.none)};
  for (const VoiceTruths& voice : voices(id)) {
    Truth3& side = voice.is_for ? result.in_favour : result.against;
    side = l.either_plain(side, voice.effective);
  }
  define(id, result);
}

std::vector<CodeEmitter::Part> CodeEmitter::outcome(ActionId id) {
  const std::vector<VoiceTruths> all_voices = voices(id);
  const SideTruths own = side_truths(id);
  const Truth3 &f = own.in_favour, &a = own.against;
  Truth3 opposed = a;
  for (const ActionId rival : relations_.rivals[id.index()]) {
    const Truth3& other = side_truths(rival).in_favour;
    opposed = l.either_plain(opposed, other);
  }
  const Truth3 conflict = conjunction(l, f, opposed);
  const Ir f_no = l.without(f.may), a_no = l.without(a.may);
  const Ir is_conflict = conflict.is;
  const Ir advised = l.both(l.without(conflict.may), l.both(l.either(f.is, a.is), l.either(f_no, l.without(a.is))));
  const Ir quiet = l.both(f_no, a_no);
  const Ir undetermined = l.without(l.either(is_conflict, l.either(advised, quiet)));
  const Ir asks_in_favour = l.either(f.is, l.both(f.may, l.without(a.is)));

  // Which voices count: by the status, on the side that it is about.
  std::vector<Ir> counts;
  Ir spoken = l.none, overridden = l.none;
  for (const VoiceTruths& voice : all_voices) {
    const Ir on_side = voice.is_for ? f.is : l.without(f.is);
    const Ir on_asked = voice.is_for ? asks_in_favour : l.without(asks_in_favour);
    const Ir lost = l.both(voice.fires.is, l.without(voice.effective.may));
    Ir certain = l.both(advised, on_side);
    if (voice.is_for) certain = l.either(certain, is_conflict);
    counts.push_back(
        l.either(l.both(certain, voice.effective.is),
                 l.either(l.both(quiet, lost), l.both(l.both(undetermined, on_asked), voice.effective.may))));
    spoken = l.either(spoken, l.either(voice.fires.is, voice.effective.may));
    overridden = l.either(overridden, lost);
  }

  std::vector<Part> parts;
  const auto part = [&](Ir when, std::uint64_t addition) {
    if (when == l.none || addition == 0) return;
    for (Part& each : parts)
      if (each.when == when) {
        each.addition += addition;
        return;
      }
    parts.push_back({when, addition});
  };
  const auto status = [](RecommendationStatus s) { return static_cast<std::uint64_t>(s); };
  static_assert(static_cast<int>(RecommendationStatus::advised) == 0);
  part(l.both(quiet, l.without(overridden)), status(RecommendationStatus::not_advised));
  part(l.both(quiet, overridden), status(RecommendationStatus::overridden));
  part(is_conflict, status(RecommendationStatus::conflict));
  part(undetermined, status(RecommendationStatus::undetermined));

  // Each of these is the largest among the voices that count: the steps from one level to the next are added up.
  const auto any_of = [&](auto holds) {
    Ir any = l.none;
    for (std::size_t i = 0; i < all_voices.size(); ++i)
      if (holds(*all_voices[i].advice)) any = l.either(any, counts[i]);
    return any;
  };
  const auto largest = [&](auto level_of, unsigned levels, std::uint64_t at) {
    unsigned before = 0;
    for (unsigned level = 1; level <= levels; ++level) {
      if (std::none_of(all_voices.begin(), all_voices.end(),
                       [&](const VoiceTruths& v) { return level_of(*v.advice) == level; }))
        continue;
      part(any_of([&](const ModuleAdvice& advice) { return level_of(advice) >= level; }), (level - before) * at);
      before = level;
    }
  };
  largest([](const ModuleAdvice& advice) { return static_cast<unsigned>(advice.strength); }, 2, strength_at);
  largest([](const ModuleAdvice& advice) { return static_cast<unsigned>(advice.urgency); }, 4, urgency_at);
  Ir stronger = l.none;
  for (const Verb verb : strongest_first) {
    const Ir any = any_of([&](const ModuleAdvice& advice) { return advice.verb == verb; });
    part(l.both(any, l.without(stronger)), (1 + static_cast<std::uint64_t>(verb)) * verb_at);
    stronger = l.either(stronger, any);
  }
  // The shortest term, the first of those.
  std::vector<std::size_t> terms;
  for (std::size_t i = 0; i < all_voices.size(); ++i)
    if (all_voices[i].advice->within) terms.push_back(i);
  std::stable_sort(terms.begin(), terms.end(), [&](std::size_t x, std::size_t y) {
    return length(*all_voices[x].advice->within) < length(*all_voices[y].advice->within);
  });
  Ir shorter = l.none;
  for (const std::size_t i : terms) {
    part(l.both(counts[i], l.without(shorter)), (1 + i) * within_at);
    shorter = l.either(shorter, counts[i]);
  }
  part(f.is, 2 * sides_at);
  part(l.unknown(f), 1 * sides_at);
  part(a.is, 8 * sides_at);
  part(l.unknown(a), 4 * sides_at);
  part(spoken, 16 * sides_at);
  return parts;
}

} // namespace aceso::jit
