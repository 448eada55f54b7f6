/*
 * dock -- PIER/.run: this program, called so that the pier is known.
 */
#ifndef DOCK_H
#define DOCK_H

/*
 * Make the link if there is no .run that can be run; what somebody else put
 * there stays.  0, or the exit code when it failed and that was said.
 */
int dock_if_none(const char *pier);

#endif
