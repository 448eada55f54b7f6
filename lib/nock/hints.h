/*
 * hints -- the hints that the machine knows: the one list of them, from
 * which the compiler, the disassembler and doc/hints.5 are made.
 *
 * X(NAME, "name", kind, meaning).  A hint that is not here, or not in the
 * form said, is transparent: the clue of a dynamic hint is still computed,
 * and its crash is a crash.
 */
#ifndef HINTS_H
#define HINTS_H

#define NOCK_HINTS(X) \
	X(SPOT, "spot", TRACE, \
	    "dynamic: the clue, a place in a source, is on the trace while " \
	    "the body runs") \
	X(MEAN, "mean", TRACE, \
	    "dynamic: the clue, a tank or what makes one, is on the trace " \
	    "while the body runs") \
	X(HUNK, "hunk", TRACE, "dynamic: as mean, for a path that was asked for") \
	X(LOSE, "lose", TRACE, "dynamic: as mean, for a cord") \
	X(SLOG, "slog", SLOG, \
	    "dynamic: the clue, [priority tank], is told before the body runs") \
	X(MEMO, "memo", MEMO, \
	    "dynamic: the product is kept by formula and subject, and not " \
	    "computed again while it is kept") \
	X(FAST, "fast", FAST, \
	    "dynamic: the clue names the product, a core, for which there may " \
	    "be native code: see jets(5)") \
	X(BOUT, "bout", WRAP, \
	    "either: how long the body took is reported; the clue is " \
	    "[priority tank]") \
	X(MEME, "meme", WRAP, "either: the memory in use is reported before the body") \
	X(XRAY, "xray", WRAP, "either: the bytecode of the body is reported before it") \
	X(NARA, "nara", WRAP, "either: the trace is reported before the body") \
	X(HELA, "hela", WRAP, "either: the same") \
	X(LOOP, "loop", WRAP, \
	    "either: the body on this subject, begun again inside itself, " \
	    "bails fail") \
	X(JINX, "jinx", WRAP, \
	    "dynamic: the clue is a time limit for the body, as a @dr; past " \
	    "it, it bails time") \
	X(SPIN, "spin", WRAP, "dynamic: the clue, a cord, is shown while the body runs") \
	X(LIVE, "live", NONE, "nothing: a profile label, and profiles are sampled here") \
	X(CASH, "cash", NONE, "nothing: the memo cache needs no report") \
	X(DROP, "drop", NONE, "nothing: the memo cache is bounded and drops by itself") \
	X(GERM, "germ", NONE, "nothing") \
	X(SOLE, "sole", NONE, "nothing: equal nouns are merged where they are compared")

enum hint_kind {
	HINT_NONE,
	HINT_TRACE, /* TPUSH body TPOP */
	HINT_SLOG,  /* SLOG body */
	HINT_MEMO,  /* MEMO body KEEP */
	HINT_FAST,  /* body FAST */
	HINT_WRAP   /* ENTER body LEAVE: hint.c does the rest */
};

enum hint {
#define X(name, word, kind, meaning) HINT_NAME_##name,
	NOCK_HINTS(X)
#undef X
	HINTS
};

#endif
