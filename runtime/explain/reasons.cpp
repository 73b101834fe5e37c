#include "explain/reasons.h"

#include <algorithm>

namespace aceso {
namespace {

class ReasonSearch {
public:
  ReasonSearch(Asker& asker, const PatientCase& patient_case, const Holds& holds)
      : asker_(asker), case_(patient_case), holds_(holds), statements_(statements_of(patient_case)) {
    for (const StatedFact& fact : statements_)
      if (std::find(inputs_.begin(), inputs_.end(), fact.input) == inputs_.end()) inputs_.push_back(fact.input);
    std::sort(inputs_.begin(), inputs_.end());
  }

  Reason run() {
    Reason reason;
    std::vector<bool> kept(statements_.size(), true);
    if (const auto smallest = smallest_set()) {
      kept = statements_about(*smallest);
      reason.extent = Extent::smallest;
    } else {
      reason.extent = drop_inputs(kept) ? Extent::irreducible : Extent::unfinished;
    }
    const bool has_repeated = drop_repeated(kept);
    if (has_repeated && reason.extent == Extent::smallest) reason.extent = Extent::irreducible;
    if (asker_.is_exhausted()) reason.extent = Extent::unfinished;
    for (std::size_t i = 0; i < statements_.size(); ++i)
      if (kept[i]) reason.facts.push_back(statements_[i]);
    add_assumed(reason, keep_only(case_, kept));
    return reason;
  }

private:
  [[nodiscard]] bool suffices(const std::vector<bool>& kept) {
    const EngineAnswer answer = asker_.ask(keep_only(case_, kept));
    return answer.ok() && holds_(answer);
  }
  [[nodiscard]] std::vector<bool> statements_about(const std::vector<InputId>& inputs) const {
    std::vector<bool> kept(statements_.size());
    for (std::size_t i = 0; i < kept.size(); ++i)
      kept[i] = std::binary_search(inputs.begin(), inputs.end(), statements_[i].input);
    return kept;
  }

  /// Every sufficient set holds the inputs that cannot be left out of the whole; so the smallest is these and as few
  /// others as do. This counts on learning more never taking anything back, which inputs whose being known matters
  /// do not promise.
  std::optional<std::vector<InputId>> smallest_set() {
    constexpr std::size_t most_others = 3, most_asked = 800;
    for (const InputId input : inputs_)
      if (asker_.dictionary()[input].known_matters) return std::nullopt;
    std::vector<InputId> needed, others;
    for (const InputId input : inputs_) {
      if (asker_.is_exhausted()) return std::nullopt;
      std::vector<InputId> rest = inputs_;
      std::erase(rest, input);
      (suffices(statements_about(rest)) ? others : needed).push_back(input);
    }
    std::size_t asked = 0;
    for (std::size_t size = 0; size <= std::min(most_others, others.size()); ++size) {
      std::optional<std::vector<InputId>> found;
      const bool all_seen = for_each_subset(others.size(), size, [&](const std::vector<std::size_t>& chosen) {
        if (++asked > most_asked || asker_.is_exhausted()) return false;
        std::vector<InputId> set = needed;
        for (const std::size_t i : chosen)
          set.push_back(others[i]);
        std::sort(set.begin(), set.end());
        if (suffices(statements_about(set))) found = std::move(set);
        return !found;
      });
      if (found && !is_irreducible(*found)) return std::nullopt;
      if (found || !all_seen) return found;
    }
    return std::nullopt;
  }
  /// It always is, unless learning more takes something back: rows of a `unique` or `any` table that contradict each
  /// other.
  [[nodiscard]] bool is_irreducible(const std::vector<InputId>& set) {
    return std::none_of(set.begin(), set.end(), [&](InputId input) {
      std::vector<InputId> rest = set;
      std::erase(rest, input);
      return suffices(statements_about(rest));
    });
  }

  /// Leaves out one input after the other, the last declared first, until none can be. False when it had to stop.
  bool drop_inputs(std::vector<bool>& kept) {
    for (bool changed = true; changed;) {
      changed = false;
      for (auto input = inputs_.rbegin(); input != inputs_.rend(); ++input) {
        std::vector<bool> fewer = kept;
        for (std::size_t i = 0; i < fewer.size(); ++i)
          if (statements_[i].input == *input) fewer[i] = false;
        if (fewer == kept) continue;
        if (asker_.is_exhausted()) return false;
        if (!suffices(fewer)) continue;
        kept = std::move(fewer);
        changed = true;
      }
    }
    return true;
  }

  /// Of inputs stated more than once, the statements that are not needed: all but the last at one stroke where that
  /// does, the others one by one, oldest first. True where there were such.
  bool drop_repeated(std::vector<bool>& kept) {
    bool any = drop_all_but_last(kept);
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < kept.size() && !asker_.is_exhausted(); ++i) {
        if (!kept[i] || !is_repeated(kept, i)) continue;
        any = true;
        kept[i] = false;
        changed |= suffices_or_restore(kept, i);
      }
    }
    return any;
  }
  bool drop_all_but_last(std::vector<bool>& kept) {
    bool any = false;
    for (const InputId input : inputs_) {
      std::vector<bool> fewer = kept;
      bool is_last = true;
      for (std::size_t i = kept.size(); i-- > 0;) {
        if (!kept[i] || statements_[i].input != input) continue;
        fewer[i] = is_last;
        is_last = false;
      }
      if (fewer == kept || asker_.is_exhausted()) continue;
      any = true;
      if (suffices(fewer)) kept = std::move(fewer);
    }
    return any;
  }
  [[nodiscard]] bool is_repeated(const std::vector<bool>& kept, std::size_t at) const {
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (i != at && kept[i] && statements_[i].input == statements_[at].input) return true;
    return false;
  }
  bool suffices_or_restore(std::vector<bool>& kept, std::size_t at) {
    if (suffices(kept)) return true;
    kept[at] = true;
    return false;
  }

  /// An assumed value belongs to the reason when another in its place would change the answer.
  void add_assumed(Reason& reason, const PatientCase& alone) {
    const EngineAnswer answer = asker_.ask(alone);
    for (const AssumedInput& assumed : answer.decision.assumed) {
      for (const Value& other : alternatives_to(asker_.dictionary(), assumed.input, case_.now, assumed.value)) {
        if (asker_.is_exhausted()) return;
        PatientCase changed = alone;
        state(changed, assumed.input, other);
        const EngineAnswer after = asker_.ask(changed);
        if (!after.ok() || holds_(after)) continue;
        reason.assumed.push_back(assumed);
        break;
      }
    }
  }

  Asker& asker_;
  const PatientCase& case_;
  const Holds& holds_;
  std::vector<StatedFact> statements_;
  std::vector<InputId> inputs_;
};

} // namespace

Reason find_reason(Asker& asker, const PatientCase& patient_case, const Holds& holds) {
  return ReasonSearch(asker, patient_case, holds).run();
}

} // namespace aceso
