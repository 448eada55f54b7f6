# boot: Arvo, from brass-140.pill: a minute of processor time.  With
# NOCKUTILS_SLOW set, some more.

load helper

# The kernel's mug, as boot tells it in the end.
mug_of() {
	boot "$1" 2>&1 | sed -n 's/.*booted: .*kernel mug //p'
}

# The cells that the events of a boot with --time made.
cells_of() {
	awk '/^event .* cells,/ { sum += $5 } END { print sum }' "$1"
}

# Wait until a line of the file has this, for so many tenths of a second.
wait_for() {
	local i
	for ((i = 0; i < $3; i++)); do
		! grep -qF "$1" "$2" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
}

teardown() {
	local p
	for p in $(jobs -p); do kill -KILL "$p"; done
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
