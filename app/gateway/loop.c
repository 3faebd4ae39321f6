/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/loop.h"

#include "app/gateway/access_log.h"
#include "app/gateway/control.h"
#include "app/gateway/gateway.h"
#include "app/gateway/log.h"
#include "app/gateway/metrics_server.h"
#include "app/gateway/notify.h"
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* How often a drain looks whether it is over. */
#define DRAIN_LOOK_MS 20
/* How often the log says that new connections are shed, and which links have come or gone. */
#define LOOK_MS 1000

static void drain_begin(struct loop *loop)
{
	if (loop->draining)
		return;
	loop->draining = true;
	loop->drain_until_ms = clock_monotonic_ms() + loop->drain_ms;
	log_event(LOG_INFO, "draining", "sessions=%" PRIu64 " limit_ms=%u",
		  gateway_sessions(loop->gateway), loop->drain_ms);
	notify_send("STOPPING=1\nSTATUS=draining");
	gateway_drain(loop->gateway);
}

/* True when the gateway is to stop now. */
static bool on_signal(struct loop *loop)
{
	struct signalfd_siginfo info;

	if (read(loop->signal_fd, &info, sizeof(info)) != sizeof(info))
		return false;
	if (info.ssi_signo == SIGUSR1) {
		access_log_reopen(loop->gateway->access_log);
		return false;
	}
	if (loop->draining)
		return true;
	drain_begin(loop);
	return false;
}

static bool drain_is_over(const struct loop *loop)
{
	return loop->draining &&
	       (gateway_is_drained(loop->gateway) || clock_monotonic_ms() >= loop->drain_until_ms);
}

/* A service manager that hears nothing restarts us.  It hears something only if every worker has turned since. */
static void watchdog_feed(struct loop *loop)
{
	uint64_t now = clock_monotonic_ms();

	if (loop->watchdog_ms == 0 || now < loop->watchdog_due_ms)
		return;
	if (gateway_turns_all(loop->gateway))
		notify_send("WATCHDOG=1");
	loop->watchdog_due_ms = now + loop->watchdog_ms;
}

/* What workers shed, once a second however often it happened. */
static void shedding_log(struct loop *loop)
{
	struct gateway *gw = loop->gateway;
	uint64_t now = clock_monotonic_ms();

	if (now < loop->shedding_due_ms)
		return;
	loop->shedding_due_ms = now + LOOK_MS;
	for (unsigned i = 0; i < gw->worker_count; i++) {
		struct pressure *p = &gw->workers[i]->pressure;

		for (unsigned r = 0; r < PRESSURE_RESOURCES; r++) {
			uint64_t highs = __atomic_load_n(&p->highs[r], __ATOMIC_RELAXED);

			if (highs == p->highs_logged[r])
				continue;
			log_event(LOG_WARNING, "shedding", "worker=%u resource=%s times=%" PRIu64,
				  i, pressure_resource_name(r), highs - p->highs_logged[r]);
			p->highs_logged[r] = highs;
		}
	}
}

static int earlier(int a_ms, int b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return a_ms < 0 ? b_ms : a_ms;
	return a_ms < b_ms ? a_ms : b_ms;
}

static int patience_ms(const struct loop *loop)
{
	int ms = loop->watchdog_ms > 0 && loop->watchdog_ms < LOOK_MS ? (int)loop->watchdog_ms
								      : LOOK_MS;

	if (loop->metrics != NULL)
		ms = earlier(ms, metrics_server_patience_ms(loop->metrics));
	return loop->draining ? earlier(ms, DRAIN_LOOK_MS) : ms;
}

void loop_run(struct loop *loop)
{
	struct pollfd fds[] = {
		{.fd = control_fd(loop->control), .events = POLLIN},
		{.fd = loop->signal_fd, .events = POLLIN},
		{.fd = loop->metrics != NULL ? metrics_server_fd(loop->metrics) : -1,
		 .events = POLLIN},
	};

	loop->watchdog_ms = notify_watchdog_ms() / 3;
	while (!drain_is_over(loop)) {
		if (poll(fds, sizeof(fds) / sizeof(fds[0]), patience_ms(loop)) < 0 &&
		    errno != EINTR)
			return;
		if (fds[1].revents != 0 && on_signal(loop))
			return;
		if ((fds[0].revents & POLLIN) != 0 &&
		    control_serve(loop->control, loop->gateway) == CONTROL_DRAIN)
			drain_begin(loop);
		if (loop->metrics != NULL)
			metrics_server_run(loop->metrics);
		gateway_watch_links(loop->gateway);
		watchdog_feed(loop);
		shedding_log(loop);
	}
}
