#include "analyse/joint_graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "graph/roots.h"

namespace aceso::analyse {

using graph::Advice;
using graph::Graph;
using graph::Node;
using graph::Op;

namespace {

bool has_members(TypeKind kind) { return kind == TypeKind::choice || kind == TypeKind::scale; }

void append(std::string& key, std::string_view text) {
  key += text;
  key += '\1';
}
void append(std::string& key, std::uint64_t number) { append(key, std::to_string(number)); }
void append(std::string& key, const std::optional<Period>& period) {
  append(key, period ? fmt::format("{},{}", period->months, period->seconds) : "-");
}

struct ValueText {
  std::string operator()(Unknown u) const { return fmt::format("?{}", static_cast<int>(u.reason)); }
  std::string operator()(bool b) const { return b ? "yes" : "no"; }
  std::string operator()(Choice c) const { return fmt::format("#{}", c.index); }
  std::string operator()(Rational r) const { return r.to_text(); }
  std::string operator()(Date d) const { return fmt::format("d{}", d.days); }
  std::string operator()(Instant i) const { return fmt::format("i{}", i.seconds); }
  std::string operator()(TimeOfDay t) const { return "t" + to_text(t); }
  std::string operator()(DateRange d) const { return fmt::format("d{}..{}", d.first.days, d.last.days); }
  std::string operator()(const Boxed<NumberBounds>& r) const {
    return fmt::format("{}..{}", r->least.to_text(), r->most.to_text());
  }
  std::string operator()(const Boxed<Interval>& i) const {
    std::string text = "interval";
    for (const End& end : {i->low, i->high})
      for (const auto& cut : {end.least, end.most})
        text += fmt::format(" {},{},{}", cut.infinite, cut.at.to_text(), cut.side);
    return text;
  }
  std::string operator()(const ValueList& list) const {
    std::string text = "[";
    for (const Value& element : list)
      text += std::visit(*this, element.storage()) + ",";
    return text + "]";
  }
  std::string operator()(const Concept& c) const {
    return c.text ? fmt::format("c{}|{}", c.text->system, c.text->code) : fmt::format("c{}", c.index);
  }
};

} // namespace

/// Turns the nodes of both guidelines into nodes of the pool, each thing once.
struct JointGraph::Lowered {
  explicit Lowered(JointGraph& joint) : joint_(joint), pool_(joint.pool_) {}

  void concepts_and_types() {
    std::map<std::pair<std::string, std::string>, std::uint32_t> places;
    for (const Side side : both_sides) {
      const Dictionary& names = joint_.source(side).dictionary;
      joint_.concepts_[at(side)].clear();
      for (const Code& code : names.concepts) {
        const auto [found, is_new] = places.emplace(std::pair(code.system, code.code),
                                                    static_cast<std::uint32_t>(pool_.dictionary.concepts.size()));
        if (is_new) pool_.dictionary.concepts.push_back(code);
        joint_.concepts_[at(side)].push_back(found->second);
      }
      types_[at(side)].assign(names.types.size(), TypeId());
    }
    const Dictionary& a = joint_.source(Side::first).dictionary;
    const Dictionary& b = joint_.source(Side::second).dictionary;
    for (const auto& match : joint_.matching_.inputs)
      if (match.is_shared()) pair(a[match.first].type, b[match.second].type);
    std::map<std::string, TypeId> named;
    for (std::size_t i = 0; i < a.types.size(); ++i)
      if (!a.types[i].name.empty()) named.emplace(a.types[i].name, TypeId(i));
    for (std::size_t k = 0; k < b.types.size(); ++k)
      if (const auto found = named.find(b.types[k].name); found != named.end()) pair(found->second, TypeId(k));
    std::map<std::string, TypeId> defined;
    for (const DefinitionInfo& info : a.definitions)
      defined.emplace(info.name, info.type);
    for (const DefinitionInfo& info : b.definitions)
      if (const auto found = defined.find(info.name); found != defined.end()) pair(found->second, info.type);
    std::map<std::string, TypeId> weighed;
    for (const DifferentialInfo& info : a.differentials)
      weighed.emplace(info.name, info.type);
    for (const DifferentialInfo& info : b.differentials)
      if (const auto found = weighed.find(info.name); found != weighed.end()) pair(found->second, info.type);
    for (const Side side : both_sides) {
      const Dictionary& names = joint_.source(side).dictionary;
      for (std::size_t i = 0; i < names.types.size(); ++i)
        (void)type(side, TypeId(i));
      auto& members = joint_.members_[at(side)];
      members.assign(names.types.size(), {});
      for (std::size_t i = 0; i < names.types.size(); ++i) {
        if (names.types[i].members.empty()) continue;
        std::map<std::string_view, std::uint32_t> places_of;
        const auto& all = pool_.dictionary[types_[at(side)][i]].members;
        for (std::uint32_t m = 0; m < all.size(); ++m)
          places_of.emplace(all[m].name, m);
        for (const MemberInfo& member : names.types[i].members)
          members[i].push_back(places_of.at(member.name));
      }
    }
  }

