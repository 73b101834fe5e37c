#include "decision_tables/from_guideline.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "decision_tables/cell_text.h"
#include "decision_tables/feel.h"
#include "decision_tables/feel_text.h"

namespace aceso::decision_tables {

namespace {

using E = ast::ExpressionKind;
using graph::Op;

class Exporter {
public:
  Exporter(const graph::Graph& graph, const std::vector<ast::File>& files)
      : graph_(graph), dictionary_(graph.dictionary), files_(files),
        feel_(graph, [this](const std::string& name) { return need(name); }), cells_(graph, feel_) {
    for (std::size_t i = 0; i < dictionary_.inputs.size(); ++i)
      inputs_[dictionary_.inputs[i].name] = i;
    for (std::size_t i = 0; i < dictionary_.definitions.size(); ++i)
      definitions_[dictionary_.definitions[i].name] = i;
    for (const ast::File& file : files)
      for (const ast::AnyDeclaration& declaration : file.declarations) {
        if (const auto* table = std::get_if<ast::TableDecl>(&declaration)) tables_[table->name.text] = table;
        if (const auto* define = std::get_if<ast::DefineDecl>(&declaration)) defines_[define->name.text] = define;
      }
  }

  ExportedModel carry() {
    DmnModel& model = result_.model;
    model.name = dictionary_.guideline.id.empty() ? "guideline" : dictionary_.guideline.id;
    model.address = "https://aceso.dev/guidelines/" + model.name;
    model.description = dictionary_.guideline.title;
    for (const ast::AnyDeclaration& declaration : files_.back().declarations) {
      if (const auto* table = std::get_if<ast::TableDecl>(&declaration)) (void)decide(table->name.text, table->span);
      if (const auto* define = std::get_if<ast::DefineDecl>(&declaration))
        (void)decide(define->name.text, define->span);
    }
    for (const ast::AnyDeclaration& declaration : files_.back().declarations)
      if (const auto* group = std::get_if<ast::InputsDecl>(&declaration))
        for (const ast::InputItem& item : group->items)
          if (inputs_.contains(item.name.text)) (void)need(item.name.text);
    tell_the_rest();
    std::stable_sort(result_.remarks.begin(), result_.remarks.end(), [](const Remark& a, const Remark& b) {
      return std::pair(a.span.file, a.span.begin) < std::pair(b.span.file, b.span.begin);
    });
    return std::move(result_);
  }

private:
  void remark(Remark::Kind kind, ast::Span span, std::string what, std::string why) {
    result_.remarks.push_back({kind, span.begin, std::move(what), std::move(why), span});
  }

  // ---------------------------------------------------------------------------------------------- names and types

  /// The name in FEEL, which has words of its own.
  std::string feel_name(const std::string& name) {
    if (is_feel_name(name)) return name;
    std::string other = name + "_";
    while (inputs_.contains(other) || definitions_.contains(other))
      other += '_';
    return other;
  }

  /// What a table or expression names. Asking for it puts it into the model.
  std::optional<std::string> need(const std::string& name) {
    if (!inputs_.contains(name) && !definitions_.contains(name)) return std::nullopt;
    if (!needs_.empty()) needs_.back().insert(name);
    if (known_.contains(name)) return feel_name(name);
    if (inputs_.contains(name)) {
      add_input(name);
      return feel_name(name);
    }
    const graph::Definition& definition = graph_.definitions[definitions_.at(name)];
    if (!decide(name, definition.span)) give(name, definition.span);
    return feel_name(name);
  }

