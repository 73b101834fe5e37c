#include "format/expression_reader.h"

#include <algorithm>
#include <utility>

namespace aceso::format {

// ---------------------------------------------------------------- parentheses

Doc ExpressionReader::parenthesised(const Piece& piece) {
  if (!piece.has_parentheses()) return build_.concat({build_.text("("), build_.align(piece.doc), build_.text(")")});
  return build_.concat({build_.token(piece.open), build_.align(piece.doc), build_.token(piece.close)});
}

/// They stay where they carry a comment, and where a word behind them could be read as a part of what is inside.
bool ExpressionReader::can_drop_parentheses(const Piece& piece) const {
  for (const auto index : {piece.open, piece.close})
    if (!tokens_[index].before.empty() || !tokens_[index].after.empty()) return false;
  const Token& before = tokens_[piece.open - (piece.open == 0 ? 0 : 1)];
  const Token& last = tokens_[piece.close - 1];
  const Token& next = tokens_[piece.close + 1];
  if (piece.open != 0 && (before.kind == TokenKind::number || takes_next(before))) return false;
  if (next.kind == TokenKind::unit || next.kind == TokenKind::number) return false;
  // "-" may begin the next row of a table.
  if (next.kind == TokenKind::sign)
    return next.text != "(" && next.text != "[" && next.text != "." && !(next.text == "-" && in_line_item());
  return !is_name(next) || (last.kind != TokenKind::number && !takes_next(last) && !is_added(next));
}

/// Words that take the next one with them, if it is a name.
bool ExpressionReader::takes_next(const Token& token) {
  static constexpr std::string_view words[] = {"advised",         "avoided",   "caution", "change",       "conflict",
                                               "contraindicated", "count",     "first",   "highest",      "latest",
                                               "lowest",          "mean",      "missing", "overridden",   "recommended",
                                               "stage",           "suggested", "trend",   "undetermined", "unknown"};
  return token.kind == TokenKind::word && std::binary_search(std::begin(words), std::end(words), token.text);
}

/// Words that belong to an outcome or a series before them.
bool ExpressionReader::is_added(const Token& token) {
  static constexpr std::string_view words[] = {"as",   "immediately", "improving", "missing", "of",     "routinely",
                                               "soon", "strong",      "urgently",  "weak",    "within", "worsening"};
  return token.kind == TokenKind::word && std::binary_search(std::begin(words), std::end(words), token.text);
}

Doc ExpressionReader::part(const Piece& piece, Level least) {
  if (piece.level < least) return parenthesised(piece);
  if (piece.has_parentheses() && !can_drop_parentheses(piece)) return parenthesised(piece);
  return piece.doc;
}

Doc ExpressionReader::whole(const Piece& piece) { return part(piece, Level::conditional); }

// ---------------------------------------------------------------- loosest first

Doc ExpressionReader::read_expression() { return whole(read_or()); }

Doc ExpressionReader::read_operand() { return whole(read_sum()); }

Doc ExpressionReader::read_body() {
  const Piece piece = read_or();
  const Doc body = whole(piece);
  return build_.body(body, piece.hugs);
}

ExpressionReader::Piece ExpressionReader::read_or() {
  Piece first = read_and();
  if (!is("or")) return first;
  std::vector<Doc> parts{logic_part(first)};
  while (is("or")) {
    const Doc word = take();
    parts.insert(parts.end(), {build_.line(), word, space(), logic_part(read_and())});
  }
  return {build_.group(build_.concat(std::move(parts))), Level::disjunction};
}

ExpressionReader::Piece ExpressionReader::read_and() {
  Piece first = read_not();
  if (!is("and")) return first;
  std::vector<Doc> parts{logic_part(first)};
  while (is("and")) {
    const Doc word = take();
    parts.insert(parts.end(), {build_.line(), word, space(), logic_part(read_not())});
  }
  return {build_.group(build_.concat(std::move(parts))), Level::conjunction};
}

ExpressionReader::Piece ExpressionReader::read_not() {
  std::vector<Doc> parts;
  while (is("not"))
    parts.insert(parts.end(), {take(), space()});
  Piece inner = read_comparison();
  if (parts.empty()) return inner;
  parts.push_back(part(inner, Level::outcome));
  return {build_.concat(std::move(parts)), Level::negation, inner.hugs && !inner.has_parentheses()};
}

ExpressionReader::Piece ExpressionReader::read_comparison() {
  if (is_outcome()) return read_outcome();
  Piece piece = read_comparison_tail(read_sum());
  if (!is("for") || !is("at", 1)) return piece;
  const bool is_tail = piece.level == Level::comparison && !piece.has_parentheses();
  std::vector<Doc> parts{is_tail ? piece.doc : part(piece, Level::sum)};
  parts.insert(parts.end(), {take(), take(), take("least"), read_literal()});
  return {words(parts), Level::comparison};
}

ExpressionReader::Piece ExpressionReader::read_comparison_tail(Piece left) {
  const bool is_in = is("in") || (is("not") && is("in", 1));
  if (is_in) {
    std::vector<Doc> head{part(left, Level::sum)};
    if (is("not")) head.push_back(take());
    head.push_back(take());
    if (is("{")) {
      head.push_back(read_set());
      return {words(head), Level::comparison, true};
    }
    head.push_back(part(read_sum(), Level::sum));
    if (!is("to")) return {words(head), Level::comparison};
    head.push_back(take());
    head.push_back(part(read_sum(), Level::sum));
    return {words(head), Level::comparison};
  }
  if (is("is")) {
    std::vector<Doc> parts{part(left, Level::sum), take()};
    if (is("not")) parts.push_back(take());
    const bool is_article = is_one_of({"a", "an"});
    parts.push_back(take(TokenKind::word));
    if (is_article) parts.push_back(take_name());
    if (tokens_[at_ - 1].text == "unknown" && is_plain_name()) parts.push_back(take());
    return {words(parts), Level::comparison};
  }
  if (is_one_of({"worsening", "improving"}) && is("over", 1)) {
    std::vector<Doc> parts{part(left, Level::sum), take(), take(), read_literal()};
    read_as_of(parts);
    return {words(parts), Level::comparison};
  }
  if (is_one_of({"during", "includes", "overlaps", "before", "after", "meets", "starts", "ends"})) {
    std::vector<Doc> parts{part(left, Level::sum), take()};
    parts.push_back(part(read_sum(), Level::sum));
    return {words(parts), Level::comparison};
  }
  if (is("within")) {
    std::vector<Doc> parts{part(left, Level::sum), take()};
    parts.push_back(read_literal());
    parts.push_back(take(TokenKind::word));
    parts.push_back(part(read_sum(), Level::sum));
    return {words(parts), Level::comparison};
  }
  if (!is_one_of({"=", "!=", "<", "<=", ">", ">="})) return left;
  const Doc low = part(left, Level::sum);
  const Doc sign = take();
  const Doc high = part(read_sum(), Level::sum);
  // A line of a table must not begin with the sign.
  const Doc gap = in_line_item() ? space() : build_.line();
  return {build_.group(build_.concat({low, build_.nest(2, build_.concat({gap, sign, space(), high}))})),
          Level::comparison};
}

ExpressionReader::Piece ExpressionReader::read_sum() {
  Piece first = read_product();
  std::vector<Doc> parts;
  // "-" before "|" or "->" is the first cell of a table's next row.
  while (is_one_of({"+", "-"}) && !is_one_of({"|", "->"}, 1)) {
    if (parts.empty()) parts.push_back(part(first, Level::sum));
    const Doc sign = take();
    // A line of a score or a table must not begin with "-".
    parts.insert(parts.end(),
                 {in_line_item() ? space() : build_.line(), sign, space(), part(read_product(), Level::product)});
  }
  if (parts.empty()) return first;
  return {build_.group(build_.concat(std::move(parts))), Level::sum};
}

ExpressionReader::Piece ExpressionReader::read_product() {
  Piece first = read_sign();
  std::vector<Doc> parts;
  while (is_one_of({"*", "/"})) {
    if (parts.empty()) parts.push_back(part(first, Level::product));
    const Doc sign = take();
    parts.insert(parts.end(), {build_.line(), sign, space(), part(read_sign(), Level::sign)});
  }
  if (parts.empty()) return first;
  return {build_.group(build_.concat(std::move(parts))), Level::product};
}

ExpressionReader::Piece ExpressionReader::read_sign() {
  if (!is("-")) return read_postfix();
  const Doc sign = take();
  return {build_.concat({sign, part(read_sign(), Level::postfix)}), Level::sign};
}

ExpressionReader::Piece ExpressionReader::read_postfix() {
  Piece piece = read_primary();
  while (is(".")) {
    const Doc point = take();
    piece = {build_.concat({part(piece, Level::postfix), point, take_name()}), Level::postfix};
  }
  return piece;
}

// ---------------------------------------------------------------- the tightest forms

ExpressionReader::Piece ExpressionReader::read_primary() {
  if (is("(")) return read_parentheses();
  if (is("[")) return read_list();
  if (is("if")) return read_conditional();
  if (is_one_of({"any", "all", "none", "number"}) && is("of", 1) && is("{", 2)) return read_set_of({take(), take()});
  if (is_one_of({"any", "all", "none", "number"}) && is("of", 1) && is_name(2))
    return {words({take(), take(), take()}), Level::postfix};
  if (is("at") && is_one_of({"least", "most"}, 1) && is_kind(TokenKind::number, 2))
    return read_set_of({take(), take(), take(), take("of")});
  if (is("exactly") && is_kind(TokenKind::number, 1)) return read_set_of({take(), take(), take("of")});
  if (is("in") && is("stage", 1)) return {words({take(), take(), take_name()})};
  if (is_one_of({"latest", "first", "highest", "lowest", "mean", "count", "change", "trend"}) &&
      ((is("of", 1) && is_name(2)) || is_plain_name(1)))
    return read_series();
  if (is_kind(TokenKind::number)) return {read_literal()};
  if (is_kind(TokenKind::unit) || is_one_of({"yes", "no", "now"})) return {take()};
  if (is_name()) return read_name_or_call();
  fail();
}

ExpressionReader::Piece ExpressionReader::read_parentheses() {
  const auto open = at_++;
  Piece piece = read_or();
  piece.doc = whole(piece);
  if (!is(")")) fail();
  piece.hugs = false;
  piece.open = open;
  piece.close = at_++;
  return piece;
}

ExpressionReader::Piece ExpressionReader::read_conditional() {
  std::vector<Doc> parts;
  while (is("if")) {
    if (!parts.empty()) parts.push_back(space());
    const Doc word = take();
    const Doc condition = build_.align(part(read_or(), Level::disjunction));
    const Doc then = take("then");
    const Doc value = build_.align(part(read_or(), Level::disjunction));
    // One branch a line as soon as there are several.
    const bool is_chain = !parts.empty() || (is("else") && is("if", 1));
    parts.insert(parts.end(),
                 {words({word, condition, then, value}), is_chain ? build_.hardline() : build_.line(), take("else")});
  }
  parts.insert(parts.end(), {space(), build_.align(part(read_or(), Level::disjunction))});
  return {build_.group(build_.concat(std::move(parts))), Level::conditional};
}

ExpressionReader::Piece ExpressionReader::read_name_or_call() {
  const Doc name = take();
  if (!is("(")) return {name};
  const Doc open = take();
  const auto arguments = elements(")", [&] { return read_expression(); });
  const Doc close = take(")");
  std::vector<Doc> inner;
  for (const Doc& argument : arguments) {
    inner.push_back(build_.line(inner.empty() ? 0 : 1));
    inner.push_back(build_.nest(2, argument));
  }
  const Doc call =
      build_.group(build_.concat({name, open, build_.nest(2, build_.concat(std::move(inner))), build_.line(0), close}));
  return {call, Level::postfix, true};
}

ExpressionReader::Piece ExpressionReader::read_list() {
  const Doc open = take();
  const auto parts = elements("]", [&] { return read_expression(); });
  return {build_.concat({open, build_.align(build_.fill(parts)), take("]")}), Level::postfix, true};
}

Doc ExpressionReader::read_set() {
  return brace_list([&] { return build_.nest(2, read_expression()); }, ListStyle::one_a_line);
}

ExpressionReader::Piece ExpressionReader::read_set_of(std::vector<Doc> head) {
  head.push_back(read_set());
  return {words(head), Level::postfix, true};
}

ExpressionReader::Piece ExpressionReader::read_series() {
  std::vector<Doc> parts{take()};
  if (is("of")) parts.push_back(take());
  parts.push_back(take_name());
  // "latest seen within 2 weeks of surgery" compares; without "of" the words belong to the series.
  if (is("within") && !is("of", 2) && !is("of", 3)) parts.insert(parts.end(), {take(), read_literal()});
  read_as_of(parts);
  return {words(parts)};
}

void ExpressionReader::read_as_of(std::vector<Doc>& parts) {
  if (is("as") && is("of", 1)) parts.insert(parts.end(), {take(), take(), take()});
}

bool ExpressionReader::is_outcome() const {
  return is_one_of({"recommended", "suggested", "advised", "avoided", "contraindicated", "overridden", "conflict",
                    "undetermined", "caution", "stage"}) &&
         is_plain_name(1);
}

ExpressionReader::Piece ExpressionReader::read_outcome() {
  const bool is_undetermined = is("undetermined");
  std::vector<Doc> parts{take(), take_name()};
  if (is_undetermined && is("missing")) parts.push_back(read_missing());
  if (!is_undetermined) {
    if (is_one_of({"strong", "weak"})) parts.push_back(take());
    if (is_one_of({"immediately", "urgently", "soon", "routinely"})) parts.push_back(take());
  }
  return {words(parts), Level::outcome};
}

Doc ExpressionReader::read_missing() {
  std::vector<Doc> parts{take("missing"), take_name()};
  while (is(",") && missing_goes_on()) {
    parts.back() = build_.concat({parts.back(), take()});
    parts.push_back(take_name());
  }
  return build_.fill(parts);
}

/// "missing a, b": b is a name on its own and not the start of another expression.
bool ExpressionReader::missing_goes_on() const {
  if (!is_name(1)) return false;
  if (is_kind(TokenKind::word, 2))
    return !is_plain_name(2) && !is("is", 2) && !is("in", 2) && !is("of", 2) && !is("unknown", 2);
  return is_one_of({",", "}", ")"}, 2);
}

bool ExpressionReader::is_unit() const {
  if (is_kind(TokenKind::unit)) return true;
  return is_plain_name() && peek().line == tokens_[at_ - 1].line &&
         !is_one_of({"strong", "weak", "immediately", "urgently", "soon", "routinely", "refs", "from", "on"});
}

Doc ExpressionReader::read_literal() {
  std::vector<Doc> parts;
  if (is("-")) parts.push_back(take());
  parts.push_back(take(TokenKind::number));
  if (is_unit()) parts.insert(parts.end(), {space(), take()});
  return build_.concat(std::move(parts));
}

// ---------------------------------------------------------------- types

void ExpressionReader::read_range(std::vector<Doc>& parts) {
  if (!is("from")) return;
  parts.insert(parts.end(), {take(), read_literal()});
  parts.insert(parts.end(), {take("to"), read_literal()});
  if (is("step")) parts.insert(parts.end(), {take(), read_literal()});
}

Doc ExpressionReader::read_type() {
  if (is("one") && is("of", 1)) return words({take(), take(), read_members()});
  if (is("scale") && is("{", 1)) return words({take(), read_members()});
  if (is_one_of({"list", "interval"}) && is("of", 1)) return words({take(), take(), read_type()});
  if (is("code") && is("of", 1)) {
    std::vector<Doc> systems{take(), take(), take_name()};
    while (is("or"))
      systems.insert(systems.end(), {take(), take_name()});
    return words(systems);
  }
  std::vector<Doc> parts;
  const bool has_range = is_one_of({"number", "quantity", "duration"});
  parts.push_back(is("yes/no") ? take() : take_name());
  if (has_range) read_range(parts);
  return words(parts);
}

Doc ExpressionReader::read_parameter() {
  const Doc name = take_name();
  const Doc colon = take(":");
  return words({name, colon, read_type()});
}

/// Names alone are written one behind the other; members with a title or a score one a line, in columns.
Doc ExpressionReader::read_members() {
  bool is_rich = false;
  for (auto i = at_ + 1; i < tokens_.size() && tokens_[i].text != "}"; ++i)
    is_rich = is_rich ||
              !(tokens_[i].text == "," || tokens_[i].kind == TokenKind::word || tokens_[i].kind == TokenKind::number);
  if (!is_rich) return brace_list([&] { return take(); }, ListStyle::fill);
  const auto read = [&] {
    Row row;
    row.first = at_;
    const auto add = [&](Doc cell) { row.cells.push_back(std::move(cell)); };
    add(take());
    if (is_kind(TokenKind::text)) add(take());
    if (is("=")) {
      const Doc sign = take();
      add(words({sign, read_literal()}));
    }
    if (is("{"))
      add(brace_list(
          [&] {
            const Doc name = take_name();
            const Doc sign = take("=");
            return words({name, sign, read_expression()});
          },
          ListStyle::one_a_line));
    if (is(",") && !(is("}", 1) && peek().before.empty() && peek().after.empty()))
      row.cells.back() = build_.concat({row.cells.back(), take()});
    else if (is(","))
      ++at_;
    else if (!is("}"))
      fail();
    return row;
  };
  return block(2, {.reach = 24, .across_blanks = true}, read);
}

// ---------------------------------------------------------------- citations

Doc ExpressionReader::read_cite() {
  std::vector<Doc> parts{take("cite"), take_name()};
  if (is("at")) parts.insert(parts.end(), {take(), take(TokenKind::text)});
  if (is("refs")) {
    parts.push_back(take());
    const auto numbers = comma_list([&] { return take(TokenKind::number); });
    parts.insert(parts.end(), numbers.begin(), numbers.end());
  }
  return words(parts);
}

std::vector<Doc> ExpressionReader::read_cites() {
  std::vector<Doc> cites;
  while (is("cite"))
    cites.push_back(read_cite());
  return cites;
}

} // namespace aceso::format
