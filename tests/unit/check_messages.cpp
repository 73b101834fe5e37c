/// What the checker proposes to write instead. The sentences themselves stand in tests/golden/diagnostics.
#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

const std::string inputs = R"(inputs f {
  birth  : date
  years  : number from 0 to 120 step 1
  t      : quantity from 30 Cel to 43 Cel step 0.1 Cel
  weight : quantity from 30 kg to 300 kg step 1 kg
  care   : duration from 0 days to 700 days step 1 day
  fever  : yes/no
  pain   : one of { none, mild }
}
)";

/// The mend of the only complaint, or how many there were.
std::string mend_of(const std::string& definition) {
  const Compilation compilation = compile_body(inputs + definition + "\n");
  const auto& all = compilation.diagnostics();
  return all.size() == 1 ? all.front().mend
                         : std::to_string(all.size()) + " complaints\n" + compilation.render_diagnostics();
}

TEST(CheckMessages, UnitsOfTheSameLook) {
  EXPECT_EQ(mend_of("define a = t > 38 C"), "did you mean `Cel`? `C` is the coulomb");
  EXPECT_EQ(mend_of("define a = t > 38 celsius"), "did you mean `Cel`?");
  EXPECT_EQ(mend_of("define a = t > 38 degrees"), "write `Cel` for a temperature, `deg` for an angle");
  EXPECT_EQ(mend_of("define a = t > 38 kg"), "write it in `Cel`");
}

TEST(CheckMessages, UnitsThatAreMissingOrTooMuch) {
  EXPECT_EQ(mend_of("define a = age(birth) >= 18"), "write the unit, for example: 18 years");
  EXPECT_EQ(mend_of("define a = age(birth) >= 1"), "write the unit, for example: 1 year");
  EXPECT_EQ(mend_of("define a = years > 30 years"), "take the unit away: 30");
  EXPECT_EQ(mend_of("define a = round(weight + 3, 1)"), "write the unit, for example: 3 kg");
  EXPECT_EQ(mend_of("case \"c\" { given t = 38 expect fever }"), "write the unit: 38 Cel");
  EXPECT_EQ(mend_of("define a = care >= 2 months"), "write days or weeks, for example: 60 days");
}

TEST(CheckMessages, StepsOfRoundMayHaveAnotherUnit) {
  EXPECT_EQ(complaints_of(inputs + "define a = round(weight, 500 g)\n"), "");
  EXPECT_EQ(complaints_of(inputs + "define a = round(care, 1 week)\n"), "");
  EXPECT_EQ(mend_of("define a = round(weight, 5 Cel)"), "for example: round(weight, 0.1 kg)");
  EXPECT_EQ(complaints_of(inputs + "define a = round(care, 1 month)\n"), "A0406");
}

TEST(CheckMessages, ValuesOutsideOrBetween) {
  EXPECT_EQ(mend_of("define a = care = 30 hours"), "write 1 day or 2 days, or make the step smaller");
  const std::string declared = "define a : quantity from 0 kg to 10 kg step 1 kg = weight\n";
  EXPECT_EQ(compile_body(inputs + declared).diagnostics().at(0).message,
            "`a` may lie between 30 and 300 kg, but is declared from 0 to 10 kg");
}

TEST(CheckMessages, ARangeThatIsWrittenAsADifference) {
  const auto table = [](const std::string& cell) {
    return "table g : yes/no first {\n  years -> g\n  " + cell + " -> yes\n  otherwise -> no\n}";
  };
  EXPECT_EQ(mend_of(table("3-5")), "for a range write `3 to 5`");
  EXPECT_EQ(complaints_of(inputs + table("3 to 5") + "\n"), "");
}

TEST(CheckMessages, WordsOfOtherLanguages) {
  EXPECT_EQ(mend_of("define a = fever = true").substr(0, 11), "write `yes`");
  EXPECT_EQ(mend_of("inputs g { z : boolean }"), "write `yes/no`");
  EXPECT_EQ(mend_of("inputs g { z : text }"), "name the answers: one of { none, mild, severe }");
}

TEST(CheckMessages, LiteralsOfTheWrongKind) {
  EXPECT_EQ(mend_of("define a = pain = yes"), "compare with one of its values, for example: pain = none");
  EXPECT_EQ(mend_of("define a = fever > 39 Cel"), "");
}

TEST(CheckMessages, NoGuessBetweenCodes) {
  EXPECT_EQ(diagnostics::nearest("L3", {"L4", "L5"}), "");
  EXPECT_EQ(diagnostics::nearest("icd_m541", {"icd_m542"}), "");
  EXPECT_EQ(diagnostics::nearest("fevre", {"fever", "cough"}), "fever");
  EXPECT_EQ(diagnostics::nearest("ab", {"abc"}), "");
}

TEST(CheckMessages, SyntaxNamesWhatIsMissing) {
  const auto message = [](const std::string& body) { return compile_body(body).diagnostics().at(0).message; };
  EXPECT_EQ(message("inputs f { fever : yes/no }\naction rest \"Rest\" : care\nrule r {\n  when fever and\n  recommend "
                    "rest\n}\n"),
            "expected a value after `and`, found `recommend`");
  EXPECT_EQ(complaints_of("inputs f {\n  n : number from 0 to 120  t : yes/no\n}\n"), "");
  EXPECT_EQ(message("define a = fever or or cough\n"), "expected a value after `or`, found `or`");
  EXPECT_EQ(message("inputs f {\n  fever : yes/no\n\n  rule r {\n    when fever\n  }\n"),
            "expected `}` to close `inputs f` opened on line 2");
}

} // namespace
} // namespace aceso::testing
