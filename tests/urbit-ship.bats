# urbit: the switchboard.  A ship of the mini kernel with its real processes,
# and with drivers of bash that say and do what a real one would not.

load helper

# A pier, and a directory with the programs of a ship, where a test may put
# others in their places.
setup_file() {
	local p
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 booted 2>/dev/null
	mkdir progs
	cp "$BIN/urbit" progs/
	for p in boot serf scry behn conn dill; do ln -s "$BIN/$p" progs/; done
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$BATS_FILE_TMPDIR/booted" pier
	cp -rP "$BATS_FILE_TMPDIR/progs" progs
	SHIP=
	: >err
}

teardown() {
	[ -z "$SHIP" ] || kill -KILL "$SHIP" 2>/dev/null || true
	[ ! -e socket ] || tmux -S socket kill-server || true
	tail -n 40 err
}

# fake NAME <<SCRIPT: a driver of bash.  `ready`: it is; `say FRAME...`; `hear`:
# keep what it is told, in NAME.raw; `heard LINE`: was it told that?
# `interrupt N`: until it is told of its event N; a ^C that comes before the
# serf computes it is for nothing.
fake() {
	rm -f "progs/$1"
	{
		printf '%s\n' '#!/usr/bin/env bash' "cd $PWD" "NAME=$1"
		cat <<-'END'
			say() { printf '%s\n' "$@" | jam -i text -o newt; }
			hear() { cat >>"$NAME.raw"; }
			heard() { cue -i newt -o text --plain "$NAME.raw" 2>/dev/null | grep -qE -- "$1"; }
			ready() { echo >&3; exec 3>&-; }
			interrupt() {
				until heard "^\[[0-9]+ $1 "; do
					say "[%intr 0]"
					sleep 0.3
				done
			}
		END
		cat
	} >"progs/$1"
	chmod +x "progs/$1"
}

# A conn that says what is in the file say, then does nothing but hear.
fake_conn() {
	fake conn <<-'END'
		ready
		say "$(<say)"
		hear
	END
}

# Start the ship in the background; SHIP is urbit's own number.
start() {
	timeout -k 5 100 progs/urbit -t --no-dock --readers 1 "$@" pier \
		</dev/null >out 2>>err &
	TIMEOUT=$!
	SHIP=$(until_some child_of $TIMEOUT urbit) || true
}

# The first child of that process with that name, or nothing.
child_of() {
	local pid
	for pid in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "$2" ] || {
			echo "$pid"
			return
		}
	done
}

# Run a command until it prints something, as long as the ship runs and no
# longer than WAIT seconds.
until_some() {
	local said end=$((SECONDS + ${WAIT:-20}))
	while [ $SECONDS -le $end ]; do
		said=$("$@" 2>/dev/null) || true
		[ -z "$said" ] || {
			echo "$said"
			return
		}
		kill -0 "$TIMEOUT" 2>/dev/null || return 1
		sleep 0.02
	done
	return 1
}

# What a fake has heard, as text, in NAME.in.
text_of() {
	[ ! -e "$1.raw" ] || cue -i newt -o text --plain "$1.raw" >"$1.in" 2>/dev/null || true
}

look() {
	[[ $2 != *.in ]] || text_of "${2%.in}"
	grep -m1 -E -- "$1" "$2"
}

# Wait until a file has a line like that.
saw() {
	until_some look "$1" "$2" >/dev/null || {
		echo "no $1 in $2:"
		tail -n 20 "$2"
		return 1
	}
}

# Wait until the ship has ended, and its exit code.
ended() {
	local rc=0
	wait $TIMEOUT || rc=$?
	[ "$rc" -eq "$1" ] || {
		echo "exit $rc"
		return 1
	}
	SHIP=
}

stop() {
	kill -TERM "$SHIP"
	ended 0
}

