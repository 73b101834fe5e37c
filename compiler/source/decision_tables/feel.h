#pragma once
/// FEEL, the expression language of DMN (OMG, Decision Model and Notation 1.3, chapter 10), as far as decision tables
/// and simple expressions use it: a reader that makes a tree, and says at which sign it stops. Pure functions.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aceso::decision_tables {

enum class FeelKind : std::uint8_t {
  number,        ///< text = the decimal as written
  string,        ///< text = the string, escapes resolved
  boolean,       ///< text = "true" or "false"
  null,          ///< null
  date,          ///< date("2026-11-22"): text = what stands in the quotes
  date_and_time, ///< date and time("...")
  time,          ///< time("...")
  duration,      ///< duration("P3D")
  name,          ///< text = the name, with single spaces where it has some
  path,          ///< children[0].text
  placeholder,   ///< ? or what stands left of a unary test
  negate,
  add,
  subtract,
  multiply,
  divide,
  power,
  equal, ///< from here to greater_or_equal: two children
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  logical_and, ///< two or more children, flat
  logical_or,
  interval,    ///< [children[0]..children[1]]: only beside `in` and in unary tests
  in,          ///< children[0] in children[1..]: each a value, an interval or a comparison of the placeholder
  conditional, ///< if children[0] then children[1] else children[2]
  call,        ///< text = the function; children = arguments
  list         ///< [a, b]
};

struct FeelExpression {
  FeelKind kind = FeelKind::null;
  std::string text{};
  std::vector<FeelExpression> children{};
  bool open_start = false, open_end = false; ///< interval: the end is left out
};

/// The content of an input entry: one of the tests is enough.
struct FeelTests {
  bool is_any = false;                 ///< -
  bool negated = false;                ///< not(...)
  std::vector<FeelExpression> tests{}; ///< a value, an interval, or a condition in which the placeholder occurs
};

/// The call that stands for `[a, b][item = true]`.
inline constexpr std::string_view true_ones = "[item = true]";

/// Why a text was not read.
struct FeelFault {
  std::size_t offset = 0;
  std::string message; ///< a part of a sentence: "`for` is not read"
};

struct FeelOptions {
  std::size_t max_bytes = 64u << 10; ///< a longer text is not read
  unsigned max_depth = 64;           ///< of brackets, calls, conditionals
  std::size_t max_parts = 10000;     ///< of the whole tree
};

/// The names that are known, which may hold spaces and signs ("Applicant Age"), are recognised as a whole, the longest
/// first; every other name is a single word. Nothing, with the fault, where the text cannot be read.
class FeelReader {
public:
  explicit FeelReader(std::vector<std::string> names, FeelOptions options = {});
  [[nodiscard]] std::optional<FeelExpression> expression(std::string_view text, FeelFault& fault) const;
  [[nodiscard]] std::optional<FeelTests> unary_tests(std::string_view text, FeelFault& fault) const;

private:
  std::vector<std::string> names_; ///< the longest first
  FeelOptions options_;
};

/// A string in quotation marks, with its escapes.
[[nodiscard]] std::string feel_string(std::string_view text);
/// Whether it can stand in FEEL as a name without being taken for something else.
[[nodiscard]] bool is_feel_name(std::string_view name);
/// Without spaces at the ends, and with single ones within.
[[nodiscard]] std::string collapsed(std::string_view text);

} // namespace aceso::decision_tables
