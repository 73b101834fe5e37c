#pragma once
/// What the single checks share: one solver, one encoding, one place for findings.

#include <map>
#include <memory>

#include <fmt/format.h>

#include "analyse/boxes.h"
#include "analyse/deep.h"
#include "analyse/excerpts.h"

namespace aceso::analyse {

/// How many boxes may be looked at for one row, and for the whole of a table. What takes more is asked of the solver.
constexpr std::int64_t budget_of_row = 400'000, budget_of_table = 100'000'000;

/// In tables with more rows the boxes are the judge while a patient is made small, and an engine in the end; and that a
/// row can be reached rests on the boxes alone.
constexpr std::size_t most_rows_for_engine = 256;

/// What the decision says of the action; null where it says nothing. It belongs to the evaluation.
[[nodiscard]] inline const Recommendation* recommendation(const reference::Evaluation& e, ActionId action) {
  for (const Recommendation& r : e.decision.recommendations)
    if (r.action == action) return &r;
  return nullptr;
}

/// A way of the stage itself, or an interrupt that is taken from there.
[[nodiscard]] bool leads_from(const graph::Transition& transition, StageId stage);

class Analysis {
public:
  Analysis(const graph::Graph& graph, const DeepOptions& options);

  void run(const DeepOptions& options);
  /// For each stage that a patient was shown to reach, a history that leads into it.
  WitnessBuilder::Histories find_histories() {
    explore_pathway();
    return witnesses_.histories();
  }
  /// An encoding that knows where a patient can stand, and that nobody stands where a way out is open (where that is
  /// so).
  [[nodiscard]] Encoding& explored_encoding() {
    explore_pathway();
    if (graph_.pathway) find_timeless_circle(false);
    return encoding_;
  }
  DeepReport report;

private:
  using Shows = WitnessBuilder::Shows;
  struct Reply {
    Verdict verdict =
        Verdict::undecided; ///< proved: no patient fits; refuted: one does, `witness` if it is to be shown
    std::optional<Witness> witness;
  };

  // ---- asking
  /// What a patient is wanted for: to be shown, and therefore made small, or only to know that there is one.
  enum class Purpose : std::uint8_t { show, know };
  /// Is there a patient for whom all of `wanted` hold, and whom `shows` recognises?
  Reply ask(std::vector<Lit> wanted, const Shows& shows, Purpose purpose = Purpose::show);
  Reply ask(diagnostics::Kind check, std::string subject, graph::Span span, std::vector<Lit> wanted,
            const Shows& shows);
  void note(diagnostics::Kind check, std::string subject, graph::Span span, Verdict verdict);
  /// Certificates for the question noted last.
  void certify();
  Finding& find(std::string subject, diagnostics::Diagnostic diagnostic, std::optional<Witness> witness);
  template <class... Args>
  diagnostics::Diagnostic complaint(diagnostics::Kind kind, graph::Span span, const Args&... args) {
    return {kind, span, fmt::format(fmt::runtime(diagnostics::info(kind).message), args...), {}, {}};
  }
  /// Asks about the rules: of this graph, or of its excerpts one by one.
  void ask_about_rules(void (Analysis::*find)());
  void cut(const DeepOptions& options);

  [[nodiscard]] const std::vector<Lit>& switches() const { return encoding_.constraint_switches(); }

  /// "rule `x`: recommend y (note, Section)": what a rule says and where it comes from.
  [[nodiscard]] std::string rule_words(RuleId rule) const;
  /// The case that this evaluation was made of, as one says it: what was stated before, and what holds now.
  [[nodiscard]] static PatientCase case_of(const reference::Evaluation& evaluation);
  /// "not asked", said about an input.
  [[nodiscard]] static Fact not_asked(InputId input);
  /// Every engine has to decide about this patient as the reference engine does; an A0999 finding where one does not.
  /// Of an excerpt: about the actions of which it speaks.
  void replay(const std::string& subject, const PatientCase& patient, const Excerpt* excerpt = nullptr);
  void report_undecided();

