# eventlog verify, replay: what is computed from a log, and what it must be.
# The ship is one of the mini kernel.

load helper
load eventlog-helper

@test "verify: rows, image, and the kernel" {
	lived
	eventlog verify pier 2>err
	grep -q 'log: 30 events, 1 to 30, are whole' err
	eventlog verify --image --full pier 2>err
	grep -q 'image: of event 30, is whole' err
	grep -q "after event 30 is $(kernel pier)" err
}

@test "replay: a log without its image makes it again, and says so" {
	local mug
	lived
	mug=$(kernel pier)
	rm pier/.urb/image
	eventlog replay --check pier 2>err
	grep -q 'no image: computing from event 1' err
	grep -q "30 events .* after event 30 is $mug" err
	eventlog verify -q --image pier
	[ "$(info image pier | cut -f1)" = 'event 30' ]
}

@test "replay: it stops after any event, and goes on from there" {
	lived
	eventlog replay -q --full --to 15 pier
	[ "$(info image pier | cut -f1)" = 'event 15' ]
	[ "$(info image pier | cut -f2)" = "$(eventlog cat pier 15 | cut -f3)" ]
	fails 1 eventlog replay --to 14 pier
	grep -q 'the image is of event 15 already' err
	eventlog replay -q --from 20 --to 25 pier
	eventlog replay --check pier 2>err
	grep -q ': 5 events in' err
	fails 1 eventlog replay --to 31 pier
	fails 1 eventlog replay --from 31 pier
}

@test "replay: --full keeps the image there was beside the new one" {
	lived
	cp pier/.urb/image before
	eventlog replay --full --check pier 2>err
	grep -q '; all mugs are those of the log$' err
	cmp before pier/.urb/image.old
	eventlog verify -q --image pier
	# One of an earlier event does not take its place.
	eventlog replay -q --full --to 15 pier
	cp pier/.urb/image.old later
	eventlog replay -q --full pier
	cmp later pier/.urb/image.old
	[ "$(info image pier | cut -f1)" = 'event 30' ]
}

@test "replay: --full that fails leaves the image as it was" {
	lived
	sqlite3 pier/.urb/log.db "UPDATE event SET tag = 'ecko' WHERE id = 15"
	cp pier/.urb/image before
	for _ in 1 2; do
		fails 2 eventlog replay --full pier
		grep -q 'event 15 is damaged' err
		cmp before pier/.urb/image
		[ ! -e pier/.urb/image.old ]
		[ ! -e pier/.urb/image.replay ]
	done
	echoes 1 1 | append pier
}

@test "replay: --full that is interrupted leaves the image, and goes on" {
	lived
	# It stops where its limit of memory is: as good as ^C, at the same event.
	echo '[[%x 0] %grow 400.000]' | append pier >/dev/null
	echoes 1 2 | append pier >/dev/null
	cp pier/.urb/image before
	fails 111 eventlog replay --full --heap 8M pier
	grep -q 'event 31: out of memory' err
	cmp before pier/.urb/image
	[ ! -e pier/.urb/image.old ]
	eventlog replay --full pier 2>err
	grep -q 'going on with the replay that was interrupted, after event 30' err
	grep -q ': 3 events in' err
	[ ! -e pier/.urb/image.replay ]
	eventlog verify -q --full --image pier
	cmp before pier/.urb/image.old
}

@test "replay: what is computed as one, nothing, or too little, is said" {
	lived
	eventlog replay --full --to 2 pier 2>err
	grep -q 'events 1 to 3 are computed as one' err
	grep -q "the kernel's mug after event 3 is" err
	fails 100 eventlog replay --full --from 30 --to 20 pier
	eventlog replay -q pier
	eventlog replay pier 2>err
	[ "$(cat err)" = \
		'eventlog replay: pier: nothing to compute: the image is of event 30' ]
}

