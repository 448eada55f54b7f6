/*
 * json_write -- ++en:json:html: json to a cord.  Its other half is
 * json_read.c, which has the shapes.
 *
 * The cord is written in place, at the top of the heap.  What is not of the
 * type makes it pass at once, and what was written is forgotten; the Hoon
 * will crash, or not get there.
 */
#include "jet.h"

#include <string.h>

struct writer {
	uint8_t *p;      /* the cord that is being written .. */
	size_t n, limbs; /* .. bytes so far, and the room there is */
};

static void
make_room(struct writer *w, size_t n)
{
	size_t limbs = (w->n + n) / 8 + 1;

	if (limbs <= w->limbs)
		return;
	w->limbs = limbs + limbs / 2;
	w->p = (uint8_t *)heap_atom_extend(w->limbs);
}

static void
put(struct writer *w, const void *p, size_t n)
{
	make_room(w, n);
	memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void
put_word(struct writer *w, const char *word)
{
	put(w, word, strlen(word));
}

/* -------- strings -------- */

static bool
is_plain(uint8_t c)
{
	return c >= ' ' && c != '"' && c != '\\' && c != 0x7f;
}

static void
put_escape(struct writer *w, uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	char code[] = "\\u00xx";

	if (c == '\n') {
		put(w, "\\n", 2);
	} else if (c == '"' || c == '\\') {
		code[1] = (char)c;
		put(w, code, 2);
	} else {
		code[4] = digits[c >> 4];
		code[5] = digits[c & 15];
		put(w, code, 6);
	}
}

static bool
put_string(struct writer *w, noun s)
{
	uint64_t room;
	const uint8_t *p;
	size_t n, start = 0;

	if (is_cell(s))
		return false;
	p = atom_view(s, &room);
	n = atom_bytes(s);
	put(w, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		if (is_plain(p[i]))
			continue;
		put(w, p + start, i - start);
		put_escape(w, p[i]);
		start = i + 1;
	}
	put(w, p + start, n - start);
	put(w, "\"", 1);
	return true;
}

/* A cord as it is.  A NUL in it stays, as ++rap leaves it. */
static bool
put_cord(struct writer *w, noun s)
{
	uint64_t room;

	if (is_cell(s))
		return false;
	put(w, atom_view(s, &room), atom_bytes(s));
	return true;
}

/* -------- what is left to do -------- */

/*
 * On the scratch memory, two words a task: a kind and a noun.
 *
 *   VALUE   write the json
 *   REST    of an array: a comma and an item, or the bracket
 *   TREE    a map: its entries
 *   ENTRY   one: a key, a colon, a value, a comma
 *   COMMA   that, after the value
 *   CLOSE   the brace, in place of the last comma
 */
enum task { VALUE, REST, TREE, ENTRY, COMMA, CLOSE };

static void
later(enum task task, noun n)
{
	scratch_put(n);
	scratch_put(task);
}

static bool
put_array(struct writer *w, noun list)
{
	if (list == 0) {
		put_word(w, "[]");
		return true;
	}
	if (!is_cell(list))
		return false;
	put_word(w, "[");
	later(REST, tail(list));
	later(VALUE, head(list));
	return true;
}

static bool
put_rest(struct writer *w, noun list)
{
	if (list == 0) {
		put_word(w, "]");
		return true;
	}
	if (!is_cell(list))
		return false;
	put_word(w, ",");
	later(REST, tail(list));
	later(VALUE, head(list));
	return true;
}

/* ++tap has the right side of a map first. */
static bool
put_tree(noun map)
{
	noun n, l, r;

	if (map == 0)
		return true;
	if (!uncons3(map, &n, &l, &r))
		return false;
	later(TREE, l);
	later(ENTRY, n);
	later(TREE, r);
	return true;
}

static bool
put_entry(struct writer *w, noun entry)
{
	if (!is_cell(entry) || !put_string(w, head(entry)))
		return false;
	put_word(w, ":");
	later(COMMA, 0);
	later(VALUE, tail(entry));
	return true;
}

static bool
put_object(struct writer *w, noun map)
{
	if (map == 0) {
		put_word(w, "{}");
		return true;
	}
	put_word(w, "{");
	later(CLOSE, 0);
	return put_tree(map);
}

static bool
put_flag(struct writer *w, noun flag)
{
	if (flag != YES && flag != NO)
		return false;
	put_word(w, flag == YES ? "true" : "false");
	return true;
}

static bool
put_value(struct writer *w, noun val)
{
	if (val == 0) {
		put_word(w, "null");
		return true;
	}
	if (!is_cell(val))
		return false;
	switch (head(val)) {
	case 'a' << 1:
		return put_array(w, tail(val));
	case 'b' << 1:
		return put_flag(w, tail(val));
	case 'n' << 1:
		return put_cord(w, tail(val));
	case 's' << 1:
		return put_string(w, tail(val));
	case 'o' << 1:
		return put_object(w, tail(val));
	}
	return false;
}

static bool
put_task(struct writer *w, enum task task, noun n)
{
	switch (task) {
	case VALUE:
		return put_value(w, n);
	case REST:
		return put_rest(w, n);
	case ENTRY:
		return put_entry(w, n);
	case TREE:
		return put_tree(n);
	case COMMA:
		put_word(w, ",");
		return true;
	case CLOSE:
		w->p[w->n - 1] = '}';
		return true;
	}
	return false;
}

noun
jet_json_en(noun sample, noun context)
{
	struct writer w = {.limbs = 16};
	char *mark = scratch_top();
	bool good = true;

	(void)context;
	w.p = (uint8_t *)heap_atom_begin(w.limbs);
	later(VALUE, sample);
	while (good && scratch_top() > mark) {
		enum task task = (enum task)scratch_take();

		good = put_task(&w, task, scratch_take());
	}
	scratch_cut(mark);
	if (!good)
		return JET_PASS;
	make_room(&w, 8);
	memset(w.p + w.n, 0, 8 - w.n % 8);
	return heap_atom_end(w.n / 8 + 1);
}
