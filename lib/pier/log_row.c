/*
 * Whether to compress, and how, measured on the log of a ship that booted
 * from brass 140 and was then typed at, 483 events:
 *
 *     bytes           events   level 1   3     6     19
 *     > 64 KiB             5   39 %      35 %  32 %  29 %
 *     100 to 64 KiB        5   37 %      35 %  33 %  31 %
 *     < 100              473   never shorter
 *     MB/s                     210       110   70    3
 *
 * and on pieces cut from its source files, level 3:
 *
 *     bytes      128     256     512    1024    2048    4096
 *     stored    89 %    71 %    59 %    51 %    44 %    41 %
 *     us         4.1     5.1      11     9.0      14      22
 *     us back    0.6     1.7     2.4     3.2     4.4     8.7
 *
 * So level 3, from 256 bytes on, kept if it saves a sixteenth; packets are
 * encrypted and never do.  The log of that ship, 7.37 MB of jams, takes 2.69.
 * It happens when the event is put: beside a commit, 4 ms for its fsync, all
 * of it is noise.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdlib.h>
#include <string.h>

#include "log_parts.h"

enum { ZSTD_LEVEL = 3, ZSTD_FROM = 256 };

/* -------- sums -------- */

static void
add(XXH3_state_t *s, const void *p, size_t n)
{
	XXH3_64bits_update(s, p, n);
}

/* As eight bytes, the lowest first. */
static void
add_number(XXH3_state_t *s, uint64_t v)
{
	uint8_t b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)(v >> 8 * i);
	add(s, b, sizeof b);
}

static void
add_text(XXH3_state_t *s, const char *t)
{
	add_number(s, strlen(t));
	add(s, t, strlen(t));
}

int64_t
log_sum_event(const struct log_event *e, uint64_t size, const void *p, size_t n)
{
	XXH3_state_t s;

	XXH3_64bits_reset(&s);
	add_number(&s, e->id);
	add_number(&s, (uint64_t)e->at);
	add_number(&s, e->mug);
	add_number(&s, size);
	add_text(&s, e->wire);
	add_text(&s, e->tag);
	add(&s, p, n);
	return (int64_t)XXH3_64bits_digest(&s);
}

int64_t
log_sum_piece(uint64_t id, uint64_t at, uint64_t size, const void *p, size_t n)
{
	XXH3_state_t s;

	XXH3_64bits_reset(&s);
	add_number(&s, id);
	add_number(&s, at);
	add_number(&s, size);
	add(&s, p, n);
	return (int64_t)XXH3_64bits_digest(&s);
}

int64_t
log_sum_fact(const char *key, const char *value)
{
	XXH3_state_t s;

	XXH3_64bits_reset(&s);
	add_text(&s, key);
	add_text(&s, value);
	return (int64_t)XXH3_64bits_digest(&s);
}

/* -------- rows -------- */

/* Compress the n bytes at p into to, if it pays; 0 if not. */
static size_t
squeeze(ZSTD_CCtx *zstd, uint8_t *to, const uint8_t *p, size_t n)
{
	size_t got;

	if (n < ZSTD_FROM)
		return 0;
	got = ZSTD_compressCCtx(zstd, to, n - n / 16, p, n, ZSTD_LEVEL);
	return ZSTD_isError(got) ? 0 : got;
}

static bool
piece_make(struct piece *to, ZSTD_CCtx *zstd, const uint8_t *p, size_t n)
{
	uint8_t *b = malloc(n), *less;
	size_t got;

	if (b == NULL)
		return false;
	got = squeeze(zstd, b, p, n);
	if (got && (less = realloc(b, got)) != NULL)
		b = less;
	if (!got)
		memcpy(b, p, n);
	*to = (struct piece){b, got ? got : n, n};
	return true;
}

/* The pieces of e. */
static bool
cut_up(struct row *r, ZSTD_CCtx *zstd, const struct log_event *e)
{
	size_t n = (e->n - 1) / LOG_PIECE + 1;

	r->piece = n == 1 ? &r->one : calloc(n, sizeof *r->piece);
	if (r->piece == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = e->jam + i * LOG_PIECE;
		size_t left = e->n - i * LOG_PIECE;

		if (!piece_make(r->piece + i, zstd, p,
		        left < LOG_PIECE ? left : LOG_PIECE))
			return false;
		r->pieces++;
	}
	return true;
}

struct row *
log_row_new(ZSTD_CCtx *zstd, const struct log_event *e)
{
	size_t wire = strlen(e->wire) + 1, tag = strlen(e->tag) + 1;
	struct row *r = malloc(sizeof *r + wire + tag);

	if (r == NULL)
		return NULL;
	*r = (struct row){.id = e->id,
	    .size = e->n,
	    .at = e->at,
	    .mug = e->mug,
	    .tag = r->wire + wire};
	memcpy(r->wire, e->wire, wire);
	memcpy(r->wire + wire, e->tag, tag);
	if (!cut_up(r, zstd, e)) {
		log_row_drop(r);
		return NULL;
	}
	return r;
}

void
log_row_drop(struct row *r)
{
	for (uint32_t i = 0; i < r->pieces; i++)
		free(r->piece[i].p);
	if (r->piece != &r->one)
		free(r->piece);
	free(r);
}

struct fact *
log_fact_new(const char *key, const char *value)
{
	size_t k = strlen(key) + 1, v = strlen(value) + 1;
	struct fact *f = malloc(sizeof *f + k + v);

	if (f == NULL)
		return NULL;
	f->next = NULL;
	f->value = f->key + k;
	memcpy(f->key, key, k);
	memcpy(f->key + k, value, v);
	return f;
}

/* -------- batches -------- */

void
log_batch_init(struct batch *b)
{
	*b = (struct batch){.end = &b->first, .facts_end = &b->facts};
}

void
log_batch_free(struct batch *b)
{
	struct row *r;
	struct fact *f;

	while ((r = b->first) != NULL) {
		b->first = r->next;
		log_row_drop(r);
	}
	while ((f = b->facts) != NULL) {
		b->facts = f->next;
		free(f);
	}
	log_batch_init(b);
}

void
log_batch_row(struct batch *b, struct row *r)
{
	*b->end = r;
	b->end = &r->next;
	b->last = r->id;
	for (uint32_t i = 0; i < r->pieces; i++)
		b->bytes += r->piece[i].n;
}

void
log_batch_fact(struct batch *b, struct fact *f)
{
	*b->facts_end = f;
	b->facts_end = &f->next;
}

bool
log_batch_empty(const struct batch *b)
{
	return b->first == NULL && b->facts == NULL;
}

void
log_batch_append(struct batch *b, struct batch *more)
{
	if (more->first) {
		*b->end = more->first;
		b->end = more->end;
		b->last = more->last;
	}
	if (more->facts) {
		*b->facts_end = more->facts;
		b->facts_end = more->facts_end;
	}
	b->bytes += more->bytes;
	log_batch_init(more);
}
