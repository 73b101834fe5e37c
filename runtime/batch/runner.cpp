/// Blocks of a batch over the threads of a runner.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <thread>

#include "batch/worker.h"
#include "interpret/engine.h"

namespace aceso::batch {
namespace {

/// To put a thread to sleep and to wake it takes longer than a few blocks: whoever waits for something that is likely
/// to come at once looks for it for so long before it sleeps.
constexpr std::chrono::microseconds soon{50};

template <class Holds>
void look_for_a_while(Holds holds) {
  const auto until = std::chrono::steady_clock::now() + soon;
  while (!holds() && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
}

} // namespace

struct Runner::State {
  State(std::shared_ptr<const Plan> of, const RunOptions& options) : plan(std::move(of)), evaluator(plan->module) {
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    const unsigned jobs = options.jobs == 0 ? cores : options.jobs;
    shares = std::vector<Share>(jobs);
    for (unsigned i = 0; i < jobs; ++i)
      workers.push_back(std::make_unique<Worker>(*plan, options));
    threads.reserve(jobs);
    try {
      for (unsigned i = 1; i < jobs; ++i)
        threads.emplace_back([this, i] { serve(i); });
    } catch (const std::exception&) { // the system gives no more: those that are there do the work of the others
    }
  }
  ~State() {
    {
      const std::lock_guard lock(mutex);
      is_over = true;
    }
    begin.notify_all();
    for (std::thread& each : threads)
      each.join();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// A thread: waits for a batch, takes part in it, waits for the next.
  void serve(std::size_t own) {
    std::uint64_t seen = 0;
    while (true) {
      look_for_a_while([&] { return is_over || round != seen; });
      {
        std::unique_lock lock(mutex);
        begin.wait(lock, [&] { return is_over || round != seen; });
        if (is_over) return;
        seen = round;
      }
      take_blocks(own);
      const std::lock_guard lock(mutex);
      if (--busy == 0) end.notify_one();
    }
  }
  /// Each thread has a share of the blocks, the same in every batch of this size, so that what it writes stays in its
  /// own cache; when its share is done it helps with those of the others. A few blocks at a time, one after the other
  /// in memory; not so many that a thread ends long after the others.
  void take_blocks(std::size_t own) {
    try {
      const std::size_t several = std::clamp<std::size_t>(blocks / (16 * shares.size()), 1, 8);
      for (std::size_t i = 0; i < shares.size(); ++i) {
        Share& share = shares[(own + i) % shares.size()];
        for (std::size_t first; (first = share.next.fetch_add(several)) < share.end;)
          for (std::size_t block = first; block < std::min(first + several, share.end); ++block)
            workers[own]->decide_block(*batch, block, *results);
      }
    } catch (...) { // memory ran out: told by `run`
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      for (Share& share : shares)
        share.next = share.end;
    }
  }
  void share_out() {
    for (std::size_t i = 0; i < shares.size(); ++i) {
      shares[i].next = blocks * i / shares.size();
      shares[i].end = blocks * (i + 1) / shares.size();
    }
  }

  std::shared_ptr<const Plan> plan;
  interpret::Evaluator evaluator;
  std::vector<std::unique_ptr<Worker>> workers; ///< the first is that of the calling thread
  std::vector<std::thread> threads;

  std::mutex mutex;
  std::condition_variable begin, end;
  std::atomic<std::uint64_t> round = 0; ///< these three are written under the lock
  std::atomic<std::size_t> busy = 0;
  std::atomic<bool> is_over = false;
  std::exception_ptr failure;

  const Batch* batch = nullptr;
  Results::State* results = nullptr;
  std::size_t blocks = 0;
  struct alignas(64) Share { // a line of the cache each
    std::atomic<std::size_t> next = 0;
    std::size_t end = 0;
  };
  std::vector<Share> shares; ///< one for each worker
};

Runner::Runner(std::shared_ptr<const Plan> plan, const RunOptions& options)
    : state_(std::make_unique<State>(std::move(plan), options)) {}
Runner::~Runner() = default;

void Runner::run(const Batch& batch, Results& results) {
  State& state = *state_;
  Results::State& out = results.state();
  out.plan = state.plan;
  out.rows = batch.rows;
  state.blocks = (batch.rows + block_rows - 1) / block_rows;
  out.make_room(state.blocks * state.plan->outputs.words());
  out.values.resize(state.plan->outputs.value_lanes.size());
  for (auto& each : out.values)
    each.resize(batch.rows);
  out.answers.clear();
  out.counts = {};
  state.batch = &batch;
  state.results = &out;
  state.share_out();
  if (!state.threads.empty() && state.blocks > 1) {
    {
      const std::lock_guard lock(state.mutex);
      ++state.round;
      state.busy = state.threads.size();
    }
    state.begin.notify_all();
    state.take_blocks(0);
    look_for_a_while([&] { return state.busy == 0; });
    std::unique_lock lock(state.mutex);
    state.end.wait(lock, [&] { return state.busy == 0; });
  } else {
    state.take_blocks(0);
  }
  for (const auto& worker : state.workers) {
    std::move(worker->answers.begin(), worker->answers.end(), std::back_inserter(out.answers));
    worker->answers.clear();
    out.counts += worker->counts;
    worker->counts = {};
  }
  std::sort(out.answers.begin(), out.answers.end(),
            [](const RowAnswer& a, const RowAnswer& b) { return a.row < b.row; });
  if (state.failure) std::rethrow_exception(std::exchange(state.failure, nullptr));
}

EngineAnswer Runner::decide(const Batch& batch, std::size_t row) {
  const PatientCase facts = patient_case(*state_->plan, batch, row);
  interpret::state(state_->evaluator, facts);
  if (!state_->evaluator.evaluate(facts.now, facts.zone())) return {interpret::to_faults(state_->evaluator, facts), {}};
  return {{}, state_->evaluator.decision()};
}

} // namespace aceso::batch
