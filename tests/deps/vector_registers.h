/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/deps/vector_registers.h: the state in which code for AVX2 leaves the registers of whoever runs next. */
#pragma once

/* Sets every bit of the 16 vector registers, as code that does not tidy up leaves them.  Needs AVX2. */
void vector_registers_dirty(void);
