/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/spiffe_id.h"

#define SCHEME SPAN_LIT("spiffe://")
#define URI_OCTETS_MAX 2048
#define TRUST_DOMAIN_OCTETS_MAX 255

static bool is_lower_alphanumeric(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_mark(uint8_t c)
{
	return c == '.' || c == '-' || c == '_';
}

static bool is_trust_domain(struct span s)
{
	if (s.len == 0 || s.len > TRUST_DOMAIN_OCTETS_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_lower_alphanumeric(s.p[i]) && !is_mark(s.p[i]))
			return false;
	}
	return true;
}

static bool is_segment(struct span s)
{
	if (s.len == 0 || span_eq(s, SPAN_LIT(".")) || span_eq(s, SPAN_LIT("..")))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_lower_alphanumeric(ascii_lower(s.p[i])) && !is_mark(s.p[i]))
			return false;
	}
	return true;
}

/* The characters before the first slash. */
static struct span until_slash(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.p[n] != '/')
		n++;
	return span_head(s, n);
}

bool spiffe_id_parse(struct span uri, struct spiffe_id *ret_id)
{
	struct spiffe_id id = {.uri = uri};
	struct span rest = span_skip(uri, SCHEME.len), segment;

	if (uri.len > URI_OCTETS_MAX || !span_eq(span_head(uri, SCHEME.len), SCHEME))
		return false;
	id.trust_domain = until_slash(rest);
	id.path = span_skip(rest, id.trust_domain.len);
	if (!is_trust_domain(id.trust_domain))
		return false;
	for (rest = id.path; rest.len > 0; rest = span_skip(rest, segment.len)) {
		rest = span_skip(rest, 1); /* the slash */
		segment = until_slash(rest);
		if (!is_segment(segment))
			return false;
	}
	*ret_id = id;
	return true;
}

bool spiffe_id_of_leaf(const struct x509 *leaf, struct spiffe_id *ret_id)
{
	struct span names = leaf->alt_names, uri = {0};
	struct x509_general_name name;
	struct spiffe_id id;
	unsigned count = 0;

	while (x509_general_name_take(&names, &name)) {
		if (name.kind != X509_NAME_URI)
			continue;
		uri = name.value;
		count++;
	}
	if (leaf->is_ca || count != 1 || !spiffe_id_parse(uri, &id) || id.path.len == 0)
		return false;
	*ret_id = id;
	return true;
}
