/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp/tcp_sendq.h"

#include "base/assert.h"
#include "net/tcp/tcp_seq.h"

static uint8_t *payload_of(const struct rte_mbuf *m)
{
	return (uint8_t *)m->buf_addr + RTE_PKTMBUF_HEADROOM + tcp_seg_of(m)->off_bytes;
}

/* What m could hold behind its payload. */
static uint16_t room_of(const struct rte_mbuf *m)
{
	const struct tcp_seg *seg = tcp_seg_of(m);

	return (uint16_t)(m->buf_len - RTE_PKTMBUF_HEADROOM - seg->off_bytes - seg->len_bytes);
}

static void seg_free(struct rte_mbuf *m)
{
	rte_pktmbuf_free(m);
}

static struct rte_mbuf *seg_new(struct rte_mempool *pool, uint32_t seq)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	if (m != NULL)
		*tcp_seg_of(m) = (struct tcp_seg){.seq = seq};
	return m;
}

void tcp_sendq_init(struct tcp_sendq *q, uint32_t seq)
{
	*q = (struct tcp_sendq){.end_seq = seq};
}

void tcp_sendq_clear(struct tcp_sendq *q)
{
	struct rte_mbuf *next;

	for (struct rte_mbuf *m = q->head; m != NULL; m = next) {
		next = tcp_seg_of(m)->next;
		seg_free(m);
	}
	tcp_sendq_init(q, q->end_seq);
}

static void push(struct tcp_sendq *q, struct rte_mbuf *m)
{
	if (q->tail == NULL)
		q->head = m;
	else
		tcp_seg_of(q->tail)->next = m;
	q->tail = m;
	if (q->next == NULL)
		q->next = m;
	q->segs_count++;
}

/* Copies what fits behind m's payload; returns how much. */
static size_t fill(struct tcp_sendq *q, struct rte_mbuf *m, struct span data,
		   uint16_t seg_max_bytes)
{
	struct tcp_seg *seg = tcp_seg_of(m);
	size_t n = seg->len_bytes < seg_max_bytes ? (size_t)(seg_max_bytes - seg->len_bytes) : 0;

	if (n > room_of(m))
		n = room_of(m);
	if (n > data.len)
		n = data.len;
	if (n == 0)
		return 0;
	memcpy(payload_of(m) + seg->len_bytes, data.p, n);
	seg->len_bytes = (uint16_t)(seg->len_bytes + n);
	q->bytes += (uint32_t)n;
	q->end_seq += (uint32_t)n;
	return n;
}

size_t tcp_sendq_append(struct tcp_sendq *q, struct rte_mempool *pool, struct span data,
			uint16_t seg_max_bytes, uint32_t segs_max)
{
	size_t taken = 0;

	if (q->tail != NULL && !tcp_seg_of(q->tail)->sent)
		taken = fill(q, q->tail, data, seg_max_bytes);
	while (taken < data.len && q->segs_count < segs_max) {
		struct rte_mbuf *m = seg_new(pool, q->end_seq);

		if (m == NULL)
			break;
		push(q, m);
		taken += fill(q, m, span_skip(data, taken), seg_max_bytes);
	}
	return taken;
}

bool tcp_sendq_ack(struct tcp_sendq *q, uint32_t una, uint64_t *ret_sent_ns)
{
	bool any = false, ambiguous = false;
	uint64_t sent_ns = 0;

	while (q->head != NULL) {
		struct rte_mbuf *m = q->head;
		struct tcp_seg *seg = tcp_seg_of(m);
		uint32_t acked = una - seg->seq;

		if (!seq_lt(seg->seq, una))
			break;
		if (acked < seg->len_bytes) {
			seg->seq = una;
			seg->off_bytes = (uint16_t)(seg->off_bytes + acked);
			seg->len_bytes = (uint16_t)(seg->len_bytes - acked);
			q->bytes -= acked;
			break;
		}
		if (seg->off_bytes + seg->len_bytes > q->acked_max_bytes)
			q->acked_max_bytes = (uint16_t)(seg->off_bytes + seg->len_bytes);
		any |= seg->sent;
		ambiguous |= seg->resent;
		sent_ns = seg->sent_ns;
		q->bytes -= seg->len_bytes;
		q->segs_count--;
		q->head = seg->next;
		if (q->next == m)
			q->next = q->head;
		seg_free(m);
	}
	if (q->head == NULL)
		q->tail = NULL;
	if (any && !ambiguous)
		*ret_sent_ns = sent_ns;
	return any && !ambiguous;
}

