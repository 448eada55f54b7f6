/*
 * export -- -X: what the ship's namespace has at a path, in a file.
 *
 *     -X /x/base/sys/kelvin     the care or vane, the desk, the rest
 *     -Y NAME                   PIER/.urb/put/NAME.EXT; without it, the path
 *     -Z jam                    NAME.jam, the jam of the noun
 *     -Z AURA                   NAME.txt, an atom as text, as @AURA
 */
#ifndef EXPORT_H
#define EXPORT_H

/*
 * Do it: of the pier's last event, which may have to be computed first; so
 * the ship may not run.  into may be NULL.  The exit code: TOOL_NO if there is
 * nothing at that path.
 */
int export_run(
    const char *pier, const char *path, const char *into, const char *format);

/* Compute what is in the pier's log and not in its image.  The exit code. */
int export_catch_up(const char *pier);

#endif
