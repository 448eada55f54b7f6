# eventlog: kill -9 at any moment.  What was said to be done is done, once,
# and the next call repairs what is to be repaired by itself.
#
# EVENTLOG_KILLS=N: kills of each kind of work; about 60 in all without it.

load helper

KILLS=${EVENTLOG_KILLS:-10}

# A pier of the mini kernel, and the input: %echo of 1, 2, ...
setup_file() {
	local BIN=${BIN:-$BATS_TEST_DIRNAME/../bin}
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 booted 2>/dev/null
	cp -r booted lived
	seq -f '[[%%echo 0] %%echo %g]' 1 2000 |
		"$BIN/eventlog" append -i text -o none --date 2024-02-01 lived
}

# Seconds that a command takes here and now, as 0.123.
seconds_of() {
	local begin=$EPOCHREALTIME end
	"$@" >/dev/null 2>&1
	end=$EPOCHREALTIME
	awk -v a="$begin" -v b="$end" 'BEGIN { printf "%.3f", b - a }'
}

# kill_at I T COMMAND...: the I-th of KILLS moments in and a little behind T
# seconds.
kill_at() {
	local at rc
	at=$(awk -v i="$1" -v n="$KILLS" -v t="$2" -v r=$RANDOM \
		'BEGIN { printf "%.4f", 0.001 + 1.1 * t * (i + r / 32768) / n }')
	shift 2
	# In the foreground, it waits until what it killed is gone.
	# 124: it ended by itself at that very moment.
	timeout --foreground -s KILL "$at" "$@" || rc=$?
	case ${rc:-0} in 0 | 124 | 137) ;; *)
		echo "exit $rc: $*"
		return 1
		;;
	esac
}

same_log() {
	eventlog cat -o newt "$1" >one
	eventlog cat -o newt "$2" | cmp - one
	eventlog cat "$1" >one
	eventlog cat "$2" | diff one -
}

# How many events of the input are in the log: those behind the boot's.
logged() {
	echo $(($(eventlog info pier 2>/dev/null | sed -n 's/^events: //p') - 10))
}

# What came out is in the log, under its number; the log is the input up to
# some event, each of them once.
check_acknowledged() {
	local n last
	n=$(logged)
	eventlog cat -o text pier 11- 2>/dev/null |
		sed 's/.*%echo \([0-9.]*\)\]$/\1/; s/\.//g' >echoed
	seq 1 "$n" | diff - echoed
	# A line that was cut short was not seen.
	last=$(grep '\] 0\]$' acknowledged | tail -n 1 | cut -d' ' -f1 | tr -d '[.')
	[ "${last:-0}" -le $((n + 10)) ]
	grep '\] 0\]$' acknowledged |
		sed 's/^\[\([0-9.]*\) .*%echo \([0-9.]*\)\] 0\]$/\1 \2/; s/\.//g' |
		awk '$1 != $2 + 10 { print; bad = 1 } END { exit bad }'
}

@test "append: killed at any moment, nothing said is lost, nothing twice" {
	local t i n
	seq -f '[[%%echo 0] %%echo %g]' 1 3000 | jam -i text -o newt >all
	cp -r "$BATS_FILE_TMPDIR/booted" pier
	t=$(seconds_of sh -c 'eventlog append -o text pier <all')
	rm -rf pier
	cp -r "$BATS_FILE_TMPDIR/booted" pier
	for ((i = 0; i < KILLS; i++)); do
		n=$(logged)
		[ "$n" -lt 30000 ] || break
		seq -f '[[%%echo 0] %%echo %.0f]' $((n + 1)) $((n + 3000)) |
			jam -i text -o newt >in
		kill_at "$i" "$t" eventlog append -q -o text pier <in >acknowledged
		check_acknowledged
		eventlog verify -q pier
	done
	eventlog verify -q --full --image pier
}

