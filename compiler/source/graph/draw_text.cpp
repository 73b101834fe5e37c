/// Drawings as texts for other programs: Graphviz and Mermaid.
#include <algorithm>

#include <fmt/format.h>

#include "graph/draw.h"

namespace aceso::graph {
namespace {

std::string replaced(std::string_view text, std::initializer_list<std::pair<char, std::string_view>> escapes) {
  std::string result;
  for (const char c : text) {
    std::string_view escape;
    for (const auto& [plain, written] : escapes)
      if (plain == c) escape = written;
    if (escape.empty())
      result += c;
    else
      result += escape;
  }
  return result;
}

std::string in_html(std::string_view text) {
  return replaced(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\n', " "}});
}
std::string in_dot_string(std::string_view text) {
  return replaced(text, {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', " "}});
}
/// Mermaid has entities of its own; markdown's marks and its comment sign lose their meaning as entities, too.
std::string in_mermaid(std::string_view text) {
  return replaced(text, {{'#', "#35;"},
                         {'"', "#quot;"},
                         {'<', "#lt;"},
                         {'>', "#gt;"},
                         {'&', "#amp;"},
                         {'`', "#96;"},
                         {'*', "#42;"},
                         {'_', "#95;"},
                         {'%', "#37;"},
                         {'\n', " "}});
}

struct Colors {
  std::string_view fill, line;
};
Colors colors_of(BoxKind kind) {
  switch (kind) {
  case BoxKind::inputs: return {"#e8f1fb", "#4a7fb5"};
  case BoxKind::definition:
  case BoxKind::table:
  case BoxKind::differential: return {"#f1ecf9", "#7d62ad"};
  case BoxKind::applies:
  case BoxKind::rule: return {"#fdf6e3", "#b08a2e"};
  case BoxKind::caution: return {"#fdece4", "#c2643a"};
  case BoxKind::actions: return {"#e8f6ee", "#3b8f5f"};
  case BoxKind::stage:
  case BoxKind::any_stage: break;
  }
  return {"#eef1f4", "#5c6b7a"};
}

std::string_view verb_of(ArrowKind kind) {
  switch (kind) {
  case ArrowKind::recommend: return "recommend";
  case ArrowKind::suggest: return "suggest";
  case ArrowKind::avoid: return "avoid";
  case ArrowKind::contraindicate: return "contraindicate";
  default: return {};
  }
}
std::string_view color_of(ArrowKind kind) {
  switch (kind) {
  case ArrowKind::recommend:
  case ArrowKind::suggest: return "#2e8b57";
  case ArrowKind::avoid:
  case ArrowKind::contraindicate: return "#c0392b";
  default: return "#7a8794";
  }
}

std::string label_of(const Arrow& arrow) {
  return arrow.label.empty() ? std::string(verb_of(arrow.kind)) : arrow.label;
}

bool has_pathway(const Drawing& drawing) {
  return std::any_of(drawing.boxes.begin(), drawing.boxes.end(), [](const Box& box) { return box.is_of_pathway(); });
}

class DotWriter {
public:
  explicit DotWriter(const Drawing& drawing) : drawing_(drawing) {}

  std::string write() {
    put("digraph aceso {{\n  label=\"{}\";\n  labelloc=t;\n  rankdir=LR;\n  ranksep=1.2;\n"
        "  fontname=\"sans-serif\";\n  node [shape=plain, fontname=\"sans-serif\", fontsize=11];\n"
        "  edge [fontname=\"sans-serif\", fontsize=9];\n",
        in_dot_string(drawing_.title));
    boxes(false, "  ");
    if (has_pathway(drawing_)) {
      put("  subgraph cluster_pathway {{\n    label=\"Pathway\";\n");
      boxes(true, "    ");
      put("  }}\n");
    }
    column(BoxKind::inputs, BoxKind::inputs);
    column(BoxKind::applies, BoxKind::caution);
    column(BoxKind::actions, BoxKind::actions);
    for (const Arrow& each : drawing_.arrows)
      arrow(each);
    put("}}\n");
    return std::move(out_);
  }

private:
  template <class... Arguments>
  void put(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
  }

  void boxes(bool of_pathway, std::string_view indent) {
    for (std::size_t i = 0; i < drawing_.boxes.size(); ++i) {
      const Box& box = drawing_.boxes[i];
      if (box.is_of_pathway() != of_pathway) continue;
      const Colors colors = colors_of(box.kind);
      put("{}b{} [label=<<table border=\"{}\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\" color=\"{}\" "
          "bgcolor=\"{}\"><tr><td><b>{}</b></td></tr>",
          indent, i, box.is_start || box.is_final ? 2 : 1, colors.line, colors.fill, in_html(box.title));
      for (std::size_t row = 0; row < box.rows.size(); ++row)
        put("<tr><td align=\"left\" port=\"r{}\">{}</td></tr>", row, in_html(box.rows[row]));
      put("</table>>];\n");
    }
  }

  /// Boxes of these kinds stand one below the other.
  void column(BoxKind first, BoxKind last) {
    put("  {{ rank=same;");
    for (std::size_t i = 0; i < drawing_.boxes.size(); ++i)
      if (drawing_.boxes[i].kind >= first && drawing_.boxes[i].kind <= last) put(" b{};", i);
    put(" }}\n");
  }

  void arrow(const Arrow& arrow) {
    put("  b{} -> b{}", arrow.from, arrow.to);
    if (arrow.row) put(":r{}:w", *arrow.row);
    put(" [color=\"{}\"", color_of(arrow.kind));
    if (!label_of(arrow).empty()) put(", label=\"{}\"", in_dot_string(label_of(arrow)));
    if (arrow.kind == ArrowKind::interrupt || arrow.kind == ArrowKind::suggest) put(", style=dashed");
    put("];\n");
  }

  const Drawing& drawing_;
  std::string out_;
};

class MermaidWriter {
public:
  explicit MermaidWriter(const Drawing& drawing) : drawing_(drawing) {}

  std::string write() {
    put("flowchart LR\n");
    boxes(false, "  ");
    if (has_pathway(drawing_)) {
      put("  subgraph pathway[\"Pathway\"]\n");
      boxes(true, "    ");
      put("  end\n");
    }
    for (const Arrow& each : drawing_.arrows)
      arrow(each);
    colors();
    return std::move(out_);
  }

private:
  template <class... Arguments>
  void put(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
  }

  void boxes(bool of_pathway, std::string_view indent) {
    for (std::size_t i = 0; i < drawing_.boxes.size(); ++i) {
      const Box& box = drawing_.boxes[i];
      if (box.is_of_pathway() != of_pathway) continue;
      if (box.kind == BoxKind::actions) {
        put("{}subgraph b{}[\"{}\"]\n", indent, i, in_mermaid(box.title));
        for (std::size_t row = 0; row < box.rows.size(); ++row)
          put("{}  b{}r{}[\"{}\"]\n", indent, i, row, in_mermaid(box.rows[row]));
        put("{}end\n", indent);
        continue;
      }
      const bool round = box.is_start || box.is_final;
      put("{}b{}{}\"<b>{}</b>", indent, i, round ? "([" : "[", in_mermaid(box.title));
      for (const std::string& row : box.rows)
        put("<br/>{}", in_mermaid(row));
      put("\"{}\n", round ? "])" : "]");
    }
  }

  void arrow(const Arrow& arrow) {
    const bool dashed = arrow.kind == ArrowKind::interrupt || arrow.kind == ArrowKind::suggest;
    put("  b{} {}", arrow.from, dashed ? "-.->" : "-->");
    if (!label_of(arrow).empty()) put("|\"{}\"|", in_mermaid(label_of(arrow)));
    put(" b{}", arrow.to);
    if (arrow.row) put("r{}", *arrow.row);
    put("\n");
  }

  void colors() {
    for (std::size_t i = 0; i < drawing_.boxes.size(); ++i) {
      const Colors colors = colors_of(drawing_.boxes[i].kind);
      put("  style b{} fill:{},stroke:{},color:#1c2733\n", i, colors.fill, colors.line);
    }
    for (std::size_t i = 0; i < drawing_.arrows.size(); ++i)
      if (!verb_of(drawing_.arrows[i].kind).empty())
        put("  linkStyle {} stroke:{}\n", i, color_of(drawing_.arrows[i].kind));
  }

  const Drawing& drawing_;
  std::string out_;
};

} // namespace

std::string draw_dot(const Graph& graph) {
  const Drawing drawing = make_drawing(graph);
  return DotWriter(drawing).write();
}

std::string draw_mermaid(const Graph& graph) {
  const Drawing drawing = make_drawing(graph);
  return MermaidWriter(drawing).write();
}

} // namespace aceso::graph
