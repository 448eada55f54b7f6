# scry: a ship is asked, while others write it.
# The ship is one of the mini kernel.

load helper

setup_file() {
	local BIN=${BIN:-$BATS_TEST_DIRNAME/../bin}
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 \
		"$BATS_FILE_TMPDIR/pier" 2>/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$BATS_FILE_TMPDIR/pier" pier
}

# Whatever a test leaves: the pids are of timeout, which passes it on.
teardown() {
	local pid
	for pid in $reader $writer; do
		kill "$pid" 2>/dev/null || true
	done
	wait
}

# -------- a reader as a process: 8 is its input, 9 its output --------

start_reader() {
	mkfifo questions answers
	timeout 100 scry pier <questions >answers 2>reader.err &
	reader=$!
	exec 8>questions 9<answers
}

end_reader() {
	local got=0
	exec 8>&-
	wait "$reader" || got=$?
	reader=
	return $got
}

# Put frames on its input: send '[%peek 1 ...] ...'
send() {
	jam -i text -o newt <<<"$1" >&8
}

# The question of mini's /x/NAME.
question() {
	echo "[%peek $1 [0 0] 1 %beam %x [0 %base 0 1] %$2 0]"
}

# Its next frame, as text.
receive() {
	local n
	n=$(head -c 5 <&9 | od -An -tu1 |
		awk '{ print $2 + 256 * ($3 + 256 * ($4 + 256 * $5)) }')
	head -c "$n" <&9 | cue -i jam -o text
}

# What is at /x/NAME now: look NAME
look() {
	send "$(question 0 "$1")"
	receive | sed -n 's/^\[%peek 0 0 0 %noun \(.*\)\]$/\1/p'
}

# Until it is that: await NAME VALUE
await() {
	local _
	for _ in {1..400}; do
		[ "$(look "$1")" != "$2" ] || return 0
		sleep 0.02
	done
	echo "$1 is $(look "$1"), not $2"
	return 1
}

# -------- a writer: 7 is its input --------

start_writer() {
	[ -p events ] || mkfifo events
	timeout 100 eventlog append -q -o none --publish pier <events \
		2>writer.err &
	writer=$!
	exec 7>events
}

end_writer() {
	exec 7>&-
	wait "$writer"
	writer=
}

# The process itself, not timeout, dies: its number is in the lock.
shoot_writer() {
	kill -9 "$(cat pier/.vere.lock)"
	wait "$writer" || true
	exec 7>&-
}

event() {
	jam -i text -o newt <<<"$1" >&7
}

echoes() {
	local i
	for ((i = 0; i < $1; i++)); do
		echo '[[%x 0] %echo 1]'
	done
}

# -------- for people --------

@test "scry: what is at a path, as text, jam or newt" {
	[ "$(scry pier /x/=/base/=/count)" = 2 ]
	[ "$(scry -o jam pier /x/=/base/=/size | cue -o text)" = '[80 24]' ]
	scry -o newt pier /x/=/base/=/count /x/=/base/=/size >two
	[ "$(cue -i newt -o text <two | tr '\n' ' ')" = '2 [80 24] ' ]
}

@test "scry: = is the ship and now; its name does as well, and a case" {
	[ "$(scry pier /x/~nec/base/=/count)" = 2 ]
	[ "$(scry pier /x/=/base/1/count)" = 2 ]
	[ "$(scry pier /x/~nec/base/1/count)" = 2 ]
	fails 100 scry pier /x/~zod/base/=/count
	grep -q 'wants a case' err
}

@test "scry: nothing there is 1, and what else was asked is answered" {
	fails 1 scry pier /x/=/base/=/nothing /x/=/base/=/count
	[ "$(cat out)" = 2 ]
	grep -qx 'scry: /x/=/base/=/nothing: nothing is there' err
}

@test "scry: a question that crashes is 1, and its trace is shown" {
	fails 1 scry pier /x/=/base/=/crash
	grep -qx 'mini: the path said so' err
	grep -qx 'scry: /x/=/base/=/crash: crashed' err
}

