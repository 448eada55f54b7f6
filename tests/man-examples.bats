# Every manual's EXAMPLES do what the page says.  In a literal block there,
# a line that begins with "$ " is a command and the lines up to the next are
# all that it writes, errors too; a block that begins otherwise is none of
# ours.  The blocks of a page share a directory.
# A block that names a pill is run by the tests of pills; but mini.pill, the
# one that `make` makes, is always there.

load helper

# The blocks of a page's EXAMPLES that name a pill ($2 = 1) or none (0), as
# a script that writes each command before what that command writes.
script_of() {
	awk -v pills="$2" -v q="'" '
		/^\.Sh / { examples = /EXAMPLES/ }
		/^\.Bd / { inside = examples; block = ""; next }
		/^\.Ed/ {
			names = block
			gsub(/mini\.pill/, "", names)
			if (inside && block ~ /^\$ / &&
			    (names ~ /\.pill/) == pills)
				printf "%s", block
			inside = 0
			next
		}
		inside {
			gsub(/\\e/, "\\")
			gsub(/\\\(aq/, q)
			block = block $0 "\n"
		}
	' "$1"
}

# Run the commands of a script on stdin: they and their output.
transcript() {
	local line
	while IFS= read -r line; do
		case $line in
		'$ '*)
			printf '%s\n' "$line"
			eval "(exit ${status:-0}); ${line#'$ '}" 2>&1 && status=0 || status=$?
			;;
		esac
	done
}

# check_page PAGE 0|1 PILL...
check_page() {
	local page=$1 pills=$2 status=0 room=${1##*/}
	shift 2
	mkdir "$room"
	ln -s "$@" "$room"
	script_of "$page" "$pills" >want
	(cd "$room" && transcript <../want >../got)
	diff -u want got || {
		echo "${page#"$ROOT/"}"
		return 1
	}
}

@test "man: each page of a tool has examples and exit codes" {
	for page in "$ROOT"/cmd/*/*.1; do
		grep -q '^\.Sh EXIT STATUS' "$page"
		[ -n "$(script_of "$page" 0)" ]
	done
}

@test "man: the examples do what the pages say" {
	for page in "$ROOT"/cmd/*/*.1 "$ROOT"/doc/*.5; do
		check_page "$page" 0 "$BIN/mini.pill"
	done
}

@test "man: the examples with pills do what the pages say" {
	need_data pills/brass-140.pill
	for page in "$ROOT"/cmd/*/*.1 "$ROOT"/doc/*.5; do
		check_page "$page" 1 "$DATA"/pills/*.pill
	done
}
