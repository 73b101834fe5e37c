/// Compiled with AVX2 where the compiler has it; else empty.
#if defined(__AVX2__)
#define ACESO_RUN_BLOCK run_block_avx2
#define ACESO_VECTOR_BYTES 32
#include "batch/kernels.h"
#endif
