/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A build with the fault injector. */
#include "app/gateway/fault.h"

#include "app/gateway/log.h"
#include "base/clock.h"
#include "drivers/pktio_fault.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint64_t monotonic_ns(void *ctx)
{
	(void)ctx;
	return clock_ns(CLOCK_MONOTONIC);
}

/* Copies what stands behind "NAME:" or "*:" up to the next semicolon; false when there is nothing for this port. */
static bool entry_find(const char *all, const char *name, char *out, size_t cap)
{
	size_t name_len = strlen(name);

	while (*all != '\0') {
		size_t len = strcspn(all, ";"), skip = 0;

		if (strncmp(all, name, name_len) == 0 && all[name_len] == ':')
			skip = name_len + 1;
		else if (strncmp(all, "*:", 2) == 0)
			skip = 2;
		if (skip > 0 && len - skip < cap) {
			memcpy(out, all + skip, len - skip);
			out[len - skip] = '\0';
			return true;
		}
		all += len;
		all += *all == ';';
	}
	return false;
}

enum gw_err fault_wrap(const char *name, uint16_t queue_count, struct err_note *note,
		       struct pktio **port)
{
	const char *all = getenv("SP_FAULT");
	struct pktio_fault_params params;
	char entry[256];
	enum gw_err err;

	if (all == NULL || !entry_find(all, name, entry, sizeof(entry)))
		return GW_ERR_OK;
	err = pktio_fault_params_parse(entry, note, &params);
	if (err != GW_ERR_OK)
		return err;
	params.now_ns = monotonic_ns;
	params.now_ctx = NULL;
	params.queue_count = queue_count;
	log_event(LOG_WARNING, "fault_injector", "port=%s seed=%" PRIu64 " faults=\"%s\"", name,
		  params.seed, entry);
	return pktio_fault_open(&params, *port, port);
}

static json_t *direction_json(const struct pktio_fault_stats *s)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "seen", (json_int_t)s->seen, "lost",
			 (json_int_t)s->lost, "duplicated", (json_int_t)s->duplicated, "reordered",
			 (json_int_t)s->reordered, "corrupted", (json_int_t)s->corrupted, "delayed",
			 (json_int_t)s->delayed, "no_mbuf", (json_int_t)s->no_mbuf);
}

void fault_status(const struct pktio *port, json_t *status)
{
	struct pktio_fault_stats stats[PKTIO_FAULT_DIRECTIONS];
	json_t *fault;

	if (!pktio_fault_stats(port, stats))
		return;
	fault = json_object();
	json_object_set_new(fault, "rx", direction_json(&stats[PKTIO_FAULT_RX]));
	json_object_set_new(fault, "tx", direction_json(&stats[PKTIO_FAULT_TX]));
	json_object_set_new(status, "fault", fault);
}
