#include "module/module_archive.h"

#include <fmt/format.h>

#include "values/interval.h"
#include "values/utf8.h"

namespace aceso {

void ArchiveReader::refuse(std::string_view what) {
  if (!fault_.empty()) return;
  fault_ = fmt::format("{} (byte {})", what, at_);
  at_ = bytes_.size();
}

void ArchiveReader::text(std::string& value) {
  std::uint32_t size = 0;
  number(size);
  if (size == 0 || !have(size)) return value.clear();
  const std::string_view read = bytes_.substr(at_, size);
  if (!is_utf8(read)) return refuse("a text is not UTF-8");
  value = std::string(read); // takes less than an assignment, which looks for room in what is there
  at_ += size;
}

namespace {

template <class Archive, class E>
void enumeration(Archive& archive, E& value, E last) {
  auto number = static_cast<std::uint8_t>(value);
  archive.number(number);
  if constexpr (Archive::is_reading) {
    if (number > static_cast<std::uint8_t>(last)) return archive.refuse("a choice has a value that does not exist");
    value = static_cast<E>(number);
  }
}

template <class Archive>
void flag(Archive& archive, bool& value) {
  auto number = static_cast<std::uint8_t>(value);
  archive.number(number);
  if constexpr (Archive::is_reading) {
    if (number > 1) archive.refuse("a flag is neither 0 nor 1");
    value = number == 1;
  }
}

template <class Archive, class T, class Each>
void optional(Archive& archive, std::optional<T>& value, Each each) {
  bool is_there = value.has_value();
  flag(archive, is_there);
  if constexpr (Archive::is_reading) value = is_there ? std::optional<T>(T{}) : std::nullopt;
  if (is_there) each(*value);
}

template <class Archive, class Tag>
void id(Archive& archive, Id<Tag>& value) {
  std::uint32_t index = value.index();
  archive.number(index);
  if constexpr (Archive::is_reading) value = Id<Tag>(index);
}

template <class Archive, class Tag>
void ids(Archive& archive, std::vector<Id<Tag>>& values) {
  archive.list(values, [&](Id<Tag>& value) { id(archive, value); });
}

template <class Archive>
void rational(Archive& archive, Rational& value) {
  std::int64_t numerator = value.numerator(), denominator = value.denominator();
  archive.signed_number(numerator);
  archive.signed_number(denominator);
  if constexpr (Archive::is_reading) {
    const auto made = denominator > 0 ? Rational::make(numerator, denominator) : std::nullopt;
    if (!made || made->numerator() != numerator) return archive.refuse("a fraction is not in its lowest terms");
    value = *made;
  }
}

template <class Archive>
void period(Archive& archive, Period& value) {
  archive.signed_number(value.months);
  archive.signed_number(value.seconds);
  if constexpr (Archive::is_reading)
    if (value.months < 0 || value.seconds < 0 || value.months > 12 * 10'000 || value.seconds > 400'000'000'000)
      archive.refuse("a length of time is negative or beyond 10000 years");
}

constexpr unsigned deepest_value = 8;

/// A position in the table of concepts, or a code that is not in it.
template <class Archive>
void concept_(Archive& archive, Concept& c) {
  archive.number(c.index);
  if (c.index != Concept::unfamiliar) return;
  CodedText text = c.text ? *c.text : CodedText{};
  archive.text(text.system);
  archive.text(text.code);
  if constexpr (Archive::is_reading) c.text = std::make_shared<const CodedText>(std::move(text));
}

/// A day of the years 0001 to 9999, a second of them with room for every offset.
template <class Archive>
void day(Archive& archive, Date& date) {
  archive.signed_number(date.days);
  if constexpr (Archive::is_reading)
    if (date.days < -719'162 || date.days > 2'932'896) archive.refuse("a date is outside of the years 0001 to 9999");
}
template <class Archive>
void instant(Archive& archive, Instant& at) {
  archive.signed_number(at.seconds);
  if constexpr (Archive::is_reading)
    if (at.seconds < -719'163 * std::int64_t{86'400} || at.seconds > 2'932'898 * std::int64_t{86'400})
      archive.refuse("an instant is outside of the years 0001 to 9999");
}

template <class Archive>
void cut(Archive& archive, Cut& each) {
  auto infinite = static_cast<std::uint8_t>(each.infinite + 1), side = static_cast<std::uint8_t>(each.side + 1);
  archive.number(infinite);
  rational(archive, each.at);
  archive.number(side);
  if constexpr (Archive::is_reading) {
    if (infinite > 2 || side > 2) return archive.refuse("an end of an interval does not exist");
    each.infinite = static_cast<std::int8_t>(infinite - 1);
    each.side = static_cast<std::int8_t>(side - 1);
  }
}

/// Ends in order; counted points are whole and inside of the years 0001 to 9999.
[[maybe_unused]] bool is_interval(const Interval& interval) {
  const Cut* cuts[] = {&interval.low.least, &interval.low.most, &interval.high.least, &interval.high.most};
  for (const Cut* each : cuts) {
    const std::int64_t most = interval.kind == PointKind::date ? 2'932'896 : 253'402'387'200;
    const bool is_counted = interval.kind != PointKind::number;
    if (is_counted && (!each->at.is_integer() || each->at > Rational(most) || each->at < Rational(-most))) return false;
    if (interval.kind == PointKind::time && (each->at < Rational(0) || each->at > Rational(86'400))) return false;
  }
  return interval.low.least <= interval.low.most && interval.high.least <= interval.high.most;
}

template <class Archive>
void interval(Archive& archive, Interval& each) {
  enumeration(archive, each.kind, PointKind::time);
  for (Cut* one : {&each.low.least, &each.low.most, &each.high.least, &each.high.most})
    cut(archive, *one);
  enumeration(archive, each.reason, UnknownReason::not_applicable);
  if constexpr (Archive::is_reading)
    if (archive.ok() && !is_interval(each)) archive.refuse("an interval has ends that do not exist");
}

/// The kind is the position among the alternatives of Value.
template <class Archive>
void value(Archive& archive, Value& v, unsigned depth = 0) {
  auto kind = static_cast<std::uint8_t>(v.storage().index());
  archive.number(kind);
  const auto part = [&]<class T>(T content, auto each) {
    if constexpr (!Archive::is_reading) content = v.as<T>();
    each(content);
    if constexpr (Archive::is_reading) v = Value(std::move(content));
  };
  const auto boxed = [&]<class T>(T content, auto each) {
    if constexpr (!Archive::is_reading) content = *v.as<Boxed<T>>();
    each(content);
    if constexpr (Archive::is_reading) v = Value(std::move(content));
  };
  switch (kind) {
  case 0: part(Unknown{}, [&](Unknown& u) { enumeration(archive, u.reason, UnknownReason::not_applicable); }); break;
  case 1: part(false, [&](bool& b) { flag(archive, b); }); break;
  case 2: part(Choice{}, [&](Choice& c) { archive.number(c.index); }); break;
  case 3: part(Rational{}, [&](Rational& r) { rational(archive, r); }); break;
  case 4: part(Date{}, [&](Date& d) { day(archive, d); }); break;
  case 5: part(Instant{}, [&](Instant& i) { instant(archive, i); }); break;
  case 6:
    if constexpr (Archive::is_reading)
      if (depth >= deepest_value) return archive.refuse("lists are nested too deep");
    part(ValueList{}, [&](ValueList& l) { archive.list(l, [&](Value& each) { value(archive, each, depth + 1); }); });
    break;
  case 7: part(Concept{}, [&](Concept& c) { concept_(archive, c); }); break;
  case 8:
    part(TimeOfDay{}, [&](TimeOfDay& t) {
      auto seconds = static_cast<std::uint32_t>(t.seconds);
      archive.number(seconds);
      if constexpr (Archive::is_reading) {
        if (seconds >= 86'400) return archive.refuse("a time of day is beyond midnight");
        t.seconds = static_cast<std::int32_t>(seconds);
      }
    });
    break;
  case 9:
    part(DateRange{}, [&](DateRange& range) {
      day(archive, range.first);
      day(archive, range.last);
      if constexpr (Archive::is_reading)
        if (range.last < range.first) archive.refuse("a range of dates is not in order");
    });
    break;
  case 10:
    boxed(NumberBounds{}, [&](NumberBounds& bounds) {
      rational(archive, bounds.least);
      rational(archive, bounds.most);
      if constexpr (Archive::is_reading)
        if (bounds.most < bounds.least) archive.refuse("bounds are not in order");
    });
    break;
  case 11: boxed(Interval{}, [&](Interval& i) { interval(archive, i); }); break;
  default:
    if constexpr (Archive::is_reading) archive.refuse("a value is of a kind that does not exist");
  }
}

template <class Archive>
void positions(Archive& archive, std::vector<std::uint32_t>& list) {
  archive.list(list, [&](std::uint32_t& each) { archive.number(each); });
}

template <class Archive>
void codes(Archive& archive, std::vector<Code>& list) {
  archive.list(list, [&](Code& code) {
    archive.text(code.system);
    archive.text(code.version);
    archive.text(code.code);
    archive.text(code.display);
  });
}

template <class Archive>
void citations(Archive& archive, std::vector<Citation>& list) {
  archive.list(list, [&](Citation& each) {
    archive.text(each.source);
    archive.text(each.document);
    archive.text(each.section);
    archive.list(each.references, [&](std::string& reference) { archive.text(reference); });
  });
}

template <class Archive>
void type(Archive& archive, TypeInfo& each) {
  enumeration(archive, each.kind, TypeKind::interval);
  archive.text(each.name);
  archive.list(each.members, [&](MemberInfo& member) {
    archive.text(member.name);
    optional(archive, member.score, [&](Rational& score) { rational(archive, score); });
    codes(archive, member.codes);
  });
  for (auto* bound : {&each.minimum, &each.maximum, &each.step})
    optional(archive, *bound, [&](Rational& value) { rational(archive, value); });
  archive.text(each.unit);
  id(archive, each.element);
  archive.list(each.systems, [&](std::string& system) { archive.text(system); });
}

template <class Archive>
void input(Archive& archive, InputInfo& each) {
  archive.text(each.name);
  archive.text(each.group);
  id(archive, each.type);
  archive.list(each.accepted_units, [&](AcceptedUnit& unit) {
    archive.text(unit.code);
    optional(archive, unit.step, [&](Rational& step) { rational(archive, step); });
  });
  optional(archive, each.molar_mass, [&](Rational& mass) { rational(archive, mass); });
  optional(archive, each.typical, [&](Value& v) { value(archive, v); });
  optional(archive, each.fresh_for, [&](Period& p) { period(archive, p); });
  enumeration(archive, each.unknown_policy, UnknownPolicy::assume);
  optional(archive, each.assumed, [&](Value& v) { value(archive, v); });
  flag(archive, each.is_series);
  codes(archive, each.codes);
}

template <class Archive>
void representation(Archive& archive, Representation& each) {
  enumeration(archive, each.form, Representation::Form::value);
  rational(archive, each.step);
}

template <class Archive>
void place(Archive& archive, Place& each) {
  archive.number(each.index);
  representation(archive, each.representation);
}

template <class Archive>
void advice(Archive& archive, ModuleAdvice& each) {
  enumeration(archive, each.verb, Verb::contraindicate);
  id(archive, each.action);
  enumeration(archive, each.strength, Strength::strong);
  enumeration(archive, each.urgency, Urgency::immediately);
  optional(archive, each.within, [&](Period& p) { period(archive, p); });
  archive.number(each.selected);
}

template <class Archive>
void differential(Archive& archive, ModuleDifferential& each) {
  archive.list(each.arguments, [&](ModuleArgument& argument) {
    flag(archive, argument.is_for);
    archive.number(argument.candidate);
    rational(archive, argument.weight);
    archive.number(argument.condition);
  });
  archive.list(each.verdicts, [&](ModuleVerdict& verdict) {
    flag(archive, verdict.confirms);
    archive.number(verdict.candidate);
    archive.number(verdict.condition);
  });
  rational(archive, each.needs);
  rational(archive, each.ahead_by);
}

template <class Archive>
void transition(Archive& archive, ModuleTransition& each) {
  id(archive, each.from);
  ids(archive, each.except);
  id(archive, each.to);
  archive.number(each.condition);
  optional(archive, each.after, [&](Period& p) { period(archive, p); });
  optional(archive, each.within, [&](Period& p) { period(archive, p); });
  archive.number(each.at_most);
}

template <class Archive>
void source_places(Archive& archive, std::vector<SourcePlace>& list) {
  archive.list(list, [&](SourcePlace& each) {
    archive.number(each.file);
    archive.number(each.line);
    archive.number(each.column);
  });
}

} // namespace

template <class Archive>
void archive_names(Archive& archive, Module& module) {
  Dictionary& d = module.dictionary;
  for (std::string* each : {&d.guideline.id, &d.guideline.version, &d.guideline.status, &d.guideline.hash})
    archive.text(*each);
  archive.list(d.guideline.languages, [&](std::string& language) { archive.text(language); });
  archive.text(d.guideline.language);
  archive.list(d.units, [&](UnitName& unit) {
    archive.text(unit.name);
    archive.text(unit.code);
  });
  archive.list(d.types, [&](TypeInfo& each) { type(archive, each); });
  archive.list(d.inputs, [&](InputInfo& each) { input(archive, each); });
  archive.list(d.definitions, [&](DefinitionInfo& each) {
    archive.text(each.name);
    id(archive, each.type);
  });
  archive.list(d.actions, [&](ActionInfo& each) {
    archive.text(each.name);
    archive.text(each.category);
    codes(archive, each.codes);
  });
  archive.list(d.classes, [&](ActionClassInfo& each) {
    archive.text(each.name);
    flag(archive, each.at_most_one);
    ids(archive, each.actions);
  });
  archive.list(d.interactions, [&](InteractionInfo& each) {
    id(archive, each.first);
    id(archive, each.second);
  });
  archive.list(d.rules, [&](RuleInfo& each) {
    archive.text(each.name);
    archive.list(each.overrides, [&](OverrideInfo& one) { id(archive, one.rule); });
    enumeration(archive, each.certainty, Certainty::high);
  });
  archive.list(d.cautions, [&](CautionInfo& each) { archive.text(each.name); });
  archive.list(d.differentials, [&](DifferentialInfo& each) {
    archive.text(each.name);
    id(archive, each.type);
    archive.list(each.candidates, [&](Choice& candidate) { archive.number(candidate.index); });
  });
  archive.text(d.pathway);
  archive.list(d.stages, [&](StageInfo& each) {
    archive.text(each.name);
    flag(archive, each.is_final);
  });
  archive.list(d.constraints, [&](ConstraintInfo& each) {
    archive.text(each.name);
    ids(archive, each.inputs);
  });
  codes(archive, d.concepts);
  archive.list(d.value_sets, [&](ValueSetInfo& each) {
    for (std::string* text : {&each.name, &each.url, &each.version, &each.hash})
      archive.text(*text);
    positions(archive, each.codes.members);
    optional(archive, each.codes.known, [&](std::vector<std::uint32_t>& known) { positions(archive, known); });
  });
}

template <class Archive>
void archive_tables(Archive& archive, Module& module) {
  archive.list(module.representations, [&](Representation& each) { representation(archive, each); });
  archive.list(module.parameters, [&](Parameters& each) {
    rational(archive, each.factor);
    rational(archive, each.offset);
    archive.number(each.reference);
    archive.number(each.detail);
    archive.list(each.list, [&](Value& v) { value(archive, v); });
  });
  archive.list(module.series, [&](SeriesCall& each) {
    id(archive, each.input);
    enumeration(archive, each.function, SeriesFunction::falling);
    optional(archive, each.window, [&](Period& p) { period(archive, p); });
  });
  archive.list(module.inputs, [&](Place& each) { place(archive, each); });
  archive.number(module.applies);
  archive.list(module.constraints, [&](std::uint32_t& each) { archive.number(each); });
  archive.list(module.definitions, [&](Place& each) { place(archive, each); });
  archive.list(module.rules, [&](ModuleRule& each) {
    archive.number(each.condition);
    archive.list(each.advice, [&](ModuleAdvice& one) { advice(archive, one); });
    ids(archive, each.overrides);
  });
  archive.list(module.cautions, [&](std::uint32_t& each) { archive.number(each); });
  archive.list(module.differentials, [&](ModuleDifferential& each) { differential(archive, each); });
  optional(archive, module.pathway, [&](ModulePathway& pathway) {
    id(archive, pathway.start);
    archive.list(pathway.transitions, [&](ModuleTransition& each) { transition(archive, each); });
  });
}

template <class Archive>
void archive_constants(Archive& archive, Module& module) {
  for (std::uint32_t* size : {&module.truths, &module.numbers, &module.values})
    archive.number(*size);
  archive.list(module.truth_constants, [&](TruthConstant& each) {
    archive.number(each.index);
    archive.number(each.truth);
  });
  archive.list(module.number_constants, [&](NumberConstant& each) {
    archive.number(each.index);
    archive.number(each.number.state);
    archive.signed_number(each.number.value);
  });
  archive.list(module.value_constants, [&](ValueConstant& each) {
    archive.number(each.index);
    value(archive, each.value);
  });
}

template <class Archive>
void archive_code(Archive& archive, Module& module) {
  archive.number(module.constraints_end);
  archive.number(module.pathway_end);
  archive.list(module.code, [&](bytecode::Word& word) { archive.number(word); });
}

template <class Archive>
void archive_explanation(Archive& archive, Module& module) {
  Dictionary& d = module.dictionary;
  GuidelineInfo& g = d.guideline;
  for (std::string* each : {&g.title, &g.developer, &g.funding, &g.published, &g.review_by, &g.audience})
    archive.text(*each);
  // Lists have the lengths of section 1, so nothing but the texts stands here.
  for (TypeInfo& each : d.types)
    for (MemberInfo& member : each.members)
      archive.text(member.title);
  for (InputInfo& each : d.inputs)
    for (std::string* text : {&each.question, &each.group_title, &each.assumed_because})
      archive.text(*text);
  for (DefinitionInfo& each : d.definitions)
    archive.text(each.title);
  for (ActionInfo& each : d.actions)
    for (std::string* text : {&each.title, &each.note})
      archive.text(*text);
  for (ActionClassInfo& each : d.classes)
    archive.text(each.title);
  for (InteractionInfo& each : d.interactions)
    archive.text(each.text);
  for (std::size_t i = 0; i < d.rules.size(); ++i) {
    archive.text(d.rules[i].because);
    archive.text(d.rules[i].condition);
    for (OverrideInfo& one : d.rules[i].overrides)
      archive.text(one.because);
  }
  for (CautionInfo& each : d.cautions)
    archive.text(each.text);
  for (DifferentialInfo& each : d.differentials) {
    archive.text(each.title);
    archive.list(each.arguments, [&](std::string& argument) { archive.text(argument); });
  }
  archive.text(d.pathway_title);
  for (StageInfo& each : d.stages)
    archive.text(each.title);
  for (ValueSetInfo& each : d.value_sets)
    archive.text(each.title);
  for (ConstraintInfo& each : d.constraints)
    archive.text(each.message);
  if (module.pathway)
    for (ModuleTransition& each : module.pathway->transitions)
      archive.text(each.condition_text);
}

template <class Archive>
void archive_search(Archive& archive, Module& module) {
  Dictionary& d = module.dictionary;
  for (InputInfo& each : d.inputs) {
    archive.list(each.landmarks, [&](Value& v) { value(archive, v); });
    archive.list(each.landmark_ages, [&](Period& p) { // may be below 0; the verifier bounds them
      archive.signed_number(p.months);
      archive.signed_number(p.seconds);
    });
    flag(archive, each.known_matters);
  }
  for (RuleInfo& each : d.rules)
    ids(archive, each.inputs);
}

template <class Archive>
void archive_source_map(Archive& archive, Module& module) {
  archive.list(module.files, [&](std::string& each) { archive.text(each); });
  for (auto* list : {&module.rule_places, &module.definition_places, &module.caution_places})
    source_places(archive, *list);
}

template <class Archive>
void archive_citations(Archive& archive, Module& module) {
  Dictionary& d = module.dictionary;
  const auto all = [&](auto& rows) {
    for (auto& row : rows)
      citations(archive, row.citations);
  };
  all(d.inputs);
  all(d.definitions);
  all(d.actions);
  all(d.rules);
  all(d.cautions);
  all(d.differentials);
  all(d.constraints);
}

#define ACESO_BOTH_WAYS(name)                                                                                          \
  template void name(ArchiveWriter& archive, Module& m);                                                               \
  template void name(ArchiveReader& archive, Module& m);
ACESO_BOTH_WAYS(archive_names)
ACESO_BOTH_WAYS(archive_tables)
ACESO_BOTH_WAYS(archive_constants)
ACESO_BOTH_WAYS(archive_code)
ACESO_BOTH_WAYS(archive_explanation)
ACESO_BOTH_WAYS(archive_search)
ACESO_BOTH_WAYS(archive_source_map)
ACESO_BOTH_WAYS(archive_citations)
#undef ACESO_BOTH_WAYS

} // namespace aceso
