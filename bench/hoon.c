/*
 * Hoon through the kernel of ivory-140.pill, and its jets: rows hoon and
 * jet.  The kernel has run something, but not what is measured; the first
 * expression of a new one has a row too, for it pays for the bytecode of all
 * of the kernel that it uses.
 */
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>

#include "atom.h"
#include "bail.h"
#include "bench.h"
#include "heap.h"
#include "jam.h"
#include "jets.h"
#include "kernel.h"
#include "nock.h"
#include "shape.h"

static struct bench_bytes pill;
static noun kernel, gate, sample;
static char two_and_two[] = "(add 2 2)";
static struct heap_root roots[3] = {
    {.p = &kernel, .n = 1}, {.p = &gate, .n = 1}, {.p = &sample, .n = 1}};

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench/hoon: %s\n", what);
	exit(111);
}

/* -------- a kernel -------- */

static void
begin(void *arg)
{
	noun n, events;
	struct cue_fault fault;

	(void)arg;
	nock_init(NULL);
	jets_init(NULL);
	for (unsigned i = 0; i < 3; i++)
		heap_root_add(&roots[i]);
	must(cue(pill.p, pill.n, &n, &fault) == 0, "the pill is no jam");
	must(kernel_events(n, &events), "the pill is no ivory");
	kernel = kernel_make(events);
}

static void
end(void)
{
	jets_free();
	nock_free();
	heap_free();
	kernel = gate = sample = 0;
}

static void
fresh(void *arg)
{
	static bool running;

	(void)arg;
	if (running)
		end();
	running = true;
	must(heap_init(NULL) == 0, "no heap");
	must(trap_run(begin, NULL) == BAIL_NONE, "the kernel does not load");
}

static void
wish(void *arg)
{
	gate = kernel_wish(kernel, atom_cord(arg));
}

static void
wish_once(void *arg)
{
	must(trap_run(wish, arg) == BAIL_NONE, arg);
}

/* A kernel whose heap and code have been in use. */
static void
used(void *arg)
{
	static char work[] = "(lent (turn (gulf 1 200.000) |=(a=@ (add a a))))";

	(void)arg;
	fresh(NULL);
	wish_once(work);
}

/* -------- rows of Hoon -------- */

static void
load_and_wish(void *arg)
{
	fresh(NULL);
	wish_once(arg);
}

static void
expressions(void)
{
	static const char *const rows[][2] = {
	    {"(add 2 2)", "(add 2 2)"},
	    {"ack(3,7), jetted dec",
	        "=/  ack  |=  [m=@ n=@]  ?:  =(m 0)  +(n)  ?:  =(n 0)  "
	        "$(m (dec m), n 1)  $(m (dec m), n $(n (dec n)))  (ack 3 7)"},
	    {"turn gulf 200k", "(turn (gulf 1 200.000) |=(a=@ (mul a a)))"},
	    {"gas:by 50k pairs",
	        "(~(gas by *(map @ @)) (turn (gulf 1 50.000) "
	        "|=(a=@ [(mug a) a])))"},
	    {"sort of 50k",
	        "(sort (turn (gulf 1 50.000) |=(a=@ (mug a))) lth)"},
	};

	bench("hoon", "ivory-140.pill to the first wish", "ms", load_and_wish,
	    two_and_two);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
		bench_run(&(struct bench){.row = "hoon",
		    .input = rows[i][0],
		    .unit = "ms",
		    .run = wish_once,
		    .idle = used,
		    .arg = (void *)rows[i][1]});
	bench_run(&(struct bench){.row = "hoon",
	    .input = "(add 2 2), the first of a new kernel",
	    .unit = "ms",
	    .run = wish_once,
	    .idle = fresh,
	    .arg = two_and_two});
	fresh(NULL);
	wish_once(two_and_two);
	bench_run(&(struct bench){.row = "hoon",
	    .input = "(add 2 2) again, kept by the compiler's memos",
	    .unit = "us",
	    .run = wish_once,
	    .arg = two_and_two,
	    .times = 1});
}

/* -------- rows of jets -------- */

enum { CALLS = 1000000 };

/* The gate on one sample, many times, or once. */
static void
slam_all(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < CALLS; i++)
		nock_slam(gate, sample);
}

static void
slams(void *arg)
{
	must(trap_run(slam_all, arg) == BAIL_NONE, "it bailed");
}

/* A call from Hoon: the loop's own cost is in it. */
static void
per_call(const char *input, const char *loop)
{
	wish_once((void *)loop);
	sample = direct(CALLS);
	bench_run(&(struct bench){.row = "jet",
	    .input = input,
	    .unit = "ns",
	    .run = (void (*)(void *))slams,
	    .times = CALLS});
}

static void
slam_one(void *arg)
{
	(void)arg;
	nock_slam(gate, sample);
}

static void
run_one(void *arg)
{
	must(trap_run(slam_one, arg) == BAIL_NONE, "it bailed");
}

/* A gate of Hoon on one noun, which does something `times` times. */
static void
loop(const char *input, const char *hoon, noun n, double times)
{
	wish_once((void *)hoon);
	sample = n;
	run_one(NULL);
	bench_run(&(struct bench){.row = "jet",
	    .input = input,
	    .unit = "ns",
	    .run = run_one,
	    .times = times});
}

/* -------- against the libraries -------- */

static uint8_t text[1 << 20], key[64] = {7}, out[(1 << 20) + 64];

static void
library_sha256(void *arg)
{
	SHA256(text, *(size_t *)arg, out);
}

static void
library_sha512(void *arg)
{
	SHA512(text, *(size_t *)arg, out);
}

