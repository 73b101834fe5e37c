#include "gdl2/write_codes.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gdl2/names.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {
namespace {

class CodesWriter {
public:
  CodesWriter(const Guideline& guideline, const Variables& variables, const Program& program)
      : guideline_(guideline), variables_(variables), program_(program) {
    for (const Element& one : guideline.elements)
      elements_.emplace(one.id, &one);
  }

  std::string write() {
    for (const auto& [code, v] : variables_)
      bind(v);
    if (lines_.empty() && remarks_.empty()) return {};
    std::string text = "codes gdl2_codes \"Codes of the source\" {\n";
    text += fmt::format("  system gdl2 {}\n", quoted(guideline_.id));
    for (const std::string& model : models_)
      text += fmt::format("  system {} {}\n", systems_[model], quoted(model));
    text += lines_;
    if (!remarks_.empty()) text += "  // Also in the source:\n" + remarks_;
    return text + "}\n";
  }

private:
  /// The system whose codes the choices of `v` are: that of its archetype, else the guideline itself.
  const std::string& system_of(const Variable& v) {
    const std::string model = v.model.empty() ? guideline_.id : v.model;
    if (model == guideline_.id) systems_.emplace(model, "gdl2");
    if (!systems_.contains(model)) {
      models_.push_back(model);
      systems_.emplace(model, fmt::format("archetype_{}", models_.size()));
    }
    return systems_.at(model);
  }

  void bind(const Variable& v) {
    const std::vector<std::string> names = input_names(v, program_);
    const bool decided = is_decided(v, program_);
    if (names.empty() && !decided) return;
    const auto element = elements_.find(v.code);
    const std::string path = element == elements_.end() ? std::string() : element->second->path;
    for (const std::string& name : names) {
      lines_ += fmt::format("  {} = gdl2 {} {}\n", name, quoted(v.code), quoted(v.title));
      if (!path.empty()) lines_ += fmt::format("  {} = {} {}\n", name, system_of(v), quoted(path));
    }
    if (decided && !path.empty())
      remarks_ += fmt::format("  // {} is gdl2 {}, {} {}\n", v.name, quoted(v.code), system_of(v), quoted(path));
    if (element != elements_.end() && !element->second->units.empty())
      remarks_ += fmt::format("  // {}: given in {}\n", names.empty() ? v.name : names.front(),
                              fmt::join(element->second->units, ", "));
    if (v.kind == VariableKind::yes_no) answers(v, names.empty() ? v.name : names.front());
    if (v.kind != VariableKind::choice) return;
    for (const Choice& one : v.choices) {
      if (one.code.empty()) continue;
      const std::string line =
          fmt::format("  {}.{} = {} {} {}\n", v.type_name, one.name, system_of(v), quoted(one.code), quoted(one.label));
      if (written_.insert(line).second) lines_ += line;
    }
  }

  /// "// fever: yes is archetype_1 "at0005" "Present", no is ..."
  void answers(const Variable& v, const std::string& name) {
    std::string list;
    for (const Choice& one : v.choices) {
      if (one.code.empty()) continue;
      list += fmt::format("{}{} is {}{} {} {}", list.empty() ? "" : ", ", one.name,
                          one.score.empty() ? std::string() : one.score + ", ", system_of(v), quoted(one.code),
                          quoted(one.label));
    }
    if (!list.empty()) remarks_ += fmt::format("  // {}: {}\n", name, list);
  }

  const Guideline& guideline_;
  const Variables& variables_;
  const Program& program_;
  std::map<std::string, const Element*> elements_;
  std::vector<std::string> models_;
  std::map<std::string, std::string> systems_; ///< names by address
  std::set<std::string> written_;
  std::string lines_, remarks_;
};

/// "gt0030 Low risk"
std::string named(const std::string& code, const std::string& title) {
  return title == code ? code : fmt::format("{} {}", code, title);
}

/// Whether a case may give it in a unit, as the source spells it.
bool takes_unit(const Variable& v, const std::string& spelling) {
  const std::string code = ucum_code(one_line(spelling));
  if (code.empty()) return false;
  if (v.kind != VariableKind::quantity) return code == "1";
  return std::any_of(v.units.begin(), v.units.end(), [&](const UnitClass& one) {
    return one.unit == code ||
           (std::find(one.others.begin(), one.others.end(), code) != one.others.end() && is_near(code, one.unit));
  });
}

} // namespace

