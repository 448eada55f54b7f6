#include "reason.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *
reason_of(int error)
{
	static _Thread_local char words[128];
	unsigned char *p = (unsigned char *)words;

	snprintf(words, sizeof words, "%s", strerror(error));
	if (isupper(p[0]) && islower(p[1]))
		p[0] = (unsigned char)tolower(p[0]);
	return words;
}
