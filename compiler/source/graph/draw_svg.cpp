#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "graph/draw.h"
#include "graph/draw_layout.h"

namespace aceso::graph {
namespace {

// All in pixels; text is measured roughly, since the reader's fonts are not known.
constexpr int character_width = 7, title_character_width = 8;
constexpr int line_height = 15, title_line_height = 18, row_gap = 4;
constexpr int padding = 10, label_padding = 5;
constexpr std::size_t title_columns = 26, row_columns = 32, label_columns = 24;
constexpr std::size_t most_row_lines = 5;
constexpr int margin = 28, heading_height = 34, part_gap = 36;
constexpr int arrow_length = 8, arrow_half_height = 4, most_port_gap = 9;
constexpr std::size_t source_colors = 12;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

/// The bytes of the first `count` characters.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t i = 0;
  for (; i < text.size(); ++i)
    if (!is_continuation(text[i]) && count-- == 0) break;
  return i;
}

/// Lines of at most `columns` characters, broken at spaces; a longer word is broken inside. Past `most` lines the text
/// ends in an ellipsis.
std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t most) {
  std::vector<std::string> lines(1);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    begin = end + 1;
    if (!lines.back().empty() && length(lines.back()) + 1 + length(word) > columns) lines.emplace_back();
    for (; length(word) > columns; word.remove_prefix(bytes_of(word, columns))) {
      lines.back() = word.substr(0, bytes_of(word, columns));
      lines.emplace_back();
    }
    if (!lines.back().empty() && !word.empty()) lines.back() += ' ';
    lines.back() += word;
  }
  if (lines.size() > most) {
    lines.resize(most);
    lines.back() += " …";
  }
  return lines;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

std::string_view style_of(BoxKind kind) {
  switch (kind) {
  case BoxKind::inputs: return "asked";
  case BoxKind::definition:
  case BoxKind::table:
  case BoxKind::differential: return "follows";
  case BoxKind::applies:
  case BoxKind::rule: return "rule";
  case BoxKind::caution: return "caution";
  case BoxKind::actions: return "action";
  case BoxKind::stage: return "stage";
  case BoxKind::any_stage: return "any";
  }
  return "stage";
}
std::string_view style_of(ArrowKind kind) {
  switch (kind) {
  case ArrowKind::uses: return "uses";
  case ArrowKind::recommend: return "recommend";
  case ArrowKind::suggest: return "suggest";
  case ArrowKind::avoid: return "avoid";
  case ArrowKind::contraindicate: return "contraindicate";
  case ArrowKind::transition: return "transition";
  case ArrowKind::interrupt: return "interrupt";
  }
  return "uses";
}

/// What stands above the title of a box, in small letters.
std::string_view kind_text(BoxKind kind) {
  switch (kind) {
  case BoxKind::table: return "table";
  case BoxKind::differential: return "differential";
  case BoxKind::caution: return "caution";
  default: return {};
  }
}

