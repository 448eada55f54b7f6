/*
 * run -- the loop that runs bytecode; included twice by machine.c, as a
 * fast one and as one that counts and tells (RUN_WATCHED).
 *
 * Registers: ip, the next instruction; fp, the running frame; code, whose
 * it is.  The noun stack's top is not kept up to date: before anything that
 * may collect or use the stack, SYNC() sets it above the frame.  After it,
 * AGAIN() says that this frame's slots may be given young nouns again.
 */
#ifdef RUN_WATCHED
#define WATCH_STEP() machine.instructions++
#define WATCH_ENTER() watch_enter(code, cp)
#else
#define WATCH_STEP() (void)0
#define WATCH_ENTER() (void)0
#endif

#define A fp[i.a]
#define B fp[i.b]
#define C fp[i.c]
#define K(n) code->constants[n]

#define NEXT()                      \
	do {                        \
		WATCH_STEP();       \
		i = *ip++;          \
		goto *labels[i.op]; \
	} while (0)

#define JUMP() ip += (int16_t)i.c

#define SYNC()                                           \
	do {                                             \
		stack->top = (char *)(fp + code->slots); \
		control->top = (char *)cp;               \
		machine.code = code;                     \
	} while (0)

#define AGAIN()                        \
	do {                           \
		if (fp < heap.low)     \
			heap.low = fp; \
	} while (0)

#define POLL()                                         \
	do {                                           \
		if (__builtin_expect(heap_due(), 0)) { \
			SYNC();                        \
			poll();                        \
			heap.low = fp;                 \
		}                                      \
	} while (0)

static noun
#ifdef RUN_WATCHED
run_watched(struct code *code)
#else
run_plain(struct code *code)
#endif
{
	static const void *const labels[] = {
#define X(name, operands, what) [OP_##name] = &&op_##name,
	    NOCK_OPS(X)
#undef X
	};
	struct region *const stack = &heap.region[NOUN_STACK];
	struct region *const control = &heap.region[CONTROL_STACK];
	noun *fp = (noun *)stack->top, *const bottom = fp;
	struct frame *cp;
	const struct instr *ip;
	struct instr i;
	unsigned first;
	noun v;

	push_frame(NULL, machine.code);
	cp = (struct frame *)control->top;
	first = code->args;

	/* A function begins: the slots from `first` on hold nothing yet. */
enter:
	if (__builtin_expect(
	        (size_t)(stack->end - (char *)fp) < code->room, 0)) {
		stack->top = (char *)fp;
		heap_grow(stack, code->room);
	}
	while (first < code->slots) {
		fp[first++] = 0;
		__asm__(""); /* few: not worth a call of memset() */
	}
	ip = code->start;
	WATCH_ENTER();
	POLL();
	NEXT();

op_MOV:
	A = B;
	NEXT();
op_LDK:
	A = K(i.b);
	NEXT();
op_HEAD:
	v = B;
	if (!is_cell(v))
		goto crash;
	A = head(v);
	NEXT();
op_TAIL:
	v = B;
	if (!is_cell(v))
		goto crash;
	A = tail(v);
	NEXT();
op_HEADU:
	A = head(B);
	NEXT();
op_TAILU:
	A = tail(B);
	NEXT();
op_AX:
	if (!axis_get(B, K(i.c), &v))
		goto crash;
	A = v;
	NEXT();
op_CONS:
	A = cons(B, C);
	NEXT();
op_INC:
	v = B;
	if (__builtin_expect(is_direct(v) && v != direct(DIRECT_MAX), 1))
		A = v + direct(1);
	else if (is_cell(v))
		goto crash;
	else
		A = atom_increment(v);
	NEXT();
op_EQ:
	A = loobean(equal(B, C));
	NEXT();
op_ISCELL:
	A = loobean(is_cell(B));
	NEXT();
op_JMP:
	JUMP();
	NEXT();
op_JATOM:
	if (is_atom(A))
		JUMP();
	NEXT();
op_JNE:
	if (!equal(A, B))
		JUMP();
	NEXT();
op_JNEK:
	if (A != direct(i.b))
		JUMP();
	NEXT();
op_JNO:
	v = A;
	if (v == NO)
		JUMP();
	else if (v != YES)
		goto crash;
	NEXT();

op_RET:
	v = A;
	ip = (--cp)->ip;
	if (__builtin_expect(ip == NULL, 0)) {
		machine.code = cp->code;
		control->top = (char *)cp;
		stack_cut(bottom);
		return v;
	}
	code = cp->code;
	fp -= code->slots;
	fp[ip[-1].b] = v;
	AGAIN();
	POLL();
	NEXT();
op_CALL : {
	struct site *s = &code->sites[i.c];
	struct code *to = s->code;
	noun *args = fp + code->slots;

	first = s->args;
	v = A;
	if (__builtin_expect(s->formula != v, 0))
		to = resolve(s, v, args, &first);
	if (__builtin_expect((char *)cp == control->end, 0)) {
		control->top = (char *)cp;
		heap_grow(control, sizeof *cp);
	}
	*cp++ = (struct frame){ip, code};
	fp = args;
	code = to;
	goto enter;
}
op_TCALL : {
	struct site *s = &code->sites[i.c];
	struct code *to = s->code;

	first = s->args;
	v = A;
	if (__builtin_expect(s->formula != v, 0))
		to = resolve(s, v, fp, &first);
	if (to != code) {
		code = to;
		goto enter;
	}
	/* A loop: what is in the other slots are nouns, soon dead. */
	ip = code->start;
	WATCH_ENTER();
	POLL();
	NEXT();
}

op_EDIT:
	if (!axis_edit(B, K(ip->b), C, &v))
		goto crash;
	A = v;
	ip++;
	NEXT();
op_ARG:
op_EXT:
	assert(0);
op_SCRY:
	SYNC();
	machine.scries++;
	v = scry(B, C);
	AGAIN();
	A = v;
	NEXT();
op_BAIL:
	goto crash;
op_BAILV:
	/* Nock lets a tag be any noun; Hoon's mink wants an atom. */
	if (machine.scry != 0)
		goto crash;
	NEXT();

op_TPUSH:
	v = machine.trace;
	machine.trace = cons(cons(K(i.c), B), v);
	A = v;
	NEXT();
op_TPOP:
	machine.trace = A;
	NEXT();
op_SLOG:
	SYNC();
	hint_slog(A);
	NEXT();
op_MEMO:
	if (memo_get(B, K(i.c), &v)) {
		A = v;
		NEXT();
	}
	fp[i.a + 1] = direct(machine.scries);
	ip++;
	NEXT();
op_KEEP:
	if (fp[i.a + 1] == direct(machine.scries))
		memo_put(B, K(i.c), A);
	NEXT();
op_ENTER:
	SYNC();
	A = hint_enter(i.c, B, fp[ip->a], K(ip->b));
	ip++;
	NEXT();
op_LEAVE:
	hint_leave(i.c, A, B);
	NEXT();
op_FAST:
	NEXT();

crash:
	bail(BAIL_EXIT);
}

#undef WATCH_STEP
#undef WATCH_ENTER
#undef A
#undef B
#undef C
#undef K
#undef NEXT
#undef JUMP
#undef SYNC
#undef AGAIN
#undef POLL
