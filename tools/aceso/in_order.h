#pragma once
/// Work on many files, on several cores, with results in the order of the files.

#include <algorithm>
#include <cstddef>
#include <deque>
#include <future>
#include <thread>
#include <utility>

namespace aceso::command {

/// Gives `make(0)`, `make(1)` ... `make(count - 1)`. They are made on threads of their own, a few pieces ahead, so that
/// what is held at once is bounded; with one job or one piece, or where the system gives no thread, on the thread that
/// asks.
template <class Make>
class InOrder {
public:
  /// `jobs` 0: one for each core. `make` is called from several threads at once.
  InOrder(std::size_t count, unsigned jobs, Make make) : make_(std::move(make)), count_(count), jobs_(jobs) {
    if (jobs_ == 0) jobs_ = std::max(1U, std::thread::hardware_concurrency());
    if (count < 2) jobs_ = 1;
  }

  /// The next piece; to be asked `count` times. Throws what `make` threw.
  auto next() {
    if (jobs_ == 1) return make_(begun_++);
    // One more than cores: while a piece that takes long is waited for, the others go on.
    for (; begun_ < count_ && under_way_.size() <= jobs_; ++begun_)
      under_way_.push_back(std::async(std::launch::async | std::launch::deferred, make_, begun_));
    auto result = under_way_.front().get();
    under_way_.pop_front();
    return result;
  }

private:
  Make make_;
  std::size_t count_, begun_ = 0;
  unsigned jobs_;
  std::deque<std::future<decltype(std::declval<Make&>()(std::size_t{}))>> under_way_;
};

} // namespace aceso::command
