/* Facts: are they what they were? */
#include "log_parts.h"

const char *const log_ship_facts[] = {"who", "fake", "life", "booted", NULL};

static enum log_got
check_fact(struct log *l, sqlite3_stmt *q)
{
	const char *key = (const char *)sqlite3_column_text(q, 0);
	const char *value = (const char *)sqlite3_column_text(q, 1);

	if (key != NULL && value != NULL &&
	    sqlite3_column_int64(q, 2) == log_sum_fact(key, value))
		return LOG_OK;
	return log_say(l->why, LOG_BAD,
	    "the fact %.60s is damaged: its checksum", key ? key : "");
}

enum log_got
log_facts(struct log *l)
{
	sqlite3 *sql = l->own->r;
	sqlite3_stmt *q = NULL;
	enum log_got got = LOG_OK;
	int rc = sqlite3_prepare_v2(
	    sql, "SELECT key, value, sum FROM meta", -1, &q, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	for (; rc == SQLITE_ROW && got == LOG_OK; rc = sqlite3_step(q))
		got = check_fact(l, q);
	if (got == LOG_OK && rc != SQLITE_DONE)
		got = log_sql_failed(l->why, sql, rc, "reading its facts");
	sqlite3_finalize(q);
	return got;
}
