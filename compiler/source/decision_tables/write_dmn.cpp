/// DMN 1.3, with a diagram in rows: what needs nothing stands at the bottom, what needs most at the top.
#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pugixml.hpp>

#include "decision_tables/dmn_model.h"

namespace aceso::decision_tables {

namespace {

constexpr const char* own_namespace = "https://aceso.dev/dmn";
constexpr int box_width = 180, box_height = 60, gap_x = 40, gap_y = 80;

/// An id holds no space, and begins with a letter.
std::string id_of(std::string_view kind, std::string_view name) {
  std::string id = fmt::format("{}_", kind);
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    id += plain ? std::string(1, c) : fmt::format(".{:02x}", static_cast<unsigned char>(c));
  }
  return id;
}

class ModelWriter {
public:
  explicit ModelWriter(const DmnModel& model) : model_(model) {}

  std::string write() {
    pugi::xml_node head = document_.append_child(pugi::node_declaration);
    head.append_attribute("version") = "1.0";
    head.append_attribute("encoding") = "UTF-8";
    pugi::xml_node root = document_.append_child("definitions");
    root.append_attribute("xmlns") = "https://www.omg.org/spec/DMN/20191111/MODEL/";
    root.append_attribute("xmlns:dmndi") = "https://www.omg.org/spec/DMN/20191111/DMNDI/";
    root.append_attribute("xmlns:dc") = "http://www.omg.org/spec/DMN/20180521/DC/";
    root.append_attribute("xmlns:di") = "http://www.omg.org/spec/DMN/20180521/DI/";
    root.append_attribute("xmlns:aceso") = own_namespace;
    root.append_attribute("id") = id_of("definitions", model_.name).c_str();
    root.append_attribute("name") = model_.name.c_str();
    root.append_attribute("namespace") = model_.address.c_str();
    root.append_attribute("exporter") = "aceso";
    add_text(root, "description", model_.description);
    for (const DmnType& type : model_.types)
      add_type(root, type);
    for (const DmnInput& input : model_.inputs)
      add_input(root, input);
    for (const DmnDecision& decision : model_.decisions)
      add_decision(root, decision);
    add_diagram(root);
    std::ostringstream out;
    document_.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
    return out.str();
  }

private:
  static void add_text(pugi::xml_node parent, const char* name, const std::string& text) {
    if (!text.empty()) parent.append_child(name).text().set(text.c_str());
  }
  /// <name id=""><text>...</text></name>
  static pugi::xml_node add_feel(pugi::xml_node parent, const char* name, const std::string& id,
                                 const std::string& text) {
    pugi::xml_node node = parent.append_child(name);
    node.append_attribute("id") = id.c_str();
    node.append_child("text").text().set(text.c_str());
    return node;
  }
  static void set(pugi::xml_node node, const char* name, const std::string& value) {
    if (!value.empty()) node.append_attribute(name) = value.c_str();
  }

  static void add_type(pugi::xml_node root, const DmnType& type) {
    pugi::xml_node node = root.append_child("itemDefinition");
    set(node, "id", id_of("type", type.name));
    set(node, "name", type.name);
    if (type.is_collection) node.append_attribute("isCollection") = true;
    if (type.number || !type.scores.empty()) {
      pugi::xml_node extensions = node.append_child("extensionElements");
      if (type.number) {
        pugi::xml_node number = extensions.append_child("aceso:numberNote");
        set(number, "unit", type.number->unit);
        set(number, "step", type.number->step);
      }
      if (!type.scores.empty())
        set(extensions.append_child("aceso:scale"), "scores", fmt::format("{}", fmt::join(type.scores, " ")));
    }
    add_text(node, "typeRef", type.base);
    if (!type.allowed.empty()) add_feel(node, "allowedValues", id_of("allowed", type.name), type.allowed);
  }

  static void add_variable(pugi::xml_node node, const std::string& name, const std::string& type) {
    pugi::xml_node variable = node.append_child("variable");
    set(variable, "id", id_of("variable", name));
    set(variable, "name", name);
    set(variable, "typeRef", type);
  }

  static void add_input(pugi::xml_node root, const DmnInput& input) {
    pugi::xml_node node = root.append_child("inputData");
    set(node, "id", id_of("input", input.name));
    set(node, "name", input.name);
    set(node, "label", input.label);
    add_text(node, "description", input.description);
    add_variable(node, input.name, input.type);
  }

  static void add_decision(pugi::xml_node root, const DmnDecision& decision) {
    pugi::xml_node node = root.append_child("decision");
    set(node, "id", id_of("decision", decision.name));
    set(node, "name", decision.name);
    set(node, "label", decision.label);
    add_text(node, "description", decision.description);
    add_variable(node, decision.name, decision.type);
    const auto require = [&](const char* kind, std::string_view what, const std::vector<std::string>& names) {
      for (const std::string& name : names) {
        pugi::xml_node requirement = node.append_child("informationRequirement");
        set(requirement, "id", requirement_id(decision.name, name));
        requirement.append_child(kind).append_attribute("href") = ("#" + id_of(what, name)).c_str();
      }
    };
    require("requiredInput", "input", decision.inputs);
    require("requiredDecision", "decision", decision.decisions);
    if (const auto* literal = std::get_if<DmnEntry>(&decision.logic)) {
      pugi::xml_node logic = add_feel(node, "literalExpression", id_of("expression", decision.name), literal->text);
      set(logic, "typeRef", decision.type);
    } else if (const auto* table = std::get_if<DecisionTable>(&decision.logic)) {
      add_table(node, decision.name, *table);
    }
  }
  static std::string requirement_id(const std::string& user, const std::string& used) {
    return id_of("needs", user) + "." + id_of("of", used);
  }

