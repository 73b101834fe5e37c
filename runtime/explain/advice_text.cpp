#include "explain/advice_text.h"

#include <algorithm>
#include <optional>

#include "explain/clashes.h"
#include "explain/decision_words.h"
#include "module/phrases.h"
#include "values/stable_order.h"

namespace aceso {
namespace {

using Status = RecommendationStatus;

std::string_view participle(Language language, Verb verb) {
  constexpr Phrase words[] = {Phrase::is_recommended, Phrase::is_suggested, Phrase::is_avoided,
                              Phrase::is_contraindicated};
  return phrase(language, words[static_cast<std::size_t>(verb)]);
}

std::string urgency_phrase(Language language, const Recommendation& recommendation) {
  std::string text(phrase(language, recommendation.urgency));
  if (!recommendation.within) return text;
  if (!text.empty()) text += ", ";
  return text + say(language, Phrase::within, phrase(language, *recommendation.within));
}

/// "Recommended immediately (strong)", "Would be recommended".
std::string headline(Language language, const Recommendation& recommendation) {
  if (!recommendation.verb) return {};
  std::string text(participle(language, *recommendation.verb));
  if (recommendation.status == Status::undetermined) text = say(language, Phrase::would_be, text);
  if (recommendation.status == Status::overridden) text = say(language, Phrase::would_be_but, text);
  // No phrase that stands here begins with anything but a small letter of ASCII.
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  const std::string urgency = urgency_phrase(language, recommendation);
  if (!urgency.empty()) text = say(language, Phrase::with_urgency, text, urgency);
  const std::string_view strength = phrase(language, recommendation.strength);
  return strength.empty() ? text : text + " (" + std::string(strength) + ")";
}

/// What the rule says about the action; nothing where it speaks for another one that does not go with it.
std::optional<Verb> verb_of(const RuleInfo& rule, ActionId action) {
  for (const RuleAdvice& advice : rule.advice)
    if (advice.action == action) return advice.verb;
  return std::nullopt;
}

/// Rules behind what is in conflict or not decided speak for the action and against it.
bool has_two_sides(const Dictionary& dictionary, const Recommendation& r) {
  if (r.status != Status::conflict && r.status != Status::undetermined) return false;
  bool has_for = false, has_against = false;
  for (const RuleId rule : r.rules) {
    const auto verb = verb_of(dictionary[rule], r.action);
    (verb && is_for(*verb) ? has_for : has_against) = true;
  }
  return has_for && has_against;
}

std::vector<std::string> what_clashes(const Dictionary& dictionary, const Decision& decision, const Recommendation& r) {
  std::vector<std::string> words;
  for (const Clash& clash : clashes_of(dictionary, decision, r))
    words.push_back(clash_words(dictionary, clash));
  return words;
}

/// Actions about which all of this is the same.
bool are_told_together(const Dictionary& dictionary, const Decision& decision, const Recommendation& a,
                       const Recommendation& b) {
  return a.verb == b.verb && a.strength == b.strength && a.urgency == b.urgency && a.within == b.within &&
         a.rules == b.rules && a.missing == b.missing &&
         std::all_of(
             a.rules.begin(), a.rules.end(),
             [&](RuleId rule) { return verb_of(dictionary[rule], a.action) == verb_of(dictionary[rule], b.action); }) &&
         what_clashes(dictionary, decision, a) == what_clashes(dictionary, decision, b);
}

class AdviceText {
public:
  AdviceText(TextPage& page, const Dictionary& dictionary, const Decision& decision, const OpenQuestions& questions)
      : page_(page), dictionary_(dictionary), decision_(decision), questions_(questions),
        language_(spoken_language(dictionary)) {}

