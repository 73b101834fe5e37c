#include "decision_tables/to_aceso.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "decision_tables/model_items.h"
#include "decision_tables/variable_types.h"
#include "decision_tables/write_expression.h"

namespace aceso::decision_tables {

namespace {

using K = FeelKind;
using M = Meaning::Kind;

constexpr std::size_t longest_title = 80;

class Importer {
public:
  explicit Importer(const DmnModel& model)
      : model_(model), reader_(names_of(model)), items_(reader_, variables_, result_.remarks),
        types_(model, reader_, variables_, result_.remarks) {}

  Carried carry() {
    for (const DmnUnread& unread : model_.unread)
      remark(Remark::Kind::not_carried, unread.offset, unread.what, unread.why);
    name_everything();
    items_.read_logic();
    items_.collect_uses(types_);
    for (const DmnInput& input : model_.inputs)
      settle(input.name);
    for (const DmnDecision& decision : model_.decisions)
      settle(decision.name);
    write_text();
    std::stable_sort(result_.remarks.begin(), result_.remarks.end(),
                     [](const Remark& a, const Remark& b) { return a.offset < b.offset; });
    return std::move(result_);
  }

private:
  static std::vector<std::string> names_of(const DmnModel& model) {
    std::vector<std::string> names;
    for (const DmnInput& input : model.inputs)
      names.push_back(input.name);
    for (const DmnDecision& decision : model.decisions) {
      names.push_back(decision.name);
      if (const auto* table = std::get_if<DecisionTable>(&decision.logic))
        for (const DmnOutputClause& output : table->outputs)
          names.push_back(output.name);
    }
    return names;
  }

  void remark(Remark::Kind kind, std::size_t offset, std::string what, std::string why) {
    result_.remarks.push_back({kind, offset, std::move(what), std::move(why)});
  }
  std::string unused_name(std::string_view text) {
    std::string name = identifier(text);
    while (!taken_.insert(name).second)
      name += '_';
    return name;
  }

  void name_everything() {
    const auto add = [&](const std::string& name, std::size_t offset, const DmnInput* input,
                         const DmnDecision* decision) {
      if (!items_.add(name, input, decision)) {
        remark(Remark::Kind::not_carried, offset, fmt::format("`{}`", name), "another element has the same name");
        return;
      }
      variables_[name].id = unused_name(name);
      if (!decision) return;
      const auto* table = std::get_if<DecisionTable>(&decision->logic);
      if (table && table->outputs.size() > 1)
        for (const DmnOutputClause& output : table->outputs)
          variables_[output_variable(name, output.name)].id =
              unused_name(variables_[name].id + "_" + identifier(output.name));
    };
    for (const DmnInput& input : model_.inputs)
      add(input.name, input.offset, &input, nullptr);
    for (const DmnDecision& decision : model_.decisions)
      add(decision.name, decision.offset, nullptr, &decision);
  }

  // ---------------------------------------------------------------------------------------------- one item after
  // another

  bool settle(const std::string& name) {
    Item* found = items_.find(name);
    if (!found) return false;
    Item& item = *found;
    if (item.state == Item::State::done) return true;
    if (item.state == Item::State::left_out) return false;
    if (item.state == Item::State::busy) {
      items_.leave_out(item, item.decision->offset, "it depends on itself");
      return false;
    }
    if (item.input) {
      auto meaning =
          types_.of_variable(name, item.input->type, item.input->offset, items_.allowed_in_columns(name), true);
      if (!meaning || meaning->is_list) {
        items_.leave_out(item, item.input->offset,
                         meaning                    ? "an input that is a list is not read"
                         : item.input->type.empty() ? "its type is not told and does not follow from its use"
                                                    : fmt::format("its type `{}` is not read", item.input->type));
        return false;
      }
      variables_[name].meaning = *meaning;
      item.state = Item::State::done;
      return true;
    }
    item.state = Item::State::busy;
    if (!settle_needed(item)) return false;
    if (item.literal)
      settle_literal(name, item);
    else
      settle_table(name, item);
    if (item.state == Item::State::busy) item.state = Item::State::done;
    return item.state == Item::State::done;
  }

