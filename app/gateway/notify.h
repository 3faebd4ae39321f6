/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/notify.h: tells the service manager how we are (sd_notify(3)): datagrams to the socket that $NOTIFY_SOCKET names.
 * Without that variable nothing happens.  Control plane only. */
#pragma once

#include <stdint.h>

/* state: lines such as READY=1, STOPPING=1, STATUS=text, WATCHDOG=1.  Nobody hearing it is no error. */
void notify_send(const char *state);
/* Within how many milliseconds the service manager wants a WATCHDOG=1; 0: it does not. */
uint64_t notify_watchdog_ms(void);
