# boot: from a pill to a pier, event by event.  On the mini kernel, which
# `make` assembles; boot-brass.bats has Arvo.

load helper

pill=$BIN/mini.pill

# boot quietly: boot_mini PIER [OPTION...]
boot_mini() {
	boot -q -F zod -B "$pill" "${@:2}" "$1"
}

# The events of a pier, but for their jams.
events() {
	sqlite3 "$1/.urb/log.db" 'select id, at, wire, tag, size from event'
}

# The kernel's mug, as boot tells it in the end.
mug_of() {
	boot "$1" 2>&1 | sed -n 's/.*kernel mug //p'
}

# A pill like mini, but with this list as its userspace events.
with_userspace() {
	local rest
	rest=$(cue --axis 30 -o text "$pill")
	echo "[%pill %mini $(cue --axis 14 -o text "$pill") $rest $1]" |
		jam -i text
}

teardown() {
	local p
	for p in $(jobs -p); do kill -KILL "$p"; done
}

# -------- to the end --------

@test "boot: a fake ship from a pill, and a pier that is there is booted" {
	boot -F zod -B "$pill" pier 2>err
	grep -qx 'boot: pier: events 1 to 3 of 10: the kernel, from its pill' err
	grep -qx 'boot: pier: event 4 of 10: //arvo %wyrd' err
	grep -qx 'boot: pier: event 10 of 10: /mini %echo' err
	grep -qx '> mini: metamorphosis' err
	grep -q '^boot: pier: booted: event 10, kernel mug 0x[0-9a-f]*$' err
	[ "$(events pier | wc -l)" -eq 10 ]
	tail -n 1 err >end
	boot pier 2>&1 | cmp - end
	[ "$(sqlite3 pier/.urb/log.db 'pragma integrity_check')" = ok ]
}

@test "boot: the pill may come on standard input" {
	boot -q -F zod --seed 00 a <"$pill"
	boot -q -F zod --seed 00 -B - b <"$pill"
	boot_mini c --seed 00
	[ "$(mug_of a)" = "$(mug_of c)" ]
	[ "$(mug_of b)" = "$(mug_of c)" ]
}

@test "boot: a %cash pill boots as the %pill in it" {
	echo "[%cash $(cue --axis 3 -o text "$pill") [[[1 2] 3] [[4 5] 6] 0]]" |
		jam -i text >cash
	boot -q -F zod --seed 00 -B cash a
	boot_mini b --seed 00
	[ "$(mug_of a)" = "$(mug_of b)" ]
	cmp <(events a) <(events b)
}

@test "boot: with a seed, two boots are the same to the byte; with another not" {
	boot_mini a --seed 0123456789abcdef
	boot_mini b --seed 0123456789ABCDEF
	boot_mini c --seed 01
	cmp a/.urb/log.db b/.urb/log.db
	cmp a/.urb/image b/.urb/image
	[ "$(mug_of a)" != "$(mug_of c)" ]
}

@test "boot: without one, no two boots are the same" {
	boot_mini a
	boot_mini b
	[ "$(mug_of a)" != "$(mug_of b)" ]
}

@test "boot: the ship is the one that -F names" {
	boot_mini pier
	fails 1 boot -F nec pier
	[ "$(cat err)" = 'boot: pier: its ship is ~zod, not ~nec' ]
	boot -q -F '~zod' pier
	boot -q -F '~sampel-palnet' -B "$pill" other
	[[ "$(boot --event 6 -o text other)" == \
		*"%whom $(jam -i text <<<'~sampel-palnet' | cue -o text)]" ]]
}

# -------- the events --------

