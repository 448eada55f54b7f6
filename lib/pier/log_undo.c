/*
 * Putting chopped events back.  What is in the other log is believed only
 * when all of it was read and it is what was taken out of this one; it is
 * removed only when all of it is in this one, on the disk.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log_parts.h"

/* Both logs have this event: is it the same? */
static enum log_got
same_event(struct log *l, struct log *other, uint64_t id)
{
	char here[LOG_TIE_MAX], there[LOG_TIE_MAX];
	enum log_got got = log_tie(l, id, here);

	if (got != LOG_OK)
		return got;
	if ((got = log_tie(other, id, there)) != LOG_OK)
		return log_say(l->why, got, "the log of chopped events: %.180s",
		    other->why);
	if (strcmp(here, there) == 0)
		return LOG_OK;
	return log_say(l->why, LOG_BAD,
	    "the log of chopped events has another event %llu",
	    (unsigned long long)id);
}

static enum log_got
check_rows(struct log *l, struct log *other)
{
	struct log_cursor c;
	struct log_event e;
	enum log_got got = log_seek(other, &c, NULL);

	while (got == LOG_OK && (got = log_next(&c, &e)) == LOG_OK)
		if (e.id >= l->first && e.id <= l->last)
			got = same_event(l, other, e.id);
	log_leave(&c);
	if (got == LOG_END)
		return LOG_OK;
	if (other->why[0])
		log_say(l->why, got, "the log of chopped events: %.180s",
		    other->why);
	return got;
}

/* Is it whole, and of this log? */
static enum log_got
fits(struct log *l, struct log *other)
{
	enum log_got got;

	if (other->first > other->last)
		return l->first == 1 ? LOG_END
		                     : log_say(l->why, LOG_BAD,
		                           "the log of chopped events is "
		                           "empty");
	if (other->last > l->last)
		return log_say(l->why, LOG_BAD,
		    "the log of chopped events ends at %llu, this one at %llu",
		    (unsigned long long)other->last,
		    (unsigned long long)l->last);
	if ((got = log_tied(l, other)) != LOG_OK)
		return got;
	return check_rows(l, other);
}

/*
 * As long as this log begins with event 1 nothing has left it, whatever a
 * chop that was killed has made of the other.
 */
static enum log_got
undo(struct log *l, const char *file)
{
	struct log other = {0};
	enum log_got got;
	uint64_t from;

	if (access(file, F_OK) < 0)
		return log_sys_failed(
		    l->why, "opening the log of chopped events");
	got = log_chopped_open(
	    l, &other, file, l->first == 1 ? LOG_CREATE : LOG_WRITE);
	if (got == LOG_OK)
		got = fits(l, &other);
	from = other.first;
	log_close(&other);
	if (got == LOG_OK && from < l->first)
		got = log_copy_in(l, file, from, l->first - 1);
	if (got != LOG_OK && got != LOG_END)
		return got;
	if (log_erase(l, file) != LOG_OK)
		return LOG_SYS;
	return got == LOG_OK
	    ? LOG_OK
	    : log_say(l->why, LOG_NONE, "no events were chopped");
}

enum log_got
log_chop_undo(struct log *l)
{
	return log_with_chopped(l, undo);
}

static enum log_got
look(struct log *l, const char *file, uint64_t ends[2])
{
	struct log other = {0};
	enum log_got got;

	if (access(file, F_OK) < 0)
		return log_sys_failed(
		    l->why, "opening the log of chopped events");
	got = log_chopped_open(l, &other, file, LOG_READ);
	ends[0] = other.first;
	ends[1] = other.last;
	log_close(&other);
	if (got == LOG_OK && ends[0] > ends[1])
		got = log_say(
		    l->why, LOG_BAD, "the log of chopped events is empty");
	return got;
}

enum log_got
log_chopped(struct log *l, uint64_t ends[2])
{
	char *file = log_chopped_name(l->own->file);
	enum log_got got;

	if (file == NULL)
		return log_sys_failed(l->why, "chopping");
	got = look(l, file, ends);
	free(file);
	return got;
}
