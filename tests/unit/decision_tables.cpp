/// FEEL, DMN files and sheets: what is read, what is written, what is refused.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decision_tables/dmn_model.h"
#include "decision_tables/feel.h"
#include "decision_tables/sheet.h"
#include "decision_tables/to_aceso.h"
#include "driver/decision_tables.h"

namespace aceso::decision_tables {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using K = FeelKind;

std::optional<FeelExpression> read(std::string_view text, std::vector<std::string> names = {}) {
  FeelFault fault;
  return FeelReader(std::move(names)).expression(text, fault);
}
std::optional<FeelTests> tests_of(std::string_view text) {
  FeelFault fault;
  return FeelReader({}).unary_tests(text, fault);
}
std::string fault_of(std::string_view text) {
  FeelFault fault;
  return FeelReader({}).expression(text, fault) ? "" : fault.message;
}

TEST(Feel, NamesMayHoldSpacesAndSigns) {
  const auto e = read("Patient  Age - pain-score", {"Patient Age", "pain-score", "Patient"});
  ASSERT_TRUE(e);
  EXPECT_EQ(e->kind, K::subtract);
  EXPECT_EQ(e->children[0].text, "Patient Age");
  EXPECT_EQ(e->children[1].text, "pain-score");
  EXPECT_EQ(read("a - b", {"a", "b"})->kind, K::subtract);
  EXPECT_EQ(read("iffy and order", {"iffy", "order"})->kind, K::logical_and);
}

TEST(Feel, OperatorsBindAsInTheStandard) {
  const auto e = read("a + 2 * b ** 2 >= -1 and not(c) or d in [1..5)");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->kind, K::logical_or);
  EXPECT_EQ(e->children[0].kind, K::logical_and);
  EXPECT_EQ(e->children[0].children[0].kind, K::greater_or_equal);
  EXPECT_EQ(e->children[0].children[1].kind, K::call);
  EXPECT_EQ(e->children[1].kind, K::in);
  EXPECT_TRUE(e->children[1].children[1].open_end);
  EXPECT_EQ(read("if a then 1 else if b then 2 else 3")->children[2].kind, K::conditional);
  EXPECT_EQ(read("x between 1 and 3 and y")->kind, K::logical_and);
}

TEST(Feel, UnaryTests) {
  EXPECT_TRUE(tests_of(" - ")->is_any);
  EXPECT_TRUE(tests_of("")->is_any);
  const auto list = tests_of(R"("a", < 5, [1..2], (3..4], ]5..6[, -7, date("2026-11-22"), null)");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->tests.size(), 8u);
  EXPECT_EQ(list->tests[1].kind, K::less);
  EXPECT_FALSE(list->tests[2].open_start || list->tests[2].open_end);
  EXPECT_TRUE(list->tests[3].open_start);
  EXPECT_TRUE(list->tests[4].open_start && list->tests[4].open_end);
  EXPECT_EQ(list->tests[5].kind, K::negate);
  EXPECT_EQ(list->tests[6].kind, K::date);
  EXPECT_TRUE(tests_of("not(1, > 3)")->negated);
  EXPECT_EQ(tests_of("? > 1 and ? < 3")->tests[0].kind, K::logical_and);
}

TEST(Feel, WhatIsNotReadIsNamed) {
  EXPECT_THAT(fault_of("for x in [1] return x"), HasSubstr("`for`"));
  EXPECT_THAT(fault_of("{a: 1}"), HasSubstr("context"));
  EXPECT_THAT(fault_of("list[1]"), HasSubstr("filter"));
  EXPECT_THAT(fault_of("1 +"), HasSubstr("ends too early"));
  EXPECT_THAT(fault_of("\"open"), HasSubstr("quotation mark"));
  EXPECT_THAT(fault_of("1 2"), HasSubstr("not expected"));
  EXPECT_THAT(fault_of(std::string(200, '(') + "1"), HasSubstr("nested too deeply"));
  EXPECT_THAT(fault_of(std::string(200, '-') + "1"), HasSubstr("nested too deeply"));
  EXPECT_THAT(fault_of(std::string(100000, 'a')), HasSubstr("too long"));
}

