/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_subtree.h"

#include "tls/trust/x509_name.h"

/* RFC 1035 section 2.3.4. */
#define LABEL_OCTETS_MAX 63
#define HOST_OCTETS_MAX 253
/* RFC 5321 section 4.5.3.1.1. */
#define LOCAL_PART_OCTETS_MAX 64
#define EMAIL_OCTETS_MAX (LOCAL_PART_OCTETS_MAX + 1 + HOST_OCTETS_MAX)
/* Longer than any scheme in use. */
#define SCHEME_OCTETS_MAX 32
#define PORT_DIGITS_MAX 5
#define AUTHORITY_OCTETS_MAX (HOST_OCTETS_MAX + 1 + PORT_DIGITS_MAX)

static bool is_letter(uint8_t c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The characters before the first c, all of them when there is none. */
static struct span before(struct span s, uint8_t c)
{
	size_t n = 0;

	while (n < s.len && s.p[n] != c)
		n++;
	return span_head(s, n);
}

/* Labels with single periods between them, in the characters of RFC 1034 section 3.5 and the
 * underscore that is in use. */
static bool is_host(struct span s)
{
	size_t label = 0;

	if (s.len == 0 || s.len > HOST_OCTETS_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '.' && label == 0)
			return false;
		label = s.p[i] == '.' ? 0 : label + 1;
		if (label > LABEL_OCTETS_MAX)
			return false;
		if (s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '_' && !is_letter(s.p[i]) &&
		    !is_digit(s.p[i]))
			return false;
	}
	return label > 0;
}

/* The last octets of s. */
static struct span tail(struct span s, size_t n)
{
	return span_skip(s, s.len - n);
}

/* name is more labels and then domain. */
static bool is_below(struct span name, struct span domain)
{
	return name.len > domain.len && name.p[name.len - domain.len - 1] == '.' &&
	       span_eq_nocase(tail(name, domain.len), domain);
}

static enum trust_within within_if(bool is_within)
{
	return is_within ? TRUST_WITHIN : TRUST_OUTSIDE;
}

static enum trust_within dns_holds(struct span base, struct span name)
{
	bool is_wildcard = name.len > 2 && name.p[0] == '*' && name.p[1] == '.';

	if (is_wildcard)
		name = span_skip(name, 2);
	if (!is_host(name) || (base.len > 0 && !is_host(base)))
		return TRUST_UNCLEAR;
	if (base.len == 0 || span_eq_nocase(name, base) || is_below(name, base))
		return TRUST_WITHIN;
	/* The base may be what the asterisk stands for. */
	if (is_wildcard && is_below(base, name) && before(base, '.').len == base.len - name.len - 1)
		return TRUST_UNCLEAR;
	return TRUST_OUTSIDE;
}

/* A base of hosts: one, or those below a domain that is written after a period. */
static enum trust_within host_holds(struct span base, struct span host)
{
	bool is_domain = base.len > 0 && base.p[0] == '.';
	struct span domain = is_domain ? span_skip(base, 1) : base;

	if (!is_host(domain))
		return TRUST_UNCLEAR;
	return within_if(is_domain ? is_below(host, domain) : span_eq_nocase(host, domain));
}

/* Atoms with periods (RFC 5322 section 3.2.3): in another form the same mailbox would have
 * several names. */
static bool is_local_part(struct span s)
{
	static const char marks[] = ".!#$%&'*+-/=?^_`{|}~";

	if (s.len == 0 || s.len > LOCAL_PART_OCTETS_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_letter(s.p[i]) && !is_digit(s.p[i]) &&
		    memchr(marks, s.p[i], sizeof(marks) - 1) == NULL)
			return false;
	}
	return true;
}

static bool mailbox_split(struct span s, struct span *ret_local, struct span *ret_host)
{
	*ret_local = before(span_head(s, LOCAL_PART_OCTETS_MAX + 1), '@');
	*ret_host = span_skip(s, ret_local->len + 1);
	return is_local_part(*ret_local) && is_host(*ret_host);
}

static enum trust_within email_holds(struct span base, struct span name)
{
	struct span local, host, base_local, base_host;

