/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/access_log.h"

#include "app/gateway/access_format.h"
#include "app/gateway/access_sum.h"
#include "app/gateway/log.h"
#include "app/gateway/log_pace.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Written at once at most; a quarter of a second of lines at 10,000 a second. */
#define BUFFER_BYTES (1u << 20)
#define BATCH_COUNT 64
/* How long the thread sleeps when there was nothing: workers do not wake it, which would be a system call. */
#define IDLE_MS 10
/* A sink that does not take the last lines for so long does not get them. */
#define CLOSE_LIMIT_S 2

struct access_log {
	const char *path; /* NULL: no file */
	bool to_stdout;
	uid_t uid;
	gid_t gid;
	int fd; /* -1: no file */
	struct spsc *const *rings;
	size_t ring_count;
	const char **listener_names, **pool_names;
	struct access_names names;
	struct access_sum *sum;
	struct outbuf out;
	uint64_t lines_buffered;
	struct access_record batch[BATCH_COUNT];
	bool is_failing;              /* the last write did not work: said once */
	struct log_pace refused_pace; /* of client_refused events */
	pthread_t thread;
	bool is_running;
	/* shared: written by the main thread */
	bool stop, reopen;
	/* shared: written by the thread */
	struct access_log_counts counts;
};

static void count_add(uint64_t *count, uint64_t n)
{
	__atomic_store_n(count, *count + n, __ATOMIC_RELAXED);
}

static void names_fill(struct access_log *log, const struct gateway_config *config)
{
	for (size_t i = 0; i < config->listener_count; i++)
		log->listener_names[i] = config->listeners[i].name;
	for (size_t i = 0; i < config->pool_count; i++)
		log->pool_names[i] = config->pools[i].name;
	log->names = (struct access_names){
		.listeners = log->listener_names,
		.listener_count = config->listener_count,
		.pools = log->pool_names,
		.pool_count = config->pool_count,
	};
}

static int file_open(const struct access_log *log)
{
	int fd = open(log->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);

	/* Without it the file could not be opened again once privileges are gone.  Only a new file needs it. */
	if (fd >= 0 && log->uid != (uid_t)-1 && fchown(fd, log->uid, log->gid) != 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

enum gw_err access_log_open(const struct gateway_config *config, uid_t uid, gid_t gid,
			    struct err_note *note, struct access_log **ret_log)
{
	struct access_log *log = calloc(1, sizeof(*log));
	enum gw_err err = GW_ERR_NO_MEMORY;

	if (log == NULL)
		return GW_ERR_NO_MEMORY;
	log->fd = -1;
	log->uid = uid;
	log->gid = gid;
	log->path = config->access_log_path;
	log->to_stdout = config->access_log_stdout;
	log->out = outbuf_of(malloc(BUFFER_BYTES), BUFFER_BYTES);
	log->listener_names = calloc(config->listener_count + 1, sizeof(char *));
	log->pool_names = calloc(config->pool_count + 1, sizeof(char *));
	if (log->out.p == NULL || log->listener_names == NULL || log->pool_names == NULL ||
	    access_sum_create(&log->sum) != GW_ERR_OK)
		goto close_log;
	names_fill(log, config);
	if (log->path != NULL) {
		log->fd = file_open(log);
		if (log->fd < 0) {
			err_note_set(note,
				     "access_log.path: %s: %s; create its folder or choose another "
				     "path",
				     log->path, strerrordesc_np(errno));
			err = GW_ERR_MACHINE;
			goto close_log;
		}
	}
	*ret_log = log;
	return GW_ERR_OK;

close_log:
	access_log_close(log);
	return err;
}

static void say_failed(struct access_log *log, const char *sink, int error)
{
	char quoted[1100];

	if (!log->is_failing)
		log_event(LOG_ERROR, "access_log_failed", "sink=%s error=%s",
			  log_quote(quoted, sizeof(quoted), sink), strerrorname_np(error));
	log->is_failing = true;
}

/* False when not all of it was taken.  A line may then be in the file in part. */
static bool write_all(struct access_log *log, int fd, const char *sink)
{
	struct span rest = outbuf_span(&log->out);

	while (rest.len > 0) {
		ssize_t n;

		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
		n = write(fd, rest.p, rest.len);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			say_failed(log, sink, errno);
			return false;
		}
		rest = span_skip(rest, (size_t)n);
	}
	return true;
}

static void flush(struct access_log *log)
{
	bool ok = true;

	if (log->out.len == 0)
		return;
	if (log->fd >= 0)
		ok = write_all(log, log->fd, log->path);
	if (log->to_stdout)
		ok = write_all(log, STDOUT_FILENO, "stdout") && ok;
	count_add(ok ? &log->counts.lines : &log->counts.failed, log->lines_buffered);
	if (ok)
		log->is_failing = false;
	log->lines_buffered = 0;
	log->out.len = 0;
}

/* A client whose certificate was refused is an event too, but a crowd of them must not fill that log either. */
static void say_refused(struct access_log *log, const struct access_record *r, uint64_t repeated)
{
	const char *listener = r->listener_idx < log->names.listener_count
				       ? log->names.listeners[r->listener_idx]
				       : "none";

	if (r->verify != ACCESS_VERIFY_JUDGED || r->reason == AUTH_ok ||
	    r->pool_idx != ACCESS_IDX_NONE || r->error == DROP_none)
		return;
	if (!log_pace_allows(&log->refused_pace, r->end_ns)) {
		count_add(&log->counts.events_withheld, 1);
		return;
	}
	log_event(LOG_WARNING, "client_refused",
		  "listener=%s client=%u.%u.%u.%u reason=%s count=%" PRIu64, listener,
		  r->client_ip >> 24, r->client_ip >> 16 & 255, r->client_ip >> 8 & 255,
		  r->client_ip & 255, auth_reason_name(r->reason), repeated > 0 ? repeated : 1);
}

static void put_line(struct access_log *log, const struct access_record *r, uint64_t repeated)
{
	say_refused(log, r, repeated);
	if (log->fd < 0 && !log->to_stdout)
		return;
	if (outbuf_space(&log->out) < ACCESS_LINE_BYTES_MAX)
		flush(log);
	if (access_format(&log->out, r, &log->names, repeated))
		log->lines_buffered++;
}

static void put_sums(struct access_log *log, uint64_t now_ns)
{
	struct access_record r;
	uint64_t repeated;

	while (access_sum_take(log->sum, now_ns, &r, &repeated))
		put_line(log, &r, repeated);
}

/* True when there was anything. */
static bool drain_rings(struct access_log *log)
{
	bool any = false;

	for (size_t i = 0; i < log->ring_count; i++) {
		uint32_t n = spsc_pop(log->rings[i], log->batch, BATCH_COUNT);

		for (uint32_t k = 0; k < n; k++) {
			const struct access_record *r = &log->batch[k];

			put_sums(log, r->end_ns);
			if (access_sum_add(log->sum, r, r->end_ns) == ACCESS_SUM_WRITE)
				put_line(log, r, 0);
			else
				count_add(&log->counts.refusals_summed, 1);
		}
		any |= n > 0;
	}
	return any;
}

static void file_reopen(struct access_log *log)
{
	int fd;

	if (log->path == NULL)
		return;
	flush(log);
	fd = file_open(log);
	if (fd < 0) {
		log->is_failing = false;
		say_failed(log, log->path, errno);
		return;
	}
	close(log->fd);
	log->fd = fd;
	log_event(LOG_INFO, "access_log_reopened", "lines=%" PRIu64, log->counts.lines);
}

static void *run(void *arg)
{
	const struct timespec idle = {.tv_nsec = IDLE_MS * 1000000};
	struct access_log *log = arg;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL); /* but for write() */
	for (;;) {
		/* Read before the rings: what was put there before the stop is still written. */
		bool stop = __atomic_load_n(&log->stop, __ATOMIC_ACQUIRE);
		uint64_t now = clock_ns(CLOCK_MONOTONIC);

		log->names.utc_offset_ns = (int64_t)(clock_ns(CLOCK_REALTIME) - now);
		if (__atomic_exchange_n(&log->reopen, false, __ATOMIC_RELAXED))
			file_reopen(log);
		if (drain_rings(log))
			continue;
		put_sums(log, stop ? UINT64_MAX : now);
		flush(log);
		if (stop)
			return NULL;
		nanosleep(&idle, NULL);
	}
}

