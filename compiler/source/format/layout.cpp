#include "format/layout.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "format/expression_reader.h"

namespace aceso::format {
namespace {

constexpr std::size_t inner = 2; ///< the indentation of a block of a declaration

class DeclarationReader : public ExpressionReader {
public:
  using ExpressionReader::ExpressionReader;

  Doc read_file() {
    std::vector<Row> rows;
    while (!is_kind(TokenKind::end)) {
      const auto first = at_;
      rows.push_back(read_declaration());
      rows.back().first = first;
      tokens_[first].starts_row = true;
      tokens_[first].starts_block = rows.size() == 1;
    }
    tokens_[at_].starts_block = rows.empty();
    return build_.concat({lay_rows(rows, 0, {.single_lines = true}), build_.dangling(at_)});
  }

private:
  /// A row with one column.
  static Row single(Doc doc) { return {.kind = {}, .cells = {std::move(doc)}}; }
  static Row columns(std::string_view kind, std::vector<Doc> cells, bool breaks_at_last = false) {
    return {.kind = kind, .cells = std::move(cells), .breaks_at_last = breaks_at_last};
  }
  /// The cites behind a declaration stand below it and do not matter to its layout.
  Row with_cites(Row row) {
    row.below = read_cites();
    return row;
  }

  Row read_declaration() {
    using Read = Row (DeclarationReader::*)();
    static constexpr std::pair<std::string_view, Read> readers[] = {
        {"guideline", &DeclarationReader::read_guideline},
        {"module", &DeclarationReader::read_module},
        {"use", &DeclarationReader::read_use},
        {"source", &DeclarationReader::read_source},
        {"interpretation", &DeclarationReader::read_interpretation},
        {"type", &DeclarationReader::read_type_declaration},
        {"unit", &DeclarationReader::read_unit_declaration},
        {"inputs", &DeclarationReader::read_inputs},
        {"codes", &DeclarationReader::read_codes},
        {"constraint", &DeclarationReader::read_constraint},
        {"function", &DeclarationReader::read_function},
        {"define", &DeclarationReader::read_define},
        {"table", &DeclarationReader::read_table},
        {"differential", &DeclarationReader::read_differential},
        {"action", &DeclarationReader::read_action},
        {"action_class", &DeclarationReader::read_action_class},
        {"rule", &DeclarationReader::read_rule},
        {"caution", &DeclarationReader::read_caution},
        {"pathway", &DeclarationReader::read_pathway},
        {"property", &DeclarationReader::read_property},
        {"case", &DeclarationReader::read_case},
    };
    for (const auto& [word, read] : readers)
      if (is(word)) return with_cites((this->*read)());
    fail();
  }

  // ---------------------------------------------------------------- heads
  /// word NAME "title"
  std::vector<Doc> read_head() {
    std::vector<Doc> head{take(), take_name()};
    if (is_kind(TokenKind::text)) head.push_back(take());
    return head;
  }

  Doc read_dotted() {
    std::vector<Doc> parts{take_name()};
    while (is(".")) {
      parts.push_back(take());
      parts.push_back(is_kind(TokenKind::number) ? take() : take_name());
    }
    return build_.concat(std::move(parts));
  }

  void read_result_type(std::vector<Doc>& head) {
    head.push_back(take(":"));
    head.push_back(read_type());
  }

  // ---------------------------------------------------------------- fields
  /// One word, then what belongs to it, in columns.
  Row read_field() {
    if (is("cite")) return single(read_cite());
    if (is("applies")) {
      const Doc key = take();
      const Doc when = take("when");
      return clause(key, words({when, read_aligned()}));
    }
    if (is("languages")) {
      const Doc key = take();
      return clause(key, words(comma_list([&] { return take_name(); })));
    }
    if (is("numbered")) {
      const Doc key = take();
      return clause(key, words({take(), take("to"), take()}));
    }
    if (is("reference")) {
      const Doc key = take();
      return clause(key, words({take(), take(TokenKind::text)}));
    }
    if (is("decided_by")) {
      std::vector<Doc> rest;
      const Doc key = take();
      rest.push_back(take(TokenKind::text));
      if (is("on")) rest.insert(rest.end(), {take(), take()});
      return clause(key, words(rest));
    }
    const Doc key = take_name();
    return clause(key, take());
  }

  static Row clause(Doc key, Doc rest) { return columns("clause", {std::move(key), std::move(rest)}); }