  void add_input(const std::string& name) {
    const InputInfo& input = dictionary_.inputs[inputs_.at(name)];
    known_[name] = Known::input;
    DmnInput data;
    data.name = feel_name(name);
    data.type = type_reference(input.type, name);
    data.description = input.question;
    if (!input.codes.empty()) data.label = fmt::format("{} {}", input.codes.front().system, input.codes.front().code);
    result_.model.inputs.push_back(std::move(data));
    const ast::Span span = graph_.input_spans[inputs_.at(name)];
    if (feel_name(name) != name)
      remark(Remark::Kind::changed, span, fmt::format("`{}`", name),
             fmt::format("FEEL keeps this word for itself; it is called `{}`", feel_name(name)));
    if (input.unknown_policy == UnknownPolicy::assume)
      remark(Remark::Kind::not_carried, span, fmt::format("`unknown assume` of `{}`", name),
             "in DMN a missing value is null; give the value");
    if (!input.accepted_units.empty())
      remark(Remark::Kind::not_carried, span, fmt::format("`accepts` of `{}`", name),
             fmt::format("a number has one unit in DMN; give it in {}", dictionary_[input.type].unit));
    if (input.typical)
      remark(Remark::Kind::not_carried, span, fmt::format("`typical` of `{}`", name), "DMN has no values for examples");
    if (input.fresh_for)
      remark(Remark::Kind::not_carried, span, fmt::format("`fresh for` of `{}`", name),
             "values have no age in DMN; give fresh ones");
  }

  /// A derived value for which DMN has no words, as something that is given.
  void give(const std::string& name, ast::Span span) {
    const DefinitionInfo& definition = dictionary_.definitions[definitions_.at(name)];
    known_[name] = Known::input;
    result_.model.inputs.push_back({feel_name(name), type_reference(definition.type, name), {}, definition.title, 0});
    remark(Remark::Kind::changed, span, fmt::format("`{}`", name), "what needs it takes it as an input data");
  }

  std::string type_reference(TypeId id, const std::string& variable) {
    const TypeInfo& type = dictionary_[id];
    switch (type.kind) {
    case TypeKind::yes_no: return "boolean";
    case TypeKind::date: return "date";
    case TypeKind::time: return "time";
    case TypeKind::instant: return "date and time";
    case TypeKind::action: return "string";
    case TypeKind::number:
    case TypeKind::duration:
      return type.unit.empty() && !(type.minimum && type.maximum)
                 ? "number"
                 : number_type(type, type.name.empty() ? variable + "_values" : type.name);
    case TypeKind::choice:
    case TypeKind::scale: return choice_type(id, type.name.empty() ? variable + "_values" : type.name);
    case TypeKind::list: return list_type(type, variable);
    case TypeKind::code:
    case TypeKind::interval: return "Any";
    }
    return "Any";
  }
  bool has_type(const std::string& name) const {
    return std::any_of(result_.model.types.begin(), result_.model.types.end(),
                       [&](const DmnType& type) { return type.name == name; });
  }
  std::string number_type(const TypeInfo& type, const std::string& name) {
    if (has_type(name)) return name;
    DmnType result;
    result.name = name;
    result.base = "number";
    const auto low = type.minimum ? feel_number(*type.minimum) : std::nullopt;
    const auto high = type.maximum ? feel_number(*type.maximum) : std::nullopt;
    if (low && high) result.allowed = fmt::format("[{}..{}]", *low, *high);
    result.number = NumberNote{type.unit, type.step ? type.step->to_text() : std::string()};
    result_.model.types.push_back(std::move(result));
    return name;
  }
  std::string choice_type(TypeId id, const std::string& name) {
    if (const auto found = choice_types_.find(id.index()); found != choice_types_.end()) return found->second;
    std::string unused = name;
    while (has_type(unused))
      unused += '_';
    choice_types_[id.index()] = unused;
    const TypeInfo& type = dictionary_[id];
    DmnType result;
    result.name = unused;
    result.base = "string";
    for (const MemberInfo& member : type.members) {
      result.allowed += (result.allowed.empty() ? "" : ", ") + feel_string(member.name);
      if (member.score) result.scores.push_back(member.score->to_text());
    }
    result_.model.types.push_back(std::move(result));
    return unused;
  }
  std::string list_type(const TypeInfo& type, const std::string& variable) {
    const std::string element = type_reference(type.element, variable + "_element");
    std::string name = variable + "_list";
    if (!has_type(name)) {
      DmnType result;
      result.name = name;
      result.base = element;
      result.is_collection = true;
      result_.model.types.push_back(std::move(result));
    }
    return name;
  }

