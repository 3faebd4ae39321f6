/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/device_name.h"

#include "base/span.h"

static const char letters_digits[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
static const char digits[] = "0123456789";
static const char hex_digits[] = "0123456789abcdefABCDEF";

static const struct prefix {
	const char *text;
	enum device_kind kind;
} prefixes[] = {
	{"af_xdp:", DEVICE_AF_XDP},
	{"af_packet:", DEVICE_AF_PACKET},
	{"tap:", DEVICE_TAP},
	{"memif:", DEVICE_MEMIF},
};

static bool consists_of(struct span s, const char *characters)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\0' || strchr(characters, s.p[i]) == NULL)
			return false;
	}
	return s.len > 0;
}

static void target_set(struct device_name *name, struct span target)
{
	memcpy(name->target, target.p, target.len);
	name->target[target.len] = '\0';
}

static enum gw_err interface_parse(const char *text, struct span interface,
				   struct device_name *name, struct err_note *note)
{
	if (interface.len <= DEVICE_INTERFACE_BYTES_MAX && consists_of(interface, letters_digits) &&
	    interface.p[0] != '.') {
		target_set(name, interface);
		return GW_ERR_OK;
	}
	err_note_set(note, "\"%.64s\" names no interface; write %s, of at most %d characters", text,
		     name->kind == DEVICE_TAP ? "a name for the one to be made"
					      : "a name that \"ip link\" shows",
		     DEVICE_INTERFACE_BYTES_MAX);
	return GW_ERR_CONFIG;
}

static bool id_parse(struct span digits_only, uint32_t *ret_id)
{
	uint64_t id = 0;

	if (!consists_of(digits_only, digits) || digits_only.len > 10)
		return false;
	for (size_t i = 0; i < digits_only.len; i++)
		id = id * 10 + (uint64_t)(digits_only.p[i] - '0');
	if (id > UINT32_MAX)
		return false;
	*ret_id = (uint32_t)id;
	return true;
}

static bool memif_option_parse(struct span option, struct device_name *name, bool *id_seen,
			       bool *role_seen)
{
	struct span id_key = SPAN_LIT("id=");

	if (option.len > id_key.len && span_eq(span_head(option, id_key.len), id_key)) {
		bool is_first = !*id_seen;

		*id_seen = true;
		return is_first && id_parse(span_skip(option, id_key.len), &name->id);
	}
	name->is_server = span_eq(option, SPAN_LIT("role=server"));
	if (*role_seen || (!name->is_server && !span_eq(option, SPAN_LIT("role=client"))))
		return false;
	*role_seen = true;
	return true;
}

/* What stands before the next comma; false when there was none, else *rest is what follows it. */
static bool part_take(struct span *rest, struct span *ret_part)
{
	const uint8_t *comma = rest->len > 0 ? memchr(rest->p, ',', rest->len) : NULL;
	size_t len = comma != NULL ? (size_t)(comma - rest->p) : rest->len;

	*ret_part = span_head(*rest, len);
	*rest = span_skip(*rest, len + 1);
	return comma != NULL;
}

static enum gw_err memif_parse(const char *text, struct span rest, struct device_name *name,
			       struct err_note *note)
{
	bool id_seen = false, role_seen = false, is_more;
	struct span path, option;

	is_more = part_take(&rest, &path);

	if (path.len < 2 || path.len > DEVICE_SOCKET_BYTES_MAX || path.p[0] != '/' ||
	    !consists_of(span_skip(path, 1),
			 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")) {
		err_note_set(note,
			     "\"%.128s\" names no socket; write its absolute path, of at most %d "
			     "letters, "
			     "digits, '.', '_', '-' or '/'",
			     text, DEVICE_SOCKET_BYTES_MAX);
		return GW_ERR_CONFIG;
	}
	target_set(name, path);
	name->is_server = true;
	while (is_more) {
		is_more = part_take(&rest, &option);
		if (!memif_option_parse(option, name, &id_seen, &role_seen)) {
			err_note_set(note,
				     "\"%.*s\" is no option of memif here; write id=NUMBER or "
				     "role=server or role=client, each once",
				     (int)span_head(option, 64).len, (const char *)option.p);
			return GW_ERR_CONFIG;
		}
	}
	return GW_ERR_OK;
}

/* DOMAIN:BUS:SLOT.FUNCTION, in hexadecimal. */
static bool is_pci_address(struct span s)
{
	size_t domain_len = 0;
	struct span rest;

	while (domain_len < s.len && s.p[domain_len] != ':')
		domain_len++;
	rest = span_skip(s, domain_len);
	return domain_len >= 4 && domain_len <= 8 && rest.len == 8 &&
	       consists_of(span_head(s, domain_len), hex_digits) && rest.p[3] == ':' &&
	       consists_of(span_head(span_skip(rest, 1), 2), hex_digits) &&
	       consists_of(span_head(span_skip(rest, 4), 1), "01") &&
	       consists_of(span_head(span_skip(rest, 5), 1), hex_digits) && rest.p[6] == '.' &&
	       consists_of(span_skip(rest, 7), "01234567");
}

static enum gw_err pci_parse(const char *text, struct device_name *name, struct err_note *note)
{
	struct span s = span_str(text);

	if (is_pci_address(s)) {
		target_set(name, s);
		for (char *c = name->target; *c != '\0'; c++)
			*c = (char)(*c >= 'A' && *c <= 'F' ? *c - 'A' + 'a' : *c);
		return GW_ERR_OK;
	}
	if (consists_of(s, "0123456789abcdefABCDEF:.") && strchr(text, ':') != NULL)
		err_note_set(
			note,
			"\"%.64s\" is no PCI address; write it whole, as \"lspci -D\" shows it: "
			"0000:3b:00.1",
			text);
	else
		err_note_set(
			note,
			"\"%.64s\" is no device; write af_xdp:IFACE, af_packet:IFACE, tap:NAME, "
			"memif:SOCKET or a PCI address",
			text);
	return GW_ERR_CONFIG;
}

enum gw_err device_name_parse(const char *text, struct device_name *ret_name, struct err_note *note)
{
	struct device_name name = {.kind = DEVICE_PCI};
	const char *target = NULL;
	enum gw_err err;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]) && target == NULL; i++) {
		size_t len = strlen(prefixes[i].text);

		if (strncmp(text, prefixes[i].text, len) != 0)
			continue;
		name.kind = prefixes[i].kind;
		target = text + len;
	}
	if (target == NULL)
		err = pci_parse(text, &name, note);
	else if (name.kind == DEVICE_MEMIF)
		err = memif_parse(text, span_str(target), &name, note);
	else
		err = interface_parse(text, span_str(target), &name, note);
	if (err == GW_ERR_OK)
		*ret_name = name;
	return err;
}

static bool is_interface(const struct device_name *name)
{
	return name->kind != DEVICE_MEMIF && name->kind != DEVICE_PCI;
}

bool device_name_collides(const struct device_name *a, const struct device_name *b)
{
	if (strcmp(a->target, b->target) != 0)
		return false;
	if (a->kind == DEVICE_MEMIF && b->kind == DEVICE_MEMIF)
		return a->id == b->id || a->is_server != b->is_server;
	return a->kind == b->kind || (is_interface(a) && is_interface(b));
}
