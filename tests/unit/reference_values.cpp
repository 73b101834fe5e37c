/// Derived values: bands, scores, tables, functions, differentials, series, freshness, assumptions.
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

TEST(ReferenceValues, BandsHaveNoGap) {
  const Guideline g(R"(inputs f { care : duration from 0 days to 104 weeks step 1 day }
    define phase : one of { early, window, failed } = bands care { below 4 weeks : early below 6 weeks : window otherwise : failed })");
  EXPECT_EQ(g.value(R"("care": "27 d")", "phase"), "early");
  EXPECT_EQ(g.value(R"("care": "4 wk")", "phase"), "window");
  EXPECT_EQ(g.value(R"("care": "41 d")", "phase"), "window");
  EXPECT_EQ(g.value(R"("care": "42 d")", "phase"), "failed");
  EXPECT_EQ(g.value("", "phase"), "unknown (not asked)");
}

TEST(ReferenceValues, UpToIncludesItsLimit) {
  const Guideline g(R"(inputs f { n : number from 0 to 10 step 0.5 }
    define size : number from 1 to 3 step 1 = bands n { up to 3 : 1 below 7.5 : 2 otherwise : 3 })");
  EXPECT_EQ(g.value(R"("n": 3)", "size"), "1");
  EXPECT_EQ(g.value(R"("n": 3.5)", "size"), "2");
  EXPECT_EQ(g.value(R"("n": 7.5)", "size"), "3");
}

TEST(ReferenceValues, TheFirstLineThatHolds) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no n : number from 0 to 10 step 1 }
    define step : one of { stay, go, run } = first { when a : stay when b and n > 3 : go when n > 8 : go }
    define all : number from 0 to 10 step 1 = first { when a : n when b : 2 otherwise : 0 })");
  EXPECT_EQ(g.value(R"("a": true)", "step"), "stay") << "the lines after it are not looked at";
  EXPECT_EQ(g.value(R"("a": false, "b": true, "n": 4)", "step"), "go");
  EXPECT_EQ(g.value(R"("a": false, "n": 9)", "step"), "go")
      << "the second line may hold, and says the same as the third";
  EXPECT_EQ(g.value(R"("b": true, "n": 9)", "step"), "unknown (not asked)") << "the first line may hold";
  EXPECT_EQ(g.value(R"("a": false, "b": false, "n": 8)", "step"), "unknown (not applicable)") << "no line holds";
  EXPECT_EQ(g.value(R"("a": true)", "all"), "unknown (not asked)") << "the line holds, and its value is missing";
  EXPECT_EQ(g.value(R"("a": false, "b": true)", "all"), "2");
  EXPECT_EQ(g.value(R"("a": false, "b": false)", "all"), "0");
}

TEST(ReferenceValues, ScoresAddWhatHolds) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no n : number from 0 to 100 step 1 }
    define s = score {
      1 if a "A"
      2 if b
      -1 if n >= 65 "Old"
    }
    define high = s >= 2)");
  EXPECT_EQ(g.value(R"("a": true, "b": true, "n": 65)", "s"), "2");
  EXPECT_EQ(g.value(R"("a": true, "b": false, "n": 64)", "s"), "1");
  EXPECT_EQ(g.value(R"("a": true, "b": true)", "s"), "unknown (not asked)");
  EXPECT_EQ(g.value(R"("a": true, "b": true, "n": 1)", "high"), "yes");
}

