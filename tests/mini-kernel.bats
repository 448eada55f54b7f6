# bin/mini.pill, the kernel that piers and drivers are tested on: what
# kernel/mini.nock says of itself.

load helper

# Events, as a boot has them.
kelvins='[%hoon 135] [%arvo 234] [%lull 320] [%zuse 408] [%nock 4] 0'
wyrd="[1 [0 %arvo 0] %wyrd [1 %vere 0] $kelvins]"
verb='[2 [0 %arvo 0] %verb 0 0]'
whom='[3 [0 %arvo 0] %whom ~nec]'
wack='[4 [0 %arvo 0] %wack 0xdead.beef]'
what="[5 [0 %arvo 0] %what [[%sys %hoon 0] %hoon 'text'] 0]"

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	boot >larva
	boot "$wyrd" "$verb" "$whom" "$wack" "$what" >adult 2>metamorphosis
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/larva" "$BATS_FILE_TMPDIR/adult" .
	cp adult kernel
}

# The kernel that the lifecycle function makes of the pill and these events.
boot() {
	cue --axis 14 -o jam "$BIN/mini.pill" >boot.jam
	nock-eval -o jam boot.jam \
		-f "[7 [[0 2] [0 6] [0 14] 1 $* 0] 7 [2 [0 3] 0 2] 0 7]"
}

# What makes the gate in an arm of the subject, and calls it with a sample.
arm() {
	echo "[8 [9 $1 0 1] 9 2 10 [6 1 $2] 0 2]"
}

# Poke the file kernel with an ovum at $at; prints the effects.  The kernel
# is what comes of it.  More are options of nock-eval.
poke() {
	nock-eval -o jam -f "$(arm 23 "[${at:-10} $1]")" "${@:2}" kernel \
		>product || return
	cue --axis 2 -o text product
	cue --axis 3 -o jam product >kernel
}

# Poke it with a card from the terminal, and with a key; what shows a line.
term() {
	poke "[[%d %term '1' 0] $1]"
}

key() {
	term "[%belt $1]"
}

blit() {
	echo "[[[%d %term '1' 0] %blit $1] 0]"
}

# Poke it with a request.
get() {
	poke "[[%e %http-server %v1 0] %request 0 [%ipv4 0] 'GET' '$1' 0 0]" \
		"${@:2}"
}

respond() {
	local event all=
	for event; do
		all+="[[%e %http-server %v1 0] %response $event] "
	done
	echo "[${all}0]"
}

peek() {
	nock-eval -o text -f "$(arm 22 "[0 $1]")" kernel
}

# What there is to read at /x/NAME.
see() {
	nock-eval -o text kernel \
		-f "[7 $(arm 22 "[0 0 %x '~nec' %mini '1' $1 0]") 0 7]"
}

wish() {
	nock-eval -o text -f "$(arm 10 "$1")" kernel
}

# The list of a word's characters.
tape() {
	printf %s "$1" | od -An -v -tu1 | tr -s '\n ' ' ' | sed 's/^/[/;s/$/ 0]/'
}

# same TEXT COMMAND...: the command prints the noun in this text.
same() {
	local want
	want=$(jam -i text <<<"$1" | cue -o text)
	"${@:2}" >got
	[ "$(cat got)" = "$want" ] || {
		echo "want $want"
		echo "got  $(cat got)"
		return 1
	}
}

# crashes WORDS COMMAND...: it does, with these words as its trace, and the
# kernel is what it was.
crashes() {
	cp kernel before
	fails 1 "${@:2}"
	[ "$(grep -v '^nock-eval:' err)" = "$1" ] || {
		cat err
		return 1
	}
	cmp kernel before
}

# -------- the assembler --------

# What kernel/assemble.awk makes of a text.
assemble() {
	awk -f "$ROOT/kernel/assemble.awk"
}

# formula TEXT EXPR: the formula of EXPR for a subject [a b c=[d e]] is this.
formula() {
	local got
	got=$(assemble <<<"(formula f [a b c=[d e]] $2) (noun f)")
	[ "$got" = "$1" ] || {
		echo "$2: $got, not $1"
		return 1
	}
}

@test "assemble: a name is its axis" {
	formula '[0 2]' a
	formula '[0 6]' b
	formula '[0 7]' c
	formula '[0 15]' e
	formula '[[0 2] [[0 6] [0 14]]]' '[a b d]'
}

@test "assemble: what names no part of the subject is a constant" {
	formula "[1 [1 [%a ['b' [104 105 0]]]]]" "[1 %a 'b' \"hi\"]"
	formula "[[0 2] [1 [3 'abc']]]" "[a (octs 'abc')]"
}

