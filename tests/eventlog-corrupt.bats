# eventlog: a pier that is damaged.  It is detected and named, mended from
# what is whole, or refused; never is anything else taken for the ship.
#
# EVENTLOG_FLIPS=N: bits flipped in each file; 40 without it.

load helper

FLIPS=${EVENTLOG_FLIPS:-40}

setup_file() {
	local BIN=${BIN:-$BATS_TEST_DIRNAME/../bin}
	local i
	cd "$BATS_FILE_TMPDIR" || return
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 lived 2>/dev/null
	cp -r lived young
	{
		for i in {1..100}; do
			echo "[[%echo 0] %echo 0x1$(head -c 2000 /dev/urandom |
				od -An -tx1 | tr -d ' \n')]"
		done
		echo '[[%x 0] %grow 300]'
	} | "$BIN/eventlog" append -i text -o none --date 2024-02-01 lived
	"$BIN/eventlog" cat -o newt lived >lived.newt
	cp -r lived more
	one | "$BIN/eventlog" append -q -i text -o none --date 2024-03-01 more
	"$BIN/eventlog" info more 2>/dev/null | sed -n 's/^last: //p' >more.last
}

# The event that is appended to see whether the ship is what it was.
one() {
	echo '[[%x 0] %grow 7]'
}

lived() {
	rm -rf pier
	cp -r "$BATS_FILE_TMPDIR/lived" pier
}

# flip FILE BYTE BIT
flip() {
	perl -e '
		my ($file, $at, $bit) = @ARGV;
		open my $f, "+<", $file or die; binmode $f;
		seek $f, $at, 0; read $f, my $c, 1;
		seek $f, $at, 0; print $f chr(ord($c) ^ 1 << $bit)' "$@"
}

# A command may succeed, or say that the pier is bad: 0, 2 or 111, and words.
decent() {
	local rc=0
	timeout 60 "$@" >out 2>err || rc=$?
	case $rc in
	0) return 0 ;;
	2 | 111)
		[ -s err ]
		return 1
		;;
	*)
		echo "exit $rc: $*" >&2
		cat err >&2
		exit 1
		;;
	esac
}

# The pier is used: then either it is refused, or the new kernel is the same
# as the one of a pier that is whole.
use() {
	if one | decent eventlog append -i text -o none --date 2024-03-01 pier; then
		eventlog info pier 2>/dev/null | sed -n 's/^last: //p' |
			diff - "$BATS_FILE_TMPDIR/more.last"
	fi
}

@test "corrupt: a bit of the log, anywhere: found, or of no meaning" {
	local i size found=0
	lived
	size=$(stat -c %s pier/.urb/log.db)
	for ((i = 0; i < FLIPS; i++)); do
		lived
		flip pier/.urb/log.db \
			$((size * i / FLIPS + (RANDOM << 15 | RANDOM) % (size / FLIPS))) \
			$((RANDOM % 8))
		# What is given is an event as it was, or nothing.
		if decent eventlog cat -o newt pier; then
			cmp out "$BATS_FILE_TMPDIR/lived.newt"
		fi
		decent eventlog verify pier || found=$((found + 1))
		use
	done
	# Most of the file means something.
	[ "$found" -gt $((FLIPS / 4)) ]
}

@test "corrupt: a bit of an event: that one is named, the others given" {
	local there
	lived
	there=$(eventlog cat -o jam pier 50 | od -An -tx1 | tr -d ' \n')
	perl -0777 -pi -e '
		BEGIN { $from = pack "H*", shift @ARGV }
		s/\Q$from\E/$& ^ "\x10"/e or die' "$there" pier/.urb/log.db
	fails 2 eventlog verify pier
	grep -q 'log: event 50' err
	fails 2 eventlog cat -o text pier 49-51
	[ "$(wc -l <out)" -eq 2 ]
	grep -q 'log: event 50' err
	# The image is behind it: the ship is as it was.
	one | eventlog append -q -i text -o none pier
	rm pier/.urb/image
	fails 2 eventlog replay pier
	grep -q 'event 50' err
}

@test "corrupt: a bit of the image, anywhere: mended, or of no meaning" {
	local i size
	lived
	size=$(stat -c %s pier/.urb/image)
	for ((i = 0; i < FLIPS; i++)); do
		lived
		# Most bits lie where there is something: at the beginning.
		if [ $((i % 4)) -eq 0 ]; then
			flip pier/.urb/image $(((RANDOM << 15 | RANDOM) % size)) $((RANDOM % 8))
		elif [ $((i % 4)) -eq 1 ]; then
			flip pier/.urb/image $((RANDOM % 4096)) $((RANDOM % 8))
		else
			flip pier/.urb/image $((32768 + (RANDOM << 1) % 65536)) $((RANDOM % 8))
		fi
		decent eventlog verify --image pier || true
		use
		[ ! -s err ] || grep -q image err
		eventlog verify -q --full --image pier
	done
}

