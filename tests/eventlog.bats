# eventlog: a ship's events, in and out; each subcommand does what it says.
# The ship is one of the mini kernel.

load helper
load eventlog-helper

@test "eventlog: every command is in the help, and has one" {
	local command
	eventlog --help >out
	for command in append cat info verify replay import export chop compact \
		stat; do
		grep -q "^  $command " out
		eventlog $command --help | grep -q "^eventlog $command -- "
	done
	eventlog -V | grep -q nockutils
}

@test "eventlog: called wrongly is 100 and says how it is called" {
	fails 100 eventlog
	fails 100 eventlog chip
	grep -q 'chip: no such command; usage: eventlog' err
	fails 100 eventlog append
	fails 100 eventlog append one two
	fails 100 eventlog cat pier x
	fails 100 eventlog cat pier 0
	fails 100 eventlog cat pier 5-x
	fails 100 eventlog cat --since yesterday pier
	fails 100 eventlog append -o jam pier
	fails 100 eventlog append --date 2024-02-30 pier
	fails 100 eventlog chop --undo --forget pier
	fails 100 eventlog replay --to x pier
	[ "$(wc -l <err)" -eq 1 ]
}

@test "eventlog: no pier, no log: one line, 111" {
	local command
	mkdir empty
	for command in cat info verify stat; do
		fails 111 eventlog $command missing
		[ "$(wc -l <err)" -eq 1 ]
		fails 111 eventlog $command empty
	done
	for command in append replay chop; do
		fails 111 eventlog $command missing </dev/null
		[ "$(cat err)" = "eventlog $command: missing: no such pier" ]
		fails 111 eventlog $command empty </dev/null
	done
	[ ! -e missing ]
}

# -------- append --------

@test "append: effects come back with the number of their event, as text" {
	booted
	echoes 1 3 | append pier >out
	diff - out <<-'END'
		[11 [[%echo 0] %echo 1] 0]
		[12 [[%echo 0] %echo 2] 0]
		[13 [[%echo 0] %echo 3] 0]
	END
	[ "$(info events pier)" = 13 ]
}

@test "append: newt goes in and comes out; log-append is its other name" {
	booted
	echoes 1 3 | jam -i text -o newt >in
	log-append pier <in >out
	[ "$(cue -i newt -o text out | tail -n 1)" = '[13 [[%echo 0] %echo 3] 0]' ]
	log-append -o none pier <in >out
	[ ! -s out ]
	[ "$(info events pier)" = 16 ]
}

@test "append: an event that crashes is logged as %crud" {
	booted
	echo '[[%x 0] %crash 0]' | append pier >out 2>err
	grep -q '^\[11 .*%blit' out
	eventlog cat -o text pier 11 | grep -q '%arvo 0\] %crud \[%exit'
	[ "$(eventlog cat pier 11 | cut -f5,6)" = $'//arvo\tcrud' ]
	grep -q '^>>> mini: crash' err
}

@test "append: one that crashes as %crud too leaves no trace but its goofs" {
	local before
	booted
	before=$(kernel pier)
	echo '[[%x 0] %crash %hard]' | fails 1 eventlog append -i text -o text pier
	grep -q '^\[0 \[%exit .*\] \[%exit .*\] 0\]$' out
	grep -q 'input 1 crashed, and again as %crud: nothing happened' err
	[ "$(info events pier)" = 10 ]
	[ "$(kernel pier)" = "$before" ]
	{ echoes 1 1; echo '[[%x 0] %crash %hard]'; echoes 2 2; } |
		fails 1 append pier
	[ "$(cut -c1-4 out | paste -sd,)" = '[11 ,[0 [,[12 ' ]
}

@test "append: --date makes the same log again, to the byte" {
	cp -r "$BATS_FILE_TMPDIR/booted" one
	cp -r "$BATS_FILE_TMPDIR/booted" two
	for pier in one two; do
		echoes 1 5 | append --date 2024-02-01 $pier >/dev/null
		eventlog cat -o newt $pier >$pier.newt
	done
	cmp one.newt two.newt
	[ "$(eventlog cat one 11 | cut -f2)" = 2024-02-01T00:00:00.000000000Z ]
	[ "$(eventlog cat one 12 | cut -f2)" = 2024-02-01T00:00:00.000015258Z ]
	[ "$(kernel one)" = "$(kernel two)" ]
}

