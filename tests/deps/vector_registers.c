/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/deps/vector_registers.h"

void vector_registers_dirty(void)
{
#define ALL_ONES(n) "vpcmpeqd %%ymm" #n ", %%ymm" #n ", %%ymm" #n "\n\t"
	__asm__ volatile(ALL_ONES(0) ALL_ONES(1) ALL_ONES(2) ALL_ONES(3) ALL_ONES(4) ALL_ONES(
				 5) ALL_ONES(6) ALL_ONES(7) ALL_ONES(8) ALL_ONES(9) ALL_ONES(10)
				 ALL_ONES(11) ALL_ONES(12) ALL_ONES(13) ALL_ONES(14) ALL_ONES(15)::
					 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
					   "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
					   "xmm13", "xmm14", "xmm15");
#undef ALL_ONES
}
