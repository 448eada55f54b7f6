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

#define A fp[ip->a]
#define B fp[ip->b]
#define C fp[ip->c]
#define K(n) code->constants[n]

#define GO()                          \
	do {                          \
		WATCH_STEP();         \
		goto *labels[ip->op]; \
	} while (0)

#define NEXT()        \
	do {          \
		ip++; \
		GO(); \
	} while (0)

#define JUMP() ip += (int16_t)ip->c

#define SYNC(end)                           \
	do {                                \
		stack->top = (char *)(end); \
		control->top = (char *)cp;  \
		machine.code = code;        \
	} while (0)

#define AGAIN()                        \
	do {                           \
		if (fp < heap.low)     \
			heap.low = fp; \
	} while (0)

#define POLL(end)                                      \
	do {                                           \
		if (__builtin_expect(heap_due(), 0)) { \
			SYNC(end);                     \
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
	struct site *site;
	struct way *way;
	struct code *to;
	noun *args, v, w;
	struct nock_jet *jet;

	push_frame(NULL, machine.code);
	cp = (struct frame *)control->top;

enter:
	if (__builtin_expect(
	        (size_t)(stack->end - (char *)fp) < code->room, 0)) {
		stack->top = (char *)fp;
		heap_grow(stack, code->room);
	}
loop:
	ip = code->start;
	WATCH_ENTER();
	POLL(fp + code->args);
	GO();

op_MOV:
	A = B;
	NEXT();
op_LDK:
	A = K(ip->b);
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
	way = &code->ways[ip->c];
	if (!go_far(way, B, K(ip->c), &v))
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
	if (A != direct(ip->b))
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
give:
	ip = (--cp)->ip;
	if (__builtin_expect(ip == NULL, 0)) {
		machine.code = cp->code;
		control->top = (char *)cp;
		stack_cut(bottom);
		return v;
	}
	code = cp->code;
	*fp = v; /* the caller's slot b */
	fp -= ip->b;
	AGAIN();
	POLL(fp + ip->b + 1);
	NEXT();
op_GCALL:
	v = A;
	args = fp + ip->b;
	site = &code->sites[ip->c];
	if (!is_cell(v) || !is_cell(w = tail(v)))
		goto crash;
	args[0] = v = head(v);
	args[site->args - 1] = tail(w);
	goto call;
op_CALL:
	v = A;
	args = fp + ip->b;
	site = &code->sites[ip->c];
call:
	to = site->code;
	if (__builtin_expect(site->formula != v, 0))
		to = resolve(site, v, args);
	if (__builtin_expect((char *)cp == control->end, 0)) {
		control->top = (char *)cp;
		heap_grow(control, sizeof *cp);
	}
	*cp++ = (struct frame){ip, code};
	fp = args;
	code = to;
	goto enter;
op_GTCALL:
	v = A;
	site = &code->sites[ip->c];
	if (!is_cell(v) || !is_cell(w = tail(v)))
		goto crash;
	fp[0] = v = head(v);
	fp[site->args - 1] = tail(w);
	goto tail_call;
op_TCALL:
	v = A;
	site = &code->sites[ip->c];
tail_call:
	to = site->code;
	if (__builtin_expect(site->formula != v, 0))
		to = resolve(site, v, fp);
	if (to == code)
		goto loop;
	code = to;
	goto enter;

op_EDIT:
	if (!axis_edit(B, K(ip[1].b), C, &v))
		goto crash;
	A = v;
	ip++;
	NEXT();
op_EXT:
	assert(0);
op_SCRY:
	SYNC(&A); /* the newest slot */
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
	machine.trace = cons(cons(K(ip->c), B), v);
	A = v;
	NEXT();
op_TPOP:
	machine.trace = A;
	NEXT();
op_SLOG:
	SYNC(fp + code->slots);
	hint_slog(A);
	NEXT();
op_MEMO:
	fp[ip->a + 1] = direct(machine.scries);
	if (memo_get(B, K(ip->c), &v)) {
		A = v;
		NEXT();
	}
	A = 0; /* for the collector, until KEEP */
	ip++;
	NEXT();
op_KEEP:
	if (fp[ip->a + 1] == direct(machine.scries))
		memo_put(B, K(ip->c), A);
	NEXT();
op_ENTER:
	SYNC(fp + code->slots);
	A = hint_enter(ip->c, B, fp[ip[1].a], K(ip[1].b));
	ip++;
	NEXT();
op_LEAVE:
	hint_leave(ip->c, A, B);
	NEXT();
op_FAST:
	if (machine.fast && is_cell(A))
		machine.fast(A, B);
	NEXT();
op_JET:
	SYNC(fp + code->args);
	v = try_jets(code, fp, &jet);
	AGAIN();
	if (v == NOCK_PASS) {
		ip += CODE_ENTRY;
		GO();
	}
	if (v != NOCK_KEEP)
		goto give;
	/* The formula itself, as a call of which KEPT gets the product. */
	args = fp + ip->b;
	if ((size_t)(stack->end - (char *)args) < code->room)
		heap_grow(stack, code->room + CODE_ARGS * sizeof *fp);
	memcpy(args, fp, code->args * sizeof *fp);
	fp[code->args] = machine.kept;
	fp[code->args + 1] = direct((uintptr_t)jet); /* as an atom */
	if (__builtin_expect((char *)cp == control->end, 0)) {
		control->top = (char *)cp;
		heap_grow(control, sizeof *cp);
	}
	*cp++ = (struct frame){ip, code};
	fp = args;
	ip = code->body;
	GO();
op_KEPT:
	SYNC(&A + 1);
	jet = (struct nock_jet *)(uintptr_t)direct_value(C);
	jet->keep(B, A);
	v = A;
	goto give;

crash:
	bail(BAIL_EXIT);
}

#undef WATCH_STEP
#undef WATCH_ENTER
#undef A
#undef B
#undef C
#undef K
#undef GO
#undef NEXT
#undef JUMP
#undef SYNC
#undef AGAIN
#undef POLL
