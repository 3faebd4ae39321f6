/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/units.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t factor;
};

/* A kind of quantity; units from small to large. */
struct units {
	const char *what, *names, *example;
	struct unit unit[4];
};

static const struct units sizes = {
	"size",
	"B, KiB, MiB or GiB",
	"16KiB",
	{{"B", 1}, {"KiB", 1u << 10}, {"MiB", 1u << 20}, {"GiB", 1u << 30}}};
static const struct units times = {
	"time", "ms, s, m or h", "5s", {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}}};

static const struct units short_times = {
	"time",
	"us, ms, s or m",
	"500us",
	{{"us", 1}, {"ms", 1000}, {"s", 1000000}, {"m", 60000000}}};

/* The digits at the start of text.  False when there are none or they exceed 64 bits. */
static bool parse_digits(const char *text, uint64_t *ret_value, const char **ret_rest)
{
	uint64_t value = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value))
			return false;
	*ret_value = value;
	*ret_rest = at;
	return at != text;
}

enum gw_err units_parse_count(const char *text, struct err_note *note, uint64_t *ret_count)
{
	const char *rest;
	uint64_t value;

	if (parse_digits(text, &value, &rest) && *rest == '\0') {
		*ret_count = value;
		return GW_ERR_OK;
	}
	err_note_set(note, "\"%.64s\" is no whole number; write digits only", text);
	return GW_ERR_CONFIG;
}

static enum gw_err parse_quantity(const struct units *units, const char *text,
				  struct err_note *note, uint64_t *ret_value)
{
	const char *rest;
	uint64_t value;

	if (!parse_digits(text, &value, &rest)) {
		err_note_set(note, "\"%.64s\" is no %s; write a whole number and %s, such as %s",
			     text, units->what, units->names, units->example);
		return GW_ERR_CONFIG;
	}
	if (*rest == '\0') {
		err_note_set(note, "\"%.64s\" has no unit; add %s, such as %s", text, units->names,
			     units->example);
		return GW_ERR_CONFIG;
	}
	for (size_t i = 0; i < 4; i++) {
		if (strcmp(rest, units->unit[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(value, units->unit[i].factor, &value))
			break;
		*ret_value = value;
		return GW_ERR_OK;
	}
	err_note_set(note, "\"%.64s\" is no %s; write a whole number and %s, such as %s", text,
		     units->what, units->names, units->example);
	return GW_ERR_CONFIG;
}

enum gw_err units_parse_size(const char *text, struct err_note *note, uint64_t *ret_bytes)
{
	return parse_quantity(&sizes, text, note, ret_bytes);
}

enum gw_err units_parse_time(const char *text, struct err_note *note, uint64_t *ret_ms)
{
	return parse_quantity(&times, text, note, ret_ms);
}

enum gw_err units_parse_time_us(const char *text, struct err_note *note, uint64_t *ret_us)
{
	return parse_quantity(&short_times, text, note, ret_us);
}

void units_write_count(uint64_t count, char ret_text[UNITS_TEXT_BYTES])
{
	snprintf(ret_text, UNITS_TEXT_BYTES, "%" PRIu64, count);
}

static void write_quantity(const struct units *units, uint64_t value,
			   char ret_text[UNITS_TEXT_BYTES])
{
	size_t i = 3;

	while (i > 0 && (value == 0 || value % units->unit[i].factor != 0))
		i--;
	snprintf(ret_text, UNITS_TEXT_BYTES, "%" PRIu64 "%s", value / units->unit[i].factor,
		 units->unit[i].name);
}

void units_write_size(uint64_t bytes, char ret_text[UNITS_TEXT_BYTES])
{
	write_quantity(&sizes, bytes, ret_text);
}

void units_write_time(uint64_t ms, char ret_text[UNITS_TEXT_BYTES])
{
	write_quantity(&times, ms, ret_text);
}

void units_write_time_us(uint64_t us, char ret_text[UNITS_TEXT_BYTES])
{
	write_quantity(&short_times, us, ret_text);
}