  // ---------------------------------------------------------------------------------------------- decisions

  /// Puts the decision into the model; false, told once, where DMN has no words for it.
  bool decide(const std::string& name, ast::Span span) {
    if (const auto found = known_.find(name); found != known_.end()) return found->second == Known::decision;
    if (refused_.contains(name)) return false;
    const auto definition = definitions_.find(name);
    if (definition == definitions_.end()) {
      // What nothing uses of a module is not in the graph; of the file itself everything is.
      refused_.insert(name);
      return false;
    }
    DmnDecision decision;
    decision.name = feel_name(name);
    const DefinitionInfo& info = dictionary_.definitions[definition->second];
    decision.label = info.title;
    needs_.emplace_back();
    std::string why;
    ast::Span place = span;
    const auto table = tables_.find(name);
    const auto define = defines_.find(name);
    bool done = false;
    if (table != tables_.end()) {
      decision.type = type_reference(info.type, name);
      done = write_table(*table->second, info, decision, place, why);
    } else if (define != defines_.end() && std::holds_alternative<ast::Bands>(define->second->body)) {
      decision.type = type_reference(info.type, name);
      done = write_bands(std::get<ast::Bands>(define->second->body), info, decision, place, why);
    } else {
      const auto text = feel_.write(graph_.definitions[definition->second].node, name, why);
      done = text.has_value();
      if (done) {
        decision.type = type_reference(info.type, name);
        decision.logic = DmnEntry{*text, 0};
      }
    }
    const std::set<std::string> needed = std::move(needs_.back());
    needs_.pop_back();
    if (!done) {
      refused_.insert(name);
      remark(Remark::Kind::not_carried, place, fmt::format("`{}`", name),
             why.empty() ? "DMN has no words for it" : why);
      return false;
    }
    for (const std::string& one : needed)
      (known_.at(one) == Known::input ? decision.inputs : decision.decisions).push_back(feel_name(one));
    known_[name] = Known::decision;
    result_.model.decisions.push_back(std::move(decision));
    return true;
  }

  struct Column {
    std::string text;
    TypeId type;
  };
  std::optional<Column> column_of(const ast::Expression& e, std::string& why) {
    if (e.kind == E::name) {
      const auto input = inputs_.find(e.text);
      const auto definition = definitions_.find(e.text);
      const TypeId type = input != inputs_.end()             ? dictionary_.inputs[input->second].type
                          : definition != definitions_.end() ? dictionary_.definitions[definition->second].type
                                                             : TypeId{};
      const auto text = type.is_valid() ? need(e.text) : std::nullopt;
      if (text) return Column{*text, type};
    }
    const NodeId node = cells_.node_at(e.span);
    if (!node.is_valid()) {
      why = "the head of a column has no counterpart";
      return std::nullopt;
    }
    const auto text = feel_.write(node, {}, why);
    return text ? std::optional(Column{*text, graph_[node].type}) : std::nullopt;
  }
  static DmnPolicy policy_of(ast::HitPolicy policy) {
    switch (policy) {
    case ast::HitPolicy::unique: return DmnPolicy::unique;
    case ast::HitPolicy::first: return DmnPolicy::first;
    case ast::HitPolicy::any: return DmnPolicy::any;
    case ast::HitPolicy::collect_list: return DmnPolicy::rule_order;
    default: return DmnPolicy::collect;
    }
  }
  static DmnAggregation aggregation_of(ast::HitPolicy policy) {
    switch (policy) {
    case ast::HitPolicy::collect_sum: return DmnAggregation::sum;
    case ast::HitPolicy::collect_min: return DmnAggregation::min;
    case ast::HitPolicy::collect_max: return DmnAggregation::max;
    case ast::HitPolicy::collect_count: return DmnAggregation::count;
    default: return DmnAggregation::none;
    }
  }

