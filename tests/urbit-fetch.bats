# urbit -u: a pill from the web, on 127.0.0.1, or from a file.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_CACHE_HOME=$PWD/cache no_proxy=127.0.0.1
	PILLS=$PWD/cache/nockutils/pills
	SERVER=
	mkdir web
	cp "$BIN/mini.pill" web/
	: >log
}

teardown() {
	stop
}

# A server of the directory web; URL is its address.
serve() {
	mkfifo end
	timeout 100 perl "$ROOT/tests/data/pill-server.pl" web port log <end &
	SERVER=$!
	exec 8>end
	for _ in $(seq 100); do
		[ -s port ] && break
		sleep 0.1
	done
	URL=http://127.0.0.1:$(<port)
}

# It ends when its input does.
stop() {
	[ -n "$SERVER" ] || return 0
	exec 8>&-
	wait "$SERVER" || true
	SERVER=
}

# Make a ship, and do not run it.
make() {
	timeout -k 5 60 urbit -X /x/base/who -F nec "$@" </dev/null 8>&-
}

made() {
	make "$@" 2>err || {
		cat err
		return 1
	}
	rm -r nec
}

@test "fetch: a pill comes into the cache, and makes a ship" {
	serve
	made -u "$URL/mini.pill"
	cmp "$PILLS/mini.pill" web/mini.pill
	grep -q "^urbit: $URL/mini.pill: [0-9]* bytes are $PILLS/mini.pill" err
	[ "$(ls "$PILLS")" = "$(printf 'mini.pill\nmini.pill.from')" ]
	stop
	made
}

@test "fetch: one that is there is only asked for if it is another" {
	serve
	made -u "$URL/mini.pill"
	made -u "$URL/mini.pill"
	grep -q 'as before' err
	grep -q '^/mini.pill - "' log
	echo '[%pill %other [0 0] 0 0]' | jam >web/mini.pill
	fails 1 make -u "$URL/mini.pill"
	cmp "$PILLS/mini.pill" web/mini.pill
	[ "$(ls "$PILLS")" = "$(printf 'mini.pill\nmini.pill.from')" ]
}

@test "fetch: one of the same name from elsewhere replaces it" {
	serve
	mkdir other
	cp web/mini.pill other/
	made -u "file://$PWD/other/mini.pill"
	made -u "$URL/mini.pill"
	[ "$(cut -d' ' -f2,3 log)" = "- -" ]
	[ "$(sed -n 1p "$PILLS/mini.pill.from")" = "$URL/mini.pill" ]
}

@test "fetch: what broke off is gone on with" {
	serve
	: >web/cutting
	fails 111 make -u "$URL/cut/mini.pill"
	grep -q 'the same command goes on with it' err
	[ "$(stat -c %s "$PILLS/mini.pill.part")" = 1000 ]
	[ ! -e "$PILLS/mini.pill" ]
	made -u "$URL/cut/mini.pill"
	grep -q '^/cut/mini.pill bytes=1000- -' log
	cmp "$PILLS/mini.pill" web/mini.pill
	[ "$(ls "$PILLS")" = "$(printf 'mini.pill\nmini.pill.from')" ]
}

@test "fetch: what broke off and is another now begins anew" {
	serve
	cp web/mini.pill whole
	jam <<<"[%pill %longer $(printf '%s ' {1..3000}) 0]" >web/mini.pill
	: >web/cutting
	fails 111 make -u "$URL/cut/mini.pill"
	rm web/cutting
	cp whole web/mini.pill
	made -u "$URL/cut/mini.pill"
	cmp "$PILLS/mini.pill" whole
	grep -q '^/cut/mini.pill bytes=1000- -' log
	[ "$(sed -n 2p "$PILLS/mini.pill.from" | tr -dc '0-9-' | cut -d- -f1)" = "$(stat -c %s whole)" ]
}

