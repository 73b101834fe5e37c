#pragma once
/// The checker's state. One object checks one program; the parts stand in files by topic.
/// Names are lowered when they are first used, so the order of the text does not matter and a name that depends on
/// itself is found where it happens.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ast/ast.h"
#include "check/check.h"
#include "check/term_reader.h"
#include "diagnostics/diagnostic.h"
#include "graph/graph.h"

namespace aceso::check {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using graph::Node;
using graph::NumberRange;
using graph::Op;
using source::Span;

/// Where a name was declared. Values: inputs, definitions, tables, functions, differentials.
struct Symbol {
  enum class Kind : std::uint8_t {
    input,
    define,
    table,
    function,
    differential,
    type,
    unit,
    action,
    action_class,
    group,
    source,
    interpretation,
    rule,
    caution,
    stage,
    constraint,
    property,
    pathway,
    code_system,
    coded_concept,
    value_set,
    hierarchy
  } kind{};
  const ast::Declaration* declaration = nullptr;
  const ast::InputsDecl* group = nullptr; ///< inputs
  bool is_main = false;                   ///< declared in the file that is checked, not in a module it uses
};
[[nodiscard]] std::string_view in_words(Symbol::Kind kind); ///< "an input"

/// The built-in functions of time.cpp, for suggestions.
[[nodiscard]] std::vector<std::string_view> time_functions();

/// One namespace: names to declarations, with "did you mean".
using Scope = std::map<std::string, Symbol, std::less<>>;

class Checker {
public:
  Checker(const Program& program, diagnostics::Sink& sink);

  [[nodiscard]] std::optional<graph::Graph> run();

private:
  // ---- names (names.cpp)
  void declare_all();
  void declare(Scope& scope, const ast::Name& name, Symbol symbol);
  template <class Decl>
  void declare_file(const Decl& declaration, bool is_main);
  /// Reports and gives null when the name is not there.
  const Symbol* find(const Scope& scope, const ast::Name& name, std::string_view what_is_needed);
  std::string nearest_name(std::string_view name, std::initializer_list<const Scope*> scopes) const;
  std::vector<Citation> citations(const std::vector<ast::Cite>& cites);

  // ---- names of units (unit_names.cpp)
  void declare_units();
  void declare_unit(const ast::UnitDecl& declaration);
  /// The name of a unit of time as a message says it ("week" for one, "weeks"); the code where it has no name.
  [[nodiscard]] std::string time_word(const std::string& code, bool one) const;
  [[nodiscard]] std::string nearest_unit(std::string_view written) const; ///< its name, or nothing

  // ---- types (types.cpp)
  TypeId type_of(const ast::TypeExpression& type, const std::string& name = {});
  TypeId named_type(const ast::Name& name);
  TypeId enumeration(const ast::TypeExpression& type, const ast::TypeDecl* declaration);
  TypeId ranged_type(const ast::TypeExpression& type);
  TypeId list_of(TypeId element);
  TypeId interval_of(TypeId element);
  TypeId time_type();
  /// What an interval of this type holds, or the type itself.
  [[nodiscard]] TypeId point_type(TypeId type) const;
  [[nodiscard]] bool has_line(TypeId type) const; ///< intervals can be made of it
  TypeId number_type(const std::string& unit);
  TypeId intern(TypeInfo info);
  std::string in_words(TypeId type) const; ///< "yes/no", "a number of mg/dL", "one of { a, b }"
  void lower_attributes(const ast::TypeDecl& declaration, TypeId type);
  [[nodiscard]] const TypeInfo& info(TypeId type) const { return graph_.dictionary.types[type.index()]; }
  [[nodiscard]] bool is_numeric(TypeId type) const;
  [[nodiscard]] bool is_enumeration(TypeId type) const;

