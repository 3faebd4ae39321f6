/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>

#include "http/http_chunked.h"

/* Reads all of `in`, piece_bytes at a time; the data goes to *ret_data in one piece (at most 64 bytes are kept). */
static enum http_refusal read_all(struct http_chunked *c, struct span in, size_t piece_bytes,
				  struct span *ret_data, size_t *ret_read)
{
	static uint8_t data_mem[64];
	size_t data_bytes = 0, shown = 0;
	enum http_refusal why = HTTP_REFUSAL_none;

	*ret_read = 0;
	http_chunked_init(c);
	while (why == HTTP_REFUSAL_none && !http_chunked_is_done(c) && *ret_read < in.len) {
		struct span data;
		size_t n = 0;

		shown = *ret_read + piece_bytes < in.len ? *ret_read + piece_bytes : in.len;
		why = http_chunked_read(c, span_of(in.p + *ret_read, shown - *ret_read), SIZE_MAX,
					&n, &data);
		if (why != HTTP_REFUSAL_none)
			break;
		if (data.len > 0 && data_bytes + data.len <= sizeof(data_mem)) {
			memcpy(data_mem + data_bytes, data.p, data.len);
			data_bytes += data.len;
		}
		*ret_read += n;
	}
	*ret_data = span_of(data_mem, data_bytes);
	return why;
}

static void is_refused(const char *name, struct span in, enum http_refusal why)
{
	struct http_chunked c;
	struct span data;
	size_t n;

	for (size_t piece_bytes = 1; piece_bytes <= in.len; piece_bytes++)
		cr_assert_eq(read_all(&c, in, piece_bytes, &data, &n), why, "%s, pieces of %zu",
			     name, piece_bytes);
}

static void is_read(struct span in, const char *want)
{
	struct http_chunked c;
	struct span data;
	size_t n;

	for (size_t piece_bytes = 1; piece_bytes <= in.len; piece_bytes++) {
		cr_assert_eq(read_all(&c, in, piece_bytes, &data, &n), HTTP_REFUSAL_none);
		cr_assert(http_chunked_is_done(&c));
		cr_assert(span_eq(data, span_str(want)));
	}
}

struct row {
	const char *name;
	struct span body;
};

static void check(const struct row *rows, size_t row_count)
{
	for (size_t i = 0; i < row_count; i++)
		is_refused(rows[i].name, rows[i].body, HTTP_REFUSAL_bad_chunk);
}

#define ROWS(rows) (rows), sizeof(rows) / sizeof((rows)[0])
#define ROW(name, body) ((struct row){#name, SPAN_LIT(body)})

