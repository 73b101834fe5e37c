#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "decision_tables/dmn_model.h"
#include "decision_tables/feel.h"

namespace aceso::decision_tables {

namespace {

constexpr std::array<std::string_view, 5> model_namespaces{
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/"};

std::string_view local(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}
std::string_view local_name(pugi::xml_node node) { return local(node.name()); }

std::size_t place_of(pugi::xml_node node) {
  const std::ptrdiff_t offset = node.offset_debug();
  return offset < 0 ? 0 : static_cast<std::size_t>(offset);
}

pugi::xml_node child(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_node one : node.children())
    if (local_name(one) == name) return one;
  return {};
}

/// The content of the element `text` below `node`.
std::string text_below(pugi::xml_node node) { return child(node, "text").text().get(); }
std::string text_below(pugi::xml_node node, std::string_view name) { return text_below(child(node, name)); }

/// "feel:number" and "number" are one type.
std::string type_reference(std::string_view reference) { return std::string(local(reference)); }

class ModelReader {
public:
  explicit ModelReader(pugi::xml_node definitions) : definitions_(definitions) {}

  DmnModel read() {
    model_.name = definitions_.attribute("name").value();
    model_.address = definitions_.attribute("namespace").value();
    model_.description = child(definitions_, "description").text().get();
    for (const pugi::xml_node node : definitions_.children())
      if (const char* id = node.attribute("id").value(); *id != 0) names_[id] = name_of(node);
    for (const pugi::xml_node node : definitions_.children())
      read_element(node);
    return std::move(model_);
  }

private:
  static std::string name_of(pugi::xml_node node) {
    const std::string name = collapsed(node.attribute("name").value());
    return name.empty() ? std::string(node.attribute("id").value()) : name;
  }

  void leave_out(pugi::xml_node node, std::string what, std::string why) {
    model_.unread.push_back({std::move(what), std::move(why), place_of(node)});
  }

  void read_element(pugi::xml_node node) {
    const std::string_view kind = local_name(node);
    if (kind == "itemDefinition") return read_type(node);
    if (kind == "inputData") return read_input(node);
    if (kind == "decision") return read_decision(node);
    if (kind == "import")
      return leave_out(node, fmt::format("the import of `{}`", node.attribute("namespace").value()),
                       "other models are not read; import them apart");
    if (kind == "businessKnowledgeModel")
      return leave_out(node, fmt::format("the business knowledge model `{}`", name_of(node)), "functions are not read");
    if (kind == "decisionService")
      return leave_out(node, fmt::format("the decision service `{}`", name_of(node)),
                       "every decision of a guideline is told, so there is no counterpart");
    // Drawings, owners and sources of knowledge take no part in an answer.
    if (kind == "knowledgeSource")
      leave_out(node, fmt::format("the knowledge source `{}`", name_of(node)), "write a `source` and cite it");
    if (kind == "textAnnotation")
      leave_out(node, fmt::format("the annotation \"{}\"", collapsed(text_below(node))), "notes are not read");
  }

  void read_type(pugi::xml_node node) {
    DmnType type;
    type.name = name_of(node);
    type.offset = place_of(node);
    type.is_collection = node.attribute("isCollection").as_bool();
    type.base = type_reference(child(node, "typeRef").text().get());
    if (type.base.empty()) type.base = type_reference(node.attribute("typeRef").value());
    type.allowed = text_below(node, "allowedValues");
    if (type.allowed.empty()) type.allowed = text_below(node, "typeConstraint");
    if (child(node, "itemComponent"))
      return leave_out(node, fmt::format("the type `{}`", type.name), "structures with components are not read");
    const pugi::xml_node extensions = child(node, "extensionElements");
    if (const pugi::xml_node number = child(extensions, "numberNote"))
      type.number = NumberNote{number.attribute("unit").value(), number.attribute("step").value()};
    std::istringstream scores(child(extensions, "scale").attribute("scores").value());
    for (std::string score; scores >> score;)
      type.scores.push_back(score);
    model_.types.push_back(std::move(type));
  }

