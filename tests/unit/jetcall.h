/*
 * jetcall -- for tests: a jet called by itself, with no kernel around.
 */
#ifndef JETCALL_H
#define JETCALL_H

#include "bail.h"
#include "equal.h"
#include "gen.h"
#include "jet.h"
#include "limit.h"
#include "parse.h"

void
test_setup(void)
{
	struct nock_opts o = {.alarm = limit_alarm};

	if (heap_init(&(struct heap_opts){.limit = (size_t)1 << 28}) != 0)
		exit(111);
	nock_init(&o);
}

/* -------- calling -------- */

enum { PASS = 100, WORKS = 0 };

struct call {
	jet_fn *jet;
	noun sample, context, product;
};

static void
run(void *arg)
{
	struct call *c = arg;

	c->product = c->jet(c->sample, c->context);
}

/* WORKS with a product, PASS, or the kind of its bail. */
static inline int
call_in(jet_fn *jet, noun sample, noun context, noun *product)
{
	struct call c = {jet, sample, context, 0};
	enum bail kind = trap_run(run, &c);

	*product = c.product;
	if (kind != BAIL_NONE)
		return (int)kind;
	return c.product == JET_PASS ? PASS : WORKS;
}

/* A door of which only the sample counts. */
static inline noun
door(noun sample)
{
	return cons3(0, sample, 0);
}

static inline bool
gives(jet_fn *jet, noun sample, noun context, noun want)
{
	noun got;
	int how;

	stack_push(want); /* a jet that calls back may collect */
	how = call_in(jet, sample, context, &got);
	want = stack_pop();
	return how == WORKS && equal(got, want);
}

/* The same, of texts. */
static inline bool
is(jet_fn *jet, const char *sample, const char *want)
{
	return gives(jet, parse(sample), 0, parse(want));
}

static inline bool
ends(jet_fn *jet, noun sample, noun context, int how)
{
	noun got;

	return call_in(jet, sample, context, &got) == how;
}

/* It crashes as the Hoon does, by itself or by passing to it. */
static inline bool
crashes(jet_fn *jet, const char *sample)
{
	noun got;
	int how = call_in(jet, parse(sample), 0, &got);

	return how == PASS || how == BAIL_EXIT;
}

/* -------- making nouns -------- */

static unsigned
nibble(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* The atom of bytes, the first lowest, from their hexadecimal digits. */
static inline noun
hex(const char *s)
{
	uint8_t p[512];
	size_t n = strlen(s) / 2;

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(nibble(s[2 * i]) << 4 | nibble(s[2 * i + 1]));
	return atom_from_bytes(p, n);
}

static inline noun
octs(const void *p, size_t n)
{
	return cons(direct(n), atom_from_bytes(p, n));
}

static inline noun
cord_octs(const char *s)
{
	return octs(s, strlen(s));
}

#endif