/// Every comparison of a sum with a constant, against the least and the most that the sum can come to.
TEST(ReferenceValues, ComparisonsOfASumAreSettledByWhatIsKnown) {
  struct Points {
    const char* text;
    double points;
  };
  constexpr std::array<Points, 4> points = {{{"1", 1}, {"2", 2}, {"-1.5", -1.5}, {"0.5", 0.5}}};
  const std::vector<std::pair<std::string, std::string>> operators = {{"lt", "<"},  {"le", "<="}, {"gt", ">"},
                                                                      {"ge", ">="}, {"eq", "="},  {"ne", "!="}};
  std::string text = "inputs f { a : yes/no b : yes/no c : yes/no d : yes/no }\n define s = score {\n";
  for (std::size_t i = 0; i < points.size(); ++i)
    text += fmt::format("  {} if {}\n", points[i].text, static_cast<char>('a' + i));
  text += "  1\n}\n";
  std::vector<double> limits;
  for (double limit = -1.5; limit <= 5.5; limit += 0.25)
    limits.push_back(limit);
  for (std::size_t i = 0; i < limits.size(); ++i)
    for (const auto& [name, sign] : operators) {
      text += fmt::format("define {}{} = s {} {}\n", name, i, sign, limits[i]);
      text += fmt::format("define turned_{}{} = {} {} s\n", name, i, limits[i], sign);
    }
  const Guideline g(text);
  for (int patient = 0; patient < 81; ++patient) {
    std::string facts;
    double least = 1, most = 1;
    for (std::size_t i = 0, rest = static_cast<std::size_t>(patient); i < points.size(); ++i, rest /= 3) {
      const double p = points[i].points;
      if (rest % 3 == 1) least += p, most += p;
      if (rest % 3 == 2) least += std::min(p, 0.0), most += std::max(p, 0.0);
      if (rest % 3 != 2)
        facts += fmt::format("{}\"{}\": {}", facts.empty() ? "" : ", ", static_cast<char>('a' + i), rest % 3 == 1);
    }
    const reference::Evaluation evaluation = g.run(facts);
    const auto check = [&](const std::string& name, bool may, bool must) {
      const std::string wanted = must ? "yes" : may ? "unknown (not asked)" : "no";
      EXPECT_EQ(g.value(evaluation, name), wanted) << facts << "; from " << least << " to " << most;
    };
    for (std::size_t i = 0; i < limits.size(); ++i) {
      const double limit = limits[i];
      const std::string n = std::to_string(i);
      for (const char* prefix : {"", "turned_"}) {
        const bool is_turned = *prefix != 0;
        const std::string lt = prefix + std::string(is_turned ? "gt" : "lt"),
                          le = prefix + std::string(is_turned ? "ge" : "le"),
                          gt = prefix + std::string(is_turned ? "lt" : "gt"),
                          ge = prefix + std::string(is_turned ? "le" : "ge");
        check(lt + n, least < limit, most < limit);
        check(le + n, least <= limit, most <= limit);
        check(gt + n, most > limit, least > limit);
        check(ge + n, most >= limit, least >= limit);
        // Between its bounds a sum is taken to come to every step of its points.
        const bool is_on_step = limit * 2 == std::floor(limit * 2);
        const bool may = is_on_step && least <= limit && limit <= most, must = least == limit && most == limit;
        check(prefix + ("eq" + n), may, must);
        check(prefix + ("ne" + n), !must, !may);
      }
    }
  }
}

TEST(ReferenceValues, SumsOfScalesAndCountsAreComparedLikeScores) {
  const Guideline g(R"(type look = scale { none = 1, pain = 2, voice = 3, open = 4 }
    inputs f { eyes : look voice : look a : yes/no b : yes/no c : yes/no }
    define sum = eyes.score + voice.score
    define low = sum <= 5
    define none = sum < 2
    define several = number of { a, b, c } > 1
    define level : one of { light, grave } = bands sum { up to 4 : grave otherwise : light })");
  EXPECT_EQ(g.value(R"("eyes": "none")", "low"), "yes") << "with any voice it is 5 at most";
  EXPECT_EQ(g.value(R"("eyes": "pain")", "low"), "unknown (not asked)");
  EXPECT_EQ(g.value(R"("eyes": "open")", "level"), "light");
  EXPECT_EQ(g.value(R"("eyes": "none")", "level"), "unknown (not asked)");
  EXPECT_EQ(g.value("", "none"), "no");
  EXPECT_EQ(g.value(R"("a": true, "b": true)", "several"), "yes");
  EXPECT_EQ(g.value(R"("a": false, "b": false)", "several"), "no");
  EXPECT_EQ(g.value(R"("a": true, "b": false)", "several"), "unknown (not asked)");
}

