# urbit: its command line, and making a ship and running it.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 booted 2>/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_CACHE_HOME=$PWD/cache
	PIER=
}

teardown() {
	[ -z "$PIER" ] || kill "$(<"$PIER/.vere.lock")" 2>/dev/null || true
}

booted() {
	cp -r "$BATS_FILE_TMPDIR/booted" "$1"
}

# A ship that ends once it is live, without a terminal.
ship() {
	timeout -k 5 60 urbit -t -x --readers 0 "$@" </dev/null
}

events() {
	eventlog info -q "$1" | sed -n 's/^events: //p'
}

@test "urbit: called wrongly is 100, and says what" {
	fails 100 urbit
	grep -q '^urbit: pier: there is none; usage: urbit ' err
	fails 100 urbit --nonsense
	fails 100 urbit -c
	fails 100 urbit a b
	grep -qx 'urbit: b: no such command to a ship; usage: .*' err
	fails 100 urbit -n x a
	for name in frob '' '~' zodd "~$(printf 'doznec-%.0s' {1..6})zod-zod"; do
		fails 100 urbit -F "$name"
		grep -qF -- '-F wants the name of a ship, such as ~zod, and no comet' err
	done
	fails 100 urbit --snap-time 0 a
	fails 100 urbit --readers -1 a
	fails 100 urbit -Y name a
	fails 100 urbit -I a -i b c
	fails 100 urbit --log a c
	fails 100 urbit -B a b
	fails 100 urbit -F zod -B a -u file://b
	fails 100 urbit -c a b
	[ -z "$(ls)" ] || [ "$(ls)" = "$(printf 'err\nout')" ]
}

@test "urbit: --help has each option and each command, and -V the version" {
	urbit --help >help
	for word in eval play cram queu dock grab info pack chop vile; do
		grep -q "^  $word	" help
	done
	grep -q -- '^  -F, --fake SHIP  *a fake ship\|^  -F, --fake SHIP  *make' help
	grep -q '130 for ^C' help
	for letter in A B C D F G H I J K L M P R S X Y Z a b c d e g i j k l n \
		p q s t u v w x; do
		grep -q -- "^  -$letter" help
	done
	urbit -V | grep -q '^urbit (nockutils) '
}

@test "urbit: -R tells of each library" {
	urbit -R >out
	for name in curl gmp lmdb openssl sqlite uv zstd; do
		grep -q "^$name: .*[0-9]" out
	done
	[ "$(sed -n 1p out)" = "$(urbit -V)" ]
	fails 111 bash -c 'urbit -R >/dev/full'
}

@test "urbit: what cannot be done says so, and is 100" {
	for option in "-w zod" "-k file" "-G 0w1" "-e http://127.0.0.1" \
		"-H example.com"; do
		# shellcheck disable=SC2086 # an option and its value
		fails 100 urbit $option -c new
		grep -qx "urbit: ${option%% *}: to boot on the network is not there yet.*" err
	done
	fails 100 urbit -c comet
	grep -q 'makes a comet' err
	booted there
	fails 100 urbit -t -x -c there
	[ "$(<err)" = "urbit: there: it is there already; urbit there runs it, without -c" ]
	fails 100 urbit -j -F zod
	fails 100 urbit -P -F zod
	fails 100 urbit -s -A . -F zod
	for word in next upgrade vere fetch-vere; do
		urbit "$word" -a x86_64 --help | grep -q "^urbit $word -- would "
		fails 100 urbit "$word" x
		grep -q "^urbit: $word: not there" err
	done
	[ ! -e new ] && [ ! -e comet ] && [ ! -e zod ]
}

@test "urbit: what changes nothing is taken, and told with -v, wherever that stands" {
	booted nec
	ship -q --no-dock --loom 33 --urth-loom 31 --no-demand --swap \
		--swap-to x --toss 3 --lmdb-map-size 1000 -C 5 -M 5 -J x -K 1 -S \
		-a -g --gc-abort --behn-allow-blocked nec 2>err
	[ "$(grep -c 'changes nothing' err)" = 0 ]
	ship --no-dock --loom 33 -S nec -v 2>err
	grep -qx 'urbit: --loom: changes nothing here' err
	grep -qx 'urbit: --skip-battery-hashes: changes nothing here' err
}

@test "urbit: ports are taken, and told once to be of no use yet" {
	booted nec
	ship --no-dock -p 1234 -b 127.0.0.1 --http-port 8080 --https-port 8443 \
		-L nec 2>err
	[ "$(grep -c 'not there yet' err)" = 1 ]
	grep -q '^urbit: -p: ' err
	ship -q --no-dock -p 1234 nec 2>err
	[ "$(grep -c 'not there yet' err)" = 0 ]
	for option in -p --ames-port --http-port --https-port; do
		for port in 65536 99999999 x '' -1; do
			fails 100 ship "$option" "$port" nec
			grep -q 'wants a port, up to 65535' err
		done
	done
}

