/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two threads and one ring: every record arrives once, in order and whole, and so does what it points at.  Built with
 * ThreadSanitizer, which reports any access that the ring does not order; a plain main(), for Criterion does not run
 * under it. */
#include "base/spsc.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>

#define RECORDS 200000u
#define BATCH_MAX 7u
#define VALUES 512u

struct record {
	uint32_t seq;
	uint32_t *value; /* written by the writer before it pushes, by the reader afterwards */
};

static struct spsc to_reader, to_writer;
static uint32_t values[VALUES];

static void push_all(struct spsc *q, const struct record *records, uint32_t count)
{
	for (uint32_t done = 0; done < count;) {
		uint32_t n = spsc_push(q, records + done, count - done);

		if (n == 0)
			sched_yield();
		done += n;
	}
}

/* Sends numbered records that carry values of its own, and takes the values back for the next ones. */
static void *writer(void *arg)
{
	struct record batch[BATCH_MAX], back[VALUES];
	uint32_t *spare[VALUES], spare_count = 0, seq = 0;

	(void)arg;
	for (uint32_t i = 0; i < VALUES; i++)
		spare[spare_count++] = &values[i];
	while (seq < RECORDS) {
		uint32_t count = 0, want = 1 + seq % BATCH_MAX, n;

		while (count < want && spare_count > 0 && seq < RECORDS) {
			uint32_t *value = spare[--spare_count];

			*value = seq * 3;
			batch[count++] = (struct record){.seq = seq++, .value = value};
		}
		push_all(&to_reader, batch, count);
		n = spsc_pop(&to_writer, back, VALUES);
		for (uint32_t i = 0; i < n; i++)
			spare[spare_count++] = back[i].value;
		if (count == 0 && n == 0)
			sched_yield();
	}
	return NULL;
}

static bool read_all(void)
{
	struct record batch[BATCH_MAX];
	uint32_t seq = 0;

	while (seq < RECORDS) {
		uint32_t n = spsc_pop(&to_reader, batch, BATCH_MAX);

		if (n == 0)
			sched_yield();
		for (uint32_t i = 0; i < n; i++, seq++) {
			if (batch[i].seq != seq || *batch[i].value != seq * 3)
				return false;
			*batch[i].value = 0;
		}
		push_all(&to_writer, batch, n);
	}
	return true;
}

int main(void)
{
	pthread_t thread;
	bool ok;

	printf("1..1\n");
	if (spsc_init(&to_reader, sizeof(struct record), 64) != GW_ERR_OK ||
	    spsc_init(&to_writer, sizeof(struct record), VALUES) != GW_ERR_OK ||
	    pthread_create(&thread, NULL, writer, NULL) != 0) {
		printf("Bail out! no memory or no thread\n");
		return 1;
	}
	ok = read_all();
	if (!ok) {
		/* The writer may wait for ever for a reader that is gone. */
		printf("not ok 1 - records arrive once, in order and whole\n");
		return 1;
	}
	pthread_join(thread, NULL);
	ok = spsc_used_count(&to_reader) == 0;
	spsc_fini(&to_writer);
	spsc_fini(&to_reader);
	printf("%sok 1 - records arrive once, in order and whole\n", ok ? "" : "not ");
	return ok ? 0 : 1;
}
