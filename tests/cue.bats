# cue: a noun out of its jam, or out of any other form.

load helper

# Lines of tests/data/$1 that are cases.
cases() {
	grep -v '^::' "$ROOT/tests/data/$1"
}

@test "cue: every jam of the field is the noun that its text says" {
	while IFS=$'\t' read -r text jam _; do
		[ "$jam" = - ] && continue
		unhex "$jam" >in
		printf '%s' "$text" | cue -i text -o text --plain >want
		cue -o text --plain in >out
		cmp want out || { echo "$text"; return 1; }
	done < <(cases vectors.tsv)
}

@test "cue: -o jam of a jam is the same jam" {
	while IFS=$'\t' read -r text jam _; do
		[ "$jam" = - ] && continue
		unhex "$jam" >in
		cue -o jam in | cmp - in || { echo "$text"; return 1; }
	done < <(cases vectors.tsv)
}

@test "cue: --stat tells the mug that the field knows" {
	while IFS=$'\t' read -r text _ mug; do
		[ "$mug" = - ] && continue
		got=$(printf '%s' "$text" | cue -i text --stat | sed -n 's/^mug: //p')
		[ "$got" = "$mug" ] || { echo "$text: $got, not $mug"; return 1; }
	done < <(cases vectors.tsv)
}

@test "cue: a jam that is none is one line that names the bit, exit 2, no output" {
	while IFS=$'\t' read -r jam says what; do
		if [ "$jam" = - ]; then : >in; else unhex "$jam" >in; fi
		fails 2 cue in || { echo "$what"; return 1; }
		[ "$(cat err)" = "cue: in: $says" ] || { cat err; return 1; }
		[ ! -s out ]
	done < <(cases bad-jams.tsv)
}

@test "cue: --stat counts what is shared once, and the tree as if nothing were" {
	echo '[[1 2] [1 2] 1 2]' | jam | cue --stat >out
	grep -qx 'cells: 3' out
	grep -qx 'shared: 1' out
	grep -qx 'tree size: 11' out
	grep -qx 'depth: 3' out
}

@test "cue: --stat prints a tree of more than 2^64 parts exactly" {
	# [x x] 100 times over: n cells, the atom 0, then for each cell, from
	# the inside, a reference to where its head began.
	perl -e '
		my $n = 100;
		my $bits = "10" x $n . "01";     # n cells, then the atom 0
		for my $i (reverse 1 .. $n) {
			my $p = 2 * $i;               # where the head began
			my $a = sprintf "%b", $p;
			my $len = sprintf "%b", length $a;
			my $mat = "0" x length($len) . "1" .
			    substr(reverse($len), 0, length($len) - 1) . reverse $a;
			$bits .= $i == $n ? "01" : "11" . $mat;
		}
		print pack "b*", $bits' >doubled.jam
	cue --stat doubled.jam >out
	grep -qx 'cells: 100' out
	grep -qx 'tree size: 2535301200456458802993406410751' out
	grep -qx 'depth: 100' out
}

@test "cue: --axis takes a part, decimal or hexadecimal" {
	echo '[[1 2] 3 4 5]' | jam >n
	[ "$(cue -o text --axis 1 n)" = '[[1 2] 3 4 5]' ]
	[ "$(cue -o text --axis 5 n)" = 2 ]
	[ "$(cue -o text --axis 0xe n)" = 4 ]
	[ "$(cue -o text --axis=15 n)" = 5 ]
	[ "$(cue -o text n --axis 7)" = '[4 5]' ]
}

@test "cue: an axis that is not there is the answer no" {
	echo '[1 2]' | jam >n
	fails 1 cue --axis 4 n
	[ "$(cat err)" = 'cue: n: no axis 4' ]
	[ ! -s out ]
	fails 1 cue --axis 1180591620717411303424 n
	[ "$(cat err)" = 'cue: n: no axis 1180591620717411303424' ]
}

@test "cue: an axis of more than 64 bits reaches the end of a list" {
	echo "[$(seq -s ' ' 0 200)]" | jam >n
	# The tail 200 times, from the whole: 2^201 - 1.
	[ "$(cue -o text --axis \
		3213876088517980551083924184682325205044405987565585670602751 n)" = 200 ]
}

@test "cue: text on a terminal is elided, and it says so; -o text is whole" {
	echo "[$(seq -s ' ' 1000)]" | jam >n
	script -qec "cue n 2>err" /dev/null >out
	[ "$(wc -c <out)" -lt 1000 ]
	grep -qF ... out
	[ "$(cat err)" = 'cue: n: shown in part; -o text shows all of it' ]
	script -qec "cue -o text n 2>err" /dev/null >out
	[ ! -s err ]
	grep -q ' 1.000\]' out
	script -qec "cue -q n 2>err" /dev/null >out
	[ ! -s err ]
}

