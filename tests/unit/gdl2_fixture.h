#pragma once
/// Small guidelines of GDL2 for the tests of the import.

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "aceso/compiler.h"
#include "gdl2/import.h"

namespace aceso::gdl2 {

using nlohmann::json;

/// A guideline whose parts are set one by one. Elements are all of one record.
struct Source {
  json rules = json::object(), terms = json::object(), elements = json::object();
  json more = json::object();        ///< further members of `definition`
  json swedish = json::object();     ///< terms
  json description = json::object(); ///< further members of `description`
  std::string references{}, cases{};

  Source& term(const std::string& code, const std::string& text) {
    terms[code] = {{"id", code}, {"text", text}};
    return *this;
  }
  Source& input(const std::string& code, const std::string& text) {
    elements[code] = {{"id", code}, {"path", "/" + code}};
    return term(code, text);
  }
  Source& rule(const std::string& code, int priority, std::vector<std::string> when, std::vector<std::string> then) {
    rules[code] = {{"id", code}, {"priority", priority}, {"when", std::move(when)}, {"then", std::move(then)}};
    return *this;
  }

  [[nodiscard]] Import import() const {
    json root{{"id", "made_up.v1"},
              {"gdl_version", "2.0"},
              {"concept", "gt0001"},
              {"language", {{"original_language", "ISO_639-1::en"}}},
              {"description", {{"lifecycle_state", "Author draft"}, {"other_details", {{"references", references}}}}},
              {"definition",
               {{"data_bindings",
                 {{"gt9",
                   {{"id", "gt9"},
                    {"model_id", "openEHR-EHR-OBSERVATION.pain.v1"},
                    {"type", "INPUT"},
                    {"elements", elements}}}}},
                {"rules", rules}}},
              {"ontology", {{"term_definitions", {{"en", {{"id", "en"}, {"terms", terms}}}}}}}};
    root["ontology"]["term_definitions"]["en"]["terms"]["gt0001"] = {{"text", "Made up"}};
    root["definition"].update(more);
    root["description"].update(description);
    if (!swedish.empty()) root["ontology"]["term_definitions"]["sv"] = {{"id", "sv"}, {"terms", swedish}};
    Options options;
    options.file_name = "made_up.gdl2.json";
    options.case_text = cases;
    ReadFault fault;
    auto result = import_guideline(root.dump(), options, fault);
    if (!result) throw std::runtime_error(fault.reason);
    return std::move(*result);
  }
};

/// The text, which must compile.
inline std::string text_of(const Source& source) {
  Import import = source.import();
  const Compilation compilation = compile_text(import.text, "imported.aceso");
  EXPECT_TRUE(compilation.ok()) << import.text << compilation.render_diagnostics(false);
  return std::move(import.text);
}

inline Source two_findings() {
  return Source().input("gt4", "Fever").input("gt5", "Cough").term("gt20", "Points").term("gt21", "Plan");
}

} // namespace aceso::gdl2
