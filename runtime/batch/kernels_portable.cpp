#define ACESO_RUN_BLOCK run_block_portable
#define ACESO_VECTOR_BYTES 16
#include "batch/kernels.h"