@test "scry: one that takes too long is given up" {
	fails 111 scry --limit-time 0.3 pier /x/=/base/=/loop
	grep -q 'limit-time 0.3' err
}

@test "scry: called wrongly is 100" {
	fails 100 scry
	fails 100 scry pier x
	fails 100 scry pier /x/=/base
	fails 100 scry -o image pier /x/=/base/=/count
	fails 100 scry -d 1 pier
	fails 100 scry --limit-time no pier
	fails 100 scry --heap 0 pier
}

@test "scry: no pier is 111, an image that is none is 2" {
	fails 111 scry none /x/=/base/=/count
	grep -qx 'scry: none: no such pier' err
	mkdir empty
	fails 111 scry empty /x/=/base/=/count
	grep -q 'empty: image: open: no such file' err
	head -c 200000 /dev/zero >pier/.urb/image
	fails 2 scry pier /x/=/base/=/count
	grep -q 'pier: image: no checkpoint is whole' err
}

@test "scry: output that cannot be written is 111" {
	fails 111 sh -c 'scry pier /x/=/base/=/count >/dev/full'
	question 1 count | jam -i text -o newt >one
	fails 111 sh -c 'scry pier <one >/dev/full'
}

@test "scry: it changes nothing in the pier, and takes no lock" {
	local before
	before=$(cd pier && find . -type f -exec sha256sum {} + | sort)
	scry pier /x/=/base/=/count /x/=/base/=/size >out
	question 1 count | jam -i text -o newt | scry pier >out
	[ "$(cd pier && find . -type f -exec sha256sum {} + | sort)" = "$before" ]
	start_writer
	event '[[%x 0] %echo 1]'
	scry pier /x/=/base/=/size
	end_writer
}

# -------- as a filter --------

