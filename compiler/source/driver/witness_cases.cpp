#include "driver/witness_cases.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diagnostics/machine_formats.h"
#include "module/input_units.h"
#include "module/patient_case.h"

namespace aceso::driver {

using analyse::Finding;
using graph::Graph;

namespace {

std::optional<std::string> literal(const TypeInfo& type, const std::string& text) {
  if (type.kind == TypeKind::list || type.kind == TypeKind::code || type.kind == TypeKind::interval ||
      type.kind == TypeKind::time)
    return std::nullopt;
  if ((type.kind != TypeKind::number && type.kind != TypeKind::duration) || type.unit.empty()) return text;
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) return text;
  std::string number = text.substr(0, space), divisor, unit = text.substr(space + 1);
  if (const std::size_t slash = number.find('/'); slash != std::string::npos) { // "2/3 kg" would be 2 by 3 kg
    divisor = " / " + number.substr(slash + 1);
    number.resize(slash);
  }
  const bool plain = std::all_of(unit.begin(), unit.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || (c >= '0' && c <= '9');
  });
  return fmt::format("{} {}{}", number, plain ? unit : "'" + unit + "'", divisor);
}

} // namespace

std::optional<std::string> case_literal(const Dictionary& names, TypeId type, const Value& value) {
  return literal(names[type], to_text(names, type, value));
}

namespace {

bool write_given(std::string& out, const Dictionary& names, const std::vector<Fact>& facts) {
  bool first = true;
  for (const Fact& fact : facts) {
    const InputInfo& input = names[fact.input];
    std::string said;
    if (!fact.value.is_known()) {
      said = fmt::format("{} unknown {}", input.name, to_text(fact.value.reason()));
    } else if (fact.value.is<bool>()) {
      said = fact.value.as<bool>() ? input.name : "not " + input.name;
    } else {
      const auto value = literal(names[input.type], fact_text(names, fact.input, fact.value));
      if (!value) return false;
      said = fmt::format("{} = {}", input.name, *value);
    }
    out += (first ? "given " : ", ") + said;
    first = false;
  }
  return true;
}

} // namespace

std::vector<std::string> expected_advice(const Graph& graph, const Decision& decision) {
  std::vector<std::string> said;
  for (const Recommendation& r : decision.recommendations) {
    const std::string& action = graph.dictionary[r.action].name;
    if (r.status == RecommendationStatus::conflict) said.push_back("conflict " + action);
    if (r.status == RecommendationStatus::undetermined) said.push_back("undetermined " + action);
    if (r.status != RecommendationStatus::advised) continue;
    const char* verb = r.verb == Verb::recommend ? "recommended"
                       : r.verb == Verb::suggest ? "suggested"
                       : r.verb == Verb::avoid   ? "avoided"
                                                 : "contraindicated";
    said.push_back(fmt::format("{} {}", verb, action));
  }
  if (said.empty())
    said.emplace_back(decision.applies == Truth::yes  ? "applies"
                      : decision.applies == Truth::no ? "not applies"
                                                      : "applies unknown");
  return said;
}

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

} // namespace

std::vector<std::string> case_names(const std::vector<Finding>& findings) {
  std::map<std::string, int> taken;
  std::vector<std::string> names;
  for (const Finding& finding : findings) {
    std::string name;
    if (finding.witness) {
      name = fmt::format("{}-{}", diagnostics::info(finding.diagnostic.kind).name, finding.subject);
      for (char& c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) c = '-';
      if (const int number = ++taken[name]; number > 1) name += fmt::format("-{}", number);
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::string case_file(const Graph& graph, const Finding& finding) {
  std::string text = write_case(graph.dictionary, finding.witness->patient);
  const std::size_t brace = text.find('{');
  text.insert(brace + 1, fmt::format("\n  \"title\": {},", diagnostics::json_string(finding.diagnostic.message)));
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

std::string case_block(const Graph& graph, const std::string& title, const PatientCase& patient,
                       const std::vector<std::string>& expected) {
  const Dictionary& names = graph.dictionary;
  bool has_times = !patient.events.empty();
  for (const InputInfo& input : names.inputs)
    has_times |= names[input.type].kind == TypeKind::date || names[input.type].kind == TypeKind::instant;
  std::string out = fmt::format("case \"{}\" {{\n", escaped(title));
  for (const Event& event : patient.events) {
    out += fmt::format("  at {} ", to_text(event.at));
    if (!write_given(out, names, event.facts)) return {};
    out += '\n';
  }
  out += has_times ? fmt::format("  at {} ", to_text(patient.now)) : "  ";
  if (!write_given(out, names, patient.facts)) return {};
  if (!patient.facts.empty()) out += "\n  ";
  return out + fmt::format("expect {}\n}}\n", fmt::join(expected, ", "));
}

std::string case_block(const Graph& graph, const Finding& finding) {
  const PatientCase& patient = finding.witness->patient;
  return case_block(graph, finding.diagnostic.message, patient,
                    expected_advice(graph, reference::evaluate(graph, patient).decision));
}

} // namespace aceso::driver