  // ---- units and literals (literals.cpp)
  struct Quantity {
    Rational number;
    std::string unit;
  };
  /// UCUM code for a unit as written ("weeks" -> "wk"); reports unknown ones.
  std::optional<std::string> unit_code(const std::string& written, Span span);
  std::optional<Quantity> literal_number(const ast::Expression& expression);
  /// A length of time for waits and windows: days and weeks exact, months and years by the calendar.
  std::optional<Period> period(const ast::Expression& expression);
  std::optional<Value> constant_value(const ast::Expression& expression, TypeId type, std::string_view what,
                                      std::optional<Rational> molar_mass = {});
  bool check_value_fits(const Value& value, TypeId type, const std::string& name, Span span);
  /// Also between mass and substance, by `molar_mass` (in g/mol) or else by that of what the node is about.
  NodeId convert_unit(NodeId node, std::string unit, Span span, std::optional<Rational> molar_mass = {});
  /// Of the one substance that the node measures; nothing where it measures none, or several.
  [[nodiscard]] std::optional<Rational> molar_mass_of(NodeId node) const;

  // ---- expressions (expressions.cpp, operators.cpp, calls.cpp)
  NodeId lower(const ast::Expression& expression, TypeId expected = {});
  NodeId lower_condition(const ast::Expression& expression);
  NodeId lower_exact(const ast::Expression& expression, TypeId expected = {}); ///< refuses reals
  NodeId lower_as(const ast::Expression& expression, TypeId type,
                  std::optional<Rational> molar_mass = {}); ///< of this type, or a report
  NodeId lower_name(const ast::Expression& expression, TypeId expected);
  NodeId lower_value(const std::string& name, const Symbol& symbol, Span span);
  NodeId lower_member(const ast::Expression& expression, TypeId expected);
  std::pair<NodeId, NodeId> lower_pair(const ast::Expression& a, const ast::Expression& b, bool allow_real = false);
  NodeId compare(ast::ExpressionKind kind, NodeId a, NodeId b, Span span);
  struct PointSum; ///< point_sums.cpp
  bool add_points(NodeId id, Span span, PointSum& sum);
  std::optional<NodeId> compare_sum(ast::ExpressionKind kind, NodeId a, NodeId b, Span span);
  bool check_threshold(ast::ExpressionKind kind, NodeId a, NodeId b, Span span);
  NodeId lower_comparison(const ast::Expression& expression);
  NodeId lower_set(const ast::Expression& expression);
  NodeId lower_range(const ast::Expression& expression);
  NodeId lower_arithmetic(const ast::Expression& expression);
  NodeId lower_count(const ast::Expression& expression);
  NodeId lower_conditional(const ast::Expression& expression, TypeId expected);
  NodeId lower_call(const ast::Expression& expression);
  NodeId lower_builtin(const ast::Expression& expression, bool& known);
  NodeId lower_round(const ast::Expression& expression);
  NodeId lower_attribute(const ast::Expression& expression);
  NodeId lower_convert(const ast::Expression& expression);
  NodeId lower_series(const ast::Expression& expression, NodeId moment = {});
  NodeId lower_as_of(const ast::Expression& expression);
  [[nodiscard]] const ast::Name& worse_when(const ast::InputItem& item) const;
  std::optional<graph::SeriesFunction> series_function(const ast::Expression& expression, const ast::InputItem& item);
  NodeId lower_outcome(const ast::Expression& expression);
  NodeId in_stage_or_open(NodeId in_stage, Span span);
  // ---- time.cpp
  NodeId lower_relation(const ast::Expression& expression);
  NodeId relate(Relation relation, NodeId a, NodeId b, Span span);
  NodeId lower_near(const ast::Expression& expression);
  NodeId lower_lasting(const ast::Expression& expression);
  NodeId lower_interval(const ast::Expression& expression);
  NodeId lower_time_call(const ast::Expression& expression, bool& known);
  NodeId lower_time_arithmetic(const ast::Expression& expression, NodeId a, NodeId b);
  NodeId today(Span span);
  NodeId shift(NodeId subject, NodeId amount, Span span); ///< a date or instant, moved by a duration
  NodeId difference(NodeId from, NodeId to, Span span);
  NodeId lower_list(const ast::Expression& expression, TypeId expected);
  [[nodiscard]] bool is_member_like(const ast::Expression& expression) const;
  /// Both sides of one type, units converted; false after a report.
  bool unify(NodeId& a, NodeId& b, Span span, bool comparing);
  bool require_type(NodeId node, TypeId type, Span span);
  [[nodiscard]] bool is_point(NodeId node) const; ///< on a scale such as Cel, whose zero is arbitrary
  bool refuse_point(NodeId node, Span span, std::string_view what);
  bool refuse_real(NodeId node, Span span);