enum gw_err access_log_start(struct access_log *log, struct spsc *const *rings, size_t ring_count,
			     struct err_note *note)
{
	int error;

	log->rings = rings;
	log->ring_count = ring_count;
	error = pthread_create(&log->thread, NULL, run, log);
	if (error != 0) {
		err_note_set(note, "access log: no thread: %s", strerrordesc_np(error));
		return GW_ERR_MACHINE;
	}
	pthread_setname_np(log->thread, "access-log");
	log->is_running = true;
	return GW_ERR_OK;
}

void access_log_reopen(struct access_log *log)
{
	__atomic_store_n(&log->reopen, true, __ATOMIC_RELAXED);
}

void access_log_counts_read(const struct access_log *log, struct access_log_counts *ret_counts)
{
	const struct access_log_counts *c = &log->counts;

	ret_counts->lines = __atomic_load_n(&c->lines, __ATOMIC_RELAXED);
	ret_counts->failed = __atomic_load_n(&c->failed, __ATOMIC_RELAXED);
	ret_counts->refusals_summed = __atomic_load_n(&c->refusals_summed, __ATOMIC_RELAXED);
	ret_counts->events_withheld = __atomic_load_n(&c->events_withheld, __ATOMIC_RELAXED);
}

/* A thread that hangs in a write is cancelled there. */
static void stop_thread(struct access_log *log)
{
	struct timespec limit;

	__atomic_store_n(&log->stop, true, __ATOMIC_RELEASE);
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += CLOSE_LIMIT_S;
	if (pthread_timedjoin_np(log->thread, NULL, &limit) == 0)
		return;
	pthread_cancel(log->thread);
	pthread_join(log->thread, NULL);
	log_event(LOG_ERROR, "access_log_failed", "error=ETIMEDOUT lines_lost=%" PRIu64,
		  log->lines_buffered);
}

void access_log_close(struct access_log *log)
{
	if (log == NULL)
		return;
	if (log->is_running)
		stop_thread(log);
	if (log->fd >= 0)
		close(log->fd);
	access_sum_destroy(log->sum);
	free(log->out.p);
	free(log->listener_names);
	free(log->pool_names);
	free(log);
}
