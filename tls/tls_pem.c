/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_pem.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool contains(const struct tls_pem *pem, const char *text)
{
	return memmem(pem->p, pem->len, text, strlen(text)) != NULL;
}

static enum gw_err kind_check(const char *path, const struct tls_pem *pem, enum tls_pem_kind kind,
			      struct err_note *note)
{
	switch (kind) {
	case TLS_PEM_CERTIFICATE:
		if (contains(pem, "-----BEGIN CERTIFICATE-----"))
			return GW_ERR_OK;
		err_note_set(note, "%s: no certificate in it; give a PEM file", path);
		break;
	case TLS_PEM_KEY:
		if (contains(pem, "BEGIN ENCRYPTED PRIVATE KEY") || contains(pem, "4,ENCRYPTED"))
			err_note_set(note,
				     "%s: the key is encrypted; take the passphrase off with "
				     "`openssl pkey -in FILE -out FILE`",
				     path);
		else if (contains(pem, "PRIVATE KEY-----"))
			return GW_ERR_OK;
		else
			err_note_set(note, "%s: no private key in it; give a PEM file", path);
		break;
	}
	return GW_ERR_CONFIG;
}

/* pem->p has room for TLS_PEM_BYTES_MAX + 1. */
static enum gw_err bytes_read(FILE *file, const char *path, struct tls_pem *pem,
			      struct err_note *note)
{
	pem->len = fread(pem->p, 1, TLS_PEM_BYTES_MAX + 1, file);
	if (ferror(file)) {
		err_note_set(note, "%s: cannot be read: %s; give a PEM file", path,
			     strerror(errno));
		return GW_ERR_CONFIG;
	}
	if (pem->len > TLS_PEM_BYTES_MAX) {
		err_note_set(note,
			     "%s: larger than 1 MiB; give a PEM file with one certificate or key",
			     path);
		return GW_ERR_CONFIG;
	}
	return GW_ERR_OK;
}

enum gw_err tls_pem_read(const char *path, enum tls_pem_kind kind, struct err_note *note,
			 struct tls_pem *ret_pem)
{
	struct tls_pem pem = {0};
	enum gw_err err;
	FILE *file = fopen(path, "rbe");

	if (file == NULL) {
		err_note_set(note, "%s: cannot be opened: %s; check the path and who may read it",
			     path, strerror(errno));
		return GW_ERR_CONFIG;
	}
	setvbuf(file, NULL, _IONBF, 0); /* no second copy of a key */
	pem.p = malloc(TLS_PEM_BYTES_MAX + 1);
	if (pem.p == NULL) {
		err_note_set(note, "%s: no memory to read it; free some", path);
		err = GW_ERR_NO_MEMORY;
		goto close_file;
	}
	err = bytes_read(file, path, &pem, note);
	if (err == GW_ERR_OK)
		err = kind_check(path, &pem, kind, note);
	if (err == GW_ERR_OK)
		*ret_pem = pem;
	else
		tls_pem_free(&pem);
close_file:
	fclose(file);
	return err;
}

void tls_pem_free(struct tls_pem *pem)
{
	explicit_bzero(pem->p, pem->len);
	free(pem->p);
	*pem = (struct tls_pem){0};
}
