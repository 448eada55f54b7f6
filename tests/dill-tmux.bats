# dill: the terminal's driver in a terminal, which tmux is.

load helper

to="[%d %term '1' ~]"

# Each test has a server of its own, which ends with it.
mux() {
	tmux -S "$socket" "$@"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	type tmux >/dev/null 2>&1 || skip "no tmux"
	socket=$BATS_TEST_TMPDIR/mux
}

teardown() {
	[ -z "${socket-}" ] || mux kill-server 2>/dev/null || true
}

# begin COLUMNS ROWS [OPTION...]: dill in a terminal of that size, whose
# frames come from this shell's descriptor 9 and go to the file out.
begin() {
	local cols=$1 rows=$2
	shift 2
	mkfifo in
	in_terminal "$cols" "$rows" "dill $* <in >out 2>err"
	exec 9>in
	heard '%hail'
}

# A command in a terminal of that size, and how the terminal is before and
# after it.
in_terminal() {
	cat >pane <<-END
		stty -a >before
		timeout --foreground 120 $3
		echo "exit \$?"
		stty -a >after
		exec sleep 120
	END
	env -u TMUX LC_ALL=C.UTF-8 tmux -u -S "$socket" -f /dev/null \
		new-session -d -x "$1" -y "$2" -s dill \
		"PATH='$PATH' exec timeout --foreground 150 bash pane"
}

# Send frames.
send() {
	local noun
	for noun; do
		printf '%s' "$noun" | jam -i text -o newt >&9
	done
}

# A text as a (list @c): codes 'ab' is "97 98 ~".
codes() {
	printf '%s' "$1" | iconv -f UTF-8 -t UTF-32LE | od -An -v -tu4 |
		tr -s ' \n' ' '
	printf '~'
}

# prompt TEXT X: as the ship draws it.
prompt() {
	send "[$to %blit [%hop 0] [%wyp ~] [%put $(codes "$1")] [%hop $2] ~]"
}

# Try a command until it succeeds.
until_() {
	local i
	for ((i = 0; i < 400; i++)); do
		"$@" && return
		sleep 0.05
	done
	echo "never: $*"
	mux capture-pane -p
	cat err || true
	return 1
}

text() {
	cue -i newt -o text <out 2>/dev/null
}
is_heard() { text | grep -qF -- "$1"; }
heard() { until_ is_heard "$1"; }

# The last lines of the screen are these, and the cursor is there: X Y.
is_seen() {
	local where=$1
	shift
	[ "$(mux display -p '#{cursor_x} #{cursor_y}')" = "$where" ] &&
		[ "$(mux capture-pane -p | tail -n $#)" = "$(printf '%s\n' "$@")" ]
}
seen() { until_ is_seen "$@"; }

@test "tmux: the prompt is on the last row, the cursor where the ship wants it" {
	begin 60 12
	heard '%blew 60 12'
	prompt '> abc' 4
	seen '4 11' '' '> abc'
}

@test "tmux: keys are belts" {
	begin 60 12
	mux send-keys 'ab c'
	heard '%belt %txt 97 98 32 99 0'
	mux send-keys Left Right Up Down
	heard '%belt %aro 108]'
	heard '%belt %aro 114]'
	heard '%belt %aro 117]'
	heard '%belt %aro 100]'
	mux send-keys BSpace DC Enter Home End
	heard '%belt %bac 0]'
	heard '%belt %del 0]'
	heard '%belt %ret 0]'
	heard '%belt %mod %ctl 97]'
	heard '%belt %mod %ctl 101]'
	mux send-keys C-c C-d C-l M-b M-BSpace C-Left
	heard '%belt %mod %ctl 99]'
	heard '%belt %mod %ctl 100]'
	heard '%belt %mod %ctl 108]'
	heard '%belt %mod %met 98]'
	heard '%belt %mod %met %bac 0]'
	# ^ and an arrow is a word back, as M-b is.
	twice() { [ "$(text | grep -c '%mod %met 98\]')" -eq 2 ]; }
	until_ twice
	mux send-keys -l 'é你😀'
	heard '%belt %txt 233 20.320 128.512 0]'
}

@test "tmux: what is pasted is text and returns, not keys" {
	begin 60 12
	printf 'one\n\ttwo\003\n' >paste
	mux load-buffer paste
	mux paste-buffer -p
	heard '%belt %txt 111 110 101 0]'
	heard '%belt %txt 32 32 116 119 111 0]'
	[ "$(text | grep -c '%belt %ret 0\]')" -eq 2 ]
	! is_heard '%ctl'
}

