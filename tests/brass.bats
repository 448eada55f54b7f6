# Arvo, from brass-140.pill: its boot, half a minute of processor time, and
# the ship that it makes, at a dojo.  With NOCKUTILS_SLOW set, some more.

load helper

# The ship of the second test, for those after it.
ship=$BATS_FILE_TMPDIR/pier
servers=0

# The kernel's mug, as boot tells it in the end.
mug_of() {
	boot "$1" 2>&1 | sed -n 's/.*booted: .*kernel mug //p'
}

# The cells that the events of a boot with --time made.
cells_of() {
	awk '/^event .* cells,/ { sum += $5 } END { print sum }' "$1"
}

teardown() {
	local p
	for p in $(jobs -p); do kill -KILL "$p"; done
	for p in mux*; do
		[ ! -e "$p" ] || tmux -S "$p" kill-server || true
	done
}

@test "boot: the events of brass-140, in the order of its year" {
	need_data pills/brass-140.pill
	[ "$(boot --events -B "$DATA/pills/brass-140.pill" | sed -n \
		'6,$s/.*%//p' | xargs)" = 'wyrd whom wack verb what what boot park' ]
}

@test "boot: brass-140, killed on the way, goes on to an Arvo that is grown up" {
	local pid
	need_data pills/brass-140.pill
	[ "${VARIANT:-release}" = release ] || skip "not the release build"
	boot -F zod --seed 00 -B "$DATA/pills/brass-140.pill" pier 2>err &
	pid=$!
	wait_for 'event 11 of 13: //arvo %what' err 2000
	kill -KILL $pid
	wait $pid || true
	# It knows its jets without running the kernel's hints again: on Hoon
	# alone it would take days.
	timeout 250 boot pier 2>err
	cp -r pier "$ship"
	[ "$(grep -c 'events 1 to 5' err)" -eq 0 ]
	grep -qx 'arvo: metamorphosis' err
	grep -q 'booted: event 13, kernel mug 0x' err
	grep -qF 'link [~zod %dojo]' err
	[ "$(stat -c %s pier/.urb/image)" -le 60000000 ]
	[ "$(stat -c %s pier/.urb/log.db)" -le 8000000 ]
	[ -z "${NOCKUTILS_SLOW-}" ] && return

	# The same again from the pill, and from the log alone.
	boot -q -F zod --seed 00 -B "$DATA/pills/brass-140.pill" again 2>err
	sqlite3 pier/.urb/log.db 'select * from event' >events
	sqlite3 again/.urb/log.db 'select * from event' | cmp - events
	[ "$(mug_of pier)" = "$(mug_of again)" ]
	rm again/.urb/image
	boot -q again 2>err
	[ "$(mug_of pier)" = "$(mug_of again)" ]
	boot -q --solid solid pier 2>err
	boot -F zod --seed 00 --time -B solid solid-pier 2>err

	# With what that compiled, there is little left to do: cells are counted.
	boot -q -F zod --solid cash --cache -B solid 2>err-made
	boot -F zod --seed 00 --time -B cash cash-pier 2>err-cash
	[ "$(mug_of solid-pier)" = "$(mug_of cash-pier)" ]
	[ "$(cells_of err-cash)" -lt $(($(cells_of err) / 5)) ]
	[ "$(stat -c %s cash)" -lt $((2 * $(stat -c %s solid))) ]
	boot -q -F zod --no-cache --seed 00 -B cash again-pier 2>err
	[ "$(mug_of solid-pier)" = "$(mug_of again-pier)" ]
}

# -------- a dojo --------

need_ship() {
	[ -e "$ship" ] || skip "there is no ship: no pill, or not the release build"
	command -v tmux >/dev/null || skip "no tmux"
}

# Run the ship in a terminal of 100 by 50, of a server of its own: one that is
# about to end takes no new ones.
come_up() {
	mux=mux$((++servers))
	env -u TMUX LC_ALL=C.UTF-8 tmux -u -S $mux -f /dev/null new-session -d \
		-x 100 -y 50 "PATH='$PATH' timeout --foreground 150 bash -c \
		'urbit --no-dock \"$ship\"; echo exit \$?; sleep 100'"
	see '~zod:dojo>'
}

