/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "config/units.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool size_is(const char *text, uint64_t wanted)
{
	struct err_note note;
	uint64_t bytes;

	return units_parse_size(text, &note, &bytes) == GW_ERR_OK && bytes == wanted;
}

static bool time_is(const char *text, uint64_t wanted)
{
	struct err_note note;
	uint64_t ms;

	return units_parse_time(text, &note, &ms) == GW_ERR_OK && ms == wanted;
}

Test(units, what_is_no_size_is_refused_and_leaves_the_output_alone)
{
	static const char *const texts[] = {
		"",
		"-1KiB",
		"+1KiB",
		" 1KiB",
		"1 KiB",
		"1KiB ",
		"1kib",
		"1KB",
		"1K",
		"0x10B",
		"1.5MiB",
		"KiB",
		"1e3B",
		"1BB",
		"1TiB",
		"1Ki",
		"1,0B",
		"18446744073709551616B",
		"16777216TiB",
		"17179869184GiB",
		"99999999999999999999GiB",
		"\xd9\xa1KiB",
		"1s",
	};
	struct err_note note;
	uint64_t bytes = 77;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		note.text[0] = '\0';
		cr_assert_eq(units_parse_size(texts[i], &note, &bytes), GW_ERR_CONFIG, "%s",
			     texts[i]);
		cr_assert_neq(note.text[0], '\0');
		cr_assert_eq(bytes, 77);
	}
}

Test(units, a_bare_number_is_refused_with_the_units_named)
{
	struct err_note note;
	uint64_t value;

	cr_assert_eq(units_parse_size("16384", &note, &value), GW_ERR_CONFIG);
	cr_assert_str_eq(note.text, "\"16384\" has no unit; add B, KiB, MiB or GiB, such as 16KiB");
	cr_assert_eq(units_parse_time("5", &note, &value), GW_ERR_CONFIG);
	cr_assert_str_eq(note.text, "\"5\" has no unit; add ms, s, m or h, such as 5s");
}

Test(units, what_is_no_time_is_refused)
{
	static const char *const texts[] = {"",
					    "-1s",
					    "1 s",
					    "s",
					    "1S",
					    "1sec",
					    "1us",
					    "1d",
					    "1.5s",
					    "1m30s",
					    "18446744073709551616ms",
					    "5124095576031h"};
	struct err_note note;
	uint64_t ms = 77;

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		cr_assert_eq(units_parse_time(texts[i], &note, &ms), GW_ERR_CONFIG, "%s", texts[i]);
	cr_assert_eq(ms, 77);
}

Test(units, counts_are_digits_only)
{
	static const char *const texts[] = {
		"", "-1", "+1", "1k", "0x1", " 1", "1 ", "1.0", "18446744073709551616"};
	struct err_note note;
	uint64_t count = 77;

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		cr_assert_eq(units_parse_count(texts[i], &note, &count), GW_ERR_CONFIG, "%s",
			     texts[i]);
	cr_assert_eq(units_parse_count("18446744073709551615", &note, &count), GW_ERR_OK);
	cr_assert_eq(count, UINT64_MAX);
}

Test(units, sizes_are_powers_of_1024)
{
	cr_assert(size_is("0B", 0));
	cr_assert(size_is("1B", 1));
	cr_assert(size_is("16KiB", 16384));
	cr_assert(size_is("512MiB", 512ull << 20));
	cr_assert(size_is("17179869183GiB", 17179869183ull << 30));
	cr_assert(size_is("18446744073709551615B", UINT64_MAX));
}

Test(units, times_are_milliseconds)
{
	cr_assert(time_is("200ms", 200));
	cr_assert(time_is("5s", 5000));
	cr_assert(time_is("2m", 120000));
	cr_assert(time_is("1h", 3600000));
}

Test(units, short_times_are_microseconds)
{
	struct err_note note;
	uint64_t us;

	cr_assert_eq(units_parse_time_us("500us", &note, &us), GW_ERR_OK);
	cr_assert_eq(us, 500);
	cr_assert_eq(units_parse_time_us("2ms", &note, &us), GW_ERR_OK);
	cr_assert_eq(us, 2000);
	cr_assert_eq(units_parse_time_us("1h", &note, &us), GW_ERR_CONFIG);
	cr_assert_eq(us, 2000);
}

Test(units, written_values_take_the_largest_exact_unit)
{
	char text[UNITS_TEXT_BYTES];

	units_write_size(0, text);
	cr_assert_str_eq(text, "0B");
	units_write_size(1025, text);
	cr_assert_str_eq(text, "1025B");
	units_write_size(512ull << 20, text);
	cr_assert_str_eq(text, "512MiB");
	units_write_size(UINT64_MAX, text);
	cr_assert(size_is(text, UINT64_MAX));
	units_write_time(60000, text);
	cr_assert_str_eq(text, "1m");
	units_write_time(61000, text);
	cr_assert_str_eq(text, "61s");
	units_write_time_us(1500, text);
	cr_assert_str_eq(text, "1500us");
	units_write_time_us(2000, text);
	cr_assert_str_eq(text, "2ms");
	units_write_time(UINT64_MAX, text);
	cr_assert(time_is(text, UINT64_MAX));
}
