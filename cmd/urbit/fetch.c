#define _GNU_SOURCE /* fopen's e */
#include "fetch.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

enum { PATH_SIZE = 4096 + 32, URL_SIZE = 2048, VERSION_SIZE = 256 };

/* Seconds: to connect; without a byte. */
enum { CONNECT_S = 30, STALL_S = 60 };

/* Where a file came from; version is its ETag or date, "" = not known. */
struct from {
	char url[URL_SIZE], version[VERSION_SIZE];
};

struct fetch {
	const char *url, *file;
	int (*check)(const char *file);
	char part[PATH_SIZE], part_from[PATH_SIZE], from[PATH_SIZE];
	int fd; /* of the part */

	CURL *curl;
	struct curl_slist *headers;
	char why[CURL_ERROR_SIZE];

	struct from had, now;  /* of what is going on; as the answer has it */
	curl_off_t at;         /* bytes of the part */
	curl_off_t shown_at;   /* when the progress was shown, in us */
	bool resumed, started; /* a range was asked for; bytes came, */
	bool continued;        /* and are that range */
	curl_off_t range;      /* where it begins, as the answer has it */
	bool too_long, failed; /* failed: errno is in error */
	bool watched;
	int error;
};

/* -------- where it came from -------- */

static void
read_line(FILE *f, char *to, size_t size)
{
	if (fgets(to, (int)size, f) == NULL)
		*to = 0;
	to[strcspn(to, "\r\n")] = 0;
}

static void
read_from(const char *path, struct from *f)
{
	FILE *file = fopen(path, "re");

	*f = (struct from){.url = ""};
	if (file == NULL)
		return;
	read_line(file, f->url, sizeof f->url);
	read_line(file, f->version, sizeof f->version);
	fclose(file);
}

/* 0, or -1 with errno set. */
static int
write_from(const char *path, const struct from *f)
{
	FILE *file = fopen(path, "we");
	int rc;

	if (file == NULL)
		return -1;
	fprintf(file, "%s\n%s\n", f->url, f->version);
	rc = ferror(file) ? -1 : 0;
	return fclose(file) != 0 ? -1 : rc;
}

/* -------- what comes -------- */

/* The value of a line "Name: value", trimmed; NULL if it is another. */
static const char *
header_value(const char *line, size_t n, const char *name, size_t *value_n)
{
	size_t m = strlen(name);

	if (n <= m || strncasecmp(line, name, m) != 0 || line[m] != ':')
		return NULL;
	for (m++; m < n && isspace((unsigned char)line[m]); m++)
		continue;
	while (n > m && isspace((unsigned char)line[n - 1]))
		n--;
	*value_n = n - m;
	return line + m;
}

/* An ETag is better than a date; a weak one is none. */
static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;
	size_t value_n;
	const char *value;

	if (n > 5 && memcmp(line, "HTTP/", 5) == 0) {
		f->now.version[0] = 0;
		f->range = -1;
		return n;
	}
	value = header_value(line, n, "content-range", &value_n);
	if (value != NULL && value_n > 6 && memcmp(value, "bytes ", 6) == 0)
		f->range = strtoll(value + 6, NULL, 10);
	value = header_value(line, n, "etag", &value_n);
	if (value == NULL && f->now.version[0] != '"')
		value = header_value(line, n, "last-modified", &value_n);
	if (value != NULL && value_n < sizeof f->now.version && value_n > 0 &&
	    strncmp(value, "W/", 2) != 0) {
		memcpy(f->now.version, value, value_n);
		f->now.version[value_n] = 0;
	}
	return n * size;
}

static bool
fail_errno(struct fetch *f)
{
	f->failed = true;
	f->error = errno;
	return false;
}

/* The first bytes are there: do they continue what we have? */
static bool
begin(struct fetch *f)
{
	long status = 0;

	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
	f->started = true;
	f->continued = status == 206 && f->resumed && f->range == f->at;
	if (f->continued)
		return true;
	if (status == 206) {
		errno = EPROTO;
		return fail_errno(f);
	}
	f->at = 0;
	if (ftruncate(f->fd, 0) < 0)
		return fail_errno(f);
	return write_from(f->part_from, &f->now) < 0 ? fail_errno(f) : true;
}

/* Other than n: stop. */
static size_t
on_bytes(char *p, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;

	n *= size;
	if (!f->started && !begin(f))
		return 0;
	if (f->at + (curl_off_t)n > FETCH_MAX) {
		f->too_long = true;
		return 0;
	}
	for (size_t done = 0; done < n;) {
		ssize_t got =
		    pwrite(f->fd, p + done, n - done, f->at + (curl_off_t)done);

		if (got < 0 && errno != EINTR)
			return fail_errno(f);
		done += got > 0 ? (size_t)got : 0;
	}
	f->at += (curl_off_t)n;
	return n;
}

