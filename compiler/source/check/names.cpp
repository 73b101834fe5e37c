/// Names: who declares what, and citations.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"

namespace aceso::check {

std::string_view in_words(Symbol::Kind kind) {
  switch (kind) {
  case Symbol::Kind::input: return "an input";
  case Symbol::Kind::define: return "a derived value";
  case Symbol::Kind::table: return "a table";
  case Symbol::Kind::function: return "a function";
  case Symbol::Kind::differential: return "a differential";
  case Symbol::Kind::type: return "a type";
  case Symbol::Kind::unit: return "a unit";
  case Symbol::Kind::action: return "an action";
  case Symbol::Kind::action_class: return "a class of actions";
  case Symbol::Kind::group: return "a group of inputs";
  case Symbol::Kind::source: return "a source";
  case Symbol::Kind::interpretation: return "an interpretation";
  case Symbol::Kind::rule: return "a rule";
  case Symbol::Kind::caution: return "a caution";
  case Symbol::Kind::stage: return "a stage";
  case Symbol::Kind::constraint: return "a constraint";
  case Symbol::Kind::property: return "a property";
  case Symbol::Kind::pathway: return "a pathway";
  case Symbol::Kind::code_system: return "a code system";
  case Symbol::Kind::coded_concept: return "a concept";
  case Symbol::Kind::value_set: return "a value set";
  case Symbol::Kind::hierarchy: return "a hierarchy";
  }
  return "a name";
}

void Checker::declare(Scope& scope, const ast::Name& name, Symbol symbol) {
  if (name.empty()) return;
  const auto [place, is_new] = scope.emplace(name.text, symbol);
  if (is_new) return;
  Diagnostic& d = sink_.report(Kind::duplicate_name, name.span, name.text);
  d.notes.push_back({place->second.declaration->name.span, "declared here first"});
  d.mend = "give one of them another name";
}

template <class Decl>
void Checker::declare_file(const Decl& declaration, bool is_main) {
  const auto symbol = [&](Symbol::Kind kind) { return Symbol{kind, &declaration, nullptr, is_main}; };
  const auto only_in_guideline = [&](std::string_view what) {
    if (!is_main || is_module_)
      sink_.report(Kind::not_in_a_module, declaration.name.span, what).mend =
          "move it into a guideline that uses the module";
  };
  using K = Symbol::Kind;
  if constexpr (std::is_same_v<Decl, ast::TypeDecl>) declare(types_, declaration.name, symbol(K::type));
  if constexpr (std::is_same_v<Decl, ast::UnitDecl>) {
    declare(units_, declaration.name, symbol(K::unit));
    for (const ast::Name& name : declaration.more_names)
      declare(units_, name, symbol(K::unit));
  }
  if constexpr (std::is_same_v<Decl, ast::InputsDecl>) {
    declare(groups_, declaration.name, symbol(K::group));
    for (const ast::InputItem& item : declaration.items)
      declare(values_, item.name, Symbol{K::input, &item, &declaration, is_main});
  }
  if constexpr (std::is_same_v<Decl, ast::CodesDecl>) {
    for (const auto& system : declaration.systems)
      declare_system(system, is_main);
    for (const auto& one : declaration.concepts)
      declare(values_, one.name, Symbol{K::coded_concept, &one, nullptr, is_main});
    for (const auto& set : declaration.value_sets)
      declare(values_, set.name, Symbol{K::value_set, &set, nullptr, is_main});
    for (const auto& hierarchy : declaration.hierarchies)
      declare(values_, hierarchy.name, Symbol{K::hierarchy, &hierarchy, nullptr, is_main});
  }
  if constexpr (std::is_same_v<Decl, ast::DefineDecl>) declare(values_, declaration.name, symbol(K::define));
  if constexpr (std::is_same_v<Decl, ast::TableDecl>) declare(values_, declaration.name, symbol(K::table));
  if constexpr (std::is_same_v<Decl, ast::FunctionDecl>) declare(values_, declaration.name, symbol(K::function));
  if constexpr (std::is_same_v<Decl, ast::DifferentialDecl>)
    declare(values_, declaration.name, symbol(K::differential));
  if constexpr (std::is_same_v<Decl, ast::ActionDecl>) declare(actions_, declaration.name, symbol(K::action));
  if constexpr (std::is_same_v<Decl, ast::ActionClassDecl>)
    declare(actions_, declaration.name, symbol(K::action_class));
  if constexpr (std::is_same_v<Decl, ast::SourceDecl>) declare(citables_, declaration.name, symbol(K::source));
  if constexpr (std::is_same_v<Decl, ast::InterpretationDecl>)
    declare(citables_, declaration.name, symbol(K::interpretation));
  if constexpr (std::is_same_v<Decl, ast::RuleDecl>) {
    only_in_guideline("a rule");
    declare(rules_, declaration.name, symbol(K::rule));
  }
  if constexpr (std::is_same_v<Decl, ast::CautionDecl>) {
    only_in_guideline("a caution");
    declare(cautions_, declaration.name, symbol(K::caution));
  }
  if constexpr (std::is_same_v<Decl, ast::PathwayDecl>) {
    only_in_guideline("a pathway");
    for (const ast::StageDecl& stage : declaration.stages)
      declare(stages_, stage.name, Symbol{K::stage, &stage, nullptr, is_main});
  }
  if constexpr (std::is_same_v<Decl, ast::ConstraintDecl>)
    declare(constraints_, declaration.name, symbol(K::constraint));
  if constexpr (std::is_same_v<Decl, ast::PropertyDecl>) {
    only_in_guideline("a property");
    declare(properties_, declaration.name, symbol(K::property));
  }
}

void Checker::declare_all() {
  for (const ast::File& file : program_->files) {
    const bool is_main = &file == &program_->files.back();
    for (const auto& declaration : file.declarations)
      std::visit([&](const auto& d) { declare_file(d, is_main); }, declaration);
  }
}

std::string Checker::nearest_name(std::string_view name, std::initializer_list<const Scope*> scopes) const {
  std::vector<std::string> candidates;
  for (const Scope* scope : scopes)
    for (const auto& entry : *scope)
      candidates.push_back(entry.first);
  return diagnostics::nearest(name, candidates);
}

/// What other languages call things, and how it is said here; empty for any other word.
static std::string_view said_otherwise(std::string_view word) {
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"true", "write `yes`, or the value alone: `fever` instead of `fever = true`"},
      {"false", "write `no`, or `not` before the value: `not fever` instead of `fever = false`"},
      {"True", "write `yes`"},
      {"False", "write `no`"},
      {"boolean", "write `yes/no`"},
      {"bool", "write `yes/no`"},
      {"yesno", "write `yes/no`"},
      {"integer", "write `number`, for example: number from 0 to 10 step 1"},
      {"int", "write `number`, for example: number from 0 to 10 step 1"},
      {"float", "write `number` or `quantity`, for example: quantity from 30 Cel to 43 Cel step 0.1 Cel"},
      {"decimal", "write `number` or `quantity`, for example: quantity from 30 Cel to 43 Cel step 0.1 Cel"},
      {"string", "name the answers: one of { none, mild, severe }"},
      {"text", "name the answers: one of { none, mild, severe }"},
      {"enum", "name the answers: one of { none, mild, severe }"},
      {"datetime", "write `instant`"},
      {"timestamp", "write `instant`"}};
  for (const auto& [other, here] : known)
    if (word == other) return here;
  return {};
}

