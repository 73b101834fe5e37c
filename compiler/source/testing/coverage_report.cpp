#include "testing/coverage_report.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace aceso::testing {

namespace {

/// What one point lacks: "never no, never unknown"; empty where it lacks nothing.
std::string lacking(const Point& point) {
  std::string text;
  for (std::size_t d = 0; d < 3; ++d)
    if (point.counts(d) && point.seen[d] == 0)
      text += fmt::format("{}never {}", text.empty() ? "" : ", ", info(point.kind).directions[d]);
  // "never did not fire" is no English.
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"never did not", "never seen not to"},
                                 {"never not told", "never seen not to be told"},
                                 {"never not taken", "never seen not to be taken"}})
    if (const std::size_t place = text.find(from); place != std::string::npos) text.replace(place, from.size(), to);
  return text;
}

struct Line {
  std::vector<const Point*> points;
  bool is_whole = true;
};

std::map<std::uint32_t, Line> lines_of(const CoveredFile& file) {
  std::map<std::uint32_t, Line> lines;
  const source::SourceFile& text = (*file.sources)[file.file];
  for (const Point& point : file.coverage->points()) {
    bool counts = false;
    for (std::size_t d = 0; d < 3; ++d)
      counts |= point.counts(d);
    if (!counts) continue;
    Line& line = lines[text.place(point.span.begin).line];
    line.points.push_back(&point);
    line.is_whole &= lacking(point).empty();
  }
  return lines;
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    default: out += c;
    }
  }
  return out;
}

