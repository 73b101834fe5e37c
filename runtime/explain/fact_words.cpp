#include "explain/fact_words.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "explain/case_variants.h"
#include "module/input_units.h"
#include "module/number_text.h"
#include "values/units.h"

namespace aceso {
namespace {

/// "2 weeks" instead of "14 d", where the unit is an exact length of time.
std::optional<std::string> duration_words(const TypeInfo& type, const Value& value) {
  if (type.kind != TypeKind::duration || type.unit == "mo" || type.unit == "a") return std::nullopt;
  const auto unit = units::seconds_in(type.unit);
  const auto seconds = unit ? Rational::multiply(value.as<Rational>(), *unit) : std::nullopt;
  if (!seconds || !seconds->is_integer() || *seconds < Rational(0)) return std::nullopt;
  return to_text(Period{0, seconds->numerator()});
}

std::vector<std::string> names_in(const std::string& condition) {
  std::vector<std::string> names;
  std::string word;
  for (const char c : condition + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
    } else if (!word.empty()) {
      names.push_back(std::move(word));
      word.clear();
    }
  }
  return names;
}

} // namespace

std::string value_words(const Dictionary& dictionary, InputId input, const Value& value) {
  const TypeId id = dictionary[input].type;
  const TypeInfo& type = dictionary[id];
  if (value.is<Boxed<Interval>>()) return to_text(dictionary, id, value);
  if (value.is_partly_known()) return partly_known_text(dictionary, id, value) + ", not known more exactly";
  if (!value.is_known()) return "not known (" + to_text(dictionary, id, value).substr(9);
  if (value.is<Rational>())
    if (const auto words = duration_words(type, value)) return *words;
  if (value.is<Choice>() && type.kind != TypeKind::action) {
    const MemberInfo& member = type.members[value.as<Choice>().index];
    if (!member.title.empty()) return is_number_text(member.name) ? member.name + ", " + member.title : member.title;
  }
  if (value.is<Concept>()) {
    const ConceptText code = text_of(dictionary, value.as<Concept>());
    if (code.code == any_other_code) return "another code";
    return std::string(code.code) + (code.display.empty() ? "" : " (" + std::string(code.display) + ")");
  }
  return fact_text(dictionary, input, value);
}

std::string fact_words(const Dictionary& dictionary, InputId input, const Value& value) {
  const std::string& question = dictionary[input].question;
  const bool is_asked = !question.empty() && (question.back() == '?' || question.back() == ':');
  return question + (is_asked ? " " : ": ") + value_words(dictionary, input, value);
}

std::string_view outcome_words(Outcome outcome) {
  constexpr std::string_view words[] = {"advised", "advised against", "in conflict", "not advised", "not decided"};
  return words[static_cast<std::size_t>(outcome)];
}

std::string derived_words(const Dictionary& dictionary, const Decision& decision, const std::string& condition) {
  std::string text;
  std::set<std::string> seen;
  for (const std::string& name : names_in(condition)) {
    if (!seen.insert(name).second) continue;
    const auto found = std::find_if(decision.values.begin(), decision.values.end(), [&](const DefinitionValue& v) {
      return dictionary.definitions[v.definition.index()].name == name;
    });
    if (found == decision.values.end()) continue;
    const DefinitionInfo& info = dictionary.definitions[found->definition.index()];
    const std::string value = found->value.is_known() ? to_text(dictionary, info.type, found->value) : "not known";
    text += (text.empty() ? "" : "; ") + (info.title.empty() ? info.name : info.title) + ": " + value;
  }
  return text;
}

std::string action_words(const ActionInfo& action) {
  return action.title.empty() ? action.name : action.title + " (" + action.name + ")";
}

} // namespace aceso