@test "cue: into a pipe goes the image form, which cue reads again" {
	echo '[1 2 %three]' | jam | cue | tee image | cue -o text >out
	[ "$(cat out)" = '[1 2 %three]' ]
	[ "$(head -c 8 image)" = nounimg1 ]
	fails 2 cue -i jam image
}

@test "cue: --depth, --width and --plain say how text is shown" {
	echo '[%term [1 [2 [3 4] 5] 6] 1.000.000]' | jam >n
	[ "$(cue -o text --plain n)" = '[1836213620 [1 [2 [3 4] 5] 6] 1000000]' ]
	[ "$(cue -o text --depth 2 n)" = '[%term [1 ... 6] 1.000.000]' ]
	[ "$(cue -o text --width 1 n)" = '[%term ...]' ]
}

@test "cue: text that is none is told by line and column" {
	printf '[1 2\n 3 }]\n' >n
	fails 2 cue -i text n
	[[ "$(cat err)" == 'cue: n: 2:4: '* ]]
	[ ! -s out ]
}

@test "cue: a newt stream becomes newt frames in a pipe, lines as text" {
	printf '1\n[1 2]\n%%a\n' | jam -i text -o newt >s
	cue -i newt s | cmp - s
	[ "$(cue -i newt -o text s | tr '\n' '|')" = '1|[1 2]|97|' ]
	[ "$(cue -i newt --stat s | grep -c ^mug:)" = 3 ]
	fails 1 cue -i newt -o text --axis 2 s
	[ "$(cat err)" = 'cue: s: frame 1: no axis 2' ]
}

@test "cue: a bad frame is named; the frames before it are out" {
	printf '1\n2\n' | jam -i text -o newt >s
	printf '\0\1\0\0\0\0' >>s
	fails 2 cue -i newt -o text s
	[ "$(cat err)" = 'cue: s: frame 3: the jam is cut short at bit 1' ]
	[ "$(cat out)" = $'1\n2' ]
	printf '1\n' | jam -i text -o newt >s
	printf '\1' >>s
	fails 2 cue -i newt -o text s
	[[ "$(cat err)" == 'cue: s: frame 2: '*' at byte 6' ]]
}

@test "cue: a million frames take no more memory than a thousand" {
	printf '[%%ovum 1 2 3 4 5 6 [7 8] 9]' | jam -i text -o newt >one
	perl -e 'local $/; $_ = <>; print $_ x 1000' one >thousand
	perl -e 'local $/; $_ = <>; print $_ x 100' thousand >many
	for _ in {1..10}; do cat many; done | cue -v -i newt >out 2>err
	cmp -n "$(wc -c <many)" out many
	[ "$(wc -c <out)" -eq $((10 * $(wc -c <many))) ]
	sed -n 's/.*at most \([0-9]*\) KiB.*/\1/p' err >much
	cue -v -i newt thousand 2>&1 >out |
		sed -n 's/.*at most \([0-9]*\) KiB.*/\1/p' >little
	[ "$(cat much)" -le $(($(cat little) + 20000)) ]
}

@test "cue: --heap is a limit, and reaching it says so, exit 111" {
	perl -e 'print pack "b*", "10" x 2000000 . "01" x 2000001' >deep
	fails 111 cue --heap 16M deep
	[ "$(cat err)" = 'cue: deep: out of memory (--heap limit 16M)' ]
	[ ! -s out ]
	cue --heap 1G --stat deep | grep -qx 'depth: 2000000'
}

@test "cue: the whole of a pill, its kind and its kelvins" {
	need_data pills/brass-140.pill
	need_data pills/ivory-140.pill
	need_data pills/ivory-141.pill
	while read -r pill cells mug kind kelvins; do
		cue --stat "$DATA/pills/$pill.pill" >out
		grep -qx "cells: $cells" out
		grep -qx "mug: $mug" out
		grep -qx "pill: ${kind//_/ }" out
		grep -qx "kelvins: $kelvins" out
		cue -o jam "$DATA/pills/$pill.pill" | cmp - "$DATA/pills/$pill.pill"
	done <<-END
		brass-140 182959 0x31f52f8a %pill_brass hoon 140, arvo 240, lull 328, zuse 417
		ivory-140 393107 0x2a2274c9 %ivory hoon 140
		ivory-141 328610 0x2b92fb85 old_ivory hoon 141
	END
}

@test "cue: the parts of a brass pill are counted" {
	need_data pills/brass-140.pill
	cue --stat "$DATA/pills/brass-140.pill" >out
	grep -qx 'boot: 5' out
	grep -qx 'kernel: 2' out
	grep -qx 'userspace: 1' out
	[ "$(cue --axis 6 -o text "$DATA/pills/brass-140.pill")" = %brass ]
}

@test "cue: a pill takes at most 12 times its size in memory" {
	need_data pills/ivory-140.pill
	[ "${VARIANT:-release}" = release ] || skip "not the release build"
	pill=$DATA/pills/ivory-140.pill
	cue -v "$pill" 2>err >out
	peak=$(sed -n 's/.*at most \([0-9]*\) KiB.*/\1/p' err)
	[ "$peak" -le $(($(stat -c %s "$pill") * 12 / 1024)) ]
}