@test "boot: --events lists what a pill begins with, and runs none of it" {
	boot --events -F zod --seed 00 -B "$pill" >list
	cat >want <<-'END'
		1 44 the loop over events
		2 6 the way from here to a kernel
		3 3928 a kernel
		4 2024-01-01 00:00:00.000015 102 //arvo %wyrd
		5 2024-01-01 00:00:00.000030 32 //arvo %verb
		6 2024-01-01 00:00:00.000045 31 //arvo %whom
		7 2024-01-01 00:00:00.000061 97 //arvo %wack
		8 2024-01-01 00:00:00.000076 136 //arvo %what
		9 2024-01-01 00:00:00.000091 41 /d/term/1 %boot
		10 2024-01-01 00:00:00.000106 41 /mini %echo
	END
	# The kernel's size is the assembler's business.
	tr -s ' ' <list | sed 's/^ //' | sed '3s/ [0-9]* / 3928 /' | diff want -
	boot --events <"$pill" | wc -l | grep -qx '10'
	rm list want
	[ -z "$(ls -A)" ]
}

@test "boot: --events of a pier are those in its log" {
	boot_mini pier --seed 00 --stop-after 4
	boot --events -F zod --seed 00 -B "$pill" >want
	boot --events pier | cmp - want
}

@test "boot: the order of 2023" {
	tags() {
		boot --events -B "$pill" "$@" | sed -n '4,7s/.*%//p' | xargs
	}
	[ "$(tags)" = 'wyrd verb whom wack' ]
	[ "$(tags --order today)" = 'wyrd verb whom wack' ]
	[ "$(tags --order 2023)" = 'wyrd whom wack verb' ]
	boot_mini pier --order 2023
}

@test "boot: --event writes one event, in any form, to a file or on" {
	boot --event 10 --seed 00 -B "$pill" -o text >text
	[ "$(cat text)" = \
		'[0x8000.000d.3430.0e00.0007.0000.0000.0000 [%mini 0] %echo %userspace]' ]
	boot --event 10 --seed 00 -B "$pill" >jam
	boot --event 10 --seed 00 -B "$pill" -o file
	cmp jam file
	cue -o text jam | cmp - text
	boot --event 10 --seed 00 -B "$pill" -o newt | cue -i newt -o text |
		cmp - text
	fails 1 boot --event 11 -B "$pill"
	[ "$(cat err)" = 'boot: --event: there is no event 11' ]
}

@test "boot: the kelvins of %wyrd are the pill's own" {
	boot --event 4 -B "$pill" -o text >wyrd
	grep -qF '[%zuse 408] [%lull 320] [%arvo 234] [%hoon 135] [%nock 4]' wyrd
}

@test "boot: without -v the kernel is to be quiet, with it loud" {
	[[ "$(boot --event 5 -B "$pill" -o text)" == *'%verb 0 0]' ]]
	[[ "$(boot --event 5 -v -B "$pill" -o text)" == *'%verb 0 1]' ]]
	[[ "$(boot --event 9 -B "$pill" -o text)" == *'%boot 1 %fake 0]' ]]
	[[ "$(boot --event 9 --lite -B "$pill" -o text)" == *'%boot 0 %fake 0]' ]]
}

@test "boot: props come before %boot, or at the end, in the order given" {
	echo "[%prop %a %hind [[[%p 0] %echo 1] [[%q 0] %echo 2] 0]]" >a
	echo "[%prop %b %fore [[[%r 0] %echo 3] 0]]" | jam -i text >b
	echo "[%prop %c %hind [[[%s 0] %echo 4] 0]]" >c
	boot --events -B "$pill" --prop a --prop b --prop c >list
	sed -n '9,$s/.*  //p' list >got
	diff - got <<-'END'
		/r %echo
		/d/term/1 %boot
		/mini %echo
		/p %echo
		/q %echo
		/s %echo
	END
	boot_mini pier --prop a --prop b --prop c
	echo '[%prop %a %late 0]' >a
	fails 2 boot --events -B "$pill" --prop a
	echo '[%drop %a %hind 0]' >a
	fails 2 boot --events -B "$pill" --prop a
}

# -------- -A --------

