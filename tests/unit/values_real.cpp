/// round_real: a table of random expressions calculated by other programs, published formulas, and the corners.

#include "values/real.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace aceso {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::array all_modes = {
    RoundingMode::half_up, RoundingMode::half_even,   RoundingMode::half_down,     RoundingMode::up,
    RoundingMode::down,    RoundingMode::toward_zero, RoundingMode::away_from_zero};

Rational number(const std::string& text) {
  const auto bar = text.find('/');
  if (bar == std::string::npos) return Rational::from_decimal(text).value();
  return Rational::make(std::stoll(text.substr(0, bar)), std::stoll(text.substr(bar + 1))).value();
}

struct Program {
  std::vector<RealNode> nodes;
  std::vector<Rational> leaves;
};

/// "2 ln exp" is exp(ln 2); numbers are decimals or n/d.
Program postfix(const std::string& text) {
  static const std::map<std::string, RealOp> one_operand = {
      {"negate", RealOp::negate},        {"absolute", RealOp::absolute},  {"sqrt", RealOp::square_root},
      {"ln", RealOp::natural_logarithm}, {"log10", RealOp::logarithm_10}, {"exp", RealOp::exponential}};
  static const std::map<std::string, RealOp> two_operands = {
      {"add", RealOp::add},       {"subtract", RealOp::subtract}, {"multiply", RealOp::multiply},
      {"divide", RealOp::divide}, {"minimum", RealOp::minimum},   {"maximum", RealOp::maximum},
      {"power", RealOp::power}};
  Program program;
  std::vector<std::uint32_t> stack;
  const auto pop = [&] {
    const std::uint32_t top = stack.back();
    stack.pop_back();
    return top;
  };
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    RealNode node;
    if (const auto one = one_operand.find(word); one != one_operand.end()) {
      node = {one->second, pop(), 0};
    } else if (const auto two = two_operands.find(word); two != two_operands.end()) {
      const std::uint32_t right = pop();
      node = {two->second, pop(), right};
    } else {
      node = {RealOp::leaf, static_cast<std::uint32_t>(program.leaves.size()), 0};
      program.leaves.push_back(number(word));
    }
    stack.push_back(static_cast<std::uint32_t>(program.nodes.size()));
    program.nodes.push_back(node);
  }
  return program;
}

std::optional<Rational> round(const std::string& text, const std::string& step = "1",
                              RoundingMode mode = RoundingMode::half_up) {
  const Program program = postfix(text);
  const auto result = round_real(program.nodes, program.leaves, number(step), mode);
  EXPECT_EQ(result, round_real_plainly(program.nodes, program.leaves, number(step), mode)) << text;
  return result;
}

std::string shown(const std::string& text, const std::string& step = "1", RoundingMode mode = RoundingMode::half_up) {
  const auto result = round(text, step, mode);
  return result ? result->to_text() : "-";
}

fs::path source_root() {
#ifdef ACESO_SOURCE_FOLDER
  return ACESO_SOURCE_FOLDER;
#else
  return fs::absolute(fs::path(__FILE__)).parent_path().parent_path().parent_path();
#endif
}

TEST(Real, AgreesWithTheTable) {
  std::ifstream table(source_root() / "tests" / "conformance" / "real_cases.tsv");
  int lines = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with("#")) continue;
    std::istringstream fields(line);
    std::array<std::string, 4> field;
    for (std::string& part : field)
      std::getline(fields, part, '\t');
    const auto& [expression, step, mode, expected] = field;
    const auto result = round(expression, step, rounding_mode_from_text(mode).value());
    if (expected == "-") {
      EXPECT_FALSE(result) << line;
    } else {
      EXPECT_EQ(result, number(expected)) << line;
    }
    ++lines;
  }
  EXPECT_EQ(lines, 570);
}

std::string ckd_epi_2021(const std::string& creatinine, const std::string& age, bool is_female) {
  const std::string ratio = creatinine + (is_female ? " 0.7 divide " : " 0.9 divide ");
  return "142 " + ratio + "1 minimum " + (is_female ? "-0.241" : "-0.302") + " power multiply " + ratio +
         "1 maximum -1.2 power multiply 0.9938 " + age + " power multiply" + (is_female ? " 1.012 multiply" : "");
}