// ------------------------------------------------------------------------------------------------ DMN

constexpr std::string_view head =
    R"(<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">)";

std::string model(std::string_view logic, std::string_view type = "number", std::string_view more = "") {
  std::string text(head);
  text += more;
  text +=
      R"(<inputData id="i" name="in put"><variable name="in put" typeRef=")" + std::string(type) + R"("/></inputData>)";
  text += R"(<decision id="d" name="out"><informationRequirement><requiredInput href="#i"/></informationRequirement>)";
  return text + std::string(logic) + "</decision></definitions>";
}
std::string table(std::string_view policy, const std::vector<std::pair<std::string, std::string>>& rules,
                  std::string_view output = "<output/>") {
  std::string text = "<decisionTable " + std::string(policy) +
                     "><input><inputExpression><text>in put</text></inputExpression></input>" + std::string(output);
  for (const auto& [cell, value] : rules)
    text += "<rule><inputEntry><text>" + cell + "</text></inputEntry><outputEntry><text>" + value +
            "</text></outputEntry></rule>";
  return text + "</decisionTable>";
}
std::string imported(const std::string& text) {
  const driver::Exchange exchange = driver::import_dmn("m.dmn", text);
  std::string told;
  for (const auto& one : exchange.diagnostics)
    told += one.message + "\n";
  return exchange.text.value_or("") + "----\n" + told;
}

TEST(Dmn, HalfOpenIntervalsAndListsBecomeCells) {
  const std::string text =
      imported(model(table("hitPolicy=\"FIRST\"", {{"(1..5]", "1"}, {"not(7, &gt; 9)", "2"}, {"-", "3"}})));
  EXPECT_THAT(text, HasSubstr("> 1 and <= 5 -> 1"));
  EXPECT_THAT(text, HasSubstr("not 7, > 9   -> 2"));
  EXPECT_THAT(text, HasSubstr("otherwise    -> 3"));
}

TEST(Dmn, PriorityIsTheOrderOfTheListedValues) {
  const std::string text =
      imported(model(table("hitPolicy=\"PRIORITY\"", {{"-", "\"low\""}, {"&gt; 5", "\"high\""}},
                           R"(<output><outputValues><text>"high", "low"</text></outputValues></output>)")));
  EXPECT_THAT(text, HasSubstr("> 5    -> high\n  otherwise -> low"));
  EXPECT_THAT(text, HasSubstr("the hit policy PRIORITY"));
}

TEST(Dmn, DefaultsPoliciesAndAggregations) {
  const std::string with_default = "<output><defaultOutputEntry><text>4</text></defaultOutputEntry></output>";
  EXPECT_THAT(imported(model(table("", {{"1", "2"}}, with_default))), HasSubstr("otherwise -> 4"));
  EXPECT_THAT(imported(model(table("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", {{"1", "2"}, {"-", "-5"}}))),
              HasSubstr("table out : number from -5 to 2 step 1 collect sum"));
  EXPECT_THAT(imported(model(table("hitPolicy=\"COLLECT\"", {{"1", "2"}}))), HasSubstr("collect list"));
  EXPECT_THAT(imported(model(table("hitPolicy=\"RULE ORDER\"", {{"1", "2"}}))), HasSubstr("collect list"));
  EXPECT_THAT(imported(model(table("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", {{"1", "2"}, {"2", "2"}}))),
              HasSubstr("every row counts"));
}

TEST(Dmn, WhatCannotBeCarriedIsToldAndLeftOut) {
  const std::string text = imported(model(table("", {{"for", "1"}})));
  EXPECT_THAT(text, HasSubstr("the decision `out`: not carried over"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("table out")));
  EXPECT_THAT(imported(model("<context/>")), HasSubstr("boxed `context`"));
  EXPECT_THAT(imported(model("<literalExpression><text>in put / 3</text></literalExpression>")), HasSubstr("rounded"));
  EXPECT_THAT(imported(model("<literalExpression><text>out + 1</text></literalExpression>")),
              HasSubstr("it depends on itself"));
  EXPECT_THAT(imported(model("<literalExpression><text>other + 1</text></literalExpression>")),
              HasSubstr("`other` is not known"));
  EXPECT_THAT(imported(model("<literalExpression><text>1</text></literalExpression>", "tThing")),
              HasSubstr("its type `tThing`"));
}