TEST(ReferenceValues, NumbersAreExact) {
  const Guideline g(R"(inputs f { p : number from 0 to 1 step 0.1
 q : number from 0 to 1 step 0.1 }
    define same = p + q = 0.3
    define third = round(p / 3, 0.01))");
  EXPECT_EQ(g.value(R"("p": 0.1, "q": 0.2)", "same"), "yes");
  EXPECT_EQ(g.value(R"("p": 1)", "third"), "0.33");
}

TEST(ReferenceValues, RealsAreRoundedOnceAndExactly) {
  const Guideline g(R"(inputs f {
      weight : quantity from 1 kg to 400 kg step 0.1 kg
      height : quantity from 0.3 m to 2.5 m step 0.01 m
      scr : number from 0.1 to 30 step 0.01
      old : yes/no
    }
    define bmi = round(weight / (height * height), 0.1 kg/m2)
    define egfr = round(142 * power(min(scr / 0.9, 1), -0.302) * power(max(scr / 0.9, 1), -1.200) * power(0.9938, 50), 1)
    define root = round(sqrt(scr), 0.001)
    define mixed = round((if old then ln(scr) else exp(scr / 10)) * 10, 0.01)
    define nothing = round(1 / (scr - 2), 0.1))");
  EXPECT_EQ(g.value(R"("weight": "70 kg", "height": "1.75 m")", "bmi"), "22.9 kg/m2");
  EXPECT_EQ(g.value(R"("scr": 1)", "egfr"), "92");
  EXPECT_EQ(g.value(R"("scr": 2)", "root"), "1.414");
  EXPECT_EQ(g.value(R"("scr": 4)", "root"), "2");
  EXPECT_EQ(g.value(R"("scr": 2, "old": true)", "mixed"), "6.93");
  EXPECT_EQ(g.value(R"("scr": 2, "old": false)", "mixed"), "12.21");
  EXPECT_EQ(g.value(R"("scr": 2)", "mixed"), "unknown (not asked)");
  EXPECT_EQ(g.value(R"("scr": 2)", "nothing"), "unknown (not applicable)");
  EXPECT_EQ(complaints_of("inputs f { n : number from 0 to 100 step 1 }\ndefine x = exp(n)"), "A0401");
  EXPECT_EQ(complaints_of("inputs f { n : number from 0 to 10 step 1 }\ndefine x = exp(n)"), "A0402");
}

TEST(ReferenceValues, LongChainsInAnyOrder) {
  std::string backwards, functions = "function f0(x : yes/no) : yes/no = x\n";
  for (int i = 5000; i > 0; --i)
    backwards += "define d" + std::to_string(i) + " = not d" + std::to_string(i - 1) + "\n";
  const Guideline g("inputs f { c : yes/no }\n" + backwards + "define d0 = c\n");
  EXPECT_EQ(g.value(R"("c": true)", "d5000"), "yes");
  for (int i = 1; i <= 300; ++i)
    functions += "function f" + std::to_string(i) + "(x : yes/no) : yes/no = f" + std::to_string(i - 1) + "(x)\n";
  EXPECT_EQ(complaints_of("inputs f { c : yes/no }\n" + functions).substr(0, 5), "A0005");
}

TEST(ReferenceValues, PointsOnAScaleAreNotReckonedWith) {
  const std::string temperature = "inputs f { t : quantity from 30 Cel to 45 Cel step 0.1 Cel }\n";
  for (const auto* wrong :
       {"t - 37 Cel > 1 K", "t + 1 K > 38 Cel", "t * 2 > 76 Cel", "-t < 0 Cel", "absolute(t) > 38 Cel"})
    EXPECT_EQ(complaints_of(temperature + "define x = " + wrong), "A0413") << wrong;
  EXPECT_EQ(complaints_of(temperature + "define x = max(t, 38 Cel) > 100.4 [degF]"), "");
}