  // ---- terminology (terms.cpp)
  struct Hierarchy {
    std::string name, system;
    std::vector<std::uint32_t> codes; ///< positions in the table of concepts, rising
    std::map<std::uint32_t, std::vector<std::uint32_t>> children;
  };
  /// What stands before `in` or `is a`.
  struct AskedCodes {
    NodeId node;
    TypeId element; ///< the type of the code, or of each code of the list
    Quantifier quantifier = Quantifier::any;
    bool is_negated = false; ///< none of
  };
  void declare_system(const ast::CodesDecl::System& system, bool is_main);
  const ast::CodesDecl::System* code_system(const ast::Name& name); ///< reports an unknown one
  std::string system_name(const std::string& address) const;
  std::string system_names(const std::vector<std::string>& addresses) const;
  TypeId code_type(std::vector<std::string> systems);
  const std::string* pinned_text(const ast::CodesDecl::PinnedFile& file);
  bool check_version(const ast::CodesDecl::PinnedFile& file, const std::string& version);
  void report_term_fault(const ast::CodesDecl::PinnedFile& file, const TermFault& fault, std::string_view what);
  void lower_terms();
  bool list_entries(const ast::CodesDecl::ValueSet& set, std::vector<TermCode>& codes);
  bool read_set_file(const ast::CodesDecl::PinnedFile& file, ValueSetInfo& info, std::vector<TermCode>& codes);
  std::optional<ReadHierarchy> read_hierarchy_file(const ast::CodesDecl::Hierarchy& hierarchy);
  NodeId lower_concept(const ast::CodesDecl::Concept& declared, Span span);
  NodeId as_code(NodeId id, TypeId wanted);
  [[nodiscard]] bool is_code_question(const ast::Expression& expression) const;
  std::optional<AskedCodes> lower_asked(const ast::Expression& subject, std::string_view question);
  NodeId ask(const AskedCodes& asked, std::uint32_t set, Span span);
  std::uint32_t add_set(ValueSetInfo info);
  NodeId lower_code_question(const ast::Expression& expression);
  NodeId lower_is_a(const ast::Expression& expression);

  // ---- nodes (nodes.cpp)
  NodeId add(Node node);
  NodeId node(Op op, TypeId type, Span span, std::vector<NodeId> operands);
  NodeId constant(Value value, TypeId type, Span span);
  NodeId negation(NodeId node, Span span);
  NodeId any_of(std::vector<NodeId> nodes, Span span);
  NodeId all_of(std::vector<NodeId> nodes, Span span);
  [[nodiscard]] const Node& at(NodeId id) const { return graph_.nodes[id.index()]; }
  [[nodiscard]] bool is_constant(NodeId id) const { return at(id).op == Op::constant; }
  [[nodiscard]] bool depends_on(NodeId id, std::initializer_list<Op> ops) const;
  std::optional<NumberRange> range_of(const Node& node, bool& overflow) const;
  [[nodiscard]] std::optional<NumberRange> range_of(const InputInfo& input) const;
  bool refuse_empty_range(NodeId low, NodeId high, Span span);
  bool is_too_deep(Span span);
  void lower_values();
  std::string text_of(Span span) const; ///< source text on one line
  std::string value_text(NodeId id) const;

