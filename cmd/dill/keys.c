#include "keys.h"

#include "utf8.h"

enum { ESC = 27, DEL = 127, REPLACEMENT = 0xfffd, KEYS_FAR = 10000 };

/* -------- giving keys -------- */

static void
flush(struct keys *k)
{
	struct key key = {.kind = KEY_TEXT, .text = k->text, .n = k->n_text};

	k->n_text = 0;
	if (key.n)
		k->take(k->arg, &key);
}

static void
give(struct keys *k, struct key key)
{
	flush(k);
	k->take(k->arg, &key);
}

static void
give_kind(struct keys *k, enum key_kind kind)
{
	enum key_mod mod = k->met ? KEY_MET : KEY_PLAIN;

	k->met = false;
	give(k, (struct key){.kind = kind, .mod = mod});
}

static void
give_char(struct keys *k, enum key_mod mod, uint32_t code)
{
	k->met = false;
	give(k, (struct key){.kind = KEY_CHAR, .mod = mod, .code = code});
}

static void
give_bell(struct keys *k)
{
	k->met = false;
	give(k, (struct key){.kind = KEY_BELL});
}

static void
give_text(struct keys *k, uint32_t code)
{
	if (k->met) {
		give_char(k, KEY_MET, code);
		return;
	}
	k->text[k->n_text++] = code;
	if (k->n_text == KEYS_TEXT)
		flush(k);
}

/* -------- escape sequences -------- */

static enum key_mod
modifier(const struct keys *k, unsigned parameter)
{
	unsigned bits = parameter ? parameter - 1 : 0;

	if (bits & 4)
		return KEY_CTL;
	return bits & (2 | 8) || k->met ? KEY_MET : KEY_PLAIN;
}

static void
arrow(struct keys *k, char which, enum key_mod mod)
{
	bool word = mod != KEY_PLAIN && (which == 'l' || which == 'r');

	if (word) {
		give_char(k, KEY_MET, which == 'l' ? 'b' : 'f');
		return;
	}
	k->met = false;
	give(k, (struct key){.kind = KEY_ARROW, .code = (uint32_t)which});
}

static void delete (struct keys *k, enum key_mod mod)
{
	if (mod == KEY_PLAIN)
		give_kind(k, KEY_DELETE);
	else
		give_char(k, KEY_MET, 'd');
}

/* The final byte of arrows and the like, after ESC O or ESC [. */
static void
final(struct keys *k, uint8_t c, unsigned mod)
{
	switch (c) {
	case 'A':
		arrow(k, 'u', modifier(k, mod));
		break;
	case 'B':
		arrow(k, 'd', modifier(k, mod));
		break;
	case 'C':
		arrow(k, 'r', modifier(k, mod));
		break;
	case 'D':
		arrow(k, 'l', modifier(k, mod));
		break;
	case 'H':
		give_char(k, KEY_CTL, 'a');
		break;
	case 'F':
		give_char(k, KEY_CTL, 'e');
		break;
	default:
		give_bell(k);
	}
}

/* ESC [ number ~ */
static void
numbered(struct keys *k, unsigned number, unsigned mod)
{
	switch (number) {
	case 1:
	case 7:
		final(k, 'H', mod);
		break;
	case 3:
		delete (k, modifier(k, mod));
		break;
	case 4:
	case 8:
		final(k, 'F', mod);
		break;
	case 200:
		flush(k);
		k->paste = true;
		k->cr = k->met = false;
		break;
	case 201:
		k->met = false;
		break;
	default:
		give_bell(k);
	}
}

/* Parameter i of a sequence, from 0: decimal, between semicolons. */
static unsigned
parameter(const struct keys *k, unsigned i)
{
	unsigned v = 0;

	for (size_t at = 0; at < k->n_part; at++) {
		uint8_t c = k->part[at];

		if (c == ';' && i-- == 0)
			return v;
		if (c == ';')
			v = 0;
		else if (c >= '0' && c <= '9' && v < 100000)
			v = v * 10 + (c - '0');
	}
	return i == 0 ? v : 0;
}

/* The first button goes down, without anything held. */
static void
click(struct keys *k, unsigned button, unsigned x, unsigned y)
{
	k->met = false;
	if (button == 0 && x - 1 < KEYS_FAR && y - 1 < KEYS_FAR)
		give(k, (struct key){.kind = KEY_HIT, .x = x - 1, .y = y - 1});
}

