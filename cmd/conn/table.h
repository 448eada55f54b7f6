/*
 * table -- things by their number: a hash table whose entries lie in the
 * things themselves.
 *
 * Nothing here owns what is put in.  Numbers are given in order, so their
 * low bits are all the hash that there need be.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_entry {
	uint64_t key;
	struct table_entry *next;
};

/* Starts as all zero. */
struct table {
	struct table_entry **bucket;
	size_t buckets; /* a power of two */
	size_t n;
};

/* Put an entry in, its key set and not there yet; false: no memory. */
bool table_put(struct table *t, struct table_entry *e);

/* The entry with that key, or NULL. */
struct table_entry *table_get(const struct table *t, uint64_t key);

/* Take out an entry that is there. */
void table_remove(struct table *t, struct table_entry *e);

#endif