@test "tmux: a slog is above the prompt, in the colour of its priority" {
	begin 60 12
	prompt '> abc' 4
	send "[%slog 3 %leaf $(codes 'red')]" "[%slog 2 'yellow']" \
		"[%slog 1 'green']" "[%slog 0 'grey']" "[%flog 'two\\0alines']"
	seen '4 11' '>>> red' '>>  yellow' '>   green' grey two lines '> abc'
	mux capture-pane -p -e >colours
	grep -qF $'\e[31m>>> red' colours
	grep -qF $'\e[33m>>  yellow' colours
	grep -qF $'\e[32m>   green' colours
	grep -qF $'\e[38;5;244mgrey' colours
	grep -qF $'\e[39mtwo' colours
}

@test "tmux: a tank breaks at the terminal's width" {
	begin 20 8
	prompt '> ' 2
	send "[%slog 0 %rose [[' ' 0] ['[' 0] [']' 0]] 'something' 'of several' 'parts' ~]"
	seen '2 7' '[ something' '  of several' '  parts' ']' '>'
}

@test "tmux: styles and colours are those of the stub" {
	begin 60 12
	send "[$to %blit [%hop 0] [%wyp ~] [%klr [[[%br ~ ~] ~ %g] $(codes bold)] [[~ %r ~] $(codes back)] [[[%un ~ ~] ~ 255 128 0] $(codes true)] [[~ ~ ~] $(codes plain)] ~] [%hop 2] ~]"
	seen '2 11' boldbacktrueplain
	mux capture-pane -p -e | tail -n 1 >got
	grep -qF $'\e[1m\e[32mbold' got
	grep -qF $'\e[41mback' got
	grep -qF $'\e[4m\e[38;2;255;128;0m' got
	grep -qE $'true\e\\[(0;?)*m(\e\\[[0-9;]*m)*plain|true\e\\[[0-9;]*m.*plain' got
}

@test "tmux: the cursor is behind its character, however wide those before it" {
	begin 60 12
	prompt '> 你好x' 4
	seen '6 11' '> 你好x'
	prompt '> 你好xy' 6
	seen '8 11' '> 你好xy'
}

@test "tmux: a line longer than the terminal is all there; the prompt after it too" {
	begin 20 8
	prompt '> x' 3
	send "[$to %blit [%hop 0] [%wyp ~] [%put $(codes '0123456789012345678901234567890123456789abcde')] [%nel ~] [%put $(codes '> ')] [%hop 2] ~]"
	seen '2 7' '' 01234567890123456789 01234567890123456789 abcde '>'
}

@test "tmux: the bar turns at the cursor, and goes without a trace" {
	begin 60 12
	prompt '> abcdefghijk' 5
	send "[%spin ~ 'behn']"
	turns() { mux capture-pane -p | tail -n 1 | grep -qE '^> abc[-|/\\]«behn»k?$'; }
	until_ turns
	[ "$(mux display -p '#{cursor_x}')" -eq 5 ]
	send "[%flog 'meanwhile']" '[%spin ~]'
	seen '5 11' meanwhile '> abcdefghijk'
}

@test "tmux: ^C while something is computed for long interrupts it; else it is a key" {
	begin 60 12
	mux send-keys C-c
	heard '%belt %mod %ctl 99]'
	send "[%spin ~ 'x']"
	turns() { mux capture-pane -p | tail -n 1 | grep -q '«x»'; }
	until_ turns
	mux send-keys C-c
	heard '[%intr 0]'
	send '[%spin ~]'
	gone() { ! turns; }
	until_ gone
	mux send-keys C-c
	two() { [ "$(text | grep -c '%mod %ctl 99\]')" -eq 2 ]; }
	until_ two
}

@test "tmux: another size is told, and the prompt is on the new last row" {
	begin 60 12
	prompt '> abc' 5
	seen '5 11' '> abc'
	mux resize-window -x 40 -y 9
	heard '%blew 40 9'
	seen '5 8' '> abc'
	mux resize-window -x 70 -y 14
	heard '%blew 70 14'
	seen '5 13' '> abc'
	prompt '> abcd' 6
	seen '6 13' '> abcd'
	[ "$(mux capture-pane -p | grep -c '> abc')" -eq 1 ]
}

# The rows of the screen that have something.
rows() { mux capture-pane -p | grep -c .; }

@test "tmux: what a narrower terminal breaks leaves nothing behind" {
	begin 60 12
	send "[%flog 'above']"
	prompt '> abcdefghij klmnopqrst uvwxyz 0123456789' 41
	seen '41 11' 'above' '> abcdefghij klmnopqrst uvwxyz 0123456789'
	mux resize-window -x 30 -y 12
	heard '%blew 30 12'
	one() { [ "$(rows)" -eq 2 ]; }
	until_ one
	mux resize-window -x 15 -y 8
	heard '%blew 15 8'
	until_ one
	mux capture-pane -p | grep -qx above
	mux resize-window -x 60 -y 12
	heard '%blew 60 12'
	until_ one
	seen '41 11' '> abcdefghij klmnopqrst uvwxyz 0123456789'
}