  // ---- find_unreachable.cpp
  struct Part {
    NodeId node;
    Lit literal = 0; ///< 0: that the node is yes
    graph::Span span;
    std::string text;
  };
  void find_unreachable_rules();
  void find_unreachable_others();
  /// Which rules one of the examples gets to; that costs less than a question.
  void find_examples();
  void mark_reached(RuleId rule);
  /// The conjuncts of a condition, definitions unfolded once.
  void add_parts(NodeId id, std::vector<Part>& parts);
  /// Asks whether the parts can hold together, and reports that they cannot, with those to blame.
  void check_reachable(const std::string& subject, const std::string& words, graph::Span span, std::vector<Part> parts,
                       const Shows& shows);
  /// Reports that these parts never hold together.
  void report_unreachable(const std::string& subject, const std::string& words, graph::Span span,
                          const std::vector<Part>& blamed, const std::vector<Lit>& core);
  // ---- find_in_tables.cpp
  void find_in_tables();
  void check_table(NodeId id, const std::string& name);
  /// The table as boxes, where it is made of such, and which of its rows meet.
  struct Boxed {
    std::optional<BoxTable> table;
    std::vector<std::vector<std::uint32_t>> meeting;
  };
  const Boxed& boxed(NodeId table);
  /// `earlier`: the rows before it that can keep a patient from it.
  void check_row(NodeId table, const std::string& name, std::size_t row, const std::vector<std::uint32_t>& earlier);
  void check_gap(NodeId table, const std::string& name);
  /// The inputs of which these conditions ask whether they are known, by themselves or by way of what follows from
  /// them.
  [[nodiscard]] std::vector<NodeId> asked_if_known(const std::vector<NodeId>& conditions) const;
  /// Inputs that the patient of a gap leaves open, and of which the rows ask whether they are known.
  struct Unanswered {
    std::vector<std::string> names{};
    bool others_are_proved = false; ///< that every patient who has answered one of them finds a row
  };
  void tell_gap(NodeId table, const std::string& name, Witness witness, const Unanswered& open);
  void check_overlaps(NodeId table, const std::string& name);
  /// Two rows that one patient matches; at most a few are told one by one.
  void tell_overlap(NodeId table, const std::string& name, std::pair<std::size_t, std::size_t> rows, Witness witness);
  void tell_more_overlaps(NodeId table, const std::vector<std::size_t>& rows, std::size_t told);
  // ---- find_in_boxes.cpp: the same where the rows are boxes
  void check_rows(NodeId table, const std::string& name, const BoxTable& boxes,
                  const std::vector<std::vector<std::uint32_t>>& meeting);
  void blame_boxes(NodeId table, const std::string& name, const BoxTable& boxes, std::size_t row,
                   std::vector<std::uint32_t> earlier);
  bool check_gap(NodeId table, const std::string& name, const BoxTable& boxes);
  bool check_overlaps(NodeId table, const std::string& name, const BoxTable& boxes,
                      const std::vector<std::vector<std::uint32_t>>& meeting);
  [[nodiscard]] std::string row_words(NodeId table, std::size_t row) const;
  [[nodiscard]] graph::Span row_span(NodeId table, std::size_t row) const;
  /// The rows that some patient matches together with another row that says something else.
  std::vector<std::size_t> overlapping_rows(NodeId table, Lit two_match);
  // ---- find_conflicts.cpp
  void find_conflicts();
  void find_redundant();
  void check_redundant_conditions(RuleId rule);
  // ---- find_withdrawn.cpp
  void find_withdrawn();
  /// The inputs that `later` knows and encoding_ does not, in the model found last.
  [[nodiscard]] std::vector<InputId> found_learned(const Encoding& later) const;
  [[nodiscard]] reference::Evaluation without(const reference::Evaluation& e, const std::vector<InputId>& inputs) const;
  /// The action is advised without what is learned, and not with it.
  [[nodiscard]] Shows shows_withdrawn(ActionId action, const std::vector<InputId>& learned) const;
  void tell_withdrawn(ActionId action, const std::vector<InputId>& learned, Witness witness);
  /// Patients who come into a second row of a table once more is known, without the solver; by action, whether one was
  /// told. It shows what it finds, and proves nothing.
  std::vector<bool> tell_contradictions(const std::vector<NodeId>& roots);
  void tell_contradictions(NodeId table, std::vector<bool>& is_told);
  /// Two rows of this `unique` or `any` table say something else and one may match before the other is known to match.
  /// Where no two such rows meet, or both ask for the same inputs, what is learned contradicts nothing.
  bool can_learning_contradict(NodeId table);
  /// Something in what these nodes are made of can turn a yes into a no when a fact becomes known.
  bool can_learning_withdraw(const std::vector<NodeId>& roots);
  // ---- find_in_pathway.cpp
  void find_in_pathway();
  /// A patient who goes round without any time passing. What is found is told only where `is_told`.
  void find_timeless_circle(bool is_told);
  /// Nobody is seen in a stage that is left at once. Only where nobody can go round at one instant.
  void exclude_passing_through();
  void explore_pathway();
  bool try_transition(std::size_t transition, StageId from);
  /// Can a patient stand in `stage` without ever having been in `avoided`?
  /// No way out of the present stage is open.
  [[nodiscard]] Lit settled_in(Encoding& encoding) const;
  Reply reach_without(StageId stage, StageId avoided, const Shows& shows);
  // ---- find_waits.cpp
  void find_unasked_waits();
  void check_waits(StageId stage);
  /// Is there a patient in `stage` of whom none of `inputs` is known, and for whom the stage's `own` ways are all *no*,
  /// though with answers one of them would not be? `inputs`: of those `asked` if known; no way opens without them.
  Verdict check_wait(StageId stage, const std::vector<const graph::Transition*>& own, const std::vector<NodeId>& asked,
                     const std::vector<NodeId>& inputs);
  // ---- find_open_ways.cpp
  void find_open_ways();
  void check_open_ways(StageId stage);
  // ---- mends.cpp: what to write, asked anew of a guideline that was changed so; empty where that does not help
  /// So that one of two rules gives way, and still speaks for somebody.
  [[nodiscard]] std::string mend_by_override(ActionId action, const std::vector<RuleId>& rules,
                                             const PatientCase& patient) const;
  /// So that the inputs are asked for.
  [[nodiscard]] std::string mend_by_asking(const std::string& subject, const std::vector<InputId>& inputs) const;
  /// So that a patient who goes round waits; `circle`: its stages.
  [[nodiscard]] std::string mend_by_waiting(const std::vector<std::size_t>& circle) const;
  /// So that the thresholds of two rows meet: on a step that no row has, or that both have.
  [[nodiscard]] std::string mend_of_hole(NodeId table, const Witness& witness);
  [[nodiscard]] std::string mend_of_shared_step(NodeId table, std::pair<std::size_t, std::size_t> rows,
                                                const Witness& witness);
  /// Somebody matches the later of two rows and not the earlier, so that their order could decide.
  [[nodiscard]] bool is_order_enough(NodeId table, std::pair<std::size_t, std::size_t> rows);
  // ---- find_violations.cpp
  void find_violations(const std::vector<std::string>& only);
  void find_uncited();