  void write(bool verbose) {
    const auto advised = [](bool in_favour) {
      return [in_favour](const Recommendation& r) {
        return r.status == Status::advised && r.verb && is_for(*r.verb) == in_favour;
      };
    };
    const auto has_status = [](Status status) {
      return [status](const Recommendation& r) { return r.status == status; };
    };
    const bool any_advised = write_group(Phrase::advised, TextStyle::good, "* ", advised(true));
    if (!any_advised && decision_.applies == Truth::yes) {
      page_.heading(phrase(language_, Phrase::advised), TextStyle::good);
      page_.paragraph(2, phrase(language_, Phrase::nothing_advised));
    }
    write_group(Phrase::conflict, TextStyle::alarm, "! ", has_status(Status::conflict));
    write_group(Phrase::not_decided, TextStyle::doubt, "? ", has_status(Status::undetermined));
    write_group(Phrase::advised_against, TextStyle::alarm, "x ", advised(false));
    write_group(Phrase::overridden, TextStyle::bold, "- ", has_status(Status::overridden));
    if (verbose) write_group(Phrase::not_advised, TextStyle::bold, "- ", has_status(Status::not_advised));
  }

private:
  template <class Belongs>
  bool write_group(Phrase title, TextStyle style, std::string_view mark, Belongs belongs) {
    std::vector<const Recommendation*> group;
    for (const Recommendation& r : decision_.recommendations) {
      if (belongs(r)) group.push_back(&r);
    }
    if (group.empty()) return false;
    sort_stably(group, [](const Recommendation* a, const Recommendation* b) { return a->urgency > b->urgency; });
    page_.heading(phrase(language_, title), style);
    while (!group.empty()) {
      const Recommendation& first = *group.front();
      const auto rest = std::stable_partition(group.begin(), group.end(), [&](const Recommendation* r) {
        return are_told_together(dictionary_, decision_, *r, first);
      });
      for (auto it = group.begin(); it != rest; ++it) {
        const ActionInfo& action = dictionary_[(*it)->action];
        page_.paragraph(2, action.title.empty() ? action.name : action.title, TextStyle::bold, mark);
      }
      write_common(first);
      group.erase(group.begin(), rest);
    }
    return true;
  }

  void write_common(const Recommendation& recommendation) {
    const std::string words =
        recommendation.status == Status::conflict ? std::string() : headline(language_, recommendation);
    if (!words.empty()) page_.paragraph(6, words);
    const std::string open = questions_.refer_to(recommendation.missing);
    if (!open.empty()) page_.paragraph(6, say(language_, Phrase::depends_on, open), TextStyle::doubt);
    const bool has_sides = has_two_sides(dictionary_, recommendation);
    for (RuleId rule : recommendation.rules)
      write_rule(dictionary_[rule], recommendation.rules,
                 has_sides ? side_words(dictionary_[rule], recommendation.action) : std::string());
    for (const std::string& words_of_clash : what_clashes(dictionary_, decision_, recommendation))
      page_.paragraph(6, words_of_clash);
  }

  /// "recommends it", "contraindicates it"; of a rule for another action "recommends TITLE".
  [[nodiscard]] std::string side_words(const RuleInfo& rule, ActionId action) const {
    constexpr Phrase words[] = {Phrase::recommends, Phrase::suggests, Phrase::avoids, Phrase::contraindicates};
    if (const auto verb = verb_of(rule, action))
      return say(language_, words[static_cast<std::size_t>(*verb)], phrase(language_, Phrase::this_action));
    for (const RuleAdvice& advice : rule.advice)
      if (is_for(advice.verb))
        return say(language_, words[static_cast<std::size_t>(advice.verb)], dictionary_[advice.action].title);
    return {};
  }

  void write_rule(const RuleInfo& rule, const std::vector<RuleId>& shown, const std::string& side) {
    if (!rule.because.empty()) page_.paragraph(6, rule.because);
    for (const OverrideInfo& override : rule.overrides) {
      if (std::find(shown.begin(), shown.end(), override.rule) == shown.end()) continue;
      page_.paragraph(6,
                      say(language_, Phrase::overrides, rule.name, dictionary_[override.rule].name, override.because));
    }
    std::string origin = side.empty() ? rule.name : rule.name + " " + side;
    for (std::size_t i = 0; i < rule.citations.size(); ++i) {
      origin += (i == 0 ? ": " : "; ") + short_form(rule.citations[i]);
    }
    if (rule.certainty != Certainty::none)
      origin += ", " + say(language_, Phrase::certainty, phrase(language_, rule.certainty));
    page_.paragraph(6, origin, TextStyle::faint, "- ");
  }