# What of these events is in the log: the numbers of the %echos, in order.
logged() {
	eventlog cat -o newt pier 2>/dev/null | cue -i newt -o text --plain |
		sed -n "s/.*\] $echo \([0-9]\{1,6\}\)\]$/\1/p"
}
# Tags, as --plain shows them.
echo=1869112165
done=1701736292
bail=1818845538
gone=1701736295
born=1852993378
peek=1801807216
peel=1818584432

# Is there a process of that number, other than a dead one?
lives() {
	[ -d "/proc/$1" ] && [[ "$(<"/proc/$1/stat")" != *") Z "* ]]
}

@test "a ship lives, is asked about itself, and ends with 0 on SIGTERM" {
	cat >say <<-'END'
		[%peel 1 %live 0]
		[%peel 2 %who 0]
		[%peel 3 %v 0]
		[%peel 4 %mass 0]
		[%peel 5 %other 0]
		[%peel 6 0]
	END
	fake_conn
	start
	saw "^\[$peel 6 0\]$" conn.in
	grep -x "\[$peel 1 0 0\]" conn.in
	grep -x "\[$peel 2 0 1\]" conn.in
	grep "^\[$peel 3 0 [0-9x.]*\]" conn.in
	grep "^\[$peel 4 0 \[" conn.in
	grep -x "\[$peel 5 0\]" conn.in
	stop
	[ ! -e pier/.vere.lock ]
}

@test "an event goes to the serf, its effects and its %done come back" {
	echo "[%poke 7 [%k %test 0] %echo 99]" >say
	fake_conn
	start
	saw "^\[$done 7 [0-9]+\]" conn.in
	grep -n "$echo 99" conn.in | grep '^1:'
	stop
	[ "$(logged)" = 99 ]
}

@test "an event that is refused comes back as %bail, with the id it had" {
	printf '%s\n' "[%poke 8 [%k %test 0] %nonsense 0]" \
		"[%poke 0xffff.ffff.ffff.ffff.ffff [%k %test 0] %crash %hard]" \
		"[%poke 9 [%k %test 0] %echo 1]" >say
	fake_conn
	start
	saw "^\[$done 9 " conn.in
	stop
}