	if (base.len > EMAIL_OCTETS_MAX || !mailbox_split(name, &local, &host))
		return TRUST_UNCLEAR;
	if (before(base, '@').len == base.len)
		return host_holds(base, host);
	if (!mailbox_split(base, &base_local, &base_host))
		return TRUST_UNCLEAR;
	if (!span_eq_nocase(host, base_host) || !span_eq_nocase(local, base_local))
		return TRUST_OUTSIDE;
	/* Most hosts take both for one mailbox. */
	return span_eq(local, base_local) ? TRUST_WITHIN : TRUST_UNCLEAR;
}

/* RFC 3986 section 3.1; moves *uri behind the colon. */
static bool scheme_skip(struct span *uri)
{
	struct span scheme = before(span_head(*uri, SCHEME_OCTETS_MAX + 1), ':');

	if (scheme.len == 0 || scheme.len > SCHEME_OCTETS_MAX || !is_letter(scheme.p[0]))
		return false;
	for (size_t i = 1; i < scheme.len; i++) {
		if (!is_letter(scheme.p[i]) && !is_digit(scheme.p[i]) && scheme.p[i] != '+' &&
		    scheme.p[i] != '-' && scheme.p[i] != '.')
			return false;
	}
	*uri = span_skip(*uri, scheme.len + 1);
	return true;
}

static bool is_digits(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.p[i]))
			return false;
	}
	return true;
}

/* A host of two labels or more, the last of which no reader takes for the end of an IPv4
 * address. */
static bool is_qualified(struct span host)
{
	size_t last = 0;

	if (!is_host(host))
		return false;
	for (size_t i = 0; i < host.len; i++)
		last = host.p[i] == '.' ? i + 1 : last;
	return last > 0 && !is_digit(host.p[last]);
}

/* The host of a URI (RFC 3986 section 3.2); false when it has none that is a domain name, or
 * userinfo, which readers have split off at different places. */
static bool uri_host(struct span uri, struct span *ret_host)
{
	struct span authority, host, port;

	if (!scheme_skip(&uri) || !span_eq(span_head(uri, 2), SPAN_LIT("//")))
		return false;
	authority = span_head(span_skip(uri, 2), AUTHORITY_OCTETS_MAX + 1);
	authority = before(before(before(authority, '/'), '?'), '#');
	host = before(authority, ':');
	port = span_skip(authority, host.len + 1);
	if (!is_qualified(host) || port.len > PORT_DIGITS_MAX || !is_digits(port))
		return false;
	*ret_host = host;
	return true;
}

static enum trust_within uri_holds(struct span base, struct span name)
{
	struct span host;

	return uri_host(name, &host) ? host_holds(base, host) : TRUST_UNCLEAR;
}

static enum trust_within ip_holds(struct span base, struct span name)
{
	if (base.len != 2 * name.len)
		return TRUST_OUTSIDE; /* of the other version */
	for (size_t i = 0; i < name.len; i++) {
		if (((base.p[i] ^ name.p[i]) & base.p[name.len + i]) != 0)
			return TRUST_OUTSIDE;
	}
	return TRUST_WITHIN;
}

static enum trust_within directory_holds(struct span base, struct span name)
{
	switch (x509_name_within(base, name)) {
	case X509_DIFFERENT:
		return TRUST_OUTSIDE;
	case X509_ALIKE:
		return TRUST_WITHIN;
	case X509_UNCLEAR:
		break;
	}
	return TRUST_UNCLEAR;
}

enum trust_within trust_subtree_holds(const struct x509_general_name *base, struct span name)
{
	switch (base->kind) {
	case X509_NAME_EMAIL:
		return email_holds(base->value, name);
	case X509_NAME_DNS:
		return dns_holds(base->value, name);
	case X509_NAME_DIRECTORY:
		return directory_holds(base->value, name);
	case X509_NAME_URI:
		return uri_holds(base->value, name);
	case X509_NAME_IP:
		return ip_holds(base->value, name);
	case X509_NAME_OTHER:
	case X509_NAME_X400:
	case X509_NAME_EDI_PARTY:
	case X509_NAME_REGISTERED_ID:
		break;
	}
	return TRUST_UNCLEAR;
}
