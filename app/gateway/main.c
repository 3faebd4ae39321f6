/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command: sallyport --config FILE [--check | --print-config].  Exit codes: 0 clean stop or check passed, 1 start-up
 * file refused, 2 usage, 3 the machine refused, 70 internal. */
#include "app/control/check.h"
#include "app/control/memory.h"
#include "app/control/version.h"
#include "app/gateway/gateway.h"
#include "app/gateway/log.h"
#include "app/gateway/options.h"
#include "app/gateway/pinning_report.h"
#include "app/gateway/privileges.h"
#include "app/gateway/serve.h"
#include "config/config.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_CONFIG = 1,
	EXIT_USAGE = 2,
	EXIT_MACHINE = 3,
	EXIT_INTERNAL = 70
};

static int exit_code_of(enum gw_err err)
{
	switch (err) {
	case GW_ERR_OK:
		return EXIT_OK;
	case GW_ERR_CONFIG:
		return EXIT_CONFIG;
	case GW_ERR_MACHINE:
	case GW_ERR_NO_MEMORY:
	case GW_ERR_IO:
		return EXIT_MACHINE;
	case GW_ERR_INTERNAL:
		break;
	}
	return EXIT_INTERNAL;
}

static int fail(const char *event, enum gw_err err, const struct err_note *note)
{
	char quoted[1100];

	log_event(LOG_ERROR, event, "error=%s",
		  log_quote(quoted, sizeof(quoted), note->text[0] ? note->text : "out of memory"));
	return exit_code_of(err);
}

/* Blocks the signals in every thread started from here on; they are read from the descriptor instead. */
static int signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int run(const char *path, struct startup *startup)
{
	const struct gateway_config *config = startup->config;
	struct snapshot *snap = NULL;
	struct err_note note = {0};
	struct privileges privileges;
	struct gateway gw = {0};
	enum gw_err err;
	int signal_fd, rc;

	log_event(LOG_INFO, "starting",
		  "version=%s pid=%d config_digest=sha256:%s memory_bytes=%" PRIu64, GW_VERSION,
		  getpid(), config->digest, memory_need_bytes(config));
	err = check_create_snapshot(path, startup, stderr, &snap);
	if (err != GW_ERR_OK) {
		log_event(LOG_ERROR, "config_error", "file=%s", path);
		return exit_code_of(err);
	}
	pinning_report(snap);
	/* Both before EAL starts threads, which inherit them. */
	privileges_lock();
	signal_fd = signals_open();
	err = privileges_find(config, &note, &privileges);
	if (err == GW_ERR_OK)
		err = gateway_open(&gw, snap, &note);
	if (err == GW_ERR_OK) {
		err = serve(&gw, config, &privileges, signal_fd, &note);
		gateway_close(&gw);
	}
	rc = err == GW_ERR_OK ? EXIT_OK : fail("start_failed", err, &note);
	close(signal_fd);
	snapshot_destroy(snap);
	return rc;
}

int main(int argc, char **argv)
{
	struct startup startup;
	struct options options = {0};
	enum gw_err err;
	int rc = EXIT_OK;

	argp_program_version_hook = version_print;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&options_argp, argc, argv, 0, NULL, &options);
	if (options.check && !options.print_config)
		return exit_code_of(check_file(options.config_path, stdout, stderr));
	err = check_load(options.config_path, stderr, &startup);
	if (err != GW_ERR_OK)
		return exit_code_of(err);
	if (options.print_config)
		config_print(startup.config, stdout);
	else
		rc = run(options.config_path, &startup);
	check_unload(&startup);
	return rc;
}
