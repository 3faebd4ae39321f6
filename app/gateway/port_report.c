/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/port_report.h"

#include "app/gateway/log.h"

#include <stdio.h>
#include <string.h>

const char *port_offloads_write(const struct pktio_caps *caps, char text[PORT_OFFLOADS_BYTES])
{
	const struct {
		bool is_there;
		const char *word;
	} words[] = {
		{caps->rx_checksum, "rx_checksum"},
		{caps->tx_ip4_checksum, "tx_ip4_checksum"},
		{caps->tx_tcp_checksum, "tx_tcp_checksum"},
		{caps->tx_multi_segment, "tx_multi_segment"},
	};
	size_t len = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].is_there)
			len += (size_t)snprintf(text + len, PORT_OFFLOADS_BYTES - len, "%s%s",
						len > 0 ? "," : "", words[i].word);
	}
	if (len == 0)
		snprintf(text, PORT_OFFLOADS_BYTES, "none");
	return text;
}

void port_report(const struct pktio_info *info)
{
	char offloads[PORT_OFFLOADS_BYTES];

	log_event(LOG_INFO, info->link_up ? "port_up" : "port_down",
		  "port=%s device=%s driver=%s mtu=%u queues=%u offloads=%s", info->name,
		  info->device, info->driver, info->mtu, info->queue_count,
		  port_offloads_write(&info->caps, offloads));
}
