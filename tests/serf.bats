# serf by hand: frames through pipes, on the small kernel.

load helper

pill=$BIN/mini.pill

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	boot -q -F zod --seed 00 -B "$pill" whole 2>/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$BATS_FILE_TMPDIR/whole" pier
	serf='' job='' before=()
}

# Nothing that a test started may stay.
teardown() {
	exec 8>&-
	[ -z "$serf" ] || kill -KILL "$serf" 2>/dev/null || true
	[ -z "$job" ] || wait "$job" || true
}

# Frames from nouns as text.
frames() {
	jam -i text -o newt <<<"$*"
}

# What was written, as text.
shown() {
	cue -i newt -o text <out
}

# Run it on these nouns to their end: what it says is `out`.
serf_on() {
	frames "$1" >in
	shift
	timeout 100 serf "$@" pier <in >out 2>err
}

# Start it and leave it running, frames to be written to descriptor 8.  $serf
# is its number, $job that of what started it; ${before[@]} are words before its
# name.
begin() {
	rm -f to ready
	mkfifo to
	timeout 100 "${before[@]}" serf -d 9 "$@" pier <to >out 2>err 9>ready 8>&- 3>&- &
	job=$!
	exec 8>to
	await test -s ready
	serf=$(<pier/.vere.lock)
}

