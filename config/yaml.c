/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/yaml.h"

#include "config/text.h"

#include <libfyaml.h>

/* A list or map whose members are still arriving. */
struct yaml_frame {
	struct yaml_node *node;
	const struct yaml_node **tail; /* where the next member is linked */
	const char *key;               /* of a map: read, its value not yet */
	struct yaml_pos key_pos;
};

struct yaml_builder {
	struct span text;
	struct arena *arena;
	struct yaml_error *error;
	struct yaml_frame stack[YAML_DEPTH_MAX];
	unsigned depth;
	unsigned node_count, document_count;
	struct yaml_node *root;
	bool done;
};

static enum gw_err fail(struct yaml_builder *b, struct yaml_pos pos, const char *what)
{
	b->error->pos = pos;
	err_note_set(&b->error->note, "%s", what);
	return GW_ERR_CONFIG;
}

static enum gw_err no_memory(struct yaml_builder *b)
{
	b->error->pos = (struct yaml_pos){1, 1};
	err_note_set(&b->error->note, "out of memory; free some and try again");
	return GW_ERR_NO_MEMORY;
}

static struct yaml_frame *top(struct yaml_builder *b)
{
	return b->depth > 0 ? &b->stack[b->depth - 1] : NULL;
}

/* libfyaml counts from 0, and marks quoted text, aliases and anchors behind the character that
 * makes them so. */
static struct yaml_pos pos_of_mark(const struct fy_mark *mark, bool is_behind)
{
	unsigned column = mark->column >= 0 ? (unsigned)mark->column + 1 : 1;

	return (struct yaml_pos){mark->line >= 0 ? (unsigned)mark->line + 1 : 1,
				 column - (is_behind && column > 1)};
}

static bool is_marked_behind(struct fy_event *event)
{
	enum fy_scalar_style style;

	if (event->type != FYET_SCALAR || fy_event_get_token(event) == NULL)
		return event->type == FYET_ALIAS;
	style = fy_token_scalar_style(fy_event_get_token(event));
	return style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
}

/* An empty plain scalar has no mark of its own: it stands where its key, or its parent, does. */
static struct yaml_pos event_pos(struct yaml_builder *b, struct fy_event *event)
{
	const struct fy_mark *mark = fy_event_start_mark(event);

	if (mark != NULL)
		return pos_of_mark(mark, is_marked_behind(event));
	if (top(b) != NULL)
		return top(b)->key != NULL ? top(b)->key_pos : top(b)->node->pos;
	return (struct yaml_pos){1, 1};
}

static bool is_null_word(const char *text, size_t len)
{
	struct span word = span_of(text, len);

	return len == 0 || span_eq(word, SPAN_LIT("~")) || span_eq(word, SPAN_LIT("null")) ||
	       span_eq(word, SPAN_LIT("Null")) || span_eq(word, SPAN_LIT("NULL"));
}

/* Copies the content of a scalar, up to one byte more than it may have; false without memory.
 * Piece by piece, because (libfyaml 0.7.12) fy_token_get_text() leaks what it needs for a scalar of
 * many pieces, and fy_token_iter_read() mixes them up. */
static bool copy_content(struct fy_token *token, char bytes[YAML_SCALAR_BYTES_MAX + 1],
			 size_t *ret_len)
{
	struct fy_token_iter *iter = fy_token_iter_create(token);
	const struct fy_iter_chunk *piece = NULL;
	size_t len = 0, take;
	int error = 0;

	if (iter == NULL)
		return false;
	while (len <= YAML_SCALAR_BYTES_MAX &&
	       (piece = fy_token_iter_chunk_next(iter, piece, &error)) != NULL) {
		take = YAML_SCALAR_BYTES_MAX + 1 - len;
		take = piece->len < take ? piece->len : take;
		memcpy(bytes + len, piece->str, take);
		len += take;
	}
	fy_token_iter_destroy(iter);
	*ret_len = len;
	return error == 0;
}

/* The text of a scalar as a clean copy; NULL in *ret_text when it is plain and says nothing. */
static enum gw_err scalar_text(struct yaml_builder *b, struct fy_event *event, struct yaml_pos pos,
			       const char **ret_text)
{
	struct fy_token *token = fy_event_get_token(event);
	char text[YAML_SCALAR_BYTES_MAX + 1];
	size_t len = 0, bad;

	if (token != NULL && !copy_content(token, text, &len))
		return no_memory(b);
	if (len > YAML_SCALAR_BYTES_MAX)
		return fail(b, pos, "the value is longer than 4096 bytes; shorten it");
	if (!text_is_clean(span_of(text, len), false, &bad))
		return fail(b, pos,
			    "the value holds a control character, a line break or invalid UTF-8; "
			    "write it as one line of text");
	if ((token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN) &&
	    is_null_word(text, len)) {
		*ret_text = NULL;
		return GW_ERR_OK;
	}
	*ret_text = arena_strndup(b->arena, text, len);
	return *ret_text != NULL ? GW_ERR_OK : no_memory(b);
}

