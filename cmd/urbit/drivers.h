/*
 * drivers -- the drivers of a ship, in one list: a new one is a line.
 *
 * What the kernel says on a wire goes to the driver whose letter, or whose
 * knot, is the wire's first (the second, where the first is empty): what came
 * in on /d/term/1 Arvo answers on //term/1, of which some leave the first knot
 * away.
 */
#ifndef DRIVERS_H
#define DRIVERS_H

enum driver_needs {
	DRIVER_SHOWS = 1, /* to get what is for people: %slog %flog %spin */
	DRIVER_TTY = 2,   /* the terminal, or -t if there is none */
	DRIVER_PIER = 4,  /* the pier, as its operand */
	DRIVER_PUT = 8    /* --put PIER/.urb/put */
};

/* name, program, letter, knot, what it needs */
#define DRIVERS(X)                                                 \
	X(DILL, "dill", 'd', "term", DRIVER_SHOWS | DRIVER_TTY | DRIVER_PUT) \
	X(BEHN, "behn", 'b', "behn", 0)                            \
	X(CONN, "conn", 'k', "khan", DRIVER_PIER)

enum driver_name {
#define X(name, program, letter, knot, needs) DRIVER_##name,
	DRIVERS(X)
#undef X
	    DRIVERS_N
};

#endif
