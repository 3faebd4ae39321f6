/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-sha256-upper-halves.patch: a digest must not be computed with dirty upper halves, which is right
 * but takes a hundred times as long.  Whether they are clean the processor tells: XGETBV with ECX=1, bit 2 (Intel SDM volume 1,
 * section 13.6). */
#include "tests/deps/vector_registers.h"

#include <criterion/criterion.h>

#include <cpuid.h>
#include <stdbool.h>
#include <stdint.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/sha256.h>

#define CPUID_7_EBX_AVX2 (1u << 5)
#define CPUID_7_EBX_SHA (1u << 29)
#define CPUID_13_1_EAX_XGETBV_1 (1u << 2)
#define XINUSE_AVX (1u << 2)

static bool processor_can_tell(void)
{
	unsigned eax, ebx, ecx, edx;

	if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0 || (ebx & CPUID_7_EBX_AVX2) == 0 ||
	    (ebx & CPUID_7_EBX_SHA) == 0)
		return false;
	return __get_cpuid_count(13, 1, &eax, &ebx, &ecx, &edx) != 0 &&
	       (eax & CPUID_13_1_EAX_XGETBV_1) != 0;
}

static bool upper_halves_are_clean(void)
{
	uint32_t low, high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
	return (low & XINUSE_AVX) == 0;
}

Test(sha256_upper_halves, digest_cleans_them_before_it_begins)
{
	static uint8_t octets[64 * 64], digest[WC_SHA256_DIGEST_SIZE];
	wc_Sha256 sha;

	if (!processor_can_tell())
		cr_skip_test("no AVX2, no SHA instructions, or no XGETBV with ECX=1");
	cr_assert_eq(wc_InitSha256(&sha), 0);
	vector_registers_dirty();
	cr_expect_not(upper_halves_are_clean());
	cr_assert_eq(wc_Sha256Update(&sha, octets, sizeof(octets)), 0); /* many blocks at once */
	cr_expect(upper_halves_are_clean());
	vector_registers_dirty();
	cr_assert_eq(wc_Sha256Final(&sha, digest), 0); /* one */
	cr_expect(upper_halves_are_clean());
	wc_Sha256Free(&sha);
}
