/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "drivers/pktio_fault.h"
#include "drivers/pktio_pair.h"
#include "tests/support/mbuf_pool.h"

#define MS 1000000ull
#define FRAMES 20000u
#define FRAME_BYTES 64

static struct rte_mempool *pool;
static struct pktio *port, *far; /* the injector, and who is behind it */
static uint64_t now_ns;

static uint64_t clock_read(void *ctx)
{
	(void)ctx;
	return now_ns;
}

static void open_port(const char *faults)
{
	struct pktio_pair_params ends[2];
	struct pktio_fault_params params;
	struct pktio *pair[2];
	struct err_note note;

	now_ns = 1000 * MS;
	pool = mbuf_pool_create(8192, MBUF_POOL_DATA_ROOM_BYTES);
	for (int i = 0; i < 2; i++)
		ends[i] = (struct pktio_pair_params){
			.name = "end", .rx_pool = pool, .mtu = 1500, .ring_count = 64};
	cr_assert_eq(pktio_pair_open(ends, pair), GW_ERR_OK);
	cr_assert_eq(pktio_fault_params_parse(faults, &note, &params), GW_ERR_OK);
	params.now_ns = clock_read;
	params.now_ctx = NULL;
	cr_assert_eq(pktio_fault_open(&params, pair[0], &port), GW_ERR_OK);
	far = pair[1];
}

static void close_port(void)
{
	pktio_close(port);
	pktio_close(far);
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
	mbuf_pool_destroy(pool);
}

static struct rte_mbuf *frame(uint32_t number)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	char *to;

	cr_assert_not_null(m);
	to = rte_pktmbuf_append(m, FRAME_BYTES);
	cr_assert_not_null(to);
	memset(to, 0, FRAME_BYTES);
	memcpy(to, &number, sizeof(number));
	return m;
}

static void send_one(struct pktio *from, uint32_t number)
{
	struct rte_mbuf *m = frame(number);

	cr_assert_eq(pktio_tx_burst(from, 0, &m, 1), 1);
}

/* The number of the next frame, UINT32_MAX when there is none; *ret_altered: other bytes than were sent. */
static uint32_t take_one(struct pktio *at, bool *ret_altered)
{
	struct rte_mbuf *m;
	uint32_t number;

	if (pktio_rx_burst(at, 0, &m, 1) == 0)
		return UINT32_MAX;
	memcpy(&number, rte_pktmbuf_mtod(m, void *), sizeof(number));
	*ret_altered = false;
	for (unsigned i = sizeof(number); i < FRAME_BYTES; i++)
		*ret_altered |= rte_pktmbuf_mtod(m, uint8_t *)[i] != 0;
	rte_pktmbuf_free(m);
	return number;
}

struct seen {
	unsigned frames, twice, behind, altered;
};

/* Sends FRAMES from one to the other, a tenth of a millisecond apart, and says what came. */
static struct seen transfer(struct pktio *from, struct pktio *to)
{
	struct seen seen = {0};
	uint32_t number, last = 0;
	bool altered;

	for (uint32_t i = 1; i < FRAMES + 1000; i++, now_ns += MS / 10) {
		if (i <= FRAMES)
			send_one(from, i);
		else
			pktio_rx_burst(from, 0, NULL, 0); /* a turn with nothing to send */
		while ((number = take_one(to, &altered)) != UINT32_MAX) {
			seen.frames++;
			seen.altered += altered;
			seen.twice += number == last;
			seen.behind += number < last;
			last = number > last ? number : last;
		}
	}
	return seen;
}

/* Within three standard deviations of a binomial distribution. */
static void check_rate(uint64_t count, uint64_t of, double rate)
{
	double expected = (double)of * rate, variance = expected * (1 - rate);
	double off = (double)count - expected;

	cr_assert_leq(off * off, 9 * variance, "%lu of %lu, %g expected", (unsigned long)count,
		      (unsigned long)of, expected);
}

static void check_direction(struct pktio *from, struct pktio *to, enum pktio_fault_direction d)
{
	struct pktio_fault_stats stats[PKTIO_FAULT_DIRECTIONS], *s = &stats[d];
	struct seen seen = transfer(from, to);

	cr_assert(pktio_fault_stats(port, stats));
	cr_assert_eq(s->seen, FRAMES);
	check_rate(s->lost, FRAMES, 0.02);
	check_rate(s->duplicated, FRAMES - s->lost, 0.01);
	check_rate(s->reordered, FRAMES - s->lost, 0.005);
	check_rate(s->corrupted, FRAMES - s->lost, 0.001);
	cr_assert_eq(seen.frames, FRAMES - s->lost + s->duplicated);
	cr_assert_geq(seen.twice, s->duplicated * 9 / 10);
	cr_assert_geq(seen.behind, s->reordered * 9 / 10);
	cr_assert_geq(seen.altered, s->corrupted);
	cr_assert_eq(s->delayed + s->no_mbuf, 0);
}

Test(pktio_fault, each_fault_happens_as_often_as_asked_and_is_counted, .fini = close_port)
{
	open_port("seed=3,loss=2%,duplicate=1%,reorder=0.5%,corrupt=0.1%");
	check_direction(port, far, PKTIO_FAULT_TX);
	check_direction(far, port, PKTIO_FAULT_RX);
}

