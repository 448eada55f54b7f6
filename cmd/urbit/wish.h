/*
 * wish -- what a client may want of a ship, each a function that asks for
 * it, shows what comes of it, and gives the exit code.
 *
 * They run under a trap, so they may bail.
 */
#ifndef WISH_H
#define WISH_H

#include <stdbool.h>
#include <stdint.h>

#include "form.h"

struct wish {
	const char *pier, *word;
	char **operands; /* n of them */
	int n;
	enum form to;     /* what a product is written as */
	bool raw;         /* or as the bytes that it stands for */
	const char *mark; /* --mark: of what a thread gives */
	bool khan;        /* -k: the Hoon is that of a thread */
	uint64_t limit;   /* on silence, in ns; 0 = none */
};

int wish_peek(const struct wish *w);
int wish_peel(const struct wish *w);
int wish_poke(const struct wish *w);
int wish_thread(const struct wish *w);
int wish_eval(const struct wish *w);
int wish_urth(const struct wish *w); /* w->word is what */
int wish_send(const struct wish *w);

#endif
