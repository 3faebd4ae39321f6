/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/metrics_server.h"

#include "app/gateway/gateway.h"
#include "app/gateway/metrics.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More at once are not accepted until one has gone. */
#define CONNECTIONS_MAX 16u
/* One that neither sends nor reads for so long is closed. */
#define IDLE_LIMIT_S 5u
#define CONNECTION_BYTES (16u << 10)
/* A page is not made anew before it is so old. */
#define PAGE_LIFE_MS 250
#define PAGE_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics_server {
	const struct gateway *gateway;
	struct MHD_Daemon *daemon;
	int epoll_fd;
	struct MHD_Response *page; /* what is served while it is fresh; counted references */
	uint64_t made_ms;          /* CLOCK_MONOTONIC */
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), (void *)text,
									MHD_RESPMEM_PERSISTENT);
	enum MHD_Result queued;

	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, MHD_HTTP_METHOD_GET);
	queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static void page_refresh(struct metrics_server *server)
{
	uint64_t now = clock_monotonic_ms();
	char *text;

	if (server->page != NULL && now - server->made_ms < PAGE_LIFE_MS)
		return;
	if (server->page != NULL)
		MHD_destroy_response(server->page);
	server->page = NULL;
	text = metrics_page(server->gateway);
	if (text == NULL)
		return;
	server->page = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	if (server->page == NULL) {
		free(text);
		return;
	}
	MHD_add_response_header(server->page, MHD_HTTP_HEADER_CONTENT_TYPE, PAGE_TYPE);
	server->made_ms = now;
}

/* libmicrohttpd has read the head; a body is not read: the connection closes behind the answer. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_len, void **request)
{
	struct metrics_server *server = context;

	(void)version;
	(void)upload;
	(void)upload_len;
	(void)request;
	if (strcmp(url, "/metrics") != 0 && strcmp(url, "/healthz") != 0)
		return answer(connection, MHD_HTTP_NOT_FOUND, "try /metrics or /healthz\n");
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
	if (strcmp(url, "/healthz") == 0)
		return server->gateway->draining
			       ? answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "draining\n")
			       : answer(connection, MHD_HTTP_OK, "ok\n");
	page_refresh(server);
	if (server->page == NULL)
		return answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory\n");
	return MHD_queue_response(connection, MHD_HTTP_OK, server->page);
}

static enum gw_err listen_on(struct ip4_endpoint address, struct err_note *note, int *ret_fd)
{
	const struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_port = htons(address.port),
		.sin_addr.s_addr = htonl(address.addr.v),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
	const char *advice = "";
	int error;

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (bind(fd, (const struct sockaddr *)&name, sizeof(name)) == 0 &&
		    listen(fd, 16) == 0) {
			*ret_fd = fd;
			return GW_ERR_OK;
		}
	}
	error = errno;
	if (error == EADDRINUSE)
		advice = "; stop what listens there or choose another port";
	else if (error == EADDRNOTAVAIL)
		advice = "; choose an address that the kernel has on this machine, such as "
			 "127.0.0.1 (the gateway's own ports are not the kernel's)";
	else if (error == EACCES)
		advice = "; choose a port above 1023";
	err_note_set(note, "metrics.address: %u.%u.%u.%u:%u: %s%s", address.addr.v >> 24,
		     address.addr.v >> 16 & 255, address.addr.v >> 8 & 255, address.addr.v & 255,
		     address.port, strerrordesc_np(error), advice);
	if (fd >= 0)
		close(fd);
	return GW_ERR_MACHINE;
}

enum gw_err metrics_server_open(struct ip4_endpoint address, const struct gateway *gateway,
				struct err_note *note, struct metrics_server **ret_server)
{
	struct metrics_server *server = calloc(1, sizeof(*server));
	const union MHD_DaemonInfo *info = NULL;
	enum gw_err err;
	int fd = -1;

	if (server == NULL)
		return GW_ERR_NO_MEMORY;
	server->gateway = gateway;
	err = listen_on(address, note, &fd);
	if (err != GW_ERR_OK) {
		free(server);
		return err;
	}
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, server,
					  MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
					  CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
					  IDLE_LIMIT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
					  (size_t)CONNECTION_BYTES, MHD_OPTION_END);
	if (server->daemon != NULL)
		info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (info == NULL) {
		err_note_set(note, "metrics.address: the HTTP server does not start");
		metrics_server_close(server);
		return GW_ERR_MACHINE;
	}
	server->epoll_fd = info->epoll_fd;
	*ret_server = server;
	return GW_ERR_OK;
}

void metrics_server_close(struct metrics_server *server)
{
	if (server == NULL)
		return;
	if (server->daemon != NULL)
		MHD_stop_daemon(server->daemon);
	if (server->page != NULL)
		MHD_destroy_response(server->page);
	free(server);
}

int metrics_server_fd(const struct metrics_server *server)
{
	return server->epoll_fd;
}

void metrics_server_run(struct metrics_server *server)
{
	MHD_run(server->daemon);
}

int metrics_server_patience_ms(struct metrics_server *server)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(server->daemon, &ms) != MHD_YES)
		return -1;
	return ms < 60000 ? (int)ms : 60000;
}
