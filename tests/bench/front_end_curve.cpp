/// How the front end grows: time and memory from text to checked graph, 10 KB to 50 MB, each size in a process of its
/// own. The floor beside each figure is reading the same bytes once.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include "aceso/compiler.h"
#include "generated_guideline.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Most memory that this process ever held, in bytes.
double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

/// One line of the table; runs in a process of its own, so that the peak is that of this size.
int measure(std::size_t bytes) {
  std::string text = aceso::bench::generated_guideline(static_cast<int>(bytes / 290));
  const auto size = static_cast<double>(text.size());
  auto start = Clock::now();
  volatile unsigned sum = std::accumulate(text.begin(), text.end(), 0U);
  static_cast<void>(sum);
  const double floor = seconds_since(start);
  const double before = peak_memory();
  int runs = 0;
  start = Clock::now();
  do {
    if (!aceso::compile_text(text, "generated.aceso").ok()) return EXIT_FAILURE;
    ++runs;
  } while (seconds_since(start) < 1);
  const double took = seconds_since(start) / runs;
  fmt::print("{:>9.0f} KB {:>10.1f} ms {:>8.2f} MB/s {:>8.0f} x floor {:>8.0f} x text in memory\n", size / 1e3,
             took * 1e3, size / took / 1e6, took / floor, (peak_memory() - before) / size);
  return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) {
  const double most = argc > 1 ? std::atof(argv[1]) : 50e6;
  fmt::print("front end, text to checked graph (memory: growth of the peak while compiling)\n");
  for (const double bytes : {1e4, 1e5, 1e6, 5e6, 20e6, 50e6}) {
    if (bytes > most) break;
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      const int code = measure(static_cast<std::size_t>(bytes));
      std::fflush(stdout);
      _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) {
      fmt::print("{:>9.0f} KB: failed (status {})\n", bytes / 1e3, status);
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}
