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

# An image with its sums put right, so that what is behind them is reached:
# image WORD... : cells, words, root; then the body.
@test "corrupt: an image whose sums are right and whose references are not" {
	command -v xxhsum >/dev/null || skip "no xxhsum to make one with"
	sum() {
		xxhsum -q -H3 "$1" | sed 's/.*XXH3_//; s/ .*//; s/^.*= //'
	}
	words() {
		perl -e 'print pack "Q<*", map { oct } @ARGV' "$@"
	}
	image() {
		{
			printf nounimg1
			words "${@:1:3}"
		} >head
		words "${@:4}" >body
		{
			cat head
			words "0x$(sum head)"
			cat body
			words "0x$(sum body)"
		} >n
	}
	image 0x1 0x0 0x1 0x2 0x4
	[ "$(cue -o text n)" = '[1 2]' ]
	image 0x1 0x0 0x1 0x1 0x4 # the cell is its own head
	bad n byte
	image 0x1 0x0 0x11 0x2 0x4 # no such cell
	bad n byte
	image 0x1 0x0 0x1 0x3 0x4 # no such atom
	bad n byte
	image 0x0 0x2 0x3 0x1 0x5 # a boxed atom that is not normalised
	bad n byte
	image 0x0 0x2 0x3 0x9 0x5 # an atom longer than all of them
	bad n byte
	image 0x2 0x0 0x11 0x2 0x4 0x1 0x5 # a word that is no noun
	bad n byte
}
