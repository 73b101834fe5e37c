#include "parse_support.h"

namespace aceso::test {
namespace {

/// Every declaration and every clause of the language at least once.
constexpr std::string_view whole_language = R"aceso(/// First line.
///  Second line.
guideline back_pain {
  title "Back \"pain\"\n" developer "d" funding "f" audience "a" scope "s" license "MIT" languages en, pt_BR
  version 0.1.0-alpha.1
  status draft
  published 2026-11-22
  review_by 2027-11-22
  applies when suspected
  cite note
}
module std.spine "Spine" { version 1.0.0 }
use std . exam
source note "The note" {
  document "note.txt" edition "2" doi "10.1/x" url "https://example.org"
  published 2024-01
  numbered 1 to 6
  reference 1 "First" reference 2 "Second"
}
interpretation window { text "4-6 weeks" reading "from 4 weeks" decided_by "editors" on 2026-11-22 cite note refs 2 }
type level "Level" has region : spine_region, depth : number from 0 to 3 = one of {
  l4 "L4" { region = lumbar, depth = 1 }, l5 "L5" { region = lumbar },
}
type grade = scale { 0 "none" = 0, 1 "trace" = -1, full = 2 }
type temperature = quantity from 30 Cel to 45 Cel step 0.1 Cel
type names = list of list of level
type moment = instant
inputs findings "Findings" cite note at "Findings" {
  /// About fever.
  fever : yes/no "Fever?"
  temp : temperature typical 37 Cel accepts [degF], Cel fresh for 2 days series { unknown assume no because "rare" cite note }
  pain : number from 0 to 10 step 1 typical 0
  seen : date
  root : one of { l4, l5 } typical l4 { unknown ask }
  unknown assume no because "usual"
  cite note refs 1
}
codes snomed "Codes" {
  system sct "http://snomed.info/sct" version "2024"
  fever = sct "386661006" "Fever"
  level.l4 = sct "1"
  concept flu = sct "2" "Flu"
  value_set viral "Viral" = { sct "2" "Flu", sct "3", }
  value_set other = file "sets/other.json" version "1" hash "sha256:0"
  hierarchy kinds "Kinds" of sct = file "kinds.json"
}
constraint sane { require temp < 45 Cel message "too hot" cite note }
function region_of(x : level, y : number) : spine_region require y > 0 message "positive" = x.region
define hot "Hot" : yes/no = temp > 38.5 Cel cite note
define phase : one of { early, late } = bands duration { below 4 weeks : early up to 6 weeks : late otherwise : late }
define points = score {
  1 if age >= 65 "Age"
  gcs.score
}
table modality "Modality" : action first {
  contraindicated_device | age > 3 | region -> modality
  no, yes | not unknown | = lumbar -> mri
  - | 1 to 5 | not < 3 -> ct
  < 3 | -1 | any -> if a then b else c
  otherwise -> none_at_all
}
table total : number collect sum {
  a -> total
  yes -> 1
  cite note
}
differential root "Root" : level among { l4, l5 } {
  argument for l4 strong when knee < 5 "Knee" { cite note refs 1 }
  argument against l5 weight -2 when toe
  argument for l5 weak when toe
  confirms l4 when a
  excludes l5 when b
  decide strong 3, weak 1, needs 3, ahead by 1
  cite note
}
action mri "MRI" : imaging { note "loud" interacts with pacemaker "heat" interacts with b cite note }
action_class scans "Scans" at most one { mri, ct, }
rule image "Image" {
  when a unless b
  recommend mri, ct strong immediately within 2 days
  avoid rest
  overrides other because "newer"
  because "so"
  certainty very_low
  cite note
}
caution careful when a in { b, c } { "Careful." cite note "Twice." }
pathway care "Care" {
  start triage
  at any stage except done, gone when a go to done { cite note }
  stage triage "Triage" {
    after 2 weeks within 3 weeks when b go to done { cite note }
    when c repeat triage at most 3
    cite note
  }
  stage done final
  stage gone "Gone" final
}
property always {
  whenever a then recommended mri or undetermined ct missing x, y even when data are missing
  never recommended mri when b
  stage done only after triage
  cite note
}
case "A case" {
  at day 0 given a, no red_flags, not b, c = 3 weeks, d unknown, e is unknown refused
           expect recommended mri strong immediately, missing x, y, not applies
  at week 6 given a expect applies unknown expect refused sane
            expect undetermined mri missing x, y, stage done
  at 2026-11-22 expect a = 3
  at 2026-11-22T10:00Z given b
}
/* the end */
inputs coded { main : code of sct or loinc problems : list of code of sct }
define infected = any of problems in viral and main is not a flu
)aceso";

class ParseWholeLanguage : public testing::Test {
protected:
  static const Parsed& parsed() {
    static const Parsed p{std::string(whole_language)};
    return p;
  }
};

TEST_F(ParseWholeLanguage, ParsesWithoutComplaintAndWithoutFalls) {
  EXPECT_EQ(parsed().messages(), "");
  EXPECT_EQ(parsed().statistics.ll_fallbacks, 0u);
  ASSERT_EQ(parsed().file.declarations.size(), 29u);
  EXPECT_EQ(parsed().file.comments.size(), 4u);
  EXPECT_TRUE(parsed().file.comments.back().own_line);
}

TEST_F(ParseWholeLanguage, Documents) {
  const auto& p = parsed();
  const auto& guideline = p.get<ast::GuidelineDecl>(0);
  EXPECT_EQ(guideline.doc, (std::vector<std::string>{"First line.", " Second line."}));
  EXPECT_EQ(guideline.name.text, "back_pain");
  ASSERT_EQ(guideline.languages.size(), 2u);
  EXPECT_EQ(guideline.languages[1].text, "pt_BR");
  ASSERT_EQ(guideline.fields.size(), 10u);
  EXPECT_EQ(guideline.fields[0].value, "Back \"pain\"\n");
  EXPECT_EQ(guideline.fields[6].value, "0.1.0-alpha.1");
  EXPECT_EQ(p.at(guideline.fields[7].value_span), "draft");
  EXPECT_EQ(show(guideline.applies), "suspected");
  EXPECT_EQ(guideline.cites.at(0).source.text, "note");
  const auto& module = p.get<ast::ModuleDecl>(1);
  EXPECT_EQ(module.name.text, "std.spine");
  EXPECT_EQ(module.title.text, "Spine");
  EXPECT_EQ(p.get<ast::UseDecl>(2).name.text, "std.exam");
  const auto& source = p.get<ast::SourceDecl>(3);
  EXPECT_EQ(source.fields.size(), 5u);
  EXPECT_EQ(source.numbered.value().second.text, "6");
  EXPECT_EQ(source.references.at(1).second.text, "Second");
  const auto& interpretation = p.get<ast::InterpretationDecl>(4);
  EXPECT_EQ(interpretation.text.text, "4-6 weeks");
  EXPECT_EQ(interpretation.on.text, "2026-11-22");
  EXPECT_EQ(interpretation.cites.at(0).references.at(0).text, "2");
}

TEST_F(ParseWholeLanguage, Types) {
  const auto& p = parsed();
  const auto& level = p.get<ast::TypeDecl>(5);
  EXPECT_EQ(level.attributes.at(1).name.text, "depth");
  EXPECT_EQ(show(level.attributes.at(1).type.to), "3");
  ASSERT_EQ(level.type.members.size(), 2u);
  EXPECT_EQ(level.type.members[0].title.text, "L4");
  EXPECT_EQ(show(level.type.members[0].attributes.at(1).value), "1");
  const auto& grade = p.get<ast::TypeDecl>(6);
  EXPECT_EQ(grade.type.kind, ast::TypeExpressionKind::scale);
  EXPECT_EQ(grade.type.members.at(1).name.text, "1");
  EXPECT_EQ(show(grade.type.members.at(1).score), "(neg 1)");
  const auto& temperature = p.get<ast::TypeDecl>(7);
  EXPECT_EQ(temperature.type.kind, ast::TypeExpressionKind::quantity);
  EXPECT_EQ(show(temperature.type.from), "30'Cel'");
  EXPECT_EQ(show(temperature.type.step), "0.1'Cel'");
  const auto& names = p.get<ast::TypeDecl>(8);
  EXPECT_EQ(names.type.element->element->name.text, "level");
  EXPECT_EQ(p.at(names.type.span), "list of list of level");
  const auto& function = p.get<ast::FunctionDecl>(13);
  EXPECT_EQ(function.parameters.at(0).type.name.text, "level");
  EXPECT_EQ(function.result->name.text, "spine_region");
  EXPECT_EQ(show(function.require), "(> y 0)");
  EXPECT_EQ(function.message.text, "positive");
  EXPECT_EQ(show(function.body), "(. :region x)");
}

TEST_F(ParseWholeLanguage, Inputs) {
  const auto& p = parsed();
  const auto& inputs = p.get<ast::InputsDecl>(10);
  EXPECT_EQ(inputs.title.text, "Findings");
  ASSERT_EQ(inputs.items.size(), 5u);
  EXPECT_EQ(inputs.cites.size(), 2u);
  EXPECT_EQ(inputs.items[0].doc.at(0), "About fever.");
  EXPECT_EQ(inputs.items[0].title.text, "Fever?");
  const auto& temp = inputs.items[1];
  EXPECT_EQ(show(temp.typical), "37'Cel'");
  EXPECT_EQ(temp.accepts.at(0).unit.text, "[degF]");
  EXPECT_EQ(show(temp.fresh_for), "2'days'");
  EXPECT_TRUE(temp.is_series);
  EXPECT_TRUE(temp.unknown->assume);
  EXPECT_EQ(temp.unknown->because.text, "rare");
  EXPECT_EQ(temp.cites.size(), 1u);
  EXPECT_EQ(show(inputs.items[4].typical), "l4");
  EXPECT_FALSE(inputs.items[4].unknown->assume);
  EXPECT_EQ(show(inputs.unknown->value), "no");
  const auto& codes = p.get<ast::CodesDecl>(11);
  EXPECT_EQ(codes.systems.at(0).version.text, "2024");
  EXPECT_EQ(codes.bindings.at(0).display.text, "Fever");
  EXPECT_EQ(codes.bindings.at(1).member.text, "l4");
  EXPECT_EQ(codes.concepts.at(0).name.text, "flu");
  EXPECT_EQ(codes.concepts.at(0).title.text, "Flu");
  EXPECT_EQ(codes.concepts.at(0).code.text, "2");
  EXPECT_EQ(codes.value_sets.at(0).entries.at(1).code.text, "3");
  EXPECT_FALSE(codes.value_sets.at(0).file);
  EXPECT_EQ(codes.value_sets.at(1).file->path.text, "sets/other.json");
  EXPECT_EQ(codes.value_sets.at(1).file->hash.text, "sha256:0");
  EXPECT_EQ(codes.hierarchies.at(0).system.text, "sct");
  EXPECT_TRUE(codes.hierarchies.at(0).file.hash.empty());
  const auto& coded = p.get<ast::InputsDecl>(27);
  EXPECT_EQ(coded.items.at(0).type.kind, ast::TypeExpressionKind::code);
  EXPECT_EQ(coded.items.at(0).type.systems.at(1).text, "loinc");
  EXPECT_EQ(coded.items.at(1).type.element->systems.at(0).text, "sct");
  const auto& infected = *std::get<ast::ExpressionPtr>(p.get<ast::DefineDecl>(28).body);
  EXPECT_EQ(infected.children.at(0)->kind, ast::ExpressionKind::in_set);
  EXPECT_EQ(infected.children.at(0)->children.at(0)->kind, ast::ExpressionKind::each_of);
  EXPECT_EQ(infected.children.at(0)->children.at(0)->text, "any");
  EXPECT_EQ(infected.children.at(1)->kind, ast::ExpressionKind::logical_not);
  EXPECT_EQ(infected.children.at(1)->children.at(0)->kind, ast::ExpressionKind::is_a);
  EXPECT_EQ(infected.children.at(1)->children.at(0)->text, "flu");
  const auto& constraint = p.get<ast::ConstraintDecl>(12);
  EXPECT_EQ(show(constraint.require), "(< temp 45'Cel')");
  EXPECT_EQ(constraint.message.text, "too hot");
}

TEST_F(ParseWholeLanguage, Decisions) {
  const auto& p = parsed();
  const auto& hot = p.get<ast::DefineDecl>(14);
  EXPECT_EQ(hot.title.text, "Hot");
  EXPECT_EQ(hot.cites.size(), 1u);
  EXPECT_EQ(p.at(hot.span), "define hot \"Hot\" : yes/no = temp > 38.5 Cel cite note");
  const auto& bands = std::get<ast::Bands>(p.get<ast::DefineDecl>(15).body);
  ASSERT_EQ(bands.bands.size(), 2u);
  EXPECT_FALSE(bands.bands[0].inclusive);
  EXPECT_TRUE(bands.bands[1].inclusive);
  EXPECT_EQ(p.at(bands.bands[1].span), "up to 6 weeks : late");
  EXPECT_EQ(show(bands.otherwise), "late");
  EXPECT_EQ(std::get<ast::Score>(p.get<ast::DefineDecl>(16).body).items.size(), 2u);
  const auto& table = p.get<ast::TableDecl>(17);
  EXPECT_EQ(table.policy, ast::HitPolicy::first);
  EXPECT_EQ(table.columns.size(), 3u);
  ASSERT_EQ(table.rows.size(), 4u);
  EXPECT_EQ(table.rows[0].cells.at(0).tests.size(), 2u);
  EXPECT_EQ(table.rows[0].cells.at(1).tests.at(0).kind, ast::CellTest::Kind::unknown);
  EXPECT_TRUE(table.rows[0].cells.at(1).negated);
  EXPECT_EQ(table.rows[0].cells.at(2).tests.at(0).comparisons.at(0), ast::ExpressionKind::equal);
  EXPECT_TRUE(table.rows[1].cells.at(0).is_any());
  EXPECT_EQ(table.rows[1].cells.at(1).tests.at(0).kind, ast::CellTest::Kind::range);
  EXPECT_TRUE(table.rows[1].cells.at(2).negated);
  EXPECT_EQ(table.rows[2].cells.at(0).tests.at(0).comparisons.at(0), ast::ExpressionKind::less);
  EXPECT_EQ(show(table.rows[2].cells.at(1).tests.at(0).values.at(0)), "(neg 1)");
  EXPECT_EQ(show(table.rows[2].output), "(if a b c)");
  EXPECT_TRUE(table.rows[3].is_otherwise);
  EXPECT_EQ(p.get<ast::TableDecl>(18).policy, ast::HitPolicy::collect_sum);
  const auto& differential = p.get<ast::DifferentialDecl>(19);
  ASSERT_EQ(differential.arguments.size(), 3u);
  EXPECT_EQ(differential.arguments[0].weight_word, "strong");
  EXPECT_EQ(differential.arguments[0].label.text, "Knee");
  EXPECT_EQ(differential.arguments[0].cites.size(), 1u);
  EXPECT_FALSE(differential.arguments[1].is_for);
  EXPECT_EQ(show(differential.arguments[1].weight), "(neg 2)");
  EXPECT_FALSE(differential.verdicts.at(1).confirms);
  EXPECT_EQ(show(differential.ahead_by), "1");
  EXPECT_EQ(p.at(differential.decide_span), "decide strong 3, weak 1, needs 3, ahead by 1");
}

TEST_F(ParseWholeLanguage, Advice) {
  const auto& p = parsed();
  const auto& action = p.get<ast::ActionDecl>(20);
  EXPECT_EQ(action.category.text, "imaging");
  EXPECT_EQ(action.note.text, "loud");
  EXPECT_EQ(action.interactions.at(0).second.text, "heat");
  EXPECT_TRUE(action.interactions.at(1).second.empty());
  const auto& scans = p.get<ast::ActionClassDecl>(21);
  EXPECT_TRUE(scans.at_most_one);
  EXPECT_EQ(scans.members.size(), 2u);
  const auto& rule = p.get<ast::RuleDecl>(22);
  EXPECT_EQ(show(rule.when), "a");
  EXPECT_EQ(show(rule.unless), "b");
  ASSERT_EQ(rule.advice.size(), 2u);
  EXPECT_EQ(rule.advice[0].targets.size(), 2u);
  EXPECT_EQ(rule.advice[0].strength, "strong");
  EXPECT_EQ(rule.advice[0].urgency, "immediately");
  EXPECT_EQ(show(rule.advice[0].within), "2'days'");
  EXPECT_EQ(rule.advice[1].verb.text, "avoid");
  EXPECT_EQ(rule.overrides.at(0).because.text, "newer");
  EXPECT_EQ(rule.because.text, "so");
  EXPECT_EQ(rule.certainty, "very_low");
  const auto& caution = p.get<ast::CautionDecl>(23);
  EXPECT_EQ(caution.texts.size(), 2u);
  EXPECT_EQ(show(caution.when), "(in a b c)");
}

TEST_F(ParseWholeLanguage, Pathways) {
  const auto& p = parsed();
  const auto& pathway = p.get<ast::PathwayDecl>(24);
  EXPECT_EQ(pathway.start.text, "triage");
  EXPECT_EQ(pathway.interrupts.at(0).except.size(), 2u);
  EXPECT_EQ(pathway.interrupts.at(0).transition.target.text, "done");
  ASSERT_EQ(pathway.stages.size(), 3u);
  const auto& triage = pathway.stages[0];
  EXPECT_EQ(triage.title.text, "Triage");
  EXPECT_EQ(show(triage.transitions.at(0).after), "2'weeks'");
  EXPECT_EQ(show(triage.transitions.at(0).within), "3'weeks'");
  EXPECT_EQ(triage.transitions.at(0).cites.size(), 1u);
  EXPECT_TRUE(triage.transitions.at(1).repeat);
  EXPECT_EQ(triage.transitions.at(1).at_most.text, "3");
  EXPECT_TRUE(pathway.stages[2].is_final);
  const auto& property = p.get<ast::PropertyDecl>(25);
  ASSERT_EQ(property.statements.size(), 3u);
  EXPECT_EQ(show(property.statements[0].outcome), "(or (recommended mri) (undetermined ct ?x ?y))");
  EXPECT_TRUE(property.statements[0].even_when_missing);
  EXPECT_EQ(property.statements[2].after.text, "triage");
}

TEST_F(ParseWholeLanguage, Cases) {
  const auto& p = parsed();
  using Expect = ast::Expectation::Kind;
  using Given = ast::Given::Kind;
  const auto& decl = p.get<ast::CaseDecl>(26);
  EXPECT_EQ(decl.title.text, "A case");
  ASSERT_EQ(decl.steps.size(), 4u);
  EXPECT_EQ(show(decl.steps[0].at), "0'd'");
  EXPECT_EQ(show(decl.steps[1].at), "6'wk'");
  EXPECT_EQ(show(decl.steps[3].at), "2026-11-22T10:00Z");
  const auto& given = decl.steps[0].given;
  ASSERT_EQ(given.size(), 6u);
  EXPECT_EQ(given[0].kind, Given::holds);
  EXPECT_EQ(given[1].kind, Given::group_absent);
  EXPECT_EQ(given[2].kind, Given::does_not_hold);
  EXPECT_EQ(show(given[3].value), "3'weeks'");
  EXPECT_EQ(given[4].kind, Given::unknown);
  EXPECT_EQ(given[5].reason, "refused");
  const auto& expect = decl.steps[0].expect;
  ASSERT_EQ(expect.size(), 3u);
  EXPECT_EQ(show(expect[0].expression), "(recommended mri strong immediately)");
  EXPECT_EQ(expect[1].kind, Expect::missing);
  EXPECT_EQ(expect[1].names.size(), 2u);
  EXPECT_EQ(p.at(expect[1].span), "missing x, y");
  EXPECT_EQ(expect[2].value, "no");
  ASSERT_EQ(decl.steps[1].expect.size(), 4u);
  EXPECT_EQ(decl.steps[1].expect[0].value, "unknown");
  EXPECT_EQ(decl.steps[1].expect[1].names.at(0).text, "sane");
  EXPECT_EQ(show(decl.steps[1].expect[2].expression), "(undetermined mri ?x ?y)");
  EXPECT_EQ(show(decl.steps[1].expect[3].expression), "(stage done)");
}

TEST_F(ParseWholeLanguage, EveryNameHasItsPlace) {
  const auto& p = parsed();
  for (const auto& any : p.file.declarations) {
    std::visit(
        [&](const auto& declaration) {
          if (!declaration.name.empty() && declaration.name.text != "std.exam") {
            EXPECT_EQ(p.at(declaration.name.span), declaration.name.text);
          }
          EXPECT_FALSE(p.at(declaration.span).empty());
        },
        any);
  }
}

TEST(ParseExpectation, Alone) {
  source::SourceSet sources;
  diagnostics::Sink sink;
  const auto good = parse::parse_expectation(sources, sources.add("e", "undetermined mri missing a, b"), sink);
  ASSERT_TRUE(good.has_value());
  EXPECT_EQ(show(good->expression), "(undetermined mri ?a ?b)");
  EXPECT_FALSE(parse::parse_expectation(sources, sources.add("e", "recommended mri immediately or"), sink).has_value());
  EXPECT_FALSE(parse::parse_expectation(sources, sources.add("e", ""), sink).has_value());
  EXPECT_TRUE(sink.has_errors());
}

} // namespace
} // namespace aceso::test