@test "boot: -A brings a directory's files in place of %base" {
	mkdir -p base/app base/lib/deep base/.git
	printf 'one' >base/app/hood.hoon
	printf 'two' >base/lib/deep/a.b.txt
	printf 'three' >base/desk
	: >base/lib/empty.hoon
	printf 'no' >base/.git/x.hoon
	printf 'no' >base/lib/Upper.hoon
	printf 'out' >out.hoon
	ln -s ../../out.hoon base/lib/out.hoon
	ln -s ../app/hood.hoon base/lib/in.hoon
	ln -s . base/lib/loop
	with_userspace '[[[%c %sync 0] %park %base 0 0] [[%z 0] %echo 1] 0]' >pill
	boot --event 10 -o text --seed 00 -B pill -A base >got 2>err
	cat >want <<-'END'
		[0x8000.000d.3430.0e00.0007.0000.0000.0000 [99 %sync 0] %into 0 0
		[[%app %hood %hoon 0] 0 [%text %plain 0] 3 %one]
		[[%desk 0] 0 [%text %plain 0] 5 %three]
		[[%lib %deep %a.b %txt 0] 0 [%text %plain 0] 3 %two]
		[[%lib %empty %hoon 0] 0 [%text %plain 0] 0 0]
		[[%lib %in %hoon 0] 0 [%text %plain 0] 3 %one]
		0]
	END
	jam -i text <<<"$(tr '\n' ' ' <want | sed "s/%a\.b/'a.b'/")" | cue -o text |
		diff - got
	sort err | diff - <(sort <<-'END'
		boot: lib/Upper.hoon: left out: no path has such a name
		boot: lib/loop: left out: a link that is not to a file in there
		boot: lib/out.hoon: left out: a link that is not to a file in there
	END
	)
	boot --events -B pill -A base 2>/dev/null | grep -q '/z %echo'
}

@test "boot: -A wants a directory with files, and a pill that brings %base once" {
	mkdir -p empty base
	: >base/a.hoon
	fails 2 boot --events -B "$pill" -A base
	grep -q 'does not bring %base just once' err
	fails 2 boot --events -B "$pill" -A empty
	fails 111 boot --events -B "$pill" -A missing
}

# -------- stepping --------

@test "boot: --stop-after N, then the same command again goes on" {
	boot_mini whole --seed 00
	boot_mini pier --seed 00 --stop-after 0
	[ "$(events pier | wc -l)" -eq 10 ]
	boot -F zod --stop-after 2 pier 2>err
	grep -q 'events 1 to 3 are computed as one: stopping after these' err
	grep -q 'stopped after event 3 of 10' err
	for n in 4 5 6 7 8 9; do
		boot --stop-after $n pier 2>err
		grep -qx "boot: pier: event $n of 10: .*" err
		grep -q "stopped after event $n of 10, kernel mug 0x" err
		[ "$(grep -c 'event . of' err)" -eq 2 ]
	done
	boot pier 2>&1 | grep -q 'booted: event 10'
	[ "$(mug_of pier)" = "$(mug_of whole)" ]
	cmp pier/.urb/log.db whole/.urb/log.db
}

@test "boot: --time and --effects tell of each event" {
	boot_mini pier --seed 00 --time --effects >out 2>err
	[ "$(cat out)" = '10 [[%mini 0] %echo %userspace]' ]
	grep -cE '^event [0-9]+: [0-9.]+ ms, [0-9]+ cells, mug 0x[0-9a-f]{8}, [01] effects$' \
		err | grep -qx 8
	grep -q '^event 10: .*, 1 effects' err
	[ "$(sed -n 's/^event 10:.*mug \(0x[0-9a-f]*\),.*/\1/p' err)" = \
		"$(mug_of pier)" ]
}

@test "boot: --trace tells of calls, --profile writes a file" {
	boot_mini pier --trace --stop-after 4 2>err
	grep -q 'formula 0x' err
	boot pier --profile out.json 2>/dev/null
	grep -q traceEvents out.json
}

# -------- what goes wrong --------

