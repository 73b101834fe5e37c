/// Codes, value sets and hierarchies, from files to decisions. All code systems here are invented.
#include <map>

#include "check/term_reader.h"
#include "explain/decision_text.h"
#include "format/format.h"
#include "guideline_fixture.h"
#include "values/sha256.h"

namespace aceso::testing {
namespace {

using check::read_hierarchy;
using check::read_value_set;
using check::ReadHierarchy;
using check::ReadValueSet;
using check::TermFault;

// ------------------------------------------------------------------------------------------------ values

Concept known(std::uint32_t index) { return {index, nullptr}; }
Concept strange(const std::string& code) {
  return {Concept::unfamiliar, std::make_shared<const CodedText>(CodedText{"http://example.org/p", code})};
}

TEST(Concepts, are_equal_by_place_or_by_text) {
  EXPECT_EQ(known(3), known(3));
  EXPECT_FALSE(known(3) == known(4));
  EXPECT_EQ(strange("X"), strange("X"));
  EXPECT_FALSE(strange("X") == strange("Y"));
  EXPECT_FALSE(strange("X") == known(0));
}

TEST(Concepts, a_set_answers_for_one_code) {
  const CodeSet set{{1, 4}, std::nullopt};
  EXPECT_EQ(is_member(set, known(1), Quantifier::any), Value(true));
  EXPECT_EQ(is_member(set, known(2), Quantifier::any), Value(false));
  EXPECT_EQ(is_member(set, known(5), Quantifier::any), Value(false));
  EXPECT_EQ(is_member(set, strange("X"), Quantifier::any), Value(false));
  EXPECT_EQ(is_member({}, known(0), Quantifier::any), Value(false));
}

TEST(Concepts, outside_of_a_hierarchy_nothing_is_known) {
  const CodeSet below{{1}, std::vector<std::uint32_t>{0, 1, 2}};
  EXPECT_EQ(is_member(below, known(1), Quantifier::any), Value(true));
  EXPECT_EQ(is_member(below, known(2), Quantifier::any), Value(false));
  EXPECT_EQ(is_member(below, known(3), Quantifier::any), Value(UnknownReason::not_applicable));
  EXPECT_EQ(is_member(below, strange("X"), Quantifier::any), Value(UnknownReason::not_applicable));
}

TEST(Concepts, lists_follow_kleene) {
  const CodeSet below{{1}, std::vector<std::uint32_t>{0, 1, 2}};
  const Value open = UnknownReason::not_applicable;
  const auto ask = [&](ValueList list, Quantifier q) { return is_member(below, Value(std::move(list)), q); };
  EXPECT_EQ(ask({}, Quantifier::any), Value(false));
  EXPECT_EQ(ask({}, Quantifier::all), Value(true));
  EXPECT_EQ(ask({}, Quantifier::number), Value(Rational(0)));
  EXPECT_EQ(ask({known(2), known(1)}, Quantifier::any), Value(true));
  EXPECT_EQ(ask({known(2), known(1)}, Quantifier::all), Value(false));
  EXPECT_EQ(ask({known(1), known(1), known(2)}, Quantifier::number), Value(Rational(2)));
  EXPECT_EQ(ask({known(3), known(1)}, Quantifier::any), Value(true));
  EXPECT_EQ(ask({known(3), known(2)}, Quantifier::any), open);
  EXPECT_EQ(ask({known(3), known(2)}, Quantifier::all), Value(false));
  EXPECT_EQ(ask({known(3), known(1)}, Quantifier::all), open);
  EXPECT_EQ(ask({known(3), known(1)}, Quantifier::number), open);
  EXPECT_EQ(ask({Value(UnknownReason::refused), known(3)}, Quantifier::any), Value(UnknownReason::refused));
}

TEST(Concepts, codes_have_no_stray_spaces) {
  for (const char* good : {"a", "E11.9", "4548-4", "two words"})
    EXPECT_TRUE(is_code(good)) << good;
  for (const char* bad : {"", " ", " a", "a ", "two  words", "a\tb", "a\n"})
    EXPECT_FALSE(is_code(bad)) << bad;
}

// ------------------------------------------------------------------------------------------------ files

std::string set_json(const std::string& contains, const std::string& more = {}) {
  return R"({"resourceType": "ValueSet", "url": "http://example.org/vs", "version": "1", "expansion": {)" + more +
         R"("contains": [)" + contains + "]}}";
}
std::string entry(const std::string& code, const std::string& more = {}) {
  return R"({"system": "http://example.org/p", "code": ")" + code + "\"" + more + "}";
}
std::string tree_json(const std::string& concepts, const std::string& more = R"("content": "complete", )") {
  return R"({"resourceType": "CodeSystem", "url": "http://example.org/p", "version": "1", )" + more +
         R"("concept": [)" + concepts + "]}";
}

template <class Read>
std::string outcome_of(const Read& read) {
  if (const auto* fault = std::get_if<TermFault>(&read)) {
    constexpr const char* kinds[] = {"unreadable", "unresolved", "duplicate", "circle"};
    return std::string(kinds[static_cast<int>(fault->kind)]) + ": " + fault->reason;
  }
  std::string codes;
  for (const auto& code : std::get<0>(read).codes)
    codes += (codes.empty() ? "" : " ") + code.code;
  return codes;
}
std::string set_of(const std::string& json) { return outcome_of(read_value_set(json)); }
std::string tree_of(const std::string& json) { return outcome_of(read_hierarchy(json)); }

TEST(ValueSetFiles, list_what_their_expansion_has) {
  EXPECT_EQ(set_of(set_json(entry("A") + "," + entry("B", R"(, "inactive": true, "display": "b")"))), "A B");
  EXPECT_EQ(set_of(set_json(entry("A", R"(, "abstract": true, "contains": [)" + entry("B") + "]"))), "B");
  EXPECT_EQ(set_of(set_json(R"({"display": "a group", "contains": [)" + entry("B") + "]}")), "B");
  EXPECT_EQ(set_of(set_json(entry("A"), R"("total": 1, "offset": 0, )")), "A");
  EXPECT_EQ(set_of(set_json("")), "");
  const auto read = read_value_set(set_json(entry("A", R"(, "display": "An A")")));
  EXPECT_EQ(std::get<ReadValueSet>(read).version, "1");
  EXPECT_EQ(std::get<ReadValueSet>(read).url, "http://example.org/vs");
  EXPECT_EQ(std::get<ReadValueSet>(read).codes[0].display, "An A");
}

TEST(ValueSetFiles, that_are_not_resolved_are_refused) {
  const auto starts = [](const std::string& json, const std::string& how) {
    EXPECT_TRUE(set_of(json).starts_with(how)) << json << "\n" << set_of(json);
  };
  starts(R"({"resourceType": "ValueSet", "compose": {"include": []}})", "unresolved");
  starts(set_json(entry("A"), R"("total": 2, )"), "unresolved");
  starts(set_json("", R"("total": 1, )"), "unresolved");
  starts(set_json(entry("A"), R"("offset": 100, )"), "unresolved");
  starts(set_json(entry("A"), R"("next": "page2", )"), "unresolved");
  starts(
      set_json(entry("A"), R"("extension": [{"url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"}], )"),
      "unresolved");
}

TEST(ValueSetFiles, that_can_be_misread_are_refused) {
  EXPECT_EQ(set_of(set_json(entry("A") + "," + entry("A"))), "duplicate: A");
  EXPECT_EQ(set_of(set_json(entry("A", R"(, "contains": [)" + entry("A") + "]"))), "duplicate: A");
  for (const std::string& json :
       {std::string(), std::string("["), std::string("[]"), std::string("3"), std::string("{}"),
        std::string(R"({"resourceType": "Patient"})"), std::string(R"({"resourceType": 3})"),
        set_json(R"({"code": "A"})"), set_json(R"({"system": "http://example.org/p"})"), set_json("3"),
        set_json(entry(" A")), set_json(entry("")), set_json(R"({"system": "x", "code": 3})"),
        set_json(R"({"system": "x", "code": "A", "code": "B"})"), set_json(entry("A", R"(, "abstract": "yes")")),
        set_json(entry("A"), R"("total": "1", )"), set_json(entry("A"), R"("total": 1e400, )")})
    EXPECT_TRUE(set_of(json).starts_with("unreadable: ")) << json << "\n" << set_of(json);
  std::string deep;
  for (int i = 0; i < 300; ++i)
    deep += R"({"contains": [)";
  EXPECT_TRUE(set_of(set_json(deep)).starts_with("unreadable: ")) << set_of(set_json(deep));
}

TEST(HierarchyFiles, are_read_from_nesting_and_from_properties) {
  const auto below = [](const std::string& json) {
    std::string text;
    const auto read = read_hierarchy(json);
    if (const auto* fault = std::get_if<TermFault>(&read)) return fault->reason;
    const auto& tree = std::get<ReadHierarchy>(read);
    for (const auto& [child, parent] : tree.below)
      text += tree.codes[child].code + "<" + tree.codes[parent].code + " ";
    return text;
  };
  EXPECT_EQ(below(tree_json(R"({"code": "A", "concept": [{"code": "B", "concept": [{"code": "C"}]}]})")), "B<A C<B ");
  EXPECT_EQ(below(tree_json(R"({"code": "B", "property": [{"code": "parent", "valueCode": "A"}]}, {"code": "A"})")),
            "B<A ");
  EXPECT_EQ(below(tree_json(R"({"code": "A", "property": [{"code": "child", "valueCode": "B"}]}, {"code": "B"})")),
            "B<A ");
  EXPECT_EQ(below(tree_json(R"({"code": "A"}, {"code": "B", "property": [
              {"code": "subsumedBy", "valueCoding": {"code": "A"}}, {"code": "other", "valueBoolean": true}]})")),
            "B<A ");
}

TEST(HierarchyFiles, that_do_not_hold_are_refused) {
  const std::string two = R"({"code": "A", "concept": [{"code": "B"}]})";
  EXPECT_EQ(tree_of(tree_json(two)), "A B");
  for (const char* content : {"", R"("content": "fragment", )", R"("content": "not-present", )"})
    EXPECT_TRUE(tree_of(tree_json(two, content)).starts_with("unresolved: ")) << content;
  EXPECT_TRUE(tree_of(tree_json(R"({"code": "A"}, {"code": "B"})")).starts_with("unresolved: "));
  EXPECT_TRUE(
      tree_of(tree_json(two, R"("content": "complete", "hierarchyMeaning": "part-of", )")).starts_with("unreadable: "));
  EXPECT_EQ(tree_of(tree_json(two, R"("content": "complete", "hierarchyMeaning": "is-a", )")), "A B");
  EXPECT_TRUE(tree_of(tree_json(R"({"code": "A", "property": [{"code": "parent", "valueCode": "Z"}]})"))
                  .starts_with("unreadable: "));
  EXPECT_EQ(tree_of(tree_json(two + "," + R"({"code": "B"})")), "duplicate: B");
  EXPECT_EQ(tree_of(tree_json(R"({"code": "A", "property": [{"code": "parent", "valueCode": "A"}]})")), "circle: A, A");
  EXPECT_EQ(tree_of(tree_json(R"({"code": "Top", "concept": [{"code": "A", "concept": [
              {"code": "B", "property": [{"code": "child", "valueCode": "A"}]}]}]})")),
            "circle: A, B, A");
}