@test "urbit: a ship that is not there is not made without -F" {
	fails 111 urbit nowhere
	[ "$(<err)" = "urbit: nowhere: there is no ship; -F SHIP makes a fake one" ]
	[ ! -e nowhere ]
}

@test "urbit: a pier of Vere's is told from one of ours" {
	mkdir -p old/.urb/log
	fails 2 urbit old
	grep -q 'a pier of Vere' err
}

@test "urbit: -F makes a ship and runs it, -c says where" {
	ship -F nec -B "$BIN/mini.pill" 2>err
	[ "$(eventlog info nec | sed -n 1p)" = "who: ~nec" ]
	[ "$(events nec)" -gt 10 ]
	grep -q '^boot: nec: booted' err
	ship -q -F ~bud -B "$BIN/mini.pill" -c there 2>err
	[ "$(eventlog info there | sed -n 1p)" = "who: ~bud" ]
	[ ! -e bud ]
}

@test "urbit: -l and props go into the boot" {
	echo '[%prop %more %hind [[[%x 0] %echo 7] 0]]' | jam >more.jam
	mkdir -p cache/nockutils/pills
	cp more.jam cache/nockutils/pills/kept.jam
	ship -q -F nec -B "$BIN/mini.pill" -l --prop-file more.jam \
		--prop-name kept 2>err
	[ "$(eventlog cat --tag echo -o text nec | grep -c '%echo 7')" = 2 ]
	eventlog cat --tag boot -o text nec | grep -qE '%boot (0|%\.y) '
	fails 111 urbit -t -x -F bud -B "$BIN/mini.pill" --prop-name none
	[ ! -e bud ]
}

@test "urbit: a boot that was interrupted is gone on with" {
	boot -q -F nec -B "$BIN/mini.pill" --stop-after 5 nec 2>err
	[ "$(eventlog info nec | sed -n 's/^behind: //p')" = "5 events" ]
	ship nec 2>err
	grep -q '^boot: nec: event 6 of 10' err
	[ "$(events nec)" -gt 10 ]
}

@test "urbit: a ship that is there is run as it is, and must be the one" {
	booted nec
	ship -F nec -B "$BIN/mini.pill" -c nec 2>err
	grep -qx 'urbit: nec: the ship is there already: nothing is made anew' err
	fails 1 ship -F zod -c nec
	grep -qx 'boot: nec: its ship is ~nec, not ~zod' err
}

@test "urbit: a pill that is none makes no ship" {
	echo 1 | jam >one.pill
	fails 2 ship -F zod -B one.pill
	fails 111 ship -F zod -B nothing
	[ "$(<err)" = "urbit: nothing: no such file, and none of that name in the cache" ]
}

@test "urbit: without -B the newest pill of the cache is taken that makes a ship" {
	fails 111 ship -F zod
	grep -q "^urbit: $PWD/cache/nockutils/pills: there is no ship's pill here" err
	mkdir -p cache/nockutils/pills
	cp "$BIN/mini.pill" cache/nockutils/pills/
	echo '[%ivory 1 2 0]' | jam >cache/nockutils/pills/newer.pill
	touch -d '+1 minute' cache/nockutils/pills/newer.pill
	ship --no-dock -F zod 2>err
	grep -q '/mini.pill: is the newest pill in the cache' err
	ship -q -F nec -B mini 2>err
	ship -q -F bud -B mini.pill 2>err
}

@test "urbit: PIER/.run is made, and stands for its pier" {
	booted nec
	ship nec 2>err
	[ "$(readlink nec/.run)" = "$(realpath "$BIN/urbit")" ]
	timeout -k 5 60 nec/.run -t -x --readers 0 2>err
	nec/.run info >out
	grep -qx 'who: ~nec' out
	fails 100 nec/.run no-such-word
	booted bud
	ship --no-dock bud 2>err
	[ ! -e bud/.run ]
}

@test "urbit: a .run that can be run is left alone, a dead link is not" {
	booted nec
	printf '#!/bin/sh\necho mine\n' >nec/.run
	chmod +x nec/.run
	ship nec 2>err
	[ "$(nec/.run)" = mine ]
	rm nec/.run
	ln -s /nowhere nec/.run
	ship nec 2>err
	[ "$(readlink nec/.run)" = "$(realpath "$BIN/urbit")" ]
}