  void read_input(pugi::xml_node node) {
    DmnInput input;
    input.name = name_of(node);
    input.label = node.attribute("label").value();
    input.description = child(node, "description").text().get();
    input.type = type_reference(child(node, "variable").attribute("typeRef").value());
    input.offset = place_of(node);
    model_.inputs.push_back(std::move(input));
  }

  void read_requirements(pugi::xml_node node, DmnDecision& decision) {
    for (const pugi::xml_node requirement : node.children()) {
      for (const pugi::xml_node needed : requirement.children()) {
        const std::string_view kind = local_name(needed);
        if (kind != "requiredInput" && kind != "requiredDecision") continue;
        std::string_view target = needed.attribute("href").value();
        const std::size_t hash = target.find('#');
        if (hash == std::string_view::npos || hash != 0) {
          leave_out(needed, fmt::format("what `{}` needs at `{}`", decision.name, target),
                    "it stands in another model");
          continue;
        }
        const auto name = names_.find(std::string(target.substr(1)));
        if (name == names_.end())
          leave_out(needed, fmt::format("what `{}` needs at `{}`", decision.name, target),
                    "there is nothing with this id");
        else
          (kind == "requiredInput" ? decision.inputs : decision.decisions).push_back(name->second);
      }
    }
  }

  void read_decision(pugi::xml_node node) {
    DmnDecision decision;
    decision.name = name_of(node);
    decision.label = node.attribute("label").value();
    decision.description = child(node, "description").text().get();
    if (decision.description.empty()) decision.description = child(node, "question").text().get();
    decision.type = type_reference(child(node, "variable").attribute("typeRef").value());
    decision.offset = place_of(node);
    read_requirements(node, decision);
    if (const pugi::xml_node table = child(node, "decisionTable")) {
      decision.logic = read_table(table);
    } else if (const pugi::xml_node literal = child(node, "literalExpression")) {
      decision.logic = DmnEntry{text_below(literal), place_of(literal)};
    } else {
      std::string_view what = "no logic";
      for (const pugi::xml_node one : node.children())
        for (const std::string_view boxed : {"context", "invocation", "list", "relation", "functionDefinition",
                                             "conditional", "filter", "for", "some", "every"})
          if (local_name(one) == boxed) what = local_name(one);
      leave_out(node, fmt::format("the decision `{}`", decision.name),
                what == "no logic" ? std::string("it has no logic")
                                   : fmt::format("its logic is a boxed `{}`, which is not read", what));
    }
    model_.decisions.push_back(std::move(decision));
  }

  static DmnEntry entry(pugi::xml_node node) { return {text_below(node), place_of(node)}; }

  static DmnPolicy policy_of(std::string_view text) {
    std::string name(text);
    std::replace(name.begin(), name.end(), '_', ' ');
    for (const DmnPolicy policy : {DmnPolicy::first, DmnPolicy::priority, DmnPolicy::any, DmnPolicy::collect,
                                   DmnPolicy::rule_order, DmnPolicy::output_order})
      if (to_text(policy) == name) return policy;
    return DmnPolicy::unique;
  }

