/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"

#include "config/read.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>

/* One reading of a file: what is thrown away afterwards. */
struct load {
	const char *path;
	FILE *messages;
	struct arena *scratch;
	struct findings findings;
};

static const struct finding_place file_place = {.pos = {1, 1}, .key_path = "file"};

static enum gw_err load_open(struct load *load, const char *path, FILE *messages)
{
	*load = (struct load){.path = path, .messages = messages, .scratch = arena_create()};
	load->findings.arena = load->scratch;
	if (load->scratch != NULL)
		return GW_ERR_OK;
	fprintf(messages, "%s:1:1: error: file: out of memory; free some and try again\n", path);
	return GW_ERR_NO_MEMORY;
}

/* Says what was found and frees it. */
static void load_close(struct load *load)
{
	findings_print(&load->findings, load->path, load->messages);
	arena_destroy(load->scratch);
}

/* The whole file, or a byte more than a start-up file may have. */
static enum gw_err read_file(struct load *load, struct span *ret_text)
{
	char *bytes = arena_alloc(load->scratch, YAML_BYTES_MAX + 1, 1);
	FILE *file = NULL;
	int error = 0;

	if (bytes == NULL) {
		load->findings.no_memory = true;
		return GW_ERR_NO_MEMORY;
	}
	file = fopen(load->path, "re");
	if (file == NULL) {
		error = errno;
	} else {
		*ret_text = span_of(bytes, fread(bytes, 1, YAML_BYTES_MAX + 1, file));
		error = ferror(file) ? errno : 0;
		fclose(file);
	}
	if (error == 0)
		return GW_ERR_OK;
	findings_error(&load->findings, file_place,
		       "cannot be read (%s); give the path of a start-up file",
		       strerrordesc_np(error));
	return GW_ERR_CONFIG;
}

/* The absolute path of the folder that holds the start-up file. */
static enum gw_err find_folder(struct load *load, const char **ret_folder)
{
	char *copy = arena_strndup(load->scratch, load->path, strlen(load->path));
	char *absolute = copy != NULL ? realpath(dirname(copy), NULL) : NULL;
	const char *folder;

	if (absolute == NULL) {
		findings_error(&load->findings, file_place,
			       "its folder cannot be found; give the path of a file");
		return GW_ERR_CONFIG;
	}
	folder = arena_strndup(load->scratch, absolute,
			       strcmp(absolute, "/") == 0 ? 0 : strlen(absolute));
	free(absolute);
	if (folder == NULL) {
		load->findings.no_memory = true;
		return GW_ERR_NO_MEMORY;
	}
	*ret_folder = folder;
	return GW_ERR_OK;
}

static struct gateway_config *config_create(void)
{
	struct arena *memory = arena_create();
	struct gateway_config *config = memory != NULL ? arena_alloc(memory, 1, sizeof(*config))
						       : NULL;

	if (config != NULL)
		config->memory = memory;
	else
		arena_destroy(memory);
	return config;
}

static enum gw_err parse(struct load *load, struct span text, const struct config_probes *probes,
			 struct gateway_config *config)
{
	struct reader reader = {.scratch = load->scratch,
				.findings = &load->findings,
				.probes = probes,
				.config = config};
	struct yaml_error yaml_error;
	enum gw_err err;

	err = find_folder(load, &reader.folder);
	if (err != GW_ERR_OK)
		return err;
	err = yaml_parse(text, load->scratch, &yaml_error, &reader.root);
	if (err != GW_ERR_OK) {
		findings_error(&load->findings,
			       (struct finding_place){yaml_error.pos, "file", NULL}, "%s",
			       yaml_error.note.text);
		return err;
	}
	read_values(&reader);
	check_values(&reader);
	if (load->findings.no_memory)
		return GW_ERR_NO_MEMORY;
	return load->findings.error_count == 0 ? GW_ERR_OK : GW_ERR_CONFIG;
}

static enum gw_err parse_new(struct load *load, struct span text,
			     const struct config_probes *probes, struct gateway_config **ret_config)
{
	struct gateway_config *config = config_create();
	enum gw_err err;

	if (config == NULL) {
		load->findings.no_memory = true;
		return GW_ERR_NO_MEMORY;
	}
	err = parse(load, text, probes, config);
	if (err == GW_ERR_OK)
		*ret_config = config;
	else
		config_destroy(config);
	return err;
}

enum gw_err config_parse(const char *path, struct span text, FILE *messages,
			 struct gateway_config **ret_config)
{
	struct load load;
	enum gw_err err;

	err = load_open(&load, path, messages);
	if (err != GW_ERR_OK)
		return err;
	err = parse_new(&load, text, NULL, ret_config);
	load_close(&load);
	return err;
}

static void write_digest(config_sha256_fn *sha256, struct span text, char ret_hex[65])
{
	uint8_t digest[32];

	sha256(text.p, text.len, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(ret_hex + 2 * i, 3, "%02x", digest[i]);
}

enum gw_err config_load(const char *path, const struct config_probes *probes, FILE *messages,
			struct gateway_config **ret_config)
{
	struct gateway_config *config;
	struct load load;
	struct span text;
	enum gw_err err;

	err = load_open(&load, path, messages);
	if (err != GW_ERR_OK)
		return err;
	err = read_file(&load, &text);
	if (err == GW_ERR_OK)
		err = parse_new(&load, text, probes, &config);
	if (err == GW_ERR_OK) {
		if (probes != NULL && probes->sha256 != NULL)
			write_digest(probes->sha256, text, config->digest);
		*ret_config = config;
	}
	load_close(&load);
	return err;
}

void config_destroy(struct gateway_config *config)
{
	if (config != NULL)
		arena_destroy(config->memory);
}
