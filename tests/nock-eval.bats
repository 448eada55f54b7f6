# nock-eval: run a formula on a subject, tell what came of it.

load helper

# Counts the subject down to 0 and up again: *[n count] is n, by n rounds.
count='[8 [1 0] 8 [1 6 [5 [0 7] 4 0 6] [0 6] 9 2 [0 2] [4 0 6] 0 7] 9 2 0 1]'
forever=(-s '[[9 2 0 1] 0]' -f '[9 2 0 1]')
# The same, deeper with every round, with a place on the trace.
deeper='[8 [1 11 [%spot 1 [%deep 0] [1 1] 2 2] 8 [9 2 0 1] 0 1] 9 2 0 1]'

# The processes whose parent is $1.
children() {
	grep -l "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status 2>/dev/null |
		cut -d/ -f3
}

# Wait until process $1 has one child that is not $2; print it.
wait_child() {
	local child _
	for _ in {1..200}; do
		child=$(children "$1" | head -n 1)
		[ -n "$child" ] && [ "$child" != "${2-}" ] && {
			echo "$child"
			return
		}
		sleep 0.05
	done
	return 1
}

# Wait until process $1 has used some of the processor.
wait_busy() {
	local fields _
	for _ in {1..200}; do
		read -ra fields <"/proc/$1/stat" || return
		[ "${fields[13]}" -gt 10 ] && return
		sleep 0.05
	done
	return 1
}

# The most memory that process $1 had, in KiB.
peak() {
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

teardown() {
	local p
	for p in $(jobs -p); do kill -KILL "$p"; done
}

# -------- what is run --------

@test "nock-eval: a subject and a formula, each as text" {
	[ "$(nock-eval -s 41 -f '[4 0 1]' -o text)" = 42 ]
	[ "$(nock-eval -s '[1 2]' -f '[[0 3] 0 2]' -o text)" = '[2 1]' ]
}

@test "nock-eval: [subject formula] in any form, seen by content" {
	echo '[41 4 0 1]' >n
	for form in text jam image; do
		jam -i text -o "$form" n >"n.$form"
		[ "$(nock-eval -o text "n.$form")" = 42 ]
		[ "$(nock-eval -o text <"n.$form")" = 42 ]
		[ "$(nock-eval -o text -i "$form" - <"n.$form")" = 42 ]
	done
}

@test "nock-eval: -f on the subject, -s under the formula, -g on the sample, that is read" {
	[ "$(echo 41 | nock-eval -f '[4 0 1]' -o text)" = 42 ]
	[ "$(echo '[4 0 1]' | nock-eval -s 41 -o text)" = 42 ]
	[ "$(echo 41 | nock-eval -g '[[4 0 6] 0 0]' -o text)" = 42 ]
	[ "$(echo 41 | nock-eval -g '[[[0 6] [0 7] 0 2] 0 5]' -o text)" = \
		'[41 5 [0 6] [0 7] 0 2]' ]
}

@test "nock-eval: an option's noun may be in a file, of any form" {
	echo '[4 0 1]' | jam >formula.jam
	echo '[4 0 1]' >formula
	echo 41 >./7
	[ "$(nock-eval -s 7 -f formula.jam -o text)" = 8 ]
	[ "$(nock-eval -s @7 -f @formula -o text)" = 42 ]
	fails 2 nock-eval -s 7 -f missing
	[[ "$(cat err)" == 'nock-eval: -f: 1:1: '* ]]
	fails 111 nock-eval -s 7 -f @missing
	[ "$(cat err)" = 'nock-eval: missing: no such file or directory' ]
}

@test "nock-eval: it is also called nock" {
	[ "$(nock -s 41 -f '[4 0 1]' -o text)" = 42 ]
}

@test "nock-eval: into a pipe goes an image, -o says what else" {
	nock-eval -s 0 -f '[1 1 2 3]' >image
	[ "$(head -c 8 image)" = nounimg1 ]
	[ "$(cue -o text image)" = '[1 2 3]' ]
	nock-eval -s 0 -f '[1 1 2]' -o jam | cmp - <(unhex '31 12')
	nock-eval -s 0 -f '[1 1 2]' -o newt | cmp - <(unhex '00 02000000 31 12')
	[ "$(nock-eval -s 0 -f '[1 %abc 1.000]' -o text --plain)" = '[6513249 1000]' ]
}

@test "nock-eval: on a terminal the product is shown in part, and it says so" {
	echo "[0 1 $(seq -s ' ' 1000)]" >n
	script -qec "nock-eval n 2>err" /dev/null >out
	grep -qF ... out
	[ "$(cat err)" = 'nock-eval: n: shown in part; -o text shows all of it' ]
}

@test "nock-eval: a part of a pill" {
	need_data pills/brass-140.pill
	[ "$(cue "$DATA/pills/brass-140.pill" | nock-eval -f '[0 6]' -o text)" = \
		%brass ]
}

@test "nock-eval: the benchmarks' programs give what their Hoon does" {
	need_data bench/nock/dec200k.jam
	[ "$(nock-eval -o text "$DATA/bench/nock/dec200k.jam")" = 199.999 ]
	[ "$(nock-eval -o text "$DATA/bench/nock/fib24.jam")" = 46.368 ]
}

# -------- crashes --------

@test "nock-eval: a crash is exit 1, its trace as text, the innermost last" {
	fails 1 nock-eval -s 0 -f '[11 [%spot 1 [%lib %foo %hoon 0] [1 2] 3 4]
		11 [%mean 1 %oops] 11 [%mean 1 [1 %leaf 104 105 0] 0]
		11 [%hunk 1 0 %a %b 0] 11 [%lose 1 %lost] 11 [%spot 1 5] 0 2]'
	diff err - <<-'END'
		/lib/foo/hoon:<[1 2].[3 4]>
		oops
		hi
		/a/b
		lost
		[%spot 5]
		nock-eval: formula: crashed (exit)
	END
	[ ! -s out ]
}

