#include "parse/token_list.h"

#include <mutex>
#include <unordered_map>

#include <AcesoLexer.h>

#include "parse/byte_stream.h"
#include "parse/foreign_signs.h"
#include "parse/hygiene.h"
#include "parse/plain_token.h"
#include "parse/token_classes.h"

namespace aceso::parse {

using diagnostics::Kind;
using diagnostics::Sink;
using grammar::AcesoLexer;
using source::Span;

namespace {

/// The keywords of the grammar, by their spelling.
const std::unordered_map<std::string_view, std::size_t>& keywords(const antlr4::dfa::Vocabulary& vocabulary) {
  static const auto table = [&] {
    static std::vector<std::string> spellings; // the table's keys point here
    std::unordered_map<std::string_view, std::size_t> result;
    spellings.reserve(AcesoLexer::KW_REFS - AcesoLexer::KW_AND + 1);
    for (std::size_t type = AcesoLexer::KW_AND; type <= AcesoLexer::KW_REFS; ++type) {
      const std::string quoted = vocabulary.getLiteralName(type);
      spellings.push_back(quoted.substr(1, quoted.size() - 2));
      result.emplace(spellings.back(), type);
    }
    return result;
  }();
  return table;
}

} // namespace

class Tokenizer {
public:
  Tokenizer(std::string_view text, std::uint32_t file, unsigned max_depth, Sink& sink)
      : text_(text), file_(file), max_depth_(max_depth), sink_(sink), stream_(text), lexer_(&stream_),
        keywords_(keywords(lexer_.getVocabulary())), at_(static_cast<std::uint32_t>(byte_order_mark(text))) {
    lexer_.removeErrorListeners();
    result_.tokens.reserve(text.size() / 4 + 16); // tables have a token for four bytes, guidelines for six
  }

  TokenizedFile run() {
    while (!result_.too_deep && (at_ = skip_space(text_, at_)) < text_.size()) {
      const std::uint32_t begin = at_;
      const PlainToken token = plain_token(text_, begin);
      if (token.type == 0) {
        take_from_lexer();
      } else {
        at_ = token.end;
        take(token.type, begin, token.end);
      }
    }
    const auto size = static_cast<std::uint32_t>(text_.size());
    look_for_line_end(size);
    append(SourceToken::end_of_file, size, size);
    return std::move(result_);
  }

private:
  enum class Block : std::uint8_t { plain, score, table, bracket };

  Span span(std::uint32_t begin, std::uint32_t end) const { return {file_, begin, end}; }
  [[nodiscard]] std::string_view slice(std::uint32_t begin, std::uint32_t end) const {
    return text_.substr(begin, end - begin);
  }
  [[nodiscard]] std::size_t previous(std::size_t back = 0) const {
    const std::size_t count = result_.tokens.size();
    return back < count ? result_.tokens[count - 1 - back].getType() : 0;
  }
  [[nodiscard]] bool in(Block block) const { return !open_.empty() && open_.back() == block; }

  void take_from_lexer() {
    // The runtime shares its tables between all lexers and does not guard them well; few tokens come here.
    static std::mutex lock;
    const std::lock_guard guard(lock);
    lexer_.reset(); // it may have seen the end of the text, and been set back
    stream_.seek(at_);
    const std::unique_ptr<antlr4::Token> token = lexer_.nextToken(); // there is one: `at_` is on no white space
    const auto begin = static_cast<std::uint32_t>(token->getStartIndex());
    at_ = static_cast<std::uint32_t>(token->getStopIndex() + 1);
    take(token->getType(), begin, at_);
  }

