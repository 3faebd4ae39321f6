/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/identity_headers.h: a verified identity as header lines for the backend: Azure Application Gateway's eight
 * mutual-authentication variables (as nginx prints them), and RFC 9440's Client-Cert.  header_rules removes every
 * client's copy of these names; these lines are the only ones a backend sees. */
#pragma once

#include "base/identity.h"
#include "base/outbuf.h"
#include "http/http_params.h"

/* Appends the header lines, each ended by CRLF, for the dialects given (bits of enum http_identity_dialect).
 * Nothing of *id is kept.  False, and nothing appended, when they do not fit, or when a name holds a control
 * character and so could end its line: the request must then not be forwarded. */
bool http_identity_render(unsigned dialects, const struct peer_identity *id, struct outbuf *out);
