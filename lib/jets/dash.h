/*
 * dash -- the dashboard's own state.  Private to lib/jets: dash.c registers
 * and finds, equip.c knows the table, watch.c compares and measures.
 */
#ifndef DASH_H
#define DASH_H

#include "jets.h"
#include "nock.h"

/* A line of the table, or of an embedding program's. */
struct entry {
	const char *path, *name;
	uint64_t arm;
	jet_fn *fn;
	unsigned kelvins;
	bool memo; /* fn gives a key: see jet_memo() */
};

/* A place in the library, by the cores that were registered as it. */
struct place {
	char *path;       /* "k140 one two add" */
	const char *bare; /* without the root's name */
	unsigned root;    /* its bit, or 0 */
	bool wanted;      /* there are jets for it, or for what is below it */
	uint32_t hash, bare_hash;
	struct place *next;
	struct jets_stat stat;
	uint64_t checking; /* nanoseconds spent comparing */
};

/* A registered core. */
struct label {
	noun battery; /* 0: no longer, or not yet, in use */
	noun root;    /* the core, if it is a root */
	noun seen;    /* a core that was found to be this; 0 = none */
	noun name, axis;
	uint32_t parent; /* a label's number; 0 for a root */
	uint32_t next;   /* of the same bucket; of the free ones */
	uint32_t mug;    /* of the battery */
	struct place *place;
};

/* A jet on a formula: an arm of a label. */
struct jet {
	struct nock_jet hook;
	const struct entry *entry; /* NULL: only measured */
	struct place *place;
	uint32_t label; /* 0: no longer in use */
	bool check;
	struct jet *next; /* of all */
};

struct dash {
	struct label *labels; /* number 0 is none */
	uint32_t n, room, free, live;
	uint32_t *buckets, mask;
	struct jet *jets;
	struct place *places;
	struct jets_opts opts;
	struct entry *own; /* of opts.own */
	uint64_t changes;  /* labels that came or went */
	size_t n_own;
};

extern struct dash dash;

/* Is [battery sample context] the core that a jet is for? */
bool dash_is(const struct jet *j, noun battery, noun sample, noun context);

/* The jet's function, or the memo's; as struct nock_jet has it. */
noun jet_call(struct jet *j, noun sample, noun context);

/* realloc(), or bail meme. */
void *dash_memory(void *old, size_t n);

/* -------- equip.c -------- */

/* Make the table ready, with the jets of an embedding program. */
void dash_table(void);

/* The place of a name below a label, or of a root's if that is 0. */
struct place *dash_place(uint32_t parent, noun name);

/* Give a new label its jets. */
void dash_equip(uint32_t label);

/* What a jet is hung on its formula with if it is watched: watch.c. */
void watch_jet(struct jet *j);

#endif
