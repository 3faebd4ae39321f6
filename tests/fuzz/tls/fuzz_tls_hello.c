/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_hello.h"

#include "base/assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_ok(const struct tls_hello *h)
{
	size_t len = strlen(h->sni);

	GW_ASSERT(h->drop == DROP_none);
	GW_ASSERT(h->has_sni == (len > 0));
	GW_ASSERT(len <= 253);
	for (size_t i = 0; i < len; i++) {
		char c = h->sni[i];

		GW_ASSERT((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
	}
	for (unsigned i = 0; i <= TLS_SIGNER_RSA; i++)
		GW_ASSERT(!tls_hello_suits(h, (enum tls_signer)i) ||
			  ((h->schemes_12 | h->schemes_13) & 1u << i));
	GW_ASSERT(len == 0 || (h->sni[0] != '.' && h->sni[len - 1] != '.'));
}

/* Feeds the input in the steps that need_bytes asks for. The answer must be the one for the input
 * as a whole. */
static enum tls_hello_status parse_following(struct span raw, uint8_t *scratch, struct tls_hello *h)
{
	size_t have = 0;
	unsigned parses = 0;

	while (have <= raw.len) {
		enum tls_hello_status status = tls_hello_parse(span_head(raw, have), scratch, h);

		if (status != TLS_HELLO_MORE)
			return status;
		GW_ASSERT(h->need_bytes > have && h->need_bytes <= TLS_HELLO_RAW_MAX);
		have = h->need_bytes;
		GW_ASSERT(++parses < 100);
	}
	return TLS_HELLO_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span raw = span_of(data, size);
	uint8_t *scratch = malloc(TLS_HELLO_MAX);
	struct tls_hello whole, stepped;
	enum tls_hello_status status;

	GW_ASSERT(scratch != NULL);
	status = tls_hello_parse(raw, scratch, &whole);
	switch (status) {
	case TLS_HELLO_OK:
		check_ok(&whole);
		break;
	case TLS_HELLO_MORE:
		GW_ASSERT(whole.need_bytes > size && whole.need_bytes <= TLS_HELLO_RAW_MAX);
		break;
	case TLS_HELLO_BAD:
		GW_ASSERT(whole.drop != DROP_none && !whole.has_sni && whole.sni[0] == '\0');
		break;
	}
	if (parse_following(raw, scratch, &stepped) != TLS_HELLO_MORE) {
		GW_ASSERT(stepped.drop == whole.drop);
		GW_ASSERT(strcmp(stepped.sni, whole.sni) == 0);
	} else {
		GW_ASSERT(status != TLS_HELLO_OK);
	}
	free(scratch);
	return 0;
}