@test "nock-eval: what a recursion left on the trace is told once" {
	f='[8 [1 0] 8 [1 11 [%spot 1 [%deep 0] [1 1] 2 2] 6 [5 [0 6] 0 7]
		[0 0] 8 [9 2 [0 2] [4 0 6] 0 7] 0 1] 9 2 0 1]'
	fails 1 nock-eval -s 1999 -f "$f"
	diff err - <<-'END'
		/deep:<[1 1].[2 2]>
		  (the same 511 times more)
		[skipped 976 frames]
		/deep:<[1 1].[2 2]>
		  (the same 511 times more)
		nock-eval: formula: crashed (exit)
	END
}

@test "nock-eval: a tank does not move the cursor of a terminal" {
	fails 1 nock-eval -s 0 -f "[11 [%mean 1 %leaf 27 91 50 74 195 164 0] 0 0]"
	[ "$(head -n 1 err)" = '?[2Jä' ]
}

@test "nock-eval: no formula, no opcode, no cell: the answer no" {
	while IFS='|' read -r subject formula; do
		fails 1 nock-eval -s "$subject" -f "$formula" || {
			echo "$subject $formula"
			return 1
		}
		[ "$(cat err)" = 'nock-eval: formula: crashed (exit)' ]
		[ ! -s out ]
	done <<-'END'
		0|0
		0|[13 0 1]
		0|[0 0]
		0|[0 2]
		[1 2]|[0 4]
		0|[[0 1] 5]
		[1 2]|[4 0 1]
		0|[6 [1 2] [1 3] 1 4]
		0|[9 2 0 1]
		0|[10 [2 0 1] 0 1]
		0|[12 [0 1] 0 1]
		0|[5 0]
		0|[1.180.591.620.717.411.303.424 0 1]
	END
	fails 1 nock-eval <<<5
	[ "$(cat err)" = 'nock-eval: stdin: is an atom, not [subject formula]' ]
}

@test "nock-eval: input that is none is exit 2 and names the place" {
	printf 'qH' >n
	fails 2 nock-eval -i jam n
	[ "$(cat err)" = 'nock-eval: n: the jam is cut short at bit 16' ]
	fails 2 nock-eval -s 0 -f '[1 '
	[ "$(cat err)" = 'nock-eval: -f: 1:1: a bracket is not closed' ]
	fails 2 nock-eval <<<'[1 2] 3'
	[[ "$(cat err)" == 'nock-eval: stdin: 1:7: '* ]]
}

@test "nock-eval: called wrongly is exit 100 and one line" {
	: >n
	while read -r args; do
		# shellcheck disable=SC2086 # words are wanted
		fails 100 nock-eval $args </dev/null || { echo "$args"; return 1; }
		[ "$(wc -l <err)" -eq 1 ]
		[ ! -s out ]
	done <<-'END'
		--nothing
		-x
		-s
		-o gold
		-i newt
		-s 1 -f 2 n
		-g 1 -s 2
		-g 1 -f 2
		-s 1 -f 2 -j 1
		-j x
		-j 99999
		-j 2 -i jam
		-j 2 -o image
		-j 2 --time
		--as-done
		--limit-time 0
		--limit-time 1s
		--heap 1Q
		--slog 99
		--slog x
		--depth x
		-g 1 --disasm
		n n
	END
}

