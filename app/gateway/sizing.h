/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/sizing.h: how much of everything a configuration asks for, before anything is taken: for the gateway, which
 * takes it, and for --check, which adds it up.  Needs no packets. */
#pragma once

#include "config/config.h"

/* Descriptors of each port's receive and transmit ring. */
#define SIZING_PORT_RING_COUNT 1024
/* What wolfSSL needs at most for a session in its handshake with the hybrid group, and for its contexts. */
#define SIZING_TLS_SESSION_BYTES (40u << 10)
#define SIZING_TLS_BASE_BYTES (16u << 20)
/* Each further server certificate: a context and its chain. */
#define SIZING_TLS_CERTIFICATE_BYTES (16u << 10)

/* Sessions of one worker. */
uint32_t sizing_sessions(const struct gateway_config *config);
/* Packet buffers of one worker, for receiving and for sending. */
uint32_t sizing_rx_pkts(const struct gateway_config *config);
uint32_t sizing_tx_pkts(const struct gateway_config *config);
/* Those of all workers, in bytes, with what DPDK needs besides. */
uint64_t sizing_packets_bytes(const struct gateway_config *config);
/* What wolfSSL may hold, all workers together. */
uint64_t sizing_tls_bytes(const struct gateway_config *config);
/* Sessions at rest with their connections, half heads and TLS state, for as long as they are open, and the memos of signatures. */
uint64_t sizing_sessions_bytes(const struct gateway_config *config);
