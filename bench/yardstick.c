/* The yardstick itself, as a row. */
#include "bench.h"

int
main(void)
{
	bench("yardstick", "2^20 leaves", "ms", bench_yardstick, NULL);
	return 0;
}
