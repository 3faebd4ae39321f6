/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "base/device_name.h"

#include <string.h>

static struct device_name parsed(const char *text)
{
	struct err_note note = {0};
	struct device_name name;

	cr_assert_eq(device_name_parse(text, &name, &note), GW_ERR_OK, "%s: %s", text, note.text);
	return name;
}

static void assert_refused(const char *text, const char *words)
{
	struct device_name name = {.id = 77};
	struct err_note note = {0};

	cr_assert_eq(device_name_parse(text, &name, &note), GW_ERR_CONFIG, "%s", text);
	cr_assert_not_null(strstr(note.text, words), "%s: %s", text, note.text);
	cr_assert_eq(name.id, 77, "the result was touched");
}

Test(device_name, kernel_interfaces)
{
	static const struct {
		const char *text, *interface;
		enum device_kind kind;
	} cases[] = {
		{"af_xdp:gw0", "gw0", DEVICE_AF_XDP},
		{"af_packet:eth0.12", "eth0.12", DEVICE_AF_PACKET},
		{"tap:abcdefghijklmno", "abcdefghijklmno", DEVICE_TAP},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct device_name name = parsed(cases[i].text);

		cr_assert_eq(name.kind, cases[i].kind);
		cr_assert_str_eq(name.target, cases[i].interface);
	}
}

Test(device_name, interfaces_that_cannot_be)
{
	static const char *const texts[] = {"af_xdp:",    "af_packet:..",         "af_packet:a/b",
					    "af_xdp:a b", "tap:abcdefghijklmnop", "tap:a,b",
					    "tap:%s"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_refused(texts[i], "names no interface");
}

Test(device_name, memif_with_its_options)
{
	struct device_name name = parsed("memif:/run/vpp/memif.sock");

	cr_assert_eq(name.kind, DEVICE_MEMIF);
	cr_assert_str_eq(name.target, "/run/vpp/memif.sock");
	cr_assert_eq(name.id, 0);
	cr_assert(name.is_server);
	name = parsed("memif:/s,role=server,id=4294967295");
	cr_assert(name.is_server);
	cr_assert_eq(name.id, UINT32_MAX);
	name = parsed("memif:/s,id=0,role=client");
	cr_assert_not(name.is_server);
}

Test(device_name, memif_sockets_that_cannot_be)
{
	char text[200] = "memif:/";

	assert_refused("memif:", "names no socket");
	assert_refused("memif:/", "names no socket");
	assert_refused("memif:relative", "names no socket");
	assert_refused("memif:/a b", "names no socket");
	assert_refused("memif:/a=b", "names no socket");
	assert_refused("memif:,id=1", "names no socket");
	memset(text + strlen(text), 'a', DEVICE_SOCKET_BYTES_MAX);
	assert_refused(text, "names no socket");
	text[strlen(text) - 1] = '\0';
	cr_assert_eq(strlen(parsed(text).target), DEVICE_SOCKET_BYTES_MAX);
}

Test(device_name, memif_options_that_cannot_be)
{
	static const char *const texts[] = {
		"memif:/s,",          "memif:/s,id=1,",          "memif:/s,,id=1",
		"memif:/s,id=",       "memif:/s,id=-1",          "memif:/s,id=4294967296",
		"memif:/s,id=1,id=1", "memif:/s,role=master",    "memif:/s,role=server,role=client",
		"memif:/s,mac=1",     "memif:/s,id=99999999999", "memif:/s,role="};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_refused(texts[i], "is no option of memif here");
}

Test(device_name, pci_addresses_in_lower_case)
{
	cr_assert_eq(parsed("0000:3b:00.1").kind, DEVICE_PCI);
	cr_assert_str_eq(parsed("0000:3B:1F.7").target, "0000:3b:1f.7");
	cr_assert_str_eq(parsed("10000:01:00.0").target, "10000:01:00.0");
}

Test(device_name, pci_addresses_that_cannot_be)
{
	static const char *const texts[] = {"3b:00.1",      "0000:3b:00",   "0000:3b:00.8",
					    "0000:3b:20.0", "000:3b:00.1",  "0000:3b:00.11",
					    ":3b:00.1",     "0000:3b00.1:", "000000000:3b:00.1"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_refused(texts[i], "is no PCI address");
}

Test(device_name, what_is_none_of_these)
{
	assert_refused("", "is no device");
	assert_refused("gw0", "is no device");
	assert_refused("af_xdp", "is no device");
	assert_refused("net_ring:x", "is no device");
	assert_refused("0000:3b:00.1,x", "is no device");
}

static bool collide(const char *a, const char *b)
{
	struct device_name first = parsed(a), second = parsed(b);

	cr_assert_eq(device_name_collides(&first, &second), device_name_collides(&second, &first));
	return device_name_collides(&first, &second);
}

Test(device_name, two_ports_cannot_have_the_same_device)
{
	cr_assert(collide("af_xdp:gw0", "af_packet:gw0"));
	cr_assert(collide("tap:gw0", "af_packet:gw0"));
	cr_assert_not(collide("af_xdp:gw0", "af_xdp:gw1"));
	cr_assert(collide("0000:3B:00.1", "0000:3b:00.1"));
	cr_assert_not(collide("0000:3b:00.1", "0001:3b:00.1"));
	cr_assert(collide("memif:/s", "memif:/s,id=0"));
	cr_assert(collide("memif:/s,id=1", "memif:/s,id=2,role=client"), "one side listens");
	cr_assert_not(collide("memif:/s,id=1", "memif:/s,id=2"));
	cr_assert_not(collide("memif:/s", "memif:/t"));
}
