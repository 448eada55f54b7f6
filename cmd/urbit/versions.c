#include "versions.h"

#include <curl/curl.h>
#include <gmp.h>
#include <lmdb.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>
#include <uv.h>
#include <zlib.h>
#include <zstd.h>

#include "out.h"
#include "tool.h"

static struct out out;

static void
put(const char *name, const char *version)
{
	char line[160];
	int n = snprintf(line, sizeof line, "%s: %s\n", name, version);

	out_put(&out, line, n < (int)sizeof line ? (size_t)n : sizeof line - 1);
}

int
versions_print(void)
{
	out_init(&out, STDOUT_FILENO);
	out_text(&out, "urbit (nockutils) " TOOL_VERSION "\n");
	put("curl", curl_version_info(CURLVERSION_NOW)->version);
	put("gmp", gmp_version);
	put("lmdb", mdb_version(NULL, NULL, NULL));
	put("openssl", OpenSSL_version(OPENSSL_VERSION));
	put("sodium", sodium_version_string());
	put("sqlite", sqlite3_libversion());
	put("uv", uv_version_string());
	put("zlib", zlibVersion());
	put("zstd", ZSTD_versionString());
	return out_flush(&out) < 0 ? tool_errno("stdout") : 0;
}
