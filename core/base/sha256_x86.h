#pragma once
// The compression function of SHA-256 with the instructions that x86 processors have for it.

#include <array>
#include <cstddef>
#include <cstdint>

namespace gadolin {

/// The constants of the 64 rounds (FIPS 180-4, 4.2.2).
extern const std::array<std::uint32_t, 64> sha256_round_constants;

/// True where the processor has the SHA extensions; false on other architectures.
bool hasSha256Instructions();

/// Takes `blocks` blocks of 64 bytes into `state`. Only where hasSha256Instructions().
void sha256Blocks(std::array<std::uint32_t, 8>& state, const unsigned char* data, std::size_t blocks);

}  // namespace gadolin
