/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_io.h"

#include "tls/tls_session_priv.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#define RECORD_HEADER_BYTES 5
#define RECORD_BYTES_MAX (16384 + 256) /* RFC 8446 section 5.2; TLS 1.2 with AEAD stays below */

/* Looks at the record that is about to be read.  0, or what to tell wolfSSL. */
static int record_begin(struct tls_session *s)
{
	size_t have_bytes = s->ops->rx_bytes(s->io_ctx);
	uint8_t header[RECORD_HEADER_BYTES];
	size_t record_bytes;

	if (have_bytes < sizeof(header) ||
	    s->ops->rx_copy(s->io_ctx, 0, header, sizeof(header)) < sizeof(header))
		return WOLFSSL_CBIO_ERR_WANT_READ;
	record_bytes = (size_t)header[3] << 8 | header[4];
	if (record_bytes > RECORD_BYTES_MAX) {
		tls_session_fail(s, DROP_tls_record_too_large);
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	if (have_bytes < sizeof(header) + record_bytes)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	s->record_count++;
	if (!s->is_established && s->record_count > TLS_HANDSHAKE_RECORDS_MAX) {
		tls_session_fail(s, DROP_tls_handshake_too_many_records);
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	if (s->is_established && s->record_count > TLS_IDLE_RECORDS_MAX) {
		tls_session_fail(s, DROP_tls_record_flood);
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	s->record_left_bytes = (uint32_t)(sizeof(header) + record_bytes);
	return 0;
}

int tls_io_recv(WOLFSSL *ssl, char *buf, int cap, void *ctx)
{
	struct tls_session *s = ctx;
	size_t want = (size_t)cap, got;
	int refusal = 0;

	(void)ssl;
	if (s->record_left_bytes == 0)
		refusal = record_begin(s);
	if (refusal != 0)
		return refusal;
	if (want > s->record_left_bytes)
		want = s->record_left_bytes;
	got = s->ops->rx_copy(s->io_ctx, 0, buf, want);
	if (got == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	s->ops->rx_consume(s->io_ctx, got);
	s->record_left_bytes -= (uint32_t)got;
	return (int)got;
}

static bool spill_add(struct tls_session *s, struct span bytes)
{
	struct tls_spill *spill = &s->spill;
	uint8_t *grown = tls_arena_realloc(&s->tw->arena, spill->p, spill->len + bytes.len);

	if (grown == NULL)
		return false;
	memcpy(grown + spill->len, bytes.p, bytes.len);
	spill->p = grown;
	spill->len += bytes.len;
	return true;
}

int tls_io_send(WOLFSSL *ssl, char *buf, int len, void *ctx)
{
	struct tls_session *s = ctx;
	struct span bytes = span_of(buf, (size_t)len);

	(void)ssl;
	if (s->is_muted)
		return len;
	if (!tls_io_has_spill(s))
		bytes = span_skip(bytes, s->ops->tx(s->io_ctx, bytes));
	if (bytes.len > 0 && !spill_add(s, bytes)) {
		tls_session_fail(s, DROP_tls_arena_full);
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	return len;
}

bool tls_io_has_spill(const struct tls_session *s)
{
	return s->spill.p != NULL;
}

bool tls_io_flush(struct tls_session *s)
{
	struct tls_spill *spill = &s->spill;

	if (!tls_io_has_spill(s))
		return true;
	spill->start += s->ops->tx(s->io_ctx,
				   span_of(spill->p + spill->start, spill->len - spill->start));
	if (spill->start < spill->len)
		return false;
	tls_io_free(s);
	return true;
}

void tls_io_free(struct tls_session *s)
{
	tls_arena_free(s->spill.p);
	s->spill = (struct tls_spill){0};
}
