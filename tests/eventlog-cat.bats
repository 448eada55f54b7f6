# eventlog: what is read is checked before it is shown, and what is written is
# whole or not there; how errors are worded.

load helper

setup_file() {
	local BIN=${BIN:-$BATS_TEST_DIRNAME/../bin}
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 01 \
		"$BATS_FILE_TMPDIR/pier" 2>/dev/null
	seq -f '[[%%x 0] %%echo %g]' 1 20 | "$BIN/eventlog" append -i text \
		-o none --date 2024-02-01 "$BATS_FILE_TMPDIR/pier"
}

pier() {
	cp -r "$BATS_FILE_TMPDIR/pier" pier
}

append() {
	eventlog append -q -i text -o none "$@"
}

sql() {
	sqlite3 pier/.urb/log.db "$1"
}

# The last date that there is.
end=0xffff.ffff.ffff.ffff.ffff.ffff.ffff.ffff

@test "cat: brief names a damaged row as text does, and shows the others" {
	local form
	pier
	sql "UPDATE event SET tag = 'ecko' WHERE id = 15"
	for form in brief text; do
		fails 2 eventlog cat -o $form pier
		[ "$(cat err)" = 'eventlog cat: pier: log: event 15 is damaged: its checksum' ]
		[ "$(wc -l <out)" -eq 29 ]
	done
	fails 2 eventlog cat --tag 'ec*' pier
	[ "$(wc -l <out)" -eq 20 ]
	fails 2 eventlog stat pier
}

@test "cat: the jam of more than one event is 100, and nothing is written" {
	local range
	pier
	for range in 11-12 '11 12' '11 11' ''; do
		# shellcheck disable=SC2086 # words
		fails 100 eventlog cat -o jam pier $range
		[ ! -s out ]
		[ "$(wc -l <err)" -eq 1 ]
	done
	fails 100 eventlog cat -o jam --tag echo pier 11-
	[ ! -s out ]
	fails 1 eventlog cat -o jam pier 99
	eventlog cat -o jam --tag boot pier | cmp - <(eventlog cat -o jam pier 9)
	sql "UPDATE event SET tag = 'ecko' WHERE id = 15"
	fails 2 eventlog cat -o jam pier 15
	[ ! -s out ]
}

@test "append: after the last date there is, there can be no event" {
	pier
	printf '%s' "[$end [%x 0] %echo 1] [[%x 0] %echo 2]" |
		fails 2 append pier
	grep -q ': stdin: input 2 can have no date: ' err
	[ "$(eventlog cat pier | wc -l)" -eq 31 ]
	# Nor can there be with the clock, later.
	echo '[[%x 0] %echo 2]' | fails 2 append pier
	eventlog verify -q --full pier
}

@test "append: who says a date that does not come after is told" {
	pier
	echo '[0x8000.000d.0000.0000.0000.0000.0000.0000 [%x 0] %echo 1]' |
		eventlog append -i text -o none pier 2>err
	grep -q 'pier: the input says 1996-.*, but the last event was at 2024-' err
	echo '[[%x 0] %echo 1]' |
		eventlog append -i text -o none --date 2020-01-01 pier 2>err
	grep -q 'pier: --date says 2020-01-01T.*, but' err
	echo "[0x1 [%x 0] %echo 1]" | eventlog append -i text -o none pier 2>err
	grep -q 'the input says a time before 1678, but' err
}

@test "log: the listing has whole numbers, and - for what is not known" {
	pier
	[ "$(sql 'SELECT DISTINCT typeof(stored) FROM listing')" = integer ]
	[ "$(sql 'SELECT time, mug FROM listing WHERE id = 2')" = '-|-' ]
	[ "$(sql "SELECT count(*) FROM listing WHERE time = '-'")" -eq 3 ]
	[ "$(sql 'SELECT time FROM listing WHERE id = 11')" = '2024-02-01 00:00:00.000' ]
}

# -------- export --------

@test "export: into nothing but an empty directory, or a log it began" {
	pier
	mkdir empty other
	: >other/file
	eventlog export -q pier empty
	eventlog export -q pier empty
	fails 1 eventlog export pier other
	grep -q 'other: a directory with something else in it: file$' err
	[ "$(ls -A other)" = file ]
	mkdir -p newer/.urb/log/0i7
	fails 1 eventlog export pier newer
	fails 111 eventlog export pier other/file
	[ "$(cat err)" = 'eventlog export: other/file: not a directory' ]
	fails 111 eventlog export pier no/such
}

@test "export: into no pier of ours, and no other ship's log" {
	pier
	boot -q -F zod -B "$BIN/mini.pill" --seed 02 zod 2>/dev/null
	fails 1 eventlog export pier zod
	grep -q "zod: .urb/log.db: the pier there is not one of Vere's" err
	[ ! -e zod/.urb/log ]
	eventlog export -q zod vere
	fails 1 eventlog export pier vere
	grep -q 'vere: .urb/log: it is of another ship' err
	# Before Vere had epochs, the log was where a new one begins.
	mkdir -p flat/.urb/log
	cp vere/.urb/log/0i0/data.mdb flat/.urb/log
	cp flat/.urb/log/data.mdb before
	fails 1 eventlog export zod flat
	cmp before flat/.urb/log/data.mdb
}

