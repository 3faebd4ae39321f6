/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/addr.h"

#include <stdio.h>
#include <string.h>

/* A decimal number of at most limit, without leading zero; moves *text behind it. */
static bool take_number(const char **text, uint32_t limit, uint32_t *ret_value)
{
	const char *at = *text;
	uint32_t value = 0;

	if (at[0] == '0' && at[1] >= '0' && at[1] <= '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++) {
		value = value * 10 + (uint32_t)(*at - '0');
		if (value > limit)
			return false;
	}
	if (at == *text)
		return false;
	*text = at;
	*ret_value = value;
	return true;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool take_ip4(const char **text, struct ip4 *ret_addr)
{
	struct ip4 addr = {0};
	uint32_t octet;

	for (unsigned i = 0; i < 4; i++) {
		if ((i > 0 && !take_char(text, '.')) || !take_number(text, 255, &octet))
			return false;
		addr.v = addr.v << 8 | octet;
	}
	*ret_addr = addr;
	return true;
}

/* Not "this network" (RFC 791), loopback, multicast, reserved (RFC 6890). */
static bool is_unicast(struct ip4 addr)
{
	uint32_t first = addr.v >> 24;

	return first != 0 && first != 127 && first < 224;
}

static bool take_prefix(const char *text, struct ip4_prefix *ret_prefix)
{
	struct ip4_prefix prefix = {0};
	uint32_t len;

	if (!take_ip4(&text, &prefix.addr) || !take_char(&text, '/') ||
	    !take_number(&text, 32, &len) || *text != '\0')
		return false;
	prefix.len = (uint8_t)len;
	*ret_prefix = prefix;
	return true;
}

enum gw_err addr_parse_ip4(const char *text, struct err_note *note, struct ip4 *ret_addr)
{
	const char *at = text;
	struct ip4 addr;

	if (take_ip4(&at, &addr) && *at == '\0' && is_unicast(addr)) {
		*ret_addr = addr;
		return GW_ERR_OK;
	}
	err_note_set(note, "\"%.64s\" is no IPv4 address of a host; write one such as 198.18.0.2",
		     text);
	return GW_ERR_CONFIG;
}

enum gw_err addr_parse_network(const char *text, struct err_note *note,
			       struct ip4_prefix *ret_prefix)
{
	struct ip4_prefix prefix, network;
	char wanted[ADDR_TEXT_BYTES];

	if (!take_prefix(text, &prefix)) {
		err_note_set(note, "\"%.64s\" is no IPv4 network; write one such as 198.18.0.0/24",
			     text);
		return GW_ERR_CONFIG;
	}
	network = (struct ip4_prefix){addr_network_first(prefix), prefix.len};
	if (!ip4_eq(network.addr, prefix.addr)) {
		addr_write_prefix(network, wanted);
		err_note_set(note, "\"%.64s\" has bits set beyond its length; write %s", text,
			     wanted);
		return GW_ERR_CONFIG;
	}
	*ret_prefix = prefix;
	return GW_ERR_OK;
}

enum gw_err addr_parse_interface(const char *text, struct err_note *note,
				 struct ip4_prefix *ret_prefix)
{
	struct ip4_prefix prefix;

	if (take_prefix(text, &prefix) && prefix.len > 0 && is_unicast(prefix.addr) &&
	    addr_is_host_of(prefix, prefix.addr)) {
		*ret_prefix = prefix;
		return GW_ERR_OK;
	}
	err_note_set(note,
		     "\"%.64s\" is no IPv4 address with the length of its network; write one such "
		     "as 198.18.0.1/24",
		     text);
	return GW_ERR_CONFIG;
}

enum gw_err addr_parse_endpoint(const char *text, struct err_note *note,
				struct ip4_endpoint *ret_endpoint)
{
	const char *at = text;
	struct ip4 addr;
	uint32_t port;

	if (take_ip4(&at, &addr) && is_unicast(addr) && take_char(&at, ':') &&
	    take_number(&at, UINT16_MAX, &port) && port > 0 && *at == '\0') {
		*ret_endpoint = (struct ip4_endpoint){addr, (uint16_t)port};
		return GW_ERR_OK;
	}
	err_note_set(note,
		     "\"%.64s\" is no IPv4 address with a port; write one such as 198.18.0.1:443",
		     text);
	return GW_ERR_CONFIG;
}

enum gw_err addr_parse_local_endpoint(const char *text, struct err_note *note,
				      struct ip4_endpoint *ret_endpoint)
{
	const char *at = text;
	struct ip4 addr;
	uint32_t port;

	if (take_ip4(&at, &addr) && take_char(&at, ':') && take_number(&at, UINT16_MAX, &port) &&
	    port > 0 && *at == '\0') {
		*ret_endpoint = (struct ip4_endpoint){addr, (uint16_t)port};
		return GW_ERR_OK;
	}
	err_note_set(note,
		     "\"%.64s\" is no IPv4 address with a port; write one such as 127.0.0.1:9100",
		     text);
	return GW_ERR_CONFIG;
}

void addr_write_ip4(struct ip4 addr, char ret_text[ADDR_TEXT_BYTES])
{
	snprintf(ret_text, ADDR_TEXT_BYTES, "%u.%u.%u.%u", addr.v >> 24, addr.v >> 16 & 0xff,
		 addr.v >> 8 & 0xff, addr.v & 0xff);
}

void addr_write_prefix(struct ip4_prefix prefix, char ret_text[ADDR_TEXT_BYTES])
{
	addr_write_ip4(prefix.addr, ret_text);
	snprintf(ret_text + strlen(ret_text), ADDR_TEXT_BYTES - strlen(ret_text), "/%u",
		 prefix.len);
}

void addr_write_endpoint(struct ip4_endpoint endpoint, char ret_text[ADDR_TEXT_BYTES])
{
	addr_write_ip4(endpoint.addr, ret_text);
	snprintf(ret_text + strlen(ret_text), ADDR_TEXT_BYTES - strlen(ret_text), ":%u",
		 endpoint.port);
}

static uint32_t host_bits(struct ip4_prefix prefix)
{
	return prefix.len == 0 ? UINT32_MAX : prefix.len >= 32 ? 0 : UINT32_MAX >> prefix.len;
}

struct ip4 addr_network_first(struct ip4_prefix prefix)
{
	return (struct ip4){prefix.addr.v & ~host_bits(prefix)};
}

struct ip4 addr_network_last(struct ip4_prefix prefix)
{
	return (struct ip4){prefix.addr.v | host_bits(prefix)};
}

bool addr_is_host_of(struct ip4_prefix prefix, struct ip4 addr)
{
	if (!ip4_prefix_has(prefix, addr))
		return false;
	return prefix.len >= 31 || (!ip4_eq(addr, addr_network_first(prefix)) &&
				    !ip4_eq(addr, addr_network_last(prefix)));
}
