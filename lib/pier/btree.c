#include "btree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	HEAD = 16, /* of a page */
	META_END = 152,
	NODE = 8, /* of a node, before its key */
	TREE = 48,
	PAGE_MIN = 512,
	PAGE_MAX = 32768
};

enum { BRANCH = 1, LEAF = 2, OVERFLOW = 4, META = 8 }; /* kinds of pages */
enum { BIG = 1, SUBTREE = 2, DUPLICATES = 4 };         /* flags of nodes */

static const uint32_t magic = 0xbeefc0de;

/* -------- numbers -------- */

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t
get32(const uint8_t *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t
get64(const uint8_t *p)
{
	return get32(p) | (uint64_t)get32(p + 4) << 32;
}

/* -------- pages -------- */

static enum btree_got
bad(struct btree_file *f, uint64_t page, const char *why)
{
	snprintf(f->why, sizeof f->why, "page %" PRIu64 ": %s", page, why);
	return BTREE_BAD;
}

/* n bytes from this page on.  BTREE_GOT, or BTREE_BAD or BTREE_SYS. */
static enum btree_got
read_at(struct btree_file *f, uint64_t page, uint8_t *to, size_t n)
{
	uint64_t at = page * f->page;

	while (n > 0) {
		ssize_t k = pread(f->fd, to, n, (off_t)at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return BTREE_SYS;
		if (k == 0)
			return bad(f, page, "the file ends before it does");
		to += k;
		at += (uint64_t)k;
		n -= (size_t)k;
	}
	return BTREE_GOT;
}

static bool
is_page(const uint8_t *p, uint64_t number, unsigned kind)
{
	return get64(p) == number && get16(p + 10) == kind;
}

/* -------- the file -------- */

static bool
get_tree(struct btree *t, const uint8_t *p)
{
	t->depth = get16(p + 6);
	t->entries = get64(p + 32);
	t->root = get64(p + 40);
	return t->depth <= BTREE_DEPTH_MAX &&
	    (t->depth == 0) == (t->entries == 0);
}

/* One of the two metas into f; the first one gives the size of a page. */
static enum btree_got
get_meta(struct btree_file *f, unsigned page)
{
	uint8_t p[META_END];
	enum btree_got got = read_at(f, page, p, sizeof p);
	size_t size;

	if (got != BTREE_GOT)
		return got;
	if (!is_page(p, page, META) || get32(p + HEAD) != magic)
		return bad(f, page, "this is no LMDB file");
	if (get32(p + HEAD + 4) != 1)
		return bad(f, page, "an LMDB format other than 1");
	size = get32(p + 40);
	if (size < PAGE_MIN || size > PAGE_MAX || (size & (size - 1)) != 0 ||
	    (page > 0 && size != f->page))
		return bad(f, page, "not a size that pages have");
	if (!get_tree(&f->names, p + 88))
		return bad(f, page, "damaged");
	f->page = size;
	f->last = get64(p + 136);
	f->transaction = get64(p + 144);
	return BTREE_GOT;
}

/* f is page 0 and odd is page 1: let f be the newer. */
static enum btree_got
choose(struct btree_file *f, const struct btree_file *odd)
{
	uint64_t zero = f->transaction, one = odd->transaction;

	if (zero % 2 != 0 || (one % 2 == 0 && one != 0) ||
	    (one != zero + 1 && zero != one + 1 && (zero | one) != 0))
		return bad(f, 0, "not of successive transactions with page 1");
	if (one > zero)
		*f = *odd;
	return BTREE_GOT;
}

enum btree_got
btree_init(struct btree_file *f, int fd)
{
	struct btree_file odd;
	enum btree_got got;
	struct stat st;

	*f = (struct btree_file){.fd = fd};
	if (fstat(fd, &st) < 0)
		return BTREE_SYS;
	f->bytes = (uint64_t)st.st_size;
	if ((got = get_meta(f, 0)) != BTREE_GOT)
		return got;
	odd = *f;
	if ((got = get_meta(&odd, 1)) == BTREE_GOT)
		return choose(f, &odd);
	memcpy(f->why, odd.why, sizeof f->why);
	return got;
}

bool
btree_changed(const struct btree_file *f)
{
	struct btree_file now;

	return btree_init(&now, f->fd) != BTREE_GOT ||
	    now.transaction != f->transaction;
}

/* -------- a place in a tree -------- */

static uint8_t *
page_of(const struct btree_cursor *c, unsigned level)
{
	return c->pages + level * c->f->page;
}

static uint64_t
number_of(const struct btree_cursor *c, unsigned level)
{
	return get64(page_of(c, level));
}

/* Node i of the page of a level, with all of its key; NULL if it is bad. */
static const uint8_t *
node(const struct btree_cursor *c, unsigned level, unsigned i)
{
	const uint8_t *p = page_of(c, level);
	size_t at = get16(p + HEAD + 2 * i);

	if (at < HEAD + 2 * (size_t)c->count[level] || at > c->f->page - NODE ||
	    get16(p + at + 6) > c->f->page - NODE - at)
		return NULL;
	return p + at;
}

/* Read a page of the tree, as that of a level. */
static enum btree_got
enter(struct btree_cursor *c, unsigned level, uint64_t page)
{
	uint8_t *p = page_of(c, level);
	unsigned kind = level + 1 == c->tree.depth ? LEAF : BRANCH;
	enum btree_got got;
	size_t lower;

	if (page > c->f->last || page < 2)
		return bad(c->f, page, "there is no such page");
	if ((got = read_at(c->f, page, p, c->f->page)) != BTREE_GOT)
		return got;
	if (!is_page(p, page, kind))
		return bad(c->f, page, "not of the kind that it should be");
	lower = get16(p + 12);
	if (lower < HEAD + 2 || lower > c->f->page)
		return bad(c->f, page, "not a size that its head can have");
	c->count[level] = (unsigned)(lower - HEAD) / 2;
	c->at[level] = 0;
	return BTREE_GOT;
}

/* The page below the node where a level, a branch, stands. */
static enum btree_got
enter_below(struct btree_cursor *c, unsigned level)
{
	const uint8_t *n = node(c, level, c->at[level]);

	if (n == NULL)
		return bad(c->f, number_of(c, level), "a node outside of it");
	return enter(c, level + 1, get32(n) | (uint64_t)get16(n + 4) << 32);
}

/* The value of n bytes is in overflow pages. */
static enum btree_got
get_big(struct btree_cursor *c, uint64_t page, size_t n)
{
	uint64_t pages = (HEAD + (uint64_t)n + c->f->page - 1) / c->f->page;
	uint8_t *grown, head[HEAD];
	enum btree_got got;

	if (page < 2 || page > c->f->last || pages - 1 > c->f->last - page ||
	    n > c->f->bytes)
		return bad(c->f, page, "there are no such pages");
	if ((got = read_at(c->f, page, head, sizeof head)) != BTREE_GOT)
		return got;
	if (!is_page(head, page, OVERFLOW) || get32(head + 12) < pages)
		return bad(c->f, page, "not what a value is kept in");
	if (c->big_room < HEAD + n) {
		if ((grown = realloc(c->big, HEAD + n)) == NULL)
			return BTREE_SYS;
		c->big = grown;
		c->big_room = HEAD + n;
	}
	c->value = c->big + HEAD;
	return read_at(c->f, page, c->big, HEAD + n);
}

/* Set key and value to those of the leaf's node where the cursor stands. */
static enum btree_got
take(struct btree_cursor *c)
{
	unsigned leaf = c->tree.depth - 1;
	const uint8_t *n = node(c, leaf, c->at[leaf]),
	              *end = page_of(c, leaf) + c->f->page;
	unsigned flags;
	size_t room;

	if (n == NULL)
		return bad(c->f, number_of(c, leaf), "a node outside of it");
	flags = get16(n + 4);
	c->value_n = get32(n);
	c->key_n = get16(n + 6);
	c->key = n + NODE;
	c->value = c->key + c->key_n;
	room = (size_t)(end - c->value);
	if ((flags & BIG ? 8 : c->value_n) > room || (flags & DUPLICATES))
		return bad(c->f, number_of(c, leaf), "a value outside of it");
	return flags & BIG ? get_big(c, get64(c->value), c->value_n)
	                   : BTREE_GOT;
}

/* Down to a leaf from where a level stands, to the first or the last. */
static enum btree_got
descend(struct btree_cursor *c, unsigned level, bool last)
{
	enum btree_got got;

	for (;; level++) {
		if (last)
			c->at[level] = c->count[level] - 1;
		if (level + 1 == c->tree.depth)
			return take(c);
		if ((got = enter_below(c, level)) != BTREE_GOT)
			return got;
	}
}

/* The root of t is entered.  BTREE_NONE: there is nothing in it. */
static enum btree_got
begin(struct btree_cursor *c, struct btree_file *f, const struct btree *t)
{
	btree_free(c);
	c->f = f;
	c->tree = *t;
	if (t->depth == 0)
		return BTREE_NONE;
	if (t->entries > f->bytes / NODE)
		return bad(f, t->root, "more entries than there is room for");
	if ((c->pages = malloc(t->depth * f->page)) == NULL)
		return BTREE_SYS;
	return enter(c, 0, t->root);
}

enum btree_got
btree_first(struct btree_cursor *c, struct btree_file *f, const struct btree *t)
{
	enum btree_got got = begin(c, f, t);

	return got == BTREE_GOT ? descend(c, 0, false) : got;
}

enum btree_got
btree_last(struct btree_cursor *c, struct btree_file *f, const struct btree *t)
{
	enum btree_got got = begin(c, f, t);

	return got == BTREE_GOT ? descend(c, 0, true) : got;
}

enum btree_got
btree_next(struct btree_cursor *c)
{
	unsigned level = c->tree.depth;
	enum btree_got got;

	while (level > 0 && c->at[level - 1] + 1 == c->count[level - 1])
		level--;
	if (level-- == 0)
		return BTREE_NONE;
	c->at[level]++;
	if (level + 1 == c->tree.depth)
		return take(c);
	if ((got = enter_below(c, level)) != BTREE_GOT)
		return got;
	return descend(c, level + 1, false);
}

/*
 * In the page of a level, stand at the last node whose key is at most this
 * number, in a leaf at the first that is at least: count[level] if none is.
 */
static enum btree_got
search(struct btree_cursor *c, unsigned level, uint64_t number)
{
	bool leaf = level + 1 == c->tree.depth;
	unsigned low = leaf ? 0 : 1, high = c->count[level];

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		const uint8_t *n = node(c, level, middle);
		uint64_t key;

		if (n == NULL || get16(n + 6) != 8)
			return bad(
			    c->f, number_of(c, level), "a key that is none");
		key = get64(n + NODE);
		if (key < number || (!leaf && key == number))
			low = middle + 1;
		else
			high = middle;
	}
	c->at[level] = leaf ? low : low - 1;
	return BTREE_GOT;
}

enum btree_got
btree_number(struct btree_cursor *c, struct btree_file *f,
    const struct btree *t, uint64_t number)
{
	enum btree_got got = begin(c, f, t);
	unsigned level = 0;

	for (; got == BTREE_GOT; level++) {
		got = search(c, level, number);
		if (got != BTREE_GOT || level + 1 == t->depth)
			break;
		got = enter_below(c, level);
	}
	if (got != BTREE_GOT)
		return got;
	if (c->at[level] < c->count[level])
		return take(c);
	c->at[level]--;
	return btree_next(c);
}

enum btree_got
btree_find(struct btree_file *f, const char *name, struct btree *t)
{
	struct btree_cursor c = {0};
	enum btree_got got = btree_first(&c, f, &f->names);
	uint64_t left = f->names.entries;

	for (; got == BTREE_GOT; got = btree_next(&c)) {
		if (left-- == 0) {
			got =
			    bad(f, f->names.root, "more entries than it says");
			break;
		}
		if (c.key_n != strlen(name) ||
		    memcmp(c.key, name, c.key_n) != 0)
			continue;
		if (c.value_n != TREE || !get_tree(t, c.value))
			got = bad(f, number_of(&c, c.tree.depth - 1),
			    "a damaged tree");
		break;
	}
	btree_free(&c);
	return got;
}

void
btree_free(struct btree_cursor *c)
{
	free(c->pages);
	free(c->big);
	*c = (struct btree_cursor){0};
}
