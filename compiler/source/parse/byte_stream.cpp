#include "parse/byte_stream.h"

#include <algorithm>

namespace aceso::parse {

std::string ByteStream::getText(const antlr4::misc::Interval& interval) {
  if (interval.a < 0 || interval.b < interval.a) return {};
  const auto begin = std::min(static_cast<std::size_t>(interval.a), text_.size());
  const auto end = std::min(static_cast<std::size_t>(interval.b) + 1, text_.size());
  return std::string(text_.substr(begin, end - begin));
}

} // namespace aceso::parse
