# serf under kill -9 and on a full disk: what it acknowledged is in the log,
# and nothing is there twice.
#
# Whoever asks keeps what is not answered and asks for it again: the next
# serf's %ripe tells how many of the one before it took, and its name.

load helper

pill=$BIN/mini.pill

# How many, of either kind: or what one run of the tests has time for.
kills=${SERF_KILLS:-60}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	boot -q -F zod --seed 00 -B "$pill" pier 2>/dev/null
	serf='' job=''
	# Of the numbered events: this one is to be asked for next.
	next=1 heard=0
}

teardown() {
	[ -z "$serf" ] || kill -KILL "$serf" 2>/dev/null || true
	[ -z "$job" ] || wait "$job" || true
}

# Frames of the events from $1 on, $2 of them, with what is wished between.
stream() {
	seq "$1" $(($1 + $2 - 1)) | awk -v wish="$3" '
		{ printf "[%%poke %d [%%a %s%d%s 0] %%grow 3]\n", $1, q, $1, q }
		wish && NR % 20 == 0 { printf "[%%urth 0 %%%s]\n", wish }
	' q="'" | jam -i text -o newt
}

# What the output has, which may be cut anywhere: the name of the process
# before and what it took, then the last event that was acknowledged.
read_out() {
	cue -i newt -o text --depth 12 --width 12 <out 2>/dev/null |
		tr -d '.]' | awk '
		/^\[%ripe/ { ripe = $(NF - 1) " " $NF }
		/^\[%done/ && $2 > 0 { done = $2 }
		END { print ripe == "" ? "none 0" : ripe, done + 0 }'
}

# As one that keeps a ledger: it asked from $next on, and this came back.
# The name is only told by the serf after: one that is the same as last time
# took nothing.
account() {
	local nonce taken last
	read -r nonce taken last <<<"$(read_out)"
	if [ "$nonce" != none ]; then
		[ "$nonce" = "$named" ] && taken=0
		named=$nonce
		next=$((asked + taken))
		asked=$next
		[ "$heard" -lt "$next" ] || {
			echo "event $heard was acknowledged, and is lost"
			return 1
		}
	fi
	[ "$last" -le "$heard" ] || heard=$last
}

# The log has each number once, in order.
check_log() {
	[ "$(sqlite3 pier/.urb/log.db 'pragma integrity_check')" = ok ]
	sqlite3 pier/.urb/log.db \
		"select substr(wire, 4) from event where wire like '/a/%' order by id" >got
	seq "$(wc -l <got)" | cmp - got
}

# Start it on a stream and kill it after so many microseconds.  The stream
# goes on from where the %ripe says: so it is asked for when that has come.
round() {
	local pause=$1 wish=$2
	shift 2
	rm -f to
	mkfifo to
	: >out
	timeout 100 serf "$@" pier <to >out 2>>err 3>&- 8>&- &
	job=$!
	exec 8>to
	await_ripe || return
	account
	stream "$next" 400 "$wish" >in
	serf=$(<pier/.vere.lock)
	cat in >&8 2>/dev/null &
	sleep "$(printf '0.%06d' "$pause")"
	kill -KILL "$serf" && killed=$((killed + 1))
	exec 8>&-
	wait $! || true
	wait "$job" || true
	serf='' job=''
	account_done
}

await_ripe() {
	local i
	for ((i = 0; i < 3000; i++)); do
		[ "$(read_out | cut -d' ' -f1)" = none ] || return 0
		sleep 0.01
	done
	cat err
	return 1
}

account_done() {
	local nonce taken last
	read -r nonce taken last <<<"$(read_out)"
	[ "$last" -le "$heard" ] || heard=$last
}

@test "serf: killed at any time, no acknowledged event is lost, none is twice" {
	local i wish
	asked=1 named=0 killed=0
	for ((i = 0; i < kills; i++)); do
		wish=
		[ $((i % 4)) -ne 1 ] || wish=save
		[ $((i % 4)) -ne 2 ] || wish=pack
		round $((RANDOM % 30000)) "$wish" --snap-time 0.01
		if [ $((i % 10)) -eq 9 ]; then check_log; fi
	done
	[ "$killed" -gt $((kills / 2)) ]
	[ "$heard" -gt "$kills" ]
	check_log
	eventlog verify -q --full --image pier
	[ ! -e pier/.urb/image.bad ]
}

# As many system calls that change a file are let through, then it is killed.
@test "serf: killed at each of the system calls that change a file" {
	command -v strace >/dev/null || skip "no strace"
	local call n i step
	cp -r pier whole
	stream 1 30 save >in
	stream 31 30 pack >>in
	for call in pwrite64 fsync fdatasync ftruncate unlink rename execve; do
		strace -f -e "trace=$call" -o trace serf pier <in >out \
			2>err || skip "no strace here"
		n=$(grep -c "$call(" trace || true)
		step=$((n / (kills / 10) + 1))
		for ((i = 2; i <= n; i += step)); do
			rm -r pier
			cp -r whole pier
			strace -f -o /dev/null -e "trace=$call" -e \
				"inject=$call:signal=KILL:when=$i" \
				timeout 100 serf pier <in >out 2>err || true
			heard=0
			account_done
			[ -z "$(sqlite3 pier/.urb/log.db "select 1 from event where wire = '/a/$heard'")" ] &&
				[ "$heard" -gt 0 ] && return 1
			check_log
			serf -q pier </dev/null >out 2>err || {
				cat err
				return 1
			}
			eventlog verify -q --full --image pier
			[ ! -e pier/.urb/image.bad ]
		done
	done
}

@test "serf: a full disk is told, nothing is lost, and with room it goes on" {
	local size code told=0
	cp -r pier whole
	stream 1 2000 save >in
	mkdir disk
	for size in 256 400 512 640 800 1024 2048 4096; do
		rm -rf pier
		unshare -rm bash -c '
			mount -t tmpfs -o size='$size'k tmpfs disk || exit 99
			cp -r whole disk/pier 2>/dev/null || exit 98
			timeout 100 serf disk/pier <in >out 2>err
			code=$?
			cp -r disk/pier .
			exit $code' && code=0 || code=$?
		[ $code -ne 99 ] || skip "no mounts here"
		[ $code -ne 98 ] || continue
		[ $code -eq 0 ] || {
			[ $code -eq 111 ]
			grep -qi 'no space\|full' err
			told=$((told + 1))
		}
		heard=0
		account_done
		check_log
		[ "$(wc -l <got)" -ge "$heard" ]
		serf pier </dev/null >out 2>err || {
			cat err
			return 1
		}
		eventlog verify -q --full --image pier
	done
	[ $told -gt 0 ]
}