/* -------- progress -------- */

static void
show(const struct fetch *f, curl_off_t done, curl_off_t all, curl_off_t us)
{
	static const char bar[] = "####################";
	enum { WIDE = sizeof bar - 1 };
	double mb = (double)done / 1e6;
	int part;

	if (all <= 0 || all < done) {
		tool_progress("%s: %.1f MB", f->url, mb);
		return;
	}
	part = (int)(done * WIDE / all);
	tool_progress("[%.*s%*s] %.1f of %.1f MB, %.1f MB/s", part, bar,
	    WIDE - part, "", mb, (double)all / 1e6,
	    us > 0 ? mb * 1e6 / (double)us : 0);
}

static int
on_progress(
    void *arg, curl_off_t all, curl_off_t done, curl_off_t up, curl_off_t sent)
{
	struct fetch *f = arg;
	curl_off_t us = 0, before = f->at - done;

	(void)up;
	(void)sent;
	curl_easy_getinfo(f->curl, CURLINFO_TOTAL_TIME_T, &us);
	if (all > 0 && before + all > FETCH_MAX) {
		f->too_long = true;
		return 1;
	}
	if (f->watched && us - f->shown_at > 200000) {
		show(f, f->at, all > 0 ? before + all : 0, us);
		f->shown_at = us;
	}
	return 0;
}

/* -------- asking -------- */

static void __attribute__((format(printf, 2, 3)))
add_header(struct fetch *f, const char *format, ...)
{
	char line[VERSION_SIZE + 64];
	struct curl_slist *more;
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	if ((more = curl_slist_append(f->headers, line)) != NULL)
		f->headers = more;
}

/* Go on with what there is of this version. */
static void
ask_rest(struct fetch *f)
{
	char range[40];

	snprintf(range, sizeof range, "%" PRId64 "-", (int64_t)f->at);
	curl_easy_setopt(f->curl, CURLOPT_RANGE, range);
	add_header(f, "If-Range: %s", f->had.version);
	f->resumed = true;
}

/* Only if it is another than the one there is. */
static void
ask_newer(struct fetch *f)
{
	struct from old;

	read_from(f->from, &old);
	if (access(f->file, F_OK) < 0 || strcmp(old.url, f->url) != 0 ||
	    old.version[0] == 0)
		return;
	add_header(f,
	    old.version[0] == '"' ? "If-None-Match: %s"
	                          : "If-Modified-Since: %s",
	    old.version);
}

static void
set_options(struct fetch *f)
{
	CURL *c = f->curl;
	bool secret = strncasecmp(f->url, "https:", 6) == 0;

	f->watched = isatty(STDERR_FILENO) && !command_tool.quiet;
	curl_easy_setopt(c, CURLOPT_URL, f->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https,file");
	curl_easy_setopt(
	    c, CURLOPT_REDIR_PROTOCOLS_STR, secret ? "https" : "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, 10L);
	curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "nockutils/" TOOL_VERSION);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)FETCH_MAX);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, f->why);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, f);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, f);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, f->headers);
}

/* -------- what became of it -------- */

static bool
is_offline(CURLcode got)
{
	return got == CURLE_COULDNT_RESOLVE_HOST ||
	    got == CURLE_COULDNT_RESOLVE_PROXY ||
	    got == CURLE_COULDNT_CONNECT || got == CURLE_OPERATION_TIMEDOUT;
}

/* Nobody answers: what came from there once will do, if anything did. */
static int
offline(struct fetch *f)
{
	struct from old;

	read_from(f->from, &old);
	if (!f->started && access(f->file, F_OK) == 0 &&
	    strcmp(old.url, f->url) == 0) {
		tool_say(f->url, "%s: taking %s, which came from there before",
		    f->why, f->file);
		return 0;
	}
	return tool_fail(TOOL_SYS, f->url, "%s", f->why);
}

static void
drop_part(struct fetch *f)
{
	unlink(f->part);
	unlink(f->part_from);
}

/* Is what came so far of use to the next call? */
static bool
is_of_use(const struct fetch *f)
{
	return f->at > 0 && !f->too_long &&
	    (f->started && !f->continued ? f->now.version[0]
	                                 : f->had.version[0]) != 0;
}

static void
lower(char *why)
{
	if (isupper((unsigned char)why[0]) && islower((unsigned char)why[1]))
		why[0] = (char)tolower((unsigned char)why[0]);
}

