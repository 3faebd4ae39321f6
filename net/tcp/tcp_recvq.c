/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp/tcp_recvq.h"

#include "base/assert.h"
#include "net/tcp/tcp_seq.h"

static uint32_t charge_of(const struct rte_mbuf *m)
{
	return (uint32_t)sizeof(*m) + m->buf_len;
}

static uint32_t seq_of(const struct rte_mbuf *m)
{
	return m->hash.usr;
}

static uint32_t end_of(const struct rte_mbuf *m)
{
	return m->hash.usr + m->data_len;
}

static void charge(struct tcp_recvq *q, const struct rte_mbuf *m)
{
	q->charge_bytes += charge_of(m);
	q->mbufs_count++;
}

static void uncharge_and_free(struct tcp_recvq *q, struct rte_mbuf *m)
{
	q->charge_bytes -= charge_of(m);
	q->mbufs_count--;
	m->next = NULL;
	rte_pktmbuf_free_seg(m);
}

static void trim_front(struct rte_mbuf *m, uint32_t n)
{
	m->hash.usr += n;
	m->data_off = (uint16_t)(m->data_off + n);
	m->data_len = (uint16_t)(m->data_len - n);
}

static void trim_to(struct rte_mbuf *m, uint32_t len)
{
	m->data_len = (uint16_t)len;
}

/* Copies m's payload behind to's, when to has the room and m would waste most of its own buffer.  Two neighbours
 * together therefore hold more than half of one buffer, which bounds charge by payload.  m itself stays. */
static bool copy_behind(struct rte_mbuf *to, const struct rte_mbuf *m)
{
	if (m->data_len > m->buf_len / 2 || m->data_len > rte_pktmbuf_tailroom(to))
		return false;
	if (!RTE_MBUF_DIRECT(to) || rte_mbuf_refcnt_read(to) != 1)
		return false;
	memcpy(rte_pktmbuf_mtod(to, uint8_t *) + to->data_len, rte_pktmbuf_mtod(m, const uint8_t *),
	       m->data_len);
	to->data_len = (uint16_t)(to->data_len + m->data_len);
	return true;
}

static void free_list(struct tcp_recvq *q, struct rte_mbuf *m)
{
	struct rte_mbuf *next;

	for (; m != NULL; m = next) {
		next = m->next;
		uncharge_and_free(q, m);
	}
}

void tcp_recvq_init(struct tcp_recvq *q)
{
	*q = (struct tcp_recvq){0};
}

void tcp_recvq_clear(struct tcp_recvq *q)
{
	free_list(q, q->head);
	free_list(q, q->ooo);
	tcp_recvq_init(q);
}

void tcp_recvq_clear_ooo(struct tcp_recvq *q)
{
	free_list(q, q->ooo);
	q->ooo = NULL;
	q->ooo_count = 0;
}

/* m is charged already and belongs at the end of what is in order. */
static void append(struct tcp_recvq *q, struct rte_mbuf *m)
{
	q->bytes += m->data_len;
	if (q->tail != NULL && copy_behind(q->tail, m)) {
		uncharge_and_free(q, m);
		return;
	}
	m->next = NULL;
	if (q->tail == NULL)
		q->head = m;
	else
		q->tail->next = m;
	q->tail = m;
}

/* Moves what is no longer ahead of a gap. */
static void take_contiguous(struct tcp_recvq *q, uint32_t *rcv_nxt)
{
	while (q->ooo != NULL && seq_of(q->ooo) == *rcv_nxt) {
		struct rte_mbuf *m = q->ooo;

		q->ooo = m->next;
		q->ooo_count--;
		*rcv_nxt = end_of(m);
		append(q, m);
	}
}

/* Puts m where it belongs among the segments ahead of a gap, cut to what none of them has.  What would lie behind
 * a segment that m covers whole is given up: the peer sends it again. */
static enum drop_reason put_ahead(struct tcp_recvq *q, struct rte_mbuf *m,
				  uint32_t charge_max_bytes)
{
	struct rte_mbuf **slot = &q->ooo, *before = NULL;

	while (*slot != NULL && seq_le(seq_of(*slot), seq_of(m))) {
		before = *slot;
		slot = &before->next;
	}
	if (before != NULL && seq_lt(seq_of(m), end_of(before))) {
		if (seq_le(end_of(m), end_of(before))) {
			rte_pktmbuf_free_seg(m);
			return DROP_tcp_duplicate;
		}
		trim_front(m, end_of(before) - seq_of(m));
	}
	if (*slot != NULL && seq_lt(seq_of(*slot), end_of(m)))
		trim_to(m, seq_of(*slot) - seq_of(m));
	if (m->data_len == 0) {
		rte_pktmbuf_free_seg(m);
		return DROP_tcp_duplicate;
	}
	if (before != NULL && end_of(before) == seq_of(m) && copy_behind(before, m)) {
		rte_pktmbuf_free_seg(m);
		return DROP_none;
	}
	if (q->ooo_count == TCP_OOO_SEGS_MAX || q->charge_bytes + charge_of(m) > charge_max_bytes) {
		rte_pktmbuf_free_seg(m);
		return DROP_tcp_ooo_full;
	}
	m->next = *slot;
	*slot = m;
	q->ooo_count++;
	charge(q, m);
	return DROP_none;
}

