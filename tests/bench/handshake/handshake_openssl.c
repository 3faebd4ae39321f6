/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/handshake/handshake.h"

static SSL_CTX *server;

SSL *shake_openssl_new(SSL_CTX *tls)
{
	SSL *ssl = SSL_new(tls);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	shake_must(ssl != NULL && in != NULL && out != NULL, "out of memory");
	SSL_set_bio(ssl, in, out);
	return ssl;
}

bool shake_openssl_step(SSL *ssl, struct shake_queue *in, struct shake_queue *out)
{
	int len = (int)(in->end - in->start), ret;
	char *bytes;
	long out_len;

	shake_must(len == 0 || BIO_write(SSL_get_rbio(ssl), in->bytes + in->start, len) == len,
		   "out of memory");
	in->start = in->end = 0;
	ret = SSL_do_handshake(ssl);
	shake_must(ret == 1 || SSL_get_error(ssl, ret) == SSL_ERROR_WANT_READ,
		   "a handshake of OpenSSL's failed");
	out_len = BIO_get_mem_data(SSL_get_wbio(ssl), &bytes);
	shake_queue_put(out, bytes, (size_t)out_len);
	(void)BIO_reset(SSL_get_wbio(ssl));
	return ret == 1;
}

static void openssl_open(const struct shake_options *options)
{
	server = SSL_CTX_new(TLS_server_method());
	shake_must(
		server != NULL &&
			SSL_CTX_use_certificate_chain_file(server, options->certificate) == 1 &&
			SSL_CTX_use_PrivateKey_file(server, options->key, SSL_FILETYPE_PEM) == 1 &&
			X509_STORE_add_cert(SSL_CTX_get_cert_store(server), options->client_root) ==
				1 &&
			SSL_CTX_set_num_tickets(server, 0) == 1,
		"no server of OpenSSL's");
	SSL_CTX_set_verify(server, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_session_cache_mode(server, SSL_SESS_CACHE_OFF);
}

static void openssl_begin(struct shake_link *link)
{
	link->server = shake_openssl_new(server);
	SSL_set_accept_state(link->server);
}

static bool openssl_step(struct shake_link *link)
{
	return shake_openssl_step(link->server, &link->to_server, &link->to_client) &&
	       SSL_get_verify_result(link->server) == X509_V_OK;
}

static void openssl_end(struct shake_link *link)
{
	SSL_free(link->server);
}

const struct shake_server shake_openssl = {.name = "openssl",
					   .open = openssl_open,
					   .begin = openssl_begin,
					   .step = openssl_step,
					   .end = openssl_end};
