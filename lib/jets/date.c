#include "date.h"

#include <stdbool.h>

enum { CENTURY = 36524, ERA = 146097 }; /* days; an era is 400 years */

static bool
is_leap(uint64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned
month_days(unsigned month, bool leap)
{
	static const unsigned char days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month] + (leap && month == 1);
}

/* The first century of an era begins with a leap year, the others do not. */
struct date
date_of(uint64_t day)
{
	struct date d = {.year = day / ERA * 400};
	bool leap = true;
	unsigned n;

	day %= ERA;
	if (day > CENTURY) {
		day -= CENTURY + 1;
		d.year += 100 + day / CENTURY * 100;
		day %= CENTURY;
		leap = false;
	}
	for (; day >= (leap ? 366u : 365u); leap = d.year % 4 == 0) {
		day -= leap ? 366 : 365;
		d.year++;
	}
	while (day >= (n = month_days((unsigned)d.month, leap))) {
		day -= n;
		d.month++;
	}
	d.month++;
	d.day = day + 1;
	return d;
}

/* How many of the years before are divisible by n. */
static uint64_t
multiples(uint64_t year, uint64_t n)
{
	return (year + n - 1) / n;
}

uint64_t
date_day(const struct date *d)
{
	uint64_t day = d->day - 1 + d->year * 365;

	day += multiples(d->year, 4) - multiples(d->year, 100) +
	    multiples(d->year, 400);
	for (unsigned m = 0; m + 1 < d->month; m++)
		day += month_days(m, is_leap(d->year));
	return day;
}
