# A noun through every pair of forms comes out as it went in.

load helper

forms=(jam newt image text)

# From form $1 to $2 to $3: then it must have the frame that n has.
through() {
	cue -i "$1" -o "$2" "n.$1" | cue -i "$2" -o "$3" >"out.$3"
	if [ "$3" = newt ]; then
		cmp n.newt out.newt
	else
		cue -i "$3" -o newt "out.$3" | cmp n.newt -
	fi || { echo "$1 $2 $3"; return 1; }
}

# The noun of file n.jam through every road of three forms.  A stream of
# frames cannot become a jam or an image: those two are one noun.
every_road() {
	local a b c
	for a in "${forms[@]}"; do
		cue -i jam -o "$a" n.jam >"n.$a.made"
		mv "n.$a.made" "n.$a"
	done
	for a in "${forms[@]}"; do
		for b in "${forms[@]}"; do
			for c in "${forms[@]}"; do
				case $a-$b-$c in
				newt-jam-* | newt-image-* | *-newt-jam | *-newt-image) ;;
				*) through "$a" "$b" "$c" ;;
				esac
			done
		done
	done
}

@test "roundtrip: the little noun in the tree, by every road" {
	jam "$ROOT/tests/data/hello.noun" >n.jam
	every_road
}

@test "roundtrip: each vector of the field, by every road" {
	while IFS=$'\t' read -r text _ _; do
		printf '%s' "$text" | jam -i text >n.jam
		every_road
	done < <(grep -v '^::' "$ROOT/tests/data/vectors.tsv" | sed -n '1~6p')
}

@test "roundtrip: random nouns of every size of atom, by every road" {
	for seed in 1 2 3 4; do
		perl -e '
			srand shift;
			sub noun {
				my $d = shift;
				if ($d == 0 || rand() < 0.1) {
					my $n = int rand 40;
					my $h = join "", map { sprintf "%x", rand 16 } 0 .. $n;
					$h =~ s/^0+(?=.)//;
					1 while $h =~ s/([0-9a-f])([0-9a-f]{4})(?![0-9a-f])/$1.$2/;
					return "0x$h";
				}
				my @n = map { noun($d - 1) } 0 .. 1 + rand 3;
				push @n, $n[0] if rand() < 0.5;
				return "[" . join(" ", @n) . "]";
			}
			print noun(6)' "$seed" | jam -i text >n.jam
		every_road
	done
}

@test "roundtrip: all three pills, cue to jam, byte by byte" {
	for pill in brass-140 ivory-140 ivory-141; do
		need_data "pills/$pill.pill"
		cue "$DATA/pills/$pill.pill" | jam | cmp - "$DATA/pills/$pill.pill"
	done
}

@test "roundtrip: a small kernel as text" {
	need_data pills/baby.pill
	cue -o text "$DATA/pills/baby.pill" | jam | cmp - "$DATA/pills/baby.pill"
}

@test "roundtrip: a list of a million elements through every form" {
	perl -e 'print "[", join(" ", 1 .. 1000000), " 0]"' | jam -i text >n.jam
	cue n.jam | jam | cmp - n.jam
	cue -o text n.jam | jam -i text | cmp - n.jam
	[ "$(cue --stat n.jam | sed -n 's/^depth: //p')" = 1000000 ]
}

# The mugs of such a chain are a cycle of some 40,000: what finds equal
# parts must not take the cells of one round for those of the next.
@test "roundtrip: a million cells deep on the left" {
	perl -e 'print "[" x 1000000, "0", " 1]" x 1000000' >text
	timeout 60 jam -i text text >n.jam
	cue n.jam | jam | cmp - n.jam
	cue -o text n.jam | jam -i text | cmp - n.jam
}

@test "roundtrip: a list of a million equal elements" {
	perl -e 'print "[", "1 " x 1000000, "0]"' >text
	timeout 60 jam -i text text >n.jam
	cue n.jam | jam | cmp - n.jam
	cue n.jam | cue -o text | jam -i text | cmp - n.jam
}