  Doc read_cite_rest() {
    std::vector<Doc> parts{take_name()};
    if (is("at")) parts.insert(parts.end(), {take(), take(TokenKind::text)});
    if (is("refs")) {
      parts.push_back(take());
      const auto numbers = comma_list([&] { return take(TokenKind::number); });
      parts.insert(parts.end(), numbers.begin(), numbers.end());
    }
    return words(parts);
  }

  Doc read_fields() {
    return block(inner, {.across_blanks = true}, [&] { return read_field(); });
  }

  Row read_guideline() {
    auto head = read_head();
    head.push_back(read_fields());
    return single(words(head));
  }

  Row read_module() {
    std::vector<Doc> head{take(), read_dotted()};
    if (is_kind(TokenKind::text)) head.push_back(take());
    if (is("{")) head.push_back(read_fields());
    return single(words(head));
  }

  Row read_use() {
    const Doc word = take();
    return single(words({word, read_dotted()}));
  }

  Row read_source() {
    auto head = read_head();
    if (is("{")) head.push_back(read_fields());
    return single(words(head));
  }

  Row read_interpretation() { return read_guideline(); }

  // ---------------------------------------------------------------- types and inputs
  Row read_type_declaration() {
    auto head = read_head();
    if (is("has")) {
      head.push_back(take());
      const auto attributes = comma_list([&] { return read_parameter(); });
      head.insert(head.end(), attributes.begin(), attributes.end());
    }
    if (is("worse")) head.insert(head.end(), {take(), take("when"), take()});
    head.push_back(take("="));
    head.push_back(read_type());
    return single(words(head));
  }

  Row read_unit_declaration() {
    std::vector<Doc> head{take()};
    const auto names = comma_list([&] { return take_name(); });
    head.insert(head.end(), names.begin(), names.end());
    if (is_kind(TokenKind::text)) head.push_back(take());
    head.push_back(take("="));
    head.push_back(take());
    return single(words(head));
  }

  Row read_inputs() {
    auto head = read_head();
    auto cites = read_cites();
    if (!cites.empty()) {
      cites.insert(cites.begin(), words(head));
      head = {lines(cites)};
    }
    head.push_back(block(inner, {.reach = 28}, [&] { return read_inputs_item(); }));
    return single(words(head));
  }

  Row read_inputs_item() {
    if (is("unknown")) return single(read_unknown());
    if (is("cite") && !is(":", 1)) return single(read_cite());
    std::vector<Doc> cells{take_name()};
    const Doc colon = take(":");
    cells.push_back(words({colon, read_type()}));
    Row row = columns("item", std::move(cells));
    row.fills_from = row.cells.size();
    row.hugs = tokens_[at_ - 1].text == "}";
    if (is_kind(TokenKind::text)) row.cells.push_back(take());
    std::vector<Doc> attributes;
    while (is_attribute())
      attributes.push_back(read_attribute());
    if (!attributes.empty()) row.cells.push_back(build_.fill(attributes));
    if (is("{")) row.tail = small_block(inner + 2, [&] { return single(read_detail()); });
    return row;
  }

  [[nodiscard]] bool is_attribute() const {
    if (is_one_of({"typical", "series", "accepts", "molar_mass"})) return !is(":", 1);
    return (is("fresh") && is("for", 1)) || (is("worse") && is("when", 1));
  }

  Doc read_attribute() {
    std::vector<Doc> parts{take()};
    if (tokens_[at_ - 1].text == "series") return parts.front();
    if (is("for")) {
      parts.insert(parts.end(), {take(), read_literal()});
    } else if (tokens_[at_ - 1].text == "accepts") {
      const auto units = comma_list([&] {
        std::vector<Doc> unit{take()};
        if (is("step")) unit.insert(unit.end(), {take(), read_literal()});
        return words(unit);
      });
      parts.insert(parts.end(), units.begin(), units.end());
    } else if (tokens_[at_ - 1].text == "worse") {
      parts.insert(parts.end(), {take("when"), take()});
    } else {
      parts.push_back(is("-") || is_kind(TokenKind::number) ? read_literal() : take());
    }
    return words(parts);
  }

  Doc read_detail() {
    if (is("unknown")) return read_unknown();
    return is("cite") ? read_cite() : read_attribute();
  }

