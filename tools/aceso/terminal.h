#pragma once
/// Standard output and standard error as a polite program uses them.

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace aceso::command {

enum class ColorMode { automatic, always, never };

/// Automatic: only where the stream is a terminal that is not "dumb" and NO_COLOR is not set (https://no-color.org).
[[nodiscard]] bool use_color(std::FILE* stream, ColorMode mode);
/// Columns of the terminal behind stdout, or 100.
[[nodiscard]] unsigned output_width();

/// A reader who has gone away (`aceso ... | head`) is no error: what follows is dropped in silence.
void write_out(std::string_view text);
/// "aceso: " is not put before it; the caller says who speaks.
void write_error(std::string_view text);
/// Empties the buffers. False when the output could not be written, for instance because the disk is full.
[[nodiscard]] bool finish_output();

/// File names may hold anything; control characters are shown as `?`, so that none reaches the terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// One line on standard error about work that takes long. On a terminal it is written over again and again; elsewhere a
/// line is written every ten seconds.
class StatusLine {
public:
  StatusLine();
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  void show(std::string_view text);
  /// Before other output.
  void clear();

private:
  bool is_terminal_;
  std::size_t shown_ = 0;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// "checking 12 of 40: spine.aceso" on standard error, only there where it is a terminal, and only once the work has
/// taken a second. Gone when the work is done.
class Progress {
public:
  Progress(std::string_view verb, std::size_t total);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Before each piece of work.
  void step(std::string_view what);
  /// Before other output.
  void clear();

private:
  std::string verb_;
  std::size_t total_, done_ = 0, shown_ = 0;
  bool is_terminal_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace aceso::command