key() {
	tmux -S $mux send-keys "$@"
}

# Type a line.
enter() {
	tmux -S $mux send-keys -l -- "$1"
	key Enter
}

# What a person sees, without the empty lines.
shown() {
	tmux -S $mux capture-pane -p | grep -v '^ *$' || true
}

# Wait until these lines are the last that are shown; a line may be a pattern.
see() {
	local i at line last n=$#
	for ((i = 0; i < 600; i++)); do
		mapfile -t last < <(shown | tail -n "$n")
		at=0
		for line; do
			# shellcheck disable=SC2053 # a pattern
			[[ ${last[at]-} == $line ]] || break
			at=$((at + 1))
		done
		[ "$at" -lt "$n" ] || return 0
		sleep 0.05
	done
	printf 'never: %s\n' "$@"
	shown
	return 1
}

@test "dojo: what is typed is computed, and what is wrong is pointed at" {
	need_ship
	come_up
	enter '(add 2 2)'
	see '> (add 2 2)' 4 '~zod:dojo>'
	enter '=/  a  5  (mul a a)'
	see '> =/  a  5  (mul a a)' 25 '~zod:dojo>'
	enter our
	see '> our' '~zod' '~zod:dojo>'
	enter now
	see '> now' '~2[0-9]*.[0-9]*.[0-9]*..*' '~zod:dojo>'
	enter "-time ~s1"
	see '> -time ~s1' '~s1..*' '~zod:dojo>'
	enter '+trouble'
	see '*%cz hash: *' '~zod:dojo>'
	enter '|mass'
	see 'image: * bytes of cells*' '> |mass' '>=' '~zod:dojo>'
	enter '(add 2 2))'
	see '~zod:dojo> (add 2 2))'
	[ "$(tmux -S $mux display -p '#{cursor_x}')" -eq 20 ]
	key C-e C-u
	tmux -S $mux send-keys -l 'ad'
	key Tab
	see '~zod:dojo> add'
	key C-e C-u
	key Up
	see '~zod:dojo> |mass'
	key C-e C-u
	enter '=kept 42'
	see '> =kept 42' '~zod:dojo>'
	key C-d
	see 'exit 0'

	# And back: what was known is known, and what was typed too.
	come_up
	enter '(add kept 1)'
	see '> (add kept 1)' 43 '~zod:dojo>'
	key Up Up
	see '~zod:dojo> =kept 42'
	key C-e C-u
	enter '|exit'
	see 'exit 0'
}

@test "dojo: ^C ends what does not end, and the ship is well" {
	need_ship
	come_up
	enter '|-  $'
	see '~zod:dojo> |-  $?*'
	key C-c
	see '~zod:dojo> |-  \$'
	key C-e C-u
	enter '(add 2 2)'
	see '> (add 2 2)' 4 '~zod:dojo>'
	eventlog cat -o brief "$ship" | grep -q 'crud$'
	key C-d
	see 'exit 0'
}

@test "a script's nouns are made by PIER/.run, sent, and shown" {
	need_ship
	urbit dock -q "$ship"
	come_up
	export XDG_CACHE_HOME=$PWD/none
	[ "$("$ship/.run" eval '(mul 6 7)')" = 42 ]
	for what in live khan; do
		echo "[0 %peel /$what]" | "$ship/.run" eval --jam -n |
			timeout 20 urbit "$ship" send | "$ship/.run" eval --cue -n >out
		[ "$(cat out)" = '[0 0 0]' ]
	done
	echo "[0 %fyrd %base %hi %noun %ship ~zod]" | "$ship/.run" eval -jn |
		timeout 20 urbit "$ship" send | "$ship/.run" eval -cnk >out
	grep -q '^\[0 %avow 0 %noun 104 105 32 ' out
	key C-d
	see 'exit 0'
}

@test "a question is answered while the ship computes" {
	need_ship
	come_up
	enter '|-  $'
	see '~zod:dojo> |-  $?*'
	timeout 20 urbit "$ship" peek '/cx/~zod/base/=/sys/kelvin' >out
	grep -qF '%zuse 417' out
	key C-c
	see '~zod:dojo> |-  \$'
	key C-e C-u C-d
	see 'exit 0'
}
