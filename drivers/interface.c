/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/interface.h"

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* request is about the interface called name; false when there is none, or it does not know the question. */
static bool ask(const char *name, unsigned long question, struct ifreq *request)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool answered;

	if (fd < 0)
		return false;
	snprintf(request->ifr_name, sizeof(request->ifr_name), "%s", name);
	answered = strlen(name) < IFNAMSIZ && ioctl(fd, question, request) == 0;
	close(fd);
	return answered;
}

uint16_t interface_mtu(const char *name)
{
	struct ifreq request = {0};

	if (!ask(name, SIOCGIFMTU, &request))
		return 0;
	return (uint16_t)(request.ifr_mtu < UINT16_MAX ? request.ifr_mtu : UINT16_MAX);
}

struct interface_queues interface_queues_get(const char *name)
{
	struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
	struct ifreq request = {.ifr_data = (void *)&channels};
	struct interface_queues queues = {.rx_count = 1};

	if (!ask(name, SIOCETHTOOL, &request))
		return queues;
	queues.is_combined = channels.combined_count > 0;
	if (channels.combined_count + channels.rx_count > 0)
		queues.rx_count = channels.combined_count + channels.rx_count;
	return queues;
}
