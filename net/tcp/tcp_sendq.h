/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_sendq.h: what a connection has written and the peer has not acknowledged, cut into segments.
 *
 * A segment is one mbuf with its payload at a fixed place, RTE_PKTMBUF_HEADROOM from the start of the buffer; headers
 * are put in front of it when it is sent, and its own description (struct tcp_seg) lies at the very start of the
 * headroom, where no header reaches.  The queue holds one reference, the driver another while it sends.  Offset and
 * length in the mbuf are the driver's then: the queue reads only its own description, and puts mbuf fields right
 * again before the next transmission, which happens in place only when the driver has let go; else a copy is sent.
 * Ports with and without multi-segment transmission are therefore served alike, the first time without a copy. */
#pragma once

#include "base/counters.h"
#include "base/span.h"
#include "net/pkt.h"

/* Ethernet with a VLAN tag, IPv4, TCP with timestamps. */
#define TCP_SEG_HEADERS_BYTES (18 + 20 + 32)

struct tcp_seg {
	struct rte_mbuf *next;
	uint64_t sent_ns; /* the first time; for the round-trip sample */
	uint32_t seq;
	uint16_t off_bytes; /* acknowledged bytes at the front of the payload */
	uint16_t len_bytes; /* unacknowledged ones */
	bool sent, resent;
};

static_assert(sizeof(struct tcp_seg) + TCP_SEG_HEADERS_BYTES <= RTE_PKTMBUF_HEADROOM,
	      "the description must stay clear of the headers");

struct tcp_sendq {
	struct rte_mbuf *head, *tail;
	struct rte_mbuf *next; /* the first to be sent; NULL when all have been */
	uint32_t end_seq;      /* one past the last byte */
	uint32_t bytes;
	uint32_t segs_count;
	uint16_t acked_max_bytes; /* the largest segment that was acknowledged as a whole */
};

/* The description of a segment in a queue. */
static inline struct tcp_seg *tcp_seg_of(const struct rte_mbuf *m)
{
	return (struct tcp_seg *)m->buf_addr;
}

/* Empty; the first byte will be seq. */
void tcp_sendq_init(struct tcp_sendq *q, uint32_t seq);
/* Frees everything. */
void tcp_sendq_clear(struct tcp_sendq *q);
/* Copies data to the end, first into what is left of an unsent last segment, then into new ones of at most
 * seg_max_bytes, until segs_max segments are queued or the pool is empty.  Returns how much was taken. */
size_t tcp_sendq_append(struct tcp_sendq *q, struct rte_mempool *pool, struct span data,
			uint16_t seg_max_bytes, uint32_t segs_max);
/* Everything before una is acknowledged: freed.  True, and *ret_sent_ns, when the last segment that this completes, and
 * every other it completes, was sent exactly once (Karn's rule). */
bool tcp_sendq_ack(struct tcp_sendq *q, uint32_t una, uint64_t *ret_sent_ns);
/* All of it is to be sent again, from the head on. */
void tcp_sendq_rewind(struct tcp_sendq *q);
/* Leaves only len_bytes in m, which is in the queue, and puts the rest into a new segment after it.  False when
 * the pool is empty: nothing has changed. */
bool tcp_sendq_split(struct tcp_sendq *q, struct rte_mempool *pool, struct rte_mbuf *m,
		     uint16_t len_bytes);
/* A packet holding m's payload, for headers to be put in front and to be given away; NULL when one was needed from the
 * pool and it is empty.  m stays in the queue. */
struct rte_mbuf *tcp_sendq_frame(struct rte_mempool *pool, struct rte_mbuf *m);
/* The same with only the first byte, always a copy. */
struct rte_mbuf *tcp_sendq_frame_byte(struct rte_mempool *pool, const struct rte_mbuf *m);
/* m has been sent: *q moves on when it was the next. */
void tcp_sendq_on_sent(struct tcp_sendq *q, struct rte_mbuf *m, uint64_t now_ns);
/* Asserts that the books agree. */
void tcp_sendq_check(const struct tcp_sendq *q);
