#include "values/sha256.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "values/sha256_blocks.h"

namespace aceso {
namespace {

using sha256_blocks::block_bytes;
using sha256_blocks::round_constants;
using sha256_blocks::State;

// FIPS 180-4, section 5.3.3.
constexpr State initial_state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::uint32_t big_endian_word(const unsigned char* bytes) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i)
    word = word << 8U | bytes[i];
  return word;
}

std::array<std::uint32_t, 64> message_schedule(const unsigned char* block) {
  std::array<std::uint32_t, 64> words{};
  for (std::size_t i = 0; i < 16; ++i)
    words[i] = big_endian_word(block + 4 * i);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t x = words[i - 15];
    const std::uint32_t y = words[i - 2];
    const std::uint32_t small0 = std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3U;
    const std::uint32_t small1 = std::rotr(y, 17) ^ std::rotr(y, 19) ^ y >> 10U;
    words[i] = words[i - 16] + small0 + words[i - 7] + small1;
  }
  return words;
}

void absorb(State& state, const unsigned char* block) {
  const auto words = message_schedule(block);
  State mixed = state;
  for (std::size_t i = 0; i < 64; i += 8) {
    // The eight words change places with every round, so that after eight rounds each is where it was.
    const auto round = [&](std::size_t k) {
      const auto word = [&](std::size_t letter) -> std::uint32_t& { return mixed[(letter - k) % 8]; };
      const std::uint32_t a = word(0), b = word(1), c = word(2), e = word(4), f = word(5), g = word(6);
      const std::uint32_t big1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
      const std::uint32_t first = word(7) + big1 + (g ^ (e & (f ^ g))) + round_constants[i + k] + words[i + k];
      const std::uint32_t big0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
      word(3) += first;
      word(7) = first + big0 + ((a & b) | (c & (a | b)));
    };
    round(0), round(1), round(2), round(3), round(4), round(5), round(6), round(7);
  }
  for (std::size_t i = 0; i < state.size(); ++i)
    state[i] += mixed[i];
}

void absorb_portably(State& state, const unsigned char* blocks, std::size_t count) {
  for (; count > 0; --count, blocks += block_bytes)
    absorb(state, blocks);
}

std::string digest(std::string_view bytes, sha256_blocks::Absorb absorb_blocks) {
  State state = initial_state;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const std::size_t whole = bytes.size() / block_bytes, rest = bytes.size() % block_bytes;
  absorb_blocks(state, data, whole);
  // What follows the last full block: a one bit, zeros, and the length in bits (section 5.1.1).
  std::array<unsigned char, 2 * block_bytes> tail{};
  if (rest > 0) std::memcpy(tail.data(), data + whole * block_bytes, rest);
  tail[rest] = 0x80;
  const std::size_t tail_bytes = rest < block_bytes - 8 ? block_bytes : 2 * block_bytes;
  for (std::size_t i = 0; i < 8; ++i)
    tail[tail_bytes - 1 - i] = static_cast<unsigned char>(std::uint64_t{bytes.size()} * 8 >> 8 * i & 0xffU);
  absorb_blocks(state, tail.data(), tail_bytes / block_bytes);
  std::string text(64, '0');
  for (std::size_t i = 0; i < text.size(); ++i)
    text[i] = "0123456789abcdef"[state[i / 8] >> (28 - 4 * (i % 8)) & 0xfU];
  return text;
}

} // namespace

std::string sha256(std::string_view bytes) {
  static const sha256_blocks::Absorb fastest = [] {
    const sha256_blocks::Absorb by_instructions = sha256_blocks::absorb_by_instructions();
    return by_instructions != nullptr ? by_instructions : absorb_portably;
  }();
  return digest(bytes, fastest);
}

std::string sha256_portably(std::string_view bytes) { return digest(bytes, absorb_portably); }

} // namespace aceso
