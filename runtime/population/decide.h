#pragma once
/// The decisions about the patients of one chunk, by whichever engine.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "module/decision.h"
#include "population/patients.h"

namespace aceso::population {

/// What is decided beside whether the guideline applies, the advice, the stage and the cautions.
struct Wanted {
  std::vector<DefinitionId> values; ///< derived values
  /// What could settle the advice that is undetermined. Without it, still for the patients that stand for all
  /// (`stands_for_all`).
  bool missing = false;
  bool full = false; ///< the whole decision as JSON
};

/// Whether the patient of this line is looked at closely for the summary, where not all are: each of the first ten
/// thousand lines, then one in a hundred. It does not depend on chunks, threads or engines.
[[nodiscard]] constexpr bool stands_for_all(std::uint64_t line) { return line <= 10'000 || line % 100 == 0; }

/// What is advised about one action, in one number: status, verb, strength, urgency, term.
class Advice {
public:
  Advice() = default;
  Advice(RecommendationStatus status, std::optional<Verb> verb, Strength strength, Urgency urgency)
      : code_(static_cast<unsigned>(status) | (verb ? static_cast<unsigned>(*verb) + 1u : 0u) << 3 |
              static_cast<unsigned>(strength) << 6 | static_cast<unsigned>(urgency) << 8) {}
  explicit Advice(std::uint32_t code) : code_(code) {}

  void set(RecommendationStatus status) { replace(0, 7u, static_cast<unsigned>(status)); }
  void set(Verb verb) { replace(3, 7u, static_cast<unsigned>(verb) + 1u); }
  void set(Strength strength) { replace(6, 3u, static_cast<unsigned>(strength)); }
  void set(Urgency urgency) { replace(8, 7u, static_cast<unsigned>(urgency)); }
  /// `place` among the terms of the action, see `terms_of`.
  void set_term(std::size_t place) { replace(term_begins, ~0u >> term_begins, static_cast<unsigned>(place) + 1u); }

  [[nodiscard]] std::uint32_t code() const { return code_; }
  [[nodiscard]] RecommendationStatus status() const { return static_cast<RecommendationStatus>(code_ & 7u); }
  [[nodiscard]] std::optional<Verb> verb() const {
    const unsigned verb = code_ >> 3 & 7u;
    return verb == 0 ? std::nullopt : std::optional(static_cast<Verb>(verb - 1));
  }
  [[nodiscard]] Strength strength() const { return static_cast<Strength>(code_ >> 6 & 3u); }
  [[nodiscard]] Urgency urgency() const { return static_cast<Urgency>(code_ >> 8 & 7u); }
  /// Its place among the terms of the action; nothing: no term.
  [[nodiscard]] std::optional<std::size_t> term() const {
    const unsigned term = code_ >> term_begins;
    return term == 0 ? std::nullopt : std::optional(std::size_t{term - 1});
  }

private:
  static constexpr unsigned term_begins = 11;
  void replace(unsigned at, unsigned mask, unsigned by) { code_ = (code_ & ~(mask << at)) | by << at; }
  std::uint32_t code_ = static_cast<std::uint32_t>(RecommendationStatus::not_advised);
};

struct MissingOf {
  std::size_t row = 0;
  std::vector<InputId> inputs; ///< in the order of declaration
};

/// One of the things that are decided about every row, in the order in which they are written: whether the guideline
/// applies, the advice about each action that is spoken of, the stage, each caution. A field has a code: of a Truth its
/// number, of advice Advice::code, of a stage its position plus 1 (0 for none).
struct Field {
  enum class Kind : std::uint8_t { applies, advice, stage, caution } kind = Kind::applies;
  std::uint32_t index = 0; ///< position among the actions that are spoken of (see `spoken_of`), or among the cautions
};
[[nodiscard]] std::vector<Field> fields_of(const Module& module);

/// Neighbouring fields, by their positions, whose codes in a row are told by one number. Advice and whether the
/// guideline applies may stand together, cautions may; the stage stands alone.
struct FieldGroup {
  std::size_t first = 0, count = 0;
};

/// By row, parallel to Patients.
struct Outcomes {
  std::vector<std::uint8_t> is_refused; ///< there is no decision; the reason stands in `refusals`
  std::vector<std::uint8_t> is_open;    ///< some advice is undetermined; 0 where it is refused
  /// By group of fields, then by row: a number for what is decided. Few of them occur, and what each means is asked for
  /// once (Decider::meaning). Of a row that is refused it does not matter.
  std::vector<std::vector<std::uint32_t>> keys;
  std::vector<std::vector<Value>> values; ///< by value that is wanted, then by row
  std::vector<std::string> full;          ///< where wanted
  std::vector<MissingOf> missing;         ///< rows ascend; those with undetermined advice only
  std::vector<std::pair<std::size_t, std::vector<CaseFault>>> refusals; ///< rows ascend
  void reset(std::size_t rows, std::size_t groups, const Wanted& wanted);
};

/// The actions about which some rule speaks, in the order of declaration. All others are never advised.
[[nodiscard]] std::vector<ActionId> spoken_of(const Module& module);
/// Of each of these: the terms ("within 2 weeks") of the advice about it, each once.
using Terms = std::vector<std::vector<Period>>;
[[nodiscard]] Terms terms_of(const Module& module);
/// What an engine says about one of them, which stands at `position`.
[[nodiscard]] Advice advice_of(const Terms& terms, std::size_t position, RecommendationStatus status,
                               std::optional<Verb> verb, Strength strength, Urgency urgency,
                               const std::optional<Period>& within);

/// One for each thread.
class Decider {
public:
  Decider() = default;
  Decider(const Decider&) = delete;
  Decider& operator=(const Decider&) = delete;
  virtual ~Decider() = default;
  virtual void decide(const Patients& patients, Outcomes& outcomes) = 0;
  /// All fields, in their order. They stay the same.
  [[nodiscard]] virtual const std::vector<FieldGroup>& groups() const = 0;
  /// The codes of the fields of a group that a key stands for, until it is asked again. A key keeps its meaning.
  [[nodiscard]] virtual std::span<const std::uint32_t> meaning(std::size_t group, std::uint32_t key) = 0;
};

enum class EngineKind : std::uint8_t { vm, batch, native };
[[nodiscard]] std::string_view to_text(EngineKind engine);

/// Deciders of one kind; makes once what they share. Throws RunError where the engine is not to be had.
class DeciderFactory {
public:
  DeciderFactory(std::shared_ptr<const Module> module, EngineKind engine, const Wanted& wanted);
  ~DeciderFactory();
  DeciderFactory(const DeciderFactory&) = delete;
  DeciderFactory& operator=(const DeciderFactory&) = delete;
  [[nodiscard]] std::unique_ptr<Decider> make() const;

private:
  struct Shared;
  std::unique_ptr<const Shared> shared_;
};

/// The facts of a row as a case.
[[nodiscard]] PatientCase case_of(const Module& module, const Patients& patients, std::size_t row);

} // namespace aceso::population
