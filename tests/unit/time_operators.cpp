/// tests/conformance/time/operators.tsv: what the standards say about dates, times, durations and intervals.
#include <fstream>
#include <sstream>
#include <vector>

#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

struct Row {
  std::string place, expression, value;
};

std::vector<Row> rows() {
  std::ifstream file(ACESO_SOURCE_FOLDER "/tests/conformance/time/operators.tsv");
  std::vector<Row> result;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream columns(line);
    Row row;
    std::getline(columns, row.place, '\t');
    std::getline(columns, row.expression, '\t');
    std::getline(columns, row.value, '\t');
    result.push_back(row);
  }
  return result;
}

constexpr const char* inputs = R"(
inputs facts "Facts" {
  some_day     : date
  some_month   : date
  some_year    : date
  leap_month   : date
  old_year     : date
  some_instant : instant
  some_time    : time
  some_number  : number from 0 to 100
}
)";
constexpr const char* given =
    R"("some_month": "2026-11", "some_year": "2026", "leap_month": "2024-02", "old_year": "1980")";

TEST(TimeOperators, GiveWhatTheStandardsSay) {
  const std::vector<Row> all = rows();
  std::string body = inputs;
  for (std::size_t i = 0; i < all.size(); ++i)
    body += "define row_" + std::to_string(i) + " = " + all[i].expression + "\n";
  const Guideline guideline(body);
  const reference::Evaluation evaluation = guideline.run(given);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(guideline.value(evaluation, "row_" + std::to_string(i)), all[i].value)
        << all[i].place << ": " << all[i].expression;
}

TEST(TimeOperators, AreManyAndNameTheirStandard) {
  const std::vector<Row> all = rows();
  EXPECT_GE(all.size(), 200U) << "at least 200 such questions are promised";
  for (const Row& row : all) {
    EXPECT_TRUE(row.place.starts_with("DT ") || row.place.starts_with("IV ") || row.place.starts_with("CO ") ||
                row.place.starts_with("AG ") || row.place.starts_with("P3 "))
        << row.place;
    EXPECT_FALSE(row.value.empty()) << row.expression;
  }
}

/// The same questions with every fixed date put in by the patient: what is folded by the checker is what engines give.
TEST(TimeOperators, AreTheSameForInputsAsForConstants) {
  const Guideline guideline(R"(
inputs facts "Facts" {
  a : date
  b : date
  stay : interval of date
  dose : interval of quantity from 0 mg to 100 mg
}
define years   = years_between(a, b)
define months  = months_between(a, b)
define later   = a + 1 month
define inside  = a in interval(b, b + 1 year)
define long    = width_of(stay)
define meets   = stay meets interval(a, b)
define allowed = 50 mg in dose
define middle  = round(end_of(dose) / 2, 1 mg)
)");
  const std::string facts = R"("a": "2024-01-31", "b": "2026-02-28", "stay": {"from": "2026-03-01", "to": "2026-03-09"},
    "dose": {"from": "10 mg", "to": "unbounded"})";
  EXPECT_EQ(guideline.value(facts, "years"), "2 a");
  EXPECT_EQ(guideline.value(facts, "months"), "24 mo");
  EXPECT_EQ(guideline.value(facts, "later"), "2024-02-29");
  EXPECT_EQ(guideline.value(facts, "inside"), "no");
  EXPECT_EQ(guideline.value(facts, "long"), "8 d");
  EXPECT_EQ(guideline.value(facts, "meets"), "yes");
  EXPECT_EQ(guideline.value(facts, "allowed"), "yes");
  EXPECT_EQ(guideline.value(facts, "middle"), "unknown (not applicable)");
}

TEST(TimeOperators, SayWhatIsWrong) {
  const std::string facts =
      "inputs facts { d : date i : instant n : number from 0 to 9 t : time q : quantity from 0 kg "
      "to 9 kg }\ndefine wrong = ";
  for (const auto& [expression, complaint] : std::initializer_list<std::pair<const char*, const char*>>{
           {"d + 3", "A0301"},
           {"d + 3 hours", "A0301"},
           {"d + 1.5 days", "A0406"},
           {"t + 1 hour", "A0301"},
           {"d - i", "A0302"},
           {"d + d", "A0301"},
           {"interval(5, 3)", "A0406"},
           {"interval(unbounded, unbounded)", "A0406"},
           {"interval(1, 2, ajar)", "A0203"},
           {"interval(yes, no)", "A0301"},
           {"d in interval(1, 3)", "A0302"},
           {"q in interval(1, 3)", "A0403"},
           {"d overlaps interval(2026-01-01, 2026-02-01)", "A0301"},
           {"interval(1, 3) < interval(2, 4)", "A0303"},
           {"d within 5 hours of 2026-11-22", "A0406"},
           {"d within 5 days of i", "A0302"},
           {"n within 5 days of 3", "A0301"},
           {"months_between(d, i)", "A0301"},
           {"hours_since(d)", "A0301"},
           {"age_in_dayz(d)", "A0201"},
           {"2026-13 < d", "A0410"},
           {"25:00 < t", "A0410"},
           {"d < 2026-02-30", "A0410"},
       })
    EXPECT_EQ(complaints_of(facts + expression), complaint) << expression;
}

} // namespace
} // namespace aceso::testing
