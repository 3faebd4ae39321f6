/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_head.h: what request and response heads have in common (RFC 9112 sections 2, 5): finding the end of a
 * head that arrives in pieces, walking its header lines, reading its Connection options.  Views only, no state
 * beyond what the caller holds. */
#pragma once

#include "base/span.h"

/* Empty lines before a request line (RFC 9112 section 2.2); one more is a malformed request. */
#define HTTP_EMPTY_LINES_MAX 1
/* Options in all Connection fields of a head; more: malformed.  Bounds the work of finding nominated headers. */
#define HTTP_CONNECTION_OPTIONS_MAX 16

/* How far a head has been looked at, so that the search stays linear however small the pieces are. */
struct http_head_scan {
	size_t offset;     /* bytes already judged */
	size_t line_start; /* of the line that `offset` is in */
	size_t head_start; /* behind leading empty lines */
};

enum http_head_found {
	HTTP_HEAD_INCOMPLETE,
	HTTP_HEAD_COMPLETE, /* scan->offset is the end of the head, its empty line included */
	HTTP_HEAD_BAD_BYTE, /* control character, bare CR or LF, line that begins with white space */
};

/* Looks at the bytes of `in` behind scan->offset.  `in` must begin with the same bytes on every call for a head.
 * Before the first call *scan is zero. */
enum http_head_found http_head_scan(struct http_head_scan *scan, struct span in);

struct http_header {
	struct span name;
	struct span value; /* without white space around it */
};

/* Takes the next line off *lines, each "name: value" and ended by CRLF.  False at the end; also at a line without a
 * colon, which a head that llhttp accepted does not have. */
bool http_headers_next(struct span *lines, struct http_header *ret_header);

/* The field's comma-separated elements: takes the next off *list, white space removed, empty ones skipped. */
bool http_list_next(struct span *list, struct span *ret_element);

struct http_connection_options {
	struct span names
		[HTTP_CONNECTION_OPTIONS_MAX]; /* every option: `close`, and the headers it nominates */
	size_t count;
	bool close, keep_alive;
};

/* Reads every Connection field among the lines.  False: more than HTTP_CONNECTION_OPTIONS_MAX options. */
bool http_connection_read(struct span lines, struct http_connection_options *ret_options);
/* Is the header named by one of the options, and so meant for us alone (RFC 9110 section 7.6.1)? */
bool http_connection_names(const struct http_connection_options *options, struct span name);
