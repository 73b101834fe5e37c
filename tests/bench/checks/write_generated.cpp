/// Writes the guidelines of generated_checks.h into a folder, and the same tables in SMT-LIB: write_generated FOLDER.
/// tests/bench/checks/speed.py runs it.

#include <filesystem>
#include <fstream>
#include <iostream>

#include "generated_checks.h"

namespace {

using namespace aceso::bench;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void write_table(const std::filesystem::path& folder, const std::string& name, const Table& table) {
  write(folder / (name + ".aceso"), guideline_of(table));
  write(folder / (name + ".smt2"), smt_of(table));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "write_generated FOLDER\n";
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    for (const int rows : {100, 1'000, 10'000}) {
      // The size that the prototype was measured on.
      write_table(folder, fmt::format("sparse_{}", rows), sparse_table(rows == 10'000 ? 9'990 : rows));
      write_table(folder, fmt::format("dense_{}", rows), dense_table(rows));
      write_table(folder, fmt::format("unique_{}", rows), unique_table(rows, false));
      write_table(folder, fmt::format("flawed_{}", rows), unique_table(rows, true));
      write(folder / fmt::format("edited_{}_old.aceso", rows), guideline_of_rules(rows, 300));
      write(folder / fmt::format("edited_{}_new.aceso", rows), guideline_of_rules(rows, 300, 10));
    }
    write(folder / "rules_2000.aceso", guideline_of_rules(2'000, 300));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
