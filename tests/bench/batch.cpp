/// The flagship over many complete patients: the batch engine with each set of kernels and as native code, a bit-sliced
/// kernel with the same logic written by hand, and the floor, which is to read the same columns. Answers are compared
/// before anything is measured. Prints ratios of one run.
///
///   bench_batch [--rows N] [--largest N] [--quick]
///
/// Populations are decided in parts of 65,536 patients, and a part's results are written where those of the part before
/// stood: whoever counts or writes down results does so before the next part. `--largest` bounds the curve from 1,000
/// patients on; columns of at most 4 million patients are kept and used again.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "aceso/compiler.h"
#include "batch/batch.h"
#include "codegen/codegen.h"
#include "graph/graph.h"
#include "jit/block_code.h"

#include "by_hand/flagship.h"

namespace {

using namespace aceso;
using namespace aceso::bench;

// ---------------------------------------------------------------------------------------------------- columns

/// SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
struct Random {
  std::uint64_t state = 1;
  std::uint64_t next() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t count) { return next() % count; }
};

std::shared_ptr<const Module> flagship() {
  const Compilation compilation =
      compile_file(ACESO_SOURCE_FOLDER "/guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso");
  return load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
}

InputId input(const Module& module, std::string_view name) {
  const auto& inputs = module.dictionary.inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].name == name) return InputId(i);
  std::fprintf(stderr, "the flagship has no input %s\n", std::string(name).c_str());
  std::exit(1);
}

/// Complete patients. Bytes for every choice; the length of care in two.
struct Patients {
  std::size_t rows = 0;
  std::array<std::vector<std::uint64_t>, flags> is;
  std::array<std::vector<std::uint8_t>, days> choice;
  std::vector<std::uint16_t> care;
  std::vector<std::uint64_t> known; ///< one unknown fact in every block

  explicit Patients(std::size_t count) : rows(count) {
    Random random;
    for (std::size_t i = 0; i < flags; ++i) {
      is[i].resize((rows + 63) / 64);
      for (auto& word : is[i])
        word = i == suspected ? random.next() | random.next() | random.next() | random.next()
                              : random.next() & random.next() & random.next();
    }
    constexpr std::array<std::uint8_t, days> counts = {2, 5, 4, 4, 3, 3, 3, 3, 2, 4, 4, 3, 3};
    constexpr std::array<std::uint8_t, days> from = {0, 20, 0, 0, 0, 0, 3, 3, 4, 0, 0, 0, 0};
    for (std::size_t i = 0; i < days; ++i) {
      choice[i].resize(rows);
      for (auto& each : choice[i])
        each = static_cast<std::uint8_t>(from[i] + random.below(counts[i]));
    }
    for (std::size_t row = 0; row < rows; ++row)
      if (random.below(64) != 0) choice[region][row] = choice[level][row] < 25 ? 2 : 3;
    care.resize(rows);
    for (auto& each : care)
      each = static_cast<std::uint16_t>(random.below(90));
    known.assign((rows + 63) / 64, ~std::uint64_t{0});
    for (std::size_t word = 0; word < known.size(); word += batch::block_words)
      known[word] = ~std::uint64_t{1};
  }
  [[nodiscard]] FlagshipColumns columns() const {
    FlagshipColumns result;
    for (std::size_t i = 0; i < flags; ++i)
      result.is[i] = is[i].data();
    for (std::size_t i = 0; i < days; ++i)
      result.choice[i] = choice[i].data();
    result.care = care.data();
    return result;
  }
  [[nodiscard]] std::size_t bytes() const { return flags * is[0].size() * 8 + rows * (days + 2); }
};