// ------------------------------------------------------------------------------------------------ guidelines

const std::string set_text = set_json(entry("D1", R"(, "display": "Type 1")") + "," + entry("D2"));
const std::string tree_text = tree_json(R"({"code": "D", "concept": [{"code": "D1"}, {"code": "D2", "concept": [
    {"code": "D2a"}]}]}, {"code": "K"}, {"code": "KD", "property": [{"code": "parent", "valueCode": "K"},
    {"code": "parent", "valueCode": "D"}]})");

std::string pin(const std::string& text) { return "\"sha256:" + sha256(text) + "\""; }

using Files = std::map<std::string, std::string>;
const Files both{{"vs.json", set_text}, {"sub/tree.json", tree_text}};

Compilation compile_with(const Files& files, const std::string& body) {
  CompileOptions options;
  options.read_file = [files](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
  return compile_text("guideline trial { title \"Trial\" version 0.1.0 }\n" + body, "trial.aceso", options);
}

/// `codes` with the sets, and a main diagnosis and a list of problems.
std::string terms(const std::string& more = {}) {
  return R"(codes {
  system p "http://example.org/p"
  concept diabetes = p "D"
  concept kidney = p "K"
  concept type_2 = p "D2"
  concept flu = p "F" "Influenza"
  value_set diabetic = file "vs.json" version "1" hash )" +
         pin(set_text) + R"(
  value_set lungs "Lungs" = { p "L1", p "F" }
  hierarchy kinds of p = file "sub/tree.json" version "1" hash )" +
         pin(tree_text) + "\n" + more + R"(}
