#include "parse/syntax_messages.h"

#include <algorithm>

#include "parse/mistake.h"

namespace aceso::parse {

using antlr4::misc::IntervalSet;
using diagnostics::Diagnostic;
using diagnostics::Kind;
using diagnostics::Sink;

namespace {

constexpr std::size_t longest_list = 6; ///< of words in "expected a, b or c"

class Explainer : private Mistake {
public:
  using Mistake::Mistake;

  void explain(const IntervalSet& expected) {
    expected_ = &expected;
    if (after_broken_text()) return;
    if (ends_line()) line_ended_ = true;
    if (unfinished() || unclosed() || decimal_comma() || division() || operator_alone() || misspelt() || reserved() ||
        special() || bracket()) {
      return;
    }
    general();
  }

  void stray(std::size_t previous_begin) {
    if (after_broken_text() || unfinished() || decimal_comma() || division() || operator_alone()) return;
    const bool first = previous_begin == at_;
    if (type_ == AcesoParser::NAME || type_ == AcesoParser::KW_REFS) {
      if (first || tokens_[at_].starts_line) {
        const std::string near =
            diagnostics::nearest(text(at_), words([](std::size_t t) { return begins_declaration(t); }));
        if (!near.empty()) return report_misspelt(near);
      }
    }
    const std::string found = here();
    if (first || tokens_[at_].starts_line) {
      Diagnostic& complaint = report(fmt::format("expected a declaration such as `rule` or `define`, found {}", found));
      const bool json = first && type_ == AcesoParser::LEFT_BRACE && tokens_[at_ + 1].getType() == AcesoParser::TEXT;
      if (json) complaint.mend = "a case file is given to its guideline: `aceso run GUIDELINE CASE`";
    } else {
      Diagnostic& complaint = report(fmt::format("{} does not continue what stands before it", found));
      if (type_ == AcesoParser::RIGHT_BRACE || type_ == AcesoParser::RIGHT_PAREN) {
        complaint.mend = "delete it, or add the bracket that it should close";
      } else if (can_be_name(type_) && can_be_name(tokens_[at_ - 1].getType())) {
        complaint.mend = one_word_mend();
      } else {
        complaint.mend = "join conditions with `and` or `or`; begin the next declaration with its keyword";
      }
    }
  }

private:
  bool report_bracket(std::size_t opener, std::string_view also) {
    const std::string closer = literal(closer_of(tokens_[opener].getType()));
    Diagnostic& complaint = sink_.report(
        Kind::missing_bracket, span(at_),
        fmt::format("expected {}`{}` to close {} opened on line {}", also, closer, opened(opener), line_of(opener)));
    complaint.mend = fmt::format("add `{}` before {}", closer, here());
    complaint.notes.push_back({span(opener), fmt::format("this `{}` has no `{}`", text(opener), closer)});
    return true;
  }

  /// A text without its closing mark has been reported, and took the rest of its line with it.
  [[nodiscard]] bool after_broken_text() const {
    if (at_ == 0 || tokens_[at_ - 1].getType() != AcesoParser::TEXT) return false;
    const std::string_view before = text(at_ - 1);
    return before.size() < 2 || (before.back() != '"' && static_cast<unsigned char>(before.back()) < 0x80);
  }

  /// Rows and items end with their line.
  [[nodiscard]] bool ends_line() const {
    const antlr4::ParserRuleContext* context = parser_.getContext();
    for (; context; context = dynamic_cast<const antlr4::ParserRuleContext*>(context->parent)) {
      const std::size_t rule = context->getRuleIndex();
      const bool by_line =
          rule == AcesoParser::RuleTableRow || rule == AcesoParser::RuleHeader || rule == AcesoParser::RuleScoreItem;
      if (by_line) return tokens_[at_].starts_line && at_ < tokens_.last();
    }
    return false;
  }

  bool unclosed() {
    if (at_ != tokens_.last() && !tokens_[at_].starts_declaration) return false;
    const std::size_t opener = open_bracket(declaration_begin());
    return opener != at_ && report_bracket(opener, "");
  }

