#include "parse/parser_tables.h"

#include <mutex>
#include <utility>
#include <vector>

#include <AcesoParser.h>

#include "parse/token_list.h"

namespace aceso::parse {

using antlr4::atn::ATN;
using antlr4::atn::ParserATNSimulator;

namespace {

/// Looks edges up without the lock that all simulators of the runtime have in common. Where its tables grow, which is
/// seldom, one simulator works at a time: contexts are numbered by a counter that belongs to all.
class Simulator final : public ParserATNSimulator {
public:
  using ParserATNSimulator::ParserATNSimulator;

private:
  using State = antlr4::dfa::DFAState;
  using Configs = std::unique_ptr<antlr4::atn::ATNConfigSet>;

  State* getExistingTargetState(State* previous, std::size_t token) override {
    const auto edge = previous->edges.find(token);
    return edge == previous->edges.end() ? nullptr : edge->second;
  }
  /// The first prediction of a decision makes its start state, inside of a lock that the runtime has for states. Its
  /// lock has to come after ours everywhere, or two simulators wait for each other.
  std::size_t adaptivePredict(antlr4::TokenStream* tokens, std::size_t decision,
                              antlr4::ParserRuleContext* outer) override {
    std::unique_lock guard(growing(), std::defer_lock);
    if (!decisionToDFA[decision].s0 || decisionToDFA[decision].isPrecedenceDfa()) guard.lock();
    return ParserATNSimulator::adaptivePredict(tokens, decision, outer);
  }
  State* computeTargetState(antlr4::dfa::DFA& automaton, State* previous, std::size_t token) override {
    const std::lock_guard guard(growing());
    return ParserATNSimulator::computeTargetState(automaton, previous, token);
  }
  Configs computeStartState(antlr4::atn::ATNState* state, antlr4::RuleContext* context, bool full) override {
    const std::lock_guard guard(growing());
    return ParserATNSimulator::computeStartState(state, context, full);
  }
  Configs computeReachSet(antlr4::atn::ATNConfigSet* closure, std::size_t token, bool full) override {
    const std::lock_guard guard(growing());
    return ParserATNSimulator::computeReachSet(closure, token, full);
  }

  static std::recursive_mutex& growing() {
    static std::recursive_mutex lock;
    return lock;
  }
};

ATN read_atn() {
  TokenList no_tokens({SourceToken(SourceToken::end_of_file, 0, 0, 0)}, {});
  antlr4::atn::ATNDeserializationOptions options;
  options.setVerifyATN(false); // the runtime did so when it read its own
  return antlr4::atn::ATNDeserializer(options).deserialize(grammar::AcesoParser(&no_tokens).getSerializedATN());
}

} // namespace

struct ParserTables::Tables {
  Tables() : atn(read_atn()) {
    for (std::size_t i = 0; i < atn.getNumberOfDecisions(); ++i)
      automata.emplace_back(atn.getDecisionState(i), i);
  }

  const ATN atn;
  std::vector<antlr4::dfa::DFA> automata;
  antlr4::atn::PredictionContextCache contexts;
};

namespace {

struct Pool {
  std::mutex lock;
  std::vector<std::unique_ptr<ParserTables::Tables>> waiting;
};

/// Lives as long as the process, so that parsers of threads that outlast `main` find it.
Pool& pool() {
  static Pool* const all = new Pool;
  return *all;
}

} // namespace

ParserTables::ParserTables() {
  {
    const std::lock_guard guard(pool().lock);
    if (!pool().waiting.empty()) {
      tables_ = std::move(pool().waiting.back());
      pool().waiting.pop_back();
    }
  }
  if (!tables_) tables_ = std::make_unique<Tables>();
}

ParserTables::~ParserTables() {
  const std::lock_guard guard(pool().lock);
  pool().waiting.push_back(std::move(tables_));
}

void ParserTables::install(antlr4::Parser& parser) {
  parser.setInterpreter(new Simulator(&parser, tables_->atn, tables_->automata, tables_->contexts));
}

const ATN& ParserTables::atn() const { return tables_->atn; }

} // namespace aceso::parse