  void take(std::size_t type, std::uint32_t begin, std::uint32_t end) {
    switch (type) {
    case AcesoLexer::LINE_COMMENT:
    case AcesoLexer::BLOCK_COMMENT: return take_comment(begin, end);
    case AcesoLexer::UNTERMINATED_COMMENT:
      sink_.report(Kind::unterminated_comment, span(begin, begin + 2)).mend = "end the comment with `*/`";
      return take_comment(begin, end);
    case AcesoLexer::FOREIGN_SIGN:
    case AcesoLexer::OTHER: return take_foreign_sign(begin, end);
    case AcesoLexer::NON_ASCII: return take_non_ascii(begin);
    case AcesoLexer::UNTERMINATED_TEXT: return take_unterminated_text(begin, end);
    case AcesoLexer::TEXT: check_escapes(begin, end); break;
    case AcesoLexer::NAME:
      if (const auto keyword = keywords_.find(slice(begin, end)); keyword != keywords_.end()) type = keyword->second;
      break;
    default: break;
    }
    if (begin == glued_end_ && begin != 0 && (can_be_name(type) || type == AcesoLexer::NUMBER)) return glue(end);
    take_token(type, begin, end);
  }

  void take_token(std::size_t type, std::uint32_t begin, std::uint32_t end) {
    look_for_line_end(begin);
    const bool starts_line = new_line_ || result_.tokens.empty();
    // A unit stands on the line of its number, so that `65` at the end of one line never takes the name that begins
    // the next.
    if (previous() == AcesoLexer::NUMBER && !starts_line && can_be_unit(type)) type = AcesoLexer::UNIT_WORD;
    if (type == AcesoLexer::NAME && is_article(begin, end)) type = AcesoLexer::ARTICLE;
    if (type == AcesoLexer::COLON) release_name();
    close_unclosed(type);
    if (begins_item(type, starts_line)) {
      append(AcesoLexer::NEW_LINE, begin, begin);
      previous_arrow_ = false;
    }
    if (type == AcesoLexer::ARROW) previous_arrow_ = true;
    append(type, begin, end);
    SourceToken& token = result_.tokens.back();
    token.starts_line = starts_line;
    candidate_ = starts_line && begins_declaration(type) && (open_.empty() || starts_text_line(begin));
    if (type == AcesoLexer::KW_TABLE && candidate_) table_comes_ = true;
    nest(type, begin, end);
    new_line_ = false;
  }

  /// "x is a fracture", "x is not an infection": elsewhere `a` is an ordinary name.
  [[nodiscard]] bool is_article(std::uint32_t begin, std::uint32_t end) const {
    const std::string_view word = slice(begin, end);
    if (word != "a" && word != "an") return false;
    return previous() == AcesoLexer::KW_IS || (previous() == AcesoLexer::KW_NOT && previous(1) == AcesoLexer::KW_IS);
  }

  /// "a : number from 0 to 9 b : yes/no": the word before the second colon is no unit but the next input. The limits of
  /// bands ("below 4 weeks : early", "up to 4 weeks : early") keep their units.
  void release_name() {
    if (previous() != AcesoLexer::UNIT_WORD) return;
    const std::size_t sign = previous(2) == AcesoLexer::MINUS ? 1 : 0; // previous(1) is the number
    const std::size_t before = previous(2 + sign);
    const bool ends_range = before == AcesoLexer::KW_TO && previous(3 + sign) != AcesoLexer::KW_UP;
    if (!ends_range && before != AcesoLexer::KW_STEP && before != AcesoLexer::KW_TYPICAL) return;
    SourceToken& word = result_.tokens.back();
    const auto keyword = keywords_.find(slice(word.begin(), word.end()));
    word.type_ =
        static_cast<std::uint32_t>(keyword == keywords_.end() ? std::size_t{AcesoLexer::NAME} : keyword->second);
  }

  void append(std::size_t type, std::uint32_t begin, std::uint32_t end) {
    result_.tokens.emplace_back(type, begin, end, static_cast<std::uint32_t>(result_.tokens.size()));
    result_.tokens.back().depth = static_cast<std::uint16_t>(open_.size());
  }