  bool write_table(const ast::TableDecl& declaration, const DefinitionInfo& info, DmnDecision& decision,
                   ast::Span& place, std::string& why) {
    DecisionTable table;
    table.policy = policy_of(declaration.policy);
    table.aggregation = aggregation_of(declaration.policy);
    std::vector<TypeId> columns;
    for (const auto& column : declaration.columns) {
      place = column->span;
      const auto written = column_of(*column, why);
      if (!written) return false;
      columns.push_back(written->type);
      table.inputs.push_back({written->text, column_type(*column, written->type), {}, {}, 0});
    }
    const bool counts = declaration.policy == ast::HitPolicy::collect_count;
    const TypeInfo& type = dictionary_[info.type];
    const TypeId output = counts ? TypeId{} : type.kind == TypeKind::list ? type.element : info.type;
    DmnOutputClause clause;
    clause.type = counts || type.kind == TypeKind::list ? std::string() : decision.type;
    for (const auto& row : declaration.rows) {
      place = row.output->span;
      const auto text = cells_.value(*row.output, output, why);
      if (!text) return false;
      if (row.is_otherwise && declaration.policy != ast::HitPolicy::first) {
        if (counts) {
          why = "`otherwise` beside `collect count` has no counterpart";
          return false;
        }
        clause.otherwise = DmnEntry{*text, 0};
        continue;
      }
      DmnRule rule;
      bool never = false;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (row.is_otherwise) {
          rule.inputs.push_back({"-", 0});
          continue;
        }
        place = row.cells[i].span;
        const auto cell = cells_.cell(row.cells[i], columns[i], why);
        if (!cell) return false;
        never |= cell->empty();
        rule.inputs.push_back({*cell, 0});
      }
      if (never) {
        remark(Remark::Kind::changed, row.span, "this row",
               "no value lies where it looks, so it matches nobody and is left out");
        continue;
      }
      rule.outputs.push_back({*text, 0});
      table.rules.push_back(std::move(rule));
    }
    // With no row, Aceso's sum is 0, and that of DMN is null.
    if (declaration.policy == ast::HitPolicy::collect_sum && !clause.otherwise) clause.otherwise = DmnEntry{"0", 0};
    // Likewise a list of nothing is empty, and not null.
    if (declaration.policy == ast::HitPolicy::collect_list && !clause.otherwise) clause.otherwise = DmnEntry{"[]", 0};
    if (counts) number_outputs(table, declaration);
    table.outputs.push_back(std::move(clause));
    decision.logic = std::move(table);
    return true;
  }
  /// Some engines count equal outputs once, so that each row of a count needs another one.
  void number_outputs(DecisionTable& table, const ast::TableDecl& declaration) {
    std::set<std::string> outputs;
    for (const DmnRule& rule : table.rules)
      outputs.insert(rule.outputs.front().text);
    if (outputs.size() == table.rules.size()) return;
    for (std::size_t row = 0; row < table.rules.size(); ++row)
      table.rules[row].outputs.front().text = fmt::format("{}", row + 1);
    remark(Remark::Kind::changed, declaration.span, fmt::format("the outputs of `{}`", declaration.name.text),
           "they are only counted, and became numbers that differ, because some programs count equal ones once");
  }
  std::string column_type(const ast::Expression& column, TypeId type) {
    return type_reference(type, column.kind == E::name ? column.text : "column");
  }

