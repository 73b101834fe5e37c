/// The UCUM functional tests (UcumFunctionalTests.xml, maintained by G. Grieve), which are not part of the repository.
/// They are read from $ACESO_CORPUS/ucum, by default ../shared/corpus/ucum beside the source root, and their results
/// are compared with tests/conformance/ucum_functional.tsv. ACESO_RENEW=1 writes that table anew.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "values/rational.h"
#include "values/units.h"

namespace aceso::units {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string kind; ///< the element that holds it, such as "validation"
  std::map<std::string, std::string> attributes;
  [[nodiscard]] std::string at(const std::string& name) const { return attributes.at(name); }
  /// The tests write an empty string for the unit 1.
  [[nodiscard]] std::string unit(const std::string& name) const { return at(name).empty() ? "1" : at(name); }
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

fs::path source_root() {
#ifdef ACESO_SOURCE_FOLDER
  return ACESO_SOURCE_FOLDER;
#else
  return fs::absolute(fs::path(__FILE__)).parent_path().parent_path().parent_path();
#endif
}

fs::path functional_tests() {
  const char* corpus = std::getenv("ACESO_CORPUS");
  const fs::path folder = corpus ? fs::path(corpus) : source_root().parent_path() / "shared" / "corpus";
  return folder / "ucum" / "UcumFunctionalTests.xml";
}

std::string without_comments(std::string xml) {
  for (std::size_t at = 0; (at = xml.find("<!--", at)) != std::string::npos;) {
    const std::size_t end = xml.find("-->", at);
    xml.erase(at, end == std::string::npos ? end : end + 3 - at);
  }
  return xml;
}

/// Enough of XML for this file: elements, and attributes in double quotes.
std::vector<Case> read_cases(const std::string& xml) {
  std::vector<Case> cases;
  std::string kind;
  for (std::size_t at = 0; (at = xml.find('<', at)) != std::string::npos; ++at) {
    const std::string_view rest = std::string_view(xml).substr(at + 1);
    const std::string name(rest.substr(0, rest.find_first_of(" \t\r\n/>")));
    if (name != "case") {
      if (!name.empty() && name[0] != '?') kind = name;
      continue;
    }
    Case found{kind, {}};
    const std::string_view element = rest.substr(0, rest.find("/>"));
    for (std::size_t equals = 0; (equals = element.find("=\"", equals)) != std::string_view::npos;) {
      const std::size_t begin = element.find_last_of(" \t\r\n", equals) + 1;
      const std::size_t end = element.find('"', equals + 2);
      found.attributes.emplace(element.substr(begin, equals - begin), element.substr(equals + 2, end - equals - 2));
      equals = end;
    }
    cases.push_back(std::move(found));
  }
  return cases;
}

/// An expected value: its digits without the point, and how many of them stand behind it ("1.06e-18": "106", 20).
struct Printed {
  std::string digits;
  int places = 0;
};

Printed read_printed(const std::string& text) {
  Printed printed;
  const std::size_t e = text.find_first_of("eE");
  const std::string mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find('.');
  printed.digits = mantissa;
  if (point != std::string::npos) {
    printed.digits.erase(point, 1);
    printed.places = static_cast<int>(mantissa.size() - point - 1);
  }
  if (e != std::string::npos) printed.places -= std::stoi(text.substr(e + 1));
  printed.digits.erase(0, std::min(printed.digits.find_first_not_of('0'), printed.digits.size()));
  return printed;
}

/// numerator / denominator (both > 0) as the digits of its multiple of 10^-places, ties away from zero.
std::string digits_of(Int128 numerator, Int128 denominator, int places) {
  Int128 remainder = numerator % denominator;
  std::string digits;
  for (Int128 whole = numerator / denominator; whole > 0; whole /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(whole % 10)));
  }
  for (int place = 0; place < places; ++place, remainder = remainder * 10 % denominator) {
    digits += static_cast<char>('0' + static_cast<int>(remainder * 10 / denominator));
  }
  if (remainder * 2 >= denominator) {
    std::size_t at = digits.size();
    while (at > 0 && digits[at - 1] == '9')
      digits[--at] = '0';
    if (at > 0) ++digits[at - 1];
    if (at == 0) digits.insert(digits.begin(), '1');
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

/// Whether value * pi^pi_power, rounded to the digits that are printed, is what is printed.
bool agrees(Rational value, int pi_power, const std::string& expected) {
  // Both parts fit 128 bits for the powers 0 and 1, which are all the tests need.
  constexpr Int128 pi_numerator = Int128{3'141'592'653'589'793'238} * 1'000'000 + 462'643;
  constexpr Int128 pi_denominator = Int128{1'000'000'000'000'000'000} * 1'000'000;
  if (pi_power != 0 && pi_power != 1) return false;
  Int128 numerator = value.numerator();
  Int128 denominator = value.denominator();
  // The long division multiplies remainders by 10, so the denominator must stay a digit below the limit.
  if (pi_power == 1 && (__builtin_mul_overflow(numerator, pi_numerator, &numerator) ||
                        __builtin_mul_overflow(denominator, pi_denominator * 10, &denominator))) {
    return false;
  }
  if (pi_power == 1) denominator /= 10;
  const Printed printed = read_printed(expected);
  return digits_of(numerator, denominator, printed.places) == printed.digits;
}

bool converts(Rational value, const std::string& from, const std::string& to, const std::string& expected) {
  if (const auto map = conversion(from, to)) {
    const auto scaled = Rational::multiply(value, map->factor);
    const auto result = scaled ? Rational::add(*scaled, map->offset) : std::nullopt;
    return result && agrees(*result, 0, expected);
  }
  const auto map = symbolic_conversion(from, to);
  const auto result = map ? Rational::multiply(value, map->factor) : std::nullopt;
  return result && agrees(*result, map->pi_power, expected);
}

bool passes(const Case& test) {
  const auto number = [&](const char* name) { return Rational::from_decimal(test.at(name)).value(); };
  if (test.kind == "validation") return is_valid(test.unit("unit")) == (test.at("valid") == "true");
  if (test.kind == "conversion") {
    return converts(number("value"), test.unit("srcUnit"), test.unit("dstUnit"), test.at("outcome"));
  }
  const bool product = test.kind == "multiplication";
  const auto value =
      product ? Rational::multiply(number("v1"), number("v2")) : Rational::divide(number("v1"), number("v2"));
  const auto unit = product ? multiply(test.unit("u1"), test.unit("u2")) : divide(test.unit("u1"), test.unit("u2"));
  return value && unit && converts(*value, *unit, test.unit("uRes"), test.at("vRes"));
}

std::string result_line(const Case& test) {
  const std::string start = test.kind + '\t' + test.at("id") + '\t';
  if (test.kind == "displayNameGeneration") return start + "out of scope\tAceso shows units by their codes\n";
  return start + (passes(test) ? "pass" : "fail") + "\t\n";
}

TEST(UcumFunctionalTests, GiveTheCommittedResults) {
  const fs::path path = functional_tests();
  if (!fs::exists(path)) GTEST_SKIP() << "UcumFunctionalTests.xml is not here; set ACESO_CORPUS to the corpus folder";
  const std::vector<Case> cases = read_cases(without_comments(read_file(path)));
  ASSERT_FALSE(cases.empty());

  std::string results = "kind\tcase\tresult\treason\n";
  for (const Case& test : cases) {
    const std::string line = result_line(test);
    EXPECT_EQ(line.find("\tfail\t"), std::string::npos) << line;
    results += line;
  }
  const fs::path table = source_root() / "tests" / "conformance" / "ucum_functional.tsv";
  if (std::getenv("ACESO_RENEW")) std::ofstream(table, std::ios::binary) << results;
  EXPECT_EQ(results, read_file(table)) << "run with ACESO_RENEW=1 to renew the table";
}

TEST(UcumFunctionalTests, ComparesAtThePrintedPrecision) {
  EXPECT_TRUE(agrees(Rational::from_decimal("25.2").value(), 0, "25"));
  EXPECT_FALSE(agrees(Rational::from_decimal("25.2").value(), 0, "25.0"));
  EXPECT_TRUE(agrees(Rational::make(1, 3).value(), 0, "0.33"));
  EXPECT_TRUE(agrees(Rational::make(2, 3).value(), 0, "6.7e-1"));
  EXPECT_TRUE(agrees(Rational::from_decimal("0.9996").value(), 0, "1.000"));
  EXPECT_TRUE(agrees(1, 1, "3.14159265358979"));
  EXPECT_TRUE(agrees(Rational::make(1, 10).value(), 1, "0.3142"));
  EXPECT_FALSE(agrees(1, 1, "3.14159265358978"));
}

} // namespace
} // namespace aceso::units