/// L. A. Inker et al., New England Journal of Medicine 385, 2021.
TEST(Real, CkdEpi2021) {
  EXPECT_EQ(shown(ckd_epi_2021("0.8", "55", true)), "87");
  EXPECT_EQ(shown(ckd_epi_2021("0.8", "55", true), "1e-15"), "86.96071522622094");
  EXPECT_EQ(shown(ckd_epi_2021("0.6", "55", true), "1e-15"), "105.936986730317123");
  EXPECT_EQ(shown(ckd_epi_2021("1.2", "70", false), "1e-15"), "65.056595020446001");
  EXPECT_EQ(shown(ckd_epi_2021("0.7", "18", true), "1e-12"), "128.484494516839");
  EXPECT_EQ(shown(ckd_epi_2021("15", "99", false), "1e-15"), "2.622225844080285");
}

/// P. S. Kamath et al., Hepatology 33, 2001.
TEST(Real, Meld) {
  const auto meld = [](const std::string& bilirubin, const std::string& inr, const std::string& creatinine) {
    return "3.78 " + bilirubin + " ln multiply 11.2 " + inr + " ln multiply add 9.57 " + creatinine +
           " ln multiply add 6.43 add";
  };
  EXPECT_EQ(shown(meld("1", "1", "1"), "0.001"), "6.43");
  EXPECT_EQ(shown(meld("1", "1", "1")), "6");
  EXPECT_EQ(shown(meld("2.5", "1.8", "1.4"), "1e-15"), "19.696828917853047");
  EXPECT_EQ(shown(meld("20", "3", "4"), "1e-15"), "43.325162663034268");
}

TEST(Real, BodyMassIndexAndBodySurfaceArea) {
  EXPECT_EQ(shown("70 1.75 1.75 multiply divide", "0.1"), "22.9");
  EXPECT_EQ(shown("70 1.75 2 power divide", "0.1"), "22.9");
  EXPECT_EQ(shown("98 1.4 2 power divide 0.05 add", "0.1"), "50.1"); // a tie: 50.05
  EXPECT_EQ(shown("98 1.4 2 power divide 0.05 add", "0.1", RoundingMode::half_even), "50");
  EXPECT_EQ(shown("0.007184 170 0.725 power multiply 70 0.425 power multiply", "1e-15"),
            "1.809707801753247");                                                     // Du Bois
  EXPECT_EQ(shown("170 70 multiply 3600 divide sqrt", "1e-15"), "1.818118685772619"); // Mosteller
}

TEST(Real, AllModesOnTiesAndBesideThem) {
  // ties: 2.5, -2.5, 3.5; steps: 3; and 2.5 missed by less than 2^-60 on either side.
  struct Row {
    const char* text;
    std::array<const char*, 7> results;
  };
  const Row rows[] = {
      {"6.25 sqrt", {"3", "2", "2", "3", "2", "2", "3"}},
      {"6.25 sqrt negate", {"-3", "-2", "-2", "-2", "-3", "-2", "-3"}},
      {"49/4 sqrt", {"4", "4", "3", "4", "3", "3", "4"}},
      {"9 sqrt", {"3", "3", "3", "3", "3", "3", "3"}},
      {"2 sqrt 2 sqrt multiply 1/2 add", {"3", "2", "2", "3", "2", "2", "3"}},
      {"2 ln exp 1/2 add negate", {"-3", "-2", "-2", "-2", "-3", "-2", "-3"}},
      {"2 ln exp", {"2", "2", "2", "2", "2", "2", "2"}},
      {"2 ln exp 2 subtract", {"0", "0", "0", "0", "0", "0", "0"}},
      {"7205759403792793601/1152921504606846976 sqrt", {"3", "3", "3", "3", "2", "2", "3"}},
      {"7205759403792793599/1152921504606846976 sqrt", {"2", "2", "2", "3", "2", "2", "3"}},
      {"7205759403792793601/1152921504606846976 sqrt negate", {"-3", "-3", "-3", "-2", "-3", "-2", "-3"}},
      {"7205759403792793599/1152921504606846976 sqrt negate", {"-2", "-2", "-2", "-2", "-3", "-2", "-3"}},
      {"-30 exp", {"0", "0", "0", "1", "0", "0", "1"}},
      {"-30 exp negate", {"0", "0", "0", "0", "-1", "0", "-1"}},
      {"1/4611686018427387904 exp", {"1", "1", "1", "2", "1", "1", "2"}},
      {"-1/4611686018427387904 exp", {"1", "1", "1", "1", "0", "0", "1"}},
  };
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < all_modes.size(); ++i) {
      EXPECT_EQ(shown(row.text, "1", all_modes[i]), row.results[i]) << row.text << ' ' << to_text(all_modes[i]);
    }
  }
}

