# For eventlog*.bats: ships of the mini kernel.

# What no test changes: a pier that has booted, and one with some events.
setup_file() {
	local BIN=${BIN:-$BATS_TEST_DIRNAME/../bin}
	boot_ship "$BATS_FILE_TMPDIR/booted"
	cp -r "$BATS_FILE_TMPDIR/booted" "$BATS_FILE_TMPDIR/lived"
	echoes 1 20 | "$BIN/eventlog" append -i text -o none --date 2024-02-01 \
		"$BATS_FILE_TMPDIR/lived"
}

boot_ship() {
	"${BIN:-$BATS_TEST_DIRNAME/../bin}/boot" -q -F nec \
		-B "${BIN:-$BATS_TEST_DIRNAME/../bin}/mini.pill" --seed 01 "$1" \
		2>/dev/null
}

# %echo of each number, as text.
echoes() {
	seq -f '[[%%echo 0] %%echo %g]' "$1" "$2"
}

booted() {
	cp -r "$BATS_FILE_TMPDIR/booted" pier
}

lived() {
	cp -r "$BATS_FILE_TMPDIR/lived" pier
}

# The value of a line of info: info last pier
info() {
	eventlog info "$2" | sed -n "s/^$1: //p"
}

kernel() {
	info last "$1" | cut -f3
}

append() {
	eventlog append -q -i text -o text "$@"
}

# A pier like this one, of another ship: the kernel is another from the boot on.
stranger() {
	"$BIN/boot" -q -F nec -B "$BIN/mini.pill" --seed 02 "$1" 2>/dev/null
}

# What may not be done to a pier leaves it as it is: its logs and its image.
keeps() {
	local pier=$1
	shift
	cat "$pier"/.urb/image* "$pier"/.urb/log.chopped.db >before
	"$@"
	cat "$pier"/.urb/image* "$pier"/.urb/log.chopped.db | cmp - before
}
