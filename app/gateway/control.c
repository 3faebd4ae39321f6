/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/control.h"

#include "app/gateway/status_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_BYTES_MAX 256
/* A client that neither sends nor reads for this long is cut off; the control plane has other things to do. */
#define CLIENT_LIMIT_MS 2000

struct control {
	int fd;
	struct sockaddr_un address;
};

/* True when somebody accepts on the socket already. */
static bool is_answered(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool answered;

	if (fd < 0)
		return false;
	answered = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
	close(fd);
	return answered;
}

static enum gw_err bind_socket(struct control *control, uid_t uid, gid_t gid, struct err_note *note)
{
	const char *path = control->address.sun_path;
	mode_t mask;
	int rc;

	if (is_answered(&control->address)) {
		err_note_set(note,
			     "control.socket: another gateway answers on %s; stop it or choose "
			     "another path",
			     path);
		return GW_ERR_MACHINE;
	}
	unlink(path);
	mask = umask(0177);
	rc = bind(control->fd, (const struct sockaddr *)&control->address,
		  sizeof(control->address));
	umask(mask);
	if (rc == 0 && uid != (uid_t)-1)
		rc = chown(path, uid, gid);
	if (rc < 0 || listen(control->fd, 16) < 0) {
		err_note_set(note,
			     "control.socket: %s: %s; create the directory or choose another path",
			     path, strerror(errno));
		return GW_ERR_MACHINE;
	}
	return GW_ERR_OK;
}

enum gw_err control_open(const char *path, uid_t uid, gid_t gid, struct err_note *note,
			 struct control **ret_control)
{
	struct control *control = calloc(1, sizeof(*control));
	enum gw_err err;

	if (control == NULL)
		return GW_ERR_NO_MEMORY;
	control->address.sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(control->address.sun_path)) {
		err_note_set(note,
			     "control.socket: path is longer than %zu bytes; choose a shorter one",
			     sizeof(control->address.sun_path) - 1);
		free(control);
		return GW_ERR_CONFIG;
	}
	memcpy(control->address.sun_path, path, strlen(path));
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (control->fd < 0) {
		err_note_set(note, "control.socket: %s", strerror(errno));
		free(control);
		return GW_ERR_MACHINE;
	}
	err = bind_socket(control, uid, gid, note);
	if (err != GW_ERR_OK) {
		close(control->fd);
		free(control);
		return err;
	}
	*ret_control = control;
	return GW_ERR_OK;
}

void control_close(struct control *control)
{
	if (control == NULL)
		return;
	unlink(control->address.sun_path);
	close(control->fd);
	free(control);
}

/* The request line without its newline, NUL-terminated; false when none came in time. */
static bool read_line(int fd, char *line, size_t cap)
{
	size_t len = 0;

	while (len < cap - 1) {
		ssize_t n = recv(fd, line + len, cap - 1 - len, 0);

		if (n <= 0)
			return false;
		len += (size_t)n;
		line[len] = '\0';
		if (strchr(line, '\n') != NULL) {
			*strchr(line, '\n') = '\0';
			return true;
		}
	}
	return false;
}

static void send_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

static void send_status(int fd, const struct gateway *gateway)
{
	char *answer = status_json(gateway);

	if (answer != NULL)
		send_all(fd, answer);
	send_all(fd, "\n");
	free(answer);
}

static enum control_request serve(int fd, const struct gateway *gateway)
{
	struct timeval limit = {.tv_sec = CLIENT_LIMIT_MS / 1000};
	char line[REQUEST_BYTES_MAX];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (!read_line(fd, line, sizeof(line)))
		return CONTROL_NOTHING;
	if (strcmp(line, "status") == 0) {
		send_status(fd, gateway);
		return CONTROL_NOTHING;
	}
	if (strcmp(line, "drain") == 0) {
		send_all(fd, "{\"schema\":1,\"state\":\"draining\"}\n");
		return CONTROL_DRAIN;
	}
	send_all(fd, "{\"error\":\"unknown request; try: status, drain\"}\n");
	return CONTROL_NOTHING;
}

int control_fd(const struct control *control)
{
	return control->fd;
}

enum control_request control_serve(struct control *control, const struct gateway *gateway)
{
	enum control_request request;
	int client = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);

	if (client < 0)
		return CONTROL_NOTHING;
	request = serve(client, gateway);
	close(client);
	return request;
}
