/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the table of throughputs and compares it with the one committed: a regression is a difference of text.
 *
 *     netsim FILE            TAP; the lines that differ as comments
 *     netsim --update FILE   writes FILE
 *
 * Each row sums up the same three seeds. */
#include "base/assert.h"
#include "tests/netsim/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS 3
#define TOTAL_BYTES (1u << 20)
#define KIB 1024u

static const struct row {
	const char *faults;
	uint16_t queue_frames;
	uint32_t buf_bytes;
} rows[] = {
#define BUFFERS(faults)                                                                            \
	{faults, 256, 16 * KIB}, {faults, 256, 64 * KIB},                                          \
	{                                                                                          \
		faults, 256, 256 * KIB                                                             \
	}
#define QUEUES(faults)                                                                             \
	{faults, 16, 256 * KIB}, {faults, 64, 256 * KIB},                                          \
	{                                                                                          \
		faults, 256, 256 * KIB                                                             \
	}
	BUFFERS("delay=5ms"),
	BUFFERS("delay=5ms,loss=0.1%"),
	BUFFERS("delay=5ms,loss=1%"),
	BUFFERS("delay=5ms,loss=2%"),
	BUFFERS("delay=5ms,loss=5%"),
	BUFFERS("delay=5ms,reorder=1%"),
	BUFFERS("delay=5ms,reorder=10%,reorder_by=300us"),
	BUFFERS("delay=5ms,duplicate=1%"),
	BUFFERS("delay=5ms,duplicate=10%"),
	BUFFERS("delay=5ms,corrupt=1%"),
	BUFFERS("delay=5ms,loss=2%,reorder=1%,duplicate=1%"),
	QUEUES("delay=500us"),
	QUEUES("delay=5ms"),
	QUEUES("delay=50ms"),
	QUEUES("delay=50ms,loss=1%"),
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define LINE_BYTES 160

static void row_print(const struct row *row, char line[LINE_BYTES])
{
	const struct sim_network network = {
		.faults = row->faults,
		.queue_frames = row->queue_frames,
		.buf_bytes = row->buf_bytes,
		.total_bytes = TOTAL_BYTES,
	};
	struct sim_result sum = {0};

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct sim_result one;

		sim_run(&network, seed, &one);
		sum.elapsed_ns += one.elapsed_ns;
		sum.retransmits += one.retransmits;
		sum.timeouts += one.timeouts;
		sum.fast_retransmits += one.fast_retransmits;
		sum.queue_lost += one.queue_lost;
		sum.fault_lost += one.fault_lost;
	}
	snprintf(line, LINE_BYTES,
		 "%-42s %5u %5" PRIu32 " %7" PRIu64 " %6" PRIu64 " %6" PRIu64 " %6" PRIu64
		 " %6" PRIu64 " %6" PRIu64 "\n",
		 row->faults, row->queue_frames, row->buf_bytes / KIB,
		 SEEDS * (uint64_t)TOTAL_BYTES / KIB * 1000000000u / sum.elapsed_ns,
		 sum.retransmits, sum.fast_retransmits, sum.timeouts, sum.queue_lost,
		 sum.fault_lost);
}

static const char heading[] = "# Written by tests/netsim/netsim --update.  KiB/s over a wire of "
			      "11.7 MiB/s with full frames; three seeds together.\n"
			      "#                                          queue   buf   KiB/s "
			      "resent   fast    rto  queue   lost\n"
			      "# faults, in each direction               frames   KiB           "
			      "segs retrans         lost   data\n";

static int update(const char *path)
{
	FILE *file = fopen(path, "w");
	char line[LINE_BYTES];

	if (file == NULL)
		return 1;
	fputs(heading, file);
	for (size_t i = 0; i < ROWS; i++) {
		row_print(&rows[i], line);
		fputs(line, file);
	}
	return fclose(file) == 0 ? 0 : 1;
}

static bool next_committed(FILE *file, char line[LINE_BYTES])
{
	while (fgets(line, LINE_BYTES, file) != NULL) {
		if (line[0] != '#')
			return true;
	}
	line[0] = '\0';
	return false;
}

static int compare(const char *path)
{
	FILE *file = fopen(path, "r");
	char was[LINE_BYTES], is[LINE_BYTES];
	bool all = true;

	printf("1..%zu\n", ROWS + 1);
	if (file == NULL) {
		printf("Bail out! %s cannot be read\n", path);
		return 1;
	}
	for (size_t i = 0; i < ROWS; i++) {
		bool same;

		next_committed(file, was);
		row_print(&rows[i], is);
		same = strcmp(was, is) == 0;
		if (!same)
			printf("# was %s# is  %s", was[0] != '\0' ? was : "nothing\n", is);
		printf("%sok %zu - %s, queue of %u, buffers of %" PRIu32 " KiB\n",
		       same ? "" : "not ", i + 1, rows[i].faults, rows[i].queue_frames,
		       rows[i].buf_bytes / KIB);
		fflush(stdout);
		all &= same;
	}
	all &= !next_committed(file, was);
	printf("%sok %zu - no other rows\n", was[0] == '\0' ? "" : "not ", ROWS + 1);
	fclose(file);
	return all ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--update") == 0)
		return update(argv[2]);
	GW_ASSERT(argc == 2);
	return compare(argv[1]);
}