std::vector<std::string> input_names(const Variable& v, const Program& program) {
  std::vector<std::string> result;
  if (v.kind == VariableKind::quantity && v.units.size() > 1) {
    for (const UnitClass& one : v.units)
      if (program.read.contains(one.name)) result.push_back(one.name);
    return result;
  }
  const std::string name = v.assigned ? v.name + "_given" : v.name;
  if (program.read.contains(name)) result.push_back(name);
  return result;
}

bool is_decided(const Variable& v, const Program& program) {
  return v.assigned && std::any_of(program.definitions.begin(), program.definitions.end(),
                                   [&](const Definition& one) { return one.name == v.name; });
}

std::string write_codes(const Guideline& guideline, const Variables& variables, const Program& program) {
  return CodesWriter(guideline, variables, program).write();
}

std::string write_names(const Guideline& guideline, const Variables& variables, const Program& program) {
  std::string text;
  std::set<std::string> used{guideline.concept_code}, noted;
  for (const Definition& one : program.definitions)
    noted.insert(one.notes.begin(), one.notes.end());
  const auto line = [&](const std::string& code, const std::string& title, const std::string& said) {
    std::string words = named(code, title);
    if (said.size() > 1 && said != title && !noted.contains(fmt::format("{}: {}", title, said))) words += ": " + said;
    for (const std::string& one : lines_of(words, 104))
      text += fmt::format("//   {}\n", one);
  };
  if (!guideline.rules.empty()) text += "\n// Rules of the source, in the order in which they run\n";
  for (const Rule& rule : guideline.rules) {
    used.insert(rule.id);
    const auto term = guideline.terms.find(rule.id);
    const bool own = !rule.description.empty() || term == guideline.terms.end();
    line(rule.id, term_text(guideline, rule.id), one_line(own ? rule.description : term->second.description));
  }
  for (const Element& one : guideline.elements) {
    used.insert(one.id);
    // The name of a record is that of its archetype, or the title of its inputs.
    const std::string record = term_text(guideline, one.binding);
    if (record == one.model || !record.starts_with("openEHR-")) used.insert(one.binding);
  }
  for (const auto& [code, v] : variables)
    if (is_decided(v, program) || !input_names(v, program).empty()) used.insert(code);
  const std::size_t before = text.size();
  for (const auto& [code, term] : guideline.terms)
    if (!used.contains(code) && !one_line(term.text).empty())
      line(code, one_line(term.text), one_line(term.description));
  if (text.size() != before) text.insert(before, "\n// Terms of the source that belong to no rule and no element\n");
  return text;
}

void omit_unused_elements(const Guideline& guideline, const Variables& variables, const Program& program,
                          std::vector<Omission>& omissions) {
  for (const Element& one : guideline.elements) {
    const auto found = variables.find(one.id);
    const bool asked = found != variables.end() && !input_names(found->second, program).empty();
    if (asked) {
      for (const std::string& unit : one.units)
        if (!takes_unit(found->second, unit))
          omissions.push_back({"element " + named(one.id, term_text(guideline, one.id)), "unit " + unit,
                               "values in this unit do not convert into those that are asked for"});
      continue;
    }
    if (found != variables.end() && is_decided(found->second, program)) continue;
    std::string what = named(one.id, term_text(guideline, one.id)) + ' ' + one.path;
    if (const auto term = guideline.terms.find(one.id); term != guideline.terms.end())
      if (const std::string said = one_line(term->second.description); said.size() > 1) what += ": " + said;
    if (!one.allowed_values.empty()) what += fmt::format("; values {}", fmt::join(one.allowed_values, ", "));
    if (!one.units.empty()) what += fmt::format("; units {}", fmt::join(one.units, ", "));
    if (found != variables.end())
      for (const Choice& choice : found->second.choices)
        if (one.allowed_values.empty()) what += fmt::format("; {} {}", choice.code, choice.label);
    omissions.push_back(
        {fmt::format("data binding {} ({})", one.binding, one.model), std::move(what),
         one.is_input ? "nothing that is carried over reads it" : "nothing that is carried over sets it"});
  }
}

} // namespace aceso::gdl2
