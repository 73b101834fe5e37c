#include <optional>

#include <gmock/gmock.h>

#include "diagnostics/diagnostic.h"
#include "driver/test_runner.h"

namespace aceso::driver {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* guideline = R"(
guideline g {
  title "G"
  version 0.1.0
  status draft
  applies when complaint
}
source note "Note" {
  document "note.txt"
  numbered 1 to 1
}
inputs all "All" {
  complaint : yes/no "Complaint?"
  alarm     : yes/no "Alarm?"
}
constraint alarm_is_a_complaint {
  require not (alarm and not complaint)
  message "an alarm without a complaint"
  cite note at "S" refs 1
}
action tests "Tests" : test
rule test_at_once {
  when      alarm
  recommend tests strong immediately
  because   "alarm"
  cite      note at "S" refs 1
}
property never_tested {
  never recommended tests when complaint
}
)";

Compilation compiled(const std::string& more) { return compile_text(guideline + more, "folder/g.aceso"); }

TEST(TestRunner, PassAndFail) {
  const Compilation compilation = compiled(R"(
case "passes" {
  given complaint, not alarm
  expect not recommended tests
}
case "fails" {
  given complaint, not alarm
  expect recommended tests
}
)");
  ASSERT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  const auto results = run_case_blocks(compilation);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_TRUE(results[0].passed);
  EXPECT_EQ(results[0].guideline, "g");
  EXPECT_FALSE(results[1].passed);
  ASSERT_EQ(results[1].failures.size(), 1u);
  EXPECT_EQ(results[1].failures[0].expected, "recommended tests");
  EXPECT_EQ(results[1].failures[0].line, results[1].line + 2);
}

TEST(TestRunner, ViolatedPropertyFailsTheCaseOnce) {
  const Compilation compilation = compiled(R"(
case "violates" {
  at day 0 given complaint, alarm
           expect recommended tests
  at day 1 given complaint
           expect recommended tests
}
)");
  ASSERT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  const auto results = run_case_blocks(compilation);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_FALSE(results[0].passed);
  EXPECT_THAT(results[0].failures, IsEmpty());
  ASSERT_EQ(results[0].violated.size(), 1u);
  EXPECT_EQ(results[0].violated[0].property, "never_tested");
}

TEST(TestRunner, LiteralCaseThatBreaksAConstraintIsAnError) {
  const Compilation compilation = compiled("case \"c\" {\n  given alarm, not complaint\n  expect not applies\n}\n");
  ASSERT_EQ(compilation.error_count(), 1u) << compilation.render_diagnostics();
  EXPECT_EQ(compilation.diagnostics()[0].kind, diagnostics::Kind::case_breaks_constraint);
  EXPECT_EQ(compilation.graph(), nullptr);
}

TEST(TestRunner, ExpectedRefusal) {
  const Compilation compilation =
      compiled("case \"c\" {\n  given alarm, not complaint\n  expect refused alarm_is_a_complaint\n}\n");
  ASSERT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  EXPECT_TRUE(run_case_blocks(compilation).at(0).passed);
}

class CaseFile : public ::testing::Test {
protected:
  CaseResult run(const std::string& inputs, const std::string& expect) {
    return runner_->run("cases/c.json", R"({"now": "2026-01-01T00:00:00Z", "inputs": {)" + inputs +
                                            R"(}, "expect": [)" + expect + "]}");
  }
  void SetUp() override {
    ASSERT_TRUE(compilation_.ok()) << compilation_.render_diagnostics();
    runner_.emplace(compilation_);
  }
  const Compilation compilation_ = compiled("");
  std::optional<CaseFileRunner> runner_;
};

TEST_F(CaseFile, Expectations) {
  EXPECT_TRUE(run(R"("complaint": true, "alarm": false)", R"("not recommended tests", "applies")").passed);
  const CaseResult failed = run(R"("complaint": true, "alarm": false)", R"("applies", "recommended tests")");
  ASSERT_EQ(failed.failures.size(), 1u);
  EXPECT_EQ(failed.failures[0].path, "$.expect[1]");
  EXPECT_EQ(failed.name, "c");
}

TEST_F(CaseFile, ExpectationThatCannotBeReadFailsAlone) {
  const CaseResult result =
      run(R"("complaint": true, "alarm": false)", R"("recommended nothing_known", "not recommended tests", "((")");
  ASSERT_EQ(result.failures.size(), 2u);
  EXPECT_THAT(result.failures[0].got, HasSubstr("cannot be read"));
  EXPECT_THAT(result.failures[1].got, HasSubstr("cannot be read"));
}

TEST_F(CaseFile, Faults) {
  const std::string typo = R"("allarm": true)";
  EXPECT_TRUE(run(typo, R"("fault A0708")").passed);
  EXPECT_TRUE(run(typo, R"("fault A0708 $.inputs.allarm")").passed);
  EXPECT_FALSE(run(typo, R"("fault A0708 $.inputs.other")").passed);
  EXPECT_FALSE(run(typo, R"("fault A0709")").passed);
  EXPECT_FALSE(run(typo, "").passed);
  EXPECT_FALSE(run(typo, R"("fault A0708", "not recommended tests")").passed);
  EXPECT_FALSE(run(R"("complaint": true)", R"("fault A0708")").passed);
}

TEST_F(CaseFile, Refusal) {
  const std::string broken = R"("complaint": false, "alarm": true)";
  EXPECT_TRUE(run(broken, R"("refused alarm_is_a_complaint")").passed);
  EXPECT_FALSE(run(broken, "").passed);
  EXPECT_FALSE(run(broken, R"("recommended tests")").passed);
  EXPECT_FALSE(run(R"("complaint": true, "alarm": false)", R"("refused alarm_is_a_complaint")").passed);
}

TEST(Junit, EscapesWhatXmlCannotHold) {
  FileResult file;
  file.path = "a&b.aceso";
  file.guideline = "g";
  file.was_read = file.compiled = true;
  CaseResult result;
  result.guideline = "g";
  result.name = "<\"'>\x01\xff\xed\xa0\x80 \xc3\xa9\n";
  result.failures.push_back({"f", 3, {}, "x < 1", "y & z"});
  file.cases = {result};
  const std::string xml = junit_xml({file});
  EXPECT_THAT(xml, HasSubstr("file=\"a&amp;b.aceso\""));
  EXPECT_THAT(
      xml,
      HasSubstr(
          "name=\"&lt;&quot;&apos;&gt;\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xc3\xa9&#10;\""));
  EXPECT_THAT(xml, HasSubstr("x &lt; 1"));
  EXPECT_THAT(xml, HasSubstr(R"(tests="1" failures="1" errors="0")"));
}

TEST(Junit, FileThatDidNotCompileIsAnError) {
  FileResult file;
  file.path = "a.aceso";
  file.was_read = true;
  file.diagnostics = "error A0201";
  const std::string xml = junit_xml({file});
  EXPECT_THAT(xml, HasSubstr(R"(tests="1" failures="0" errors="1")"));
  EXPECT_THAT(xml, HasSubstr("error A0201"));
  EXPECT_FALSE(file.passed());
}

} // namespace
} // namespace aceso::driver
