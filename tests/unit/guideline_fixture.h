#pragma once
/// Guidelines as text, decisions from case files: what the tests of the checker and of the reference engine share.

#include <algorithm>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "aceso/compiler.h"
#include "diagnostics/diagnostic.h"
#include "explain/decision_text.h"
#include "graph/graph.h"
#include "reference/engine.h"

namespace aceso::testing {

/// The text behind the smallest guideline header. `applies` as written there, or for everybody.
inline Compilation compile_body(const std::string& body, const std::string& applies = {}) {
  return compile_text("guideline trial { title \"Trial\" version 0.1.0 " +
                          (applies.empty() ? "" : "applies when " + applies) + " }\n" + body,
                      "trial.aceso");
}

/// "A0201 A0302": the ids of what the compiler says, in order.
inline std::string complaints(const Compilation& compilation) {
  std::string ids;
  for (const auto& d : compilation.diagnostics())
    ids += (ids.empty() ? "" : " ") + std::string(diagnostics::info(d.kind).id);
  return ids;
}

inline std::string complaints_of(const std::string& body) { return complaints(compile_body(body)); }

class Guideline {
public:
  explicit Guideline(const std::string& body, const std::string& applies = {})
      : compilation_(compile_body(body, applies)) {
    if (!compilation_.ok()) throw std::runtime_error(compilation_.render_diagnostics());
  }
  explicit Guideline(Compilation compilation) : compilation_(std::move(compilation)) {
    if (!compilation_.ok()) throw std::runtime_error(compilation_.render_diagnostics());
  }
  [[nodiscard]] const graph::Graph& graph() const { return *compilation_.graph(); }

  /// `inputs` and `events` as JSON text without the outer braces and brackets.
  [[nodiscard]] reference::Evaluation run(const std::string& inputs, const std::string& events = {},
                                          const std::string& now = "2026-11-22T10:00:00Z") const {
    const std::string json = "{\"now\": \"" + now + "\", \"inputs\": {" + inputs + "}, \"events\": [" + events + "]}";
    const CaseReadResult read = read_case(graph().dictionary, json);
    for (const CaseFault& fault : read.faults)
      ADD_FAILURE() << fault.id << " " << fault.path << ": " << fault.message;
    return reference::evaluate(graph(), read.patient_case);
  }
  /// "advised recommend", "undetermined avoid [a, b]", "not_advised", or "-" where no rule speaks about the action.
  [[nodiscard]] std::string status(const reference::Evaluation& evaluation, const std::string& action) const {
    for (const Recommendation& r : evaluation.decision.recommendations) {
      if (graph().dictionary[r.action].name != action) continue;
      std::string text(to_text(r.status));
      if (r.verb) text += " " + std::string(to_text(*r.verb));
      if (!r.missing.empty()) text += " [" + names(r.missing) + "]";
      return text;
    }
    return "-";
  }
  [[nodiscard]] std::string status(const std::string& inputs, const std::string& action) const {
    return status(run(inputs), action);
  }
  /// A derived value in words.
  [[nodiscard]] std::string value(const reference::Evaluation& evaluation, const std::string& name) const {
    for (const DefinitionValue& v : evaluation.decision.values) {
      const DefinitionInfo& info = graph().dictionary.definitions[v.definition.index()];
      if (info.name == name) return to_text(graph().dictionary, info.type, v.value);
    }
    return "-";
  }
  [[nodiscard]] std::string value(const std::string& inputs, const std::string& name) const {
    return value(run(inputs), name);
  }
  [[nodiscard]] std::string stage(const reference::Evaluation& evaluation) const {
    return evaluation.decision.stage ? graph().dictionary[evaluation.decision.stage->stage].name : "-";
  }
  [[nodiscard]] std::string path(const reference::Evaluation& evaluation) const {
    std::string text;
    if (evaluation.decision.stage)
      for (const StageVisit& visit : evaluation.decision.stage->path)
        text += (text.empty() ? "" : " ") + graph().dictionary[visit.stage].name + "@" +
                to_text(visit.entered_at).substr(5, 5);
    return text;
  }
  [[nodiscard]] std::string names(const std::vector<InputId>& inputs) const {
    std::string text;
    for (const InputId id : inputs)
      text += (text.empty() ? "" : ", ") + graph().dictionary[id].name;
    return text;
  }

private:
  Compilation compilation_;
};

} // namespace aceso::testing