  /// The type of the joint graph for a type of the side. Ranges belong to inputs and nodes; here all numbers of one
  /// unit are one type.
  TypeId type(Side side, TypeId id) {
    TypeId& known = types_[at(side)][id.index()];
    if (known.is_valid()) return known;
    TypeInfo info = joint_.source(side).dictionary[id];
    if (info.kind == TypeKind::list) info.element = type(side, info.element);
    if (!has_members(info.kind)) {
      info.minimum = info.maximum = info.step = std::nullopt;
      info.name.clear();
      info.systems.clear();
    }
    return known = add(std::move(info));
  }
  TypeId add(TypeInfo info) {
    std::string key;
    append(key, static_cast<std::uint64_t>(info.kind));
    append(key, info.unit);
    append(key, info.element.index());
    for (const auto& bound : {info.minimum, info.maximum, info.step})
      append(key, bound ? bound->to_text() : "-");
    for (const MemberInfo& member : info.members)
      append(key, member.name);
    const auto [found, is_new] = type_places_.emplace(key, TypeId(pool_.dictionary.types.size()));
    if (is_new) pool_.dictionary.types.push_back(std::move(info));
    return found->second;
  }
  /// Two types with members become one, which has all members of both.
  void pair(TypeId a, TypeId b) {
    const Dictionary& first = joint_.source(Side::first).dictionary;
    const Dictionary& second = joint_.source(Side::second).dictionary;
    if (first[a].kind != second[b].kind || !has_members(first[a].kind)) return;
    TypeId& x = types_[0][a.index()];
    TypeId& y = types_[1][b.index()];
    if (x.is_valid() && x == y) return;
    TypeInfo shared = x.is_valid() ? pool_.dictionary[x] : first[a];
    if (!add_members(shared, y.is_valid() ? pool_.dictionary[y] : second[b])) return;
    const TypeId old_x = x, old_y = y;
    const TypeId made(pool_.dictionary.types.size());
    pool_.dictionary.types.push_back(std::move(shared));
    for (auto& side : types_)
      for (TypeId& one : side)
        if (one.is_valid() && (one == old_x || one == old_y)) one = made;
    x = y = made;
  }

  Value value(Side side, TypeId id, const Value& value) const {
    if (!value.is_known()) return value;
    const TypeInfo& info = joint_.source(side).dictionary[id];
    if (value.is<Choice>()) {
      const std::uint32_t index = value.as<Choice>().index;
      if (info.kind == TypeKind::action) return Choice{static_cast<std::uint32_t>(joint_.actions_[at(side)][index])};
      return Choice{joint_.members_[at(side)][id.index()][index]};
    }
    if (value.is<ValueList>()) {
      ValueList list;
      for (const Value& element : value.as<ValueList>())
        list.push_back(this->value(side, info.element, element));
      return list;
    }
    if (value.is<Concept>() && value.as<Concept>().index != Concept::unfamiliar)
      return Concept{joint_.concepts_[at(side)][value.as<Concept>().index], nullptr};
    return value;
  }

  std::uint32_t value_set(Side side, std::uint32_t index) {
    ValueSetInfo set = joint_.source(side).dictionary.value_sets[index];
    const auto& places = joint_.concepts_[at(side)];
    std::string key;
    const auto move = [&](std::vector<std::uint32_t>& members) {
      for (std::uint32_t& member : members)
        member = places[member];
      std::sort(members.begin(), members.end());
      for (const std::uint32_t member : members)
        append(key, member);
    };
    move(set.codes.members);
    append(key, set.codes.known ? "known" : "");
    if (set.codes.known) move(*set.codes.known);
    const auto [found, is_new] =
        set_places_.emplace(key, static_cast<std::uint32_t>(pool_.dictionary.value_sets.size()));
    if (is_new) pool_.dictionary.value_sets.push_back(std::move(set));
    return found->second;
  }

  NodeId intern(Node node) {
    std::string key;
    key.reserve(64);
    append(key, static_cast<std::uint64_t>(node.op));
    append(key, node.reference);
    append(key, node.type.index());
    append(key, node.detail);
    for (const NodeId operand : node.operands)
      append(key, operand.index());
    if (node.op == Op::constant) append(key, std::visit(ValueText{}, node.constant.storage()));
    if (node.op == Op::convert || node.op == Op::round) {
      append(key, node.details->factor.to_text());
      append(key, node.details->offset.to_text());
    }
    if (node.details->period) append(key, node.details->period);
    for (const Value& one : node.details->list)
      append(key, std::visit(ValueText{}, one.storage()));
    const auto [found, is_new] = node_places_.emplace(std::move(key), NodeId(pool_.nodes.size()));
    if (is_new) {
      pool_.nodes.push_back(std::move(node));
      return found->second;
    }
    // The ranges that the two guidelines derive may differ with those of their inputs: the wider one holds for both.
    const auto theirs = node.range();
    auto range = pool_.nodes[found->second.index()].range();
    if (node.op == Op::constant || (!range && !theirs)) return found->second;
    if (!range || !theirs || range->step != theirs->step) {
      range.reset();
    } else {
      range->minimum = std::min(range->minimum, theirs->minimum);
      range->maximum = std::max(range->maximum, theirs->maximum);
    }
    pool_.nodes[found->second.index()].details.edit().range = range;
    return found->second;
  }

  NodeId yes_no(Op op, std::vector<NodeId> operands) {
    Node node;
    node.op = op;
    node.type = yes_no_type();
    node.operands = std::move(operands);
    return intern(std::move(node));
  }
  NodeId constant(TypeId type, Value value) {
    Node node;
    node.type = type;
    node.constant = std::move(value);
    return intern(std::move(node));
  }
  NodeId input(InputId id) {
    Node node;
    node.op = Op::input;
    node.type = pool_.dictionary[id].type;
    node.reference = id.index();
    return intern(std::move(node));
  }
  TypeId yes_no_type() { return add(TypeInfo{}); }

