#include <algorithm>

#include "parse/tree_builder.h"

namespace aceso::parse {

using diagnostics::Kind;

void TreeBuilder::add_field(std::vector<ast::Field>& fields, const Token* key, const Token* value,
                            const Context* word) {
  ast::Field field;
  field.name = name(key);
  field.value_span = value ? span(value) : span(word);
  field.value = std::string(text_at(field.value_span));
  if (value && value->getType() == AcesoParser::TEXT) field.value = unescape(field.value);
  if (value && value->getType() == AcesoParser::NUMBER) {
    sink_.report(Kind::syntax_error, field.value_span, "a version has three numbers").mend =
        fmt::format("write `{}.0`", field.value.find('.') == std::string::npos ? field.value + ".0" : field.value);
  }
  const auto same = std::find_if(fields.begin(), fields.end(),
                                 [&](const ast::Field& other) { return other.name.text == field.name.text; });
  if (same != fields.end()) {
    Span first = same->name.span;
    once(first, field.name.span, fmt::format("`{}`", field.name.text));
  }
  fields.push_back(std::move(field));
}

ast::GuidelineDecl TreeBuilder::guideline(AcesoParser::GuidelineDeclarationContext& context) {
  ast::GuidelineDecl result;
  head(result, context, context.id, nullptr);
  Span applies, languages;
  for (AcesoParser::GuidelineItemContext* item : context.items) {
    if (AcesoParser::FieldContext* field = item->field()) {
      add_field(result.fields, field->key, field->value, field->word);
    } else if (item->key) {
      once(languages, span(item->key), "`languages`");
      for (const auto* language : item->languages)
        result.languages.push_back(name(language));
    } else if (item->applies) {
      once(applies, span(item->start), "`applies when`");
      result.applies = expression(item->applies);
    } else {
      add_cite(result, item->cite());
    }
  }
  return result;
}

ast::ModuleDecl TreeBuilder::module(AcesoParser::ModuleDeclarationContext& context) {
  ast::ModuleDecl result;
  head(result, context, nullptr, context.title);
  result.name = dotted_name(*context.id);
  for (AcesoParser::ModuleItemContext* item : context.items) {
    if (AcesoParser::FieldContext* field = item->field()) {
      add_field(result.fields, field->key, field->value, field->word);
    } else {
      add_cite(result, item->cite());
    }
  }
  return result;
}

ast::UseDecl TreeBuilder::use(AcesoParser::UseDeclarationContext& context) {
  ast::UseDecl result;
  head(result, context, nullptr, nullptr);
  result.name = dotted_name(*context.id);
  return result;
}

ast::SourceDecl TreeBuilder::source(AcesoParser::SourceDeclarationContext& context) {
  ast::SourceDecl result;
  head(result, context, context.id, context.title);
  Span numbered;
  for (AcesoParser::SourceItemContext* item : context.items) {
    if (item->key) {
      add_field(result.fields, item->key, item->value, nullptr);
    } else if (item->low) {
      once(numbered, span(item), "`numbered`");
      result.numbered.emplace(name(item->low), name(item->high));
    } else {
      result.references.emplace_back(name(item->number), text(item->reference));
    }
  }
  return result;
}

ast::InterpretationDecl TreeBuilder::interpretation(AcesoParser::InterpretationDeclarationContext& context) {
  ast::InterpretationDecl result;
  head(result, context, context.id, nullptr);
  Span texts, readings, deciders;
  for (AcesoParser::InterpretationItemContext* item : context.items) {
    if (!item->key) {
      add_cite(result, item->cite());
    } else if (item->key->getType() == AcesoParser::KW_TEXT) {
      once(texts, span(item->key), "`text`");
      result.text = text(item->value);
    } else if (item->key->getType() == AcesoParser::KW_READING) {
      once(readings, span(item->key), "`reading`");
      result.reading = text(item->value);
    } else {
      once(deciders, span(item->key), "`decided_by`");
      result.decided_by = text(item->value);
      result.on = name(item->day);
    }
  }
  if (!texts.is_valid()) missing(result, "interpretation", "`text`", "add `text \"the words of the source\"`");
  if (!readings.is_valid()) missing(result, "interpretation", "`reading`", "add `reading \"how they are read here\"`");
  return result;
}

ast::CodesDecl::PinnedFile TreeBuilder::pinned(AcesoParser::PinnedFileContext& context) {
  return {text(context.path), text(context.release), text(context.digest)};
}

void TreeBuilder::coded(ast::CodesDecl& to, AcesoParser::CodesItemContext& item) {
  switch (item.key->getType()) {
  case AcesoParser::KW_CONCEPT: {
    ast::CodesDecl::Concept result;
    head(result, item, item.id, item.display);
    result.system = name(item.system);
    result.code = text(item.code);
    to.concepts.push_back(std::move(result));
    break;
  }
  case AcesoParser::KW_VALUE_SET: {
    ast::CodesDecl::ValueSet result;
    head(result, item, item.id, item.title);
    if (item.pinned) result.file = pinned(*item.pinned);
    for (AcesoParser::CodeEntryContext* entry : item.entries)
      result.entries.push_back({name(entry->system), text(entry->code), text(entry->display)});
    to.value_sets.push_back(std::move(result));
    break;
  }
  default: {
    ast::CodesDecl::Hierarchy result;
    head(result, item, item.id, item.title);
    result.system = name(item.system);
    if (item.pinned) result.file = pinned(*item.pinned);
    to.hierarchies.push_back(std::move(result));
  }
  }
}

ast::CodesDecl TreeBuilder::codes(AcesoParser::CodesDeclarationContext& context) {
  ast::CodesDecl result;
  head(result, context, context.id, context.title);
  for (AcesoParser::CodesItemContext* item : context.items) {
    if (item->address) {
      ast::CodesDecl::System system;
      head(system, *item, item->id, nullptr);
      system.address = text(item->address);
      system.version = text(item->release);
      result.systems.push_back(std::move(system));
    } else if (item->key) {
      coded(result, *item);
    } else if (item->target) {
      ast::CodesDecl::Binding binding;
      binding.target = name(item->target);
      binding.member = item->element ? name(item->element) : name(item->numeral);
      binding.system = name(item->system);
      binding.code = text(item->code);
      binding.display = text(item->display);
      result.bindings.push_back(std::move(binding));
    } else {
      add_cite(result, item->cite());
    }
  }
  return result;
}

} // namespace aceso::parse
