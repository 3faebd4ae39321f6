/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/access_format.h"

#include <stdio.h>
#include <time.h>

static void put_string(struct outbuf *out, struct span s)
{
	static const char hex[] = "0123456789abcdef";

	outbuf_putc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.p[i];

		if (c == '"' || c == '\\') {
			outbuf_putc(out, '\\');
			outbuf_putc(out, (char)c);
		} else if (c >= 0x20 && c < 0x7f) {
			outbuf_putc(out, (char)c);
		} else {
			outbuf_puts(out, "\\u00");
			outbuf_putc(out, hex[c >> 4]);
			outbuf_putc(out, hex[c & 15]);
		}
	}
	outbuf_putc(out, '"');
}

static void put_key(struct outbuf *out, const char *key)
{
	outbuf_puts(out, ",\"");
	outbuf_puts(out, key);
	outbuf_puts(out, "\":");
}

/* A string of ours; NULL: null. */
static void put_name(struct outbuf *out, const char *key, const char *value)
{
	put_key(out, key);
	if (value != NULL)
		put_string(out, span_str(value));
	else
		outbuf_puts(out, "null");
}

static void put_number(struct outbuf *out, const char *key, uint64_t value, bool is_known)
{
	put_key(out, key);
	if (is_known)
		outbuf_put_u64(out, value);
	else
		outbuf_puts(out, "null");
}

static void put_text(struct outbuf *out, const char *key, const struct access_record *r,
		     enum access_text which)
{
	struct span value;

	put_key(out, key);
	if (access_record_text(r, which, &value))
		put_string(out, value);
	else
		outbuf_puts(out, "null");
}

static void put_address(struct outbuf *out, uint32_t ip)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		outbuf_put_u64(out, ip >> shift & 255);
		if (shift > 0)
			outbuf_putc(out, '.');
	}
}

static void put_time(struct outbuf *out, int64_t utc_ns)
{
	time_t seconds = (time_t)(utc_ns / 1000000000);
	char text[48], millis[8];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(millis, sizeof(millis), ".%03dZ", (int)(utc_ns / 1000000 % 1000));
	outbuf_puts(out, "{\"ts\":\"");
	outbuf_puts(out, text);
	outbuf_puts(out, millis);
	outbuf_putc(out, '"');
}

static void put_judgement(struct outbuf *out, enum auth_reason reason)
{
	if (reason == AUTH_ok) {
		outbuf_puts(out, "\"SUCCESS\"");
	} else if (reason == AUTH_no_certificate) {
		outbuf_puts(out, "\"NONE\"");
	} else {
		outbuf_puts(out, "\"FAILED:");
		outbuf_puts(out, auth_reason_name(reason));
		outbuf_putc(out, '"');
	}
}

static void put_verdict(struct outbuf *out, const struct access_record *r)
{
	put_key(out, "client_verify");
	switch (r->verify) {
	case ACCESS_VERIFY_UNKNOWN:
		outbuf_puts(out, "null");
		break;
	case ACCESS_VERIFY_NONE:
		outbuf_puts(out, "\"NONE\"");
		break;
	case ACCESS_VERIFY_PASSED:
		outbuf_puts(out, "\"PASSTHROUGH\"");
		break;
	case ACCESS_VERIFY_JUDGED:
		put_judgement(out, r->reason);
		break;
	}
	put_name(out, "client_reason",
		 r->verify == ACCESS_VERIFY_JUDGED ? auth_reason_name(r->reason) : NULL);
	put_text(out, "client_subject", r, ACCESS_TEXT_SUBJECT);
	put_key(out, "client_sha256");
	if (r->has_sha256) {
		outbuf_putc(out, '"');
		outbuf_put_hex(out, SPAN(r->sha256), false);
		outbuf_putc(out, '"');
	} else {
		outbuf_puts(out, "null");
	}
}

static const char *name_at(const char *const *names, size_t count, uint16_t idx)
{
	return idx < count ? names[idx] : NULL;
}

/* "app/198.19.0.2:8080": the pool and its server. */
static void put_backend(struct outbuf *out, const struct access_record *r,
			const struct access_names *names)
{
	const char *pool = name_at(names->pools, names->pool_count, r->pool_idx);

	put_key(out, "backend");
	if (pool == NULL) {
		outbuf_puts(out, "null");
	} else {
		outbuf_putc(out, '"');
		outbuf_puts(out, pool); /* config/ lets in letters, digits, '.', '_' and '-' only */
		outbuf_putc(out, '/');
		put_address(out, r->backend_ip);
		outbuf_putc(out, ':');
		outbuf_put_u64(out, r->backend_port);
		outbuf_putc(out, '"');
	}
	put_number(out, "backend_status", r->backend_status, r->backend_status > 0);
	put_number(out, "duration_us", r->duration_us, true);
	put_number(out, "backend_us", r->backend_us, pool != NULL);
}

static void put_client(struct outbuf *out, const struct access_record *r,
		       const struct access_names *names)
{
	put_key(out, "id");
	if (r->id[0] != '\0')
		put_string(out, span_of(r->id, sizeof(r->id)));
	else
		outbuf_puts(out, "null");
	put_name(out, "listener",
		 name_at(names->listeners, names->listener_count, r->listener_idx));
	outbuf_puts(out, ",\"client_ip\":\"");
	put_address(out, r->client_ip);
	outbuf_putc(out, '"');
	put_number(out, "client_port", r->client_port, true);
	put_name(out, "tls_version", r->tls_version);
	put_name(out, "tls_cipher", r->tls_cipher);
	put_text(out, "sni", r, ACCESS_TEXT_SNI);
	outbuf_puts(out, ",\"resumed\":false"); /* there is no resumption */
}

static void put_cut(struct outbuf *out, const struct access_record *r)
{
	static const char *const keys[ACCESS_TEXT_COUNT] = {
		[ACCESS_TEXT_SNI] = "sni",       [ACCESS_TEXT_SUBJECT] = "client_subject",
		[ACCESS_TEXT_METHOD] = "method", [ACCESS_TEXT_HOST] = "host",
		[ACCESS_TEXT_TARGET] = "target",
	};
	bool any = false;

	for (unsigned i = 0; i < ACCESS_TEXT_COUNT; i++) {
		if (!access_record_is_cut(r, (enum access_text)i))
			continue;
		outbuf_puts(out, any ? ",\"" : ",\"truncated\":[\"");
		outbuf_puts(out, keys[i]);
		outbuf_putc(out, '"');
		any = true;
	}
	if (any)
		outbuf_putc(out, ']');
}

bool access_format(struct outbuf *out, const struct access_record *r,
		   const struct access_names *names, uint64_t repeated)
{
	if (outbuf_space(out) < ACCESS_LINE_BYTES_MAX)
		return false;
	put_time(out, (int64_t)r->end_ns + names->utc_offset_ns);
	put_client(out, r, names);
	put_verdict(out, r);
	put_text(out, "method", r, ACCESS_TEXT_METHOD);
	put_text(out, "host", r, ACCESS_TEXT_HOST);
	put_text(out, "target", r, ACCESS_TEXT_TARGET);
	put_number(out, "status", r->status, r->status > 0);
	put_number(out, "bytes_in", r->bytes_in, true);
	put_number(out, "bytes_out", r->bytes_out, true);
	put_backend(out, r, names);
	put_name(out, "error", r->error != DROP_none ? drop_infos[r->error].name : NULL);
	put_cut(out, r);
	if (repeated > 0)
		put_number(out, "repeated", repeated, true);
	outbuf_puts(out, "}\n");
	return true;
}
