/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_context.h"

#include "tls/tls_certificate.h"
#include "tls/tls_io.h"
#include "tls/tls_pem.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

/* TLS 1.3, and of 1.2 what has forward secrecy and authenticated encryption.  Fastest first. */
#define CIPHER_LIST                                                                                \
	"TLS13-AES128-GCM-SHA256:TLS13-AES256-GCM-SHA384:TLS13-CHACHA20-POLY1305-SHA256:"          \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"                               \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"                               \
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

/* Preferred first. */
static const int groups[] = {
#ifdef WOLFSSL_HAVE_MLKEM
	WOLFSSL_X25519MLKEM768,
#endif
	WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
#define GROUP_COUNT ((int)(sizeof(groups) / sizeof(groups[0])))

/* Resumption would let a client in without a certificate, or with what it showed to another
 * profile: none, of either kind, in either version. */
static bool forbid_resumption(WOLFSSL_CTX *context)
{
	return wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF) ==
		       WOLFSSL_SUCCESS &&
	       wolfSSL_CTX_NoTicketTLSv12(context) == WOLFSSL_SUCCESS &&
	       wolfSSL_CTX_no_ticket_TLSv13(context) == 0;
}

static enum gw_err context_configure(WOLFSSL_CTX *context, struct err_note *note)
{
	int group_ids[GROUP_COUNT];

	memcpy(group_ids, groups, sizeof(groups));
	if (wolfSSL_CTX_SetMinVersion(context, WOLFSSL_TLSV1_2) != WOLFSSL_SUCCESS ||
	    wolfSSL_CTX_set_cipher_list(context, CIPHER_LIST) != WOLFSSL_SUCCESS ||
	    wolfSSL_CTX_set_groups(context, group_ids, GROUP_COUNT) != WOLFSSL_SUCCESS ||
	    !forbid_resumption(context)) {
		err_note_set(note, "wolfSSL lacks what it was configured with; run scripts/setup");
		return GW_ERR_INTERNAL;
	}
	/* Seeded once: its sessions draw from it, and none asks the kernel for a seed of its own. */
	if (wolfSSL_CTX_new_rng(context) != WOLFSSL_SUCCESS) {
		err_note_set(note,
			     "no random numbers from the kernel, or no memory for a generator");
		return GW_ERR_INTERNAL;
	}
	wolfSSL_CTX_SetIORecv(context, tls_io_recv);
	wolfSSL_CTX_SetIOSend(context, tls_io_send);
	return GW_ERR_OK;
}

static enum gw_err certificate_use(WOLFSSL_CTX *context, const char *path, struct err_note *note,
				   struct tls_certificate_facts *ret_facts)
{
	bool has_facts;
	struct tls_pem pem;
	enum gw_err err;
	int ret;

	err = tls_pem_read(path, TLS_PEM_CERTIFICATE, note, &pem);
	if (err != GW_ERR_OK)
		return err;
	ret = wolfSSL_CTX_use_certificate_chain_buffer(context, pem.p, (long)pem.len);
	has_facts = tls_certificate_read(&pem, ret_facts);
	tls_pem_free(&pem);
	if (ret == WOLFSSL_SUCCESS && has_facts)
		return GW_ERR_OK;
	err_note_set(note,
		     "%s: not a certificate chain that can be used; give PEM, the server's own "
		     "certificate first, with an RSA or ECDSA key",
		     path);
	return GW_ERR_CONFIG;
}

static enum gw_err key_use(WOLFSSL_CTX *context, const struct tls_certificate_params *params,
			   struct err_note *note)
{
	struct tls_pem pem;
	enum gw_err err;
	int ret;

	err = tls_pem_read(params->key_file, TLS_PEM_KEY, note, &pem);
	if (err != GW_ERR_OK)
		return err;
	ret = wolfSSL_CTX_use_PrivateKey_buffer(context, pem.p, (long)pem.len,
						WOLFSSL_FILETYPE_PEM);
	tls_pem_free(&pem);
	if (ret != WOLFSSL_SUCCESS) {
		err_note_set(note,
			     "%s: not a private key that can be used; give an RSA or ECDSA "
			     "key as PEM",
			     params->key_file);
		return GW_ERR_CONFIG;
	}
	if (wolfSSL_CTX_check_private_key(context) != WOLFSSL_SUCCESS) {
		err_note_set(note,
			     "%s: not the key of the certificate in %s; give the two that "
			     "belong together",
			     params->key_file, params->certificate_file);
		return GW_ERR_CONFIG;
	}
	return GW_ERR_OK;
}

/* How short a client's key may be is for our validator to say.  After our own key, so that it keeps wolfSSL's least sizes. */
static enum gw_err client_keys_allow(WOLFSSL_CTX *context, struct err_note *note)
{
	if (wolfSSL_CTX_SetMinRsaKey_Sz(context, 0) == WOLFSSL_SUCCESS &&
	    wolfSSL_CTX_SetMinEccKey_Sz(context, 0) == WOLFSSL_SUCCESS)
		return GW_ERR_OK;
	err_note_set(note, "wolfSSL lacks what it was configured with; run scripts/setup");
	return GW_ERR_INTERNAL;
}

enum gw_err tls_context_create(const struct tls_certificate_params *params, struct tls_arena *arena,
			       struct err_note *note, struct tls_certificate_facts *ret_facts,
			       struct WOLFSSL_CTX **ret_context)
{
	WOLFSSL_CTX *context;
	enum gw_err err;

	context = wolfSSL_CTX_new_ex(wolfSSLv23_server_method_ex(arena), arena);
	if (context == NULL) {
		err_note_set(note, "no memory for a TLS context; allow TLS more of it");
		return GW_ERR_NO_MEMORY;
	}
	err = context_configure(context, note);
	if (err == GW_ERR_OK)
		err = certificate_use(context, params->certificate_file, note, ret_facts);
	if (err == GW_ERR_OK)
		err = key_use(context, params, note);
	if (err == GW_ERR_OK)
		err = client_keys_allow(context, note);
	if (err != GW_ERR_OK) {
		wolfSSL_CTX_free(context);
		return err;
	}
	*ret_context = context;
	return GW_ERR_OK;
}

void tls_context_destroy(struct WOLFSSL_CTX *context)
{
	wolfSSL_CTX_free(context);
}