TEST(Dmn, TypesThatNameEachOtherEnd) {
  const std::string_view circle = R"(<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>
    <itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>)";
  EXPECT_THAT(imported(model(table("", {{"1", "2"}}), "a", circle)), HasSubstr("table out"));
}

TEST(Dmn, BadFilesAreRefusedWithTheReason) {
  const auto refused = [](const std::string& text) {
    DmnOptions options;
    options.max_bytes = 1000;
    options.max_elements = 10;
    options.max_depth = 5;
    DmnUnread fault;
    return read_dmn(text, options, fault) ? std::string() : fault.why;
  };
  EXPECT_THAT(refused("<a><b></a>"), HasSubstr("no XML"));
  EXPECT_THAT(refused(""), HasSubstr("no"));
  EXPECT_THAT(refused("<definitions xmlns=\"other\"/>"), HasSubstr("no DMN"));
  EXPECT_THAT(refused(std::string(2000, ' ')), HasSubstr("larger than 1000"));
  EXPECT_THAT(refused(std::string(head) + "<a/><a/><a/><a/><a/><a/><a/><a/><a/><a/></definitions>"),
              HasSubstr("more than 10"));
  EXPECT_THAT(refused(std::string(head) + "<a><a><a><a><a><a/></a></a></a></a></a></definitions>"), HasSubstr("deep"));
  // Entities of the file's own stay as they stand; nothing grows and nothing else is read.
  DmnUnread fault;
  const std::string bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>" +
                           std::string(head) + "<description>&a;&b;</description></definitions>";
  const auto read = read_dmn(bomb, {}, fault);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->description, "&a;&b;");
}

TEST(Dmn, TheSampleOfAnotherProgramIsReadWhole) {
  std::ifstream file(std::string(ACESO_SOURCE_FOLDER) + "/tests/interchange/samples/triage.dmn");
  std::stringstream text;
  text << file.rdbuf();
  const std::string result = imported(text.str());
  EXPECT_THAT(result, ::testing::Not(HasSubstr("not carried over")));
  for (const char* name : {"colour_by_priority", "all_colours", "notes_in_order", "Points", "Route_where",
                           "Route_minutes", "same_answer", "how_many_reasons", "Least", "Sum"})
    EXPECT_THAT(result, HasSubstr(std::string("table ") + name));
}

TEST(Dmn, OutAndBackGivesTheSameBytes) {
  std::ifstream file(std::string(ACESO_SOURCE_FOLDER) + "/tests/interchange/samples/policies.aceso");
  std::stringstream text;
  text << file.rdbuf();
  const Compilation first = compile_text(text.str(), "policies.aceso");
  ASSERT_TRUE(first.ok()) << first.render_diagnostics();
  const std::string out = driver::export_dmn(first).text.value_or("");
  const driver::Exchange back = driver::import_dmn("policies.dmn", out);
  ASSERT_TRUE(back.text);
  const Compilation second = compile_text(*back.text, "back.aceso");
  ASSERT_TRUE(second.ok()) << second.render_diagnostics();
  EXPECT_EQ(driver::export_dmn(second).text.value_or(""), out);
}

