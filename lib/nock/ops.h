/*
 * ops -- the instructions of the machine: the one list of them.
 *
 * An instruction is 64 bits, {op, a, b, c : 16}.  `a b c` are slots of the
 * frame unless said otherwise.
 *
 * X(name, operands, what it does).  In operands, one letter each for a, b
 * and c: d = slot written, r = slot read, k = number of a constant, s = of
 * a call site, i = number as it stands, > = length of a jump from the next
 * instruction, . = unused.
 */
#ifndef OPS_H
#define OPS_H

#define NOCK_OPS(X) \
	X(MOV, "dr.", "a = b") \
	X(LDK, "dk.", "a = the constant b") \
	X(HEAD, "dr.", "a = head of b; crash if b is an atom") \
	X(TAIL, "dr.", "a = tail of b; crash if b is an atom") \
	X(HEADU, "dr.", "a = head of b, known to be a cell") \
	X(TAILU, "dr.", "a = tail of b, known to be a cell") \
	X(AX, "drk", "a = part of b at the axis c; crash if there is none") \
	X(CONS, "drr", "a = [b c]") \
	X(INC, "dr.", "a = b + 1; crash if b is a cell") \
	X(EQ, "drr", "a = are b and c equal") \
	X(ISCELL, "dr.", "a = is b a cell") \
	X(JMP, "..>", "go on at c") \
	X(JATOM, "r.>", "jump if a is an atom") \
	X(JNE, "rr>", "jump if a and b differ") \
	X(JNEK, "ri>", "jump if a is not the direct atom b") \
	X(JNO, "r.>", "jump if a is 1; crash if it is not 0 or 1") \
	X(RET, "r..", "return a") \
	X(CALL, "rds", "b = run formula a; arguments for site c lie from b on") \
	X(TCALL, "r.s", "the same in place of the running function, from 0 on") \
	X(GCALL, "rds", "CALL gate a: first argument and formula its battery, " \
	    "last its context") \
	X(GTCALL, "r.s", "the same as TCALL") \
	X(EDIT, "drr", "a = b with c at the axis k of the next word; or crash") \
	X(EXT, "rk.", "not run: further operands of the one before") \
	X(SCRY, "drr", "a = what is known at [b c]; crash or block") \
	X(BAIL, "...", "crash") \
	X(BAILV, "...", "crash if virtualised: a hint's tag that is a cell") \
	X(TPUSH, "drk", "a = the trace; put [tag c, b] before it") \
	X(TPOP, "r..", "the trace = a") \
	X(SLOG, "r..", "tell a, a [priority tank]") \
	X(MEMO, "drk", "a = what c on b is known to give; or skip the next") \
	X(KEEP, "rrk", "note that c on b gives a, unless it asked for a scry") \
	X(ENTER, "dri", "a = state of hint c, begun with the clue b; next word: "\
	    "the subject, the formula") \
	X(LEAVE, "rri", "end hint c, of state a, with the product b") \
	X(FAST, "rr.", "a is a core, registered as the clue b says") \
	X(JET, ".i.", "return what a jet of this formula makes of the " \
	    "arguments; or run the formula; or keep what it gives") \
	X(KEPT, "rrr", "return a, the formula's product; the jet c has left b")

enum op {
#define X(name, operands, what) OP_##name,
	NOCK_OPS(X)
#undef X
	OPS
};

struct instr {
	uint16_t op, a, b, c;
};

#endif
