/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/access_record.h: one line of the access log before it is text: plain data of one size, filled by a worker, copied
 * through a ring, formatted by the control plane.  Texts of peers are kept as they came, cut to their room and marked. */
#pragma once

#include "base/counters.h"
#include "base/identity.h"
#include "base/span.h"

#define ACCESS_ID_CHARS 32
#define ACCESS_IDX_NONE UINT16_MAX

/* The texts of a record, and the room each has.  Longer ones are cut, which the line says by its key "truncated". */
enum access_text {
	ACCESS_TEXT_SNI,
	ACCESS_TEXT_SUBJECT,
	ACCESS_TEXT_METHOD,
	ACCESS_TEXT_HOST,
	ACCESS_TEXT_TARGET,
	ACCESS_TEXT_COUNT
};
#define ACCESS_SNI_BYTES 128
#define ACCESS_SUBJECT_BYTES 256
#define ACCESS_METHOD_BYTES 16
#define ACCESS_HOST_BYTES 128
#define ACCESS_TARGET_BYTES 512
#define ACCESS_TEXT_BYTES                                                                          \
	(ACCESS_SNI_BYTES + ACCESS_SUBJECT_BYTES + ACCESS_METHOD_BYTES + ACCESS_HOST_BYTES +       \
	 ACCESS_TARGET_BYTES)

/* What is known about the client's certificate. */
enum access_verify {
	ACCESS_VERIFY_UNKNOWN, /* the handshake did not get that far */
	ACCESS_VERIFY_NONE,    /* the client has none, and needs none */
	ACCESS_VERIFY_PASSED,  /* it was not judged */
	ACCESS_VERIFY_JUDGED,  /* `reason` says how */
};

struct access_record {
	uint64_t end_ns; /* when all was over; CLOCK_MONOTONIC */
	uint64_t bytes_in, bytes_out, duration_us, backend_us;
	const char *tls_version, *tls_cipher; /* in static storage; NULL: no handshake */
	uint32_t client_ip, backend_ip;       /* host order */
	uint16_t client_port, backend_port;
	uint16_t listener_idx; /* ACCESS_IDX_NONE: none was chosen */
	uint16_t pool_idx;     /* ACCESS_IDX_NONE: no backend was asked */
	uint16_t status;       /* 0: no answer was sent */
	uint16_t backend_status;
	enum drop_reason error; /* DROP_none: all went well */
	enum access_verify verify;
	enum auth_reason reason;
	bool is_request; /* else what never became one */
	bool has_sha256;
	uint8_t sha256[32];
	char id[ACCESS_ID_CHARS]; /* id[0] is 0: it has none */
	/* private: access_record_set(), access_record_text() */
	uint16_t text_len[ACCESS_TEXT_COUNT]; /* plus one; 0: there is none */
	uint8_t text_cut;                     /* a bit for each */
	char text[ACCESS_TEXT_BYTES];
};

/* A record of nothing yet; the texts are not touched. */
void access_record_init(struct access_record *r);
/* Copies value into the record, cut to its room. */
void access_record_set(struct access_record *r, enum access_text which, struct span value);
/* False when there is none. */
bool access_record_text(const struct access_record *r, enum access_text which,
			struct span *ret_value);
/* Was it cut? */
bool access_record_is_cut(const struct access_record *r, enum access_text which);
