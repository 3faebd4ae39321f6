/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "config/yaml.h"

static struct arena *tree_memory;

static void open_memory(void)
{
	tree_memory = arena_create();
}

static void close_memory(void)
{
	arena_destroy(tree_memory);
}

TestSuite(yaml, .init = open_memory, .fini = close_memory);

static const struct yaml_node *parsed(struct span text)
{
	const struct yaml_node *root;
	struct yaml_error error;

	cr_assert_eq(yaml_parse(text, tree_memory, &error, &root), GW_ERR_OK);
	return root;
}

static void refuses(struct span text, unsigned line, unsigned column, const char *what)
{
	const struct yaml_node *root = NULL;
	struct yaml_error error;

	cr_assert_eq(yaml_parse(text, tree_memory, &error, &root), GW_ERR_CONFIG, "%s", what);
	cr_assert_null(root);
	cr_assert_not_null(strstr(error.note.text, what), "\"%s\" lacks \"%s\"", error.note.text,
			   what);
	cr_assert_not_null(strstr(error.note.text, "; "));
	cr_assert_eq(error.pos.line, line, "%s: line %u", what, error.pos.line);
	cr_assert_eq(error.pos.column, column, "%s: column %u", what, error.pos.column);
}

/* Repeats piece until the text is about bytes long. */
static struct span repeated(const char *head, const char *piece, size_t bytes)
{
	static char text[5 << 20];
	size_t len = strlen(head), piece_len = strlen(piece);

	memcpy(text, head, len);
	for (; len + piece_len <= bytes; len += piece_len)
		memcpy(text + len, piece, piece_len);
	return span_of(text, len);
}

Test(yaml, aliases_are_refused)
{
	refuses(SPAN_LIT("a: *x\n"), 1, 4, "aliases");
}

Test(yaml, anchors_are_refused)
{
	refuses(SPAN_LIT("a: &x 1\n"), 1, 4, "anchors");
	refuses(SPAN_LIT("a:\n  b: &x {c: 1}\n"), 2, 6, "anchors");
	refuses(SPAN_LIT("&k a: 1\n"), 1, 1, "anchors");
}

Test(yaml, merge_keys_are_refused)
{
	refuses(SPAN_LIT("a: 1\n<<: {b: 2}\n"), 2, 1, "merge keys");
}

Test(yaml, tags_are_refused)
{
	refuses(SPAN_LIT("a: !!str 1\n"), 1, 4, "tags");
}

Test(yaml, a_second_document_is_refused)
{
	refuses(SPAN_LIT("a: 1\n---\nb: 1\n"), 2, 1, "second document");
	refuses(SPAN_LIT("a: 1\n...\n---\nb: 1\n"), 3, 1, "second document");
}

Test(yaml, a_key_given_twice_is_refused)
{
	refuses(SPAN_LIT("a: 1\nb: 2\na: 3\n"), 3, 1, "second time");
	refuses(SPAN_LIT("a: 1\n\"a\": 3\n"), 2, 1, "second time");
	refuses(SPAN_LIT("x:\n  - {a: 1, a: 2}\n"), 2, 12, "second time");
}

Test(yaml, keys_are_words)
{
	refuses(SPAN_LIT("? [a]\n: 1\n"), 1, 3, "a key is a list or mapping");
	refuses(SPAN_LIT(": 1\n"), 1, 1, "a key is empty");
}

Test(yaml, broken_syntax_is_refused_within_the_file)
{
	refuses(SPAN_LIT("a: [1\nb: 2"), 2, 5, "not valid YAML");
	refuses(SPAN_LIT("a: b: c\n"), 1, 5, "not valid YAML");
	refuses(SPAN_LIT("\ta: 1\n"), 1, 1, "not valid YAML");
}

