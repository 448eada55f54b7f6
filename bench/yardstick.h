/*
 * yardstick -- how fast is this machine, now, at work like ours?
 *
 * One go of it: bump-allocate a balanced binary tree of 2^20 leaves from
 * cells of 16 bytes, parents before children; hash it bottom-up, twice;
 * follow 2^20 pseudo-random paths from the root to a leaf.  About a
 * quarter of a second.  Speeds are also given in Y, multiples of it, since
 * machines differ and drift but mostly do so alike.
 */
#ifndef YARDSTICK_H
#define YARDSTICK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { YARDSTICK_LEVELS = 20, YARDSTICK_LEAVES = 1 << YARDSTICK_LEVELS };

/* A word is a leaf, value << 1, or an address of a pair of words, plus 1. */
static uint64_t *yardstick_room, *yardstick_next;
static volatile uint64_t yardstick_result;

static uint64_t
yardstick_grow(unsigned levels, uint64_t value)
{
	uint64_t *pair;

	if (levels == 0)
		return value << 1;
	pair = yardstick_next;
	yardstick_next += 2;
	pair[0] = yardstick_grow(levels - 1, value << 1);
	pair[1] = yardstick_grow(levels - 1, value << 1 | 1);
	return (uintptr_t)pair + 1;
}

static uint64_t
yardstick_sum(uint64_t word)
{
	const uint64_t *pair = (const uint64_t *)(uintptr_t)(word - 1);
	uint64_t left, right;

	if (!(word & 1))
		return (word + (word >> 31)) * UINT64_C(0xff51afd7ed558ccd);
	left = yardstick_sum(pair[0]);
	right = yardstick_sum(pair[1]);
	return (left + (right >> 9)) * UINT64_C(0xc4ceb9fe1a85ec53);
}

static uint64_t
yardstick_leaf(uint64_t word, uint64_t path)
{
	const uint64_t *pair;
	uint64_t left, right;

	while (word & 1) {
		pair = (const uint64_t *)(uintptr_t)(word - 1);
		left = pair[0];
		right = pair[1];
		/* Both are there, so the choice is a move, not a branch. */
		__asm__("" : "+r"(left), "+r"(right));
		word = path & 1 ? right : left;
		path >>= 1;
	}
	return word;
}

/* One go.  The memory is kept for the next. */
static void
yardstick(void)
{
	uint64_t root, sum, path = UINT64_C(0x9e3779b97f4a7c15);

	if (yardstick_room == NULL) {
		yardstick_room = malloc(16 * (size_t)YARDSTICK_LEAVES);
		if (yardstick_room == NULL) {
			perror("yardstick");
			exit(111);
		}
	}
	yardstick_next = yardstick_room;
	root = yardstick_grow(YARDSTICK_LEVELS, 1);
	sum = yardstick_sum(root);
	sum += yardstick_sum(root);
	for (int i = 0; i < YARDSTICK_LEAVES; i++) {
		path ^= path << 13;
		path ^= path >> 7;
		path ^= path << 17;
		sum += yardstick_leaf(root, path);
	}
	yardstick_result = sum;
}

#endif