@test "urbit: -X writes what is at a path, as a jam or as text" {
	booted nec
	urbit -q -X /x/base/who nec 2>err
	[ "$(cue -o text --plain nec/.urb/put/x/base/who.jam)" = 1 ]
	urbit -q -X /x/base/who -Y ship -Z p nec 2>err
	[ "$(<nec/.urb/put/ship.txt)" = "~nec" ]
	urbit -q -X /x/base/who -Y ship -Z @ud nec 2>err
	[ "$(<nec/.urb/put/ship.txt)" = 1 ]
	urbit -X /x/base/who -Y sub/ship -Z ux nec 2>err
	[ "$(<nec/.urb/put/sub/ship.txt)" = 0x1 ]
	grep -qx 'urbit: nec/.urb/put/sub/ship.txt: written from /x/base/who' err
	[ "$(events nec)" = 10 ]
}

@test "urbit: -X of nothing, of a crash, of no path" {
	booted nec
	fails 1 urbit -q -X /x/base/nothing nec
	[ "$(<err)" = "urbit: /x/base/nothing: there is nothing" ]
	fails 1 urbit -q -X /x/base/crash nec
	fails 1 urbit -q -X /x/base/state -Z ud nec
	grep -q 'cannot be written as @ud' err
	for path in x /x /x/../y /x/./y /x//y /x/base/ '/x/b a' /X/base; do
		fails 100 urbit -q -X "$path" nec
	done
	fails 100 urbit -q -X /x/base/who -Y ../out nec
	fails 100 urbit -q -X /x/base/who -Y /out nec
	for format in ../jam zz '' @x @udx JAM; do
		fails 100 urbit -q -X /x/base/who -Z "$format" nec
		grep -q -- '-Z wants jam, or an aura' err
	done
	[ -z "$(find nec/.urb/put -type f)" ]
}

@test "urbit: -n computes up to an event and ends, -D computes all anew" {
	booted nec
	echo '[[%x 0] %echo 1] [[%x 0] %echo 2]' |
		eventlog append -q -i text -o none nec
	urbit -q -D -n 11 nec 2>err
	[ "$(eventlog info nec | sed -n 's/^behind: //p')" = "1 events" ]
	[ -e nec/.urb/image.old ]
	fails 1 urbit -q -n 99 nec
	fails 1 urbit -q -n 5 nec
	[ "$(<err)" = "eventlog replay: nec: the image is of event 11 already; a replay of all events begins at 1" ]
	ship -q -D nec 2>err
	[ "$(events nec)" -gt 12 ]
}

@test "urbit: -I begins with an event" {
	booted nec
	echo '[[%x 0] %echo %injected]' | jam >event
	ship -q -I event nec 2>err
	eventlog cat -o text nec | grep -q '%echo %injected'
	echo '[%echo 1]' | jam >bad
	fails 2 ship -q -I bad nec
	grep -q 'is no event' err
	fails 2 ship -q -I "$BIN/mini.pill" nec
	fails 111 ship -q -I none nec
}

@test "urbit: -i begins with a POST of an archive" {
	booted nec
	echo "'an archive'" | jam >archive
	ship -q -i archive nec 2>err
	eventlog cat --tag request-local -o text nec >out
	grep -q "'#import_an archive'" out
	grep -q "%http-server" out
	grep -q "18 '#import_" out
	echo '[[%x 0] %echo 1]' | jam >event
	fails 2 ship -q -i event nec
}

@test "urbit: -d goes on in the background, and ends by SIGTERM" {
	booted nec
	PIER=nec
	timeout 60 urbit -q -d --readers 0 --log log nec </dev/null 2>err
	kill -0 "$(<nec/.vere.lock)"
	timeout 60 urbit nec peel /live >out
	kill "$(<nec/.vere.lock)"
	for _ in $(seq 200); do
		[ -e nec/.vere.lock ] || break
		sleep 0.1
	done
	[ ! -e nec/.vere.lock ]
	PIER=
}

@test "urbit: two at once: the second says who has it" {
	booted nec
	PIER=nec
	timeout 60 urbit -q -d --readers 0 nec </dev/null 2>err
	fails 111 timeout 60 urbit -q -t -x nec
	grep -q "process $(<nec/.vere.lock) " err
	fails 111 urbit cram nec
	grep -q "process $(<nec/.vere.lock) " err
	kill -0 "$(<nec/.vere.lock)"
}

@test "urbit: SIGTERM while a ship is made ends that too" {
	echo '[%prop %long %hind [[[%x 0] %loop 0] 0]]' | jam >loop.jam
	timeout -k 5 60 urbit -t -F nec -B "$BIN/mini.pill" \
		--prop-file loop.jam </dev/null 2>err &
	for _ in $(seq 300); do
		grep -q 'event 11 of 11' err && break
		sleep 0.1
	done
	child=$(pgrep -P "$(pgrep -P $! urbit)" boot)
	kill "$(pgrep -P $! urbit)"
	wait $! || code=$?
	[ "$code" = 143 ]
	fails 1 kill -0 "$child"
	[ "$(events nec)" = 11 ]
}