@test "nock-eval: a full disk is 111" {
	fails 111 sh -c "nock-eval -s 0 -f '[0 1]' >/dev/full"
	[ "$(cat err)" = 'nock-eval: stdout: no space left on device' ]
	fails 111 sh -c "nock-eval -s 0 -f '[11 [%slog 1 0 %a] 0 1]' --slog 3 3>/dev/full >/dev/null"
	[ "$(cat err)" = 'nock-eval: slog: no space left on device' ]
	fails 111 sh -c "echo 1 | nock-eval -j 1 -i text -f '[0 1]' >/dev/full"
	[ "$(cat err)" = 'nock-eval: stdout: no space left on device' ]
}

# -------- limits --------

@test "nock-eval: a limit of time or memory is 111 and names its kind" {
	fails 111 nock-eval "${forever[@]}" --limit-time 0.1
	[ "$(tail -n 1 err)" = \
		'nock-eval: formula: out of time (time): the limit is --limit-time 0.1' ]
	fails 111 nock-eval -s 0 -f "$deeper" --heap 2M
	[[ "$(tail -n 1 err)" == \
		'nock-eval: formula: out of '*': the limit is --heap 2M' ]]
	# A list without end, in a loop: the cells are what takes the memory.
	fails 111 nock-eval -s 0 -f '[8 [1 9 2 [0 2] [1 7] 0 3] 9 2 0 1]' --heap 2M
	[ "$(tail -n 1 err)" = \
		'nock-eval: formula: out of memory (meme): the limit is --heap 2M' ]
}

@test "nock-eval: ^C shows where it was, and ends it as a signal does" {
	nock-eval "${forever[@]}" >out 2>err &
	pid=$!
	wait_busy $pid
	kill -INT $pid
	code=0
	wait $pid || code=$?
	[ $code -eq 130 ]
	grep -qx 'nock-eval: formula: interrupted (intr)' err
	[ ! -s out ]
}

@test "nock-eval: a %mean that never ends does not keep the trace from its end" {
	fails 1 timeout 60 nock-eval -s 0 -f '[11 [%mean 1 [9 2 0 1] 0] 0 0]'
	[ "$(tail -n 1 err)" = 'nock-eval: formula: crashed (exit)' ]
	[ "$(wc -l <err)" -eq 2 ]
}

# -------- hints and reports --------

@test "nock-eval: %slog goes to stderr, or where --slog says, by priority" {
	f='[11 [%slog 1 0 %leaf 104 105 0] 11 [%slog 1 2 %two] 0 1]'
	nock-eval -s 7 -f "$f" -o text >out 2>err
	[ "$(cat out)" = 7 ]
	[ "$(cat err)" = $'hi\n>> two' ]
	nock-eval -s 7 -f "$f" -o text --slog 3 >out 2>err 3>slog
	[ "$(cat slog)" = $'hi\n>> two' ]
	[ ! -s err ]
}

@test "nock-eval: --time tells what it took" {
	nock-eval -s 1000 -f "$count" --time -o text >out 2>err
	[ "$(cat out)" = 999 ]
	for line in compile run collect; do
		grep -qE "^$line: +[0-9]+\.[0-9]{3} ms$" err
	done
	for line in formulas instructions calls cells collections; do
		grep -qE "^$line: +[0-9]+$" err
	done
	grep -qE '^peak memory: +[0-9]+ KiB$' err
	[ "$(sed -n 's/^calls: *//p' err)" -ge 1000 ]
}

@test "nock-eval: --time counts the cells that are made" {
	# A list of 100,000: a cell each, and what the loop needs.
	nock-eval -s 100000 -f '[8 [1 0 0] 8 [1 6 [5 [0 12] 0 7] [0 13]
		9 2 [0 2] [[4 0 12] [0 12] 0 13] 0 7] 9 2 0 1]' \
		--time -o jam >out 2>err
	cells=$(sed -n 's/^cells: *//p' err)
	[ "$cells" -ge 100000 ]
	[ "$cells" -lt 700000 ]
}

@test "nock-eval: --trace tells of each call, how deep it is and where" {
	nock-eval -s 3 -f '[8 [1 0] 8 [1 11 [%spot 1 [%loop 0] [1 1] 2 2] 6 [5 [0 7] 4 0 6] [0 6] 9 2 [0 2] [4 0 6] 0 7] 9 2 0 1]' \
		--trace -o text >out 2>err
	[ "$(cat out)" = 2 ]
	grep -qE '^ +1 +formula 0x[0-9a-f]{8}$' err
	[ "$(grep -cE '^ +[0-9]+ +/loop:<\[1 1\]\.\[2 2\]>$' err)" -eq 3 ]
}

