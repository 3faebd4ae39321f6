/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/read.h"

#include "config/text.h"
#include "config/value.h"

#include <assert.h>

/* A mapping of the file while its keys are read. */
struct scope {
	enum schema_section section;
	const struct yaml_node *node; /* NULL when the file does not have it */
	struct yaml_pos pos;          /* for what is missing in it */
	const char *path;             /* "" for the root */
	const char *name;             /* of the entry it lies in */
	char *record;
};

static const char *join_path(struct reader *r, const char *path, const char *key)
{
	const char *joined = path[0] == '\0' ? key : arena_printf(r->scratch, "%s.%s", path, key);

	if (joined == NULL)
		r->findings->no_memory = true;
	return joined != NULL ? joined : key;
}

static struct finding_place place_of(struct reader *r, const struct scope *scope, const char *key,
				     struct yaml_pos pos)
{
	return (struct finding_place){pos, join_path(r, scope->path, key), scope->name};
}

/* The node that gives a key its value; NULL when there is none or it is empty. */
static const struct yaml_node *value_node(const struct scope *scope, const struct schema_row *row)
{
	const struct yaml_node *node = yaml_get(scope->node, row->key);

	return node != NULL && node->kind == YAML_SCALAR && node->text == NULL ? NULL : node;
}

/* The part of a help text that says what to give. */
static int help_length(const struct schema_row *row)
{
	return (int)strcspn(row->help, ";");
}

static void report_missing(struct reader *r, const struct scope *scope,
			   const struct schema_row *row)
{
	const struct yaml_node *empty = yaml_get(scope->node, row->key);
	struct finding_place place = place_of(r, scope, row->key,
					      empty != NULL ? empty->key_pos : scope->pos);

	findings_error(r->findings, place, "%s; give %.*s",
		       empty != NULL ? "has no value" : "is missing", help_length(row), row->help);
}

/* One text to one value, with the finding when it is refused. */
static bool read_scalar(struct reader *r, const struct scope *scope, const struct schema_row *row,
			const struct yaml_node *node, void *dest)
{
	struct value_context context = {r->config->memory, r->folder, r->config};
	struct finding_place place = place_of(r, scope, row->key, node->pos);
	struct err_note note;

	if (node->kind != YAML_SCALAR)
		findings_error(r->findings, place, "must be a single value; give %.*s",
			       help_length(row), row->help);
	else if (node->text == NULL)
		findings_error(r->findings, place, "has no value; give %.*s", help_length(row),
			       row->help);
	else if (value_parse(&context, row, node->text, &note, dest) == GW_ERR_OK)
		return true;
	else
		findings_error(r->findings, place, "%s", note.text);
	value_clear(row, dest);
	return false;
}

static void read_value(struct reader *r, const struct scope *scope, const struct schema_row *row)
{
	struct yaml_node fallback = {.kind = YAML_SCALAR, .pos = scope->pos, .text = row->fallback};
	const struct yaml_node *node = value_node(scope, row);
	char *dest = scope->record + row->offset;

	value_clear(row, dest);
	if (node != NULL)
		read_scalar(r, scope, row, node, dest);
	else if (row->fallback == NULL || yaml_get(scope->node, row->key) != NULL)
		report_missing(r, scope, row);
	else if (row->fallback[0] != '\0')
		read_scalar(r, scope, row, &fallback, dest);
}

/* The list that a key gives, when it is one of an allowed length; NULL otherwise, reported unless
 * it may be absent. */
static const struct yaml_node *list_node(struct reader *r, const struct scope *scope,
					 const struct schema_row *row)
{
	const struct yaml_node *node = value_node(scope, row);
	struct finding_place place;

	if (node == NULL) {
		if (schema_is_required(row) || yaml_get(scope->node, row->key) != NULL)
			report_missing(r, scope, row);
		return NULL;
	}
	place = place_of(r, scope, row->key, node->pos);
	if (node->kind != YAML_LIST)
		findings_error(r->findings, place,
			       "must be a list; write it in brackets, or one \"- \" line an item");
	else if (node->member_count < row->items_least)
		findings_error(r->findings, place, "is an empty list; give %.*s", help_length(row),
			       row->help);
	else if (node->member_count > row->items_most && row->hint != NULL)
		findings_error(r->findings, place, "lists %u; %s", node->member_count, row->hint);
	else if (node->member_count > row->items_most)
		findings_error(r->findings, place, "lists %u; keep to at most %zu",
			       node->member_count, row->items_most);
	else
		return node;
	return NULL;
}