  bool settle_needed(Item& item) {
    for (const std::string& name : items_.names_in(item)) {
      if (settle(name)) continue;
      items_.leave_out(item, item.decision->offset, fmt::format("it needs `{}`, which is not carried", name));
      return false;
    }
    return true;
  }

  ExpressionWriter writer() const { return ExpressionWriter(variables_); }

  /// Strings that an expression can give.
  static void strings_given(const FeelExpression& e, std::vector<std::string>& strings) {
    if (e.kind == K::string) strings.push_back(e.text);
    if (e.kind == K::conditional)
      for (std::size_t i = 1; i < 3; ++i)
        strings_given(e.children[i], strings);
  }

  /// What an output, or the expression of a decision, can be: from its type, and else from what it gives.
  Meaning output_meaning(const std::string& variable, const std::string& reference, const std::string& allowed_text,
                         const std::vector<const FeelExpression*>& given, std::size_t offset) {
    std::vector<std::string> strings;
    for (const FeelExpression* e : given)
      strings_given(*e, strings);
    if (strings.empty()) {
      Meaning number;
      const auto unit = types_.unit_of(reference);
      if (unit && !unit->empty()) number.kind = M::number;
      number.unit = unit.value_or("");
      return number;
    }
    Uses& uses = types_.uses(variable);
    uses.strings.insert(uses.strings.begin(), strings.begin(), strings.end());
    const auto meaning = types_.of_variable(variable, types_.base_of(reference) == "string" ? reference : "string",
                                            offset, allowed_text, false);
    if (!meaning) return {};
    Meaning result = *meaning;
    result.is_list = false; // of a table that gives a list, what one row gives
    return result;
  }

  static constexpr const char* no_unit = "its unit does not follow from the expression";
  /// FEEL has no units, so that a calculation can end in another unit than its type says.
  [[nodiscard]] bool has_declared_unit(const Meaning& meaning, const std::string& reference) const {
    const auto unit = types_.unit_of(reference);
    return meaning.kind != M::number || !unit || *unit == meaning.unit;
  }

  void settle_literal(const std::string& name, Item& item) {
    const DmnDecision& decision = *item.decision;
    const auto& entry = std::get<DmnEntry>(decision.logic);
    const Meaning expected = output_meaning(name, decision.type, {}, {&*item.literal}, decision.offset);
    std::string why;
    const auto written = writer().write(*item.literal, expected, why);
    if (!written) return items_.leave_out(item, entry.offset, fmt::format("`{}`: {}", collapsed(entry.text), why));
    if (written->meaning.is_real)
      return items_.leave_out(
          item, entry.offset,
          fmt::format("`{}`: a quotient has to be rounded, as in `decimal(a / b, 2)`", collapsed(entry.text)));
    if (!has_declared_unit(written->meaning, decision.type))
      return items_.leave_out(item, entry.offset, fmt::format("`{}`: {}", collapsed(entry.text), no_unit));
    variables_[name].meaning = written->meaning;
    const bool has_type = written->meaning.kind == M::choice;
    body_ += documentation(decision.description);
    body_ += fmt::format("define {}{}{} = {}\n\n", variables_[name].id,
                         title(decision.name, decision.label, variables_[name].id),
                         has_type ? " : " + type_text(written->meaning) : "", written->text);
  }

  static bool has_repetition(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return std::adjacent_find(texts.begin(), texts.end()) != texts.end();
  }

