#pragma once
/// From a model of the solver to a patient whom an engine was asked about. What no engine shows is no finding.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analyse/encoding.h"
#include "reference/engine.h"
#include "reference/evaluator.h"

namespace aceso::analyse {

struct Witness {
  PatientCase patient;
  /// One line for each fact that matters: "conservative_care_duration = 6 wk (the same from 6 wk to 52 wk)".
  /// Then, where the patient went through the pathway, the history that led there.
  std::vector<std::string> facts;
  std::vector<InputId> inputs; ///< of the first lines of `facts`, one each
  /// Inputs whose value is hemmed in to a single step, with thresholds on both sides.
  std::vector<InputId> single_step;
};

class WitnessBuilder {
public:
  /// Does this evaluation show what is to be shown?
  using Shows = std::function<bool(const reference::Evaluation&)>;

  struct Statement {
    InputId input;
    Value value;
    std::int64_t seconds_ago = 0; ///< series only; 0: now
  };
  using Facts = std::vector<Statement>;

  /// `most_tries`: how many values may be worked out to make one model come true, where it leaves nodes free.
  explicit WitnessBuilder(const graph::Graph& graph, std::uint64_t most_tries = Budget{}.tries_per_question());

  /// The patient of the model that `encoding` found last, made as small and as ordinary as `shows` allows. Nothing
  /// where the engine does not show it. `goal`: the nodes that should come out as the model says, where some are left
  /// free.
  [[nodiscard]] std::optional<Witness> from_model(const Encoding& encoding, const Shows& shows);
  /// The same for a patient who is known already. Where `quick` is given, it is asked while the patient is made small,
  /// and `shows` once in the end; it has to agree with `shows`.
  using Quick = std::function<bool(const Facts&)>;
  [[nodiscard]] std::optional<Witness> from_facts(Facts facts, const Shows& shows, const Quick& quick);
  /// Values of single nodes for these facts, without a decision.
  [[nodiscard]] bool holds(const Facts& facts, const std::function<bool(reference::Evaluator&)>& shows);
  /// Whether there would be one, without making it small.
  [[nodiscard]] bool confirms(const Encoding& encoding, const Shows& shows);

  /// A history that leads into the stage, the last event of which enters it; nothing where none was found.
  void set_history(StageId stage, std::vector<Event> events);
  [[nodiscard]] bool has_history(StageId stage) const { return histories_[stage.index()].has_value(); }
  [[nodiscard]] const std::vector<Event>& history(StageId stage) const { return *histories_[stage.index()]; }

  using Histories = std::vector<std::optional<std::vector<Event>>>;
  [[nodiscard]] const Histories& histories() const { return histories_; }
  void set_histories(Histories histories) { histories_ = std::move(histories); }
  /// The stage may also have been entered so many seconds ago.
  void add_stay(std::int64_t seconds) { stays_.push_back(seconds); }

  /// Whether what was said before may still hold for who is shown; else he says anew what he knows.
  void keep_history(bool keeps) { keeps_history_ = keeps; }

  [[nodiscard]] ZonedInstant now() const { return now_; }
  /// How many patients were shown to the engine.
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }

  /// How many values were worked out so far to make models come true.
  [[nodiscard]] std::uint64_t tries() const { return tries_; }

  [[nodiscard]] PatientCase build(const Facts& facts, std::optional<StageId> stage) const;

private:
  struct Found {
    Facts facts;
    std::optional<StageId> stage;
  };
  [[nodiscard]] std::optional<Found> find(const Encoding& encoding, const Shows& shows);
  [[nodiscard]] Witness made_small(Found found, const Shows& shows);
  [[nodiscard]] Facts facts_of(const Encoding& encoding);
  [[nodiscard]] std::optional<Value> pick(InputId input, const std::optional<Cut>& low,
                                          const std::optional<Cut>& high) const;
  /// Changes `facts` until the free nodes come out as the model says, or until `is_enough`.
  void realise(const Encoding& encoding, Facts& facts, const std::function<bool()>& is_enough);
  /// The history that leads into the stage, so long ago as it was found for this patient.
  [[nodiscard]] std::vector<Event> earlier_history(StageId stage) const;
  [[nodiscard]] bool is_shown(const Facts& facts, std::optional<StageId> stage, const Shows& shows);
  void minimise(Facts& facts, std::optional<StageId> stage, const Shows& shows);
  void make_ordinary(Facts& facts, std::optional<StageId> stage, const Shows& shows);
  void describe(Witness& witness, const Facts& facts, std::optional<StageId> stage, const Shows& shows);

  const graph::Graph& graph_;
  ZonedInstant now_;
  Histories histories_;
  std::vector<std::int64_t> stays_;
  std::int64_t stay_ = 0; ///< of the patient who is looked for
  bool keeps_history_ = true;
  bool takes_back_ = true; ///< what the history said and the model does not know
  Quick quick_;            ///< stands in for the engine while it is set
  std::uint64_t evaluations_ = 0, tries_ = 0, most_tries_, last_try_ = 0;
};

/// What was stated and which stages were entered, in the order of time: "worse from 2026-03-01T10:00:00Z".
[[nodiscard]] std::vector<std::string> history_lines(const Dictionary& names, const std::vector<Event>& events,
                                                     const reference::Evaluation& evaluation);

/// Tells the history of the patient behind the facts of the present: these events, and what is taken back now.
void tell_history(const graph::Graph& graph, Witness& witness, std::vector<Event> events);

/// All that these nodes are made of, themselves included, each once; invalid ids are passed over.
[[nodiscard]] std::vector<NodeId> nodes_behind(const graph::Graph& graph, std::vector<NodeId> roots);

/// The inputs that a node depends on, ascending.
[[nodiscard]] std::vector<std::uint32_t> inputs_behind(const graph::Graph& graph, NodeId id);

/// Numbers, durations, dates, instants: what from_number makes.
[[nodiscard]] bool is_ordered(const TypeInfo& type);
/// The grid of an input: its value as a number of days, seconds or units, and back.
/// No number of the patient lies outside of the range of its input: else no case could state it.
[[nodiscard]] bool is_in_range(const graph::Graph& graph, const PatientCase& patient);

[[nodiscard]] std::optional<Rational> to_number(const Value& value);
[[nodiscard]] Value from_number(const TypeInfo& type, Rational number);
/// The nearest number on a step of the type: what is measured in such steps can have it. Without steps the number
/// itself.
[[nodiscard]] Rational on_step(const TypeInfo& type, const Rational& number, RoundingMode mode);

} // namespace aceso::analyse
