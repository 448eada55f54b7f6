/*
 * json_read -- ++de:json:html: text to (unit json).  Its other half is
 * json_write.c.
 *
 *     json    ~, [%b flag], [%n cord], [%s cord], [%a list], [%o map]
 *
 * Numbers stay as they are written.  What is no JSON gives ~, and so does a
 * string that is not UTF-8.  As in the Hoon: an escaped NUL is dropped, of
 * equal keys the last counts, and whatever is nested to any depth is read.
 */
#include "jet.h"

#include <string.h>

#include "equal.h"
#include "mug.h"
#include "order.h"
#include "utf8.h"

struct text {
	const uint8_t *p, *end;
};

/* -------- characters -------- */

static inline bool
take(struct text *t, uint8_t c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool
take_word(struct text *t, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(t->end - t->p) < n || memcmp(t->p, word, n) != 0)
		return false;
	t->p += n;
	return true;
}

static void
skip_space(struct text *t)
{
	while (t->p < t->end &&
	    (*t->p == ' ' || *t->p == '\n' || *t->p == '\r' || *t->p == '\t'))
		t->p++;
}

/* -------- strings -------- */

/* Four hexadecimal digits. */
static bool
read_quad(struct text *t, uint32_t *v)
{
	*v = 0;
	if (t->end - t->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		uint8_t c = *t->p++, low = c | 32;

		if (c >= '0' && c <= '9')
			*v = *v << 4 | (uint32_t)(c - '0');
		else if (low >= 'a' && low <= 'f')
			*v = *v << 4 | (uint32_t)(low - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* After \u: one quad, or the two of a pair of surrogates. */
static bool
read_unicode(struct text *t, uint32_t *code)
{
	uint32_t low;

	if (!read_quad(t, code))
		return false;
	if (*code < 0xd800 || *code >= 0xe000)
		return true;
	if (*code >= 0xdc00 || !take_word(t, "\\u") || !read_quad(t, &low) ||
	    low < 0xdc00 || low >= 0xe000)
		return false;
	*code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static uint8_t *
put_utf8(uint8_t *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (uint8_t)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (uint8_t)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (uint8_t)(0xe0 | c >> 12);
		} else {
			*to++ = (uint8_t)(0xf0 | c >> 18);
			*to++ = (uint8_t)(0x80 | (c >> 12 & 63));
		}
		*to++ = (uint8_t)(0x80 | (c >> 6 & 63));
	}
	*to++ = (uint8_t)(0x80 | (c & 63));
	return to;
}

/* After a backslash.  The bytes are fewer than those read. */
static uint8_t *
read_escape(struct text *t, uint8_t *to)
{
	static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *at;
	uint32_t code;

	if (t->p == t->end)
		return NULL;
	if (take(t, 'u')) {
		if (!read_unicode(t, &code))
			return NULL;
		return code == 0 ? to : put_utf8(to, code);
	}
	at = *t->p == 0 ? NULL : strchr(names, *t->p);
	if (at == NULL)
		return NULL;
	t->p++;
	*to++ = (uint8_t)means[at - names];
	return to;
}

static bool
is_utf8(const uint8_t *p, size_t n)
{
	uint32_t code;

	while (n > 0) {
		unsigned k = *p < 0x80 ? 1 : utf8_get(p, n, &code);

		if (k == 0)
			return false;
		p += k;
		n -= k;
	}
	return true;
}

/* The end of the characters that need no work; *high if some are not ASCII. */
static const uint8_t *
plain_run(const struct text *t, bool *high)
{
	const uint8_t *p = t->p;

	for (*high = false; p < t->end; p++) {
		if (*p < ' ' || *p == '"' || *p == '\\')
			break;
		*high |= *p >= 0x80;
	}
	return p;
}

/* A string with escapes, unescaped into scratch memory. */
static bool
read_escaped(struct text *t, noun *out)
{
	char *mark = scratch_top();
	uint8_t *start, *to;
	const uint8_t *run;
	bool good = false, high;

	start = to = scratch_push((size_t)(t->end - t->p));
	for (;;) {
		run = plain_run(t, &high);
		memcpy(to, t->p, (size_t)(run - t->p));
		to += run - t->p;
		t->p = run;
		if (take(t, '"')) {
			good = is_utf8(start, (size_t)(to - start));
			break;
		}
		if (!take(t, '\\') || (to = read_escape(t, to)) == NULL)
			break;
	}
	if (good)
		*out = atom_from_bytes(start, (size_t)(to - start));
	scratch_cut(mark);
	return good;
}

/* After the first quotation mark. */
static bool
read_string(struct text *t, noun *out)
{
	bool high;
	const uint8_t *start = t->p, *run = plain_run(t, &high);
	size_t n = (size_t)(run - start);

	if (run == t->end)
		return false;
	if (*run != '"')
		return read_escaped(t, out);
	t->p = run + 1;
	if (high && !is_utf8(start, n))
		return false;
	*out = atom_from_bytes(start, n);
	return true;
}

/* -------- numbers -------- */

static bool
skip_digits(struct text *t)
{
	const uint8_t *start = t->p;

	while (t->p < t->end && *t->p >= '0' && *t->p <= '9')
		t->p++;
	return t->p > start;
}

/* A part that may follow a number; if it is cut short, it does not. */
static void
skip_fraction(struct text *t)
{
	struct text was = *t;

	if (!take(t, '.') || !skip_digits(t))
		*t = was;
}

static void
skip_exponent(struct text *t)
{
	struct text was = *t;

	if (!take(t, 'e') && !take(t, 'E'))
		return;
	if (!take(t, '+'))
		take(t, '-');
	if (!skip_digits(t))
		*t = was;
}

static bool
read_number(struct text *t, noun *out)
{
	const uint8_t *start = t->p;

	take(t, '-');
	if (!take(t, '0') && !skip_digits(t))
		return false;
	skip_fraction(t);
	skip_exponent(t);
	*out =
	    cons(direct('n'), atom_from_bytes(start, (size_t)(t->p - start)));
	return true;
}

/* -------- objects -------- */

/*
 * A map is a treap: keys from left to right by ++gor, and down by ++mor.
 * There is one for a set of keys, so it is made here of nodes that change,
 * and turned into nouns when it is whole.
 */
struct node {
	noun key, value, map;
	uint32_t mug, mug2; /* and the mug of that */
	struct node *l, *r;
};

static inline bool
goes_left(const struct node *a, const struct node *b)
{
	if (a->mug != b->mug)
		return a->mug < b->mug;
	return order_dor(a->key, b->key);
}

static inline bool
goes_above(const struct node *a, const struct node *b)
{
	if (a->mug2 != b->mug2)
		return a->mug2 < b->mug2;
	return order_dor(a->key, b->key);
}

/* Make what hangs at `below` the two sides of n. */
static void
divide(struct node *n, struct node *below)
{
	struct node **l = &n->l, **r = &n->r;

	while (below != NULL) {
		if (goes_left(below, n)) {
			*l = below;
			l = &below->r;
			below = *l;
		} else {
			*r = below;
			r = &below->l;
			below = *r;
		}
	}
	*l = *r = NULL;
}

static void
insert(struct node **root, struct node *n)
{
	struct node **at = root;

	n->mug = mug(n->key);
	n->mug2 = mug(direct(n->mug));
	for (; *at != NULL; at = goes_left(n, *at) ? &(*at)->l : &(*at)->r) {
		if ((*at)->mug == n->mug && equal((*at)->key, n->key)) {
			(*at)->value = n->value;
			return;
		}
		if (goes_above(n, *at))
			break;
	}
	divide(n, *at);
	*at = n;
}

/* The noun of a tree: each node once its sides are done. */
static noun
map_of(struct node *root)
{
	char *mark = scratch_top();
	noun map = 0;

	scratch_put((uint64_t)root);
	while (root != NULL && scratch_top() > mark) {
		struct node *n = (struct node *)scratch_take();

		if (n->map == 0) {
			n->map = 1; /* not yet a noun: seen once */
			scratch_put((uint64_t)n);
			if (n->l)
				scratch_put((uint64_t)n->l);
			if (n->r)
				scratch_put((uint64_t)n->r);
			continue;
		}
		map = cons3(cons(n->key, n->value), n->l ? n->l->map : 0,
		    n->r ? n->r->map : 0);
		n->map = map;
	}
	scratch_cut(mark);
	return map;
}

/* n keys and values in turn, in the order in which they were read. */
static noun
make_map(const noun *pairs, size_t n)
{
	char *mark = scratch_top();
	struct node *node, *root = NULL;
	noun map;

	if (n == 0)
		return 0;
	node = scratch_push(n * sizeof *node);
	for (size_t i = 0; i < n; i++) {
		node[i] = (struct node){
		    .key = pairs[2 * i], .value = pairs[2 * i + 1]};
		insert(&root, &node[i]);
	}
	map = map_of(root);
	scratch_cut(mark);
	return map;
}

/* -------- values -------- */

/*
 * What is open is on the scratch memory: for each array or object a word,
 * that of the one around it, then its items, or its keys and values.
 */
struct reader {
	struct text t;
	char *mark;
	bool object;    /* the innermost one is one */
	uint64_t words; /* of it so far */
};

static void
open_one(struct reader *r, bool object)
{
	scratch_put(r->words << 1 | r->object);
	r->object = object;
	r->words = 0;
}

static noun
close_one(struct reader *r)
{
	const noun *item = (noun *)scratch_top() - r->words;
	uint64_t outer;
	noun v;

	if (r->object)
		v = cons(direct('o'), make_map(item, r->words / 2));
	else
		v = cons(direct('a'), list_from(item, r->words));
	scratch_cut((char *)item);
	outer = scratch_take();
	r->object = outer & 1;
	r->words = outer >> 1;
	return v;
}

static void
add(struct reader *r, noun n)
{
	scratch_put(n);
	r->words++;
}

/* In an object, the key before a value. */
static bool
read_key(struct reader *r)
{
	noun key;

	skip_space(&r->t);
	if (!take(&r->t, '"') || !read_string(&r->t, &key))
		return false;
	add(r, key);
	skip_space(&r->t);
	return take(&r->t, ':');
}

static bool
read_scalar(struct text *t, noun *out)
{
	noun s;

	if (take(t, '"')) {
		if (!read_string(t, &s))
			return false;
		*out = cons(direct('s'), s);
		return true;
	}
	if (take_word(t, "null"))
		*out = 0;
	else if (take_word(t, "true"))
		*out = cons(direct('b'), YES);
	else if (take_word(t, "false"))
		*out = cons(direct('b'), NO);
	else
		return read_number(t, out);
	return true;
}

/*
 * Read to the end of the next value that is no opening bracket; what has
 * nothing in it is a value, too.
 */
static bool
read_value(struct reader *r, noun *out)
{
	for (;;) {
		bool object;

		skip_space(&r->t);
		object = take(&r->t, '{');
		if (!object && !take(&r->t, '['))
			return read_scalar(&r->t, out);
		open_one(r, object);
		skip_space(&r->t);
		if (take(&r->t, object ? '}' : ']')) {
			*out = close_one(r);
			return true;
		}
		if (object && !read_key(r))
			return false;
	}
}

/* The whole text.  False if it is no JSON. */
static bool
read_json(struct reader *r, noun *out)
{
	if (!read_value(r, out))
		return false;
	for (;;) {
		skip_space(&r->t);
		if (scratch_top() == r->mark)
			return r->t.p == r->t.end;
		add(r, *out);
		if (take(&r->t, r->object ? '}' : ']')) {
			*out = close_one(r);
			continue;
		}
		if (!take(&r->t, ','))
			return false;
		if ((r->object && !read_key(r)) || !read_value(r, out))
			return false;
	}
}

noun
jet_json_de(noun sample, noun context)
{
	struct reader r = {.mark = scratch_top()};
	uint64_t room;
	noun json;
	bool good;

	(void)context;
	if (is_cell(sample))
		jet_crash();
	r.t.p = atom_view(sample, &room);
	r.t.end = r.t.p + atom_bytes(sample);
	good = read_json(&r, &json);
	scratch_cut(r.mark);
	return good ? cons(0, json) : 0;
}
