/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_local.h"

#define HTTPS_PORT 443

/* RFC 3986 section 2: reserved and unreserved characters, and the '%' of an escape. */
static bool is_uri_byte(uint8_t c)
{
	return c > ' ' && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL;
}

static void put_target(struct outbuf *out, struct span target)
{
	if (span_eq(target, SPAN_LIT("*")))
		target = SPAN_LIT("/");
	for (size_t i = 0; i < target.len; i++) {
		if (is_uri_byte(target.p[i])) {
			outbuf_putc(out, (char)target.p[i]);
		} else {
			outbuf_putc(out, '%');
			outbuf_put_hex(out, span_of(target.p + i, 1), true);
		}
	}
}

static bool put_host(struct outbuf *out, struct span host)
{
	for (size_t i = 0; i < host.len; i++) {
		uint8_t c = ascii_lower(host.p[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("-._", c)) ||
		    c == '\0')
			return false;
		outbuf_putc(out, (char)c);
	}
	return host.len > 0;
}

static void put_connection(struct outbuf *out, bool keep_alive)
{
	outbuf_puts(out, keep_alive ? "\r\nConnection: keep-alive\r\n\r\n"
				    : "\r\nConnection: close\r\n\r\n");
}

/* Takes back what did not become whole. */
static bool whole(struct outbuf *out, size_t start, bool ok)
{
	if (ok && !out->overflowed)
		return true;
	out->len = start;
	out->overflowed = false;
	return false;
}

bool http_local_redirect(const struct http_request *r, uint16_t port, bool keep_alive,
			 struct outbuf *out)
{
	size_t start = out->len;
	bool ok;

	outbuf_puts(out, "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://");
	ok = put_host(out, r->host) && r->target.len > 0 &&
	     (r->target.p[0] == '/' || r->target.p[0] == '*');
	if (port != HTTPS_PORT) {
		outbuf_putc(out, ':');
		outbuf_put_u64(out, port);
	}
	put_target(out, r->target);
	outbuf_puts(out, "\r\nContent-Length: 0");
	put_connection(out, keep_alive);
	return whole(out, start, ok);
}

bool http_local_health(const struct http_request *r, bool is_draining, bool keep_alive,
		       struct outbuf *out)
{
	const char *body = is_draining ? "draining\n" : "ok\n";
	size_t start = out->len;

	outbuf_puts(out, is_draining ? "HTTP/1.1 503 Service Unavailable" : "HTTP/1.1 200 OK");
	outbuf_puts(out, "\r\nContent-Type: text/plain; charset=utf-8\r\n"
			 "X-Content-Type-Options: nosniff\r\n"
			 "Cache-Control: no-store\r\n"
			 "Content-Length: ");
	outbuf_put_u64(out, strlen(body));
	put_connection(out, keep_alive);
	if (!r->is_head)
		outbuf_puts(out, body);
	return whole(out, start, true);
}