@test "assemble: the forms are opcodes" {
	formula '[2 [0 2] [0 6]]' '(nock a b)'
	formula '[6 [3 [0 2]] [4 [0 6]] [5 [0 2] [1 0]]]' \
		'(if (cell a) (inc b) (same a 0))'
	formula '[8 [4 [0 2]] [[0 2] [0 14]]]' '(let x (inc a) [x b])'
	formula '[7 [10 [14 [1 1]] 0 1] [0 7]]' '(set d 1 c)'
	formula '[6 [5 [0 2] [1 1]] [0 6] [0 7]]' '(case a 1 b c)'
	formula '[9 4 [0 7]]' '(kick 4 c)'
	formula '[8 [0 2] 9 2 10 [6 [0 14]] 0 2]' '(slam a b)'
	formula "[11 [%mean [1 'x']] [0 0]]" "(mean 'x' (crash))"
	formula '[6 [0 2] [0 6] 1 1]' '(and a b)'
}

@test "assemble: an arm is called with the library, which its subject has" {
	[ "$(echo '(arm f [n] (g 1 n)) (arm g [a b] b) (formula h [library] (f 2))
		(noun [h library])' | assemble)" = \
		"[[2 [[1 2] [0 1]] [0 2]] [[2 [[[1 1] [0 2]] [0 3]] [0 7]] [0 5]]]" ]
}

@test "assemble: what is wrong is named, with its line" {
	local text
	while read -r line text; do
		fails 2 assemble <<<"${text//;/$'\n'}"
		[[ "$(cat err)" == "-:$line: "* ]] || {
			echo "$text"
			cat err
			return 1
		}
	done <<-'END'
		1 (noun [1 2
		2 (noun 1);]
		1 ()
		2 (const a 1);(noun b)
		2 (noun a);(const a [b]) (const b [a])
		2 (const a 1);(const a 2) (noun a)
		2 (noun f);(formula f [a b] (if a b))
		2 (noun f);(formula f [a b] (g a b))
		2 (noun f);(formula f [a b] (set c 1 a))
		2 (noun f);(formula f [a b] (case a 1 2))
		2 (noun f);(formula f [a B] a)
		2 (noun f);(arm g a a) (formula f [a b] (g a))
		2 (noun f);(formula f [a b] [a "Ã"])
		2 (noun f);(formula f [a b] (octs a))
		2 (const a 1);(const b a)
	END
}

# -------- the pill, and the larva --------

@test "mini: a pill of three nouns for the kernel, an event for it, an event on it" {
	cue --stat "$BIN/mini.pill" >stat
	grep -qx 'pill: %pill mini' stat
	grep -qx 'boot: 3' stat
	grep -qx 'kernel: 1' stat
	grep -qx 'userspace: 1' stat
}

@test "mini: its sources state the kelvins that wish tells" {
	cue --stat "$BIN/mini.pill" >stat
	grep -qx "kelvins: hoon $(wish "'hoon-version'"), arvo $(wish %arvo),\
 lull $(wish %lull), zuse $(wish %zuse)" stat
}

@test "mini: the pill's own events go through the lifecycle" {
	local files userspace
	files=$(cue --axis 60 -o text "$BIN/mini.pill")
	userspace=$(cue --axis 62 -o text "$BIN/mini.pill")
	boot "$wyrd" "$verb" "$whom" "$wack" "[5 $files]" "[6 $userspace]" >kernel
	same 1 see %count
	same 6 see %now
	cue --axis 60 -o jam "$BIN/mini.pill" | cue --axis 7 -o text >files
	same "$(cat files)" see %files
}

@test "mini: the lifecycle, and pokes one by one, make the same kernel" {
	cp larva kernel
	for event in "$wyrd" "$verb" "$whom" "$wack" "$what"; do
		at=${event:1:1} same 0 poke "[${event:3}"
	done
	cmp kernel adult
}

@test "mini: a larva grows up with who, entropy and sources, in any order" {
	grep -q 'mini: metamorphosis' "$BATS_FILE_TMPDIR/metamorphosis"
	boot "$what" "$wack" "$whom" >kernel
	same '~nec' see %who
	same 3 see %now
	for two in "$what $wack" "$whom $wack" "$whom $what"; do
		boot "$two" >kernel
		same 0 peek '[0 %x 0 0 0 %now 0]'
	done
}

@test "mini: a larva takes its five cards, on //arvo, and no other" {
	cp larva kernel
	crashes 'mini: a larva takes no such card' poke '[[%echo 0] %echo 1]'
	crashes 'mini: a larva takes no such card' poke '[[0 %arvo 0] %echo 1]'
	crashes 'mini: a larva takes no such card' poke '[[%arvo 0] %verb 0]'
	crashes 'mini: no files' poke '[[0 %arvo 0] %what 0]'
	poke "[${whom:3}"
	crashes 'mini: whom, again' poke "[${whom:3}"
}

@test "mini: wyrd wants every kelvin from the runtime, or a lower one" {
	local has lacks wire='[0 %arvo 0]'
	has=${kelvins/\%zuse 408/%zuse 407}
	for lacks in "${kelvins/\%zuse 408/%zuse 409}" "${kelvins/\%lull/%lulu}" 0; do
		cp larva kernel
		same 0 poke "[$wire %wyrd [1 %vere 0] $has]"
		crashes wyrd poke "[$wire %wyrd [1 %vere 0] $lacks]"
		cp adult kernel
		crashes $'mini: poke\nwyrd' poke "[$wire %wyrd [1 %vere 0] $lacks]"
		same 0 poke "[$wire %wyrd [2 %new 0] $has]"
		same "[[2 %new 0] $has]" see %vere
	done
}

@test "mini: grown up, it has a ship once, and takes the other cards again" {
	crashes $'mini: poke\nmini: whom, again' poke "[${whom:3}"
	same 0 see %quiet
	same 0 poke '[[0 %arvo 0] %verb 0]'
	same 1 see %quiet
	same 0 poke '[[0 %arvo 0] %verb 0 0]'
	same 0 see %quiet
	same 0 poke '[[0 %arvo 0] %wack 7]'
	same 0 poke '[[0 %arvo 0] %what [[%a 0] %txt 1] 0]'
	same '[[[%a 0] %txt 1] 0]' see %files
}

# -------- what it is tested with --------

@test "mini: %echo comes back, on its wire; %emit is what comes out" {
	same '[[[%echo 0] %echo 1 2 %three] 0]' poke '[[%echo 0] %echo 1 2 %three]'
	same '[[[%a 0] %b 1] [[%c 0] %d 2] 0]' \
		poke '[[%x 0] %emit [[%a 0] %b 1] [[%c 0] %d 2] 0]'
	same 0 poke '[[%x 0] %emit 0]'
}

@test "mini: it counts events, and knows when the last one was" {
	same 0 see %count
	at=0x8000.000d.32bb.462e.dcfb.7f98.0000.0000 poke '[[%echo 0] %echo 1]'
	same 1 see %count
	same 0x8000.000d.32bb.462e.dcfb.7f98.0000.0000 see %now
	at=3 poke '[[%echo 0] %echo 1]'
	same 2 see %count
	same 3 see %now
}

@test "mini: of its history it keeps the last 16 to 32" {
	local i
	at=1 poke '[[%echo 0] %echo 1]'
	at=2 poke '[[%grow 0] %grow 1]'
	same '[[[2 [%grow 0] %grow] [1 [%echo 0] %echo] 0] 0]' see %history
	for i in {3..33}; do at=$i poke '[[%echo 0] %echo 1]'; done
	see %history >history
	grep -qF '[[33 ' history
	grep -qF ' [17 ' history
	! grep -qF '[16 ' history
}

@test "mini: %grow is as many cells more, and %shed drops them" {
	local before
	before=$(cue --stat kernel | sed -n 's/^cells: //p;s/,//g')
	poke '[[%x 0] %grow 3]'
	same '[2 1 0 0]' see %heap
	poke '[[%x 0] %grow 1.000]'
	same 1.003 see %top
	[ "$(cue --stat kernel | sed -n 's/^cells: //p')" -ge $((before + 1003)) ]
	poke '[[%x 0] %shed 0]'
	same 0 see %heap
	[ "$(cue --stat kernel | sed -n 's/^cells: //p')" -lt $((before + 100)) ]
	poke '[[%x 0] %grow 1]'
	same '[1.003 0]' see %heap
}

@test "mini: %crash crashes, as does a card that nobody knows" {
	crashes $'mini: poke\nmini: crash' poke '[[%x 0] %crash 0]'
	crashes $'mini: poke\nmini: no such card' poke '[[%x 0] %crush 0]'
	crashes 'mini: poke' poke '[0 %born 0]'
}

@test "mini: %loop never ends, %bloat takes all the memory there is" {
	fails 111 poke '[[%x 0] %loop 0]' --limit-time 0.2
	grep -qF '(time)' err
	fails 111 poke '[[%x 0] %bloat 0]' --heap 16M
	grep -qF '(meme)' err
	cmp kernel adult
}

@test "mini: %crud tells the trace of the event that crashed, and counts it" {
	same "$(blit "[%put $(tape '! an event crashed')] [%nel 0] \
		[%hop 0] [%wyp 0] [%put 62 32 0] [%hop 2] 0")" \
		poke "[[%x 0] %crud [%exit [%leaf $(tape one)] [%leaf $(tape two)] 0] \
		[%x 0] %crash 0]" 2>told
	[ "$(cat told)" = $'>>> one\n>>> two' ]
	same 1 see %cruds
	same 0 see %wakes
}

@test "mini: a %crash that is %hard crashes as %crud too" {
	crashes $'mini: poke\nmini: crash' poke '[[%x 0] %crash %hard]'
	crashes $'mini: poke\nmini: crash, again' \
		poke '[[%x 0] %crud [%exit 0] [%x 0] %crash %hard]'
}

# -------- drivers --------

@test "mini: timers go off in the order in which they were set" {
	local wire='[%b %behn 0]'
	same 0 poke "[$wire %born 0]"
	same "[[$wire %doze 0 500] 0]" poke "[$wire %wait 500]"
	same "[[$wire %doze 0 500] 0]" poke "[$wire %wait 400]"
	same "[[$wire %doze 0 500] 0]" poke "[$wire %born 0]"
	same '[500 400 0]' see %dates
	same "[[$wire %doze 0 400] 0]" poke "[$wire %wake 0]"
	same "[[$wire %doze 0] 0]" poke "[$wire %wake 0]"
	same "[[$wire %doze 0] 0]" poke "[$wire %wake 0]"
	same 3 see %wakes
	same 0 see %dates
}

@test "mini: a web server that is born gets its settings" {
	same '[[[%e %http-server 0] %set-config 0 1 0 1] 0]' \
		poke '[[%e %http-server 0] %born 0]'
	same 0 poke '[[%e %http-server 0] %live 8.080 0]'
	for wire in '[%a %ames 0]' '[%i %http-client 0]' '[%d %term 0]' '[%x 0]'; do
		same 0 poke "[$wire %born 0]"
	done
}

@test "mini: a request is answered" {
	local plain="[['content-type' 'text/plain'] 0]"
	local hello="[0 15 'mini: it works\0a']"
	same "$(respond "[%start [200 $plain] $hello 0]")" get /
	same "$(respond "[%start [404 $plain] [0 19 'mini: nothing here\0a'] 0]")" \
		get /nothing
	same "$(respond "[%start [200 $plain] $hello 1]" "[%continue $hello 1]" \
		"[%continue 0 0]")" get /stream
	same 0 get /hang
	same 0 poke '[[%e %http-server %v1 0] %cancel-request 0]'
	crashes $'mini: poke\nmini: the url said so' get /crash
	fails 111 get /loop --limit-time 0.2
}

@test "mini: the body of a request comes back" {
	for tag in %request %request-local; do
		same "$(respond "[%start [200 ['content-type' 'text/plain'] 0] \
			[0 3 'abc'] 0]")" poke "[[%e %http-server %v1 0] $tag 0 \
			[%ipv4 0] 'POST' '/' [['a' 'b'] 0] 0 3 'abc']"
	done
}

@test "mini: what is typed is at the prompt" {
	same "$(blit "[%hop 0] [%wyp 0] [%put 62 32 104 105 0] [%hop 4] 0")" \
		key '%txt 104 105 0'
	same "$(blit "[%hop 0] [%wyp 0] [%put 62 32 104 105 33 0] [%hop 5] 0")" \
		key 33
	same '[104 105 33 0]' see %line
	same "$(blit "[%hop 0] [%wyp 0] [%put 62 32 104 105 0] [%hop 4] 0")" \
		key '%bac 0'
	same "$(blit "[%bel 0] 0")" key '%aro %l'
	same "$(blit "[%hop 0] [%wyp 0] [%put 62 32 104 105 0] [%hop 4] 0")" \
		term '%hail 0'
	same 0 term '%blew 100 30'
	same '[100 30]' see %size
	same 0 term '%boot 1 %fake ~nec'
}

@test "mini: the keys with control" {
	local empty='[%hop 0] [%wyp 0] [%put 62 32 0] [%hop 2] 0'
	same "$(blit "[%bel 0] 0")" key '%bac 0'
	key '%txt 104 105 0'
	same "$(blit "[%clr 0] [%hop 0] [%wyp 0] [%put 62 32 104 105 0] \
		[%hop 4] 0")" key "%mod %ctl 'l'"
	same "$(blit "$empty")" key "%mod %ctl 'c'"
	same 0 see %line
	same "$(blit "[%bel 0] 0")" key "%mod %met 'c'"
	same "[[[%d %term '1' 0] %logo 0] 0]" key "%mod %ctl 'd'"
}

@test "mini: a line is run, and printed back" {
	local line prompt='[%hop 0] [%wyp 0] [%put 62 32 0] [%hop 2] 0'
	line=$(tape hello)
	key "%txt $line"
	same "$(blit "[%hop 0] [%wyp 0] [%put 62 32 $line] [%nel 0] [%put $line] \
		[%nel 0] $prompt")" key '%ret 0'
	same 0 see %line
}

@test "mini: of lines it knows three: count, crash, loop" {
	local i
	for i in {1..10}; do poke '[[%x 0] %echo 0]'; done
	key "%txt $(tape count)"
	key '%ret 0' >blits
	grep -qF "[%put 49 50 0]" blits
	key "%txt $(tape crash)"
	crashes $'mini: poke\nmini: the line said so' key '%ret 0'
	key "%mod %ctl 'c'"
	key "%txt $(tape loop)"
	fails 111 poke "[[%d %term '1' 0] %belt %ret 0]" --limit-time 0.2
}

@test "mini: packets, ports and threads are answered with what came" {
	same '[[[%a %ames 0] %send [0 %lane] 0xabc] 0]' \
		poke '[[%a %ames 0] %hear [0 %lane] 0xabc]'
	same '[[[%l %lick 0] %spit [%port 0] %noun 1 2] 0]' \
		poke '[[%l %lick 0] %soak [%port 0] %noun 1 2]'
	same '[[[%k %khan 0] %avow 0 %noun 1 2] 0]' \
		poke '[[%k %khan 0] %fyrd %base %thread %mark %noun 1 2]'
}

# -------- peek, wish, load --------

@test "mini: peek takes the three forms of Arvo" {
	at=77 poke '[[%echo 0] %echo 0]'
	same '[0 %noun 1]' peek "[0 %x '~nec' %base '1' %count 0]"
	same '[0 %noun 1]' peek '[1 %beam %x [~nec %base %da 77] %count 0]'
	same '[0 %omen [%x ~nec %base 77 %count 0] %noun 1]' \
		peek '[1 %once %x %base %count 0]'
}

@test "mini: a peek of nothing is nothing" {
	for form in "0 %x 0 0 0 %nothing 0" "0 %y 0 0 0 %count 0" "0 0" "0 %x 0" \
		"0 %x 0 0 0" "1 %beam %x [0 0 0 0] 0" "1 %once %x %base 0" \
		"1 %once [%x 0] %base %count 0"; do
		same 0 peek "[$form]"
	done
	cp larva kernel
	same 0 peek "[0 %x 0 0 0 %count 0]"
}

@test "mini: a peek may crash, and may never end" {
	crashes 'mini: the path said so' see %crash
	fails 111 nock-eval -f "$(arm 22 '[0 0 %x 0 0 0 %loop 0]')" \
		--limit-time 0.2 kernel
}

@test "mini: a peek of the state is part 6 of the kernel" {
	see %state >state
	same "$(cat state)" cue --axis 6 -o text kernel
}

@test "mini: wish knows a few texts, as larva and after" {
	for kernel in larva adult; do
		cp $kernel kernel
		same 135 wish "'hoon-version'"
		same 234 wish %arvo
		same 4 wish "'(add 2 2)'"
		same 7 wish "'7'"
		same 42 wish "'42'"
		crashes 'mini: wish knows no such text' wish "'(sub 2 2)'"
	done
}

@test "mini: load takes the state of another over, grown up or larva" {
	poke '[[%x 0] %grow 5]'
	cue --axis 6 -o text kernel >state
	cp kernel before
	for kernel in larva adult; do
		nock-eval -o jam -f "$(arm 4 "[10 $(cat state)]")" $kernel >product
		same 0 cue --axis 2 -o text product
		cue --axis 3 -o jam product | cmp - before
	done
	crashes 'mini: the state of something else' \
		nock-eval -f "$(arm 4 '[10 [%mini 2] 0]')" adult
}

@test "mini: a kernel in %what takes over" {
	local formula
	formula=$(cue --axis 14 -o jam "$BIN/mini.pill" | cue --axis 14 -o text)
	poke '[[%x 0] %grow 5]'
	see %heap >heap
	same '[[[0 %arvo 0] %vega 0] 0]' poke "[[0 %arvo 0] %what \
		[[%sys %mini 0] %nock [7 $formula 0 7]] 0]"
	same "$(cat heap)" see %heap
	same 2 see %count
	same '[[[%echo 0] %echo 1] 0]' poke '[[%echo 0] %echo 1]'
}
