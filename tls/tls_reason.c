/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_session_priv.h"

#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

static enum drop_reason malformed(const struct tls_session *s)
{
	return s->is_established ? DROP_tls_renegotiation : DROP_tls_handshake_malformed;
}

enum drop_reason tls_reason_of(const struct tls_session *s, int wolfssl_error)
{
	switch (wolfssl_error) {
	case MEMORY_E:
	case MEMORY_ERROR:
		return DROP_tls_arena_full;
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
	case MAX_CHAIN_ERROR:
		return DROP_tls_handshake_too_many_certificates;
	case HANDSHAKE_SIZE_ERROR:
		return DROP_tls_handshake_certificate_too_large;
	case ASN_PARSE_E:
	case BUFFER_E:
	case PEER_KEY_ERROR:
	case ECC_CURVE_OID_E:
	case ASN_VERSION_E:
	case NO_PEER_KEY:
		return DROP_tls_handshake_certificate_unusable;
	case INVALID_PARAMETER: /* of a key on a curve that TLS has not, too */
		return s->is_judged && !s->is_established ? DROP_tls_handshake_certificate_unusable
							  : malformed(s);
	case VERIFY_SIGN_ERROR:
	case SIG_VERIFY_E:
	case VERIFY_CERT_ERROR:
	case BAD_PADDING_E:
	case RSA_PAD_E:
	case RSA_BUFFER_E:
	case RSA_OUT_OF_RANGE_E:
	case PSS_SALTLEN_E:
	case NO_PEER_VERIFY:
		return DROP_tls_handshake_bad_certificate_verify;
	case VERIFY_FINISHED_ERROR:
		return DROP_tls_handshake_bad_finished;
	case ZERO_RETURN:
		return DROP_tls_handshake_closed;
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
	case SECURE_RENEGOTIATION_E:
		return DROP_tls_renegotiation;
	case BUFFER_ERROR:
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
		return malformed(s);
	default:
		return DROP_tls_other;
	}
}