  static void add_table(pugi::xml_node node, const std::string& name, const DecisionTable& table) {
    pugi::xml_node logic = node.append_child("decisionTable");
    const std::string id = id_of("table", name);
    set(logic, "id", id);
    set(logic, "hitPolicy", std::string(to_text(table.policy)));
    set(logic, "aggregation", std::string(to_text(table.aggregation)));
    set(logic, "outputLabel", name);
    for (std::size_t i = 0; i < table.inputs.size(); ++i) {
      const DmnInputClause& input = table.inputs[i];
      pugi::xml_node clause = logic.append_child("input");
      set(clause, "id", fmt::format("{}.input_{}", id, i + 1));
      set(clause, "label", input.label);
      set(add_feel(clause, "inputExpression", fmt::format("{}.expression_{}", id, i + 1), input.expression), "typeRef",
          input.type);
      if (!input.allowed.empty())
        add_feel(clause, "inputValues", fmt::format("{}.values_{}", id, i + 1), input.allowed);
    }
    for (std::size_t i = 0; i < table.outputs.size(); ++i) {
      const DmnOutputClause& output = table.outputs[i];
      pugi::xml_node clause = logic.append_child("output");
      set(clause, "id", fmt::format("{}.output_{}", id, i + 1));
      set(clause, "name", table.outputs.size() > 1 ? output.name : std::string());
      set(clause, "label", output.label);
      set(clause, "typeRef", output.type);
      if (output.otherwise)
        add_feel(clause, "defaultOutputEntry", fmt::format("{}.default_{}", id, i + 1), output.otherwise->text);
    }
    for (std::size_t row = 0; row < table.rules.size(); ++row) {
      pugi::xml_node rule = logic.append_child("rule");
      const std::string rule_id = fmt::format("{}.rule_{}", id, row + 1);
      set(rule, "id", rule_id);
      add_text(rule, "description", table.rules[row].note);
      for (std::size_t i = 0; i < table.rules[row].inputs.size(); ++i)
        add_feel(rule, "inputEntry", fmt::format("{}.in_{}", rule_id, i + 1), table.rules[row].inputs[i].text);
      for (std::size_t i = 0; i < table.rules[row].outputs.size(); ++i)
        add_feel(rule, "outputEntry", fmt::format("{}.out_{}", rule_id, i + 1), table.rules[row].outputs[i].text);
    }
  }

  // ---------------------------------------------------------------------------------------------- the diagram

  struct Box {
    int x = 0, y = 0;
  };

  /// How many decisions lie below each one at most.
  std::map<std::string, int> heights() const {
    std::map<std::string, int> height;
    for (const DmnInput& input : model_.inputs)
      height[input.name] = 0;
    // Each round settles at least one more decision; what is left after that lies in a circle and stays where it is.
    for (std::size_t round = 0; round < model_.decisions.size(); ++round) {
      for (const DmnDecision& decision : model_.decisions) {
        int most = 0;
        for (const std::string& name : decision.decisions)
          most = std::max(most, height[name]);
        height[decision.name] = most + 1;
      }
    }
    return height;
  }

  static void add_bounds(pugi::xml_node shape, Box box) {
    pugi::xml_node bounds = shape.append_child("dc:Bounds");
    bounds.append_attribute("height") = box_height;
    bounds.append_attribute("width") = box_width;
    bounds.append_attribute("x") = box.x;
    bounds.append_attribute("y") = box.y;
  }

  void add_diagram(pugi::xml_node root) const {
    const std::map<std::string, int> height = heights();
    int most = 0;
    for (const auto& [name, level] : height)
      most = std::max(most, level);
    std::map<int, int> used; // places taken in each row
    std::map<std::string, Box> boxes;
    const auto place = [&](const std::string& name) {
      const int level = height.at(name);
      boxes[name] = {gap_x + used[level]++ * (box_width + gap_x), gap_y + (most - level) * (box_height + gap_y)};
      return boxes[name];
    };
    pugi::xml_node diagram = root.append_child("dmndi:DMNDI").append_child("dmndi:DMNDiagram");
    set(diagram, "id", id_of("diagram", model_.name));
    const auto add_shape = [&](std::string_view kind, const std::string& name) {
      pugi::xml_node shape = diagram.append_child("dmndi:DMNShape");
      set(shape, "id", id_of("shape", id_of(kind, name)));
      set(shape, "dmnElementRef", id_of(kind, name));
      add_bounds(shape, place(name));
    };
    for (const DmnInput& input : model_.inputs)
      add_shape("input", input.name);
    for (const DmnDecision& decision : model_.decisions)
      add_shape("decision", decision.name);
    for (const DmnDecision& decision : model_.decisions) {
      for (const auto* names : {&decision.inputs, &decision.decisions}) {
        for (const std::string& name : *names) {
          const auto from = boxes.find(name), to = boxes.find(decision.name);
          if (from == boxes.end() || to == boxes.end()) continue;
          pugi::xml_node edge = diagram.append_child("dmndi:DMNEdge");
          set(edge, "id", id_of("edge", requirement_id(decision.name, name)));
          set(edge, "dmnElementRef", requirement_id(decision.name, name));
          const auto point = [&](int x, int y) {
            pugi::xml_node waypoint = edge.append_child("di:waypoint");
            waypoint.append_attribute("x") = x;
            waypoint.append_attribute("y") = y;
          };
          point(from->second.x + box_width / 2, from->second.y);
          point(to->second.x + box_width / 2, to->second.y + box_height);
        }
      }
    }
  }

  const DmnModel& model_;
  pugi::xml_document document_;
};

} // namespace

std::string write_dmn(const DmnModel& model) { return ModelWriter(model).write(); }

} // namespace aceso::decision_tables
