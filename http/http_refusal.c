/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_refusal.h"

const struct http_refusal_info http_refusal_infos[HTTP_REFUSAL_COUNT] = {
	[HTTP_REFUSAL_none] = {.drop = DROP_none},
#define HTTP_REFUSAL(name_, status_, drop_, sentence_)                                             \
	[HTTP_REFUSAL_##name_] = {                                                                 \
		.name = #name_,                                                                    \
		.sentence = sentence_,                                                             \
		.status = status_,                                                                 \
		.drop = DROP_##drop_,                                                              \
	},
#include "http/http_refusals.def"
#undef HTTP_REFUSAL
};
