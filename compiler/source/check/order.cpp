/// Derived values and functions, each after those that it mentions: however they are written down, one level of
/// recursion is enough to lower each of them.
#include <string_view>

#include "check/checker.h"

namespace aceso::check {

namespace {

void collect(const ast::ExpressionPtr& expression, std::vector<std::string_view>& names) {
  if (!expression) return;
  if (expression->kind == ast::ExpressionKind::name || expression->kind == ast::ExpressionKind::call)
    names.push_back(expression->text);
  for (const auto& child : expression->children)
    collect(child, names);
}

/// All words that may name other values.
std::vector<std::string_view> mentioned(const Symbol& symbol) {
  std::vector<std::string_view> names;
  if (symbol.kind == Symbol::Kind::define) {
    const auto& body = static_cast<const ast::DefineDecl&>(*symbol.declaration).body;
    if (const auto* expression = std::get_if<ast::ExpressionPtr>(&body)) collect(*expression, names);
    if (const auto* bands = std::get_if<ast::Bands>(&body)) {
      collect(bands->subject, names);
      for (const auto& band : bands->bands)
        collect(band.value, names);
      collect(bands->otherwise, names);
    }
    if (const auto* score = std::get_if<ast::Score>(&body)) {
      for (const auto& item : score->items) {
        collect(item.points, names);
        collect(item.condition, names);
      }
    }
    if (const auto* first = std::get_if<ast::FirstOf>(&body)) {
      for (const auto& item : first->items) {
        collect(item.condition, names);
        collect(item.value, names);
      }
    }
  } else if (symbol.kind == Symbol::Kind::table) {
    const auto& table = static_cast<const ast::TableDecl&>(*symbol.declaration);
    for (const auto& column : table.columns)
      collect(column, names);
    for (const auto& row : table.rows) {
      for (const auto& cell : row.cells)
        for (const auto& test : cell.tests)
          for (const auto& value : test.values)
            collect(value, names);
      collect(row.output, names);
    }
  } else if (symbol.kind == Symbol::Kind::differential) {
    const auto& differential = static_cast<const ast::DifferentialDecl&>(*symbol.declaration);
    for (const auto& argument : differential.arguments)
      collect(argument.condition, names);
    for (const auto& verdict : differential.verdicts)
      collect(verdict.condition, names);
  } else if (symbol.kind == Symbol::Kind::function) {
    const auto& function = static_cast<const ast::FunctionDecl&>(*symbol.declaration);
    collect(function.require, names);
    collect(function.body, names);
  }
  return names;
}

/// Not what stands there without being worked out: inputs, concepts, sets.
bool is_derived(Symbol::Kind kind) {
  return kind == Symbol::Kind::define || kind == Symbol::Kind::table || kind == Symbol::Kind::function ||
         kind == Symbol::Kind::differential;
}

} // namespace

void Checker::lower_values() {
  struct Visit {
    Scope::const_iterator value;
    std::vector<std::string_view> mentioned;
    std::size_t next = 0;
  };
  std::set<std::string_view> seen;
  std::vector<Visit> open;
  const auto start = [&](Scope::const_iterator value) {
    if (value == values_.end() || !is_derived(value->second.kind) || !seen.insert(value->first).second) return;
    open.push_back({value, mentioned(value->second), 0});
  };
  const auto finish = [&](const Scope::value_type& value) {
    const auto& [name, symbol] = value;
    if (symbol.kind != Symbol::Kind::function)
      (void)lower_value(name, symbol, symbol.declaration->name.span);
    else if (symbol.is_main)
      lower_function_alone(static_cast<const ast::FunctionDecl&>(*symbol.declaration));
  };
  for (const auto& declaration : program_->files.back().declarations) {
    std::visit([&](const auto& d) { start(values_.find(d.name.text)); }, declaration);
    while (!open.empty()) {
      Visit& top = open.back();
      if (top.next < top.mentioned.size()) {
        start(values_.find(top.mentioned[top.next++])); // may move `open`
      } else {
        finish(*top.value);
        open.pop_back();
      }
    }
  }
}

} // namespace aceso::check
