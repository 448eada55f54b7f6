# urbit eval: Hoon through an ivory pill.
#
# The toy pill is one by its shape: its wish knows four words, and takes all
# else to be the text of a gate that makes tanks.

load helper

toy() {
	jam >"$1" <<-'END'
		[%ivory [1 0 0 [0 [1 [
			6 [5 [0 6] 1 'crash'] [11 [%mean 1 %oops] 0 0]
			6 [5 [0 6] 1 'loop'] [9 2 0 1]
			6 [5 [0 6] 1 'deep'] [[9 2 0 1] 0 0]
			6 [5 [0 6] 1 'pair'] [[0 6] 0 6]
			1 [1 %rose [[44 32 0] [91 0] [93 0]] [%leaf 104 105 0] 'you' 0]
			0 0] 0 0] 0] 0] 0 0]
	END
}

# A core that says it is Hoon's add, and gives 7.
seven='[7 [11 [%fast 1 [%k 140] [1 0] 0] 1 [1 0] 0]
	7 [11 [%fast 1 %one [0 3] 0] [1 1 1] 0 1]
	7 [11 [%fast 1 %add [0 7] 0] [1 1 7] [1 2 3] 0 1] 9 2 0 1]'

need_ivory() {
	need_data pills/ivory-140.pill
	ivory=$DATA/pills/ivory-140.pill
}

need_release() {
	[ "${VARIANT:-release}" = release ] || skip "not the release build"
}

teardown() {
	local p
	for p in $(jobs -p); do kill -KILL "$p"; done
}

# -------- commands --------

@test "urbit: without a pier it is called wrongly; what is no command is a pier" {
	fails 100 urbit
	[[ "$(cat err)" == 'urbit: pier: there is none; usage: '* ]]
	fails 111 urbit frob
	[ "$(cat err)" = "urbit: frob: there is no ship; -F SHIP makes a fake one" ]
	urbit --help | grep -q '^  eval'
}

@test "urbit eval: called wrongly is exit 100 and one line" {
	while read -r args; do
		# shellcheck disable=SC2086 # words are wanted
		fails 100 urbit eval $args </dev/null || { echo "$args"; return 1; }
		[ "$(wc -l <err)" -eq 1 ]
		[ ! -s out ]
	done <<-'END'
		--nothing
		-o gold
		-j -c
		-j -o text
		-c -o text
		-c --batch
		-c x
		--batch x
		--batch -j
		-j x y
		-o image x y
		--limit-time 0
		--heap 1Q
		--no-jets=nothing
		--check-jets=nothing
		--check-rate 0
		--check-time x
		--check-dir no/such
	END
}

# -------- pills --------

@test "urbit eval: no pill is one clear line" {
	fails 111 env XDG_CACHE_HOME="$PWD/c" urbit eval x
	[ "$(cat err)" = "urbit eval: $PWD/c/nockutils/pills: there is no ivory pill here; put one here, or name one with -J" ]
	fails 111 env HOME="$PWD" XDG_CACHE_HOME= urbit eval x
	grep -q "$PWD/.cache/nockutils/pills: there is no" err
	fails 111 env -u HOME -u XDG_CACHE_HOME urbit eval x
	grep -q -- 'with -J$' err
	fails 111 urbit eval -J missing x
}

@test "urbit eval: the newest ivory pill of the cache is taken, what is none is not" {
	export XDG_CACHE_HOME=$PWD
	mkdir -p nockutils/pills
	cd nockutils/pills
	toy b.pill
	echo '[%ivory [1 0 0 0 [1 [1 1 8] 0 0] 0] 0 0]' | jam >a.pill
	echo '[%pill 1 2 3]' | jam >c.pill
	echo '[1 2]' | jam >d.jam
	touch -d 2001-01-01 b.pill
	touch -d 2000-01-01 a.pill
	[ "$(urbit eval -o text pair)" = '[%pair %pair]' ]
	touch -d 2002-01-01 a.pill
	fails 1 urbit eval -o text pair
}

