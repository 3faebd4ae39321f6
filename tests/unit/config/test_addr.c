/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "config/addr.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

Test(addr, what_is_no_address_of_a_host_is_refused)
{
	static const char *const texts[] = {
		"",          "1.2.3",           "1.2.3.4.5",
		"1.2.3.256", "1.2.3.04",        "1.2.3.-4",
		"1.2.3.4 ",  " 1.2.3.4",        "1..3.4",
		"0x1.2.3.4", "1.2.3.4/24",      "2001:2::1",
		"0.0.0.0",   "0.1.2.3",         "127.0.0.1",
		"224.0.0.1", "255.255.255.255", "a.b.c.d",
		"16909060",  "1.2.3.4\n",       "1.2.3.4294967300",
	};
	struct err_note note;
	struct ip4 addr = {77};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		note.text[0] = '\0';
		cr_assert_eq(addr_parse_ip4(texts[i], &note, &addr), GW_ERR_CONFIG, "%s", texts[i]);
		cr_assert_neq(note.text[0], '\0');
	}
	cr_assert_eq(addr.v, 77);
}

Test(addr, a_network_has_no_bits_beyond_its_length)
{
	static const char *const texts[] = {
		"",         "1.2.3.0",     "1.2.3.0/33",  "1.2.3.0/-1",
		"1.2.3.0/", "1.2.3.0/024", "1.2.3.0/24/", "1.2.3.0 /24"};
	struct err_note note;
	struct ip4_prefix prefix = {{77}, 7};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		cr_assert_eq(addr_parse_network(texts[i], &note, &prefix), GW_ERR_CONFIG, "%s",
			     texts[i]);
	cr_assert_eq(addr_parse_network("198.18.0.1/24", &note, &prefix), GW_ERR_CONFIG);
	cr_assert_str_eq(note.text,
			 "\"198.18.0.1/24\" has bits set beyond its length; write 198.18.0.0/24");
	cr_assert_eq(prefix.addr.v, 77);
}

Test(addr, the_whole_internet_and_one_host_are_networks)
{
	struct err_note note;
	struct ip4_prefix prefix;

	cr_assert_eq(addr_parse_network("0.0.0.0/0", &note, &prefix), GW_ERR_OK);
	cr_assert_eq(prefix.len, 0);
	cr_assert_eq(addr_parse_network("198.18.0.1/32", &note, &prefix), GW_ERR_OK);
	cr_assert_eq(prefix.addr.v, 0xc6120001);
	cr_assert_eq(prefix.len, 32);
}

Test(addr, an_interface_address_is_one_that_a_host_may_have)
{
	static const char *const refused[] = {"198.18.0.0/24", "198.18.0.255/24", "198.18.0.1/0",
					      "198.18.0.1",    "127.0.0.1/8",     "0.0.0.1/24"};
	static const char *const accepted[] = {"198.18.0.1/24", "198.18.0.0/31", "198.18.0.1/31",
					       "198.18.0.1/32", "198.18.0.0/8"};
	struct err_note note;
	struct ip4_prefix prefix;

	for (size_t i = 0; i < COUNT_OF(refused); i++)
		cr_assert_eq(addr_parse_interface(refused[i], &note, &prefix), GW_ERR_CONFIG, "%s",
			     refused[i]);
	for (size_t i = 0; i < COUNT_OF(accepted); i++)
		cr_assert_eq(addr_parse_interface(accepted[i], &note, &prefix), GW_ERR_OK, "%s",
			     accepted[i]);
}

Test(addr, an_endpoint_needs_a_port_above_zero)
{
	static const char *const texts[] = {"",
					    "198.18.0.1",
					    "198.18.0.1:",
					    "198.18.0.1:0",
					    "198.18.0.1:65536",
					    "198.18.0.1:0443",
					    ":443",
					    "*:443",
					    "0.0.0.0:443",
					    "[::1]:443",
					    "198.18.0.1:443x",
					    "host:443"};
	struct err_note note;
	struct ip4_endpoint endpoint = {{77}, 7};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		cr_assert_eq(addr_parse_endpoint(texts[i], &note, &endpoint), GW_ERR_CONFIG, "%s",
			     texts[i]);
	cr_assert_eq(endpoint.port, 7);
	cr_assert_eq(addr_parse_endpoint("198.18.0.1:65535", &note, &endpoint), GW_ERR_OK);
	cr_assert_eq(endpoint.addr.v, 0xc6120001);
	cr_assert_eq(endpoint.port, 65535);
}

Test(addr, written_addresses_read_back)
{
	char text[ADDR_TEXT_BYTES];

	addr_write_ip4((struct ip4){0xffffffff}, text);
	cr_assert_str_eq(text, "255.255.255.255");
	addr_write_prefix((struct ip4_prefix){{0xc6120000}, 15}, text);
	cr_assert_str_eq(text, "198.18.0.0/15");
	addr_write_endpoint((struct ip4_endpoint){{0xffffffff}, 65535}, text);
	cr_assert_str_eq(text, "255.255.255.255:65535");
}