@test "export: what was begun and cut short is made whole" {
	pier
	eventlog export -q pier vere
	cp -r vere half
	rm -r half/.urb/log/0i0
	mkdir half/.urb/log/0i0.new
	: >half/.urb/log/0i0.new/data.mdb
	eventlog export -q pier half
	eventlog import -q half again
	cmp <(eventlog cat again) <(eventlog cat pier)
}

@test "export: a log that is damaged is not gone on with: 2" {
	pier
	eventlog export -q pier vere
	head -c 20000 vere/.urb/log/0i0/data.mdb >short
	cp short vere/.urb/log/0i0/data.mdb
	fails 2 eventlog export pier vere
	cmp short vere/.urb/log/0i0/data.mdb
}

@test "export: vere.txt says who wrote it" {
	pier
	eventlog export -q pier vere
	[[ "$(cat vere/.urb/log/0i0/vere.txt)" == nockutils-* ]]
	# A release of Vere's is kept from import to export.
	printf 4.6 >vere/.urb/log/0i0/vere.txt
	eventlog import -q vere other
	eventlog export -q other back
	[ "$(cat back/.urb/log/0i0/vere.txt)" = 4.6 ]
}

# -------- import --------

# Other bytes where event $1 of vere's log is: a perl expression of $jam.
# shellcheck disable=SC2094 # perl comes after
change() {
	eventlog cat -o jam pier "$1" >jam
	perl -0777 -pi -e '
		BEGIN {
			open F, "<", "jam"; $from = $jam = do { local $/; <F> };
			eval shift; die $@ if $@;
		}
		s/\Q$from\E/$jam/ or die' "$2" vere/.urb/log/0i0/data.mdb
}

@test "import: each jam is read: one that is no noun is named, and no ship is made" {
	local id
	pier
	for id in 3 20; do
		rm -rf vere other
		eventlog export -q pier vere
		# A reference to what is not there.
		# shellcheck disable=SC2016 # perl's
		change $id 'substr($jam, 0, 8) = "\xff" x 8'
		fails 2 eventlog import vere other
		grep -q "^eventlog import: vere: event $id: " err
		fails 111 eventlog append -i text other </dev/null
		fails 111 eventlog replay other
	done
	# With the log whole again, it is one.
	rm -rf vere
	eventlog export -q pier vere
	eventlog import -q vere other
	eventlog verify -q --full other
}

@test "import: a noun that is no event is named" {
	pier
	eventlog export -q pier vere
	# [0 0]; and what is behind it counts for nothing.
	# shellcheck disable=SC2016 # perl's
	change 20 '$jam = "\x29" . "\0" x (length($jam) - 1)'
	fails 2 eventlog import vere other
	[ "$(cat err)" = 'eventlog import: vere: event 20: it is not [date wire card]' ]
}

# -------- words --------

@test "eventlog: no pier is 111 for all, with the same words" {
	local command
	mkdir empty
	: >file
	for command in 'eventlog cat' 'eventlog replay' 'eventlog export' \
		'boot --events' serf; do
		set --
		[ "$command" != 'eventlog export' ] || set -- to
		# shellcheck disable=SC2086 # words
		for pier in nothing file empty; do
			fails 111 $command $pier "$@" </dev/null
			mv err "$pier.err"
		done
		[ "$(cat nothing.err)" = "${command% --*}: nothing: no such pier" ]
		[ "$(cat file.err)" = "${command% --*}: file: not a directory" ]
		[ "$(cat empty.err)" = "${command% --*}: empty: no pier: there is no log" ]
	done
	fails 111 boot -F zod -B "$BIN/mini.pill" file
	[ "$(cat err)" = 'boot: file: not a directory' ]
	fails 111 boot -F zod -B "$BIN/mini.pill" no/such
	[ "$(cat err)" = 'boot: no/such: making the pier: no such file or directory' ]
	fails 100 boot -F notaship -B "$BIN/mini.pill" new
	grep -q '^boot: notaship: -F wants the name of a ship' err
}

@test "tool: an error lists few options, and of many says where they are" {
	fails 100 eventlog cat
	[ "$(cat err)" = 'eventlog cat: operands: too few; usage: eventlog cat [-qvV] [-o FORM] [--wire GLOB] [--tag GLOB] [--since DATE] [--until DATE] PIER [FROM[-TO] ...]' ]
	fails 100 boot
	[ "$(cat err)" = 'boot: pier: there is none; usage: boot [OPTION ...] [PIER]; boot --help says more' ]
	boot --help | grep -q '^usage: boot \[-qvV\] \[-F SHIP\]'
}