@test "urbit eval: an old ivory pill, with no tag" {
	toy toy.pill
	cue --axis 6 toy.pill >formula
	for shape in '[[0 1] 1 0]' '[[[0 1] 1 0] 1 0 0]'; do
		nock-eval -f "$shape" -o jam formula >old.pill
		[ "$(urbit eval -J old.pill -o text pair)" = '[%pair %pair]' ]
	done
}

@test "urbit eval: what is no ivory pill is exit 2" {
	for n in 5 '[1 2]' '[%ivory 0]' '[%pill %brass 0 0 0]' '[[1 2] 3]'; do
		echo "$n" | jam >bad.pill
		fails 2 urbit eval -J bad.pill x
		[ "$(cat err)" = 'urbit eval: bad.pill: is no ivory pill' ]
	done
	printf qH >bad.pill
	fails 2 urbit eval -J bad.pill x
	for n in '[%ivory [0 0] 0 0]' '[%ivory [1 0] 0 0]'; do
		echo "$n" | jam >bad.pill
		fails 2 urbit eval -J bad.pill x
		[ "$(tail -n 1 err)" = \
			'urbit eval: bad.pill: crashed as its kernel was made (exit)' ]
	done
}

# -------- expressions --------

@test "urbit eval: each argument is an expression, standard input is one" {
	toy toy.pill
	[ "$(urbit eval -J toy.pill x)" = '[hi, you]' ]
	[ "$(echo x | urbit eval --ivory-pill toy.pill)" = '[hi, you]' ]
	[ "$(urbit eval -J toy.pill x y)" = $'[hi, you]\n[hi, you]' ]
	[ "$(urbit eval pair -J toy.pill -o text)" = '[%pair %pair]' ]
	[ "$(urbit eval -J toy.pill -o text pair -- crash pair 2>err)" = \
		$'[%pair %pair]\n[%pair %pair]' ]
	[ "$(cat err)" = $'oops\nurbit eval: expression 2: crashed (exit)' ]
}

@test "urbit eval: -o and the filters -j -c -n" {
	toy toy.pill
	echo "[%pair %pair]" | jam >want
	urbit eval -J toy.pill -o jam pair | cmp - want
	urbit eval -J toy.pill -j pair | cmp - want
	jam -o newt want >want.newt
	urbit eval -J toy.pill --jam --newt pair | cmp - want.newt
	[ "$(urbit eval -J toy.pill -o image pair | cue -o text)" = '[%pair %pair]' ]
	[ "$(urbit eval -c <want)" = '[%pair %pair]' ]
	[ "$(cat want.newt want.newt | urbit eval -cn)" = '[%pair %pair]' ]
	fails 2 urbit eval -cn <want
	fails 2 urbit eval -c < <(printf qH)
	urbit eval -J toy.pill -n -o text pair 2>err | cmp - <(cue -o text want)
	[ "$(cat err)" = 'urbit eval: -n: means nothing without -j or -c' ]
}

@test "urbit eval: -j makes a noun that is written out without a pill" {
	export XDG_CACHE_HOME=$PWD/none
	echo "[0 %fyrd [%base %eval %noun [%ted-eval 'a\'b']]]" >line
	jam -o newt <line >want
	urbit eval -jn <line | cmp - want
	urbit eval --jam <line | cmp - <(jam <line)
	fails 111 urbit eval -jn '[0 (add 2 2)]'
	fails 111 urbit eval -o text 5
	toy toy.pill
	urbit eval -J toy.pill -j pair | cmp - <(echo '[%pair %pair]' | jam)
}

@test "urbit eval: -c prints a noun as Vere does, for the scripts that read that" {
	while IFS='|' read -r noun told; do
		[ "$(echo "$noun" | jam | urbit eval -c)" = "$told" ] ||
			{ echo "$noun"; return 1; }
	done <<-'END'
		0|0
		65535|65535
		65536|0x10000
		%hi|26984
		%base|%base
		%khan-eval|%khan-eval
		'a1b'|%a1b
		'ab1'|'ab1'
		'1ab'|'1ab'
		'-a-'|%-a-
		'~zod'|'~zod'
		'it\'s \\ so'|'it's \ so'
		'a\0ab'|0x620a61
		'caf\c3\a9'|0xa9c3666163
		[1 [2 3] 4]|[1 [2 3] 4]
		[[1 2] [[3 4] 5] 6 7]|[[1 2] [[3 4] 5] 6 7]
	END
	[ "$(echo "'a b\7f'" | jam | urbit eval -c)" = $'\'a b\x7f\'' ]
	printf '1%0300000d' 0 | sed 's/^/0x/' | jam | urbit eval -c >long
	[ "$(wc -c <long)" -eq 300004 ]
	fails 111 sh -c 'echo 5 | jam | urbit eval -c >/dev/full'
}

