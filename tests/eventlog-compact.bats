# eventlog compact: the image anew, and nothing lost whatever happens.
# The ship is one of the mini kernel.

load helper

# Much of its image is dead, and the last checkpoint is a small one.
setup_file() {
	local BIN=${BIN:-$BATS_TEST_DIRNAME/../bin} event
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 \
		"$BATS_FILE_TMPDIR/pier" 2>/dev/null
	for event in '%grow 20000' '%shed 0' '%grow 20000' '%echo 1'; do
		echo "[[%x 0] $event]" | "$BIN/eventlog" append -q -i text \
			-o none --date 2024-02-01 "$BATS_FILE_TMPDIR/pier" \
			2>/dev/null
	done
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$BATS_FILE_TMPDIR/pier" pier
}

kernel() {
	eventlog info "$1" | sed -n 's/^image: //p' | cut -f1,2
}

# What was said, as two numbers: bytes of nouns now, and before.
sizes() {
	sed 's/.*pier: \([0-9]*\) bytes of nouns, \([0-9]*\) before.*/\1 \2/' said
}

@test "compact: the image is smaller, and the ship the same" {
	local before
	before=$(kernel pier)
	eventlog compact --check pier 2>said
	grep -q '^eventlog compact: pier: [0-9]* bytes of nouns, [0-9]* before; the file has [0-9]*, [0-9]* before$' said
	[ "$(sizes | awk '{ print $1 < $2 * 0.7 }')" = 1 ]
	[ "$(kernel pier)" = "$before" ]
	eventlog verify -q --image --full pier
	echo '[[%x 0] %echo 1]' | eventlog append -q -i text -o none pier
	eventlog replay -q --full --check pier
}

@test "compact: again, there is nothing left to do" {
	eventlog compact -q pier
	eventlog compact pier 2>said
	[ "$(sizes | awk '{ print $1 == $2 }')" = 1 ]
}

@test "compact: -q says nothing, a wrong option is 100, no pier 111" {
	eventlog compact -q pier 2>said
	[ ! -s said ]
	fails 100 eventlog compact
	fails 100 eventlog compact --chuck pier
	fails 111 eventlog compact none
}

@test "compact: who has the pier is left alone" {
	mkfifo events
	timeout 60 eventlog append -q -o none pier <events &
	exec 7>events
	for _ in {1..200}; do
		[ ! -s pier/.vere.lock ] || break
		sleep 0.02
	done
	fails 111 eventlog compact pier
	grep -q 'has it' err
	exec 7>&-
	wait
}

@test "compact: --check does not compact what is damaged" {
	local sum
	printf 'x' | dd of=pier/.urb/image bs=1 seek=100000 conv=notrunc status=none
	sum=$(sha256sum <pier/.urb/image)
	fails 2 eventlog compact --check pier
	grep -q 'are damaged' err
	[ "$(sha256sum <pier/.urb/image)" = "$sum" ]
}

@test "compact: no memory for it, or no room on the disk, and all is as it was" {
	local before
	before=$(sha256sum <pier/.urb/image)
	fails 111 eventlog compact --heap 100K pier
	grep -q 'memory for a compaction\|too little memory\|out of memory' err
	(
		ulimit -f 256
		fails 111 eventlog compact pier
		grep -q 'file too large' err
	)
	[ "$(sha256sum <pier/.urb/image)" = "$before" ]
	[ ! -e pier/.urb/image.new ]
}

@test "compact: killed at any moment, nothing is lost, and nothing left over" {
	local before after i
	before=$(kernel pier)
	for ((i = 0; i < ${NOCKUTILS_KILLS:-15}; i++)); do
		timeout -s KILL "0.0$((RANDOM % 60 + 10))" \
			eventlog compact -q pier || true
		after=$(kernel pier)
		[ "$after" = "$before" ]
		echo '[[%x 0] %echo 1]' |
			eventlog append -q -i text -o none pier 2>/dev/null
		[ ! -e pier/.urb/image.new ]
		before=$(kernel pier)
		[ "$before" != "$after" ]
	done
	eventlog verify -q --image --full pier
}

@test "compact: ^C leaves the image as it was, or it was done" {
	local before got=0 i
	before=$(kernel pier)
	for i in 5 15 25 35; do
		timeout --preserve-status -s INT "0.0$i" \
			eventlog compact -q pier 2>err || got=$?
		[ "$got" -eq 0 ] || [ "$got" -eq 130 ]
		[ ! -e pier/.urb/image.new ]
		[ "$(kernel pier)" = "$before" ]
	done
	eventlog verify -q --image pier
}

@test "a file that may not grow is an error with words, not a death" {
	(
		ulimit -f 64
		echo '[[%x 0] %grow 50000]' >in
		fails 111 eventlog append -i text -o none pier <in
		grep -qi 'eventlog append: ' err
	)
	eventlog verify -q --image --full pier
}

# [[3 0] %echo a] as a frame, where a has 2^34 bits, of which only the highest
# is 1.  What is in front of them in the jam is 128 bits.
huge_event() {
	local bits hex='' i j byte zeros
	zeros=$(printf '%035d' 0)
	bits=10100001011011000000011111 # [[3 0] atom .., of 31 bits
	bits+=1010011011000110000101101111011 # %echo
	bits+=0${zeros}1${zeros#0} # .. atom], of 2^34
	for ((i = 0; i < 128; i += 8)); do
		byte=0
		for ((j = 0; j < 8; j++)); do
			byte=$((byte | ${bits:i + j:1} << j))
		done
		hex+=$(printf '%02x' "$byte")
	done
	unhex "00 10000080 $hex"
	head -c 2147483647 /dev/zero
	unhex 80
}

# Pieces of 64 MiB in the log, and a frame of half what one can be.
@test "an event of 2 GiB goes in and comes out" {
	[ -n "$NOCKUTILS_SLOW" ] || skip "NOCKUTILS_SLOW is not set"
	[ "$(df --output=avail -BG . | tail -1 | tr -dc 0-9)" -ge 12 ] ||
		skip "no room for it"
	huge_event | eventlog append -q -o none --date 2024-03-01 pier
	eventlog verify -q pier
	[ "$(eventlog cat -o brief pier 15 | cut -f1,6)" = "15	echo" ]
	# [date event]: 128 bits and some for the date, zeros, and the highest bit
	eventlog cat -o newt pier 15 >came
	[ "$(stat -c %s came)" -gt 2147483669 ]
	[ "$(tail -c 1000000 came | tr -d '\0' | wc -c)" -eq 1 ]
	[ "$(eventlog append -q -i newt -o newt --date 2024-03-02 pier <came |
		wc -c)" -gt 2147483648 ]
	eventlog replay -q --full --check pier
}
