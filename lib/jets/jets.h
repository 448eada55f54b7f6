/*
 * jets -- the dashboard: which core is which arm of Hoon's library, and the
 * C that runs in its place.
 *
 * A %fast hint registers a core by its battery, its name and the axis of
 * its parent, which is registered too; so each has a path of names from a
 * root, "k140 one two add", where the root's name has the kelvin.  A core
 * is the one of a path if its battery is, and its parent's, and so on up to
 * the root, which is one noun: all are compared, nothing is trusted for a
 * hash.  What was compared once is known again by its pointer until the
 * next collection, so that a call of a jet costs two comparisons.
 *
 * Jets hang on the formulas of arms (nock.h): a function that is no jet is
 * not asked, and costs nothing.
 *
 * One dashboard in a process, as there is one machine.  What is registered
 * lives as long as its battery does.  It is a noun, too (jets_save), to be
 * kept beside a kernel.
 */
#ifndef JETS_H
#define JETS_H

#include "noun.h"

/* Kelvins of roots; as bits, the jet table's sets of them. */
#define JETS_ROOTS(X) X(K140) X(K139) X(K138) X(K137) X(K136) X(K135) X(A50)

enum {
#define X(root) JETS_N_##root,
	JETS_ROOTS(X)
#undef X
	    JETS_N_ROOTS
};

enum jets_root {
#define X(root) root = 1 << JETS_N_##root,
	JETS_ROOTS(X)
#undef X
	    ALL = K140 | K139 | K138 | K137 | K136 | K135,

	/*
	 * A bit beside them: the jet is not its Hoon where Vere's is not and
	 * existing ships depend on it.  See doc/jets.md.
	 */
	QUIRK = 1 << JETS_N_ROOTS
};

/* From one kelvin down to another: all but what is before and after. */
#define K(first, last) \
	(ALL & ~((1 << (140 - (first))) - 1) & ((2 << (140 - (last))) - 1))

typedef noun jet_fn(noun sample, noun context);

/* A jet of an embedding program; its path begins with the root's name. */
struct jets_own {
	const char *path;
	uint64_t arm; /* an axis in the core, as jet.h says of payloads */
	jet_fn *jet;
};

/* A jet and its Hoon that gave different answers. */
struct jets_difference {
	const char *path;
	noun sample;    /* or [sample +<] with the sample of the door around */
	bool crash[2];  /* the jet's answer, and the Hoon's: a crash, or .. */
	noun answer[2]; /* .. a product */
};

struct jets_opts {
	/*
	 * Paths, or the beginnings of paths, without the root's name; ""
	 * means all.  Ended by NULL, which is also an empty list.
	 */
	const char *const *off;   /* do not use these jets */
	const char *const *check; /* run these and the Hoon, and compare */
	/*
	 * Check a jet once in so many calls, after its first 100 or a tenth
	 * of a second of checking it; 0 = every time.
	 */
	unsigned rate;
	/*
	 * Nanoseconds that the Hoon of one call may take, after which the
	 * jet's answer is not compared; 0 = no end.  Needs nock_opts.alarm.
	 */
	uint64_t patience;
	bool stats; /* measure: see jets_stats() */
	/* Must not collect. */
	void (*differ)(void *arg, const struct jets_difference *d);
	void *arg;
	const struct jets_own *own; /* ended by a NULL path */
};

/*
 * Begin, and end: after nock_init() and right before nock_free(), whose
 * formulas the jets hang on.  opts may be
 * NULL; what is in it stays the caller's, unchanged until jets_free().
 * May bail meme.
 */
void jets_init(const struct jets_opts *opts);
void jets_free(void);

/*
 * All that is registered, as a list of [battery root name parent axis], in
 * which parent is a place in the list from 1 on, or 0 for a root, whose
 * core is `root`; and that taken up again, what is registered already but
 * once.  Neither collects; both may bail meme.  What is no such list is
 * ignored from there on.
 */
noun jets_save(void);
void jets_load(noun saved);

/* A number that has grown when jets_save() would give something else. */
uint64_t jets_changes(void);

/*
 * Tell of each product of a memo jet's Hoon that cost `least` or more, which
 * the difference of two calls of `spent` says (a direct atom; time, or cells):
 * the arm's core and formula, of which it is *[subject formula].  What those
 * call in their turn is not told.
 */
struct jets_slow {
	uint64_t (*spent)(void);
	uint64_t least;
	/* Must not collect. */
	void (*tell)(void *arg, noun subject, noun formula, noun product);
	void *arg;
};

/* NULL: no longer. */
void jets_on_slow(const struct jets_slow *s);

struct jets_stat {
	const char *path;
	bool jetted;          /* else an arm that no jet is for */
	uint64_t calls, hits; /* hits: did not pass */
	uint64_t nanoseconds; /* in the jet and what it called; or, if not
	                          jetted, in the Hoon of this arm alone */
	uint64_t checks, differences; /* a quirk's differences are none */
	uint64_t unsure;              /* the Hoon took too long */
};

/* What was measured, each path once.  In no order. */
void jets_stats(void (*each)(void *arg, const struct jets_stat *s), void *arg);

/* The paths of registered cores that the table has jets for, and not. */
void jets_paths(
    void (*each)(void *arg, const char *path, bool jetted), void *arg);

/* Each line of the table: for manuals and reports. */
void jets_table(void (*each)(void *arg, const char *path, const char *name,
                    unsigned kelvins),
    void *arg);

#endif