  /// The token before was `rule` at the start of a line: with a name after it, it begins a declaration, and whatever
  /// bracket is open was forgotten.
  void close_unclosed(std::size_t type) {
    if (!candidate_) return;
    candidate_ = false;
    const bool named = can_be_name(type) || type == AcesoLexer::TEXT;
    const bool reserved = type >= AcesoLexer::KW_AND && type <= AcesoLexer::KW_NOW;
    const bool nearly = type == AcesoLexer::LEFT_BRACE || reserved; // `codes {`, `define when`
    if (!named && !(nearly && open_.empty())) return;
    SourceToken& keyword = result_.tokens.back();
    keyword.starts_declaration = true;
    keyword.depth = 0;
    open_.clear();
    table_comes_ = keyword.getType() == AcesoLexer::KW_TABLE;
  }

  bool begins_item(std::size_t type, bool starts_line) const {
    if (!in(Block::score) && !in(Block::table)) return false;
    const bool in_table = in(Block::table);
    if (!in_table && previous() == AcesoLexer::TEXT) return type != AcesoLexer::RIGHT_BRACE;
    if (starts_line) return !goes_on(type, in_table) && !leaves_open(previous());
    // On one line, two values side by side are the end of one item and the beginning of the next.
    const bool may_end = !in_table || previous_arrow_;
    return may_end && ends_value(previous()) && starts_value(type);
  }

  void nest(std::size_t type, std::uint32_t begin, std::uint32_t end) {
    switch (type) {
    case AcesoLexer::LEFT_BRACE: open_.push_back(block_kind()); break;
    case AcesoLexer::LEFT_PAREN:
    case AcesoLexer::LEFT_BRACKET: open_.push_back(Block::bracket); break;
    case AcesoLexer::RIGHT_BRACE:
      while (in(Block::bracket))
        open_.pop_back(); // brackets that were forgotten end with their block
      if (!open_.empty()) open_.pop_back();
      return;
    case AcesoLexer::RIGHT_PAREN:
    case AcesoLexer::RIGHT_BRACKET:
      if (in(Block::bracket)) open_.pop_back();
      return;
    default: return;
    }
    if (open_.size() > max_depth_) {
      sink_.report(Kind::nested_too_deeply, span(begin, end), max_depth_).mend =
          "give the inner parts names of their own with `define`";
      result_.too_deep = true;
    }
  }

  /// Called when `{` has been appended.
  Block block_kind() {
    const std::size_t before = previous(1);
    if (before == AcesoLexer::KW_SCORE && previous(2) == AcesoLexer::EQUAL) return Block::score;
    if (table_comes_ && open_.empty() && before != AcesoLexer::KW_OF && before != AcesoLexer::KW_SCALE) {
      table_comes_ = false;
      return Block::table;
    }
    return Block::plain;
  }

  void look_for_line_end(std::uint32_t begin) {
    for (; seen_ < begin; ++seen_) {
      if (text_[seen_] == '\n' || text_[seen_] == '\r') new_line_ = true;
    }
  }
  [[nodiscard]] bool starts_text_line(std::uint32_t begin) const {
    return begin == byte_order_mark(text_) || text_[begin - 1] == '\n' || text_[begin - 1] == '\r';
  }

  void take_comment(std::uint32_t begin, std::uint32_t end) {
    std::uint32_t before = begin;
    while (before > 0 && (text_[before - 1] == ' ' || text_[before - 1] == '\t'))
      --before;
    const bool own_line = before == byte_order_mark(text_) || before == 0 || starts_text_line(before);
    result_.comments.push_back({span(begin, end), own_line});
  }

  void take_foreign_sign(std::uint32_t begin, std::uint32_t end) {
    const ForeignSign sign = foreign_sign(slice(begin, end), in(Block::table));
    sink_.report(Kind::unknown_character, span(begin, end), fmt::format("`{}`", slice(begin, end))).mend = sign.mend;
    if (sign.type != 0) take_token(sign.type, begin, end);
  }

