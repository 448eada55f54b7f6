# jam: a noun to its jam, out of any form.

load helper

@test "jam: every noun of the field has the jam that the field says" {
	while IFS=$'\t' read -r text jam _; do
		[ "$jam" = - ] && continue
		unhex "$jam" >want
		printf '%s' "$text" | jam >out
		cmp want out || { echo "$text"; return 1; }
	done < <(grep -v '^::' "$ROOT/tests/data/vectors.tsv")
}

@test "jam: text, image form and jam are told apart by content" {
	echo "[1 2]" >text
	jam text >jam
	cue jam >image
	unhex 3112 | cmp - jam
	jam image | cmp - jam
	jam jam | cmp - jam
	printf '\xff' >>text
	fails 2 jam -i text text
	[ ! -s out ]
}

@test "jam: -i is believed, not the content" {
	printf H >two # the jam of 2, and a capital letter
	fails 2 jam two
	[[ "$(cat err)" == 'jam: two: 1:1: '* ]]
	[ "$(jam -i jam -o text two)" = 2 ]
	fails 2 jam -i image two
	[ "$(wc -l <err)" -eq 1 ]
}

@test "jam: nothing is no noun" {
	fails 2 jam </dev/null
	[[ "$(cat err)" == 'jam: stdin: 1:1: '* ]]
	[ ! -s out ]
}

@test "jam: equal parts are found whether or not they share memory" {
	echo '[[%part 1 2 3] [%part 1 2 3]]' | jam >one
	cue one | jam | cmp - one
	[ "$(wc -c <one)" -lt 15 ]
}

@test "jam: a text of several nouns is a stream of frames, or an error" {
	printf '1 [2 3]\n:: more\n4' >n
	jam -i text -o newt n >s
	unhex '00 01000000 0c  00 02000000 21d1  00 02000000 10 09' >want
	cmp -n 13 want s
	[ "$(cue -i newt -o text s)" = $'1\n[2 3]\n4' ]
	fails 2 jam n
	[[ "$(cat err)" == 'jam: n: 1:3: '* ]]
	[ ! -s out ]
}

@test "jam: -o image and -o text give the noun back" {
	echo '[1 %two 3]' | jam >n
	[ "$(jam -o text n)" = '[1 %two 3]' ]
	jam -o image n | jam | cmp - n
}

@test "jam: no jam is thrown at a terminal unasked" {
	echo '[1 2]' >n
	script -qec 'jam n 2>err; echo $? >code' /dev/null >out
	[ "$(cat code)" -eq 100 ]
	grep -q '^jam: stdout: is a terminal' err
	script -qec 'jam -o jam n 2>err; echo $? >code' /dev/null >out
	[ "$(cat code)" -eq 0 ]
}

@test "jam: --axis and --stat work as they do for cue" {
	echo '[1 2 3]' >n
	[ "$(jam --axis 7 n | cue -o text)" = 3 ]
	jam --stat n >out
	grep -qx 'cells: 2' out
	grep -qx 'mug: 0x3a811aec' out
}

@test "jam: bad text is told by line and column, exit 2, no output" {
	while IFS=$'\t' read -r text at; do
		printf '%b' "$text" >n
		fails 2 jam -i text n
		[[ "$(cat err)" == "jam: n: $at: "* ]] || { cat err; return 1; }
		[ "$(wc -l <err)" -eq 1 ]
		[ ! -s out ]
	done <<-'END'
		[1 2	1:1
		]	1:1
		[1 2]]	1:6
		[1\n %%UP]	2:3
		0x	1:3
		1.00	1:5
	END
}

@test "jam: a missing file, a full disk: one line, 111" {
	echo '[1 2]' >n
	fails 111 jam missing
	[ "$(cat err)" = 'jam: missing: no such file or directory' ]
	fails 111 sh -c 'jam n >/dev/full'
	[ "$(cat err)" = 'jam: stdout: no space left on device' ]
}