  /// A bracket within a clause; blocks of clauses are better explained by their clauses.
  bool bracket() {
    const std::size_t opener = open_bracket(declaration_begin());
    if (opener == at_) return false;
    const bool may_close = expects(closer_of(tokens_[opener].getType()));
    if (!may_close || !(expects(AcesoParser::COMMA) || tokens_[opener].getType() == AcesoParser::LEFT_PAREN))
      return false;
    if (two_names() || expects(AcesoParser::NAME)) return false;
    return report_bracket(opener, expects(AcesoParser::COMMA) ? "`,` or " : "");
  }

  bool decimal_comma() {
    if (type_ != AcesoParser::COMMA || at_ == 0) return false;
    const SourceToken &before = tokens_[at_ - 1], &after = tokens_[at_ + 1];
    const bool touches = before.end() == tokens_[at_].begin() && after.begin() == tokens_[at_].end();
    if (before.getType() != AcesoParser::NUMBER || after.getType() != AcesoParser::NUMBER || !touches) return false;
    std::size_t last = at_ + 1;
    const auto goes_on = [&] {
      return tokens_[last + 1].getType() == AcesoParser::COMMA && touches_next(last) && touches_next(last + 1) &&
             is_thousands(text(at_ - 1), text(last + 2));
    };
    std::string whole = fmt::format("{}{}", text(at_ - 1), text(last));
    if (is_thousands(text(at_ - 1), text(last)))
      for (; last + 2 < tokens_.last() && goes_on(); last += 2)
        whole += text(last + 2);
    sink_.report(Kind::decimal_comma, join(span(at_ - 1), span(last))).mend =
        last > at_ + 1                               ? fmt::format("write `{}`", whole)
        : is_thousands(text(at_ - 1), text(at_ + 1)) ? thousands_mend(text(at_ - 1), text(at_ + 1))
                                                     : fmt::format("write `{}.{}`", text(at_ - 1), text(at_ + 1));
    return true;
  }

  bool division() {
    const bool divides = type_ == AcesoParser::UNIT && text(at_).find('/') != std::string_view::npos && at_ > 0;
    if (!divides) return false;
    const std::string_view unit = text(at_);
    if (unit == "and/or") {
      sink_.report(Kind::spaces_around_division, span(at_), "`and/or`").mend =
          "write `or`: it is yes where one of the two is, or both";
      return true;
    }
    std::string spaced = fmt::format("{}", text(at_ - 1));
    for (const char c : unit)
      spaced += c == '/' ? std::string(" / ") : std::string(1, c);
    sink_.report(Kind::spaces_around_division, span(at_), fmt::format("`{}`", unit)).mend =
        fmt::format("write `{}`", spaced.starts_with(')') ? "... " + spaced : spaced);
    return true;
  }

  /// `define x = fever and`, and the next declaration begins: its first word reads as the value.
  bool unfinished() {
    if (at_ < 2 || type_ != AcesoParser::NAME || !tokens_[at_ - 1].starts_line) return false;
    const std::size_t sign = at_ - 2;
    const bool is_word = text(sign) == "and" || text(sign) == "or";
    const bool declares = text(at_ - 1) == "rule" || text(at_ - 1) == "define" || text(at_ - 1) == "action" ||
                          text(at_ - 1) == "table" || text(at_ - 1) == "inputs" || text(at_ - 1) == "case";
    if (!is_word || !declares) return false;
    const std::string word(text(sign));
    at_ = sign;
    type_ = tokens_[at_].getType();
    report(fmt::format("expected a value after `{}`, found the end of the line", word)).mend =
        fmt::format("go on behind `{0}`, or take `{0}` away", word);
    return true;
  }