  NodeId input_node(Side side, InputId id) {
    const InputId place = joint_.inputs_[at(side)][id.index()];
    const InputInfo& mine = joint_.source(side).dictionary[id];
    const NodeId plain = input(place);
    if (mine.unknown_policy != UnknownPolicy::assume || pool_.dictionary[place].unknown_policy == UnknownPolicy::assume)
      return plain;
    // Assumed by this guideline only.
    Node node;
    node.op = Op::conditional;
    node.type = pool_.nodes[plain.index()].type;
    node.operands = {yes_no(Op::is_known, {plain}), plain, constant(node.type, value(side, mine.type, *mine.assumed))};
    return intern(std::move(node));
  }

  NodeId stage_node(Side side, std::uint32_t stage) {
    const InputId place = joint_.stage_input_[at(side)];
    if (!place.is_valid()) return constant(yes_no_type(), Value(false));
    const NodeId here = input(place);
    const Value member(Choice{static_cast<std::uint32_t>(joint_.stages_[at(side)][stage])});
    return yes_no(Op::logical_and, {yes_no(Op::is_known, {here}),
                                    yes_no(Op::equal, {here, constant(pool_.nodes[here.index()].type, member)})});
  }

  NodeId node(Side side, NodeId id) {
    if (!id.is_valid()) return id;
    NodeId& known = joint_.nodes_[at(side)][id.index()];
    if (!known.is_valid()) known = lower(side, id);
    return known;
  }

  NodeId lower(Side side, NodeId id) {
    const Graph& source = joint_.source(side);
    Node copy = source[id];
    if (copy.op == Op::input) return input_node(side, InputId(copy.reference));
    if (copy.op == Op::in_stage) return stage_node(side, copy.reference);
    if (copy.op == Op::unknown_because) {
      const Node& subject = source[copy.operands[0]];
      if (subject.op == Op::input &&
          source.dictionary[InputId(subject.reference)].unknown_policy == UnknownPolicy::assume)
        return constant(yes_no_type(), Value(false));
    }
    for (NodeId& operand : copy.operands)
      operand = node(side, operand);
    switch (copy.op) {
    case Op::constant: copy.constant = value(side, copy.type, copy.constant); break;
    case Op::series: copy.reference = joint_.inputs_[at(side)][copy.reference].index(); break;
    case Op::selects: copy.reference = static_cast<std::uint32_t>(joint_.actions_[at(side)][copy.reference]); break;
    case Op::member_of: copy.reference = value_set(side, copy.reference); break;
    case Op::differential: copy.reference = differential(side, copy.reference); break;
    case Op::score_of:
    case Op::attribute: by_member(side, source.type_of(source[id].operands[0]), source[id], copy); break;
    default: break;
    }
    copy.type = type(side, copy.type);
    return intern(std::move(copy));
  }

  /// What a member carries, in the order of the joint members; scores become attributes, because they may differ.
  void by_member(Side side, const TypeInfo& scale, const Node& from, Node& to) {
    const TypeId operand = joint_.source(side)[from.operands[0]].type;
    const std::vector<std::uint32_t>& places = joint_.members_[at(side)][operand.index()];
    to.details.edit().list.assign(pool_.dictionary[types_[at(side)][operand.index()]].members.size(),
                                  Value(UnknownReason::not_applicable));
    for (std::size_t m = 0; m < places.size(); ++m)
      to.details.edit().list[places[m]] =
          from.op == Op::score_of ? Value(*scale.members[m].score) : value(side, from.type, from.details->list[m]);
    to.op = Op::attribute;
    to.reference = 0;
  }

  std::uint32_t differential(Side side, std::uint32_t index) {
    graph::Differential copy = joint_.source(side).differentials[index];
    DifferentialInfo info = joint_.source(side).dictionary.differentials[index];
    std::string key;
    for (Choice& candidate : info.candidates) {
      candidate = value(side, info.type, candidate).as<Choice>();
      append(key, candidate.index);
    }
    info.type = type(side, info.type);
    append(key, info.type.index());
    append(key, copy.needs.to_text());
    append(key, copy.ahead_by.to_text());
    for (graph::Argument& argument : copy.arguments) {
      argument.condition = node(side, argument.condition);
      append(key, argument.is_for ? "for" : "against");
      append(key, argument.candidate);
      append(key, argument.weight.to_text());
      append(key, argument.condition.index());
    }
    for (graph::DifferentialVerdict& verdict : copy.verdicts) {
      verdict.condition = node(side, verdict.condition);
      append(key, verdict.confirms ? "confirms" : "excludes");
      append(key, verdict.candidate);
      append(key, verdict.condition.index());
    }
    const auto [found, is_new] =
        differential_places_.emplace(key, static_cast<std::uint32_t>(pool_.differentials.size()));
    if (is_new) {
      pool_.differentials.push_back(std::move(copy));
      pool_.dictionary.differentials.push_back(std::move(info));
    }
    return found->second;
  }

  /// The guideline applies and the condition holds.
  NodeId with_applies(Side side, NodeId condition) {
    const Graph& source = joint_.source(side);
    if (!source.applies.is_valid()) return node(side, condition);
    if (!condition.is_valid()) return node(side, source.applies);
    return yes_no(Op::logical_and, {node(side, source.applies), node(side, condition)});
  }

  std::string pathway_text(Side side) {
    const Graph& source = joint_.source(side);
    std::string text;
    if (!source.pathway) return text;
    append(text, node(side, source.applies).index());
    append(text, source.pathway->start.index());
    for (const graph::Transition& t : source.pathway->transitions) {
      append(text, t.from.index());
      for (const StageId stage : t.except)
        append(text, stage.index());
      append(text, t.to.index());
      append(text, node(side, t.condition).index());
      append(text, t.after);
      append(text, t.within);
      append(text, t.at_most);
    }
    return text;
  }