inputs record "Record" {
  main     : code of p         "Main?"
  problems : list of code of p "Problems?"
}
)";
}

std::string code(const std::string& text) { return R"({"system": "http://example.org/p", "code": ")" + text + "\"}"; }

std::string answer(const std::string& expression, const std::string& inputs) {
  const Guideline g(compile_with(both, terms() + "define answer = " + expression));
  return g.value(inputs, "answer");
}
std::string of_main(const std::string& expression, const std::string& given) {
  return answer(expression, R"("main": )" + code(given));
}
std::string of_list(const std::string& expression, const std::vector<std::string>& given) {
  std::string list;
  for (const std::string& one : given)
    list += (list.empty() ? "" : ", ") + code(one);
  return answer(expression, R"("problems": [)" + list + "]");
}

TEST(Terminology, a_code_is_in_a_set_or_not) {
  EXPECT_EQ(of_main("main in diabetic", "D1"), "yes");
  EXPECT_EQ(of_main("main in diabetic", "D"), "no");
  EXPECT_EQ(of_main("main in diabetic", "strange"), "no");
  EXPECT_EQ(of_main("main not in diabetic", "strange"), "yes");
  EXPECT_EQ(of_main("main in diabetic", "d1"), "no"); // codes are compared letter by letter
  EXPECT_EQ(answer("main in diabetic", ""), "unknown (not asked)");
  EXPECT_EQ(answer("main in diabetic", R"("main": {"unknown": "refused"})"), "unknown (refused)");
}

TEST(Terminology, sets_and_concepts_can_be_taken_together) {
  EXPECT_EQ(of_main("main in { diabetic, lungs, kidney }", "D2"), "yes");
  EXPECT_EQ(of_main("main in { diabetic, lungs, kidney }", "F"), "yes");
  EXPECT_EQ(of_main("main in { diabetic, lungs, kidney }", "K"), "yes");
  EXPECT_EQ(of_main("main in { diabetic, lungs, kidney }", "KD"), "no");
  EXPECT_EQ(of_main("main not in { kidney, flu }", "KD"), "yes");
  EXPECT_EQ(of_list("number of problems in { diabetic, kidney }", {"K", "D1", "F", "K"}), "3");
}

TEST(Terminology, is_a_is_reflexive_and_transitive) {
  EXPECT_EQ(of_main("main is a diabetes", "D"), "yes");
  EXPECT_EQ(of_main("main is a diabetes", "D1"), "yes");
  EXPECT_EQ(of_main("main is a diabetes", "D2a"), "yes");
  EXPECT_EQ(of_main("main is a diabetes", "KD"), "yes");
  EXPECT_EQ(of_main("main is a kidney", "KD"), "yes");
  EXPECT_EQ(of_main("main is a diabetes", "K"), "no");
  EXPECT_EQ(of_main("main is a type_2", "D"), "no");
  EXPECT_EQ(of_main("main is not a type_2", "D1"), "yes");
}

TEST(Terminology, what_the_hierarchy_does_not_have_is_unknown) {
  EXPECT_EQ(of_main("main is a diabetes", "F"), "unknown (not applicable)");
  EXPECT_EQ(of_main("main is not a diabetes", "strange"), "unknown (not applicable)");
  EXPECT_EQ(answer("main is a diabetes", ""), "unknown (not asked)");
}

TEST(Terminology, lists_are_asked_with_a_quantifier) {
  EXPECT_EQ(of_list("any of problems in diabetic", {}), "no");
  EXPECT_EQ(of_list("none of problems in diabetic", {}), "yes");
  EXPECT_EQ(of_list("all of problems in diabetic", {}), "yes");
  EXPECT_EQ(of_list("any of problems in diabetic", {"F", "D1"}), "yes");
  EXPECT_EQ(of_list("all of problems in diabetic", {"F", "D1"}), "no");
  EXPECT_EQ(of_list("none of problems in diabetic", {"F", "K"}), "yes");
  EXPECT_EQ(of_list("any of problems is a diabetes", {"F", "K"}), "unknown (not applicable)");
  EXPECT_EQ(of_list("any of problems is a diabetes", {"F", "KD"}), "yes");
  EXPECT_EQ(of_list("number of problems is a diabetes", {"D", "KD", "K"}), "2");
  EXPECT_EQ(answer("any of problems in diabetic", ""), "unknown (not asked)");
  EXPECT_EQ(of_list("(number of problems in diabetic) >= 2", {"D1", "D2"}), "yes");
}

TEST(Terminology, concepts_are_values) {
  EXPECT_EQ(of_main("main = type_2", "D2"), "yes");
  EXPECT_EQ(of_main("type_2 != main", "D1"), "yes");
  EXPECT_EQ(of_main("main", "D1"), "http://example.org/p|D1 (Type 1)");
  EXPECT_EQ(of_main("main", "strange"), "http://example.org/p|strange");
  EXPECT_EQ(of_list("flu in problems", {"K", "F"}), "yes");
  EXPECT_EQ(of_list("flu in problems", {"K"}), "no");
  EXPECT_EQ(of_list("length(problems)", {"K", "K"}), "2");
  EXPECT_EQ(of_main("if main = flu then type_2 else main", "F"), "http://example.org/p|D2");
}

TEST(Terminology, inputs_may_take_several_systems) {
  const std::string body = R"(codes {
  system p "http://example.org/p"
  system q "http://example.org/q"
  concept flu = p "F"
  value_set some = { p "F", q "1" }
}
inputs record "Record" { main : code of q or p  other : code of p }
define known = main in some
define same  = main = flu
function is_flu(x : code of p or q) = x = flu
define called = is_flu(other)
)";
  const Guideline g(body);
  EXPECT_EQ(g.value(R"("main": {"system": "http://example.org/q", "code": "1"})", "known"), "yes");
  EXPECT_EQ(g.value(R"("main": {"system": "http://example.org/q", "code": "F"})", "known"), "no");
  EXPECT_EQ(g.value(R"("main": {"system": "http://example.org/q", "code": "F"})", "same"), "no");
  EXPECT_EQ(g.value(R"("other": {"system": "http://example.org/p", "code": "F"})", "called"), "yes");
}

std::string faults_of(const std::string& inputs) {
  const Guideline g(compile_with(both, terms()));
  std::string ids;
  for (const CaseFault& fault :
       read_case(g.graph().dictionary, R"({"now": "2026-11-22T10:00:00Z", "inputs": {)" + inputs + "}}").faults)
    ids += (ids.empty() ? "" : " ") + fault.id + "@" + fault.path;
  return ids;
}

TEST(Terminology, faults_of_codes_in_a_case) {
  EXPECT_EQ(faults_of(R"("main": {"system": "http://example.org/p", "code": "D1", "display": "x"})"), "");
  EXPECT_EQ(faults_of(R"("main": "D1")"), "A0719@$.inputs.main");
  EXPECT_EQ(faults_of(R"("main": {"system": "http://example.org/q", "code": "D1"})"), "A0751@$.inputs.main.system");
  EXPECT_EQ(faults_of(R"("main": {"system": "http://example.org/p", "code": "D1 "})"), "A0750@$.inputs.main.code");
  EXPECT_EQ(faults_of(R"("main": {"code": "D1"})"), "A0709@$.inputs.main");
  EXPECT_EQ(faults_of(R"("main": {"system": "http://example.org/p"})"), "A0709@$.inputs.main");
  EXPECT_EQ(faults_of(R"("main": {"system": "http://example.org/p", "code": 1})"), "A0710@$.inputs.main.code");
  EXPECT_EQ(faults_of(R"("main": {"system": "http://example.org/p", "code": "D1", "version": "1"})"),
            "A0707@$.inputs.main.version");
  EXPECT_EQ(faults_of(R"("problems": )" + code("D1")), "A0719@$.inputs.problems");
  EXPECT_EQ(faults_of(R"("problems": [{"unknown": "refused"}])"), "A0731@$.inputs.problems[0]");
}

TEST(Terminology, a_case_is_written_as_it_was_read) {
  const Guideline g(compile_with(both, terms()));
  const std::string inputs = R"("main": )" + code("strange") + R"(, "problems": [)" + code("D1") + "]";
  const auto read = [&](const std::string& json) { return read_case(g.graph().dictionary, json); };
  const auto first = read(R"({"now": "2026-11-22T10:00:00Z", "inputs": {)" + inputs + "}}");
  ASSERT_TRUE(first.ok());
  const std::string written = write_case(g.graph().dictionary, first.patient_case);
  EXPECT_NE(written.find(R"({"system": "http://example.org/p", "code": "strange"})"), std::string::npos) << written;
  const auto second = read(written);
  ASSERT_TRUE(second.ok());
  ASSERT_EQ(second.patient_case.facts.size(), 2u);
  EXPECT_EQ(second.patient_case.facts[0].value, first.patient_case.facts[0].value);
  EXPECT_EQ(second.patient_case.facts[1].value, first.patient_case.facts[1].value);
}

// ------------------------------------------------------------------------------------------------ mistakes

std::string mistakes(const std::string& more, const Files& files = both) {
  return complaints(compile_with(files, terms() + more));
}
std::string mistakes_of_codes(const std::string& line, Files files = both) {
  return complaints(compile_with(files, terms("  " + line + "\n")));
}

TEST(Terminology, paths_stay_below_the_folder) {
  for (const char* path : {"../vs.json", "/vs.json", "sub/../vs.json", "./vs.json", "", "sub//vs.json", "vs.json/",
                           "c:vs.json", "sub\\\\vs.json"})
    EXPECT_EQ(mistakes_of_codes("value_set v = file \"" + std::string(path) + "\" hash \"x\""), "A0220") << path;
  EXPECT_EQ(mistakes_of_codes("value_set v = file \"absent.json\" hash \"x\""), "A0001");
}

TEST(Terminology, files_are_pinned) {
  EXPECT_EQ(mistakes_of_codes("value_set v = file \"vs.json\" version \"1\""), "A0221");
  EXPECT_EQ(mistakes_of_codes("value_set v = file \"vs.json\" version \"1\" hash \"sha256:00\""), "A0221");
  EXPECT_EQ(mistakes_of_codes("value_set v = file \"vs.json\" hash " + pin(set_text)), "A0222");
  EXPECT_EQ(mistakes_of_codes("value_set v = file \"vs.json\" version \"2\" hash " + pin(set_text)), "A0222");
  EXPECT_EQ(mistakes_of_codes("value_set v = file \"vs.json\" version \"1\" hash " + pin(set_text)), "");
  const Compilation unpinned = compile_with(both, terms("  value_set v = file \"vs.json\"\n"));
  ASSERT_FALSE(unpinned.diagnostics().empty());
  EXPECT_NE(unpinned.diagnostics()[0].mend.find(sha256(set_text)), std::string::npos); // what to write
}

TEST(Terminology, files_that_do_not_hold) {
  const auto with = [](const std::string& text) {
    Files files = both;
    files["bad.json"] = text;
    return mistakes_of_codes("value_set v = file \"bad.json\" version \"1\" hash " + pin(text), files);
  };
  EXPECT_EQ(with("{"), "A0223");
  EXPECT_EQ(with(tree_text), "A0223");
  EXPECT_EQ(with(R"({"resourceType": "ValueSet", "version": "1"})"), "A0224");
  EXPECT_EQ(with(set_json(entry("A") + "," + entry("A"))), "A0225");
  const std::string round = tree_json(R"({"code": "A", "property": [{"code": "parent", "valueCode": "A"}]})");
  EXPECT_EQ(complaints(compile_with({{"t.json", round}},
                                    "codes {\n system p \"http://example.org/p\"\n hierarchy h of p = file \"t.json\" "
                                    "version \"1\" hash " +
                                        pin(round) + "\n}\n")),
            "A0229");
}

TEST(Terminology, hierarchies_belong_to_one_system) {
  EXPECT_EQ(mistakes_of_codes("hierarchy again of p = file \"sub/tree.json\" version \"1\" hash " + pin(tree_text)),
            "A0228");
  EXPECT_EQ(mistakes_of_codes("system q \"http://example.org/q\"\n  hierarchy other of q = file \"sub/tree.json\" "
                              "version \"1\" hash " +
                              pin(tree_text)),
            "A0228");
  EXPECT_EQ(mistakes("define d = main is a flu"), "A0227");
  EXPECT_EQ(complaints_of("codes { system p \"http://example.org/p\" concept flu = p \"F\" }\n"
                          "inputs i \"I\" { main : code of p }\ndefine d = main is a flu"),
            "A0226");
}

TEST(Terminology, slips_in_questions) {
  EXPECT_EQ(mistakes("define d = problems in diabetic"), "A0301");
  EXPECT_EQ(mistakes("define d = any of main in diabetic"), "A0301");
  EXPECT_EQ(mistakes("define d = any of problems"), "A0101");
  EXPECT_EQ(mistakes("define d = any of problems not in diabetic"), "A0101");
  EXPECT_EQ(mistakes("define d = any of problems is not a diabetes"), "A0101");
  EXPECT_EQ(mistakes("define d = main is a diabetic"), "A0205");
  EXPECT_EQ(mistakes("define d = main is a nothing"), "A0201");
  EXPECT_EQ(mistakes("define d = main = diabetic"), "A0205");
  EXPECT_EQ(mistakes("define d = diabetic"), "A0205");
  EXPECT_EQ(mistakes("define d = main < flu"), "A0303");
  EXPECT_EQ(mistakes("define d = main in { diabetic, main }"), "A0306");
  EXPECT_EQ(mistakes("define d = min(main, flu)"), "A0303");
  EXPECT_EQ(mistakes("inputs more \"More\" { x : code of nothing }"), "A0201");
  EXPECT_EQ(mistakes_of_codes("value_set v = { q \"1\" }"), "A0201");
  EXPECT_EQ(mistakes_of_codes("value_set v = { p \"1\", p \"1\" }"), "A0225");
  EXPECT_EQ(mistakes_of_codes("value_set v = { p \" 1\" }"), "A0230");
  EXPECT_EQ(mistakes_of_codes("concept c = p \"\""), "A0230");
  EXPECT_EQ(mistakes_of_codes("concept flu = p \"G\""), "A0202");
  EXPECT_EQ(mistakes_of_codes("system p \"http://example.org/other\""), "A0202");
  EXPECT_EQ(mistakes_of_codes("system p \"http://example.org/p\""), "");
}

TEST(Terminology, what_could_never_fit_is_an_error) {
  const std::string other = "system q \"http://example.org/q\"\n  concept c = q \"1\"\n  value_set v = { q \"1\" }\n"
                            "  value_set none_at_all = { }\n";
  const auto ask = [&](const std::string& expression) {
    return complaints(compile_with(both, terms(other) + "define d = " + expression));
  };
  EXPECT_EQ(ask("main in v"), "A0228");
  EXPECT_EQ(ask("main in none_at_all"), "A0228");
  EXPECT_EQ(ask("main in { v, diabetic }"), "");
  EXPECT_EQ(ask("main is a c"), "A0228");
  EXPECT_EQ(ask("main = c"), "A0302");
}

// ------------------------------------------------------------------------------------------------ meaning and layout

std::string hash_of(const Compilation& compilation) {
  return compilation.graph() ? compilation.graph()->dictionary.guideline.hash : compilation.render_diagnostics();
}

TEST(Terminology, the_hash_covers_the_codes_that_are_used) {
  const std::string first = "codes { system p \"http://example.org/p\" value_set v = { p \"A\" } }\n";
  const std::string more = "codes { system p \"http://example.org/p\" value_set v = { p \"A\", p \"B\" } }\n";
  const std::string unused =
      "codes { system p \"http://example.org/p\" value_set u = { p \"0\" } value_set v = { p \"A\" } }\n";
  const std::string body = "inputs i \"I\" { main : code of p }\ndefine d = main in v\n";
  EXPECT_EQ(hash_of(compile_body(first + body)).size(), 71u);
  EXPECT_NE(hash_of(compile_body(first + body)), hash_of(compile_body(more + body)));
  EXPECT_EQ(hash_of(compile_body(first + body)), hash_of(compile_body(unused + body)));
  EXPECT_NE(graph::print(*compile_body(more + body).graph()).find("member code \"http://example.org/p\" \"B\""),
            std::string::npos);
}

TEST(Terminology, a_broken_graph_is_found_out) {
  const Guideline g(compile_with(both, terms() + "define d = any of problems in diabetic\n"));
  ASSERT_TRUE(graph::verify(g.graph()).empty());
  graph::Graph broken = g.graph();
  broken.dictionary.value_sets[0].codes.members = {2, 1};
  EXPECT_FALSE(graph::verify(broken).empty());
  broken = g.graph();
  broken.dictionary.value_sets[0].codes.members = {1000};
  EXPECT_FALSE(graph::verify(broken).empty());
  broken = g.graph();
  std::swap(broken.dictionary.concepts[0], broken.dictionary.concepts[1]);
  EXPECT_FALSE(graph::verify(broken).empty());
  broken = g.graph();
  broken.dictionary.value_sets.clear();
  EXPECT_FALSE(graph::verify(broken).empty());
}

TEST(Terminology, modules_bring_their_sets) {
  CompileOptions options;
  options.read_file = [](const std::string& path) -> std::optional<std::string> {
    if (path == "shared.aceso")
      return "module shared\ncodes { system p \"http://example.org/p\" value_set diabetic = file \"vs.json\" version "
             "\"1\" hash " +
             pin(set_text) + " }\ninputs record \"Record\" { main : code of p }\n";
    if (path == "vs.json") return set_text;
    return std::nullopt;
  };
  const Guideline g(
      compile_text("guideline trial { title \"Trial\" version 0.1.0 }\nuse shared\ndefine d = main in diabetic\n",
                   "trial.aceso", options));
  EXPECT_EQ(g.value(R"("main": )" + code("D2"), "d"), "yes");
}

std::string formatted(const std::string& text) {
  source::SourceSet sources;
  diagnostics::Sink sink(10);
  return format::format_file(sources, sources.add("test.aceso", text), sink).value_or("not formatted");
}

TEST(Terminology, the_layout_keeps_what_is_meant) {
  const std::string text = "codes t \"T\" {\nsystem p \"http://example.org/p\"\nconcept a_b=p \"1\" \"One\"\n"
                           "concept c=p \"2\"\nvalue_set v \"V\"={p \"1\",p \"2\" \"Two\"}\n"
                           "value_set w=file \"w.json\" version \"1\" hash \"sha256:0\"\n"
                           "hierarchy h \"H\" of p=file \"h.json\" hash \"sha256:0\"\nx.y=p \"3\"\n}\n"
                           "inputs i \"I\" {\nm:code of p or q \"M?\"\nl:list of code of p\n}\n"
                           "define d=(any of l in v) and m is not a c or m in v\n";
  const std::string once = formatted(text);
  EXPECT_EQ(formatted(once), once);
  for (const char* part : {"  concept a_b = p \"1\" \"One\"\n", "  concept c   = p \"2\"\n",
                           "value_set v \"V\" = { p \"1\", p \"2\" \"Two\" }",
                           "hierarchy h \"H\" of p = file \"h.json\" hash \"sha256:0\"", "m : code of p or q",
                           "any of l in v and m is not a c"})
    EXPECT_NE(once.find(part), std::string::npos) << part << "\n" << once;
}

} // namespace
} // namespace aceso::testing
