/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A build without the fault injector. */
#include "app/gateway/fault.h"

enum gw_err fault_wrap(const char *name, uint16_t queue_count, struct err_note *note,
		       struct pktio **port)
{
	(void)name;
	(void)queue_count;
	(void)note;
	(void)port;
	return GW_ERR_OK;
}

void fault_status(const struct pktio *port, json_t *status)
{
	(void)port;
	(void)status;
}
