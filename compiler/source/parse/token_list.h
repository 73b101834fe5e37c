#pragma once
/// The words and signs of one file, ready for the parser, and its comments.

#include <cstdint>
#include <string_view>
#include <vector>

#include <antlr4-runtime.h>

#include "ast/ast.h"
#include "diagnostics/diagnostic.h"

namespace aceso::parse {

/// A token of 32 bytes; ANTLR's own has 112 and an allocation each.
class SourceToken final : public antlr4::Token {
public:
  SourceToken(std::size_t type, std::uint32_t begin, std::uint32_t end, std::uint32_t index)
      : type_(static_cast<std::uint32_t>(type)), begin_(begin), end_(end), index_(index) {}

  [[nodiscard]] std::size_t getType() const override {
    return type_ == end_of_file ? static_cast<std::size_t>(antlr4::Token::EOF) : type_;
  }
  [[nodiscard]] std::size_t getStartIndex() const override { return begin_; }
  [[nodiscard]] std::size_t getStopIndex() const override { return std::size_t{end_} - 1; }
  [[nodiscard]] std::size_t getTokenIndex() const override { return index_; }
  [[nodiscard]] std::size_t getChannel() const override { return 0; }
  // Nobody here asks for these: places come from byte offsets, texts from the source file.
  [[nodiscard]] std::string getText() const override { return {}; }
  [[nodiscard]] std::size_t getLine() const override { return 0; }
  [[nodiscard]] std::size_t getCharPositionInLine() const override { return 0; }
  [[nodiscard]] antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  [[nodiscard]] antlr4::CharStream* getInputStream() const override { return nullptr; }
  [[nodiscard]] std::string toString() const override { return {}; }

  [[nodiscard]] std::uint32_t begin() const { return begin_; }
  [[nodiscard]] std::uint32_t end() const { return end_; }
  [[nodiscard]] std::uint32_t index() const { return index_; }

  std::uint16_t depth = 0;         ///< open brackets before it; a declaration at the start of a line closes all
  bool starts_line = false;        ///< nothing but white space and comments before it on its line
  bool starts_declaration = false; ///< `rule x` at the start of a line, outside of brackets or without indentation

  static constexpr std::uint32_t end_of_file = 0xffffffff;

private:
  friend class Tokenizer;
  std::uint32_t type_, begin_, end_, index_;
};

/// A token stream over a finished vector.
class TokenList final : public antlr4::TokenStream {
public:
  TokenList(std::vector<SourceToken> tokens, std::string_view text) : tokens_(std::move(tokens)), text_(text) {}

  [[nodiscard]] const SourceToken& operator[](std::size_t index) const { return tokens_[std::min(index, last())]; }
  [[nodiscard]] std::string_view text(const antlr4::Token& token) const {
    return text_.substr(token.getStartIndex(), token.getStopIndex() + 1 - token.getStartIndex());
  }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t last() const { return tokens_.size() - 1; } ///< the index of the end of the file

  /// From now on the parser does not see these tokens; `begin == end`: it sees all. Not while it stands among them.
  void leave_out(std::size_t begin, std::size_t end) {
    left_out_ = begin;
    left_out_end_ = end;
  }

  antlr4::Token* LT(ssize_t ahead) override {
    if (ahead < 0) {
      auto back = static_cast<std::size_t>(-ahead);
      if (at_ >= left_out_end_ && at_ - left_out_end_ < back) back += left_out_end_ - left_out_;
      return back > at_ ? nullptr : &tokens_[at_ - back];
    }
    if (ahead == 0) return nullptr;
    std::size_t wanted = at_ + static_cast<std::size_t>(ahead) - 1;
    if (at_ < left_out_ && wanted >= left_out_) wanted += left_out_end_ - left_out_;
    return &tokens_[std::min(wanted, last())];
  }
  std::size_t LA(ssize_t ahead) override {
    const antlr4::Token* token = LT(ahead);
    return token ? token->getType() : static_cast<std::size_t>(antlr4::Token::INVALID_TYPE);
  }
  void consume() override {
    if (++at_ == left_out_) at_ = left_out_end_;
    at_ = std::min(at_, last());
  }
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override {
    at_ = std::min(index == left_out_ && left_out_ != left_out_end_ ? left_out_end_ : index, last());
  }
  std::size_t size() override { return tokens_.size(); }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  antlr4::Token* get(std::size_t index) const override {
    return const_cast<SourceToken*>(&tokens_[std::min(index, last())]); // the interface hands out mutable tokens
  }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  [[nodiscard]] std::string getSourceName() const override { return "text"; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

private:
  std::vector<SourceToken> tokens_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t left_out_ = 0, left_out_end_ = 0;
};

struct TokenizedFile {
  std::vector<SourceToken> tokens; ///< the last one is the end of the file
  std::vector<ast::Comment> comments;
  bool too_deep = false;
};

/// Splits a text that has passed check_hygiene. Reports signs of other languages (A0102), texts and comments without an
/// end (A0103, A0110) and brackets nested more than `max_depth` deep (A0005); what was meant takes the place of a
/// foreign sign, so that the parser does not stumble over it again.
[[nodiscard]] TokenizedFile tokenize(std::string_view text, std::uint32_t file, unsigned max_depth,
                                     diagnostics::Sink& sink);

} // namespace aceso::parse
