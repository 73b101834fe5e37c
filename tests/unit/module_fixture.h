#pragma once
/// A small guideline's dictionary, made by hand, with one input of each kind.

#include <string>
#include <vector>

#include "module/decision.h"

namespace aceso::test {

inline Rational decimal(std::string_view text) { return Rational::from_decimal(text).value(); }
inline Value choice(std::uint32_t index) { return Value(Choice{index}); }

struct DictionaryBuilder {
  Dictionary dictionary;

  TypeId add_type(TypeInfo type) {
    dictionary.types.push_back(std::move(type));
    return TypeId(dictionary.types.size() - 1);
  }
  TypeId add_words(TypeKind kind, std::string name, const std::vector<std::string>& words) {
    TypeInfo type;
    type.kind = kind;
    type.name = std::move(name);
    for (std::size_t i = 0; i < words.size(); ++i) {
      MemberInfo member;
      member.name = words[i];
      if (kind == TypeKind::scale) member.score = Rational(static_cast<std::int64_t>(i));
      type.members.push_back(std::move(member));
    }
    return add_type(std::move(type));
  }
  TypeId add_kind(TypeKind kind) {
    TypeInfo type;
    type.kind = kind;
    return add_type(std::move(type));
  }
  TypeId add_number(TypeKind kind, std::string unit) {
    TypeInfo type;
    type.kind = kind;
    type.unit = std::move(unit);
    return add_type(std::move(type));
  }
  TypeInfo& type(TypeId id) { return dictionary.types[id.index()]; }
  void limit(TypeId id, std::string_view minimum, std::string_view maximum, std::string_view step) {
    type(id).minimum = decimal(minimum);
    type(id).maximum = decimal(maximum);
    type(id).step = decimal(step);
  }
  InputInfo& add_input(std::string name, TypeId type, std::string question) {
    InputInfo input;
    input.name = std::move(name);
    input.type = type;
    input.question = std::move(question);
    dictionary.inputs.push_back(std::move(input));
    return dictionary.inputs.back();
  }
  void add_action(std::string name, std::string title) {
    ActionInfo action;
    action.name = std::move(name);
    action.title = std::move(title);
    dictionary.actions.push_back(std::move(action));
  }
  void add_rule(std::string name, std::string because, std::string section, std::vector<std::string> references) {
    RuleInfo rule;
    rule.name = std::move(name);
    rule.because = std::move(because);
    rule.citations.push_back({"note", "note.txt", std::move(section), std::move(references)});
    dictionary.rules.push_back(std::move(rule));
  }
};

inline void add_inputs(DictionaryBuilder& b) {
  const TypeId yes_no = b.add_kind(TypeKind::yes_no);
  const TypeId course = b.add_words(TypeKind::choice, "", {"resolved", "improving", "persistent", "progressive"});
  const TypeId grade = b.add_words(TypeKind::scale, "mrc_grade", {"0", "1", "2", "3", "4", "5"});
  const TypeId age = b.add_number(TypeKind::number, "");
  b.limit(age, "0", "120", "1");
  const TypeId ratio = b.add_number(TypeKind::number, "");
  const TypeId temperature = b.add_number(TypeKind::number, "Cel");
  b.limit(temperature, "30", "43", "0.1");
  const TypeId weight = b.add_number(TypeKind::number, "kg");
  const TypeId care = b.add_number(TypeKind::duration, "d");
  b.limit(care, "0", "728", "1");
  const TypeId date = b.add_kind(TypeKind::date);
  const TypeId instant = b.add_kind(TypeKind::instant);
  const TypeId action = b.add_kind(TypeKind::action);
  const TypeId courses = b.add_kind(TypeKind::list);
  b.type(courses).element = course;

  b.add_input("fever", yes_no, "Fever?");
  b.add_input("saddle_anesthesia", yes_no, "Numbness in the saddle area?");
  b.add_input("symptom_course", course, "How are the symptoms going?");
  b.add_input("knee_extension", grade, "Strength of knee extension?");
  b.add_input("age", age, "How old is the patient?");
  b.add_input("ratio", ratio, "Which ratio?");
  InputInfo& measured = b.add_input("temperature", temperature, "Body temperature?");
  measured.accepted_units = {{"[degF]", std::nullopt}};
  measured.is_series = true;
  b.add_input("weight", weight, "Body weight?");
  b.add_input("conservative_care_duration", care, "How long has conservative care been tried?");
  b.add_input("birth", date, "Date of birth?");
  b.add_input("admitted_at", instant, "When was the patient admitted?");
  b.add_input("planned", action, "Which action is planned?");
  b.add_input("earlier_courses", courses, "Which courses were seen before?");
}

inline Dictionary make_dictionary() {
  DictionaryBuilder b;
  b.dictionary.guideline.id = "back_pain";
  b.dictionary.guideline.title = "Management of back pain";
  b.dictionary.guideline.version = "1.2.0";
  b.dictionary.guideline.status = "draft";
  b.dictionary.guideline.hash = "sha256:00";
  add_inputs(b);
  b.add_action("lumbar_mri", "MRI lumbar spine without IV contrast");
  b.add_action("nsaids", "NSAIDs");
  b.add_action("physical_therapy", "Physical therapy: nerve root decompression exercises");
  b.add_action("prolonged_bed_rest", "Prolonged bed rest");
  b.add_action("surgical_referral", "Surgical referral");
  b.add_rule("image_red_flags", "A red flag needs imaging before any conservative care.", "Red Flag Exclusion",
             {"1", "2"});
  b.add_rule("no_imaging_yet", "Without red flags, 4 to 6 weeks of conservative care come first.",
             "Initial Conservative Management", {"1", "2"});
  b.add_rule("conservative_care", "", "Conservative Treatment Components", {"1"});
  b.add_rule("refer", "", "Red Flag Exclusion", {"1", "2"});
  b.dictionary.cautions.push_back(
      {"dermatomal_pain",
       "Pain is often not dermatomal (64.1% of lumbar cases): weigh motor and reflex findings first.",
       {{"note", "note.txt", "Important Clinical Pitfall", {"4", "5"}}}});
  b.dictionary.cautions.push_back({"root_numbering", "A transitional vertebra can shift nerve root numbering.", {}});
  const TypeId root = b.add_words(TypeKind::choice, "nerve_root", {"L3", "L4", "L5"});
  b.dictionary.differentials.push_back({"affected_root", root, {Choice{1}, Choice{2}}, {}, "", {}});
  b.dictionary.definitions.push_back({"any_red_flag", "Any red flag", TypeId(0u), {}});
  b.dictionary.definitions.push_back({"mean_ratio", "", TypeId(4u), {}});
  b.dictionary.definitions.push_back({"highest_temperature", "Highest temperature", TypeId(5u), {}});
  b.dictionary.definitions.push_back({"imaging_modality", "", TypeId(10u), {}});
  b.dictionary.definitions.push_back({"care_left", "", TypeId(7u), {}});
  const TypeId problem = b.add_kind(TypeKind::code);
  b.type(problem).systems = {"http://example.org/problems"};
  b.add_input("diagnosis", problem, "Main diagnosis?");
  b.dictionary.pathway = "care";
  b.dictionary.stages = {{"triage", "Exclude red flags", false},
                         {"conservative", "Conservative care, 4 to 6 weeks", false},
                         {"imaging", "Image after failed care", false},
                         {"discharged", "Discharged", true}};
  return std::move(b.dictionary);
}

} // namespace aceso::test
