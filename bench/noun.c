/*
 * The noun library in one process: the serial forms of the pills, many tiny
 * nouns, one huge atom, one long list.
 */
#include "bench.h"

#include "atom.h"
#include "equal.h"
#include "heap.h"
#include "image.h"
#include "jam.h"
#include "mug.h"
#include "shape.h"
#include "text.h"

/* What a row works on: its noun is the top of the noun stack. */
struct work {
	struct bench_bytes jam, image;
};

static noun
top(void)
{
	return stack_top()[-1];
}

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(2);
}

static noun
cued(const struct bench_bytes *b)
{
	struct cue_fault f;
	noun n;

	if (cue(b->p, b->n, &n, &f) != 0)
		die("cue", f.reason);
	return n;
}

/* -------- images go to memory, text to nowhere -------- */

struct sink {
	struct image_sink image;
	struct text_sink text;
	struct bench_bytes *b;
	size_t n;
};

static int
put_image(struct image_sink *s, const void *p, size_t n)
{
	struct sink *k =
	    (struct sink *)((char *)s - offsetof(struct sink, image));

	if (k->b->p != NULL)
		memcpy(k->b->p + k->n, p, n);
	k->n += n;
	return 0;
}

static int
put_text(struct text_sink *s, const char *p, size_t n)
{
	(void)p;
	((struct sink *)((char *)s - offsetof(struct sink, text)))->n += n;
	return 0;
}

static void
image_once(void *arg)
{
	struct work *w = arg;
	struct sink k = {.image.put = put_image, .b = &w->image};

	image_write(&k.image, top());
	w->image.n = k.n;
}

/* Room for the image: all bytes are touched before they are measured. */
static void
image_room(struct work *w)
{
	w->image.p = NULL;
	image_once(w);
	if ((w->image.p = malloc(w->image.n)) == NULL)
		die("image", "no memory");
	image_once(w);
}

/* -------- what is measured -------- */

static void
cue_once(void *arg)
{
	cued(&((struct work *)arg)->jam);
}

static void
jam_once(void *arg)
{
	(void)arg;
	jam(top());
}

static void
mug_once(void *arg)
{
	(void)arg;
	mug(top());
}

static void
read_once(void *arg)
{
	struct work *w = arg;
	struct image_fault f;
	noun n;

	if (image_read(w->image.p, w->image.n, &n, &f) != 0)
		die("image", f.reason);
}

static void
equal_once(void *arg)
{
	(void)arg;
	if (!equal(stack_top()[-1], stack_top()[-2]))
		die("equal", "they differ");
}

static void
print_once(void *arg)
{
	struct sink k = {.text.put = put_text};

	(void)arg;
	text_write(&k.text, top(), &(struct text_opts){0});
}

/* -------- before each round -------- */

static void
collect(void *arg)
{
	(void)arg;
	heap_collect(HEAP_MAJOR);
}

/* A noun of which nothing is known yet. */
static void
cue_anew(void *arg)
{
	stack_pop();
	collect(arg);
	stack_push(cued(&((struct work *)arg)->jam));
}

/* And one below it that is equal and shares nothing. */
static void
cue_two(void *arg)
{
	stack_pop();
	cue_anew(arg);
	stack_push(cued(&((struct work *)arg)->jam));
}

/* -------- pills -------- */

static void
row(const char *name, const char *input, void (*run)(void *),
    void (*idle)(void *), struct work *w)
{
	bench_run(&(struct bench){.row = name,
	    .input = input,
	    .unit = "ms",
	    .run = run,
	    .idle = idle,
	    .arg = w});
}

static void
check_jam(const struct work *w)
{
	noun j = jam(top());
	uint64_t room;

	if (atom_bytes(j) != w->jam.n ||
	    memcmp(atom_view(j, &room), w->jam.p, w->jam.n) != 0)
		die("jam", "other bytes than were cued");
}

static void
pill(const char *name)
{
	struct work w = {0};
	char path[100];

	snprintf(path, sizeof path, "pills/%s", name);
	if (!bench_data(&w.jam, path))
		return;
	row("cue", name, cue_once, collect, &w);
	stack_push(cued(&w.jam));
	check_jam(&w);
	row("jam", name, jam_once, collect, &w);
	image_room(&w);
	row("image out", name, image_once, collect, &w);
	row("image in", name, read_once, collect, &w);
	row("mug", name, mug_once, cue_anew, &w);
	stack_pop();
	free(w.jam.p);
	free(w.image.p);
}

/* -------- many tiny nouns: a packet, as it comes from the network -------- */

enum { TINY = 10000 };

