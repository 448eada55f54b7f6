# boot under kill -9 and on a full disk: what is committed stays, and the
# same command goes on where it was, to the same kernel.

load helper

pill=$BIN/mini.pill

# The kernel's mug, as boot tells it in the end.
mug_of() {
	boot "$1" 2>&1 | sed -n 's/.*booted: .*kernel mug //p'
}

# An existing pier goes on to the same end as the one in $want, in its log
# too, or says why not.
goes_on() {
	local got
	boot -q -F zod --seed 00 -B "$pill" "$1" 2>err >out || {
		cat err
		return 1
	}
	got=$(mug_of "$1")
	[ "$got" = "$want" ] || {
		echo "kernel mug $got, not $want"
		return 1
	}
	[ "$(sqlite3 "$1/.urb/log.db" 'pragma integrity_check')" = ok ]
	sqlite3 "$1/.urb/log.db" 'select * from event' | cmp - "$events"
	[ ! -e "$1/.urb/image.bad" ]
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	boot -q -F zod --seed 00 -B "$pill" whole
	sqlite3 whole/.urb/log.db 'select * from event' >events
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	events=$BATS_FILE_TMPDIR/events
	want=$(mug_of "$BATS_FILE_TMPDIR/whole")
	[ -n "$want" ]
}

# How many: BOOT_KILLS, or what one run of the tests has time for.
kills=${BOOT_KILLS:-60}

@test "boot: killed at any time, the same command goes on to the same kernel" {
	local i begin end whole pid pause killed=0
	begin=${EPOCHREALTIME/./}
	boot -q -F zod --seed 00 -B "$pill" timed
	end=${EPOCHREALTIME/./}
	whole=$(((end - begin) * 5 / 4))
	for ((i = 0; i < kills; i++)); do
		boot -q -F zod --seed 00 -B "$pill" pier 2>/dev/null &
		pid=$!
		pause=$((whole * i / kills))
		sleep "$(printf '%d.%06d' $((pause / 1000000)) $((pause % 1000000)))"
		! kill -KILL $pid 2>/dev/null || killed=$((killed + 1))
		wait $pid || true
		goes_on pier || {
			echo "killed after $pause us"
			return 1
		}
		rm -r pier
	done
	[ $killed -gt $((kills / 4)) ]
}

@test "boot: killed again and again, with no pier from before taken away" {
	local i pid
	for ((i = 0; i < kills / 4; i++)); do
		boot -q -F zod --seed 00 -B "$pill" pier 2>/dev/null &
		pid=$!
		sleep "0.00$((RANDOM % 9 + 1))"
		kill -KILL $pid 2>/dev/null || true
		wait $pid || true
	done
	goes_on pier
}

# Kill it when it has printed that this event is next; it may have ended by
# then, which is counted.
kill_before() {
	local line pid
	coproc BOOT { exec boot -F zod --seed 00 -B "$pill" pier 2>&1; }
	pid=$BOOT_PID
	while read -r line <&"${BOOT[0]}"; do
		case $line in
		*"event $1 of "* | *"events $1 to "*)
			kill -KILL $pid 2>/dev/null && ((++killed))
			break
			;;
		esac
	done
	wait $pid || true
}

@test "boot: killed before each event" {
	local n killed=0
	for n in 1 4 5 6 7 8 9 10; do
		kill_before $n
		goes_on pier
		rm -r pier
	done
	[ $killed -ge 4 ]
}

@test "boot: killed after it stopped behind each event" {
	local n killed=0
	for n in 0 3 4 5 6 7 8 9; do
		boot -q -F zod --seed 00 -B "$pill" --stop-after $n pier
		kill_before $((n == 0 ? 1 : n + 1))
		goes_on pier
		rm -r pier
	done
	[ $killed -ge 4 ]
}

# As many system calls as write, sync or rename are let through, then it is
# killed.
@test "boot: killed at each of the system calls that change a file" {
	command -v strace >/dev/null || skip "no strace"
	local call n i step
	for call in pwrite64 fsync fdatasync ftruncate unlink mkdir; do
		strace -f -e "trace=$call" -o trace boot -q -F zod --seed 00 \
			-B "$pill" pier 2>/dev/null || skip "no strace here"
		rm -r pier
		n=$(grep -c "$call(" trace || true)
		step=$((n / (kills / 6) + 1))
		for ((i = 1; i <= n; i += step)); do
			strace -f -o /dev/null -e "trace=$call" \
				-e "inject=$call:signal=KILL:when=$i" boot -q \
				-F zod --seed 00 -B "$pill" pier >/dev/null \
				2>&1 || true
			goes_on pier || {
				echo "killed at $call number $i of $n"
				return 1
			}
			rm -r pier
		done
	done
}

