/*
 * Any bytes are keys, none of which is out of its range, and the keys do not
 * depend on where the bytes were cut, but for where text was.
 */
#include <assert.h>
#include <stdlib.h>

#include "../../cmd/dill/keys.c"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Keys one after another, and the text between them as one. */
struct sum {
	uint64_t mug;
	size_t keys;
};

static void
add(struct sum *s, uint64_t v)
{
	s->mug = (s->mug ^ v) * UINT64_C(0x100000001b3);
	s->keys++;
}

static void
take(void *arg, const struct key *k)
{
	struct sum *s = arg;

	assert(k->kind <= KEY_BELL && k->mod <= KEY_MET);
	if (k->kind == KEY_TEXT) {
		assert(k->n > 0 && k->n <= KEYS_TEXT && k->mod == KEY_PLAIN);
		for (size_t i = 0; i < k->n; i++) {
			assert(k->text[i] >= ' ' && k->text[i] <= 0x10ffff);
			add(s, k->text[i]);
		}
		return;
	}
	if (k->kind == KEY_HIT)
		assert(k->x < KEYS_FAR && k->y < KEYS_FAR);
	if (k->kind == KEY_CHAR)
		assert(k->mod != KEY_PLAIN && k->code >= ' ');
	add(s,
	    (uint64_t)k->kind << 60 | (uint64_t)k->mod << 56 |
	        (uint64_t)k->code << 32 | k->x << 16 | k->y);
}

static struct sum
feed(const uint8_t *p, size_t n, size_t cut)
{
	struct sum s = {0};
	struct keys k = {.take = take, .arg = &s};

	for (size_t i = 0; i < n; i += cut)
		keys_feed(&k, p + i, n - i < cut ? n - i : cut);
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sum whole = feed(p, n, n + 1);

	for (size_t cut = 1; cut < 4; cut++) {
		struct sum part = feed(p, n, cut);

		assert(part.mug == whole.mug && part.keys == whole.keys);
	}
	return 0;
}
