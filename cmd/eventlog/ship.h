/*
 * ship -- a pier for a tool: the machine, opening, computing what is in the
 * log, and words for what went wrong.
 *
 * Whatever gives an exit code has said what is wrong, when it is not 0.
 */
#ifndef SHIP_H
#define SHIP_H

#include "jetwatch.h"
#include "pier.h"

/* Options of all commands that compute: id, letter, word, value, help. */
#define SHIP_OPTIONS(X)                                                     \
	X(HEAP, 0, "heap", "SIZE", "use at most SIZE of memory, as 512M")   \
	X(LIMIT, 0, "limit-time", "SECS", "give up an event after so long") \
	JETWATCH_OPTIONS(X)

enum { SHIP_HEAP, SHIP_LIMIT, SHIP_JETS, SHIP_N = SHIP_JETS + JETWATCH_N };

/* Take one of them.  0, or -1 when it is wrong and that was said. */
int ship_set(int option, const char *value);

/* --limit-time; 0 = none. */
uint64_t ship_limit(void);

/*
 * Begin and end the machine; loud: what the kernel says, %slog, is shown.
 * Before: the options; after: nothing of it.  ship_end() gives the exit code, which is `code`, or jetwatch's.
 */
int ship_start(bool loud);
int ship_end(int code);

/* nock_opts.sample, to be set before ship_start(); or NULL. */
extern void (*ship_sample)(void *arg);

/* How a pier is opened. */
enum ship_way {
	SHIP_READ, /* pier_open() */
	SHIP_WRITE,
	SHIP_BARE /* pier_open_bare() */
};

/* Call pier_close() in any case. */
int ship_open(struct pier *p, const char *dir, enum ship_way way);

/* The same with pier_open_anew(). */
int ship_open_anew(struct pier *p, const char *dir, uint64_t most);

/* Say why a function of pier.h did not give PIER_OK; the exit code. */
int ship_failed(const char *dir, const struct pier *p, enum pier_got got);

/* The same of the log. */
int ship_log_failed(const char *dir, const struct log *l, enum log_got got);

/*
 * The log of a pier alone, to read.  Call log_close() in any case.
 */
int ship_log(struct log *l, const char *dir);

/*
 * Make the noun of a row, and give it to `use`, which may bail; NULL: only
 * see that there is one.  0, or the exit code when why is said.
 */
int ship_noun(
    const char *dir, const struct log_event *e, void (*use)(noun n));

/*
 * Computing the events of the log.  The kernel's mug is compared with the
 * log's; at the first difference it stops, as it was before that event.
 */
struct ship_run {
	uint64_t to;   /* the last; 0 = the log's */
	uint64_t from; /* compare from this event on; none before is saved */
	bool save;     /* make checkpoints, in the end and now and then */
	int differs;   /* the exit code of a difference; 0 = TOOL_NO */

	uint64_t events, ns; /* computed, and how long it took */
};

/*
 * Compute until `to` is done, with progress; or until the user stops it,
 * which gives TOOL_SYS.
 */
int ship_go(struct pier *p, const char *dir, struct ship_run *r);

/* A checkpoint, if there is anything new. */
int ship_save(struct pier *p, const char *dir);

/* Read all of the image of a pier that has one: is it whole? */
int ship_check_image(struct pier *p, const char *dir);

#endif
