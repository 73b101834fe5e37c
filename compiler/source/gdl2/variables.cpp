#include "gdl2/variables.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/read_expression.h"
#include "gdl2/texts.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {

using Kind = Expression::Kind;

namespace {

int decimals_of(const std::string& number) {
  const std::size_t point = number.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(number.size() - point - 1);
}

bool is_number(const std::string& text) { return Rational::from_decimal(text).has_value(); }

bool compares(const Expression& e) {
  return e.is_sign("==") || e.is_sign("!=") || e.is_sign("<") || e.is_sign(">") || e.is_sign("<=") || e.is_sign(">=");
}

/// Evidence of one variable, before anything is decided.
struct Evidence {
  bool ordinal = false, coded = false, yes_no = false, number = false, text = false, date = false, arithmetic = false;
  bool calculated = false; ///< assigned from arithmetic, or with a unit
};

class Finder {
public:
  Finder(const Guideline& guideline, const std::vector<SourceCase>& cases) : guideline_(guideline), cases_(cases) {}

  Variables find() {
    for (const Expression& e : guideline_.preconditions)
      read(e);
    for (const Assignment& a : guideline_.defaults)
      assign(a);
    for (const Rule& rule : guideline_.rules) {
      for (const Expression& e : rule.when)
        read(e);
      for (const Assignment& a : rule.then)
        assign(a);
    }
    for (const SourceCase& one : cases_) {
      for (const auto& [code, value] : one.inputs)
        if (result_.contains(code)) given(code, value, true);
      for (const auto& [code, value] : one.expected)
        if (result_.contains(code)) given(code, value, false);
    }
    for (const Element& element : guideline_.elements) {
      const auto found = result_.find(element.id);
      if (found == result_.end()) continue;
      Variable& v = found->second;
      v.model = element.model;
      if (element.is_input) v.asked = true;
      if (element.data_type == "DV_BOOLEAN") evidence_[element.id].yes_no = true;
      if (element.data_type == "DV_QUANTITY" || element.data_type == "DV_COUNT") evidence_[element.id].number = true;
      for (const std::string& value : element.allowed_values)
        given(element.id, value.find("::") != std::string::npos ? with_title(value) : value, false);
      // Ages of which the rules speak in years may be listed in weeks too; then nobody is asked for weeks apart.
      const bool has_time = !v.units.empty() && is_time(v.units.front().unit);
      for (const std::string& unit : element.units)
        if (!has_time || converts(ucum_code(one_line(unit)), v.units.front().unit)) add_unit(v, unit);
    }
    for (auto& [code, v] : result_) {
      const Term* term = guideline_.terms.contains(code) ? &guideline_.terms.at(code) : nullptr;
      v.code = code;
      v.title = one_line(term && !term->text.empty() ? term->text : code);
      v.description = term ? one_line(term->description) : std::string();
    }
    share_choices();
    for (auto& [code, v] : result_)
      decide(v, evidence_[code]);
    return std::move(result_);
  }

private:
  Variable& at(const std::string& code) { return result_[code]; }

  void add_unit(Variable& v, const std::string& spelling) {
    const std::string code = ucum_code(one_line(spelling));
    if (code.empty() || code == "1") return;
    for (UnitClass& one : v.units) {
      if (one.unit == code) return;
      if (!converts(code, one.unit)) continue;
      if (std::find(one.others.begin(), one.others.end(), code) == one.others.end()) one.others.push_back(code);
      return;
    }
    v.units.push_back({.unit = code});
  }

  void add_choice(Variable& v, const Expression& e) {
    const std::string label = one_line(e.is(Kind::text) ? e.text : e.label);
    const std::string score = e.is(Kind::ordinal) ? e.text : std::string();
    for (Choice& one : v.choices)
      if (e.is(Kind::text) ? one.label == label
                           : one.code == e.code && (one.score == score || one.score.empty() || score.empty())) {
        if (one.score.empty()) one.score = score;
        if (one.label.empty()) one.label = label;
        return;
      }
    v.choices.push_back({.code = e.is(Kind::text) ? std::string() : e.code, .label = label, .score = score});
  }

