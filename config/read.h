/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/read.h: from the tree of a start-up file to a configuration, in two steps that both report
 * to the same findings: each value by itself, then what values mean to each other. */
#pragma once

#include "config/findings.h"
#include "config/schema.h"

struct reader {
	struct arena *scratch; /* lives as long as findings */
	struct findings *findings;
	const struct config_probes *probes; /* NULL: none */
	const char *folder;                 /* absolute; where relative file names begin */
	const struct yaml_node *root;
	struct gateway_config *config; /* being filled; strings and arrays go to config->memory */
};

/* Stores every value that the schema knows and reports all that it does not accept.  A value that
 * is missing or refused is left as value_clear() makes it; entries of a list keep their places. */
void read_values(struct reader *r);

/* Everything that needs more than one value: names, references between addresses, who may be
 * reached.  Skips what read_values() has already refused, so one mistake is one finding.  Fills in
 * what follows from other values. */
void check_values(struct reader *r);
/* The part of check_values() that is about networks: ports, routes, who can be reached. */
void check_networks(struct reader *r);

/* The port that has addr as its own; NULL when none has. */
const struct port_config *check_port_with_address(const struct gateway_config *config,
						  struct ip4 addr);

/* The part about listeners; decides which one is the default of its address, and lists what they
 * show as certificates. */
void check_listeners(struct reader *r);
/* The part about what the named files hold, as far as the caller can tell. */
void check_files(struct reader *r);
/* The file says mode off for a profile; one that was refused is not off. */
bool check_profile_says_off(const struct reader *r, size_t idx);

#define READ_NO_ITEM SIZE_MAX

/* The place of a value (key may go through a map: "client_auth.trust_store"), or of item item_idx
 * of a list, in entry entry_idx of a section; of what contains it where the file does not have it.
 * */
struct finding_place read_place(const struct reader *r, enum schema_section section,
				size_t entry_idx, const char *key, size_t item_idx);
/* How messages call an entry: by its name, else by its number, from 1. */
const char *read_entry_name(const struct reader *r, const struct yaml_node *entry,
			    size_t entry_idx);