  Doc read_unknown() {
    std::vector<Doc> parts{take("unknown")};
    if (is("ask")) {
      parts.push_back(take());
      return words(parts);
    }
    parts.insert(parts.end(), {take("assume"), read_aligned()});
    parts.insert(parts.end(), {take("because"), take(TokenKind::text)});
    return words(parts);
  }

  Row read_codes() {
    std::vector<Doc> head{take()};
    if (is_name()) head.push_back(take());
    if (is_kind(TokenKind::text)) head.push_back(take());
    head.push_back(block(inner, {}, [&] { return read_codes_item(); }));
    return single(words(head));
  }

  Row read_codes_item() {
    if (is("cite") && is_name(1)) return single(read_cite());
    if (is("system") && is_name(1)) {
      const Doc word = take();
      std::vector<Doc> cells{words({word, take_name()}), take(TokenKind::text)};
      if (is("version")) {
        const Doc version = take();
        cells.push_back(words({version, take(TokenKind::text)}));
      }
      return columns("system", std::move(cells));
    }
    if (is("concept") && is_name(1)) {
      const Doc word = take();
      return read_binding("concept", words({word, take_name()}));
    }
    if (is_one_of({"value_set", "hierarchy"}) && is_name(1)) return read_coded_set();
    return read_binding("binding", read_dotted());
  }

  Row read_coded_set() {
    std::vector<Doc> head{take(), take_name()};
    if (is_kind(TokenKind::text)) head.push_back(take());
    if (is("of")) head.insert(head.end(), {take(), take_name()});
    head.push_back(take("="));
    if (is("{")) {
      head.push_back(brace_list([&] { return read_code_entry(); }, ListStyle::one_a_line));
      return single(words(head));
    }
    std::vector<Doc> parts{words(head)};
    while (is_one_of({"file", "version", "hash"}) && is_kind(TokenKind::text, 1)) {
      const Doc key = take();
      parts.push_back(words({key, take()}));
    }
    return single(build_.nest(4, build_.fill(parts)));
  }

  Doc read_code_entry() {
    std::vector<Doc> parts{take_name(), take(TokenKind::text)};
    if (is_kind(TokenKind::text)) parts.push_back(take());
    return words(parts);
  }

  Row read_binding(std::string_view kind, Doc target) {
    std::vector<Doc> cells{std::move(target)};
    const Doc sign = take("=");
    cells.push_back(words({sign, take_name()}));
    cells.push_back(take(TokenKind::text));
    if (is_kind(TokenKind::text)) cells.push_back(take());
    return columns(kind, std::move(cells));
  }

  // ---------------------------------------------------------------- what follows
  Row read_constraint() {
    auto head = read_head();
    head.push_back(block(inner, {.across_blanks = true}, [&] {
      if (is("cite")) return single(read_cite());
      const Doc key = take();
      return clause(key, is_kind(TokenKind::text) ? take() : read_aligned());
    }));
    return single(words(head));
  }

  Row read_function() {
    const Doc word = take();
    const Doc name = take_name();
    const Doc open = take("(");
    const auto parameters = elements(")", [&] { return read_parameter(); });
    const Doc close = take(")");
    std::vector<Doc> list;
    for (const Doc& parameter : parameters) {
      list.push_back(build_.line(list.empty() ? 0 : 1));
      list.push_back(parameter);
    }
    std::vector<Doc> head{word, build_.group(build_.concat({name, open, build_.nest(2, build_.concat(std::move(list))),
                                                            build_.line(0), close}))};
    if (is(":")) read_result_type(head);
    if (!is("require")) {
      const Doc sign = take("=");
      head.push_back(build_.concat({sign, read_body()}));
      return single(words(head));
    }
    const Doc require = take();
    const Doc condition = read_aligned();
    const Doc message = take("message");
    const Doc precondition = lines({words({require, condition}), words({message, take(TokenKind::text)})});
    const Doc sign = take("=");
    const Doc body = words({sign, read_aligned()});
    return single(build_.group(build_.concat(
        {words(head), build_.nest(2, build_.concat({build_.line(), precondition, build_.line(), body}))})));
  }

  Row read_define() {
    auto head = read_head();
    if (is(":")) read_result_type(head);
    const Doc sign = take("=");
    const Doc name = words(head);
    return columns("define", {name, build_.concat({sign, read_definition(name->width + 2)})});
  }