  void note(const std::string& code, const Expression& value) {
    Variable& v = at(code);
    Evidence& e = evidence_[code];
    switch (value.kind) {
    case Kind::ordinal:
      e.ordinal = true;
      add_choice(v, value);
      break;
    case Kind::coded:
      e.coded = true;
      add_choice(v, value);
      break;
    case Kind::yes_no: e.yes_no = true; break;
    case Kind::quantity: add_unit(v, value.unit); [[fallthrough]];
    case Kind::number:
      e.number = true;
      v.seen.push_back(std::strtod(value.text.c_str(), nullptr));
      v.decimals = std::max(v.decimals, decimals_of(value.text));
      break;
    case Kind::text:
      if (value.text == "true" || value.text == "false")
        e.yes_no = true;
      else if (is_number(value.text))
        note(code, Expression{.kind = Kind::number, .text = value.text});
      else
        e.text = true, add_choice(v, value);
      break;
    default: break;
    }
  }

  void read(const Expression& e) {
    if (e.is(Kind::variable) && guideline_.terms.contains(e.code) && e.attribute == "term") return;
    if (e.is(Kind::variable)) {
      Evidence& evidence = evidence_[e.code];
      (void)at(e.code);
      if (e.attribute == "year" || e.attribute == "month" || e.attribute == "day") evidence.date = true;
    }
    if (is_text(e)) { // put together, not calculated
      for (const Expression& child : e.children)
        read(child);
      return;
    }
    if (compares(e)) {
      compare(e.text, e.children[0], e.children[1]);
      compare(e.text, e.children[1], e.children[0]);
    }
    if (e.is_sign("-") && e.children[0].is(Kind::now) && e.children[0].attribute.empty() &&
        e.children[1].is(Kind::variable))
      evidence_[e.children[1].code].date = true;
    if (e.is_sign("+") || e.is_sign("-") || e.is_sign("*") || e.is_sign("/") || e.is_sign("^") || e.is(Kind::call) ||
        e.is(Kind::minus))
      for (const Expression& child : e.children)
        if (child.is(Kind::variable)) {
          at(child.code).read_as_number = true;
          evidence_[child.code].arithmetic = true;
        }
    for (const Expression& child : e.children)
      read(child);
  }

  void compare(const std::string& sign, const Expression& variable, const Expression& value) {
    if (!variable.is(Kind::variable)) return;
    Variable& v = at(variable.code);
    if (value.is(Kind::null)) {
      (sign == "==" ? v.null_tested : v.guarded) = true;
      return;
    }
    if (variable.attribute == "unit") {
      if (!value.is(Kind::text)) return;
      add_unit(v, value.text);
      v.tested_units.insert(ucum_code(value.text));
      evidence_[variable.code].number = true;
      return;
    }
    if (variable.attribute == "code") return;
    if (value.is(Kind::now) || (value.kind == Kind::binary && value.children[0].is(Kind::now))) {
      evidence_[variable.code].date = true;
      return;
    }
    note(variable.code, value);
    if (value.is(Kind::ordinal) || value.is(Kind::coded)) v.tested.insert(value.code);
    if (value.is(Kind::text) || value.is(Kind::yes_no)) v.tested.insert(value.text);
    if (value.is(Kind::number) || value.is(Kind::quantity) || variable.attribute == "magnitude")
      v.read_as_number = true;
  }

  void assign(const Assignment& a) {
    Variable& v = at(a.variable);
    v.assigned = true;
    read(a.value);
    if (a.attribute == "unit") {
      v.unit_set = true;
      if (a.value.is(Kind::text)) add_unit(v, a.value.text);
      evidence_[a.variable].number = evidence_[a.variable].calculated = true;
    } else if (a.attribute == "precision") {
      v.precision_set = true;
      v.precision = std::max(v.precision, std::atoi(a.value.text.c_str()));
      evidence_[a.variable].number = true;
    } else if (is_text(a.value) && !a.value.is(Kind::text)) {
      texts_.emplace_back(a.variable, &a.value);
    } else if (a.value.is(Kind::variable) && a.value.attribute.empty()) {
      copies_.emplace_back(a.variable, a.value.code);
    } else if (a.attribute == "magnitude" || a.attribute == "count" || a.value.kind == Kind::binary ||
               a.value.kind == Kind::call) {
      evidence_[a.variable].number = true;
      evidence_[a.variable].calculated |= !is_text(a.value);
      if (is_text(a.value)) note(a.variable, a.value);
    } else {
      note(a.variable, a.value);
    }
  }

