/// Partial dates in decisions, and conditions that have lasted.
#include "explain/decision_text.h"
#include "guideline_fixture.h"
#include "module/patient_case.h"

namespace aceso::testing {
namespace {

constexpr const char* body = R"(
inputs facts "Facts" {
  birth_date : date "Date of birth?"
  fever      : yes/no "Fever?"
  surgery    : date fresh for 2 years
}
action screen "Screening" : screening
action rest   "Rest"      : self_care
define age_now = age(birth_date)
define stated  = birth_date
define grown   = birth_date is known
define group : one of { young, old } = bands age_now { below 45 years : young  otherwise : old }
define recent  = surgery within 1 year of today
rule by_age  { when age(birth_date) >= 46 years recommend screen }
rule lasting { when fever for at least 3 days   recommend rest }
)";

TEST(PartialDates, DecideWhatTheyCanAndAskForTheRest) {
  const Guideline g(body);
  EXPECT_EQ(g.status(R"("birth_date": "1980")", "screen"), "undetermined recommend [birth_date]");
  EXPECT_EQ(g.status(R"("birth_date": "1979")", "screen"), "advised recommend");
  EXPECT_EQ(g.status(R"("birth_date": "1980-11")", "screen"), "undetermined recommend [birth_date]");
  EXPECT_EQ(g.status(R"("birth_date": "1980-10")", "screen"), "advised recommend");
  EXPECT_EQ(g.status(R"("birth_date": "1981")", "screen"), "not_advised");
  EXPECT_EQ(g.value(R"("birth_date": "1980")", "age_now"), "unknown (45 a to 46 a)");
  EXPECT_EQ(g.value(R"("birth_date": "1980-10")", "age_now"), "46 a");
  EXPECT_EQ(g.value(R"("birth_date": "1980")", "stated"), "1980");
  EXPECT_EQ(g.value(R"("birth_date": "1980")", "grown"), "no");
  EXPECT_EQ(g.value(R"("birth_date": "1980")", "group"), "old");
  EXPECT_EQ(g.value(R"("birth_date": "1981")", "group"), "unknown (not asked)");
}

TEST(PartialDates, AreInTheDecisionAsTheyWereStated) {
  const Guideline g(body);
  const auto evaluation = g.run(R"("birth_date": "1980")");
  const std::string json = decision_to_json(g.graph().dictionary, evaluation.decision, {});
  EXPECT_NE(json.find(R"("stated": {"unknown": "not_asked", "partly": "1980", "missing": ["birth_date"]})"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("partly": "45 a to 46 a")"), std::string::npos);
}

TEST(PartialDates, GrowStaleAsOthersDo) {
  const Guideline g(body);
  const auto value = [&](const char* now) {
    return g.value(g.run("", R"({"at": "2024-11-22", "inputs": {"surgery": "2024"}})", now), "recent");
  };
  EXPECT_EQ(value("2025-01-01T10:00:00Z"), "yes");
  EXPECT_EQ(value("2025-06-01T10:00:00Z"), "unknown (not asked)");
  EXPECT_EQ(value("2026-11-21T10:00:00Z"), "no");
  EXPECT_EQ(value("2026-12-01T10:00:00Z"), "unknown (stale)");
}

TEST(IntervalsInCases, AreReadAndWritten) {
  const Guideline g(R"(
inputs facts "Facts" {
  stay : interval of date
  dose : interval of quantity from 0 mg to 100 mg
  slot : interval of instant
  hours : interval of time
}
define long = width_of(stay) > 5 days
)");
  const Dictionary& dictionary = g.graph().dictionary;
  const std::string json = R"({
  "now": "2026-11-22T10:00:00Z",
  "inputs": {
    "stay": {"from": "2026-11", "to": "2026-12-24"},
    "dose": {"from": {"value": 5, "unit": "mg"}, "to": "unbounded"},
    "slot": {"from": "2026-11-22T10:00:00Z"},
    "hours": {"from": "08:00", "to": "16:30"}
  }
}
)";
  const CaseReadResult read = read_case(dictionary, json);
  ASSERT_TRUE(read.ok()) << read.faults[0].message;
  EXPECT_EQ(write_case(dictionary, read.patient_case), json);
  EXPECT_EQ(g.value(R"("stay": {"from": "2026-11", "to": "2026-12-24"})", "long"), "yes");

  const auto faults = [&](const std::string& stay) {
    std::string ids;
    for (const CaseFault& fault :
         read_case(dictionary, R"({"now": "2026-11-22T10:00:00Z", "inputs": {"stay": )" + stay + "}}").faults)
      ids += (ids.empty() ? "" : ", ") + fault.id + " " + fault.path;
    return ids;
  };
  EXPECT_EQ(faults(R"({"from": "2026-11-22", "to": "2026-11-22"})"), "");
  EXPECT_EQ(faults(R"({"from": "2026-11-22", "to": "2026-11-21"})"), "A0735 $.inputs.stay");
  EXPECT_EQ(faults(R"({"from": "2026-12", "to": "2026-11"})"), "A0735 $.inputs.stay");
  EXPECT_EQ(faults(R"({"from": "2026-11-31", "till": "2026-12-01"})"),
            "A0730 $.inputs.stay.from, A0707 $.inputs.stay.till");
  EXPECT_EQ(faults(R"("2026-11-22")"), "A0719 $.inputs.stay");
  EXPECT_EQ(faults(R"({"unknown": "refused"})"), "");
}

TEST(Lasting, IsYesWhereEveryStatementOfTheTimeSaysSo) {
  const Guideline g(body);
  const auto status = [&](const std::string& events) { return g.status(g.run("", events), "rest"); };
  const std::string on_18 = R"({"at": "2026-11-18T10:00", "inputs": {"fever": true}})",
                    on_19 = R"({"at": "2026-11-19T10:00", "inputs": {"fever": true}})",
                    after_19 = R"({"at": "2026-11-19T10:00:01", "inputs": {"fever": true}})",
                    none_on_20 = R"(, {"at": "2026-11-20", "inputs": {"fever": false}})",
                    open_on_20 = R"(, {"at": "2026-11-20", "inputs": {"fever": {"unknown": "refused"}}})",
                    again_on_21 = R"(, {"at": "2026-11-21", "inputs": {"fever": true}})";
  EXPECT_EQ(status(""), "undetermined recommend [fever]");
  EXPECT_EQ(status(on_18), "advised recommend");
  EXPECT_EQ(status(on_19), "advised recommend") << "the first moment of the time counts";
  EXPECT_EQ(status(after_19), "undetermined recommend [fever]") << "nobody asked at its start";
  EXPECT_EQ(status(on_18 + none_on_20 + again_on_21), "not_advised");
  EXPECT_EQ(status(after_19 + none_on_20 + again_on_21), "not_advised") << "one no is enough";
  EXPECT_EQ(status(on_18 + open_on_20 + again_on_21), "undetermined recommend [fever]");
  EXPECT_EQ(status(on_18 + again_on_21), "advised recommend");
}

TEST(Lasting, LooksAtWholeConditionsAndAtFreshness) {
  const Guideline g(R"(
inputs facts "Facts" {
  temperature : quantity from 30 Cel to 45 Cel step 0.1 Cel fresh for 1 day
  cough       : yes/no
}
define lasting = (temperature > 38 Cel or cough) for at least 2 days
define ongoing = not cough for at least 2 days
)");
  const auto value = [&](const std::string& events, const char* name) { return g.value(g.run("", events), name); };
  const std::string warm = R"({"at": "2026-11-20T09:00", "inputs": {"temperature": "39 Cel"}},
                              {"at": "2026-11-21T09:00", "inputs": {"temperature": "38.5 Cel"}},)";
  EXPECT_EQ(value(warm + R"({"at": "2026-11-22T09:00", "inputs": {"temperature": "38.1 Cel"}})", "lasting"), "yes");
  EXPECT_EQ(value(warm + R"({"at": "2026-11-22T09:00", "inputs": {"cough": true}})", "lasting"), "yes");
  EXPECT_EQ(
      value(warm + R"({"at": "2026-11-22T09:00", "inputs": {"temperature": "38 Cel", "cough": false}})", "lasting"),
      "no");
  // On the 21st nobody measured: after a day the value is stale, until it is measured again.
  EXPECT_EQ(value(R"({"at": "2026-11-20T09:00", "inputs": {"temperature": "39 Cel"}},
                     {"at": "2026-11-22T09:00", "inputs": {"temperature": "39 Cel"}})",
                  "lasting"),
            "unknown (not asked)");
  // `not` is said of the whole: it has not coughed for two days on end.
  EXPECT_EQ(
      value(R"({"at": "2026-11-01", "inputs": {"cough": true}}, {"at": "2026-11-21", "inputs": {"cough": false}})",
            "ongoing"),
      "yes");
  EXPECT_EQ(complaints_of("inputs facts { a : yes/no }\naction x \"X\" : care\npathway way { start s stage s final }\n"
                          "rule r { when (in stage s) for at least 2 days recommend x }"),
            "A0311");
}

} // namespace
} // namespace aceso::testing
