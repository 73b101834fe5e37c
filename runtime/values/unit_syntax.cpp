#include "values/unit_syntax.h"

#include <algorithm>
#include <utility>

namespace aceso::units {
namespace {

using Kind = SyntaxError::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_printable(char c) { return c > ' ' && c <= '~'; }
/// What may stand in a symbol outside square brackets.
bool is_symbol_character(char c) {
  return is_printable(c) && !is_digit(c) && std::string_view("+-./(){}[]=\"").find(c) == std::string_view::npos;
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

class Parser {
public:
  explicit Parser(std::string_view code) : code_(code) {}

  std::variant<std::vector<UnitComponent>, SyntaxError> run() {
    if (is_fit_to_read()) {
      const int sign = take('/') ? -1 : 1;
      if (term(1, sign, 0) && !at_end()) unexpected();
      if (!failed_) check_special_units();
    }
    if (failed_) return std::move(error_);
    return std::move(components_);
  }

private:
  [[nodiscard]] bool at_end() const { return at_ == code_.size(); }
  [[nodiscard]] bool sees(char c) const { return !at_end() && code_[at_] == c; }
  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }
  bool fail(Kind kind, std::size_t begin, std::size_t end, std::string message) {
    if (!failed_) error_ = {kind, begin, end - begin, std::move(message)};
    failed_ = true;
    return false;
  }
  bool unexpected() {
    if (at_end()) return fail(Kind::other, at_, at_, "A unit is missing at the end of " + in_quotes(code_) + ".");
    const std::string seen = in_quotes(code_.substr(at_, 1));
    return fail(Kind::other, at_, at_ + 1,
                seen + " cannot stand at position " + std::to_string(at_ + 1) + " of a unit.");
  }

  bool is_fit_to_read() {
    if (code_.empty())
      return fail(Kind::other, 0, 0, "A unit code cannot be empty; a plain number has the unit \"1\".");
    if (code_.size() > largest_code_bytes) return fail(Kind::other, 0, 0, "A unit code cannot be this long.");
    const auto bad = std::ranges::find_if_not(code_, is_printable);
    if (bad == code_.end()) return true;
    const auto at = static_cast<std::size_t>(bad - code_.begin());
    return fail(Kind::other, at, at + 1,
                *bad == ' ' ? "A unit code contains no spaces."
                            : "A unit code contains only printable ASCII characters.");
  }

  /// `outer` is the sign that the parentheses around the term were given, `first` that of its first component.
  bool term(int outer, int first, int depth) {
    if (!component(outer * first, depth)) return false;
    while (sees('.') || sees('/')) {
      const int sign = take('/') ? -1 : 1;
      if (sign == 1) take('.');
      if (!component(outer * sign, depth)) return false;
    }
    return true;
  }

  bool component(int sign, int depth) {
    if (take('(')) {
      if (depth == largest_depth) return fail(Kind::other, at_, at_, "Parentheses are nested too deeply.");
      if (!term(sign, 1, depth + 1)) return false;
      return take(')') ? needs_separator(at_) : unexpected();
    }
    UnitComponent part;
    part.exponent = sign;
    const std::size_t begin = at_;
    const bool is_ten = code_.substr(at_, 3) == "10*" || code_.substr(at_, 3) == "10^";
    if (sees('{')) {
      if (!annotation(part)) return false;
    } else if (!at_end() && is_digit(code_[at_]) && !is_ten) {
      if (!number(part) || (sees('{') && !annotation(part))) return false;
    } else {
      if (!symbol(part) || !exponent(part) || (sees('{') && !annotation(part))) return false;
    }
    components_.push_back(part);
    return needs_separator(begin);
  }

  bool needs_separator(std::size_t begin) {
    if (at_end() || sees('.') || sees('/') || sees(')')) return true;
    std::size_t end = at_;
    while (end < code_.size() && is_symbol_character(code_[end]))
      ++end;
    if (end == at_ && !sees('(') && !sees('[') && !sees('{') && !is_digit(code_[at_])) return unexpected();
    return fail(Kind::missing_dot, begin, end,
                "A \".\" or \"/\" is missing in " + in_quotes(code_.substr(begin, end - begin)) + " at position " +
                    std::to_string(at_ + 1) + ".");
  }

  bool annotation(UnitComponent& part) {
    const std::size_t begin = at_;
    const std::size_t end = code_.find_first_of("{}", begin + 1);
    if (end == std::string_view::npos || code_[end] == '{') {
      return fail(Kind::other, begin, code_.size(), "An annotation is not closed with \"}\".");
    }
    if (end == begin + 1) return fail(Kind::other, begin, end + 1, "An annotation cannot be empty.");
    at_ = end + 1;
    part.annotation = code_.substr(begin, at_ - begin);
    return true;
  }

  std::string_view digits() {
    const std::size_t begin = at_;
    while (!at_end() && is_digit(code_[at_]))
      ++at_;
    return code_.substr(begin, at_ - begin);
  }

  bool number(UnitComponent& part) {
    const std::size_t begin = at_;
    const std::string_view text = digits();
    if (text.size() > largest_number_digits) return fail(Kind::other, begin, at_, "A number in a unit is too large.");
    part.number = 0;
    for (const char c : text)
      part.number = part.number * 10 + static_cast<std::uint32_t>(c - '0');
    return part.number != 0 || fail(Kind::other, begin, at_, "A unit cannot contain the number 0.");
  }

  bool exponent(UnitComponent& part) {
    const std::size_t begin = at_;
    const bool negative = sees('-');
    const bool has_sign = take('-') || take('+');
    const std::string_view text = digits();
    if (text.empty()) return !has_sign || unexpected();
    int value = 0;
    for (const char c : text)
      value = std::min(value * 10 + (c - '0'), largest_exponent + 1);
    if (value > largest_exponent) return fail(Kind::other, begin, at_, "An exponent in a unit is too large.");
    part.exponent *= negative ? -value : value;
    return true;
  }

  bool symbol(UnitComponent& part) {
    const std::size_t begin = at_;
    if (code_.substr(at_, 2) == "10") at_ += 2; // only before * or ^
    while (!at_end() && (sees('[') || is_symbol_character(code_[at_]))) {
      if (!take('[')) {
        ++at_;
        continue;
      }
      const std::size_t end = code_.find(']', at_);
      if (end == std::string_view::npos) {
        return fail(Kind::unknown_symbol, begin, code_.size(), "A square bracket is not closed with \"]\".");
      }
      at_ = end + 1;
    }
    if (at_ == begin) return unexpected();
    const std::string_view text = code_.substr(begin, at_ - begin);
    part.symbol = find_symbol(text);
    return part.symbol.atom != nullptr ||
           fail(Kind::unknown_symbol, begin, at_, in_quotes(text) + " is not a UCUM unit.");
  }

  /// Special units take numbers but no other unit and no power (UCUM section 22).
  void check_special_units() {
    const auto is_special = [](const UnitComponent& c) { return c.symbol.atom && c.symbol.atom->is_special(); };
    const auto special = std::ranges::find_if(components_, is_special);
    if (special == components_.end()) return;
    const auto is_number = [](const UnitComponent& c) {
      return !c.symbol.atom || c.symbol.atom->code() == "10*" || c.symbol.atom->code() == "10^";
    };
    const auto numbers = std::ranges::count_if(components_, is_number);
    if (special->exponent == 1 && numbers + 1 == std::ssize(components_)) return;
    fail(Kind::special_in_product, 0, code_.size(),
         in_quotes(special->symbol.atom->code()) +
             " is not a multiple of another unit, so it cannot be multiplied, divided or raised to a power.");
  }

  std::string_view code_;
  std::size_t at_ = 0;
  std::vector<UnitComponent> components_;
  SyntaxError error_;
  bool failed_ = false;
};

} // namespace

std::variant<std::vector<UnitComponent>, SyntaxError> parse_unit(std::string_view code) { return Parser(code).run(); }

} // namespace aceso::units
