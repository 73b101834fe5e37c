#define ACESO_BY_HAND by_hand_avx512
#define ACESO_WIDE 64
#include "by_hand/kernel.h"
