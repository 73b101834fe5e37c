/// Guideline fields, inputs, codes, interpretations, definitions.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"
#include "module/input_units.h"
#include "module/translation.h"
#include "values/units.h"

namespace aceso::check {

namespace {

/// "saddle_anesthesia" -> "Saddle anesthesia?"
std::string question_from(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name + "?";
}

} // namespace

/// The declared languages; without any the texts are English.
void Checker::lower_languages(const std::vector<ast::Name>& languages) {
  if (languages.empty()) return;
  GuidelineInfo& out = graph_.dictionary.guideline;
  out.languages.clear();
  for (const ast::Name& language : languages) {
    if (!is_language_code(language.text))
      sink_.add(Kind::bad_field, language.span, fmt::format("`{}` is not the code of a language", language.text)).mend =
          "write its two or three letters, for example en, de or pt_BR";
    else if (std::count(out.languages.begin(), out.languages.end(), language.text) != 0)
      sink_.add(Kind::duplicate_clause, language.span, fmt::format("`{}` is given twice here", language.text)).mend =
          "remove one of them";
    else
      out.languages.push_back(language.text);
  }
  if (out.languages.empty()) out.languages.emplace_back("en");
  out.language = out.languages.front();
}

void Checker::lower_guideline() {
  const auto& declarations = program_->files.back().declarations;
  const ast::GuidelineDecl* guideline = nullptr;
  for (const auto& declaration : declarations) {
    const auto* found = std::get_if<ast::GuidelineDecl>(&declaration);
    if (!found) continue;
    if (guideline)
      sink_.add(Kind::duplicate_name, found->span, "the guideline is declared twice")
          .notes.push_back({guideline->span, "declared here first"});
    else
      guideline = found;
  }
  if (!guideline) return;
  GuidelineInfo& out = graph_.dictionary.guideline;
  out.id = guideline->name.text;
  const std::pair<std::string_view, std::string*> fields[] = {
      {"title", &out.title},         {"version", &out.version},  {"status", &out.status},
      {"developer", &out.developer}, {"funding", &out.funding},  {"published", &out.published},
      {"review_by", &out.review_by}, {"audience", &out.audience}};
  for (const ast::Field& field : guideline->fields) {
    for (const auto& [name, place] : fields)
      if (name == field.name.text) *place = field.value;
    if ((field.name.text == "published" || field.name.text == "review_by") && !parse_date(field.value))
      sink_.report(Kind::bad_date, field.value_span, field.value).mend =
          "write year, month and day, for example 2026-11-22";
  }
  lower_languages(guideline->languages);
  const auto needs = [&](const std::string& value, std::string_view what, std::string_view example) {
    if (value.empty())
      sink_.add(Kind::bad_field, guideline->name.span, fmt::format("the guideline needs {}", what)).mend =
          fmt::format("add: {}", example);
  };
  needs(out.title, "a title", "title \"What it is about\"");
  needs(out.version, "a version", "version 0.1.0");
  if (out.published.size() == 10 && out.review_by.size() == 10 && out.review_by < out.published)
    sink_.add(Kind::bad_field, guideline->span, "the review date comes before the date of publication");
  if (guideline->applies) graph_.applies = lower_condition(*guideline->applies);
}

InputId Checker::input(const std::string& name, const Symbol& symbol) {
  if (const auto found = input_ids_.find(name); found != input_ids_.end()) return found->second;
  const InputId id(graph_.dictionary.inputs.size());
  input_ids_[name] = id;
  graph_.dictionary.inputs.emplace_back();
  graph_.input_spans.push_back(symbol.declaration->span);
  InputInfo info;
  info.name = name;
  lower_input(info, static_cast<const ast::InputItem&>(*symbol.declaration), *symbol.group);
  graph_.dictionary.inputs[id.index()] = std::move(info);
  return id;
}

void Checker::lower_input(InputInfo& out, const ast::InputItem& item, const ast::InputsDecl& group) {
  out.question = item.title.empty() ? question_from(item.name.text) : item.title.text;
  out.group = group.name.text;
  out.group_title = group.title.text;
  out.is_series = item.is_series;
  out.citations = citations(item.cites.empty() ? group.cites : item.cites);
  out.type = type_of(item.type);
  if (!out.type.is_valid()) return;
  lower_accepted_units(out, item);
  graph_.dictionary.inputs[input_ids_.at(out.name).index()] = out; // its own values are checked against its steps
  if (item.typical) {
    out.typical = constant_value(*item.typical, out.type, "the typical value", out.molar_mass);
    if (out.typical) check_value_fits(*out.typical, out.type, out.name, item.typical->span);
  }
  if (item.fresh_for) out.fresh_for = period(*item.fresh_for);
  const auto& unknown = item.unknown ? item.unknown : group.unknown;
  if (!unknown || !unknown->assume) return;
  out.unknown_policy = UnknownPolicy::assume;
  out.assumed_because = unknown->because.text;
  out.assumed = constant_value(*unknown->value, out.type, "the assumed value", out.molar_mass);
  if (out.assumed)
    check_value_fits(*out.assumed, out.type, out.name, unknown->span);
  else
    out.unknown_policy = UnknownPolicy::ask;
}

/// Amounts in the other unit are written with so many digits as people write; where none of these grids lies on the
/// steps of the input, nearly everything would be refused.
void Checker::warn_of_steps(const InputInfo& input, const std::string& code, Span span) {
  const TypeInfo& type = info(input.type);
  const auto map = conversion_for(input, code, type.unit);
  if (!map || !type.step) return;
  const auto is_on_steps = [&](std::optional<Rational> amount) {
    const auto steps = amount ? Rational::divide(*amount, *type.step) : std::nullopt;
    return steps && steps->is_integer();
  };
  for (const std::int64_t power : {1, 10, 100, 1000})
    for (const Rational grid : {Rational(power), *Rational::make(1, power)})
      if (is_on_steps(Rational::multiply(map->factor, grid)) &&
          is_on_steps(Rational::subtract(map->offset, type.minimum.value_or(Rational(0)))))
        return;
  sink_
      .report(Kind::accepted_unit_off_steps, span, code, input.name,
              fmt::format("{} {}", type.step->to_text(), type.unit))
      .mend =
      fmt::format("say how finely it is measured in that unit, for example: accepts {0} step 0.1 {0}", text_of(span));
}

void Checker::lower_accepted_units(InputInfo& out, const ast::InputItem& item) {
  const std::string unit = info(out.type).unit;
  if (item.molar_mass) {
    const auto written = literal_number(*item.molar_mass);
    if (!written) return;
    const auto map = units::conversion(written->unit, "g/mol");
    const auto mass = map ? Rational::multiply(written->number, map->factor) : std::nullopt;
    if (unit.empty() || written->unit.find("mol") == std::string::npos || !mass || *mass <= Rational(0)) {
      sink_
          .add(Kind::bad_range, item.molar_mass->span,
               unit.empty() ? "only a quantity has a molar mass"
                            : "a molar mass is a number above 0 in g/mol or a unit that converts into it")
          .mend =
          unit.empty() ? "give the input a unit, or take the molar mass away" : "for example: molar_mass 180.16 g/mol";
      return;
    }
    out.molar_mass = mass;
  }
  for (const ast::AcceptedUnit& written : item.accepts) {
    const auto code = unit_code(written.unit.text, written.unit.span);
    if (!code) continue;
    out.accepted_units.push_back({*code, std::nullopt}); // whether an equivalent is a mole is asked of these
    if (!conversion_for(out, *code, unit)) {
      Diagnostic& d = sink_.report(Kind::units_differ, written.unit.span, fmt::format("`{}`", *code),
                                   unit.empty() ? "a number without unit" : fmt::format("`{}`", unit));
      const std::string_view reason = units::what_differs(*code, unit);
      d.mend = units::differ_by_molar_mass(*code, unit) ? "declare the molar mass as well: molar_mass NUMBER g/mol"
               : reason.empty() ? "accept only units that can be converted into that of the input"
                                : fmt::format("{}: declare an input of its own for each", reason);
      out.accepted_units.pop_back();
      continue;
    }
    if (!written.step) {
      warn_of_steps(out, *code, written.unit.span);
      continue;
    }
    const auto step = literal_number(*written.step);
    if (!step || (!step->unit.empty() && step->unit != *code) || step->number <= Rational(0)) {
      out.accepted_units.pop_back();
      if (!step) continue;
      sink_
          .add(Kind::bad_range, written.step->span,
               fmt::format("the step of an accepted unit is a number above 0 in that unit, `{}`", *code))
          .mend = fmt::format("for example: accepts {0} step 0.1 {0}", *code);
      continue;
    }
    out.accepted_units.back().step = step->number;
    if (info(out.type).minimum && !range_of(out)) {
      sink_
          .add(Kind::bad_range, written.step->span,
               fmt::format("the steps of `{}` and of `{}` together are too fine to be held exactly", unit, *code))
          .mend = "widen one of the steps";
      out.accepted_units.pop_back();
    }
  }
}

void Checker::lower_codes() {
  for_each_main<ast::CodesDecl>([&](const ast::CodesDecl& codes) {
    for (const auto& binding : codes.bindings) {
      const auto* system = code_system(binding.system);
      if (!system) continue;
      const Code code{system->address.text, system->version.text, binding.code.text, binding.display.text};
      if (!binding.member.empty()) {
        const TypeId type = named_type(binding.target);
        if (!type.is_valid()) continue;
        bool found = false;
        for (MemberInfo& member : graph_.dictionary.types[type.index()].members)
          if (member.name == binding.member.text) {
            member.codes.push_back(code);
            found = true;
          }
        if (found) continue;
        std::vector<std::string> names;
        for (const MemberInfo& member : info(type).members)
          names.push_back(member.name);
        const std::string near = diagnostics::nearest(binding.member.text, names);
        if (names.size() > 12) {
          names.resize(12);
          names.emplace_back("...");
        }
        Diagnostic& d =
            sink_.report(Kind::unknown_member, binding.member.span, binding.member.text,
                         names.empty() ? "the values of " + in_words(type) : fmt::format("{}", fmt::join(names, ", ")));
        if (!near.empty()) d.mend = fmt::format("did you mean `{}`?", near);
      } else if (const auto a = actions_.find(binding.target.text);
                 a != actions_.end() && a->second.kind == Symbol::Kind::action) {
        graph_.dictionary.actions[action(a->first, a->second).index()].codes.push_back(code);
      } else if (const Symbol* symbol = find(values_, binding.target, "an input or an action")) {
        if (symbol->kind == Symbol::Kind::input)
          graph_.dictionary.inputs[input(binding.target.text, *symbol).index()].codes.push_back(code);
        else
          sink_.report(Kind::wrong_kind_of_name, binding.target.span, binding.target.text,
                       check::in_words(symbol->kind), "an input or an action");
      }
    }
  });
}

void Checker::lower_interpretations() {
  for_each_main<ast::InterpretationDecl>([&](const ast::InterpretationDecl& d) {
    (void)citations(d.cites);
    if (!d.on.empty() && !parse_date(d.on.text))
      sink_.report(Kind::bad_date, d.on.span, d.on.text).mend = "write year, month and day, for example 2026-11-22";
  });
}

NodeId Checker::add_definition(const std::string& name, const ast::Declaration& declaration, NodeId id) {
  if (!id.is_valid()) return id;
  // Its own node even where the value is just another name's, so that both can be shown.
  graph_.dictionary.definitions.push_back({name, declaration.title.text, at(id).type, citations(declaration.cites)});
  graph_.definitions.push_back({id, declaration.span});
  return id;
}

NodeId Checker::lower_define(const std::string& name, const ast::DefineDecl& declaration) {
  const TypeId type = declaration.type ? type_of(*declaration.type, name) : TypeId{};
  if (declaration.type && !type.is_valid()) return {};
  NodeId id;
  if (const auto* expression = std::get_if<ast::ExpressionPtr>(&declaration.body)) {
    id = type.is_valid() ? lower_as(**expression, type) : lower_exact(**expression);
  } else if (const auto* bands = std::get_if<ast::Bands>(&declaration.body)) {
    id = lower_bands(*bands, declaration, type);
  } else if (const auto* first = std::get_if<ast::FirstOf>(&declaration.body)) {
    id = lower_first_of(*first, declaration, type);
  } else {
    id = lower_score(std::get<ast::Score>(declaration.body), declaration.span);
    if (id.is_valid() && type.is_valid() && !require_type(id, type, declaration.span)) return {};
  }
  if (!id.is_valid()) return {};
  if (type.is_valid() && info(type).minimum && at(id).range()) {
    // A declared range is a promise about every patient; the range analysis must be able to keep it.
    const NumberRange range = *at(id).range();
    if (range.minimum < *info(type).minimum || range.maximum > *info(type).maximum) {
      const Rational most = range.maximum, declared = *info(type).maximum;
      const std::string low = range.minimum.to_text(), from = info(type).minimum->to_text();
      sink_
          .add(Kind::out_of_range, declaration.name.span,
               fmt::format("`{}` may lie between {} and {}, but is declared from {} to {}", name, low,
                           value_text(constant(most, type, declaration.name.span)), from,
                           value_text(constant(declared, type, declaration.name.span))))
          .mend = "widen the range that is declared, or hold the value in it with `min` and `max`";
      return {};
    }
    const Rational origin = *info(type).minimum, step = *info(type).step;
    if (!Rational::is_on_step(range.minimum, origin, step) || range.step == Rational(0) ||
        !Rational::is_on_step(range.step, Rational(0), step)) {
      sink_
          .add(Kind::out_of_range, declaration.name.span,
               fmt::format("`{}` moves in steps of {}, but is declared with steps of {}", name, range.step.to_text(),
                           step.to_text()))
          .mend = fmt::format("declare it with step {}, or round it to {}", range.step.to_text(), step.to_text());
      return {};
    }
  }
  return add_definition(name, declaration, id);
}

NodeId Checker::lower_differential(const std::string& name, const ast::DifferentialDecl& declaration) {
  const TypeId type = type_of(declaration.type);
  if (!type.is_valid()) return {};
  if (!is_enumeration(type)) {
    sink_.report(Kind::type_mismatch, declaration.type.span, name, in_words(type), "one of a list of choices");
    return {};
  }
  graph::Differential out;
  out.span = declaration.span;
  DifferentialInfo described;
  described.name = name;
  described.title = declaration.title.text;
  described.type = type;
  described.citations = citations(declaration.cites);
  std::vector<std::string> names;
  for (const ast::Name& candidate : declaration.candidates) {
    ast::Expression e;
    e.kind = ast::ExpressionKind::name;
    e.text = candidate.text;
    e.span = candidate.span;
    const NodeId id = lower_member(e, type);
    if (!id.is_valid()) return {};
    if (std::count(names.begin(), names.end(), candidate.text))
      sink_.report(Kind::duplicate_name, candidate.span, candidate.text);
    names.push_back(candidate.text);
    described.candidates.push_back(at(id).constant.as<Choice>());
  }
  const auto position = [&](const ast::Name& candidate) -> std::optional<std::uint32_t> {
    const auto found = std::find(names.begin(), names.end(), candidate.text);
    if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
    Diagnostic& d = sink_.report(Kind::not_a_candidate, candidate.span, candidate.text, name);
    if (const std::string near = diagnostics::nearest(candidate.text, names); !near.empty())
      d.mend = fmt::format("did you mean `{}`?", near);
    else
      d.mend = fmt::format("its candidates are: {}", fmt::join(names, ", "));
    return std::nullopt;
  };
  const auto weight = [&](const ast::ExpressionPtr& e, Rational otherwise) {
    if (!e) return otherwise;
    const auto number = literal_number(*e);
    if (!number) return otherwise;
    // Sums of weights stay far inside 64 bits.
    if (!number->unit.empty() || number->number > Rational(1'000'000) || number->number < Rational(0) ||
        number->number.denominator() > 1000)
      sink_
          .add(Kind::wrong_weight, e->span,
               "a weight is a plain number from 0 to 1,000,000 with at most three decimals")
          .mend = "for example: 3 or 0.5";
    return number->number;
  };
  const Rational strong = weight(declaration.strong, 0), weak = weight(declaration.weak, 0);
  out.needs = weight(declaration.needs, 0);
  // Of two with the same score none leads: 0 is the least lead that weights can give.
  out.ahead_by = std::max(weight(declaration.ahead_by, 0), *Rational::make(1, 1000));
  bool ok = true;
  for (const auto& argument : declaration.arguments) {
    (void)citations(argument.cites);
    const auto candidate = position(argument.candidate);
    const NodeId condition = lower_condition(*argument.condition);
    const bool is_strong = argument.weight_word == "strong", is_weak = argument.weight_word == "weak";
    if ((is_strong && !declaration.strong) || (is_weak && !declaration.weak)) {
      sink_
          .add(Kind::wrong_weight, argument.span,
               fmt::format("`decide` does not say what {} counts", argument.weight_word))
          .mend = "for example: decide strong 3, weak 1, needs 3, ahead by 1";
      ok = false;
    }
    if (!candidate || !condition.is_valid())
      ok = false;
    else {
      out.arguments.push_back({argument.is_for, *candidate,
                               is_strong ? strong
                               : is_weak ? weak
                                         : weight(argument.weight, 0),
                               condition, argument.span});
      described.arguments.push_back(argument.label.empty() ? text_of(argument.condition->span) : argument.label.text);
    }
  }
  for (const auto& verdict : declaration.verdicts) {
    const auto candidate = position(verdict.candidate);
    const NodeId condition = lower_condition(*verdict.condition);
    if (!candidate || !condition.is_valid())
      ok = false;
    else
      out.verdicts.push_back({verdict.confirms, *candidate, condition, verdict.span});
  }
  if (!ok) return {};
  // The ids of conditions come before the node that stands for the differential.
  Node n;
  n.op = Op::differential;
  n.type = type;
  n.span = declaration.span;
  n.reference = static_cast<std::uint32_t>(graph_.differentials.size());
  graph_.dictionary.differentials.push_back(std::move(described));
  graph_.differentials.push_back(std::move(out));
  return add(std::move(n));
}

} // namespace aceso::check