  struct Policy {
    std::string_view words;
    bool sorts = false, lists = false, counts = false, sums = false;
  };
  static Policy policy_of(const DecisionTable& table) {
    switch (table.policy) {
    case DmnPolicy::unique: return {"unique"};
    case DmnPolicy::first: return {"first"};
    case DmnPolicy::any: return {"any"};
    case DmnPolicy::priority: return {.words = "first", .sorts = true};
    case DmnPolicy::output_order: return {.words = "collect list", .sorts = true, .lists = true};
    case DmnPolicy::rule_order: return {.words = "collect list", .lists = true};
    case DmnPolicy::collect: break;
    }
    switch (table.aggregation) {
    case DmnAggregation::none: break;
    case DmnAggregation::sum: return {.words = "collect sum", .sums = true};
    case DmnAggregation::min: return {"collect min"};
    case DmnAggregation::max: return {"collect max"};
    case DmnAggregation::count: return {.words = "collect count", .counts = true};
    }
    return {.words = "collect list", .lists = true};
  }

  /// The order of the rows by the priority of what they give; nothing where an output is not listed.
  std::optional<std::vector<std::size_t>> order_by_priority(const Item& item, const DecisionTable& table,
                                                            const std::string& name) {
    std::vector<std::vector<std::size_t>> keys(item.outputs.size());
    for (std::size_t i = 0; i < table.outputs.size(); ++i) {
      const std::string& listed =
          table.outputs[i].allowed.empty() ? types_.allowed_of(output_type(item, table, i)) : table.outputs[i].allowed;
      FeelFault fault;
      const auto values = reader_.unary_tests(listed, fault);
      for (std::size_t row = 0; row < item.outputs.size(); ++row) {
        const FeelExpression& output = item.outputs[row][i];
        std::size_t at = 0;
        while (values && at < values->tests.size() &&
               (values->tests[at].kind != output.kind || values->tests[at].text != output.text))
          ++at;
        if (!values || at == values->tests.size()) return std::nullopt;
        keys[row].push_back(at);
      }
    }
    std::vector<std::size_t> order(item.outputs.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    remark(Remark::Kind::changed, table.offset, fmt::format("the hit policy {} of `{}`", to_text(table.policy), name),
           fmt::format("the rows stand in the order of the listed output values, with `{}`", policy_of(table).words));
    return order;
  }

  static std::string output_type(const Item& item, const DecisionTable& table, std::size_t i) {
    if (!table.outputs[i].type.empty() || table.outputs.size() > 1) return table.outputs[i].type;
    return item.decision->type;
  }

  /// The cells of every row, as Aceso writes them; nothing, with the item left out, where one is not carried.
  std::optional<std::vector<std::string>> write_cells(Item& item, const DecisionTable& table,
                                                      const std::vector<Meaning>& columns, std::size_t row) {
    std::vector<std::string> cells;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      std::string why;
      const auto cell = writer().cell(item.cells[row][column], columns[column], why);
      if (!cell) {
        const DmnEntry& entry = table.rules[row].inputs[column];
        items_.leave_out(item, entry.offset, fmt::format("rule {}, `{}`: {}", row + 1, collapsed(entry.text), why));
        return std::nullopt;
      }
      cells.push_back(*cell);
    }
    return cells;
  }

  void settle_table(const std::string& name, Item& item) {
    const auto& table = std::get<DecisionTable>(item.decision->logic);
    std::vector<std::string> heads;
    std::vector<Meaning> columns;
    for (std::size_t i = 0; i < item.columns.size(); ++i) {
      std::string why;
      const auto head = writer().write(item.columns[i], {}, why);
      if (!head || head->meaning.is_real || head->meaning.is_list)
        return items_.leave_out(item, table.inputs[i].offset,
                                fmt::format("the input `{}`: {}", table.inputs[i].expression,
                                            head ? "only a plain, rounded value can head a column" : why));
      heads.push_back(head->text);
      columns.push_back(head->meaning);
    }
    if (heads.empty()) { // a table without inputs: one column that is always the same
      heads.emplace_back("1");
      columns.emplace_back();
    }
    const Policy policy = policy_of(table);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < table.rules.size(); ++i)
      order.push_back(i);
    if (policy.sorts) {
      const auto sorted = order_by_priority(item, table, name);
      if (!sorted)
        return items_.leave_out(
            item, table.offset,
            fmt::format("{} needs every output among the listed output values", to_text(table.policy)));
      order = *sorted;
    }
    std::vector<std::vector<std::string>> rows;
    for (const std::size_t row : order) {
      auto cells =
          item.columns.empty() ? std::optional(std::vector<std::string>{"-"}) : write_cells(item, table, columns, row);
      if (!cells) return;
      rows.push_back(std::move(*cells));
    }
    for (std::size_t i = 0; i < table.outputs.size(); ++i)
      if (!write_table(name, item, table, i, heads, rows, order, policy)) return;
    if (table.outputs.size() > 1)
      remark(Remark::Kind::changed, table.offset, fmt::format("the {} outputs of `{}`", table.outputs.size(), name),
             "each became a table of its own");
  }

