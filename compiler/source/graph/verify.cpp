#include <algorithm>
#include <functional>
#include <tuple>
#include <unordered_set>

#include <fmt/format.h>

#include "graph/graph.h"
#include "graph/in_parallel.h"
#include "graph/roots.h"
#include "module/point_kind.h"

namespace aceso::graph {

/// What a fault is of: a declaration, or a node, of which there are many, and whose words are put together for a fault
/// alone.
class Who {
public:
  Who(std::string words) : words_(std::move(words)) {} // NOLINT(google-explicit-constructor)
  Who(const char* words) : words_(words) {}            // NOLINT(google-explicit-constructor)
  Who(std::size_t node, Op op) : node_(node), op_(op) {}
  [[nodiscard]] std::string words() const {
    return words_.empty() ? fmt::format("Node n{} ({})", node_, info(op_).name) : words_;
  }

private:
  std::string words_;
  std::size_t node_ = 0;
  Op op_{};
};

} // namespace aceso::graph

template <>
struct fmt::formatter<aceso::graph::Who> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const aceso::graph::Who& who, Context& context) const {
    return fmt::formatter<std::string_view>::format(who.words(), context);
  }
};

namespace aceso::graph {
namespace {

bool is_numeric(TypeKind kind) { return kind == TypeKind::number || kind == TypeKind::duration; }
bool is_ordered(TypeKind kind) {
  return is_numeric(kind) || kind == TypeKind::scale || kind == TypeKind::date || kind == TypeKind::instant ||
         kind == TypeKind::time;
}
/// The unit of a pure number can be written in two ways.
std::string_view unit_of(const TypeInfo& type) { return type.unit == "1" ? std::string_view() : type.unit; }

/// Looks at everything once. An index is compared with the size of its vector before it is used, and a node with
/// broken operands is not looked at further, so that one fault gives one sentence.
class Verifier {
public:
  explicit Verifier(const Graph& graph) : graph_(graph), dictionary_(graph.dictionary) {}

  std::vector<std::string> verify() {
    dictionary();
    nodes();
    roots();
    places();
    return std::move(faults_);
  }

private:
  /// Each node for itself, of a large graph by several threads; faults in the order of the nodes.
  void nodes() {
    constexpr std::size_t at_once = 8'192;
    std::vector<std::vector<std::string>> faults(graph_.nodes.size() / at_once + 1);
    in_parallel(graph_.nodes.size(), at_once, [&](std::size_t begin, std::size_t end) {
      Verifier part(graph_);
      for (std::size_t i = begin; i < end; ++i)
        part.node(i);
      faults[begin / at_once] = std::move(part.faults_);
    });
    for (std::vector<std::string>& part : faults)
      faults_.insert(faults_.end(), std::move_iterator(part.begin()), std::move_iterator(part.end()));
  }

