/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers/interface.h: what the kernel says of a network interface of this network namespace.  Control plane only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* 0 when there is no such interface; at most UINT16_MAX. */
uint16_t interface_mtu(const char *name);

/* How many queues it receives by, and whether ethtool calls them combined or rx. */
struct interface_queues {
	unsigned rx_count;
	bool is_combined;
};
/* An interface that does not say has one. */
struct interface_queues interface_queues_get(const char *name);
