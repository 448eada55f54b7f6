/*
 * slaw_time -- dates and durations as ++slaw reads them; scot.c writes them.
 *
 * At kelvin 135 months and days may have a zero in front.
 */
#include "atom.h"
#include "date.h"
#include "slaw.h"

/* "..8000.0001" at the end; at most four parts fit below a second. */
static enum slaw_answer
read_fraction(struct slaw_text *t, uint64_t *fraction)
{
	uint8_t d[4];

	*fraction = 0;
	if (t->p == t->end)
		return READ;
	if (!take(t, '.'))
		return NONE;
	for (int i = 3; t->p < t->end; i--) {
		if (!slaw_next_group(t, &slaw_hex, d))
			return NONE;
		if (i < 0)
			return PASS;
		for (int j = 0; j < 4; j++)
			*fraction |= (uint64_t)d[j] << (i * 4 + 3 - j) * 4;
	}
	return t->p[-1] == '.' ? NONE : READ;
}

static noun
moment(uint64_t seconds, uint64_t fraction)
{
	uint64_t limbs[] = {fraction, seconds};

	return atom_from_limbs(limbs, 2);
}

/* 1 to 12; a zero in front is up to the kelvin. */
static enum slaw_answer
read_month(struct slaw_text *t, bool zeros, uint64_t *month)
{
	bool zero = zeros && take(t, '0');
	char c = peek(t);

	if (c < '1' || c > '9')
		return NONE;
	t->p++;
	*month = (uint64_t)(c - '0');
	if (!zero && c == '1' && peek(t) >= '0' && peek(t) <= '2')
		*month = 10 + (uint64_t)(*t->p++ - '0');
	return READ;
}

/* Any number but zero, of any length; with a zero in front, one digit. */
static enum slaw_answer
read_day(struct slaw_text *t, bool zeros, uint64_t *day)
{
	bool zero = zeros && take(t, '0');
	char c = peek(t);

	if (c < '1' || c > '9')
		return NONE;
	if (!zero)
		return slaw_small(t, day) < 0 ? PASS : READ;
	t->p++;
	*day = (uint64_t)(c - '0');
	return READ;
}

/* "2024-": the year in Hoon's count. */
static enum slaw_answer
read_year(struct slaw_text *t, uint64_t *year)
{
	bool before;
	int n;

	if (peek(t) == '0') {
		t->p++;
		*year = 0;
	} else if ((n = slaw_small(t, year)) <= 0) {
		return n < 0 ? PASS : NONE;
	}
	before = take(t, '-');
	if (*year >= DATE_YEAR_0 / 2 || (before && *year == 0))
		return PASS;
	*year = before ? DATE_YEAR_0 + 1 - *year : DATE_YEAR_0 + *year;
	return READ;
}

static enum slaw_answer
read_clock(struct slaw_text *t, uint64_t *seconds)
{
	uint64_t part[3];

	*seconds = 0;
	if (t->p == t->end)
		return READ;
	if (!take(t, '.'))
		return NONE;
	for (int i = 0; i < 3; i++) {
		int n;

		if (!take(t, '.'))
			return NONE;
		if ((n = slaw_small(t, &part[i])) <= 0)
			return n < 0 ? PASS : NONE;
	}
	*seconds = part[0] * DATE_HOUR + part[1] * DATE_MINUTE + part[2];
	return READ;
}

static enum slaw_answer
read_calendar(struct slaw_text *t, bool zeros, struct date *d)
{
	enum slaw_answer a;

	if (!take(t, '~'))
		return NONE;
	if ((a = read_year(t, &d->year)) != READ)
		return a;
	if (!take(t, '.'))
		return NONE;
	if ((a = read_month(t, zeros, &d->month)) != READ)
		return a;
	return take(t, '.') ? read_day(t, zeros, &d->day) : NONE;
}

static enum slaw_answer
read_moment(struct slaw_text *t, bool zeros, noun *out)
{
	uint64_t seconds, fraction;
	struct date d;
	enum slaw_answer a;

	if ((a = read_calendar(t, zeros, &d)) != READ)
		return a;
	if ((a = read_clock(t, &seconds)) != READ)
		return a;
	if ((a = read_fraction(t, &fraction)) != READ)
		return a;
	*out = moment(date_day(&d) * DATE_DAY + seconds, fraction);
	return READ;
}

enum slaw_answer
slaw_date(struct slaw_text *t, noun *out)
{
	return read_moment(t, true, out);
}

enum slaw_answer
slaw_date_136(struct slaw_text *t, noun *out)
{
	return read_moment(t, false, out);
}

/* "d1": in seconds. */
static enum slaw_answer
read_part(struct slaw_text *t, uint64_t *v)
{
	static const char names[] = "dhms";
	static const uint64_t unit[] = {DATE_DAY, DATE_HOUR, DATE_MINUTE, 1};
	const char *name = peek(t) ? strchr(names, peek(t)) : NULL;
	int n;

	if (name == NULL)
		return NONE;
	t->p++;
	*v = 0;
	if (take(t, '0'))
		return READ;
	if ((n = slaw_small(t, v)) <= 0)
		return n < 0 ? PASS : NONE;
	*v *= unit[name - names];
	return READ;
}

/* Parts in any order, any number of times. */
enum slaw_answer
slaw_duration(struct slaw_text *t, noun *out)
{
	uint64_t seconds = 0, fraction, v;
	enum slaw_answer a;

	if (!take(t, '~'))
		return NONE;
	for (;;) {
		if ((a = read_part(t, &v)) != READ)
			return a;
		if (__builtin_add_overflow(seconds, v, &seconds))
			return PASS;
		if (t->end - t->p < 2 || t->p[0] != '.' || t->p[1] == '.')
			break;
		t->p++;
	}
	if ((a = read_fraction(t, &fraction)) != READ)
		return a;
	*out = moment(seconds, fraction);
	return READ;
}
