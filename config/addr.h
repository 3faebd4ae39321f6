/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/addr.h: IPv4 addresses of a start-up file, from text and back.  Dotted decimal only, no
 * leading zeros.  On failure note says "WHAT; WHAT TO DO" and the output is untouched. */
#pragma once

#include "base/err.h"
#include "net/ip4.h"

/* Longest text that the writers below produce, with its terminator. */
#define ADDR_TEXT_BYTES 24

/* "198.18.0.2": an address that one host may have. */
MUST_CHECK enum gw_err addr_parse_ip4(const char *text, struct err_note *note,
				      struct ip4 *ret_addr);
/* "198.18.0.0/24": a network; bits beyond its length must be zero. */
MUST_CHECK enum gw_err addr_parse_network(const char *text, struct err_note *note,
					  struct ip4_prefix *ret_prefix);
/* "198.18.0.1/24": the address of an interface and the length of its network. */
MUST_CHECK enum gw_err addr_parse_interface(const char *text, struct err_note *note,
					    struct ip4_prefix *ret_prefix);
/* "198.18.0.1:443": an address of one host and a port above 0. */
MUST_CHECK enum gw_err addr_parse_endpoint(const char *text, struct err_note *note,
					   struct ip4_endpoint *ret_endpoint);

/* "127.0.0.1:9100": any address that the kernel may have, 0.0.0.0 for all of them, and a port above 0. */
MUST_CHECK enum gw_err addr_parse_local_endpoint(const char *text, struct err_note *note,
						 struct ip4_endpoint *ret_endpoint);

void addr_write_ip4(struct ip4 addr, char ret_text[ADDR_TEXT_BYTES]);
void addr_write_prefix(struct ip4_prefix prefix, char ret_text[ADDR_TEXT_BYTES]);
void addr_write_endpoint(struct ip4_endpoint endpoint, char ret_text[ADDR_TEXT_BYTES]);

/* The first address of the network that prefix lies in, and the last. */
struct ip4 addr_network_first(struct ip4_prefix prefix);
struct ip4 addr_network_last(struct ip4_prefix prefix);
/* Whether a host on that network may have addr: inside, and neither of the two ends (RFC 3021: a
 * /31 has none). */
bool addr_is_host_of(struct ip4_prefix prefix, struct ip4 addr);
