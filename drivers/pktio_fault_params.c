/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/pktio_fault.h"

#include <stdlib.h>
#include <string.h>

#define SEED_DEFAULT 1
#define REORDER_US_DEFAULT 1000
/* Three quarters of a second: with more, nothing would get through at all. */
#define TIME_US_MAX 750000u
#define PPM_MAX 1000000u

/* Digits, perhaps a point and more digits, in units of scale.  False when there is no digit or the value exceeds max. */
static bool number(const char **at, uint64_t scale, uint64_t max, uint64_t *ret)
{
	const char *p = *at;
	uint64_t value = 0;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		value = value * 10 + (uint64_t)(*p - '0') * scale;
		if (value > max)
			return false;
	}
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++) {
			scale /= 10;
			value += (uint64_t)(*p - '0') * scale;
		}
	}
	*at = p;
	*ret = value;
	return value <= max;
}

static bool ends(const char *at, const char *unit)
{
	return strcmp(at, unit) == 0;
}

static bool rate_parse(const char *text, uint32_t *ret_ppm)
{
	uint64_t ppm;

	if (!number(&text, PPM_MAX / 100, PPM_MAX, &ppm) || !ends(text, "%"))
		return false;
	*ret_ppm = (uint32_t)ppm;
	return true;
}

static bool time_parse(const char *text, uint32_t *ret_us)
{
	static const struct {
		const char *unit;
		uint64_t us;
	} units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *at = text;
		uint64_t us;

		if (!number(&at, units[i].us, TIME_US_MAX, &us) || !ends(at, units[i].unit))
			continue;
		*ret_us = (uint32_t)us;
		return true;
	}
	return false;
}

static bool seed_parse(const char *text, uint64_t *ret_seed)
{
	return number(&text, 1, UINT32_MAX, ret_seed) && ends(text, "");
}

static bool pair_parse(const char *key, const char *value, struct pktio_fault_params *p)
{
	if (strcmp(key, "seed") == 0)
		return seed_parse(value, &p->seed);
	if (strcmp(key, "loss") == 0)
		return rate_parse(value, &p->loss_ppm);
	if (strcmp(key, "duplicate") == 0)
		return rate_parse(value, &p->duplicate_ppm);
	if (strcmp(key, "reorder") == 0)
		return rate_parse(value, &p->reorder_ppm);
	if (strcmp(key, "corrupt") == 0)
		return rate_parse(value, &p->corrupt_ppm);
	if (strcmp(key, "delay") == 0)
		return time_parse(value, &p->delay_us);
	if (strcmp(key, "reorder_by") == 0)
		return time_parse(value, &p->reorder_us);
	return false;
}

enum gw_err pktio_fault_params_parse(const char *text, struct err_note *note,
				     struct pktio_fault_params *ret)
{
	struct pktio_fault_params p = {.seed = SEED_DEFAULT, .reorder_us = REORDER_US_DEFAULT};

	while (*text != '\0') {
		size_t len = strcspn(text, ",");
		char pair[64], *value;

		if (len >= sizeof(pair))
			len = sizeof(pair) - 1;
		memcpy(pair, text, len);
		pair[len] = '\0';
		value = strchr(pair, '=');
		if (value != NULL)
			*value++ = '\0';
		if (value == NULL || !pair_parse(pair, value, &p)) {
			err_note_set(note,
				     "fault '%s%s%s' is not understood; write for instance "
				     "seed=7,loss=2%%,reorder=1%%,delay=5ms",
				     pair, value != NULL ? "=" : "", value != NULL ? value : "");
			return GW_ERR_CONFIG;
		}
		text += len;
		text += *text == ',';
	}
	*ret = p;
	return GW_ERR_OK;
}