Test(yaml, bytes_that_are_no_text_are_refused)
{
	refuses(SPAN_LIT("a: 1\nb: \xff\n"), 2, 4, "not plain UTF-8");
	refuses(SPAN_LIT("a: 1\0\n"), 1, 5, "not plain UTF-8");
	refuses(SPAN_LIT("\xef\xbb\xbf"
			 "a: 1\n"),
		1, 1, "not plain UTF-8");
	refuses(SPAN_LIT("a: 1\r\n"), 1, 5, "not plain UTF-8");
	refuses(SPAN_LIT("a: \"x\\0y\"\n"), 1, 4, "control character");
	refuses(SPAN_LIT("a: \"x\\ny\"\n"), 1, 4, "control character");
	refuses(SPAN_LIT("a: |\n  x\n  y\n"), 2, 1, "control character");
}

Test(yaml, an_empty_file_is_refused)
{
	refuses(span_of(NULL, 0), 1, 1, "empty");
	refuses(SPAN_LIT("# nothing\n"), 1, 1, "empty");
	refuses(SPAN_LIT("~\n"), 1, 1, "empty");
}

Test(yaml, size_is_bounded)
{
	refuses(repeated("", "# comment\n", YAML_BYTES_MAX + 10), 1, 1, "larger than 4 MiB");
	refuses(repeated("a: ", "x", YAML_SCALAR_BYTES_MAX + 4), 1, 4, "longer than 4096");
	refuses(repeated("a:\n", "- x\n", 1600020), 400000, 3, "more than 400000 values");
}

Test(yaml, depth_is_bounded)
{
	refuses(repeated("", "[", 1000), 1, 17, "nested more than 16");
	refuses(repeated("", "[", YAML_BYTES_MAX / 16), 1, 17, "nested more than 16");
	refuses(repeated("", "- ", YAML_BYTES_MAX / 16), 1, 33, "nested more than 16");
	refuses(repeated("a: ", "{a: ", YAML_BYTES_MAX / 16), 1, 64, "nested more than 16");
}

Test(yaml, keys_of_one_mapping_are_bounded)
{
	char text[65 * 8];
	size_t len = 0;

	for (int i = 0; i < 65; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "k%d: 1\n", i);
	refuses(span_of(text, len), 65, 1, "more than 64 keys");
}

Test(yaml, nodes_know_their_place)
{
	const struct yaml_node *root = parsed(
		SPAN_LIT("# c\nports:\n  - {name: front, x: \"y\"}\nz:\n"));
	const struct yaml_node *ports = yaml_get(root, "ports"), *x;

	cr_assert_eq(ports->key_pos.line, 2);
	cr_assert_eq(ports->key_pos.column, 1);
	cr_assert_eq(ports->member_count, 1);
	x = yaml_get(yaml_at(ports, 0), "x");
	cr_assert_str_eq(x->text, "y");
	cr_assert_eq(x->pos.line, 3);
	cr_assert_eq(x->pos.column, 22);
	cr_assert_null(yaml_at(ports, 1));
	cr_assert_null(yaml_get(root, "z")->text);
	cr_assert_eq(yaml_get(root, "z")->pos.line, 4);
}

Test(yaml, quoted_words_are_text)
{
	const struct yaml_node *root = parsed(SPAN_LIT("a: \"\"\nb: 'null'\nc: null\nd: ~\n"));

	cr_assert_str_eq(yaml_get(root, "a")->text, "");
	cr_assert_str_eq(yaml_get(root, "b")->text, "null");
	cr_assert_null(yaml_get(root, "c")->text);
	cr_assert_null(yaml_get(root, "d")->text);
}

/* Sixteen pieces and more once leaked in the library. */
Test(yaml, a_scalar_of_many_pieces_is_whole)
{
	const struct yaml_node *root = parsed(SPAN_LIT(
		"a: 'xy'\n"
		"b: "
		"\"\\x41\\x42\\x43\\x44\\x45\\x46\\x47\\x48\\x49\\x4a\\x4b\\x4c\\x4d\\x4e\\x4f\\x50"
		"\\x51\\x52\"\n"));

	cr_assert_str_eq(yaml_get(root, "a")->text, "xy");
	cr_assert_str_eq(yaml_get(root, "b")->text, "ABCDEFGHIJKLMNOPQR");
}