  bool write_table(const std::string& name, Item& item, const DecisionTable& table, std::size_t i,
                   const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows,
                   const std::vector<std::size_t>& order, const Policy& policy) {
    const bool is_empty_list =
        policy.lists && item.otherwise[i] && item.otherwise[i]->kind == K::list && item.otherwise[i]->children.empty();
    if (is_empty_list) item.otherwise[i].reset(); // a list of nothing is empty anyway
    const DmnOutputClause& output = table.outputs[i];
    const std::string variable = table.outputs.size() > 1 ? output_variable(name, output.name) : name;
    std::vector<const FeelExpression*> given;
    for (const auto& row : item.outputs)
      given.push_back(&row[i]);
    if (item.otherwise[i]) given.push_back(&*item.otherwise[i]);
    const Meaning expected =
        output_meaning(variable, output_type(item, table, i), output.allowed, given, output.offset);
    std::vector<std::string> outputs;
    std::optional<Meaning> meaning;
    Rational low, high; // of a sum: all that is negative, all that is positive
    const auto write_output = [&](const FeelExpression& e, const DmnEntry& entry) {
      std::string why;
      const auto written = writer().write(e, expected, why);
      if (written) meaning = meaning ? joined(*meaning, written->meaning) : written->meaning;
      if (!written || !meaning || written->meaning.is_real || written->meaning.is_list) {
        items_.leave_out(item, entry.offset,
                         fmt::format("the output `{}`: {}", collapsed(entry.text),
                                     !written  ? why
                                     : meaning ? "a quotient has to be rounded, and a list cannot be given"
                                               : "it is of another type than the output of the rule before it"));
        return false;
      }
      outputs.push_back(written->text);
      low = Rational::add(low, std::min(written->meaning.minimum, Rational(0))).value_or(low);
      high = Rational::add(high, std::max(written->meaning.maximum, Rational(0))).value_or(high);
      return true;
    };
    for (const std::size_t row : order)
      if (!write_output(item.outputs[row][i], table.rules[row].outputs[i])) return false;
    if (policy.counts && has_repetition(outputs))
      remark(Remark::Kind::changed, table.offset, fmt::format("the count of `{}`", name),
             "every row counts; some programs count rows with the same output once");
    if (item.otherwise[i] && policy.counts) {
      items_.leave_out(item, output.otherwise->offset, "a default value beside COUNT is not read");
      return false;
    }
    if (item.otherwise[i] && !write_output(*item.otherwise[i], *output.otherwise)) return false;
    if (expected.kind == M::choice) meaning = expected;
    if (!policy.counts && !has_declared_unit(*meaning, output_type(item, table, i))) {
      items_.leave_out(item, output.offset, std::string("the output: ") + no_unit);
      return false;
    }
    // A sum of nothing is 0 in Aceso anyway, and a list of nothing empty.
    const bool adds_nothing = policy.sums && item.otherwise[i] && outputs.back() == "0";
    if (policy.sums && !item.otherwise[i])
      remark(Remark::Kind::changed, table.offset, fmt::format("the sum of no rows of `{}`", name),
             "it is 0 here, and null in DMN");
    if (meaning->kind == M::number && !policy.counts) {
      if (policy.sums) {
        meaning->minimum = low;
        meaning->maximum = high;
      }
      const auto wider = types_.declared_number(variable, output_type(item, table, i), output.offset);
      if (wider && wider->unit == meaning->unit && wider->minimum <= meaning->minimum &&
          meaning->maximum <= wider->maximum)
        meaning = wider;
    }
    Variable& known = variables_[variable];
    known.meaning = *meaning;
    known.meaning.is_list = policy.lists;

    body_ += i == 0 ? documentation(item.decision->description) : "";
    const std::string label = table.outputs.size() > 1 ? output.name : name;
    body_ +=
        fmt::format("table {}{} : {} {} {{\n  {} -> {}\n", known.id,
                    title(label, i == 0 && table.outputs.size() == 1 ? item.decision->label : output.label, known.id),
                    type_text(*meaning), policy.words, fmt::join(heads, " | "), known.id);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::string& note = table.rules[order[row]].note;
      const bool matches_all =
          std::all_of(rows[row].begin(), rows[row].end(), [](const std::string& c) { return c == "-"; });
      const bool is_rest =
          matches_all && policy.words == "first" && row > 0 && row + 1 == rows.size() && !item.otherwise[i];
      body_ += fmt::format("  {} -> {}{}\n", is_rest ? "otherwise" : fmt::format("{}", fmt::join(rows[row], " | ")),
                           outputs[row], note.empty() ? "" : " // " + note);
    }
    if (item.otherwise[i] && !adds_nothing) body_ += fmt::format("  otherwise -> {}\n", outputs.back());
    body_ += "}\n\n";
    if (policy.counts) { // what is seen from outside is how many rows match
      known.meaning = {};
      known.meaning.kind = M::number;
      known.meaning.maximum = Rational(static_cast<std::int64_t>(rows.size()));
    }
    return true;
  }