static noun
packet(void)
{
	static const uint8_t body[63] = {0x30, 0x90, 0x2d, 0, 0, 0, 1, 0, 9,
	    0xc0, 0xd0, 0, 4, 0x40, 0x30, 0xf4, 0xa, 0x3d, 0x45, 0x86, 0x66,
	    0x2c, 2, 0x38, 0xf8, 0x72, 0xa3, 9, 0xf6, 6, 0xf3, 0, 0xbe, 0x67,
	    0x61, 0x49, 0x50, 4, 0x3c, 0x13, 0xb2, 0x96, 0x42, 0x1b, 0x62, 0xac,
	    0x97, 0xff, 0x24, 0xeb, 0x69, 0x1b, 0xb2, 0x60, 0x72, 0xa, 0x53,
	    0xdf, 0xe8, 0x8a, 0x9c, 0x6f, 0xb3};
	uint64_t date[] = {UINT64_C(0x17f5c28f5c28f5c2), 0x8000000d2f1a3b00};
	noun wire = cons3(0, atom_cord("newt"), cons(direct(0x1234), 0));
	noun card = cons3(atom_cord("send"), cons(0, direct(1)),
	    atom_from_bytes(body, sizeof body));

	return cons4(
	    atom_cord("work"), 0, atom_from_limbs(date, 2), cons(wire, card));
}

static void
jam_many(void *arg)
{
	(void)arg;
	for (int i = 0; i < TINY; i++) {
		jam(top());
		heap_safepoint();
	}
}

static void
cue_many(void *arg)
{
	for (int i = 0; i < TINY; i++) {
		cue_once(arg);
		heap_safepoint();
	}
}

static void
tiny(void)
{
	struct work w = {0};
	struct bench b = {.input = "63-byte noun",
	    .unit = "us",
	    .idle = collect,
	    .arg = &w,
	    .times = TINY};
	uint64_t room;
	noun j;

	stack_push(packet());
	j = jam(top());
	w.jam.n = atom_bytes(j);
	if ((w.jam.p = malloc(w.jam.n)) == NULL)
		die("jam", "no memory");
	memcpy(w.jam.p, atom_view(j, &room), w.jam.n);
	b.row = "jam";
	b.run = jam_many;
	bench_run(&b);
	b.row = "cue";
	b.run = cue_many;
	bench_run(&b);
	stack_pop();
	free(w.jam.p);
}

/* -------- one huge atom: few rounds, each takes seconds in all -------- */

enum { HUGE_ROUNDS = 3 };
static const size_t HUGE_LIMBS = (size_t)1 << 27; /* 1 GiB */

static noun
huge(void)
{
	uint64_t *p = heap_atom_begin(HUGE_LIMBS), x = 1;

	for (size_t i = 0; i < HUGE_LIMBS; i++)
		p[i] = x = x * UINT64_C(6364136223846793005) + 1;
	p[HUGE_LIMBS - 1] |= UINT64_C(1) << 63;
	return heap_atom_end(HUGE_LIMBS);
}

/* GB of the atom a second. */
static void
huge_row(const char *name, void (*run)(void *), void *arg)
{
	double v[HUGE_ROUNDS];

	for (int i = 0; i < HUGE_ROUNDS; i++) {
		collect(NULL);
		v[i] = (double)HUGE_LIMBS * 8e-9 / bench_time(run, arg);
	}
	bench_row(name, "1 GiB atom", "GB/s", v, HUGE_ROUNDS, 0);
}

static void
huge_atom(void)
{
	struct work w = {0};
	uint64_t room;
	noun j;

	stack_push(huge());
	huge_row("jam", jam_once, &w);
	j = jam(top());
	w.jam.n = atom_bytes(j);
	if ((w.jam.p = malloc(w.jam.n)) == NULL)
		die("jam", "no memory");
	memcpy(w.jam.p, atom_view(j, &room), w.jam.n);
	huge_row("cue", cue_once, &w);
	if (!equal(cued(&w.jam), top()))
		die("cue", "another atom");
	stack_pop();
	free(w.jam.p);
	collect(NULL);
}

/* -------- one long list -------- */

enum { ITEMS = 10000000 };

static void
long_list(void)
{
	static const char input[] = "list of 10,000,000";
	struct work w = {0};
	uint64_t room;
	noun n = 0, j;

	for (uint64_t i = ITEMS; i > 0; i--)
		n = cons(direct(i), n);
	stack_push(n);
	j = jam(n);
	w.jam.n = atom_bytes(j);
	if ((w.jam.p = malloc(w.jam.n)) == NULL)
		die("jam", "no memory");
	memcpy(w.jam.p, atom_view(j, &room), w.jam.n);
	row("jam", input, jam_once, collect, &w);
	row("print", input, print_once, collect, &w);
	row("cue", input, cue_once, collect, &w);
	row("mug", input, mug_once, cue_anew, &w);
	stack_push(0);
	row("equal", input, equal_once, cue_two, &w);
	stack_cut(stack_top() - 2);
	free(w.jam.p);
}

int
main(void)
{
	if (heap_init(NULL) != 0)
		die("heap", "no addresses");
	pill("brass-140.pill");
	pill("ivory-140.pill");
	pill("ivory-141.pill");
	tiny();
	long_list();
	huge_atom();
	return 0;
}
