#include <algorithm>

#include <fmt/format.h>

#include "graph/graph.h"
#include "graph/roots.h"

namespace aceso::graph {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result + '"';
}

std::string period_text(Period period) { return fmt::format("{}mo{:+}s", period.months, period.seconds); }

std::string_view kind_text(TypeKind kind) {
  static constexpr std::string_view names[] = {"yes_no",  "choice", "scale", "number", "duration", "date",
                                               "instant", "action", "list",  "code",   "time",     "interval"};
  const auto index = static_cast<std::size_t>(kind);
  return index < std::size(names) ? names[index] : "?";
}

/// The word for a member of a closed set; "?" outside of it, which only a broken graph has.
template <class Member>
std::string_view word_of(Member member, Member last) {
  return member <= last ? to_text(member) : "?";
}
std::string_view word(Verb verb) { return word_of(verb, Verb::contraindicate); }
std::string_view word(Strength strength) { return word_of(strength, Strength::strong); }
std::string_view word(Urgency urgency) { return word_of(urgency, Urgency::immediately); }
std::string_view word(Certainty certainty) { return word_of(certainty, Certainty::high); }
std::string_view word(UnknownReason reason) { return word_of(reason, UnknownReason::not_applicable); }
std::string_view word(RoundingMode mode) { return word_of(mode, RoundingMode::away_from_zero); }

/// Writes one graph. References are written by name, or as "#7" where they lead nowhere (a broken graph prints too).
class Printer {
public:
  explicit Printer(const Graph& graph) : graph_(graph), dictionary_(graph.dictionary), shown_(mark_printed(graph)) {}

  std::string print() {
    guideline();
    types();
    value_sets();
    declarations();
    nodes();
    roots();
    return std::move(out_);
  }

private:
  template <class... Arguments>
  void put(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
  }

  /// " field "text"", or nothing for an empty text.
  void text_field(std::string_view field, std::string_view text) {
    if (!text.empty()) put(" {} {}", field, quoted(text));
  }
  void word_field(std::string_view field, std::string_view word) {
    if (!word.empty()) put(" {} {}", field, word);
  }
  void period_field(std::string_view field, const std::optional<Period>& period) {
    if (period) put(" {} {}", field, period_text(*period));
  }
  void number_field(std::string_view field, const std::optional<Rational>& number) {
    if (number) put(" {} {}", field, number->to_text());
  }

  template <class Rows, class Tag>
  static std::string name_in(const Rows& rows, Id<Tag> id) {
    return id.index() < rows.size() ? rows[id.index()].name : id.is_valid() ? fmt::format("#{}", id.index()) : "-";
  }
  std::string name(InputId id) const { return name_in(dictionary_.inputs, id); }
  std::string name(ActionId id) const { return name_in(dictionary_.actions, id); }
  std::string name(RuleId id) const { return name_in(dictionary_.rules, id); }
  std::string name(StageId id) const { return name_in(dictionary_.stages, id); }
  std::string name(CautionId id) const { return name_in(dictionary_.cautions, id); }
  std::string name(DifferentialId id) const { return name_in(dictionary_.differentials, id); }
  /// Types need their number as well: many have no name, and modules may use one name twice.
  std::string name(TypeId id) const {
    if (id.index() >= dictionary_.types.size()) return id.is_valid() ? fmt::format("#{}", id.index()) : "-";
    const TypeInfo& type = dictionary_[id];
    if (!type.name.empty()) return fmt::format("{}#{}", type.name, id.index());
    switch (type.kind) {
    case TypeKind::yes_no:
    case TypeKind::date:
    case TypeKind::instant:
    case TypeKind::time:
    case TypeKind::action: return std::string(kind_text(type.kind));
    default: return fmt::format("{}#{}", kind_text(type.kind), id.index());
    }
  }
  static std::string name(NodeId id) { return id.is_valid() ? fmt::format("n{}", id.index()) : "-"; }