@test "boot: an event that crashes stops it, with the trace; what was done stays" {
	with_userspace "[[[%a 0] %echo 1] [[%b 0] %crash 0] [[%c 0] %echo 2] 0]" >pill
	fails 1 boot -F zod -B pill pier
	grep -qx 'mini: crash' err
	[ "$(tail -n 1 err)" = 'boot: pier: event 11 crashed' ]
	fails 1 boot pier
	[ "$(grep -c ' of 12: ' err)" -eq 1 ]
	grep -qx 'boot: pier: event 11 of 12: /b %crash' err
}

@test "boot: an event without end, or without measure, is no answer" {
	with_userspace "[[[%a 0] %loop 0] 0]" >pill
	fails 111 boot -F zod -B pill --limit-time 0.2 pier
	[ "$(tail -n 1 err)" = \
		'boot: pier: out of time (time): the limit is --limit-time 0.2' ]
	fails 111 boot --limit-time 0.2 pier
	with_userspace "[[[%a 0] %bloat 0] 0]" >pill
	fails 111 boot -F zod -B pill --heap 32M other
	grep -q 'out of memory (meme): the limit is --heap 32M' err
	boot --stop-after 9 other 2>&1 | grep -q 'stopped after event 9 of 10'
}

@test "boot: ^C ends it with that signal, and what was done stays" {
	with_userspace "[[[%a 0] %loop 0] 0]" >pill
	boot -F zod -B pill pier 2>err &
	local pid=$! code=0
	wait_for '/a %loop' err
	kill -INT $pid
	wait $pid || code=$?
	[ $code -eq 130 ]
	[ "$(tail -n 1 err)" = 'boot: pier: interrupted (intr)' ]
	boot --stop-after 9 pier 2>&1 | grep -q 'stopped after event 9 of 10'
}

@test "boot: a pill that is none, cut or torn, and nothing is made" {
	echo 'no pill' >text
	fails 2 boot -F zod -B text pier
	head -c 500 "$pill" >./cut
	fails 2 boot -F zod -B cut pier
	echo '[%ivory 1 2 0]' | jam -i text >ivory
	fails 2 boot -F zod -B ivory pier
	echo '[%pill 1 2]' | jam -i text >short
	fails 2 boot -F zod -B short pier
	fails 111 boot -F zod -B missing pier
	[ ! -e pier ]
}

@test "boot: it makes no pier where something else is" {
	mkdir dir vere
	: >dir/file
	fails 2 boot -F zod -B "$pill" dir
	[ "$(ls -A dir)" = file ]
	mkdir -p vere/.urb/log/0i0
	fails 2 boot -F zod -B "$pill" vere
	grep -q "a pier of Vere's" err
	mkdir empty
	boot_mini empty
}

@test "boot: two at once: the second says who has it" {
	with_userspace "[[[%a 0] %loop 0] 0]" >pill
	boot -F zod -B pill pier 2>first &
	local pid=$!
	wait_for '/a %loop' first
	fails 111 boot pier
	grep -q "process $pid" err
}

@test "boot: called wrongly" {
	fails 100 boot
	fails 100 boot a b
	fails 100 boot pier </dev/null
	grep -q 'there is no ship yet' err
	for option in -w -k -G --comet-key; do
		fails 100 boot $option x pier
		[ "$(cat err)" = "boot: $option: to boot on the network is not \
there yet; -F SHIP boots a fake ship" ]
	done
	fails 100 boot -F zodd -B "$pill" pier
	fails 100 boot -F "$(printf 'dozzod-%.0s' {1..7})dozzod" -B "$pill" pier
	fails 100 boot --seed 0 -F zod -B "$pill" pier
	fails 100 boot --seed xx -F zod -B "$pill" pier
	fails 100 boot --order 2022 pier
	fails 100 boot --events --solid x pier
	fails 100 boot --event 0 pier
	fails 100 boot -o x pier
	fails 100 boot --stop-after x pier
	[ ! -e pier ]
}

