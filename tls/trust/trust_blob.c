/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_blob.h"

#include <assert.h>
#include <stdlib.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

#include "base/outbuf.h"
#include "tls/trust/trust_compile.h"
#include "tls/trust/trust_forest.h"

#define MAGIC SPAN_LIT("\x89SPTRUST")
/* Magic, version and length. */
#define HEAD_OCTETS 16
#define NAME_OCTETS_MAX 255

static_assert(TRUST_BLOB_DIGEST_OCTETS == WC_SHA256_DIGEST_SIZE, "SHA-256");

static void put_u32(struct outbuf *out, uint32_t v)
{
	uint8_t octets[] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

	outbuf_put(out, SPAN(octets));
}

static void put_chain(struct outbuf *out, const struct trust_forest *forest, size_t i,
		      const struct trust_file *file)
{
	const struct forest_chain *chain = &forest->chains[i];
	struct span name = span_head(span_str(trust_blob_file_name(file->path)), NAME_OCTETS_MAX);

	put_u32(out, forest->members[chain->deepest].ca);
	outbuf_putc(out, (char)name.len);
	outbuf_put(out, name);
}

static void put_ca(struct outbuf *out, const struct trust_forest *forest,
		   const struct forest_ca *ca)
{
	put_u32(out, ca->chain);
	outbuf_putc(out, (char)ca->is_root);
	put_u32(out, (uint32_t)ca->parent_count);
	for (size_t i = 0; i < ca->parent_count; i++)
		put_u32(out, forest->parents[ca->parents_begin + i]);
	put_u32(out, (uint32_t)ca->cert.der.len);
	outbuf_put(out, ca->cert.der);
}

static size_t size_max(const struct trust_forest *forest)
{
	size_t size = HEAD_OCTETS + 3 * sizeof(uint32_t) + TRUST_BLOB_DIGEST_OCTETS;

	size += forest->chain_count * (sizeof(uint32_t) + 1 + NAME_OCTETS_MAX);
	size += forest->parent_count * sizeof(uint32_t);
	for (size_t i = 0; i < forest->ca_count; i++)
		size += 3 * sizeof(uint32_t) + 1 + forest->cas[i].cert.der.len;
	return size;
}

static void sha256(struct span bytes, uint8_t ret_digest[TRUST_BLOB_DIGEST_OCTETS])
{
	GW_ASSERT(bytes.len <= UINT32_MAX);
	GW_ASSERT(wc_Sha256Hash(bytes.p, (word32)bytes.len, ret_digest) == 0);
}

enum gw_err trust_blob_write(const struct trust_forest *forest, const struct trust_file *files,
			     bool partial_chain, uint8_t **ret_blob, size_t *ret_len)
{
	size_t cap = size_max(forest);
	uint8_t *bytes = malloc(cap), digest[TRUST_BLOB_DIGEST_OCTETS];
	struct outbuf out, length;

	if (bytes == NULL)
		return GW_ERR_NO_MEMORY;
	out = outbuf_of(bytes, cap);
	outbuf_put(&out, MAGIC);
	put_u32(&out, TRUST_BLOB_VERSION);
	length = outbuf_of(bytes + out.len, sizeof(uint32_t));
	put_u32(&out, 0); /* the length, once it is known */
	put_u32(&out, partial_chain ? TRUST_BLOB_PARTIAL_CHAIN : 0);
	put_u32(&out, (uint32_t)forest->chain_count);
	for (size_t i = 0; i < forest->chain_count; i++)
		put_chain(&out, forest, i, &files[i]);
	put_u32(&out, (uint32_t)forest->ca_count);
	for (size_t i = 0; i < forest->ca_count; i++)
		put_ca(&out, forest, &forest->cas[i]);
	put_u32(&length, (uint32_t)(out.len + TRUST_BLOB_DIGEST_OCTETS));
	sha256(outbuf_span(&out), digest);
	outbuf_put(&out, SPAN(digest));
	GW_ASSERT(!out.overflowed);
	*ret_blob = bytes;
	*ret_len = out.len;
	return GW_ERR_OK;
}

bool trust_blob_has_magic(struct span bytes)
{
	struct span magic = MAGIC;

	return span_eq(span_head(bytes, magic.len), magic);
}

enum trust_blob_state trust_blob_open(struct span bytes, struct span *ret_body,
				      struct span *ret_digest)
{
	struct span in = span_skip(bytes, MAGIC.len), covered;
	uint8_t digest[TRUST_BLOB_DIGEST_OCTETS];
	uint32_t version, length;

	if (!trust_blob_has_magic(bytes))
		return TRUST_BLOB_MALFORMED;
	if (!trust_blob_take_u32(&in, &version))
		return TRUST_BLOB_CUT;
	if (version != TRUST_BLOB_VERSION)
		return TRUST_BLOB_OTHER_VERSION;
	if (!trust_blob_take_u32(&in, &length) || length != bytes.len ||
	    in.len < TRUST_BLOB_DIGEST_OCTETS)
		return TRUST_BLOB_CUT;
	covered = span_head(bytes, bytes.len - TRUST_BLOB_DIGEST_OCTETS);
	*ret_digest = span_skip(bytes, covered.len);
	*ret_body = span_head(in, in.len - TRUST_BLOB_DIGEST_OCTETS);
	sha256(covered, digest);
	return span_eq(*ret_digest, SPAN(digest)) ? TRUST_BLOB_GOOD : TRUST_BLOB_ALTERED;
}

bool trust_blob_take_octets(struct span *in, size_t len, struct span *ret_octets)
{
	if (in->len < len)
		return false;
	*ret_octets = span_head(*in, len);
	*in = span_skip(*in, len);
	return true;
}

bool trust_blob_take_u8(struct span *in, uint8_t *ret_value)
{
	struct span octets;

	if (!trust_blob_take_octets(in, 1, &octets))
		return false;
	*ret_value = octets.p[0];
	return true;
}

bool trust_blob_take_u32(struct span *in, uint32_t *ret_value)
{
	struct span octets;

	if (!trust_blob_take_octets(in, sizeof(uint32_t), &octets))
		return false;
	*ret_value = (uint32_t)octets.p[0] << 24 | (uint32_t)octets.p[1] << 16 |
		     (uint32_t)octets.p[2] << 8 | octets.p[3];
	return true;
}

bool trust_blob_take_count(struct span *in, size_t entry_octets_min, uint32_t *ret_count)
{
	struct span rest = *in;

	if (!trust_blob_take_u32(&rest, ret_count) || *ret_count > rest.len / entry_octets_min)
		return false;
	*in = rest;
	return true;
}

const char *trust_blob_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}