# Until a command succeeds: half a minute at most.
await() {
	local i
	for ((i = 0; i < 3000; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.01
	done
	echo "in vain: $*"
	cat err
	shown || true
	return 1
}

# Is this line of text among what it wrote?
has() {
	shown | grep -qF -- "$1"
}

# It has ended, or does so now, with 0 or this.
ended() {
	local status=0
	wait "$job" || status=$?
	serf='' job=''
	[ "$status" -eq "${1:-0}" ] || {
		echo "exit $status"
		cat err
		return 1
	}
}

# Its input ends, and it.
finish() {
	exec 8>&-
	ended
}

killed() {
	kill -KILL "$serf"
	exec 8>&-
	ended 137
}

events() {
	sqlite3 pier/.urb/log.db "select ${1:-wire || ' ' || tag} from event where id > ${2:-10}"
}

@test "serf: it says which ship it is, when the kernel knows of the start" {
	serf_on ''
	[[ $(shown) =~ ^'[%ripe 1 0 0 13 '.+' 0 0]'$ ]]
	[ "$(events)" = $'//arvo wyrd\n//arvo wack\n//arvo verb' ]
	serf_on ''
	[[ $(shown) =~ ^'[%ripe 1 0 0 16 ' ]]
}

@test "serf: effects, then done with the number of the event; no id is 0" {
	serf_on "[[%d %term '1' 0] %echo 1 2] [%poke 7 [%a 0] %emit [[%b 0] %x 1] [[%b 0] %y 2] 0]"
	[ "$(shown | tail -n +2)" = "$(
		cat <<-'END'
			[[100 %term 49 0] %echo 1 2]
			[%done 0 14]
			[[98 0] 120 1]
			[[98 0] 121 2]
			[%done 7 15]
		END
	)" ]
}

@test "serf: an id is any atom" {
	serf_on '[%poke 0 [%a 0] %echo 1] [%poke 340282366920938463463374607431768211456 [%a 0] %echo 1]'
	has '[%done 0 14]'
	has '[%done 0x1.0000.0000.0000.0000.0000.0000.0000.0000 15]'
}

@test "serf: a crash is told to the kernel, and that is what happened" {
	serf_on '[%poke 1 [%a 0] %crash 0]'
	has '[%done 1 14]'
	[ "$(events "wire || ' ' || tag" 13)" = '//arvo crud' ]
	has '[%slog 3 '
}

@test "serf: what crashes again is refused, in its place, and not in the log" {
	serf_on '[%poke 1 [%a 0] %echo 1] [%poke 2 [%a 0] %crash %hard] [%poke 3 [%a 0] %echo 3]'
	[ "$(shown | grep -v %slog | tail -n +2 | cut -c1-28)" = "$(
		cat <<-'END'
			[[97 0] %echo 1]
			[%done 1 14]
			[%bail 2 [%exit [%leaf 109 1
			[[97 0] %echo 3]
			[%done 3 15]
		END
	)" ]
	[ "$(shown | grep -o '%exit' | wc -l)" -eq 2 ]
	[ "$(events "wire || ' ' || tag" 13)" = $'/a echo\n/a echo' ]
}

@test "serf: a card whose noun is damaged is refused, and counts" {
	jam -i text <<<'[[%a 0] %echo 0xffff.ffff.ffff.ffff]' | head -c 10 >jam
	{
		unhex '00 0a 00 00 00'
		cat jam
		frames '[%poke 4 [%a 0] %echo 1]'
	} >in
	timeout 100 serf pier <in >out 2>err
	has '[%bail 0 [%exit [%leaf '
	has '[%done 4 14]'
	serf_on ''
	[[ $(shown) == *' 2]' ]]
}

@test "serf: frames that are no business of its are dropped and told" {
	serf_on '[%done 1 2] [%foo 1] 7 [%intr 0] [[%a 0] %echo] [%poke 1 [%a 0] %echo 1]'
	has '[%done 1 14]'
	[ "$(grep -c 'no business' err)" -eq 4 ]
}

@test "serf: a question is answered between events, as of the one before" {
	serf_on '[%peek 1 0 0 %x 0 0 0 %count 0] [%poke 2 [%a 0] %grow 3] [%peek 3 0 0 %x 0 0 0 %top 0]'
	[[ $(shown) =~ '[%peek 1 0 0 %noun '[0-9]+']
[%done 2 14]
[%peek 3 0 0 %noun 3]'$ ]]
}

@test "serf: a question that crashes is answered with why" {
	serf_on '[%peek 1 0 0 %x 0 0 0 %crash 0] [%poke 2 [%a 0] %echo 1]'
	has '[%peek 1 1 '
	has '[%done 2 14]'
}

@test "serf: what the process before it took is told, by its name" {
	local nonce taken
	serf_on '[[%a 0] %echo 1] [%poke 1 [%a 0] %crash %hard] [[%a 0] %echo 1]'
	read -r nonce taken <<<"$(sqlite3 pier/.urb/log.db "select value from meta where key = 'taken'")"
	[ "$taken" = 3 ]
	# One that takes none leaves it.
	serf_on ''
	serf_on ''
	[[ $(shown | tr -d .) =~ ^'[%ripe 1 0 0 21 '.+\ $nonce' 3]'$ ]]
	serf_on '[[%a 0] %echo 1]'
	serf_on ''
	[[ $(shown | tr -d .) =~ ' 1]'$ ]]
	[[ ! $(shown | tr -d .) =~ $nonce ]]
}

@test "serf: what was refused behind the last event of the log is not counted" {
	serf_on '[[%a 0] %echo 1] [%poke 1 [%a 0] %crash %hard]'
	serf_on ''
	[[ $(shown) =~ ' 1]'$ ]]
}

@test "serf: effects about the runtime are done, and do not leave" {
	serf_on '[%poke 1 [%a 0] %emit [[%b 0] %vega 0] [[%b 0] %wend 0] [[%b 0] %mass 0] [[%b 0] %exit 3] [[%b 0] %trim 1] [[%b 0] %x 1] 0]
		[%poke 2 [%a 0] %echo 1]'
	[ "$(shown | grep -v %flog | tail -n +2)" = "$(
		cat <<-'END'
			[%exit 3]
			[[98 0] 120 1]
			[%done 1 14]
			[[97 0] %echo 1]
			[%done 2 16]
		END
	)" ]
	[ "$(shown | grep -c "%flog 'total: ")" -eq 1 ]
	[ "$(events "wire || ' ' || tag" 13)" = $'/a emit\n//arvo trim\n/a echo' ]
}

@test "serf: what is no effect is dropped and told" {
	serf_on '[%poke 1 [%a 0] %emit 7 [0 1] [0 %x 1] [[%b 0] %x 1] 0]'
	[ "$(shown | tail -n +2)" = $'[[98 0] 120 1]\n[%done 1 14]' ]
	[ "$(grep -c 'no effect' err)" -eq 3 ]
}

@test "serf: events are dated, each later than the last, whatever the clock says" {
	local log=pier/.urb/log.db
	frames '[[%a 0] %echo 1]' |
		eventlog append -q -o none --date 2200-01-01 pier
	serf_on '[[%a 0] %echo 1] [[%a 0] %echo 1]'
	grep -q 'the clock is' err
	[ "$(sqlite3 $log 'select count(distinct at), count(*), max(at) = (select at from event order by id desc) from event where id > 10')" = '6|6|1' ]
	serf_on '[[%a 0] %echo 1]'
	[ "$(sqlite3 $log 'select count(*) from event a, event b where a.id + 1 = b.id and a.at >= b.at and a.id > 10')" = 0 ]
}

@test "serf: -v and the kernel: %verb says which" {
	serf_on '' -v
	serf_on ''
	eventlog cat -o text --tag verb pier | tail -n 2 >verbs
	grep -q '%verb 0 1\]' verbs
	grep -q '%verb 0 0\]' verbs
}

@test "serf: the input ends: all is worked, durable, and in the image" {
	serf_on '[[%a 0] %grow 1000] [[%a 0] %grow 1000]'
	[ ! -e pier/.vere.lock ]
	eventlog verify -q --full --image pier
	eventlog info pier | grep -q "image: event 15\b"
}

@test "serf: behind %exit nothing is taken" {
	serf_on '[%poke 1 [%a 0] %echo 1] [%exit 0] [%poke 2 [%a 0] %echo 1]'
	has '[%done 1 14]'
	! has '%done 2' || return 1
}

@test "serf: a stream that is cut or bad ends it with 2, nothing is lost" {
	frames '[%poke 1 [%a 0] %echo 1]' >in
	head -c 7 in >>in
	fails 2 timeout 100 serf pier <in
	grep -q 'inside a frame' err
	has '[%done 1 14]'
	frames '[%poke 1 [%a 0] %echo 1]' >in
	printf 'xxxxxxxxxx' >>in
	fails 2 timeout 100 serf pier <in
	has '[%done 1 18]'
	eventlog verify -q --full --image pier
}

@test "serf: ^C interrupts an event, and the kernel hears of it" {
	begin
	frames '[%poke 1 [%a 0] %loop 0]' >&8
	await spinning
	kill -INT "$serf"
	await has '[%done 1 14]'
	[ "$(events "wire || ' ' || tag" 13)" = '//arvo crud' ]
	eventlog cat -o text pier 14 | grep -q '%crud \[%intr'
	frames '[%poke 2 [%a 0] %echo 1]' >&8
	await has '[%done 2 15]'
	finish
}

# It computes: its time grows.
spinning() {
	local a b
	a=$(cut -d' ' -f14 "/proc/$serf/stat")
	sleep 0.2
	b=$(cut -d' ' -f14 "/proc/$serf/stat")
	[ "$b" -gt $((a + 2)) ]
}

@test "serf: ^C is nothing to one that is idle" {
	begin
	kill -INT "$serf"
	kill -INT "$serf"
	frames '[%poke 1 [%a 0] %echo 1]' >&8
	await has '[%done 1 14]'
	finish
	[ ! -s err ]
}

@test "serf: a question that never ends is interrupted too" {
	begin
	frames '[%peek 1 0 0 %x 0 0 0 %loop 0] [%poke 2 [%a 0] %echo 1]' >&8
	if await spinning; then kill -INT "$serf"; fi
	await has '[%done 2 14]'
	finish
}

@test "serf: --limit-time ends an event, and the next is well" {
	serf_on '[%poke 1 [%a 0] %loop 0] [%poke 2 [%a 0] %echo 1]' --limit-time 0.2
	has '[%done 1 14]'
	has '[%done 2 15]'
	eventlog cat -o text pier 14 | grep -q '%crud \[%time'
}

@test "serf: one that takes all memory is told so, and the next is well" {
	serf_on '[%poke 1 [%a 0] %bloat 0] [%poke 2 [%a 0] %echo 1] [%poke 3 [%a 0] %bloat 0] [%poke 4 [%a 0] %echo 1]' --heap 64M
	has '[%done 1 14]'
	has '[%done 4 17]'
	eventlog cat -o text pier 14 | grep -q '%crud \[%meme'
}

@test "serf: SIGTERM: an event that is too long never happened; the rest is kept" {
	begin
	frames '[%poke 1 [%a 0] %grow 100] [%poke 2 [%a 0] %loop 0]' >&8
	await has '[%done 1 14]'
	await spinning
	kill -TERM "$serf"
	ended
	[ ! -e pier/.vere.lock ]
	[ "$(events tag 13)" = grow ]
	eventlog verify -q --full --image pier
}

@test "serf: SIGTERM to one that is idle ends it at once" {
	begin
	kill -TERM "$serf"
	ended
}

@test "serf: SIGHUP is as SIGTERM, but nothing where it was ignored" {
	begin
	kill -HUP "$serf"
	ended
	[ ! -e pier/.vere.lock ]
	before=(env --ignore-signal=HUP)
	begin
	kill -HUP "$serf"
	frames '[%poke 1 [%a 0] %echo 1]' >&8
	await has '[%done 1 '
	finish
}

@test "serf: the effects of an event do not wait for the one behind it" {
	begin
	frames '[%poke 1 [%a 0] %echo 1] [%poke 2 [%a 0] %loop 0]' >&8
	await has '[%done 1 14]'
	kill -INT "$serf"
	await has '[%done 2 15]'
	finish
}

@test "serf: there is one of a pier" {
	begin
	fails 111 timeout 100 serf pier </dev/null
	grep -q "process $serf" err
	finish
}

@test "serf: killed, it is as if it had come this far and no further" {
	begin
	frames '[%poke 1 [%a 0] %grow 100] [%poke 2 [%a 0] %echo 1]' >&8
	await has '[%done 2 15]'
	killed
	serf_on ''
	[[ $(shown) =~ ' 2]'$ ]]
	eventlog verify -q --full --image pier
}

@test "serf: checkpoints by time, and none where nothing changed" {
	local was
	begin --snap-time 0.1 --no-publish
	frames '[%poke 1 [%a 0] %grow 100]' >&8
	await has '[%done 1 14]'
	await image_of 14
	was=$(stat -c %y pier/.urb/image pier/.urb/log.db)
	sleep 0.5
	[ "$(stat -c %y pier/.urb/image pier/.urb/log.db)" = "$was" ]
	! spinning || return 1
	killed
	serf_on ''
	! grep -q computed err || return 1
}

image_of() {
	eventlog info pier | grep -q "image: event $1\b"
}

@test "serf: what is not in the image is computed, and that is told" {
	begin --no-publish
	frames '[%poke 1 [%a 0] %grow 100]' >&8
	await has '[%done 1 14]'
	killed
	serf_on ''
	grep -q 'computed events 11 to 14' err
	eventlog verify -q --full --image pier
}

@test "serf: wishes: a checkpoint, memory, a rock; what there is not" {
	begin
	frames '[%poke 1 [%a 0] %grow 100] [%urth 2 %save]' >&8
	await has '[%done 2 14]'
	image_of 14
	frames '[%urth 3 %mass] [%urth 4 %fly] [%urth 5 %cram]' >&8
	await has '[%done 5 14]'
	has '[%flog '
	has '[%done 3 14]'
	has '[%bail 4 '
	[ "$(cue --axis 2 -o text pier/.urb/roc/14.jam)" = '%arvo' ]
	finish
}

@test "serf: a compaction goes on beside, and nobody notices its end" {
	frames '[[%a 0] %grow 200000] [[%a 0] %shed 0] [[%a 0] %grow 10]' >in
	begin
	cat in >&8
	await has '[%done 0 16]'
	frames '[%urth 1 %save]' >&8
	await has '[%done 1 16]'
	frames '[%urth 2 %pack] [%poke 3 [%a 0] %grow 5] [%poke 4 [%a 0] %echo 1]' >&8
	await has '[%done 2 '
	await has '[%done 4 18]'
	await grep -q resume "/proc/$serf/cmdline"
	frames '[%poke 5 [%a 0] %echo 1] [%urth 6 %meld] [%poke 7 [%a 0] %echo 1]' >&8
	await has '[%done 6 '
	await has '[%done 7 20]'
	kill -0 "$serf"
	finish
	[ "$(shown | grep -c ripe)" -eq 1 ]
	[ "$(events tag 13 | tr '\n' ' ')" = 'grow shed grow grow echo echo echo ' ]
	[ ! -s err ]
	eventlog verify -q --full --image pier
	serf_on ''
	[[ $(shown) =~ ' 7]'$ ]]
}

@test "serf: a compaction is waited for when the input ends" {
	serf_on '[[%a 0] %grow 100] [%urth 1 %pack]'
	has '[%done 1 14]'
	eventlog verify -q --full --image pier
}

@test "serf: %pack from the kernel is such a wish" {
	begin
	frames '[%poke 1 [%a 0] %emit [[%b 0] %pack 0] 0]' >&8
	await has '[%done 1 14]'
	await grep -q resume "/proc/$serf/cmdline"
	frames '[%poke 2 [%a 0] %echo 1]' >&8
	await has '[%done 2 15]'
	finish
}

@test "serf: SIGTERM in the midst of a compaction leaves the image whole" {
	local pause
	for pause in 0 0.02 0.1; do
		begin
		frames '[%poke 1 [%a 0] %grow 100000] [%urth 1 %pack]' >&8
		await has '[%done 1 '
		sleep $pause
		kill -TERM "$serf"
		ended
		exec 8>&-
		[ ! -e pier/.urb/image.new ]
		eventlog verify -q --full --image pier
	done
}

@test "serf: its own events are worked, also when it is to begin anew" {
	local i
	for ((i = 1; i <= 40; i++)); do
		echo "[%poke $i [%a 0] %emit [[%b 0] %trim 1] [[%b 0] %trim 0] 0]"
		[ $((i % 8)) -ne 0 ] || echo '[%urth 99 %pack]'
	done | jam -i text -o newt >in
	timeout 100 serf pier <in >out 2>err
	[ "$(events "count(*)" 13)" -eq 120 ]
	[ "$(shown | grep -c '%done')" -ge 41 ]
	eventlog verify -q --full --image pier
}

@test "serf: readers of the image see each event, but not with --no-publish" {
	begin
	frames '[%poke 1 [%a 0] %grow 100]' >&8
	await has '[%done 1 14]'
	await image_of 14
	finish
	begin --no-publish
	frames '[%poke 1 [%a 0] %grow 100]' >&8
	await has '[%done 1 18]'
	image_of 14
	finish
}

@test "serf: a reader that does not read stops it, and loses nothing" {
	local n=60
	# Each gives back half a megabyte.
	printf '[%%poke 1 [%%a 0] %%echo 0x1%s]\n' \
		"$(printf '.%.0s0000' {1..250000})" >big
	until_stopped $n
	[ "$(events 'count(*)' 13)" -lt $n ]
	cue -i newt -o text --depth 4 --width 12 <&7 >text
	exec 7<&-
	ended
	[ "$(grep -c '%done 1' text)" -eq $n ]
	[ "$(events 'count(*)' 13)" -eq $n ]
}

# Give a serf what is in the file big so often, and read nothing of it, until it
# has stopped: its output is descriptor 7.
until_stopped() {
	local i
	for ((i = 0; i < $1; i++)); do cat big; done | jam -i text -o newt >in
	mkfifo from
	timeout 100 serf pier <in 2>err >from 7<&- 3>&- &
	job=$!
	exec 7<from
	await test -s pier/.vere.lock
	serf=$(<pier/.vere.lock)
	await sleeping
}

# It has stopped computing, with events in its log.
sleeping() {
	[ "$(events 'count(*)' 13)" -gt 0 ] && ! spinning
}

@test "serf: an output that is full, or that nobody reads, ends it with 111" {
	frames '[[%a 0] %echo 1]' >in
	full() {
		timeout 100 serf pier <in >/dev/full
	}
	fails 111 full
	grep -q 'stdout: ' err
	# The one that reads is gone at once.
	mkfifo from
	timeout 100 serf pier <in >from 2>err 3>&- &
	job=$!
	exec 7<from 7<&-
	ended 111
	! grep -q stdout err || return 1
	eventlog verify -q --full --image pier
}

@test "serf: a replay that differs from the log never becomes the image" {
	local i
	serf_on '[[%a 0] %grow 1] [[%a 0] %echo 1]'
	mv pier other
	cp -r "$BATS_FILE_TMPDIR/whole" pier
	serf_on '[[%a 0] %grow 2] [[%a 0] %echo 1]'
	sqlite3 pier/.urb/log.db "attach 'other/.urb/log.db' as o;
		replace into event select * from o.event where id = 15"
	cp "$BATS_FILE_TMPDIR/whole/.urb/image" pier/.urb
	for i in 1 2; do
		fails 2 timeout 100 serf pier </dev/null
		grep -q "event 15: the kernel's mug" err
		image_of 14
	done
	eventlog replay -q --full --to 12 pier
	image_of 12
}

@test "serf: the log's -wal file is used anew" {
	local i
	printf '[%%poke 1 [0 %%arvo 0] %%trim 0x1%s]' "$(head -c 1500000 /dev/urandom |
		od -An -v -tx1 | tr -d ' \n' | fold -w 4 | sed 's/^/./' | tr -d '\n')" >big
	serf_on ''
	begin
	jam -i text -o newt <big >in
	for ((i = 1; i <= 12; i++)); do
		cat in >&8
		await tells "$i" '%done 1'
	done
	[ "$(stat -c %s pier/.urb/log.db-wal)" -lt 12000000 ]
	finish
}

# So many lines of what it wrote have this.
tells() {
	[ "$(shown | grep -cF -- "$2")" -ge "$1" ]
}

@test "serf: what was published and is in no checkpoint yet stays within --heap" {
	local i
	begin --heap 48M
	frames '[%poke 1 [%a 0] %grow 200000]' >in
	for ((i = 1; i <= 24; i++)); do
		cat in >&8
		await tells "$i" '%done 1'
	done
	finish
	[ "$(events 'distinct tag' 13)" = grow ]
	[ ! -s err ]
}

@test "serf: a compaction may take more memory than --heap" {
	frames '[[%a 0] %grow 2000000]' >in
	timeout 100 serf pier <in >out 2>err
	serf_on '[%urth 1 %pack]' --heap 24M
	has '[%done 1 '
	eventlog verify -q --image pier
}

@test "serf: no checkpoint is promised while a compaction goes on" {
	serf_on '[[%a 0] %grow 1000] [%urth 1 %pack] [%urth 2 %save] [%urth 3 %mass]'
	has '[%done 1 14]'
	shown | grep -q '^\[%bail 2 '
	has '[%done 3 14]'
}

@test "serf: a compaction that is killed behind its last step is one" {
	command -v strace >/dev/null || skip "no strace"
	frames '[[%a 0] %grow 1000] [%urth 1 %pack] [%poke 2 [%a 0] %echo 1]' >in
	strace -f -o trace -P "$(realpath pier/.urb)" \
		-e trace=fsync -e inject=fsync:signal=KILL \
		timeout 100 serf pier <in >out 2>err || true
	[ -s trace ] || skip "no strace here"
	grep -q 'killed by SIGKILL' trace
	has '[%done 1 '
	has '[%done 2 15]'
	! grep '^serf: ' err || return 1
	eventlog verify -q --full --image pier
}

@test "serf: a question that is damaged, or no question, is answered as one" {
	jam -i text <<<'[%peek 5 0 0 %x 0xffff.ffff.ffff.ffff]' | head -c 12 >jam
	{
		unhex '00 0c 00 00 00'
		cat jam
		frames '[%poke 4 [%a 0] %echo 1]'
	} >in
	timeout 100 serf pier <in >out 2>err
	has '[%peek 5 1 [%leaf '
	has '[%done 4 14]'
}

@test "serf: an effect that no frame can be made of is dropped and told" {
	local most long
	most=$(printf '1 %.0s' {1..256})
	long=$(printf '1 %.0s' {1..257})
	serf_on "[%poke 1 [%a 0] %emit [[[1 2] 0] %x 1] [[%b 0] [1 2] 1] [[%b 1] %x 1] [[$long 0] %x 1] [[$most 0] %x 2] 0]"
	[ "$(shown | tail -n +2 | grep -c '%done\|120 2')" -eq 2 ]
	[ "$(shown | wc -l)" -eq 3 ]
	[ "$(grep -c 'no effect' err)" -eq 4 ]
}

@test "serf: lines that were dropped are counted, and that is said" {
	local n=40
	# Each gives back half a megabyte, and then says what there is.
	printf '[%%poke 1 [%%a 0] %%emit [[%%b 0] %%x 0x1%s] [[%%b 0] %%mass 0] 0]\n' \
		"$(printf '.%.0s0000' {1..250000})" >big
	until_stopped $n
	cue -i newt -o text --depth 4 --width 12 <&7 >text
	exec 7<&-
	ended
	[ "$(grep -c '%done 1' text)" -eq $n ]
	[ "$(grep -c 'lines were dropped' text)" -eq 1 ]
}

@test "serf: called wrongly" {
	fails 100 serf
	fails 100 serf a b
	fails 100 serf --snap-time x pier
	fails 100 serf -d 77 pier
	fails 111 timeout 100 serf nothing </dev/null
	grep -q 'no such pier' err
	[ "$(wc -l <err)" -eq 1 ]
}
