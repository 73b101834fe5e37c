#pragma once
/// Which parts of a guideline its cases have seen, and in which direction. A direction that no patient can show is
/// proved to be so and does not count.

#include "analyse/encoding.h"
#include "reference/engine.h"
#include "testing/decisions.h"

namespace aceso::testing {

enum class PointKind : std::uint8_t {
#define ACESO_COVERAGE(name, plural, first, second, third) name,
#include "testing/coverage_points.def"
#undef ACESO_COVERAGE
};
struct PointInfo {
  std::string_view name;          ///< "rule"
  std::string_view plural;        ///< "rules"
  std::string_view directions[3]; ///< "fired", "did not fire", "undetermined"; empty: there is none
};
[[nodiscard]] const PointInfo& info(PointKind kind);
[[nodiscard]] const std::vector<PointInfo>& all_point_kinds();

struct Point {
  PointKind kind = PointKind::rule;
  std::string subject; ///< "rule urgent_mri", "row 2 of care_phase", "fever"
  Span span;
  std::uint64_t seen[3] = {}; ///< by direction: how many patients showed it
  bool impossible[3] = {};    ///< by direction: proved that no patient shows it
  [[nodiscard]] bool counts(std::size_t direction) const {
    return !info(kind).directions[direction].empty() && !impossible[direction];
  }
};

struct CoverageSums {
  std::size_t points = 0, goals = 0, covered = 0, impossible = 0;
  /// In tenths, rounded down, so that 100 means everything; of nothing 100.
  [[nodiscard]] double percent() const;
};

class Coverage {
public:
  /// Of what is declared in this file of the compilation. Graph and sources must outlive it.
  Coverage(const graph::Graph& graph, const source::SourceSet& sources, std::uint32_t file);

  /// One patient: a step of a case, or a case file.
  void record(const PatientCase& patient, const reference::Evaluation& evaluation);
  /// Asks of each direction that no patient has shown whether one can.
  void exclude_impossible(const analyse::Budget& budget = {});

  /// In the order of the text.
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }
  [[nodiscard]] CoverageSums sums(PointKind kind) const;
  [[nodiscard]] CoverageSums sums() const;

private:
  /// What tells the direction of a point.
  struct Probe {
    std::vector<NodeId> nodes;              ///< yes/no; conditions, rules without condition have none
    std::uint32_t index = 0;                ///< rule, caution, constraint, transition, stage, row
    std::vector<std::uint32_t> transitions; ///< a condition that only these transitions ask
    bool only_in_transitions = false, is_about_applying = false;
    bool is_about_constraint = false; ///< then it is asked of everybody, also of who is refused
  };
  void add(Point point, Probe probe);
  void add_decision(const Decision& decision);
  void add_rows(NodeId table, const std::string& name);
  [[nodiscard]] std::vector<bool> looked_at(const reference::Evaluation& evaluation) const;
  void record_path(const PatientCase& patient, const reference::Evaluation& evaluation, std::vector<bool>& taken);
  [[nodiscard]] std::optional<Truth> direction_of(const Point& point, const Probe& probe,
                                                  const reference::Evaluation& evaluation) const;
  void ask(analyse::Encoding& encoding, Point& point, const Probe& probe);

  const graph::Graph& graph_;
  std::uint32_t file_;
  std::vector<Point> points_;
  std::vector<Probe> probes_;
};

} // namespace aceso::testing