  static std::string code_text(std::string_view system, std::string_view code) {
    return fmt::format("code {} {}", quoted(system), quoted(code));
  }
  std::string value_text(const Value& value) const {
    struct Writer {
      std::string operator()(Unknown u) const { return fmt::format("unknown({})", word(u.reason)); }
      std::string operator()(bool b) const { return b ? "yes" : "no"; }
      std::string operator()(Choice c) const { return fmt::format("member {}", c.index); }
      std::string operator()(Rational r) const { return r.to_text(); }
      std::string operator()(Date d) const { return fmt::format("date {}", d.days); }
      std::string operator()(Instant i) const { return fmt::format("instant {}", i.seconds); }
      std::string operator()(TimeOfDay t) const { return "time " + to_text(t); }
      std::string operator()(DateRange d) const { return fmt::format("date {} to {}", d.first.days, d.last.days); }
      std::string operator()(const Boxed<NumberBounds>& r) const {
        return fmt::format("{} to {}", r->least.to_text(), r->most.to_text());
      }
      static std::string cut(const Cut& c) {
        if (c.infinite != 0) return c.infinite < 0 ? "-unbounded" : "+unbounded";
        return c.at.to_text() + (c.side < 0 ? "-" : "+");
      }
      static std::string end(const End& e) { return e.is_known() ? cut(e.least) : cut(e.least) + ".." + cut(e.most); }
      std::string operator()(const Boxed<Interval>& i) const {
        return fmt::format("interval {} to {}", end(i->low), end(i->high));
      }
      std::string operator()(const ValueList& list) const {
        std::string result = "[";
        for (const Value& element : list)
          result += (result.size() > 1 ? ", " : "") + std::visit(*this, element.storage());
        return result + "]";
      }
      std::string operator()(const Concept& c) const {
        if (c.index < concepts.size()) return code_text(concepts[c.index].system, concepts[c.index].code);
        return c.text ? code_text(c.text->system, c.text->code) : fmt::format("code #{}", c.index);
      }
      const std::vector<Code>& concepts;
    };
    return std::visit(Writer{dictionary_.concepts}, value.storage());
  }
  /// With the member's name, and dates in their usual form, where the value is of its type.
  std::string value_text(TypeId type_id, const Value& value) const {
    if (value.is<Date>()) return to_text(value.as<Date>());
    if (value.is<Instant>()) return to_text(ZonedInstant{value.as<Instant>(), 0});
    if (!value.is<Choice>() || type_id.index() >= dictionary_.types.size()) return value_text(value);
    const TypeInfo& type = dictionary_[type_id];
    const std::uint32_t index = value.as<Choice>().index;
    if (type.kind == TypeKind::action) return name(ActionId(index));
    return index < type.members.size() ? type.members[index].name : value_text(value);
  }

  void codes(const std::vector<Code>& codes) {
    for (const Code& code : codes)
      put("  code {} version {} {} {}\n", quoted(code.system), quoted(code.version), quoted(code.code),
          quoted(code.display));
  }
  void citations(const std::vector<Citation>& citations) {
    for (const Citation& citation : citations) {
      put("  cite {} document {} at {}", citation.source, quoted(citation.document), quoted(citation.section));
      for (const std::string& reference : citation.references)
        put(" {}", quoted(reference));
      put("\n");
    }
  }

  void guideline() {
    const GuidelineInfo& g = dictionary_.guideline;
    put("guideline {}\n", g.id);
    const std::pair<std::string_view, std::string_view> fields[] = {
        {"title", g.title},     {"version", g.version},     {"status", g.status},       {"developer", g.developer},
        {"funding", g.funding}, {"published", g.published}, {"review_by", g.review_by}, {"audience", g.audience}};
    for (const auto& [field, text] : fields)
      if (!text.empty()) put("  {} {}\n", field, quoted(text));
  }

  /// Types that only cases use are left out, as their nodes are.
  std::vector<bool> shown_types() const {
    std::vector<bool> shown(dictionary_.types.size());
    const auto show = [&](TypeId id) {
      for (std::size_t depth = 0; id.index() < shown.size() && !shown[id.index()] && depth < shown.size(); ++depth) {
        shown[id.index()] = true;
        id = dictionary_[id].element;
      }
    };
    for (const InputInfo& input : dictionary_.inputs)
      show(input.type);
    for (const DefinitionInfo& definition : dictionary_.definitions)
      show(definition.type);
    for (const DifferentialInfo& differential : dictionary_.differentials)
      show(differential.type);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      if (shown_[i]) show(graph_.nodes[i].type);
    return shown;
  }

