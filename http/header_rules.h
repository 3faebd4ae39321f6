/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/header_rules.h: which headers never pass (header_rules.def).  A name is compared as a careless backend would
 * read it: letter case ignored and everything but letters and digits taken for '-', because CGI-like interfaces give
 * `Client_Cert` and `Client-Cert` the same variable. */
#pragma once

#include "base/span.h"

/* True: a client's header of this name does not reach the backend, because it is hop-by-hop, because the gateway
 * writes it itself, or because a backend could take it for the gateway's word. */
bool header_rules_strip_request(struct span name);
/* True: a backend's header of this name does not reach the client: hop-by-hop, or framing, which is made anew. */
bool header_rules_strip_response(struct span name);
