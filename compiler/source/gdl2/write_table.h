#pragma once
/// Lines that ask for the same few things are a table.

#include <string>

#include "gdl2/translate.h"

namespace aceso::gdl2 {

/// The whole declaration, to be laid out by the formatter; empty where the lines form no table that reads better than a
/// list of conditions: they ask for more than five things, most of its cells would be empty, or a value is calculated.
[[nodiscard]] std::string as_table(const Definition& definition);

} // namespace aceso::gdl2