  /// A choice as it stands in expressions, `local::at0004|Title|` or `1|local::at0004|Title|`: some lists leave the
  /// title out, and some leave one of its bars.
  static std::string with_title(const std::string& value) {
    const std::ptrdiff_t wanted = value[0] >= '0' && value[0] <= '9' ? 3 : 2;
    const std::ptrdiff_t bars = std::count(value.begin(), value.end(), '|');
    return value + std::string(static_cast<std::size_t>(std::max<std::ptrdiff_t>(wanted - bars, 0)), '|');
  }

  void given(const std::string& code, const std::string& text, bool input) {
    if (input && !at(code).assigned) at(code).asked = true;
    const bool date = text.size() >= 10 && text[4] == '-' && text[7] == '-';
    if (date)
      evidence_[code].date = true;
    else
      note(code, read_value(text));
  }

  /// `$a = $b` makes the two choices of one type, where nothing else is assigned to either.
  void share_choices() {
    for (int round = 0; round < 3; ++round) {
      for (const auto& [to, text] : texts_)
        for (const TextAlternative& one : text_alternatives(*text, guideline_, result_)) {
          if (std::any_of(one.where.begin(), one.where.end(),
                          [&, self = to](const auto& part) { return part.first == self; }))
            break; // something is added to the text itself
          evidence_[to].text = true;
          add_choice(at(to), Expression{.kind = Kind::text, .text = one.text});
        }
      for (const auto& [to, from] : copies_) {
        if (!result_.contains(from)) continue;
        Variable &a = at(to), &b = at(from);
        // Those that are copied come first, so that two variables of the same choices have them in the same order.
        const std::vector<Choice> own = std::exchange(a.choices, b.choices);
        for (const Choice& choice : own)
          add_choice(a, choice.code.empty() ? Expression{.kind = Kind::text, .text = choice.label}
                                            : Expression{.kind = choice.score.empty() ? Kind::coded : Kind::ordinal,
                                                         .text = choice.score,
                                                         .code = choice.code,
                                                         .label = choice.label});
        Evidence &x = evidence_[to], &y = evidence_[from];
        x.ordinal |= y.ordinal, x.coded |= y.coded, x.text |= y.text;
        x.number |= y.number, x.yes_no |= y.yes_no, x.date |= y.date;
        if (a.units.empty()) a.units = b.units;
      }
    }
  }

  static void decide(Variable& v, const Evidence& e) {
    if (!v.assigned) v.asked = true;
    if (e.date)
      v.kind = VariableKind::date;
    else if (e.ordinal || e.coded || (e.text && !e.calculated))
      v.kind = VariableKind::choice;
    else if (e.yes_no)
      v.kind = VariableKind::yes_no;
    else if (!v.units.empty())
      v.kind = VariableKind::quantity;
    else if (e.number || e.arithmetic)
      v.kind = VariableKind::number;
    if (v.kind == VariableKind::quantity) set_units_apart(v, e);
    if (v.kind != VariableKind::choice) return;
    v.is_scale = !v.choices.empty() &&
                 std::all_of(v.choices.begin(), v.choices.end(), [](const Choice& c) { return !c.score.empty(); });
    if (v.is_scale)
      std::stable_sort(v.choices.begin(), v.choices.end(), [](const Choice& a, const Choice& b) {
        return std::strtod(a.score.c_str(), nullptr) < std::strtod(b.score.c_str(), nullptr);
      });
    make_yes_no(v);
  }

  /// Units for which the source has rules of its own stay apart, though they convert: it calculates with its own
  /// factors. Temperatures that are calculated with are plain numbers.
  static void set_units_apart(Variable& v, const Evidence& e) {
    const auto is_scale_point = [](const UnitClass& one) { return one.unit == "Cel" || one.unit == "[degF]"; };
    if (v.assigned) {
      if (e.arithmetic && std::any_of(v.units.begin(), v.units.end(), is_scale_point)) {
        v.kind = VariableKind::number;
        v.units.clear();
      }
      return;
    }
    for (std::size_t i = v.units.size(); i-- > 0;) {
      UnitClass& one = v.units[i];
      std::vector<std::string> all{one.unit}, apart;
      all.insert(all.end(), one.others.begin(), one.others.end());
      const auto tested =
          std::count_if(all.begin(), all.end(), [&](const std::string& unit) { return v.tested_units.contains(unit); });
      // A test that an age is in years only guards against other units.
      const bool guards = tested == 1 && is_time(one.unit);
      if (all.size() < 2 || ((tested == 0 || guards) && !is_scale_point(one))) continue;
      one.others.clear();
      apart.assign(all.begin() + 1, all.end());
      for (std::string& unit : apart)
        v.units.push_back({.unit = std::move(unit)});
    }
    for (UnitClass& one : v.units)
      one.plain = e.arithmetic && is_scale_point(one);
  }