TEST(Dmn, UnitsScoresAndScalesComeBack) {
  const std::string text = R"(guideline g { title "G" version 0.1.0 }
inputs i "I" {
  n : quantity from 0 kg to 100 kg step 0.5 kg
  h : quantity from 1 m to 3 m step 0.01 m
  c : yes/no
  pain : scale { none = 0, mild = 1, severe = 4 }
}
define points = score {
  pain.score "Pain"
  1 if c
}
define hurts = pain >= mild
define limit = if c then 10 kg else 20 kg
define heavy = n > 30000 g
define per_area = round(n / (h * h), 0.1 kg/m2)
define bulky = per_area > 10 kg/m2
)";
  const Compilation compilation = compile_text(text, "g.aceso");
  ASSERT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  const std::string out = driver::export_dmn(compilation).text.value_or("");
  EXPECT_THAT(out, HasSubstr("n &gt; 30<"));
  EXPECT_THAT(out, HasSubstr("pain in (\"mild\", \"severe\")"));
  const std::string back = imported(out);
  EXPECT_THAT(back, HasSubstr("define points = pain.score + (if c then 1 else 0)"));
  EXPECT_THAT(back, HasSubstr("define hurts = pain in { mild, severe }"));
  EXPECT_THAT(back, HasSubstr("define limit = if c then 10 kg else 20 kg"));
  EXPECT_THAT(back, HasSubstr("define heavy = n > 30 kg"));
  // What a product of units is called, the file does not say: rather nothing than a wrong unit.
  EXPECT_THAT(back, HasSubstr("the decision `per_area`: not carried over"));
  EXPECT_THAT(back, HasSubstr("the decision `bulky`: not carried over"));
}

TEST(Dmn, WhatHasNoPlaceInDmnIsTold) {
  const Compilation compilation = compile_text(R"(guideline g { title "G" version 0.1.0 applies when list }
inputs i "I" { list : yes/no  born : date  n : number from 0 to 9 { unknown assume 3 because "usual" }
  w : quantity from 0 kg to 9 kg step 1 kg typical 5 kg accepts g }
action a "A" : test
define old = age(born) >= 65 years
table t : action first {
  old | list | n    -> t
  yes | -    | < 5  -> a
}
rule r { when list recommend t }
)",
                                               "g.aceso");
  ASSERT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  const driver::Exchange exchange = driver::export_dmn(compilation);
  std::string told;
  for (const auto& one : exchange.diagnostics)
    told += one.message + "\n";
  EXPECT_THAT(told, HasSubstr("`old`: not carried over"));
  EXPECT_THAT(told, HasSubstr("`old`: what needs it takes it as an input data"));
  EXPECT_THAT(told, HasSubstr("`list`: FEEL keeps this word for itself"));
  EXPECT_THAT(told, HasSubstr("`unknown assume` of `n`"));
  EXPECT_THAT(told, HasSubstr("`typical` of `w`"));
  EXPECT_THAT(told, HasSubstr("`accepts` of `w`"));
  EXPECT_THAT(told, HasSubstr("a rule: not carried over"));
  EXPECT_THAT(told, HasSubstr("`applies when`"));
  EXPECT_THAT(*exchange.text, HasSubstr("<inputData id=\"input_old\" name=\"old\">"));
  EXPECT_THAT(*exchange.text, HasSubstr("<text>\"a\"</text>"));
}

// ------------------------------------------------------------------------------------------------ sheets

TEST(Sheets, SeparatorsQuotesAndEmptyRows) {
  SheetFault fault;
  const auto sheet = read_sheet("\xef\xbb\xbf"
                                "a;\"b;\"\"c\"\"\";\r\n\r\n1; 2 ;3",
                                {}, fault);
  ASSERT_TRUE(sheet);
  ASSERT_EQ(sheet->size(), 3u);
  EXPECT_EQ((*sheet)[0][1].text, "b;\"c\"");
  EXPECT_EQ((*sheet)[1].size(), 1u);
  EXPECT_EQ((*sheet)[2][1].text, "2");
  EXPECT_FALSE(read_sheet("\"open", {}, fault));
  EXPECT_FALSE(read_sheet("1\n2\n3\n", {.max_bytes = 100, .max_rows = 2, .max_columns = 5}, fault));
  EXPECT_EQ(column_letters(0), "A");
  EXPECT_EQ(column_letters(25), "Z");
  EXPECT_EQ(column_letters(26), "AA");
  EXPECT_EQ(column_letters(702), "AAA");
}

