#include "format/same_tree.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace aceso::format {
namespace {

/// One overload for each part of the tree, members in the order of ast.h.
struct Same {
  template <class... Parts>
  static bool all(Parts... parts) {
    return (parts && ...);
  }

  template <class Value>
  requires(std::is_arithmetic_v<Value> || std::is_enum_v<Value>) bool operator()(Value a, Value b) const {
    return a == b;
  }
  bool operator()(const std::string& a, const std::string& b) const { return a == b; }

  template <class Part>
  bool operator()(const std::vector<Part>& a, const std::vector<Part>& b) const {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), *this);
  }
  template <class Part>
  bool operator()(const std::optional<Part>& a, const std::optional<Part>& b) const {
    return a && b ? (*this)(*a, *b) : !a && !b;
  }
  template <class Part>
  bool operator()(const std::unique_ptr<Part>& a, const std::unique_ptr<Part>& b) const {
    return a && b ? (*this)(*a, *b) : !a && !b;
  }
  template <class A, class B>
  bool operator()(const std::pair<A, B>& a, const std::pair<A, B>& b) const {
    return (*this)(a.first, b.first) && (*this)(a.second, b.second);
  }
  template <class... Parts>
  bool operator()(const std::variant<Parts...>& a, const std::variant<Parts...>& b) const {
    if (a.index() != b.index()) return false;
    return std::visit([&](const auto& left) { return (*this)(left, std::get<std::remove_cvref_t<decltype(left)>>(b)); },
                      a);
  }
  /// For the members that two parts have in common.
  template <class Part, class... Members>
  bool each(const Part& a, const Part& b, Members... members) const {
    return ((*this)(a.*members, b.*members) && ...);
  }

  bool operator()(const ast::Name& a, const ast::Name& b) const { return a.text == b.text; }
  bool operator()(const ast::Text& a, const ast::Text& b) const { return a.empty() == b.empty() && a.text == b.text; }
  bool operator()(const ast::Cite& a, const ast::Cite& b) const {
    return each(a, b, &ast::Cite::source, &ast::Cite::section, &ast::Cite::references);
  }

  // ---------------------------------------------------------------- expressions and types
  bool operator()(const Rare<ast::OutcomeWords>& a, const Rare<ast::OutcomeWords>& b) const {
    using ast::OutcomeWords;
    return each(*a, *b, &OutcomeWords::urgency, &OutcomeWords::strength, &OutcomeWords::missing);
  }
  bool operator()(const ast::Expression& a, const ast::Expression& b) const {
    using ast::Expression;
    return each(a, b, &Expression::kind, &Expression::text, &Expression::unit, &Expression::outcome,
                &Expression::outcome_words, &Expression::children);
  }
  bool operator()(const ast::Member::Attribute& a, const ast::Member::Attribute& b) const {
    return each(a, b, &ast::Member::Attribute::name, &ast::Member::Attribute::value);
  }
  bool operator()(const ast::Member& a, const ast::Member& b) const {
    using ast::Member;
    return each(a, b, &Member::name, &Member::title, &Member::score, &Member::attributes);
  }
  bool operator()(const ast::TypeExpression& a, const ast::TypeExpression& b) const {
    using Type = ast::TypeExpression;
    return each(a, b, &Type::kind, &Type::name, &Type::members, &Type::from, &Type::to, &Type::step, &Type::element,
                &Type::systems);
  }

  // ---------------------------------------------------------------- declarations
  bool common(const ast::Declaration& a, const ast::Declaration& b) const {
    using ast::Declaration;
    return each(a, b, &Declaration::name, &Declaration::title, &Declaration::doc, &Declaration::cites);
  }
  template <class Kind, class... Members>
  bool declaration(const Kind& a, const Kind& b, Members... members) const {
    return common(a, b) && each(a, b, members...);
  }

  bool operator()(const ast::Field& a, const ast::Field& b) const {
    return each(a, b, &ast::Field::name, &ast::Field::value);
  }
  bool operator()(const ast::GuidelineDecl& a, const ast::GuidelineDecl& b) const {
    return declaration(a, b, &ast::GuidelineDecl::fields, &ast::GuidelineDecl::languages, &ast::GuidelineDecl::applies);
  }
  bool operator()(const ast::ModuleDecl& a, const ast::ModuleDecl& b) const {
    return declaration(a, b, &ast::ModuleDecl::fields);
  }
  bool operator()(const ast::UseDecl& a, const ast::UseDecl& b) const { return common(a, b); }
  bool operator()(const ast::SourceDecl& a, const ast::SourceDecl& b) const {
    using Decl = ast::SourceDecl;
    return declaration(a, b, &Decl::fields, &Decl::numbered, &Decl::references);
  }
  bool operator()(const ast::InterpretationDecl& a, const ast::InterpretationDecl& b) const {
    using Decl = ast::InterpretationDecl;
    return declaration(a, b, &Decl::text, &Decl::reading, &Decl::decided_by, &Decl::on);
  }
  bool operator()(const ast::TypeDecl::AttributeDecl& a, const ast::TypeDecl::AttributeDecl& b) const {
    return each(a, b, &ast::TypeDecl::AttributeDecl::name, &ast::TypeDecl::AttributeDecl::type);
  }
  bool operator()(const ast::TypeDecl& a, const ast::TypeDecl& b) const {
    return declaration(a, b, &ast::TypeDecl::attributes, &ast::TypeDecl::worse_when, &ast::TypeDecl::type);
  }
  bool operator()(const ast::UnitDecl& a, const ast::UnitDecl& b) const {
    return declaration(a, b, &ast::UnitDecl::more_names, &ast::UnitDecl::code);
  }
  bool operator()(const ast::AcceptedUnit& a, const ast::AcceptedUnit& b) const {
    return each(a, b, &ast::AcceptedUnit::unit, &ast::AcceptedUnit::step);
  }
  bool operator()(const ast::UnknownClause& a, const ast::UnknownClause& b) const {
    using Clause = ast::UnknownClause;
    return each(a, b, &Clause::assume, &Clause::value, &Clause::because);
  }
  bool operator()(const ast::InputItem& a, const ast::InputItem& b) const {
    using Item = ast::InputItem;
    return declaration(a, b, &Item::type, &Item::typical, &Item::fresh_for, &Item::accepts, &Item::molar_mass,
                       &Item::worse_when, &Item::is_series, &Item::unknown);
  }
  bool operator()(const ast::InputsDecl& a, const ast::InputsDecl& b) const {
    return declaration(a, b, &ast::InputsDecl::items, &ast::InputsDecl::unknown);
  }
  bool operator()(const ast::CodesDecl::System& a, const ast::CodesDecl::System& b) const {
    using System = ast::CodesDecl::System;
    return declaration(a, b, &System::address, &System::version);
  }
  bool operator()(const ast::CodesDecl::Binding& a, const ast::CodesDecl::Binding& b) const {
    using Binding = ast::CodesDecl::Binding;
    return each(a, b, &Binding::target, &Binding::member, &Binding::system, &Binding::code, &Binding::display);
  }
  bool operator()(const ast::CodesDecl& a, const ast::CodesDecl& b) const {
    using Decl = ast::CodesDecl;
    return declaration(a, b, &Decl::systems, &Decl::concepts, &Decl::value_sets, &Decl::hierarchies, &Decl::bindings);
  }
  bool operator()(const ast::CodesDecl::Concept& a, const ast::CodesDecl::Concept& b) const {
    return declaration(a, b, &ast::CodesDecl::Concept::system, &ast::CodesDecl::Concept::code);
  }
  bool operator()(const ast::CodesDecl::PinnedFile& a, const ast::CodesDecl::PinnedFile& b) const {
    using File = ast::CodesDecl::PinnedFile;
    return each(a, b, &File::path, &File::version, &File::hash);
  }
  bool operator()(const ast::CodesDecl::Entry& a, const ast::CodesDecl::Entry& b) const {
    using Entry = ast::CodesDecl::Entry;
    return each(a, b, &Entry::system, &Entry::code, &Entry::display);
  }
  bool operator()(const ast::CodesDecl::ValueSet& a, const ast::CodesDecl::ValueSet& b) const {
    return declaration(a, b, &ast::CodesDecl::ValueSet::file, &ast::CodesDecl::ValueSet::entries);
  }
  bool operator()(const ast::CodesDecl::Hierarchy& a, const ast::CodesDecl::Hierarchy& b) const {
    return declaration(a, b, &ast::CodesDecl::Hierarchy::system, &ast::CodesDecl::Hierarchy::file);
  }
  bool operator()(const ast::ConstraintDecl& a, const ast::ConstraintDecl& b) const {
    return declaration(a, b, &ast::ConstraintDecl::require, &ast::ConstraintDecl::message);
  }
  bool operator()(const ast::Parameter& a, const ast::Parameter& b) const {
    return each(a, b, &ast::Parameter::name, &ast::Parameter::type);
  }
  bool operator()(const ast::FunctionDecl& a, const ast::FunctionDecl& b) const {
    using Decl = ast::FunctionDecl;
    return declaration(a, b, &Decl::parameters, &Decl::result, &Decl::require, &Decl::message, &Decl::body);
  }
  bool operator()(const ast::Bands::Band& a, const ast::Bands::Band& b) const {
    using Band = ast::Bands::Band;
    return each(a, b, &Band::inclusive, &Band::limit, &Band::value);
  }
  bool operator()(const ast::Bands& a, const ast::Bands& b) const {
    return each(a, b, &ast::Bands::subject, &ast::Bands::bands, &ast::Bands::otherwise);
  }
  bool operator()(const ast::Score::Item& a, const ast::Score::Item& b) const {
    using Item = ast::Score::Item;
    return each(a, b, &Item::points, &Item::condition, &Item::label);
  }
  bool operator()(const ast::Score& a, const ast::Score& b) const { return each(a, b, &ast::Score::items); }
  bool operator()(const ast::FirstOf::Item& a, const ast::FirstOf::Item& b) const {
    using Item = ast::FirstOf::Item;
    return each(a, b, &Item::condition, &Item::value);
  }
  bool operator()(const ast::FirstOf& a, const ast::FirstOf& b) const { return each(a, b, &ast::FirstOf::items); }
  bool operator()(const ast::DefineDecl& a, const ast::DefineDecl& b) const {
    return declaration(a, b, &ast::DefineDecl::type, &ast::DefineDecl::body);
  }
  bool operator()(const ast::CellTest& a, const ast::CellTest& b) const {
    using Test = ast::CellTest;
    return each(a, b, &Test::kind, &Test::comparisons, &Test::values);
  }
  bool operator()(const ast::Cell& a, const ast::Cell& b) const {
    return each(a, b, &ast::Cell::negated, &ast::Cell::tests);
  }
  bool operator()(const ast::TableRow& a, const ast::TableRow& b) const {
    using Row = ast::TableRow;
    return each(a, b, &Row::cells, &Row::is_otherwise, &Row::output);
  }
  bool operator()(const ast::TableDecl& a, const ast::TableDecl& b) const {
    using Decl = ast::TableDecl;
    return declaration(a, b, &Decl::type, &Decl::policy, &Decl::columns, &Decl::output, &Decl::rows);
  }
  bool operator()(const ast::DifferentialDecl::Argument& a, const ast::DifferentialDecl::Argument& b) const {
    using Argument = ast::DifferentialDecl::Argument;
    return each(a, b, &Argument::is_for, &Argument::candidate, &Argument::weight_word, &Argument::weight,
                &Argument::condition, &Argument::label, &Argument::cites);
  }
  bool operator()(const ast::DifferentialDecl::Verdict& a, const ast::DifferentialDecl::Verdict& b) const {
    using Verdict = ast::DifferentialDecl::Verdict;
    return each(a, b, &Verdict::confirms, &Verdict::candidate, &Verdict::condition);
  }
  bool operator()(const ast::DifferentialDecl& a, const ast::DifferentialDecl& b) const {
    using Decl = ast::DifferentialDecl;
    return declaration(a, b, &Decl::type, &Decl::candidates, &Decl::arguments, &Decl::verdicts, &Decl::strong,
                       &Decl::weak, &Decl::needs, &Decl::ahead_by);
  }
  bool operator()(const ast::ActionDecl& a, const ast::ActionDecl& b) const {
    using Decl = ast::ActionDecl;
    return declaration(a, b, &Decl::category, &Decl::note, &Decl::interactions);
  }
  bool operator()(const ast::ActionClassDecl& a, const ast::ActionClassDecl& b) const {
    return declaration(a, b, &ast::ActionClassDecl::at_most_one, &ast::ActionClassDecl::members);
  }
  bool operator()(const ast::Advice& a, const ast::Advice& b) const {
    using ast::Advice;
    return each(a, b, &Advice::verb, &Advice::targets, &Advice::strength, &Advice::urgency, &Advice::within);
  }
  bool operator()(const ast::RuleDecl::Override& a, const ast::RuleDecl::Override& b) const {
    return each(a, b, &ast::RuleDecl::Override::rule, &ast::RuleDecl::Override::because);
  }
  bool operator()(const ast::RuleDecl& a, const ast::RuleDecl& b) const {
    using Decl = ast::RuleDecl;
    return declaration(a, b, &Decl::when, &Decl::unless, &Decl::advice, &Decl::overrides, &Decl::because,
                       &Decl::certainty);
  }
  bool operator()(const ast::CautionDecl& a, const ast::CautionDecl& b) const {
    return declaration(a, b, &ast::CautionDecl::when, &ast::CautionDecl::texts);
  }
  bool operator()(const ast::Transition& a, const ast::Transition& b) const {
    using ast::Transition;
    return each(a, b, &Transition::after, &Transition::within, &Transition::when, &Transition::target,
                &Transition::repeat, &Transition::at_most, &Transition::cites);
  }
  bool operator()(const ast::StageDecl& a, const ast::StageDecl& b) const {
    return declaration(a, b, &ast::StageDecl::is_final, &ast::StageDecl::transitions);
  }
  bool operator()(const ast::Interrupt& a, const ast::Interrupt& b) const {
    return each(a, b, &ast::Interrupt::except, &ast::Interrupt::transition);
  }
  bool operator()(const ast::PathwayDecl& a, const ast::PathwayDecl& b) const {
    using Decl = ast::PathwayDecl;
    return declaration(a, b, &Decl::start, &Decl::interrupts, &Decl::stages);
  }
  bool operator()(const ast::PropertyDecl::Statement& a, const ast::PropertyDecl::Statement& b) const {
    using Statement = ast::PropertyDecl::Statement;
    return each(a, b, &Statement::kind, &Statement::condition, &Statement::outcome, &Statement::stage,
                &Statement::after, &Statement::even_when_missing);
  }
  bool operator()(const ast::PropertyDecl& a, const ast::PropertyDecl& b) const {
    return declaration(a, b, &ast::PropertyDecl::statements);
  }
  bool operator()(const ast::Given& a, const ast::Given& b) const {
    using ast::Given;
    return each(a, b, &Given::kind, &Given::name, &Given::value, &Given::reason);
  }
  bool operator()(const ast::Expectation& a, const ast::Expectation& b) const {
    using ast::Expectation;
    return each(a, b, &Expectation::kind, &Expectation::expression, &Expectation::names, &Expectation::value);
  }
  bool operator()(const ast::CaseStep& a, const ast::CaseStep& b) const {
    return each(a, b, &ast::CaseStep::at, &ast::CaseStep::given, &ast::CaseStep::expect);
  }
  bool operator()(const ast::CaseDecl& a, const ast::CaseDecl& b) const {
    return declaration(a, b, &ast::CaseDecl::steps);
  }
};

} // namespace

bool is_same_tree(const ast::Expression& a, const ast::Expression& b) { return Same{}(a, b); }
bool is_same_tree(const ast::AnyDeclaration& a, const ast::AnyDeclaration& b) { return Same{}(a, b); }
bool is_same_tree(const ast::File& a, const ast::File& b) { return Same{}(a.declarations, b.declarations); }

} // namespace aceso::format
