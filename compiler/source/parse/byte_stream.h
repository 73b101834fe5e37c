#pragma once
/// A text as ANTLR's lexer sees it: bytes, where every byte from 0x80 on reads as 0x7F.
///
/// ANTLR's own input stream copies the text to UTF-32 and counts code points, and its lexer remembers transitions only
/// for characters up to 0x7F and is slow for all others. Here offsets are byte offsets, nothing is copied, and every
/// character takes the fast way. 0x7F itself is refused before (parse/hygiene.h), so the grammar cannot mistake it.

#include <string>
#include <string_view>

#include <antlr4-runtime.h>

namespace aceso::parse {

class ByteStream final : public antlr4::CharStream {
public:
  /// The text must outlive the stream.
  explicit ByteStream(std::string_view text) : text_(text) {}

  void consume() override { ++at_; }
  std::size_t LA(ssize_t ahead) override {
    const std::size_t place = at_ + static_cast<std::size_t>(ahead > 0 ? ahead - 1 : ahead);
    if (place >= text_.size()) return static_cast<std::size_t>(antlr4::IntStream::EOF);
    const auto byte = static_cast<unsigned char>(text_[place]);
    return byte < 0x80 ? byte : 0x7F;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return text_.size(); }
  [[nodiscard]] std::string getSourceName() const override { return "text"; }
  std::string getText(const antlr4::misc::Interval& interval) override;
  [[nodiscard]] std::string toString() const override { return std::string(text_); }

private:
  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace aceso::parse
