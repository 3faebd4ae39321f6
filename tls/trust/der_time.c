/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/der.h"

/* "YYMMDDHHMMSSZ" and "YYYYMMDDHHMMSSZ". */
#define UTC_TIME_CHARS 13
#define GENERALIZED_TIME_CHARS 15

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
	static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01 to the first of January of a year from 0 to 9999, in the proleptic
 * Gregorian calendar. */
static int64_t days_to_year(int year)
{
	int64_t y = year;

	/* Leap days of the years before this one; year 0 was one itself. */
	int64_t leaps = y > 0 ? (y - 1) / 4 - (y - 1) / 100 + (y - 1) / 400 + 1 : 0;

	return y * 365 + leaps - 719528; /* 719528: the same sum for 1970 */
}

/* Two decimal digits at p; -1 when they are not. */
static int two_digits(const uint8_t *p)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* "MMDDHHMMSSZ" within a year. */
static bool seconds_of(int year, const uint8_t *p, int64_t *ret_s)
{
	int month = two_digits(p), day = two_digits(p + 2), hour = two_digits(p + 4);
	int minute = two_digits(p + 6), second = two_digits(p + 8);
	int64_t days;

	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	if (p[10] != 'Z')
		return false;
	days = days_to_year(year) + day - 1;
	for (int m = 1; m < month; m++)
		days += days_in_month(year, m);
	*ret_s = ((days * 24 + hour) * 60 + minute) * 60 + second;
	return true;
}

bool der_take_time(struct span *in, int64_t *ret_s)
{
	struct span rest = *in;
	struct der_element time;
	int century, year;

	if (!der_take_any(&rest, &time))
		return false;
	if (time.tag == DER_UTC_TIME && time.body.len == UTC_TIME_CHARS) {
		year = two_digits(time.body.p);
		century = year >= 50 ? 19 : 20; /* RFC 5280 section 4.1.2.5.1 */
	} else if (time.tag == DER_GENERALIZED_TIME && time.body.len == GENERALIZED_TIME_CHARS) {
		century = two_digits(time.body.p);
		time.body = span_skip(time.body, 2);
		year = two_digits(time.body.p);
	} else {
		return false;
	}
	if (century < 0 || year < 0)
		return false;
	if (!seconds_of(century * 100 + year, time.body.p + 2, ret_s))
		return false;
	*in = rest;
	return true;
}
