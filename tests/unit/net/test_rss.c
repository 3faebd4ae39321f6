/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/rss.h"

#include "tests/unit/net/fixture.h"

#include <criterion/criterion.h>
#include <rte_thash.h>

/* The vectors that Microsoft publishes for those who implement RSS ("Verifying the RSS Hash Calculation"). */
static const uint8_t verification_key[] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

static const struct vector {
	struct ip4_endpoint src, dst;
	uint32_t addrs, ports;
} vectors[] = {
	{{IP(66, 9, 149, 187), 2794}, {IP(161, 142, 100, 80), 1766}, 0x323e8fc2, 0x51ccc178},
	{{IP(199, 92, 111, 2), 14230}, {IP(65, 69, 140, 83), 4739}, 0xd718262a, 0xc626b0ea},
	{{IP(24, 19, 198, 95), 12898}, {IP(12, 22, 207, 184), 38024}, 0xd2d0a5de, 0x5c2b394a},
	{{IP(38, 27, 205, 30), 48228}, {IP(209, 142, 163, 6), 2217}, 0x82989176, 0xafc7327f},
	{{IP(153, 39, 163, 191), 44251}, {IP(202, 188, 127, 2), 1303}, 0x5d1809c5, 0x10e828a2},
};

static struct rss rss;

static void set_up(void)
{
	rss_init_even(&rss, SPAN(verification_key), 4);
}

Test(rss, published_vectors, .init = set_up)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];

		cr_assert_eq(rss_hash_addrs(&rss, v->src.addr, v->dst.addr), v->addrs, "%zu", i);
		cr_assert_eq(rss_hash_ports(&rss, v->src, v->dst), v->ports, "%zu", i);
	}
}

Test(rss, agrees_with_dpdk_for_any_key)
{
	uint32_t random = 1, tuple[3];
	uint8_t key[40];

	for (unsigned i = 0; i < 2000; i++) {
		struct ip4_endpoint src, dst;

		for (size_t k = 0; k < sizeof(key); k++) {
			random = random * 1664525 + 1013904223;
			key[k] = (uint8_t)(random >> 20);
		}
		src = (struct ip4_endpoint){{random * 3}, (uint16_t)(random >> 5)};
		dst = (struct ip4_endpoint){{random * 7}, (uint16_t)(random >> 9)};
		tuple[0] = src.addr.v;
		tuple[1] = dst.addr.v;
		tuple[2] = (uint32_t)src.port << 16 | dst.port;
		if (i % 100 == 0)
			rss_init_even(&rss, SPAN(key), 2);
		else
			continue;
		cr_assert_eq(rss_hash_ports(&rss, src, dst), rte_softrss(tuple, 3, key));
		cr_assert_eq(rss_hash_addrs(&rss, src.addr, dst.addr), rte_softrss(tuple, 2, key));
	}
}

Test(rss, the_shortest_key_is_enough, .init = set_up)
{
	static struct rss shortest;

	rss_init_even(&shortest, span_of(verification_key, RSS_KEY_BYTES_MIN), 4);
	cr_assert_eq(rss_hash_ports(&shortest, vectors[0].src, vectors[0].dst), vectors[0].ports);
}

Test(rss, the_table_decides_the_queue)
{
	const uint16_t table[] = {3, 1, 2};

	rss_init(&rss, SPAN(verification_key), table, 3);
	cr_assert_eq(rss_queue(&rss, 0), 3);
	cr_assert_eq(rss_queue(&rss, 1), 1);
	cr_assert_eq(rss_queue(&rss, 5), 2);
	cr_assert_eq(rss_queue(&rss, UINT32_MAX), table[UINT32_MAX % 3]);
}

Test(rss, an_even_table_gives_every_queue_the_same)
{
	unsigned seen[3] = {0};

	rss_init_even(&rss, SPAN(verification_key), 3);
	cr_assert_eq(rss.table_count % 3, 0);
	for (uint32_t i = 0; i < rss.table_count; i++)
		seen[rss_queue(&rss, i)]++;
	cr_assert_eq(seen[0], seen[1]);
	cr_assert_eq(seen[1], seen[2]);
}