  /// "a = " and "x is yes": the operator itself fits, but not what follows it. ANTLR then ends the expression before
  /// it.
  bool operator_alone() {
    if (expects_value()) return false; // "a or or b": the first of the two is the one without a value
    if (type_ == AcesoParser::LEFT_PAREN || type_ == AcesoParser::KW_NOT || !is_operator(type_) || expects(type_))
      return false;
    if (at_ == 0 || at_ >= tokens_.last() || type_ == AcesoParser::DOT) return false;
    const bool is = type_ == AcesoParser::KW_IS;
    const std::string_view sign = text(at_);
    type_ = tokens_[++at_].getType();
    if (is) {
      report_is();
    } else {
      if (compares_in_score(sign) || compares_in_bands(sign)) return true;
      Diagnostic& complaint = report(fmt::format("expected a value after `{}`, found {}", sign, here()));
      const bool joins_words = sign == "-" && at_ > 1 && touches_next(at_ - 2) && touches_next(at_ - 1);
      if (joins_words) complaint.mend = fmt::format("a name has no `-`: `{}_{}`", text(at_ - 2), text(at_));
      if (sign == "and" && follows_verb(at_ - 2))
        complaint.mend = fmt::format("between actions stands a comma: `{}, {}`", text(at_ - 2), text(at_));
    }
    return true;
  }

  /// `age >= 65` on a line of a score: the name reads as its points.
  bool compares_in_score(std::string_view sign) {
    if (!stands_in(AcesoParser::RuleScore) || !tokens_[at_ - 2].starts_line) return false;
    at_ -= 2;
    report(fmt::format("expected points before this condition, found {}", here())).mend =
        fmt::format("a line of a score reads `1 if {} {} ...`", text(at_), sign);
    return true;
  }
  /// `< 18 : child` on a line of bands.
  bool compares_in_bands(std::string_view sign) {
    if (!stands_in(AcesoParser::RuleBands)) return false;
    const std::string limit(text(at_));
    --at_;
    report(fmt::format("expected `below`, `up to` or `otherwise` in these bands, found {}", here())).mend =
        sign == "<"    ? fmt::format("write `below {} : ...`", limit)
        : sign == "<=" ? fmt::format("write `up to {} : ...`", limit)
                       : "bands go upwards, and what lies above the last limit is `otherwise : ...`";
    return true;
  }

  void report_is() {
    report(fmt::format("expected `known` or `unknown` after `is`, found {}", here())).mend =
        "compare values with `=`: `name = value`";
  }

  /// Words that may end a clause, when the mistake is seen only where the next one should begin.
  [[nodiscard]] bool ends_clause_of(std::size_t rule, std::size_t type) const {
    const bool modifier =
        (type >= AcesoParser::KW_STRONG && type <= AcesoParser::KW_ROUTINELY) || type == AcesoParser::KW_WITHIN;
    if (rule == AcesoParser::RuleRuleDeclaration) return modifier || type == AcesoParser::KW_BECAUSE;
    if (rule == AcesoParser::RulePathwayDeclaration) return type == AcesoParser::KW_FINAL;
    return false;
  }

  bool misspelt() {
    if (type_ != AcesoParser::NAME || expects(AcesoParser::NAME)) return false;
    const std::size_t rule = parser_.getContext()->getRuleIndex();
    const std::string near = diagnostics::nearest(
        text(at_), words([&](std::size_t type) { return expects(type) || ends_clause_of(rule, type); }));
    if (near.empty()) return false;
    report_misspelt(near);
    return true;
  }

  bool reserved() {
    const bool name_wanted = expects(AcesoParser::NAME) && !expects(AcesoParser::NUMBER);
    if (!name_wanted || !is_reserved(type_)) return false;
    Diagnostic& complaint = sink_.report(Kind::reserved_word, span(at_), text(at_));
    if (touches_next(at_) && tokens_[at_ + 1].getType() == AcesoParser::MINUS && touches_next(at_ + 1)) {
      complaint.mend = fmt::format("a name is one word: `{}_{}`", text(at_), text(at_ + 2));
      return true;
    }
    complaint.mend =
        fmt::format(fmt::runtime(text(at_) == "unknown" || text(at_) == "known" ? "choose another name, such as `is_{}`"
                                                                                : "choose another name, such as `{}_`"),
                    text(at_));
    return true;
  }

