/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_refusal.h: why a request is refused, as one table (http_refusals.def).  Whoever decides a refusal for
 * the session counts its drop once; the engines of this folder only name it. */
#pragma once

#include "base/counters.h"

enum http_refusal {
	HTTP_REFUSAL_none = 0,
#define HTTP_REFUSAL(name, status, drop, sentence) HTTP_REFUSAL_##name,
#include "http/http_refusals.def"
#undef HTTP_REFUSAL
	HTTP_REFUSAL_COUNT
};

struct http_refusal_info {
	const char *name;     /* as in the table; appears in logs */
	const char *sentence; /* what the client reads */
	unsigned status;
	enum drop_reason drop;
};

/* Entry 0 (HTTP_REFUSAL_none) is all zero. */
extern const struct http_refusal_info http_refusal_infos[HTTP_REFUSAL_COUNT];