  /// `before`: the width of what stands before it.
  Doc read_definition(std::size_t before) {
    if (is("score") && is("{", 1)) {
      const Doc word = take();
      const Doc items = block(inner, {.across_blanks = true},
                              [&] { return read_line_item(LineBlock::score, [&] { return read_score_item(); }); });
      return build_.concat({space(), words({word, items})});
    }
    if (is("first") && is("{", 1)) {
      const Doc word = take();
      const Doc items = block(inner, {.across_blanks = true}, [&] { return read_first_item(); });
      return build_.concat({space(), words({word, items})});
    }
    if (!is("bands") || !starts_bands()) return read_body();
    const Doc word = take();
    const Doc subject = read_expression();
    const Doc items = block(inner, {.across_blanks = true}, [&] { return read_band(); });
    const Doc bands = words({word, subject, items});
    const bool fits = before + std::string_view(" bands  {").size() + subject->width <= line_limit;
    if (fits) return build_.concat({space(), bands});
    return build_.nest(2, build_.concat({build_.hardline(), bands}));
  }

  /// "bands" before an expression, and not a name of the author's.
  [[nodiscard]] bool starts_bands() const {
    return is_name(1) || is("(", 1) || is_kind(TokenKind::number, 1) || is("if", 1) || is("[", 1);
  }

  Row read_band() {
    std::vector<Doc> limit;
    if (is("otherwise"))
      limit = {take()};
    else if (is("below"))
      limit = {take(), read_aligned()};
    else
      limit = {take("up"), take("to"), read_aligned()};
    const Doc colon = take(":");
    return columns("band", {words(limit), words({colon, read_aligned()})});
  }

  Row read_first_item() {
    std::vector<Doc> condition{take()};
    if (!is(":")) condition.push_back(read_aligned());
    const Doc colon = take(":");
    // Where the line is too long, the value goes below it: both are read more easily than a value that is broken in a
    // narrow column behind its condition.
    const Doc value = build_.group(build_.nest(4, build_.concat({build_.line(1), read_aligned()})));
    return columns("first", {words(condition), build_.concat({colon, value})});
  }

  Row read_score_item() {
    std::vector<Doc> cells{read_operand()};
    if (is("if")) {
      const Doc word = take();
      cells.push_back(words({word, read_aligned()}));
    }
    if (is_kind(TokenKind::text)) cells.push_back(take());
    return columns("score", std::move(cells));
  }

  Row read_table() {
    auto head = read_head();
    read_result_type(head);
    if (is("collect")) head.push_back(take());
    if (!is("{")) head.push_back(take());
    bool is_header = true;
    const Doc open = take("{");
    auto rows = rows_until("}", [&] {
      if (is("cite") && is_name(1)) return single(read_cite());
      return read_line_item(LineBlock::table, [&] { return read_table_row(std::exchange(is_header, false)); });
    });
    const auto closing = at_++;
    widen_otherwise(rows);
    const Doc body = lay_rows(rows, inner, {.reach = line_limit, .across_blanks = true});
    head.push_back(build_.concat({open, close_block(body, closing)}));
    return single(words(head));
  }

  /// "otherwise" stands for all columns.
  void widen_otherwise(std::vector<Row>& rows) const {
    std::vector<std::size_t> widths;
    for (const Row& row : rows)
      for (std::size_t i = 0; row.kind == "row" && i + 1 < row.cells.size(); ++i) {
        if (i == widths.size()) widths.push_back(0);
        widths[i] = std::max(widths[i], row.cells[i]->width + (i == 0 ? 0 : 1));
      }
    const auto total = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
    for (Row& row : rows)
      if (row.kind == "otherwise" && row.cells[0]->width < total)
        row.cells[0] = build_.concat({row.cells[0], build_.blanks(total - row.cells[0]->width)});
  }

  Row read_table_row(bool is_header) {
    std::vector<Doc> cells;
    const std::string_view kind = is("otherwise") ? "otherwise" : "row";
    if (is("otherwise")) {
      cells.push_back(take());
    } else {
      cells.push_back(is_header ? read_expression() : read_cell());
      while (is("|")) {
        const Doc bar = take();
        cells.push_back(words({bar, is_header ? read_expression() : read_cell()}));
      }
    }
    const Doc arrow = take("->");
    cells.push_back(words({arrow, read_expression()}));
    return columns(kind, std::move(cells));
  }