/* Room for the members of a list, noted in the record; NULL when there are none. */
static char *make_array(struct reader *r, const struct scope *scope, const struct schema_row *row,
			const struct yaml_node *list)
{
	size_t count = list != NULL ? list->member_count : 0;
	char *array = arena_alloc(r->config->memory, count, row->value_bytes);

	if (array == NULL) {
		r->findings->no_memory = true;
		count = 0;
	}
	memcpy(scope->record + row->offset, &array, sizeof(array));
	memcpy(scope->record + row->count_offset, &count, sizeof(count));
	return count > 0 ? array : NULL;
}

static void read_list(struct reader *r, const struct scope *scope, const struct schema_row *row)
{
	const struct yaml_node *list = list_node(r, scope, row);
	char *array = make_array(r, scope, row, list);

	for (const struct yaml_node *item = array != NULL ? list->first : NULL; item != NULL;
	     item = item->next) {
		read_scalar(r, scope, row, item, array);
		array += row->value_bytes;
	}
}

static void read_set(struct reader *r, const struct scope *scope, const struct schema_row *row)
{
	const struct yaml_node *list = list_node(r, scope, row);
	uint32_t bits = yaml_get(scope->node, row->key) == NULL ? row->fallback_bits : 0, bit;

	static_assert(sizeof(bits) == sizeof(unsigned), "sets are kept as unsigned");
	for (const struct yaml_node *item = list != NULL ? list->first : NULL; item != NULL;
	     item = item->next) {
		if (!read_scalar(r, scope, row, item, &bit))
			continue;
		if (bits & bit)
			findings_error(r->findings, place_of(r, scope, row->key, item->pos),
				       "\"%.64s\" is listed twice; keep one of them", item->text);
		bits |= bit;
	}
	memcpy(scope->record + row->offset, &bits, sizeof(bits));
}

/* Leaves a record as if every value of the section had been refused. */
static void clear_section(enum schema_section section, char *record)
{
	for (size_t i = 0; i < schema_row_count; i++) {
		if (schema_rows[i].in != section)
			continue;
		if (schema_rows[i].form == FORM_MAP)
			clear_section(schema_rows[i].section, record);
		else if (schema_rows[i].form == FORM_VALUE)
			value_clear(&schema_rows[i], record + schema_rows[i].offset);
	}
}

static void read_section(struct reader *r, const struct scope *scope);

static void read_map(struct reader *r, const struct scope *scope, const struct schema_row *row)
{
	const struct yaml_node *node = value_node(scope, row);
	struct scope inner = *scope;

	inner.section = row->section;
	inner.path = join_path(r, scope->path, row->key);
	inner.node = node;
	if (node != NULL)
		inner.pos = node->key_pos;
	if (node != NULL && node->kind != YAML_MAP) {
		findings_error(r->findings, place_of(r, scope, row->key, node->pos),
			       "must be a mapping; write its keys below it, indented");
		clear_section(row->section, scope->record);
		return;
	}
	read_section(r, &inner);
}

static void read_items(struct reader *r, const struct scope *scope, const struct schema_row *row)
{
	const struct yaml_node *list = list_node(r, scope, row);
	char *record = make_array(r, scope, row, list);
	struct scope entry = {.section = row->section, .path = join_path(r, scope->path, row->key)};
	size_t idx = 0;

	for (const struct yaml_node *item = record != NULL ? list->first : NULL; item != NULL;
	     item = item->next) {
		entry.node = item->kind == YAML_MAP ? item : NULL;
		entry.pos = item->pos;
		entry.name = scope->name != NULL ? scope->name : read_entry_name(r, item, idx++);
		entry.record = record;
		record += row->value_bytes;
		if (entry.node != NULL) {
			read_section(r, &entry);
			continue;
		}
		findings_error(r->findings,
			       (struct finding_place){item->pos, entry.path, entry.name},
			       "must be a mapping; write its keys as \"key: value\" lines");
		clear_section(row->section, entry.record);
	}
}

