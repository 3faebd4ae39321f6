/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/allow.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#define IP4_OCTETS 4
#define IP6_OCTETS 16

static const char *const kinds[] = {
	[TRUST_NAME_DNS] = "dns",
	[TRUST_NAME_URI] = "uri",
	[TRUST_NAME_EMAIL] = "email",
	[TRUST_NAME_IP] = "ip",
};
static const char *const matches[] = {
	[TRUST_MATCH_EXACT] = "exact",
	[TRUST_MATCH_PREFIX] = "prefix",
	[TRUST_MATCH_SUFFIX] = "suffix",
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))
#define MATCH_COUNT (sizeof(matches) / sizeof(matches[0]))

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

/* Names in certificates are IA5 strings: nothing beyond ASCII is ever one. */
static bool is_value(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~')
			return false;
	}
	return len > 0 && len <= ALLOW_VALUE_BYTES_MAX;
}

static void mask_put(uint8_t *mask, size_t octets, unsigned bits)
{
	for (size_t i = 0; i < octets; i++, bits -= bits < 8 ? bits : 8)
		mask[i] = (uint8_t)(bits < 8 ? 0xff << (8 - bits) : 0xff);
}

/* The bits of a mask, which come first. */
static unsigned mask_bits(const uint8_t *mask, size_t octets)
{
	unsigned bits = 0;

	while (bits < octets * 8 && (mask[bits / 8] & 0x80 >> bits % 8) != 0)
		bits++;
	return bits;
}

static bool is_network(const uint8_t *address, const uint8_t *mask, size_t octets)
{
	for (size_t i = 0; i < octets; i++) {
		if ((address[i] & ~mask[i]) != 0)
			return false;
	}
	return true;
}

/* How many octets "ADDRESS" or, of a network, "ADDRESS/BITS" has in a certificate; 0: it is none. */
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
	octets = strchr(address, ':') != NULL ? IP6_OCTETS : IP4_OCTETS;
	if (inet_pton(octets == IP6_OCTETS ? AF_INET6 : AF_INET, address, ret_octets) != 1)
		return 0;
	if (!has_bits)
		return octets;
	bits = strtoul(text + len + 1, &end, 10);
	if (text[len + 1] < '0' || text[len + 1] > '9' || *end != '\0' || bits > octets * 8)
		return 0;
	mask_put(ret_octets + octets, octets, (unsigned)bits);
	return is_network(ret_octets, ret_octets + octets, octets) ? 2 * octets : 0;
}

static enum gw_err parse_address(const char *text, enum trust_name_match match,
				 struct err_note *note, uint8_t *octets, struct span *ret_value)
{
	uint8_t parsed[ALLOW_OCTETS_MAX];
	size_t len = 0;

	if (match != TRUST_MATCH_SUFFIX)
		len = address_parse(text, match == TRUST_MATCH_PREFIX, parsed);
	if (len == 0) {
		err_note_set(note,
			     "\"%.64s\" is no address; write as in ip:exact:192.0.2.7, or the "
			     "network as in ip:prefix:192.0.2.0/24",
			     text);
		return GW_ERR_CONFIG;
	}
	memcpy(octets, parsed, len);
	*ret_value = span_of(octets, len);
	return GW_ERR_OK;
}

enum gw_err allow_parse_name(const char *text, struct err_note *note,
			     uint8_t octets[ALLOW_OCTETS_MAX], struct trust_allow_name *ret_name)
{
	const char *value = text;
	size_t kind = word_take(&value, kinds, KIND_COUNT);
	size_t match = word_take(&value, matches, MATCH_COUNT);
	struct trust_allow_name name;
	enum gw_err err = GW_ERR_OK;

	if (kind == KIND_COUNT || match == MATCH_COUNT || !is_value(value)) {
		err_note_set(note,
			     "\"%.64s\" is no TYPE:MATCH:VALUE; write dns, uri, email or ip, then "
			     "exact, prefix or suffix, then at most %d characters of ASCII, as in "
			     "dns:suffix:.example.com",
			     text, ALLOW_VALUE_BYTES_MAX);
		return GW_ERR_CONFIG;
	}
	name = (struct trust_allow_name){(enum trust_name_kind)kind, (enum trust_name_match)match,
					 span_str(value)};
	if (name.kind == TRUST_NAME_IP)
		err = parse_address(value, name.match, note, octets, &name.value);
	if (err == GW_ERR_OK)
		*ret_name = name;
	return err;
}

enum gw_err allow_parse_leaf(const char *text, struct err_note *note,
			     uint8_t ret_sha256[TRUST_SHA256_OCTETS])
{
	char pair[3] = "";

	if (strlen(text) != 2 * TRUST_SHA256_OCTETS ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * TRUST_SHA256_OCTETS) {
		err_note_set(
			note,
			"\"%.80s\" is no SHA-256; write the %d hexadecimal digits that openssl "
			"x509 -fingerprint -sha256 prints, without colons",
			text, 2 * TRUST_SHA256_OCTETS);
		return GW_ERR_CONFIG;
	}
	for (size_t i = 0; i < TRUST_SHA256_OCTETS; i++) {
		memcpy(pair, text + 2 * i, 2);
		ret_sha256[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return GW_ERR_OK;
}

void allow_write_name(const struct trust_allow_name *name, char ret_text[ALLOW_NAME_TEXT_BYTES])
{
	const struct span value = name->value;
	bool has_bits = name->kind == TRUST_NAME_IP && name->match == TRUST_MATCH_PREFIX;
	size_t octets = has_bits ? value.len / 2 : value.len;
	char address[INET6_ADDRSTRLEN] = "";
	int len = snprintf(ret_text, ALLOW_NAME_TEXT_BYTES, "%s:%s:", kinds[name->kind],
			   matches[name->match]);
	char *at = ret_text + len;
	size_t room = ALLOW_NAME_TEXT_BYTES - (size_t)len;

	if (name->kind != TRUST_NAME_IP) {
		snprintf(at, room, "%.*s", (int)value.len, (const char *)value.p);
		return;
	}
	inet_ntop(octets == IP6_OCTETS ? AF_INET6 : AF_INET, value.p, address, sizeof(address));
	if (has_bits)
		snprintf(at, room, "%s/%u", address, mask_bits(value.p + octets, octets));
	else
		snprintf(at, room, "%s", address);
}

void allow_write_leaf(const uint8_t sha256[TRUST_SHA256_OCTETS],
		      char ret_text[ALLOW_LEAF_TEXT_BYTES])
{
	for (size_t i = 0; i < TRUST_SHA256_OCTETS; i++)
		snprintf(ret_text + 2 * i, 3, "%02x", sha256[i]);
}
