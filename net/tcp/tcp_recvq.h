/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_recvq.h: what a peer has sent: bytes in order, waiting for the user, and segments ahead of a gap.
 *
 * Bytes once accepted are final: a later segment that overlaps them gives only what is new.  The queue is charged by the
 * memory it pins (whole mbufs), not by payload: small segments are copied together, and beyond its limits what
 * arrives is dropped, to be sent again.  One per connection. */
#pragma once

#include "base/counters.h"
#include "base/span.h"
#include "net/pkt.h"

/* Segments ahead of a gap that one connection may hold; more are dropped. */
#define TCP_OOO_SEGS_MAX 256

struct tcp_recvq {
	struct rte_mbuf *head, *tail; /* in order, linked by next */
	struct rte_mbuf
		*ooo;   /* ahead of a gap: ascending, disjoint; hash.usr is the sequence number */
	uint32_t bytes; /* in order */
	uint32_t charge_bytes;           /* memory pinned by both lists */
	uint32_t mbufs_count, ooo_count; /* on both lists; ahead of a gap */
};

void tcp_recvq_init(struct tcp_recvq *q);
/* Frees everything. */
void tcp_recvq_clear(struct tcp_recvq *q);
/* Frees what lies ahead of a gap. */
void tcp_recvq_clear_ooo(struct tcp_recvq *q);
/* Adds the payload m, a chain perhaps, whose first byte is seq and whose every byte lies in the window; *rcv_nxt, the
 * next byte awaited, moves over all that is now in order.  Consumes m.  charge_max_bytes bounds the memory of the
 * queue; half of it that of segments ahead of a gap.  Otherwise than DROP_none, something of m was discarded. */
enum drop_reason tcp_recvq_put(struct tcp_recvq *q, struct rte_mbuf *m, uint32_t seq,
			       uint32_t charge_max_bytes, uint32_t *rcv_nxt);
/* One past the highest byte held; rcv_nxt when nothing lies ahead of a gap. */
uint32_t tcp_recvq_end(const struct tcp_recvq *q, uint32_t rcv_nxt);
/* As tcp_rx_peek(), tcp_rx_copy() and tcp_rx_consume() in net/tcp/tcp.h. */
struct span tcp_recvq_peek(const struct tcp_recvq *q, size_t offset);
size_t tcp_recvq_copy(const struct tcp_recvq *q, size_t offset, void *dst, size_t len);
void tcp_recvq_consume(struct tcp_recvq *q, size_t n);
/* Asserts that the books agree and that nothing ahead of a gap touches rcv_nxt. */
void tcp_recvq_check(const struct tcp_recvq *q, uint32_t rcv_nxt);
