/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/forest_build.h"

#include <unistd.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ed25519.h>

#include "base/assert.h"
#include "tls/trust/x509.h"

#define ED25519_ALGORITHM SPAN_LIT("\x30\x05\x06\x03\x2b\x65\x70")
#define CERT_BYTES_MAX 131072

struct key_pair {
	bool is_made;
	ed25519_key key;
	uint8_t spki[44];
};

static struct key_pair *pair_of(unsigned number)
{
	static struct key_pair pairs[FOREST_KEYS_MAX];
	struct key_pair *pair = &pairs[number];
	uint8_t secret[32] = {1, (uint8_t)number};

	GW_ASSERT(number < FOREST_KEYS_MAX);
	if (pair->is_made)
		return pair;
	memcpy(pair->spki, "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
	GW_ASSERT(wc_ed25519_init(&pair->key) == 0);
	GW_ASSERT(wc_ed25519_import_private_only(secret, sizeof(secret), &pair->key) == 0);
	GW_ASSERT(wc_ed25519_make_public(&pair->key, pair->spki + 12, 32) == 0);
	GW_ASSERT(wc_ed25519_import_private_key(secret, sizeof(secret), pair->spki + 12, 32,
						&pair->key) == 0);
	pair->is_made = true;
	return pair;
}

struct span forest_key(unsigned number)
{
	return SPAN(pair_of(number)->spki);
}

struct span forest_name(struct outbuf *out, const char *common_name)
{
	return name_put1(out, SPAN_LIT("\x55\x04\x03"), 0x0c, span_str(common_name));
}

struct span forest_ca_exts(struct outbuf *out, int path_length)
{
	uint8_t value[8] = {0x30, 0x03, 0x01, 0x01, 0xff, 0x02, 0x01, (uint8_t)path_length};

	value[1] = path_length < 0 ? 3 : 6;
	return ext_put(out, SPAN_LIT("\x55\x1d\x13"), true, span_of(value, 2u + value[1]));
}

struct span forest_cert(struct cert_parts parts, unsigned signer, struct outbuf *out)
{
	static uint8_t draft_bytes[CERT_BYTES_MAX];
	struct outbuf draft = outbuf_of(draft_bytes, sizeof(draft_bytes));
	uint8_t bits[67] = {0x03, 0x41, 0x00};
	word32 len = 64;
	struct span body;
	struct der_element tbs;

	parts.inner_alg = parts.outer_alg = ED25519_ALGORITHM;
	GW_ASSERT(der_take_only(cert_build(&parts, &draft), DER_SEQUENCE, &body));
	GW_ASSERT(der_take_any(&body, &tbs));
	GW_ASSERT(wc_ed25519_sign_msg(tbs.whole.p, (word32)tbs.whole.len, bits + 3, &len,
				      &pair_of(signer)->key) == 0);
	parts.signature = SPAN(bits);
	return cert_build(&parts, out);
}

struct trust_store *forest_store(const struct span *certs, size_t count, bool partial_chain)
{
	static uint8_t text_bytes[CERT_BYTES_MAX];
	struct outbuf text = outbuf_of(text_bytes, sizeof(text_bytes));
	const char *path;
	struct trust_store *store;

	for (size_t i = 0; i < count; i++)
		pem_put(&text, certs[i]);
	path = file_write(outbuf_span(&text));
	store = store_load_files(&path, 1, partial_chain);
	unlink(path);
	return store;
}
