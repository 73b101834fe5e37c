#include "decision_tables/to_aceso.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "decision_tables/meaning.h"
#include "decision_tables/write_expression.h"
#include "values/time.h"

namespace aceso::decision_tables {

namespace {

using K = FeelKind;
using M = Meaning::Kind;

/// What a model says about the values of one variable, beside its type.
struct Uses {
  std::vector<std::string> strings;
  std::vector<Rational> numbers;
  bool is_truth = false;
  K date_like = K::null; ///< date, date_and_time, time where it is compared with such a value
};

/// One input data, or one decision with its logic read.
struct Item {
  const DmnInput* input = nullptr;
  const DmnDecision* decision = nullptr;
  std::optional<FeelExpression> literal;
  std::vector<FeelExpression> columns;
  std::vector<std::vector<FeelTests>> cells;        ///< [row][column]
  std::vector<std::vector<FeelExpression>> outputs; ///< [row][output]
  std::vector<std::optional<FeelExpression>> otherwise;
  enum class State : std::uint8_t { new_, busy, done, left_out } state = State::new_;
};

constexpr std::size_t longest_title = 80;

void collect_constant(const FeelExpression& e, Uses& uses) {
  if (e.kind == K::string) uses.strings.push_back(e.text);
  if (e.kind == K::boolean) uses.is_truth = true;
  if (const auto number = number_of(e)) uses.numbers.push_back(*number);
  if (e.kind == K::date || e.kind == K::date_and_time || e.kind == K::time) uses.date_like = e.kind;
  if (e.kind == K::interval || e.kind == K::list)
    for (const FeelExpression& child : e.children)
      collect_constant(child, uses);
}

class Importer {
public:
  explicit Importer(const DmnModel& model) : model_(model), reader_(names_of(model)) {}