@test "tmux: of another size the ship is asked to draw" {
	begin 60 12
	mux resize-window -x 40 -y 9
	after() { text | sed '1,/%blew 40 9/d' | grep -qF '%hail'; }
	until_ after
}

@test "tmux: when input ends the terminal is as it was, the cursor on a new line" {
	begin 60 12
	prompt '> abc' 3
	seen '3 11' '> abc'
	exec 9>&-
	seen '0 11' '> abc' 'exit 0' ''
	cmp before after
}

# The processes in the terminal, each the first child of the one before.
processes() {
	local pid
	pid=$(mux display -p '#{pane_pid}')
	while [ -n "$pid" ]; do
		echo "$pid"
		pid=$(cat "/proc/$pid/task/$pid/children")
		pid=${pid%% *}
	done
}
# dill, without the process beside it, which is its child.
dill_pid() {
	processes | tail -n 2 | head -n 1
}

@test "tmux: SIGTERM and SIGHUP put the terminal back" {
	begin 60 12
	prompt '> abc' 3
	seen '3 11' '> abc'
	kill -TERM "$(dill_pid)"
	seen '0 11' '> abc' 'exit 0' ''
	cmp before after
	mux kill-server
	rm in
	begin 60 12
	kill -HUP "$(dill_pid)"
	seen '0 11' '' 'exit 0' ''
	cmp before after
}

@test "tmux: so does a bug that kills it" {
	begin 60 12
	prompt '> abc' 3
	seen '3 11' '> abc'
	kill -ABRT "$(dill_pid)"
	until_ test -s after
	cmp before after
	mux capture-pane -p | grep -q 'exit 134'
}

@test "tmux: so does a kill -9, and it ends the process beside it" {
	begin 60 12
	prompt '> abc' 3
	seen '3 11' '> abc'
	local beside
	beside=$(processes | tail -n 1)
	kill -KILL "$(dill_pid)"
	until_ test -s after
	until_ test ! -d "/proc/$beside"
	mux capture-pane -p | grep -q 'exit 137'
	[ "$(stty -F "$(mux display -p '#{pane_tty}')" -a)" = "$(<before)" ]
}

@test "tmux: killed while who started it lives, that one has the terminal: --kept" {
	begin 60 12 --kept
	local keeper dill beside
	{ read -r keeper; read -r dill; read -r beside; } < <(processes | tail -n 3)
	kill -STOP "$keeper"
	kill -KILL "$dill"
	until_ test ! -d "/proc/$beside"
	stty -F "$(mux display -p '#{pane_tty}')" -a | grep -q -- '-icanon'
	kill -CONT "$keeper"
}

@test "tmux: killed after who started it, the terminal is put back: --kept" {
	begin 60 12 --kept
	local keeper dill beside
	{ read -r keeper; read -r dill; read -r beside; } < <(processes | tail -n 3)
	kill -STOP "$beside" "$dill"
	kill -KILL "$keeper"
	until_ test -s after
	kill -KILL "$dill"
	kill -CONT "$beside"
	until_ test ! -d "/proc/$beside"
	[ "$(stty -F "$(mux display -p '#{pane_tty}')" -a)" = "$(<before)" ]
}

@test "tmux: killed while it is suspended, nothing is put back" {
	begin 60 12
	prompt '> abc' 3
	seen '3 11' '> abc'
	local beside tty
	beside=$(processes | tail -n 1)
	tty=$(mux display -p '#{pane_tty}')
	mux send-keys C-z
	seen '0 11' '> abc' ''
	stty -F "$tty" -echo
	kill -KILL "$(dill_pid)"
	until_ test ! -d "/proc/$beside"
	stty -F "$tty" -a | grep -q -- '-echo '
}

@test "tmux: ^Z gives the terminal back, and SIGCONT takes it again" {
	begin 60 12
	prompt '> abc' 3
	seen '3 11' '> abc'
	mux send-keys C-z
	cooked() { stty -F "$(mux display -p '#{pane_tty}')" -a | grep -q ' icanon'; }
	raw() { ! cooked; }
	until_ cooked
	seen '0 11' '> abc' ''
	processes | xargs kill -CONT
	until_ raw
	seen '3 11' '> abc'
	mux send-keys x
	heard '%belt %txt 120 0]'
}

