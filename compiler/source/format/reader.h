#pragma once
/// Steps through the words of a file and lays out what it reads: lists in braces, rows in columns, expressions.

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "format/document.h"
#include "format/tokens.h"

namespace aceso::format {

/// Thrown where the text is not what the layout expects, and caught in format.cpp.
struct Unreadable {
  std::size_t token;
};

/// One line of a block. The cells of neighbouring rows of one kind stand in columns.
struct Row {
  std::size_t first = 0; ///< its first word
  std::string_view kind; ///< rows of different kinds are not aligned
  std::vector<Doc> cells;
  bool breaks_at_last = false; ///< where the row is too long, the last cell goes on a line of its own
  std::size_t fills_from = 0;  ///< if not 0, cells from here on go on lines below only where they do not fit
  bool hugs = false;           ///< what stands before `fills_from` ends in braces that are broken first
  Doc tail = nullptr;          ///< a block in braces behind the last cell; may be null
  std::vector<Doc> below = {}; ///< on lines of their own below it
  std::size_t extra_indent = 0;
};

struct Columns {
  /// A cell this much wider than the middle one of its column sticks out instead of moving the column.
  std::size_t reach = 24;
  bool across_blanks = false;  ///< empty lines do not end a run of rows
  bool single_lines = false;   ///< only rows that fit on one line are aligned; another one ends the run
  std::size_t first_width = 0; ///< the width of the first column where it is given from outside
};

/// The width of a column with cells of these widths, or 0.
[[nodiscard]] std::size_t column_width(std::vector<std::size_t> widths, std::size_t reach);

class Reader {
public:
  explicit Reader(std::vector<Token>& tokens) : tokens_(tokens), build_(tokens), limit_(tokens.size()) {}

protected:
  // ---------------------------------------------------------------- stepping
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[at_ + ahead < limit_ ? at_ + ahead : tokens_.size() - 1];
  }
  [[nodiscard]] bool is(std::string_view text, std::size_t ahead = 0) const {
    return peek(ahead).kind != TokenKind::text && peek(ahead).text == text && peek(ahead).kind != TokenKind::end;
  }
  [[nodiscard]] bool is_one_of(std::initializer_list<std::string_view> texts, std::size_t ahead = 0) const;
  [[nodiscard]] bool is_kind(TokenKind kind, std::size_t ahead = 0) const { return peek(ahead).kind == kind; }
  [[nodiscard]] static bool is_name(const Token& token);
  /// A word that may name something; see the rule `name` of the grammar.
  [[nodiscard]] bool is_name(std::size_t ahead = 0) const;
  /// Likewise without the words that begin a clause or a declaration; see the rule `plainName`.
  [[nodiscard]] bool is_plain_name(std::size_t ahead = 0) const;
  [[noreturn]] void fail() const { throw Unreadable{at_}; }

  /// The next word, whatever it is.
  Doc take();
  Doc take(std::string_view text);
  Doc take(TokenKind kind);
  Doc take_name();

  // ---------------------------------------------------------------- putting together
  [[nodiscard]] Doc space() const { return build_.text(" "); }
  /// With one space between them.
  [[nodiscard]] Doc words(const std::vector<Doc>& parts) const;
  /// With a line that may be broken between them.
  [[nodiscard]] Doc separated(const std::vector<Doc>& parts) const;
  /// With a space or a line break between them, all alike, four columns deeper.
  [[nodiscard]] Doc lines(const std::vector<Doc>& parts) const;

  enum class ListStyle { one_a_line, fill, rows };
  /// { a, b }: `read` reads one element. The opening brace is the next word.
  Doc brace_list(const std::function<Doc()>& read, ListStyle style);
  /// a, b, c without brackets, each but the last with its comma behind it.
  std::vector<Doc> comma_list(const std::function<Doc()>& read);
  /// Elements up to `closing`; a comma before it is dropped unless a comment needs it.
  std::vector<Doc> elements(std::string_view closing, const std::function<Doc()>& read);

  /// { rows } on lines of their own.
  Doc block(std::size_t indent, const Columns& columns, const std::function<Row()>& read);
  /// Likewise, on one line where there is only one row and it fits.
  Doc small_block(std::size_t indent, const std::function<Row()>& read);
  std::vector<Row> rows_until(std::string_view closing, const std::function<Row()>& read);
  /// Hard line breaks between them, and columns.
  Doc lay_rows(std::vector<Row> rows, std::size_t indent, const Columns& columns);
  /// The closing brace, and above it the comments that belong to the block.
  Doc close_block(Doc rows, std::size_t closing);

  enum class LineBlock { score, table };
  /// Reads one item of a score or row of a table, which ends with its line: `-`, `(` and the like at the start of a
  /// line begin the next one. The rule is that of the parser's token list.
  Row read_line_item(LineBlock kind, const std::function<Row()>& read);
  [[nodiscard]] bool in_line_item() const { return limit_ < tokens_.size(); }

  std::vector<Token>& tokens_;
  Builder build_;
  std::size_t at_ = 0;

private:
  std::size_t limit_; ///< words from here on do not belong to what is being read

  /// How many blanks bring a cell to the width of its column.
  static std::size_t padding_of(const Row& row, std::size_t column, const std::vector<std::size_t>& widths);
  Doc lay_row(const Row& row, std::vector<std::size_t> widths, std::size_t indent) const;
  [[nodiscard]] Doc lay_filled(const Row& row, const std::vector<std::size_t>& widths) const;
  [[nodiscard]] static std::size_t padded_width(const Row& row, const std::vector<std::size_t>& widths);
  static void narrow_last(std::span<const Row> rows, std::vector<std::size_t>& widths, std::size_t indent);
  /// Blocks of one item behind neighbouring rows of one kind are all on one line or all broken.
  void break_tails(std::vector<Row>& rows, std::size_t indent, const Columns& columns) const;
  void break_tails(std::vector<Row>& rows, std::size_t begin, std::size_t end) const;
};

} // namespace aceso::format
