/*
 * commands -- what `urbit` can do: its table of subcommands.
 *
 * Each is a function NAME_main, called as main is, with its own name first;
 * it gives the exit code.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

/* name, what it does */
#define COMMANDS(X) X(eval, "run Hoon through an ivory pill")

#define X(name, about) int name##_main(int argc, char **argv);
COMMANDS(X)
#undef X

#endif
