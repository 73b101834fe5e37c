#include "terminal.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace aceso::command {
namespace {

bool output_failed = false;

bool is_capable_terminal(std::FILE* stream) {
  if (::isatty(::fileno(stream)) == 0) return false;
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) != "dumb";
}

void write_to(std::FILE* stream, std::string_view text) {
  if (text.empty() || std::ferror(stream) != 0) return;
  errno = 0;
  const bool complete = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  if (!complete && errno != EPIPE) output_failed = true;
}

bool flush(std::FILE* stream) {
  errno = 0;
  return std::fflush(stream) == 0 || errno == EPIPE;
}

} // namespace

bool use_color(std::FILE* stream, ColorMode mode) {
  if (mode != ColorMode::automatic) return mode == ColorMode::always;
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && is_capable_terminal(stream);
}

unsigned output_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 0 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    return std::min<unsigned>(size.ws_col, 120);
  return 100;
}

void write_out(std::string_view text) { write_to(stdout, text); }

void write_error(std::string_view text) {
  // What was said before on standard output should also be read before.
  if (!flush(stdout)) output_failed = true;
  write_to(stderr, text);
}

bool finish_output() {
  const bool flushed = flush(stdout);
  return flushed && !output_failed;
}

std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return out;
}

StatusLine::StatusLine() : is_terminal_(is_capable_terminal(stderr)) {}

void StatusLine::show(std::string_view text) {
  using std::chrono::milliseconds;
  constexpr milliseconds on_terminal{200}, elsewhere{10'000};
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < (is_terminal_ ? on_terminal : elsewhere)) return;
  last_ = now;
  if (!is_terminal_) {
    write_error(printable(text) + '\n');
    return;
  }
  std::string line = printable(text);
  line.resize(std::min<std::size_t>(line.size(), 79));
  const std::size_t length = line.size();
  if (shown_ > length) line.append(shown_ - length, ' ');
  write_error('\r' + line);
  std::fflush(stderr);
  shown_ = length;
}

void StatusLine::clear() {
  if (shown_ == 0) return;
  write_error('\r' + std::string(shown_, ' ') + '\r');
  shown_ = 0;
}

Progress::Progress(std::string_view verb, std::size_t total)
    : verb_(verb), total_(total), is_terminal_(is_capable_terminal(stderr)) {}

void Progress::step(std::string_view what) {
  ++done_;
  if (!is_terminal_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds(1)) return;
  std::string line = fmt::format("{} {} of {}: {}", verb_, done_, total_, printable(what));
  line.resize(std::min<std::size_t>(line.size(), 79));
  const std::size_t length = line.size();
  if (shown_ > length) line.append(shown_ - length, ' ');
  write_error('\r' + line);
  std::fflush(stderr);
  shown_ = length;
}

void Progress::clear() {
  if (shown_ == 0) return;
  write_error('\r' + std::string(shown_, ' ') + '\r');
  shown_ = 0;
}

} // namespace aceso::command
