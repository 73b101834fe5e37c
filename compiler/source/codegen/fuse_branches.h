#pragma once
/// A pass over the code of a module: comparisons and conditions that settle an `and` or an `or` leave out what only
/// the rest of it needs.

#include "module/module.h"

namespace aceso::codegen {

/// Takes sound code without skips, and gives sound code in which the instructions behind an operand stand directly
/// before the connective that alone needs them, with a skip over them wherever that pays. Every register that anything
/// else reads gets the same value as before, and so does each register behind an unknown result; so decisions, traces
/// and what is missing stay as they are. Equal modules give equal code.
void fuse_branches(Module& module);

} // namespace aceso::codegen
