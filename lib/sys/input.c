#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST = 64 * 1024 };

/* Map fd if it is a file with something in it.  0 if that was done. */
static int
map_file(struct input *in, int fd)
{
	struct stat st;
	off_t at;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
		return -1;
	if ((at = lseek(fd, 0, SEEK_CUR)) < 0 || at > st.st_size)
		return -1;
	in->mapped = (size_t)st.st_size;
	in->base = mmap(NULL, in->mapped, PROT_READ, MAP_PRIVATE, fd, 0);
	if (in->base == MAP_FAILED) {
		*in = (struct input){0};
		return -1;
	}
	in->p = (const uint8_t *)in->base + at;
	in->n = (size_t)(st.st_size - at);
	(void)lseek(fd, 0, SEEK_END);
	return 0;
}

/* Bytes read to the end of the buffer, 0 at the end, -1 with errno set. */
static ssize_t
read_more(struct input *in, int fd, size_t *cap)
{
	ssize_t got;

	if (in->n == *cap) {
		size_t more = *cap ? *cap * 2 : FIRST;
		void *bigger = realloc(in->base, more);

		if (bigger == NULL)
			return -1;
		in->p = in->base = bigger;
		*cap = more;
	}
	do
		got = read(fd, (char *)in->base + in->n, *cap - in->n);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		in->n += (size_t)got;
	return got;
}

int
input_load(struct input *in, int fd)
{
	size_t cap = 0;
	ssize_t got;

	*in = (struct input){0};
	if (map_file(in, fd) == 0)
		return 0;
	while ((got = read_more(in, fd, &cap)) > 0)
		;
	if (got < 0) {
		int error = errno;

		input_free(in);
		errno = error;
		return -1;
	}
	return 0;
}

void
input_free(struct input *in)
{
	if (in->mapped)
		munmap(in->base, in->mapped);
	else
		free(in->base);
	*in = (struct input){0};
}
