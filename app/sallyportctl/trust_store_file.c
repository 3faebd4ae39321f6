/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/trust_store_file.h"

#include "tls/trust/trust_store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static error_t parse_file(int key, char *arg, struct argp_state *state)
{
	struct trust_store_files *files = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (files->count == TRUST_STORE_CHAINS_MAX)
			argp_error(state, "a store has at most %d files", TRUST_STORE_CHAINS_MAX);
		files->paths[files->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (files->count == 0)
			argp_error(state, "which FILE?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp trust_store_files_argp = {.parser = parse_file};

struct listener {
	const char *const *files;
	FILE *messages;
};

static void on_found(void *ctx, const struct trust_store_finding *found)
{
	static const char *const severities[] = {
		[TRUST_SEVERITY_NOTE] = "note",
		[TRUST_SEVERITY_WARNING] = "warning",
		[TRUST_SEVERITY_ERROR] = "error",
	};
	const struct listener *l = ctx;

	fprintf(l->messages, "%s: %s: ", l->files[found->file_idx], severities[found->severity]);
	if (found->number > 0)
		fprintf(l->messages, "certificate %u%s%s%s: ", found->number,
			found->subject[0] != '\0' ? " (" : "", found->subject,
			found->subject[0] != '\0' ? ")" : "");
	fprintf(l->messages, "%s: %s; %s\n", found->code, found->what, found->remedy);
}

enum gw_err trust_store_file_load(const struct trust_store_files *files,
				  const struct trust_store_options *options, FILE *messages,
				  struct trust_store **ret_store)
{
	struct listener listener = {.files = files->paths, .messages = messages};
	const struct trust_store_sink sink = {.found = on_found, .ctx = &listener};

	return trust_store_load(files->paths, files->count, options, &sink, ret_store);
}

static bool octets_write(int fd, struct span octets)
{
	while (octets.len > 0) {
		ssize_t n = write(fd, octets.p, octets.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		octets = span_skip(octets, (size_t)n);
	}
	return true;
}

/* The new name is on the disk too. */
static void folder_sync(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

enum gw_err trust_store_file_replace(const char *path, struct span octets, struct err_note *note)
{
	char fresh[PATH_MAX];
	int fd = -1;
	bool ok = snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) < (int)sizeof(fresh) &&
		  (fd = mkstemp(fresh)) >= 0;

	if (!ok) {
		err_note_set(note, "%s: %s; name a file in a folder that can be written", path,
			     strerror(errno));
		return GW_ERR_IO;
	}
	ok = octets_write(fd, octets) && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
	ok = close(fd) == 0 && ok && rename(fresh, path) == 0;
	if (!ok) {
		err_note_set(note, "%s: %s; free space or name another place", path,
			     strerror(errno));
		unlink(fresh);
		return GW_ERR_IO;
	}
	folder_sync(path);
	return GW_ERR_OK;
}
