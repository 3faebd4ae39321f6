/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/identity.h"

static const struct {
	const char *name, *help;
} reasons[AUTH_REASON_COUNT] = {
#define AUTH_REASON(name, help) {#name, help},
#include "base/auth_reasons.def"
#undef AUTH_REASON
};

const char *auth_reason_name(enum auth_reason reason)
{
	return reasons[reason].name;
}

const char *auth_reason_help(enum auth_reason reason)
{
	return reasons[reason].help;
}
