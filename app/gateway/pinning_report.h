/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/pinning_report.h: what the event log says at start of profiles with verify_issuer_dn. */
#pragma once

struct snapshot;

/* An event for each issuer that each of these profiles lets clients have, in the order of its store's files. */
void pinning_report(const struct snapshot *snap);
