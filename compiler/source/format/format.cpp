#include "format/format.h"

#include <utility>

#include "format/layout.h"
#include "format/reader.h"
#include "format/same_tree.h"
#include "format/tokens.h"
#include "parse/parser.h"

namespace aceso::format {
namespace {

/// Dropping parentheses can open a better way to break a line, which the next round finds; three were never needed.
constexpr int most_rounds = 4;

std::string lay_out_until_stable(std::string text) {
  for (int round = 0; round < most_rounds; ++round) {
    std::string next = lay_out(text);
    if (next == text) break;
    text = std::move(next);
  }
  return text;
}

/// Lays out the text; nothing where the outcome would not be the same guideline with the same comments.
std::optional<std::string> lay_out_safely(std::string_view text, const ast::File& tree) {
  std::string result;
  try {
    result = lay_out_until_stable(std::string(text));
  } catch (const Unreadable&) {
    return std::nullopt;
  }
  const auto before = read_tokens(text);
  const auto after = read_tokens(result);
  if (word_record(before) != word_record(after) || comment_record(before) != comment_record(after)) return std::nullopt;
  source::SourceSet sources;
  diagnostics::Sink sink;
  const ast::File again = parse::parse_file(sources, sources.add("formatted", result), sink);
  if (sink.has_errors() || !is_same_tree(tree, again)) return std::nullopt;
  return result;
}

} // namespace

std::optional<std::string> format_file(const source::SourceSet& sources, std::uint32_t file, diagnostics::Sink& sink) {
  const auto errors = sink.error_count();
  const ast::File tree = parse::parse_file(sources, file, sink);
  if (sink.error_count() != errors) return std::nullopt;
  const std::string_view text = sources[file].text();
  if (auto result = lay_out_safely(text, tree)) return result;
  sink.report(diagnostics::Kind::format_not_safe, {file, 0, 0});
  return std::string(text);
}

} // namespace aceso::format
