/// Which kernels this machine can run.
#include <cstdlib>

#include "batch/schedule.h"

namespace aceso::batch {

void run_block_portable(const Instruction*, const Instruction*, const std::uint32_t*, void* const*);
#if defined(ACESO_X86_KERNELS)
void run_block_avx2(const Instruction*, const Instruction*, const std::uint32_t*, void* const*);
void run_block_avx512(const Instruction*, const Instruction*, const std::uint32_t*, void* const*);
#endif

std::string_view to_text(Kernels kernels) {
  return kernels == Kernels::portable ? "portable" : kernels == Kernels::avx2 ? "avx2" : "avx512";
}

bool has(Kernels kernels) {
#if defined(ACESO_X86_KERNELS)
  if (kernels == Kernels::avx2) return __builtin_cpu_supports("avx2") != 0;
  if (kernels == Kernels::avx512)
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
#endif
  return kernels == Kernels::portable;
}

Kernels best_kernels() {
  const char* const wanted = std::getenv("ACESO_KERNELS"); // NOLINT(concurrency-mt-unsafe): nobody changes it here
  for (const Kernels each : {Kernels::avx512, Kernels::avx2})
    if (has(each) && (!wanted || wanted == to_text(each) || wanted == std::string_view("avx512"))) return each;
  return Kernels::portable;
}

RunBlock kernels_of(Kernels kernels) {
#if defined(ACESO_X86_KERNELS)
  if (kernels == Kernels::avx2) return run_block_avx2;
  if (kernels == Kernels::avx512) return run_block_avx512;
#endif
  return kernels == Kernels::portable ? run_block_portable : nullptr;
}

} // namespace aceso::batch