@test "urbit eval: -ck shows what a thread answered, a failure's trace on stderr" {
	echo '[5 %noun 0 1 2]' | jam -o newt >good
	[ "$(urbit eval -cnk <good)" = '[5 %noun 0 1 2]' ]
	echo '[5 %noun 1 %oops [%leaf 104 105 0] %outer 0]' | jam >bad
	urbit eval -ck <bad >out 2>err
	[ "$(cat out)" = '[5 %noun 1]' ]
	[ "$(cat err)" = $'outer\nhi\nurbit eval: thread: bail: %oops' ]
	echo '[0 %bail [%exit 0] 0]' | jam >refused
	[ "$(urbit eval -ck <refused)" = '[0 %bail [%exit 0] 0]' ]
	for n in 5 '[1 2 3]' '[1 2 1 5]' '[1 2 1 [5 6] 0]'; do
		echo "$n" | jam >bad
		fails 2 urbit eval -ck <bad
	done
}

@test "urbit eval: a limit of time or memory is 111 and names its kind" {
	toy toy.pill
	fails 111 urbit eval -J toy.pill -o text --limit-time 0.2 loop
	[ "$(cat err)" = \
		'urbit eval: expression: out of time (time): the limit is --limit-time 0.2' ]
	fails 111 urbit eval -J toy.pill -o text --heap 8M deep
	grep -q 'expression: out of .*: the limit is --heap 8M$' err
}

@test "urbit eval: a full disk is 111" {
	toy toy.pill
	for args in x '-o text pair' --batch; do
		# shellcheck disable=SC2086 # words are wanted
		fails 111 sh -c "echo x | urbit eval -J toy.pill $args >/dev/full"
		[ "$(cat err)" = 'urbit eval: stdout: no space left on device' ]
	done
}

# -------- --batch --------

@test "urbit eval: --batch: a crash or a limit in a line leaves the others well" {
	toy toy.pill
	printf '%s\n' pair crash loop deep '' pair >lines
	urbit eval -J toy.pill --batch --limit-time 0.5 --heap 24M <lines >out 2>err
	mug=$(echo '[%pair %pair]' | jam | cue --stat | sed -n 's/^mug: 0x//p')
	{
		printf '%s\t%s\n' "$mug" '[%pair %pair]'
		printf '%s\n' CRASH TIME? OVER?
		sed -n 5p out
		printf '%s\t%s\n' "$mug" '[%pair %pair]'
	} | diff out -
	[[ "$(sed -n 5p out)" == *$'\t[[1 %rose '* ]]
	[ ! -s err ]
}

@test "urbit eval: --batch: a line is answered before the next is there" {
	toy toy.pill
	mkfifo in out
	urbit eval -J toy.pill --batch <in >out &
	exec 5>in 6<out
	for _ in 1 2 3; do
		echo crash >&5
		read -r answer <&6
		[ "$answer" = CRASH ]
	done
	exec 5>&-
	wait $!
	exec 6<&-
}

@test "urbit eval: --batch: a long product is cut at 200 bytes, between characters" {
	need_ivory
	printf '%s\n' '(gulf 1 100)' "(fil 3 150 'a')" "(rap 3 (reap 150 'é'))" |
		urbit eval -J "$ivory" --batch | cut -f2 >out
	for i in 1 2 3; do
		line=$(sed -n ${i}p out)
		[ "$i" -eq 2 ] || [[ "$line" == *... ]]
	done
	[ "$(sed -n 1p out | wc -c)" -eq 204 ]
	[ "$(sed -n 2p out | wc -c)" -eq 152 ]
	[ "$(sed -n 3p out)" = "'$(printf 'é%.0s' {1..99})..." ]
}