constexpr std::string_view page_head = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Coverage</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; background: #fff; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
  table { border-collapse: collapse; } th, td { padding: .25rem .9rem .25rem 0; text-align: left; vertical-align: top; }
  td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
  .bar { display: inline-block; width: 8rem; height: .7rem; background: #f3c9c4; } .bar i { display: block; height: 100%; background: #4a9c6d; }
  .source { font: 13px/1.45 ui-monospace, monospace; border: 1px solid #d5dae0; overflow-x: auto; margin-top: 1rem; }
  .source > div { white-space: pre; padding-right: 1rem; } .source b { display: inline-block; width: 4.5rem; padding-right: 1rem; text-align: right; font-weight: normal; color: #767e87; user-select: none; }
  .whole { background: #e3f4e9; } .part { background: #fdf0cf; } .none { background: #fbdedb; }
  .lacks { display: block; padding-left: 5.6rem; color: #7a3b00; font-family: system-ui, sans-serif; }
  .key span { padding: .1rem .5rem; margin-right: .5rem; }
</style>
</head>
<body>
)";

} // namespace

std::string percent_text(double percent) {
  std::string text = fmt::format("{:.1f}", percent);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

namespace {

/// "held, did not hold, unknown": what has to be seen of a point of this kind.
std::string directions_of(std::size_t kind) {
  std::string directions;
  for (const std::string_view direction : all_point_kinds()[kind].directions)
    if (!direction.empty()) directions += fmt::format("{}{}", directions.empty() ? "" : ", ", direction);
  return directions;
}

/// What the numbers leave out; empty where that is nothing.
std::string impossible_text(const CoverageSums& all) {
  if (all.impossible == 0) return {};
  return fmt::format("{} proved to be impossible and not counted",
                     all.impossible == 1 ? "1 more is" : fmt::format("{} more are", all.impossible));
}

} // namespace

std::string coverage_text(const CoveredFile& file, std::size_t most_lines) {
  const CoverageSums all = file.coverage->sums();
  std::string out =
      fmt::format("{}: {}, {}\n", file.path, counted(file.cases, "case"), counted(file.patients, "patient"));
  if (file.proposed > 0)
    out += fmt::format("  {} only proposed: nobody has confirmed what {}\n",
                       file.proposed == 1 ? "1 case is" : fmt::format("{} cases are", file.proposed),
                       file.proposed == 1 ? "it expects" : "they expect");
  for (std::size_t k = 0; k < all_point_kinds().size(); ++k) {
    const CoverageSums sums = file.coverage->sums(static_cast<PointKind>(k));
    if (sums.goals == 0) continue;
    out += fmt::format("  {:<22} {:>4}  {:>5} of {:<5} {:>5} %  {}\n", all_point_kinds()[k].plural, sums.points,
                       sums.covered, sums.goals, percent_text(sums.percent()), directions_of(k));
  }
  out += fmt::format("  {:<22} {:>4}  {:>5} of {:<5} {:>5} %\n", "all", all.points, all.covered, all.goals,
                     percent_text(all.percent()));
  if (all.impossible > 0) out += fmt::format("  {}\n", impossible_text(all));
  std::size_t told = 0, left = 0;
  for (const auto& [number, line] : lines_of(file)) {
    if (line.is_whole) continue;
    if (told == most_lines) {
      ++left;
      continue;
    }
    if (told++ == 0) out += "not covered:\n";
    out += fmt::format("  {:>5} | {}\n", number, (*file.sources)[file.file].line(number));
    for (const Point* point : line.points)
      if (const std::string lacks = lacking(*point); !lacks.empty())
        out += fmt::format("        | {}: {}\n", point->subject, lacks);
  }
  if (left > 0) out += fmt::format("  and {}; see --lines\n", counted(left, "more line"));
  return out;
}

std::string coverage_json(const std::vector<CoveredFile>& files) {
  using Json = nlohmann::ordered_json;
  const auto sums_json = [](const CoverageSums& sums) {
    return Json{{"points", sums.points},
                {"goals", sums.goals},
                {"covered", sums.covered},
                {"impossible", sums.impossible},
                {"percent", sums.percent()}};
  };
  Json all = Json::array();
  for (const CoveredFile& file : files) {
    Json kinds = Json::object(), points = Json::array();
    for (std::size_t k = 0; k < all_point_kinds().size(); ++k)
      kinds[std::string(all_point_kinds()[k].name)] = sums_json(file.coverage->sums(static_cast<PointKind>(k)));
    for (const Point& point : file.coverage->points()) {
      Json directions = Json::array();
      for (std::size_t d = 0; d < 3; ++d)
        if (!info(point.kind).directions[d].empty())
          directions.push_back({{"name", info(point.kind).directions[d]},
                                {"patients", point.seen[d]},
                                {"impossible", point.impossible[d]}});
      points.push_back({{"kind", info(point.kind).name},
                        {"subject", point.subject},
                        {"line", (*file.sources)[file.file].place(point.span.begin).line},
                        {"directions", std::move(directions)}});
    }
    all.push_back({{"file", file.path},
                   {"guideline", file.guideline},
                   {"cases", file.cases},
                   {"patients", file.patients},
                   {"proposed", file.proposed},
                   {"sums", sums_json(file.coverage->sums())},
                   {"kinds", std::move(kinds)},
                   {"points", std::move(points)}});
  }
  return Json{{"files", std::move(all)}}.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string coverage_html(const std::vector<CoveredFile>& files) {
  std::string out(page_head);
  out += "<h1>What the cases have seen</h1>\n"
         "<p class=\"key\"><span class=\"whole\">everything seen</span><span class=\"part\">something missing</span>"
         "<span class=\"none\">never seen</span></p>\n<table>\n"
         "<tr><th>guideline</th><th class=\"n\">cases</th><th class=\"n\">covered</th><th class=\"n\">of</th>"
         "<th class=\"n\">%</th><th></th></tr>\n";
  for (std::size_t i = 0; i < files.size(); ++i) {
    const CoverageSums sums = files[i].coverage->sums();
    out += fmt::format("<tr><td><a href=\"#f{}\">{}</a></td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
                       "<td class=\"n\">{}</td><td class=\"n\">{}</td>"
                       "<td><span class=\"bar\"><i style=\"width:{}%\"></i></span></td></tr>\n",
                       i, html_text(files[i].guideline), files[i].cases, sums.covered, sums.goals,
                       percent_text(sums.percent()), percent_text(sums.percent()));
  }
  out += "</table>\n";
  for (std::size_t i = 0; i < files.size(); ++i) {
    const CoveredFile& file = files[i];
    out += fmt::format("<h2 id=\"f{}\">{}</h2>\n<table>\n", i, html_text(file.path));
    for (std::size_t k = 0; k < all_point_kinds().size(); ++k) {
      const CoverageSums sums = file.coverage->sums(static_cast<PointKind>(k));
      if (sums.goals == 0) continue;
      out += fmt::format("<tr><td>{}</td><td class=\"n\">{} of {}</td><td class=\"n\">{} %</td>"
                         "<td><span class=\"bar\"><i style=\"width:{}%\"></i></span></td><td>{}</td></tr>\n",
                         all_point_kinds()[k].plural, sums.covered, sums.goals, percent_text(sums.percent()),
                         percent_text(sums.percent()), html_text(directions_of(k)));
    }
    out += "</table>\n";
    if (const std::string left_out = impossible_text(file.coverage->sums()); !left_out.empty())
      out += fmt::format("<p>{}</p>\n", html_text(left_out));
    out += "<div class=\"source\">\n";
    const auto lines = lines_of(file);
    const source::SourceFile& text = (*file.sources)[file.file];
    for (std::uint32_t number = 1; number <= text.line_count(); ++number) {
      if (number == text.line_count() && text.line(number).empty()) break;
      const auto line = lines.find(number);
      std::string_view look;
      std::string lacks;
      if (line != lines.end()) {
        bool any = false;
        for (const Point* point : line->second.points) {
          any |= point->seen[0] + point->seen[1] + point->seen[2] > 0;
          if (const std::string one = lacking(*point); !one.empty())
            lacks += fmt::format("<span class=\"lacks\">{}: {}</span>", html_text(point->subject), one);
        }
        look = line->second.is_whole ? " class=\"whole\"" : any ? " class=\"part\"" : " class=\"none\"";
      }
      out += fmt::format("<div{}><b>{}</b>{}{}</div>\n", look, number, html_text(text.line(number)), lacks);
    }
    out += "</div>\n";
  }
  return out + "</body>\n</html>\n";
}

std::string coverage_lcov(const std::vector<CoveredFile>& files) {
  std::string out;
  for (const CoveredFile& file : files) {
    const source::SourceFile& text = (*file.sources)[file.file];
    out += fmt::format("TN:\nSF:{}\n", file.path);
    std::size_t rules = 0, rules_hit = 0, branches = 0, branches_hit = 0, lines_hit = 0;
    std::string counts;
    for (const Point& point : file.coverage->points()) {
      if (point.kind != PointKind::rule) continue;
      const std::string name = point.subject.substr(point.subject.find(' ') + 1);
      out += fmt::format("FN:{},{}\n", text.place(point.span.begin).line, name);
      counts += fmt::format("FNDA:{},{}\n", point.seen[0], name);
      ++rules;
      rules_hit += point.seen[0] > 0;
    }
    out += fmt::format("{}FNF:{}\nFNH:{}\n", counts, rules, rules_hit);
    const auto lines = lines_of(file);
    for (const auto& [number, line] : lines) {
      std::size_t block = 0;
      for (const Point* point : line.points) {
        std::uint64_t all = 0;
        for (const std::uint64_t seen : point->seen)
          all += seen;
        std::size_t branch = 0;
        for (std::size_t d = 0; d < 3; ++d) {
          if (!point->counts(d)) continue;
          // "-" says that nobody came here at all.
          out += fmt::format("BRDA:{},{},{},{}\n", number, block, branch++,
                             all == 0 ? std::string("-") : std::to_string(point->seen[d]));
          ++branches;
          branches_hit += point->seen[d] > 0;
        }
        ++block;
      }
    }
    out += fmt::format("BRF:{}\nBRH:{}\n", branches, branches_hit);
    for (const auto& [number, line] : lines) {
      std::uint64_t seen = 0;
      for (const Point* point : line.points)
        seen = std::max({seen, point->seen[0], point->seen[1], point->seen[2]});
      out += fmt::format("DA:{},{}\n", number, seen);
      lines_hit += seen > 0;
    }
    out += fmt::format("LF:{}\nLH:{}\nend_of_record\n", lines.size(), lines_hit);
  }
  return out;
}

} // namespace aceso::testing
