/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_look.h"

bool trust_look(unsigned looked_at_max, unsigned *looked_at, size_t octets)
{
	size_t looks = 1 + octets / TRUST_LOOK_OCTETS;

	if (looks > looked_at_max - *looked_at) {
		*looked_at = looked_at_max;
		return false;
	}
	*looked_at += (unsigned)looks;
	return true;
}
