#include "values/stable_order.h"

#include <algorithm>
#include <numeric>

namespace aceso {

std::vector<std::uint32_t> stable_order(std::size_t count,
                                        bool (*before)(const void* context, std::uint32_t a, std::uint32_t b),
                                        const void* context) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  // Which of equal items stood first is part of the order.
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (before(context, a, b)) return true;
    return a < b && !before(context, b, a);
  });
  return order;
}

} // namespace aceso
