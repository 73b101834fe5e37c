#include <algorithm>

#include "parse/tree_builder.h"

namespace aceso::parse {

using diagnostics::Kind;

source::Span TreeBuilder::span(const Token* token) const {
  if (!token) return {};
  return {file_, static_cast<std::uint32_t>(token->getStartIndex()),
          static_cast<std::uint32_t>(token->getStopIndex() + 1)};
}

source::Span TreeBuilder::span(const Context* context) const {
  return context ? join(span(context->start), span(context->stop)) : Span{};
}

std::string_view TreeBuilder::text_at(Span span) const {
  if (!span.is_valid()) return {};
  return tokens_.text().substr(span.begin, span.end - span.begin);
}

ast::Name TreeBuilder::name(const Token* token) const {
  if (!token) return {};
  return {word(token), span(token)};
}

ast::Name TreeBuilder::name(const Context* context) const {
  if (!context) return {};
  const Span place = span(context);
  return {std::string(text_at(place)), place};
}

ast::Name TreeBuilder::dotted_name(AcesoParser::DottedNameContext& context) const {
  ast::Name result{{}, span(&context)};
  for (const auto* part : context.parts) { // spaces around the points are no part of the name
    if (!result.text.empty()) result.text += '.';
    result.text += text_at(span(part));
  }
  return result;
}

std::string TreeBuilder::unescape(std::string_view quoted) const {
  std::string result;
  result.reserve(quoted.size());
  // A text whose opening mark is curly or whose closing mark is missing has been reported.
  if (quoted.starts_with('"')) quoted.remove_prefix(1);
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '"' && i + 1 == quoted.size()) break;
    if (quoted[i] == '\\' && i + 1 < quoted.size()) {
      ++i;
      if (quoted[i] == 'n')
        result += '\n';
      else
        result += quoted[i];
    } else {
      result += quoted[i];
    }
  }
  return result;
}

ast::Text TreeBuilder::text(const Token* token) const {
  if (!token) return {};
  return {unescape(written(token)), span(token)};
}

ast::Cite TreeBuilder::cite(AcesoParser::CiteContext& context) const {
  ast::Cite result{name(context.origin), text(context.section), {}, span(&context)};
  for (const Token* reference : context.references)
    result.references.push_back(name(reference));
  return result;
}

void TreeBuilder::add_cite(ast::Declaration& to, AcesoParser::CiteContext* context) const {
  if (context) to.cites.push_back(cite(*context));
}

void TreeBuilder::add_cites(std::vector<ast::Cite>& to, const std::vector<AcesoParser::CiteContext*>& contexts) const {
  for (AcesoParser::CiteContext* context : contexts)
    to.push_back(cite(*context));
}

std::vector<std::string> TreeBuilder::doc_before(const Token* token) const {
  const auto begin = static_cast<std::uint32_t>(token->getStartIndex());
  const std::size_t index = token->getTokenIndex();
  const std::uint32_t floor = index == 0 ? 0 : tokens_[index - 1].end();
  const auto after = std::lower_bound(comments_.begin(), comments_.end(), begin,
                                      [](const ast::Comment& c, std::uint32_t place) { return c.span.begin < place; });
  std::vector<std::string> lines;
  for (auto comment = after; comment != comments_.begin();) {
    --comment;
    std::string_view line = text_at(comment->span);
    const bool is_doc = line.starts_with("///") && !line.starts_with("////");
    if (!is_doc || !comment->own_line || comment->span.begin < floor) break;
    line.remove_prefix(3);
    if (line.starts_with(' ')) line.remove_prefix(1);
    while (line.ends_with(' ') || line.ends_with('\t'))
      line.remove_suffix(1);
    lines.emplace_back(line);
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

void TreeBuilder::head(ast::Declaration& to, const Context& context, const Context* id, const Token* title) const {
  to.name = name(id);
  to.title = text(title);
  to.span = span(&context);
  to.doc = doc_before(context.start);
}

void TreeBuilder::once(Span& seen, Span now, std::string_view what) {
  if (seen.is_valid()) {
    auto& complaint = sink_.report(Kind::duplicate_clause, now, what);
    complaint.mend = "keep one of the two";
    diagnostics::Note first{seen, {}};
    first.message = "the first one is here"; // g++ 12 sees an overrun where the literal is moved in
    complaint.notes.push_back(std::move(first));
  } else {
    seen = now;
  }
}

void TreeBuilder::missing(const ast::Declaration& declaration, std::string_view kind, std::string_view what,
                          std::string_view mend) {
  const std::string subject =
      declaration.name.empty() ? fmt::format("this {}", kind) : fmt::format("{} `{}`", kind, declaration.name.text);
  const Span place = declaration.name.empty() ? declaration.title.span : declaration.name.span;
  sink_.report(Kind::missing_clause, place.is_valid() ? place : declaration.span, subject, what).mend = mend;
}

ast::AnyDeclaration TreeBuilder::declaration(AcesoParser::DeclarationContext& context) {
  auto finish = [&](auto built) -> ast::AnyDeclaration {
    add_cites(built.cites, context.trailing);
    built.span = span(&context);
    return built;
  };
  antlr4::ParserRuleContext* inner = dynamic_cast<antlr4::ParserRuleContext*>(context.children.at(0));
  switch (inner->getRuleIndex()) {
  case AcesoParser::RuleGuidelineDeclaration: return finish(guideline(*context.guidelineDeclaration()));
  case AcesoParser::RuleModuleDeclaration: return finish(module(*context.moduleDeclaration()));
  case AcesoParser::RuleUseDeclaration: return finish(use(*context.useDeclaration()));
  case AcesoParser::RuleSourceDeclaration: return finish(source(*context.sourceDeclaration()));
  case AcesoParser::RuleInterpretationDeclaration: return finish(interpretation(*context.interpretationDeclaration()));
  case AcesoParser::RuleTypeDeclaration: return finish(type_declaration(*context.typeDeclaration()));
  case AcesoParser::RuleUnitDeclaration: return finish(unit_declaration(*context.unitDeclaration()));
  case AcesoParser::RuleInputsDeclaration: return finish(inputs(*context.inputsDeclaration()));
  case AcesoParser::RuleCodesDeclaration: return finish(codes(*context.codesDeclaration()));
  case AcesoParser::RuleConstraintDeclaration: return finish(constraint(*context.constraintDeclaration()));
  case AcesoParser::RuleFunctionDeclaration: return finish(function(*context.functionDeclaration()));
  case AcesoParser::RuleDefineDeclaration: return finish(define(*context.defineDeclaration()));
  case AcesoParser::RuleTableDeclaration: return finish(table(*context.tableDeclaration()));
  case AcesoParser::RuleDifferentialDeclaration: return finish(differential(*context.differentialDeclaration()));
  case AcesoParser::RuleActionDeclaration: return finish(action(*context.actionDeclaration()));
  case AcesoParser::RuleActionClassDeclaration: return finish(action_class(*context.actionClassDeclaration()));
  case AcesoParser::RuleRuleDeclaration: return finish(rule(*context.ruleDeclaration()));
  case AcesoParser::RuleCautionDeclaration: return finish(caution(*context.cautionDeclaration()));
  case AcesoParser::RulePathwayDeclaration: return finish(pathway(*context.pathwayDeclaration()));
  case AcesoParser::RulePropertyDeclaration: return finish(property(*context.propertyDeclaration()));
  default: return finish(case_declaration(*context.caseDeclaration()));
  }
}

} // namespace aceso::parse