@test "replay: it stops at the first difference, and names it" {
	local mug there
	lived
	eventlog export -q pier vere
	mug=$(eventlog cat pier 17 | cut -f3)
	there=$(eventlog cat -o jam pier 17 | od -An -tx1 | tr -d ' \n')
	# In Vere's log the mug is in front of the jam.
	mug=${mug:6:2}${mug:4:2}${mug:2:2}${mug:0:2}
	perl -0777 -pi -e '
		BEGIN { ($from, $to) = map { pack "H*", $_ } splice @ARGV, 0, 2 }
		s/\Q$from\E/$to/ or die' \
		"$mug$there" "ffffff7f$there" vere/.urb/log/0i0/data.mdb
	eventlog import -q vere other
	fails 1 eventlog replay other
	grep -q "event 17: the kernel's mug is $(eventlog cat pier 17 | cut -f3), not 7fffffff" err
	# What was right is kept.
	[ "$(info image other 2>/dev/null | cut -f1)" = 'event 16' ]
	fails 1 eventlog verify --full other
	fails 1 eventlog replay --full other
	[ "$(info image other 2>/dev/null | cut -f1)" = 'event 16' ]
	# Nobody goes on behind it.
	for command in append chop; do
		fails 2 eventlog $command other </dev/null
		grep -q "event 17: .*not 7fffffff; eventlog replay --full makes" err
	done
	[ "$(info events other)" = 30 ]
	# What was not compared is not kept.
	fails 1 eventlog replay --from 17 other
	[ "$(info image other 2>/dev/null | cut -f1)" = 'event 16' ]
}

@test "append, chop: an image of another ship is found out, and nothing is logged" {
	local command
	lived
	stranger other
	# Of an event whose mug the log has not.
	cp -r pier older
	sqlite3 older/.urb/log.db "DELETE FROM meta WHERE key = 'kernel'"
	cp other/.urb/image older/.urb/image
	for command in append chop; do
		echo '[[%x 0] %echo 1]' >in
		fails 2 eventlog $command older <in
		grep -q "event 11: the kernel's mug is" err
	done
	[ "$(info events older 2>/dev/null)" = 30 ]
	cp other/.urb/image pier/.urb/image
	for command in append chop replay; do
		fails 2 eventlog $command pier </dev/null
		grep -q 'it is not of this log' err
	done
}

@test "eventlog: the image of another ship that has just booted is refused" {
	booted
	stranger other
	cp other/.urb/image pier/.urb/image
	for command in 'verify --image' info append chop; do
		# shellcheck disable=SC2086 # two words
		fails 2 eventlog $command pier </dev/null
		grep -q "image: it is not of this log: the kernel's mug after event 10" err
	done
	fails 2 boot -F nec pier
	eventlog replay -q --full pier
	eventlog verify -q --full --image pier
	# A log of an older program does not tell; it goes on as it did, but
	# nothing is taken away from it.
	sqlite3 pier/.urb/log.db "DELETE FROM meta WHERE key = 'kernel'"
	fails 2 eventlog chop pier
	grep -q 'replay --full first' err
	echoes 1 1 | append pier
	eventlog chop -q pier
}

@test "verify, info, boot, append: a fact that is damaged or missing is named" {
	local key command
	for key in who life; do
		rm -rf pier
		lived
		sqlite3 pier/.urb/log.db "UPDATE meta SET value = '~zod' WHERE key = '$key'"
		for command in verify info append 'verify --full'; do
			# shellcheck disable=SC2086 # two words
			fails 2 eventlog $command pier </dev/null
			grep -q "log: the fact $key is damaged: its checksum" err
		done
		fails 2 boot -F nec pier
		sqlite3 pier/.urb/log.db "DELETE FROM meta WHERE key = '$key'"
		for command in verify info append; do
			fails 2 eventlog $command pier </dev/null
			grep -q "log: no fact \"$key\"" err
		done
		fails 2 boot -F nec pier
	done
}
