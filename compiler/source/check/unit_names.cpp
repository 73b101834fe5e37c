/// Everyday names of units: `unit week, weeks = wk`.
#include <fmt/format.h>

#include "check/checker.h"
#include "values/units.h"

namespace aceso::check {

void Checker::declare_units() {
  for (const ast::File& file : program_->files)
    for (const auto& declaration : file.declarations)
      if (const auto* unit = std::get_if<ast::UnitDecl>(&declaration)) declare_unit(*unit);
}

void Checker::declare_unit(const ast::UnitDecl& declaration) {
  (void)citations(declaration.cites);
  const std::string& code = declaration.code.text;
  if (const auto error = units::explain_invalid(code)) {
    Diagnostic& d = sink_.report(Kind::unknown_unit, declaration.code.span, code, ": " + error->message);
    d.mend = error->suggestion.empty() ? "a name stands for a UCUM code, not for another name"
                                       : fmt::format("did you mean `{}`?", error->suggestion);
    return;
  }
  std::vector<ast::Name> names{declaration.name};
  names.insert(names.end(), declaration.more_names.begin(), declaration.more_names.end());
  for (const ast::Name& name : names) {
    const auto same = units::conversion(name.text, code);
    if (units::is_valid(name.text) && !(same && same->factor == Rational(1) && same->offset == Rational(0)))
      sink_.report(Kind::unit_name_taken, name.span, name.text, code).mend =
          "choose a name that is not a UCUM code, or write the code itself";
    else
      graph_.dictionary.units.push_back({name.text, code});
  }
}

std::string Checker::time_word(const std::string& code, bool one) const {
  for (const auto& [name, symbol] : units_) {
    const auto& unit = static_cast<const ast::UnitDecl&>(*symbol.declaration);
    if (unit.code.text == code && !unit.more_names.empty()) return one ? unit.name.text : unit.more_names[0].text;
  }
  return code;
}

std::string Checker::nearest_unit(std::string_view written) const { return nearest_name(written, {&units_}); }

} // namespace aceso::check