void tcp_sendq_rewind(struct tcp_sendq *q)
{
	q->next = q->head;
}

bool tcp_sendq_split(struct tcp_sendq *q, struct rte_mempool *pool, struct rte_mbuf *m,
		     uint16_t len_bytes)
{
	struct tcp_seg *seg = tcp_seg_of(m), *rest_seg;
	struct rte_mbuf *rest = seg_new(pool, seg->seq + len_bytes);

	if (rest == NULL)
		return false;
	GW_ASSERT(len_bytes < seg->len_bytes);
	GW_ASSERT(seg->len_bytes - len_bytes <= room_of(rest));
	rest_seg = tcp_seg_of(rest);
	rest_seg->len_bytes = (uint16_t)(seg->len_bytes - len_bytes);
	memcpy(payload_of(rest), payload_of(m) + len_bytes, rest_seg->len_bytes);
	rest_seg->sent = seg->sent;
	rest_seg->resent = seg->resent;
	rest_seg->sent_ns = seg->sent_ns;
	rest_seg->next = seg->next;
	seg->next = rest;
	seg->len_bytes = len_bytes;
	if (q->tail == m)
		q->tail = rest;
	q->segs_count++;
	return true;
}

static struct rte_mbuf *frame_copy(struct rte_mempool *pool, const struct rte_mbuf *m, uint16_t len)
{
	struct rte_mbuf *copy = rte_pktmbuf_alloc(pool);
	char *to;

	if (copy == NULL)
		return NULL;
	to = rte_pktmbuf_append(copy, len);
	GW_ASSERT(to != NULL);
	memcpy(to, payload_of(m), len);
	return copy;
}

struct rte_mbuf *tcp_sendq_frame_byte(struct rte_mempool *pool, const struct rte_mbuf *m)
{
	return frame_copy(pool, m, 1);
}

struct rte_mbuf *tcp_sendq_frame(struct rte_mempool *pool, struct rte_mbuf *m)
{
	const struct tcp_seg *seg = tcp_seg_of(m);

	/* The driver, or a queue behind address resolution, still has it: its headers must not be touched. */
	if (rte_mbuf_refcnt_read(m) != 1)
		return frame_copy(pool, m, seg->len_bytes);
	m->data_off = (uint16_t)(RTE_PKTMBUF_HEADROOM + seg->off_bytes);
	m->data_len = seg->len_bytes;
	m->pkt_len = seg->len_bytes;
	m->ol_flags = 0;
	m->tx_offload = 0;
	rte_mbuf_refcnt_update(m, 1);
	return m;
}

void tcp_sendq_on_sent(struct tcp_sendq *q, struct rte_mbuf *m, uint64_t now_ns)
{
	struct tcp_seg *seg = tcp_seg_of(m);

	if (seg->sent)
		seg->resent = true;
	else
		seg->sent_ns = now_ns;
	seg->sent = true;
	if (q->next == m)
		q->next = seg->next;
}

void tcp_sendq_check(const struct tcp_sendq *q)
{
	uint32_t bytes = 0, segs_count = 0;
	bool next_seen = q->next == NULL;
	const struct rte_mbuf *last = NULL;

	for (const struct rte_mbuf *m = q->head; m != NULL; m = tcp_seg_of(m)->next) {
		const struct tcp_seg *seg = tcp_seg_of(m);

		GW_ASSERT(seg->seq + q->bytes - bytes == q->end_seq);
		GW_ASSERT(seg->len_bytes > 0);
		GW_ASSERT(rte_mbuf_refcnt_read(m) >= 1);
		next_seen |= m == q->next;
		bytes += seg->len_bytes;
		segs_count++;
		last = m;
	}
	GW_ASSERT(last == q->tail);
	GW_ASSERT(next_seen);
	GW_ASSERT(bytes == q->bytes && segs_count == q->segs_count);
}
