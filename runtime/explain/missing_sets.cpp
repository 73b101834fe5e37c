#include "explain/missing_sets.h"

#include "values/stable_order.h"

#include <algorithm>
#include <map>
#include <set>

namespace aceso {
namespace {

template <class T>
bool has(const std::vector<T>& all, const T& item) {
  return std::find(all.begin(), all.end(), item) != all.end();
}

class MissingSearch {
public:
  MissingSearch(Asker& asker, const PatientCase& patient_case, const OpenQuestion& question,
                std::vector<InputId> candidates)
      : asker_(asker), case_(patient_case), question_(question), candidates_(std::move(candidates)) {
    for (const InputId input : candidates_)
      answers_.push_back(representative_answers(asker.dictionary(), input, patient_case.now));
  }

  void find_sets(MissingReport& report, unsigned largest) {
    report.is_complete = true;
    // Sets that are passed over cost little, but thousands of inputs have very many.
    std::size_t left_to_look_at = 20'000'000 / (candidates_.size() + 100);
    for (unsigned size = 1; size <= std::min<std::size_t>(largest, candidates_.size()); ++size) {
      report.is_complete = for_each_subset(candidates_.size(), size, [&](const std::vector<std::size_t>& chosen) {
        if (asker_.is_exhausted() || left_to_look_at-- == 0) return false;
        if (has_settling_part(report, chosen) || !can_interact(chosen)) return true;
        return look_at(report, chosen);
      });
      if (!report.is_complete) break;
      report.searched_size = size;
    }
    const auto more_informative = [](const MissingSet& a, const MissingSet& b) {
      if (a.inputs.size() != b.inputs.size()) return a.inputs.size() < b.inputs.size();
      return a.settling * b.combinations > b.settling * a.combinations;
    };
    sort_stably(report.sets, more_informative);
  }

private:
  /// Only minimal sets are told.
  [[nodiscard]] bool has_settling_part(const MissingReport& report, const std::vector<std::size_t>& chosen) const {
    const auto is_part = [&](const MissingSet& set) {
      return std::all_of(set.inputs.begin(), set.inputs.end(), [&](InputId input) {
        return std::any_of(chosen.begin(), chosen.end(), [&](std::size_t i) { return candidates_[i] == input; });
      });
    };
    return std::any_of(report.sets.begin(), report.sets.end(), is_part);
  }

  /// Answers that together settle what none of them settles alone must each leave the others open: some answer to
  /// every one of them keeps all others missing, or is refused as long as it stands alone.
  [[nodiscard]] bool can_interact(const std::vector<std::size_t>& chosen) {
    if (chosen.size() < 2) return true;
    return std::all_of(chosen.begin(), chosen.end(), [&](std::size_t i) {
      const auto& left_open = left_open_[i];
      return is_refused_.contains(i) ||
             std::any_of(left_open.begin(), left_open.end(), [&](const std::vector<InputId>& open) {
               return std::all_of(chosen.begin(), chosen.end(),
                                  [&](std::size_t other) { return other == i || has(open, candidates_[other]); });
             });
    });
  }

  /// False when the evaluations ran out.
  bool look_at(MissingReport& report, const std::vector<std::size_t>& chosen) {
    MissingSet set;
    for (const std::size_t i : chosen)
      set.inputs.push_back(candidates_[i]);
    std::vector<std::size_t> turn(chosen.size());
    while (true) {
      if (asker_.is_exhausted()) return false;
      PatientCase answered = case_;
      for (std::size_t k = 0; k < chosen.size(); ++k)
        state(answered, candidates_[chosen[k]], answers_[chosen[k]][turn[k]]);
      const EngineAnswer answer = asker_.ask(answered);
      if (answer.ok())
        note(set, chosen, turn, answer.decision);
      else if (chosen.size() == 1)
        is_refused_.insert(chosen.front());
      std::size_t k = chosen.size();
      while (k > 0 && ++turn[k - 1] == answers_[chosen[k - 1]].size())
        turn[--k] = 0;
      if (k == 0) break;
    }
    if (set.settling > 0) report.sets.push_back(std::move(set));
    return true;
  }

  void note(MissingSet& set, const std::vector<std::size_t>& chosen, const std::vector<std::size_t>& turn,
            const Decision& decision) {
    ++set.combinations;
    if (!question_.is_settled(decision)) {
      if (chosen.size() == 1) left_open_[chosen.front()].push_back(question_.missing(decision));
      return;
    }
    ++set.settling;
    const Outcome becomes = question_.outcome(decision);
    for (const Settled& each : set.examples)
      if (each.becomes == becomes) return;
    Settled& example = set.examples.emplace_back();
    example.becomes = becomes;
    for (std::size_t k = 0; k < chosen.size(); ++k)
      example.answers.push_back({candidates_[chosen[k]], answers_[chosen[k]][turn[k]]});
  }

  Asker& asker_;
  const PatientCase& case_;
  const OpenQuestion& question_;
  std::vector<InputId> candidates_;
  std::vector<std::vector<Value>> answers_;                            ///< parallel to candidates_
  std::map<std::size_t, std::vector<std::vector<InputId>>> left_open_; ///< what is missing after one answer
  std::set<std::size_t> is_refused_; ///< candidates of which some answer breaks a constraint
};

/// Inputs that settle the question whatever the answers are: asked one after the other, only while they matter.
class CertainSearch {
public:
  CertainSearch(Asker& asker, const OpenQuestion& question) : asker_(asker), question_(question) {}

