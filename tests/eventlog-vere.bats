# eventlog: a log that Vere wrote, of a real ship.

load helper

@test "eventlog: Vere's 483 events: imported, computed, each mug is met" {
	need_data piers/vere-4.6-zod/.urb/log/0i0/data.mdb
	[ "${VARIANT:-release}" = release ] || skip "not the release build"
	eventlog import -q "$DATA/piers/vere-4.6-zod" zod
	[ "$(eventlog cat zod | wc -l)" -eq 483 ]
	eventlog replay -q --full --check zod
	eventlog info zod >out
	grep -q $'^image: event 483\t650d36ff\t' out
	grep -q '^kelvins: hoon 140 arvo 240 lull 328 zuse 417$' out
	eventlog verify -q --image zod

	# And it lives.
	timeout -s KILL 60 urbit -q -t --no-dock zod </dev/null 2>err &
	for ((i = 0; i < 400; i++)); do
		[ ! -S zod/.urb/conn.sock ] || break
		sleep 0.05
	done
	timeout 20 urbit zod peek /cx/~zod/base/=/sys/kelvin >out
	grep -qF '%zuse 417' out
	kill "$(<zod/.vere.lock)"
	wait $!
}

@test "eventlog: Vere's 483 events: exported and imported, they are the same" {
	need_data piers/vere-4.6-zod/.urb/log/0i0/data.mdb
	eventlog import -q "$DATA/piers/vere-4.6-zod" zod
	eventlog verify -q zod
	eventlog export -q zod vere
	eventlog import -q vere again
	eventlog cat zod >one
	eventlog cat again >two
	diff one two
	eventlog cat -o newt zod >one
	eventlog cat -o newt again | cmp - one
}
