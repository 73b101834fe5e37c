#pragma once
/// Syntax errors in an author's words.

#include <antlr4-runtime.h>

#include "diagnostics/diagnostic.h"
#include "parse/token_list.h"

namespace aceso::parse {

/// Explains why the parser cannot go on: misspelt keyword (A0104), division that reads as a unit (A0108), bracket
/// without an end (A0109), keyword in the place of a name (A0111), decimal comma (A0112), or what was expected (A0101).
void report_syntax_error(antlr4::Parser& parser, const TokenList& tokens, std::uint32_t file,
                         const antlr4::RecognitionException& error, diagnostics::Sink& sink);

/// The token at `index` stands where a declaration should begin, after the one that began at `previous_begin`
/// (or `index` where it is the first).
void report_stray_token(antlr4::Parser& parser, const TokenList& tokens, std::uint32_t file, std::size_t index,
                        std::size_t previous_begin, diagnostics::Sink& sink);

} // namespace aceso::parse
