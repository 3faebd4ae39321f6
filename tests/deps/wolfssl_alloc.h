/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/deps/wolfssl_alloc.h: the allocator hooks wolfSSL is built to call, over malloc, counting.  Not for threads. */
#pragma once

/* Blocks that wolfSSL holds now. */
long wolfssl_live_blocks(void);
