#include <algorithm>
#include <cstddef>

#include "diagnostics/diagnostic.h"

namespace aceso::diagnostics {

namespace {

constexpr std::size_t shortest_word = 3; ///< a word of two letters is near to every other one
constexpr std::size_t longest_word = 64; ///< longer words are not typing mistakes, and the cost is quadratic

/// Damerau-Levenshtein distance in its "optimal string alignment" form: insertion, deletion, substitution and exchange
/// of two neighbours, where no part is changed twice (Boytsov 2011, section 2.2).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_previous(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) current[j] = std::min(current[j], before_previous[j - 2] + 1);
    }
    std::swap(before_previous, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

/// L3 for L4 is another thing, not a slip of the pen.
bool differ_in_digits_only(std::string_view a, std::string_view b) {
  const auto without_digits = [](std::string_view text) {
    std::string result;
    for (const char c : text)
      if (c < '0' || c > '9') result += c;
    return result;
  };
  const std::string plain = without_digits(a);
  return plain.size() != a.size() && plain == without_digits(b); // `news` may be `news2`
}

} // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() < shortest_word || word.size() > longest_word) return {};
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    const std::size_t difference =
        candidate.size() > word.size() ? candidate.size() - word.size() : word.size() - candidate.size();
    if (difference >= best || candidate == word || differ_in_digits_only(word, candidate)) continue;
    const std::size_t far = distance(word, candidate);
    if (far < best && far < std::max(word.size(), candidate.size())) {
      best = far;
      found = &candidate;
    }
  }
  return found ? *found : std::string();
}

} // namespace aceso::diagnostics
