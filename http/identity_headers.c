/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/identity_headers.h"

#define PEM_LINE_BYTES 64 /* RFC 7468 section 2 */

/* Four characters for up to three bytes (RFC 4648 section 4). */
static void base64_quad(struct span in, uint8_t ret_quad[4])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t v = (uint32_t)in.p[0] << 16;

	v |= in.len > 1 ? (uint32_t)in.p[1] << 8 : 0;
	v |= in.len > 2 ? in.p[2] : 0;
	ret_quad[0] = (uint8_t)digits[v >> 18];
	ret_quad[1] = (uint8_t)digits[v >> 12 & 63];
	ret_quad[2] = (uint8_t)(in.len > 1 ? digits[v >> 6 & 63] : '=');
	ret_quad[3] = (uint8_t)(in.len > 2 ? digits[v & 63] : '=');
}

/* As encodeURIComponent and nginx do it: RFC 3986's unreserved characters stay. */
static void put_escaped(struct outbuf *out, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.p[i], lower = ascii_lower(c);

		if ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		    c == '.' || c == '_' || c == '~') {
			outbuf_putc(out, (char)c);
		} else {
			outbuf_putc(out, '%');
			outbuf_put_hex(out, span_of(&c, 1), true);
		}
	}
}

/* The certificate as PEM, percent-encoded: nginx's $ssl_client_escaped_cert, last line end included. */
static void put_escaped_pem(struct outbuf *out, struct span der)
{
	uint8_t quad[4];
	size_t column = 0;

	put_escaped(out, SPAN_LIT("-----BEGIN CERTIFICATE-----\n"));
	for (; der.len > 0; der = span_skip(der, 3)) {
		base64_quad(der, quad);
		put_escaped(out, SPAN(quad));
		column = (column + sizeof(quad)) % PEM_LINE_BYTES;
		if (column == 0 && der.len > 3)
			put_escaped(out, SPAN_LIT("\n"));
	}
	put_escaped(out, SPAN_LIT("\n-----END CERTIFICATE-----\n"));
}

static void put_base64(struct outbuf *out, struct span der)
{
	uint8_t quad[4];

	for (; der.len > 0; der = span_skip(der, 3)) {
		base64_quad(der, quad);
		outbuf_put(out, SPAN(quad));
	}
}

struct civil_date {
	int64_t year;
	unsigned month, day; /* from 1 */
};

/* Days since 1970-01-01 to a date of the Gregorian calendar, over eras of 400 years that begin on 1 March. */
static struct civil_date date_of(int64_t days)
{
	int64_t since_era_0 = days + 719468; /* from 0000-03-01 */
	int64_t era = (since_era_0 >= 0 ? since_era_0 : since_era_0 - 146096) / 146097;
	unsigned day_of_era = (unsigned)(since_era_0 - era * 146097);
	unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
				day_of_era / 146096) /
			       365;
	unsigned day_of_year = day_of_era -
			       (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	unsigned march_month = (5 * day_of_year + 2) / 153;
	unsigned month = march_month < 10 ? march_month + 3 : march_month - 9;

	return (struct civil_date){
		.year = era * 400 + year_of_era + (month <= 2),
		.month = month,
		.day = day_of_year - (153 * march_month + 2) / 5 + 1,
	};
}

static void put_two(struct outbuf *out, unsigned value, char pad)
{
	outbuf_putc(out, value < 10 ? pad : (char)('0' + value / 10));
	outbuf_putc(out, (char)('0' + value % 10));
}

/* "Sep  1 22:43:21 2023 GMT", as OpenSSL and so nginx print it. */
static void put_date(struct outbuf *out, int64_t time_s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t days = time_s / 86400 - (time_s % 86400 < 0);
	unsigned second = (unsigned)(time_s - days * 86400);
	struct civil_date date = date_of(days);

	outbuf_put(out, span_of(months + (date.month - 1) * 3, 3));
	outbuf_putc(out, ' ');
	put_two(out, date.day, ' ');
	outbuf_putc(out, ' ');
	put_two(out, second / 3600, '0');
	outbuf_putc(out, ':');
	put_two(out, second / 60 % 60, '0');
	outbuf_putc(out, ':');
	put_two(out, second % 60, '0');
	outbuf_putc(out, ' ');
	outbuf_put_u64(out, (uint64_t)date.year);
	outbuf_puts(out, " GMT");
}

/* A line end inside a name would begin a header of the certificate owner's choice.  Names come escaped; this does not
 * rely on it. */
static bool is_one_line(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] < ' ' || text.p[i] == 0x7f)
			return false;
	}
	return true;
}

static void put_azure(struct outbuf *out, const struct peer_identity *id)
{
	outbuf_puts(out, "X-Client-Certificate: ");
	put_escaped_pem(out, id->leaf_der);
	outbuf_puts(out, "\r\nX-Client-Certificate-Start-Date: ");
	put_date(out, id->not_before_s);
	outbuf_puts(out, "\r\nX-Client-Certificate-End-Date: ");
	put_date(out, id->not_after_s);
	outbuf_puts(out, "\r\nX-Client-Certificate-Fingerprint: ");
	outbuf_put_hex(out, SPAN(id->sha1), false);
	outbuf_puts(out, "\r\nX-Client-Certificate-Serial: ");
	outbuf_put_hex(out, id->serial, true);
	outbuf_puts(out, "\r\nX-Client-Certificate-Issuer: ");
	outbuf_put(out, id->issuer_dn);
	outbuf_puts(out, "\r\nX-Client-Certificate-Subject: ");
	outbuf_put(out, id->subject_dn);
	outbuf_puts(out, "\r\nX-Client-Certificate-Verification: ");
	outbuf_puts(out, id->standing == PEER_VERIFIED ? "SUCCESS\r\n" : "PASSTHROUGH\r\n");
}

/* RFC 9440 section 2.2: a Byte Sequence of RFC 8941. */
static void put_rfc9440(struct outbuf *out, const struct peer_identity *id)
{
	outbuf_puts(out, "Client-Cert: :");
	put_base64(out, id->leaf_der);
	outbuf_puts(out, ":\r\n");
}

static void put_lines(unsigned dialects, const struct peer_identity *id, struct outbuf *out)
{
	if ((dialects & HTTP_IDENTITY_AZURE) && id->standing == PEER_ANONYMOUS)
		outbuf_puts(out, "X-Client-Certificate-Verification: NONE\r\n");
	else if (dialects & HTTP_IDENTITY_AZURE)
		put_azure(out, id);
	if ((dialects & HTTP_IDENTITY_RFC9440) && id->standing == PEER_VERIFIED)
		put_rfc9440(out, id);
}

bool http_identity_render(unsigned dialects, const struct peer_identity *id, struct outbuf *out)
{
	const struct outbuf before = *out;
	bool fits;

	if (id->standing == PEER_REFUSED || !is_one_line(id->subject_dn) ||
	    !is_one_line(id->issuer_dn))
		return false;
	out->overflowed = false;
	put_lines(dialects, id, out);
	fits = !out->overflowed;
	if (!fits)
		out->len = before.len;
	out->overflowed = before.overflowed || !fits;
	return fits;
}