@test "append: dates are read as ISO, seconds, and Hoon have them" {
	local date
	booted
	for date in 2024-02-01T12:30:00.5Z '2024-02-01 12:30:00.5' @1706790600.5 \
		'~2024.2.1..12.30.00..8000'; do
		rm -rf pier
		booted
		echoes 1 1 | append --date "$date" pier
		[ "$(eventlog cat pier 11 | cut -f2)" = 2024-02-01T12:30:00.500000000Z ]
	done
}

@test "append: dates never go back; that is said once" {
	booted
	echoes 1 1 | append --date 2424-02-01 pier || true
	rm -rf pier
	booted
	echoes 1 1 | append --date 2124-02-01 pier
	echoes 2 4 | eventlog append -i text -o text pier >out 2>err
	[ "$(grep -c 'the clock says' err)" -eq 1 ]
	grep -q 'the last event was at 2124-02-01T00:00:00.000000000Z' err
	diff - <(eventlog cat pier 11- | cut -f2) <<-'END'
		2124-02-01T00:00:00.000000000Z
		2124-02-01T00:00:00.000015258Z
		2124-02-01T00:00:00.000030517Z
		2124-02-01T00:00:00.000045776Z
	END
}

@test "append: [date ovum] keeps its date, if that does not go back" {
	booted
	append pier >/dev/null <<-'END'
		[0x8000.000d.3430.0e00.8000.0000.0000.0000 [%x 0] %echo 1]
		[0x8000.000d.3430.0e00.7000.0000.0000.0000 [%x 0] %echo 2]
		[0x8000.000d.3430.0e01.0000.0000.0000.0000 [%x 0] %echo 3]
	END
	diff - <(eventlog cat -o text pier 11- | cut -c2-44) <<-'END'
		0x8000.000d.3430.0e00.8000.0000.0000.0000 [
		0x8000.000d.3430.0e00.8001.0000.0000.0000 [
		0x8000.000d.3430.0e01.0000.0000.0000.0000 [
	END
}

@test "append: a log taken from one ship makes the same ship of another" {
	lived
	cp -r "$BATS_FILE_TMPDIR/booted" other
	eventlog cat -o newt pier 11- | eventlog append -q -o none other
	eventlog cat pier >one
	eventlog cat other >two
	diff one two
}

@test "append: bad input is 2; what came before it is logged" {
	booted
	echoes 1 3 | jam -i text -o newt >in
	head -c -2 in | fails 2 eventlog append -o text pier
	grep -q 'stdin: frame 3: ' err
	[ "$(wc -l <out)" -eq 2 ]
	[ "$(info events pier)" = 12 ]
	printf '[[%%x 0] %%echo 1] 7' | fails 2 append pier
	grep -q 'input 2 is neither' err
	[ "$(info events pier)" = 13 ]
	for noun in '[1 2]' '[[1 0] 2]' '[1 [%x 0] 3]' 0; do
		echo "$noun" | fails 2 append pier
	done
	[ "$(info events pier)" = 13 ]
}

@test "append: effects of an event are there before the next event is" {
	local i answer
	booted
	for i in 1 2 3; do
		echoes $i $i | jam -i text -o newt >in$i
	done
	mkfifo to from
	eventlog append -q -o text pier <to >from &
	exec 8>to 9<from
	for i in 1 2 3; do
		cat in$i >&8
		read -r -t 60 answer <&9
		[ "$answer" = "[$((10 + i)) [[%echo 0] %echo $i] 0]" ]
		# Whoever sees it finds the event in the log.
		[ "$(eventlog cat pier $((10 + i)) | cut -f6)" = echo ]
	done
	exec 8>&- 9<&-
	wait $!
}

@test "append: an event that never ends is given up, and not recorded" {
	booted
	{ echoes 1 2; echo '[[%x 0] %loop 0]'; echoes 3 3; } |
		fails 111 append --limit-time 0.3 pier
	grep -q 'event 13: out of time (time): the limit is --limit-time 0.3' err
	[ "$(wc -l <out)" -eq 2 ]
	[ "$(info events pier)" = 12 ]
	echo '[[%x 0] %bloat 0]' | fails 111 append --heap 64M pier
	grep -q 'out of memory (meme): the limit is --heap 64M' err
	[ "$(info events pier)" = 12 ]
	eventlog verify -q --full --image pier
}

@test "append: ^C ends it, with what was done safe" {
	local pid rc=0
	booted
	{ echoes 1 2; echo '[[%x 0] %loop 0]'; } >in
	# bash lets what runs beside it ignore ^C.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' \
		eventlog append -i text -o text pier <in >out 2>err &
	pid=$!
	while [ "$(wc -l <out)" -lt 2 ]; do sleep 0.05; done
	sleep 0.2
	kill -INT $pid
	wait $pid || rc=$?
	[ "$rc" -eq 130 ]
	[ "$(info events pier)" = 12 ]
	[ "$(info image pier | cut -f1)" = 'event 12' ]
	grep -q interrupted err
}

@test "append: output that cannot be written is 111; the events are there" {
	booted
	echoes 1 3 >in
	fails 111 sh -c 'eventlog append -i text -o text pier <in >/dev/full'
	grep -q 'stdout: no space left' err
	eventlog verify -q --full --image pier
}

@test "append: --check-jets and the others are taken" {
	booted
	echoes 1 1 | append --check-jets pier
	echoes 2 2 | append --no-jets pier
	[ "$(info events pier)" = 12 ]
}

# -------- cat --------

@test "cat: a line of an event: number, date, mug, size, wire, tag" {
	lived
	[ "$(eventlog cat pier | wc -l)" -eq 30 ]
	[ "$(eventlog cat pier 2)" = $'2\t-\t-\t6\t-\t-' ]
	[ "$(eventlog cat pier 9 | cut -f1,5,6)" = $'9\t/d/term/1\tboot' ]
	eventlog cat pier 30 |
		grep -Eq $'^30\t2024-02-01T00:00:00\.000289916Z\t[0-9a-f]{8}\t[0-9]+\t/echo\techo$'
}

@test "cat: ranges" {
	lived
	[ "$(eventlog cat pier 11 13-15 29- | cut -f1 | paste -sd,)" = \
		11,13,14,15,29,30 ]
	[ "$(eventlog cat pier 1-3 | cut -f1 | paste -sd,)" = 1,2,3 ]
	fails 1 eventlog cat pier 31
	grep -q 'there is no such event' err
}

@test "cat: filters by wire, tag and time" {
	lived
	echo '[[%e %x 0] %grow 1]' | append pier >/dev/null
	[ "$(eventlog cat --wire '/e/*' pier | cut -f1)" = 31 ]
	[ "$(eventlog cat --tag 'w*' pier | cut -f6 | sort -u | paste -sd,)" = \
		wack,what,whom,wyrd ]
	[ "$(eventlog cat --since 2024-02-01 --until 2024-02-01T00:00:00.00004Z \
		pier | cut -f1 | paste -sd,)" = 11,12,13 ]
	[ "$(eventlog cat --tag echo --until 2024-02-01 pier | cut -f1)" = 10 ]
	fails 1 eventlog cat --tag nothing pier
}

@test "cat: as text, newt, and the jam of one" {
	lived
	eventlog cat -o text pier 11 | grep -q '^\[0x8000.* \[%echo 0\] %echo 1\]$'
	eventlog cat -o newt pier 11 13 | cue -i newt -o text >out
	[ "$(wc -l <out)" -eq 2 ]
	eventlog cat -o jam pier 11 | cue -o text | cmp - <(head -n 1 out)
	fails 100 eventlog cat -o jam pier 11 12
	fails 111 sh -c 'eventlog cat -o newt pier >/dev/full'
}

@test "cat: while the ship runs" {
	lived
	mkfifo to
	eventlog append -q -o none pier <to &
	exec 8>to
	echoes 1 1 | jam -i text -o newt >&8
	until eventlog cat pier 31 >out 2>/dev/null; do sleep 0.05; done
	exec 8>&-
	wait $!
	[ "$(cut -f6 out)" = echo ]
}

# -------- info, stat --------

@test "info: who, life, ends, image, kelvins" {
	lived
	[ "$(info who pier)" = '~nec' ]
	[ "$(info fake pier)" = yes ]
	[ "$(info pill pier)" = mini ]
	[ "$(info life pier)" = 3 ]
	[ "$(info events pier)" = 30 ]
	[ "$(info first pier | cut -f1)" = 1 ]
	[ "$(info last pier | cut -f1)" = 30 ]
	[ "$(info image pier | cut -f1,2)" = $'event 30\t'"$(kernel pier)" ]
	[ "$(info behind pier)" = '0 events' ]
	[ "$(info kelvins pier)" = 'hoon 135 arvo 234 lull 320 zuse 408' ]
	rm pier/.urb/image
	[ "$(info image pier)" = none ]
	fails 111 sh -c 'eventlog info pier >/dev/full'
	mkdir pier/.urb/image
	fails 2 eventlog info pier
	[ "$(cat err)" = 'eventlog info: pier: image: it is a directory' ]
	# A mug that is not known is none.
	[ "$(info last "$BATS_FILE_TMPDIR/booted" | cut -f3)" = - ]
}

@test "stat: sizes, tags, the biggest" {
	lived
	eventlog stat -n 2 pier >out
	grep -qx 'events: 30' out
	grep -Eq $'^21\t[0-9]+\t[0-9]+\techo$' out
	[ "$(sed -n '/^biggest/,$p' out | wc -l)" -eq 3 ]
	[ "$(sed -n '/^biggest/{n;p;}' out | cut -f1)" = 3 ]
	eventlog stat --time pier | grep -q '^replay: 30 events, '
}

# -------- import, export --------

@test "export: Vere's log has all of it, and comes back as it was" {
	lived
	eventlog export pier vere 2>err
	grep -q '30 events, 30 of them now' err
	eventlog export pier vere 2>err
	grep -q '30 events, 0 of them now' err
	eventlog import vere other 2>err
	grep -q '30 events, 30 of them now' err
	eventlog import vere other 2>err
	grep -q '30 events, 0 of them now' err
	eventlog cat pier >one
	eventlog cat other >two
	diff one two
	eventlog cat -o newt pier >one
	eventlog cat -o newt other | cmp - one
	[ "$(info who other)" = '~nec' ]
	[ "$(info life other)" = 3 ]
	[ "$(info booted other)" = 10 ]
	eventlog verify -q --full other
}

@test "export: it goes on where the log has grown, and takes no other ship's" {
	lived
	eventlog export -q pier vere
	echoes 1 5 | append pier >/dev/null
	eventlog export pier vere 2>err
	grep -q '35 events, 5 of them now' err
	cp -r "$BATS_FILE_TMPDIR/booted" other
	seq -f '[[%%echo 0] %%echo %g]' 50 90 | append other >/dev/null
	fails 1 eventlog export other vere
	grep -q 'there is another log' err
}

@test "import: no pier is overwritten" {
	lived
	eventlog export -q pier vere
	fails 1 eventlog import vere pier
	grep -q 'there is a ship already' err
	fails 111 eventlog import missing other
	mkdir -p bad/.urb/log/0i0
	echo 1 >bad/.urb/log/0i0/epoc.txt
	head -c 10000 /dev/zero >bad/.urb/log/0i0/data.mdb
	fails 2 eventlog import bad other
}

# -------- who may --------

@test "eventlog: two at once: the second says who has the pier" {
	local pid command
	lived
	mkfifo to
	eventlog append -q -o none pier <to &
	pid=$!
	exec 8>to
	echoes 1 1 | jam -i text -o newt >&8
	until eventlog cat pier 31 >/dev/null 2>&1; do sleep 0.05; done
	for command in append replay chop 'chop --undo'; do
		# shellcheck disable=SC2086 # two words
		fails 111 eventlog $command pier </dev/null
		grep -q "process $pid (eventlog) has it" err
	done
	# To read, one may.
	eventlog verify -q --image pier
	eventlog verify -q --full pier
	exec 8>&-
	wait $pid
}
