#pragma once
/// What the ANTLR runtime learns of the grammar while it parses (automata of decisions, ATN, contexts), for one parser
/// at a time. The runtime means these tables to be shared by all parsers of a process and guards them with locks at
/// every token, and not everywhere (4.9: the states of the ATN are not). So each parser that is at work has tables of
/// its own; they wait for the next one, warm, when it is done. Internal to parse/.

#include <memory>

#include <antlr4-runtime.h>

namespace aceso::parse {

class ParserTables {
public:
  /// Tables that no other parser has now. Safe to call from any thread.
  ParserTables();
  ~ParserTables();
  ParserTables(const ParserTables&) = delete;
  ParserTables& operator=(const ParserTables&) = delete;

  struct Tables;
  /// Gives `parser` a simulator that works with these tables, which have to outlive it.
  void install(antlr4::Parser& parser);
  [[nodiscard]] const antlr4::atn::ATN& atn() const;

private:
  std::unique_ptr<Tables> tables_;
};

} // namespace aceso::parse
