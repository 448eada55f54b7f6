#include "belt.h"

#include "atom.h"
#include "heap.h"
#include "shape.h"

static noun
text(const struct key *k)
{
	noun list = 0;

	for (size_t i = k->n; i-- > 0;)
		list = cons(direct(k->text[i]), list);
	return cons(atom_cord("txt"), list);
}

static noun
bolt(const struct key *k)
{
	switch (k->kind) {
	case KEY_ARROW:
		return cons(atom_cord("aro"), direct(k->code));
	case KEY_BACK:
		return cons(atom_cord("bac"), 0);
	case KEY_DELETE:
		return cons(atom_cord("del"), 0);
	case KEY_RETURN:
		return cons(atom_cord("ret"), 0);
	case KEY_HIT:
		return cons3(atom_cord("hit"), direct(k->x), direct(k->y));
	default:
		return direct(k->code);
	}
}

noun
belt_of(const struct key *k)
{
	if (k->kind == KEY_TEXT)
		return text(k);
	if (k->mod == KEY_PLAIN)
		return bolt(k);
	return cons3(atom_cord("mod"),
	    atom_cord(k->mod == KEY_CTL ? "ctl" : "met"), bolt(k));
}