  TextPage& page_;
  const Dictionary& dictionary_;
  const Decision& decision_;
  const OpenQuestions& questions_;
  const Language language_;
};

std::string score_text(Language language, const CandidateResult& candidate) {
  std::string lowest = candidate.lowest.to_text();
  if (candidate.lowest == candidate.highest) return lowest;
  return say(language, Phrase::from_to, lowest, candidate.highest.to_text());
}

std::string outcome_text(const Dictionary& dictionary, const DifferentialInfo& info, const DifferentialResult& result,
                         const OpenQuestions& questions) {
  const Language language = spoken_language(dictionary);
  switch (result.status) {
  case DifferentialStatus::decided:
    return say(language, Phrase::decided,
               result.decided ? shown_text(dictionary, info.type, *result.decided) : std::string());
  case DifferentialStatus::none: return std::string(phrase(language, Phrase::no_candidate));
  case DifferentialStatus::tie: return std::string(phrase(language, Phrase::tie));
  case DifferentialStatus::undetermined: break;
  }
  const std::string open = questions.refer_to(result.missing);
  if (open.empty()) return std::string(phrase(language, Phrase::undecided));
  return say(language, Phrase::undecided_depends, open);
}

std::string joined(const std::vector<std::string_view>& texts) {
  std::string all;
  for (const std::string_view text : texts) {
    if (!all.empty()) all += "; ";
    all += text;
  }
  return all;
}

} // namespace

void write_advice(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                  const OpenQuestions& questions, bool verbose) {
  AdviceText(page, dictionary, decision, questions).write(verbose);
}

void write_cautions(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                    const OpenQuestions& questions) {
  if (decision.cautions.empty()) return;
  const Language language = spoken_language(dictionary);
  page.heading(phrase(language, Phrase::cautions), TextStyle::doubt);
  for (const CautionResult& result : decision.cautions) {
    const CautionInfo& caution = dictionary.cautions[result.caution.index()];
    const bool fires = result.fires == Truth::yes;
    page.paragraph(2, caution.text, TextStyle::plain, fires ? "! " : "? ");
    const std::string open = questions.refer_to(result.missing);
    if (!fires)
      page.paragraph(6,
                     open.empty() ? std::string(phrase(language, Phrase::may_apply))
                                  : say(language, Phrase::may_apply_depends, open),
                     TextStyle::doubt);
    for (const Citation& citation : caution.citations) {
      page.paragraph(6, short_form(citation), TextStyle::faint, "- ");
    }
  }
}

void write_differentials(TextPage& page, const Dictionary& dictionary, const Decision& decision,
                         const OpenQuestions& questions) {
  const Language language = spoken_language(dictionary);
  for (const DifferentialResult& result : decision.differentials) {
    const DifferentialInfo& info = dictionary.differentials[result.differential.index()];
    page.heading(say(language, Phrase::differential, info.title.empty() ? info.name : info.title,
                     outcome_text(dictionary, info, result, questions)));
    for (const CandidateResult& candidate : result.candidates) {
      std::string text = say(language, Phrase::candidate_score, shown_text(dictionary, info.type, candidate.candidate),
                             score_text(language, candidate));
      if (candidate.confirmed) text += ", " + std::string(phrase(language, Phrase::confirmed));
      if (candidate.excluded) text += ", " + std::string(phrase(language, Phrase::excluded));
      page.paragraph(2, text, TextStyle::bold);
      if (!candidate.arguments_for.empty())
        page.paragraph(6, joined(candidate.arguments_for), TextStyle::plain, phrase(language, Phrase::argument_for));
      if (!candidate.arguments_against.empty()) {
        page.paragraph(6, joined(candidate.arguments_against), TextStyle::plain,
                       phrase(language, Phrase::argument_against));
      }
    }
    for (const Citation& citation : info.citations)
      page.paragraph(2, short_form(citation), TextStyle::faint, "- ");
  }
}

} // namespace aceso
