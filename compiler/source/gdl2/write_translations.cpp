#include "gdl2/write_translations.h"

#include <cctype>
#include <map>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "module/translation.h"

namespace aceso::gdl2 {
namespace {

/// "es-mx" is es_MX.
std::string language_code(const std::string& language) {
  const std::size_t dash = language.find_first_of("-_");
  if (dash == std::string::npos) return language;
  std::string region = language.substr(dash + 1);
  for (char& c : region)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return language.substr(0, dash) + '_' + region;
}

/// The place of a text in the file, and the code of the term that it comes from.
struct Place {
  std::string key, code;
};

std::vector<Place> places(const Guideline& guideline, const Variables& variables, const Program& program) {
  std::vector<Place> result{{"guideline title", guideline.concept_code}};
  std::map<std::string, std::string> defined; // name of the value, and its code
  for (const auto& [code, v] : variables) {
    const std::string input = v.assigned ? v.name + "_given" : v.name;
    if (program.read.contains(input)) result.push_back({fmt::format("input {} question", input), code});
    for (const UnitClass& one : v.units)
      if (one.name != input && program.read.contains(one.name))
        result.push_back({fmt::format("input {} question", one.name), code});
    if (v.assigned) defined.emplace(v.name, code);
  }
  for (const Rule& rule : guideline.rules)
    if (const auto name = program.fired.find(rule.id); name != program.fired.end())
      defined.emplace(name->second, rule.id);
  for (const Definition& one : program.definitions)
    if (const auto code = defined.find(one.name); code != defined.end())
      result.push_back({fmt::format("define {} title", one.name), code->second});
  return result;
}

} // namespace

std::vector<Translation> write_translations(const Guideline& guideline, const Variables& variables,
                                            const Program& program, std::vector<Omission>& omissions) {
  std::vector<Translation> result;
  const std::vector<Place> all = places(guideline, variables, program);
  for (const auto& [language, terms] : guideline.further_terms) {
    Translation one{.language = language_code(language)};
    if (!is_language_code(one.language)) {
      omissions.push_back({"ontology", language, "this is no code of a language; its texts are not carried over"});
      continue;
    }
    for (const Place& place : all) {
      const auto term = terms.find(place.code);
      if (term == terms.end() || one_line(term->second).empty()) continue;
      one.text += fmt::format("\nmsgctxt {}\nmsgid {}\nmsgstr {}\n", quoted(place.key),
                              quoted(term_text(guideline, place.code)), quoted(one_line(term->second)));
    }
    if (one.text.empty()) continue;
    one.text.insert(0, fmt::format("msgid \"\"\nmsgstr {}\n", quoted(fmt::format("Language: {}\n", one.language))));
    result.push_back(std::move(one));
  }
  return result;
}

} // namespace aceso::gdl2
