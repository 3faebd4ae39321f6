/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/port_report.h: what is said of a port: at the start, when its link comes or goes, and in the status. */
#pragma once

#include "drivers/pktio.h"

#define PORT_OFFLOADS_BYTES 96

/* What the device does for us, words joined by commas, or "none".  Returns text. */
const char *port_offloads_write(const struct pktio_caps *caps, char text[PORT_OFFLOADS_BYTES]);
/* The event port_up or port_down, by info->link_up. */
void port_report(const struct pktio_info *info);