constexpr std::string_view style_sheet = R"(
text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1c2733}
.h1{font-size:20px;font-weight:600}
.h2{font-size:13px;font-weight:600;fill:#5c6b7a;letter-spacing:.04em}
.t{font-size:13px;font-weight:600}
.k{font-size:10px;fill:#5c6b7a;letter-spacing:.06em}
.page{fill:#ffffff}
.box{stroke-width:1.2}
.asked{fill:#e8f1fb;stroke:#4a7fb5}
.follows{fill:#f1ecf9;stroke:#7d62ad}
.rule{fill:#fdf6e3;stroke:#b08a2e}
.caution{fill:#fdece4;stroke:#c2643a}
.action{fill:#e8f6ee;stroke:#3b8f5f}
.stage{fill:#eef1f4;stroke:#5c6b7a}
.any{fill:#ffffff;stroke:#c0392b;stroke-dasharray:5 3}
.label{fill:#ffffff;stroke:#c3ccd5;stroke-width:1}
.line{fill:none;stroke-width:1.4}
.uses{stroke:#7a8794}
.s0{stroke:#4a7fb5}.s1{stroke:#c2643a}.s2{stroke:#3b8f8f}.s3{stroke:#9c5fa8}
.s4{stroke:#8a8f2e}.s5{stroke:#c0508a}.s6{stroke:#5a6fd0}.s7{stroke:#8a6d4b}
.s8{stroke:#2f9fc4}.s9{stroke:#d08a3c}.s10{stroke:#5f9a54}.s11{stroke:#8b80b0}
.recommend{stroke:#2e8b57;stroke-width:1.8}
.suggest{stroke:#2e8b57;stroke-width:1.8;stroke-dasharray:6 4}
.avoid{stroke:#d07a1f;stroke-width:1.8}
.contraindicate{stroke:#c0392b;stroke-width:2.2}
.transition{stroke:#5c6b7a;stroke-width:1.6}
.interrupt{stroke:#c0392b;stroke-width:1.6;stroke-dasharray:6 4}
.head{stroke-dasharray:none;stroke-width:0}
.head.uses,.head.transition{fill:#5c6b7a}
.head.recommend,.head.suggest{fill:#2e8b57}
.head.avoid{fill:#d07a1f}
.head.contraindicate,.head.interrupt{fill:#c0392b}
@media (prefers-color-scheme:dark){
text{fill:#e6ebf0}
.h2,.k{fill:#9aa8b5}
.page{fill:#14181d}
.asked{fill:#1a2b3d}.follows{fill:#292140}.rule{fill:#332a12}.caution{fill:#3a2117}
.action{fill:#16301f}.stage{fill:#252c34}.any,.label{fill:#14181d}
.label{stroke:#45515d}
.transition{stroke:#9aa8b5}
.head.uses,.head.transition{fill:#9aa8b5}
}
)";

/// A box with its text in lines.
struct Block {
  std::vector<std::string> title;
  std::vector<std::vector<std::string>> rows;
  std::string_view kind;
  int width = 0, height = 0;
};

Block block_of(const Box& box, const std::vector<std::string>& more_rows) {
  Block block{wrap(box.title, title_columns, most_row_lines), {}, kind_text(box.kind), 0, 0};
  std::size_t longest = 0;
  block.height =
      2 * padding - 6 + title_line_height * static_cast<int>(block.title.size()) + (block.kind.empty() ? 0 : 12);
  for (const std::string& line : block.title)
    block.width = std::max(block.width, title_character_width * static_cast<int>(length(line)));
  std::vector<std::string> rows = box.rows;
  rows.insert(rows.end(), more_rows.begin(), more_rows.end());
  for (const std::string& row : rows) {
    block.rows.push_back(wrap(row, row_columns, most_row_lines));
    for (const std::string& line : block.rows.back())
      longest = std::max(longest, length(line));
    block.height += row_gap + line_height * static_cast<int>(block.rows.back().size());
  }
  block.width = std::max(block.width, character_width * static_cast<int>(longest)) + 2 * padding;
  return block;
}

int rows_top(const Block& block) {
  return padding - 2 + (block.kind.empty() ? 0 : 12) + title_line_height * static_cast<int>(block.title.size());
}
int row_middle(const Block& block, std::size_t row) {
  int y = rows_top(block);
  for (std::size_t i = 0; i < row; ++i)
    y += row_gap + line_height * static_cast<int>(block.rows[i].size());
  return y + row_gap + line_height * static_cast<int>(block.rows[row].size()) / 2;
}

/// One of the two parts of the picture while it is laid out: the logic or the pathway.
class Part {
public:
  Part(const Drawing& drawing, bool of_pathway)
      : drawing_(drawing), layer_(drawing.boxes.size()), slot_(drawing.boxes.size()) {
    for (std::uint32_t i = 0; i < drawing.boxes.size(); ++i)
      if (drawing.boxes[i].is_of_pathway() == of_pathway) boxes_.push_back(i);
    if (boxes_.empty()) return;
    if (of_pathway)
      layer_stages();
    else
      layer_logic();
    for (const std::uint32_t box : boxes_)
      add_box(box);
    align_widths();
    if (of_pathway)
      link_stages();
    else
      link_logic();
    arrange(layout_);
  }

  [[nodiscard]] bool empty() const { return boxes_.empty(); }
  [[nodiscard]] int width() const { return layout_.width; }
  [[nodiscard]] int height() const { return layout_.height; }

  void write(std::string& out, int x, int y) {
    out_ = &out;
    x_ = x;
    y_ = y;
    write_lines();
    for (const Label& label : labels_)
      write_label(label);
    for (const std::uint32_t box : boxes_)
      write_box(box);
    out += heads_;
  }

  /// Headings of the columns of the logic: text and place.
  [[nodiscard]] std::vector<std::pair<std::string_view, int>> headings() const {
    std::vector<std::pair<std::string_view, int>> result;
    for (const std::uint32_t box : boxes_) {
      const BoxKind kind = drawing_.boxes[box].kind;
      const std::string_view text = kind == BoxKind::inputs         ? "What is asked"
                                    : kind <= BoxKind::differential ? "What follows from it"
                                    : kind <= BoxKind::caution      ? "Rules and cautions"
                                                                    : "What is advised";
      const bool is_known = std::any_of(result.begin(), result.end(), [&](const auto& r) { return r.first == text; });
      if (!is_known) result.emplace_back(text, layout_.layer_x[first_layer(text == "What follows from it", box)]);
    }
    return result;
  }

private:
  struct Label {
    std::size_t slot;
    std::vector<std::string> lines;
  };
  /// A drawn way from a box to a box or, where it is shared, to the next slot on the way.
  struct Line {
    std::size_t link;
    std::string style;
    ArrowKind head;
    bool head_at_end, head_at_start;
  };

  [[nodiscard]] std::size_t first_layer(bool of_derived, std::uint32_t box) const {
    return of_derived ? 1 : layer_[box];
  }

  // ---------------------------------------------------------------- layers

  /// Longest paths over the arrows that `accept` takes; they must not run in a circle.
  template <class Accept>
  void longest_paths(Accept accept) {
    for (std::size_t round = 0; round < boxes_.size(); ++round) {
      bool changed = false;
      for (std::size_t i = 0; i < drawing_.arrows.size(); ++i) {
        const Arrow& arrow = drawing_.arrows[i];
        if (!accept(i, arrow) || layer_[arrow.to] > layer_[arrow.from]) continue;
        layer_[arrow.to] = layer_[arrow.from] + 1;
        changed = true;
      }
      if (!changed) return;
    }
  }

  void layer_logic() {
    const auto kind = [&](std::uint32_t box) { return drawing_.boxes[box].kind; };
    std::size_t rules = 1;
    for (const std::uint32_t box : boxes_)
      layer_[box] = kind(box) == BoxKind::inputs ? 0 : 1;
    longest_paths([&](std::size_t, const Arrow& arrow) {
      return arrow.kind == ArrowKind::uses && kind(arrow.to) <= BoxKind::differential;
    });
    for (const std::uint32_t box : boxes_)
      if (kind(box) <= BoxKind::differential) rules = std::max(rules, layer_[box] + 1);
    for (const std::uint32_t box : boxes_)
      if (kind(box) > BoxKind::differential) layer_[box] = kind(box) == BoxKind::actions ? rules + 1 : rules;
  }

  [[nodiscard]] bool is_transition(const Arrow& arrow) const { return arrow.kind >= ArrowKind::transition; }

  /// Arrows that lead back to a stage on the way from the start are found by a depth-first walk, and drawn backwards.
  /// Stages stand in even layers, the labels of the arrows between them.
  void layer_stages() {
    backwards_.assign(drawing_.arrows.size(), false);
    enum class Mark : std::uint8_t { fresh, open, done };
    std::vector<Mark> marks(drawing_.boxes.size(), Mark::fresh);
    struct Step {
      std::uint32_t box;
      std::size_t next_arrow;
    };
    std::vector<std::uint32_t> starts;
    for (const bool first : {true, false})
      for (const std::uint32_t box : boxes_)
        if (drawing_.boxes[box].is_start == first) starts.push_back(box);
    for (const std::uint32_t start : starts) {
      if (marks[start] != Mark::fresh) continue;
      std::vector<Step> steps = {{start, 0}};
      marks[start] = Mark::open;
      while (!steps.empty()) {
        Step& step = steps.back();
        const std::size_t i = step.next_arrow++;
        if (i >= drawing_.arrows.size()) {
          marks[step.box] = Mark::done;
          steps.pop_back();
          continue;
        }
        const Arrow& arrow = drawing_.arrows[i];
        if (!is_transition(arrow) || arrow.from != step.box) continue;
        if (marks[arrow.to] == Mark::open) backwards_[i] = true;
        if (marks[arrow.to] != Mark::fresh) continue;
        marks[arrow.to] = Mark::open;
        steps.push_back({arrow.to, 0});
      }
    }
    longest_paths([&](std::size_t i, const Arrow& arrow) { return is_transition(arrow) && !backwards_[i]; });
    pull_interrupts();
    for (const std::uint32_t box : boxes_)
      layer_[box] *= 2;
  }

  /// The marks of interrupts stand just before the first stage that they lead to.
  void pull_interrupts() {
    for (const std::uint32_t box : boxes_) {
      if (drawing_.boxes[box].kind != BoxKind::any_stage) continue;
      std::size_t nearest = layer_.size();
      for (const Arrow& arrow : drawing_.arrows)
        if (is_transition(arrow) && arrow.from == box) nearest = std::min(nearest, layer_[arrow.to] - 1);
      layer_[box] = nearest;
    }
  }

  // ---------------------------------------------------------------- slots and links

  std::size_t add_slot(std::size_t layer, int width, int height, bool is_passing) {
    layout_.slots.push_back({layer, width, height, is_passing, 0, 0});
    return layout_.slots.size() - 1;
  }

  void add_box(std::uint32_t box) {
    std::vector<std::string> more_rows;
    for (const Arrow& arrow : drawing_.arrows)
      if (is_transition(arrow) && arrow.from == box && arrow.to == box) more_rows.push_back("again " + arrow.label);
    blocks_.emplace(box, block_of(drawing_.boxes[box], more_rows));
    const Block& block = blocks_.at(box);
    slot_[box] = add_slot(layer_[box], block.width, block.height, false);
  }

  void align_widths() {
    std::map<std::size_t, int> widest;
    for (const LayoutSlot& slot : layout_.slots)
      widest[slot.layer] = std::max(widest[slot.layer], slot.width);
    for (LayoutSlot& slot : layout_.slots)
      slot.width = widest[slot.layer];
  }

  void link(std::size_t from, std::size_t to, int to_y, Line line) {
    layout_.links.push_back({from, to, to_y});
    line.link = layout_.links.size() - 1;
    lines_.push_back(std::move(line));
  }

  /// All arrows from one box share one way through the layers, and leave it where their targets stand.
  void link_logic() {
    std::size_t color = 0;
    for (const std::uint32_t source : boxes_) {
      std::vector<const Arrow*> arrows;
      std::size_t farthest = layer_[source];
      for (const Arrow& arrow : drawing_.arrows) {
        if (arrow.from != source || is_transition(arrow)) continue;
        arrows.push_back(&arrow);
        farthest = std::max(farthest, layer_[arrow.to]);
      }
      if (arrows.empty()) continue;
      const std::string uses = fmt::format("s{}", color++ % source_colors);
      std::vector<std::size_t> way = {slot_[source]};
      for (std::size_t layer = layer_[source] + 1; layer < farthest; ++layer) {
        way.push_back(add_slot(layer, 0, 0, true));
        link(way[way.size() - 2], way.back(), 0, {0, uses, ArrowKind::uses, false, false});
      }
      for (const Arrow* arrow : arrows) {
        const Block& block = blocks_.at(arrow->to);
        const int to_y = arrow->row ? row_middle(block, *arrow->row) : block.height / 2;
        link(way[layer_[arrow->to] - 1 - layer_[source]], slot_[arrow->to], to_y,
             {0, arrow->kind == ArrowKind::uses ? uses : std::string(style_of(arrow->kind)), arrow->kind, true, false});
      }
    }
  }

  void link_stages() {
    for (std::size_t i = 0; i < drawing_.arrows.size(); ++i) {
      const Arrow& arrow = drawing_.arrows[i];
      if (!is_transition(arrow) || arrow.from == arrow.to) continue;
      const std::uint32_t left = backwards_[i] ? arrow.to : arrow.from, right = backwards_[i] ? arrow.from : arrow.to;
      const std::string style(style_of(arrow.kind));
      std::size_t from = slot_[left];
      bool first = true;
      for (std::size_t layer = layer_[left] + 1; layer < layer_[right]; ++layer) {
        const std::size_t passing =
            first && !arrow.label.empty() ? add_label(layer, arrow.label) : add_slot(layer, 0, 0, true);
        link(from, passing, layout_.slots[passing].height / 2, {0, style, arrow.kind, false, first && backwards_[i]});
        from = passing;
        first = false;
      }
      link(from, slot_[right], blocks_.at(right).height / 2, {0, style, arrow.kind, !backwards_[i], false});
    }
  }

  std::size_t add_label(std::size_t layer, const std::string& text) {
    std::vector<std::string> lines = wrap(text, label_columns, most_row_lines);
    std::size_t longest = 0;
    for (const std::string& line : lines)
      longest = std::max(longest, length(line));
    const std::size_t slot = add_slot(layer, character_width * static_cast<int>(longest) + 2 * label_padding + 4,
                                      line_height * static_cast<int>(lines.size()) + 2 * label_padding, false);
    labels_.push_back({slot, std::move(lines)});
    return slot;
  }

  // ---------------------------------------------------------------- text of the picture

  template <class... Arguments>
  void put(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(*out_), format, std::forward<Arguments>(arguments)...);
  }

  /// Links that meet at the same place of a slot are spread a little, in the order of where they come from.
  [[nodiscard]] std::vector<int> spread(bool at_end) const {
    std::map<std::pair<std::size_t, int>, std::vector<std::size_t>> meeting;
    std::vector<int> offsets(layout_.links.size());
    for (std::size_t i = 0; i < layout_.links.size(); ++i) {
      const LayoutLink& link = layout_.links[i];
      const std::size_t slot = at_end ? link.to : link.from;
      // Ways through are single lines; what leaves a box of the logic leaves it together.
      if (layout_.slots[slot].is_passing || (!at_end && backwards_.empty())) continue;
      meeting[{slot, at_end ? link.to_y : 0}].push_back(i);
    }
    for (auto& [place, links] : meeting) {
      const auto other = [&](std::size_t link) {
        const LayoutLink& l = layout_.links[link];
        const LayoutSlot& s = layout_.slots[at_end ? l.from : l.to];
        return at_end ? 2 * s.y + s.height : 2 * (s.y + l.to_y);
      };
      std::stable_sort(links.begin(), links.end(), [&](std::size_t a, std::size_t b) { return other(a) < other(b); });
      const int count = static_cast<int>(links.size());
      const LayoutSlot& slot = layout_.slots[place.first];
      const bool at_row = at_end && place.second != slot.height / 2;
      const int room = at_row ? line_height - 4 : slot.height - 12;
      const int gap = std::min(most_port_gap, room / std::max(1, count));
      for (int i = 0; i < count; ++i)
        offsets[links[static_cast<std::size_t>(i)]] = i * gap - (count - 1) * gap / 2;
    }
    return offsets;
  }

  void write_lines() {
    const std::vector<int> leaving = spread(false), arriving = spread(true);
    for (const Line& line : lines_) {
      const LayoutLink& link = layout_.links[line.link];
      const LayoutSlot &from = layout_.slots[link.from], &to = layout_.slots[link.to];
      const int begin = x_ + from.x + from.width, begin_y = y_ + from.y + from.height / 2 + leaving[line.link];
      const int bend = x_ + layout_.layer_x[from.layer] + layout_.layer_width[from.layer];
      const int end = x_ + to.x, end_y = y_ + to.y + link.to_y + arriving[line.link];
      const int middle = (bend + end) / 2;
      put("<path class=\"line {}\" d=\"M{} {}H{}C{} {} {} {} {} {}\"/>\n", line.style, begin, begin_y, bend, middle,
          begin_y, middle, end_y, line.head_at_end ? end - arrow_length + 1 : end, end_y);
      if (line.head_at_end) head(line, end, end_y, -arrow_length);
      if (line.head_at_start) head(line, begin, begin_y, arrow_length);
    }
  }

  void head(const Line& line, int x, int y, int length) {
    fmt::format_to(std::back_inserter(heads_), "<path class=\"head {}\" d=\"M{} {}l{} {}v{}z\"/>\n",
                   style_of(line.head), x, y, length, -arrow_half_height, 2 * arrow_half_height);
  }

  void write_label(const Label& label) {
    const LayoutSlot& slot = layout_.slots[label.slot];
    // Narrow labels stand in the middle of a column; the line goes on behind them.
    put("<path class=\"line\" d=\"M{} {}h{}\"/>\n", x_ + slot.x, y_ + slot.y + slot.height / 2, slot.width);
    put("<rect class=\"label\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n", x_ + slot.x, y_ + slot.y,
        slot.width, slot.height);
    int y = y_ + slot.y + label_padding + 12;
    for (const std::string& line : label.lines) {
      put("<text x=\"{}\" y=\"{}\">{}</text>\n", x_ + slot.x + label_padding + 2, y, escaped(line));
      y += line_height;
    }
  }

  void write_box(std::uint32_t index) {
    const Box& box = drawing_.boxes[index];
    const Block& block = blocks_.at(index);
    const LayoutSlot& slot = layout_.slots[slot_[index]];
    const int x = x_ + slot.x, y = y_ + slot.y;
    const std::string_view style = style_of(box.kind);
    if (box.is_final)
      put("<rect class=\"box {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"9\"/>\n", style, x - 3, y - 3,
          slot.width + 6, slot.height + 6);
    put("<rect class=\"box {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>\n", style, x, y, slot.width,
        slot.height);
    if (box.is_start) put("<circle class=\"head transition\" cx=\"{}\" cy=\"{}\" r=\"6\"/>\n", x, y + slot.height / 2);
    int text_y = y + padding + 11;
    if (!block.kind.empty()) {
      put("<text class=\"k\" x=\"{}\" y=\"{}\">{}</text>\n", x + padding, text_y - 3, block.kind);
      text_y += 12;
    }
    for (const std::string& line : block.title) {
      put("<text class=\"t\" x=\"{}\" y=\"{}\">{}</text>\n", x + padding, text_y, escaped(line));
      text_y += title_line_height;
    }
    text_y -= 2;
    for (const auto& row : block.rows) {
      text_y += row_gap;
      for (const std::string& line : row) {
        put("<text x=\"{}\" y=\"{}\">{}</text>\n", x + padding, text_y, escaped(line));
        text_y += line_height;
      }
    }
  }

  const Drawing& drawing_;
  std::vector<std::uint32_t> boxes_;
  std::vector<std::size_t> layer_, slot_; ///< parallel to the boxes of the drawing
  std::vector<bool> backwards_;           ///< parallel to its arrows; empty for the logic
  std::map<std::uint32_t, Block> blocks_;
  std::vector<Label> labels_;
  std::vector<Line> lines_;
  Layout layout_;
  std::string* out_ = nullptr;
  std::string heads_;
  int x_ = 0, y_ = 0;
};

/// The kinds of arrows that need a word: text and width.
std::vector<ArrowKind> legend_of(const Drawing& drawing) {
  std::vector<ArrowKind> kinds;
  for (const ArrowKind kind : {ArrowKind::recommend, ArrowKind::suggest, ArrowKind::avoid, ArrowKind::contraindicate})
    if (std::any_of(drawing.arrows.begin(), drawing.arrows.end(), [&](const Arrow& a) { return a.kind == kind; }))
      kinds.push_back(kind);
  return kinds;
}

} // namespace

std::string draw_svg(const Graph& graph) {
  const Drawing drawing = make_drawing(graph);
  Part logic(drawing, false), pathway(drawing, true);
  const std::vector<ArrowKind> legend = legend_of(drawing);

  std::string body;
  const auto put = [&]<class... Arguments>(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(body), format, std::forward<Arguments>(arguments)...);
  };
  int y = margin + 14;
  put("<text class=\"h1\" x=\"{}\" y=\"{}\">{}</text>\n", margin, y, escaped(drawing.title));
  y += 16;
  int width = 2 * margin + 11 * static_cast<int>(length(drawing.title));
  if (!logic.empty()) {
    y += heading_height;
    for (const auto& [text, x] : logic.headings())
      put("<text class=\"h2\" x=\"{}\" y=\"{}\">{}</text>\n", margin + x, y - 12, text);
    logic.write(body, margin, y);
    y += logic.height();
    width = std::max(width, logic.width() + 2 * margin);
  }
  if (!legend.empty()) {
    y += 30;
    int x = margin;
    for (const ArrowKind kind : legend) {
      put("<path class=\"line {}\" d=\"M{} {}h32\"/>\n", style_of(kind), x, y - 4);
      put("<text x=\"{}\" y=\"{}\">{}</text>\n", x + 40, y, style_of(kind));
      x += 60 + character_width * static_cast<int>(style_of(kind).size());
    }
    width = std::max(width, x + margin);
  }
  if (!pathway.empty()) {
    y += part_gap + heading_height;
    put("<text class=\"h2\" x=\"{}\" y=\"{}\">The way through care</text>\n", margin, y - 14);
    pathway.write(body, margin, y);
    y += pathway.height();
    width = std::max(width, pathway.width() + 2 * margin);
  }
  const int height = y + margin;
  return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
                     "role=\"img\">\n<title>{2}</title>\n<style>{3}</style>\n"
                     "<rect class=\"page\" width=\"{0}\" height=\"{1}\"/>\n{4}</svg>\n",
                     width, height, escaped(drawing.title), style_sheet, body);
}

} // namespace aceso::graph
