/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/access_record.h"

static const struct {
	uint16_t offset, room_bytes;
} places[ACCESS_TEXT_COUNT] = {
	[ACCESS_TEXT_SNI] = {0, ACCESS_SNI_BYTES},
	[ACCESS_TEXT_SUBJECT] = {ACCESS_SNI_BYTES, ACCESS_SUBJECT_BYTES},
	[ACCESS_TEXT_METHOD] = {ACCESS_SNI_BYTES + ACCESS_SUBJECT_BYTES, ACCESS_METHOD_BYTES},
	[ACCESS_TEXT_HOST] = {ACCESS_SNI_BYTES + ACCESS_SUBJECT_BYTES + ACCESS_METHOD_BYTES,
			      ACCESS_HOST_BYTES},
	[ACCESS_TEXT_TARGET] = {ACCESS_TEXT_BYTES - ACCESS_TARGET_BYTES, ACCESS_TARGET_BYTES},
};

void access_record_init(struct access_record *r)
{
	memset(r, 0, offsetof(struct access_record, text));
	r->listener_idx = r->pool_idx = ACCESS_IDX_NONE;
}

void access_record_set(struct access_record *r, enum access_text which, struct span value)
{
	size_t room = places[which].room_bytes;
	size_t len = value.len < room ? value.len : room;

	if (len > 0)
		memcpy(r->text + places[which].offset, value.p, len);
	r->text_len[which] = (uint16_t)(len + 1);
	r->text_cut = (uint8_t)(r->text_cut & ~(1u << which));
	if (len < value.len)
		r->text_cut |= (uint8_t)(1u << which);
}

bool access_record_text(const struct access_record *r, enum access_text which,
			struct span *ret_value)
{
	if (r->text_len[which] == 0)
		return false;
	*ret_value = span_of(r->text + places[which].offset, r->text_len[which] - 1u);
	return true;
}

bool access_record_is_cut(const struct access_record *r, enum access_text which)
{
	return (r->text_cut >> which & 1) != 0;
}
