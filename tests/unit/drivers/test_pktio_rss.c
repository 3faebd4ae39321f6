/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drivers that say by what they spread, and those that only seem to. */
#include "drivers/pktio_rss.h"

#include <criterion/criterion.h>
#include <string.h>

#define KEY_BYTES 40
#define TABLE_COUNT 128

/* What the driver in DPDK's place answers. */
static struct {
	uint8_t key[KEY_BYTES];
	uint64_t spreads_by;
	uint16_t queue; /* of the last entry of its table */
	int key_result, table_result;
} driver;

static const struct rte_eth_dev_info dev = {
	.hash_key_size = KEY_BYTES,
	.reta_size = TABLE_COUNT,
};

int rte_eth_dev_rss_hash_conf_get(uint16_t port_id, struct rte_eth_rss_conf *conf)
{
	(void)port_id;
	memcpy(conf->rss_key, driver.key, sizeof(driver.key));
	conf->rss_hf = driver.spreads_by;
	return driver.key_result;
}

int rte_eth_dev_rss_reta_query(uint16_t port_id, struct rte_eth_rss_reta_entry64 *groups,
			       uint16_t count)
{
	(void)port_id;
	cr_assert_eq(count, TABLE_COUNT);
	groups[TABLE_COUNT / RTE_ETH_RETA_GROUP_SIZE - 1].reta[RTE_ETH_RETA_GROUP_SIZE - 1] =
		driver.queue;
	return driver.table_result;
}

static void set_up(void)
{
	driver.key[KEY_BYTES - 1] = 1;
	driver.spreads_by = RTE_ETH_RSS_NONFRAG_IPV4_TCP;
	driver.queue = 1;
}

TestSuite(pktio_rss, .init = set_up);

static bool is_known(const struct rte_eth_dev_info *info)
{
	struct pktio_rss rss;

	pktio_rss_discover(0, info, 2, &rss);
	if (!rss.is_known)
		cr_assert(rss.key_bytes == 0 && rss.table_count == 0, "and the rest is empty");
	return rss.is_known;
}

Test(pktio_rss, what_a_driver_says_is_taken)
{
	struct pktio_rss rss;

	pktio_rss_discover(0, &dev, 2, &rss);
	cr_assert(rss.is_known);
	cr_assert_eq(rss.key_bytes, KEY_BYTES);
	cr_assert_arr_eq(rss.key, driver.key, KEY_BYTES);
	cr_assert_eq(rss.table_count, TABLE_COUNT);
	cr_assert(rss.table[0] == 0 && rss.table[TABLE_COUNT - 1] == 1);
}

Test(pktio_rss, a_key_of_zeros_is_no_key)
{
	driver.key[KEY_BYTES - 1] = 0;
	cr_assert_not(is_known(&dev));
}

Test(pktio_rss, a_driver_that_does_not_answer_is_not_known)
{
	driver.key_result = -1;
	cr_assert_not(is_known(&dev));
	driver.key_result = 0;
	driver.table_result = -1;
	cr_assert_not(is_known(&dev));
}

Test(pktio_rss, a_driver_that_does_not_spread_tcp_by_ports_is_not_known)
{
	driver.spreads_by = RTE_ETH_RSS_IPV4;
	cr_assert_not(is_known(&dev));
}

Test(pktio_rss, a_table_with_queues_there_are_not_is_not_known)
{
	driver.queue = 2;
	cr_assert_not(is_known(&dev));
}

Test(pktio_rss, keys_and_tables_of_no_use_are_not_asked_for)
{
	struct rte_eth_dev_info odd = dev;

	odd.hash_key_size = 15;
	cr_assert_not(is_known(&odd));
	odd.hash_key_size = PKTIO_RSS_KEY_MAX + 1;
	cr_assert_not(is_known(&odd));
	odd = dev;
	odd.reta_size = 0;
	cr_assert_not(is_known(&odd));
	odd.reta_size = PKTIO_RSS_TABLE_MAX + 1;
	cr_assert_not(is_known(&odd));
}
