#include "decision_tables/model_items.h"

#include <fmt/format.h>

namespace aceso::decision_tables {

namespace {

using K = FeelKind;

void collect_constant(const FeelExpression& e, Uses& uses) {
  if (e.kind == K::string) uses.strings.push_back(e.text);
  if (e.kind == K::boolean) uses.is_truth = true;
  if (const auto number = number_of(e)) uses.numbers.push_back(*number);
  if (e.kind == K::date || e.kind == K::date_and_time || e.kind == K::time) uses.date_like = e.kind;
  if (e.kind == K::interval || e.kind == K::list)
    for (const FeelExpression& child : e.children)
      collect_constant(child, uses);
}

/// Of unary tests about one variable.
void collect_test(const FeelExpression& test, Uses& uses) {
  collect_constant(test, uses);
  if ((test.kind >= K::equal && test.kind <= K::greater_or_equal) || test.kind == K::in ||
      test.kind == K::logical_and || test.kind == K::logical_or)
    for (const FeelExpression& child : test.children)
      collect_test(child, uses);
}
} // namespace

std::string output_variable(const std::string& decision, const std::string& output) { return decision + "." + output; }

bool ModelItems::add(const std::string& name, const DmnInput* input, const DmnDecision* decision) {
  const auto [at, is_new] = items_.try_emplace(name);
  if (!is_new) return false;
  at->second.input = input;
  at->second.decision = decision;
  return true;
}

Item* ModelItems::find(const std::string& name) {
  const auto found = items_.find(name);
  return found == items_.end() ? nullptr : &found->second;
}

void ModelItems::read_logic() {
  for (auto& [name, item] : items_)
    if (item.decision) read_logic(item);
}

void ModelItems::collect_uses(VariableTypes& types) const {
  for (const auto& [name, item] : items_)
    if (item.decision && item.state != Item::State::left_out) collect_uses(item, types);
}

void ModelItems::leave_out(Item& item, std::size_t offset, const std::string& why) {
  if (item.state == Item::State::left_out) return;
  item.state = Item::State::left_out;
  remarks_.push_back({Remark::Kind::not_carried, offset,
                      item.input ? fmt::format("the input data `{}`", item.input->name)
                                 : fmt::format("the decision `{}`", item.decision->name),
                      why});
}

std::optional<FeelExpression> ModelItems::read(Item& item, const DmnEntry& entry, std::string_view where) {
  FeelFault fault;
  auto result = reader_.expression(entry.text, fault);
  if (!result) leave_out(item, entry.offset, fmt::format("{} `{}`: {}", where, collapsed(entry.text), fault.message));
  return result;
}

void ModelItems::read_logic(Item& item) {
  if (const auto* literal = std::get_if<DmnEntry>(&item.decision->logic)) {
    item.literal = read(item, *literal, "the expression");
    return;
  }
  const auto* table = std::get_if<DecisionTable>(&item.decision->logic);
  if (!table) {
    item.state = Item::State::left_out; // told when the file was read
    return;
  }
  if (table->outputs.empty() || table->rules.empty())
    return leave_out(item, table->offset, table->outputs.empty() ? "the table has no output" : "the table has no rule");
  for (const DmnInputClause& input : table->inputs) {
    auto column = read(item, {input.expression, input.offset}, "the input");
    if (!column) return;
    item.columns.push_back(std::move(*column));
  }
  for (std::size_t row = 0; row < table->rules.size(); ++row) {
    const DmnRule& rule = table->rules[row];
    if (rule.inputs.size() != table->inputs.size() || rule.outputs.size() != table->outputs.size())
      return leave_out(item, rule.offset, fmt::format("rule {} has another number of entries than the table", row + 1));
    auto& cells = item.cells.emplace_back();
    for (const DmnEntry& entry : rule.inputs) {
      FeelFault fault;
      auto tests = reader_.unary_tests(entry.text, fault);
      if (!tests)
        return leave_out(item, entry.offset,
                         fmt::format("rule {}, `{}`: {}", row + 1, collapsed(entry.text), fault.message));
      cells.push_back(std::move(*tests));
    }
    auto& outputs = item.outputs.emplace_back();
    for (const DmnEntry& entry : rule.outputs) {
      auto output = read(item, entry, fmt::format("rule {},", row + 1));
      if (!output) return;
      outputs.push_back(std::move(*output));
    }
  }
  for (const DmnOutputClause& output : table->outputs) {
    item.otherwise.emplace_back();
    if (!output.otherwise) continue;
    item.otherwise.back() = read(item, *output.otherwise, "the default");
    if (!item.otherwise.back()) return;
  }
}

std::string ModelItems::variable_of(const FeelExpression& e) const {
  if (e.kind == K::name && variables_.contains(e.text)) return e.text;
  if (e.kind == K::path && e.children.front().kind == K::name) {
    std::string name = output_variable(e.children.front().text, e.text);
    if (variables_.contains(name)) return name;
  }
  return {};
}

void ModelItems::collect_in(const FeelExpression& e, VariableTypes& types) const {
  for (const FeelExpression& child : e.children)
    collect_in(child, types);
  const bool compares = (e.kind >= K::equal && e.kind <= K::greater_or_equal) || e.kind == K::in;
  if (!compares) return;
  for (const FeelExpression& child : e.children)
    if (const std::string name = variable_of(child); !name.empty())
      for (const FeelExpression& other : e.children)
        collect_constant(other, types.uses(name));
}
void ModelItems::collect_uses(const Item& item, VariableTypes& types) const {
  if (item.literal) collect_in(*item.literal, types);
  for (std::size_t column = 0; column < item.columns.size(); ++column) {
    collect_in(item.columns[column], types);
    const std::string name = variable_of(item.columns[column]);
    for (const auto& row : item.cells)
      for (const FeelExpression& test : row[column].tests)
        if (!name.empty()) collect_test(test, types.uses(name));
  }
  for (const auto& row : item.outputs)
    for (const FeelExpression& output : row)
      collect_in(output, types);
}

std::string ModelItems::allowed_in_columns(const std::string& name) const {
  for (const auto& [other, item] : items_) {
    const auto* table = item.decision ? std::get_if<DecisionTable>(&item.decision->logic) : nullptr;
    for (std::size_t i = 0; table && i < item.columns.size(); ++i)
      if (variable_of(item.columns[i]) == name && !table->inputs[i].allowed.empty()) return table->inputs[i].allowed;
  }
  return {};
}

void ModelItems::names_in(const FeelExpression& e, std::set<std::string>& names) const {
  if (e.kind == K::name && items_.contains(e.text)) names.insert(e.text);
  for (const FeelExpression& child : e.children)
    names_in(child, names);
}
std::set<std::string> ModelItems::names_in(const Item& item) const {
  std::set<std::string> names;
  if (item.literal) names_in(*item.literal, names);
  for (const FeelExpression& column : item.columns)
    names_in(column, names);
  for (const auto& row : item.cells)
    for (const FeelTests& tests : row)
      for (const FeelExpression& test : tests.tests)
        names_in(test, names);
  for (const auto& row : item.outputs)
    for (const FeelExpression& output : row)
      names_in(output, names);
  for (const auto& otherwise : item.otherwise)
    if (otherwise) names_in(*otherwise, names);
  return names;
}

} // namespace aceso::decision_tables
