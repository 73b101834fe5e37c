#include "jit/object_cache.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "values/sha256.h"

namespace aceso::jit {
namespace {

// A file is a line with the key, a line with the hash of the object, and the object.
std::string path_of(const std::string& folder, const std::string& key) { return folder + "/" + key + ".acesocode"; }

} // namespace

std::optional<std::string> read_cached(const std::string& folder, const std::string& key) {
  std::ifstream file(path_of(folder, key), std::ios::binary);
  std::string named, hash;
  if (!file || !std::getline(file, named) || !std::getline(file, hash) || named != key) return std::nullopt;
  std::string object{std::istreambuf_iterator<char>(file), {}};
  if (sha256(object) != hash) return std::nullopt;
  return object;
}

void write_cached(const std::string& folder, const std::string& key, const std::string& object) {
  const std::string path = path_of(folder, key), unfinished = path + "." + std::to_string(getpid());
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  file << key << '\n' << sha256(object) << '\n' << object;
  file.close();
  if (!file || std::rename(unfinished.c_str(), path.c_str()) != 0) std::remove(unfinished.c_str());
}

} // namespace aceso::jit
