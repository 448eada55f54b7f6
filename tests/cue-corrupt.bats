# Small files cut at every byte, and with every bit flipped: never a crash,
# and nothing of a bad one comes out.

load helper

# Files cut.0 .. cut.(size - 1) of file $1.
cut_everywhere() {
	perl -e '
		local $/;
		$_ = <>;
		for my $i (0 .. length($_) - 1) {
			open my $f, ">", "cut.$i" or die;
			print $f substr $_, 0, $i;
		}' "$1"
}

# Files flip.BYTE.BIT of file $1.
flip_everywhere() {
	perl -e '
		local $/;
		$_ = <>;
		for my $i (0 .. 8 * length($_) - 1) {
			my $s = $_;
			vec($s, $i, 1) ^= 1;
			open my $f, ">", "flip.$i" or die;
			print $f $s;
		}' "$1"
}

# bad FILE PLACE ARG...: cue refuses it with one line that tells a place.
bad() {
	local file=$1 place=$2 code=0
	shift 2
	cue "$@" "$file" >out 2>err || code=$?
	[ $code -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -qE "^cue: $file: .* at $place [0-9]+$" err || {
		echo "cue $* $file: exit $code, $(wc -c <out) bytes"
		cat err
		return 1
	}
}

# The same, or it is a good noun: then its form is read back as it is.
clean() {
	local file=$1 code=0
	cue "${@:3}" -o text "$file" >out 2>err || code=$?
	[ $code -eq 0 ] || { bad "$@"; return; }
	[ ! -s err ] && jam -i text out | cue -o text | cmp - out || {
		echo "cue $file: an answer that is none"
		return 1
	}
}

# Sharing, a boxed atom, small atoms, a cell in a head.
a_noun() {
	echo '[[1 %two] [1 %two] 0xdead.beef.0000.1111.2222]'
}

@test "corrupt: a jam cut at any byte is bad" {
	a_noun | jam >n
	cut_everywhere n
	for f in cut.*; do
		bad "$f" bit
	done
}

@test "corrupt: a jam with any bit flipped is bad, or another noun" {
	a_noun | jam >n
	flip_everywhere n
	for f in flip.*; do
		clean "$f" bit
	done
}

@test "corrupt: an image cut at any byte is bad" {
	a_noun | jam -o image >n
	cut_everywhere n
	for f in cut.*; do
		bad "$f" byte -i image
	done
}

@test "corrupt: an image with any bit flipped is bad" {
	a_noun | jam -o image >n
	flip_everywhere n
	for f in flip.*; do
		bad "$f" byte -i image
	done
}

@test "corrupt: a byte behind an image is bad" {
	a_noun | jam -o image >n
	printf '\0' >>n
	bad n byte
}

@test "corrupt: a frame cut at any byte is bad, but for none at all" {
	a_noun | jam -o newt >n
	cut_everywhere n
	cue -i newt cut.0 >out
	[ ! -s out ]
	rm cut.0
	for f in cut.*; do
		bad "$f" byte -i newt
	done
}

@test "corrupt: a frame with any bit flipped is bad, or another noun" {
	a_noun | jam -o newt >n
	flip_everywhere n
	for f in flip.*; do
		clean "$f" '(byte|bit)' -i newt
	done
}