@test "corrupt: both superblocks gone: the image is made anew from the log" {
	lived
	for at in 0 32768; do
		dd if=/dev/zero of=pier/.urb/image bs=1 count=64 seek=$at \
			conv=notrunc status=none
	done
	fails 2 eventlog verify --image pier
	use
	grep -q 'it is image.bad now, computing from event 1' err
	[ -e pier/.urb/image.bad ]
	eventlog verify -q --full --image pier
}

@test "corrupt: which of two checkpoints was taken is said" {
	local at newest
	lived
	newest=$(eventlog info pier | sed -n 's/^image: //p' | cut -f1)
	for at in 8 32776; do
		lived
		flip pier/.urb/image $at 3
		eventlog info pier >out 2>err
		cat out >>both
		grep -qx "eventlog info: pier: one of the image's two checkpoints is unreadable: took that of $(sed -n 's/^image: //p' out | cut -f1)" err
	done
	# Of the one or the other, the newest was whole.
	grep -q "^image: $newest" both
}

@test "corrupt: files that are cut short" {
	local file size i
	for file in image log.db; do
		lived
		size=$(stat -c %s pier/.urb/$file)
		for i in 0 1 100 4095 4096 16384 33000 65536 66000 $((size / 2)) \
			$((size - 16384)) $((size - 1)); do
			lived
			truncate -s "$i" pier/.urb/$file
			decent eventlog verify --image --full pier || true
			if decent eventlog cat -o newt pier; then
				cmp out "$BATS_FILE_TMPDIR/lived.newt"
			fi
			use
		done
	done
}

@test "corrupt: no image, no log, neither" {
	lived
	rm pier/.urb/image
	use
	[ -e pier/.urb/image ]
	lived
	rm pier/.urb/log.db*
	for command in append replay chop; do
		fails 2 eventlog $command pier </dev/null
		grep -q 'an image without its log' err
	done
	[ ! -e pier/.urb/log.db ]
	rm pier/.urb/image
	fails 111 eventlog append pier </dev/null
	grep -q 'no pier' err
	[ ! -e pier/.urb/log.db ]
}

@test "corrupt: a gap in the log: named, and refused where it is needed" {
	lived
	sqlite3 pier/.urb/log.db 'DELETE FROM event WHERE id BETWEEN 60 AND 62'
	fails 2 eventlog verify pier
	grep -q 'event.* 60' err
	fails 2 eventlog replay --full pier
	grep -q 'event.* 60' err
	fails 2 eventlog export pier vere
	# To event 59 one may go.
	eventlog replay -q --full --to 59 pier
	fails 2 eventlog replay pier
	[ "$(eventlog info pier | sed -n 's/^image: //p' | cut -f1)" = 'event 59' ]
}

@test "corrupt: an image that is newer than the log is refused" {
	lived
	cp "$BATS_FILE_TMPDIR/young/.urb/log.db" pier/.urb/log.db
	for command in append replay chop; do
		fails 2 eventlog $command pier </dev/null
		grep -q 'the image is of event 111, but the log ends with 10' err
	done
	cmp pier/.urb/image "$BATS_FILE_TMPDIR/lived/.urb/image"
}

@test "corrupt: an image of another log is refused" {
	cp -r "$BATS_FILE_TMPDIR/young" pier
	seq -f '[[%%echo 0] %%echo %g]' 201 301 |
		eventlog append -q -i text -o none pier
	cp "$BATS_FILE_TMPDIR/lived/.urb/image" pier/.urb/image
	fails 2 eventlog append pier </dev/null
	grep -q 'image: it is not of this log' err
	rm pier/.urb/image
	eventlog replay -q --check pier
}

@test "corrupt: a log of another kind is refused" {
	lived
	echo 'this is no database, it is a text of some length' >pier/.urb/log.db
	fails 2 eventlog append pier </dev/null
	lived
	sqlite3 pier/.urb/log.db 'PRAGMA user_version = 99'
	fails 2 eventlog verify pier
	fails 2 eventlog append pier </dev/null
	rm pier/.urb/log.db
	sqlite3 pier/.urb/log.db 'CREATE TABLE event (id)'
	fails 2 eventlog append pier </dev/null
}