  Doc read_cell() {
    if (is_one_of({"any", "-"}) && is_one_of({"|", "->"}, 1)) return take();
    std::vector<Doc> parts;
    if (is("not")) parts.push_back(take());
    const auto tests = comma_list([&] { return read_cell_test(); });
    parts.insert(parts.end(), tests.begin(), tests.end());
    return words(parts);
  }

  Doc read_cell_test() {
    if (is("unknown")) return take();
    std::vector<Doc> parts;
    const auto take_limit = [&] {
      if (is_one_of({"=", "!=", "<", "<=", ">", ">="})) parts.push_back(take());
      parts.push_back(read_operand());
    };
    take_limit();
    while (is_one_of({"to", "and"})) {
      parts.push_back(take());
      take_limit();
    }
    return words(parts);
  }

  Row read_differential() {
    auto head = read_head();
    read_result_type(head);
    head.push_back(take("among"));
    head.push_back(brace_list([&] { return take_name(); }, ListStyle::fill));
    head.push_back(block(inner, {}, [&] { return read_differential_item(); }));
    return single(words(head));
  }

  Row read_differential_item() {
    if (is("cite")) return single(read_cite());
    if (is("decide")) return single(read_decide());
    if (is("argument")) return read_argument();
    std::vector<Doc> cells{take(), take_name()};
    const Doc when = take("when");
    cells.push_back(words({when, read_aligned()}));
    return columns("verdict", std::move(cells));
  }

  Row read_argument() {
    const Doc word = take();
    std::vector<Doc> cells{words({word, take()}), take_name()};
    if (is("weight")) {
      const Doc weight = take();
      cells.push_back(words({weight, read_literal()}));
    } else {
      cells.push_back(take());
    }
    const Doc when = take("when");
    std::vector<Doc> rest{words({when, read_aligned()})};
    if (is_kind(TokenKind::text)) rest.push_back(take());
    cells.push_back(build_.align(build_.group(separated(rest))));
    Row row = columns("argument", std::move(cells));
    if (is("{")) row.tail = read_cite_block();
    return row;
  }

  Doc read_cite_block() {
    return small_block(inner + 2, [&] { return single(read_cite()); });
  }

  Doc read_decide() {
    const Doc word = take();
    const auto parts = comma_list([&] {
      std::vector<Doc> part{take()};
      if (is("by")) part.push_back(take());
      part.push_back(read_literal());
      return words(part);
    });
    return words({word, build_.align(build_.fill(parts))});
  }

  // ---------------------------------------------------------------- what can be advised
  Row read_action() {
    const Doc word = take();
    std::vector<Doc> cells{words({word, take_name()}), take(TokenKind::text)};
    const Doc colon = take(":");
    cells.push_back(words({colon, take_name()}));
    Row row = columns("action", std::move(cells));
    if (is("{")) row.tail = small_block(inner, [&] { return single(read_action_item()); });
    return row;
  }

  Doc read_action_item() {
    if (is("cite")) return read_cite();
    std::vector<Doc> parts{take()};
    if (is("with")) parts.insert(parts.end(), {take(), take_name()});
    if (is_kind(TokenKind::text)) parts.push_back(take());
    return words(parts);
  }

  Row read_action_class() {
    auto head = read_head();
    if (is("at")) head.insert(head.end(), {take(), take("most"), take("one")});
    const Doc open = take("{");
    const auto members = elements("}", [&] { return take_name(); });
    const auto closing = at_++;
    tokens_[closing].starts_block = false;
    head.push_back(build_.concat(
        {open, build_.nest(2, build_.concat({build_.hardline(), build_.fill(members), build_.dangling(closing)})),
         build_.hardline(), build_.token(closing, false)}));
    return single(words(head));
  }

  Row read_rule() {
    auto head = read_head();
    const Doc open = take("{");
    auto rows = rows_until("}", [&] { return read_rule_item(); });
    const auto closing = at_++;
    std::size_t width = std::string_view("recommend").size();
    for (const Row& row : rows)
      width = std::max(width, row.cells.front()->width);
    head.push_back(build_.concat(
        {open, close_block(lay_rows(rows, inner, {.across_blanks = true, .first_width = width}), closing)}));
    return single(words(head));
  }