TEST(ReferenceValues, DeclaredStepsAndRangesAreKept) {
  const std::string n = "inputs f { n : number from 0 to 100 step 1 }\n";
  EXPECT_EQ(complaints_of(n + "define v : number from 0 to 100 step 2 = n"), "A0407");
  EXPECT_EQ(complaints_of(n + "define v : number from 0 to 5 step 1 = min(n, 5)"), "");
}

TEST(ReferenceValues, SlipsInRangesAndMessagesAreFound) {
  const std::string n = "inputs f { n : number from 0 to 100 step 1 }\n";
  EXPECT_EQ(complaints_of(n + "define v = n in 5 to 3"), "A0406");
  EXPECT_EQ(complaints_of(n + "define v = n in 3 to 5"), "");
  EXPECT_EQ(complaints_of(n + "table t : number from 0 to 9 step 1 first {\n n -> t\n 9 to 5 -> 1\n otherwise -> 2\n}"),
            "A0406");
  EXPECT_EQ(
      complaints_of(n + "table t : number from 0 to 9 step 1 first {\n n -> t\n > 5 and < 3 -> 1\n otherwise -> 2\n}"),
      "A0406");
  EXPECT_EQ(complaints_of(n + "constraint c { require n < 50 message \"{m} is too much\" }"), "A0201");
  EXPECT_EQ(complaints_of(n + "constraint c { require n < 50 message \"{n} is too much\" }"), "");
}

TEST(ReferenceValues, UnitsConvertWhereValuesEnter) {
  const Guideline g(R"(inputs f { t : quantity from 30 Cel to 45 Cel step 0.1 Cel }
    define hot = t >= 38 Cel)");
  EXPECT_EQ(g.value(R"("t": "38.0 Cel")", "hot"), "yes");
  EXPECT_EQ(g.value(R"("t": {"value": 100.4, "unit": "[degF]"})", "hot"), "yes");
  EXPECT_EQ(g.value(R"("t": "37.9 Cel")", "hot"), "no");
}

TEST(ReferenceValues, HitPolicies) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no }
    table first_hit : number from 0 to 9 step 1 first { a | b -> first_hit
yes | any -> 1
any | yes -> 2
otherwise -> 3 }
    table sum : number from 0 to 9 step 1 collect sum { a | b -> sum
yes | any -> 1
any | yes -> 2 }
    table count : number from 0 to 9 step 1 collect count { a | b -> count
yes | any -> 1
any | yes -> 2 }
    table most : number from 0 to 9 step 1 collect max { a | b -> most
yes | any -> 1
any | yes -> 2 }
    table all_hits : number from 0 to 9 step 1 collect list { a | b -> all_hits
yes | any -> 1
any | yes -> 2 }
    define has_two = 2 in { all_hits }
    table same : number from 0 to 9 step 1 any { a | b -> same
yes | any -> 4
any | yes -> 4 })");
  auto e = g.run(R"("a": true, "b": true)");
  EXPECT_EQ(g.value(e, "first_hit"), "1");
  EXPECT_EQ(g.value(e, "sum"), "3");
  EXPECT_EQ(g.value(e, "count"), "2");
  EXPECT_EQ(g.value(e, "most"), "2");
  EXPECT_EQ(g.value(e, "has_two"), "yes");
  EXPECT_EQ(g.value(e, "same"), "4");
  e = g.run(R"("a": false, "b": false)");
  EXPECT_EQ(g.value(e, "first_hit"), "3");
  EXPECT_EQ(g.value(e, "sum"), "0");
  EXPECT_EQ(g.value(e, "most"), "unknown (not applicable)");
  EXPECT_EQ(g.value(e, "same"), "unknown (not applicable)");
  e = g.run(R"("b": true)"); // an earlier row may still match
  EXPECT_EQ(g.value(e, "first_hit"), "unknown (not asked)");
  EXPECT_EQ(g.value(e, "same"), "4");
}