/* A scalar in key position of the map on top of the stack. */
static enum gw_err on_key(struct yaml_builder *b, struct fy_event *event, struct yaml_pos pos)
{
	struct yaml_frame *frame = top(b);
	const char *key;
	enum gw_err err;

	err = scalar_text(b, event, pos, &key);
	if (err != GW_ERR_OK)
		return err;
	if (key == NULL)
		return fail(b, pos, "a key is empty; name what is being set");
	if (strcmp(key, "<<") == 0)
		return fail(b, pos, "merge keys are not supported; write the keys out");
	if (yaml_get(frame->node, key) != NULL) {
		err_note_set(&b->error->note,
			     "the key \"%.64s\" is here for the second time; keep one of them",
			     key);
		b->error->pos = pos;
		return GW_ERR_CONFIG;
	}
	if (frame->node->member_count >= YAML_KEYS_MAX)
		return fail(
			b, pos,
			"more than 64 keys in one mapping; remove those that do not belong here");
	frame->key = key;
	frame->key_pos = pos;
	return GW_ERR_OK;
}

/* Links a new node under the top of the stack, or as the root. */
static enum gw_err on_node(struct yaml_builder *b, enum yaml_kind kind, struct yaml_pos pos,
			   struct yaml_node **ret_node)
{
	struct yaml_frame *frame = top(b);
	struct yaml_node *node;

	if (++b->node_count > YAML_NODES_MAX)
		return fail(b, pos, "more than 400000 values; make the file smaller");
	node = arena_alloc(b->arena, 1, sizeof(*node));
	if (node == NULL)
		return no_memory(b);
	node->kind = kind;
	node->pos = pos;
	if (frame == NULL) {
		b->root = node;
	} else {
		node->key = frame->key;
		node->key_pos = frame->key_pos;
		frame->key = NULL;
		*frame->tail = node;
		frame->tail = &node->next;
		frame->node->member_count++;
	}
	*ret_node = node;
	return GW_ERR_OK;
}

static bool at_key(struct yaml_builder *b)
{
	return top(b) != NULL && top(b)->node->kind == YAML_MAP && top(b)->key == NULL;
}

static enum gw_err on_open(struct yaml_builder *b, enum yaml_kind kind, struct yaml_pos pos)
{
	struct yaml_node *node;
	enum gw_err err;

	if (at_key(b))
		return fail(b, pos, "a key is a list or mapping; use a plain word");
	if (b->depth == YAML_DEPTH_MAX)
		return fail(b, pos,
			    "nested more than 16 deep; no key of a start-up file is that deep");
	err = on_node(b, kind, pos, &node);
	if (err != GW_ERR_OK)
		return err;
	b->stack[b->depth++] = (struct yaml_frame){.node = node, .tail = &node->first};
	return GW_ERR_OK;
}

static enum gw_err on_scalar(struct yaml_builder *b, struct fy_event *event, struct yaml_pos pos)
{
	struct yaml_node *node;
	const char *text;
	enum gw_err err;

	if (at_key(b))
		return on_key(b, event, pos);
	err = scalar_text(b, event, pos, &text);
	if (err == GW_ERR_OK)
		err = on_node(b, YAML_SCALAR, pos, &node);
	if (err == GW_ERR_OK)
		node->text = text;
	return err;
}

/* Anchors and tags: neither changes what a start-up file can say, both change what it seems to say.
 * */
static enum gw_err check_properties(struct yaml_builder *b, struct fy_event *event,
				    struct yaml_pos pos)
{
	struct fy_token *anchor = event->type != FYET_ALIAS ? fy_event_get_anchor_token(event)
							    : NULL;
	struct fy_token *tag = fy_event_get_tag_token(event);

	if (anchor != NULL) {
		if (fy_token_start_mark(anchor) != NULL)
			pos = pos_of_mark(fy_token_start_mark(anchor), true);
		return fail(b, pos,
			    "anchors are not supported; remove the & and write the value where it "
			    "is used");
	}
	if (tag != NULL) {
		if (fy_token_start_mark(tag) != NULL)
			pos = pos_of_mark(fy_token_start_mark(tag), false);
		return fail(
			b, pos,
			"tags are not supported; remove the ! word, the type follows from the key");
	}
	return GW_ERR_OK;
}

static enum gw_err on_event(struct yaml_builder *b, struct fy_event *event)
{
	struct yaml_pos pos = event_pos(b, event);
	enum gw_err err;

