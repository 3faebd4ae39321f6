/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/counters.h"

const struct counter_info counter_infos[COUNTER_COUNT] = {
#define COUNTER(name, unit, help) {#name, #unit, help},
#include "base/counters.def"
#undef COUNTER
};

const struct counter_info drop_infos[DROP_COUNT] = {
	{"none", "", "not dropped"},
#define DROP(name, unit, help) {#name, #unit, help},
#include "base/drops.def"
#undef DROP
};