TEST(ReferenceValues, OverlappingRowsOfAUniqueTableDecideNothing) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no }
    table t : number from 0 to 9 step 1 unique { a | b -> t
yes | any -> 1
any | yes -> 2 })");
  EXPECT_EQ(g.value(R"("a": true, "b": true)", "t"), "unknown (invalid)");
}

TEST(ReferenceValues, CellsOfEveryKind) {
  const Guideline g(R"(inputs f { n : number from 0 to 100 step 1
 c : one of { red, green, blue } k : yes/no }
    table t : number from 0 to 9 step 1 first {
      n        | c          | k       -> t
      < 10     | red        | any     -> 1
      10 to 20 | red, green | -       -> 2
      > 20     | not blue   | unknown -> 3
      >= 0     | any        | yes     -> 4
      otherwise                       -> 5
    })");
  EXPECT_EQ(g.value(R"("n": 9, "c": "red", "k": true)", "t"), "1");
  EXPECT_EQ(g.value(R"("n": 10, "c": "green", "k": true)", "t"), "2");
  EXPECT_EQ(g.value(R"("n": 21, "c": "green")", "t"), "3");
  EXPECT_EQ(g.value(R"("n": 20, "c": "blue", "k": true)", "t"), "4");
  EXPECT_EQ(g.value(R"("n": 20, "c": "blue", "k": false)", "t"), "5");
}

TEST(ReferenceValues, CellsListTests) {
  const Guideline g(R"(inputs f { n : number from 0 to 100 step 0.5
 c : one of { red, green, blue } }
    table t : number from 0 to 9 step 1 first {
      n                                | c                  -> t
      >= 10 and < 20, 50, 60 to 70, > 90 | not red, unknown -> 1
      not < 5, > 5 and != 6            | blue, unknown      -> 2
      otherwise                                             -> 3
    })");
  const auto row = [&](const char* n, const char* c) { return g.value(fmt::format(R"("n": {}, "c": {})", n, c), "t"); };
  for (const char* inside : {"10", "19.5", "50", "60", "70", "90.5"})
    EXPECT_EQ(row(inside, "\"green\""), "1") << inside;
  for (const char* outside : {"9.5", "20", "49.5", "59.5", "70.5", "90"})
    EXPECT_EQ(row(outside, "\"green\""), "3") << outside;
  EXPECT_EQ(row("10", "\"red\""), "3");
  EXPECT_EQ(g.value(R"("n": 10)", "t"), "3"); // `not red, unknown` denies the whole list
  EXPECT_EQ(row("5", "\"blue\""), "2");
  EXPECT_EQ(row("6", "\"blue\""), "2");
  EXPECT_EQ(row("5.5", "\"blue\""), "3");
  EXPECT_EQ(g.value(R"("n": 5)", "t"), "2");
}

TEST(ReferenceValues, CountsKnowWhenTheyAreSettled) {
  const Guideline g(R"(inputs f { a : yes/no b : yes/no c : yes/no }
    define two = at least 2 of { a, b, c }
    define one = at most 1 of { a, b, c }
    define n = number of { a, b, c })");
  EXPECT_EQ(g.value(R"("a": true, "b": true)", "two"), "yes");
  EXPECT_EQ(g.value(R"("a": true, "b": true)", "one"), "no");
  EXPECT_EQ(g.value(R"("a": false, "b": false)", "two"), "no");
  EXPECT_EQ(g.value(R"("a": true)", "two"), "unknown (not asked)");
  EXPECT_EQ(g.value(R"("a": true, "b": true)", "n"), "unknown (not asked)");
}

