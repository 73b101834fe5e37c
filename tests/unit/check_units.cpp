/// Everyday names of units, and mass and substance.
#include "guideline_fixture.h"
#include "module/patient_case.h"

namespace aceso::testing {
namespace {

const std::string creatinine = R"(
  inputs labs {
    creatinine : quantity from 0 umol/L to 2000 umol/L step 1 umol/L accepts mg/dL step 0.01 mg/dL
                 molar_mass 113.12 g/mol
  }
)";

std::string faults_of(const Guideline& g, const std::string& inputs) {
  const auto read = read_case(g.graph().dictionary, R"({"now": "2026-11-22T10:00:00Z", "inputs": {)" + inputs + "}}");
  std::string text;
  for (const CaseFault& fault : read.faults)
    text += fault.id + " " + fault.message + "\n";
  return text;
}

std::string first_mend(const std::string& body) {
  const Compilation c = compile_body(body);
  return c.diagnostics().empty() ? "" : c.diagnostics().front().mend;
}

TEST(CheckUnits, SmallestAndLargestTakeAnyMixOfUnits) {
  const Guideline g(R"(
    inputs body { weight : quantity from 1 kg to 300 kg step 0.1 kg  extra : quantity from 0 g to 900 g step 1 g }
    define least  = min(73.8 kg, 8588 g, weight)
    define most   = max(500 g, weight, 1 kg, extra)
    define fixed  = max(2 kg, 2500 g, 1.5 kg))");
  EXPECT_EQ(g.value(R"("weight": "5 kg", "extra": "900 g")", "least"), "5 kg");
  EXPECT_EQ(g.value(R"("weight": "90 kg", "extra": "900 g")", "least"), "8.588 kg");
  EXPECT_EQ(g.value(R"("weight": "1 kg", "extra": "900 g")", "most"), "1 kg");
  EXPECT_EQ(g.value(R"("weight": "1 kg", "extra": "900 g")", "fixed"), "2.5 kg");
}

TEST(CheckUnits, WhatIsRoundedIsInTheUnitOfTheStep) {
  const Guideline g(R"(
    inputs body {
      weight : quantity from 1 kg to 300 kg step 0.1 kg
      height : quantity from 30 cm to 250 cm step 1 cm
      ill_for : duration from 0 days to 100 days step 1 day
    }
    define bmi   = round(weight / (height * height), 0.01 kg/m2)
    define grams = round(weight, 500 g)
    define plain = round(weight / 3, 0.1 kg)
    define weeks = round(ill_for, 1 week, down)
    define obese = bmi >= 30 kg/m2 and bmi >= 0.003 kg/cm2)");
  const std::string patient = R"("weight": "90.2 kg", "height": "170 cm", "ill_for": "20 d")";
  EXPECT_EQ(g.value(patient, "bmi"), "31.21 kg/m2");
  EXPECT_EQ(g.value(patient, "grams"), "90000 g");
  EXPECT_EQ(g.value(patient, "plain"), "30.1 kg");
  EXPECT_EQ(g.value(patient, "weeks"), "2 wk");
  EXPECT_EQ(g.value(patient, "obese"), "yes");
}

TEST(CheckUnitNames, EverydayNamesMeanTheirCodes) {
  const Guideline g(R"(
    inputs vitals {
      pressure : quantity from 0 mmHg to 300 mmHg step 1 mmHg accepts cmH2O
      wait     : duration from 0 days to 52 weeks step 1 day
    }
    define high = pressure > 140 mm[Hg]
    define long = wait >= 3 weeks
  )");
  EXPECT_EQ(g.value(R"("pressure": "141 mmHg")", "high"), "yes");
  EXPECT_EQ(g.value(R"("pressure": {"value": 140, "unit": "mm[Hg]"})", "high"), "no");
  EXPECT_EQ(g.value(R"("wait": "3 weeks")", "long"), "yes");
  EXPECT_EQ(g.value(R"("wait": "1 week")", "long"), "no");
}

TEST(CheckUnitNames, MonthsStayMonthsInACase) {
  const Guideline g("inputs i { wait : duration from 0 days to 52 weeks step 1 day } define long = wait >= 3 weeks");
  EXPECT_NE(faults_of(g, R"("wait": "3 months")").find("A0726"), std::string::npos);
  EXPECT_NE(faults_of(g, R"("wait": "3 mo")").find("A0725"), std::string::npos);
}

TEST(CheckUnitNames, AGuidelineDeclaresItsOwn) {
  const Guideline g(R"(
    unit puff, puffs "puff of an inhaler" = '{puff}'
    inputs i { relief : quantity from 0 puffs to 40 puffs step 1 puff }
    define much = relief > 12 puffs
  )");
  EXPECT_EQ(g.value(R"("relief": "13 puffs")", "much"), "yes");
  EXPECT_EQ(g.graph().dictionary.units.back().name, "puffs");
}

TEST(CheckUnitNames, ANameNeverHidesACode) {
  EXPECT_EQ(complaints_of("unit C = Cel"), "A0420");
  EXPECT_EQ(complaints_of("unit ft = [ft_i]"), "A0420");
  EXPECT_EQ(complaints_of("unit mL = mL"), ""); // the same meaning
  EXPECT_EQ(complaints_of("unit weeks = wk"), "A0202");
  EXPECT_EQ(complaints_of("unit fortnight = week"), "A0404"); // names stand for codes, not for names
}

TEST(CheckUnitNames, NamesAreProposed) {
  const std::string wait = "inputs i { wait : duration from 0 days to 52 weeks step 1 day } define x = wait > ";
  EXPECT_EQ(first_mend(wait + "3 weaks"), "did you mean `weeks`?");
  EXPECT_EQ(first_mend("unit puffs = '{puff}' define x = 3 pufs > 2 puffs"), "did you mean `puffs`?");
}

TEST(CheckMolarMass, AMassEntersAsSubstanceExactly) {
  const Guideline g(creatinine + "define high = creatinine > 1.2 mg/dL  define exactly_so = creatinine = 1.2 mg/dL "
                                 "define back = round(convert(creatinine, mg/dL), 0.01 mg/dL)");
  // 1.2 mg/dL are 12 mg/L, and 12 / 113.12 mmol/L = 75000/707 umol/L.
  EXPECT_EQ(g.value(R"("creatinine": "1.2 mg/dL")", "exactly_so"), "yes");
  EXPECT_EQ(g.value(R"("creatinine": "1.2 mg/dL")", "high"), "no");
  EXPECT_EQ(g.value(R"("creatinine": "1.21 mg/dL")", "high"), "yes");
  EXPECT_EQ(g.value(R"("creatinine": "1.21 mg/dL")", "back"), "1.21 mg/dL");
  EXPECT_EQ(g.value(R"("creatinine": "106 umol/L")", "high"), "no");
  EXPECT_EQ(g.value(R"("creatinine": "107 umol/L")", "high"), "yes");
}

TEST(CheckMolarMass, NothingIsRoundedOnTheWayIn) {
  const Guideline g(creatinine + "define high = creatinine > 1.2 mg/dL");
  const std::string fault = faults_of(g, R"("creatinine": "1.215 mg/dL")");
  EXPECT_NE(fault.find("A0729"), std::string::npos) << fault;
  EXPECT_NE(fault.find("1.21 mg/dL and 1.22 mg/dL"), std::string::npos) << fault;
  EXPECT_NE(faults_of(g, R"("creatinine": "88.4 umol/L")").find("A0729"), std::string::npos);
  EXPECT_NE(faults_of(g, R"("creatinine": "23 mg/dL")").find("A0728"), std::string::npos); // out of range
  EXPECT_EQ(faults_of(g, R"("creatinine": "22.6 mg/dL")"), "");
}

TEST(CheckMolarMass, AnOrdinaryValueMayStandInTheAcceptedUnit) {
  const std::string typical = "inputs i { g : quantity from 0 umol/L to 2000 umol/L step 1 umol/L typical ";
  const std::string rest = " accepts mg/dL step 0.01 molar_mass 113.12 g/mol }";
  EXPECT_EQ(complaints_of(typical + "1.2 mg/dL" + rest), "");
  EXPECT_EQ(complaints_of(typical + "1.215 mg/dL" + rest), "A0411");
}

TEST(CheckMolarMass, TheRangeAnalysisKnowsTheFinerSteps) {
  const Guideline g(creatinine + "define twice = creatinine * 2");
  const auto& nodes = g.graph().nodes;
  const auto input = std::find_if(nodes.begin(), nodes.end(), [](const auto& n) { return n.op == graph::Op::input; });
  ASSERT_NE(input, nodes.end());
  EXPECT_EQ(input->range()->step, Rational::make(1, 707));
}

TEST(CheckMolarMass, WithoutItTheTwoDoNotMeet) {
  const std::string bare = "inputs i { glucose : quantity from 0 mg/dL to 900 mg/dL step 1 mg/dL } ";
  EXPECT_EQ(complaints_of(bare + "define x = glucose > 5 mmol/L"), "A0403");
  EXPECT_NE(first_mend(bare + "define x = glucose > 5 mmol/L").find("molar_mass"), std::string::npos);
  EXPECT_EQ(complaints_of(bare + "define x = convert(glucose, mmol/L) > 5 mmol/L"), "A0403");
  EXPECT_EQ(complaints_of("inputs i { g : quantity from 0 mg/dL to 9 mg/dL step 1 mg/dL accepts mmol/L }"), "A0403");
  // Equivalents depend on the valence, which a molar mass does not tell.
  EXPECT_EQ(complaints_of("inputs i { k : quantity from 0 mg/dL to 90 mg/dL step 1 mg/dL molar_mass 39.1 g/mol } "
                          "define x = k > 5 meq/L"),
            "A0403");
}

TEST(CheckUnits, EquivalentsAreMolesOnlyWhereTheInputSaysSo) {
  const auto ion = [](const std::string& accepts) {
    return "inputs i { ion : quantity from 0 mmol/L to 200 mmol/L step 0.1 mmol/L " + accepts + " } " +
           "define high = ion > 145 mmol/L";
  };
  const Guideline bare(ion("")), sodium(ion("accepts meq/L"));
  EXPECT_NE(faults_of(bare, R"("ion": "146 meq/L")").find("A0725"), std::string::npos);
  EXPECT_EQ(sodium.value(R"("ion": "146 meq/L")", "high"), "yes");
}

TEST(CheckUnits, AShareOfMolesIsNoPercentage) {
  const std::string input = "inputs i { hba1c : quantity from 3 % to 20 % step 0.1 % ";
  EXPECT_EQ(complaints_of(input + "accepts mmol/mol }"), "A0403");
  EXPECT_EQ(complaints_of(input + "} define x = hba1c > 64 mmol/mol"), "A0403");
  EXPECT_NE(first_mend(input + "} define x = hba1c > 64 mmol/mol").find("count different things"), std::string::npos);
  const Guideline g(input + "} define high = hba1c > 8 %");
  EXPECT_NE(faults_of(g, R"("hba1c": "66 mmol/mol")").find("A0725"), std::string::npos);
}

TEST(CheckUnits, WhatIsProposedIsWhatPeopleWrite) {
  const Guideline g(
      "inputs i { dose : quantity from 0 mg to 500 mg step 0.001 mg weight : quantity from 0 kg to 300 kg "
      "step 0.1 kg age : duration from 0 months to 216 months step 1 month }");
  EXPECT_NE(faults_of(g, R"("dose": "5 mcg")").find("did you mean \"ug\"?"), std::string::npos);
  EXPECT_NE(faults_of(g, R"("dose": "5 mgg")").find("did you mean \"mg\"?"), std::string::npos);
  EXPECT_NE(faults_of(g, R"("weight": "150 lb")").find("did you mean \"pound\"?"), std::string::npos);
  EXPECT_NE(faults_of(g, R"("age": "730 days")").find("no fixed part of a month"), std::string::npos);
}

TEST(CheckMolarMass, TheSubstanceIsFollowedThroughSums) {
  const std::string two = creatinine + R"(
    inputs more { urea : quantity from 0 mmol/L to 100 mmol/L step 0.1 mmol/L molar_mass 60.06 g/mol }
  )";
  EXPECT_EQ(complaints_of(two + "define x = max(creatinine, creatinine + 1 umol/L) > 1 mg/dL"), "");
  EXPECT_EQ(complaints_of(two + "define x = creatinine + urea > 1 mg/dL"), "A0403");
  EXPECT_EQ(complaints_of(two + "define x = creatinine > urea"), ""); // amounts of substance compare as they are
}

