/// Interviews: what is asked, in which order, and what is taken as an answer.
#include "explain/fact_words.h"
#include "explain/interview.h"
#include "guideline_fixture.h"

namespace aceso::testing {
namespace {

class Talk {
public:
  explicit Talk(const Guideline& g, const std::string& inputs = {})
      : g_(g), engine_(reference::make_engine(g.graph())),
        interview(*engine_,
                  read_case(g.graph().dictionary, R"({"now": "2026-11-22T10:00:00Z", "inputs": {)" + inputs + "}}")
                      .patient_case) {}
  /// The input that is asked about, or "-" at the end.
  std::string next() {
    const auto question = interview.next();
    if (question) input_ = question->input;
    return question ? g_.graph().dictionary[question->input].name : "-";
  }
  AnswerResult answer(const std::string& text) { return interview.answer(input_, text); }
  /// The id of the first fault, or what was settled.
  std::string say(const std::string& text) {
    const AnswerResult result = answer(text);
    if (!result.ok()) return result.faults.front().id;
    std::string all;
    for (const std::string& settled : result.settled)
      all += (all.empty() ? "" : "; ") + settled;
    return all;
  }

private:
  const Guideline& g_;
  std::unique_ptr<Engine> engine_;
  InputId input_;

public:
  Interview interview;
};

const std::string facts = R"(
inputs f "Facts" { a : yes/no  b : yes/no  c : yes/no  d : yes/no }
action x "X" : test
action y "Y" : test
)";

TEST(ExplainInterview, WhatAppliesFirstThenWhatSettlesMost) {
  const Guideline g(facts + "rule r { when a and b recommend x } rule s { when b or c recommend y }", "d");
  Talk talk(g);
  EXPECT_EQ(talk.next(), "d");
  EXPECT_EQ(talk.say("yes"), "this guideline applies");
  EXPECT_EQ(talk.next(), "b"); // its answers settle one or the other, those to a and c only sometimes
  EXPECT_EQ(talk.say("y"), "Y: advised");
  EXPECT_EQ(talk.next(), "a"); // c matters no more
  EXPECT_EQ(talk.say("No"), "X: not advised");
  EXPECT_EQ(talk.next(), "-");
  EXPECT_TRUE(talk.interview.is_settled());
}

TEST(ExplainInterview, NothingIsAskedThatDoesNotMatter) {
  const Guideline g(facts + "rule r { when a recommend x }", "d");
  Talk talk(g);
  EXPECT_EQ(talk.next(), "d");
  EXPECT_EQ(talk.say("n"), "this guideline does not apply; X: not advised");
  EXPECT_EQ(talk.next(), "-");
}

TEST(ExplainInterview, TheUrgentComesFirstWhereTwoSettleAsMuch) {
  const Guideline g(facts + "rule r { when a recommend x } rule s { when b recommend y immediately }");
  Talk talk(g);
  EXPECT_EQ(talk.next(), "b");
}

TEST(ExplainInterview, UnknownIsNotAskedAgainAndSaysWhy) {
  const Guideline g(facts + "rule r { when a and b recommend x }");
  Talk talk(g);
  EXPECT_EQ(talk.next(), "a");
  EXPECT_EQ(talk.say("unknown refused"), "");
  EXPECT_EQ(talk.next(), "b");
  EXPECT_EQ(talk.say("unknown because"), "A0718");
  EXPECT_EQ(talk.say("unknown"), "");
  EXPECT_EQ(talk.next(), "-");
  EXPECT_FALSE(talk.interview.is_settled());
  const std::string saved = write_case(g.graph().dictionary, talk.interview.patient_case());
  EXPECT_NE(saved.find(R"("a": {"unknown": "refused"})"), std::string::npos) << saved;
  EXPECT_TRUE(read_case(g.graph().dictionary, saved).ok());
}

TEST(ExplainInterview, BackTakesTheLastAnswerBack) {
  const Guideline g(facts + "rule r { when a recommend x }");
  Talk talk(g);
  EXPECT_FALSE(talk.interview.back());
  EXPECT_EQ(talk.next(), "a");
  EXPECT_EQ(talk.say("yes"), "X: advised");
  EXPECT_TRUE(talk.interview.back());
  EXPECT_EQ(talk.next(), "a");
  EXPECT_EQ(talk.say("no"), "X: not advised");
}

TEST(ExplainInterview, WhatWasBeforeIsAskedWithItsDate) {
  const Guideline g("inputs f \"F\" { k : number from 1 to 10 step 1 series worse when higher }\n"
                    "action x \"X\" : test\nrule r { when k worsening over 4 weeks recommend x }",
                    "");
  Talk talk(g);
  EXPECT_EQ(talk.next(), "k");
  EXPECT_FALSE(talk.interview.next()->asks_for_earlier);
  EXPECT_EQ(talk.say("6"), "");
  EXPECT_EQ(talk.next(), "k");
  EXPECT_TRUE(talk.interview.next()->asks_for_earlier);
  EXPECT_EQ(talk.say("5"), "A0712"); // of which day?
  EXPECT_EQ(talk.say("11 on 2026-11-01"), "A0728");
  EXPECT_EQ(talk.say("5 on 2026-12-01"), "A0714");
  EXPECT_EQ(talk.say("5 on 2026-11-01"), "X: advised");
  EXPECT_EQ(talk.next(), "-");
  ASSERT_EQ(talk.interview.patient_case().events.size(), 1u);
  ASSERT_EQ(talk.interview.patient_case().facts.size(), 1u);
  EXPECT_EQ(talk.interview.patient_case().facts.front().value, Value(Rational(6)));
  EXPECT_TRUE(talk.interview.back());
  EXPECT_EQ(talk.next(), "k");
  EXPECT_EQ(talk.say("unknown refused"), ""); // what is known stays, and it is not asked again
  EXPECT_EQ(talk.next(), "-");
  EXPECT_EQ(talk.interview.patient_case().facts.front().value, Value(Rational(6)));
  EXPECT_TRUE(talk.interview.back());
  EXPECT_EQ(talk.next(), "k");
}

TEST(ExplainInterview, AnswersAreReadAsInACaseFile) {
  const Guideline g(R"(inputs f {
      t : quantity from 30 Cel to 45 Cel step 0.1 Cel "Temperature?" accepts [degF] }
    action x "X" : test
    rule r { when t >= 38.5 Cel recommend x })");
  for (const auto& [typed, got] : std::vector<std::pair<std::string, std::string>>{{"38.6", "X: advised"},
                                                                                   {"38.6 Cel", "X: advised"},
                                                                                   {"101.3 [degF]", "X: advised"},
                                                                                   {"37", "X: not advised"},
                                                                                   {"50", "A0728"},
                                                                                   {"38.65", "A0729"},
                                                                                   {"38.6 kg", "A0725"},
                                                                                   {"38.6 grad", "A0724"},
                                                                                   {"warm", "A0719"},
                                                                                   {"", "A0719"},
                                                                                   {"\"} , {", "A0719"}}) {
    Talk talk(g);
    EXPECT_EQ(talk.next(), "t");
    EXPECT_EQ(talk.say(typed), got) << typed;
  }
}

