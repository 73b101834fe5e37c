#pragma once
/// Work on a large list by several threads. Header only.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <thread>
#include <vector>

namespace aceso {

/// Calls `work(begin, end)` for stretches of at most `stretch` places that together are 0 up to `count`, by at most
/// eight threads, this one among them; one stretch or one core: by this alone. Returns when all is done; throws what a
/// call has thrown. Where the system gives no thread, the others do its work. `work` must bear being called from
/// several threads at once, and what comes of it must not depend on the order.
template <class Work>
void in_parallel(std::size_t count, std::size_t stretch, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t begin = next.fetch_add(stretch); begin < count; begin = next.fetch_add(stretch))
      work(begin, std::min(begin + stretch, count));
  };
  const std::size_t stretches = (count + stretch - 1) / stretch;
  const std::size_t threads = std::min<std::size_t>({stretches, std::thread::hardware_concurrency(), 8});
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < threads; ++i)
    others.push_back(std::async(std::launch::async | std::launch::deferred, take));
  take();
  for (std::future<void>& other : others)
    other.get();
}

} // namespace aceso
