#include "gdl2/write_translations.h"

#include <cctype>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/write_codes.h"
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
    for (const std::string& input : input_names(v, program))
      result.push_back({fmt::format("input {} question", input), code});
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

/// The editor writes "*(en) Age" for what is not translated, "*" for what is not said.
std::string said(const std::string& text) {
  std::string line = one_line(text);
  return line.starts_with("*") ? std::string() : line;
}

/// Lines for translators, which no program reads.
std::string remark(const std::string& text) {
  std::string result;
  for (const std::string& line : lines_of(text, 110))
    result += "# " + line + '\n';
  return result;
}

/// Terms that have a place in the guideline become entries; the others, such as the names of rules, stand at the head.
void write_terms(const Guideline& guideline, const std::vector<Place>& all, const std::map<std::string, Term>& terms,
                 std::string& head, std::string& body) {
  std::set<std::string> placed;
  for (const Place& place : all) {
    const auto term = terms.find(place.code);
    if (term == terms.end() || said(term->second.text).empty()) continue;
    body += '\n';
    if (placed.insert(place.code).second && !said(term->second.description).empty())
      body += remark(term->second.description);
    body += fmt::format("msgctxt {}\nmsgid {}\nmsgstr {}\n", quoted(place.key),
                        quoted(term_text(guideline, place.code)), quoted(said(term->second.text)));
  }
  std::set<std::string> models; // the names of records are the same in each language
  for (const Element& one : guideline.elements)
    models.insert(one.model);
  for (const auto& [code, term] : terms) {
    if (placed.contains(code) || models.contains(term.text)) continue;
    std::string words = said(term.text);
    if (const std::string more = said(term.description); !more.empty()) words += ": " + more;
    if (!words.empty()) head += remark(fmt::format("{} {}", code, words));
  }
}

} // namespace

std::vector<Translation> write_translations(const Guideline& guideline, const Variables& variables,
                                            const Program& program, std::vector<Omission>& omissions) {
  std::vector<Translation> result;
  const std::vector<Place> all = places(guideline, variables, program);
  std::set<std::string> languages;
  for (const auto& [language, terms] : guideline.further_terms)
    languages.insert(language);
  for (const auto& [language, texts] : guideline.further_descriptions)
    languages.insert(language);
  for (const std::string& language : languages) {
    Translation one{.language = language_code(language)};
    if (!is_language_code(one.language)) {
      omissions.push_back({"ontology", language, "this is no code of a language; its texts are not carried over"});
      continue;
    }
    std::string head, body;
    if (const auto found = guideline.further_descriptions.find(language); found != guideline.further_descriptions.end())
      for (const auto& [key, text] : found->second)
        head += remark(fmt::format("{}: {}", key, text));
    if (const auto terms = guideline.further_terms.find(language); terms != guideline.further_terms.end())
      write_terms(guideline, all, terms->second, head, body);
    if (head.empty() && body.empty()) continue;
    one.text =
        fmt::format("{}msgid \"\"\nmsgstr {}\n{}", head, quoted(fmt::format("Language: {}\n", one.language)), body);
    result.push_back(std::move(one));
  }
  return result;
}

} // namespace aceso::gdl2