  const graph::Graph& graph_;
  Budget budget_;
  std::vector<Engine*> engines_;
  std::function<std::unique_ptr<Engine>()> make_engine_; ///< nothing once it was made
  std::unique_ptr<Engine> made_engine_;
  std::string certificates_, index_; ///< "folder/stem", and the text of the index so far
  int certificate_count_ = 0;
  Sat sat_;
  Encoding encoding_;
  WitnessBuilder witnesses_;
  std::vector<Excerpt> excerpts_;
  std::vector<std::unique_ptr<Analysis>> of_excerpts_; ///< parallel to `excerpts_`
  bool is_excerpt_ = false;
  bool is_trial_ = false;                ///< it tries a mend, and proposes none itself
  std::vector<bool> is_reached_;         ///< by rule: an example gets there; of an excerpt, told by the whole
  std::map<std::uint32_t, Boxed> boxed_; ///< by node
  /// Patients for whom a table says something, one for each thing that it says.
  struct Example {
    WitnessBuilder::Facts facts;
    NodeId table;
    Value says; ///< as the boxes have it
  };
  std::vector<Example> examples_;
  bool is_budget_spent_ = false; ///< since the question noted last
  std::optional<Lit> settled_;   ///< settled_in(encoding_)
  std::vector<bool> stage_reached_, stage_excluded_;
  std::vector<std::vector<std::size_t>> ways_; ///< by stage: transitions that a patient was shown to take
  std::vector<bool> transition_impossible_;
};

} // namespace aceso::analyse