  Row read_rule_item() {
    if (is("cite")) {
      const Doc key = take();
      return clause(key, read_cite_rest());
    }
    if (is_one_of({"when", "unless"})) {
      const Doc key = take();
      return clause(key, read_aligned());
    }
    if (is_one_of({"recommend", "suggest", "avoid", "contraindicate"})) return read_advice();
    const bool overrides = is("overrides");
    const Doc key = take();
    std::vector<Doc> rest{take()};
    if (overrides) {
      const Doc because = take("because");
      rest.push_back(words({because, take(TokenKind::text)}));
    }
    return clause(key, lines(rest));
  }

  Row read_advice() {
    const Doc verb = take();
    auto parts = comma_list([&] { return take_name(); });
    while (is_one_of({"strong", "weak", "immediately", "urgently", "soon", "routinely", "within"})) {
      if (!is("within")) {
        parts.push_back(take());
        continue;
      }
      const Doc within = take();
      parts.push_back(words({within, read_literal()}));
    }
    return clause(verb, build_.align(build_.fill(parts)));
  }

  Row read_caution() {
    std::vector<Doc> head{take(), take_name()};
    const Doc when = take("when");
    const Doc condition = words({when, read_aligned()});
    const Doc opening = lines({words(head), condition});
    const Doc body = block(inner, {}, [&] { return single(is("cite") ? read_cite() : take(TokenKind::text)); });
    return single(words({opening, body}));
  }

  // ---------------------------------------------------------------- pathways
  struct Stage {
    std::vector<Doc> cells;
    std::vector<Row> rows;
    Doc open;
    std::size_t closing = 0;
  };

  Row read_pathway() {
    auto head = read_head();
    const Doc open = take("{");
    std::vector<Stage> stages;
    auto rows = rows_until("}", [&] { return read_pathway_item(stages); });
    const auto closing = at_++;
    const auto transition = transition_width(stages);
    std::vector<std::size_t> widths;
    for (const Stage& stage : stages)
      if (stage.cells.size() > 1 && (transition != 0 || !stage.open)) widths.push_back(stage.cells.front()->width);
    // Titles stand above the "go to" of their stages' transitions.
    const auto title = std::max(column_width(widths, 24), transition == 0 ? 0 : transition + 2);
    std::size_t next = 0;
    for (Row& row : rows)
      if (row.kind == "stage") row.cells = lay_stage(stages[next++], transition);
    head.push_back(build_.concat(
        {open, close_block(lay_rows(rows, inner, {.across_blanks = true, .first_width = title}), closing)}));
    return single(words(head));
  }

  /// The width of what stands before "go to" in the transitions of all stages; 0 where that is too much for columns.
  static std::size_t transition_width(const std::vector<Stage>& stages) {
    std::vector<std::size_t> widths;
    for (const Stage& stage : stages)
      for (const Row& row : stage.rows)
        if (row.kind == "transition" && !row.cells.front()->is_broken) widths.push_back(row.cells.front()->width);
    constexpr std::size_t most = 36;
    const auto width = column_width(std::move(widths), 18);
    return width > most ? 0 : width;
  }

  std::vector<Doc> lay_stage(Stage& stage, std::size_t width) {
    if (!stage.open) return stage.cells;
    const auto first = std::max(width, std::size_t{1}); // 1: no columns
    const Doc rows = lay_rows(stage.rows, inner + 2, {.across_blanks = true, .first_width = first});
    if (width == 0) stage.cells = {words(stage.cells)};
    stage.cells.back() = words({stage.cells.back(), build_.concat({stage.open, close_block(rows, stage.closing)})});
    return stage.cells;
  }

  Row read_pathway_item(std::vector<Stage>& stages) {
    if (is("cite")) return single(read_cite());
    if (is("stage")) {
      stages.push_back(read_stage());
      return columns("stage", {});
    }
    if (is("at")) return read_interrupt();
    const Doc word = take("start");
    return single(words({word, take_name()}));
  }

  Stage read_stage() {
    Stage stage;
    const Doc word = take();
    stage.cells.push_back(words({word, take_name()}));
    if (is_kind(TokenKind::text)) stage.cells.push_back(take());
    if (is("final")) stage.cells.push_back(take());
    if (!is("{")) return stage;
    stage.open = take();
    stage.rows = rows_until("}", [&] { return is("cite") ? single(read_cite()) : read_transition({}); });
    stage.closing = at_++;
    return stage;
  }

