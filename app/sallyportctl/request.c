/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/request.h"

#include "app/sallyportctl/sallyportctl.h"
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* What read() gets at once, at least. */
#define READ_BYTES 65536

static enum gw_err no_answer(struct err_note *note, const char *path)
{
	err_note_set(note, "%s: no answer within %d s; see whether the gateway is alive", path,
		     REQUEST_TIME_MS_MAX / 1000);
	return GW_ERR_IO;
}

static enum gw_err connect_error(struct err_note *note, const char *path, int error)
{
	if (error == ENOENT)
		err_note_set(note,
			     "%s: there is no such socket; start the gateway, or give the "
			     "control.socket "
			     "of its start-up file as --socket",
			     path);
	else if (error == ECONNREFUSED)
		err_note_set(note, "%s: nobody answers; start the gateway", path);
	else if (error == EACCES || error == EPERM)
		err_note_set(note,
			     "%s: permission denied; run this as root or as the gateway's user",
			     path);
	else if (error == EAGAIN)
		return no_answer(note, path);
	else
		err_note_set(note, "%s: %s; give the gateway's control socket as --socket", path,
			     strerrordesc_np(error));
	return GW_ERR_IO;
}

static enum gw_err connect_to(const char *path, struct err_note *note, int *ret_fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = REQUEST_TIME_MS_MAX / 1000};
	int fd, error;

	if (strlen(path) >= sizeof(address.sun_path)) {
		err_note_set(
			note,
			"%s: the path is too long for a socket; give a shorter one as --socket",
			path);
		return GW_ERR_IO;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return connect_error(note, path, errno);
	/* Bounds connect() as well: a full backlog makes it wait. */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) != 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		error = errno;
		close(fd);
		return connect_error(note, path, error);
	}
	*ret_fd = fd;
	return GW_ERR_OK;
}

/* Appends what is there to read.  False at the end, with *error 0, or on failure. */
static bool read_more(int fd, FILE *answer, int64_t deadline_ms, int *error)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	char bytes[READ_BYTES];
	int64_t left_ms = deadline_ms - (int64_t)clock_monotonic_ms();
	ssize_t len;
	int ready;

	*error = 0;
	ready = left_ms > 0 ? poll(&readable, 1, (int)left_ms) : 0;
	if (ready < 0 && errno == EINTR)
		return true;
	if (ready == 0) {
		*error = ETIMEDOUT;
		return false;
	}
	len = read(fd, bytes, sizeof(bytes));
	if (len < 0)
		*error = errno;
	else if ((size_t)len > REQUEST_ANSWER_BYTES_MAX - (size_t)ftell(answer))
		*error = EFBIG;
	else if (fwrite(bytes, 1, (size_t)len, answer) != (size_t)len)
		*error = ENOMEM;
	return len > 0 && *error == 0;
}

static enum gw_err read_answer(int fd, const char *path, int64_t deadline_ms, struct err_note *note,
			       char **ret_answer, size_t *ret_len)
{
	char *text = NULL;
	size_t len = 0;
	FILE *answer = open_memstream(&text, &len);
	int error = ENOMEM;

	if (answer != NULL) {
		while (read_more(fd, answer, deadline_ms, &error))
			;
		if (fclose(answer) != 0)
			error = ENOMEM;
	}
	if (error == 0) {
		*ret_answer = text;
		*ret_len = len;
		return GW_ERR_OK;
	}
	free(text);
	if (error == ETIMEDOUT)
		return no_answer(note, path);
	if (error == EFBIG)
		err_note_set(note, "%s: the answer does not end; see what listens there", path);
	else
		err_note_set(note, "%s: %s; try again", path, strerrordesc_np(error));
	return GW_ERR_IO;
}

enum gw_err request_send(const char *path, const char *line, struct err_note *note,
			 char **ret_answer, size_t *ret_len)
{
	int64_t deadline_ms = (int64_t)clock_monotonic_ms() + REQUEST_TIME_MS_MAX;
	char text[64];
	enum gw_err err;
	int fd = -1, len;

	err = connect_to(path, note, &fd);
	if (err != GW_ERR_OK)
		return err;
	len = snprintf(text, sizeof(text), "%s\n", line);
	GW_ASSERT(len > 0 && (size_t)len < sizeof(text));
	/* A gateway that has closed already may still have said why. */
	if (send(fd, text, (size_t)len, MSG_NOSIGNAL) != len && errno == EAGAIN)
		err = no_answer(note, path);
	if (err == GW_ERR_OK)
		err = read_answer(fd, path, deadline_ms, note, ret_answer, ret_len);
	close(fd);
	return err;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	const char **socket = state->input;

	switch (key) {
	case 's':
		*socket = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "there is nothing to name");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option argp_options[] = {
	{"socket", 's', "PATH", 0, "The gateway's control socket (" CTL_SOCKET ")", 0},
	{0},
};

const struct argp request_argp = {.options = argp_options, .parser = parse_option};