@test "a card that nobody asked about gets no answer" {
	printf '%s\n' "[[%k %test 0] %echo 5]" \
		"[%poke 0 [%k %test 0] %echo 6]" \
		"[%poke 1 [%k %test 0] %echo 7]" >say
	fake_conn
	start
	saw "^\[$done 1 " conn.in
	[ "$(grep -c "^\[$done" conn.in)" = 1 ]
	[ "$(logged | tr '\n' ' ')" = "5 6 7 " ]
	stop
}

@test "effects for nobody are dropped, and told with -v" {
	printf '%s\n' "[%poke 1 [%q %test 0] %echo 7]" \
		"[%poke 2 [0 %k 0] %echo 8]" >say
	fake_conn
	start -v
	saw "^\[$done 2 " conn.in
	grep "\[\[0 107 0\] $echo 8\]" conn.in
	stop
	grep "pier: nobody takes the effect %echo" err
	grep "1 effects_nobody" err
}

@test "serf: what it says of no shape, or to nobody, is counted and it lives" {
	fake serf <<-'END'
		echo >>lives
		say "[%ripe 1 1 0 10 0 7 0]"
		hear <&0 &
		until heard "^\[1701539696 1 "; do sleep 0.02; done
		say "[5 6]" "[%oops 1 2]" "[[[5 6] 0] 1 2]" "[[1 0] [2 3] 4]" \
			"[%poke 1 [%k 0] 2 3]" "[%done 1 12]"
		wait
	END
	fake behn <<<'ready; hear'
	fake dill <<<'ready; hear'
	printf '%s\n' "[%poke 1 [%k %test 0] %echo 1]" >say
	fake_conn
	start -v
	saw "^\[$done 1 12\]" conn.in
	stop
	[ "$(wc -l <lives)" = 1 ]
	grep "5 effects_nobody" err
}

@test "serf: killed, and everything goes on; drivers are told" {
	fake conn <<-'END'
		ready
		say "[%poke 1 [%k %test 0] %echo 1]"
		( until heard " 5\]"; do sleep 0.02; done
		  say "[%poke 6 [%k %test 0] %echo 6]" ) &
		( until grep -q "BORN" go; do sleep 0.02; done
		  say "[%poke 5 [%k %test 0] %echo 5]" ) &
		hear
	END
	: >go
	start
	saw "^\[$done 1 " conn.in
	kill -KILL "$(child_of "$SHIP" serf)"
	saw "^\[$born 0\]" conn.in
	echo BORN >go
	saw "^\[$done 6 " conn.in
	grep "urbit: serf: died of signal 9" err
	stop
	[ "$(logged | tr '\n' ' ')" = "1 5 6 " ]
}

@test "serf: killed over a long event: it is asked again, then dropped as %gone" {
	printf '%s\n' "[%poke 1 [%k %test 0] %loop 0]" \
		"[%poke 2 [%k %test 0] %echo 2]" >say
	fake_conn
	start
	local serf old=
	for _ in 1 2 3; do
		until
			serf=$(until_some child_of "$SHIP" serf)
			[ "$serf" != "$old" ] && grep -q "1819242349\|$born" /dev/null ||
				[ "$serf" != "$old" ]
		do sleep 0.02; done
		old=$serf
		# It is at it when the lock is taken and the event was sent.
		until [ "$(cut -d' ' -f14 "/proc/$serf/stat" 2>/dev/null)" -gt 5 ]; do
			sleep 0.02
		done
		kill -KILL "$serf"
	done
	saw "^\[$gone 1 0\]" conn.in
	saw "^\[$done 2 " conn.in
	grep "3 died over an event of conn: it is dropped" err
	stop
}

# A serf that is asked for four events, answers one, and dies; the next says
# in its %ripe what NONCE and TAKEN are, answers none of what it is asked, and
# dies too; the one after it says the same of it as it did, and answers all.
fake_serfs() {
	fake serf <<-END
		echo >>lives
		life=\$(wc -l <lives)
		NAME=serf\$life
		case \$life in
		1) say "[%ripe 1 1 0 10 0 7 100]" ;;
		*) say "[%ripe 1 1 0 13 0 $1 $2]" ;;
		esac
		hear <&0 &
		until heard "^\[1701539696 4 "; do sleep 0.02; done
		case \$life in
		1) say "[%done 1 11]"; sleep 0.2; kill -KILL \$\$ ;;
		2) kill -KILL \$\$ ;;
		esac
		for i in $3; do say "[%done \$i 14]"; done
		wait
	END
	printf '[%%poke %s [%%k %%test 0] %%echo 1]\n' 1 2 3 4 >say
	fake behn <<<'ready; hear'
	fake dill <<<'ready; hear'
	fake_conn
	start
	saw "^\[$done 4 14\]" conn.in
	text_of serf2
	text_of serf3
}

poked() {
	sed -n 's/^\[1701539696 \([0-9]*\) .*/\1/p' "$1.in" | tr '\n' ' '
}

