#include "format/document.h"

#include <algorithm>
#include <utility>

namespace aceso::format {
namespace {

/// Takes over from the parts what a sequence of them needs to know.
void measure(Document& whole) {
  bool after_comment = false;
  bool is_first = true;
  whole.is_empty = true;
  for (const Doc& child : whole.children) {
    whole.width += child->width;
    whole.is_broken = whole.is_broken || child->is_broken;
    if (child->is_empty) continue;
    if (after_comment || (child->starts_comment && !is_first)) whole.is_broken = true;
    if (is_first) whole.starts_comment = child->starts_comment;
    is_first = false;
    whole.is_empty = false;
    after_comment = child->ends_comment;
  }
  whole.ends_comment = after_comment;
}

void measure_token(Document& document, const Token& token) {
  document.width = width_of(token.text);
  const auto add = [&](const Comment& comment) {
    if (comment.text.find('\n') != std::string::npos)
      document.is_broken = true;
    else if (!comment.is_line())
      document.width += width_of(comment.text) + 1;
  };
  for (const Comment& comment : token.before) {
    document.starts_comment = document.starts_comment || comment.own_line;
    if (!comment.own_line) add(comment);
  }
  for (const Comment& comment : token.after)
    add(comment);
  document.ends_comment = !token.after.empty() && token.after.back().is_line();
}

} // namespace

Doc Builder::text(std::string_view text) const {
  Document document;
  document.kind = DocumentKind::text;
  document.text = text;
  document.width = width_of(text);
  document.is_empty = text.find_first_not_of(' ') == std::string_view::npos;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::token(std::size_t index, bool with_before) const {
  Document document;
  document.kind = DocumentKind::token;
  document.token = index;
  document.blanks = with_before ? 1 : 0;
  measure_token(document, tokens_[index]);
  if (!with_before) document.starts_comment = false;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::dangling(std::size_t index) const {
  Document document;
  document.kind = DocumentKind::dangling;
  document.token = index;
  document.is_broken = !tokens_[index].before.empty();
  document.is_empty = !document.is_broken;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::line(std::size_t blanks) const {
  Document document;
  document.kind = DocumentKind::line;
  document.blanks = blanks;
  document.width = blanks;
  document.is_empty = true;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::hardline() const {
  Document document;
  document.kind = DocumentKind::hardline;
  document.is_broken = true;
  document.is_empty = true;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::concat(std::vector<Doc> children) const {
  Document document;
  document.kind = DocumentKind::concat;
  document.children = std::move(children);
  measure(document);
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::fill(std::vector<Doc> children) const {
  Document document;
  document.kind = DocumentKind::fill;
  document.children = std::move(children);
  measure(document);
  document.width += document.children.empty() ? 0 : document.children.size() - 1;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::body(Doc child, bool hugs) const {
  Document document;
  document.kind = DocumentKind::body;
  document.blanks = hugs ? 1 : 0;
  document.children.push_back(std::move(child));
  measure(document);
  ++document.width;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::broken(const Doc& group) const {
  Document document = *group;
  document.is_broken = true;
  return std::make_shared<const Document>(std::move(document));
}

Doc Builder::wrap(DocumentKind kind, Doc child, std::size_t blanks) const {
  Document document;
  document.kind = kind;
  document.blanks = blanks;
  document.children.push_back(std::move(child));
  measure(document);
  return std::make_shared<const Document>(std::move(document));
}

namespace {

class Printer {
public:
  explicit Printer(const std::vector<Token>& tokens) : tokens_(tokens) {}

  std::string run(const Doc& document) {
    print(*document, {0, 0, false});
    align_trailing_comments();
    std::string out;
    for (const Line& line : lines_) {
      out += line.text;
      out += '\n';
    }
    out.erase(out.find_last_not_of('\n') + 1);
    out.erase(0, out.find_first_not_of('\n'));
    if (!out.empty()) out += '\n';
    return out;
  }

private:
  struct Context {
    std::size_t indent;
    std::size_t row;
    bool flat;
    /// Where a line goes on that a comment has interrupted.
    [[nodiscard]] std::size_t continuation() const { return indent > row ? indent : row + 4; }
  };
  struct Line {
    std::string text;
    std::size_t comment = std::string::npos; ///< where a `//` comment behind the line begins
  };

  // ------------------------------------------------------------------------------------------------ lines and blanks
  [[nodiscard]] bool at_line_start() const { return line_pending_; }
  [[nodiscard]] std::size_t column() const { return line_pending_ ? indent_ : width_ + blanks_pending_; }

  void new_line(std::size_t indent) {
    line_pending_ = true;
    indent_ = indent;
    blanks_pending_ = 0;
    comment_open_ = false;
  }

  void empty_line() {
    if (!lines_.empty() && !lines_.back().text.empty()) lines_.emplace_back();
  }

  void put(std::string_view text, const Context& context) {
    if (text.empty()) return;
    if (text.find_first_not_of(' ') == std::string_view::npos) {
      blanks_pending_ += text.size();
      return;
    }
    if (comment_open_) new_line(context.continuation());
    if (line_pending_) {
      lines_.push_back({std::string(indent_, ' ')});
      width_ = indent_;
      line_pending_ = false;
    } else {
      const bool closes = text == "," || text == ")" || text == "]";
      if (block_comment_open_ && blanks_pending_ == 0 && !closes) blanks_pending_ = 1;
      lines_.back().text.append(blanks_pending_, ' ');
      width_ += blanks_pending_;
    }
    blanks_pending_ = 0;
    block_comment_open_ = false;
    lines_.back().text += text;
    width_ += width_of(text);
  }

  // ------------------------------------------------------------------------------------------------ comments
  /// The further lines of a comment move by as much as its first one did.
  void put_comment(const Comment& comment, const Context& context) {
    std::string_view rest = comment.text;
    const auto first = std::min(rest.find('\n'), rest.size());
    put(rest.substr(0, first), context);
    const auto now = width_ - width_of(rest.substr(0, first));
    while (rest.find('\n') != std::string_view::npos) {
      rest.remove_prefix(rest.find('\n') + 1);
      const auto line = rest.substr(0, rest.find('\n'));
      const auto begin = std::min(line.find_first_not_of(' '), line.size());
      const auto indent = begin + now > comment.column ? begin + now - comment.column : 0;
      lines_.push_back({line.empty() ? std::string{} : std::string(indent, ' ').append(line.substr(begin))});
      width_ = width_of(lines_.back().text);
    }
  }

  void put_before(const Token& token, const Context& context) {
    bool may_be_empty = token.starts_row && !token.starts_block;
    bool is_below_doc = false;
    for (const Comment& comment : token.before) {
      if (may_be_empty && comment.blank_before && !is_below_doc) empty_line();
      may_be_empty = token.starts_row;
      is_below_doc = comment.is_doc();
      if (comment.own_line && (!at_line_start() || comment_open_)) new_line(context.continuation());
      const auto indent = indent_;
      put_comment(comment, context);
      if (comment.own_line)
        new_line(indent);
      else
        block_comment_open_ = true;
    }
    if (may_be_empty && token.blank_before && !is_below_doc) empty_line();
  }

  void put_after(const Token& token, const Context& context) {
    for (const Comment& comment : token.after) {
      blanks_pending_ = comment.is_line() ? 2 : 1;
      if (comment.is_line()) lines_.back().comment = lines_.back().text.size();
      put_comment(comment, context);
      comment_open_ = comment.is_line();
      block_comment_open_ = !comment_open_;
    }
  }

  /// Consecutive lines with a comment behind them get it in one column, where that does not make a line too long.
  void align_trailing_comments() {
    for (std::size_t begin = 0; begin < lines_.size();) {
      std::size_t end = begin;
      std::size_t target = 0;
      std::size_t longest = 0;
      const auto indent = lines_[begin].text.find_first_not_of(' ');
      for (; end < lines_.size() && lines_[end].comment != std::string::npos; ++end) {
        if (lines_[end].text.find_first_not_of(' ') != indent) break;
        const auto start = width_of(std::string_view(lines_[end].text).substr(0, lines_[end].comment));
        target = std::max(target, start);
        longest = std::max(longest, width_of(lines_[end].text) - start);
      }
      if (end > begin + 1 && target + longest <= line_limit)
        for (std::size_t i = begin; i < end; ++i) {
          const auto start = width_of(std::string_view(lines_[i].text).substr(0, lines_[i].comment));
          lines_[i].text.insert(lines_[i].comment, target - start, ' ');
        }
      begin = std::max(end, begin + 1);
    }
  }

  // ------------------------------------------------------------------------------------------------ documents
  [[nodiscard]] bool fits(const Document& document, std::size_t tail) const {
    return !document.is_broken && column() + document.width + tail <= line_limit;
  }

  /// `tail`: the width of what follows up to the next place where a line may break.
  void print(const Document& document, Context context, std::size_t tail = 0) {
    switch (document.kind) {
    case DocumentKind::text: put(document.text, context); break;
    case DocumentKind::token: print_token(document, context); break;
    case DocumentKind::dangling: print_dangling(document, context); break;
    case DocumentKind::line:
      if (context.flat)
        put(std::string(document.blanks, ' '), context);
      else
        new_line(context.indent);
      break;
    case DocumentKind::hardline: new_line(context.indent); break;
    case DocumentKind::concat: print_concat(document, context, tail); break;
    case DocumentKind::fill: print_fill(document, context, tail); break;
    case DocumentKind::body: print_body(document, context, tail); break;
    case DocumentKind::group:
      context.flat = context.flat || fits(document, tail);
      print(*document.children.front(), context, tail);
      break;
    case DocumentKind::nest:
      context.indent += document.blanks;
      print(*document.children.front(), context, tail);
      break;
    case DocumentKind::align:
      if (comment_open_) new_line(context.continuation());
      context.indent = column();
      print(*document.children.front(), context, tail);
      break;
    case DocumentKind::row:
      context.row = context.indent;
      print(*document.children.front(), context, tail);
      break;
    }
  }

  void print_token(const Document& document, const Context& context) {
    const Token& token = tokens_[document.token];
    if (document.blanks != 0) put_before(token, context);
    put(token.text, context);
    put_after(token, context);
  }

  void print_dangling(const Document& document, const Context& context) {
    for (const Comment& comment : tokens_[document.token].before) {
      new_line(context.indent);
      if (comment.blank_before &&
          !(tokens_[document.token].starts_block && &comment == &tokens_[document.token].before.front()))
        empty_line();
      put_comment(comment, context);
      comment_open_ = true;
    }
  }

  /// The width up to the first place where the line may break; `open` tells whether there is none. `in_groups`: also
  /// where a group would have to be broken for it.
  static std::size_t lead(const Document& document, bool& open, bool in_groups = false) {
    const auto kind = document.kind;
    if (kind == DocumentKind::line || kind == DocumentKind::hardline || kind == DocumentKind::body) open = false;
    if (kind == DocumentKind::line || kind == DocumentKind::body) return 0;
    const bool is_whole = kind == DocumentKind::group || kind == DocumentKind::fill;
    if (is_whole && !document.is_broken && !in_groups) return document.width;
    std::size_t width = document.children.empty() ? document.width : 0;
    for (const Doc& child : document.children) {
      if (!open) break;
      width += lead(*child, open, in_groups);
    }
    return width;
  }

  void print_concat(const Document& document, const Context& context, std::size_t tail) {
    std::vector<std::size_t> tails(document.children.size(), tail);
    for (std::size_t i = document.children.size(); i-- > 1;) {
      bool open = true;
      const auto width = lead(*document.children[i], open);
      tails[i - 1] = open ? width + tails[i] : width;
    }
    for (std::size_t i = 0; i < document.children.size(); ++i)
      print(*document.children[i], context, tails[i]);
  }

  void print_fill(const Document& document, const Context& context, std::size_t tail) {
    for (std::size_t i = 0; i < document.children.size(); ++i) {
      const Document& child = *document.children[i];
      const auto rest = i + 1 == document.children.size() ? tail : 0;
      if (i > 0) {
        const bool here = context.flat ||
                          (!child.starts_comment && !comment_open_ && column() + 1 + child.width + rest <= line_limit);
        if (here)
          put(" ", context);
        else
          new_line(context.indent);
      }
      print(child, context, rest);
    }
  }

  /// Behind the "=" where all of it fits, else on the next line where that holds all of it; else it is broken inside.
  void print_body(const Document& document, Context context, std::size_t tail) {
    constexpr std::size_t deeper = 2;
    const Document& child = *document.children.front();
    context.flat = context.flat || fits(document, tail);
    bool open = true;
    const auto first = lead(child, open, true);
    const bool fits_below = !child.is_broken && context.indent + deeper + child.width + tail <= line_limit;
    const bool hugs = document.blanks != 0 && !fits_below && column() + 1 + first <= line_limit;
    if (context.flat || hugs) {
      put(" ", context);
    } else {
      context.indent += deeper;
      new_line(context.indent);
    }
    print(child, context, tail);
  }

  const std::vector<Token>& tokens_;
  std::vector<Line> lines_;
  std::size_t indent_ = 0;
  std::size_t width_ = 0; ///< of the last line
  std::size_t blanks_pending_ = 0;
  bool line_pending_ = true;
  bool comment_open_ = false;       ///< a `//` comment ends the line
  bool block_comment_open_ = false; ///< a `/* */` comment stands directly before
};

} // namespace

std::string print(const Doc& document, const std::vector<Token>& tokens) { return Printer(tokens).run(document); }

} // namespace aceso::format