TEST(Real, RationalResultsAreExact) {
  EXPECT_EQ(shown("4/9 sqrt", "1/3"), "2/3");
  EXPECT_EQ(shown("27/8 1/3 power", "1/2"), "1.5");
  EXPECT_EQ(shown("4/9 -1/2 power", "1/2"), "1.5");
  EXPECT_EQ(shown("32 0.6 power", "1", RoundingMode::down), "8");
  EXPECT_EQ(shown("1000 log10", "1", RoundingMode::down), "3");
  EXPECT_EQ(shown("1e-18 log10", "1", RoundingMode::up), "-18");
  EXPECT_EQ(shown("1 ln", "1", RoundingMode::up), "0");
  EXPECT_EQ(shown("0 exp", "1", RoundingMode::up), "1");
  EXPECT_EQ(shown("1 9223372036854775807 power", "1", RoundingMode::up), "1");
  EXPECT_EQ(shown("2 sqrt 0 power", "1", RoundingMode::up), "1");
  EXPECT_EQ(shown("2 sqrt 0 multiply", "1", RoundingMode::up), "0");
  EXPECT_EQ(shown("2 sqrt 1 minimum", "1", RoundingMode::up), "1");
  EXPECT_EQ(shown("2 sqrt 3/2 maximum", "1", RoundingMode::half_even), "2");
  EXPECT_EQ(shown("3/2 2 sqrt maximum", "1", RoundingMode::half_down), "1");
  EXPECT_EQ(shown("2 sqrt 3 sqrt minimum 2 sqrt subtract absolute", "1", RoundingMode::up), "0");
  // Far beyond 64 bits on the way.
  EXPECT_EQ(shown("1e18 1e18 multiply 1/2 add 1e18 1e18 multiply subtract", "1", RoundingMode::half_even), "0");
  EXPECT_EQ(shown("1e18 1e18 multiply 3/2 add 1e18 1e18 multiply subtract", "1", RoundingMode::half_even), "2");
  EXPECT_EQ(shown("3 1000 power 3 999 power divide", "1", RoundingMode::up), "3");
  EXPECT_EQ(shown("3 5000 power 3 4999 power divide", "1", RoundingMode::up), "3");
  EXPECT_EQ(shown("1.5 7000 power 1.5 6999 power divide", "1", RoundingMode::half_even), "2");
}

TEST(Real, CancellationIsDecided) {
  EXPECT_EQ(shown("2 ln exp 2 subtract sqrt", "1", RoundingMode::up), "0");
  EXPECT_EQ(shown("2 2 ln exp subtract 2 power", "1", RoundingMode::up), "0");
  EXPECT_EQ(shown("2 2 ln exp subtract 3 power", "1", RoundingMode::down), "0");
  EXPECT_EQ(shown("2 2 ln exp subtract 1/2 power", "1", RoundingMode::up), "0");
  EXPECT_EQ(shown("1 2 ln exp 2 subtract divide"), "-");
  EXPECT_EQ(shown("2 ln exp 2 subtract ln"), "-");
  EXPECT_EQ(shown("2 ln exp 2 subtract log10"), "-");
  EXPECT_EQ(shown("2 ln exp 2 subtract 0 power"), "-");
  EXPECT_EQ(shown("2 ln exp 2 subtract -1 power"), "-");
  EXPECT_EQ(shown("-3 2 sqrt 2 sqrt multiply power", "1", RoundingMode::up), "9");
  EXPECT_EQ(shown("-2 3 sqrt 3 sqrt multiply power", "1", RoundingMode::up), "-8");
  EXPECT_EQ(shown("-2 2 sqrt power"), "-");
  EXPECT_EQ(shown("100 2 ln multiply exp 2 100 power subtract", "1", RoundingMode::up), "0");
  EXPECT_EQ(shown("700 exp 700 exp subtract", "1", RoundingMode::up), "0"); // needs 2048 bits
  EXPECT_EQ(shown("2000 exp 2000 exp subtract"), "-");                      // would need more
  // On either side of what is told apart: e^-600 is above 2^-900, e^-2000 far below.
  EXPECT_EQ(shown("1 -600 exp add", "1", RoundingMode::up), "2");
  EXPECT_EQ(shown("1 -2000 exp add", "1", RoundingMode::up), "1");
  EXPECT_EQ(shown("1 -600 exp subtract", "1", RoundingMode::down), "0");
}

