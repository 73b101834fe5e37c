#include "gdl2/read_guideline.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gdl2/read_expression.h"
#include "module/json_tree.h"

namespace aceso::gdl2 {
namespace {

constexpr JsonLimits limits{.max_depth = 64, .max_values = 1'000'000};

std::string text_of(const JsonNode* node) {
  return node && (node->kind == JsonKind::string || node->kind == JsonKind::number) ? std::string(node->text)
                                                                                    : std::string();
}
std::string text_of(const JsonNode* node, std::string_view name) {
  return node ? text_of(node->member(name)) : std::string();
}
std::vector<std::string> texts_of(const JsonNode* node) {
  std::vector<std::string> result;
  if (node && node->kind == JsonKind::array)
    for (const JsonNode& item : node->items())
      if (std::string text = text_of(&item); !text.empty()) result.push_back(std::move(text));
  return result;
}

/// Descriptions hold signs as HTML writes them, and quotation marks with a bar too many.
std::string decoded(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> signs[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}, {"\\\"", "\""}, {"&amp;", "&"}};
  for (const auto& [written, meant] : signs)
    for (std::size_t at = text.find(written); at != std::string::npos; at = text.find(written, at + meant.size()))
      text.replace(at, written.size(), meant);
  return text;
}

class GuidelineReader {
public:
  GuidelineReader(const JsonNode& root, std::vector<Omission>& omissions) : root_(root), omissions_(omissions) {}

  Guideline read() {
    result_.id = text_of(&root_, "id");
    result_.concept_code = text_of(&root_, "concept");
    result_.uuid = text_of(&root_, "uuid");
    result_.file_date = text_of(&root_, "date");
    std::string language = text_of(root_.member("language"), "original_language");
    if (const auto colons = language.rfind("::"); colons != std::string::npos) language.erase(0, colons + 2);
    result_.language = language;
    read_terms();
    read_description();
    const JsonNode* definition = root_.member("definition");
    read_elements(definition->member("data_bindings"));
    if (const JsonNode* list = definition->member("pre_conditions"))
      result_.preconditions = conditions(*list, "precondition");
    if (const JsonNode* list = definition->member("default_actions"))
      result_.defaults = assignments(*list, "default action");
    read_rules(definition->member("rules"));
    return std::move(result_);
  }

private:
  void read_terms() {
    const JsonNode* ontology = root_.member("ontology");
    const JsonNode* all = ontology ? ontology->member("term_definitions") : nullptr;
    if (!all) return;
    const JsonNode* chosen = all->member("en");
    texts_ = "en";
    if (!chosen) {
      chosen = all->member(result_.language);
      texts_ = result_.language;
    }
    for (const JsonNode& each : all->items()) {
      if (&each == chosen) continue;
      auto& texts = result_.further_terms[std::string(each.name)];
      if (const JsonNode* further = each.member("terms"))
        for (const JsonNode& term : further->items())
          texts[std::string(term.name)] = {text_of(&term, "text"), decoded(text_of(&term, "description"))};
    }
    const JsonNode* terms = chosen ? chosen->member("terms") : nullptr;
    if (terms)
      for (const JsonNode& each : terms->items())
        result_.terms[std::string(each.name)] = {text_of(&each, "text"), decoded(text_of(&each, "description"))};
    if (const JsonNode* bindings = ontology->member("term_bindings"))
      for (const JsonNode& each : bindings->items())
        if (const JsonNode* codes = each.member("bindings"); codes && codes->count != 0)
          omissions_.push_back(
              {"ontology, term bindings", std::string(each.name), "codes of this terminology are not read"});
  }

  void read_description() {
    const JsonNode* description = root_.member("description");
    if (!description) return;
    const JsonNode* author = description->member("original_author");
    result_.author = text_of(author, "name");
    result_.organisation = text_of(author, "organisation");
    result_.email = text_of(author, "email");
    result_.date = text_of(author, "date");
    result_.lifecycle = text_of(description, "lifecycle_state");
    result_.contributors = texts_of(description->member("other_contributors"));
    if (const JsonNode* other = description->member("other_details")) {
      result_.references = decoded(text_of(other, "references"));
      result_.summary = decoded(text_of(other, texts_));
      for (const JsonNode& each : other->items())
        if (each.name != texts_ && each.name != "references")
          further(std::string(each.name), "description", text_of(&each));
    }
    const JsonNode* details = description->member("details");
    if (!details) return;
    const JsonNode* chosen = details->member(texts_);
    if (!chosen) chosen = details->member(result_.language);
    for (const JsonNode& each : details->items())
      if (!chosen) chosen = &each;
    if (!chosen) return;
    result_.purpose = decoded(text_of(chosen, "purpose"));
    result_.use = decoded(text_of(chosen, "use"));
    result_.misuse = decoded(text_of(chosen, "misuse"));
    result_.copyright = text_of(chosen, "copyright");
    result_.keywords = texts_of(chosen->member("keywords"));
    for (const JsonNode& each : details->items()) {
      if (&each == chosen) continue;
      for (const char* const key : {"purpose", "use", "misuse", "copyright"})
        further(std::string(each.name), key, text_of(&each, key));
      further(std::string(each.name), "keywords",
              fmt::format("{}", fmt::join(texts_of(each.member("keywords")), ", ")));
      if (result_.copyright.empty()) result_.copyright = text_of(&each, "copyright");
    }
  }
  void further(const std::string& language, std::string key, std::string text) {
    text = decoded(std::move(text));
    if (text.find_first_not_of(" \r\n\t") == std::string::npos) return;
    result_.further_descriptions[language].emplace_back(std::move(key), std::move(text));
  }

