/*
 * Random nouns through every form, and from each form on through every
 * other: what comes back is the noun, and each form of it is the same
 * bytes again.
 */
#include "test.h"

#include "atom.h"
#include "equal.h"
#include "gen.h"
#include "heap.h"
#include "image.h"
#include "jam.h"
#include "mug.h"
#include "text.h"

void
test_setup(void)
{
	if (heap_init(NULL) != 0)
		exit(111);
}

struct bytes {
	struct image_sink image;
	struct text_sink text;
	uint8_t *p;
	size_t n;
};

static int
put(struct bytes *b, const void *p, size_t n)
{
	if ((b->p = realloc(b->p, b->n + n + 1)) == NULL)
		exit(111);
	memcpy(b->p + b->n, p, n);
	b->n += n;
	return 0;
}

static int
put_image(struct image_sink *s, const void *p, size_t n)
{
	return put(
	    (struct bytes *)((char *)s - offsetof(struct bytes, image)), p, n);
}

static int
put_text(struct text_sink *s, const char *p, size_t n)
{
	return put(
	    (struct bytes *)((char *)s - offsetof(struct bytes, text)), p, n);
}

/* -------- the forms -------- */

static struct bytes
write_jam(noun n)
{
	struct bytes b = {0};

	b.p = gen_bytes(jam(n), &b.n);
	return b;
}

static bool
read_jam(const struct bytes *b, noun *out)
{
	struct cue_fault f;

	return cue(b->p, b->n, out, &f) == 0;
}

static struct bytes
write_image(noun n)
{
	struct bytes b = {.image.put = put_image};

	CHECK_EQ(image_write(&b.image, n), 0);
	return b;
}

static bool
read_image(const struct bytes *b, noun *out)
{
	struct image_fault f;

	return image_read(b->p, b->n, out, &f) == 0;
}

static struct bytes
write_text(noun n)
{
	struct bytes b = {.text.put = put_text};

	CHECK_EQ(text_write(&b.text, n, &(struct text_opts){0}), 0);
	return b;
}

static struct bytes
write_plain(noun n)
{
	struct bytes b = {.text.put = put_text};

	CHECK_EQ(text_write(&b.text, n, &(struct text_opts){.plain = true}), 0);
	return b;
}

static bool
read_text(const struct bytes *b, noun *out)
{
	struct text_fault f;

	return text_read((char *)b->p, b->n, out, &f) == 0;
}

static const struct form {
	const char *name;
	struct bytes (*write)(noun);
	bool (*read)(const struct bytes *, noun *);
	bool canonical; /* the same bytes however the noun shares its parts */
} forms[] = {
    {"jam", write_jam, read_jam, true},
    {"image", write_image, read_image, false},
    {"text", write_text, read_text, true},
    {"plain text", write_plain, read_text, true},
};

enum { FORMS = sizeof forms / sizeof *forms };

/* n is on the noun stack, and so is what comes back. */
static void
through(const struct form *f)
{
	noun n = stack_top()[-1], back = 3;
	struct bytes b = f->write(n);

	if (!f->read(&b, &back))
		TEST_FAIL("%s does not read back", f->name);
	stack_push(back);
	heap_safepoint();
	n = stack_top()[-2];
	back = stack_top()[-1];
	if (mug(n) != mug(back) || !equal(n, back))
		TEST_FAIL("%s reads back as another noun", f->name);
	CHECK(gen_sound());
	free(b.p);
}

static void
through_two(const struct form *f, const struct form *g)
{
	struct bytes before = f->write(stack_top()[-1]), after;

	through(f);
	through(g);
	after = f->write(stack_top()[-1]);
	if (f->canonical &&
	    (before.n != after.n || memcmp(before.p, after.p, before.n) != 0))
		TEST_FAIL("%s differs after %s", f->name, g->name);
	free(before.p);
	free(after.p);
	stack_pop();
	stack_pop();
}

static void
through_all(noun n)
{
	stack_push(n);
	for (size_t i = 0; i < FORMS; i++)
		for (size_t k = 0; k < FORMS; k++)
			through_two(&forms[i], &forms[k]);
	stack_pop();
}

TEST("property: small nouns go through every pair of forms")
{
	for (unsigned i = 0; i < 100; i++)
		through_all(gen_small(gen_below(12)));
}

TEST("property: so do atoms of every size")
{
	for (size_t bits = 0; bits < 200; bits += 3)
		through_all(gen_bits(bits));
	through_all(gen_bits(8 * (300 << 10)));
}

TEST("property: so do nouns with parts of every kind")
{
	for (unsigned i = 0; i < 50; i++)
		through_all(gen_noun(gen_below(25)));
}

TEST("property: jam and image keep nouns whose tree is beyond all bounds")
{
	for (unsigned i = 0; i < 30; i++) {
		stack_push(gen_noun(gen_below(6000)));
		for (size_t k = 0; k < 4; k++)
			through_two(&forms[k / 2], &forms[k % 2]);
		stack_pop();
	}
}