Test(pktio_fault, without_faults_everything_passes_in_order, .fini = close_port)
{
	struct seen seen;

	open_port("");
	seen = transfer(port, far);
	cr_assert(seen.frames == FRAMES && seen.twice + seen.behind + seen.altered == 0);
}

Test(pktio_fault, the_same_seed_does_the_same, .fini = close_port)
{
	struct seen first, second;

	open_port("seed=9,loss=5%,duplicate=5%,reorder=5%");
	first = transfer(port, far);
	close_port();
	open_port("seed=9,loss=5%,duplicate=5%,reorder=5%");
	second = transfer(port, far);
	cr_assert_eq(memcmp(&first, &second, sizeof(first)), 0);
}

Test(pktio_fault, delay_holds_every_frame_back, .fini = close_port)
{
	struct pktio_fault_stats stats[PKTIO_FAULT_DIRECTIONS];
	bool altered;

	open_port("delay=5ms");
	send_one(port, 1);
	now_ns += 5 * MS - 1;
	pktio_rx_burst(port, 0, NULL, 0);
	cr_assert_eq(take_one(far, &altered), UINT32_MAX);
	now_ns += 1;
	pktio_rx_burst(port, 0, NULL, 0);
	cr_assert_eq(take_one(far, &altered), 1);
	cr_assert(pktio_fault_stats(port, stats));
	cr_assert(stats[PKTIO_FAULT_TX].delayed == 1 && stats[PKTIO_FAULT_RX].delayed == 0);
}

Test(pktio_fault, what_a_sender_still_holds_is_not_altered, .fini = close_port)
{
	struct rte_mbuf *m;
	bool altered;

	open_port("corrupt=100%");
	m = frame(7);
	rte_mbuf_refcnt_update(m, 1);
	cr_assert_eq(pktio_tx_burst(port, 0, &m, 1), 1);
	for (unsigned i = 4; i < FRAME_BYTES; i++)
		cr_assert_eq(rte_pktmbuf_mtod(m, uint8_t *)[i], 0);
	rte_pktmbuf_free(m);
	cr_assert_eq(take_one(far, &altered), 7);
	cr_assert(altered);
}

Test(pktio_fault, without_a_buffer_for_a_copy_the_frame_passes_as_it_is, .fini = close_port)
{
	struct pktio_fault_stats stats[PKTIO_FAULT_DIRECTIONS];
	struct rte_mbuf *m;

	open_port("corrupt=100%,duplicate=100%");
	m = frame(7);
	mbuf_pool_limit(pool, 1);
	cr_assert_eq(pktio_tx_burst(port, 0, &m, 1), 1);
	cr_assert(pktio_fault_stats(port, stats));
	cr_assert_eq(stats[PKTIO_FAULT_TX].no_mbuf, 2);
	cr_assert_eq(stats[PKTIO_FAULT_TX].corrupted + stats[PKTIO_FAULT_TX].duplicated, 0);
}

Test(pktio_fault, a_full_lane_takes_nothing_more, .fini = close_port)
{
	struct rte_mbuf *m;

	open_port("delay=5ms");
	for (uint32_t i = 0; i <= PKTIO_FAULT_HELD_MAX - 2; i++)
		send_one(port, i);
	m = frame(0);
	cr_assert_eq(pktio_tx_burst(port, 0, &m, 1), 0);
	rte_pktmbuf_free(m);
}

Test(pktio_fault, no_checksum_is_left_to_the_device, .fini = close_port)
{
	struct pktio_info info;

	open_port("");
	pktio_info(port, &info);
	cr_assert_not(info.caps.tx_tcp_checksum || info.caps.tx_ip4_checksum ||
		      info.caps.rx_checksum);
	cr_assert(info.caps.tx_multi_segment, "what does no harm stays");
}

Test(pktio_fault, parameters_are_read)
{
	struct pktio_fault_params p;
	struct err_note note;

	cr_assert_eq(pktio_fault_params_parse(
			     "seed=42,loss=2%,duplicate=0.25%,reorder=100%,corrupt=0.0001%,"
			     "delay=2.5ms,reorder_by=300us",
			     &note, &p),
		     GW_ERR_OK);
	cr_assert(p.seed == 42 && p.loss_ppm == 20000 && p.duplicate_ppm == 2500);
	cr_assert(p.reorder_ppm == 1000000 && p.corrupt_ppm == 1);
	cr_assert(p.delay_us == 2500 && p.reorder_us == 300);
}

Test(pktio_fault, other_parameters_are_refused)
{
	static const char *const bad[] = {"loss",
					  "loss=",
					  "loss=2",
					  "loss=101%",
					  "loss=-1%",
					  "loss=2%%",
					  "lose=2%",
					  "delay=5",
					  "delay=2s",
					  "delay=0x5ms",
					  "seed=4294967296",
					  "loss=2%;",
					  "loss= 2%",
					  ",",
					  "=",
					  "loss=99999999999999999999%"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct pktio_fault_params p = {.seed = 77};
		struct err_note note;

		cr_assert_eq(pktio_fault_params_parse(bad[i], &note, &p), GW_ERR_CONFIG, "%s",
			     bad[i]);
		cr_assert_eq(p.seed, 77);
	}
}