static void
library_sha1(void *arg)
{
	SHA1(text, *(size_t *)arg, out);
}

static void
library_blake2b(void *arg)
{
	crypto_generichash(out, 64, text, *(size_t *)arg, NULL, 0);
}

static EVP_CIPHER_CTX *cbc;

static void
library_cbc(void *arg)
{
	int n;

	if (cbc == NULL)
		cbc = EVP_CIPHER_CTX_new();
	EVP_EncryptInit_ex(cbc, EVP_aes_256_cbc(), NULL, key, key + 32);
	EVP_EncryptUpdate(cbc, out, &n, text, (int)*(size_t *)arg);
}

static void
library_sign(void *arg)
{
	(void)arg;
	uint8_t pub[32], secret[64];

	/* the Hoon's arm is given the seed */
	crypto_sign_seed_keypair(pub, secret, key);
	crypto_sign_detached(out, NULL, text, 100, secret);
}

/* A jet by a gate of one atom of n bytes, and what a library does with it. */
struct rival {
	const char *name, *hoon;
	size_t n;
	void (*library)(void *);
};

static const struct rival rivals[] = {
    {"sha256 of 1 KiB", "shax", 1 << 10, library_sha256},
    {"sha256 of 1 MiB", "shax", 1 << 20, library_sha256},
    {"sha512 of 1 KiB", "shaz", 1 << 10, library_sha512},
    {"sha1 of 1 KiB", "=+  s=sha-1l:sha  |=(a=@ (s 1.024 a))", 1 << 10,
        library_sha1},
    {"blake2b of 1 KiB",
        "=+  b=blake2b:blake:crypto  |=(a=@ (b [1.024 a] [0 0] 64))", 1 << 10,
        library_blake2b},
    {"AES-256-CBC of 1 KiB", "=+  c=~(. cbcc:aes:crypto 7 0)  |=(a=@ (en:c a))",
        1 << 10, library_cbc},
    {"ed25519 signature of 100 bytes", "=+  s=sign:ed:crypto  |=(a=@ (s a 7))",
        100, library_sign},
};

enum { PER_ROUND = 1 << 20 }; /* bytes, at least */

static const struct rival *rival;

static unsigned
times(void)
{
	return rival->library == library_sign ? 200
	                                      : PER_ROUND / (unsigned)rival->n;
}

static void
rival_jet(void *arg)
{
	(void)arg;
	for (unsigned i = times(); i > 0; i--) {
		nock_slam(gate, sample);
		heap_safepoint();
	}
}

static void
run_jet(void *arg)
{
	must(trap_run(rival_jet, arg) == BAIL_NONE, rival->name);
}

static void
run_library(void *arg)
{
	size_t n = rival->n;

	(void)arg;
	for (unsigned i = times(); i > 0; i--)
		rival->library(&n);
}

static void
row(const char *whose, void (*run)(void *))
{
	bool curve = rival->library == library_sign;
	char input[100];

	snprintf(input, sizeof input, "%s%s", whose, rival->name);
	bench_run(&(struct bench){.row = "jet",
	    .input = input,
	    .unit = curve ? "us" : "MB/s",
	    .run = run,
	    .times = curve ? times() : 0,
	    .amount = curve ? 0 : times() * (double)rival->n / 1e6});
}

static void
contest(void)
{
	memset(text, 0xa5, sizeof text);
	must(sodium_init() >= 0, "libsodium");
	for (size_t i = 0; i < sizeof rivals / sizeof *rivals; i++) {
		rival = &rivals[i];
		wish_once((void *)rival->hoon);
		sample = atom_from_bytes(text, rival->n);
		row("", run_jet);
		row("the library's ", run_library);
	}
}

static void
jets(void)
{
	fresh(NULL);
	per_call("dec, slam from C", "dec");
	loop("dec, call and loop in Hoon",
	    "=>  dec=dec  |=  n=@  |-  ^-  @  ?:  =(0 n)  0  $(n (dec n))",
	    direct(CALLS), CALLS);
	loop("the same loop without the call",
	    "|=  n=@  =|  i=@  |-  ^-  @  ?:  =(i n)  0  $(i +(i))",
	    direct(CALLS), CALLS);
	loop("an arm known and not jetted, call and loop",
	    "=>  head=head  |=  n=@  =|  i=@  |-  ^-  @  ?:  =(i n)  0  "
	    "$(i +((head i i)))",
	    direct(CALLS), CALLS);
	contest();
}

static noun saved;
static struct heap_root saved_root = {.p = &saved, .n = 1};

/* A machine without labels. */
static void
forget(void *arg)
{
	noun bytes = jam(saved);
	size_t n = atom_bytes(bytes);
	uint64_t room;
	uint8_t *p = malloc(n);
	struct cue_fault fault;

	(void)arg;
	must(p != NULL, "no memory");
	memcpy(p, atom_view(bytes, &room), n);
	end();
	must(heap_init(NULL) == 0, "no heap");
	nock_init(NULL);
	jets_init(NULL);
	heap_root_add(&saved_root);
	must(cue(p, n, &saved, &fault) == 0, "the labels are no jam");
	free(p);
}

static void
rebuild(void *arg)
{
	(void)arg;
	jets_load(saved);
}

static void
dashboard(void)
{
	fresh(NULL);
	wish_once(two_and_two);
	saved = jets_save();
	bench_run(&(struct bench){.row = "jet",
	    .input = "the dashboard from its noun",
	    .unit = "ms",
	    .run = rebuild,
	    .idle = forget});
}

int
main(void)
{
	if (!bench_data(&pill, "pills/ivory-140.pill"))
		return 0;
	expressions();
	jets();
	dashboard();
	end();
	return 0;
}
