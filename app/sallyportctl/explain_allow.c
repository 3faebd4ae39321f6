/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/explain_allow.h"

#include "tls/trust/trust_allow.h"

#include <arpa/inet.h>
#include <stdlib.h>

/* Takes a word and the colon behind it off *text; its place among count words, count when it is none. */
static size_t word_take(const char **text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i]);

		if (strncmp(*text, words[i], len) == 0 && (*text)[len] == ':') {
			*text += len + 1;
			return i;
		}
	}
	return count;
}

static void mask_put(uint8_t *mask, size_t octets, unsigned bits)
{
	for (size_t i = 0; i < octets; i++, bits -= bits < 8 ? bits : 8)
		mask[i] = (uint8_t)(bits < 8 ? 0xff << (8 - bits) : 0xff);
}

/* How many octets "ADDRESS" or "ADDRESS/BITS" has in DER; 0: it is none. */
static size_t address_parse(const char *text, bool has_bits, uint8_t *ret_octets)
{
	char address[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "/"), octets;
	unsigned long bits;
	char *end;

	if (len >= sizeof(address) || (text[len] == '/') != has_bits)
		return 0;
	memcpy(address, text, len);
	address[len] = '\0';
	octets = strchr(address, ':') != NULL ? 16 : 4;
	if (inet_pton(octets == 16 ? AF_INET6 : AF_INET, address, ret_octets) != 1)
		return 0;
	if (!has_bits)
		return octets;
	bits = strtoul(text + len + 1, &end, 10);
	if (text[len + 1] < '0' || text[len + 1] > '9' || *end != '\0' || bits > octets * 8)
		return 0;
	mask_put(ret_octets + octets, octets, (unsigned)bits);
	return 2 * octets;
}

bool explain_allow_name(struct explain_allow *storage, const char *text, struct trust_allow *allow)
{
	static const char *const kinds[] = {"dns", "uri", "email", "ip"};
	static const char *const matches[] = {"exact", "prefix", "suffix"};
	size_t i = allow->name_count, kind, match;
	struct trust_allow_name *name = &storage->names[i];

	if (i == EXPLAIN_ALLOW_MAX)
		return false;
	kind = word_take(&text, kinds, sizeof(kinds) / sizeof(kinds[0]));
	match = word_take(&text, matches, sizeof(matches) / sizeof(matches[0]));
	if (kind == sizeof(kinds) / sizeof(kinds[0]) ||
	    match == sizeof(matches) / sizeof(matches[0]))
		return false;
	name->kind = (enum trust_name_kind)kind;
	name->match = (enum trust_name_match)match;
	name->value = span_str(text);
	if (name->kind == TRUST_NAME_IP) {
		if (name->match == TRUST_MATCH_SUFFIX)
			return false;
		name->value = span_of(storage->addresses[i],
				      address_parse(text, name->match == TRUST_MATCH_PREFIX,
						    storage->addresses[i]));
	}
	if (name->value.len == 0)
		return false;
	allow->names = storage->names;
	allow->name_count++;
	return true;
}

bool explain_allow_leaf(struct explain_allow *storage, const char *text, struct trust_allow *allow)
{
	uint8_t *digest = storage->leaves[allow->leaf_count];
	char pair[3] = "";

	if (allow->leaf_count == EXPLAIN_ALLOW_MAX || strlen(text) != 2 * TRUST_SHA256_OCTETS ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * TRUST_SHA256_OCTETS)
		return false;
	for (size_t i = 0; i < TRUST_SHA256_OCTETS; i++) {
		memcpy(pair, text + 2 * i, 2);
		digest[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	allow->leaf_count++;
	allow->leaf_sha256 = (const uint8_t(*)[TRUST_SHA256_OCTETS])storage->leaves;
	trust_allow_sort(storage->leaves, allow->leaf_count);
	return true;
}