  Carried carry() {
    for (const DmnUnread& unread : model_.unread)
      remark(Remark::Kind::not_carried, unread.offset, unread.what, unread.why);
    for (const DmnType& type : model_.types)
      types_.emplace(type.name, &type);
    name_everything();
    for (auto& [name, item] : items_)
      if (item.decision) read_logic(item);
    for (const auto& [name, item] : items_)
      if (item.decision && item.state != Item::State::left_out) collect_uses(item);
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
  void leave_out(Item& item, std::size_t offset, const std::string& why) {
    if (item.state == Item::State::left_out) return;
    item.state = Item::State::left_out;
    remark(Remark::Kind::not_carried, offset,
           item.input ? fmt::format("the input data `{}`", item.input->name)
                      : fmt::format("the decision `{}`", item.decision->name),
           why);
  }

  std::string unused_name(std::string_view text) {
    std::string name = identifier(text);
    while (!taken_.insert(name).second)
      name += '_';
    return name;
  }

  /// The output of a decision with several: "Decision.output".
  static std::string part(const std::string& decision, const std::string& output) { return decision + "." + output; }

  void name_everything() {
    const auto add = [&](const std::string& name, std::size_t offset, const DmnInput* input,
                         const DmnDecision* decision) {
      const auto [at, is_new] = items_.try_emplace(name);
      if (!is_new) {
        remark(Remark::Kind::not_carried, offset, fmt::format("`{}`", name), "another element has the same name");
        return;
      }
      at->second.input = input;
      at->second.decision = decision;
      variables_[name].id = unused_name(name);
      if (!decision) return;
      const auto* table = std::get_if<DecisionTable>(&decision->logic);
      if (table && table->outputs.size() > 1)
        for (const DmnOutputClause& output : table->outputs)
          variables_[part(name, output.name)].id = unused_name(variables_[name].id + "_" + identifier(output.name));
    };
    for (const DmnInput& input : model_.inputs)
      add(input.name, input.offset, &input, nullptr);
    for (const DmnDecision& decision : model_.decisions)
      add(decision.name, decision.offset, nullptr, &decision);
  }

  // ---------------------------------------------------------------------------------------------- reading FEEL

  std::optional<FeelExpression> read(Item& item, const DmnEntry& entry, std::string_view where) {
    FeelFault fault;
    auto result = reader_.expression(entry.text, fault);
    if (!result) leave_out(item, entry.offset, fmt::format("{} `{}`: {}", where, collapsed(entry.text), fault.message));
    return result;
  }

  void read_logic(Item& item) {
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
      return leave_out(item, table->offset,
                       table->outputs.empty() ? "the table has no output" : "the table has no rule");
    for (const DmnInputClause& input : table->inputs) {
      auto column = read(item, {input.expression, input.offset}, "the input");
      if (!column) return;
      item.columns.push_back(std::move(*column));
    }
    for (std::size_t row = 0; row < table->rules.size(); ++row) {
      const DmnRule& rule = table->rules[row];
      if (rule.inputs.size() != table->inputs.size() || rule.outputs.size() != table->outputs.size())
        return leave_out(item, rule.offset,
                         fmt::format("rule {} has another number of entries than the table", row + 1));
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

  /// The variable that an expression names, or empty.
  std::string variable_of(const FeelExpression& e) const {
    if (e.kind == K::name && variables_.contains(e.text)) return e.text;
    if (e.kind == K::path && e.children.front().kind == K::name) {
      const std::string name = part(e.children.front().text, e.text);
      if (variables_.contains(name)) return name;
    }
    return {};
  }

  void collect_in(const FeelExpression& e) {
    for (const FeelExpression& child : e.children)
      collect_in(child);
    const bool compares = (e.kind >= K::equal && e.kind <= K::greater_or_equal) || e.kind == K::in;
    if (!compares) return;
    for (const FeelExpression& child : e.children)
      if (const std::string name = variable_of(child); !name.empty())
        for (const FeelExpression& other : e.children)
          collect_constant(other, uses_[name]);
  }
  /// Of unary tests about `name`.
  void collect_test(const FeelExpression& test, const std::string& name) {
    collect_constant(test, uses_[name]);
    if ((test.kind >= K::equal && test.kind <= K::greater_or_equal) || test.kind == K::in ||
        test.kind == K::logical_and || test.kind == K::logical_or)
      for (const FeelExpression& child : test.children)
        collect_test(child, name);
  }
  void collect_uses(const Item& item) {
    if (item.literal) collect_in(*item.literal);
    for (std::size_t column = 0; column < item.columns.size(); ++column) {
      collect_in(item.columns[column]);
      const std::string name = variable_of(item.columns[column]);
      for (const auto& row : item.cells)
        for (const FeelExpression& test : row[column].tests)
          if (!name.empty()) collect_test(test, name);
    }
    for (const auto& row : item.outputs)
      for (const FeelExpression& output : row)
        collect_in(output);
  }

  // ---------------------------------------------------------------------------------------------- what values are

  struct Declared {
    std::string base;
    std::string allowed;
    std::string name; ///< of the type that lists the values
    bool is_collection = false;
    std::vector<std::string> scores;
    std::optional<NumberNote> number;
  };
  Declared declared(std::string reference) const {
    Declared result;
    for (int step = 0; step < 20; ++step) { // types that name each other in a circle end here
      const auto type = types_.find(reference);
      if (type == types_.end()) break;
      if (result.allowed.empty() && !type->second->allowed.empty()) {
        result.allowed = type->second->allowed;
        result.name = type->second->name;
      }
      result.is_collection |= type->second->is_collection;
      if (result.scores.empty()) result.scores = type->second->scores;
      if (!result.number) result.number = type->second->number;
      reference = type->second->base;
    }
    result.base = types_.contains(reference) || reference == "Any" ? std::string() : reference;
    return result;
  }

  /// How many input data, decisions and other types are of this type.
  [[nodiscard]] std::ptrdiff_t references(const std::string& type) const {
    const auto is_of_it = [&](const auto& one) { return one.type == type; };
    return std::count_if(model_.inputs.begin(), model_.inputs.end(), is_of_it) +
           std::count_if(model_.decisions.begin(), model_.decisions.end(), is_of_it) +
           std::count_if(model_.types.begin(), model_.types.end(),
                         [&](const DmnType& one) { return one.base == type; });
  }

  /// Members for these strings, by those of the named type where they come from one.
  Meaning choice(const std::vector<std::string>& values, const std::vector<std::string>& scores) {
    Meaning meaning;
    meaning.kind = M::choice;
    meaning.scores = scores;
    std::set<std::string> names;
    for (const std::string& value : values) {
      if (meaning.member(value)) continue;
      std::string name = identifier(value);
      while (!names.insert(name).second)
        name += '_';
      meaning.members.emplace_back(value, std::move(name));
    }
    return meaning;
  }

  /// `allowed` as far as it lists values or gives bounds.
  struct Allowed {
    std::vector<std::string> strings;
    std::optional<Rational> low, high;
    std::vector<Rational> numbers;
    std::size_t digits = 0;
  };
  Allowed allowed_of(const std::string& text, std::size_t offset, const std::string& of) {
    Allowed result;
    if (text.empty()) return result;
    FeelFault fault;
    const auto tests = reader_.unary_tests(text, fault);
    bool is_read = tests && !tests->negated;
    for (std::size_t i = 0; is_read && i < tests->tests.size(); ++i) {
      const FeelExpression& test = tests->tests[i];
      const auto bound = [&](std::size_t child) { return number_of(test.children[child]); };
      if (test.kind == K::string) {
        result.strings.push_back(test.text);
      } else if (const auto number = number_of(test)) {
        result.numbers.push_back(*number);
      } else if (test.kind == K::interval && bound(0) && bound(1)) {
        result.low = result.low ? std::min(*result.low, *bound(0)) : bound(0);
        result.high = result.high ? std::max(*result.high, *bound(1)) : bound(1);
        if (test.open_start || test.open_end)
          remark(Remark::Kind::changed, offset, fmt::format("the bounds of {}", of),
                 "the end that is left out of the interval is let in");
      } else if (test.kind >= K::less && test.kind <= K::greater_or_equal && bound(1)) {
        (test.kind == K::less || test.kind == K::less_or_equal ? result.high : result.low) = bound(1);
      } else {
        is_read = test.kind == K::boolean;
      }
    }
    if (!is_read)
      remark(Remark::Kind::not_carried, offset, fmt::format("`{}`, what is allowed for {}", collapsed(text), of),
             "only listed values and bounds of numbers are read");
    for (const auto& bound : {result.low, result.high})
      if (bound && digits_of(*bound)) result.digits = std::max(result.digits, *digits_of(*bound));
    return result;
  }

  Meaning number_meaning(const std::string& of, const Declared& type, const Allowed& allowed, const Uses& uses,
                         std::size_t offset) {
    Meaning meaning;
    meaning.kind = M::number;
    std::size_t digits = allowed.digits;
    for (const auto* numbers : {&allowed.numbers, &uses.numbers})
      for (const Rational& number : *numbers)
        digits = std::max(digits, digits_of(number).value_or(0));
    const bool is_bounded = (allowed.low && allowed.high) || !allowed.numbers.empty();
    meaning.minimum = allowed.low.value_or(Rational(-1000000));
    meaning.maximum = allowed.high.value_or(Rational(1000000));
    if (!allowed.numbers.empty()) {
      meaning.minimum = *std::min_element(allowed.numbers.begin(), allowed.numbers.end());
      meaning.maximum = *std::max_element(allowed.numbers.begin(), allowed.numbers.end());
    }
    meaning.step = step_of_digits(is_bounded ? digits : std::max<std::size_t>(digits, 2));
    if (type.number) {
      meaning.unit = type.number->unit;
      if (const auto step = Rational::from_decimal(type.number->step); step && *step > Rational(0))
        meaning.step = *step;
    }
    if (!type.number || !is_bounded)
      remark(Remark::Kind::assumed, offset,
             fmt::format("{} of {}, {}", is_bounded ? "the step" : "the range", of, type_text(meaning)),
             is_bounded ? "DMN does not say how exact a number is" : "the file does not say which numbers there are");
    return meaning;
  }

  std::optional<Meaning> meaning_of_variable(const std::string& name, const std::string& reference, std::size_t offset,
                                             const std::string& more_allowed, bool is_input) {
    Declared type = declared(reference);
    if (type.allowed.empty()) type.allowed = more_allowed;
    Uses& uses = uses_[name];
    const std::string of = fmt::format("`{}`", name);
    const Allowed allowed = allowed_of(type.allowed, offset, of);
    if (type.base.empty()) {
      if (!allowed.strings.empty() || !uses.strings.empty())
        type.base = "string";
      else if (allowed.low || allowed.high || !allowed.numbers.empty() || !uses.numbers.empty())
        type.base = "number";
      else if (uses.is_truth)
        type.base = "boolean";
      else if (uses.date_like != K::null)
        type.base = uses.date_like == K::date ? "date" : uses.date_like == K::time ? "time" : "date and time";
    }
    Meaning meaning;
    if (type.base == "number" || type.base == "integer" || type.base == "long" || type.base == "double") {
      meaning = number_meaning(of, type, allowed, uses, offset);
      if (type.base == "integer" || type.base == "long") meaning.step = Rational(1);
    } else if (type.base == "string") {
      std::vector<std::string> values = allowed.strings;
      for (const std::string& value : uses.strings) {
        if (std::find(values.begin(), values.end(), value) != values.end()) continue;
        if (!allowed.strings.empty())
          remark(Remark::Kind::changed, offset, fmt::format("\"{}\" of {}", value, of),
                 "it is compared but not among the allowed values; it became one of them");
        values.push_back(value);
      }
      if (values.empty()) return std::nullopt;
      meaning = choice(values, type.scores);
      if (allowed.strings.empty() && is_input) {
        meaning.members.emplace_back("any other text", "any_other_text");
        std::string list;
        for (const std::string& value : values)
          list += (list.empty() ? "\"" : ", \"") + value + '"';
        remark(Remark::Kind::assumed, offset, fmt::format("the values of {}: {}, or any other text", of, list),
               "the file does not list them; these are compared");
      }
      const bool is_its_own = (type.name == name || type.name == name + "_values") && references(type.name) == 1;
      if (!type.name.empty() && !is_its_own) name_type(type.name, meaning);
    } else if (type.base == "boolean") {
      meaning.kind = M::yes_no;
    } else if (type.base == "date") {
      meaning.kind = M::date;
    } else if (type.base == "time") {
      meaning.kind = M::time;
    } else if (type.base == "date and time" || type.base == "dateTime") {
      meaning.kind = M::instant;
    } else {
      return std::nullopt;
    }
    meaning.is_list = type.is_collection;
    return meaning;
  }

  /// A type that several use is declared once, as long as they agree on its members.
  void name_type(const std::string& name, Meaning& meaning) {
    auto [at, is_new] = declared_types_.try_emplace(name, meaning);
    if (is_new) {
      type_order_.push_back(name);
      std::string unused = identifier(name);
      while (!type_names_.insert(unused).second)
        unused += '_';
      at->second.type_name = unused;
    }
    if (at->second.members == meaning.members) {
      meaning.type_name = at->second.type_name;
    } else if (meaning.members.size() > at->second.members.size()) {
      // A later use knows more values: the type takes them in, and who used it before has them as well.
      const std::string type_name = at->second.type_name;
      at->second = meaning;
      at->second.type_name = meaning.type_name = type_name;
      for (auto& [variable, known] : variables_)
        if (known.meaning.type_name == type_name) known.meaning = meaning;
    } else {
      meaning = at->second;
    }
  }

  // ---------------------------------------------------------------------------------------------- one item after
  // another

  bool settle(const std::string& name) {
    const auto found = items_.find(name);
    if (found == items_.end()) return false;
    Item& item = found->second;
    if (item.state == Item::State::done) return true;
    if (item.state == Item::State::left_out) return false;
    if (item.state == Item::State::busy) {
      leave_out(item, item.decision->offset, "it depends on itself");
      return false;
    }
    if (item.input) {
      auto meaning = meaning_of_variable(name, item.input->type, item.input->offset, allowed_in_columns(name), true);
      if (!meaning || meaning->is_list) {
        leave_out(item, item.input->offset,
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

  /// inputValues of the columns that are just this variable.
  std::string allowed_in_columns(const std::string& name) const {
    for (const auto& [other, item] : items_) {
      const auto* table = item.decision ? std::get_if<DecisionTable>(&item.decision->logic) : nullptr;
      for (std::size_t i = 0; table && i < item.columns.size(); ++i)
        if (variable_of(item.columns[i]) == name && !table->inputs[i].allowed.empty()) return table->inputs[i].allowed;
    }
    return {};
  }

  void names_in(const FeelExpression& e, std::set<std::string>& names) const {
    if (e.kind == K::name && items_.contains(e.text)) names.insert(e.text);
    for (const FeelExpression& child : e.children)
      names_in(child, names);
  }
  bool settle_needed(Item& item) {
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
    for (const std::string& name : names) {
      if (settle(name)) continue;
      leave_out(item, item.decision->offset, fmt::format("it needs `{}`, which is not carried", name));
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
    if (strings.empty()) return {};
    Uses& uses = uses_[variable];
    uses.strings.insert(uses.strings.begin(), strings.begin(), strings.end());
    const auto meaning = meaning_of_variable(variable, declared(reference).base == "string" ? reference : "string",
                                             offset, allowed_text, false);
    if (!meaning) return {};
    Meaning result = *meaning;
    result.is_list = false; // of a table that gives a list, what one row gives
    return result;
  }

  /// The declared bounds of a number, where there are some; they may be wider than what the rows give.
  std::optional<Meaning> declared_number(const std::string& variable, const std::string& reference,
                                         std::size_t offset) {
    const Declared type = declared(reference);
    if (type.base != "number" || type.allowed.empty() || !type.number) return std::nullopt;
    auto meaning = meaning_of_variable(variable, reference, offset, {}, false);
    if (meaning) meaning->is_list = false;
    return meaning;
  }

  void settle_literal(const std::string& name, Item& item) {
    const DmnDecision& decision = *item.decision;
    const auto& entry = std::get<DmnEntry>(decision.logic);
    const Meaning expected = output_meaning(name, decision.type, {}, {&*item.literal}, decision.offset);
    std::string why;
    const auto written = writer().write(*item.literal, expected, why);
    if (!written) return leave_out(item, entry.offset, fmt::format("`{}`: {}", collapsed(entry.text), why));
    if (written->meaning.is_real)
      return leave_out(
          item, entry.offset,
          fmt::format("`{}`: a quotient has to be rounded, as in `decimal(a / b, 2)`", collapsed(entry.text)));
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
          table.outputs[i].allowed.empty() ? declared(output_type(item, table, i)).allowed : table.outputs[i].allowed;
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
        leave_out(item, entry.offset, fmt::format("rule {}, `{}`: {}", row + 1, collapsed(entry.text), why));
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
        return leave_out(item, table.inputs[i].offset,
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
        return leave_out(item, table.offset,
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
    const std::string variable = table.outputs.size() > 1 ? part(name, output.name) : name;
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
        leave_out(item, entry.offset,
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
      leave_out(item, output.otherwise->offset, "a default value beside COUNT is not read");
      return false;
    }
    if (item.otherwise[i] && !write_output(*item.otherwise[i], *output.otherwise)) return false;
    if (expected.kind == M::choice) meaning = expected;
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
      const auto wider = declared_number(variable, output_type(item, table, i), output.offset);
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
    for (const std::string& type : type_order_) {
      Meaning meaning = declared_types_.at(type);
      const std::string id = std::exchange(meaning.type_name, {});
      text += fmt::format("type {}{} = {}\n\n", id, title(type, {}, id), type_text(meaning));
    }
    std::string inputs;
    for (const DmnInput& input : model_.inputs) {
      const auto item = items_.find(input.name);
      if (item == items_.end() || item->second.input != &input || item->second.state != Item::State::done) continue;
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
  std::map<std::string, const DmnType*> types_;
  std::map<std::string, Item> items_;
  Variables variables_;
  std::map<std::string, Uses> uses_;
  std::set<std::string> taken_;
  std::map<std::string, Meaning> declared_types_;
  std::vector<std::string> type_order_;
  std::set<std::string> type_names_;
  std::string body_;
  Carried result_;
};

} // namespace

Carried to_aceso(const DmnModel& model) { return Importer(model).carry(); }

} // namespace aceso::decision_tables