const Symbol* Checker::find(const Scope& scope, const ast::Name& name, std::string_view what_is_needed) {
  if (const auto found = scope.find(name.text); found != scope.end()) return &found->second;
  for (const Scope* other :
       {&values_, &actions_, &types_, &groups_, &citables_, &rules_, &cautions_, &stages_, &systems_}) {
    const auto found = other->find(name.text);
    if (found == other->end()) continue;
    Diagnostic& d = sink_.report(Kind::wrong_kind_of_name, name.span, name.text, check::in_words(found->second.kind),
                                 what_is_needed);
    d.notes.push_back({found->second.declaration->name.span, "declared here"});
    const bool is_action =
        found->second.kind == Symbol::Kind::action || found->second.kind == Symbol::Kind::action_class;
    if (const std::string near = nearest_name(name.text, {&scope}); !near.empty())
      d.mend = fmt::format("did you mean `{}`?", near);
    else if (is_action && &scope == &values_)
      d.mend = allow_outcomes_ ? fmt::format("say what is expected of it, such as `recommended {}`", name.text)
                               : "an action is advised, not asked; ask for a fact, such as an input";
    else if (&scope == &groups_ && found->second.kind == Symbol::Kind::input)
      d.mend = fmt::format("for one fact write `not {}`; `no` is for whole groups of inputs", name.text);
    else
      d.mend = fmt::format("name {} here", what_is_needed);
    return nullptr;
  }
  Diagnostic& d = sink_.report(Kind::unknown_name, name.span, name.text);
  if (const std::string near = nearest_name(name.text, {&scope}); !near.empty())
    d.mend = fmt::format("did you mean `{}`?", near);
  else
    d.mend = said_otherwise(name.text);
  return nullptr;
}

std::vector<Citation> Checker::citations(const std::vector<ast::Cite>& cites) {
  std::vector<Citation> result;
  for (const ast::Cite& cite : cites) {
    const Symbol* symbol = find(citables_, cite.source, "a source");
    if (!symbol) continue;
    Citation citation{cite.source.text, {}, cite.section.text, {}};
    if (symbol->kind == Symbol::Kind::interpretation) {
      const auto& read = static_cast<const ast::InterpretationDecl&>(*symbol->declaration);
      citation.document = "interpretation: " + read.reading.text;
    } else {
      const auto& source = static_cast<const ast::SourceDecl&>(*symbol->declaration);
      citation.document = source.title.text;
      for (const ast::Name& reference : cite.references) {
        const auto number = Rational::from_decimal(reference.text);
        bool known = !source.numbered && source.references.empty();
        for (const auto& entry : source.references)
          known |= entry.first.text == reference.text;
        if (source.numbered && number)
          known |= Rational::from_decimal(source.numbered->first.text) <= number &&
                   number <= Rational::from_decimal(source.numbered->second.text);
        if (known) continue;
        std::vector<std::string> listed;
        if (source.numbered)
          listed.push_back(fmt::format("{} to {}", source.numbered->first.text, source.numbered->second.text));
        for (const auto& entry : source.references)
          listed.push_back(entry.first.text);
        if (listed.size() > 12) {
          listed.resize(12);
          listed.emplace_back("...");
        }
        Diagnostic& d = sink_.report(Kind::unknown_reference, reference.span, reference.text,
                                     fmt::format("{}", fmt::join(listed, ", ")), source.name.text);
        d.notes.push_back({source.name.span, "the source is declared here"});
        d.mend = "cite one of these, or add the reference to the source";
      }
    }
    for (const ast::Name& reference : cite.references)
      citation.references.push_back(reference.text);
    result.push_back(std::move(citation));
  }
  return result;
}

} // namespace aceso::check