constexpr const char* with_table = R"(guideline g {
  title   "G"
  version 0.1.0
}
source s "S"

inputs i "I" {
  fever : yes/no
  n     : number from 0 to 9 step 1
}

/// What to do.
/// And why.
table plan "The plan" : one of { rest, film } first {
  fever | n + 1             -> plan
  yes   | > 1 and < 5, 7, 9 -> rest
  no    | -                 -> film
  otherwise                 -> rest
}
cite s at "A, B"

define after = plan = film
)";

TEST(Sheets, OutAndIntoTheGuidelineChangesNothing) {
  const Compilation compilation = compile_text(with_table, "g.aceso");
  ASSERT_TRUE(compilation.ok()) << compilation.render_diagnostics();
  EXPECT_THAT(driver::tables_of(compilation), ElementsAre("plan"));
  const std::string sheet = *driver::export_sheet(compilation, "plan").text;
  EXPECT_EQ(sheet, "first,fever,n + 1,\"-> plan \"\"The plan\"\" : one of { rest, film }\"\n"
                   "1,yes,\"> 1 and < 5, 7, 9\",rest\n2,no,-,film\notherwise,,,rest\n"
                   "cite,\"s at \"\"A, B\"\"\"\nnote,What to do.\nnote,And why.\n");
  EXPECT_EQ(driver::import_sheet_into("s.csv", sheet, "g.aceso", with_table).text.value_or(""), with_table);
  EXPECT_FALSE(driver::export_sheet(compilation, "absent").text);
}

std::string sheet_fault(const std::string& sheet) {
  const driver::Exchange exchange = driver::import_sheet("s.csv", sheet);
  return exchange.text ? "" : exchange.diagnostics.front().message;
}

TEST(Sheets, FaultsNameRowAndColumn) {
  EXPECT_THAT(sheet_fault("firstly,a,-> t : yes/no\n"), HasSubstr("row 1, column A: `firstly` is no hit policy"));
  EXPECT_THAT(sheet_fault("first,a,t\n"), HasSubstr("row 1, column C"));
  EXPECT_THAT(sheet_fault("first,a,-> t\n"), HasSubstr("a name and a type are missing"));
  EXPECT_THAT(sheet_fault("first,,-> t : yes/no\n1,a,yes\n"), HasSubstr("row 1, column B: this column has no name"));
  EXPECT_THAT(sheet_fault("first,a,-> t : yes/no\n\n1,< ,yes\n"), HasSubstr("row 3, column B"));
  EXPECT_THAT(sheet_fault("first,a,-> t : yes/no\n1,a | b,yes\n"),
              HasSubstr("row 2, column B: a cell cannot have `|`"));
  EXPECT_THAT(sheet_fault("first,a,-> t : yes/no\n1,a,\n"), HasSubstr("row 2, column C: this row does not say"));
  EXPECT_THAT(sheet_fault("first,a,-> t : yes/no\n1,a,yes,more\n"),
              HasSubstr("row 2, column D: the table has no such column"));
  EXPECT_THAT(sheet_fault("first,a,-> t : yes/no\nnext,a,yes\n"), HasSubstr("row 2, column A: `next` is not expected"));
  EXPECT_THAT(sheet_fault("first,a,-> t : yes/no\n1,\"a\n-> yes\n b\",yes\n"), HasSubstr("row 2, column B"));
  EXPECT_THAT(sheet_fault(""), HasSubstr("the sheet is empty"));
  EXPECT_EQ(sheet_fault("first,a,-> t : yes/no\n1,,yes\n"), ""); // an empty cell is `-`
  const driver::Exchange wrong = driver::import_sheet_into(
      "s.csv", "first,fever,n,\"-> plan : one of { rest, film }\"\n1,yes,< 3 kg,rest\n", "g.aceso", with_table);
  EXPECT_FALSE(wrong.text);
  EXPECT_THAT(wrong.diagnostics.front().message, HasSubstr("row 2, column C"));
}

} // namespace
} // namespace aceso::decision_tables
