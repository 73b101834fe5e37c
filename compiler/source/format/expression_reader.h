#pragma once
/// Lays out expressions, types and citations.

#include "format/reader.h"

namespace aceso::format {

class ExpressionReader : public Reader {
public:
  using Reader::Reader;

protected:
  /// An expression where any may stand; parentheses around the whole are dropped.
  Doc read_expression();
  /// Likewise, on lines below the first one under its own beginning.
  Doc read_aligned() { return build_.align(read_expression()); }
  /// Behind "=": on the same line, or on a line of its own where it has to be broken and has no braces to break in.
  Doc read_body();
  /// A part of a comparison: points of a score, a value of a cell.
  Doc read_operand();
  /// A number with or without unit, maybe negated.
  Doc read_literal();

  Doc read_type();
  /// name : type
  Doc read_parameter();
  Doc read_cite();
  /// "cite ..." as often as it comes.
  std::vector<Doc> read_cites();

private:
  /// How tightly a form binds; a looser one inside a tighter one needs parentheses.
  enum class Level : std::uint8_t {
    conditional,
    disjunction,
    conjunction,
    comparison,
    outcome,
    negation,
    sum,
    product,
    sign,
    postfix
  };
  struct Piece {
    Doc doc; ///< without the parentheses
    Level level = Level::postfix;
    bool hugs = false;               ///< ends in braces or brackets that can be broken
    std::size_t open = 0, close = 0; ///< the author's parentheses; both 0 without
    [[nodiscard]] bool has_parentheses() const { return close != 0; }
  };

  Piece read_or();
  Piece read_and();
  Piece read_not();
  Piece read_comparison();
  Piece read_comparison_tail(Piece left);
  Piece read_sum();
  Piece read_product();
  Piece read_sign();
  Piece read_postfix();
  Piece read_primary();
  Piece read_parentheses();
  Piece read_conditional();
  Piece read_name_or_call();
  Piece read_list();
  Piece read_set_of(std::vector<Doc> head);
  Piece read_series();
  void read_as_of(std::vector<Doc>& parts);
  Piece read_outcome();
  Doc read_set();
  Doc read_missing();
  [[nodiscard]] bool is_outcome() const;
  [[nodiscard]] bool is_unit() const;
  [[nodiscard]] bool missing_goes_on() const;

  /// The piece as a part of something that takes `least` and tighter forms.
  Doc part(const Piece& piece, Level least);
  /// A part of and/or: a mixture of the two always shows its parentheses.
  Doc logic_part(const Piece& piece) { return part(piece, Level::comparison); }
  [[nodiscard]] bool can_drop_parentheses(const Piece& piece) const;
  static bool takes_next(const Token& token);
  static bool is_added(const Token& token);
  Doc parenthesised(const Piece& piece);
  Doc whole(const Piece& piece);

  Doc read_members();
  void read_range(std::vector<Doc>& parts);
};

} // namespace aceso::format