  DecisionTable read_table(pugi::xml_node node) {
    DecisionTable table;
    table.offset = place_of(node);
    table.policy = policy_of(node.attribute("hitPolicy").value());
    for (const DmnAggregation one :
         {DmnAggregation::sum, DmnAggregation::count, DmnAggregation::min, DmnAggregation::max})
      if (to_text(one) == node.attribute("aggregation").value()) table.aggregation = one;
    for (const pugi::xml_node part : node.children()) {
      const std::string_view kind = local_name(part);
      if (kind == "input") {
        const pugi::xml_node expression = child(part, "inputExpression");
        table.inputs.push_back({text_below(expression), type_reference(expression.attribute("typeRef").value()),
                                part.attribute("label").value(), text_below(part, "inputValues"), place_of(part)});
      } else if (kind == "output") {
        DmnOutputClause output{collapsed(part.attribute("name").value()),
                               type_reference(part.attribute("typeRef").value()),
                               part.attribute("label").value(),
                               text_below(part, "outputValues"),
                               {},
                               place_of(part)};
        if (const pugi::xml_node otherwise = child(part, "defaultOutputEntry")) output.otherwise = entry(otherwise);
        table.outputs.push_back(std::move(output));
      } else if (kind == "rule") {
        DmnRule rule;
        rule.offset = place_of(part);
        rule.note = child(part, "description").text().get();
        for (const pugi::xml_node cell : part.children()) {
          if (local_name(cell) == "inputEntry") rule.inputs.push_back(entry(cell));
          if (local_name(cell) == "outputEntry") rule.outputs.push_back(entry(cell));
          if (local_name(cell) == "annotationEntry" && !collapsed(text_below(cell)).empty())
            rule.note += (rule.note.empty() ? "" : "; ") + text_below(cell);
        }
        rule.note = collapsed(rule.note);
        table.rules.push_back(std::move(rule));
      }
    }
    return table;
  }

  pugi::xml_node definitions_;
  std::map<std::string, std::string> names_; ///< by id
  DmnModel model_;
};

/// Counts the elements and how deep they lie, without recursion.
bool is_within(pugi::xml_node root, const DmnOptions& options) {
  std::size_t count = 0, depth = 0;
  for (pugi::xml_node node = root; node;) {
    if (++count > options.max_elements || depth > options.max_depth) return false;
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node == root ? pugi::xml_node{} : node.next_sibling();
  }
  return true;
}

} // namespace

std::string_view to_text(DmnPolicy policy) {
  switch (policy) {
  case DmnPolicy::unique: return "UNIQUE";
  case DmnPolicy::first: return "FIRST";
  case DmnPolicy::priority: return "PRIORITY";
  case DmnPolicy::any: return "ANY";
  case DmnPolicy::collect: return "COLLECT";
  case DmnPolicy::rule_order: return "RULE ORDER";
  case DmnPolicy::output_order: return "OUTPUT ORDER";
  }
  return {};
}

std::string_view to_text(DmnAggregation aggregation) {
  switch (aggregation) {
  case DmnAggregation::none: return {};
  case DmnAggregation::sum: return "SUM";
  case DmnAggregation::count: return "COUNT";
  case DmnAggregation::min: return "MIN";
  case DmnAggregation::max: return "MAX";
  }
  return {};
}

std::optional<DmnModel> read_dmn(std::string_view text, const DmnOptions& options, DmnUnread& fault) {
  if (text.size() > options.max_bytes) {
    fault = {"", fmt::format("it is larger than {} bytes", options.max_bytes), 0};
    return std::nullopt;
  }
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, result.offset));
    fault = {"", fmt::format("it is no XML: {}", result.description()), std::min(offset, text.size())};
    return std::nullopt;
  }
  const pugi::xml_node root = document.document_element();
  if (!is_within(root, options)) {
    fault = {"",
             fmt::format("it has more than {} elements, or they are nested more than {} deep", options.max_elements,
                         options.max_depth),
             0};
    return std::nullopt;
  }
  const std::string_view name = root.name();
  const std::size_t colon = name.find(':');
  const std::string attribute =
      colon == std::string_view::npos ? "xmlns" : "xmlns:" + std::string(name.substr(0, colon));
  const std::string_view address = root.attribute(attribute.c_str()).value();
  if (local(name) != "definitions" ||
      std::find(model_namespaces.begin(), model_namespaces.end(), address) == model_namespaces.end()) {
    fault = {"", "it is no DMN: its first element must be `definitions` of DMN 1.1 to 1.5", place_of(root)};
    return std::nullopt;
  }
  return ModelReader(root).read();
}

} // namespace aceso::decision_tables
