# dill: the terminal's driver, where there is no terminal.

load helper

# Frames of nouns as text: frames '[%flog 0]' '...' >in
frames() {
	local noun
	for noun; do
		printf '%s' "$noun" | jam -i text -o newt || return
	done
}

# A text as a (list @c): codes 'ab' is "97 98 ~".
codes() {
	local i
	for ((i = 0; i < ${#1}; i++)); do
		printf '%d ' "'${1:i:1}"
	done
	printf '~'
}

# Run it on in, without a terminal: out, err.
lines() {
	timeout 60 dill -t "$@" <in >out 2>err
}

to="[%d %term '1' ~]"

@test "dill: says that it is there, how large it is, and asks to be drawn" {
	: >in
	lines
	cue -i newt -o text --plain out >got
	cat >want <<-'END'
		[%poke 1 [100 1836213620 49 0] 1852993378 0]
		[[100 1836213620 49 0] 2003135586 80 24]
		[[100 1836213620 49 0] 1818845544 0]
	END
	sed -i 's/%poke/1701539696/' want
	cmp want got
	[ ! -s err ]
}

@test "dill: %born has it say so again" {
	frames '[%born ~]' >in
	lines
	cue -i newt -o text out >got
	[ "$(grep -c '%hail' got)" -eq 2 ]
	[ "$(grep -c '%born' got)" -eq 2 ]
}

@test "dill: -d: a newline when it is ready, then the descriptor is closed" {
	: >in
	lines -d 5 5>ready
	printf '\n' | cmp - ready
}

@test "dill: without a terminal slogs and finished lines are lines, and no more" {
	frames "[$to %blit [%hop 0] [%wyp ~] [%put $(codes '> (add 2 2)')] [%nel ~] ~]" \
		"[$to %blit [%put $(codes '4')] [%nel ~] [%bel ~] [%clr ~] ~]" \
		"[$to %blit [%hop 0] [%wyp ~] [%klr [[~ %r %g] $(codes '> ')] ~] [%hop 2] ~]" \
		"[%slog 3 %leaf $(codes 'tank')]" \
		"[%slog 0 'cord']" \
		"[%flog 'two\\0alines']" \
		"[%spin ~ 'behn']" '[%spin ~]' >in
	lines
	printf '%s\n' '> (add 2 2)' 4 '>>> tank' cord two lines >want
	cmp want err
}

@test "dill: the blits of older kernels: %lin, and %mor that is a newline" {
	frames "[$to %blit [%lin $(codes 'old')] [%mor ~] [%lin $(codes '> ')] [%hop 2] ~]" \
		"[[0 %term '1' ~] %blit [%lin $(codes 'older')] [%mor ~] ~]" >in
	lines
	printf '%s\n' old older | cmp - err
}

@test "dill: an effect's wire is /term/1, after an empty knot or the vane's, or not" {
	frames "[[%term '1' ~] %blit [%put $(codes 'as it is')] [%nel ~] ~]" \
		"[[0 %term '1' ~] %blit [%put $(codes 'as it was')] [%nel ~] ~]" \
		"[$to %blit [%put $(codes 'as it went')] [%nel ~] ~]" \
		"[[%term '2' ~] %blit [%put $(codes 'another')] [%nel ~] ~]" \
		"[[%e %term '1' ~] %blit [%put $(codes 'another')] [%nel ~] ~]" >in
	lines -q
	printf 'as it %s\n' is was went | cmp - err
}

@test "dill: several in one: %mor" {
	frames "[$to %blit [%mor [%put $(codes 'a')] [%mor [%nel ~] [%put $(codes 'b')] ~] [%nel ~] ~] ~]" >in
	lines
	printf 'a\nb\n' | cmp - err
}

@test "dill: text that would move a cursor shows as ?" {
	frames "[$to %blit [%put 27 91 50 74 7 65 0x202e 0x110000 ~] [%nel ~] ~]" \
		"[%flog 'x\\1b[2J\\07y\\ff']" >in
	lines
	printf '?[2J?A??\nx?[2J?y?\n' | cmp - err
}

@test "dill: %logo ends the ship, with its code" {
	frames "[$to %logo ~]" "[$to %logo 3]" >in
	lines
	cue -i newt -o text out | tail -n 2 >got
	printf '[%%exit 0]\n[%%exit 3]\n' | cmp - got
}

@test "dill: an effect or a blit that it does not know is told of, and passed over" {
	frames "[$to %foo ~]" "[[%b %behn ~] %doze ~]" \
		"[$to %blit [%foo ~] [%put $(codes 'x')] 7 [%nel ~] ~]" >in
	lines
	[ "$(grep -c '^dill: effect: ' err)" -eq 2 ]
	grep -q '^dill: %blit: 2 of a kind that is not known' err
	grep -qx x err
}

@test "dill: a list of blits that means too much is cut, and what follows is done" {
	perl "$ROOT/tests/data/dill-bomb.pl" >in
	frames "[%flog 'still here']" >>in
	lines
	grep -qx 'dill: %blit: too much, cut off' err
	grep -qx 'still here' err
}

@test "dill: a slog of too many lines is cut, and says so" {
	perl "$ROOT/tests/data/dill-bomb.pl" slog >in
	frames "[%flog 'still here']" >>in
	lines
	grep -q 'and more, which is not shown' err
	grep -qx 'still here' err
	[ "$(wc -c <err)" -lt 3000000 ]
}

@test "dill: a line of a million characters is cut, and says so" {
	perl -e 'print "[[%d %term 49 ~] %blit [%put ", "97 " x 1100000, "~] [%nel ~] [%put 98 ~] [%nel ~] ~]"' |
		jam -i text -o newt >in
	lines
	[ "$(sed -n 1p err | wc -c)" -eq 1048577 ]
	sed 1d err >rest
	printf '... and more, which is not shown\nb\n' | cmp - rest
}

@test "dill: input that is no frame, or no noun, is bad data" {
	printf 'what' >in
	fails 2 timeout 60 dill -t <in
	unhex '00 02 00 00 00 71 48' >in
	fails 2 timeout 60 dill -t <in
}

@test "dill: --put: %sav has the bytes written, %sag a jam" {
	frames "[$to %blit [%sav [%a %b %txt ~] 'content'] [%sag [%deep %er %noun %jam ~] 1 2] [%sav [%bare ~] 'x'] ~]" >in
	lines --put files
	[ "$(cat files/a/b.txt)" = content ]
	[ "$(cue -o text files/deep/er/noun.jam)" = '[1 2]' ]
	[ "$(cat files/bare)" = x ]
	[ "$(find files -type f | wc -l)" -eq 3 ]
}

@test "dill: --put: a file is replaced whole" {
	mkdir -p files/a
	echo 'what was longer before' >files/a/b.txt
	frames "[$to %blit [%sav [%a %b %txt ~] 'new'] ~]" >in
	lines --put files
	printf new | cmp - files/a/b.txt
}

@test "dill: --put: a large file arrives" {
	perl -e 'print "7" x 3000000' >big
	{
		printf '%s' "[$to %blit [%sav [%a %big ~] '"
		cat big
		printf '%s' "'] ~]"
	} | jam -i text -o newt >in
	lines --put files
	cmp big files/a.big
}

@test "dill: --put: nothing is written outside of it, and no path is followed there" {
	mkdir files outside
	ln -s ../outside files/link
	frames "[$to %blit [%sav ['..' %x ~] 'x'] [%sav ['.' %x ~] 'x'] ~]" \
		"[$to %blit [%sav ['a/../../b' ~] 'x'] [%sav ~ 'x'] [%sav [%a '' ~] 'x'] ~]" \
		"[$to %blit [%sav [%link %x %txt ~] 'x'] [%sav [%a [1 2] ~] 'x'] ~]" \
		"[$to %blit [%sav ['a\\0ab' ~] 'x'] [%sav [%fine ~] 'x'] ~]" >in
	lines --put files
	[ "$(grep -c 'no path of a file' err)" -eq 7 ]
	grep -q '^dill: link/x.txt: ' err
	[ -z "$(ls -A outside)" ]
	[ "$(ls -A files)" = "$(printf 'fine\nlink')" ]
	[ ! -e x ]
}

@test "dill: --put: what cannot be written is told, and the next is" {
	mkdir files
	echo file >files/a
	frames "[$to %blit [%sav [%a %b %txt ~] 'x'] [%sav [%c %txt ~] 'y'] ~]" >in
	lines --put files
	grep -q '^dill: a/b.txt: not a directory' err
	[ "$(cat files/c.txt)" = y ]
}

@test "dill: without --put nothing is saved, and that is told" {
	frames "[$to %blit [%sav [%a %b %txt ~] 'content'] ~]" >in
	lines
	grep -q '^dill: %sav: no --put, not saved' err
	[ "$(ls -A)" = "$(printf 'err\nin\nout')" ]
}

@test "dill: it is jailed, and its helper for files is none of its readers" {
	mkfifo pipe
	timeout 60 dill -t --put files -d 5 <pipe >out 2>err 5>ready &
	exec 6>pipe
	for _ in {1..200}; do
		[ -s ready ] && break
		sleep 0.05
	done
	pid=$(cat "/proc/$!/task/$!/children")
	pid=${pid% }
	grep -q '^Seccomp:[[:space:]]*2' "/proc/$pid/status"
	helper=$(cat "/proc/$pid/task/$pid/children")
	helper=${helper% }
	[ "$(readlink "/proc/$helper/fd/"* | grep -c pipe)" -eq 0 ]
	exec 6>&-
	wait $!
	for _ in {1..200}; do
		[ -d "/proc/$helper" ] || return 0
		sleep 0.05
	done
	false
}

@test "dill: where there is no terminal it says so, and does without" {
	frames "[%flog 'a line']" >in
	setsid -w timeout 60 dill <in >out 2>err
	grep -qx 'dill: /dev/tty: .*, lines go here' err
	grep -qx 'a line' err
}

@test "dill: called wrongly, 100; a terminal that is none, 111" {
	fails 100 dill --foo
	fails 100 dill operand
	fails 100 dill -d x
	: >in
	fails 111 timeout 60 dill --tty in <in
	grep -q '^dill: in: ' err
	fails 111 timeout 60 dill --tty nowhere <in
}
