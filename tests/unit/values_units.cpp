#include "values/units.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "values/ucum_table.h"
#include "values/unit_factor.h"
#include "values/unit_meaning.h"

namespace aceso::units {
namespace {

Rational decimal(std::string_view text) { return Rational::from_decimal(text).value(); }

/// The value converted, as text, or "none".
std::string converted(std::string_view value, std::string_view from, std::string_view to) {
  const auto map = conversion(from, to);
  if (!map) return "none";
  return Rational::add(Rational::multiply(decimal(value), map->factor).value(), map->offset)->to_text();
}

TEST(Units, AcceptsUcum) {
  for (const auto* code : {"1",
                           "%",
                           "m",
                           "mg/dL",
                           "mm[Hg]",
                           "Cel",
                           "[degF]",
                           "10*3/uL",
                           "10^3",
                           "10*-3",
                           "10*+3",
                           "{score}",
                           "/min",
                           "m3.kg-1.s-2",
                           "4.[pi].10*-7.N/A2",
                           "rad2{a}",
                           "{a}.rad2{b}",
                           "1{c}",
                           "(8.h)",
                           "mmol/(8.h.kg)",
                           "dB[10.nV]",
                           "[m/s2/Hz^(1/2)]",
                           "'",
                           "''",
                           "cm[H2O]",
                           "g%",
                           "10.Cel",
                           "dB",
                           "Cel{oral}",
                           "cd",
                           "dar",
                           "m0",
                           "KiBy",
                           "mg/(kg.(24.h))",
                           "%[slope]",
                           "10*2.Cel",
                           "1.5" /* one times five */,
                           "m[IU]/L",
                           "{cells}/[HPF]"}) {
    EXPECT_TRUE(is_valid(code)) << code << ": " << explain_invalid(code)->message;
    EXPECT_FALSE(explain_invalid(code)) << code;
  }
}

TEST(Units, RefusesWhatIsNotUcum) {
  for (const auto* code :
       {"",           " ",       "m/",      "/",      ".",          "m.",     "m..g",         "m//g",
        "//m",        "()",      "(m",      "m)",     "(m)2",       "(m){a}", "m{",           "m}",
        "m{}",        "m{a{b}}", "m{a}{b}", "m{a b}", "{a}rad2{b}", "{|}1",   "rad2{\u9320}", "\u00b5g",
        "10+3/ul",    "iU",      "12h",     "g/12h",  "ug(8.h)",    "m-",     "m+",           "m--1",
        "-1",         "-m",      "0",       "0.m",    "kkg",        "kmin",   "k%",           "kft",
        "[iIU]",      "[",       "m[",      "m]",     "m[Hg",       "MM[HG]", "kg m",         "m ",
        " m",         "m^2",     "m*s",     "Cel2",   "Cel/min",    "/Cel",   "Cel.Cel",      "[pH].m",
        "1000000000", "m100",    "m-100",   "\"m\"",  "m=s",        "mmHg",   "cel"}) {
    EXPECT_FALSE(is_valid(code)) << code;
    ASSERT_TRUE(explain_invalid(code)) << code;
    EXPECT_TRUE(explain_invalid(code)->message.ends_with('.')) << code;
  }
  EXPECT_FALSE(is_valid(std::string_view("m\0", 2)));
}

TEST(Units, KeepsItsLimits) {
  std::string longest = "m";
  while (longest.size() + 2 <= 256)
    longest += ".m";
  EXPECT_TRUE(is_valid(longest)) << longest.size();
  EXPECT_FALSE(is_valid(longest + "{abc}"));
  const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "m" + std::string(depth, ')'); };
  EXPECT_TRUE(is_valid(nested(16)));
  EXPECT_FALSE(is_valid(nested(17)));
  EXPECT_TRUE(is_valid("999999999.m99/s-99"));
  EXPECT_EQ(converted("1", "m99", "km99"), "none"); // valid, comparable, but 10^297 does not fit
  EXPECT_TRUE(is_comparable("m99", "km99"));
}

TEST(Units, EveryDefinitionOfTheTableIsValid) {
  for (const UnitAtom& atom : all_atoms()) {
    EXPECT_TRUE(is_valid(atom.code())) << atom.code();
    if (atom.kind != UnitKind::base) {
      EXPECT_TRUE(is_valid(atom.unit())) << atom.code() << ' ' << atom.unit();
    }
    EXPECT_TRUE(is_comparable(atom.code(), atom.code())) << atom.code();
    EXPECT_EQ(converted("7", atom.code(), atom.code()), "7") << atom.code();
  }
  EXPECT_EQ(all_prefixes().size(), 24U);
  EXPECT_EQ(all_atoms().size(), 312U);
}

TEST(Units, NoSymbolCanBeReadInTwoWays) {
  // Only where a whole atom has the spelling of a prefix and an atom, and then the atom wins.
  for (const Prefix& prefix : all_prefixes()) {
    for (const UnitAtom& atom : all_atoms()) {
      if (!atom.is_metric) continue;
      const std::string code = std::string(prefix.code) + std::string(atom.code());
      const Symbol found = find_symbol(code);
      ASSERT_NE(found.atom, nullptr) << code;
      if (found.prefix != nullptr) {
        EXPECT_EQ(found.atom, &atom) << code;
      }
    }
  }
}

TEST(Units, OnlyMetricUnitsTakePrefixes) {
  EXPECT_TRUE(is_valid("mCel"));
  EXPECT_TRUE(is_valid("k[IU]"));
  for (const auto* code : {"kh", "mwk", "m%", "k[in_i]", "m[pH]", "m[arb'U]", "k10*", "m1"}) {
    EXPECT_EQ(find_symbol(code).atom, nullptr) << code;
  }
}

TEST(Units, ConvertsExactly) {
  EXPECT_EQ(converted("1", "kg", "g"), "1000");
  EXPECT_EQ(converted("1", "[lb_av]", "kg"), "0.45359237");
  EXPECT_EQ(converted("1", "[in_i]", "cm"), "2.54");
  EXPECT_EQ(converted("120", "mm[Hg]", "kPa"), "15.99864");
  EXPECT_EQ(converted("1", "mg/dL", "g/L"), "0.01");
  EXPECT_EQ(converted("5.5", "10*9/L", "10*3/uL"), "5.5");
  EXPECT_EQ(converted("1", "mL/min", "L/h"), "0.06");
  EXPECT_EQ(converted("50", "%", "1"), "0.5");
  EXPECT_EQ(converted("1", "L", "dm3"), "1");
  EXPECT_EQ(converted("1", "kat", "U"), "60000000");
  EXPECT_EQ(converted("1", "m", "[ft_us]"), "3937/1200");
  EXPECT_EQ(converted("1", "kcal", "kJ"), "4.184");
  EXPECT_EQ(converted("1", "{score}", "1"), "1");
}

TEST(Units, TemperaturesConvertExactly) {
  EXPECT_EQ(converted("37", "Cel", "[degF]"), "98.6");
  EXPECT_EQ(converted("100.4", "[degF]", "Cel"), "38");
  EXPECT_EQ(converted("-40", "[degF]", "Cel"), "-40");
  EXPECT_EQ(converted("0", "Cel", "K"), "273.15");
  EXPECT_EQ(converted("0", "K", "[degF]"), "-459.67");
  EXPECT_EQ(converted("80", "[degRe]", "Cel"), "100");
  EXPECT_EQ(converted("80", "[degRe]", "[degF]"), "212");
  EXPECT_EQ(converted("37000", "mCel", "Cel"), "37");
  EXPECT_EQ(converted("37000", "mCel", "[degF]"), "98.6");
  EXPECT_EQ(converted("310.15", "K", "mCel"), "37000");
  EXPECT_EQ(converted("491.67", "[degR]", "Cel"), "0");
}

TEST(Units, PiIsASymbol) {
  EXPECT_EQ(converted("60", "'", "deg"), "1");
  EXPECT_EQ(converted("1", "circ", "deg"), "360");
  EXPECT_EQ(converted("100", "gon", "deg"), "90");
  EXPECT_EQ(converted("1", "deg", "rad"), "none");
  EXPECT_TRUE(is_comparable("deg", "rad"));
  EXPECT_EQ(symbolic_conversion("deg", "rad")->factor, Rational::make(1, 180));
  EXPECT_EQ(symbolic_conversion("deg", "rad")->pi_power, 1);
  EXPECT_EQ(symbolic_conversion("rad", "deg")->pi_power, -1);
  EXPECT_FALSE(symbolic_conversion("Cel", "K"));
  EXPECT_FALSE(symbolic_conversion("m", "s"));
}

TEST(Units, ComparesDimensions) {
  EXPECT_TRUE(is_comparable("N.m", "J"));
  EXPECT_TRUE(is_comparable("mm[Hg]", "Pa"));
  EXPECT_TRUE(is_comparable("Cel", "K"));
  EXPECT_FALSE(is_comparable("kg", "m"));
  EXPECT_FALSE(is_comparable("mg", "mmol"));
  EXPECT_FALSE(is_comparable("rad", "1"));
  EXPECT_FALSE(is_comparable("nonsense", "nonsense"));
  EXPECT_EQ(converted("1", "kg", "m"), "none");
}

TEST(Units, WhatIsCountedIsKeptApart) {
  // For UCUM these are numbers, all of them.
  EXPECT_TRUE(is_of_same_dimension("mmol/mol", "%"));
  EXPECT_EQ(converted("66", "mmol/mol", "%"), "none"); // a glycated haemoglobin of 8.2 %
  EXPECT_EQ(converted("1", "mol", "1"), "none");
  EXPECT_EQ(converted("1", "mmol/L", "/L"), "none");
  EXPECT_EQ(converted("1", "meq/L", "mmol/L"), "none");
  EXPECT_EQ(converted("1", "osm/kg", "mol/kg"), "none");
  EXPECT_EQ(converted("1", "mmol/mol", "umol/mmol"), "1");
  EXPECT_EQ(converted("1", "U/L", "umol/min/L"), "1");
  EXPECT_EQ(conversion_at_charge_one("meq/L", "mmol/L")->factor, Rational(1));
  EXPECT_FALSE(conversion_at_charge_one("mmol/mol", "%"));
  EXPECT_EQ(what_differs("meq/L", "mmol/L"), "an equivalent is a mole only of an ion of charge one");
  EXPECT_EQ(what_differs("kg", "m"), "");
  EXPECT_EQ(what_differs("g", "kg"), "");
}

TEST(Units, AnnotationsThatDifferAreNotTheSame) {
  EXPECT_FALSE(is_comparable("{tablet}", "{puff}"));
  EXPECT_FALSE(is_comparable("mg/{dose}", "mg/{day}"));
  EXPECT_FALSE(is_comparable("{dose}/d", "/{dose}/d"));
  EXPECT_EQ(converted("3", "{beats}/min", "/min"), "3");
  EXPECT_EQ(converted("3", "10*3{cells}/uL", "10*9{cells}/L"), "3");
}

TEST(Units, ArbitraryUnitsEqualOnlyThemselves) {
  EXPECT_EQ(converted("1", "k[IU]", "[IU]"), "1000");
  EXPECT_EQ(converted("1", "[IU]", "[iU]"), "1");
  EXPECT_EQ(converted("1", "[IU]/mL", "k[IU]/L"), "1");
  EXPECT_FALSE(is_comparable("[IU]", "1"));
  EXPECT_FALSE(is_comparable("[IU]", "U"));
  EXPECT_FALSE(is_comparable("[IU]", "[arb'U]"));
  EXPECT_FALSE(is_comparable("[IU]", "[IU]2"));
  EXPECT_TRUE(is_comparable("[IU]/[IU]", "1"));
}

TEST(Units, LogarithmsConvertOnlyToTheirOwnScale) {
  EXPECT_EQ(converted("30", "dB", "B"), "3");
  EXPECT_EQ(converted("7.4", "[pH]", "[pH]"), "7.4");
  EXPECT_EQ(converted("7.4", "[pH]", "mol/L"), "none");
  EXPECT_EQ(converted("1", "B[V]", "B[mV]"), "none");
  EXPECT_EQ(converted("1", "B", "Np"), "none");
  EXPECT_EQ(converted("1", "B", "1"), "none");
}

TEST(Units, MultipliesAndDividesCodes) {
  EXPECT_EQ(divide("kg", "m2"), "kg/m2");
  EXPECT_EQ(multiply("g", "m"), "g.m");
  EXPECT_EQ(multiply("mg/L", "L"), "mg");
  EXPECT_EQ(multiply("mg/kg/d", "kg"), "mg/d");
  EXPECT_EQ(divide("mg", "mg"), "1");
  EXPECT_EQ(divide("1", "min"), "/min");
  EXPECT_EQ(divide("mL", "kg.h"), "mL/kg/h");
  EXPECT_EQ(divide("m", "s-1"), "m.s");
  EXPECT_EQ(multiply("m", "m2"), "m3");
  EXPECT_EQ(multiply("mL", "/L"), "mL/L");
  EXPECT_EQ(multiply("{beats}/min", "min"), "{beats}");
  EXPECT_EQ(multiply("10*3/uL", "uL"), "10*3");
  EXPECT_EQ(divide("mmol", "(8.h)"), "mmol/8/h");
  EXPECT_EQ(multiply("mmol/(8.h)", "4.h"), "mmol/2");
  EXPECT_EQ(divide("mg{a}", "mg{b}"), "mg{a}/mg{b}");
  EXPECT_FALSE(multiply("Cel", "m"));
  EXPECT_FALSE(divide("1", "dB"));
  EXPECT_FALSE(multiply("bad unit", "m"));
  EXPECT_FALSE(multiply("m60", "m60"));
  EXPECT_FALSE(multiply("999999999", "999999999"));
}

TEST(Units, ProductsKeepTheirMeaning) {
  constexpr std::string_view codes[] = {"kg",  "/min", "mm[Hg]", "10*3/uL", "mmol/(8.h.kg)",
                                        "{a}", "m2",   "deg",    "7.[IU]"};
  for (const auto a : codes) {
    for (const auto b : codes) {
      const auto apart = meaning_of(std::string(a) + ".(" + std::string(b).insert(0, b[0] == '/' ? "1" : "") + ")");
      const auto together = meaning_of(multiply(a, b).value());
      ASSERT_TRUE(apart && together) << a << ' ' << b;
      EXPECT_EQ(apart->factor, together->factor) << a << ' ' << b;
      EXPECT_EQ(apart->dimension, together->dimension) << a << ' ' << b;
    }
  }
}

TEST(Units, KnowsSeconds) {
  EXPECT_EQ(seconds_in("wk"), Rational(604'800));
  EXPECT_EQ(seconds_in("d"), Rational(86'400));
  EXPECT_EQ(seconds_in("ms"), Rational::make(1, 1000));
  EXPECT_EQ(seconds_in("a"), Rational(31'557'600));
  EXPECT_EQ(seconds_in("mo"), Rational(2'629'800));
  EXPECT_EQ(seconds_in("8.h"), Rational(28'800));
  EXPECT_FALSE(seconds_in("m"));
  EXPECT_FALSE(seconds_in("/s"));
  EXPECT_FALSE(seconds_in("weeks"));
}

TEST(UnitFactor, MultipliesPrimesExactly) {
  UnitFactor factor = UnitFactor::of(360);
  factor.multiply_by(UnitFactor::of_decimal("0.25e1"), -1);
  EXPECT_EQ(factor.rational_part(), Rational(144));
  EXPECT_EQ(UnitFactor::of_decimal("6.02214076").rational_part(), decimal("6.02214076"));
  EXPECT_EQ(UnitFactor::of_decimal("980665e-5").rational_part(), decimal("9.80665"));
  EXPECT_EQ(UnitFactor::of(999'999'937).rational_part(), Rational(999'999'937));
  UnitFactor large = UnitFactor::of_decimal("1e24");
  EXPECT_FALSE(large.rational_part());
  large.multiply_by(UnitFactor::of_decimal("1e24"), -1);
  EXPECT_EQ(large, UnitFactor());
}

struct Suggestion {
  std::string_view written;
  std::string_view meant;
};

TEST(Units, SuggestsWhatWasMeant) {
  constexpr Suggestion suggestions[] = {
      {"mmHg", "mm[Hg]"},
      {"mm Hg", "mm[Hg]"},
      {"MMHG", "mm[Hg]"},
      {"\u00b0C", "Cel"},
      {"degC", "Cel"},
      {"cel", "Cel"},
      {"\u00b0F", "[degF]"},
      {"weeks", "wk"},
      {"Weeks", "wk"},
      {"days", "d"},
      {"bpm", "/min"},
      {"mcg", "ug"},
      {"mcg/hr", "ug/h"},
      {"mkg", "ug"},
      {"gr", "g"},
      {"\u00b5g/L", "ug/L"},
      {"\u03bcmol/L", "umol/L"},
      {"cc", "mL"},
      {"kg/m^2", "kg/m2"},
      {"kg/m\u00b2", "kg/m2"},
      {"kg / m2", "kg/m2"},
      {"IU/L", "[IU]/L"},
      {"mIU/L", "m[IU]/L"},
      {"iU", "[IU]"},
      {"mEq/L", "meq/L"},
      {"Kg", "kg"},
      {"MMOL/L", "mmol/L"},
      {"lbs", "[lb_av]"},
      {"degF", "[degF]"},
      {"10e9/L", "10*9/L"},
      {"x10^9/L", "10*9/L"},
      {"g/12h", "g/(12.h)"},
      {"12h", "12.h"},
      {"mL/min/1.73m2", "mL/min/{1.73_m2}"},
      {"m[iIU]/L", "m[iU]/L"},
      {"[degf]", "[degF]"},
      {"[in_i", "[in_i]"},
      {"[ft_ii]", "[ft_i]"},
      {"cm[H20]", "cm[H2O]"},
      {"Cel/h", "K/h"},
      {"percent", "%"},
      {"", "1"},
      {"zzzzzz", ""},
  };
  for (const Suggestion& s : suggestions) {
    const auto error = explain_invalid(s.written);
    ASSERT_TRUE(error) << s.written;
    EXPECT_EQ(error->suggestion, s.meant) << s.written;
    if (!error->suggestion.empty()) {
      EXPECT_TRUE(is_valid(error->suggestion)) << error->suggestion;
    }
  }
}

TEST(Units, EverySlipIsAFaultWithARemedy) {
#define UNIT_SLIP(written, meant)                                                                                      \
  EXPECT_FALSE(is_valid(written)) << (written);                                                                        \
  EXPECT_EQ(explain_invalid(written)->suggestion, meant);                                                              \
  EXPECT_TRUE(is_valid(meant)) << (meant);
#include "values/unit_slips.def"
#undef UNIT_SLIP
}

TEST(Units, ThreadsMayAskAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (const UnitAtom& atom : all_atoms())
        EXPECT_TRUE(is_comparable(atom.code(), atom.code()));
    });
  }
  for (std::thread& thread : threads)
    thread.join();
}

TEST(Units, EveryMutilatedCodeIsReadOrRefused) {
  // Short codes over an alphabet that reaches every branch of the grammar; the sanitizers watch.
  constexpr std::string_view alphabet = "m1.0/(){}[]*-u ^\xc2";
  std::mt19937 random(20261122);
  std::uniform_int_distribution<std::size_t> letter(0, alphabet.size() - 1);
  std::uniform_int_distribution<std::size_t> length(0, 12);
  for (int i = 0; i < 20'000; ++i) {
    std::string code;
    for (std::size_t n = length(random); n > 0; --n)
      code += alphabet[letter(random)];
    const auto error = explain_invalid(code);
    EXPECT_EQ(error.has_value(), !meaning_of(code).has_value()) << code;
    if (error && !error->suggestion.empty()) {
      EXPECT_TRUE(is_valid(error->suggestion)) << code << " -> " << error->suggestion;
    }
  }
}

} // namespace
} // namespace aceso::units