TEST(ExplainInterview, ChoicesDurationsDatesAndLists) {
  const Guideline g(R"(
    inputs f {
      k : one of { red "Red as blood", green, blue }
      w : duration from 0 days to 10 weeks step 1 day
      born : date }
    action x "X" : test action y "Y" : test action z "Z" : test
    rule r { when k = green recommend x }
    rule s { when w >= 2 weeks recommend y }
    rule q { when age(born) >= 65 years recommend z })");
  const Dictionary& d = g.graph().dictionary;
  EXPECT_EQ(choices_of(d, InputId(0u)), (std::vector<std::string>{"red: Red as blood", "green", "blue"}));
  const auto engine = reference::make_engine(g.graph());
  PatientCase start;
  start.now = *parse_instant("2026-11-22T10:00:00Z");
  Interview interview(*engine, start);
  EXPECT_TRUE(interview.answer(InputId(0u), "2").ok());
  EXPECT_EQ(interview.answer(InputId(0u), "4").faults.front().id, "A0720");
  EXPECT_TRUE(interview.answer(InputId(0u), "blue").ok());
  EXPECT_TRUE(interview.answer(InputId(1u), "2 wk").ok());
  EXPECT_TRUE(interview.answer(InputId(1u), "2 weeks").ok());
  EXPECT_EQ(interview.answer(InputId(1u), "2 months").faults.front().id, "A0726");
  EXPECT_TRUE(interview.answer(InputId(2u), "1961-11-22").ok());
  EXPECT_EQ(interview.answer(InputId(2u), "22.11.1961").faults.front().id, "A0730");
  EXPECT_TRUE(interview.is_settled());
}

TEST(ExplainInterview, CodesAreTypedWithOrWithoutTheirSystem) {
  const Guideline g(R"(
    codes c { system p "http://example.org/p" concept flu = p "F" "Influenza" value_set lungs "Lungs" = { p "L1", p "F" } }
    inputs f { main : code of p "Main?" problems : list of code of p "Problems?" }
    action x "X" : test
    rule r { when main = flu or any of problems in lungs recommend x })");
  for (const auto& [typed, got] : std::vector<std::pair<std::string, std::string>>{
           {"F", "X: advised"}, {"http://example.org/p|F", "X: advised"}, {"http://else.org|F", "A0751"}}) {
    Talk talk(g);
    EXPECT_EQ(talk.next(), "problems");
    EXPECT_EQ(talk.say("A9"), "");
    EXPECT_EQ(talk.next(), "main");
    EXPECT_EQ(talk.say(typed), got) << typed;
  }
  Talk talk(g);
  EXPECT_EQ(talk.next(), "problems");
  EXPECT_EQ(talk.say("A9, L1"), "X: advised");
  EXPECT_EQ(fact_words(g.graph().dictionary, InputId(0u), Value(Concept{0, nullptr})), "Main? F (Influenza)");
}

TEST(ExplainInterview, AnAnswerThatBreaksAConstraintIsRefused) {
  const Guideline g(facts + R"(
    constraint together { require not (a and b) message "not both" }
    rule r { when b recommend x })");
  Talk talk(g, R"("a": true)");
  EXPECT_EQ(talk.next(), "b");
  EXPECT_EQ(talk.say("yes"), "A0790");
  EXPECT_EQ(talk.say("no"), "X: not advised");
}

TEST(ExplainInterview, OneQuestionTakesBoundedWork) {
  std::string body = "inputs f {\n";
  std::string all;
  for (int i = 0; i < 300; ++i) {
    body += "  q" + std::to_string(i) + " : yes/no\n";
    all += (i == 0 ? "q" : " and q") + std::to_string(i);
  }
  const Guideline g(body + "}\naction x \"X\" : test\nrule r { when " + all + " recommend x }");
  Talk talk(g);
  EXPECT_NE(talk.next(), "-");
  EXPECT_LE(talk.interview.asked(), InterviewOptions{}.evaluations);
}

} // namespace
} // namespace aceso::testing