  [[nodiscard]] bool two_names() const {
    return at_ > 0 && type_ == AcesoParser::NAME && !tokens_[at_].starts_line &&
           tokens_[at_ - 1].getType() == AcesoParser::NAME;
  }
  /// Nothing stands between this word and the next.
  [[nodiscard]] bool touches_next(std::size_t index) const {
    return index < tokens_.last() && tokens_[index].end() == tokens_[index + 1].begin();
  }
  /// `recommend a, b`: only names and commas stand between the verb and this word.
  [[nodiscard]] bool follows_verb(std::size_t index) const {
    for (;; --index) {
      const std::size_t type = tokens_[index].getType();
      if (type >= AcesoParser::KW_RECOMMEND && type <= AcesoParser::KW_CONTRAINDICATE) return true;
      if (index == 0 || (type != AcesoParser::NAME && type != AcesoParser::COMMA)) return false;
    }
  }
  [[nodiscard]] bool stands_in(std::size_t rule) const {
    const antlr4::ParserRuleContext* context = parser_.getContext();
    for (; context; context = dynamic_cast<const antlr4::ParserRuleContext*>(context->parent))
      if (context->getRuleIndex() == rule) return true;
    return false;
  }
  /// For two names side by side: the word that one of them was meant to be, or else what joins them.
  [[nodiscard]] std::string one_word_mend() const {
    if (text(at_ - 1) == "either" || text(at_ - 1) == "both") return fmt::format("leave `{}` out", text(at_ - 1));
    if (text(at_) == "between") return fmt::format("a range reads `{} in LOW to HIGH`", text(at_ - 1));
    for (const std::size_t each : {at_, at_ - 1}) {
      const std::string small = in_small_letters(text(each));
      if (small != text(each) && (small == "and" || small == "or" || small == "not"))
        return fmt::format("write `{}`", small);
    }
    if (is_declared(text(at_ - 1)) && is_declared(text(at_)))
      return fmt::format("say how they go together: `{0} and {1}`, or `{0} or {1}`", text(at_ - 1), text(at_));
    constexpr std::size_t shortest = 6; // shorter names are too often near to a word by chance
    std::vector<std::string> written{std::string(text(at_)), std::string(text(at_ - 1))};
    const bool has_hyphen =
        touches_next(at_) && tokens_[at_ + 1].getType() == AcesoParser::MINUS && touches_next(at_ + 1);
    if (has_hyphen) written.insert(written.begin(), fmt::format("{}{}", text(at_), text(at_ + 2)));
    const std::vector<std::string> all = words([](std::size_t) { return true; });
    for (const std::string& word : written) {
      if (word.size() < shortest) continue;
      if (std::find(all.begin(), all.end(), word) != all.end()) return fmt::format("write `{}`", word);
      const std::string near = diagnostics::nearest(word, all);
      if (!near.empty()) return fmt::format("did you mean `{}`?", near);
    }
    if (ends_clause_of(AcesoParser::RuleRuleDeclaration, tokens_[at_ + 1].getType()) &&
        stands_in(AcesoParser::RuleRuleDeclaration))
      return fmt::format("delete `{}`", text(at_));
    if (stands_in(AcesoParser::RuleCaseDeclaration))
      return fmt::format("a value reads `{} = {}`", text(at_ - 1), text(at_));
    return fmt::format("a name is one word: `{}_{}`", text(at_ - 1), text(at_));
  }

  static std::string in_small_letters(std::string_view word) {
    std::string small(word);
    for (char& c : small)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
  }
  /// An input or a derived value, by how it stands elsewhere in this file.
  [[nodiscard]] bool is_declared(std::string_view name) const {
    for (std::size_t i = 0; i + 1 < tokens_.last(); ++i)
      if (text(i) == name && (tokens_[i + 1].getType() == AcesoParser::COLON || (i > 0 && text(i - 1) == "define")))
        return true;
    return false;
  }

