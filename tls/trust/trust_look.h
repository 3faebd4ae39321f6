/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_look.h: counts what comparing names costs.  A stranger's certificates may hold
 * thousands of names, or few that are very long; either way a judgement ends at its limit. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A name counts once, and once more for each time that many octets of it. */
#define TRUST_LOOK_OCTETS 16

/* Counts a look at a name of so many octets.  False: that would be more than looked_at_max, and
 * *looked_at is then looked_at_max. */
bool trust_look(unsigned looked_at_max, unsigned *looked_at, size_t octets);
