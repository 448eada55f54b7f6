#define _GNU_SOURCE
#include "when.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"

#define SECOND INT64_C(1000000000)

/* ".5", of a second, in decimal: nanoseconds; moves *s behind it. */
static int64_t
read_decimals(const char **s)
{
	int64_t ns = 0, unit = SECOND;

	if (**s != '.')
		return 0;
	for (++*s; isdigit((unsigned char)**s); ++*s)
		ns += (**s - '0') * (unit /= 10);
	return ns;
}

static bool
from_unix(int64_t seconds, int64_t ns, uint64_t da[2])
{
	int64_t at;

	if (__builtin_mul_overflow(seconds, SECOND, &at) ||
	    __builtin_add_overflow(at, ns, &at))
		return false;
	log_da(at, da);
	return true;
}

static bool
read_unix(const char *s, uint64_t da[2])
{
	char *end;
	int64_t seconds = strtoll(s, &end, 10), ns;

	if (!isdigit((unsigned char)*s))
		return false;
	s = end;
	ns = read_decimals(&s);
	return *s == 0 && from_unix(seconds, ns, da);
}

/* A day of the calendar, and no other that it is taken for. */
static bool
from_calendar(struct tm *t, int64_t ns, uint64_t da[2])
{
	struct tm same = *t;
	time_t seconds = timegm(&same);

	return t->tm_mon == same.tm_mon && t->tm_mday == same.tm_mday &&
	    t->tm_hour == same.tm_hour && t->tm_min == same.tm_min &&
	    t->tm_sec == same.tm_sec && from_unix(seconds, ns, da);
}

/* Parts of a second, .8000.0001; moves *s behind them. */
static uint64_t
read_parts(const char **s)
{
	uint64_t parts = 0;
	unsigned shift = 64;

	if (strncmp(*s, "..", 2) != 0)
		return 0;
	for (++*s;
	     **s == '.' && isxdigit((unsigned char)(*s)[1]) && shift > 0;) {
		char *end;

		shift -= 16;
		parts |= (uint64_t)(strtoul(*s + 1, &end, 16) & 0xffff)
		    << shift;
		*s = end;
	}
	return parts;
}

static bool
read_hoon(const char *s, uint64_t da[2])
{
	struct tm t = {0};
	uint64_t parts;
	int n = 0;

	if (sscanf(s, "%d.%d.%d%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &n) < 3)
		return false;
	s += n;
	if (strncmp(s, "..", 2) == 0 && isdigit((unsigned char)s[2])) {
		if (sscanf(s, "..%d.%d.%d%n", &t.tm_hour, &t.tm_min, &t.tm_sec,
		        &n) < 3)
			return false;
		s += n;
	}
	parts = read_parts(&s);
	t.tm_year -= 1900;
	t.tm_mon--;
	if (*s || !from_calendar(&t, 0, da))
		return false;
	da[0] = parts;
	return true;
}

static bool
read_iso(const char *s, uint64_t da[2])
{
	struct tm t = {0};
	const char *end = strptime(s, "%Y-%m-%d", &t);
	int64_t ns;

	if (end && (*end == 'T' || *end == ' '))
		end = strptime(end + 1, "%H:%M:%S", &t);
	if (end == NULL)
		return false;
	ns = read_decimals(&end);
	if (*end == 'Z')
		end++;
	return *end == 0 && from_calendar(&t, ns, da);
}

bool
when_read(const char *s, uint64_t da[2])
{
	return *s == '@' ? read_unix(s + 1, da)
	    : *s == '~'  ? read_hoon(s + 1, da)
	                 : read_iso(s, da);
}

void
when_write(int64_t at, char to[WHEN_MAX])
{
	int64_t ns = at % SECOND;
	time_t seconds = at / SECOND - (ns < 0);
	struct tm t;
	size_t n;

	if (gmtime_r(&seconds, &t) == NULL) {
		strcpy(to, "?");
		return;
	}
	n = strftime(to, WHEN_MAX, "%Y-%m-%dT%H:%M:%S", &t);
	snprintf(
	    to + n, WHEN_MAX - n, ".%09dZ", (int)(ns < 0 ? ns + SECOND : ns));
}

void
when_tell(const uint64_t da[2], char to[WHEN_MAX])
{
	int64_t at = log_at(da);

	if (at == INT64_MIN || at == INT64_MAX)
		snprintf(to, WHEN_MAX, "a time %s",
		    at < 0 ? "before 1678" : "after 2262");
	else
		when_write(at, to);
}

void
when_now(uint64_t da[2])
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	log_da((int64_t)t.tv_sec * SECOND + t.tv_nsec, da);
}

enum when_got
when_after(uint64_t da[2], const uint64_t last[2])
{
	unsigned __int128 a = (unsigned __int128)da[1] << 64 | da[0];
	unsigned __int128 b = (unsigned __int128)last[1] << 64 | last[0];

	if (a > b)
		return WHEN_AS_IT_WAS;
	if (__builtin_add_overflow(b, UINT64_C(1) << 48, &b))
		return WHEN_NONE;
	da[0] = (uint64_t)b;
	da[1] = (uint64_t)(b >> 64);
	return WHEN_MOVED;
}
