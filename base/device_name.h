/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/device_name.h: what `device:` of a port in the start-up file can say: which kind of device stands behind the port, and
 * which one.  Only the words: whether there is such a device is for drivers to find out. */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum device_kind {
	DEVICE_AF_XDP, /* af_xdp:IFACE and af_packet:IFACE: an interface of the kernel's */
	DEVICE_AF_PACKET,
	DEVICE_TAP, /* tap:NAME: an interface that we make, whose other end is the kernel's */
	DEVICE_MEMIF, /* memif:SOCKET[,id=N][,role=server|client]: memory shared with another process */
	DEVICE_PCI, /* 0000:3b:00.1: a network card */
};

/* As the kernel has it: IFNAMSIZ and sun_path without their NUL. */
#define DEVICE_INTERFACE_BYTES_MAX 15
#define DEVICE_SOCKET_BYTES_MAX 107

struct device_name {
	enum device_kind kind;
	/* interface, absolute path of the socket, or PCI address in lower case */
	char target[DEVICE_SOCKET_BYTES_MAX + 1];
	uint32_t id;    /* memif: of several connections over one socket */
	bool is_server; /* memif: listens on the socket, as it does unless told otherwise */
};

/* GW_ERR_CONFIG with a note, WHAT; WHAT TO DO, when text is no device. */
MUST_CHECK enum gw_err device_name_parse(const char *text, struct device_name *ret_name,
					 struct err_note *note);
/* Do both need the same thing for themselves? */
bool device_name_collides(const struct device_name *a, const struct device_name *b);
