# eventlog chop: events leave the log, and come back, or never do.
# The ship is one of the mini kernel.

load helper
load eventlog-helper

@test "chop: the events that the image covers go, and come back" {
	local command
	lived
	cp -r pier whole
	eventlog chop pier 2>err
	grep -q '29 events chopped; the log begins with event 30' err
	[ "$(info first pier | cut -f1)" = 30 ]
	eventlog verify -q --image pier
	echoes 1 1 | append pier
	for command in 'verify --full' 'replay --full' 'stat --time'; do
		# shellcheck disable=SC2086 # two words
		fails 1 eventlog $command pier
		grep -q 'event 1 is needed, and the log begins with event 30: the events before were chopped' err
	done
	fails 1 eventlog export pier vere
	eventlog chop --keep 1 -q pier
	[ "$(info first pier | cut -f1)" = 31 ]
	eventlog chop --undo pier 2>err
	grep -q '30 events are back' err
	eventlog verify -q --full --image pier
	eventlog cat -o newt pier 1-30 >one
	eventlog cat -o newt whole | cmp - one
}

@test "chop: --keep N stay; --forget is for good" {
	lived
	eventlog chop -q --keep 12 pier
	[ "$(info first pier | cut -f1)" = 19 ]
	eventlog chop --keep 100 pier 2>err
	[ "$(cat err)" = 'eventlog chop: pier: nothing to chop: the log has 12 events' ]
	[ "$(info first pier | cut -f1)" = 19 ]
	eventlog chop --forget pier 2>err
	[ "$(cat err)" = 'eventlog chop: pier: events 1 to 18 are removed for good' ]
	fails 1 eventlog chop --undo pier
	[ "$(cat err)" = \
		'eventlog chop: pier: there are no events that were chopped' ]
	rm pier/.urb/image
	fails 2 eventlog replay pier
	grep -q 'there is no image, and the log begins with event 19' err
	[ ! -e pier/.urb/image ]
}

@test "chop: --forget only if the image is there, whole, and of this log" {
	lived
	eventlog chop -q pier
	cp -r pier whole
	rm pier/.urb/image
	fails 2 eventlog chop --forget pier
	grep -q 'there is no image' err
	[ -s pier/.urb/log.chopped.db ]
	rm -r pier
	cp -r whole pier
	printf '\xff\xff\xff\xff' |
		dd of=pier/.urb/image bs=1 seek=65600 conv=notrunc status=none
	keeps pier fails 2 eventlog chop --forget pier
	rm -r pier
	cp -r whole pier
	stranger other
	echoes 1 20 | append --date 2024-02-01 other >/dev/null
	cp other/.urb/image pier/.urb/image
	keeps pier fails 2 eventlog chop --forget pier
	grep -q 'image: it is not of this log' err
	# The way back is there whatever the image is like.
	eventlog chop -q --undo pier
	eventlog replay -q --full pier
	eventlog verify -q --full --image pier
}

@test "chop: --undo wants the chopped log whole, and this ship's" {
	local log=pier/.urb/log.chopped.db
	lived
	cp -r pier first
	eventlog chop -q pier
	cp $log good
	sqlite3 $log "UPDATE event SET tag = 'ecko' WHERE id = 15"
	keeps pier fails 2 eventlog chop --undo pier
	grep -q 'the log of chopped events: event 15 is damaged' err
	fails 2 eventlog verify pier
	grep -q 'log.chopped.db: log: event 15 is damaged' err
	cp good $log
	sqlite3 $log 'DELETE FROM event WHERE id = 15'
	keeps pier fails 2 eventlog chop --undo pier
	grep -q 'event 15 is missing' err
	: >$log
	keeps pier fails 2 eventlog chop --undo pier
	stranger other
	echoes 1 20 | append --date 2024-02-01 other >/dev/null
	eventlog chop -q other
	cp other/.urb/log.chopped.db $log
	keeps pier fails 2 eventlog chop --undo pier
	grep -q 'its event 29 is not the one that was taken out of this log' err
	"$BIN/boot" -q -F zod -B "$BIN/mini.pill" --seed 01 zod 2>/dev/null
	echoes 1 20 | append --date 2024-02-01 zod >/dev/null
	eventlog chop -q zod
	cp zod/.urb/log.chopped.db $log
	keeps pier fails 2 eventlog chop --undo pier
	grep -q 'of another ship: its fact who is ~zod, not ~nec' err
	[ "$(info first pier | cut -f1)" = 30 ]
	cp good $log
	eventlog chop --undo pier 2>err
	[ "$(cat err)" = 'eventlog chop: pier: 29 events are back' ]
	[ ! -e $log ]
	eventlog cat -o newt pier >one
	eventlog cat -o newt first | cmp - one
}

@test "chop: what an older program chopped, and told nothing of, comes back" {
	lived
	eventlog chop -q pier
	sqlite3 pier/.urb/log.db "DELETE FROM meta WHERE key IN ('chopped', 'kernel')"
	eventlog chop -q --undo pier
	eventlog verify -q --full --image pier
}

@test "chop: an image that is damaged is made anew first" {
	lived
	# The image begins with two superblocks; its first cells are behind.
	printf '\xff\xff\xff\xff\xff\xff' |
		dd of=pier/.urb/image bs=1 seek=65600 conv=notrunc status=none
	fails 2 eventlog verify --image pier
	eventlog chop pier 2>err
	grep -q 'it is image.bad now, computing from event 1' err
	[ "$(info first pier | cut -f1)" = 30 ]
	eventlog verify -q --image pier
}

@test "chop: a full disk loses nothing, and leaves nothing that is taken for a chop" {
	local rc=0 size
	booted
	for _ in {1..60}; do
		echo "[[%echo 0] %echo 0x1$(head -c 20000 /dev/urandom |
			od -An -tx1 | tr -d ' \n')]"
	done | eventlog append -q -i text -o none pier
	mkdir disk
	for size in 2400 3200; do
		rc=0
		# shellcheck disable=SC2016 # what the inner shell expands
		unshare -m bash -c '
			mount -t tmpfs -o size='$size'k tmpfs disk || exit 99
			cp -r pier disk/ || exit 1
			eventlog chop disk/pier 2>err && exit 1
			grep -q "the disk is full" err || exit 1
			[ -s disk/pier/.urb/log.chopped.db ] ||
				[ ! -e disk/pier/.urb/log.chopped.db ] || exit 1
			eventlog verify -q --full --image disk/pier || exit 1
			eventlog chop -q --undo disk/pier 2>err || [ $? -eq 1 ] || exit 1
			[ ! -e disk/pier/.urb/log.chopped.db ] || exit 1
			eventlog verify -q --full --image disk/pier' || rc=$?
		[ $rc -ne 99 ] || skip "no mounts here"
		[ $rc -eq 0 ]
	done
}