@test "nock-eval: --profile writes folded stacks, or a Chrome trace" {
	f='[11 [%spot 1 [%top 0] [1 1] 2 2] 8 [1 9 2 0 1] 9 2 0 1]'
	fails 111 nock-eval -s 0 -f "$f" --profile folded --limit-time 0.5
	grep -qE '^/top:<\[1 1\]\.\[2 2\]>.* [0-9]+$' folded
	fails 111 nock-eval -s 0 -f "$f" --profile trace.json --limit-time 0.5
	perl -MJSON::PP -e 'local $/; my $t = decode_json(<>)->{traceEvents};
		my %n; $n{$_->{ph}}++ for @$t;
		exit !($n{B} > 0 && $n{B} == $n{E} &&
		    $t->[0]{name} eq "/top:<[1 1].[2 2]>")' trace.json
	fails 111 nock-eval -s 0 -f '[0 1]' --profile no/such/place
}

@test "nock-eval: --disasm prints the bytecode and runs nothing" {
	nock-eval --disasm -f '[0 0]' >out
	[ "$(wc -l <out)" -ge 2 ]
	echo '[41 4 0 1]' | nock-eval --disasm | grep -q INC
}

# -------- scry --------

@test "nock-eval: opcode 12 finds what --scry has, in a list or a map" {
	echo '[[[%ref %cx %a 0] 1] [[0 %cx %b 0] 2] [[[1 2] %cx %c 0] 3 4] 0]' >list
	echo '[[[0 %m 0] 5] [[[%r %l 0] 6] 0 0] [[0 %r 0] 7] 0 0]' >map
	while IFS='|' read -r file ref path product; do
		[ "$(nock-eval --scry "$file" -s 0 -o text \
			-f "[12 [1 $ref] 1 $path]")" = "$product" ] || {
			echo "$file $ref $path"
			return 1
		}
	done <<-'END'
		list|%ref|[%cx %a 0]|1
		list|%any|[%cx %b 0]|2
		list|[1 2]|[%cx %c 0]|[3 4]
		map|9|[%m 0]|5
		map|%r|[%l 0]|6
		map|9|[%r 0]|7
	END
}

@test "nock-eval: opcode 12 blocks on what is not there, and crashes without --scry" {
	echo '[[[%ref %cx %a 0] 1] 0]' >list
	fails 1 nock-eval --scry list -s 0 -f '[12 [1 %other] 1 %cx %a 0]'
	[ "$(cat err)" = $'/cx/a\nnock-eval: formula: blocked: what opcode 12 asked for is not in list' ]
	fails 1 nock-eval -s 0 -f '[12 [1 %ref] 1 %cx %a 0]'
	[ "$(cat err)" = 'nock-eval: formula: crashed (exit)' ]
	echo '[[[%ref %cx] 1] 0]' >bad
	fails 2 nock-eval --scry bad -s 0 -f '[0 1]'
	[ "$(cat err)" = 'nock-eval: bad: is no list or map of [[ref path] answer]' ]
}

# -------- -j --------

@test "nock-eval: -j answers every job, in order" {
	seq 0 4999 | jam -i text -o newt >stream
	nock-eval -j 3 -f '[4 0 1]' stream >out
	cue -i newt -o text --plain out >lines
	seq -f '[0 %.0f]' 1 5000 | cmp - lines
	nock-eval -j 3 -f '[4 0 1]' <stream | cmp - out
	# shellcheck disable=SC2002 # a pipe is wanted
	cat stream | nock-eval -j 3 -f '[4 0 1]' | cmp - out
}

@test "nock-eval: -j --as-done gives each answer with its index" {
	seq 0 999 | jam -i text -o newt | nock-eval -j 3 --as-done -f '[4 0 1]' |
		cue -i newt -o text --plain | sort -t'[' -k2n >out
	[ "$(sed 's/^.\([0-9]*\) .*/\1/' out | sort -n | uniq | wc -l)" -eq 1000 ]
	grep -qx '\[999 0 1000\]' out
	[ "$(printf '1 2' | nock-eval -j 1 --as-done -i text -f '[4 1 5]')" = \
		$'[0 0 6]\n[1 0 6]' ]
}