  // ---------------------------------------------------------------------------------------------- the text

  static std::string title(const std::string& name, const std::string& label, const std::string& id) {
    const std::string& text = label.empty() ? name : label;
    return text == id ? std::string() : " " + quoted(text);
  }
  static std::string documentation(const std::string& text) {
    const std::string line = collapsed(text);
    return line.empty() ? std::string() : fmt::format("/// {}\n", line);
  }

  void write_text() {
    std::string& text = result_.text;
    // A short description is a title; a long one documents.
    const bool is_title = !model_.description.empty() && model_.description.size() <= longest_title &&
                          model_.description.find('\n') == std::string::npos;
    const std::string name = unused_name(model_.name.empty() ? "imported" : model_.name);
    if (!is_title) text += documentation(model_.description);
    text += fmt::format("guideline {} {{\n  title {}\n  version 0.1.0\n  status draft\n}}\n\n", name,
                        quoted(is_title              ? model_.description
                               : model_.name.empty() ? "Imported decisions"
                                                     : model_.name));
    for (auto [type, meaning] : types_.declared_types()) {
      const std::string id = std::exchange(meaning.type_name, {});
      text += fmt::format("type {}{} = {}\n\n", id, title(type, {}, id), type_text(meaning));
    }
    std::string inputs;
    for (const DmnInput& input : model_.inputs) {
      const Item* item = items_.find(input.name);
      if (!item || item->input != &input || item->state != Item::State::done) continue;
      const Variable& variable = variables_.at(input.name);
      const std::string question = !input.description.empty() ? input.description
                                   : !input.label.empty()     ? input.label
                                                              : input.name;
      inputs += fmt::format("  {} : {} {}\n", variable.id, type_text(variable.meaning),
                            question == variable.id ? "" : quoted(question));
    }
    if (!inputs.empty())
      text += fmt::format("inputs {} \"Input data\" {{\n{}}}\n\n", unused_name("input_data"), inputs);
    text += body_;
  }

  const DmnModel& model_;
  FeelReader reader_;
  Variables variables_;
  std::set<std::string> taken_;
  std::string body_;
  Carried result_;
  ModelItems items_;
  VariableTypes types_;
};

} // namespace

Carried to_aceso(const DmnModel& model) { return Importer(model).carry(); }

} // namespace aceso::decision_tables
