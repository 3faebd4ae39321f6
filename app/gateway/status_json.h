/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/status_json.h: the answer to `sallyportctl status --json`: every row present, at 0 if need be; integers. */
#pragma once

struct gateway;

/* A NUL-terminated JSON document, freed by the caller; NULL when out of memory. */
char *status_json(const struct gateway *gw);
