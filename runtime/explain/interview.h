#pragma once
/// An interview about one patient: asks only what still matters, the most telling first, until the decision is settled.
/// Writes to no stream; `aceso ask` and applications put their own face on it.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "explain/explanation.h"

namespace aceso {

struct InterviewOptions {
  /// Evaluations for one question. Where there are more answers to try, the inputs that the decision names last are
  /// not tried.
  std::size_t evaluations = 400;
};

struct Question {
  InputId input;
  std::size_t open_inputs = 0;      ///< how many inputs may still matter, this one included
  std::vector<std::string> settles; ///< what it may help to settle: actions, differentials, cautions, stages
  bool decides_whether_it_applies = false;
  bool asks_for_earlier = false; ///< the value of now is known; one of before is missing, with its date
};

/// What an answer came to.
struct AnswerResult {
  std::vector<CaseFault> faults;    ///< not empty: nothing was changed
  std::vector<std::string> settled; ///< "MRI lumbar spine: advised", in the order of the declarations
  [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// Not thread-safe, as its engine is not. `engine` must outlive it.
class Interview {
public:
  /// `start` may hold what is known already. Its constraints must hold.
  Interview(Engine& engine, PatientCase start, InterviewOptions options = {});

  /// The question to ask now; nothing when the decision is settled, or when all that is left cannot be answered.
  [[nodiscard]] std::optional<Question> next();
  /// Takes what a person typed as the answer to `input`: "yes", "n", "38.6", "38.6 Cel", "2 wk", a member or its
  /// number in the list of choices, "2026-11-22", "unknown", "unknown refused". It is read by the same rules and
  /// refused with the same faults as a case file. Where a value of before is asked for: "5 on 2026-11-01", or
  /// "unknown".
  [[nodiscard]] AnswerResult answer(InputId input, std::string_view text);
  /// Takes back the last answer; the input it was about, or nothing where there was none.
  std::optional<InputId> back();

  /// It is missing, although what is known of it now is stated: only what was found before can help.
  [[nodiscard]] bool asks_for_earlier(InputId input) const;

  [[nodiscard]] const PatientCase& patient_case() const { return case_; }
  [[nodiscard]] const Decision& decision() const { return decision_; }
  /// Nothing undetermined is left.
  [[nodiscard]] bool is_settled() const { return decision_.missing.empty() && decision_.applies != Truth::unknown; }
  /// Evaluations that the last call of `next` took.
  [[nodiscard]] std::size_t asked() const { return asked_; }

private:
  struct Step {
    InputId input;
    PatientCase before;
    std::set<InputId> no_earlier;
  };
  [[nodiscard]] AnswerResult answer_earlier(InputId input, const std::string& typed);
  [[nodiscard]] AnswerResult take(InputId input, PatientCase answered);
  [[nodiscard]] std::vector<InputId> candidates() const;
  [[nodiscard]] bool can_be_asked(InputId input) const;

  Engine& engine_;
  InterviewOptions options_;
  PatientCase case_;
  Decision decision_;
  std::vector<Step> steps_;
  std::set<InputId> no_earlier_; ///< nobody can tell an earlier value
  std::size_t asked_ = 0;
};

/// What may be typed, in words: "yes or no", "a number with its unit, from 30 to 45 Cel; without one Cel is meant".
[[nodiscard]] std::string answer_help(const Dictionary& dictionary, InputId input);
/// The same where a value of before is asked for.
[[nodiscard]] std::string earlier_answer_help(const Dictionary& dictionary, InputId input);
/// The choices in their order, with their titles; empty for an input that has none.
[[nodiscard]] std::vector<std::string> choices_of(const Dictionary& dictionary, InputId input);

} // namespace aceso