  bool write_bands(const ast::Bands& bands, const DefinitionInfo& info, DmnDecision& decision, ast::Span& place,
                   std::string& why) {
    place = bands.subject->span;
    const auto column = column_of(*bands.subject, why);
    if (!column) return false;
    if (dictionary_[column->type].kind == TypeKind::scale) {
      why = "bands of a scale have no counterpart";
      return false;
    }
    DecisionTable table;
    table.policy = DmnPolicy::unique;
    table.inputs.push_back({column->text, column_type(*bands.subject, column->type), {}, {}, 0});
    table.outputs.emplace_back().type = decision.type;
    std::optional<std::string> last;
    bool last_is_in = false; // the last limit belongs to the band before
    const auto add = [&](std::string cell, const ast::Expression& value) {
      place = value.span;
      const auto output = cells_.value(value, info.type, why);
      if (output) table.rules.push_back({{{std::move(cell), 0}}, {{*output, 0}}, {}, 0});
      return output.has_value();
    };
    for (const auto& band : bands.bands) {
      place = band.span;
      const auto limit = cells_.value(*band.limit, column->type, why);
      if (!limit) return false;
      const std::string cell =
          last ? fmt::format("{}{}..{}{}", last_is_in ? '(' : '[', *last, *limit, band.inclusive ? ']' : ')')
               : fmt::format("{} {}", band.inclusive ? "<=" : "<", *limit);
      if (!add(cell, *band.value)) return false;
      last = limit;
      last_is_in = band.inclusive;
    }
    if (!add(last ? fmt::format("{} {}", last_is_in ? ">" : ">=", *last) : "-", *bands.otherwise)) return false;
    decision.logic = std::move(table);
    return true;
  }

  // ---------------------------------------------------------------------------------------------- what has no place

  template <class Declaration>
  void tell(std::string_view one, std::string_view many, std::string_view why) {
    std::size_t count = 0;
    ast::Span first;
    for (const ast::AnyDeclaration& declaration : files_.back().declarations)
      if (const auto* found = std::get_if<Declaration>(&declaration); found && count++ == 0) first = found->span;
    if (count != 0)
      remark(Remark::Kind::not_carried, first, count == 1 ? std::string(one) : fmt::format("{} {}", count, many),
             std::string(why));
  }
  void tell_the_rest() {
    tell<ast::RuleDecl>("a rule", "rules", "DMN gives values, not advice");
    tell<ast::CautionDecl>("a caution", "cautions", "DMN gives values, not advice");
    tell<ast::PathwayDecl>("the pathway", "pathways", "DMN has no time and no stages");
    tell<ast::DifferentialDecl>("a differential", "differentials", "DMN does not weigh arguments");
    tell<ast::ConstraintDecl>("a constraint", "constraints", "DMN checks the values of each input alone");
    tell<ast::PropertyDecl>("a property", "properties", "DMN has no proofs");
    tell<ast::CaseDecl>("a case", "cases", "a DMN file holds no tests");
    tell<ast::SourceDecl>("a source", "sources", "citations have no place in a table");
    if (graph_.applies.is_valid())
      for (const ast::AnyDeclaration& declaration : files_.back().declarations)
        if (const auto* guideline = std::get_if<ast::GuidelineDecl>(&declaration); guideline && guideline->applies)
          remark(Remark::Kind::not_carried, guideline->applies->span, "`applies when`",
                 "each decision of DMN is given to everybody");
  }

  enum class Known : std::uint8_t { input, decision };

  const graph::Graph& graph_;
  const Dictionary& dictionary_;
  const std::vector<ast::File>& files_;
  FeelText feel_;
  CellText cells_;
  std::map<std::string, std::size_t> inputs_, definitions_;
  std::map<std::string, const ast::TableDecl*> tables_;
  std::map<std::string, const ast::DefineDecl*> defines_;
  std::map<std::string, Known> known_;
  std::set<std::string> refused_;
  std::map<std::uint32_t, std::string> choice_types_;
  std::vector<std::set<std::string>> needs_; ///< of the decisions that are being written
  ExportedModel result_;
};

} // namespace

ExportedModel from_guideline(const graph::Graph& graph, const std::vector<ast::File>& files) {
  return Exporter(graph, files).carry();
}

} // namespace aceso::decision_tables