  /// The lexer gives a whole run of characters outside ASCII; only the first is taken.
  void take_non_ascii(std::uint32_t begin) {
    const CodePoint c = code_point(text_, begin);
    const std::uint32_t end = begin + c.length;
    at_ = end;
    if (is_curly_quote(c.value)) return take_curly_text(begin, end);
    const ForeignSign sign = foreign_character(c.value);
    if (sign.known) {
      sink_.report(Kind::unknown_character, span(begin, end), fmt::format("`{}`", slice(begin, end))).mend = sign.mend;
      if (sign.type != 0) take_token(sign.type, begin, end);
      return;
    }
    const bool in_word = glued_end_ == begin && begin != 0;
    if (!in_word) {
      sink_.report(Kind::unknown_character, span(begin, end), fmt::format("`{}`", slice(begin, end))).mend =
          "names use the letters a to z, digits and _";
      const bool after_name =
          !result_.tokens.empty() && result_.tokens.back().end() == begin && can_be_name(previous());
      if (!after_name) take_token(AcesoLexer::NAME, begin, end);
    }
    glue(end);
  }

  /// Makes the last token, a name with foreign letters, longer.
  void glue(std::uint32_t end) {
    result_.tokens.back().type_ = AcesoLexer::NAME;
    result_.tokens.back().end_ = end;
    glued_end_ = end;
  }

  void take_curly_text(std::uint32_t begin, std::uint32_t end) {
    std::uint32_t close = end;
    for (; close < text_.size() && text_[close] != '\n' && text_[close] != '\r'; ++close) {
      if (text_[close] == '"') break;
      const CodePoint c = code_point(text_, close);
      if (is_curly_quote(c.value)) {
        close += c.length;
        break;
      }
    }
    if (close < text_.size() && text_[close] == '"') ++close;
    sink_
        .report(Kind::unknown_character, span(begin, end),
                fmt::format("the curly quotation mark `{}`", slice(begin, end)))
        .mend = "write straight quotation marks: \"...\"";
    at_ = close;
    take_token(AcesoLexer::TEXT, begin, close);
  }

  void take_unterminated_text(std::uint32_t begin, std::uint32_t end) {
    sink_.report(Kind::unterminated_text, span(begin, end)).mend =
        "put \" at its end; a text stands on one line, and \\n in it begins a new one";
    take_token(AcesoLexer::TEXT, begin, end);
  }

  void check_escapes(std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin + 1; i + 1 < end; ++i) {
      if (text_[i] != '\\') continue;
      ++i;
      if (text_[i] == '"' || text_[i] == '\\' || text_[i] == 'n') continue;
      const std::uint32_t after = i + code_point(text_, i).length;
      sink_.report(Kind::unknown_character, span(i - 1, after), fmt::format("`{}` in a text", slice(i - 1, after)))
          .mend = "write `\\\\` for a backslash; the others are `\\\"` and `\\n`";
    }
  }

  std::string_view text_;
  std::uint32_t file_;
  unsigned max_depth_;
  Sink& sink_;
  ByteStream stream_;
  AcesoLexer lexer_;
  const std::unordered_map<std::string_view, std::size_t>& keywords_;
  TokenizedFile result_;
  std::vector<Block> open_;
  std::uint32_t at_;            ///< the next token is looked for here
  std::uint32_t seen_ = 0;      ///< line ends are counted up to here
  std::uint32_t glued_end_ = 0; ///< the end of a name with foreign letters
  bool new_line_ = false;
  bool candidate_ = false;      ///< the last token may begin a declaration
  bool previous_arrow_ = false; ///< the row of a table is behind its `->`
  bool table_comes_ = false;    ///< between `table` and its `{`
};

TokenizedFile tokenize(std::string_view text, std::uint32_t file, unsigned max_depth, Sink& sink) {
  return Tokenizer(text, file, max_depth, sink).run();
}

} // namespace aceso::parse