  template <class... Arguments>
  void fault(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    faults_.push_back(fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  template <class Rows>
  void reference(const Who& who, std::string_view what, std::uint32_t index, const Rows& rows) {
    if (index >= rows.size()) fault("{} refers to a missing {} ({}).", who, what, index);
  }
  void input(const Who& who, InputId id) { reference(who, "input", id.index(), dictionary_.inputs); }
  void action(const Who& who, ActionId id) { reference(who, "action", id.index(), dictionary_.actions); }
  void stage(const Who& who, StageId id) { reference(who, "stage", id.index(), dictionary_.stages); }
  template <class Member>
  void in_range(const Who& who, std::string_view what, Member value, Member last) {
    if (value > last) fault("{} has an impossible {} ({}).", who, what, static_cast<unsigned>(value));
  }

  [[nodiscard]] const TypeInfo* type(TypeId id) const {
    return id.index() < dictionary_.types.size() ? &dictionary_[id] : nullptr;
  }
  [[nodiscard]] const TypeInfo* type(NodeId id) const {
    return id.index() < graph_.nodes.size() ? type(graph_[id].type) : nullptr;
  }

  /// Values of one may stand where values of the other are meant. Numbers agree by unit, since every intermediate
  /// result has bounds of its own; choices and scales are one declaration.
  [[nodiscard]] bool agree(TypeId left, TypeId right, std::size_t depth = 0) const {
    const TypeInfo *a = type(left), *b = type(right);
    if (!a || !b || depth > dictionary_.types.size()) return false;
    if (left == right) return true;
    if (is_numeric(a->kind) && is_numeric(b->kind)) return unit_of(*a) == unit_of(*b);
    if (a->kind != b->kind || a->kind == TypeKind::choice || a->kind == TypeKind::scale) return false;
    const bool has_element = a->kind == TypeKind::list || a->kind == TypeKind::interval;
    return !has_element || agree(a->element, b->element, depth + 1);
  }

  /// Unknown values fit every type.
  [[nodiscard]] bool fits(TypeId type_id, const Value& value, std::size_t depth = 0) const {
    const TypeInfo* type = this->type(type_id);
    if (!type || depth > dictionary_.types.size()) return false;
    if (value.is<Unknown>()) return true;
    switch (type->kind) {
    case TypeKind::yes_no: return value.is<bool>();
    case TypeKind::choice:
    case TypeKind::scale: return value.is<Choice>() && value.as<Choice>().index < type->members.size();
    case TypeKind::number:
    case TypeKind::duration: return value.is<Rational>() || value.is<Boxed<NumberBounds>>();
    case TypeKind::date: return value.is<Date>() || value.is<DateRange>();
    case TypeKind::time: return value.is<TimeOfDay>();
    case TypeKind::interval:
      return value.is<Boxed<Interval>>() && this->type(type->element) &&
             value.as<Boxed<Interval>>()->kind == point_kind(this->type(type->element)->kind);
    case TypeKind::instant: return value.is<Instant>();
    case TypeKind::action: return value.is<Choice>() && value.as<Choice>().index < dictionary_.actions.size();
    case TypeKind::list:
      return value.is<ValueList>() && std::all_of(value.as<ValueList>().begin(), value.as<ValueList>().end(),
                                                  [&](const Value& v) { return fits(type->element, v, depth + 1); });
    case TypeKind::code: {
      if (!value.is<Concept>()) return false;
      const Concept& code = value.as<Concept>();
      return code.index == Concept::unfamiliar ? code.text != nullptr : code.index < dictionary_.concepts.size();
    }
    }
    return false;
  }

  void period(const Who& who, const std::optional<Period>& period) {
    if (period && (period->months < 0 || period->seconds < 0)) fault("{} has a negative length of time.", who);
  }

  // ---------------------------------------------------------------- dictionary

  void type_reference(const Who& who, TypeId id) {
    if (!type(id)) fault("{} has no type.", who);
  }

  template <class Rows>
  void names(std::string_view what, const Rows& rows) {
    std::unordered_set<std::string_view> seen;
    for (const auto& row : rows) {
      if (row.name.empty()) fault("A {} has no name.", what);
      if (!seen.insert(row.name).second) fault("Two {}s are called {}.", what, row.name);
    }
  }

  void dictionary() {
    for (std::size_t i = 0; i < dictionary_.types.size(); ++i)
      type_declaration(i);
    terms();
    names("input", dictionary_.inputs);
    names("definition", dictionary_.definitions);
    names("action", dictionary_.actions);
    names("action class", dictionary_.classes);
    names("rule", dictionary_.rules);
    names("caution", dictionary_.cautions);
    names("differential", dictionary_.differentials);
    names("stage", dictionary_.stages);
    names("constraint", dictionary_.constraints);
    for (const InputInfo& each : dictionary_.inputs) {
      const Who who(fmt::format("Input {}", each.name));
      type_reference(who, each.type);
      if (each.typical && !fits(each.type, *each.typical)) fault("{}: its typical value is not of its type.", who);
      if (each.assumed && !fits(each.type, *each.assumed)) fault("{}: its assumed value is not of its type.", who);
      if ((each.unknown_policy == UnknownPolicy::assume) != each.assumed.has_value())
        fault("{}: a value is assumed exactly where unknown means an assumption.", who);
      period(who, each.fresh_for);
      if (each.molar_mass && *each.molar_mass <= Rational(0)) fault("{}: its molar mass is not above 0.", who);
      for (const AcceptedUnit& accepted : each.accepted_units)
        if (accepted.step && *accepted.step <= Rational(0)) fault("{}: a step of its is not above 0.", who);
    }
    for (const DefinitionInfo& each : dictionary_.definitions)
      type_reference(fmt::format("Definition {}", each.name), each.type);
    for (const ActionClassInfo& each : dictionary_.classes)
      for (const ActionId member : each.actions)
        action(fmt::format("Action class {}", each.name), member);
    for (const InteractionInfo& each : dictionary_.interactions) {
      action("An interaction", each.first);
      action("An interaction", each.second);
    }
    for (const DifferentialInfo& each : dictionary_.differentials) {
      const Who who(fmt::format("Differential {}", each.name));
      type_reference(who, each.type);
      for (const Choice candidate : each.candidates)
        if (type(each.type) && !fits(each.type, candidate))
          fault("{}: candidate {} is not a member of its type.", who, candidate.index);
    }
    for (const ConstraintInfo& each : dictionary_.constraints)
      for (const InputId id : each.inputs)
        input(fmt::format("Constraint {}", each.name), id);
  }

  /// Rising positions in the table of concepts.
  [[nodiscard]] bool is_sound(const std::vector<std::uint32_t>& codes) const {
    return std::adjacent_find(codes.begin(), codes.end(), std::greater_equal<>()) == codes.end() &&
           (codes.empty() || codes.back() < dictionary_.concepts.size());
  }

  void terms() {
    const auto& all = dictionary_.concepts;
    const auto is_after = [](const Code& a, const Code& b) {
      return std::tie(a.system, a.code) >= std::tie(b.system, b.code);
    };
    if (std::adjacent_find(all.begin(), all.end(), is_after) != all.end())
      fault("The concepts are not in the order of their systems and codes.");
    for (const ValueSetInfo& set : dictionary_.value_sets)
      if (!is_sound(set.codes.members) || (set.codes.known && !is_sound(*set.codes.known)))
        fault("Value set {}: its codes are not in order, or not in the table.", set.name);
  }

  void member_of(const Who& who, const Node& node, const TypeInfo& type) {
    reference(who, "value set", node.reference, dictionary_.value_sets);
    if (node.detail > static_cast<std::uint8_t>(Quantifier::number))
      return fault("{}: there is no such way to ask a list ({}).", who, node.detail);
    const TypeInfo& subject = *this->type(node.operands[0]);
    const TypeInfo* element = subject.kind == TypeKind::list ? this->type(subject.element) : &subject;
    if (!element || element->kind != TypeKind::code) fault("{}: operand 1 must be a code or a list of codes.", who);
    if (static_cast<Quantifier>(node.detail) == Quantifier::number)
      gives_number(who, type);
    else
      gives_yes_no(who, type);
  }

  void type_declaration(std::size_t index) {
    const TypeInfo& type = dictionary_.types[index];
    const Who who(fmt::format("Type {} ({})", index, type.name));
    in_range(who, "kind", type.kind, TypeKind::interval);
    if ((type.kind == TypeKind::code) == type.systems.empty()) fault("{}: codes, and only they, have systems.", who);
    if (type.minimum && type.maximum && *type.maximum < *type.minimum)
      fault("{}: its bounds are the wrong way round.", who);
    if (type.step && *type.step < Rational(0)) fault("{}: its step is negative.", who);
    const bool has_members = type.kind == TypeKind::choice || type.kind == TypeKind::scale;
    if (has_members == type.members.empty()) fault("{}: choices and scales, and only they, have members.", who);
    if (type.kind == TypeKind::interval) {
      const TypeInfo* point = this->type(type.element);
      const bool is_line = point && (is_numeric(point->kind) || point->kind == TypeKind::date ||
                                     point->kind == TypeKind::instant || point->kind == TypeKind::time);
      if (!is_line) fault("{}: its points are not numbers, dates, instants or times of day.", who);
    }
    if (type.kind != TypeKind::list) return;
    // A chain of lists that is longer than the number of types runs in a circle.
    TypeId element = type.element;
    for (std::size_t depth = 0; depth <= dictionary_.types.size(); ++depth) {
      const TypeInfo* next = this->type(element);
      if (!next) return fault("{}: its elements have no type.", who);
      if (next->kind != TypeKind::list) return;
      element = next->element;
    }
    fault("{}: it is a list of itself.", who);
  }

  // ---------------------------------------------------------------- nodes

  void node(std::size_t index) {
    const Node& node = graph_.nodes[index];
    const Who who(index, node.op);
    if (node.op > Op::applies) return fault("{}: its operation does not exist.", who);
    if (node.op == Op::parameter) return fault("{}: a parameter of a function was left unbound.", who);
    const TypeInfo* type = this->type(node.type);
    if (!type) return fault("{} has no type.", who);
    const auto count = static_cast<int>(node.operands.size());
    const OpInfo& op = info(node.op);
    if (count < op.fewest || (op.most >= 0 && count > op.most))
      return fault("{}: it has {} operands; {} to {} are meant.", who, count, op.fewest,
                   op.most < 0 ? "any number" : std::to_string(op.most));
    for (const NodeId operand : node.operands) {
      if (operand.index() >= graph_.nodes.size()) return fault("{} refers to a missing node.", who);
      if (operand.index() >= index) return fault("{}: its operand n{} does not stand before it.", who, operand.index());
      if (!this->type(operand)) return; // told where the operand stands
    }
    range(who, node, *type);
    period(who, node.details->period);
    operation(who, node, *type);
  }

  void range(const Who& who, const Node& node, const TypeInfo& type) {
    const auto range = node.range();
    if (!range) return;
    const TypeInfo* point = type.kind == TypeKind::interval ? this->type(type.element) : &type;
    if (!point || !is_numeric(point->kind)) return fault("{}: only numbers have a range.", who);
    if (range->maximum < range->minimum) fault("{}: its bounds are the wrong way round.", who);
    if (range->step < Rational(0)) fault("{}: its step is negative.", who);
  }

  void gives(const Who& who, const TypeInfo& type, TypeKind kind, std::string_view words) {
    if (type.kind != kind) fault("{}: its result must be {}.", who, words);
  }
  void gives_yes_no(const Who& who, const TypeInfo& type) { gives(who, type, TypeKind::yes_no, "yes or no"); }
  void gives_number(const Who& who, const TypeInfo& type) {
    if (!is_numeric(type.kind)) fault("{}: its result must be a number.", who);
  }
  /// All operands from `first` on, counted from 0, one in `stride`.
  template <class Accept>
  void takes(const Who& who, const Node& node, std::string_view words, Accept accept, std::size_t first = 0,
             std::size_t stride = 1) {
    for (std::size_t i = first; i < node.operands.size(); i += stride)
      if (!accept(*type(node.operands[i]))) return fault("{}: operand {} must be {}.", who, i + 1, words);
  }
  void takes_yes_no(const Who& who, const Node& node, std::size_t first = 0, std::size_t stride = 1) {
    takes(
        who, node, "yes or no", [](const TypeInfo& t) { return t.kind == TypeKind::yes_no; }, first, stride);
  }
  void takes_numbers(const Who& who, const Node& node, std::size_t first = 0, std::size_t stride = 1) {
    takes(
        who, node, "a number", [](const TypeInfo& t) { return is_numeric(t.kind); }, first, stride);
  }
  void takes_ordered(const Who& who, const Node& node, std::size_t first = 0, std::size_t stride = 1) {
    takes(
        who, node, "of an ordered type", [](const TypeInfo& t) { return is_ordered(t.kind); }, first, stride);
  }
  void takes_dates(const Who& who, const Node& node) {
    takes(who, node, "a date", [](const TypeInfo& t) { return t.kind == TypeKind::date; });
  }
  /// Operands agree with a type: that of the node unless another is given.
  void takes_type(const Who& who, const Node& node, TypeId wanted, std::size_t first = 0, std::size_t stride = 1) {
    for (std::size_t i = first; i < node.operands.size(); i += stride)
      if (!agree(graph_[node.operands[i]].type, wanted))
        return fault("{}: the type or unit of operand {} does not agree with the others.", who, i + 1);
  }

  void operation(const Who& who, const Node& node, const TypeInfo& type) {
    const auto operand_type = [&](std::size_t i) { return graph_[node.operands[i]].type; };
    switch (node.op) {
    case Op::constant:
      if (!fits(node.type, node.constant)) fault("{}: its value is not of its type.", who);
      break;
    case Op::input:
      input(who, InputId(node.reference));
      if (node.reference < dictionary_.inputs.size() && !agree(dictionary_.inputs[node.reference].type, node.type))
        fault("{}: its type is not that of input {}.", who, dictionary_.inputs[node.reference].name);
      break;
    case Op::unknown_because:
      if (node.reference > static_cast<std::uint32_t>(UnknownReason::not_applicable))
        fault("{}: there is no such reason ({}).", who, node.reference);
      [[fallthrough]];
    case Op::is_known: gives_yes_no(who, type); break;
    case Op::logical_not:
    case Op::logical_and:
    case Op::logical_or:
    case Op::at_least:
      gives_yes_no(who, type);
      takes_yes_no(who, node);
      break;
    case Op::number_of:
      gives_number(who, type);
      takes_yes_no(who, node);
      break;
    case Op::equal:
      gives_yes_no(who, type);
      takes_type(who, node, operand_type(0));
      break;
    case Op::less:
    case Op::less_or_equal:
      gives_yes_no(who, type);
      takes_ordered(who, node);
      takes_type(who, node, operand_type(0));
      break;
    case Op::add:
    case Op::subtract:
    case Op::negate:
    case Op::absolute:
      gives_number(who, type);
      takes_numbers(who, node);
      takes_type(who, node, node.type);
      break;
    case Op::multiply:
    case Op::divide:
    case Op::square_root:
    case Op::natural_logarithm:
    case Op::logarithm_10:
    case Op::exponential:
    case Op::power:
      gives_number(who, type);
      takes_numbers(who, node);
      break;
    case Op::minimum:
    case Op::maximum:
      takes_ordered(who, node);
      takes_type(who, node, node.type);
      break;
    case Op::convert:
      gives_number(who, type);
      takes_numbers(who, node);
      if (node.details->factor == Rational(0)) fault("{}: its factor is 0.", who);
      break;
    case Op::round:
      gives_number(who, type);
      takes_numbers(who, node);
      takes_type(who, node, node.type);
      if (node.details->factor <= Rational(0)) fault("{}: its step is not above 0.", who);
      if (node.reference > static_cast<std::uint32_t>(RoundingMode::away_from_zero))
        fault("{}: there is no such way to round ({}).", who, node.reference);
      break;
    case Op::conditional:
      if (this->type(node.operands[0])->kind != TypeKind::yes_no) fault("{}: operand 1 must be yes or no.", who);
      takes_type(who, node, node.type, 1);
      break;
    case Op::table: table(who, node, type); break;
    case Op::selects:
      gives_yes_no(who, type);
      takes(who, node, "an action", [](const TypeInfo& t) { return t.kind == TypeKind::action; });
      action(who, ActionId(node.reference));
      break;
    case Op::attribute: attribute(who, node); break;
    case Op::score_of:
      gives_number(who, type);
      takes(who, node, "of a scale whose members all have scores", [](const TypeInfo& t) {
        return t.kind == TypeKind::scale &&
               std::all_of(t.members.begin(), t.members.end(), [](const MemberInfo& m) { return m.score.has_value(); });
      });
      break;
    case Op::series: series(who, node, type); break;
    case Op::differential: differential_node(who, node); break;
    case Op::list:
      gives(who, type, TypeKind::list, "a list");
      if (type.kind == TypeKind::list) takes_type(who, node, type.element);
      break;
    case Op::contains: {
      gives_yes_no(who, type);
      const TypeInfo& list = *this->type(operand_type(0));
      if (list.kind != TypeKind::list)
        fault("{}: operand 1 must be a list.", who);
      else
        takes_type(who, node, list.element, 1);
      break;
    }
    case Op::member_of: member_of(who, node, type); break;
    case Op::length:
      gives_number(who, type);
      takes(who, node, "a list", [](const TypeInfo& t) { return t.kind == TypeKind::list; });
      break;
    case Op::now: gives(who, type, TypeKind::instant, "an instant"); break;
    case Op::date_of:
      gives(who, type, TypeKind::date, "a date");
      takes(who, node, "an instant", [](const TypeInfo& t) { return t.kind == TypeKind::instant; });
      break;
    case Op::time_of:
      gives(who, type, TypeKind::time, "a time of day");
      takes(who, node, "an instant", [](const TypeInfo& t) { return t.kind == TypeKind::instant; });
      break;
    case Op::years_between:
    case Op::months_between:
    case Op::weeks_between:
    case Op::days_between:
      gives_number(who, type);
      takes_dates(who, node);
      break;
    case Op::hours_between:
    case Op::minutes_between:
      gives_number(who, type);
      takes(who, node, "an instant", [](const TypeInfo& t) { return t.kind == TypeKind::instant; });
      break;
    case Op::seconds_between:
      gives_number(who, type);
      takes(who, node, "an instant or a time of day",
            [](const TypeInfo& t) { return t.kind == TypeKind::instant || t.kind == TypeKind::time; });
      takes_type(who, node, operand_type(0));
      break;
    case Op::add_months:
    case Op::add_days:
    case Op::add_seconds: {
      const TypeKind subject = this->type(operand_type(0))->kind;
      if (!agree(operand_type(0), node.type)) fault("{}: its type is not that of operand 1.", who);
      if ((node.op == Op::add_seconds || subject != TypeKind::date) &&
          (node.op == Op::add_days || subject != TypeKind::instant))
        fault("{}: operand 1 must be a date or an instant.", who);
      takes_numbers(who, node, 1);
      break;
    }
    case Op::interval:
      gives(who, type, TypeKind::interval, "an interval");
      if (node.detail >= 12) fault("{}: there is no such form of an interval ({}).", who, node.detail);
      if (node.operands.size() != (node.detail & (IntervalForm::no_low | IntervalForm::no_high) ? 1U : 2U))
        fault("{}: it needs one operand for each end.", who);
      if (type.kind == TypeKind::interval) takes_type(who, node, type.element);
      break;
    case Op::relation:
      gives_yes_no(who, type);
      in_range(who, "relation", static_cast<Relation>(node.detail), Relation::ends);
      if (!agree(line_of(operand_type(0)), line_of(operand_type(1))))
        fault("{}: its operands do not lie on one line.", who);
      break;
    case Op::start_of:
    case Op::end_of:
      takes(who, node, "an interval", [](const TypeInfo& t) { return t.kind == TypeKind::interval; });
      if (!agree(line_of(operand_type(0)), node.type)) fault("{}: its type is not that of the points.", who);
      break;
    case Op::intersection:
      gives(who, type, TypeKind::interval, "an interval");
      takes_type(who, node, node.type);
      break;
    case Op::held_for:
      gives_yes_no(who, type);
      takes_yes_no(who, node);
      if (!node.details->period) fault("{}: it does not say for how long.", who);
      break;
    case Op::in_stage:
      gives_yes_no(who, type);
      stage(who, StageId(node.reference));
      break;
    case Op::outcome:
      gives_yes_no(who, type);
      action(who, ActionId(node.reference));
      in_range(who, "kind of outcome", static_cast<OutcomeKind>(node.detail), OutcomeKind::overridden);
      in_range(who, "strength", node.strength, Strength::strong);
      in_range(who, "urgency", node.urgency, Urgency::immediately);
      break;
    case Op::caution_fires:
      gives_yes_no(who, type);
      reference(who, "caution", node.reference, dictionary_.cautions);
      break;
    case Op::applies: gives_yes_no(who, type); break;
    case Op::parameter: break;
    }
  }

  /// The type of the points: of an interval its element, of a point its own.
  [[nodiscard]] TypeId line_of(TypeId id) const {
    const TypeInfo* info = type(id);
    return info && info->kind == TypeKind::interval ? info->element : id;
  }

  void table(const Who& who, const Node& node, const TypeInfo& type) {
    if (node.reference > static_cast<std::uint32_t>(HitPolicy::collect_list))
      return fault("{}: there is no such hit policy ({}).", who, node.reference);
    if (node.operands.size() % 2 != 0) return fault("{}: its last condition has no output.", who);
    takes_yes_no(who, node, 0, 2);
    switch (static_cast<HitPolicy>(node.reference)) {
    case HitPolicy::unique:
    case HitPolicy::first:
    case HitPolicy::any: takes_type(who, node, node.type, 1, 2); break;
    case HitPolicy::collect_sum:
      gives_number(who, type);
      takes_numbers(who, node, 1, 2);
      takes_type(who, node, node.type, 1, 2);
      break;
    case HitPolicy::collect_min:
    case HitPolicy::collect_max:
      takes_ordered(who, node, 1, 2);
      takes_type(who, node, node.type, 1, 2);
      break;
    case HitPolicy::collect_count: gives_number(who, type); break;
    case HitPolicy::collect_list:
      gives(who, type, TypeKind::list, "a list");
      if (type.kind == TypeKind::list) takes_type(who, node, type.element, 1, 2);
      break;
    }
  }

  void attribute(const Who& who, const Node& node) {
    const TypeInfo& subject = *type(node.operands[0]);
    if (subject.kind != TypeKind::choice && subject.kind != TypeKind::scale)
      return fault("{}: operand 1 must be a choice.", who);
    if (node.details->list.size() != subject.members.size())
      fault("{}: it has {} values for {} members.", who, node.details->list.size(), subject.members.size());
    for (const Value& value : node.details->list)
      if (!fits(node.type, value)) return fault("{}: one of its values is not of its type.", who);
  }

  void series(const Who& who, const Node& node, const TypeInfo& type) {
    input(who, InputId(node.reference));
    const auto function = static_cast<SeriesFunction>(node.detail);
    in_range(who, "function", function, SeriesFunction::falling);
    takes(who, node, "a date or an instant",
          [](const TypeInfo& t) { return t.kind == TypeKind::date || t.kind == TypeKind::instant; });
    if (node.reference >= dictionary_.inputs.size()) return;
    const InputInfo& subject = dictionary_.inputs[node.reference];
    const TypeInfo* subject_type = this->type(subject.type);
    if (!subject.is_series) fault("{}: input {} is not a series.", who, subject.name);
    if (!subject_type) return;
    switch (function) {
    case SeriesFunction::count: gives_number(who, type); return;
    case SeriesFunction::mean:
    case SeriesFunction::change:
      if (!is_numeric(subject_type->kind)) fault("{}: input {} is not a number.", who, subject.name);
      break;
    case SeriesFunction::highest:
    case SeriesFunction::lowest:
      if (!is_ordered(subject_type->kind)) fault("{}: input {} has no order.", who, subject.name);
      break;
    case SeriesFunction::trend: // in another unit than the input
      gives_number(who, type);
      if (!is_numeric(subject_type->kind)) fault("{}: input {} is not a number.", who, subject.name);
      return;
    case SeriesFunction::rising:
    case SeriesFunction::falling:
      gives_yes_no(who, type);
      if (!is_numeric(subject_type->kind) && subject_type->kind != TypeKind::scale)
        fault("{}: input {} has no order.", who, subject.name);
      return;
    default: break;
    }
    if (!agree(subject.type, node.type)) fault("{}: its type is not that of input {}.", who, subject.name);
  }

  void differential_node(const Who& who, const Node& node) {
    reference(who, "differential", node.reference, dictionary_.differentials);
    if (node.reference < dictionary_.differentials.size() &&
        !agree(dictionary_.differentials[node.reference].type, node.type))
      fault("{}: its type is not that of differential {}.", who, dictionary_.differentials[node.reference].name);
    if (node.reference >= graph_.differentials.size()) return;
    // Without this rule two differentials could wait for each other.
    const auto index = static_cast<std::size_t>(&node - graph_.nodes.data());
    const Differential& differential = graph_.differentials[node.reference];
    const auto stands_after = [&](NodeId condition) {
      if (condition.index() >= index && condition.index() < graph_.nodes.size())
        fault("{}: n{}, which its differential uses, does not stand before it.", who, condition.index());
    };
    for (const Argument& argument : differential.arguments)
      stands_after(argument.condition);
    for (const DifferentialVerdict& verdict : differential.verdicts)
      stands_after(verdict.condition);
  }

  // ---------------------------------------------------------------- what uses nodes

  void node_reference(const Who& who, NodeId id) {
    if (id.index() >= graph_.nodes.size()) fault("{} refers to a missing node.", who);
  }
  void condition(const Who& who, NodeId id) {
    node_reference(who, id);
    if (const TypeInfo* t = type(id); t && t->kind != TypeKind::yes_no)
      fault("{}: its condition n{} is not yes or no.", who, id.index());
  }

  /// False where the vectors are not parallel; then the rows are not looked at with their names.
  bool parallel(std::string_view what, std::size_t graph_size, std::size_t dictionary_size) {
    if (graph_size != dictionary_size)
      fault("There are {} {} in the graph and {} in the dictionary.", graph_size, what, dictionary_size);
    return graph_size == dictionary_size;
  }

  void roots() {
    if (graph_.applies.is_valid()) condition("The guideline's applies", graph_.applies);
    parallel("places of inputs", graph_.input_spans.size(), dictionary_.inputs.size());
    parallel("places of actions", graph_.action_spans.size(), dictionary_.actions.size());
    if (parallel("constraints", graph_.constraints.size(), dictionary_.constraints.size()))
      for (std::size_t i = 0; i < graph_.constraints.size(); ++i)
        condition(fmt::format("Constraint {}", dictionary_.constraints[i].name), graph_.constraints[i].require);
    if (parallel("definitions", graph_.definitions.size(), dictionary_.definitions.size()))
      for (std::size_t i = 0; i < graph_.definitions.size(); ++i)
        definition(i);
    if (parallel("rules", graph_.rules.size(), dictionary_.rules.size())) rules();
    if (parallel("cautions", graph_.cautions.size(), dictionary_.cautions.size()))
      for (std::size_t i = 0; i < graph_.cautions.size(); ++i)
        condition(fmt::format("Caution {}", dictionary_.cautions[i].name), graph_.cautions[i].condition);
    if (parallel("differentials", graph_.differentials.size(), dictionary_.differentials.size()))
      for (std::size_t i = 0; i < graph_.differentials.size(); ++i)
        differential(i);
    pathway();
    for (const Property& each : graph_.properties)
      property(each);
    for (const TestCase& each : graph_.cases)
      test_case(each);
    for (const auto& list : graph_.extra_expectations)
      for (const Expectation& each : list)
        expectation("An expectation of a case file", each);
  }

  void definition(std::size_t index) {
    const DefinitionInfo& declared = dictionary_.definitions[index];
    const Who who(fmt::format("Definition {}", declared.name));
    const NodeId id = graph_.definitions[index].node;
    node_reference(who, id);
    if (type(id) && type(declared.type) && !agree(graph_[id].type, declared.type))
      fault("{}: its value is not of its type.", who);
  }

  void rules() {
    for (std::size_t i = 0; i < graph_.rules.size(); ++i) {
      const Rule& rule = graph_.rules[i];
      const Who who(fmt::format("Rule {}", dictionary_.rules[i].name));
      in_range(who, "certainty", dictionary_.rules[i].certainty, Certainty::high);
      condition(who, rule.condition);
      if (rule.advice.empty()) fault("{} advises nothing.", who);
      for (const Advice& advice : rule.advice) {
        action(who, advice.action);
        in_range(who, "verb", advice.verb, Verb::contraindicate);
        in_range(who, "strength", advice.strength, Strength::strong);
        in_range(who, "urgency", advice.urgency, Urgency::immediately);
        period(who, advice.within);
        if (advice.selected.is_valid()) condition(who, advice.selected);
      }
      for (const RuleId overridden : rule.overrides)
        reference(who, "rule", overridden.index(), graph_.rules);
    }
    override_cycles();
  }

  /// Rules are taken away once every rule that overrides them is gone (Kahn, "Topological sorting of large networks",
  /// Communications of the ACM 5(11), 1962): what remains lies on a cycle or is overridden by one.
  void override_cycles() {
    const std::size_t count = graph_.rules.size();
    std::vector<std::size_t> overriders(count);
    const auto for_each_override = [&](std::size_t rule, auto visit) {
      for (const RuleId id : graph_.rules[rule].overrides)
        if (id.index() < count) visit(id.index());
    };
    for (std::size_t i = 0; i < count; ++i)
      for_each_override(i, [&](std::size_t to) { ++overriders[to]; });
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < count; ++i)
      if (overriders[i] == 0) free.push_back(i);
    for (std::size_t next = 0; next < free.size(); ++next) {
      const std::size_t rule = free[next];
      for_each_override(rule, [&](std::size_t to) {
        if (--overriders[to] == 0) free.push_back(to);
      });
    }
    std::string stuck;
    for (std::size_t i = 0; i < count; ++i)
      if (overriders[i] != 0) stuck += (stuck.empty() ? "" : ", ") + dictionary_.rules[i].name;
    if (!stuck.empty()) fault("Rules override each other in a circle: {}.", stuck);
  }

  void differential(std::size_t index) {
    const Who who(fmt::format("Differential {}", dictionary_.differentials[index].name));
    const auto& candidates = dictionary_.differentials[index].candidates;
    if (graph_.differentials[index].arguments.size() != dictionary_.differentials[index].arguments.size())
      fault("{} has not one text for each argument.", who);
    for (const Argument& argument : graph_.differentials[index].arguments) {
      reference(who, "candidate", argument.candidate, candidates);
      condition(who, argument.condition);
    }
    for (const DifferentialVerdict& verdict : graph_.differentials[index].verdicts) {
      reference(who, "candidate", verdict.candidate, candidates);
      condition(who, verdict.condition);
    }
  }

  void pathway() {
    if (graph_.pathway.has_value() == dictionary_.pathway.empty())
      fault("The graph and the dictionary disagree on whether there is a pathway.");
    if (!graph_.pathway) return;
    const Pathway& pathway = *graph_.pathway;
    parallel("places of stages", pathway.stage_spans.size(), dictionary_.stages.size());
    stage("The start of the pathway", pathway.start);
    bool interrupts_over = false;
    for (std::size_t i = 0; i < pathway.transitions.size(); ++i) {
      const Transition& transition = pathway.transitions[i];
      const Who who(fmt::format("Transition {} of the pathway", i));
      stage(who, transition.to);
      for (const StageId id : transition.except)
        stage(who, id);
      if (transition.is_interrupt()) {
        if (interrupts_over) fault("{}: an interrupt stands after a transition.", who);
      } else {
        interrupts_over = true;
        stage(who, transition.from);
        if (!transition.except.empty()) fault("{}: only interrupts have exceptions.", who);
        if (transition.from.index() < dictionary_.stages.size() && dictionary_[transition.from].is_final)
          fault("{}: it leaves a final stage.", who);
      }
      if (transition.condition.is_valid())
        condition(who, transition.condition);
      else if (!transition.after)
        fault("{}: it has neither a condition nor a wait.", who);
      period(who, transition.after);
      period(who, transition.within);
    }
  }

  void property(const Property& property) {
    const Who who(fmt::format("Property {}", property.name));
    for (const PropertyStatement& statement : property.statements) {
      in_range(who, "kind of statement", statement.kind, PropertyStatement::Kind::stage_only_after);
      if (statement.kind == PropertyStatement::Kind::stage_only_after) {
        stage(who, statement.stage);
        stage(who, statement.after);
      } else {
        condition(who, statement.condition);
        condition(who, statement.outcome);
      }
    }
  }

  void test_case(const TestCase& test) {
    const Who who(fmt::format("Case \"{}\"", test.title));
    const CaseStep* before = nullptr;
    for (const CaseStep& step : test.steps) {
      if (before && step.at.instant < before->at.instant) fault("{}: its steps are not in the order of time.", who);
      before = &step;
      for (const Fact& fact : step.facts) {
        input(who, fact.input);
        if (fact.input.index() < dictionary_.inputs.size() && !fits(dictionary_[fact.input].type, fact.value))
          fault("{}: a value of input {} is not of its type.", who, dictionary_[fact.input].name);
      }
      for (const Expectation& expectation : step.expectations)
        this->expectation(who, expectation);
    }
  }

  void expectation(const Who& who, const Expectation& expectation) {
    in_range(who, "kind of expectation", expectation.kind, Expectation::Kind::refused);
    if (expectation.kind == Expectation::Kind::holds || expectation.condition.is_valid())
      condition(who, expectation.condition);
    for (const ActionId id : expectation.undetermined)
      action(who, id);
    for (const InputId id : expectation.missing)
      input(who, id);
    if (expectation.kind == Expectation::Kind::is_missing && expectation.missing.empty())
      fault("{}: an expectation of missing inputs names none.", who);
    if (expectation.kind == Expectation::Kind::refused)
      reference(who, "constraint", expectation.constraint.index(), dictionary_.constraints);
  }

  // ---------------------------------------------------------------- operations that have their place

  /// Outcomes speak about a whole decision, so a decision cannot be made of them.
  void places() {
    const auto is_about_decision = [](const Node& node) {
      return node.op == Op::outcome || node.op == Op::caution_fires || node.op == Op::applies;
    };
    if (std::none_of(graph_.nodes.begin(), graph_.nodes.end(), is_about_decision)) return;
    std::vector<bool> in_decision(graph_.nodes.size()), in_property(graph_.nodes.size());
    const auto marker = [](std::vector<bool>& marked) {
      return [&marked](NodeId id) {
        if (id.index() < marked.size()) marked[id.index()] = true;
      };
    };
    visit_decision_roots(graph_, marker(in_decision));
    visit_property_roots(graph_, marker(in_property));
    mark_operands(graph_, in_decision);
    mark_operands(graph_, in_property);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Op op = graph_.nodes[i].op;
      if (is_about_decision(graph_.nodes[i]) && in_decision[i])
        fault("Node n{} ({}): a decision cannot depend on itself.", i, info(op).name);
      else if (op == Op::applies && in_property[i])
        fault("Node n{} ({}): it belongs into cases only.", i, info(op).name);
    }
  }

  const Graph& graph_;
  const Dictionary& dictionary_;
  std::vector<std::string> faults_;
};

} // namespace

std::vector<std::string> verify(const Graph& graph) { return Verifier(graph).verify(); }

} // namespace aceso::graph
