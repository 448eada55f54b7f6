# urbit: the four-letter commands, on a ship that does not run.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 booted 2>/dev/null
	echo '[[%x 0] %echo 1] [[%x 0] %grow 20]' |
		"$BIN/eventlog" append -q -i text -o none booted
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$BATS_FILE_TMPDIR/booted" nec
}

field() {
	eventlog info -q nec | sed -n "s/^$1: //p"
}

mug() {
	field image | cut -f2
}

@test "commands: each wants a pier, takes no two, and has a --help" {
	for word in play info grab mass cram pack meld melt chop roll prep \
		dock vile queu; do
		fails 100 urbit "$word"
		fails 100 urbit "$word" a b
		fails 100 urbit "$word" --nonsense a
		urbit "$word" --help | grep -q "^urbit [a-z]* -- "
	done
}

@test "commands: a pier that is not there is 111" {
	for word in play info grab mass cram chop roll prep dock vile; do
		fails 111 urbit "$word" nowhere
	done
	fails 111 urbit queu -r 1 nowhere
	[ ! -e nowhere ]
}

@test "commands: Vere's flags about its memory change nothing, and are told with -v" {
	for word in play info grab cram chop roll prep vile; do
		urbit "$word" -v --loom 34 --no-demand --swap --swap-to x \
			--lmdb-map-size 1 nec >out 2>err || [ "$word" = vile ]
		grep -qx "urbit ${word}: --loom: changes nothing here" err
		grep -qx "urbit ${word}: --lmdb-map-size: changes nothing here" err
	done
	urbit grab -q --loom 34 nec >out 2>err
	[ ! -s err ]
}

@test "play: computes the events, some of them or all" {
	before=$(mug)
	urbit play -q --full -n 11 nec
	[ "$(field behind)" = "1 events" ]
	urbit play -q --replay-to 12 nec
	[ "$(field behind)" = "0 events" ]
	[ "$(mug)" = "$before" ]
	urbit play -q -f -y -g --auto-meld --gc-abort --snap-at 3 nec
	fails 1 urbit play -n 99 nec
}

@test "play, roll, info, chop, pack: what eventlog is called with" {
	mkdir alone
	cp "$BIN/urbit" alone/
	# shellcheck disable=SC2016 # the script's own
	printf '#!/bin/sh\necho "$@"\n' >alone/eventlog
	chmod +x alone/eventlog
	is() {
		local want=$1
		shift
		[ "$(alone/urbit "$@" 2>/dev/null)" = "$want" ]
	}
	is 'replay --check -- p' play p
	is 'replay -- p' play p --soft-mugs
	is 'replay -q --full --check --to 5 -- p' play -q -f -n 5 p
	is 'replay -v --full --to 5 -- p' play --full --replay-to=5 \
		--soft-mugs -v p
	is 'replay -q -- p' roll -q p
	is 'replay -q -- p' prep -q p
	is 'info -- p' info p
	is 'chop -v -- p' chop -v p
	for word in pack meld melt; do
		is 'compact -q -- p' "$word" -q --memo-drop --ford-drop p
	done
	is 'info -- -p' info -- -p
}

@test "info: whose ship it is" {
	urbit info nec >out
	grep -qx 'who: ~nec' out
	grep -qx 'events: 12' out
	grep -q '^image: event 12' out
}

@test "grab, mass: the parts come to the total" {
	urbit grab nec >out 2>err
	grep -qx 'urbit grab: parts: the kernel tells of none' err
	[ "$(awk -F': ' '/^total/ { t = $2; next } /^[^ ]/ { s += $2 } END { print t - s }' out)" = 0 ]
	[ "$(sed -n 's/^total: //p' out)" -gt 1000 ]
	urbit mass -q nec >again
	cmp out again
	fails 111 bash -c 'urbit grab -q nec >/dev/full'
}

@test "grab: what grows is seen" {
	before=$(urbit grab -q nec | sed -n 's/^total: //p')
	echo '[[%x 0] %grow 1.000]' | eventlog append -q -i text -o none nec
	urbit roll -q nec
	after=$(urbit grab -q nec | sed -n 's/^total: //p')
	[ $((after - before)) -ge 16000 ]
	[ $((after - before)) -le 20000 ]
}

@test "cram: the state of the last event is a jam, there whole" {
	urbit play -q --full -n 10 nec
	urbit cram nec 2>err
	[ "$(ls nec/.urb/roc)" = 12.jam ]
	grep -q '^urbit cram: nec/.urb/roc/12.jam: the state after event 12, ' err
	cue -o text --axis 2 nec/.urb/roc/12.jam | grep -qx '%arvo'
	[ "$(field behind)" = "0 events" ]
	[ "$(stat -c %a nec/.urb/roc/12.jam)" = 600 ]
}

@test "queu: a rock becomes the image, and its ship goes on" {
	urbit cram -q nec
	before=$(mug)
	echo '[[%x 0] %grow 5]' | eventlog append -q -i text -o none nec
	urbit roll -q nec
	after=$(mug)
	echo "left behind" >nec/.urb/image.new
	urbit queu -r 12 nec 2>err
	[ "$(<err)" = "urbit queu: nec: the image is of event 12; the log ends with 13" ]
	[ "$(mug)" = "$before" ]
	[ "$(field behind)" = "1 events" ]
	[ -e nec/.urb/image.old ] && [ ! -e nec/.urb/image.new ]
	urbit play -q nec
	[ "$(mug)" = "$after" ]
	eventlog verify -q --image nec
}