  /// Places where the general sentence would not say what to do.
  bool special() {
    const bool names_meet = at_ > 0 && can_be_name(type_) && can_be_name(tokens_[at_ - 1].getType());
    if (names_meet && !tokens_[at_].starts_line && expects(AcesoParser::COMMA) && expects(AcesoParser::RIGHT_BRACE)) {
      report(fmt::format("expected `,` or `}}` after `{}`, found {}", text(at_ - 1), here())).mend =
          fmt::format("put a comma between them: `{}, {}`", text(at_ - 1), text(at_));
      return true;
    }
    const std::size_t before = at_ > 0 ? tokens_[at_ - 1].getType() : 0;
    const std::size_t before_that = at_ > 1 ? tokens_[at_ - 2].getType() : 0;
    const bool clause_for_value = at_ > 1 && is_operator(before_that) && before_that != AcesoParser::LEFT_PAREN &&
                                  before >= AcesoParser::KW_RECOMMEND && before <= AcesoParser::KW_CONTRAINDICATE;
    if (clause_for_value) {
      type_ = tokens_[--at_].getType(); // `when fever and recommend rest` reads as a value called `recommend`
      report(fmt::format("expected a value after `{}`, found {}", text(at_ - 1), here()));
      return true;
    }
    if (const bool declares = type_ == AcesoParser::NAME && at_ > 0 && begins_declaration(before) &&
                              tokens_[at_ - 1].starts_line && expects(AcesoParser::COLON)) {
      const std::size_t after = tokens_[at_ + 1].getType();
      const bool has_body =
          after == AcesoParser::LEFT_BRACE || after == AcesoParser::TEXT || after == AcesoParser::EQUAL;
      --at_; // an indented `rule r {` reads as an input called `rule`
      const std::size_t opener = open_bracket(declaration_begin());
      if (declares && has_body && opener != at_) return report_bracket(opener, "");
      ++at_;
    }
    const bool declares_in_table = type_ == AcesoParser::NAME && at_ > 0 && begins_declaration(before) &&
                                   tokens_[at_ - 1].starts_line && stands_in(AcesoParser::RuleTableDeclaration);
    if (declares_in_table) { // `rule r {` reads as a row whose first cell is called `rule`
      const std::size_t after = tokens_[at_ + 1].getType();
      --at_;
      const std::size_t opener = open_bracket(declaration_begin());
      const bool has_body =
          after == AcesoParser::LEFT_BRACE || after == AcesoParser::TEXT || after == AcesoParser::EQUAL;
      if (has_body && opener != at_) return report_bracket(opener, "");
      ++at_;
    }
    if (type_ == AcesoParser::COLON && expects(AcesoParser::LEFT_BRACE)) {
      report(fmt::format("expected `{{` after `{}`, found `:`", text(at_ - 1))).mend = "delete `:`";
      return true;
    }
    if (type_ == AcesoParser::SEMVER && expects_value()) {
      report(fmt::format("expected a value after `{}`, found {}", text(at_ - 1), here())).mend =
          "a date reads year, month, day: 2026-01-31";
      return true;
    }
    if (expects(AcesoParser::KW_BECAUSE) && before_that == AcesoParser::KW_OVERRIDES) {
      report(fmt::format("expected `because` after `{}`, found {}", text(at_ - 1), here())).mend =
          fmt::format("say why: overrides {} because \"...\"", text(at_ - 1));
      return true;
    }
    if (type_ == AcesoParser::KW_WHEN && stands_in(AcesoParser::RuleScore)) {
      report(fmt::format("expected `if` after `{}`, found `when`", text(at_ - 1))).mend =
          fmt::format("a line of a score reads `{} if CONDITION`", text(at_ - 1));
      return true;
    }
    if (type_ == AcesoParser::KW_AT && before_that == AcesoParser::KW_CITE) {
      type_ = tokens_[++at_].getType();
      report(fmt::format("expected the section, a text in quotation marks, after `at`, found {}", here()));
      return true;
    }
    if (before == AcesoParser::KW_FROM && before_that == AcesoParser::NAME && expects(AcesoParser::COLON)) {
      at_ -= 2; // `x : nmber from 1 to 2` reads as a type of that name and an input called `from`
      const std::string near = diagnostics::nearest(text(at_), {"number", "quantity", "duration"});
      if (!near.empty()) {
        report_misspelt(near);
      } else {
        report(fmt::format("only `number`, `quantity` and `duration` have a range, found {}", here()));
      }
      return true;
    }
    if (type_ == AcesoParser::COLON && before_that == AcesoParser::KW_TYPICAL) {
      --at_;
      report(fmt::format("expected a value after `typical`, found {}", here()));
      return true;
    }
    if (type_ == AcesoParser::KW_IF && expects_value()) {
      report("a choice within an operation stands in parentheses").mend =
          "write `(if CONDITION then VALUE else VALUE)`";
      return true;
    }
    if (expects(AcesoParser::KW_GO) && !expects(AcesoParser::NAME)) {
      report(fmt::format("expected `go to` and a stage after the condition of this transition, found {}", here()));
      return true;
    }
    if (expects(AcesoParser::KW_THEN) || expects(AcesoParser::KW_ELSE)) {
      const bool then = expects(AcesoParser::KW_THEN);
      Diagnostic& complaint = report(fmt::format("expected `{}` here, found {}", then ? "then" : "else", here()));
      const bool conditional = parser_.getContext()->getRuleIndex() == AcesoParser::RuleChoice;
      if (conditional) complaint.mend = "a choice reads `if CONDITION then VALUE else VALUE`; `else` is never left out";
      return true;
    }
    if (before == AcesoParser::KW_IS) report_is();
    return before == AcesoParser::KW_IS;
  }