static int
failed(struct fetch *f, CURLcode got)
{
	int code;

	if (f->why[0] == 0)
		snprintf(f->why, sizeof f->why, "%s", curl_easy_strerror(got));
	lower(f->why);
	f->too_long |= got == CURLE_FILESIZE_EXCEEDED;
	if (f->too_long) {
		code = tool_fail(TOOL_DATA, f->url,
		    "has more than %" PRId64 " MiB", FETCH_MAX >> 20);
	} else if (f->failed) {
		errno = f->error;
		code = tool_errno(f->part);
	} else if (is_offline(got)) {
		code = offline(f);
	} else if (got == CURLE_UNSUPPORTED_PROTOCOL ||
	    got == CURLE_URL_MALFORMAT) {
		code = tool_fail(TOOL_USAGE, f->url, "%s", f->why);
	} else {
		code = tool_fail(TOOL_SYS, f->url, "%s%s", f->why,
		    f->started && is_of_use(f)
		        ? "; the same command goes on with it"
		        : "");
	}
	if (!is_of_use(f))
		drop_part(f);
	return code;
}

/* It is all there: a file that nothing came of is an empty one. */
static int
finish(struct fetch *f)
{
	int code;

	if ((!f->started && !begin(f)) || fsync(f->fd) < 0)
		return tool_errno(f->part);
	if ((code = f->check(f->part)) != 0) {
		drop_part(f);
		return code;
	}
	if (rename(f->part, f->file) < 0)
		return tool_errno(f->file);
	if (f->continued)
		f->now = f->had;
	unlink(f->part_from);
	if (write_from(f->from, &f->now) < 0)
		return tool_errno(f->from);
	tool_say(f->url, "%" PRId64 " bytes are %s", (int64_t)f->at, f->file);
	return 0;
}

/* The exit code, or AGAIN: what we had is no part of it, begin anew. */
enum { AGAIN = -1 };

static int
ended(struct fetch *f, CURLcode got)
{
	long status = 0;

	tool_progress_end();
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 416 && f->resumed) {
		f->at = 0;
		return AGAIN;
	}
	if (got != CURLE_OK)
		return failed(f, got);
	if (status != 304)
		return finish(f);
	drop_part(f);
	tool_say(f->url, "is %s, as before", f->file);
	return 0;
}

/* -------- one file -------- */

static int
transfer(struct fetch *f)
{
	int code;

	if ((f->curl = curl_easy_init()) == NULL)
		return tool_fail(TOOL_SYS, f->url, "libcurl does not start");
	f->headers = NULL;
	f->resumed = f->started = f->continued = false;
	if (f->at > 0)
		ask_rest(f);
	else
		ask_newer(f);
	set_options(f);
	code = ended(f, curl_easy_perform(f->curl));
	curl_slist_free_all(f->headers);
	curl_easy_cleanup(f->curl);
	return code;
}

/* What there is of it: nothing, unless it is known which version it is. */
static int
take_part(struct fetch *f)
{
	struct stat st;

	read_from(f->part_from, &f->had);
	if (fstat(f->fd, &st) < 0)
		return tool_errno(f->part);
	if (strcmp(f->had.url, f->url) == 0 && f->had.version[0] &&
	    st.st_size < FETCH_MAX)
		f->at = st.st_size;
	snprintf(f->now.url, sizeof f->now.url, "%s", f->url);
	return 0;
}

/* Is what we have open still the part?  Who had it before may have put it in
 * place meanwhile. */
static bool
is_part(const struct fetch *f)
{
	struct stat ours, there;

	return fstat(f->fd, &ours) == 0 && stat(f->part, &there) == 0 &&
	    ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static int
open_part(struct fetch *f)
{
	f->fd = open(f->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (f->fd < 0)
		return tool_errno(f->part);
	if (flock(f->fd, LOCK_EX | LOCK_NB) == 0 && is_part(f))
		return take_part(f);
	return tool_fail(TOOL_SYS, f->url, "another process is fetching it");
}

int
fetch(const char *url, const char *file, int (*check)(const char *file))
{
	struct fetch f = {.url = url, .file = file, .check = check, .fd = -1};
	int code;

	if (strlen(url) >= URL_SIZE || strpbrk(url, "\r\n") != NULL)
		return tool_fail(TOOL_USAGE, "URL", "too long, or none");
	snprintf(f.part, sizeof f.part, "%s.part", file);
	snprintf(f.part_from, sizeof f.part_from, "%s.part.from", file);
	snprintf(f.from, sizeof f.from, "%s.from", file);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return tool_fail(TOOL_SYS, url, "libcurl does not start");
	if ((code = open_part(&f)) == 0 && (code = transfer(&f)) == AGAIN)
		code = transfer(&f);
	if (f.fd >= 0)
		close(f.fd);
	curl_global_cleanup();
	return code;
}