static void read_row(struct reader *r, const struct scope *scope, const struct schema_row *row)
{
	switch (row->form) {
	case FORM_VALUE:
		read_value(r, scope, row);
		break;
	case FORM_LIST:
		read_list(r, scope, row);
		break;
	case FORM_SET:
		read_set(r, scope, row);
		break;
	case FORM_MAP:
		read_map(r, scope, row);
		break;
	case FORM_ITEMS:
		read_items(r, scope, row);
		break;
	}
}

static void report_unknown(struct reader *r, const struct scope *scope,
			   const struct yaml_node *member)
{
	const char *close = schema_closest(scope->section, member->key);
	const char *key = arena_printf(r->scratch, "%.64s", member->key);
	struct finding_place place = place_of(r, scope, key != NULL ? key : "?", member->key_pos);

	if (close != NULL)
		findings_error(r->findings, place, "unknown key; did you mean \"%s\"?", close);
	else
		findings_error(r->findings, place,
			       "unknown key; remove it, docs/CONFIG.md lists the keys");
}

static void read_section(struct reader *r, const struct scope *scope)
{
	for (size_t i = 0; i < schema_row_count; i++)
		if (schema_rows[i].in == scope->section)
			read_row(r, scope, &schema_rows[i]);
	for (const struct yaml_node *member = scope->node != NULL ? scope->node->first : NULL;
	     member != NULL; member = member->next)
		if (schema_find(scope->section, member->key) == NULL)
			report_unknown(r, scope, member);
}

void read_values(struct reader *r)
{
	struct scope file = {.section = SECTION_root,
			     .node = r->root,
			     .pos = {1, 1},
			     .path = "",
			     .record = (char *)r->config};

	if (r->root->kind != YAML_MAP) {
		findings_error(
			r->findings, (struct finding_place){r->root->pos, "file", NULL},
			"must be a mapping of sections; begin with a line such as \"ports:\"");
		return;
	}
	read_section(r, &file);
}

const char *read_entry_name(const struct reader *r, const struct yaml_node *entry, size_t entry_idx)
{
	const struct yaml_node *name = yaml_get(entry, "name");
	struct err_note note;
	const char *number;

	if (name != NULL && name->kind == YAML_SCALAR && name->text != NULL &&
	    text_check_name(name->text, &note) == GW_ERR_OK)
		return name->text;
	number = arena_printf(r->scratch, "%zu", entry_idx + 1);
	if (number == NULL)
		r->findings->no_memory = true;
	return number;
}

struct finding_place read_place(const struct reader *r, enum schema_section section,
				size_t entry_idx, const char *key, size_t item_idx)
{
	const struct schema_row *row = schema_items_of(section);
	const struct yaml_node *entry = yaml_at(yaml_get(r->root, row->key), entry_idx);
	const struct yaml_node *node = entry;
	struct finding_place place = {.pos = entry->pos,
				      .name = read_entry_name(r, entry, entry_idx)};
	const char *part = key;
	char part_key[32];
	size_t len;

	place.key_path = arena_printf(r->scratch, "%s.%s", row->key, key);
	if (place.key_path == NULL) {
		r->findings->no_memory = true;
		place.key_path = row->key;
	}
	for (; node != NULL && part != NULL; part = part[len] == '.' ? part + len + 1 : NULL) {
		len = strcspn(part, ".");
		snprintf(part_key, sizeof(part_key), "%.*s", (int)len, part);
		node = yaml_get(node, part_key);
		if (node != NULL)
			place.pos = part[len] == '.' ? node->key_pos : node->pos;
	}
	node = node != NULL && item_idx != READ_NO_ITEM ? yaml_at(node, item_idx) : NULL;
	if (node != NULL)
		place.pos = node->pos;
	return place;
}
