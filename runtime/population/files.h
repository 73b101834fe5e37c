#pragma once
/// Files of a run: the input in pieces that end where a record ends, outputs that can be cut and gone on with.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aceso::population {

/// A piece of the input: whole records.
struct Chunk {
  std::uint64_t sequence = 0;   ///< from 0
  std::uint64_t first_line = 1; ///< of the file
  std::uint64_t next_line = 1;
  std::uint64_t end_offset = 0; ///< in the file: behind the last record
  std::vector<char> buffer;
  /// In `buffer`; ends with a line end, and 64 zeros stand behind it.
  std::string_view text;
};

/// Reads a file or a pipe from front to back. Not thread-safe. Throws RunError.
class ChunkReader {
public:
  struct Limits {
    std::size_t chunk_bytes = std::size_t{1} << 20;   ///< of a chunk, and more where a record is longer
    std::size_t record_bytes = std::size_t{16} << 20; ///< of the longest record
  };
  /// "-" is the standard input. `has_quotes`: line ends inside of quotation marks end no record (CSV); then the
  /// delimiter has to be told before `next`.
  ChunkReader(const std::string& path, bool has_quotes, Limits limits);
  ~ChunkReader();
  ChunkReader(const ChunkReader&) = delete;
  ChunkReader& operator=(const ChunkReader&) = delete;

  [[nodiscard]] std::uint64_t size() const { return size_; } ///< 0 where it is not known
  /// Begins of files are told apart by the hash of their first 64 KiB.
  [[nodiscard]] std::string head_hash();
  /// The first record with its line end; empty for an empty file. Before `next`.
  [[nodiscard]] std::string take_header();
  void set_delimiter(char delimiter) { delimiter_ = delimiter; }
  /// Goes on where a chunk ended. Before `next`.
  void skip_to(std::uint64_t offset, std::uint64_t line);
  /// False at the end. Everything but `sequence` is filled.
  [[nodiscard]] bool next(Chunk& chunk);

private:
  /// Reads until `held_` has so many bytes or the file ends.
  void fill(std::size_t bytes);
  [[nodiscard]] std::size_t end_of_records_held() const;

  std::string path_;
  bool has_quotes_;
  char delimiter_ = ',';
  Limits limits_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::vector<char> held_;   ///< read and not given out
  std::uint64_t offset_ = 0; ///< in the file, of `held_`
  std::uint64_t line_ = 1;   ///< of `held_`
  bool is_at_end_ = false;
};

/// A file that is written from front to back. Throws RunError.
class OutputFile {
public:
  /// Keeps the first `keep` bytes of what is there, which `checkpoint` knows of. "-": standard output, "!": standard
  /// error; nothing is kept of them.
  OutputFile(const std::string& path, std::uint64_t keep, const std::string& checkpoint = {});
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  void write(std::string_view text);
  [[nodiscard]] std::uint64_t size() const { return size_; }

private:
  std::string path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

/// Writes a file beside it and renames that: a reader, or a kill, never sees half of it. Throws RunError.
void replace_file(const std::string& path, std::string_view text);
/// The bytes of a small file; nothing where there is none. Throws RunError.
[[nodiscard]] bool read_small_file(const std::string& path, std::string& text);
void remove_file(const std::string& path);

/// Whether what is written there lasts and can be gone back on: a file, or nothing yet. Streams and devices are none.
[[nodiscard]] bool is_lasting(const std::string& path);
/// Whether both name one file that is there.
[[nodiscard]] bool is_same_file(const std::string& one, const std::string& other);
/// Throws RunError where a file cannot be written there, as far as can be seen beforehand.
void expect_writable(const std::string& path);

} // namespace aceso::population