/* A whole sequence, ESC [ part c. */
static void
csi(struct keys *k, uint8_t c)
{
	uint8_t first = k->n_part ? k->part[0] : 0;

	k->at = KEYS_GROUND;
	if (k->paste) {
		if (c == '~' && parameter(k, 0) == 201)
			k->paste = false;
		return;
	}
	if (k->too_long) {
		give_bell(k);
	} else if (first == '<') {
		if (c == 'M')
			click(k, parameter(k, 0), parameter(k, 1),
			    parameter(k, 2));
	} else if (first >= '<' && first <= '?') {
		k->met = false; /* an answer of the terminal's */
	} else if (c == 'M') {
		k->at = KEYS_MOUSE;
		k->n_part = 0;
	} else if (c == '~') {
		numbered(k, parameter(k, 0), parameter(k, 1));
	} else if (c == 'I' || c == 'O') {
		k->met = false; /* the window is in front, or not */
	} else {
		final(k, c, parameter(k, 1));
	}
}

static void
in_csi(struct keys *k, uint8_t c)
{
	if (c >= 0x40 && c < 0x7f)
		csi(k, c);
	else if (c < 0x20 || c >= 0x7f) {
		k->at = KEYS_GROUND; /* broken off */
		if (!k->paste)
			give_bell(k);
	} else if (k->n_part < KEYS_PARAMS)
		k->part[k->n_part++] = c;
	else
		k->too_long = true;
}

static void
in_ss3(struct keys *k, uint8_t c)
{
	k->at = KEYS_GROUND;
	final(k, c, 0);
}

static void
in_mouse(struct keys *k, uint8_t c)
{
	k->part[k->n_part++] = c;
	if (k->n_part < 3)
		return;
	k->at = KEYS_GROUND;
	click(k, k->part[0] - 32u, k->part[1] - 32u, k->part[2] - 32u);
}

/* -------- plain bytes -------- */

static void
pasted(struct keys *k, uint8_t c)
{
	bool lf = c == '\n' && k->cr;

	k->cr = c == '\r';
	if (lf)
		return;
	if (c == '\r' || c == '\n') {
		give_kind(k, KEY_RETURN);
	} else if (c == '\t') {
		give_text(k, ' ');
		give_text(k, ' ');
	} else if (c >= ' ' && c != DEL)
		give_text(k, c);
}

static void
typed(struct keys *k, uint8_t c)
{
	if (c >= ' ' && c < DEL)
		give_text(k, c);
	else if (c == '\b' || c == DEL)
		give_kind(k, KEY_BACK);
	else if (c == '\r' || c == '\n')
		give_kind(k, KEY_RETURN);
	else if (c > 0 && c <= 26 && !k->met)
		give_char(k, KEY_CTL, 'a' + c - 1u);
	else
		give_bell(k);
}

static void
begin_utf8(struct keys *k, uint8_t c)
{
	k->part[0] = c;
	k->n_part = 1;
	k->at = KEYS_UTF8;
	if (c < 0xc2 || c > 0xf4) {
		k->at = KEYS_GROUND;
		give_text(k, REPLACEMENT);
	}
}

static void
in_ground(struct keys *k, uint8_t c)
{
	if (c == ESC) {
		k->at = KEYS_ESC;
	} else if (c >= 0x80) {
		k->cr = false;
		begin_utf8(k, c);
	} else if (k->paste) {
		pasted(k, c);
	} else {
		typed(k, c);
	}
}

static void
in_esc(struct keys *k, uint8_t c)
{
	k->n_part = 0;
	k->too_long = false;
	k->at = c == '[' ? KEYS_CSI : KEYS_GROUND;
	if (k->paste && c != '[') {
		in_ground(k, c);
		return;
	}
	if (c == 'O')
		k->at = KEYS_SS3;
	if (c == '[' || c == 'O')
		return;
	k->met = true;
	in_ground(k, c);
}

/* C1 controls are none of the text, and nobody's key. */
static void
whole_utf8(struct keys *k, uint32_t code)
{
	k->at = KEYS_GROUND;
	if (code >= 0xa0)
		give_text(k, code);
	else if (!k->paste)
		give_bell(k);
}

static void
in_utf8(struct keys *k, uint8_t c)
{
	uint8_t lead = k->part[0];
	size_t len = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	uint32_t code;

	if ((c & 0xc0) != 0x80) {
		k->at = KEYS_GROUND;
		give_text(k, REPLACEMENT);
		in_ground(k, c);
		return;
	}
	k->part[k->n_part++] = c;
	if (k->n_part < len)
		return;
	if (utf8_get(k->part, len, &code) == 0)
		code = REPLACEMENT;
	whole_utf8(k, code);
}

void
keys_feed(struct keys *k, const uint8_t *p, size_t n)
{
	static void (*const in[])(struct keys *, uint8_t) = {
	    [KEYS_GROUND] = in_ground,
	    [KEYS_UTF8] = in_utf8,
	    [KEYS_ESC] = in_esc,
	    [KEYS_SS3] = in_ss3,
	    [KEYS_CSI] = in_csi,
	    [KEYS_MOUSE] = in_mouse,
	};

	for (size_t i = 0; i < n; i++)
		in[k->at](k, p[i]);
	flush(k);
}
