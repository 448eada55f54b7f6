/*
 * run -- `urbit PIER`: make the ship if it is not there yet, or go on making
 * it, and run it; or do with it what an option asks for instead.
 */
#ifndef RUN_H
#define RUN_H

/* As main is called.  The exit code. */
int run_main(int argc, char **argv);

#endif