@test "queu: does without the image, and replaces one that is damaged" {
	urbit cram -q nec
	before=$(mug)
	rm nec/.urb/image
	urbit queu -q --yolo -r 12 nec
	[ "$(mug)" = "$before" ]
	dd if=/dev/urandom of=nec/.urb/image bs=65536 count=1 conv=notrunc 2>/dev/null
	urbit queu -q --replay-from 12 nec
	[ "$(mug)" = "$before" ]
}

@test "queu, cram: killed at any moment, there is an image, and no half of a rock" {
	urbit cram -q nec
	cp nec/.urb/roc/12.jam rock
	echo '[[%x 0] %grow 5]' | eventlog append -q -i text -o none nec
	urbit roll -q nec
	for ms in 1 2 3 4 6 8 10 13 16 20 30 50; do
		timeout -s KILL "$(printf '0.%03d' $ms)" \
			urbit queu -q -r 12 nec 2>err || true
		case $(field image) in
		"event 12	"* | "event 13	"*) ;;
		*) false ;;
		esac
		rm -f nec/.urb/roc/13.jam
		timeout -s KILL "$(printf '0.%03d' $ms)" \
			urbit cram -q nec 2>err || true
		cmp rock nec/.urb/roc/12.jam
		[ ! -e nec/.urb/roc/13.jam ] ||
			cue --stat nec/.urb/roc/13.jam >out
	done
	# The eventlog of the last cram may take a moment to end.
	for _ in $(seq 100); do
		urbit queu -q -r 12 nec 2>err && break
		sleep 0.1
	done
	urbit play -q nec
	[ "$(field behind)" = "0 events" ]
}

@test "queu: what is no rock of this log is refused, and the image stays" {
	urbit cram -q nec
	before=$(mug)
	fails 100 urbit queu nec
	fails 100 urbit queu -r 0 nec
	fails 100 urbit queu -r x nec
	fails 1 urbit queu -r 13 nec
	fails 111 urbit queu -r 11 nec
	cp nec/.urb/roc/12.jam nec/.urb/roc/11.jam
	fails 2 urbit queu -r 11 nec
	grep -q "is not of this log: the kernel's mug after event 11 is" err
	for noun in 1 '[1 2]' '[%arvo 1 2 3 4]' '[%other 1 %jets 0]'; do
		jam <<<"$noun" >nec/.urb/roc/12.jam
		fails 2 urbit queu -r 12 nec
		grep -q 'is no rock\|another runtime' err
	done
	jam <<<"[%arvo 1 'hashboard' 0]" >nec/.urb/roc/12.jam
	fails 2 urbit queu -r 12 nec
	grep -q "is another runtime's rock" err
	echo nonsense >nec/.urb/roc/12.jam
	fails 2 urbit queu -r 12 nec
	[ "$(mug)" = "$before" ] && [ ! -e nec/.urb/image.new ]
}

@test "queu: the events after the rock must be there" {
	urbit cram -q nec
	echo '[[%x 0] %echo 3] [[%x 0] %echo 4] [[%x 0] %echo 5]' |
		eventlog append -q -i text -o none nec
	urbit chop -q nec
	fails 1 urbit queu -r 12 nec
	grep -q 'the log begins with event 15' err
}

@test "roll, prep: a checkpoint" {
	for word in roll prep; do
		urbit play -q --full -n 10 nec
		urbit "$word" nec 2>err
		grep -q "^urbit $word: nec: there are no epochs here" err
		[ "$(field behind)" = "0 events" ]
	done
}

@test "chop: old events leave the log" {
	urbit chop -q nec
	[ "$(field events)" = 1 ]
	[ -e nec/.urb/log.chopped.db ]
}

@test "pack, meld, melt: an image that is smaller, of the same state" {
	for word in pack meld melt; do
		before=$(mug)
		urbit "$word" -q --gc-early --yolo nec
		[ "$(mug)" = "$before" ]
		eventlog verify -q --image nec
	done
}

@test "dock: .run is this program, whatever was there" {
	urbit dock nec 2>err
	[ "$(readlink nec/.run)" = "$(realpath "$BIN/urbit")" ]
	rm nec/.run
	echo other >nec/.run
	urbit dock -q nec
	[ "$(nec/.run info | sed -n 1p)" = "who: ~nec" ]
	[ "$(nec/.run grab -q | sed -n '$s/: .*//p')" = total ]
	fails 2 urbit dock nec/.urb/log.db
}

@test "vile: a kernel without keys says so" {
	fails 1 urbit vile nec
	[ "$(<err)" = "urbit vile: keys: the kernel has none to tell" ]
	[ ! -s out ]
}

@test "boot, serf, work: the tools of that name" {
	urbit boot --events -F nec --seed 01 -B "$BIN/mini.pill" >one
	boot --events -F nec --seed 01 -B "$BIN/mini.pill" >two
	cmp one two
	fails 2 urbit boot -F nec -B /dev/null new
	urbit serf --help | grep -q '^serf -- '
	urbit work --help | grep -q '^serf -- '
}

@test "commands: a tool that is missing is named" {
	mkdir alone
	cp "$BIN/urbit" alone/
	fails 111 alone/urbit play nec
	grep -q "^urbit play: $PWD/alone/eventlog: no such file or directory" err
	fails 111 alone/urbit boot x
	fails 111 alone/urbit cram nec
}
