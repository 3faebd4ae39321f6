/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/ip4_reassembly.h"

#include "base/assert.h"
#include "base/siphash.h"
#include "net/pkt.h"
#include "net/wire/ip4_wire.h"

static void fragments_drop(struct ip4_reassembly *r, struct ip4_datagram *d, enum drop_reason why)
{
	for (unsigned i = 0; i < d->fragment_count; i++) {
		rte_pktmbuf_free(d->fragments[i].m);
		drop_count(r->count, why);
	}
	d->fragment_count = 0;
}

static void datagram_drop(struct ip4_reassembly *r, struct ip4_datagram *d, enum drop_reason why)
{
	fragments_drop(r, d, why);
	d->in_use = false;
}

/* Gives up what has waited too long; what is left says when to look again. */
static void on_timer(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct ip4_reassembly *r = CONTAINER_OF(t, struct ip4_reassembly, timer);
	struct ip4_datagram *all = &r->groups[0][0];
	uint64_t next_ns = UINT64_MAX;

	(void)ctx;
	for (unsigned i = 0; i < IP4_REASSEMBLY_GROUPS * IP4_REASSEMBLY_GROUP_SIZE; i++) {
		uint64_t until_ns = all[i].since_ns + IP4_REASSEMBLY_NS;

		if (!all[i].in_use)
			continue;
		if (until_ns <= now_ns)
			datagram_drop(r, &all[i], DROP_ip4_fragment_late);
		else if (until_ns < next_ns)
			next_ns = until_ns;
	}
	if (next_ns != UINT64_MAX)
		timer_arm(r->timers, &r->timer, next_ns);
}

void ip4_reassembly_init(struct ip4_reassembly *r, const uint64_t secret[2],
			 struct timer_wheel *timers, struct counters *count)
{
	memset(r, 0, sizeof(*r));
	r->secret[0] = secret[0];
	r->secret[1] = secret[1];
	r->timers = timers;
	r->count = count;
	timer_entry_init(&r->timer, on_timer);
}

void ip4_reassembly_fini(struct ip4_reassembly *r)
{
	struct ip4_datagram *all = &r->groups[0][0];

	for (unsigned i = 0; i < IP4_REASSEMBLY_GROUPS * IP4_REASSEMBLY_GROUP_SIZE; i++) {
		for (unsigned k = 0; k < all[i].fragment_count; k++)
			rte_pktmbuf_free(all[i].fragments[k].m);
		all[i].fragment_count = 0;
	}
}

static bool is_of(const struct ip4_datagram *d, const struct ip4_header *ip)
{
	return d->in_use && d->id == ip->id && d->protocol == ip->protocol &&
	       ip4_eq(d->src, ip->src) && ip4_eq(d->dst, ip->dst);
}

static struct ip4_datagram *group_of(struct ip4_reassembly *r, const struct ip4_header *ip)
{
	uint32_t words[3] = {ip->src.v, ip->dst.v, (uint32_t)ip->id << 8 | ip->protocol};
	uint64_t hash = siphash24(r->secret, span_of(words, sizeof(words)));

	return r->groups[hash % IP4_REASSEMBLY_GROUPS];
}

/* The packet that ip is a fragment of: begun before, or now, in a free place or that of the oldest. */
static struct ip4_datagram *datagram_of(struct ip4_reassembly *r, const struct ip4_header *ip,
					uint64_t now_ns)
{
	struct ip4_datagram *group = group_of(r, ip), *d = &group[0];

	for (unsigned i = 0; i < IP4_REASSEMBLY_GROUP_SIZE; i++) {
		if (is_of(&group[i], ip))
			return &group[i];
		if (d->in_use && (!group[i].in_use || group[i].since_ns < d->since_ns))
			d = &group[i];
	}
	if (d->in_use)
		datagram_drop(r, d, DROP_ip4_fragment_table_full);
	*d = (struct ip4_datagram){
		.src = ip->src,
		.dst = ip->dst,
		.id = ip->id,
		.protocol = ip->protocol,
		.since_ns = now_ns,
		.in_use = true,
	};
	if (!timer_is_armed(&r->timer))
		timer_arm(r->timers, &r->timer, now_ns + IP4_REASSEMBLY_NS);
	return d;
}

static bool is_sound(const struct rte_mbuf *m, const struct ip4_header *ip)
{
	uint32_t len = ip->total_bytes - (uint32_t)IP4_HEADER_BYTES;

	if (m->nb_segs != 1 || len == 0)
		return false;
	if (ip->more_fragments && (len < IP4_FRAGMENT_BYTES_MIN || len % 8 != 0))
		return false;
	return IP4_HEADER_BYTES + ip->offset_bytes + len <= UINT16_MAX;
}

