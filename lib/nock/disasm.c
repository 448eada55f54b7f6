#include "disasm.h"

#include <stdarg.h>
#include <stdio.h>

#include "compile.h"

static const struct {
	const char *name, *operands, *what;
} ops[] = {
#define X(name, operands, what) {#name, operands, what},
    NOCK_OPS(X)
#undef X
};

static int __attribute__((format(printf, 2, 3)))
print(struct text_sink *s, const char *format, ...)
{
	char line[160];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	if (n >= (int)sizeof line)
		n = sizeof line - 1;
	return s->put(s, line, (size_t)n);
}

/* A tree of slots: [0 [1 2]]. */
static int
print_shape(struct text_sink *s, uint32_t shape, int *bit, unsigned *slot)
{
	int e;

	if (!(shape >> --*bit & 1))
		return print(s, "s%u", (*slot)++);
	if ((e = print(s, "[")) != 0 ||
	    (e = print_shape(s, shape, bit, slot)) != 0 ||
	    (e = print(s, " ")) != 0 ||
	    (e = print_shape(s, shape, bit, slot)) != 0)
		return e;
	return print(s, "]");
}

static int
print_tree(struct text_sink *s, uint32_t shape)
{
	int bit = 31 - __builtin_clz(shape);
	unsigned slot = 0;

	return print_shape(s, shape, &bit, &slot);
}

static int
print_constant(struct text_sink *s, const struct code *c, unsigned k)
{
	struct text_opts o = {.depth = 4, .width = 6};

	return k < c->n_constants ? text_write(s, c->constants[k], &o)
	                          : print(s, "?");
}

static int
print_operand(struct text_sink *s, const struct code *c, uint32_t at, char kind,
    unsigned v)
{
	switch (kind) {
	case 'd':
	case 'r':
		return print(s, " s%u", v);
	case 'i':
		return print(s, " #%u", v);
	case 'k':
		return print(s, " ") ? -1 : print_constant(s, c, v);
	case '>':
		return print(s, " ->%u", at + 1 + (unsigned)(int16_t)v);
	case 's':
		return print(s, " ") ? -1 : print_tree(s, c->sites[v].shape);
	default:
		return 0;
	}
}

static int
print_instr(struct text_sink *s, const struct code *c, uint32_t at)
{
	const struct instr *i = &c->body[at];
	const char *kinds = ops[i->op].operands;
	const unsigned v[] = {i->a, i->b, i->c};
	int e;

	if ((e = print(s, "%5u  %-6s", at, ops[i->op].name)) != 0)
		return e;
	for (unsigned j = 0; j < 3; j++)
		if ((e = print_operand(s, c, at, kinds[j], v[j])) != 0)
			return e;
	return print(s, "\n");
}

static int
print_code(struct text_sink *s, const struct code *c)
{
	int e;

	if ((e = print(s, "subject ")) != 0 ||
	    (e = print_tree(s, c->shape)) != 0 ||
	    (e = print(s, ", %u slots\n", c->slots)) != 0)
		return e;
	for (uint32_t i = 0; i < c->n; i++)
		if ((e = print_instr(s, c, i)) != 0)
			return e;
	return 0;
}

int
disasm(struct text_sink *s, noun formula, uint32_t shape)
{
	char *bottom = scratch_top();
	struct code c = {0};
	int e;

	compile(formula, shape, &c);
	e = print_code(s, &c);
	scratch_cut(bottom);
	return e;
}
