#include "explain/interview.h"

#include <algorithm>

#include "explain/case_variants.h"
#include "explain/fact_words.h"
#include "module/json_writer.h"
#include "module/number_text.h"

namespace aceso {
namespace {

// ------------------------------------------------------------------------------- from typed text to a case

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

std::string in_small_letters(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// "unknown", "unknown refused", "unknown not done".
std::optional<std::string> unknown_json(const std::string& text) {
  const std::string small = in_small_letters(text);
  if (small != "unknown" && !small.starts_with("unknown ")) return std::nullopt;
  std::string reason = small == "unknown" ? "not_done" : trimmed(small.substr(8));
  std::replace(reason.begin(), reason.end(), ' ', '_');
  return R"({"unknown": )" + json_quoted(reason) + "}";
}

std::string choice_json(const std::vector<std::string>& names, const std::string& text) {
  const bool is_name = std::find(names.begin(), names.end(), text) != names.end();
  const auto number = Rational::from_decimal(text);
  if (is_name || !number || !number->is_integer()) return json_quoted(text);
  const std::int64_t place = number->numerator();
  if (place < 1 || place > static_cast<std::int64_t>(names.size())) return json_quoted(text);
  return json_quoted(names[static_cast<std::size_t>(place - 1)]);
}

std::string number_json(const TypeInfo& type, const std::string& text) {
  if (!is_number_text(text)) return json_quoted(text);
  const bool is_fraction = text.find('/') != std::string::npos;
  std::string amount = is_fraction || text.front() == '+' ? json_quoted(text) : text;
  if (type.unit.empty()) return amount;
  return R"({"value": )" + amount + R"(, "unit": )" + json_quoted(type.unit) + "}";
}

std::vector<std::string> names_of(const Dictionary& dictionary, const TypeInfo& type) {
  std::vector<std::string> names;
  if (type.kind == TypeKind::action) {
    for (const ActionInfo& action : dictionary.actions)
      names.push_back(action.name);
  }
  for (const MemberInfo& member : type.members)
    names.push_back(member.name);
  return names;
}

/// "SYSTEM|CODE", or the code alone: of the system in which the guideline names it, or of the first that is taken.
std::string code_json(const Dictionary& dictionary, const TypeInfo& type, const std::string& text) {
  const std::size_t bar = text.find('|');
  std::string system = type.systems.empty() ? std::string() : type.systems.front();
  const std::string code = bar == std::string::npos ? text : trimmed(text.substr(bar + 1));
  for (const Code& known : dictionary.concepts) {
    const bool is_taken = std::find(type.systems.begin(), type.systems.end(), known.system) != type.systems.end();
    if (is_taken && known.code == code) system = known.system;
  }
  if (bar != std::string::npos) system = trimmed(text.substr(0, bar));
  return R"({"system": )" + json_quoted(system) + R"(, "code": )" + json_quoted(code) + "}";
}

std::string answer_json(const Dictionary& dictionary, TypeId id, const std::string& text) {
  const TypeInfo& type = dictionary[id];
  switch (type.kind) {
  case TypeKind::yes_no: {
    const std::string word = in_small_letters(text);
    if (word == "yes" || word == "y" || word == "true") return "true";
    if (word == "no" || word == "n" || word == "false") return "false";
    return json_quoted(text);
  }
  case TypeKind::choice:
  case TypeKind::scale:
  case TypeKind::action: return choice_json(names_of(dictionary, type), text);
  case TypeKind::number:
  case TypeKind::duration: return number_json(type, text);
  case TypeKind::code: return code_json(dictionary, type, text);
  case TypeKind::list: {
    std::string list;
    for (std::size_t from = 0; from <= text.size() && !text.empty();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      list +=
          (list.empty() ? "" : ", ") + answer_json(dictionary, type.element, trimmed(text.substr(from, comma - from)));
      from = comma + 1;
    }
    return "[" + list + "]";
  }
  case TypeKind::interval: {
    // "A to B"; `unbounded` for an end that is not there.
    const std::size_t to = text.find(" to ");
    if (to == std::string::npos) break;
    const auto end = [&](const std::string& part) { return answer_json(dictionary, type.element, trimmed(part)); };
    return R"({"from": )" + end(text.substr(0, to)) + R"(, "to": )" + end(text.substr(to + 4)) + "}";
  }
  case TypeKind::date:
  case TypeKind::time:
  case TypeKind::instant: break;
  }
  return json_quoted(text);
}

// ------------------------------------------------------------------------------- what is settled

std::size_t open_count(const Decision& decision) {
  std::size_t open = decision.applies == Truth::unknown ? 1 : 0;
  for (const Recommendation& r : decision.recommendations)
    open += r.status == RecommendationStatus::undetermined ? 1 : 0;
  for (const CautionResult& c : decision.cautions)
    open += c.fires == Truth::unknown ? 1 : 0;
  for (const DifferentialResult& d : decision.differentials)
    open += d.status == DifferentialStatus::undetermined ? 1 : 0;
  if (decision.stage)
    for (const NextStage& next : decision.stage->next)
      open += next.condition == Truth::unknown ? 1 : 0;
  return open;
}

/// Of the undecided advice that the input may settle, the most urgent: a red flag comes before a routine matter.
Urgency urgency_of(const Decision& decision, InputId input) {
  Urgency highest = Urgency::none;
  for (const Recommendation& r : decision.recommendations)
    if (std::find(r.missing.begin(), r.missing.end(), input) != r.missing.end()) highest = std::max(highest, r.urgency);
  return highest;
}

/// A person is told of yes and no, not of true and false.
void put_in_typed_words(CaseFault& fault) {
  const auto replace = [&fault](std::string_view words, std::string_view by) {
    const std::size_t at = fault.message.find(words);
    if (at != std::string::npos) fault.message.replace(at, words.size(), by);
  };
  replace("takes true or false", "takes yes or no");
  replace("this is the string ", "this is ");
}

std::string title_or(const std::string& title, const std::string& name) { return title.empty() ? name : title; }

std::vector<std::string> settled_between(const Dictionary& names, const Decision& before, const Decision& after) {
  std::vector<std::string> settled;
  if (before.applies != after.applies)
    settled.emplace_back(after.applies == Truth::yes  ? "this guideline applies"
                         : after.applies == Truth::no ? "this guideline does not apply"
                                                      : "whether this guideline applies is open again");
  for (const Recommendation& r : after.recommendations) {
    const Outcome now = outcome_of(after, r.action);
    if (now != outcome_of(before, r.action))
      settled.push_back(title_or(names[r.action].title, names[r.action].name) + ": " + std::string(outcome_words(now)));
  }
  for (std::size_t i = 0; i < after.differentials.size() && i < before.differentials.size(); ++i) {
    const DifferentialResult& d = after.differentials[i];
    if (d.status == before.differentials[i].status && d.decided == before.differentials[i].decided) continue;
    const DifferentialInfo& info = names.differentials[d.differential.index()];
    settled.push_back(info.name + ": " +
                      (d.decided ? to_text(names, info.type, *d.decided) : std::string(to_text(d.status))));
  }
  if (after.stage && (!before.stage || before.stage->stage != after.stage->stage))
    settled.push_back("stage: " + title_or(names[after.stage->stage].title, names[after.stage->stage].name));
  return settled;
}

/// How telling an input is: what its representative answers settle on average, and how urgent that is.
struct Worth {
  bool decides_applies = false;
  std::size_t settled = 0, answers = 0;
  Urgency urgency = Urgency::none;
};

bool is_worth_more(const Worth& a, const Worth& b) {
  if (a.decides_applies != b.decides_applies) return a.decides_applies;
  const std::size_t left = a.settled * b.answers, right = b.settled * a.answers;
  return left != right ? left > right : a.urgency > b.urgency;
}

} // namespace

Interview::Interview(Engine& engine, PatientCase start, InterviewOptions options)
    : engine_(engine), options_(options), case_(std::move(start)), decision_(engine.evaluate(case_).decision) {}

/// What was said to be unknown is not asked again, unless nobody was asked or the answer has become old.
bool Interview::can_be_asked(InputId input) const {
  if (asks_for_earlier(input)) return !no_earlier_.contains(input);
  const Value value = present_value(engine_.dictionary(), case_, input);
  return value.is_known() || value.reason() == UnknownReason::not_asked || value.reason() == UnknownReason::stale;
}

bool Interview::asks_for_earlier(InputId input) const {
  const bool is_missing = std::any_of(decision_.missing.begin(), decision_.missing.end(),
                                      [input](const MissingInput& each) { return each.input == input; });
  return is_missing && stated_value(engine_.dictionary(), case_, input).is_known();
}

std::vector<InputId> Interview::candidates() const {
  std::vector<InputId> all;
  for (const MissingInput& missing : decision_.missing)
    if (can_be_asked(missing.input)) all.push_back(missing.input);
  return all;
}

std::optional<Question> Interview::next() {
  asked_ = 0;
  const Dictionary& dictionary = engine_.dictionary();
  const std::vector<InputId> open = candidates();
  if (open.empty()) return std::nullopt;
  const std::size_t before = open_count(decision_);
  std::optional<InputId> best;
  Worth best_worth;
  for (const InputId input : open) {
    const std::vector<Value> answers = representative_answers(dictionary, input, case_.now);
    if (best && asked_ + answers.size() > options_.evaluations) break;
    Worth worth;
    worth.urgency = urgency_of(decision_, input);
    for (const Value& value : answers) {
      PatientCase answered = case_;
      if (asks_for_earlier(input))
        state_earlier(answered, {Instant{case_.now.instant.seconds - 86'400}, case_.now.offset_seconds}, input, value);
      else
        state(answered, input, value);
      const EngineAnswer after = engine_.evaluate(answered);
      ++asked_;
      if (!after.ok()) continue;
      ++worth.answers;
      const std::size_t now_open = open_count(after.decision);
      worth.settled += before > now_open ? before - now_open : 0;
      worth.decides_applies |= decision_.applies == Truth::unknown && after.decision.applies != Truth::unknown;
    }
    if (worth.answers == 0) worth.answers = 1; // every answer would break a constraint: last of all
    const bool comes_first =
        !best || is_worth_more(worth, best_worth) || (!is_worth_more(best_worth, worth) && input < *best);
    if (!comes_first) continue;
    best = input;
    best_worth = worth;
  }
  Question question{*best, open.size(), {}, best_worth.decides_applies, asks_for_earlier(*best)};
  for (const MissingInput& missing : decision_.missing)
    if (missing.input == *best) question.settles.assign(missing.settles.begin(), missing.settles.end());
  return question;
}

/// "5 on 2026-11-01": what was found before. Where nobody can tell, what is known stays as it is.
AnswerResult Interview::answer_earlier(InputId input, const std::string& typed) {
  if (unknown_json(typed)) {
    steps_.push_back({input, case_, no_earlier_});
    no_earlier_.insert(input);
    return {};
  }
  const Dictionary& dictionary = engine_.dictionary();
  const InputInfo& info = dictionary[input];
  const std::size_t on = typed.rfind(" on ");
  if (on == std::string::npos)
    return {{{"A0712", "$", "say of which day that is, like this: " + typed + " on 2026-11-01"}}, {}};
  CaseReadResult read = read_case(
      dictionary, R"({"now": )" + json_quoted(to_text(case_.now)) + R"(, "events": [{"at": )" +
                      json_quoted(trimmed(typed.substr(on + 4))) + R"(, "inputs": {)" + json_quoted(info.name) + ": " +
                      answer_json(dictionary, info.type, trimmed(typed.substr(0, on))) + "}}]}");
  if (!read.faults.empty()) {
    AnswerResult result{std::move(read.faults), {}};
    for (CaseFault& fault : result.faults)
      put_in_typed_words(fault);
    return result;
  }
  PatientCase answered = case_;
  for (const Event& event : read.patient_case.events)
    for (const Fact& fact : event.facts)
      state_earlier(answered, event.at, fact.input, fact.value);
  return take(input, std::move(answered));
}

/// Goes on with the case that an answer has led to.
AnswerResult Interview::take(InputId input, PatientCase answered) {
  EngineAnswer after = engine_.evaluate(answered);
  if (!after.ok()) return {std::move(after.faults), {}};
  AnswerResult result{{}, settled_between(engine_.dictionary(), decision_, after.decision)};
  steps_.push_back({input, std::move(case_), no_earlier_});
  case_ = std::move(answered);
  decision_ = std::move(after.decision);
  return result;
}

AnswerResult Interview::answer(InputId input, std::string_view text) {
  const Dictionary& dictionary = engine_.dictionary();
  const InputInfo& info = dictionary[input];
  const std::string typed = trimmed(text);
  if (asks_for_earlier(input)) return answer_earlier(input, typed);
  const std::string value = unknown_json(typed).value_or(answer_json(dictionary, info.type, typed));
  AnswerResult result;
  CaseReadResult read = read_case(dictionary, R"({"now": )" + json_quoted(to_text(case_.now)) + R"(, "inputs": {)" +
                                                  json_quoted(info.name) + ": " + value + "}}");
  result.faults = std::move(read.faults);
  for (CaseFault& fault : result.faults)
    put_in_typed_words(fault);
  if (!result.ok()) return result;
  PatientCase answered = case_;
  for (const Fact& fact : read.patient_case.facts)
    state(answered, fact.input, fact.value);
  return take(input, std::move(answered));
}

std::optional<InputId> Interview::back() {
  if (steps_.empty()) return std::nullopt;
  const InputId input = steps_.back().input;
  case_ = std::move(steps_.back().before);
  no_earlier_ = std::move(steps_.back().no_earlier);
  steps_.pop_back();
  decision_ = engine_.evaluate(case_).decision;
  return input;
}

std::vector<std::string> choices_of(const Dictionary& dictionary, InputId input) {
  const TypeInfo& type = dictionary[dictionary[input].type];
  std::vector<std::string> choices;
  const std::vector<std::string> names = names_of(dictionary, type);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& title = i < type.members.size() ? type.members[i].title : dictionary.actions[i].title;
    choices.push_back(title.empty() ? names[i] : names[i] + ": " + title);
  }
  return choices;
}

std::string answer_help(const Dictionary& dictionary, InputId input) {
  const TypeInfo& type = dictionary[dictionary[input].type];
  switch (type.kind) {
  case TypeKind::yes_no: return "yes or no";
  case TypeKind::choice:
  case TypeKind::scale:
  case TypeKind::action: {
    // Members that are numbers themselves are meant by their name.
    const auto names = names_of(dictionary, type);
    const bool has_numbers =
        std::any_of(names.begin(), names.end(), [](const std::string& n) { return is_number_text(n); });
    return has_numbers ? "one of the names" : "a name or its number";
  }
  case TypeKind::number:
  case TypeKind::duration: {
    std::string range = type.minimum ? "from " + type.minimum->to_text() : std::string();
    if (type.maximum) range += (range.empty() ? "to " : " to ") + type.maximum->to_text();
    if (type.unit.empty()) return range.empty() ? "a number" : "a number " + range;
    return "a number" + (range.empty() ? range : " " + range) + " " + type.unit + "; without a unit " + type.unit +
           " is meant";
  }
  case TypeKind::date: return "a date like 2026-11-22, or a month or year: 2026-11";
  case TypeKind::time: return "a time of day like 22:30";
  case TypeKind::interval: return "START to END; unbounded where there is none";
  case TypeKind::instant: return "a date and time like 2026-11-22T10:00";
  case TypeKind::list: return "the entries, with commas between them";
  case TypeKind::code: {
    std::string systems;
    for (const std::string& system : type.systems)
      systems += (systems.empty() ? "" : " or ") + system;
    return "a code of " + systems + ", or SYSTEM|CODE";
  }
  }
  return {};
}

std::string earlier_answer_help(const Dictionary& dictionary, InputId input) {
  return answer_help(dictionary, input) + ", then the day: ... on 2026-11-01; unknown where there is none";
}

} // namespace aceso