struct Columns {
  std::vector<batch::Column> columns;
  batch::Batch batch;
  Columns(const Module& module, const Patients& all, std::size_t first, std::size_t rows, bool with_unknown)
      : columns(module.inputs.size()) {
    for (std::size_t i = 0; i < flags; ++i)
      columns[input(module, flag_names[i]).index()].bits = all.is[i].data() + first / 64;
    for (std::size_t i = 0; i < days; ++i)
      columns[input(module, choice_names[i]).index()].data = all.choice[i].data() + first;
    columns[input(module, choice_names[days]).index()].data = all.care.data() + first;
    if (with_unknown)
      for (auto& each : columns)
        each.known = all.known.data() + first / 64;
    batch.rows = rows;
    batch.now = {{1'795'000'000}, 0};
    batch.columns = columns;
  }
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;
};

/// All patients in parts.
constexpr std::size_t part_rows = 65'536;
struct Parts {
  std::vector<std::unique_ptr<Columns>> parts;
  Parts(const Module& module, const Patients& all, std::size_t rows, bool with_unknown) {
    for (std::size_t first = 0; first < rows; first += part_rows)
      parts.push_back(std::make_unique<Columns>(module, all, first, std::min(part_rows, rows - first), with_unknown));
  }
  void run(batch::Runner& runner, batch::Results& results) const {
    for (const auto& each : parts)
      runner.run(each->batch, results);
  }
};

// ---------------------------------------------------------------------------------------------------- by hand

using ByHand = void (*)(const FlagshipColumns&, std::size_t block, Plane* out);
struct HandWritten {
  const char* name;
  batch::Kernels needs;
  ByHand function;
};
std::vector<HandWritten> hand_written() {
  std::vector<HandWritten> all;
#if defined(ACESO_X86_KERNELS)
  all = {{"by hand, AVX2", batch::Kernels::avx2, by_hand_avx2},
         {"by hand, AVX-512", batch::Kernels::avx512, by_hand_avx512}};
  std::erase_if(all, [](const HandWritten& each) { return !batch::has(each.needs); });
#endif
  return all;
}

[[noreturn]] void differs(std::size_t row, const char* what) {
  std::fprintf(stderr, "row %zu: the kernel by hand and the batch engine differ in %s\n", row, what);
  std::exit(1);
}

void compare(const Patients& all, const batch::Results& results, const HandWritten& hand) {
  std::vector<std::uint64_t> planes(found * batch::block_words);
  for (std::size_t block = 0; block < all.rows / batch::block_rows; ++block) {
    hand.function(all.columns(), block, reinterpret_cast<Plane*>(planes.data()));
    for (std::size_t i = 0; i < batch::block_rows; ++i) {
      const std::size_t row = block * batch::block_rows + i;
      const auto is = [&](std::size_t which) {
        return (planes[which * batch::block_words + i / 64] >> (i % 64) & 1) != 0;
      };
      if (results.is_refused(row) != is(refused)) differs(row, "the constraints");
      if (is(refused)) continue;
      if ((results.applies(row) == Truth::yes) != is(applies)) differs(row, "applies");
      const auto check = [&](std::size_t action, bool advised, std::optional<Verb> verb, Strength strength,
                             Urgency urgency) {
        const auto got = results.action(row, ActionId(action));
        const auto status = advised ? RecommendationStatus::advised : RecommendationStatus::not_advised;
        if (got.status != status) differs(row, "a status");
        if (advised && (got.verb != verb || got.strength != strength || got.urgency != urgency)) differs(row, "advice");
      };
      for (std::size_t k = 0; k < 3; ++k) {
        const bool is_for = is(for_imaging + k);
        check(k, is_for || is(against_imaging), is_for ? Verb::recommend : Verb::avoid,
              is(weakly + k) ? Strength::weak : Strength::strong,
              !is_for           ? Urgency::none
              : is(at_once + k) ? Urgency::immediately
                                : Urgency::routinely);
      }
      for (std::size_t k = 3; k < 7; ++k)
        check(k, is(conservative_care), Verb::recommend, Strength::strong, Urgency::none);
      check(7, is(conservative_care), Verb::avoid, Strength::strong, Urgency::none);
      check(8, is(electromyography), Verb::recommend, Strength::strong, Urgency::none);
      check(9, is(referral), Verb::recommend, Strength::strong,
            is(referral_now)      ? Urgency::immediately
            : is(referral_urgent) ? Urgency::urgently
                                  : Urgency::none);
      check(10, is(surgery), Verb::recommend, Strength::strong, Urgency::immediately);
      for (std::size_t k = 0; k < 8; ++k)
        if ((results.caution(row, CautionId(k)) == Truth::yes) != is(cautions + k)) differs(row, "a caution");
      const auto stage = results.stage(row);
      for (std::size_t k = 0; k < 8; ++k)
        if ((stage == StageId(k)) != is(stages + k)) differs(row, "the stage");
      const auto root = results.differential(row, DifferentialId(std::size_t{0}));
      if ((root.status == DifferentialStatus::decided) != (is(root_4) || is(root_5))) differs(row, "the root");
      if ((root.status == DifferentialStatus::tie) != is(tie)) differs(row, "a tie of roots");
    }
  }
}

// ---------------------------------------------------------------------------------------------------- measured

/// Time of the thread on its core, so that other programs count little; with more threads, time on the wall.
double now_of(bool on_the_wall) {
  std::timespec time{};
  clock_gettime(on_the_wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double seconds_of(const std::function<void()>& work, double at_least, bool on_the_wall = false) {
  double best = 1e9, spent = 0;
  for (int i = 0; i < 3 || spent < at_least; ++i) {
    const double start = now_of(on_the_wall);
    work();
    const double taken = now_of(on_the_wall) - start;
    best = std::min(best, taken);
    spent += taken;
  }
  return best;
}

/// One of `parts` equal parts of each column.
std::uint64_t read_part(const Patients& all, std::size_t part, std::size_t parts) {
  std::uint64_t sum = 0;
  const auto read = [&](const void* data, std::size_t whole) {
    const std::size_t bytes = whole / parts;
    const auto* at = static_cast<const char*>(data) + part * bytes;
    std::uint64_t sums[8] = {};
    for (std::size_t i = 0; i + 64 <= bytes; i += 64) {
      std::uint64_t words[8];
      std::memcpy(words, at + i, 64);
      for (std::size_t k = 0; k < 8; ++k)
        sums[k] += words[k];
    }
    for (const std::uint64_t each : sums)
      sum += each;
  };
  for (const auto& each : all.is)
    read(each.data(), each.size() * 8);
  for (const auto& each : all.choice)
    read(each.data(), each.size());
  read(all.care.data(), all.care.size() * 2);
  return sum;
}

void print(const char* what, double seconds, double rows, double floor, double hand) {
  std::printf("%-44s %9.3f ns %9.1f M/s %8.2f of memory", what, seconds / rows * 1e9, rows / seconds / 1e6,
              floor / seconds);
  if (hand > 0) std::printf(" %8.2f of by hand", hand / seconds);
  std::printf("\n");
  std::fflush(stdout);
}

} // namespace

int main(int count, char** words) {
  std::size_t rows = 4u << 20, largest = 100'000'000;
  double at_least = 0.5;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--rows" && i + 1 < count) rows = std::strtoull(words[++i], nullptr, 10);
    if (word == "--largest" && i + 1 < count) largest = std::strtoull(words[++i], nullptr, 10);
    if (word == "--quick") rows = 1u << 18, largest = 1'000'000, at_least = 0.05;
  }
  rows = std::max(rows / batch::block_rows, std::size_t{1}) * batch::block_rows;
  const auto module = flagship();
  const Patients all(rows);
  const auto full_plan = batch::make_plan(module);
  batch::PlanOptions options;
  options.definitions = false;
  options.reasons = false;
  const auto plan = batch::make_plan(module, options);
  const Parts complete(*module, all, rows, false), with_unknown(*module, all, rows, true);
  const auto started = now_of(false);
  const jit::MadeBlocks made = jit::compile_blocks(*plan), full_made = jit::compile_blocks(*full_plan);
  std::printf("two fused functions of three variants each were made in %.0f ms\n", (now_of(false) - started) * 1e3);
  if (!made.ok()) std::printf("native code: SKIPPED, %s\n", made.fault->message.c_str());
  batch::RunOptions native{1, {}, {}, {}}, full_native{1, {}, {}, {}};
  jit::use(made, native);
  jit::use(full_made, full_native);
  batch::Results results;
  const auto hands = hand_written();
  {
    const Patients few(std::min<std::size_t>(rows, 64 * batch::block_rows));
    const Columns columns(*module, few, 0, few.rows, false);
    batch::Runner(plan, {1, {}, {}, {}}).run(columns.batch, results);
    for (const HandWritten& hand : hands)
      compare(few, results, hand);
    if (made.ok()) {
      batch::Runner(plan, native).run(columns.batch, results);
      for (const HandWritten& hand : hands)
        compare(few, results, hand);
    }
  }
  std::printf("flagship, %zu complete patients, %.1f bytes each, answers compared\n", rows,
              static_cast<double>(all.bytes()) / static_cast<double>(rows));
  const auto n = static_cast<double>(rows);
  volatile std::uint64_t sink = 0;
  const double floor = seconds_of([&] { sink = sink + read_part(all, 0, 1); }, at_least);
  print("floor: read the columns", floor, n, floor, 0);
  double hand = 0;
  std::vector<std::uint64_t> planes(part_rows / batch::block_rows * found * batch::block_words);
  for (const HandWritten& each : hands) {
    const double seconds = seconds_of(
        [&] {
          for (std::size_t block = 0; block < rows / batch::block_rows; ++block)
            each.function(all.columns(), block,
                          reinterpret_cast<Plane*>(planes.data()) + block % (part_rows / batch::block_rows) * found);
        },
        at_least);
    print(each.name, seconds, n, floor, 0);
    hand = hand == 0 ? seconds : std::min(hand, seconds);
  }
  for (const auto kernels : {batch::Kernels::portable, batch::Kernels::avx2, batch::Kernels::avx512}) {
    if (!batch::has(kernels)) continue;
    batch::Runner runner(plan, {1, kernels, {}, {}});
    const std::string name = "batch, " + std::string(batch::to_text(kernels));
    print(name.c_str(), seconds_of([&] { complete.run(runner, results); }, at_least), n, floor, hand);
  }
  batch::Runner one(plan, {1, {}, {}, {}}), two(plan, {2, {}, {}, {}}), full(full_plan, {1, {}, {}, {}});
  const double alone = seconds_of([&] { complete.run(one, results); }, at_least);
  const double kleene = seconds_of([&] { with_unknown.run(one, results); }, at_least);
  const double both = seconds_of([&] { complete.run(two, results); }, at_least, true);
  const double alone_on_the_wall = seconds_of([&] { complete.run(one, results); }, at_least, true);
  const double derived = seconds_of([&] { complete.run(full, results); }, at_least);
  print("batch, best kernels, one core", alone, n, floor, hand);
  print("... with derived values and reasons", derived, n, floor, hand);
  print("... some fact unknown in every block", kleene, n, floor, hand);
  print("... two cores", both, n, floor, hand);
  const double floor_on_the_wall = seconds_of([&] { sink = sink + read_part(all, 0, 1); }, at_least, true);
  const double floor_both = seconds_of(
      [&] {
        std::uint64_t other = 0;
        std::thread second([&] { other = read_part(all, 1, 2); });
        const std::uint64_t own = read_part(all, 0, 2);
        second.join();
        sink = sink + own + other;
      },
      at_least, true);
  std::printf("planes for unknown facts cost %.0f%%; two cores give %.2f of one (floor: reading, %.2f)\n",
              (kleene / alone - 1) * 100, alone_on_the_wall / both, floor_on_the_wall / floor_both);
  if (made.ok()) {
    batch::Runner fused(plan, native), full_fused(full_plan, full_native);
    const double quick = seconds_of([&] { complete.run(fused, results); }, at_least);
    const double quick_kleene = seconds_of([&] { with_unknown.run(fused, results); }, at_least);
    const double quick_derived = seconds_of([&] { complete.run(full_fused, results); }, at_least);
    print("batch native, one core", quick, n, floor, hand);
    print("... with derived values and reasons", quick_derived, n, floor, hand);
    print("... some fact unknown in every block", quick_kleene, n, floor, hand);
    std::printf("planes for unknown facts cost %.0f%%; without native code the batch engine has %.2f of its rate\n",
                (quick_kleene / quick - 1) * 100, quick / alone);
  }

  std::printf("\ncost of a patient by the size of the population, one core\n");
  for (std::size_t size = 1000; size <= largest; size *= 10) {
    const std::size_t part = std::min(size, rows);
    const Parts columns(*module, all, part, false);
    const auto work = [&] {
      for (std::size_t done = 0; done < size; done += part)
        columns.run(one, results);
    };
    const std::size_t rounds = (size + part - 1) / part;
    const double seconds = seconds_of(work, size > 1'000'000 ? 0 : at_least / 10);
    std::printf("%12zu patients %9.3f ns\n", size, seconds / static_cast<double>(rounds * part) * 1e9);
  }
  return 0;
}
