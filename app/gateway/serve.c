/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/serve.h"

#include "app/gateway/access_log.h"
#include "app/gateway/control.h"
#include "app/gateway/gateway.h"
#include "app/gateway/log.h"
#include "app/gateway/loop.h"
#include "app/gateway/notify.h"

#include <inttypes.h>

/* Workers and the log's thread run; the main thread loops until it is told to stop. */
static void run(struct gateway *gw, const struct gateway_config *config, struct control *control,
		int signal_fd)
{
	struct loop loop = {
		.gateway = gw,
		.control = control,
		.signal_fd = signal_fd,
		.drain_ms = config->drain_ms,
	};
	uint64_t cut_off;

	log_event(LOG_INFO, "ready", "generation=1 workers=%u", gw->worker_count);
	notify_send("READY=1\nSTATUS=serving");
	loop_run(&loop);
	cut_off = gateway_sessions(gw);
	gateway_stop(gw);
	access_log_close(
		gw->access_log); /* after the workers' last records, before their rings go */
	gw->access_log = NULL;
	log_event(LOG_INFO, "stopped", "exit=0 sessions_reset=%" PRIu64, cut_off);
}

static enum gw_err log_start(struct gateway *gw, struct err_note *note)
{
	for (unsigned i = 0; i < gw->worker_count; i++)
		gw->access_rings[i] = &gw->workers[i]->access;
	return access_log_start(gw->access_log, gw->access_rings, gw->worker_count, note);
}

enum gw_err serve(struct gateway *gw, const struct gateway_config *config, int signal_fd,
		  struct err_note *note)
{
	struct control *control = NULL;
	enum gw_err err;

	err = control_open(config->control_socket, note, &control);
	if (err != GW_ERR_OK)
		return err;
	err = access_log_open(config, (uid_t)-1, (gid_t)-1, note, &gw->access_log);
	if (err != GW_ERR_OK)
		goto close_control;
	err = log_start(gw, note);
	if (err != GW_ERR_OK)
		goto close_log;
	err = gateway_launch(gw, note);
	if (err == GW_ERR_OK)
		run(gw, config, control, signal_fd);

close_log:
	access_log_close(gw->access_log);
	gw->access_log = NULL;
close_control:
	control_close(control);
	return err;
}
