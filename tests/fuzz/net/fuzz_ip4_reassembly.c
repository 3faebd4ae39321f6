/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fragments of eight packets in any order and of any size.  What is accepted is written down; a packet that comes out must be
 * exactly that.
 *
 * Input: steps of five bytes: flags (bit 0: more fragments, bits 1-3: so many times 300 ms pass first, bits 4-6: which
 * packet), offset in units of 8 bytes and length, both big-endian. */
#include "base/assert.h"
#include "net/ip4_reassembly.h"
#include "net/pkt.h"
#include "net/wire/be.h"
#include "net/wire/ip4_wire.h"
#include "tests/support/mbuf_pool.h"

#define STEP_NS 300000000ull
#define STEP_BYTES 5
#define PACKETS 8
#define LEN_MAX 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was accepted of a packet: each piece is filled with its own byte. */
struct accepted {
	struct piece {
		uint32_t offset, len;
		uint8_t fill;
	} pieces[IP4_FRAGMENTS_MAX];
	unsigned count;
	uint32_t bytes;
};

static struct ip4_reassembly r;
static struct accepted accepted[PACKETS];

static struct rte_mbuf *fragment_make(struct rte_mempool *pool, struct ip4_header *ip, uint16_t len,
				      uint8_t fill)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	ip->total_bytes = (uint16_t)(IP4_HEADER_BYTES + len);
	ip4_header_emit(ip, true, (uint8_t *)rte_pktmbuf_append(m, IP4_HEADER_BYTES));
	if (len > 0)
		memset(rte_pktmbuf_append(m, len), fill, len);
	return m;
}

static void whole_check(struct rte_mbuf *whole, const struct accepted *a)
{
	struct ip4_header ip;
	enum drop_reason why = ip4_header_parse(pkt_head(whole), rte_pktmbuf_pkt_len(whole), &ip);

	GW_ASSERT(why == DROP_none && !ip4_is_fragment(&ip));
	GW_ASSERT(ip.total_bytes == rte_pktmbuf_pkt_len(whole));
	/* As many bytes, and each piece where it belongs: so none is over another. */
	GW_ASSERT(ip.total_bytes == IP4_HEADER_BYTES + a->bytes);
	for (unsigned i = 0; i < a->count; i++) {
		const struct piece *piece = &a->pieces[i];

		for (uint32_t at = piece->offset; at < piece->offset + piece->len; at++) {
			uint8_t byte;
			const uint8_t *p = rte_pktmbuf_read(whole, IP4_HEADER_BYTES + at, 1, &byte);

			GW_ASSERT(p != NULL && *p == piece->fill);
		}
	}
}

/* Whoever was given up in the meantime has nothing accepted. */
static void forget_the_late(void)
{
	const struct ip4_datagram *all = &r.groups[0][0];
	bool known[PACKETS] = {0};

	for (unsigned i = 0; i < IP4_REASSEMBLY_GROUPS * IP4_REASSEMBLY_GROUP_SIZE; i++) {
		if (all[i].in_use)
			known[all[i].id] = true;
	}
	for (unsigned i = 0; i < PACKETS; i++) {
		if (!known[i])
			accepted[i] = (struct accepted){0};
	}
}

static void step(struct rte_mempool *pool, const uint8_t in[STEP_BYTES], uint8_t fill,
		 uint64_t now_ns)
{
	uint16_t len = be16_get(in + 3);
	struct ip4_header ip = {
		.src = {0xc6120002},
		.dst = {0xc6120001},
		.protocol = IP4_PROTOCOL_TCP,
		.id = in[0] >> 4 & 7,
		.offset_bytes = (uint16_t)(be16_get(in + 1) << 3),
		.more_fragments = (in[0] & 1) != 0,
	};
	struct accepted *a = &accepted[ip.id];
	struct rte_mbuf *m, *whole;
	enum drop_reason why;

	len = len < LEN_MAX ? len : LEN_MAX;
	m = fragment_make(pool, &ip, len, fill);
	why = ip4_reassembly_take(&r, m, &ip, now_ns, &whole);
	ip4_reassembly_check(&r);
	if (why != DROP_none) {
		rte_pktmbuf_free(m);
		return;
	}
	GW_ASSERT(a->count < IP4_FRAGMENTS_MAX);
	a->pieces[a->count++] = (struct piece){ip.offset_bytes, len, fill};
	a->bytes += len;
	if (whole == NULL)
		return;
	whole_check(whole, a);
	rte_pktmbuf_free(whole);
	*a = (struct accepted){0};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t secret[2] = {1, 2};
	struct rte_mempool *pool = mbuf_pool_create(4096, MBUF_POOL_DATA_ROOM_BYTES);
	struct timer_wheel timers;
	struct counters count = {0};
	uint64_t now_ns = 1000000000;
	uint8_t fill = 0;

	timer_wheel_init(&timers, now_ns);
	ip4_reassembly_init(&r, secret, &timers, &count);
	memset(accepted, 0, sizeof(accepted));
	for (; size >= STEP_BYTES; data += STEP_BYTES, size -= STEP_BYTES) {
		now_ns += (data[0] >> 1 & 7) * STEP_NS;
		timer_wheel_run(&timers, now_ns, NULL);
		forget_the_late();
		step(pool, data, fill++, now_ns);
		GW_ASSERT(mbuf_pool_outstanding(pool) <= PACKETS * IP4_FRAGMENTS_MAX);
	}
	timer_wheel_run(&timers, now_ns + IP4_REASSEMBLY_NS + STEP_NS, NULL);
	GW_ASSERT(mbuf_pool_outstanding(pool) == 0);
	ip4_reassembly_fini(&r);
	mbuf_pool_destroy(pool);
	return 0;
}
