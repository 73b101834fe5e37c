#pragma once
/// A guideline of GDL2 as an Aceso guideline, and its cases as case files.
/// Source: openEHR, "Guideline Definition Language v2 (GDL2)". What is decided
/// on the way stands in docs/decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gdl2/model.h"
#include "gdl2/read_guideline.h"

namespace aceso::gdl2 {

/// How wide the ranges of numbers are, of which the source says nothing. Tighter ones are for guidelines whose formulas
/// could otherwise leave 64 bits; they are tried where the text does not compile.
enum class Tightness {
  wide,
  narrow, ///< and exponents are held between bounds
  seen    ///< hardly wider than what the rules and the cases name
};

struct Options {
  std::string file_name;      ///< of the source, told at the head of the text
  std::string_view case_text; ///< of the `.test.yml`; empty where there is none
  Tightness tightness = Tightness::wide;
};

struct CaseFile {
  std::string id{}, json{};
  std::vector<std::string> expected{}; ///< codes of the values that its expectations are about, in
                                       ///< their order
};

/// A file for translators, with what the source says in a further language.
struct Translation {
  std::string language{}; ///< "sv", "es_MX"
  std::string text{};     ///< PO; complete is what `aceso translate` makes of it
};

struct NamedValue {
  std::string code, name;
};

struct Import {
  std::string name;                ///< of the Aceso guideline
  std::string text;                ///< in the canonical layout
  std::vector<NamedValue> values;  ///< what the guideline decides
  std::vector<Omission> omissions; ///< what the text does not have
  std::vector<Translation> translations;
  std::vector<CaseFile> cases;
  std::vector<Omission> case_omissions; ///< inputs and expectations of cases that are left out;
                                        ///< place: "case ID, gt0004"
  std::optional<ReadFault> case_fault;  ///< why the file of cases could not be read wholly
};

/// Nothing, and `fault`, where the file is no guideline. Pure; may be called
/// from several threads.
[[nodiscard]] std::optional<Import> import_guideline(std::string_view json, const Options& options, ReadFault& fault);

} // namespace aceso::gdl2
