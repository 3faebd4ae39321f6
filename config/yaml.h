/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/yaml.h: the YAML text of a start-up file as a tree whose every node knows its line and
 * column.  Built from libfyaml's events, so that what a start-up file never needs is refused as
 * soon as it is seen: aliases, anchors, merge keys, tags, a second document, duplicate keys, deep
 * nesting. */
#pragma once

#include "base/err.h"
#include "base/span.h"
#include "config/arena.h"

/* Larger files are refused before they are parsed. */
#define YAML_BYTES_MAX (4u << 20)
/* Deeper nesting is an error; the schema needs 5. */
#define YAML_DEPTH_MAX 16
/* More values in one file, or more keys in one mapping, are an error. */
#define YAML_NODES_MAX 400000u
#define YAML_KEYS_MAX 64u
/* A longer scalar is an error: no value is that long, and messages quote values. */
#define YAML_SCALAR_BYTES_MAX 4096u

/* Both count from 1; {1, 1} also stands for the file as a whole. */
struct yaml_pos {
	unsigned line, column;
};

enum yaml_kind {
	YAML_SCALAR,
	YAML_LIST,
	YAML_MAP,
};

struct yaml_node {
	enum yaml_kind kind;
	struct yaml_pos pos;
	const char *
		text; /* of a scalar: UTF-8 without control characters; NULL when it has no value */
	const struct yaml_node *first; /* of a list or map: its members, in the order of the file */
	unsigned member_count;
	const struct yaml_node *next; /* the next member of the same parent */
	const char *key;              /* of a member of a map */
	struct yaml_pos key_pos;
};

struct yaml_error {
	struct yaml_pos pos;
	struct err_note note;
};

/* Parses text into a tree that lives in arena.  GW_ERR_CONFIG with *error filled at the first thing
 * wrong. */
MUST_CHECK enum gw_err yaml_parse(struct span text, struct arena *arena, struct yaml_error *error,
				  const struct yaml_node **ret_root);
/* The member of a map with that key; NULL when map is NULL, no map, or has none. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* Member idx of a list or map; NULL when parent is NULL, a scalar, or has fewer. */
const struct yaml_node *yaml_at(const struct yaml_node *parent, size_t idx);
