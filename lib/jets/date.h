/*
 * date -- days and the calendar: the heart of ++yore and ++year.
 *
 * Days are counted from the first of the year 0 of Hoon's time, which is
 * DATE_YEAR_0 years before what people call 1 BC; the calendar is the
 * Gregorian one.  Nothing here allocates.
 */
#ifndef DATE_H
#define DATE_H

#include <stdint.h>

#define DATE_YEAR_0 UINT64_C(292277024400)

enum { DATE_DAY = 86400, DATE_HOUR = 3600, DATE_MINUTE = 60 };

struct date {
	uint64_t year;
	uint64_t month, day; /* from 1 on */
};

/* ++yall; and ++yawn, its other half, which takes any day from 1 on. */
struct date date_of(uint64_t day);
uint64_t date_day(const struct date *d);

#endif