TEST(ReferenceValues, FunctionsAttributesAndPreconditions) {
  const std::string body = R"(
    type region "Region" = one of { neck, back }
    type level has region : region, number : number from 1 to 9 step 1 =
      one of { C1 { region = neck, number = 1 }, L4 { region = back, number = 4 }, M4 }
    inputs f { l : level }
    function region_of(x : level) : region = x.region
    function checked(x : level) : region require x != M4 message "M4 is no level" = x.region
    define where = region_of(l)
    define safe = checked(l)
    define num = l.number + 1 )";
  const Guideline g(body);
  EXPECT_EQ(g.value(R"("l": "L4")", "where"), "back");
  EXPECT_EQ(g.value(R"("l": "L4")", "num"), "5");
  EXPECT_EQ(g.value(R"("l": "M4")", "where"), "unknown (not applicable)");
  EXPECT_EQ(g.value(R"("l": "M4")", "safe"), "unknown (invalid)");
  EXPECT_EQ(complaints_of(body + "define wrong = checked(M4)"), "A0309");
  EXPECT_EQ(complaints_of(body + "define wrong = region_of(L4) = neck"), "A0305");
}

TEST(ReferenceValues, Differentials) {
  const Guideline g(R"(
    type root = one of { L4, L5, S1 }
    inputs f { a : yes/no b : yes/no c : yes/no d : yes/no }
    differential which : root among { L4, L5 } {
      argument for L4 strong when a "knee"
      argument for L4 weak when b
      argument for L5 strong when c
      excludes L5 when d
      decide strong 3, weak 1, needs 3, ahead by 1
    }
    define is_l5 = which = L5)");
  const auto decided = [&](const std::string& inputs) {
    const auto e = g.run(inputs);
    const DifferentialResult& d = e.decision.differentials.at(0);
    return std::string(to_text(d.status)) +
           (d.decided ? " " + to_text(g.graph().dictionary, g.graph().dictionary.differentials[0].type, *d.decided)
                      : "") +
           (d.missing.empty() ? "" : " [" + g.names(d.missing) + "]");
  };
  EXPECT_EQ(decided(R"("a": true, "b": false, "c": false, "d": false)"), "decided L4");
  EXPECT_EQ(decided(R"("a": true, "b": false, "c": true, "d": false)"), "tie");
  EXPECT_EQ(decided(R"("a": true, "b": true, "c": true, "d": false)"), "decided L4");
  EXPECT_EQ(decided(R"("a": false, "b": true, "c": false, "d": false)"), "none");
  EXPECT_EQ(decided(R"("a": true, "b": true)"), "decided L4");
  EXPECT_EQ(decided(R"("a": true, "b": false, "d": false)"), "undetermined [c]");
  EXPECT_EQ(decided(R"("a": true, "b": false, "c": true, "d": true)"), "decided L4");
  EXPECT_EQ(decided(R"("a": true, "b": true, "c": false)"), "decided L4");
  EXPECT_EQ(g.value(R"("a": false, "b": false, "c": true, "d": false)", "is_l5"), "yes");
}

/// The order of the text decides nothing: of two with the same score none leads.
TEST(ReferenceValues, ALeadOfNothingIsNone) {
  for (const std::string among : {"k1, k2", "k2, k1"}) {
    const Guideline g("inputs f { a : yes/no b : yes/no }\ndifferential which : one of { k1, k2 } among { " + among +
                      " } {\n argument for k1 strong when a\n argument for k2 strong when b\n"
                      " decide strong 3, weak 1, needs 3, ahead by 0\n}\ndefine is_k1 = which = k1");
    const auto status = [&](const std::string& inputs) {
      return std::string(to_text(g.run(inputs).decision.differentials.at(0).status));
    };
    EXPECT_EQ(status(R"("a": true, "b": true)"), "tie") << among;
    EXPECT_EQ(status(R"("a": true)"), "undetermined") << among;
    EXPECT_EQ(status(R"("a": true, "b": false)"), "decided") << among;
  }
}

