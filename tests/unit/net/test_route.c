/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/route.h"

#include <criterion/criterion.h>

#define IP(a, b, c, d) ((struct ip4){(uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d)})

static struct route_table two_networks(void)
{
	struct route_table t = {0};

	cr_assert_eq(route_add_connected(&t, (struct ip4_prefix){IP(198, 18, 0, 1), 24}, 0),
		     GW_ERR_OK);
	cr_assert_eq(route_add_connected(&t, (struct ip4_prefix){IP(198, 19, 0, 1), 24}, 1),
		     GW_ERR_OK);
	return t;
}

Test(route, nothing_leads_nowhere)
{
	struct route_table empty = {0}, t = two_networks();

	cr_assert_null(route_lookup(&empty, IP(198, 18, 0, 2)));
	cr_assert_null(route_lookup(&t, IP(203, 0, 113, 1)));
}

Test(route, the_longest_prefix_wins_in_any_order)
{
	struct route_table t = two_networks();

	cr_assert_eq(
		route_add_static(&t, (struct ip4_prefix){IP(0, 0, 0, 0), 0}, IP(198, 18, 0, 254)),
		GW_ERR_OK);
	cr_assert_eq(
		route_add_static(&t, (struct ip4_prefix){IP(10, 1, 2, 3), 32}, IP(198, 18, 0, 7)),
		GW_ERR_OK);
	cr_assert_eq(
		route_add_static(&t, (struct ip4_prefix){IP(10, 0, 0, 0), 8}, IP(198, 19, 0, 254)),
		GW_ERR_OK);
	cr_assert_eq(route_lookup(&t, IP(10, 1, 2, 3))->via.v, IP(198, 18, 0, 7).v);
	cr_assert_eq(route_lookup(&t, IP(10, 1, 2, 4))->netif_idx, 1);
	cr_assert_eq(route_lookup(&t, IP(11, 0, 0, 0))->via.v, IP(198, 18, 0, 254).v);
	cr_assert_eq(route_lookup(&t, IP(198, 19, 0, 200))->via.v, 0);
	cr_assert_eq(route_lookup(&t, IP(198, 19, 0, 200))->netif_idx, 1);
}

Test(route, of_equals_the_first_counts)
{
	struct route_table t = two_networks();
	struct ip4_prefix p = {IP(10, 0, 0, 0), 8};

	cr_assert_eq(route_add_static(&t, p, IP(198, 18, 0, 7)), GW_ERR_OK);
	cr_assert_eq(route_add_static(&t, p, IP(198, 19, 0, 7)), GW_ERR_OK);
	cr_assert_eq(route_lookup(&t, IP(10, 0, 0, 1))->netif_idx, 0);
}

Test(route, a_router_must_be_on_a_connected_network)
{
	struct route_table t = two_networks();
	struct ip4_prefix p = {IP(10, 0, 0, 0), 8}, all = {IP(0, 0, 0, 0), 0};

	cr_assert_eq(route_add_static(&t, p, IP(203, 0, 113, 1)), GW_ERR_CONFIG);
	cr_assert_eq(route_add_static(&t, p, IP(0, 0, 0, 0)), GW_ERR_CONFIG);
	cr_assert_eq(route_add_static(&t, all, IP(198, 18, 0, 254)), GW_ERR_OK);
	cr_assert_eq(route_add_static(&t, p, IP(203, 0, 113, 1)), GW_ERR_CONFIG,
		     "behind another router");
}

Test(route, a_full_table_refuses)
{
	struct route_table t = two_networks();

	while (t.count < ROUTE_TABLE_MAX)
		cr_assert_eq(route_add_static(&t, (struct ip4_prefix){{t.count << 8}, 24},
					      IP(198, 18, 0, 7)),
			     GW_ERR_OK);
	cr_assert_eq(
		route_add_static(&t, (struct ip4_prefix){IP(10, 0, 0, 0), 8}, IP(198, 18, 0, 7)),
		GW_ERR_CONFIG);
	cr_assert_eq(route_add_connected(&t, (struct ip4_prefix){IP(10, 0, 0, 0), 8}, 0),
		     GW_ERR_CONFIG);
}