  Row read_interrupt() {
    std::vector<Doc> head{take(), take("any"), take("stage")};
    if (is("except")) {
      head.push_back(take());
      const auto stages = comma_list([&] { return take_name(); });
      head.insert(head.end(), stages.begin(), stages.end());
    }
    Row row = read_transition(std::move(head));
    row.kind = "interrupt";
    return row;
  }

  /// `before`: what stands before it, for an interrupt.
  Row read_transition(std::vector<Doc> before) {
    while (is_one_of({"after", "within"}))
      before.insert(before.end(), {take(), read_literal()});
    if (is("when")) before.insert(before.end(), {take(), read_aligned()});
    std::vector<Doc> target;
    if (is("repeat"))
      target = {take(), take_name(), take("at"), take("most"), take(TokenKind::number)};
    else
      target = {take("go"), take("to"), take_name()};
    Row row = before.empty() ? single(words(target)) : columns("transition", {words(before), words(target)}, true);
    if (is("{")) row.tail = read_cite_block();
    return row;
  }

  // ---------------------------------------------------------------- properties and cases
  Row read_property() {
    auto head = read_head();
    head.push_back(block(inner, {}, [&] { return single(read_property_item()); }));
    return single(words(head));
  }

  Doc read_property_item() {
    if (is("cite")) return read_cite();
    std::vector<Doc> parts;
    if (is("stage")) {
      parts.push_back(words({take(), take_name(), take("only"), take("after"), take_name()}));
    } else {
      const bool is_never = is("never");
      parts.push_back(read_property_part());
      if (!is_one_of({"then", "when"}) || is_never != is("when")) fail();
      parts.push_back(read_property_part());
    }
    if (is("even")) parts.push_back(words({take(), take("when"), take("data"), take("are"), take("missing")}));
    return lines(parts);
  }

  /// One word and an expression; behind "undetermined x missing a" more names may follow.
  Doc read_property_part() {
    const Doc word = take();
    return words({word, build_.align(words(comma_list([&] { return read_expression(); })))});
  }

  Row read_case() {
    std::vector<Doc> head{take(), take(TokenKind::text)};
    const Doc open = take("{");
    auto rows = rows_until("}", [&] { return read_case_item(); });
    const auto closing = at_++;
    std::size_t moment = 0;
    for (const Row& row : rows)
      if (row.kind == "moment") moment = std::max(moment, row.cells.front()->width);
    for (Row& row : rows)
      if (row.kind != "moment" && moment != 0) row.extra_indent = moment + 1;
    head.push_back(build_.concat(
        {open, close_block(lay_rows(rows, inner, {.across_blanks = true, .first_width = moment}), closing)}));
    return single(words(head));
  }

  Row read_case_item() {
    if (!is("at")) return single(read_step_part());
    std::vector<Doc> moment{take(), take()};
    if (is_kind(TokenKind::number)) moment.push_back(take());
    std::vector<Doc> cells{words(moment)};
    if (is_one_of({"given", "expect"})) cells.push_back(read_step_part(1));
    return columns("moment", std::move(cells));
  }

  /// `blanks`: behind "given", which is one shorter than "expect".
  Doc read_step_part(std::size_t blanks = 2) {
    const bool is_given = is("given");
    if (!is_given && !is("expect")) fail();
    const Doc word = take();
    const auto parts = comma_list([&] { return is_given ? read_given() : read_expectation(); });
    return build_.concat({word, build_.blanks(is_given ? blanks : 1), build_.align(build_.fill(parts))});
  }

  Doc read_given() {
    if (is_one_of({"no", "not"})) return words({take(), take_name()});
    std::vector<Doc> parts{take_name()};
    if (is("=")) {
      parts.insert(parts.end(), {take(), read_operand()});
    } else if (is_one_of({"is", "unknown"})) {
      if (is("is")) parts.push_back(take());
      parts.push_back(take("unknown"));
      if (is_plain_name()) parts.push_back(take());
    }
    return words(parts);
  }

  Doc read_expectation() {
    if (is_one_of({"missing", "refused"}) && is_name(1) && !is_one_of({"given", "expect", "at"}, 1))
      return words({take(), take_name()});
    if (is("applies") && is("unknown", 1)) return words({take(), take()});
    return read_expression();
  }
};

} // namespace

std::string lay_out(std::string_view text) {
  auto tokens = read_tokens(text);
  DeclarationReader reader(tokens);
  return print(reader.read_file(), tokens);
}

} // namespace aceso::format
