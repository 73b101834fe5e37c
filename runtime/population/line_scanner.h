#pragma once
/// Walks over one line of NDJSON without looking into its values.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aceso::population {

/// Each step returns false where something else stands there; the line then is none of the plain form, and the reader
/// of cases has to say what it is. The text ends with a line end, at which every step stops, and 64 bytes behind it can
/// be read.
class LineScanner {
public:
  explicit LineScanner(const char* at) : at_(at) {}

  [[nodiscard]] const char* at() const { return at_; }

  [[nodiscard]] bool take(char c) {
    skip_space();
    if (*at_ != c) return false;
    ++at_;
    return true;
  }

  /// The characters of a string, its escapes as they stand there.
  [[nodiscard]] bool string(std::string_view& text) {
    if (!take('"')) return false;
    const char* begin = at_;
    if (!skip_string()) return false;
    text = {begin, static_cast<std::size_t>(at_ - begin - 1)};
    return true;
  }

  /// The text of a value: a string with its quotation marks, an object with everything in it. It need not be valid.
  [[nodiscard]] bool value(std::string_view& text) {
    skip_space();
    const char* begin = at_;
    if (*at_ == '"') {
      ++at_;
      if (!skip_string()) return false;
    } else if (*at_ == '{' || *at_ == '[') {
      if (!skip_nested()) return false;
    } else {
      while (!ends_scalar(*at_))
        ++at_;
      if (at_ == begin) return false;
    }
    text = {begin, static_cast<std::size_t>(at_ - begin)};
    return true;
  }

  /// `true` or `false`. Goes nowhere where something else stands there; what follows is for the next step.
  [[nodiscard]] bool truth(bool& is_yes) {
    skip_space();
    std::uint64_t word = 0;
    std::memcpy(&word, at_, 8);
    constexpr std::uint64_t yes = 0x65757274, no = 0x65736c6166; // as they stand in memory
    is_yes = (word & 0xffffffff) == yes;
    const bool is_no = (word & 0xffffffffff) == no;
    at_ += is_yes ? 4 : is_no ? 5 : 0;
    return is_yes || is_no;
  }

  /// After a member: true where another one follows, with `is_last` false; true at the end with `is_last`.
  [[nodiscard]] bool next_member(bool& is_last) {
    skip_space();
    is_last = *at_ == '}';
    return *at_++ == ',' || is_last;
  }

  [[nodiscard]] bool is_at_end() {
    skip_space();
    return *at_ == '\n';
  }

private:
  static bool ends_scalar(char c) {
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '"';
  }
  void skip_space() {
    while (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')
      ++at_;
  }

  /// Behind the quotation mark that ends the string; false at a control character, such as the end of the line.
  bool skip_string() {
#ifdef __SSE2__
    // Most strings end within 32 bytes.
    const auto ends = [&](unsigned from) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at_ + from));
      const __m128i quotes =
          _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
      const __m128i below_space = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
      return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(quotes, below_space)));
    };
    if (const std::uint32_t found = ends(0) | ends(16) << 16; found != 0) {
      at_ += std::countr_zero(found);
      if (*at_ == '"') {
        ++at_;
        return true;
      }
    }
#endif
    while (true) {
      // Eight bytes at a time up to one that is a quotation mark, a backslash or below a space. The tests for zero
      // bytes are those of H. S. Warren, Hacker's Delight, section 6-1; a false alarm costs a look at single bytes.
      constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
      std::uint64_t word = 0;
      std::memcpy(&word, at_, 8);
      const auto has_zero = [](std::uint64_t x) { return (x - ones) & ~x & tops; };
      const std::uint64_t below_space = (word - ones * 0x20) & ~word & tops;
      if ((has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\') | below_space) == 0) {
        at_ += 8;
        continue;
      }
      for (const char* end = at_ + 8; at_ < end; ++at_) {
        if (*at_ == '"') {
          ++at_;
          return true;
        }
        if (static_cast<unsigned char>(*at_) < 0x20) return false;
        if (*at_ == '\\') {
          if (static_cast<unsigned char>(at_[1]) < 0x20) return false;
          at_ += 2;
          break;
        }
      }
    }
  }

  bool skip_nested() {
    std::size_t depth = 0;
    while (true) {
      const char c = *at_++;
      if (c == '"') {
        if (!skip_string()) return false;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (--depth == 0) return true;
      } else if (c == '\n') {
        --at_;
        return false;
      }
    }
  }

  const char* at_;
};

} // namespace aceso::population