  void require(NodeId condition, ConstraintInfo info) {
    if (!required_.insert(condition).second) return;
    pool_.constraints.push_back({condition, {}});
    pool_.dictionary.constraints.push_back(std::move(info));
  }

  void constraints() {
    // Of a type with the members of both, only what each side knows.
    for (std::size_t j = 0; j < joint_.matching_.inputs.size(); ++j) {
      const auto& match = joint_.matching_.inputs[j];
      const NodeId here = input(InputId(j));
      const TypeId type = pool_.nodes[here.index()].type;
      const auto& all = pool_.dictionary[type].members;
      if (all.empty()) continue;
      std::vector<NodeId> allowed;
      for (std::uint32_t m = 0; m < all.size(); ++m) {
        bool is_known = true;
        for (const Side side : both_sides) {
          if (!match.on(side).is_valid()) continue;
          const auto& mine = joint_.members_[at(side)][joint_.source(side).dictionary[match.on(side)].type.index()];
          is_known &= std::count(mine.begin(), mine.end(), m) != 0;
        }
        if (is_known) allowed.push_back(yes_no(Op::equal, {here, constant(type, Choice{m})}));
      }
      if (allowed.size() == all.size()) continue;
      require(allowed.size() == 1 ? allowed.front() : yes_no(Op::logical_or, std::move(allowed)), {});
    }
    for (const Side side : both_sides)
      for (std::size_t c = 0; c < joint_.source(side).constraints.size(); ++c)
        require(node(side, joint_.source(side).constraints[c].require), joint_.source(side).dictionary.constraints[c]);
    for (ConstraintInfo& info : pool_.dictionary.constraints)
      info.inputs.clear();
  }

private:
  JointGraph& joint_;
  Graph& pool_;
  std::vector<TypeId> types_[2];
  std::unordered_map<std::string, NodeId> node_places_;
  std::unordered_map<std::string, TypeId> type_places_;
  std::unordered_map<std::string, std::uint32_t> set_places_, differential_places_;
  std::set<NodeId> required_;
};

JointGraph::JointGraph(const Graph& first, const Graph& second, std::string first_label, std::string second_label)
    : sources_{&first, &second}, labels_{std::move(first_label), std::move(second_label)},
      matching_(match(first.dictionary, second.dictionary)) {
  const auto& stages = first.dictionary.stages;
  const auto same_name = [](const StageInfo& a, const StageInfo& b) { return a.name == b.name; };
  same_stages_ = std::equal(stages.begin(), stages.end(), second.dictionary.stages.begin(),
                            second.dictionary.stages.end(), same_name);
  lower(same_stages_);
  if (!same_pathway_ && same_stages_) lower(false);
}

TypeInfo JointGraph::type_of_input(const Match<InputId>& match) {
  const Dictionary& a = source(Side::first).dictionary;
  const Dictionary& b = source(Side::second).dictionary;
  if (!match.first.is_valid()) return b[b[match.second].type];
  if (!match.second.is_valid()) return a[a[match.first].type];
  return *shared_type(a, a[match.first].type, b, b[match.second].type);
}

void JointGraph::add_actions() {
  for (const Side side : both_sides)
    actions_[at(side)].assign(source(side).dictionary.actions.size(), 0);
  for (std::size_t i = 0; i < matching_.actions.size(); ++i)
    for (const Side side : both_sides)
      if (const ActionId id = matching_.actions[i].on(side); id.is_valid()) actions_[at(side)][id.index()] = i;
  for (const Side side : both_sides) {
    auto& voices = voices_[at(side)];
    auto& rivals = rivals_[at(side)];
    voices.assign(matching_.actions.size(), {});
    rivals.assign(matching_.actions.size(), {});
    const Graph& graph = source(side);
    for (std::size_t r = 0; r < graph.rules.size(); ++r)
      for (std::size_t a = 0; a < graph.rules[r].advice.size(); ++a)
        voices[actions_[at(side)][graph.rules[r].advice[a].action.index()]].emplace_back(RuleId(r), a);
    const auto add_rival = [&](ActionId x, ActionId y) {
      if (x != y) rivals[actions_[at(side)][x.index()]].push_back(actions_[at(side)][y.index()]);
    };
    for (const ActionClassInfo& group : graph.dictionary.classes)
      if (group.at_most_one)
        for (const ActionId x : group.actions)
          for (const ActionId y : group.actions)
            add_rival(x, y);
    for (const InteractionInfo& pair : graph.dictionary.interactions) {
      add_rival(pair.first, pair.second);
      add_rival(pair.second, pair.first);
    }
    for (auto& list : rivals) {
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
  }
}

void JointGraph::lower(bool with_shared_stages) {
  pool_ = {};
  left_out_.clear();
  add_actions();
  Lowered lowered(*this);
  lowered.concepts_and_types();
  Dictionary& names = pool_.dictionary;
  names.guideline = source(Side::second).dictionary.guideline;
  loose_.clear();
  for (const Side side : both_sides) {
    inputs_[at(side)].assign(source(side).dictionary.inputs.size(), InputId());
    nodes_[at(side)].assign(source(side).nodes.size(), NodeId());
  }
  for (const auto& match : matching_.inputs) {
    const Side main = match.second.is_valid() ? Side::second : Side::first;
    InputInfo info = source(main).dictionary[match.on(main)];
    const TypeId type = info.type;
    for (const Side side : both_sides)
      if (match.on(side).is_valid()) inputs_[at(side)][match.on(side).index()] = InputId(names.inputs.size());
    if (info.typical) info.typical = lowered.value(main, type, *info.typical);
    if (info.assumed) info.assumed = lowered.value(main, type, *info.assumed);
    const TypeKind kind = source(main).dictionary[type].kind;
    if (kind == TypeKind::number || kind == TypeKind::duration) {
      TypeInfo shared = type_of_input(match);
      shared.name.clear();
      info.type = lowered.add(std::move(shared));
    } else {
      info.type = lowered.type(main, type);
    }
    bool is_loose = false;
    if (match.is_shared()) {
      const InputInfo& other = source(Side::first).dictionary[match.first];
      info.is_series |= other.is_series;
      is_loose = info.fresh_for != other.fresh_for;
      if (is_loose)
        left_out_.push_back(fmt::format("how long a value of `{}` counts (fresh for) is not the same; only values of "
                                        "the present moment are compared",
                                        info.name));
      const bool other_assumes = other.unknown_policy == UnknownPolicy::assume;
      const bool same_assumption = other_assumes && info.unknown_policy == UnknownPolicy::assume &&
                                   lowered.value(Side::first, other.type, *other.assumed) == *info.assumed;
      if (!same_assumption) {
        info.unknown_policy = UnknownPolicy::ask;
        info.assumed.reset();
      }
    } else {
      for (const auto& other : matching_.other_type)
        if (other.on(main) == match.on(main)) info.name += fmt::format(" ({})", labels_[at(main)]);
    }
    loose_.push_back(is_loose);
    names.inputs.push_back(std::move(info));
  }
  for (const Side side : both_sides) {
    const Graph& graph = source(side);
    stages_[at(side)].clear();
    stage_input_[at(side)] = InputId();
    if (!graph.pathway) continue;
    if (side == Side::second && with_shared_stages) {
      stage_input_[1] = stage_input_[0];
      stages_[1] = stages_[0];
      continue;
    }
    TypeInfo type;
    type.kind = TypeKind::choice;
    type.name = "stage " + labels_[at(side)];
    InputInfo info;
    info.name = with_shared_stages ? "stage" : fmt::format("stage ({})", labels_[at(side)]);
    for (const StageInfo& stage : graph.dictionary.stages) {
      stages_[at(side)].push_back(type.members.size());
      type.members.push_back({stage.name, stage.title, {}, {}});
    }
    info.type = TypeId(names.types.size());
    names.types.push_back(std::move(type));
    stage_input_[at(side)] = InputId(names.inputs.size());
    loose_.push_back(false);
    names.inputs.push_back(std::move(info));
  }
  for (const Side side : both_sides) {
    const Graph& graph = source(side);
    conditions_[at(side)].clear();
    caution_nodes_[at(side)].clear();
    for (std::size_t i = 0; i < graph.rules.size(); ++i) {
      conditions_[at(side)].push_back(lowered.with_applies(side, graph.rules[i].condition));
      for (const Advice& advice : graph.rules[i].advice)
        (void)lowered.node(side, advice.selected);
    }
    for (const graph::Definition& definition : graph.definitions)
      (void)lowered.node(side, definition.node);
    differentials_[at(side)].clear();
    for (std::uint32_t i = 0; i < graph.differentials.size(); ++i)
      differentials_[at(side)].push_back(lowered.differential(side, i));
    for (const auto& match : matching_.cautions)
      caution_nodes_[at(side)].push_back(
          match.on(side).is_valid() ? lowered.with_applies(side, graph.cautions[match.on(side).index()].condition)
                                    : lowered.constant(lowered.yes_no_type(), Value(false)));
  }
  same_pathway_ = lowered.pathway_text(Side::first) == lowered.pathway_text(Side::second);
  for (const Side side : both_sides) {
    Standing& standing = pool_standing_[at(side)] = {};
    if (!source(side).pathway) continue;
    standing.stage = lowered.input(stage_input_[at(side)]);
    standing.applies = lowered.node(side, source(side).applies);
    for (const graph::Transition& t : source(side).pathway->transitions)
      standing.ways.push_back(lowered.node(side, t.condition));
  }
  lowered.constraints();
  sign_rules();
}

void JointGraph::sign_rules() {
  std::map<std::string, std::size_t> known;
  for (const Side side : both_sides) {
    const Graph& graph = source(side);
    std::vector<std::vector<RuleId>> overriders(graph.rules.size());
    for (std::size_t r = 0; r < graph.rules.size(); ++r)
      for (const RuleId loser : graph.rules[r].overrides)
        overriders[loser.index()].emplace_back(r);
    auto& marks = rule_marks_[at(side)];
    marks.assign(graph.rules.size(), {});
    const auto sign = [&](auto&& self, RuleId rule) -> const std::string& {
      std::string& mark = marks[rule.index()];
      if (!mark.empty()) return mark;
      std::vector<std::string> winners;
      for (const RuleId winner : overriders[rule.index()])
        winners.push_back(self(self, winner));
      std::sort(winners.begin(), winners.end());
      std::string text = fmt::format("{}", conditions_[at(side)][rule.index()].index());
      for (const std::string& winner : winners)
        text += "(" + winner + ")";
      return mark = std::to_string(known.emplace(std::move(text), known.size()).first->second);
    };
    for (std::size_t r = 0; r < graph.rules.size(); ++r)
      (void)sign(sign, RuleId(r));
  }
}

namespace {

std::string mark_of(const std::string& rule, const Advice& advice, NodeId selected, bool with_manner) {
  std::string text = rule;
  append(text, selected.index());
  append(text, with_manner ? static_cast<std::uint64_t>(advice.verb) : static_cast<std::uint64_t>(is_for(advice.verb)));
  if (!with_manner) return text;
  append(text, static_cast<std::uint64_t>(advice.strength));
  append(text, static_cast<std::uint64_t>(advice.urgency));
  append(text, advice.within);
  return text;
}

} // namespace

std::vector<std::size_t> JointGraph::with_rivals(Side side, std::size_t action) const {
  std::vector<std::size_t> result{action};
  result.insert(result.end(), rivals_[at(side)][action].begin(), rivals_[at(side)][action].end());
  return result;
}

bool JointGraph::is_same_text(std::size_t action) const {
  std::vector<std::string> marks[2];
  for (const Side side : both_sides) {
    for (const std::size_t one : with_rivals(side, action))
      for (const auto& [rule, place] : voices_[at(side)][one]) {
        const Advice& advice = source(side).rules[rule.index()].advice[place];
        if (one != action && !is_for(advice.verb)) continue;
        const NodeId selected = advice.selected.is_valid() ? nodes_[at(side)][advice.selected.index()] : NodeId();
        marks[at(side)].push_back((one == action ? "" : "rival ") +
                                  mark_of(rule_marks_[at(side)][rule.index()], advice, selected, one == action));
      }
    std::sort(marks[at(side)].begin(), marks[at(side)].end());
  }
  return marks[0] == marks[1];
}

bool JointGraph::is_same_caution(std::size_t caution) const {
  return caution_nodes_[0][caution] == caution_nodes_[1][caution] && matching_.cautions[caution].is_shared();
}

bool JointGraph::is_same_value(DefinitionId first, DefinitionId second) const {
  const auto node = [&](Side side, DefinitionId id) {
    return nodes_[at(side)][source(side).definitions[id.index()].node.index()];
  };
  return node(Side::first, first) == node(Side::second, second);
}

bool JointGraph::is_same_constraint(ConstraintId first, ConstraintId second) const {
  const auto node = [&](Side side, ConstraintId id) {
    return nodes_[at(side)][source(side).constraints[id.index()].require.index()];
  };
  return node(Side::first, first) == node(Side::second, second);
}

bool JointGraph::is_same_differential(DifferentialId first, DifferentialId second) const {
  return differentials_[0][first.index()] == differentials_[1][second.index()];
}

std::vector<RuleId> JointGraph::changed_rules(std::size_t action) const {
  std::map<std::string, int> balance;
  const std::vector<std::size_t> needed_on[] = {with_rivals(Side::first, action), with_rivals(Side::second, action)};
  const auto each = [&](auto visit) {
    for (std::size_t joint = 0; joint < origins_.size(); ++joint) {
      const auto [side, rule] = origins_[joint];
      const std::vector<std::size_t>& needed = needed_on[at(side)];
      for (const Advice& advice : source(side).rules[rule.index()].advice) {
        const std::size_t about = actions_[at(side)][advice.action.index()];
        if (!std::count(needed.begin(), needed.end(), about)) continue;
        const NodeId selected = advice.selected.is_valid() ? nodes_[at(side)][advice.selected.index()] : NodeId();
        visit(RuleId(joint), side,
              fmt::format("{} {}", about, mark_of(rule_marks_[at(side)][rule.index()], advice, selected, true)));
      }
    }
  };
  each([&](RuleId, Side side, const std::string& mark) { balance[mark] += side == Side::first ? 1 : -1; });
  std::set<RuleId> changed;
  each([&](RuleId rule, Side, const std::string& mark) {
    if (balance[mark] != 0) changed.insert(rule);
  });
  return {changed.begin(), changed.end()};
}

ActionId JointGraph::action(Side side, std::size_t action) const { return split_[at(side)][action]; }

NodeId JointGraph::caution(Side side, std::size_t caution) const { return kept_cautions_[at(side)][caution]; }

void JointGraph::keep(const std::vector<std::size_t>& actions, const std::vector<std::size_t>& cautions) {
  graph_ = {};
  graph_.dictionary = pool_.dictionary;
  graph_.constraints = pool_.constraints;
  graph_.differentials = pool_.differentials;
  origins_.clear();
  Dictionary& names = graph_.dictionary;
  about_.clear();
  for (std::size_t a = 0; a < matching_.actions.size(); ++a) { // these stand for the values of tables
    const Side side = matching_.actions[a].second.is_valid() ? Side::second : Side::first;
    names.actions.push_back(source(side).dictionary[matching_.actions[a].on(side)]);
    about_.push_back(a);
  }
  for (const Side side : both_sides) {
    std::vector<bool> wanted(matching_.actions.size());
    for (const std::size_t a : actions)
      for (const std::size_t one : with_rivals(side, a))
        wanted[one] = true;
    split_[at(side)].assign(wanted.size(), ActionId());
    for (std::size_t a = 0; a < wanted.size(); ++a) {
      if (!wanted[a]) continue;
      split_[at(side)][a] = ActionId(names.actions.size());
      names.actions.push_back(ActionInfo(names.actions[a]));
      about_.push_back(a);
    }
    const auto moved = [&](ActionId id) { return action(side, actions_[at(side)][id.index()]); };
    for (ActionClassInfo group : source(side).dictionary.classes) {
      for (ActionId& one : group.actions)
        one = moved(one);
      std::erase_if(group.actions, [](ActionId one) { return !one.is_valid(); });
      names.classes.push_back(std::move(group));
    }
    for (const InteractionInfo& pair : source(side).dictionary.interactions)
      if (moved(pair.first).is_valid() && moved(pair.second).is_valid())
        names.interactions.push_back({moved(pair.first), moved(pair.second), pair.text});
    const Graph& graph = source(side);
    std::vector<bool> kept(graph.rules.size());
    for (std::size_t a = 0; a < wanted.size(); ++a)
      if (wanted[a])
        for (const auto& [rule, place] : voices_[at(side)][a])
          kept[rule.index()] = true;
    for (bool again = true; again;) {
      again = false;
      for (std::size_t r = 0; r < graph.rules.size(); ++r)
        if (!kept[r])
          for (const RuleId loser : graph.rules[r].overrides)
            if (kept[loser.index()] && !kept[r]) kept[r] = again = true;
    }
    std::vector<RuleId> places(graph.rules.size());
    for (std::size_t r = 0; r < graph.rules.size(); ++r) {
      if (!kept[r]) continue;
      places[r] = RuleId(origins_.size());
      origins_.push_back({side, RuleId(r)});
    }
    for (std::size_t r = 0; r < graph.rules.size(); ++r) {
      if (!kept[r]) continue;
      graph::Rule rule;
      rule.condition = conditions_[at(side)][r];
      for (const Advice& advice : graph.rules[r].advice) {
        const std::size_t about = actions_[at(side)][advice.action.index()];
        if (!wanted[about]) continue;
        Advice copy = advice;
        copy.action = action(side, about);
        if (copy.selected.is_valid()) copy.selected = nodes_[at(side)][copy.selected.index()];
        rule.advice.push_back(std::move(copy));
      }
      for (const RuleId loser : graph.rules[r].overrides)
        if (kept[loser.index()]) rule.overrides.push_back(places[loser.index()]);
      graph_.rules.push_back(std::move(rule));
      RuleInfo info;
      info.name = graph.dictionary.rules[r].name;
      names.rules.push_back(std::move(info));
    }
    kept_cautions_[at(side)] = caution_nodes_[at(side)];
  }

  // Only the nodes that are needed, in their order.
  std::vector<bool> marked(pool_.nodes.size());
  const auto mark = [&](NodeId id) {
    if (id.is_valid()) marked[id.index()] = true;
  };
  for (const graph::Constraint& constraint : graph_.constraints)
    mark(constraint.require);
  for (const graph::Rule& rule : graph_.rules) {
    mark(rule.condition);
    for (const Advice& advice : rule.advice)
      mark(advice.selected);
  }
  for (const std::size_t c : cautions)
    for (const Side side : both_sides)
      mark(kept_cautions_[at(side)][c]);
  std::vector<bool> used(graph_.differentials.size());
  std::copy(std::begin(pool_standing_), std::end(pool_standing_), std::begin(standing_));
  bool stands[2] = {false, false};
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = pool_.nodes.size(); i-- > 0;) {
      if (!marked[i]) continue;
      const Node& node = pool_.nodes[i];
      for (const NodeId operand : node.operands)
        mark(operand);
      for (std::size_t s = 0; s < 2; ++s) {
        if (stands[s] || standing_[s].stage.index() != i) continue;
        stands[s] = again = true;
        mark(standing_[s].applies);
        for (const NodeId way : standing_[s].ways)
          mark(way);
      }
      if (node.op != Op::differential || used[node.reference]) continue;
      used[node.reference] = again = true;
      for (const auto& argument : graph_.differentials[node.reference].arguments)
        mark(argument.condition);
      for (const auto& verdict : graph_.differentials[node.reference].verdicts)
        mark(verdict.condition);
    }
  }
  for (std::size_t d = 0; d < used.size(); ++d)
    if (!used[d]) {
      graph_.differentials[d].arguments.clear();
      graph_.differentials[d].verdicts.clear();
    }
  std::vector<bool> asked(pool_.dictionary.inputs.size());
  for (std::size_t i = 0; i < marked.size(); ++i)
    if (marked[i] && (pool_.nodes[i].op == Op::input || pool_.nodes[i].op == Op::series))
      asked[pool_.nodes[i].reference] = true;
  names.inputs.clear();
  kept_inputs_.assign(asked.size(), InputId());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (!asked[i]) continue;
    kept_inputs_[i] = InputId(names.inputs.size());
    names.inputs.push_back(pool_.dictionary.inputs[i]);
  }
  std::vector<NodeId> places(pool_.nodes.size());
  for (std::size_t i = 0; i < pool_.nodes.size(); ++i) {
    if (!marked[i]) continue;
    places[i] = NodeId(graph_.nodes.size());
    graph_.nodes.push_back(pool_.nodes[i]);
    for (NodeId& operand : graph_.nodes.back().operands)
      operand = places[operand.index()];
    Node& kept = graph_.nodes.back();
    if (kept.op == Op::input || kept.op == Op::series) kept.reference = kept_inputs_[kept.reference].index();
  }
  const auto move = [&](NodeId& id) {
    if (id.is_valid()) id = places[id.index()];
  };
  graph::visit_decision_roots(graph_, move);
  for (auto& side : kept_cautions_)
    for (NodeId& id : side)
      move(id);
  for (const Side side : both_sides) {
    Standing& standing = standing_[at(side)];
    if (!stands[at(side)]) standing = {};
    move(standing.stage);
    move(standing.applies);
    for (NodeId& way : standing.ways)
      move(way);
  }
}

