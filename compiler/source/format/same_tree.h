#pragma once
/// Whether two syntax trees mean the same text, wherever it stands.

#include "ast/ast.h"

namespace aceso::format {

/// Every part alike, in order; places (spans) and comments are not looked at, but which texts are present is.
[[nodiscard]] bool is_same_tree(const ast::File& a, const ast::File& b);
[[nodiscard]] bool is_same_tree(const ast::AnyDeclaration& a, const ast::AnyDeclaration& b);
[[nodiscard]] bool is_same_tree(const ast::Expression& a, const ast::Expression& b);

} // namespace aceso::format
