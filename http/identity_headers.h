/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/identity_headers.h: who the client is as header lines for the backend: Azure Application Gateway's eight
 * mutual-authentication variables (as nginx prints them), and RFC 9440's Client-Cert.  header_rules removes every
 * client's copy of these names; these lines are the only ones a backend sees. */
#pragma once

#include "base/identity.h"
#include "base/outbuf.h"
#include "http/http_params.h"

/* Appends the header lines, each ended by CRLF, for the dialects given (bits of enum http_identity_dialect).  The line
 * ...-Verification says SUCCESS, PASSTHROUGH for PEER_UNJUDGED, or NONE, which then stands alone.  RFC 9440 has no word for
 * a certificate that nobody judged: its line is for PEER_VERIFIED only.  Nothing of *id is kept.  False, and nothing
 * appended, when they do not fit, when a name holds a control character and so could end its line, or for
 * PEER_REFUSED: the request must then not be forwarded. */
bool http_identity_render(unsigned dialects, const struct peer_identity *id, struct outbuf *out);