@test "tmux: a click is told if --mouse, and only then" {
	begin 60 12 --mouse
	[ "$(mux display -p '#{mouse_standard_flag}')" = 1 ]
	exec 9>&-
	until_ test -s after
	[ "$(mux display -p '#{mouse_standard_flag}')" = 0 ]
	mux kill-server
	rm in
	begin 60 12
	[ "$(mux display -p '#{mouse_standard_flag}')" = 0 ]
}

@test "tmux: a terminal may be given as a descriptor" {
	begin 60 12 '--tty 7 7<>/dev/tty'
	prompt '> abc' 4
	seen '4 11' '> abc'
	exec 9>&-
	until_ test -s after
	cmp before after
}

@test "tmux: a megabyte pasted while nobody listens is all there in the end" {
	mkfifo in slow
	in_terminal 60 12 'dill <in >slow 2>err'
	exec 9>in 8<>slow
	perl -e 'print "x" x 1000000, "y"' >paste
	mux load-buffer paste
	mux paste-buffer -p
	# It stops reading before it has all.
	taken() { awk '/^rchar/ { print $2 }' "/proc/$(dill_pid)/io"; }
	rests() {
		local before
		before=$(taken)
		sleep 0.3
		[ "$before" -gt 200000 ] && [ "$before" -eq "$(taken)" ]
	}
	until_ rests
	[ "$(taken)" -lt 900000 ]
	timeout 60 cat <&8 >out &
	cat=$!
	heard ' 121 0]'
	kill $cat
	[ "$(text | grep '%txt' | grep -o ' 120' | wc -l)" -eq 1000000 ]
}

@test "tmux: a terminal that does not listen holds nobody up, and is told what it missed" {
	begin 60 12
	prompt '> abc' 5
	seen '5 11' '> abc'
	# The terminal's output is stopped, as with ^S.
	tty=$(mux display -p '#{pane_tty}')
	flow() {
		perl -e 'use POSIX;
			my $fd = POSIX::open($ARGV[0], O_RDWR | O_NOCTTY | O_NONBLOCK);
			tcflow($fd, $ARGV[1]) or die' "$tty" "$1"
	}
	flow "$(perl -MPOSIX -e 'print TCOOFF')"
	perl -e 'print "[%flog \x27", "x" x 5000, "\x27]"' |
		jam -i text -o newt >one
	for _ in {1..1500}; do cat one; done >&9
	mux send-keys x
	heard '%belt %txt 120 0]'
	flow "$(perl -MPOSIX -e 'print TCOON')"
	seen '5 11' '... what came meanwhile is not shown' '> abc'
}

# A ship of the small kernel, in a terminal.
begin_ship() {
	boot -q -F zod -B "$BIN/mini.pill" pier
	in_terminal 60 12 "urbit pier"
	seen '2 11' '>'
}

@test "tmux: a ship: what is typed is seen, and answered" {
	begin_ship
	mux send-keys 'hello world' Left
	seen '13 11' '> hello world'
	mux send-keys Enter
	seen '2 11' '> hello world' 'hello world' '>'
	mux send-keys 'abc' BSpace
	seen '4 11' '> hello world' 'hello world' '> ab'
	mux send-keys C-c
	seen '2 11' 'hello world' '>'
	mux send-keys C-l
	seen '2 11' '' '' '>'
}

@test "tmux: a ship: what computes for ever is seen to, and ^C ends it" {
	begin_ship
	mux send-keys 'loop' Enter
	turns() { mux capture-pane -p | tail -n 1 | grep -qE '^> loop[-|/\\]$'; }
	until_ turns
	mux send-keys C-c
	crashed() { mux capture-pane -p | grep -qF '! an event crashed'; }
	until_ crashed
	mux send-keys C-c
	seen '2 11' '>'
	mux send-keys 'still there' Enter
	seen '2 11' '> still there' 'still there' '>'
}

@test "tmux: a ship: ^D ends it, and the terminal is as it was" {
	begin_ship
	mux send-keys C-d
	until_ test -s after
	cmp before after
	mux capture-pane -p | grep -qx 'exit 0'
}

@test "tmux: a ship: so does a kill -9 of urbit or dill leave it" {
	begin_ship
	for urbit in $(processes); do
		[ "$(cat "/proc/$urbit/comm")" != urbit ] || break
	done
	for child in $(cat "/proc/$urbit/task/$urbit/children"); do
		[ "$(cat "/proc/$child/comm")" != dill ] || dill=$child
	done
	kill -9 "$dill"
	until_ test ! -d "/proc/$dill"
	seen '2 11' '' 'urbit: dill: died of signal 9' '>'
	mux send-keys 'again' Enter
	seen '2 11' '> again' 'again' '>'
	kill -9 "$urbit"
	until_ test -s after
	cmp before after
}
