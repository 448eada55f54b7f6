# urbit: kill -9 of any process of a ship, at any moment, while numbered events
# stream in through the control socket.  What was acknowledged is in the log,
# once; nothing is there twice; the ship answers again by itself.
#
# URBIT_FAULT_S=SECONDS: how long; 12 without it.

load helper

LONG=${URBIT_FAULT_S:-12}
ECHO=1869112165

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	boot -q -F nec -B "$BIN/mini.pill" pier 2>/dev/null
}

teardown() {
	: >enough
	: >over
	[ ! -e urbit ] || kill -KILL "$(<urbit)" 2>/dev/null || true
	wait
	tail -n 40 err
}

# Run the ship, and run it again when it was killed, until the file over is
# there.  Its number is in the file urbit.
keep_running() {
	while [ ! -e over ]; do
		timeout -k 5 $((LONG + 100)) bash -c 'echo $$ >urbit
			exec urbit -t --no-dock --readers 2 pier' </dev/null >>out 2>>err || true
	done
}

# The processes of the ship, NUMBER NAME.
processes() {
	local urbit pid
	urbit=$(<urbit)
	echo "$urbit urbit"
	for pid in $(cat "/proc/$urbit/task/$urbit/children" 2>/dev/null); do
		echo "$pid $(cat "/proc/$pid/comm" 2>/dev/null)"
	done
}

# Kill one of them of that name, if there is one.
kill_one() {
	local pid
	pid=$(processes | awk -v name="$1" '$2 == name { print $1; exit }')
	[ -n "$pid" ] || return 0
	kill -KILL "$pid" 2>/dev/null || return 0
	echo "$1" >>killed
}

# Numbered events, a few at a time, no number twice; what came of them is in
# the file said, a line of text each.
client() {
	local n=0 i
	while [ ! -e enough ]; do
		for ((i = 1; i <= 100; i++)); do
			echo "[$((n + i)) %ovum %k [%fault 0] %echo $((n + i))]"
		done | jam -i text -o newt >ask
		n=$((n + 100))
		timeout 20 urbit pier send <ask 2>/dev/null |
			cue -i newt -o text --plain >>said 2>/dev/null || true
		echo "$n" >asked
	done
}

# How many events were acknowledged.
acknowledged() {
	grep -cE '^\[[0-9]+ 1937204590 1701736292\]$' said 2>/dev/null || true
}

# Wait until the ship answers, a minute at most.
up() {
	local end=$((SECONDS + 60))
	until urbit pier peel /live >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || {
			echo "the ship does not come up"
			return 1
		}
		sleep 0.05
	done
}

# Wait until one more is, a minute at most.
one_more() {
	local was=$1 end=$((SECONDS + 60))
	while [ "$(acknowledged)" -le "$was" ]; do
		[ $SECONDS -lt $end ] || {
			echo "nothing is acknowledged any more, after $was"
			return 1
		}
		sleep 0.05
	done
}

# The numbers in the log, and those that were said to be there.
check_log() {
	eventlog cat -o newt pier 2>/dev/null | cue -i newt -o text --plain |
		sed -n "s/.*\[107 [0-9]* 0\] $ECHO \([0-9]*\)\]$/\1/p" >logged
	sort -n logged | uniq -d >twice
	[ ! -s twice ]
	sed -n 's/^\[\([0-9]*\) 1937204590 1701736292\]$/\1/p' said |
		sort >acknowledged
	[ -s acknowledged ]
	sort logged | comm -13 - acknowledged >lost
	[ ! -s lost ]
}

storm() {
	local end=$((SECONDS + LONG)) victims=("$@") was client
	: >said
	: >killed
	keep_running 3>&- &
	up
	client 3>&- &
	client=$!
	one_more 0
	while [ $SECONDS -lt $end ]; do
		was=$(acknowledged)
		kill_one "${victims[RANDOM % ${#victims[@]}]}"
		one_more "$was"
		sleep "0.$((RANDOM % 5))"
	done
	: >enough
	wait $client
	: >over
	kill -TERM "$(<urbit)"
	wait
	echo "$(wc -l <killed) killed, $(acknowledged) acknowledged of $(<asked)"
	[ "$(wc -l <killed)" -ge $((LONG / 4)) ]
	check_log
	eventlog verify -q --full --image pier
}

@test "any process killed: what was acknowledged is in the log, once" {
	storm serf serf scry behn dill conn urbit
}

@test "serf killed: no client sees more than a refusal, and none is left waiting" {
	storm serf
	# Each that was asked got one word or the other, and just one.
	sed -n 's/^\[\([0-9]*\) .*/\1/p' said | sort -n | diff - <(seq 1 "$(<asked)")
}