# -------- jets --------

@test "jets: one runs in place of the arm that has its name, but for --no-jets" {
	[ "$(nock-eval -s 0 -f "$seven" -o text)" = 5 ]
	for off in --no-jets --no-jets=add --no-jets='one add' \
		--no-jets='k140 one add' --no-jets=one; do
		[ "$(nock-eval "$off" -s 0 -f "$seven" -o text)" = 7 ]
	done
	[ "$(nock-eval --no-jets=sub --no-jets='by put' -s 0 -f "$seven" -o text)" = 5 ]
}

@test "jets: --check-jets tells a difference, saves its sample, goes on with the Hoon" {
	fails 1 nock-eval --check-jets -s 0 -f "$seven" -o text
	[ "$(cat out)" = 7 ]
	diff err - <<-'END'
		nock-eval: k140 one add: the jet: 5; its Hoon: 7; sample: ./jet-k140-one-add-1.jam
		nock-eval: jets: 1 checks, 1 differences
	END
	[ "$(cue -o text jet-k140-one-add-1.jam)" = '[2 3]' ]
	mkdir d
	fails 1 nock-eval -q --check-jets=add --check-dir d -s 0 -f "[$seven $seven]" -o text
	[ "$(cat out)" = '[7 7]' ]
	[ "$(ls d)" = $'jet-k140-one-add-1.jam\njet-k140-one-add-2.jam' ]
	nock-eval --check-jets=sub -s 0 -f "$seven" -o text >out 2>err
	[ "$(cat out)" = 5 ]
	[ "$(cat err)" = 'nock-eval: jets: 0 checks, 0 differences' ]
}

@test "jets: a path's differences after the twentieth are counted" {
	f=$seven
	for _ in 1 2 3 4 5; do f="[$f $f]"; done
	fails 1 nock-eval --check-jets -s 0 -f "$f"
	[ "$(grep -c 'its Hoon' err)" -eq 20 ]
	[ "$(find . -name 'jet-*.jam' | wc -l)" -eq 20 ]
	grep -q 'only counted$' err
	[ "$(tail -n 1 err)" = 'nock-eval: jets: 32 checks, 32 differences' ]
}

@test "jets: a sample that cannot be saved is told" {
	: >file
	fails 100 nock-eval --check-jets --check-dir file -s 0 -f "$seven"
	long=$(printf 'x%.0s' {1..5000})
	fails 100 nock-eval --check-jets --check-dir "$long" -s 0 -f "$seven"
}

@test "jets: the workers of a pool check too" {
	printf '0 0 0' >jobs
	fails 1 nock-eval -j 2 -i text --check-jets -f "$seven" jobs
	[ "$(cat out)" = $'[0 7]\n[0 7]\n[0 7]' ]
	[ "$(grep -c 'its Hoon' err)" -eq 3 ]
	[ "$(tail -n 1 err)" = 'nock-eval: jets: 3 checks, 3 differences' ]
	[ "$(find . -name 'jet-*.jam' | wc -l)" -eq 3 ]
	fails 100 nock-eval -j 2 --jet-stats -f "$seven" </dev/null
}

