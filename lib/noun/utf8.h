/*
 * utf8 -- text as bytes: one code point at a time.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The length, 1 to 4, of the code point that begins p[0..n), n > 0, and
 * *code; 0 if the bytes there are not UTF-8: cut short, longer than need
 * be, a surrogate, above U+10FFFF.
 */
unsigned utf8_get(const uint8_t *p, size_t n, uint32_t *code);

/*
 * True if a terminal shows the code point and does nothing else: it is no
 * control character, no noncharacter, and does not turn the direction in
 * which its neighbours are shown.
 */
bool utf8_printable(uint32_t code);

#endif
