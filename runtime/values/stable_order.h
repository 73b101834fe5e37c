#pragma once
/// Sorting of lists that are not on the way of every evaluation: one function for all kinds of items, where std::sort
/// is compiled anew for each.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace aceso {

/// The positions of `count` items in order, equal ones as they were. `before` is a strict weak order of positions.
[[nodiscard]] std::vector<std::uint32_t>
stable_order(std::size_t count, bool (*before)(const void* context, std::uint32_t a, std::uint32_t b),
             const void* context);

/// Like std::stable_sort.
template <class T, class Before>
void sort_stably(std::vector<T>& items, const Before& before) {
  struct Context {
    const T* items;
    const Before& before;
  } const context{items.data(), before};
  const auto order = stable_order(
      items.size(),
      [](const void* c, std::uint32_t a, std::uint32_t b) {
        const auto& with = *static_cast<const Context*>(c);
        return static_cast<bool>(with.before(with.items[a], with.items[b]));
      },
      &context);
  std::vector<T> sorted;
  sorted.reserve(items.size());
  for (const std::uint32_t from : order)
    sorted.push_back(std::move(items[from]));
  items = std::move(sorted);
}

} // namespace aceso