  void read_elements(const JsonNode* bindings) {
    if (!bindings) return;
    for (const JsonNode& binding : bindings->items()) {
      for (const std::string& predicate : texts_of(binding.member("predicates")))
        omissions_.push_back({"data binding " + std::string(binding.name), predicate,
                              "which record a value is taken from is the "
                              "business of the application"});
      const JsonNode* elements = binding.member("elements");
      if (!elements) continue;
      for (const JsonNode& element : elements->items()) {
        result_.elements.push_back({.id = std::string(element.name),
                                    .data_type = text_of(&element, "data_type"),
                                    .model = text_of(&binding, "model_id"),
                                    .path = text_of(&element, "path"),
                                    .binding = std::string(binding.name),
                                    .allowed_values = texts_of(element.member("allowed_values")),
                                    .units = texts_of(element.member("units")),
                                    .is_input = text_of(&binding, "type") == "INPUT"});
      }
    }
  }

  std::vector<Expression> conditions(const JsonNode& list, const std::string& place) {
    std::vector<Expression> result;
    for (const std::string& text : texts_of(&list)) {
      ExpressionFault fault;
      if (auto one = read_expression(text, fault)) {
        name_variables(*one);
        result.push_back(std::move(*one));
      } else {
        omit(place, text, fault);
      }
    }
    return result;
  }
  std::vector<Assignment> assignments(const JsonNode& list, const std::string& place) {
    std::vector<Assignment> result;
    for (const std::string& text : texts_of(&list)) {
      ExpressionFault fault;
      if (auto one = read_assignment(text, fault)) {
        name_variable(one->variable, one->label);
        name_variables(one->value);
        result.push_back(std::move(*one));
      } else {
        omit(place, text, fault);
      }
    }
    return result;
  }
  /// A variable without a term has the name that the rules write beside its code.
  void name_variable(const std::string& code, const std::string& label) {
    if (label.empty()) return;
    if (std::string& text = result_.terms[code].text; text.empty()) text = label;
  }
  void name_variables(const Expression& e) {
    if (e.is(Expression::Kind::variable)) name_variable(e.code, e.label);
    for (const Expression& child : e.children)
      name_variables(child);
  }
  void omit(const std::string& place, const std::string& text, const ExpressionFault& fault) {
    omissions_.push_back({place, text, fmt::format("malformed: {} (character {})", fault.reason, fault.at + 1)});
  }

  void read_rules(const JsonNode* rules) {
    if (!rules) return;
    for (const JsonNode& node : rules->items()) {
      Rule rule{.id = std::string(node.name), .description = text_of(&node, "description")};
      rule.priority = std::atoi(text_of(&node, "priority").c_str());
      const std::string place = "rule " + rule.id;
      const std::size_t before = omissions_.size();
      if (const JsonNode* when = node.member("when")) rule.when = conditions(*when, place);
      // A condition that cannot be read must not be taken for one that holds.
      if (omissions_.size() != before) {
        omissions_.back().why += "; the whole rule is left out";
        continue;
      }
      if (const JsonNode* then = node.member("then")) rule.then = assignments(*then, place);
      result_.rules.push_back(std::move(rule));
    }
    std::stable_sort(result_.rules.begin(), result_.rules.end(),
                     [](const Rule& a, const Rule& b) { return a.priority > b.priority; });
  }

  const JsonNode& root_;
  std::vector<Omission>& omissions_;
  Guideline result_;
  std::string texts_;
};

} // namespace

std::optional<Guideline> read_guideline(std::string_view json, std::vector<Omission>& omissions, ReadFault& fault) {
  const JsonParse parse = parse_json(json, limits);
  if (parse.problem != JsonProblem::none) {
    fault = {parse.line, parse.column, parse.reason};
    if (parse.problem == JsonProblem::too_deep) fault.reason = "it is nested too deeply";
    if (parse.problem == JsonProblem::too_many_values) fault.reason = "it holds too many values";
    return std::nullopt;
  }
  const JsonNode* definition = parse.root().member("definition");
  const std::string version = text_of(&parse.root(), "gdl_version");
  if (!definition || definition->kind != JsonKind::object || text_of(&parse.root(), "id").empty()) {
    fault.reason = "this is no GDL2 guideline: it has no `id` or no `definition`";
    return std::nullopt;
  }
  if (!version.starts_with("2")) {
    fault.reason = fmt::format("this is GDL version {}, not 2", version.empty() ? "unknown" : version);
    return std::nullopt;
  }
  return GuidelineReader(parse.root(), omissions).read();
}

} // namespace aceso::gdl2
