/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/identity.h"

static const struct {
	const char *name, *help, *azure, *aws, *gcp;
} reasons[AUTH_REASON_COUNT] = {
#define AUTH_REASON(name, help, azure, aws, gcp) {#name, help, azure, aws, gcp},
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

const char *auth_reason_azure(enum auth_reason reason)
{
	return reasons[reason].azure;
}

const char *auth_reason_aws(enum auth_reason reason)
{
	return reasons[reason].aws;
}

const char *auth_reason_gcp(enum auth_reason reason)
{
	return reasons[reason].gcp;
}