bool JointGraph::is_stage(InputId input) const {
  return std::any_of(std::begin(stage_input_), std::end(stage_input_),
                     [&](InputId stage) { return stage.is_valid() && kept_inputs_[stage.index()] == input; });
}

bool JointGraph::uses_stage() const {
  return std::any_of(std::begin(stage_input_), std::end(stage_input_),
                     [&](InputId stage) { return stage.is_valid() && kept_inputs_[stage.index()].is_valid(); });
}

bool JointGraph::depends_on_left_out(std::size_t action) const {
  if (left_out_.empty()) return false;
  std::vector<bool> marked(graph_.nodes.size());
  const auto mark = [&](NodeId id) {
    if (id.is_valid()) marked[id.index()] = true;
  };
  for (std::size_t r = 0; r < graph_.rules.size(); ++r) {
    const auto needed = with_rivals(origins_[r].side, action);
    for (const Advice& advice : graph_.rules[r].advice) {
      const std::size_t about = about_[advice.action.index()];
      if (!std::count(needed.begin(), needed.end(), about)) continue;
      mark(graph_.rules[r].condition);
      mark(advice.selected);
    }
  }
  return is_left_out_behind(std::move(marked));
}

bool JointGraph::caution_depends_on_left_out(std::size_t caution) const {
  if (left_out_.empty()) return false;
  std::vector<bool> marked(graph_.nodes.size());
  for (const Side side : both_sides)
    if (const NodeId node = this->caution(side, caution); node.is_valid()) marked[node.index()] = true;
  return is_left_out_behind(std::move(marked));
}

