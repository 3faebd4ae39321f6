/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/text.h: what the words of a start-up file may look like.  The checks change nothing and
 * say in note what is wrong and what to do, as "WHAT; WHAT TO DO". */
#pragma once

#include "base/err.h"
#include "base/span.h"

/* Room of sockaddr_un.sun_path without its terminator. */
#define TEXT_SOCKET_PATH_BYTES_MAX 107
/* Linux IFNAMSIZ without its terminator. */
#define TEXT_NAME_BYTES_MAX 63
/* RFC 1035 section 2.3.4, without the root label. */
#define TEXT_HOST_BYTES_MAX 253
/* SPIFFE-ID section 2.3. */
#define TEXT_TRUST_DOMAIN_BYTES_MAX 255

/* Valid UTF-8 (RFC 3629) without control characters, line or paragraph separators and byte-order
 * marks.  Tabs and line feeds count as control characters unless allow_lines. */
bool text_is_clean(struct span text, bool allow_lines, size_t *ret_bad_offset);

/* A letter, then letters, digits, '.', '_' and '-'. */
MUST_CHECK enum gw_err text_check_name(const char *text, struct err_note *note);
/* "af_xdp:IFACE" or "af_packet:IFACE". */
MUST_CHECK enum gw_err text_check_device(const char *text, struct err_note *note);
/* A host name in lower case (RFC 1123 section 2.1), no address, no port; or "*." and such a name:
 * any one label before it. */
MUST_CHECK enum gw_err text_check_host(const char *text, struct err_note *note);
/* A SPIFFE trust domain (SPIFFE-ID section 2.1): lower-case letters, digits, '.', '_' and '-'. */
MUST_CHECK enum gw_err text_check_trust_domain(const char *text, struct err_note *note);
/* The path prefix of a rule: begins with '/', no trailing '/', nothing that a request target is
 * refused for. */
MUST_CHECK enum gw_err text_check_url_path(const char *text, struct err_note *note);
/* An absolute path that fits a socket address. */
MUST_CHECK enum gw_err text_check_socket_path(const char *text, struct err_note *note);

/* An absolute path that does not end in '/'. */
MUST_CHECK enum gw_err text_check_output_path(const char *text, struct err_note *note);

/* Whether a person who wrote a probably meant b: few edits for their length. */
bool text_is_close(const char *a, const char *b);