/* One mbuf, no chain. */
static enum drop_reason put_one(struct tcp_recvq *q, struct rte_mbuf *m, uint32_t seq,
				uint32_t charge_max_bytes, uint32_t *rcv_nxt)
{
	m->hash.usr = seq;
	if (seq_lt(seq, *rcv_nxt)) {
		if (seq_le(end_of(m), *rcv_nxt)) {
			rte_pktmbuf_free_seg(m);
			return DROP_tcp_duplicate;
		}
		trim_front(m, *rcv_nxt - seq);
	}
	if (seq_of(m) != *rcv_nxt)
		return put_ahead(q, m, charge_max_bytes / 2);
	/* What lies ahead came first, and stays. */
	if (q->ooo != NULL && seq_lt(seq_of(q->ooo), end_of(m)))
		trim_to(m, seq_of(q->ooo) - seq_of(m));
	if (q->charge_bytes + charge_of(m) > charge_max_bytes) {
		rte_pktmbuf_free_seg(m);
		return DROP_tcp_rx_full;
	}
	charge(q, m);
	*rcv_nxt = end_of(m);
	append(q, m);
	take_contiguous(q, rcv_nxt);
	return DROP_none;
}

enum drop_reason tcp_recvq_put(struct tcp_recvq *q, struct rte_mbuf *m, uint32_t seq,
			       uint32_t charge_max_bytes, uint32_t *rcv_nxt)
{
	enum drop_reason why = DROP_none, one;
	struct rte_mbuf *next;

	for (; m != NULL; m = next) {
		uint32_t len = m->data_len;

		next = m->next;
		m->next = NULL;
		m->nb_segs = 1;
		if (len == 0) {
			rte_pktmbuf_free_seg(m);
			continue;
		}
		one = put_one(q, m, seq, charge_max_bytes, rcv_nxt);
		if (why == DROP_none)
			why = one;
		seq += len;
	}
	return why;
}

uint32_t tcp_recvq_end(const struct tcp_recvq *q, uint32_t rcv_nxt)
{
	for (const struct rte_mbuf *m = q->ooo; m != NULL; m = m->next)
		rcv_nxt = end_of(m);
	return rcv_nxt;
}

struct span tcp_recvq_peek(const struct tcp_recvq *q, size_t offset)
{
	for (const struct rte_mbuf *m = q->head; m != NULL; m = m->next) {
		if (offset < m->data_len)
			return span_of(rte_pktmbuf_mtod(m, const uint8_t *) + offset,
				       m->data_len - offset);
		offset -= m->data_len;
	}
	return span_of(NULL, 0);
}

size_t tcp_recvq_copy(const struct tcp_recvq *q, size_t offset, void *dst, size_t len)
{
	uint8_t *to = (uint8_t *)dst;
	size_t done = 0;

	for (const struct rte_mbuf *m = q->head; m != NULL && done < len; m = m->next) {
		size_t n;

		if (offset >= m->data_len) {
			offset -= m->data_len;
			continue;
		}
		n = m->data_len - offset;
		if (n > len - done)
			n = len - done;
		memcpy(to + done, rte_pktmbuf_mtod(m, const uint8_t *) + offset, n);
		done += n;
		offset = 0;
	}
	return done;
}

void tcp_recvq_consume(struct tcp_recvq *q, size_t n)
{
	GW_ASSERT(n <= q->bytes);
	q->bytes -= (uint32_t)n;
	while (n > 0) {
		struct rte_mbuf *m = q->head;

		if (n < m->data_len) {
			trim_front(m, (uint32_t)n);
			return;
		}
		n -= m->data_len;
		q->head = m->next;
		uncharge_and_free(q, m);
	}
	if (q->head == NULL)
		q->tail = NULL;
}

void tcp_recvq_check(const struct tcp_recvq *q, uint32_t rcv_nxt)
{
	uint32_t bytes = 0, charge_bytes = 0, mbufs_count = 0, ooo_count = 0, after = rcv_nxt;
	const struct rte_mbuf *last = NULL;

	for (const struct rte_mbuf *m = q->head; m != NULL; m = m->next) {
		GW_ASSERT(m->data_len > 0);
		bytes += m->data_len;
		charge_bytes += charge_of(m);
		mbufs_count++;
		last = m;
	}
	GW_ASSERT(last == q->tail && bytes == q->bytes);
	for (const struct rte_mbuf *m = q->ooo; m != NULL; m = m->next) {
		GW_ASSERT(m->data_len > 0);
		GW_ASSERT(m == q->ooo ? seq_lt(after, seq_of(m)) : seq_le(after, seq_of(m)));
		after = end_of(m);
		charge_bytes += charge_of(m);
		mbufs_count++;
		ooo_count++;
	}
	GW_ASSERT(charge_bytes == q->charge_bytes && mbufs_count == q->mbufs_count);
	GW_ASSERT(ooo_count == q->ooo_count);
}
