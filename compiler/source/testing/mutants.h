#pragma once
/// Small slips in the text of a guideline, one at a time: each mutant is one edit of the author's file.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/ast.h"
#include "graph/graph.h"
#include "source/source_file.h"

namespace aceso::testing {

enum class Mutation : std::uint8_t {
#define ACESO_MUTATION(name, words) name,
#include "testing/mutation_operators.def"
#undef ACESO_MUTATION
};
[[nodiscard]] std::string_view to_text(Mutation mutation); ///< "threshold_up"
[[nodiscard]] std::string_view in_words(Mutation mutation);

struct Mutant {
  Mutation mutation = Mutation::negated;
  source::Span span;       ///< what is replaced
  std::string replacement; ///< by what
};

/// How a value is written; nothing for what the language has no literal for.
using Literal = std::function<std::optional<std::string>(TypeId, const Value&)>;

/// All mutants of one file, in the order of the text; properties, cases, inputs and actions stay as they are. `graph`
/// is what the file was checked to.
[[nodiscard]] std::vector<Mutant> mutants_of(const ast::File& file, const graph::Graph& graph,
                                             const source::SourceSet& sources, const Literal& literal);

/// The text of the file with the edit made.
[[nodiscard]] std::string mutated(const source::SourceSet& sources, const Mutant& mutant);
/// The lines that the edit touches, as they are and as they become.
struct Lines {
  std::uint32_t line = 0; ///< the first of them
  std::string before, after;
};
[[nodiscard]] Lines lines_of(const source::SourceSet& sources, const Mutant& mutant);

} // namespace aceso::testing