@test "append: killed behind each event" {
	local i n answer pid
	cp -r "$BATS_FILE_TMPDIR/booted" pier
	mkfifo to from
	for ((i = 0; i < KILLS; i++)); do
		n=$(logged)
		seq -f '[[%%echo 0] %%echo %g]' $((n + 1)) $((n + i + 20)) |
			jam -i text -o newt >in
		eventlog append -q -o text pier <to >from &
		pid=$!
		exec 8>to 9<from
		cat in >&8
		: >acknowledged
		for ((j = 0; j <= i; j++)); do
			read -r -t 60 answer <&9
			echo "$answer" >>acknowledged
		done
		kill -KILL $pid
		exec 8>&- 9<&-
		wait $pid || true
		check_acknowledged
		[ "$(logged)" -gt $((n + i)) ]
	done
	eventlog verify -q --full --image pier
}

@test "replay: killed at any moment, the next goes on to the same kernel" {
	local t i
	cp -r "$BATS_FILE_TMPDIR/lived" pier
	t=$(seconds_of eventlog replay --full pier)
	for ((i = 0; i < KILLS; i++)); do
		kill_at "$i" "$t" eventlog replay -q --full --check pier
		eventlog replay -q --check pier 2>err || { cat err; return 1; }
		same_log pier "$BATS_FILE_TMPDIR/lived"
		eventlog verify -q --image pier
	done
	[ "$(eventlog info pier | grep ^image: | cut -f1,2)" = \
		"$(eventlog info "$BATS_FILE_TMPDIR/lived" | grep ^image: | cut -f1,2)" ]
}

@test "append: killed in its checkpoint, the image is that or the one before" {
	local t i
	cp -r "$BATS_FILE_TMPDIR/lived" pier
	echo '[[%x 0] %grow 3.000]' | jam -i text -o newt >in
	t=$(seconds_of sh -c 'eventlog append -o none pier <in')
	for ((i = 0; i < KILLS; i++)); do
		kill_at "$i" "$t" eventlog append -q -o none pier <in
		eventlog verify -q --image pier
	done
	eventlog replay -q --check pier
	eventlog verify -q --full --image pier
}

@test "chop: killed at any moment, no event is in neither log" {
	local t i
	cp -r "$BATS_FILE_TMPDIR/lived" pier
	t=$(seconds_of eventlog chop pier)
	for ((i = 0; i < KILLS; i++)); do
		rm -rf pier
		cp -r "$BATS_FILE_TMPDIR/lived" pier
		kill_at "$i" "$t" eventlog chop -q pier
		eventlog replay -q pier
		if [ $((i % 2)) -eq 1 ]; then
			eventlog chop -q pier
			kill_at "$i" "$t" eventlog chop -q --undo pier
		fi
		# 1: nothing had been chopped, or all was back already.
		eventlog chop -q --undo pier 2>/dev/null || [ $? -eq 1 ]
		same_log pier "$BATS_FILE_TMPDIR/lived"
		eventlog verify -q --full --image pier
	done
}

@test "import: killed at any moment, it is no ship until all is there" {
	local t i state
	eventlog export -q "$BATS_FILE_TMPDIR/lived" vere
	t=$(seconds_of eventlog import vere pier)
	for ((i = 0; i < KILLS; i++)); do
		rm -rf pier
		kill_at "$i" "$t" eventlog import -q vere pier
		state=$(eventlog info pier 2>/dev/null | sed -n 's/^import: //p')
		if [ "$state" != "done" ]; then
			! eventlog append -q pier </dev/null 2>/dev/null
		fi
		eventlog import -q vere pier
		same_log pier "$BATS_FILE_TMPDIR/lived"
	done
	eventlog verify -q --full pier
}

@test "export: killed at any moment, the next goes on" {
	local t i
	t=$(seconds_of eventlog export "$BATS_FILE_TMPDIR/lived" vere)
	for ((i = 0; i < KILLS; i++)); do
		rm -rf vere pier
		kill_at "$i" "$t" eventlog export -q "$BATS_FILE_TMPDIR/lived" vere
		eventlog export -q "$BATS_FILE_TMPDIR/lived" vere
		eventlog import -q vere pier
		same_log pier "$BATS_FILE_TMPDIR/lived"
	done
}
