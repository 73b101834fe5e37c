#include <algorithm>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/translate.h"
#include "gdl2/write_table.h"

namespace aceso::gdl2 {
namespace {

/// The lines as bands, where they cut all numbers of one subject without a gap;
/// empty otherwise.
std::string as_bands(const Definition& d) {
  struct Band {
    Stretch stretch;
    const Line* line;
  };
  std::vector<Band> bands;
  std::string subject, limit_text;
  bool whole = false;
  for (const Line& line : d.lines) {
    const auto stretch = stretch_of(line.condition, subject, whole);
    if (!stretch || line.condition.is(Logic::Kind::yes)) return {};
    bands.push_back({*stretch, &line});
  }
  if (bands.size() < 2) return {};
  std::stable_sort(bands.begin(), bands.end(), [](const Band& a, const Band& b) {
    if (!a.stretch.low || !b.stretch.low) return !a.stretch.low && b.stretch.low.has_value();
    return *a.stretch.low < *b.stretch.low;
  });
  if (bands.front().stretch.low || bands.back().stretch.high) return {};
  std::string text = fmt::format("bands {} {{\n", subject);
  for (std::size_t i = 0; i + 1 < bands.size(); ++i) {
    const Stretch &here = bands[i].stretch, &next = bands[i + 1].stretch;
    if (!here.high || !next.low) return {};
    const bool meets = *here.high == *next.low && here.high_open != next.low_open;
    const auto one_more = Rational::add(*here.high, Rational(1));
    const bool follows = whole && !here.high_open && !next.low_open && one_more && *one_more == *next.low;
    if (!meets && !follows) return {};
    // The limit in the words of the condition, with its unit.
    std::string limit;
    const auto look = [&](const Logic& part) {
      if (part.number && *part.number == *here.high && (part.sign == "<" || part.sign == "<=" || part.sign == "="))
        limit = part.value;
    };
    look(bands[i].line->condition);
    for (const Logic& part : bands[i].line->condition.children)
      look(part);
    if (limit.empty()) return {};
    text += fmt::format("  {} {} : {}\n", here.high_open ? "below" : "up to", limit, bands[i].line->value);
  }
  return text + fmt::format("  otherwise : {}\n}}", bands.back().line->value);
}

std::string body_of(const Definition& d) {
  if (!d.score.empty()) {
    std::string text = "score {\n";
    for (const ScoreItem& item : d.score) {
      text += "  " + item.points;
      if (!item.condition.is(Logic::Kind::yes)) text += " if " + print(item.condition);
      text += '\n';
    }
    return text + '}';
  }
  if (d.lines.size() == 1 && d.lines[0].condition.is(Logic::Kind::yes)) return d.lines[0].value;
  if (std::string bands = as_bands(d); !bands.empty()) return bands;
  std::string text = "first {\n";
  for (const Line& line : d.lines) {
    if (line.condition.is(Logic::Kind::yes))
      text += fmt::format("  otherwise : {}\n", line.value);
    else
      text += fmt::format("  when {} : {}\n", print(line.condition), line.value);
  }
  return text + '}';
}

} // namespace

std::string write_definition(const Definition& d) {
  std::string text = fmt::format("/// {}\n", d.comment);
  for (const std::string& note : d.notes)
    for (const std::string& line : lines_of(note, 112))
      text += "/// " + line + '\n';
  if (as_bands(d).empty())
    if (const std::string table = as_table(d); !table.empty()) return text + table;
  text += "define " + d.name;
  if (!d.title.empty()) text += ' ' + quoted(d.title);
  if (!d.type.empty()) text += " : " + d.type;
  return text + " = " + body_of(d) + '\n';
}

} // namespace aceso::gdl2