TEST(Real, LargeAndSmall) {
  EXPECT_EQ(shown("43 exp"), "4727839468229346561");
  EXPECT_EQ(shown("44 exp"), "-");
  EXPECT_EQ(shown("1e6 exp"), "-");
  EXPECT_EQ(shown("-1e6 exp"), "0");
  EXPECT_EQ(shown("-1e14 exp", "1", RoundingMode::up), "1");
  EXPECT_EQ(shown("-1e14 exp negate", "1/9223372036854775807", RoundingMode::down), "-1/9223372036854775807");
  EXPECT_EQ(shown("-1e15 exp", "1", RoundingMode::up), "-"); // beyond the range of intermediate values
  EXPECT_EQ(shown("1e15 exp"), "-");
  EXPECT_EQ(shown("1 1 1e9 exp add divide", "1", RoundingMode::up), "1");
  EXPECT_EQ(shown("1e14 exp ln", "1"), "100000000000000");
  EXPECT_EQ(shown("10 18 power"), "1000000000000000000");
  EXPECT_EQ(shown("10 19 power"), "-");
  EXPECT_EQ(shown("2 63 power negate"), "-9223372036854775808");
  EXPECT_EQ(shown("2 63 power"), "-");
  EXPECT_EQ(shown("2 63 power 1 subtract"), "9223372036854775807");
  EXPECT_EQ(shown("2 63 power 0.5 subtract", "1", RoundingMode::down), "9223372036854775807");
  EXPECT_EQ(shown("2 63 power 0.5 subtract"), "-");
  EXPECT_EQ(shown("0.5 62 power", "1/4611686018427387904"),
            "0.00000000000000000021684043449710088680149056017398834228515625");
  EXPECT_EQ(shown("2 9223372036854775807 power"), "-");
  EXPECT_EQ(shown("-2 9223372036854775807 power"), "-");
  EXPECT_EQ(shown("9223372036854775807 sqrt", "1", RoundingMode::down), "3037000499");
  EXPECT_EQ(shown("9223372036854775807 1/9223372036854775807 power", "1", RoundingMode::up), "2");
  EXPECT_EQ(shown("4611686018427387905/4611686018427387904 4611686018427387904 power", "1e-15"),
            "2.718281828459045"); // e (1 - 2^-63 ...)
  EXPECT_EQ(shown("2 sqrt", "9223372036854775807", RoundingMode::up), "9223372036854775807");
  EXPECT_EQ(shown("44 exp", "9223372036854775807", RoundingMode::down), "9223372036854775807");
}

TEST(Real, Domain) {
  for (const auto* text :
       {"1 0 divide", "2 sqrt 0 divide", "-1 sqrt", "0 ln", "-1 ln", "0 log10", "-10 log10", "0 0 power", "0 -1 power",
        "0 -1/2 power", "-8 1/3 power", "-2 sqrt 2 power", "0 2 ln -1 multiply power", "2 sqrt negate sqrt",
        "2 sqrt negate ln", "2 sqrt negate 1/2 power", "0 2 sqrt negate power"}) {
    EXPECT_EQ(shown(text), "-") << text;
  }
  EXPECT_EQ(shown("0 1/2 power"), "0");
  EXPECT_EQ(shown("0 2 sqrt power"), "0");
  EXPECT_EQ(shown("0 sqrt"), "0");
  EXPECT_EQ(shown("-2 3 power"), "-8");
  EXPECT_EQ(shown("-2 -3 power", "1/8"), "-0.125");
  EXPECT_EQ(shown("-2 0 power"), "1");
  EXPECT_EQ(shown("2 sqrt negate 2 power", "1", RoundingMode::up), "2");
  EXPECT_EQ(shown("2 sqrt negate 3 power", "0.001"), "-2.828");
}