@test "cue: small pills of every kind are told apart" {
	tell() {
		printf '%s' "$1" | cue -i text --stat | sed -n '/^pill: /,$p' >out
	}
	tell '[%pill %solid [1 2 3 ~] ~ [1 ~]]'
	[ "$(sed 1q out)" = 'pill: %pill solid' ]
	grep -qx 'boot: 3' out
	grep -qx 'userspace: 1' out
	tell '[%cash [%brass [1 ~] ~ ~] [[1 2] 3] [[4 5] 6] ~]'
	[ "$(sed 1q out)" = 'pill: %cash brass' ]
	grep -qx 'cached: 2' out
	tell '[%prop %garden %hind [1 ~] [2 ~] ~]'
	[ "$(sed 1q out)" = 'pill: %prop garden' ]
	grep -qx 'events: 2' out
	tell '[%ivory [9 2 0 1] [%fast 1 [%k 135] [1 0] 0] ~]'
	[ "$(cat out)" = $'pill: %ivory\nkelvins: hoon 135' ]
	tell '[[[11 [%fast 1 [%k 141] [1 0] 0] 0 1] ~] ~ ~]'
	[ "$(cat out)" = $'pill: old ivory\nkelvins: hoon 141' ]
	for none in '[%pill %solid 1 ~ ~]' '[%prop %garden %aft ~]' '[[1 2] ~]' \
		'[%pill ~]' '[[0 1] ~ ~]' %pill; do
		tell "$none"
		[ ! -s out ] || { echo "$none"; return 1; }
	done
}

@test "cue: wrong usage is one line and exit 100" {
	while read -r args; do
		# shellcheck disable=SC2086 # several arguments
		fails 100 cue $args </dev/null
		[ "$(wc -l <err)" -eq 1 ] && grep -q 'usage: cue ' err
		[ ! -s out ]
	done <<-END
		--no-such-option
		-i jem
		-o
		--axis 0
		--axis -1
		--axis %a
		--heap 0
		--heap 5X
		--heap 99999999999999999999
		--depth x
		--stat=1
		a b
		-i newt -o jam
	END
}

@test "cue: --help and -V print and are done" {
	cue --help >out
	grep -q '^usage: cue ' out
	grep -q '^  --axis N ' out
	[[ "$(cue -V)" == 'cue (nockutils) '* ]]
}

@test "cue: a missing file, a directory, a closed stdin or stdout: one line, 111" {
	echo 1 | jam >n
	fails 111 cue missing
	[ "$(cat err)" = 'cue: missing: no such file or directory' ]
	fails 111 cue /
	[ "$(cat err)" = 'cue: /: is a directory' ]
	fails 111 cue -i newt /
	[ "$(cat err)" = 'cue: /: is a directory' ]
	fails 111 sh -c 'cue <&-'
	[ "$(cat err)" = 'cue: stdin: bad file descriptor' ]
	fails 111 sh -c 'cue n >&-'
	[ "$(cat err)" = 'cue: stdout: bad file descriptor' ]
}

@test "cue: output that does not fit the disk is exit 111, in every form" {
	echo '[1 2]' | jam >n
	for form in text image jam newt; do
		fails 111 sh -c "cue -o $form n >/dev/full"
		[ "$(cat err)" = 'cue: stdout: no space left on device' ]
	done
	fails 111 sh -c 'cue --stat n >/dev/full'
	fails 111 sh -c 'cue --help >/dev/full'
	fails 111 sh -c 'cue -V >/dev/full'
}

@test "cue: a reader that has enough ends it without a word" {
	echo "[$(seq -s ' ' 100000)]" | jam >n
	(cue -o text n || echo $? >code) 2>err | head -c 10 >out
	[ ! -s err ]
	[ "$(cat code)" -eq 141 ]
	# Where SIGPIPE is ignored it is EPIPE.
	(trap '' PIPE; cue -o text n || echo $? >code) 2>err | head -c 10 >out
	[ ! -s err ]
	[ "$(cat code)" -eq 111 ]
}

@test "cue: a file name cannot write to the terminal" {
	printf '\0' >$'a\e[1mb'
	fails 2 cue $'a\e[1mb'
	[ "$(cat err)" = 'cue: a?[1mb: the jam is cut short at bit 1' ]
}

@test "cue: standard input may be a file that was read in part" {
	printf '0123' >n
	echo '[1 2]' | jam >>n
	{ dd bs=1 count=4 status=none >/dev/null; cue -o text; } <n >out
	[ "$(cat out)" = '[1 2]' ]
}

@test "cue: -v says what was done, on standard error" {
	echo '[1 2]' | jam >n
	cue -v -o text n >out 2>err
	[ "$(cat out)" = '[1 2]' ]
	grep -q '^cue: n: jam, 2 bytes, nouns: 1; ' err
}