@test "fetch: what broke off after all of it begins anew" {
	serve
	: >web/cutting
	fails 111 make -u "$URL/cut/mini.pill"
	rm web/cutting
	cat web/mini.pill >>"$PILLS/mini.pill.part"
	made -u "$URL/cut/mini.pill"
	cmp "$PILLS/mini.pill" web/mini.pill
}

@test "fetch: what broke off of no known version is not kept" {
	serve
	head -c 1000 web/mini.pill >web/short.pill
	fails 2 make -u "$URL/weak/short.pill"
	fails 2 make -u "$URL/short.pill"
	[ -z "$(ls "$PILLS")" ]
}

@test "fetch: a redirect is followed, but not to a file" {
	serve
	made -u "$URL/moved/mini.pill"
	cmp "$PILLS/mini.pill" web/mini.pill
}

@test "fetch: what is no pill does not come into the cache" {
	serve
	echo '<html>404</html>' >web/page.pill
	fails 2 make -u "$URL/page.pill"
	jam <<<"[%nothing 'that a ship is made of' 1 2 3]" >web/noun.pill
	fails 2 make -u "$URL/noun.pill"
	grep -q 'is no pill that a ship is made of' err
	: >web/none.pill
	fails 2 make -u "$URL/none.pill"
	[ -z "$(ls "$PILLS")" ] && [ ! -e nec ]
}

@test "fetch: errors are told, and leave nothing" {
	serve
	fails 111 make -u "$URL/missing.pill"
	grep -q "^urbit: $URL/missing.pill: .*404" err
	fails 111 make -u "file://$PWD/missing.pill"
	fails 100 make -u "ftp://127.0.0.1/mini.pill"
	fails 100 make -u "$URL/"
	fails 100 make -u "mini.pill"
	fails 100 make -u "$URL/..pill/.pill"
	[ -z "$(ls "$PILLS")" ] && [ ! -e nec ]
}

@test "fetch: without a network the one that came before is taken, and told" {
	serve
	made -u "$URL/mini.pill"
	stop
	made -u "$URL/mini.pill"
	grep -q "taking $PILLS/mini.pill, which came from there before" err
	fails 111 make -u "$URL/other.pill"
	grep -q "^urbit: $URL/other.pill: failed to connect" err
	mv "$PILLS/mini.pill" "$PILLS/mini2.pill"
	fails 111 make -u "$URL/mini.pill"
	[ "$(ls "$PILLS")" = "$(printf 'mini.pill.from\nmini2.pill')" ]
}

@test "fetch: a file longer than the limit is refused before it comes" {
	truncate -s 1025M web/long.pill
	fails 2 make -u "file://$PWD/web/long.pill"
	grep -q 'has more than 1024 MiB' err
	[ -z "$(ls "$PILLS")" ]
}

@test "fetch: two at once: the second says so" {
	serve
	mkdir -p "$PILLS"
	exec 7>"$PILLS/mini.pill.part"
	flock 7
	fails 111 make -u "$URL/mini.pill"
	exec 7>&-
	grep -q 'another process is fetching it' err
	made -u "$URL/mini.pill"
}

@test "fetch: a disk that is full is told, and the cache stays as it was" {
	serve
	mkdir -p "$PILLS"
	fails 111 bash -c "ulimit -f 2; trap '' XFSZ; exec urbit -X /x/base/who -F nec -u '$URL/mini.pill'"
	grep -q 'file too large' err
	[ ! -e "$PILLS/mini.pill" ]
	made -u "$URL/mini.pill"
	cmp "$PILLS/mini.pill" web/mini.pill
}

@test "fetch: a prop comes from a URL too" {
	serve
	echo '[%prop %more %hind [[[%x 0] %echo 7] 0]]' | jam >web/more.jam
	make -B "$BIN/mini.pill" --prop-url "$URL/more.jam" 2>err
	eventlog cat --tag echo -o text nec | grep -q '%echo 7'
}
