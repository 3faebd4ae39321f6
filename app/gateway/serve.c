/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/serve.h"

#include "app/gateway/access_log.h"
#include "app/gateway/control.h"
#include "app/gateway/gateway.h"
#include "app/gateway/log.h"
#include "app/gateway/loop.h"
#include "app/gateway/metrics_server.h"
#include "app/gateway/notify.h"
#include "app/gateway/privileges.h"

#include <inttypes.h>
#include <string.h>

/* Workers and the log's thread run; the main thread loops until it is told to stop. */
static void run(struct gateway *gw, const struct gateway_config *config, struct control *control,
		struct metrics_server *metrics, int signal_fd)
{
	struct loop loop = {
		.gateway = gw,
		.control = control,
		.metrics = metrics,
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

static bool has_af_xdp(const struct gateway_config *config)
{
	for (size_t i = 0; i < config->port_count; i++) {
		if (strncmp(config->ports[i].device, "af_xdp:", 7) == 0)
			return true;
	}
	return false;
}

static enum gw_err metrics_open(struct gateway *gw, const struct gateway_config *config,
				struct err_note *note, struct metrics_server **ret_metrics)
{
	if (config->metrics_address.port == 0)
		return GW_ERR_OK;
	return metrics_server_open(config->metrics_address, gw, note, ret_metrics);
}

/* All that takes a right is open: gives the rights up, and then starts what peers can reach.  The log's thread comes first:
 * it would inherit what the main thread keeps. */
static enum gw_err launch(struct gateway *gw, const struct gateway_config *config,
			  const struct privileges *privileges, struct err_note *note)
{
	enum gw_err err = log_start(gw, note);

	if (err == GW_ERR_OK)
		err = privileges_drop(privileges, has_af_xdp(config), note);
	if (err == GW_ERR_OK)
		err = gateway_launch(gw, note);
	return err;
}

enum gw_err serve(struct gateway *gw, const struct gateway_config *config,
		  const struct privileges *privileges, int signal_fd, struct err_note *note)
{
	struct metrics_server *metrics = NULL;
	struct control *control = NULL;
	enum gw_err err;

	err = control_open(config->control_socket, privileges->uid, privileges->gid, note,
			   &control);
	if (err != GW_ERR_OK)
		return err;
	err = access_log_open(config, privileges->uid, privileges->gid, note, &gw->access_log);
	if (err != GW_ERR_OK)
		goto close_control;
	err = metrics_open(gw, config, note, &metrics);
	if (err != GW_ERR_OK)
		goto close_log;
	err = launch(gw, config, privileges, note);
	if (err == GW_ERR_OK)
		run(gw, config, control, metrics, signal_fd);
	metrics_server_close(metrics);

close_log:
	access_log_close(gw->access_log);
	gw->access_log = NULL;
close_control:
	control_close(control);
	return err;
}