  // ---- declarations (declarations.cpp, tables.cpp, rules.cpp, pathway.cpp, cases.cpp)
  void lower_guideline();
  void lower_languages(const std::vector<ast::Name>& languages);
  void lower_codes();
  void lower_interpretations();
  InputId input(const std::string& name, const Symbol& symbol);
  void lower_input(InputInfo& info, const ast::InputItem& item, const ast::InputsDecl& group);
  void warn_of_steps(const InputInfo& input, const std::string& code, Span span);
  void lower_accepted_units(InputInfo& info, const ast::InputItem& item);
  NodeId lower_define(const std::string& name, const ast::DefineDecl& declaration);
  NodeId lower_bands(const ast::Bands& bands, const ast::DefineDecl& declaration, TypeId type);
  NodeId lower_first_of(const ast::FirstOf& first, const ast::DefineDecl& declaration, TypeId type);
  NodeId lower_score(const ast::Score& score, Span span);
  NodeId lower_table(const std::string& name, const ast::TableDecl& declaration);
  NodeId lower_cell_test(const ast::CellTest& test, NodeId column);
  NodeId lower_cell(const ast::Cell& cell, NodeId column);
  NodeId lower_differential(const std::string& name, const ast::DifferentialDecl& declaration);
  NodeId add_definition(const std::string& name, const ast::Declaration& declaration, NodeId node);
  void lower_function_alone(const ast::FunctionDecl& declaration);
  ActionId action(const std::string& name, const Symbol& symbol);
  ClassId action_class(const std::string& name, const Symbol& symbol);
  /// The actions that a name stands for: an action, or all of a class. Empty after a report.
  std::vector<ActionId> actions_of(const ast::Name& name);
  void possible_actions(NodeId node, std::set<ActionId>& actions) const;
  void lower_constraints();
  void lower_rules();
  void lower_rule(const std::string& name, const ast::RuleDecl& declaration);
  void lower_advice(const ast::Advice& advice, graph::Rule& rule);
  void lower_overrides();
  void lower_cautions();
  void lower_pathway();
  void lower_transition(const ast::Transition& transition, StageId from, const std::vector<ast::Name>& except);
  void lower_properties();
  void lower_cases();
  void lower_case(const ast::CaseDecl& declaration);
  bool lower_moment(const ast::Expression* at, ZonedInstant base, ZonedInstant& moment);
  void lower_given(const ast::Given& given, graph::CaseStep& step);
  void lower_expectation(const ast::Expectation& expectation, std::vector<graph::Expectation>& result);

  template <class Decl, class Visit>
  void for_each_main(Visit visit);

  const Program* program_ = nullptr;
  const source::SourceSet& sources_;
  diagnostics::Sink& sink_;
  graph::Graph graph_;

  Scope types_, units_, values_, actions_, groups_, citables_, rules_, cautions_, stages_, constraints_, properties_,
      systems_;
  std::map<std::string, TypeId, std::less<>> type_ids_;
  std::map<std::uint32_t, std::map<std::string, std::pair<TypeId, std::vector<Value>>>> attributes_; ///< by type
  std::map<std::uint32_t, const ast::TypeDecl*> pending_attributes_;
  std::map<std::string, InputId> input_ids_;
  std::map<std::string, ActionId> action_ids_;
  std::map<std::string, ClassId> class_ids_;
  std::map<std::string, NodeId> value_nodes_;
  std::map<std::string, RuleId> rule_ids_;
  std::map<std::string, std::uint32_t> value_set_ids_; ///< of those that could be read
  std::vector<Hierarchy> hierarchies_, hierarchies_of_text_;
  std::map<std::string, StageId> stage_ids_;
  std::vector<std::string> in_progress_;                  ///< names being lowered, outermost first
  std::vector<std::map<std::string, NodeId>> parameters_; ///< of the functions being inlined
  TypeId yes_no_, number_, date_, instant_, action_type_;
  bool allow_outcomes_ = false, allow_stage_ = false;
  NodeId begun_; ///< whether the patient stands in some stage; made when first needed
  bool is_module_ = false;
  bool is_too_large_ = false;
  static constexpr std::size_t most_nodes = 2'000'000;
  static constexpr std::size_t most_levels = 200; ///< of functions and definitions inside each other
};

template <class Decl, class Visit>
void Checker::for_each_main(Visit visit) {
  for (const auto& declaration : program_->files.back().declarations)
    if (const auto* found = std::get_if<Decl>(&declaration)) visit(*found);
}

} // namespace aceso::check