/* Where f belongs among those held, at *ret_at; else why it has no place there. */
static enum drop_reason place_find(const struct ip4_datagram *d, const struct ip4_fragment *f,
				   bool is_last, unsigned *ret_at)
{
	uint32_t end = (uint32_t)f->offset_bytes + f->len_bytes;
	const struct ip4_fragment *held = d->fragments;
	unsigned at = 0;

	while (at < d->fragment_count && held[at].offset_bytes < f->offset_bytes)
		at++;
	/* The network may double a fragment; the first to come stays. */
	if (at < d->fragment_count && held[at].offset_bytes == f->offset_bytes &&
	    held[at].len_bytes == f->len_bytes && is_last == (end == d->total_bytes))
		return DROP_ip4_fragment_duplicate;
	if (at < d->fragment_count && held[at].offset_bytes < end)
		return DROP_ip4_fragment_overlap;
	if (at > 0 && held[at - 1].offset_bytes + held[at - 1].len_bytes > f->offset_bytes)
		return DROP_ip4_fragment_overlap;
	/* One end, and nothing behind it. */
	if (d->total_bytes != 0 && end > d->total_bytes)
		return DROP_ip4_fragment_overlap;
	if (is_last && at < d->fragment_count)
		return DROP_ip4_fragment_overlap;
	if (d->fragment_count == IP4_FRAGMENTS_MAX)
		return DROP_ip4_fragment_too_many;
	*ret_at = at;
	return DROP_none;
}

/* All of d as one packet; d's place is free again. */
static struct rte_mbuf *whole_make(struct ip4_datagram *d)
{
	struct rte_mbuf *whole = d->fragments[0].m;

	for (unsigned i = 1; i < d->fragment_count; i++) {
		int err;

		rte_pktmbuf_adj(d->fragments[i].m, IP4_HEADER_BYTES);
		err = rte_pktmbuf_chain(whole, d->fragments[i].m);
		GW_ASSERT(err == 0); /* it counts to 65535 */
	}
	ip4_header_join(rte_pktmbuf_mtod(whole, uint8_t *),
			(uint16_t)(IP4_HEADER_BYTES + d->total_bytes));
	/* A port's word about a fragment's checksum says nothing of the packet's. */
	whole->ol_flags &= ~RTE_MBUF_F_RX_L4_CKSUM_MASK;
	d->fragment_count = 0;
	d->in_use = false;
	return whole;
}

enum drop_reason ip4_reassembly_take(struct ip4_reassembly *r, struct rte_mbuf *m,
				     const struct ip4_header *ip, uint64_t now_ns,
				     struct rte_mbuf **ret_whole)
{
	struct ip4_fragment f = {
		.m = m,
		.offset_bytes = ip->offset_bytes,
		.len_bytes = (uint16_t)(ip->total_bytes - IP4_HEADER_BYTES),
	};
	struct ip4_datagram *d;
	enum drop_reason why;
	unsigned at;

	if (!is_sound(m, ip))
		return DROP_ip4_fragment;
	d = datagram_of(r, ip, now_ns);
	if (d->refused_why != DROP_none)
		return d->refused_why;
	why = place_find(d, &f, !ip->more_fragments, &at);
	if (why == DROP_ip4_fragment_duplicate)
		return why;
	if (why != DROP_none) {
		fragments_drop(r, d, why);
		d->refused_why = why;
		return why;
	}
	memmove(&d->fragments[at + 1], &d->fragments[at],
		(d->fragment_count - at) * sizeof(d->fragments[0]));
	d->fragments[at] = f;
	d->fragment_count++;
	d->have_bytes += f.len_bytes;
	if (!ip->more_fragments)
		d->total_bytes = (uint32_t)f.offset_bytes + f.len_bytes;
	*ret_whole = NULL;
	/* None overlaps another, so as many bytes as there must be are those that must be. */
	if (d->have_bytes == d->total_bytes) {
		counter_add(r->count, COUNTER_ip4_reassembled, 1);
		*ret_whole = whole_make(d);
	}
	return DROP_none;
}

static void datagram_check(const struct ip4_datagram *d)
{
	uint32_t have = 0, end = 0;

	GW_ASSERT(d->fragment_count <= IP4_FRAGMENTS_MAX);
	for (unsigned i = 0; i < d->fragment_count; i++) {
		const struct ip4_fragment *f = &d->fragments[i];

		GW_ASSERT(f->len_bytes > 0 && end <= f->offset_bytes);
		GW_ASSERT(f->m->pkt_len == IP4_HEADER_BYTES + (uint32_t)f->len_bytes);
		end = (uint32_t)f->offset_bytes + f->len_bytes;
		have += f->len_bytes;
	}
	GW_ASSERT((d->refused_why == DROP_none) == (d->fragment_count > 0));
	GW_ASSERT(d->refused_why != DROP_none || have == d->have_bytes);
	GW_ASSERT(d->total_bytes == 0 || end <= d->total_bytes);
}

void ip4_reassembly_check(const struct ip4_reassembly *r)
{
	const struct ip4_datagram *all = &r->groups[0][0];
	bool any = false;

	for (unsigned i = 0; i < IP4_REASSEMBLY_GROUPS * IP4_REASSEMBLY_GROUP_SIZE; i++) {
		any |= all[i].in_use;
		if (all[i].in_use)
			datagram_check(&all[i]);
		else
			GW_ASSERT(all[i].fragment_count == 0);
	}
	GW_ASSERT(!any || timer_is_armed(&r->timer));
}
