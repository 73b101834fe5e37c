/// Parsers at work at the same time: each has prediction tables of its own, cold at first, and none waits for another
/// for ever.

#include "parse_support.h"

#include <atomic>
#include <fstream>
#include <thread>

namespace aceso::test {
namespace {

TEST(ParserThreads, ManyParsersAtOnceReadTheSame) {
  std::ifstream in(ACESO_SOURCE_FOLDER "/guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso", std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  parse::ParseOptions by_grammar;
  by_grammar.reads_by_hand = false;
  const std::size_t declarations = Parsed(text, by_grammar).file.declarations.size();
  ASSERT_GT(declarations, 50U);
  constexpr int threads = 12; // more than there are warm tables
  std::atomic<int> ready = 0, same = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&, i] {
      ++ready;
      while (ready < threads)
        std::this_thread::yield();
      const Parsed parsed(text, i % 2 == 0 ? by_grammar : parse::ParseOptions{});
      if (parsed.file.declarations.size() == declarations && parsed.sink.error_count() == 0) ++same;
    });
  for (std::thread& one : all)
    one.join();
  EXPECT_EQ(same, threads);
}

} // namespace
} // namespace aceso::test
