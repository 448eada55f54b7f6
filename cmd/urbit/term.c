#include "term.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static bool is_saved;

bool
term_save(void)
{
	is_saved = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	    tcgetattr(STDIN_FILENO, &saved) == 0;
	return is_saved;
}

/* Is it as it was? */
static bool
is_restored(void)
{
	struct termios now;

	return tcgetattr(STDIN_FILENO, &now) < 0 ||
	    (now.c_lflag == saved.c_lflag && now.c_iflag == saved.c_iflag &&
	        now.c_oflag == saved.c_oflag);
}

void
term_restore(void)
{
	/* What stands in the cursor's line is half of something. */
	static const char sane[] =
	    "\r\033[K\033[0m\033[?25h\033[?2004l\033[?1000l\033[?1006l";

	if (!is_saved || is_restored())
		return;
	/* We may be in the background: be asked nothing. */
	signal(SIGTTOU, SIG_IGN);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	(void)!write(STDOUT_FILENO, sane, sizeof sane - 1);
}