  /// `all` stands in the order in which inputs are asked; those that settle little last.
  void find(MissingReport& report, const PatientCase& patient_case, const std::vector<InputId>& all) {
    constexpr std::size_t most_inputs = 256; // of one branch of answers
    if (all.size() > most_inputs || !settles(patient_case, all)) return;
    if (const auto set = smallest(patient_case, all)) {
      report.certain = set;
      report.certain_extent = Extent::smallest;
      return;
    }
    std::vector<InputId> set = all;
    for (std::size_t i = set.size(); i-- > 0;) {
      const std::vector<InputId> fewer = without(set, i);
      if (settles(patient_case, fewer)) set = fewer;
    }
    report.certain = std::move(set);
    report.certain_extent = asker_.is_exhausted() ? Extent::unfinished : Extent::irreducible;
  }

private:
  static std::vector<InputId> without(const std::vector<InputId>& all, std::size_t place) {
    std::vector<InputId> fewer = all;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(place));
    return fewer;
  }

  /// Every set that settles holds the inputs without which the whole does not; the smallest is these and as few others
  /// as do. Nothing where more than two others are needed, or where it matters that an input is known.
  std::optional<std::vector<InputId>> smallest(const PatientCase& patient_case, const std::vector<InputId>& all) {
    constexpr std::size_t most_others = 2;
    std::vector<bool> is_needed(all.size());
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (asker_.dictionary()[all[i]].known_matters) return std::nullopt;
      is_needed[i] = !settles(patient_case, without(all, i));
      if (!is_needed[i]) others.push_back(i);
    }
    std::optional<std::vector<InputId>> found;
    for (std::size_t size = 0; size <= std::min(most_others, others.size()) && !found; ++size) {
      for_each_subset(others.size(), size, [&](const std::vector<std::size_t>& chosen) {
        std::vector<InputId> set;
        for (std::size_t i = 0; i < all.size(); ++i) {
          const bool is_chosen =
              std::any_of(chosen.begin(), chosen.end(), [&](std::size_t other) { return others[other] == i; });
          if (is_needed[i] || is_chosen) set.push_back(all[i]);
        }
        if (settles(patient_case, set)) found = std::move(set);
        return !found && !asker_.is_exhausted();
      });
    }
    return asker_.is_exhausted() ? std::nullopt : found;
  }

  enum class Settles : std::uint8_t { no, yes, refused };
  [[nodiscard]] bool settles(const PatientCase& patient_case, const std::vector<InputId>& set) {
    return look_at(patient_case, set) == Settles::yes;
  }
  /// Answers that no case can give are passed over; an input that has no others settles nothing.
  [[nodiscard]] Settles look_at(const PatientCase& patient_case, const std::vector<InputId>& set) {
    if (asker_.is_exhausted()) return Settles::no;
    const EngineAnswer answer = asker_.ask(patient_case);
    if (!answer.ok()) return Settles::refused;
    if (question_.is_settled(answer.decision)) return Settles::yes;
    const std::vector<InputId> missing = question_.missing(answer.decision);
    const auto next = std::find_if(set.begin(), set.end(), [&](InputId input) { return has(missing, input); });
    if (next == set.end()) return Settles::no;
    std::vector<InputId> rest = set;
    rest.erase(rest.begin() + (next - set.begin()));
    bool is_answered = false;
    for (const Value& value : representative_answers(asker_.dictionary(), *next, patient_case.now)) {
      PatientCase answered = patient_case;
      state(answered, *next, value);
      const Settles found = look_at(answered, rest);
      if (found == Settles::no) return Settles::no;
      is_answered |= found == Settles::yes;
    }
    return is_answered ? Settles::yes : Settles::no;
  }

  Asker& asker_;
  const OpenQuestion& question_;
};

} // namespace

OpenQuestion question_about(ActionId action) {
  OpenQuestion question;
  question.is_settled = [action](const Decision& d) { return outcome_of(d, action) != Outcome::undetermined; };
  question.outcome = [action](const Decision& d) { return outcome_of(d, action); };
  question.missing = [action](const Decision& d) {
    for (const Recommendation& r : d.recommendations)
      if (r.action == action) return r.missing;
    return std::vector<InputId>{};
  };
  return question;
}

MissingReport find_missing_sets(Engine& engine, const PatientCase& patient_case, const Decision& decision,
                                const OpenQuestion& question, const MissingOptions& options, std::size_t& asked) {
  MissingReport report;
  const std::vector<InputId> candidates = question.missing(decision);
  Asker asker(engine, options.evaluations);
  MissingSearch(asker, patient_case, question, candidates).find_sets(report, options.largest_set);
  Asker second(engine, options.evaluations);
  std::vector<InputId> order;
  for (const MissingSet& set : report.sets)
    for (const InputId input : set.inputs)
      if (!has(order, input)) order.push_back(input);
  for (const InputId input : candidates)
    if (!has(order, input)) order.push_back(input);
  CertainSearch(second, question).find(report, patient_case, order);
  if (report.certain) std::sort(report.certain->begin(), report.certain->end());
  std::size_t told = options.most_sets; // those of one input stand first
  for (const MissingSet& set : report.sets)
    told += set.inputs.size() == 1 ? 1 : 0;
  if (report.sets.size() > told) {
    report.left_out = report.sets.size() - told;
    report.sets.resize(told);
  }
  asked += asker.asked() + second.asked();
  return report;
}

} // namespace aceso
