/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/http/reread.h"

#include <llhttp.h>

#include "base/assert.h"

/* A span that llhttp reports in several pieces. */
static void extend(struct span *s, const char *at, size_t len)
{
	if (s->len == 0)
		s->p = (const uint8_t *)at;
	GW_ASSERT(s->p + s->len == (const uint8_t *)at);
	s->len += len;
}

static int on_begin(llhttp_t *p)
{
	struct reread *r = p->data;

	r->begun++;
	return 0;
}

static int on_url(llhttp_t *p, const char *at, size_t len)
{
	struct reread *r = p->data;

	extend(&r->url, at, len);
	return 0;
}

static int on_field(llhttp_t *p, const char *at, size_t len)
{
	struct reread *r = p->data;

	if (r->begun == 1 && !r->in_body && r->header_count < REREAD_HEADERS_MAX)
		extend(&r->headers[r->header_count].name, at, len);
	return 0;
}

static int on_value(llhttp_t *p, const char *at, size_t len)
{
	struct reread *r = p->data;

	if (r->begun == 1 && !r->in_body && r->header_count < REREAD_HEADERS_MAX)
		extend(&r->headers[r->header_count].value, at, len);
	return 0;
}

static int on_value_complete(llhttp_t *p)
{
	struct reread *r = p->data;

	r->header_count += r->begun == 1 && !r->in_body;
	return 0;
}

static int on_head(llhttp_t *p)
{
	struct reread *r = p->data;

	r->in_body = true;
	r->status = p->status_code;
	return r->is_bodyless;
}

static int on_body(llhttp_t *p, const char *at, size_t len)
{
	struct reread *r = p->data;

	GW_ASSERT(r->body_bytes + len <= REREAD_BODY_MAX);
	memcpy(r->body + r->body_bytes, at, len);
	r->body_bytes += len;
	return 0;
}

static int on_complete(llhttp_t *p)
{
	struct reread *r = p->data;

	r->complete++;
	return 0;
}

bool reread_message(struct span msg, bool is_response, bool is_bodyless, bool eof,
		    struct reread *ret)
{
	const llhttp_settings_t settings = {
		.on_message_begin = on_begin,
		.on_url = on_url,
		.on_header_field = on_field,
		.on_header_value = on_value,
		.on_header_value_complete = on_value_complete,
		.on_headers_complete = on_head,
		.on_body = on_body,
		.on_message_complete = on_complete,
	};
	llhttp_t p;
	llhttp_errno_t err;

	memset(ret, 0, sizeof(*ret));
	ret->is_bodyless = is_bodyless;
	llhttp_init(&p, is_response ? HTTP_RESPONSE : HTTP_REQUEST, &settings);
	p.data = ret;
	err = llhttp_execute(&p, (const char *)msg.p, msg.len);
	if (err == HPE_OK && eof)
		err = llhttp_finish(&p);
	return err == HPE_OK && ret->begun == 1 && ret->complete == 1;
}

static struct span trim_end(struct span s)
{
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

void reread_same_headers(const struct reread *r, struct span lines)
{
	struct http_header h;
	unsigned i = 0;

	while (http_headers_next(&lines, &h)) {
		GW_ASSERT(i < r->header_count && i < REREAD_HEADERS_MAX);
		GW_ASSERT(span_eq(h.name, r->headers[i].name));
		GW_ASSERT(span_eq(h.value, trim_end(r->headers[i].value)));
		i++;
	}
	GW_ASSERT(lines.len == 0 && i == r->header_count);
}
