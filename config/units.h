/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/units.h: numbers of a start-up file with their units, from text and back.  Digits and unit
 * only: no sign, no fraction, no blank.  On failure note says "WHAT; WHAT TO DO" and the output is
 * untouched. */
#pragma once

#include "base/err.h"

#include <stdint.h>

/* Longest text that the writers below produce, with its terminator. */
#define UNITS_TEXT_BYTES 32

/* A plain whole number: "20000". */
MUST_CHECK enum gw_err units_parse_count(const char *text, struct err_note *note,
					 uint64_t *ret_count);
/* B, KiB, MiB, GiB: "16KiB".  The unit may not be left out. */
MUST_CHECK enum gw_err units_parse_size(const char *text, struct err_note *note,
					uint64_t *ret_bytes);
/* ms, s, m, h: "200ms".  The unit may not be left out. */
MUST_CHECK enum gw_err units_parse_time(const char *text, struct err_note *note, uint64_t *ret_ms);
/* The same for short ones: us, ms, s or m. */
MUST_CHECK enum gw_err units_parse_time_us(const char *text, struct err_note *note,
					   uint64_t *ret_us);

/* The shortest exact text in the largest unit that divides the value; what the parsers read back.
 * */
void units_write_count(uint64_t count, char ret_text[UNITS_TEXT_BYTES]);
void units_write_size(uint64_t bytes, char ret_text[UNITS_TEXT_BYTES]);
void units_write_time(uint64_t ms, char ret_text[UNITS_TEXT_BYTES]);
void units_write_time_us(uint64_t us, char ret_text[UNITS_TEXT_BYTES]);
