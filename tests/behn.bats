# behn: the timer.  Its events go to a file, effects come through a pipe.

load helper

# Start it; fd 9 is its input.
start() {
	mkfifo in
	timeout 100 behn <in >events 2>err 3>&- &
	pid=$!
	exec 9>in
	await 1
}

teardown() {
	exec 9>&- || true
	[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null || true
}

# Its end: with this exit code, now that its input ends.
ends() {
	local got=0
	exec 9>&-
	wait "$pid" || got=$?
	pid=
	[ "$got" -eq "$1" ] || { echo "exit $got"; cat err; return 1; }
}

# Send nouns.
say() {
	jam -i text -o newt <<<"$*" >&9
}

doze() {
	say "[[%b %behn '0v0' 0] %doze 0 $1]"
}

# What it said, a line each, without what differs from start to start.
told() {
	cue -i newt -o text events 2>/dev/null | sed 's/0v[0-9a-v.]*/0v/'
}

# Wait until it has said so much.
await() {
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(told | wc -l)" -lt "$1" ] || return 0
		sleep 0.05
	done
	echo "only:"
	told
	cat err
	return 1
}

# A time of Unix in nanoseconds, as @da.
da() {
	printf '0x%016x%016x' $((0x8000000cce9e0d80 + $1 / 1000000000)) \
		$(($1 % 1000000000 * 18446744073))
}

# So many nanoseconds from now on.
from_now() {
	echo $(($(date +%s%N) + $1))
}

born="[[98 %behn '0v' 0] %born 0]"

wake() {
	echo "[%poke $1 [98 %behn '0v' 0] %wake 0]"
}

@test "behn: it says %born when it starts, and again when it is told %born" {
	start
	[ "$(told)" = "$born" ]
	say '[%born 0]'
	await 2
	ends 0
	[ "$(told)" = "$born"$'\n'"$born" ]
	[ "$(cue -i newt -o text events | uniq | wc -l)" -eq 1 ]
	[ ! -s err ]
}

@test "behn: a date that has passed wakes at once" {
	start
	doze "$(da "$(from_now -1000000000)")"
	await 2
	doze 0
	await 3
	doze 1
	await 4
	ends 0
	[ "$(told)" = "$born"$'\n'"$(wake 1)"$'\n'"$(wake 2)"$'\n'"$(wake 3)" ]
}

@test "behn: a wake comes, and not before its date" {
	start
	at=$(from_now 700000000)
	doze "$(da "$at")"
	await 2
	# a file's time is of the last tick of the kernel, so it may be behind
	when=$(stat -c %.9Y events)
	[ $((${when/./} + 20000000)) -ge "$at" ]
	[ "$(told | tail -n 1)" = "$(wake 1)" ]
	ends 0
}

@test "behn: the last %doze counts: an earlier date, a later, or none" {
	start
	doze "$(da "$(from_now 3600000000000)")"
	doze "$(da "$(from_now 300000000)")"
	await 2
	doze "$(da "$(from_now 500000000)")"
	doze "$(da "$(from_now 3600000000000)")"
	sleep 1
	[ "$(told | wc -l)" -eq 2 ]
	doze "$(da "$(from_now 500000000)")"
	say "[[%b %behn 0] %doze 0]"
	sleep 1
	[ "$(told | wc -l)" -eq 2 ]
	ends 0
}

@test "behn: it ends with its input, whatever it waits for, and wakes no one" {
	start
	doze "$(da "$(from_now 3600000000000)")"
	ends 0
	[ "$(told)" = "$born" ]
}

@test "behn: dates out of all bounds are waited for, and one after them works" {
	start
	doze 0x7fff.ffff.ffff.ffff.0000.0000.0000.0000.ffff
	doze 0xffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff
	doze 0x8000.0010.0000.0000.0000.0000.0000.0000
	doze "0x1$(printf '0%.0s' {1..3000})"
	sleep 0.3
	[ "$(told)" = "$born" ]
	doze 0
	await 2
	ends 0
	[ ! -s err ]
}

@test "behn: what is no date is said and ignored, the date before it holds" {
	start
	doze "$(da "$(from_now 1000000000)")"
	say '[[%b %behn 0] %doze 5] [[%b %behn 0] %doze 0 1 2]'
	say '[[%b %behn 0] %doze 1 1] [[%b %behn 0] %what 0]'
	await 2
	ends 0
	[ "$(cat err)" = "behn: %doze: no date, ignored
behn: %doze: no date, ignored
behn: %doze: no date, ignored
behn: effect: not a %doze, ignored" ]
}

@test "behn: a wake that the machine failed to compute comes twice more" {
	start
	doze 0
	await 2
	say '[%bail 1 [%meme 0] 0]'
	await 3
	say '[%bail 2 [%intr 0] [%exit 0] 0]'
	await 4
	[ ! -s err ]
	say '[%bail 3 [%meme 0] 0]'
	doze 0
	await 5
	say '[%bail 4 [%time 0] 0]'
	await 6
	ends 0
	[ "$(told | tail -n +2)" = "$(for i in 1 2 3 4 5; do wake $i; done)" ]
	[ "$(cat err)" = "behn: %wake: the ship failed to take it, dropped; there is one more in ten minutes" ]
}

@test "behn: a wake that crashed the ship does not come again" {
	start
	doze 0
	await 2
	say '[%bail 1 [%exit 0] 0] [%born 0]'
	await 3
	ends 0
	[ "$(told | tail -n 1)" = "$born" ]
	grep -qx 'behn: %wake: the ship failed to take it, dropped; there is one more in ten minutes' err
}

# The calls that set the timer, when it is told this after a wake was sent
# twice, as 1 and 2.
set_after() {
	echo "[[%b %behn 0] %doze 0 0] [%bail 1 [%meme 0] 0] $*" |
		jam -i text -o newt >in
	strace -qq -o trace -e trace=timerfd_settime behn <in >events
	grep -o 'it_value={[^}]*}' trace >values
}

@test "behn: after a wake that was taken, and no %doze, it waits for nothing" {
	strace -o /dev/null true || skip "no strace here"
	never='it_value={tv_sec=0, tv_nsec=0}'
	set_after '[%done 1 5] [%gone 2 0]'
	[ "$(wc -l <values)" -eq 2 ]
	! grep -F "$never" values || false
	set_after '[%done 2 5]'
	[ "$(wc -l <values)" -eq 3 ]
	[ "$(tail -n 1 values)" = "$never" ]
	set_after '[[%b %behn 0] %doze 0 0xffff.ffff.ffff.ffff.0000.0000.0000.0000] [%done 2 5]'
	[ "$(wc -l <values)" -eq 3 ]
	! grep -F "$never" values || false
}

@test "behn: only the fate of the last wake counts, and once" {
	start
	doze 0
	await 2
	say '[%done 1 7] [%bail 1 [%meme 0] 0] [%bail 2 [%meme 0] 0]'
	say '[%bail 0 [%meme 0] 0] [%gone 1 0] [%bail 1 0] [%slog 0 0]'
	doze 0
	await 3
	say '[%bail 1 [%meme 0] 0] [%gone 2 0] [%bail 2 [%meme 0] 0] [%born 0]'
	await 4
	ends 0
	[ "$(told | tail -n 2)" = "$(wake 2)"$'\n'"$born" ]
	[ ! -s err ]
}

# The process that timeout runs.
child() {
	cat "/proc/$pid/task/$pid/children"
}

@test "behn: it runs in a jail, and can gain no privileges" {
	start
	tr '\t' ' ' <"/proc/$(($(child)))/status" >status
	grep -qx 'Seccomp: 2' status
	grep -qx 'NoNewPrivs: 1' status
	ends 0
}

# How often it was given the processor.
runs() {
	awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$(($(child)))/status"
}

@test "behn: while nothing is due it does not run at all" {
	start
	doze "$(da "$(from_now 3600000000000)")"
	before=-1
	for ((i = 0; i < 100; i++)); do
		now=$(runs)
		[ "$now" != "$before" ] || break
		before=$now
		sleep 0.3
	done
	sleep 1.5
	[ "$(runs)" = "$before" ]
	ends 0
}

@test "behn: when the clock is set it looks again what is due" {
	strace -o /dev/null true || skip "no strace here"
	mkfifo in
	timeout 100 strace -qq -o trace -P 'anon_inode:[timerfd]' \
		-e inject=read:error=ECANCELED:when=1 behn <in >events 2>err 3>&- &
	pid=$!
	exec 9>in
	await 1
	doze "$(da "$(from_now 500000000)")"
	await 2
	ends 0
	grep -q 'ECANCELED.*INJECTED' trace
	[ "$(told | tail -n 1)" = "$(wake 1)" ]
	# an older strace has no name for TFD_TIMER_CANCEL_ON_SET
	echo "[[%b %behn 0] %doze 0 0]" | jam -i text -o newt |
		strace -qq -o trace -e trace=timerfd_settime behn >events
	grep -qE 'TFD_TIMER_ABSTIME\|(TFD_TIMER_CANCEL_ON_SET|0x2)' trace
}

@test "behn: it says on a descriptor that it is ready, and closes it" {
	behn -d 4 4>ready </dev/null >events
	[ "$(od -An -c ready)" = '  \n' ]
	[ "$(told)" = "$born" ]
	fails 100 behn -d 1 </dev/null
	fails 100 behn -d x </dev/null
	fails 100 behn operand </dev/null
	grep -q '^behn: operand: ' err
}

@test "behn: input that is no stream of frames ends it with 2" {
	printf 'no frames' >in
	fails 2 behn <in
	grep -qx 'behn: stdin: frame 1: bad version byte or length of a frame' err
	echo 5 | jam -i text -o newt >in
	fails 2 behn <in
	grep -qx 'behn: frame 1: neither a card nor a message' err
	printf '\0\0\0\20\1' >in # a claim of 17 MB
	fails 2 behn <in
	grep -qx 'behn: stdin: frame 1: too long' err
}

@test "behn: an output that is full, or that nobody reads, ends it with 111" {
	[ ! -w /dev/full ] || {
		status=0
		behn </dev/null >/dev/full 2>err || status=$?
		[ "$status" -eq 111 ]
		grep -qx 'behn: stdout: no space left on device' err
	}
	mkfifo in
	{
		timeout 60 behn <in 2>err 3>&- || echo $? >code
	} | true &
	pid=$!
	exec 9>in
	for ((i = 0; i < 600; i++)); do
		[ ! -s code ] || break
		sleep 0.05
		say '[%born 0]' 2>/dev/null || true
	done
	[ "$(cat code)" -eq 111 ]
	[ ! -s err ]
}
