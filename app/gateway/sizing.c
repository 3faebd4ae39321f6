/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/sizing.h"

#include "net/ip4_reassembly.h"
#include "tls/tls_worker.h"

/* Packets that connections may hold for transmission, per session: most hold none, a few hold a whole buffer. */
#define TX_PKTS_PER_SESSION 4
#define TX_PKTS_MIN 16384
/* Packets that wait to be read, beyond those in the receive rings and those that wait for the rest of theirs. */
#define RX_PKTS_PER_SESSION 2
#define RX_PKTS_MIN 8192
/* What a packet buffer costs at most (2368 bytes measured), and what DPDK needs besides. */
#define PACKET_BYTES 2560
#define PACKETS_BASE_BYTES (32u << 20)
/* A session with its three TCP control blocks (client, backend, TIME-WAIT), its backend connection and its timers. */
#define SESSION_BYTES 4096
/* wolfSSL's state of a session at rest, as measured. */
#define TLS_REST_BYTES 5120
/* Every sixteenth session may hold a half head, of at most a record more than header_bytes. */
#define SPILL_SHARE 16
#define RECORD_BYTES 16384

uint32_t sizing_sessions(const struct gateway_config *config)
{
	uint32_t workers = (uint32_t)config->core_count;

	return (config->sessions_max + workers - 1) / workers;
}

uint32_t sizing_rx_pkts(const struct gateway_config *config)
{
	return RX_PKTS_MIN + RX_PKTS_PER_SESSION * sizing_sessions(config) +
	       IP4_REASSEMBLY_PKTS_MAX + 4 * SIZING_PORT_RING_COUNT * (uint32_t)config->port_count;
}

uint32_t sizing_tx_pkts(const struct gateway_config *config)
{
	return TX_PKTS_MIN + TX_PKTS_PER_SESSION * sizing_sessions(config);
}

uint64_t sizing_packets_bytes(const struct gateway_config *config)
{
	uint64_t pkts = sizing_rx_pkts(config) + sizing_tx_pkts(config);

	return PACKETS_BASE_BYTES + config->core_count * pkts * PACKET_BYTES;
}

uint64_t sizing_tls_bytes(const struct gateway_config *config)
{
	uint64_t one = sizing_sessions(config) * (uint64_t)SIZING_TLS_SESSION_BYTES +
		       SIZING_TLS_BASE_BYTES +
		       config->certificate_count * (uint64_t)SIZING_TLS_CERTIFICATE_BYTES;

	return config->core_count * one;
}

uint64_t sizing_sessions_bytes(const struct gateway_config *config)
{
	uint64_t each = SESSION_BYTES + TLS_REST_BYTES +
			(config->limits.header_bytes + RECORD_BYTES) / SPILL_SHARE;

	return config->core_count *
	       (sizing_sessions(config) * each + SIZING_TLS_BASE_BYTES + TLS_WORKER_MEMO_BYTES +
		config->certificate_count * (uint64_t)SIZING_TLS_CERTIFICATE_BYTES);
}
