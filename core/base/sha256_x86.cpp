#include "core/base/sha256_x86.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

namespace gadolin {

bool hasSha256Instructions() {
  static const bool has = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0)
      return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
  }();
  return has;
}

// The instructions keep the eight words as (a, b, e, f) and (c, d, g, h) and do two rounds each; the
// message schedule makes four words at a time (Intel, "New Instructions Supporting the Secure Hash
// Algorithm", 2013).
__attribute__((target("sha,sse4.1,ssse3"))) void sha256Blocks(std::array<std::uint32_t, 8>& state,
                                                              const unsigned char* data,
                                                              std::size_t blocks) {
  const auto load = [](const void* from) __attribute__((target("sse4.1"))) {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
  };
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i low = _mm_shuffle_epi32(load(state.data()), 0xb1);
  __m128i cdgh = _mm_shuffle_epi32(load(state.data() + 4), 0x1b);
  __m128i abef = _mm_alignr_epi8(low, cdgh, 8);
  cdgh = _mm_blend_epi16(cdgh, low, 0xf0);
  for (; blocks > 0; --blocks, data += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[4];
    for (std::size_t group = 0; group < 16; ++group) {
      __m128i& now = w[group % 4];
      if (group < 4) {
        now = _mm_shuffle_epi8(load(data + 16 * group), big_endian);
      } else {
        const __m128i &w1 = w[(group + 1) % 4], &w2 = w[(group + 2) % 4], &w3 = w[(group + 3) % 4];
        now = _mm_sha256msg2_epu32(
            _mm_add_epi32(_mm_sha256msg1_epu32(now, w1), _mm_alignr_epi8(w3, w2, 4)), w3);
      }
      const __m128i sum = _mm_add_epi32(now, load(sha256_round_constants.data() + 4 * group));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  low = _mm_shuffle_epi32(abef, 0x1b);
  cdgh = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), _mm_blend_epi16(low, cdgh, 0xf0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data() + 4), _mm_alignr_epi8(cdgh, low, 8));
}

}  // namespace gadolin

#else

namespace gadolin {

bool hasSha256Instructions() { return false; }
void sha256Blocks(std::array<std::uint32_t, 8>&, const unsigned char*, std::size_t) {}

}  // namespace gadolin

#endif
