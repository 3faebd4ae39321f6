/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/trust_chain.h"

#include "tls/trust/pem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* A larger file is refused: what is more than a client may present has been said by then. */
#define CHAIN_FILE_BYTES_MAX ((size_t)4 << 20)

static enum gw_err octets_read(const char *path, struct err_note *note, uint8_t **ret_octets,
			       size_t *ret_len)
{
	FILE *file = fopen(path, "rbe");
	uint8_t *octets = malloc(CHAIN_FILE_BYTES_MAX + 1);
	enum gw_err err = GW_ERR_IO;
	size_t len = 0;

	if (file == NULL)
		err_note_set(note, "%s: cannot be opened: %s; check the path and who may read it",
			     path, strerror(errno));
	else if (octets == NULL)
		err_note_set(note, "%s: no memory to read it; free some", path);
	else if ((len = fread(octets, 1, CHAIN_FILE_BYTES_MAX + 1, file)) > CHAIN_FILE_BYTES_MAX)
		err_note_set(note, "%s: larger than 4 MiB; give a client's chain", path);
	else if (ferror(file))
		err_note_set(note, "%s: cannot be read: %s; give a client's chain", path,
			     strerror(errno));
	else
		err = GW_ERR_OK;
	if (file != NULL)
		fclose(file);
	if (err != GW_ERR_OK) {
		free(octets);
		return err;
	}
	*ret_octets = octets;
	*ret_len = len;
	return GW_ERR_OK;
}

static void chain_add(struct trust_chain *chain, struct span der)
{
	if (chain->count == TRUST_CHAIN_MAX)
		chain->too_long = true;
	else
		chain->cert[chain->count++] = der;
}

/* Decodes in place: what has been decoded is shorter than the text it stands for, and before it. */
static enum gw_err pem_chain_parse(const char *path, struct span text, struct err_note *note,
				   struct chain_file *file)
{
	struct outbuf out = outbuf_of(file->octets, text.len);
	struct pem_block block;
	enum pem_result result;

	while ((result = pem_take(&text, &block)) == PEM_BLOCK) {
		size_t begin = out.len;

		if (!span_eq(block.label, SPAN_LIT("CERTIFICATE")))
			continue;
		if (!pem_decode(block.body, &out)) {
			err_note_set(note, "%s: a block is not Base64; give a PEM file", path);
			return GW_ERR_CONFIG;
		}
		chain_add(&file->chain, span_of(out.p + begin, out.len - begin));
	}
	if (result == PEM_END)
		return GW_ERR_OK;
	err_note_set(note, "%s: a block does not begin or end as PEM has it; give a PEM file",
		     path);
	return GW_ERR_CONFIG;
}

enum gw_err chain_file_read(const char *path, struct err_note *note, struct chain_file *ret_file)
{
	struct chain_file file = {0};
	size_t len = 0;
	enum gw_err err = octets_read(path, note, &file.octets, &len);

	if (err != GW_ERR_OK)
		return err;
	/* A certificate in DER is a SEQUENCE, and text begins with no such octet ("0") but by accident. */
	if (len > 0 && file.octets[0] == 0x30 && memmem(file.octets, len, "-----BEGIN", 10) == NULL)
		chain_add(&file.chain, span_of(file.octets, len));
	else
		err = pem_chain_parse(path, span_of(file.octets, len), note, &file);
	if (err != GW_ERR_OK) {
		chain_file_release(&file);
		return err;
	}
	*ret_file = file;
	return GW_ERR_OK;
}

void chain_file_release(struct chain_file *file)
{
	free(file->octets);
	file->octets = NULL;
}
