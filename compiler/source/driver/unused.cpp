#include "driver/unused.h"

#include <algorithm>
#include <map>
#include <string>

#include "driver/compilation_state.h"
#include "source/ascii.h"

namespace aceso::driver {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using source::Span;

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// Where each word stands that is neither in a comment nor in a text.
std::map<std::string_view, std::vector<std::uint32_t>> words_of(std::string_view text) {
  std::map<std::string_view, std::vector<std::uint32_t>> words;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      for (++i; i < text.size() && text[i] != c && text[i] != '\n'; ++i)
        i += text[i] == '\\';
      ++i;
    } else if (text.substr(i).starts_with("//")) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.substr(i).starts_with("/*")) {
      const std::size_t end = text.find("*/", i + 2);
      i = end == std::string_view::npos ? text.size() : end + 2;
    } else if (is_letter(c) || is_digit(c)) {
      const std::size_t begin = i;
      while (i < text.size() && (is_letter(text[i]) || is_digit(text[i])))
        ++i;
      if (is_letter(c)) words[text.substr(begin, i - begin)].push_back(static_cast<std::uint32_t>(begin));
    } else {
      ++i;
    }
  }
  return words;
}

class UseSearch {
public:
  UseSearch(const ast::File& file, std::string_view text) : file_(file), words_(words_of(text)) {}

  std::vector<Diagnostic> run() {
    bool is_module = false, decides = false;
    for (const ast::AnyDeclaration& any : file_.declarations) {
      is_module |= std::holds_alternative<ast::ModuleDecl>(any);
      decides |= std::holds_alternative<ast::RuleDecl>(any) || std::holds_alternative<ast::PathwayDecl>(any);
      if (const auto* d = std::get_if<ast::CaseDecl>(&any)) no_use_.push_back(d->span);
      if (const auto* d = std::get_if<ast::CodesDecl>(&any)) no_use_.push_back(d->span);
    }
    for (const ast::AnyDeclaration& any : file_.declarations) {
      if (const auto* d = std::get_if<ast::SourceDecl>(&any))
        look(*d, "source", "cite it where it is followed, or take it out");
      if (is_module) continue;
      if (const auto* d = std::get_if<ast::InterpretationDecl>(&any))
        look(*d, "interpretation", "cite it where it was followed, or take it out");
      if (const auto* d = std::get_if<ast::InputsDecl>(&any)) look_at_inputs(*d);
      if (const auto* d = std::get_if<ast::TypeDecl>(&any)) look(*d, "type", "take it out");
      if (const auto* d = std::get_if<ast::FunctionDecl>(&any)) look(*d, "function", "take it out");
      if (!decides) continue;
      constexpr auto mend = "let a rule ask for it, expect it in a case, or take it out";
      if (const auto* d = std::get_if<ast::DefineDecl>(&any)) look(*d, "derived value", mend);
      if (const auto* d = std::get_if<ast::TableDecl>(&any)) look(*d, "table", mend);
      if (const auto* d = std::get_if<ast::DifferentialDecl>(&any)) look(*d, "differential", mend);
    }
    return std::move(found_);
  }

private:
  [[nodiscard]] bool is_mentioned(std::string_view name, Span own, bool cases_count) const {
    const auto places = words_.find(name);
    if (places == words_.end()) return false;
    return std::any_of(places->second.begin(), places->second.end(), [&](std::uint32_t at) {
      const auto inside = [&](Span span) { return at >= span.begin && at < span.end; };
      return !inside(own) && (cases_count || std::none_of(no_use_.begin(), no_use_.end(), inside));
    });
  }

  void report(const ast::Declaration& d, std::string_view what, std::string_view mend) {
    Diagnostic diagnostic{Kind::unused, d.name.span, {}, std::string(mend), {}};
    diagnostic.message =
        fmt::format(fmt::runtime(diagnostics::info(Kind::unused).message), fmt::format("{} `{}`", what, d.name.text));
    found_.push_back(std::move(diagnostic));
  }

  void look(const ast::Declaration& d, std::string_view what, std::string_view mend) {
    if (!is_mentioned(d.name.text, d.span, true)) report(d, what, mend);
  }

  void look_at_inputs(const ast::InputsDecl& group) {
    if (is_mentioned(group.name.text, group.span, false)) return;
    for (const ast::InputItem& item : group.items)
      if (!is_mentioned(item.name.text, item.span, false))
        report(item, "input", "let something depend on it, or do not ask for it");
  }

  const ast::File& file_;
  std::map<std::string_view, std::vector<std::uint32_t>> words_;
  std::vector<Span> no_use_; ///< cases and codes
  std::vector<Diagnostic> found_;
};

} // namespace

std::vector<Diagnostic> find_unused(const Compilation& compilation) {
  const Compilation::State& state = compilation.state();
  if (!compilation.ok() || state.files.empty()) return {};
  const ast::File& file = state.files.back();
  return UseSearch(file, state.sources[file.file].text()).run();
}

} // namespace aceso::driver