TEST(ReferenceValues, SeriesLookBackOverEvents) {
  const Guideline g(R"(inputs f { bp : quantity from 50 mm[Hg] to 300 mm[Hg] step 1 mm[Hg] series }
    define last = latest bp
    define top = highest bp within 4 weeks
    define average = round(mean bp, 1 mm[Hg])
    define rise = change bp
    define n = count bp within 4 weeks)");
  const auto at = [](const std::string& day, int v) {
    return "{\"at\": \"2026-" + day + "\", \"inputs\": {\"bp\": \"" + std::to_string(v) + " mm[Hg]\"}}";
  };
  const auto e = g.run("", at("09-01", 180) + "," + at("11-01", 150) + "," + at("11-15", 141));
  EXPECT_EQ(g.value(e, "last"), "141 mm[Hg]");
  EXPECT_EQ(g.value(e, "top"), "150 mm[Hg]");
  EXPECT_EQ(g.value(e, "average"), "157 mm[Hg]");
  EXPECT_EQ(g.value(e, "rise"), "-39 mm[Hg]");
  EXPECT_EQ(g.value(e, "n"), "2");
  const auto none = g.run("");
  EXPECT_EQ(g.value(none, "last"), "unknown (not asked)");
  EXPECT_EQ(g.value(none, "n"), "0");
  EXPECT_EQ(g.value(g.run("", at("11-15", 141)), "rise"), "unknown (not done)");
}

TEST(ReferenceValues, ValuesGoStale) {
  const Guideline g(R"(inputs f { hb : number from 0 to 20 step 0.1 fresh for 2 weeks }
    define low = hb < 10)");
  const auto at = [&](const std::string& day) {
    return g.run("", "{\"at\": \"2026-" + day + "T10:00:00Z\", \"inputs\": {\"hb\": 8.5}}");
  };
  EXPECT_EQ(g.value(at("11-08"), "low"), "yes");
  EXPECT_EQ(g.value(at("11-07"), "low"), "unknown (stale)");
}

TEST(ReferenceValues, AssumptionsAreShown) {
  const Guideline g(R"(inputs f { k : yes/no { unknown assume no because "rare" } }
    define safe = not k)");
  const auto e = g.run("");
  EXPECT_EQ(g.value(e, "safe"), "yes");
  ASSERT_EQ(e.decision.assumed.size(), 1u);
  EXPECT_NE(decision_to_json(g.graph().dictionary, e.decision).find("\"assumed\""), std::string::npos);
  EXPECT_TRUE(g.run(R"("k": true)").decision.assumed.empty());
}

TEST(ReferenceValues, AgeCountsCompletedYears) {
  const Guideline g("inputs f { born : date } define old = age(born) >= 65 years");
  EXPECT_EQ(g.value(R"("born": "1961-11-22")", "old"), "yes");
  EXPECT_EQ(g.value(R"("born": "1961-11-23")", "old"), "no");
}

TEST(ReferenceValues, ConstraintsRefuseTheCase) {
  const Guideline g(R"(inputs f { a : yes/no n : number from 0 to 9 step 1 }
    constraint k { require not (a and n > 5) message "with a, n is at most 5, not {n}" })");
  const auto e = g.run(R"("a": true, "n": 6)");
  ASSERT_EQ(e.broken.size(), 1u);
  EXPECT_EQ(e.broken[0].message, "with a, n is at most 5, not 6");
  EXPECT_TRUE(g.run(R"("a": true)").broken.empty());
}

TEST(ReferenceValues, SameCaseSameBytes) {
  const Guideline g("inputs f { a : yes/no } action x \"X\" : test rule r { when a recommend x }");
  const auto json = [&] { return decision_to_json(g.graph().dictionary, g.run(R"("a": true)").decision); };
  EXPECT_EQ(json(), json());
}

} // namespace
} // namespace aceso::testing
