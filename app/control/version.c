/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/version.h"

#include "deps_built.h"

#include <argp.h>

void version_print(FILE *out, struct argp_state *state)
{
	fprintf(out, "%s %s\n", state->name, GW_VERSION);
	fprintf(out, "wolfSSL %s\n", DEPS_WOLFSSL);
	fprintf(out, "llhttp %s\n", DEPS_LLHTTP);
	if (DEPS_WOLFSSL_LACKS[0] != '\0')
		fprintf(out, "lacks: %s\n", DEPS_WOLFSSL_LACKS);
	if (GW_FAULT_INJECTOR)
		fprintf(out, "fault injector: built in; not for service\n");
	fprintf(out, "Licence GPL-3.0-or-later: free software, no warranty\n");
}
