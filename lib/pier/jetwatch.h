/*
 * jetwatch -- the options about jets that every tool has which runs Nock:
 * whether they run, whether they are compared with their Hoon, what they
 * cost.
 *
 *     --no-jets[=PATH]      run the Hoon of these arms
 *     --check-jets[=PATH]   run both and compare; go on with the Hoon's answer
 *     --check-rate=N        check an arm's first 100 calls, for at most a tenth of
 *                           a second, then one in N
 *     --check-time=SECS     wait so long for the Hoon of a call; 1 second
 *     --check-dir=DIR       where the samples of differences go
 *     --jet-stats           tell in the end what jets cost, and what has none
 *
 * The first two may be given again.  PATH is that of an arm, "one add", or
 * the beginning of one.  It may leave out the layers of the library, as in
 * "add" and "by put", and may begin with a root's name, as reports have it,
 * "k140 one add".
 *
 * Some Hoon takes more than a lifetime (dec of 2^60): where it has not ended
 * in time the jet's answer stands, and is counted as unsure.
 *
 * A difference is a line on standard error, and the sample a file,
 * jet-PATH-N.jam, blanks in PATH as hyphens; a path and process has 20 of
 * each, the rest is counted.
 *
 *     JETWATCH_OPTIONS in the tool's table, after its own
 *     jetwatch_set() for each
 *     nock_init(); jetwatch_init();
 *     ...
 *     code = jetwatch_end(code);
 */
#ifndef JETWATCH_H
#define JETWATCH_H

#include <stdbool.h>

/* id, letter, word, value, help: as in struct tool_option. */
#define JETWATCH_OPTIONS(X)                                                 \
	X(NO_JETS, 0, "no-jets", "[=PATH]", "run Hoon itself, not its jets") \
	X(CHECK_JETS, 0, "check-jets", "[=PATH]",                           \
	    "compare jets with their Hoon")                                 \
	X(CHECK_RATE, 0, "check-rate", "N", "check one call in so many")    \
	X(CHECK_TIME, 0, "check-time", "SECS",                              \
	    "how long the Hoon of one call may take; 1")                    \
	X(CHECK_DIR, 0, "check-dir", "DIR",                                 \
	    "where samples of differences go; . if not given")              \
	X(JET_STATS, 0, "jet-stats", NULL, "tell what jets cost")

enum jetwatch_option {
#define X(id, letter, word, value, help) JETWATCH_##id,
	JETWATCH_OPTIONS(X)
#undef X
	    JETWATCH_N
};

/* Take one of them.  0, or -1 when it is wrong and that was said. */
int jetwatch_set(int option, const char *value);

/* Was --jet-stats given?  What several processes did it does not know. */
bool jetwatch_measures(void);

/*
 * Begin, after nock_init() and before a pool is made.  Jets run from here
 * on.  May bail meme.
 */
void jetwatch_init(void);

/* In a worker, after a job: let the parent know what was checked. */
void jetwatch_share(void);

/*
 * Tell the rest and end, before nock_free().  The exit code: `code`, or 1 if
 * that is 0 and there was a difference.
 */
int jetwatch_end(int code);

#endif