@test "jets: --jet-stats tells what was called, and what has no jet" {
	f=${seven//%add/%none}
	f=${f/1 1 7/1 1 8}
	nock-eval --jet-stats -s 0 -f "[$seven $f]" -o text >out 2>err
	[ "$(cat out)" = '[5 8]' ]
	diff <(awk '{ print $1, NF, $NF }' err) - <<-'END'
		calls 5 jet
		1 7 add
		calls 9 most
		1 6 none
	END
}

# -------- real input --------

@test "urbit eval: a product as the dojo shows it" {
	need_ivory
	[ "$(urbit eval -J "$ivory" '(add 2 2)' '"hi"' '~[1 2]' '`@p`12.345')" = \
		$'4\n"hi"\n[1 2 ~]\n~losdex' ]
	printf '=/  a  20\n|-  ^-  @\n?:  =(0 a)  1\n(mul a $(a (dec a)))\n' >factorial
	[ "$(urbit eval -J "$ivory" <factorial)" = 2.432.902.008.176.640.000 ]
	[ "$(urbit eval -J "$ivory" -o text '"hi"')" = '[104 105 0]' ]
	urbit eval -J "$ivory" '~&  %hello  (add 2 2)' >out 2>err
	[ "$(cat out)" = 4 ]
	[ "$(cat err)" = %hello ]
}

@test "urbit eval: what is no Hoon, or crashes, is exit 1, and shows where" {
	need_ivory
	fails 1 urbit eval -J "$ivory" '(add 2'
	[ "$(cat err)" = $'/eval\n{1 7}\nsyntax error\nurbit eval: expression: crashed (exit)' ]
	fails 1 urbit eval -J "$ivory" '(dec 0)'
	[ "$(cat err)" = $'decrement-underflow\nurbit eval: expression: crashed (exit)' ]
	fails 1 urbit eval -J "$ivory" nothing
}

@test "urbit eval: Hoon without one of its jets gives the same" {
	need_ivory
	need_release
	[ "$(urbit eval -J "$ivory" --no-jets='one add' '(add 2 2)')" = 4 ]
	[ "$(urbit eval -J "$ivory" --no-jets=turn '(turn ~[1 2] dec)')" = '~[0 1]' ]
}

@test "urbit eval: --check-jets finds no difference" {
	need_ivory
	need_release
	need_data vectors/hoon-140.tsv
	awk -F'\t' '/^(arith|bits|list|map)-/ && NR % 10 == 0 { print $2 }' \
		"$DATA/vectors/hoon-140.tsv" >lines
	[ -s lines ]
	urbit eval -J "$ivory" --batch --check-jets --check-rate 1000 \
		--check-time 0.02 <lines >out 2>err
	[ "$(wc -l <out)" -eq "$(wc -l <lines)" ]
	grep -qE '^urbit eval: jets: [0-9]{4,} checks, 0 differences' err
	! grep -q 'its Hoon' err
}

# The vectors are what Vere gives.  Of these its jets and their Hoon disagree:
# the compiler's are kept, for ships are made with them; else the Hoon is right.
@test "urbit eval: where Vere's jets and the Hoon differ" {
	need_ivory
	need_release
	need_data vectors/jet-vs-hoon.tsv
	grep -v '^#' "$DATA/vectors/jet-vs-hoon.tsv" >cases
	[ "$(wc -l <cases)" -ge 36 ]
	wrong=0
	while IFS=$'\t' read -r group id jet hoon _; do
		expression=$(awk -F'\t' -v id="$id" '$1 == id { print $2 }' \
			"$DATA/vectors/hoon-140.tsv")
		want=$hoon
		[ "$group" != ut ] || want=$jet
		# The first bytes of the jam are given.
		if urbit eval -J "$ivory" -j -- "$expression" >out 2>err; then
			got="OK $(od -An -v -tx1 <out | tr -d ' \n')"
			[ "${want#BAIL}" = "$want" ] || want=CRASH
		else
			got=CRASH
			want=${want/BAIL*/CRASH}
		fi
		[[ "$got" == "$want"* ]] || {
			echo "$id $expression: $got, not $want"
			wrong=1
		}
	done <cases
	[ $wrong -eq 0 ]
}

@test "urbit eval: the vectors" {
	need_ivory
	need_data vectors/hoon-140.tsv
	case ${VARIANT:-release} in
	release | asan) step=1 ;;
	*) step=100 ;;
	esac
	# One more, which Vere's jet crashes on: a bite may be a cell.
	awk -F'\t' -v step="$step" '
		NR == FNR { special[$2]; next }
		FNR % step == 0 && !($1 in special) {
			print $1 "\t" $2 "\t" ($1 == "crash-068" ? "715c2a60" : $3)
		}' "$DATA/vectors/jet-vs-hoon.tsv" "$DATA/vectors/hoon-140.tsv" >vectors
	cut -f2 vectors | urbit eval -J "$ivory" --batch --limit-time 60 >out 2>err
	[ "$(wc -l <out)" -eq "$(wc -l <vectors)" ]
	paste <(cut -f1 vectors) <(cut -f1 out) | diff - <(cut -f1,3 vectors)
}