  void types() {
    const std::vector<bool> shown = shown_types();
    for (std::size_t i = 0; i < dictionary_.types.size(); ++i) {
      if (!shown[i]) continue;
      const TypeInfo& type = dictionary_.types[i];
      put("type {} {}", name(TypeId(i)), kind_text(type.kind));
      number_field("from", type.minimum);
      number_field("to", type.maximum);
      number_field("step", type.step);
      text_field("unit", type.unit);
      if (type.element.is_valid()) put(" of {}", name(type.element));
      for (const std::string& system : type.systems)
        text_field("system", system);
      put("\n");
      for (const MemberInfo& member : type.members) {
        put("  member {}", member.name);
        text_field("title", member.title);
        number_field("score", member.score);
        put("\n");
        codes(member.codes);
      }
    }
  }

  /// What a set holds is what it means, so all of it is told; sets that only cases use are left out.
  void value_sets() {
    const auto& sets = dictionary_.value_sets;
    std::vector<bool> used(sets.size());
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      if (shown_[i] && graph_.nodes[i].op == Op::member_of && graph_.nodes[i].reference < sets.size())
        used[graph_.nodes[i].reference] = true;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      if (!used[i]) continue;
      put("value_set {}", quoted(sets[i].name));
      text_field("title", sets[i].title);
      text_field("url", sets[i].url);
      text_field("version", sets[i].version);
      text_field("hash", sets[i].hash);
      put("\n");
      for (const std::uint32_t member : sets[i].codes.members)
        listed_code("member", member);
      if (!sets[i].codes.known) continue;
      std::size_t same = 0; // a hierarchy is told once, however many questions it answers
      while (same < i && !(used[same] && sets[same].codes.known == sets[i].codes.known))
        ++same;
      if (same < i) {
        put("  known as for {}\n", quoted(sets[same].name));
        continue;
      }
      for (const std::uint32_t known : *sets[i].codes.known)
        listed_code("known", known);
    }
  }
  void listed_code(std::string_view what, std::uint32_t index) {
    put("  {} {}", what, value_text(Concept{index, nullptr}));
    if (index < dictionary_.concepts.size()) text_field("display", dictionary_.concepts[index].display);
    put("\n");
  }

  void input(const InputInfo& input) {
    put("input {} : {} {}", input.name, name(input.type), quoted(input.question));
    word_field("group", input.group);
    text_field("group_title", input.group_title);
    if (input.is_series) put(" series");
    for (const AcceptedUnit& unit : input.accepted_units) {
      text_field("accepts", unit.code);
      number_field("step", unit.step);
    }
    number_field("molar_mass", input.molar_mass);
    if (input.typical) put(" typical {}", value_text(input.type, *input.typical));
    period_field("fresh_for", input.fresh_for);
    if (input.unknown_policy == UnknownPolicy::assume) put(" unknown assume");
    if (input.assumed) put(" {}", value_text(input.type, *input.assumed));
    text_field("because", input.assumed_because);
    put("\n");
    codes(input.codes);
    citations(input.citations);
  }

  void declarations() {
    for (const InputInfo& each : dictionary_.inputs)
      input(each);
    for (const DefinitionInfo& definition : dictionary_.definitions) {
      put("definition {} : {}", definition.name, name(definition.type));
      text_field("title", definition.title);
      put("\n");
      citations(definition.citations);
    }
    for (const ActionInfo& action : dictionary_.actions) {
      put("action {} {}", action.name, quoted(action.title));
      word_field("category", action.category);
      text_field("note", action.note);
      put("\n");
      codes(action.codes);
      citations(action.citations);
    }
    for (const ActionClassInfo& action_class : dictionary_.classes) {
      put("action_class {} {}{}", action_class.name, quoted(action_class.title),
          action_class.at_most_one ? " at most one" : "");
      for (const ActionId action : action_class.actions)
        put(" {}", name(action));
      put("\n");
    }
    for (const InteractionInfo& interaction : dictionary_.interactions)
      put("interaction {} {} {}\n", name(interaction.first), name(interaction.second), quoted(interaction.text));
    for (const RuleInfo& rule : dictionary_.rules) {
      put("rule {}", rule.name);
      text_field("because", rule.because);
      text_field("certainty", word(rule.certainty));
      put("\n");
      for (const OverrideInfo& override : rule.overrides)
        put("  overrides {} {}\n", name(override.rule), quoted(override.because));
      citations(rule.citations);
    }
    for (const CautionInfo& caution : dictionary_.cautions) {
      put("caution {} {}\n", caution.name, quoted(caution.text));
      citations(caution.citations);
    }
    for (const DifferentialInfo& differential : dictionary_.differentials) {
      put("differential {} : {} among", differential.name, name(differential.type));
      for (const Choice candidate : differential.candidates)
        put(" {}", value_text(differential.type, candidate));
      text_field("title", differential.title);
      put("\n");
      citations(differential.citations);
    }
    if (!dictionary_.pathway.empty()) {
      put("pathway {}", dictionary_.pathway);
      text_field("title", dictionary_.pathway_title);
      put("\n");
    }
    for (const StageInfo& stage : dictionary_.stages)
      put("stage {} {}{}\n", stage.name, quoted(stage.title), stage.is_final ? " final" : "");
    for (const ConstraintInfo& constraint : dictionary_.constraints) {
      put("constraint {} {}", constraint.name, quoted(constraint.message));
      for (const InputId id : constraint.inputs)
        put(" {}", name(id));
      put("\n");
      citations(constraint.citations);
    }
  }

  /// What `reference` and `detail` of a node mean depends on its operation.
  void payload(const Node& node) {
    const std::uint32_t reference = node.reference;
    switch (node.op) {
    case Op::constant: add({" ", value_text(node.type, node.constant)}); break;
    case Op::input: add({" ", name(InputId(reference))}); break;
    case Op::series: put(" {} {}", to_text(static_cast<SeriesFunction>(node.detail)), name(InputId(reference))); break;
    case Op::unknown_because: put(" {}", word(static_cast<UnknownReason>(std::min(reference, 255U)))); break;
    case Op::table: put(" {}", to_text(static_cast<HitPolicy>(std::min(reference, 255U)))); break;
    case Op::selects: put(" {}", name(ActionId(reference))); break;
    case Op::differential: put(" {}", name(DifferentialId(reference))); break;
    case Op::in_stage: put(" {}", name(StageId(reference))); break;
    case Op::caution_fires: put(" {}", name(CautionId(reference))); break;
    case Op::outcome:
      put(" {} {}", to_text(static_cast<OutcomeKind>(node.detail)), name(ActionId(reference)));
      word_field("strength", word(node.strength));
      word_field("urgency", word(node.urgency));
      break;
    case Op::relation: put(" {}", to_text(static_cast<Relation>(node.detail))); break;
    case Op::interval:
      if (node.detail != 0) put(" form {}", node.detail);
      break;
    case Op::member_of:
      put(" {} {}",
          node.detail == 0   ? "any"
          : node.detail == 1 ? "all"
                             : "number",
          reference < dictionary_.value_sets.size() ? quoted(dictionary_.value_sets[reference].name)
                                                    : fmt::format("#{}", reference));
      break;
    case Op::round:
      put(" {} step {}", word(static_cast<RoundingMode>(std::min(reference, 255U))), node.details->factor.to_text());
      break;
    case Op::convert:
      put(" factor {} offset {}", node.details->factor.to_text(), node.details->offset.to_text());
      break;
    case Op::attribute: put(" {}", value_text(Value(ValueList(node.details->list)))); break;
    default:
      if (reference != 0) put(" {}", reference);
      break;
    }
    period_field("within", node.details->period);
  }

  /// Most of the text are nodes, and so these are appended without format strings.
  void add(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts)
      out_ += text;
  }
  void add_node(NodeId id) {
    if (id.is_valid())
      add({"n", fmt::format_int(id.index()).c_str()});
    else
      add({"-"});
  }

  void nodes() {
    std::vector<std::string> types;
    for (std::size_t i = 0; i < dictionary_.types.size(); ++i)
      types.push_back(name(TypeId(i)));
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!shown_[i]) continue;
      const Node& node = graph_.nodes[i];
      add_node(NodeId(i));
      add({" : ", node.type.index() < types.size() ? types[node.type.index()] : name(node.type), " = ",
           info(node.op).name});
      payload(node);
      for (const NodeId operand : node.operands) {
        add({" "});
        add_node(operand);
      }
      if (node.range())
        add({" range ", node.range()->minimum.to_text(), " to ", node.range()->maximum.to_text(), " step ",
             node.range()->step.to_text()});
      add({"\n"});
    }
  }

  template <class Rows>
  static std::string name_of_row(const Rows& rows, std::size_t index) {
    return index < rows.size() ? rows[index].name : fmt::format("#{}", index);
  }

  void roots() {
    if (graph_.applies.is_valid()) put("applies when {}\n", name(graph_.applies));
    for (std::size_t i = 0; i < graph_.constraints.size(); ++i)
      put("constraint {} requires {}\n", name_of_row(dictionary_.constraints, i), name(graph_.constraints[i].require));
    for (std::size_t i = 0; i < graph_.definitions.size(); ++i)
      put("definition {} = {}\n", name_of_row(dictionary_.definitions, i), name(graph_.definitions[i].node));
    for (std::size_t i = 0; i < graph_.rules.size(); ++i)
      rule(i);
    for (std::size_t i = 0; i < graph_.cautions.size(); ++i)
      put("caution {} when {}\n", name_of_row(dictionary_.cautions, i), name(graph_.cautions[i].condition));
    for (std::size_t i = 0; i < graph_.differentials.size(); ++i)
      differential(i);
    if (graph_.pathway) pathway(*graph_.pathway);
    for (const Property& each : graph_.properties)
      property(each);
  }

  void rule(std::size_t index) {
    const Rule& rule = graph_.rules[index];
    put("rule {} when {} {}\n", name_of_row(dictionary_.rules, index), name(rule.condition),
        quoted(rule.condition_text));
    for (const Advice& advice : rule.advice) {
      put("  {} {}", word(advice.verb), name(advice.action));
      word_field("strength", word(advice.strength));
      word_field("urgency", word(advice.urgency));
      period_field("within", advice.within);
      if (advice.selected.is_valid()) put(" if {}", name(advice.selected));
      put("\n");
    }
    for (const RuleId overridden : rule.overrides)
      put("  overrides {}\n", name(overridden));
  }

  std::string argument_text(std::size_t index, std::size_t argument) const {
    if (index >= dictionary_.differentials.size()) return {};
    const std::vector<std::string>& texts = dictionary_.differentials[index].arguments;
    return argument < texts.size() ? texts[argument] : std::string();
  }

  void differential(std::size_t index) {
    const Differential& differential = graph_.differentials[index];
    put("differential {} needs {} ahead by {}\n", name_of_row(dictionary_.differentials, index),
        differential.needs.to_text(), differential.ahead_by.to_text());
    for (std::size_t i = 0; i < differential.arguments.size(); ++i) {
      const Argument& argument = differential.arguments[i];
      put("  argument {} candidate {} weight {} when {} {}\n", argument.is_for ? "for" : "against", argument.candidate,
          argument.weight.to_text(), name(argument.condition), quoted(argument_text(index, i)));
    }
    for (const DifferentialVerdict& verdict : differential.verdicts)
      put("  {} candidate {} when {}\n", verdict.confirms ? "confirms" : "excludes", verdict.candidate,
          name(verdict.condition));
  }

  void pathway(const Pathway& pathway) {
    put("pathway start {}\n", name(pathway.start));
    for (const Transition& transition : pathway.transitions) {
      if (transition.is_interrupt())
        put("  at any stage");
      else
        put("  from {}", name(transition.from));
      for (const StageId stage : transition.except)
        put(" except {}", name(stage));
      put(" to {}", name(transition.to));
      if (transition.condition.is_valid()) put(" when {}", name(transition.condition));
      period_field("after", transition.after);
      period_field("within", transition.within);
      if (transition.at_most != 0) put(" at most {}", transition.at_most);
      text_field("text", transition.condition_text);
      put("\n");
    }
  }

  void property(const Property& property) {
    put("property {}\n", property.name);
    citations(property.citations);
    for (const PropertyStatement& statement : property.statements) {
      switch (statement.kind) {
      case PropertyStatement::Kind::whenever_then:
        put("  whenever {} then {}", name(statement.condition), name(statement.outcome));
        break;
      case PropertyStatement::Kind::never_when:
        put("  never {} when {}", name(statement.outcome), name(statement.condition));
        break;
      case PropertyStatement::Kind::stage_only_after:
        put("  stage {} only after {}", name(statement.stage), name(statement.after));
        break;
      }
      if (statement.even_when_missing) put(" even when data are missing");
      text_field("text", statement.text);
      put("\n");
    }
  }

  const Graph& graph_;
  const Dictionary& dictionary_;
  const std::vector<bool> shown_;
  std::string out_;
};

} // namespace

std::string print(const Graph& graph) { return Printer(graph).print(); }

} // namespace aceso::graph