TEST(CheckMolarMass, ItsOwnMistakes) {
  const auto with = [](const std::string& mass) {
    return complaints_of("inputs i { g : quantity from 0 mg/dL to 9 mg/dL step 1 mg/dL molar_mass " + mass + " }");
  };
  EXPECT_EQ(with("180.16 g/mol"), "");
  EXPECT_EQ(with("0.18016 kg/mol"), "");
  EXPECT_NE(with("0 g/mol"), "");
  EXPECT_NE(with("180.16 g"), "");
  EXPECT_NE(with("180.16"), "");
  EXPECT_NE(complaints_of("inputs i { g : number from 0 to 9 molar_mass 180 g/mol }"), "");
  EXPECT_NE(complaints_of("inputs i { g : quantity from 0 g to 9 g step 1 g accepts mg step 0 }"), "");
  EXPECT_NE(complaints_of("inputs i { g : quantity from 0 g to 9 g step 1 g accepts mg step 1 kg }"), "");
}

TEST(CheckMolarMass, AnAcceptedUnitMayHaveAStepWithoutAMolarMass) {
  const Guideline g(R"(
    inputs i { weight : quantity from 1 kg to 300 kg step 0.1 kg accepts [lb_av] step 1 }
    define heavy = weight > 150 pounds
  )");
  EXPECT_EQ(g.value(R"("weight": "151 pounds")", "heavy"), "yes");
  EXPECT_EQ(g.value(R"("weight": "150 [lb_av]")", "heavy"), "no");
  EXPECT_NE(faults_of(g, R"("weight": "150.5 [lb_av]")").find("A0729"), std::string::npos);
}

} // namespace
} // namespace aceso::testing
