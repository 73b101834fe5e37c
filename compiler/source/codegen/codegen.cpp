#include "codegen/codegen.h"

#include <stdexcept>

#include "codegen/fuse_branches.h"
#include "codegen/lowering.h"
#include "passes/passes.h"

namespace aceso::codegen {

using graph::Graph;

namespace {

class Generator {
public:
  Generator(const Graph& graph, const source::SourceSet* sources)
      : graph_(graph), sources_(sources), lowering_(graph, module_) {}

  Module generate() {
    module_.dictionary = graph_.dictionary;
    lowering_.place_inputs();
    code();
    roots();
    pathway();
    if (sources_) source_map();
    return std::move(module_);
  }

private:
  /// The three parts: constraints are looked at for every instant of a case, the pathway likewise, the rest once.
  void code() {
    std::vector<NodeId> constraints, pathway, rest;
    for (const auto& each : graph_.constraints)
      constraints.push_back(each.require);
    lowering_.lower(constraints);
    module_.constraints_end = static_cast<std::uint32_t>(module_.code.size());
    if (graph_.pathway) {
      pathway.push_back(graph_.applies);
      for (const auto& each : graph_.pathway->transitions)
        pathway.push_back(each.condition);
      lowering_.lower(pathway);
    }
    module_.pathway_end = static_cast<std::uint32_t>(module_.code.size());
    rest.push_back(graph_.applies);
    for (const auto& each : graph_.definitions)
      rest.push_back(each.node);
    for (const auto& rule : graph_.rules) {
      rest.push_back(rule.condition);
      for (const auto& advice : rule.advice)
        rest.push_back(advice.selected);
    }
    for (const auto& each : graph_.cautions)
      rest.push_back(each.condition);
    for (const auto& each : graph_.differentials) {
      for (const auto& argument : each.arguments)
        rest.push_back(argument.condition);
      for (const auto& verdict : each.verdicts)
        rest.push_back(verdict.condition);
    }
    lowering_.lower(rest);
  }

  [[nodiscard]] std::uint32_t truth(NodeId id) const { return lowering_.truth(id); }

  void roots() {
    module_.applies = truth(graph_.applies);
    for (const auto& each : graph_.constraints)
      module_.constraints.push_back(truth(each.require));
    for (const auto& each : graph_.definitions)
      module_.definitions.push_back(lowering_.place(each.node));
    for (const graph::Rule& each : graph_.rules) {
      ModuleRule rule{truth(each.condition), {}, each.overrides};
      for (const graph::Advice& a : each.advice)
        rule.advice.push_back({a.verb, a.action, a.strength, a.urgency, a.within, truth(a.selected)});
      module_.rules.push_back(std::move(rule));
    }
    for (const auto& each : graph_.cautions)
      module_.cautions.push_back(truth(each.condition));
    for (const graph::Differential& each : graph_.differentials) {
      ModuleDifferential differential{{}, {}, each.needs, each.ahead_by};
      for (const auto& a : each.arguments)
        differential.arguments.push_back({a.is_for, a.candidate, a.weight, truth(a.condition)});
      for (const auto& v : each.verdicts)
        differential.verdicts.push_back({v.confirms, v.candidate, truth(v.condition)});
      module_.differentials.push_back(std::move(differential));
    }
  }

  void pathway() {
    if (!graph_.pathway) return;
    ModulePathway pathway{graph_.pathway->start, {}};
    for (const graph::Transition& each : graph_.pathway->transitions)
      pathway.transitions.push_back({each.from, each.except, each.to, truth(each.condition), each.after, each.within,
                                     each.at_most, each.condition_text});
    module_.pathway = std::move(pathway);
  }

  /// Folders are left out: the bytes must not depend on where a guideline was built.
  void source_map() {
    for (const std::string& path : graph_.files)
      module_.files.push_back(path.substr(path.find_last_of('/') + 1));
    const auto places = [&](const auto& rows, std::vector<SourcePlace>& list) {
      for (const auto& row : rows)
        list.push_back(place(row.span));
    };
    places(graph_.rules, module_.rule_places);
    places(graph_.definitions, module_.definition_places);
    places(graph_.cautions, module_.caution_places);
  }

  [[nodiscard]] SourcePlace place(source::Span span) {
    if (!span.is_valid() || span.file >= module_.files.size()) {
      if (module_.files.empty()) module_.files.emplace_back();
      return {};
    }
    const auto at = (*sources_)[span.file].place(span.begin);
    return {static_cast<std::uint32_t>(span.file), static_cast<std::uint32_t>(at.line),
            static_cast<std::uint32_t>(at.column)};
  }

  const Graph& graph_;
  const source::SourceSet* sources_;
  Module module_;
  Lowering lowering_;
};

} // namespace

Module generate(const Graph& graph, const source::SourceSet* sources) {
  Module module = Generator(graph, sources).generate();
  // What is too large to be loaded is left as it is: `build` says so.
  if (verify_module(module)) return module;
  fuse_branches(module);
  if (const auto fault = verify_module(module))
    throw std::logic_error("after the pass \"fuse branches\": " + fault->message);
  return module;
}

std::variant<std::string, ModuleFault> build(const Graph& graph, const source::SourceSet* sources,
                                             const StripOptions& strip) {
  std::string bytes = write_module(generate(passes::optimise(graph), sources), strip);
  ModuleLoad loaded = load_module(bytes);
  if (!loaded.ok()) return std::move(*loaded.fault);
  return bytes;
}

} // namespace aceso::codegen
