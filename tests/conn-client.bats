# urbit PIER WORD: the one-shot clients of a ship that runs, with a whole ship
# of the mini kernel behind the socket.

load helper

teardown() {
	local p
	for p in $(jobs -p); do
		kill -TERM "$p" 2>/dev/null || true
		wait "$p" || true
	done
}

# A ship that runs, zod.
ship() {
	boot -q -F zod -B "$BIN/mini.pill" zod
	timeout -k 5 100 urbit -t zod >ship.out 2>ship.err </dev/null &
	for _ in $(seq 300); do
		timeout 20 urbit zod peel /live >live 2>/dev/null && return
		sleep 0.1
	done
	cat ship.err
	return 1
}

# urbit zod WORD ..., that gives up.
u() {
	timeout -s KILL 60 urbit zod "$@"
}

@test "client: called wrongly is exit 100 and one line" {
	mkdir zod
	while read -r args; do
		# shellcheck disable=SC2086 # words are wanted
		fails 100 urbit zod $args </dev/null
		[ "$(wc -l <err)" -eq 1 ] || { echo "$args"; return 1; }
		[ ! -s out ]
	done <<-'END'
		peek
		peek x
		peek /x/y
		peek /x/=/a/= /x/=/a/=
		peel
		peel who
		poke /x/y tag
		poke x tag 0
		thread base
		thread base hi mark
		save now
		peek -o gold /x/=/a/=
		peek --timeout 0 /x/=/a/=
		peek --frob /x/=/a/=
		peek -k /x/=/a/=
	END
}

@test "client: where no ship runs, it says so" {
	fails 111 urbit nec peel /live
	mkdir -p zod/.urb
	fails 111 urbit zod peel /live
	[ "$(cat err)" = 'urbit peel: zod: no ship runs here' ]
	fails 111 urbit zod send </dev/null
}

@test "client: a noun that is none is bad data, before the ship is asked" {
	mkdir zod
	fails 2 urbit zod poke /x/y tag '[1'
	fails 111 urbit zod poke /x/y tag @nothing
}

@test "client: peek, peel, poke, thread and the rest, of a ship that runs" {
	ship

	[ "$(u peel /who)" = 0 ]
	[ "$(u peel /khan)" = 0 ]
	u peel /help | grep -q '%live'
	fails 1 u peel /nothing/here
	grep -q 'nothing is there$' err

	[ "$(u peek /x/=/mini/=/who)" = 0 ]
	[ "$(u peek /x/~zod/mini/=/who)" = 0 ]
	[ "$(u peek /x/~zod/mini/1/who)" = 0 ]
	u peek -o jam /x/=/mini/1/who | cmp - <(unhex 02)
	[ "$(u peek /x/=/mini/1/who -o newt | cue -i newt -o text)" = 0 ]
	fails 1 u peek /x/=/mini/=/nothing
	fails 1 u peek /x/~nec/mini/=/who
	grep -q 'only of the ship itself' err

	u poke /x/y grow 3
	echo '[1 2]' | jam >noun
	u poke /x/y echo @noun
	eventlog cat -o brief zod | tail -n 1 | grep -q echo
	[ "$(u thread base any noun '[1 2]')" = '[1 2]' ]
	[ "$(u thread base any)" = 0 ]
	[ "$(u eval "'(add 2 2)'")" = "'\\'(add 2 2)\\''" ]
	eventlog cat -o text zod | tail -n 1 | grep -q '%base %eval %noun %ted-eval '
	[ "$(u eval -k %hello)" = "'%hello'" ]
	eventlog cat -o text zod | tail -n 1 |
		grep -qF "%base %khan-eval %noun %ted-eval '%hello'"
	u thread base any -o jam noun '[1 2]' | cmp - noun

	[ "$(u thread base any --raw cord "'abc'")" = abc ]
	[ "$(u thread base any --raw tape '[97 98 99 0]')" = abc ]
	[ "$(u thread base any --raw wain "['ab' 0 'c' 0]")" = $'ab\n\nc' ]
	u thread base any --raw cord 0 | cmp - /dev/null
	fails 1 u thread base any --raw cord '[[1 2] 3]'

	u save
	u pack
	u mass
	echo '[5 %peel %who 0] [6 %peek 1 %once 120 %mini [%who 0]] [7 %fyrd 1 2 3 4 5]' |
		jam -i text -o newt | u send | cue -i newt -o text |
		sed 's/0x8000[.0-9a-f]*/NOW/' | sort >told
	diff told - <<-'END'
		[5 0 0]
		[6 %peek 0 %omen [120 0 %mini NOW %who 0] %noun 0]
		[7 %avow 0 4 5]
	END
}

@test "client: PIER/.run eval runs Hoon on the ship's own kernel, with no pill" {
	export XDG_CACHE_HOME=$PWD/none
	ship
	[ "$(zod/.run eval -o text '(add 2 2)')" = 4 ]
	zod/.run eval -jn '(add 2 2)' >frame
	[ "$(zod/.run eval -cn <frame)" = 4 ]
	fails 1 zod/.run eval -jn nothing
	grep -q 'wish knows no such text' err
	fails 111 urbit eval -jn '(add 2 2)'
	mkdir empty
	ln -s "$BIN/urbit" empty/.run
	fails 111 empty/.run eval -jn '(add 2 2)'
}

@test "client: a ship that is silent is given up after --timeout, and reads go on" {
	ship
	fails 111 u poke /x/y loop 0 --timeout 1
	grep -q 'says nothing: the limit is --timeout$' err
	[ "$(u peek /x/=/mini/=/who)" = 0 ]
}