  /// Choices "Yes" and "No", or "Present" and "Absent", are a yes/no.
  static void make_yes_no(Variable& v) {
    bool yes = false, no = false;
    for (const Choice& one : v.choices) {
      const std::string word = name_from(one.label);
      bool& which = word == "yes_value" || word == "present" || word == "true" ? yes : no;
      const bool fits =
          &which == &yes || word == "no_value" || word == "absent" || word == "false" || word == "not_present";
      if (!fits || which) return;
      which = true;
    }
    // Points of a yes/no are calculated with as 1 and 0 alone.
    for (Choice& one : v.choices) {
      const std::string word = name_from(one.label);
      one.name = word == "yes_value" || word == "present" || word == "true" ? "yes" : "no";
    }
    v.kind = VariableKind::yes_no;
  }

  const Guideline& guideline_;
  const std::vector<SourceCase>& cases_;
  Variables result_;
  std::map<std::string, Evidence> evidence_;
  std::vector<std::pair<std::string, std::string>> copies_;
  std::vector<std::pair<std::string, const Expression*>> texts_; ///< put together, by the variable that gets them
};

/// Words that mean a type of the language already.
std::string type_name(const std::string& name) {
  constexpr std::array<std::string_view, 9> built_in{"action", "date",     "time",     "instant", "number",
                                                     "text",   "quantity", "duration", "scale"};
  return std::find(built_in.begin(), built_in.end(), name) == built_in.end() ? name : name + "_choice";
}

/// For finding the variables that have the same choices: titles, names (made from codes where titles are missing) and
/// points. Codes may differ: each variable brings its own.
std::string signature(const Variable& v) {
  std::string result;
  for (const Choice& one : v.choices)
    result += one.label + '\x1f' + one.name + '\x1f' + one.score + '\x1e';
  return result;
}

} // namespace

std::string term_text(const Guideline& guideline, const std::string& code) {
  const auto found = guideline.terms.find(code);
  return found == guideline.terms.end() || found->second.text.empty() ? code : one_line(found->second.text);
}

const Choice* Variable::find(const std::string& code_or_none, const std::string& label,
                             const std::string& score) const {
  const Choice* by_code = nullptr;
  for (const Choice& one : choices) {
    if (!code_or_none.empty() ? one.code == code_or_none : one.label == label) {
      if (score.empty() || one.score.empty() || one.score == score) return &one;
      by_code = &one;
    }
  }
  return by_code;
}

Variables find_variables(const Guideline& guideline, const std::vector<SourceCase>& cases) {
  return Finder(guideline, cases).find();
}

void name_variables(Variables& variables, const Guideline& guideline, std::set<std::string>& taken) {
  (void)guideline;
  std::map<std::string, std::vector<Variable*>> alike;
  for (auto& [code, v] : variables) {
    if (v.kind != VariableKind::choice) continue;
    std::set<std::string> members;
    for (Choice& one : v.choices)
      one.name = take_name(name_from(one.label.empty() ? one.code : one.label, 40), members);
    taken.insert(members.begin(), members.end());
    alike[signature(v)].push_back(&v);
  }
  for (auto& [code, v] : variables) {
    v.name = take_name(name_from(v.title), taken);
    if (v.units.size() < 2) {
      for (UnitClass& one : v.units)
        one.name = v.name;
      continue;
    }
    for (UnitClass& one : v.units)
      one.name = take_name(name_from(v.name + " in " + one.unit), taken);
  }
  std::set<std::string> types;
  for (auto& [key, group] : alike)
    for (Variable* v : group) {
      const auto questions =
          std::count_if(group.begin(), group.end(), [](const Variable* one) { return !one->assigned; });
      if (v == group.front())
        v->type_name = take_name(type_name(questions > 1 || group.size() > 2 ? "answer" : v->name), types);
      else
        v->type_name = group.front()->type_name;
    }
}

} // namespace aceso::gdl2
