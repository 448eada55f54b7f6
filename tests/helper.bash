# For every .bats file: `load helper`.
#
#     $BIN      the programs of the build under test; first in PATH
#     $DATA     real input, which is not in the tree: NOCKUTILS_DATA
#     $ROOT     the project
#
# Each test starts in an empty directory of its own.  `run` drops NUL
# bytes: let binary go through files, and compare them with cmp.

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BIN=${BIN:-$ROOT/bin}
DATA=${NOCKUTILS_DATA:-$ROOT/../shared}
case $DATA in
/*) ;;
*) DATA=$ROOT/$DATA ;;
esac
PATH=$BIN:$PATH
export ROOT BIN DATA PATH

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# Skip the test, by name, unless this file of $DATA is there.
need_data() {
	[ -r "$DATA/$1" ] || skip "no $1 in $DATA"
}

# Bytes from hex digits: unhex "31 12" >file
unhex() {
	local hex=${1//[[:space:]]/}
	# shellcheck disable=SC2001 # no pattern of bash does this
	printf '%b' "$(sed 's/../\\x&/g' <<<"$hex")"
}

# The exit status of a command, without ending the test: fails 2 cue file
# Its stdout and stderr are the files out and err.
fails() {
	local want=$1 got=0
	shift
	"$@" >out 2>err || got=$?
	[ "$got" -eq "$want" ] || {
		echo "exit $got, not $want: $*"
		cat err
		return 1
	}
}

# Wait until a line of the file has this: wait_for TEXT FILE [TENTHS]
wait_for() {
	local i
	for ((i = 0; i < ${3:-200}; i++)); do
		! grep -qF "$1" "$2" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
}