@test "nock-eval: -j runs pairs, formulas on a subject, or a gate on samples" {
	[ "$(printf '[1 4 0 1] [[2 3] 0 2]' | nock-eval -j 2 -i text)" = \
		$'[0 2]\n[0 2]' ]
	echo '[7 8]' | jam >s.jam
	[ "$(printf '[0 2] [0 3]' | nock-eval -j 2 -i text -s s.jam)" = \
		$'[0 7]\n[0 8]' ]
	[ "$(printf '1 2' | nock-eval -j 2 -i text -g '[[4 0 6] 0 0]')" = \
		$'[0 2]\n[0 3]' ]
}

@test "nock-eval: -j tells a crash, a block, a limit and a bad frame as answers" {
	echo '[[[0 %a 0] 1] 0]' >list
	printf '%s\n' '[0 0 0]' '[0 11 [%mean 1 %oops] 0 0]' \
		'[0 12 [1 0] 1 %a 0]' '[0 12 [1 0] 1 %b 0]' 5 \
		'[[[9 2 0 1] 0] 9 2 0 1]' '[1 0 1]' |
		nock-eval -j 2 -i text --scry list --limit-time 0.2 >out
	diff out - <<-'END'
		[2 0]
		[2 [%leaf 111 111 112 115 0] 0]
		[0 1]
		[1 98 0]
		[2 0]
		[3 %time 'out of time']
		[0 1]
	END
	{
		echo 1 | jam -i text -o newt
		unhex '00 01000000 00'
		echo 2 | jam -i text -o newt
	} >stream
	nock-eval -j 1 -f '[0 1]' -o text stream >out
	diff out - <<-'END'
		[0 1]
		[3 %data 'the jam is cut short at bit 1']
		[0 2]
	END
}

@test "nock-eval: -j of a stream that breaks answers what came before, exit 2" {
	{
		echo 1 | jam -i text -o newt
		printf '\1'
	} >stream
	fails 2 nock-eval -j 2 -f '[0 1]' -o text stream
	[ "$(cat out)" = '[0 1]' ]
	[[ "$(cat err)" == 'nock-eval: stream: frame 2: '*' at byte 6' ]]
	fails 2 nock-eval -j 2 -i text -f '[0 1]' <<<'1 ]'
	[ "$(cat out)" = '[0 1]' ]
}

@test "nock-eval: -j answers a job while its stream goes on" {
	mkfifo in out
	nock-eval -j 2 -f '[4 0 1]' <in >out &
	exec 5>in 6<out
	for _ in 1 2 3; do
		echo 1 | jam -i text -o newt >&5
		[ "$(head -c 7 <&6 | cue -i newt -o text)" = '[0 2]' ]
	done
	exec 5>&-
	wait $!
	exec 6<&-
}

@test "nock-eval: -j: a worker that is killed is replaced, its job done again" {
	# It never ends: the second time it runs into the limit.
	echo '[[[9 2 0 1] 0] 9 2 0 1]' | jam -i text -o newt >job
	nock-eval -j 1 --limit-time 3 -o text job >out 2>err &
	pid=$!
	first=$(wait_child $pid)
	wait_busy "$first"
	kill -KILL "$first"
	wait_child $pid "$first"
	wait $pid
	[ "$(cat out)" = "[3 %time 'out of time']" ]
	[ ! -s err ]
}

@test "nock-eval: -j: a job that kills two workers is answered, the next is done" {
	printf '[[[9 2 0 1] 0] 9 2 0 1] [41 4 0 1]' | jam -i text -o newt >stream
	nock-eval -j 1 -o text stream >out &
	first=$(wait_child $!)
	wait_busy "$first"
	kill -KILL "$first"
	second=$(wait_child $! "$first")
	wait_busy "$second"
	kill -KILL "$second"
	wait $!
	[ "$(cat out)" = $'[3 %died \'the worker died of signal 9, twice\']\n[0 42]' ]
}

@test "nock-eval: -j takes an endless stream in constant memory" {
	seq 20000 | jam -i text -o newt >stream
	mkfifo in
	nock-eval -j 1 -f '[4 0 1]' <in >out &
	pid=$!
	exec 5>in
	cat stream stream >&5
	before=$(peak $pid)
	for _ in {1..15}; do cat stream >&5; done
	after=$(peak $pid)
	exec 5>&-
	wait $pid
	[ $((after - before)) -lt 8000 ] || { echo "$before $after"; return 1; }
	[ "$(cue -i newt -o text out | wc -l)" -eq $((17 * 20000)) ]
}

@test "nock-eval: works under parallel --pipe, a noun a line" {
	command -v parallel >/dev/null || skip "no parallel"
	seq 100 | parallel -k --pipe -N 7 nock-eval -j 1 -i text --plain -f "'[4 0 1]'" >out
	seq -f '[0 %.0f]' 2 101 | cmp - out
}
