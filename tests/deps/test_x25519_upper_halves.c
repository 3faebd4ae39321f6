/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-x25519-upper-halves.patch: key generation must not depend on what an earlier user of
 * the vector registers left in their upper halves. */
#include "tests/deps/vector_registers.h"

#include <criterion/criterion.h>

#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/curve25519.h>

#include <stdint.h>
#include <string.h>

enum { KEY_BYTES = CURVE25519_KEYSIZE };

static void private_key(uint8_t *key, unsigned seed)
{
	for (unsigned i = 0; i < KEY_BYTES; i++)
		key[i] = (uint8_t)(seed * 193 + i * (7 + seed));
	key[0] &= 248;
	key[KEY_BYTES - 1] = (uint8_t)((key[KEY_BYTES - 1] & 127) | 64);
}

/* The table of multiples of the base point (what the patch is about) against the ladder, which has no table. */
Test(x25519_upper_halves, public_key_is_right_with_dirty_registers)
{
	uint8_t base[KEY_BYTES] = {9}, priv[KEY_BYTES], by_table[KEY_BYTES], by_ladder[KEY_BYTES];

	if (!__builtin_cpu_supports("avx2"))
		cr_skip_test("no AVX2: the faulty code cannot run");
	for (unsigned seed = 0; seed < 64; seed++) {
		private_key(priv, seed);
		cr_assert_eq(wc_curve25519_generic(KEY_BYTES, by_ladder, KEY_BYTES, priv, KEY_BYTES,
						   base),
			     0);
		vector_registers_dirty();
		cr_assert_eq(wc_curve25519_make_pub(KEY_BYTES, by_table, KEY_BYTES, priv), 0);
		cr_assert_arr_eq(by_table, by_ladder, KEY_BYTES, "private key %u", seed);
	}
}