/// One of these nodes of `graph()`, or what it is made of, may depend on it.
bool JointGraph::is_left_out_behind(std::vector<bool> marked) const {
  graph::mark_operands(graph_, marked);
  std::vector<bool> loose(graph_.dictionary.inputs.size());
  for (std::size_t i = 0; i < loose_.size(); ++i)
    if (loose_[i] && kept_inputs_[i].is_valid()) loose[kept_inputs_[i].index()] = true;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    const Node& node = graph_.nodes[i];
    // What a differential depends on is not followed: any input may stand behind it.
    if (marked[i] && node.op == Op::differential) return true;
    if (marked[i] && (node.op == Op::input || node.op == Op::series) && loose[node.reference]) return true;
  }
  return false;
}

PatientCase JointGraph::case_for(Side side, const reference::Snapshot& snapshot) const {
  const Dictionary& names = source(side).dictionary;
  PatientCase result;
  result.now = snapshot.zone.at(snapshot.at);
  /// A value of the joint graph as this side writes it.
  const auto value_here = [&](InputId input, const Value& value) -> Value {
    if (!value.is_known() || !value.is<Choice>()) {
      if (!value.is_known() || !value.is<Concept>() || value.as<Concept>().index == Concept::unfamiliar) return value;
      const std::uint32_t index = value.as<Concept>().index;
      const auto& places = concepts_[at(side)];
      const auto found = std::find(places.begin(), places.end(), index);
      if (found != places.end()) return Concept{static_cast<std::uint32_t>(found - places.begin()), nullptr};
      const Code& code = pool_.dictionary.concepts[index];
      return Concept{Concept::unfamiliar, std::make_shared<const CodedText>(CodedText{code.system, code.code})};
    }
    const auto& members = members_[at(side)][names[input].type.index()];
    const auto found = std::find(members.begin(), members.end(), value.as<Choice>().index);
    return Choice{static_cast<std::uint32_t>(found - members.begin())};
  };
  std::set<InputId> stated;
  const auto add_event = [&](ZonedInstant when, InputId input, const Value& value) {
    result.events.push_back({when, {{input, value, {}}}});
  };
  // Where the patient stands: a history of the second guideline, or else of the first, told to both.
  for (const Side teller : {Side::second, Side::first}) {
    if (!stage_input_[at(teller)].is_valid()) continue;
    const InputId place = kept_inputs_[stage_input_[at(teller)].index()];
    if (!place.is_valid() || !snapshot.values[place.index()].is_known()) continue;
    const std::size_t stage = snapshot.values[place.index()].as<Choice>().index;
    if (stage >= histories_[at(teller)].size() || !histories_[at(teller)][stage]) continue;
    const Dictionary& words = source(teller).dictionary;
    for (const Event& event : *histories_[at(teller)][stage]) {
      Event told{event.at, {}}; // one that tells nothing counts as well: a wait may begin with it
      for (const Fact& fact : event.facts) {
        const InputId joint = inputs_[at(teller)][fact.input.index()];
        const InputId here = matching_.inputs[joint.index()].on(side);
        if (!here.is_valid()) continue;
        Value value = fact.value;
        if (value.is_known() && value.is<Choice>()) {
          value = Choice{members_[at(teller)][words[fact.input].type.index()][value.as<Choice>().index]};
          const auto& members = members_[at(side)][names[here].type.index()];
          if (!std::count(members.begin(), members.end(), value.as<Choice>().index)) continue;
        }
        told.facts.push_back({here, value_here(here, value), {}});
        stated.insert(here);
      }
      result.events.push_back(std::move(told));
    }
    break;
  }
  for (std::size_t i = 0; i < names.inputs.size(); ++i) {
    const InputId joint = kept_inputs_[inputs_[at(side)][i].index()];
    if (!joint.is_valid()) continue;
    const auto& series = snapshot.series[joint.index()];
    for (const auto& [when, value] : series) {
      if (when == snapshot.at) {
        result.facts.push_back({InputId(i), value_here(InputId(i), value), {}});
        stated.erase(InputId(i));
      } else {
        add_event({when, result.now.offset_seconds}, InputId(i), value_here(InputId(i), value));
      }
    }
  }
  for (const InputId input : stated)
    result.facts.push_back({input, UnknownReason::not_asked, {}});
  std::sort(result.facts.begin(), result.facts.end(), [](const Fact& a, const Fact& b) { return a.input < b.input; });
  std::stable_sort(result.events.begin(), result.events.end(),
                   [](const Event& a, const Event& b) { return a.at.instant < b.at.instant; });
  return result;
}

} // namespace aceso::analyse