@test "boot: what cannot be written is no success" {
	full() {
		"$@" >/dev/full
	}
	fails 111 full boot --events -B "$pill"
	fails 111 full boot --event 3 -B "$pill"
	fails 111 boot --event 3 -B "$pill" -o /dev/full
	fails 111 boot --solid missing/solid -B "$pill"
	fails 111 full boot -F zod -B "$pill" --effects pier
	boot -q pier
}

# -------- an image or a log that is gone --------

@test "boot: without its image, all is computed anew; without its log, nothing" {
	boot_mini pier --seed 00
	want=$(mug_of pier)
	rm pier/.urb/image
	boot pier 2>err
	grep -q "event 10 of 10" err
	[ "$(mug_of pier)" = "$want" ]
	rm pier/.urb/log.db*
	fails 2 boot -F zod -B "$pill" pier
	grep -q 'an image without its log' err
}

@test "boot: a torn image is put aside, and computed anew" {
	boot_mini pier --seed 00
	want=$(mug_of pier)
	head -c 8192 /dev/zero | dd of=pier/.urb/image conv=notrunc 2>/dev/null
	head -c 8192 /dev/zero |
		dd of=pier/.urb/image bs=1024 seek=32 conv=notrunc 2>/dev/null
	boot pier 2>err
	grep -q 'image.bad' err
	[ -e pier/.urb/image.bad ]
	[ "$(mug_of pier)" = "$want" ]
}

# -------- a solid pill --------

@test "boot: --solid of a pier, or a pill, has the sources in its kernel" {
	boot_mini pier --seed 00
	boot -q --solid solid pier
	boot -q --solid other --seed 00 -B "$pill"
	cmp solid other
	[ ! -e solid.new ]
	cue --stat solid >stat
	grep -qx 'pill: %pill solid' stat
	grep -qx 'kernel: 0' stat
	grep -qx 'userspace: 1' stat
	boot -F zod -B solid again 2>err
	grep -q 'booted: event 9' err
	[ "$(grep -c %what err)" -eq 0 ]
	boot -q --solid third again
	cmp third solid
	boot -q -F zod -B third last
}

# -------- a pill with what its boot computes --------

# Mini's solid pill, whose kernel is under %memo, with this for its product.
known() {
	local k
	k=$(cue --axis 118 -o text solid)
	echo "[%cash [%solid [$(cue --axis 28 -o text solid)" \
		"$(cue --axis 58 -o text solid) [11 [%memo 1 0] $k] ~]" \
		"$(cue --axis 15 -o text solid)] [[[0 $k] $1] ~]]" |
		jam -i text
}

@test "boot: --solid --cache of a kernel that compiles nothing knows nothing" {
	boot_mini pier --seed 00
	boot -q --solid solid pier
	boot -q --solid cash --cache pier
	cue --stat cash >stat
	grep -qx 'pill: %cash solid' stat
	grep -qx 'cached: 0' stat
	cue --axis 6 -o jam cash >of-cash
	cue --axis 3 -o jam solid | cmp - of-cash
	boot -q -F zod --seed 00 -B solid a
	boot -q -F zod --seed 00 -B cash b
	[ "$(mug_of a)" = "$(mug_of b)" ]
	fails 100 boot --cache -F zod -B solid c
}

@test "boot: what a %cash says is taken; with --no-cache it is not" {
	boot -q --solid solid --seed 00 -B "$pill"
	known 0 >wrong
	fails 1 boot -F zod -B wrong a
	boot -q -F zod --no-cache -B wrong b
}

@test "boot: a %cash that is named again is taken again; one that is gone is told" {
	boot -q --solid solid --seed 00 -B "$pill"
	known 0 >wrong
	boot -q -F zod --stop-after 0 -B wrong pier
	fails 1 boot -B wrong pier
	boot -q -B missing --stop-after 3 pier 2>err
	grep -q 'missing: ' err
	jam <<<'[%ivory 1 2]' >ivory
	boot -q -B ivory --stop-after 4 pier 2>err
	grep -q 'ivory: ' err
	boot -q -B missing pier 2>err
	boot -q -B missing pier 2>err
	[ ! -s err ]
}