@test "serf: died with events taken: %gone for these, the rest is asked again, once" {
	fake_serfs 8 3 4
	grep -x "\[$done 1 11\]" conn.in
	grep -x "\[$gone 2 0\]" conn.in
	grep -x "\[$gone 3 0\]" conn.in
	[ "$(poked serf2)" = "4 " ]
	[ "$(poked serf3)" = "4 " ]
	[ "$(grep -c "^\[$done\|^\[$gone\|^\[$bail" conn.in)" = 4 ]
}

@test "serf: died with nothing taken that was not answered: all else is asked again" {
	fake_serfs 7 100 "2 3 4"
	[ "$(poked serf2)" = "2 3 4 " ]
	[ "$(poked serf3)" = "2 3 4 " ]
	[ "$(grep -c "^\[$gone" conn.in)" = 0 ]
}

@test "serf: the log is behind its answers: what was answered is not asked again" {
	fake_serfs 8 0 "2 3 4"
	[ "$(poked serf2)" = "2 3 4 " ]
	[ "$(grep -c "^\[$gone" conn.in)" = 0 ]
}

@test "serf: SIGTERM or SIGHUP to the number in the lock ends the ship cleanly" {
	echo "[%poke 1 [%k %test 0] %echo 1]" >say
	fake_conn
	for signal in TERM HUP; do
		rm -f conn.raw conn.in
		start
		saw "^\[$done 1 " conn.in
		kill -"$signal" "$(<pier/.vere.lock)"
		ended 0
	done
	eventlog verify -q --image pier
}

@test "serf: one that cannot start ends the ship with its code and words" {
	fake serf <<-'END'
		echo "serf: pier: a story" >&2
		exit 2
	END
	start
	ended 2
	grep -x "serf: pier: a story" err
}

@test "serf: one that keeps dying ends the ship with 111" {
	fake serf <<-'END'
		exit 3
	END
	start
	ended 111
	grep "urbit: .*/pier: the serf died 6 times" err
}

@test "serf: one that cannot start says the same once" {
	fake serf <<-'END'
		echo "serf: pier: a story" >&2
		exit 111
	END
	start
	ended 111
	[ "$(grep -cx "serf: pier: a story" err)" = 1 ]
	[ "$(grep -c "ended with code 111" err)" = 1 ]
}

@test "serf: none there" {
	rm progs/serf
	start
	ended 111
	grep "serf: .*/progs/serf: no such file" err
}

@test "driver: one that dies is started again" {
	fake conn <<-'END'
		ready
		echo >>started
		[ "$(wc -l <started)" -ge 3 ] || exit 7
		say "[%poke 3 [%k %test 0] %echo 3]"
		hear
	END
	start
	saw "^\[$done 3 " conn.in
	grep "urbit: conn: ended with code 7" err
	stop
}

@test "driver: what it said before it died is done, its answers go to nobody" {
	fake conn <<-'END'
		ready
		if [ ! -e once ]; then
			echo >once
			say "[%poke 3 [%k %test 0] %echo 3]" "[%poke 4 [%k %test 0] %echo 4]"
			exit 0
		fi
		say "[%poke 5 [%k %test 0] %echo 5]"
		hear
	END
	start
	saw "^\[$done 5 " conn.in
	[ "$(logged | tr '\n' ' ')" = "3 4 5 " ]
	[ "$(grep -c "^\[$done [34] " conn.in)" = 0 ]
	stop
}

@test "driver: bytes that are no frame, and frames that are none of its, kill it" {
	fake conn <<-'END'
		ready
		echo >>started
		case $(wc -l <started) in
		1) printf '\1\2\3\4\5\6'; sleep 100 ;;
		2) printf '\0\1\0\0\0\377'; sleep 100 ;;
		3) say "[%ripe 1 2 3 4 5 6 7]"; sleep 100 ;;
		4) say "[%done 1 2]"; sleep 100 ;;
		esac
		say "[%poke 5 [%k %test 0] %echo 5]"
		hear
	END
	start
	saw "^\[$done 5 " conn.in
	grep "conn: what it says is no frame: killed" err
	[ "$(grep -c "conn: it says what no driver may say: killed" err)" -ge 2 ]
	stop
}

@test "driver: one that is not there is told, and the ship lives without it" {
	rm progs/behn
	echo "[%poke 5 [%k %test 0] %echo 5]" >say
	fake_conn
	start
	saw "^\[$done 5 " conn.in
	grep "behn: the ship goes on without it" err
	stop
}

@test "driver: %intr stops what is computed" {
	fake conn <<-'END'
		ready
		say "[%poke 1 [%k %test 0] %loop 0]" "[%poke 2 [%k %test 0] %echo 2]"
		interrupt 1 &
		hear
	END
	start
	saw "^\[$done 2 " conn.in
	grep "^\[$bail 1 \|^\[$done 1 " conn.in
	stop
}

@test "driver: %intr passes a window that is full of events" {
	fake conn <<-'END'
		ready
		say "[%poke 9999 [%k %test 0] %loop 0]"
		for i in {1..1000}; do
			echo "[%poke $i [%k %test 0] %echo $i]"
		done | jam -i text -o newt
		interrupt 9999 &
		hear
	END
	start
	saw "^\[$done 1000 " conn.in
	[ "$(logged | sort -n | uniq | wc -l)" = 1000 ]
	stop
}

@test "driver: %exit ends the ship with its code" {
	echo "[%exit 42]" >say
	fake_conn
	start
	ended 42
	eventlog verify -q --image pier
}

@test "driver: a flood of events is held back, and another's event comes through" {
	fake behn <<-'END'
		ready
		( while cat flood; do :; done 2>/dev/null ) &
		hear >/dev/null
	END
	yes "[[%b %behn 0] %echo 1]" | head -n 2000 | jam -i text -o newt >flood
	fake conn <<-'END'
		ready
		sleep 1
		say "[%poke 5 [%k %test 0] %echo 5]" "[%peel 6 %mass 0]"
		hear
	END
	start
	saw "^\[$done 5 " conn.in
	# Not more than some MB, whatever it floods.
	[ "$(awk '/^RssAnon/ { print $2 }' "/proc/$SHIP/status")" -lt 60000 ]
	kill -KILL "$(child_of "$SHIP" behn)" || true
	kill -TERM "$SHIP"
	ended 0
}

@test "driver: one that does not read is killed and started again, no other waits" {
	# Its effects: 90 pieces of 1 MB.
	fake behn <<-'END'
		ready
		echo >>behn.started
		[ "$(wc -l <behn.started)" -lt 2 ] || { hear; exit; }
		sleep 100
	END
	fake conn <<-'END'
		ready
		say "[%poke 0 [%b %behn 0] %echo 0x$(head -c 2000000 /dev/zero | tr '\0' f)]" >big
		for i in {1..90}; do cat big; done
		say "[%poke 100 [%k %test 0] %echo 5]"
		hear
	END
	start -v
	saw "^\[$done 100 " conn.in
	grep "urbit: behn: it does not read: killed" err
	until [ "$(wc -l <behn.started)" -ge 2 ]; do sleep 0.05; done
	stop
	grep "1 slow" err
}

@test "driver: a flood of words is bounded" {
	fake behn <<-'END'
		ready
		yes "behn: words without end" >&2 &
		hear
		kill $!
	END
	echo "[%poke 5 [%k %test 0] %echo 5]" >say
	fake_conn
	start
	saw "^\[$done 5 " conn.in
	saw "urbit: behn: .* bytes of what it said are lost" err
	stop
}

@test "words of children come out as they are" {
	fake behn <<-'END'
		echo "behn: a line" >&2
		printf 'behn: no end' >&2
		ready
		hear
	END
	start
	saw "^behn: a line$" err
	stop
	grep -x "behn: no end" err
}

@test "words: what would move a cursor is a ?" {
	fake behn <<-'END'
		printf 'behn: \033[2J \302\233 \r\303\251\n' >&2
		ready
		hear
	END
	start
	saw "^behn: " err
	stop
	printf 'behn: ?[2J ?? ?\303\251\n' | cmp - <(grep -a '^behn: ' err)
}

@test "standard error that nobody reads makes nobody wait" {
	mkfifo words
	exec 8<>words
	fake behn <<-'END'
		for ((i = 0; i < 20000; i++)); do echo "behn: a line of words, $i"; done >&2
		echo all >written
		ready
		hear
	END
	echo "[%poke 5 [%k %test 0] %echo 5]" >say
	fake_conn
	timeout -k 5 60 progs/urbit -t --no-dock --readers 1 pier </dev/null 2>words &
	TIMEOUT=$!
	SHIP=$(until_some child_of $TIMEOUT urbit)
	saw "^\[$done 5 " conn.in
	until_some cat written
	# It is shared: it blocks those who wait, as it did.
	grep -E '^flags:' "/proc/$SHIP/fdinfo/2"
	[ "$(grep -cE '^flags:.*[4567][0-7]{3}$' "/proc/$SHIP/fdinfo/2")" = 0 ]
	stop
	exec 8>&-
}

@test "a reader answers while an event is computed" {
	printf '%s\n' "[%poke 1 [%k %test 0] %loop 0]" "[%peek 2 0 0]" >say
	fake_conn
	start
	saw "^\[$peek 2 " conn.in
	[ "$(grep -c "^\[$done 1\|^\[$bail 1" conn.in)" = 0 ]
	stop
}

@test "without readers the serf answers" {
	printf '%s\n' "[%poke 1 [%k %test 0] %echo 1]" "[%peek 2 0 0]" >say
	fake_conn
	timeout -k 5 60 progs/urbit -t --no-dock --readers 0 pier </dev/null 2>err &
	TIMEOUT=$!
	SHIP=$(until_some child_of $TIMEOUT urbit)
	saw "^\[$peek 2 " conn.in
	stop
}

@test "a reader that dies over a question: once more, then a tang" {
	fake scry <<-'END'
		ready
		head -c 1 >/dev/null
		kill -KILL $$
	END
	printf '%s\n' "[%peek 2 0 0]" >say
	fake_conn
	start
	saw "^\[$peek 2 1 " conn.in
	stop
}

@test "a reader that dies over a question: the serf is never asked it" {
	fake scry <<-'END'
		ready
		head -c 1 >/dev/null
		kill -KILL $$
	END
	printf '%s\n' "[%peek 2 0 0]" >say
	fake_conn
	start -v
	saw "^\[$peek 2 1 " conn.in
	stop
	grep "1 peeks_lost" err
	[ "$(grep -c peeks_serf err)" = 0 ]
}

@test "driver: a %peel of any length is answered" {
	{
		printf '[%%peel 7 0x1%0600000d 0]\n' 0
		echo "[%peel 8 %live 0]"
	} >say
	fake_conn
	start
	saw "^\[$peel 8 0 0\]" conn.in
	grep -x "\[$peel 7 0\]" conn.in
	[ "$(grep -c killed err)" = 0 ]
	stop
}

@test "a wish: %done with the id it had" {
	cat >say <<-'END'
		[%poke 1 [%k %test 0] %echo 1]
		[%urth 1 %save]
		[%urth 77 %nonsense]
		[%poke 2 [%k %test 0] %echo 2]
	END
	fake_conn
	start
	saw "^\[$done 2 " conn.in
	saw "^\[$bail 77 " conn.in
	[ "$(grep -c "^\[$done 1 " conn.in)" = 2 ]
	stop
}

@test "spin: what takes long is told to dill, and that it is over" {
	fake dill <<-'END'
		ready
		hear
	END
	fake conn <<-'END'
		ready
		say "[%poke 1 [%k %test 0] %loop 0]"
		( until NAME=dill heard "^\[1852403827 0 1886351212\]"; do sleep 0.02; done
		  say "[%intr 0]" ) &
		hear
	END
	start
	saw "^\[1852403827 0 1886351212\]" dill.in
	saw "^\[1852403827 0\]" dill.in
	stop
}

@test "SIGINT and SIGHUP end it cleanly too" {
	fake_conn
	echo "[%poke 5 [%k %test 0] %echo 5]" >say
	local signal
	for signal in INT HUP; do
		rm -f conn.raw conn.in
		start
		saw "^\[$done 5 " conn.in
		kill -$signal "$SHIP"
		ended 0
	done
	eventlog verify -q --image pier
}

@test "SIGHUP twice is no more than once: nothing is killed" {
	fake_conn
	echo "[%poke 5 [%k %test 0] %echo 5]" >say
	start -v
	saw "^\[$done 5 " conn.in
	kill -STOP "$(<pier/.vere.lock)"
	kill -HUP "$SHIP"
	saw "signal 1: it ends" err
	kill -HUP "$SHIP"
	kill -CONT "$(<pier/.vere.lock)"
	ended 0
	[ ! -e pier/.vere.lock ]
}

@test "nohup: signals that were ignored are ignored" {
	fake conn <<-'END'
		ready
		( until [ -e go ]; do sleep 0.02; done
		  say "[%poke 5 [%k %test 0] %echo 5]" ) &
		hear
	END
	timeout -k 5 60 env --ignore-signal=HUP,INT progs/urbit -t --no-dock \
		--readers 1 pier </dev/null >out 2>>err &
	TIMEOUT=$!
	SHIP=$(until_some child_of $TIMEOUT urbit)
	until_some ls conn.raw
	kill -HUP "$SHIP"
	kill -INT "$SHIP"
	echo >go
	saw "^\[$done 5 " conn.in
	stop
}

# The modes of the terminal of tmux: has it these?
modes() {
	stty -F "$TTY" -a | grep -oE -m1 -- "(^| )$1( |;|$)"
}

@test "terminal: as it was after dill is killed, and after urbit is" {
	command -v tmux >/dev/null || skip "no tmux"
	TMUX='' tmux -S socket -f /dev/null new-session -d -x 80 -y 24 \
		"timeout --foreground 60 progs/urbit --no-dock pier; sleep 60"
	TTY=$(tmux -S socket display -p '#{pane_tty}')
	TIMEOUT=$(tmux -S socket display -p '#{pane_pid}')
	until_some modes -icanon
	SHIP=$(child_of "$(until_some child_of "$TIMEOUT" timeout)" urbit)
	local dill
	dill=$(until_some child_of "$SHIP" dill)
	kill -STOP "$SHIP"
	kill -KILL "$dill"
	kill -CONT "$SHIP"
	until [ "$(child_of "$SHIP" dill)" != "$dill" ]; do sleep 0.02; done
	until_some modes -icanon
	kill -KILL "$SHIP"
	until_some modes icanon
	until_some modes echo
	SHIP=
}

@test "a ship that runs already is left alone, and told" {
	echo "[%poke 5 [%k %test 0] %echo 5]" >say
	fake_conn
	start
	saw "^\[$done 5 " conn.in
	fails 111 timeout 60 progs/urbit -t --no-dock pier
	grep "urbit: .*: it runs already: process $(<pier/.vere.lock) has it" err
	lives "$SHIP"
	stop
}

@test "as process 1 it reaps what is left to it, and ends on SIGTERM" {
	unshare --pid --fork true 2>/dev/null || skip "unshare is not permitted"
	fake conn <<-'END'
		ready
		for i in {1..20}; do (sleep 0.01 & exec true); done
		say "[%poke 5 [%k %test 0] %echo 5]"
		hear
	END
	timeout -k 5 100 unshare --pid --fork --kill-child progs/urbit -t \
		--no-dock --readers 1 pier </dev/null >out 2>>err &
	TIMEOUT=$!
	saw "^\[$done 5 " conn.in
	local unshare
	unshare=$(child_of $TIMEOUT unshare)
	SHIP=$(child_of "$unshare" urbit)
	[ "$(awk '/^NSpid/ { print $3 }' "/proc/$SHIP/status")" = 1 ]
	sleep 0.2
	for pid in $(cat "/proc/$SHIP/task/$SHIP/children"); do
		grep -q "^State:.*Z" "/proc/$pid/status" && return 1
	done
	kill -TERM "$SHIP"
	ended 0
}

@test "terminal: where there is none that is told, but not with -t, -d or -q" {
	local said="urbit: terminal: standard input or output is none: it does without, as with -t"
	timeout 60 progs/urbit --no-dock -x pier </dev/null >out 2>err
	[ "$(grep -cxF "$said" err)" = 1 ]
	for flag in -t -d -q; do
		timeout 60 progs/urbit "$flag" --no-dock -x pier </dev/null >out 2>err
		[ "$(grep -c 'urbit: terminal' err)" = 0 ]
		for _ in {1..400}; do
			[ -e pier/.vere.lock ] || break
			sleep 0.02
		done
	done
}

@test "-x ends once it is live" {
	timeout 60 progs/urbit -t --no-dock -x pier </dev/null 2>err
	[ ! -e pier/.vere.lock ]
}

@test "-I: the ship begins with that event, and -x waits for it" {
	echo "[[%k %test 0] %echo 77]" | jam -i text >event
	timeout 60 progs/urbit -t --no-dock -x -I event pier </dev/null 2>err
	[ "$(logged)" = 77 ]
	echo "[[%k %test 0] %crash %hard]" | jam -i text >event
	fails 1 timeout 60 progs/urbit -t --no-dock -x -I event pier </dev/null
	grep "pier: the event was refused" err
}

@test "-d comes back when it is live; then it goes on in a session of its own" {
	timeout 60 progs/urbit -d --no-dock pier </dev/null 2>err
	local serf
	serf=$(<pier/.vere.lock)
	SHIP=$(awk '/^PPid/ { print $2 }' "/proc/$serf/status")
	[ "$(cut -d' ' -f6 "/proc/$SHIP/stat")" = "$SHIP" ]
	kill -TERM "$SHIP"
	while lives "$SHIP"; do sleep 0.02; done
	[ ! -e pier/.vere.lock ]
}

@test "-d says what is wrong, and its exit code" {
	fake serf <<-'END'
		echo "serf: pier: a story" >&2
		exit 100
	END
	fails 100 timeout 60 progs/urbit -d --no-dock pier
	grep "serf: pier: a story" err
}

@test "urbit killed: its children end by themselves, and it can start again" {
	echo "[%poke 5 [%k %test 0] %echo 5]" >say
	fake dill <<<'ready; hear'
	fake behn <<<'ready; hear'
	fake_conn
	start
	saw "^\[$done 5 " conn.in
	local pids
	read -r -a pids <"/proc/$SHIP/task/$SHIP/children" || true
	kill -KILL "$SHIP"
	wait $TIMEOUT || true
	for pid in "${pids[@]}"; do
		while lives "$pid"; do sleep 0.02; done
	done
	rm conn.in conn.raw
	start
	saw "^\[$done 5 " conn.in
	stop
	[ "$(logged | tr '\n' ' ')" = "5 5 " ]
}

@test "idle: no wakeups" {
	start
	until [ -S pier/.urb/conn.sock ]; do sleep 0.02; done
	sleep 0.7
	local before after
	before=$(awk '/^voluntary/ { print $2 }' "/proc/$SHIP/status")
	sleep 1
	after=$(awk '/^voluntary/ { print $2 }' "/proc/$SHIP/status")
	[ $((after - before)) -le 2 ]
	stop
}

@test "a serf that does not end is killed, and the ship ends in time" {
	fake serf <<-'END'
		trap '' TERM
		# version who fake event mug nonce taken
		say "[%ripe 1 1 0 10 0 1 0]"
		sleep 100 >/dev/null
		sleep 100 >/dev/null
	END
	fake conn <<<'ready; touch lives; hear'
	start
	until [ -e lives ]; do sleep 0.02; done
	kill -TERM "$SHIP"
	ended 0
	grep "serf: it did not end in time: killed" err
}
