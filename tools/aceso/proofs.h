#pragma once
/// What `prove`, `diff` and `compare` share: budgets, guidelines that decide something, patients and rules as text.

#include <nlohmann/json.hpp>

#include "analyse/pair_questions.h"
#include "command.h"

namespace aceso::command {

struct ProofOptions {
  std::string format, save_cases;
  bool strict = false;
  int steps = analyse::Budget{}.steps_per_question;
  double seconds = 0;
  ColorMode color = ColorMode::automatic;

  [[nodiscard]] bool is_json() const { return format == "json"; }
  [[nodiscard]] analyse::Budget budget() const;
  /// "200000 steps a question, 3 s in all".
  [[nodiscard]] std::string budget_text() const;
};
/// --format, --save-cases, --strict, --steps, --budget, --color.
void add_proof_options(CLI::App& command, ProofOptions& options);

/// Compiles a guideline, to be proved and not to decide with it (CompileOptions::describes); a module is refused.
/// `exit_code` is set where nothing is returned.
[[nodiscard]] std::unique_ptr<Compilation> compile_guideline(const std::string& path, ColorMode color, int& exit_code);
/// Two of them at once; what is said of them stands in their order. `with_hash` where their hashes are to be told.
struct TwoGuidelines {
  std::unique_ptr<Compilation> first, second;
};
[[nodiscard]] TwoGuidelines compile_guidelines(const std::string& first, const std::string& second, ColorMode color,
                                               int& exit_code, bool with_hash);

/// "new.aceso:12".
[[nodiscard]] std::string place_text(const Compilation& compilation, source::Span span);
/// "rule `urgent_mri` at new.aceso:12: when red_flag (NG59, 1.1)".
[[nodiscard]] std::string rule_text(const Compilation& compilation, RuleId rule);
[[nodiscard]] nlohmann::ordered_json rule_json(const Compilation& compilation, RuleId rule);

/// One line for each fact, indented; "anybody" where none matters.
[[nodiscard]] std::string patient_text(const std::vector<std::string>& facts, std::string_view indent);
[[nodiscard]] nlohmann::ordered_json case_json(const Compilation& compilation, const PatientCase& patient);

/// Writes a case file into the folder of --save-cases, which is made where it is missing; does nothing without that
/// option. Letters, digits, `_` and `-` of `name` stay. False, with a message, where it cannot be written.
[[nodiscard]] bool save_case(const ProofOptions& options, const Compilation& compilation, const PatientCase& patient,
                             std::string name);

} // namespace aceso::command
