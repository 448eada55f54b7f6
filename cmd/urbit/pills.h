/*
 * pills -- which pill a new ship is made of.
 *
 *     -B PILL    a file; or, where there is none of that name, the one of the
 *                cache (cache.h), whose .pill may be left out
 *     -u URL     fetched into the cache, by the last part of its path
 *     neither    the newest in the cache that a ship is made of
 *
 * Nothing is asked for on the network without -u.
 */
#ifndef PILLS_H
#define PILLS_H

/*
 * The pill for -B and -u as they were given, NULL = not: *file holds until
 * the next call.  0, or the exit code when it was said what is wrong.
 */
int pills_find(const char *named, const char *url, const char **file);

/* The same of a prop: a file, one of the cache by its name, or a URL. */
int pills_find_prop(const char *named, const char *url, const char **file);

#endif