@test "scry: answers come in the order of the questions, with their ids" {
	{
		question 1 count
		question "'a name of eleven'" size
		question '[1 2]' crash
		question 4 nothing
		echo '[%peek 5 [0 0] 1 %nix 0]'
		question 6 count
	} | jam -i text -o newt >in
	scry pier <in >out
	cue -i newt -o text <out | cut -c1-40 >lines
	diff lines - <<-'END'
		[%peek 1 0 0 %noun 2]
		[%peek 'a name of eleven' 0 0 %noun 80 2
		[%peek [1 2] 1 [%leaf 109 105 110 105 58
		[%peek 4 0 0]
		[%peek 5 1 0]
		[%peek 6 0 0 %noun 2]
	END
}

@test "scry: a frame that is no question is told of and lost, the next is not" {
	{
		echo '[%poke 1 2]' 5 '[[%x 0] %echo 1]' '[%pook 3 4]'
		question 7 count
	} | jam -i text -o newt >in
	fails 2 scry pier <in
	[ "$(cue -i newt -o text <out)" = '[%peek 7 0 0 %noun 2]' ]
	[ "$(grep -c 'it is no \[%peek id sample\]' err)" -eq 4 ]
	unhex '00 01000000 ff' >bad
	fails 2 sh -c 'cat bad in | scry pier'
	[ "$(cue -i newt -o text <out)" = '[%peek 7 0 0 %noun 2]' ]
	grep -q 'frame 1: ' err
}

@test "scry: half a question gets an answer too: somebody waits for it" {
	echo '[%peek 9 1.000 2.000]' | jam -i text >whole
	{
		unhex "00 $(printf %02x $(($(wc -c <whole) - 2))) 000000"
		head -c -2 whole
	} >in
	fails 2 scry pier <in
	[ "$(cue -i newt -o text <out | cut -c1-20)" = '[%peek 9 1 [%leaf 11' ]
}

@test "scry: a stream that is cut or is no stream is 2" {
	question 7 count | jam -i text -o newt >in
	fails 2 sh -c 'cat in in | head -c -1 | scry pier'
	[ "$(cue -i newt -o text <out)" = '[%peek 7 0 0 %noun 2]' ]
	fails 2 sh -c 'echo no frames at all | scry pier'
}

@test "scry: what is given up has a tang, and the next is answered" {
	{
		question 1 loop
		question 2 count
	} | jam -i text -o newt | scry --limit-time 0.3 pier >out
	cue -i newt -o text <out >text
	grep -q '^\[%peek 1 1 .*%leaf 112 101 101 107 58 32 116 105 109 101 0\]' text
	grep -qx '\[%peek 2 0 0 %noun 2\]' text
}

@test "scry: an answer that there is no memory for is a tang" {
	echo '[[%x 0] %grow 300000]' | eventlog append -q -i text -o none pier
	{
		question 1 heap
		question 2 count
	} | jam -i text -o newt | scry --heap 2M pier >out
	cue -i newt -o text <out >text
	grep -q '^\[%peek 1 1 ' text
	grep -qx '\[%peek 2 0 0 %noun 3\]' text
}

@test "scry: -d tells when questions can be asked" {
	question 1 count | jam -i text -o newt | scry -d 5 pier 5>ready >out
	[ "$(wc -c <ready)" -eq 1 ]
}

@test "scry: questions do not make it grow" {
	local pid before after
	start_reader
	question 0 state | jam -i text -o newt >one
	for _ in {1..500}; do cat one; done >many
	cat many >&8 & # it answers while that is written
	head -c "$(scry pier <many | wc -c)" <&9 >first
	pid=$(pgrep -P "$reader")
	before=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	for _ in {1..5}; do
		cat many >&8 &
		head -c "$(wc -c <first)" <&9 | cmp - first
	done
	after=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	echo "$before KiB, then $after KiB"
	[ "$after" -lt $((before + 8192)) ] || [ -n "$ASAN_OPTIONS" ]
	end_reader
}

# -------- while others write --------

@test "scry: it sees each event that is published, and needs no disk for it" {
	start_reader
	start_writer
	for i in {3..12}; do
		event '[[%x 0] %echo 1]'
		await count "$i"
	done
	event '[[%x 0] %blew 99 33]'
	await size '99 33'
	end_writer
	[ "$(look count)" = 13 ]
	end_reader
}

@test "scry: two readers and a busy writer, and no answer is half of two" {
	local i last=0 now
	start_reader
	start_writer
	echoes 500 | jam -i text -o newt >&7 &
	for ((i = 0; i < 200; i++)); do
		# count is in state, and in the wire's history: one event's
		now=$(look count)
		[ "$now" -ge "$last" ]
		last=$now
	done
	await count 502
	end_writer
	end_reader
}

@test "scry: a writer that is killed leaves what it published, for all" {
	start_reader
	for round in 1 2 3; do
		start_writer
		echoes $((round * 7)) | jam -i text -o newt >&7
		await count $((2 + round * (round + 1) / 2 * 7))
		shoot_writer
		[ "$(look count)" = $((2 + round * (round + 1) / 2 * 7)) ]
		[ "$(scry pier /x/=/base/=/count)" = "$(look count)" ]
	done
	start_writer
	event '[[%x 0] %echo 1]'
	await count 45
	end_writer
	end_reader
	eventlog replay -q --full --check pier
	[ "$(scry pier /x/=/base/=/count)" = 45 ]
}

@test "scry: it goes on with the new image when that was compacted" {
	start_reader
	[ "$(look count)" = 2 ]
	for i in 1 2 3; do
		echoes 5 | eventlog append -q -i text -o none pier
		[ "$(look count)" = $((2 + i * 5)) ]
		eventlog compact -q pier
		[ "$(look count)" = $((2 + i * 5)) ]
	done
	end_reader
	[ ! -s reader.err ]
}

@test "scry: a ship that is computed anew is followed too" {
	start_reader
	[ "$(look count)" = 2 ]
	eventlog chop -q pier
	[ "$(look count)" = 2 ]
	echoes 3 | eventlog append -q -i text -o none pier
	[ "$(look count)" = 5 ]
	end_reader
}