	err = check_properties(b, event, pos);
	if (err != GW_ERR_OK)
		return err;
	switch (event->type) {
	case FYET_ALIAS:
		return fail(b, pos, "aliases are not supported; write the value out");
	case FYET_DOCUMENT_START:
		if (++b->document_count > 1)
			return fail(b, pos,
				    "a second document begins here; one file holds one document");
		return GW_ERR_OK;
	case FYET_MAPPING_START:
		return on_open(b, YAML_MAP, pos);
	case FYET_SEQUENCE_START:
		return on_open(b, YAML_LIST, pos);
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		b->depth--;
		return GW_ERR_OK;
	case FYET_SCALAR:
		return on_scalar(b, event, pos);
	case FYET_STREAM_END:
		b->done = true;
		return GW_ERR_OK;
	case FYET_STREAM_START:
	case FYET_DOCUMENT_END:
	case FYET_NONE:
		return GW_ERR_OK;
	}
	return GW_ERR_OK;
}

static struct yaml_pos pos_of_offset(struct span text, size_t offset)
{
	struct yaml_pos pos = {1, 1};

	for (size_t i = 0; i < offset; i++) {
		pos.column = text.p[i] == '\n' ? 1 : pos.column + 1;
		pos.line += text.p[i] == '\n';
	}
	return pos;
}

/* libfyaml found a syntax error; its first message says most. */
static enum gw_err syntax_error(struct yaml_builder *b, struct fy_diag *diag)
{
	void *iter = NULL;
	const struct fy_diag_error *e = fy_diag_errors_iterate(diag, &iter);
	struct yaml_pos end = pos_of_offset(b->text, b->text.len);
	size_t bad;

	if (e == NULL || e->msg == NULL || !text_is_clean(span_str(e->msg), false, &bad))
		return fail(b, (struct yaml_pos){1, 1},
			    "not valid YAML; check indentation, quotes and brackets");
	b->error->pos = (struct yaml_pos){e->line > 0 ? (unsigned)e->line : 1,
					  e->column > 0 ? (unsigned)e->column : 1};
	if (b->error->pos.line > end.line)
		b->error->pos = end;
	err_note_set(&b->error->note,
		     "not valid YAML (%.200s); check indentation, quotes and brackets", e->msg);
	return GW_ERR_CONFIG;
}

static enum gw_err build(struct yaml_builder *b, struct fy_parser *parser, struct fy_diag *diag)
{
	enum gw_err err = GW_ERR_OK;
	struct fy_event *event;

	while (err == GW_ERR_OK && !b->done) {
		event = fy_parser_parse(parser);
		if (event == NULL)
			return syntax_error(b, diag);
		err = on_event(b, event);
		fy_parser_event_free(parser, event);
	}
	return err;
}

static enum gw_err parse_events(struct yaml_builder *b)
{
	struct fy_diag_cfg diag_cfg;
	struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE};
	struct fy_parser *parser = NULL;
	enum gw_err err;

	fy_diag_cfg_default(&diag_cfg);
	cfg.diag = fy_diag_create(&diag_cfg);
	if (cfg.diag == NULL)
		return no_memory(b);
	fy_diag_set_collect_errors(cfg.diag, true);
	parser = fy_parser_create(&cfg);
	if (parser == NULL ||
	    fy_parser_set_string(parser, (const char *)b->text.p, b->text.len) != 0)
		err = no_memory(b);
	else
		err = build(b, parser, cfg.diag);
	if (parser != NULL)
		fy_parser_destroy(parser);
	fy_diag_destroy(cfg.diag);
	return err;
}

enum gw_err yaml_parse(struct span text, struct arena *arena, struct yaml_error *error,
		       const struct yaml_node **ret_root)
{
	struct yaml_builder b = {.text = text, .arena = arena, .error = error};
	size_t bad;
	enum gw_err err;

	if (text.len > YAML_BYTES_MAX)
		return fail(&b, (struct yaml_pos){1, 1},
			    "larger than 4 MiB; a start-up file is never that large");
	if (!text_is_clean(text, true, &bad))
		return fail(&b, pos_of_offset(text, bad),
			    "not plain UTF-8 text here; save the file as UTF-8 without byte-order "
			    "mark, with line "
			    "feeds and without control characters");
	err = text.len > 0 ? parse_events(&b) : GW_ERR_OK;
	if (err != GW_ERR_OK)
		return err;
	if (b.root == NULL || (b.root->kind == YAML_SCALAR && b.root->text == NULL))
		return fail(&b, (struct yaml_pos){1, 1},
			    "empty; begin with a section such as \"ports:\"");
	*ret_root = b.root;
	return GW_ERR_OK;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (const struct yaml_node *member = map->first; member != NULL; member = member->next)
		if (strcmp(member->key, key) == 0)
			return member;
	return NULL;
}

const struct yaml_node *yaml_at(const struct yaml_node *parent, size_t idx)
{
	const struct yaml_node *member = parent != NULL ? parent->first : NULL;

	while (member != NULL && idx-- > 0)
		member = member->next;
	return member;
}
