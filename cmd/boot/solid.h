/*
 * solid -- a pill that boots sooner: [%pill %solid boot 0 userspace].
 *
 *     boot      [loop start kernel 0]
 *     start     [[2 [1 0] 0 2] 0 3], on [kernel events]: [kernel's gate events]
 *     kernel    [7 formula 1 gate]
 *
 * The formula makes the kernel's gate of 0, and is run for the jets that it
 * registers; the gate is what it made with the kernel's events (%what, the
 * sources) in it, so that what they compile is compiled once, here.  As
 * ++solid of Arvo's /lib/pill has it.
 *
 * Of a pill from sources (brass: loop start compiler hoon arvo) the formula
 * is found as its start does: hoon is compiled by the compiler that it
 * brings, then hoon and arvo by that one.  One whose boot is of three, solid
 * itself, has it.
 */
#ifndef SOLID_H
#define SOLID_H

/* Make one of the plan and write it where the options say.  The exit code. */
int solid_write(void);

#endif
