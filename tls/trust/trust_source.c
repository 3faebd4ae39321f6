/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_source.h"

#include <stdlib.h>

#include "tls/trust/pem.h"

struct source {
	size_t file_idx;
	struct trust_report *report;
	trust_source_fn *take;
	void *ctx;
	unsigned number; /* of the last block or element */
	bool is_whole;
};

static void invalid(struct source *s, unsigned number, const char *what)
{
	trust_report_add(s->report, TRUST_FOUND_invalid_data, s->file_idx, number, NULL, "%s",
			 what);
	s->is_whole = false;
}

static void no_private_key(struct source *s)
{
	trust_report_add(s->report, TRUST_FOUND_private_key, s->file_idx, s->number, NULL,
			 "is a private key");
}

/* PKCS #1, PKCS #8, SEC 1 and PKCS #12 begin with a number; an encrypted PKCS #8 is an algorithm and
 * octets.  A certificate begins with a SEQUENCE and has three parts. */
static bool der_is_private_key(struct span der)
{
	struct span body;
	struct der_element first, second;

	if (!der_take_only(der, DER_SEQUENCE, &body) || !der_take_any(&body, &first))
		return false;
	return first.tag == DER_INTEGER ||
	       (der_take_any(&body, &second) && second.tag == DER_OCTET_STRING && body.len == 0);
}

static enum gw_err der_take_certificate(struct source *s, struct span der)
{
	if (!der_is_private_key(der))
		return s->take(s->ctx, s->number, der);
	no_private_key(s);
	return GW_ERR_OK;
}

static enum gw_err block_take(struct source *s, const struct pem_block *block)
{
	struct outbuf out;
	enum gw_err err = GW_ERR_OK;
	uint8_t *der;

	if (pem_is_private_key(block)) {
		no_private_key(s);
		return GW_ERR_OK;
	}
	if (!span_eq(block->label, SPAN_LIT("CERTIFICATE"))) {
		invalid(s, s->number, "is a block of another kind, not CERTIFICATE");
		return GW_ERR_OK;
	}
	der = malloc(block->body.len + 1);
	if (der == NULL)
		return GW_ERR_NO_MEMORY;
	out = outbuf_of(der, block->body.len);
	if (pem_decode(block->body, &out))
		err = der_take_certificate(s, outbuf_span(&out));
	else
		invalid(s, s->number, "is not Base64 between its BEGIN and END");
	free(der);
	return err;
}

static enum gw_err pem_read(struct source *s, struct span text)
{
	struct pem_block block;

	for (;;) {
		enum gw_err err;

		switch (pem_take(&text, &block)) {
		case PEM_BLOCK:
			s->number++;
			err = block_take(s, &block);
			if (err != GW_ERR_OK)
				return err;
			continue;
		case PEM_MALFORMED:
			invalid(s, s->number + 1, "has a BEGIN and an END that do not match");
			return GW_ERR_OK;
		case PEM_END:
			if (s->number == 0)
				invalid(s, 0, "is neither PEM, which has a BEGIN line, nor DER");
			return GW_ERR_OK;
		}
	}
}

static enum gw_err der_read(struct source *s, struct span bytes)
{
	while (bytes.len > 0) {
		struct der_element element;
		enum gw_err err;

		s->number++;
		if (!der_take_any(&bytes, &element)) {
			invalid(s, s->number, "is not DER, or has other bytes before or behind it");
			return GW_ERR_OK;
		}
		err = der_take_certificate(s, element.whole);
		if (err != GW_ERR_OK)
			return err;
	}
	return GW_ERR_OK;
}

/* A SEQUENCE of 128 octets or more; no text begins so. */
static bool is_der(struct span bytes)
{
	return bytes.len > 2 && bytes.p[0] == DER_SEQUENCE && bytes.p[1] > 0x80 &&
	       bytes.p[1] < 0x88;
}

static bool is_blank(struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.p[i] != ' ' && bytes.p[i] != '\t' && bytes.p[i] != '\r' &&
		    bytes.p[i] != '\n')
			return false;
	}
	return true;
}

enum gw_err trust_source_read(struct span bytes, size_t file_idx, struct trust_report *report,
			      trust_source_fn *take, void *ctx, bool *ret_whole)
{
	struct source source = {
		.file_idx = file_idx,
		.report = report,
		.take = take,
		.ctx = ctx,
		.is_whole = true,
	};
	enum gw_err err = GW_ERR_OK;

	if (is_blank(bytes)) {
		trust_report_add(report, TRUST_FOUND_no_data, file_idx, 0, NULL, "is empty");
		source.is_whole = false;
	} else {
		err = is_der(bytes) ? der_read(&source, bytes) : pem_read(&source, bytes);
	}
	*ret_whole = source.is_whole;
	return err;
}
