/// Compiled with AVX-512 F and BW where the compiler has them; else empty.
#if defined(__AVX512BW__)
#define ACESO_RUN_BLOCK run_block_avx512
#define ACESO_VECTOR_BYTES 64
#include "batch/kernels.h"
#endif
