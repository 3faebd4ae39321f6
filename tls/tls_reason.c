/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_session_priv.h"

#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

/* Failures of what both sides can do and want; DROP_none: none of these. */
static enum drop_reason negotiation_reason_of(int wolfssl_error)
{
	switch (wolfssl_error) {
	case VERSION_ERROR:
	case UNSUPPORTED_PROTO_VERSION:
		return DROP_tls_handshake_protocol_version;
	case MATCH_SUITE_ERROR:
	case UNSUPPORTED_SUITE:
	case KEY_SHARE_ERROR:
	case ECC_CURVE_ERROR:
	case BAD_KEY_SHARE_DATA:
		return DROP_tls_handshake_no_shared_cipher;
	case UNKNOWN_ALPN_PROTOCOL_NAME_E:
		return DROP_tls_handshake_no_shared_protocol;
	default:
		return DROP_none;
	}
}

enum auth_reason tls_reason_unseen(const struct tls_session *s, int wolfssl_error)
{
	if (s->is_judged || s->profile->client_auth == CLIENT_AUTH_OFF)
		return AUTH_ok;
	switch (wolfssl_error) {
	case MAX_CHAIN_ERROR:
		return AUTH_chain_too_long;
	case HANDSHAKE_SIZE_ERROR:
		return AUTH_too_large;
	default:
		return AUTH_ok;
	}
}

/* Failures of the client's key, beside our verdict. */
static enum drop_reason certificate_reason_of(int wolfssl_error)
{
	switch (wolfssl_error) {
	case PEER_KEY_ERROR:
	case ECC_CURVE_OID_E:
	case NO_PEER_KEY:
		return DROP_tls_handshake_certificate_unusable;
	case VERIFY_SIGN_ERROR:
	case SIG_VERIFY_E:
	case VERIFY_CERT_ERROR:
	case NO_PEER_VERIFY:
	/* a signature of another RSA key decodes to anything */
	case BAD_PADDING_E:
	case RSA_PAD_E:
	case RSA_BUFFER_E:
	case RSA_OUT_OF_RANGE_E:
	case PSS_SALTLEN_E:
		return DROP_tls_handshake_bad_certificate_verify;
	default:
		return DROP_none;
	}
}

static enum drop_reason record_reason_of(int wolfssl_error)
{
	switch (wolfssl_error) {
	case FATAL_ERROR:
		return DROP_tls_alert_received;
	case LENGTH_ERROR:
		return DROP_tls_record_too_large;
	case UNKNOWN_RECORD_TYPE:
	case PARSE_ERROR:
		return DROP_tls_record_malformed;
	case VERIFY_MAC_ERROR:
	case DECRYPT_ERROR:
	case AES_GCM_AUTH_E:
	case MAC_CMP_FAILED_E:
		return DROP_tls_record_bad_mac;
	case ALERT_COUNT_E:
		return DROP_tls_record_flood;
	default:
		return DROP_none;
	}
}

/* Handshake messages that are wrong in themselves or in their place.  Once the handshake is complete
 * any of them is: that is how a client would renegotiate. */
static enum drop_reason message_reason_of(const struct tls_session *s, int wolfssl_error)
{
	switch (wolfssl_error) {
	case INVALID_PARAMETER: /* among others, a certificate's key on a curve that TLS has not */
		if (s->is_judged && !s->is_established)
			return DROP_tls_handshake_certificate_unusable;
		break;
	case VERIFY_FINISHED_ERROR:
		return DROP_tls_handshake_bad_finished;
	case SECURE_RENEGOTIATION_E:
	case BUFFER_ERROR:
	case HANDSHAKE_SIZE_ERROR:
	case UNKNOWN_HANDSHAKE_TYPE:
	case OUT_OF_ORDER_E:
	case SANITY_MSG_E:
	case DUPLICATE_MSG_E:
	case DUPLICATE_TLS_EXT_E:
	case DECODE_E:
	case BAD_HELLO:
	case SIDE_ERROR:
	case EXT_NOT_ALLOWED:
	case EXT_MISSING:
	case MISSING_HANDSHAKE_DATA:
	case NO_CHANGE_CIPHER_E:
	case INVALID_CERT_CTX_E:
		break;
	default:
		return DROP_none;
	}
	return s->is_established ? DROP_tls_renegotiation : DROP_tls_handshake_malformed;
}

enum drop_reason tls_reason_of(const struct tls_session *s, int wolfssl_error)
{
	enum drop_reason why;

	if (wolfssl_error == MEMORY_E || wolfssl_error == MEMORY_ERROR)
		return DROP_tls_arena_full;
	why = negotiation_reason_of(wolfssl_error);
	if (why == DROP_none)
		why = certificate_reason_of(wolfssl_error);
	if (why == DROP_none)
		why = record_reason_of(wolfssl_error);
	if (why == DROP_none)
		why = message_reason_of(s, wolfssl_error);
	return why != DROP_none ? why : DROP_tls_other;
}