  [[nodiscard]] std::vector<std::string> expected_words() const {
    std::vector<std::string> result;
    const bool value = expects_value(), any_name = expects(AcesoParser::NAME);
    if (value)
      result.emplace_back("a value");
    else if (any_name)
      result.emplace_back("a name");
    if (!value && expects(AcesoParser::NUMBER)) result.emplace_back("a number");
    if (!value && expects(AcesoParser::DATE)) result.emplace_back("a date such as 2026-11-22");
    if (expects(AcesoParser::SEMVER)) result.emplace_back("a version such as 0.1.0");
    if (expects(AcesoParser::TEXT)) result.emplace_back("a text in quotation marks");
    if (expects(AcesoParser::YES_NO)) result.emplace_back("`yes/no`");
    if (expects(AcesoParser::NEW_LINE)) result.emplace_back("a new line");
    const bool goes_on = expects(AcesoParser::KW_AND) && expects(AcesoParser::PLUS); // an expression could go on
    const auto add = [&](std::size_t type) {
      const bool opens_value = type == AcesoParser::LEFT_BRACKET || is_keyword(type) || is_operator(type);
      if (!expects(type) || (any_name && can_be_name(type)) || (value && opens_value)) return;
      if (goes_on && (is_operator(type) || relates(type))) return;
      result.push_back(fmt::format("`{}`", literal(type)));
    };
    for (std::size_t type = AcesoParser::KW_AND; type <= AcesoParser::KW_REFS; ++type)
      add(type);
    for (std::size_t type = AcesoParser::LEFT_BRACE; type <= AcesoParser::SLASH; ++type)
      add(type);
    if (goes_on) result.emplace_back("an operator");
    return result;
  }

  /// Words between two values, and after a condition; with the operators there are too many to name.
  static bool relates(std::size_t type) {
    return (type >= AcesoParser::KW_OVERLAPS && type <= AcesoParser::KW_ENDS) || type == AcesoParser::KW_AFTER ||
           type == AcesoParser::KW_WITHIN || type == AcesoParser::KW_FOR;
  }

