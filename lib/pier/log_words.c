#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log_parts.h"
#include "reason.h"

enum log_got
log_say(char *why, enum log_got got, const char *format, ...)
{
	va_list v;

	va_start(v, format);
	vsnprintf(why, LOG_WORDS, format, v);
	va_end(v);
	return got;
}

enum log_got
log_sys_failed(char *why, const char *doing)
{
	if (errno == ENOENT)
		return log_say(why, LOG_NONE, "there is no such file");
	return log_say(why, LOG_SYS, "%s: %s", doing, reason_of(errno));
}

/*
 * What the system said, where SQLite knows only that it failed; of a commit
 * it does not keep even that.
 */
static enum log_got
system_failed(char *why, sqlite3 *sql, const char *doing)
{
	int e = sql ? sqlite3_system_errno(sql) : 0;

	if (e)
		errno = e;
	if (errno == 0)
		return log_say(why, LOG_SYS, "%s: %s", doing,
		    sql ? sqlite3_errmsg(sql) : "no memory");
	return log_sys_failed(why, doing);
}

enum log_got
log_sql_failed(char *why, sqlite3 *sql, int rc, const char *doing)
{
	if (rc == SQLITE_IOERR_SHORT_READ || rc == SQLITE_IOERR_CORRUPTFS)
		rc = SQLITE_CORRUPT;
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return log_say(why, LOG_SYS, "%s: the disk is full", doing);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return log_say(
		    why, LOG_SYS, "%s: another program has it locked", doing);
	case SQLITE_NOMEM:
		return log_say(why, LOG_SYS, "%s: no memory", doing);
	case SQLITE_READONLY:
		return log_say(
		    why, LOG_SYS, "%s: it may only be read here", doing);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return system_failed(why, sql, doing);
	case SQLITE_NOTADB:
		return log_say(why, LOG_BAD, "it is no SQLite database");
	case SQLITE_CORRUPT:
		return log_say(why, LOG_BAD, "%s: the file is damaged", doing);
	default:
		return log_say(why, LOG_BAD, "%s: %s", doing,
		    sql ? sqlite3_errmsg(sql) : sqlite3_errstr(rc));
	}
}