Test(http_chunked, size_is_hexadecimal_digits_alone)
{
	const struct row rows[] = {
		ROW(size_without_digits, "\r\n"),
		ROW(size_that_is_an_extension_only, ";a\r\n"),
		ROW(size_with_sign, "+3\r\nabc\r\n0\r\n\r\n"),
		ROW(negative_size, "-3\r\nabc\r\n0\r\n\r\n"),
		ROW(size_with_0x, "0x3\r\nabc\r\n0\r\n\r\n"),
		ROW(size_with_space_before, " 3\r\nabc\r\n0\r\n\r\n"),
		ROW(size_with_space_behind, "3 \r\nabc\r\n0\r\n\r\n"),
		ROW(size_with_space_before_extension, "3 ;a\r\nabc\r\n0\r\n\r\n"),
		ROW(size_with_tab_behind, "3\t\r\nabc\r\n0\r\n\r\n"),
		ROW(size_with_other_letter, "3g\r\nabc\r\n0\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_chunked, digits_are_bounded)
{
	const struct row rows[] = {
		ROW(sixteen_digits, "1000000000000000\r\nabc"),
		ROW(endless_zeros, "0000000000000000000000000000000000000000000000000000"),
	};

	check(ROWS(rows));
}

Test(http_chunked, lines_end_in_crlf)
{
	const struct row rows[] = {
		ROW(size_ends_with_lf, "3\nabc\r\n0\r\n\r\n"),
		ROW(size_ends_with_cr, "3\rabc\r\n0\r\n\r\n"),
		ROW(data_longer_than_size, "3\r\nabcd\r\n0\r\n\r\n"),
		ROW(data_ends_with_lf, "3\r\nabc\n0\r\n\r\n"),
		ROW(size_ends_with_cr_and_another, "3\rXabc\r\n0\r\n\r\n"),
		ROW(data_ends_with_another_and_lf, "3\r\nabcX\n0\r\n\r\n"),
		ROW(data_ends_with_cr_and_another, "3\r\nabc\rX0\r\n\r\n"),
		ROW(data_ends_with_cr, "3\r\nabc\r0\r\n\r\n"),
		ROW(data_without_end, "3\r\nabc0\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_chunked, extensions_hold_no_control_characters)
{
	const struct row rows[] = {
		ROW(extension_with_bare_lf, "3;a\nb\r\nabc\r\n0\r\n\r\n"),
		ROW(extension_with_bare_cr, "3;a\rb\r\nabc\r\n0\r\n\r\n"),
		ROW(extension_with_control_character, "3;a\x01\r\nabc\r\n0\r\n\r\n"),
		ROW(extension_with_delete, "3;a\x7f\r\nabc\r\n0\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_chunked, trailers_are_header_lines)
{
	const struct row rows[] = {
		ROW(trailer_without_colon, "0\r\nabc\r\n\r\n"),
		ROW(trailer_without_name, "0\r\n: a\r\n\r\n"),
		ROW(trailer_with_space_before_colon, "0\r\nA : b\r\n\r\n"),
		ROW(trailer_folded, "0\r\nA: b\r\n c\r\n\r\n"),
		ROW(trailer_with_bare_lf, "0\r\nA: b\nC: d\r\n\r\n"),
		ROW(trailer_with_nul, "0\r\nA: b\0\r\n\r\n"),
		ROW(end_with_bare_lf, "0\r\n\n"),
		ROW(end_with_bare_cr, "0\r\n\rX"),
	};

	check(ROWS(rows));
}

Test(http_chunked, chunks_of_both_cases)
{
	is_read(SPAN_LIT("3\r\nabc\r\n00a\r\n0123456789\r\nA\r\nABCDEFGHIJ\r\n0\r\n\r\n"),
		"abc0123456789ABCDEFGHIJ");
}

Test(http_chunked, data_may_look_like_framing)
{
	is_read(SPAN_LIT("5\r\n0\r\n\r\n\r\n0\r\n\r\n"), "0\r\n\r\n");
}

Test(http_chunked, fifteen_digits_are_a_size)
{
	is_read(SPAN_LIT("000000000000001\r\na\r\n000000000000000\r\n\r\n"), "a");
}

Test(http_chunked, extensions_and_trailers_are_dropped)
{
	is_read(SPAN_LIT("1;a=b;c=\"d\"\r\nx\r\n0;e\r\nClient-Cert: f\r\nG:\t\xc3\xa4\r\n\r\n"),
		"x");
}

Test(http_chunked, nothing_behind_the_end_is_read)
{
	struct span in = SPAN_LIT("1\r\nx\r\n0\r\n\r\nGET ");
	struct http_chunked c;
	struct span data;
	size_t n;

	for (size_t piece_bytes = 1; piece_bytes <= in.len; piece_bytes++) {
		cr_assert_eq(read_all(&c, in, piece_bytes, &data, &n), HTTP_REFUSAL_none);
		cr_assert_eq(n, in.len - 4);
	}
}

Test(http_chunked, largest_size_does_not_wrap)
{
	struct http_chunked c;
	struct span data;
	size_t n;

	cr_assert_eq(read_all(&c, SPAN_LIT("fffffffffffffff\r\nabc"), 100, &data, &n),
		     HTTP_REFUSAL_none);
	cr_assert_eq(c.remaining_bytes, 0xfffffffffffffff - 3);
}

Test(http_chunked, data_max_bounds_what_is_taken)
{
	struct span in = SPAN_LIT("5\r\nabcde\r\n"), data;
	struct http_chunked c;
	size_t n;

	http_chunked_init(&c);
	cr_assert_eq(http_chunked_read(&c, in, 0, &n, &data), HTTP_REFUSAL_none);
	cr_assert_eq(n, 3);
	cr_assert_eq(http_chunked_read(&c, span_skip(in, 3), 2, &n, &data), HTTP_REFUSAL_none);
	cr_assert_eq(n, 2);
	cr_assert(span_eq(data, SPAN_LIT("ab")));
}

static char big[6000];

/* before, n times 'a', after */
static struct span filled(const char *before, size_t n, const char *after)
{
	snprintf(big, sizeof(big), "%s%0*d%s", before, (int)n, 0, after);
	return span_str(big);
}

static enum http_refusal read_at_once(struct span in)
{
	struct http_chunked c;
	struct span data;
	size_t n;

	return read_all(&c, in, in.len, &data, &n);
}

Test(http_chunked, extensions_are_bounded)
{
	cr_assert_eq(read_at_once(filled("1;", HTTP_CHUNK_EXT_BYTES_MAX, "\r\nx\r\n0\r\n\r\n")),
		     HTTP_REFUSAL_none);
	cr_assert_eq(read_at_once(filled("1;", HTTP_CHUNK_EXT_BYTES_MAX + 1, "\r\nx\r\n0\r\n\r\n")),
		     HTTP_REFUSAL_bad_chunk);
}

Test(http_chunked, extensions_of_all_chunks_are_bounded_together)
{
	cr_assert_eq(read_at_once(filled("1;a\r\nx\r\n1;", HTTP_CHUNK_EXT_BYTES_MAX,
					 "\r\nx\r\n0\r\n\r\n")),
		     HTTP_REFUSAL_bad_chunk);
}

Test(http_chunked, trailers_are_bounded)
{
	/* "A:" and the line end count too, and so does the last line's CR. */
	cr_assert_eq(read_at_once(filled("0\r\nA:", HTTP_TRAILER_BYTES_MAX - 5, "\r\n\r\n")),
		     HTTP_REFUSAL_none);
	cr_assert_eq(read_at_once(filled("0\r\nA:", HTTP_TRAILER_BYTES_MAX - 4, "\r\n\r\n")),
		     HTTP_REFUSAL_trailer_too_large);
}
