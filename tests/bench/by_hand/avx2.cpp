#define ACESO_BY_HAND by_hand_avx2
#define ACESO_WIDE 32
#include "by_hand/kernel.h"