  /// The clause or declaration that the mistake stands in, as the author calls it.
  [[nodiscard]] std::string_view place() const {
    const antlr4::ParserRuleContext* context = parser_.getContext();
    for (; context; context = dynamic_cast<const antlr4::ParserRuleContext*>(context->parent)) {
      switch (context->getRuleIndex()) {
      case AcesoParser::RuleCite: return "in this citation";
      case AcesoParser::RuleTypeExpression: return "in this type";
      case AcesoParser::RuleInputItem: return "in this input";
      case AcesoParser::RuleBands: return "in these bands";
      case AcesoParser::RuleScore: return "in this score";
      case AcesoParser::RuleFirstOf: return "in these lines of `first`";
      case AcesoParser::RuleHeader: return "in the first line of this table";
      case AcesoParser::RuleTableRow: return "in this row";
      case AcesoParser::RuleArgument: return "in this argument";
      case AcesoParser::RuleDecide: return "in `decide`";
      case AcesoParser::RuleAdvice: return "in this advice";
      case AcesoParser::RuleTransition: return "in this transition";
      case AcesoParser::RuleStageItem: return "in this stage";
      case AcesoParser::RuleGuidelineDeclaration: return "in this guideline";
      case AcesoParser::RuleSourceDeclaration: return "in this source";
      case AcesoParser::RuleUnitDeclaration: return "in this unit";
      case AcesoParser::RuleInputsDeclaration: return "in these inputs";
      case AcesoParser::RuleCodesDeclaration: return "in these codes";
      case AcesoParser::RuleConstraintDeclaration: return "in this constraint";
      case AcesoParser::RuleFunctionDeclaration: return "in this function";
      case AcesoParser::RuleTableDeclaration: return "in this table";
      case AcesoParser::RuleDifferentialDeclaration: return "in this differential";
      case AcesoParser::RuleActionDeclaration: return "in this action";
      case AcesoParser::RuleRuleDeclaration: return "in this rule";
      case AcesoParser::RuleCautionDeclaration: return "in this caution";
      case AcesoParser::RulePathwayDeclaration: return "in this pathway";
      case AcesoParser::RulePropertyDeclaration: return "in this property";
      case AcesoParser::RuleCaseDeclaration: return "in this case";
      default: break;
      }
    }
    return "here";
  }

  void general() {
    const std::vector<std::string> wanted = expected_words();
    const bool after_word = at_ > 0 && tokens_[at_ - 1].begin() != tokens_[at_ - 1].end() && text(at_ - 1).size() <= 40;
    std::string where = fmt::format(" {}", place());
    const bool after_keyword = after_word && (is_keyword(tokens_[at_ - 1].getType()) || wanted.size() <= 2);
    if (after_keyword && tokens_[at_ - 1].getType() != AcesoParser::TEXT)
      where = fmt::format(" after `{}`", text(at_ - 1));
    const std::string found = line_ended_ ? "the end of the line" : here();
    const bool listed = !wanted.empty() && wanted.size() <= longest_list;
    Diagnostic& complaint = listed ? report(fmt::format("expected {}{}, found {}", join_words(wanted), where, found))
                                   : report(fmt::format("{} does not fit{}", here(), where));
    if (two_names() && !expects(AcesoParser::NAME)) {
      complaint.mend = one_word_mend();
    } else if (!listed && !wanted.empty()) {
      complaint.mend = fmt::format("what fits: {}", join_words(wanted));
    }
  }
};

/// What could have followed the words that a prediction had accepted before it failed.
IntervalSet expected_at(antlr4::Parser& parser, const antlr4::RecognitionException& error, std::size_t at) {
  const auto* no_way = dynamic_cast<const antlr4::NoViableAltException*>(&error);
  const bool later = no_way && no_way->getDeadEndConfigs() && at != parser.getTokenStream()->index();
  if (!later) return parser.getExpectedTokens();
  IntervalSet result;
  for (const auto& config : no_way->getDeadEndConfigs()->configs) {
    for (const auto* transition : config->state->transitions) {
      if (!transition->isEpsilon()) result.addAll(transition->label());
    }
  }
  return result;
}

} // namespace

void report_syntax_error(antlr4::Parser& parser, const TokenList& tokens, std::uint32_t file,
                         const antlr4::RecognitionException& error, Sink& sink) {
  const std::size_t at =
      error.getOffendingToken() ? error.getOffendingToken()->getTokenIndex() : parser.getTokenStream()->index();
  const IntervalSet expected = expected_at(parser, error, at);
  Explainer(parser, tokens, file, at, sink).explain(expected);
}

void report_stray_token(antlr4::Parser& parser, const TokenList& tokens, std::uint32_t file, std::size_t index,
                        std::size_t previous_begin, Sink& sink) {
  Explainer(parser, tokens, file, index, sink).stray(previous_begin);
}

} // namespace aceso::parse
