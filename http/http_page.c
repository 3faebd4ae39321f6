/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_page.h"

#include "base/assert.h"

#define DETAIL_BYTES_MAX 128 /* of each line shown; the rest is cut */

static const char *status_reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} reasons[] = {
		{400, "Bad Request"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{408, "Request Timeout"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{417, "Expectation Failed"},
		{421, "Misdirected Request"},
		{431, "Request Header Fields Too Large"},
		{501, "Not Implemented"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "";
}

static void put_line(struct outbuf *out, struct span label, struct span text)
{
	if (text.len == 0)
		return;
	text = span_head(text, DETAIL_BYTES_MAX);
	outbuf_put(out, label);
	for (size_t i = 0; i < text.len; i++)
		outbuf_putc(out, text.p[i] >= ' ' && text.p[i] <= '~' ? (char)text.p[i] : '?');
	outbuf_putc(out, '\n');
}

static void put_body(struct outbuf *out, const struct http_refusal_info *info,
		     const struct http_page_params *params)
{
	outbuf_put_u64(out, info->status);
	outbuf_putc(out, ' ');
	outbuf_puts(out, info->sentence);
	outbuf_putc(out, '\n');
	put_line(out, SPAN_LIT("reason: "),
		 params->detail.len > 0 ? params->detail : span_str(info->name));
	put_line(out, SPAN_LIT("request: "), params->request_id);
}

static void put_head(struct outbuf *out, const struct http_refusal_info *info, size_t body_bytes,
		     bool keep_alive)
{
	outbuf_puts(out, "HTTP/1.1 ");
	outbuf_put_u64(out, info->status);
	outbuf_putc(out, ' ');
	outbuf_puts(out, status_reason(info->status));
	outbuf_puts(out, "\r\nContent-Type: text/plain; charset=utf-8\r\n"
			 "X-Content-Type-Options: nosniff\r\n"
			 "Cache-Control: no-store\r\n");
	/* RFC 9110 section 15.5.6 demands the list. */
	if (info->status == 405)
		outbuf_puts(out, "Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH\r\n");
	outbuf_puts(out, "Content-Length: ");
	outbuf_put_u64(out, body_bytes);
	outbuf_puts(out, keep_alive ? "\r\nConnection: keep-alive\r\n\r\n"
				    : "\r\nConnection: close\r\n\r\n");
}

bool http_page_emit(struct outbuf *out, enum http_refusal why,
		    const struct http_page_params *params)
{
	const struct http_refusal_info *info = &http_refusal_infos[why];
	uint8_t page_mem[HTTP_PAGE_BYTES_MAX], body_mem[HTTP_PAGE_BYTES_MAX];
	struct outbuf page = outbuf_of(page_mem, sizeof(page_mem));
	struct outbuf body = outbuf_of(body_mem, sizeof(body_mem));

	put_body(&body, info, params);
	put_head(&page, info, body.len, params->keep_alive);
	if (!params->is_head)
		outbuf_put(&page, outbuf_span(&body));
	GW_ASSERT(!page.overflowed && !body.overflowed);
	if (page.len > outbuf_space(out))
		return false;
	return outbuf_put(out, outbuf_span(&page));
}