@test "boot: calls that fail are told, and the same command goes on" {
	command -v strace >/dev/null || skip "no strace"
	local call n i step code
	for call in pwrite64:ENOSPC fsync:EIO fdatasync:EIO ftruncate:ENOSPC \
		mkdir:ENOSPC; do
		strace -f -e "trace=${call%:*}" -o trace boot -q -F zod --seed \
			00 -B "$pill" pier 2>/dev/null || skip "no strace here"
		rm -r pier
		n=$(grep -c "${call%:*}(" trace || true)
		step=$((n / (kills / 6) + 1))
		for ((i = 1; i <= n; i += step)); do
			code=0
			strace -f -o /dev/null -e "trace=${call%:*}" -e \
				"inject=${call%:*}:error=${call#*:}:when=$i" \
				boot -q -F zod --seed 00 -B "$pill" pier \
				>/dev/null 2>err || code=$?
			[ $code -eq 0 ] || [ $code -eq 111 ] || {
				echo "$call number $i of $n: exit $code"
				cat err
				return 1
			}
			[ $code -eq 0 ] || [ -s err ]
			goes_on pier || {
				echo "$call number $i of $n"
				return 1
			}
			rm -r pier
		done
	done
}

@test "boot: a full disk is told, nothing is lost, and with room it goes on" {
	local size code
	mkdir disk
	for size in 16 64 128 256 512 1024 2048 4096 8192; do
		unshare -rm bash -c '
			mount -t tmpfs -o size='$size'k tmpfs disk || exit 99
			boot -q -F zod --seed 00 -B "$1" disk/pier 2>err
			code=$?
			cp -r disk/pier . 2>/dev/null
			exit $code' _ "$pill" && code=0 || code=$?
		[ $code -ne 99 ] || skip "no mounts here"
		[ $code -eq 0 ] || {
			[ $code -eq 111 ]
			grep -qi 'no space\|full' err || {
				cat err
				return 1
			}
		}
		goes_on pier || {
			echo "$size KiB"
			return 1
		}
		rm -rf pier
	done
}

@test "boot: ^C and SIGTERM end it as such; it lets go of the pier and goes on" {
	local sig pid code
	echo "[%pill %mini $(cue --axis 14 -o text "$pill") $(cue --axis 30 -o text "$pill") [[[%a 0] %loop 0] 0]]" |
		jam -i text >looping
	for sig in INT TERM; do
		rm -rf pier err
		code=0
		timeout --foreground 60 \
			bash -c 'exec boot -F zod --seed 00 -B looping pier' 2>err &
		pid=$!
		wait_for '/a %loop' err
		kill -$sig "$(<pier/.vere.lock)"
		wait $pid || code=$?
		[ $code -eq $((128 + $(kill -l $sig))) ]
		[ "$(tail -n 1 err)" = 'boot: pier: interrupted (intr)' ]
		[ ! -e pier/.vere.lock ]
		timeout 60 boot --stop-after 9 pier 2>err
		! grep 'lock' err
		grep -q 'stopped after event 9 of 10' err
	done
}

@test "boot: --stop-after before what is done, or behind the end, is said" {
	boot -F zod --seed 00 -B "$pill" --stop-after 0 pier 2>err
	grep -qx 'boot: pier: nothing of 10 events is computed; the same command goes on' err
	boot -q --stop-after 5 pier
	fails 1 boot --stop-after 4 pier
	[ "$(cat err)" = 'boot: pier: event 5 is computed already' ]
	boot --stop-after 99999 pier 2>err
	grep -qx 'boot: pier: the boot ends with event 10' err
	grep -q 'booted: event 10' err
	boot --profile out.json pier 2>err
	grep -q 'out.json: nothing to compute: not written' err
	[ ! -e out.json ]
}

@test "boot: killed between the log's word of an image and the image, it goes on" {
	boot -q -F zod --seed 00 -B "$pill" --stop-after 5 pier
	# The log has the mug of event 10, and the image is still of event 5.
	cp pier/.urb/image earlier
	boot -q pier
	cp earlier pier/.urb/image
	goes_on pier
	# That of another ship is found out where the log has the mug.
	boot -q -F zod --seed 01 -B "$pill" --stop-after 5 other
	cp other/.urb/image pier/.urb/image
	fails 2 boot pier
	grep -q "event 10: the kernel's mug is" err
	[ "$(eventlog info pier 2>/dev/null | sed -n 's/^events: //p')" = 10 ]
}