TEST(Real, ProgramsAndStepsThatAreNotValid) {
  const std::vector<Rational> leaves = {2, 3};
  const auto refused = [&](const std::vector<RealNode>& program, Rational step = 1) {
    return !round_real(program, leaves, step, RoundingMode::down) &&
           !round_real_plainly(program, leaves, step, RoundingMode::down);
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({{RealOp::leaf, 2, 0}}));
  EXPECT_TRUE(refused({{RealOp::negate, 0, 0}}));
  EXPECT_TRUE(refused({{RealOp::leaf, 0, 0}, {RealOp::add, 0, 1}}));
  EXPECT_TRUE(refused({{RealOp::leaf, 0, 0}, {static_cast<RealOp>(200), 0, 0}}));
  EXPECT_TRUE(refused({{RealOp::leaf, 0, 0}}, 0));
  EXPECT_TRUE(refused({{RealOp::leaf, 0, 0}}, -1));
  EXPECT_FALSE(refused({{RealOp::leaf, 0, 0}}));
  // What the last node does not depend on does not matter, and `b` of an operation of one operand is not read.
  EXPECT_FALSE(
      refused({{RealOp::leaf, 0, 0}, {RealOp::negate, 0, 9}, {RealOp::natural_logarithm, 1, 7}, {RealOp::leaf, 1, 5}}));
}

TEST(Real, TheShortCutAgreesWithThePlainTwin) {
  std::mt19937_64 random(11);
  const std::array<RealOp, 9> ops = {RealOp::add,     RealOp::subtract, RealOp::multiply,
                                     RealOp::divide,  RealOp::negate,   RealOp::absolute,
                                     RealOp::minimum, RealOp::maximum,  RealOp::power};
  int results = 0;
  for (int round = 0; round < 4000; ++round) {
    std::vector<Rational> leaves;
    std::vector<RealNode> program;
    for (std::uint32_t i = 0; i < 4; ++i) {
      const auto limit = static_cast<std::int64_t>(random() >> (2 + random() % 62));
      const auto numerator = static_cast<std::int64_t>(random() % 2 == 0 ? limit : -limit);
      leaves.push_back(
          Rational::make(random() % 50 == 0 ? smallest : numerator, 1 + static_cast<std::int64_t>(random() % 20))
              .value());
      program.push_back({RealOp::leaf, i, 0});
    }
    for (std::uint32_t i = 4; i < 8; ++i) {
      program.push_back({ops[random() % ops.size()], static_cast<std::uint32_t>(random() % i),
                         static_cast<std::uint32_t>(random() % i)});
    }
    const Rational step =
        Rational::make(1 + static_cast<std::int64_t>(random() % 9), 1 + static_cast<std::int64_t>(random() % 9))
            .value();
    const RoundingMode mode = all_modes[random() % all_modes.size()];
    const auto result = round_real(program, leaves, step, mode);
    EXPECT_EQ(result, round_real_plainly(program, leaves, step, mode));
    if (result) ++results;
  }
  EXPECT_GT(results, 1000);
}

TEST(Real, LeavesAtTheLimits) {
  const std::array<Rational, 2> leaves = {largest, smallest};
  const std::array<RealNode, 1> high = {{{RealOp::leaf, 0, 0}}};
  const std::array<RealNode, 1> low = {{{RealOp::leaf, 1, 0}}};
  EXPECT_EQ(round_real_plainly(high, leaves, 1, RoundingMode::up), Rational(largest));
  EXPECT_EQ(round_real_plainly(low, leaves, 1, RoundingMode::up), Rational(smallest));
  EXPECT_EQ(round_real_plainly(high, leaves, 10, RoundingMode::up), std::nullopt);
}

} // namespace
} // namespace aceso
