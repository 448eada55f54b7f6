# conn: the control socket.  The ship is the test itself: what conn writes is
# the file `said`, what is answered goes to descriptor 7.

load helper

SOCK=p/.urb/conn.sock

# Start conn on the pier p, and wait until it is ready.
start() {
	mkdir -p p/.urb
	mkfifo in ready
	timeout -s KILL 60 conn -d 5 "$@" p <in >said 2>err 5>ready &
	conn=$!
	exec 7>in
	read -r -t 30 _ <ready
}

# Its input ends, and it does.
finish() {
	exec 7>&-
	wait "$conn"
}

teardown() {
	local p
	exec 7>&-
	for p in $(jobs -p); do kill -KILL "$p" 2>/dev/null || true; done
}

answer() {
	jam -i text -o newt <<<"$1" >&7
}

# Wait until conn has said so many frames.
await() {
	local i n
	for i in $(seq 300); do
		n=$(cue -i newt -o text <said 2>/dev/null | wc -l)
		[ "$n" -ge "$1" ] && return
		sleep 0.1
	done
	echo "$n frames, not $1"
	return 1
}

# Frame number $1 of those, without the knot that tells this process from
# another.
said() {
	cue -i newt -o text <said | sed -n "$1p" | sed "s/'0v[0-9a-v.]*'/SEV/g"
}

# Requests, a text, to conn; the answers go to a file, whose name is first.
ask() {
	local to=$1
	jam -i text -o newt <<<"$2" >"$to.frames"
	timeout -s KILL 40 urbit p send <"$to.frames" >"$to.newt" &&
		cue -i newt -o text <"$to.newt" >"$to"
}

asked() {
	ask answers "$1"
	cat answers
}

@test "conn: called wrongly is exit 100 and one line" {
	while read -r args; do
		# shellcheck disable=SC2086 # words are wanted
		fails 100 conn $args </dev/null
		[ "$(wc -l <err)" -eq 1 ]
	done <<-'END'

		a b
		--max 0 p
		--queue x p
		-d x p
		-d 2 p
		--frob p
	END
}

@test "conn: a pier that is not there, or has no .urb, is exit 111" {
	fails 111 conn nec </dev/null
	grep -q '^conn: nec: ' err
	mkdir nec
	fails 111 conn nec </dev/null
	grep -q 'conn.sock' err
}

@test "conn: the socket is its owner's alone" {
	start
	[ "$(stat -c %A $SOCK)" = srw------- ]
	finish
}

@test "conn: a stale socket is replaced, that of a conn that lives is not" {
	start
	fails 111 conn p </dev/null
	grep -q 'in use' err
	finish
	[ -S $SOCK ]
	rm in ready
	start
	[ "$(asked '[1 %peel %help 0]' | wc -l)" -eq 1 ]
	finish
}

@test "conn: the way to the pier may be longer than a socket's address" {
	local deep
	deep=$(printf '%0100d/%0100d' 1 2)
	mkdir -p "$deep/p/.urb"
	ln -s "$deep/p" p
	mkfifo in ready
	timeout -s KILL 60 conn -d 5 "$deep/p" <in >said 5>ready 3>&- &
	conn=$!
	exec 7>in
	read -r -t 30 _ <ready
	timeout 20 urbit "$deep/p" peel /khan
	finish
}

@test "conn: it is jailed" {
	local pid
	start
	pid=$(pgrep -P "$conn" conn)
	grep -q '^Seccomp:.*2$' "/proc/$pid/status"
	grep -q '^NoNewPrivs:.*1$' "/proc/$pid/status"
	finish
}

@test "conn: khan is told at the start, and anew with a new serf" {
	start
	await 1
	[ "$(said 1)" = '[%poke 1 [107 %khan SEV 0] %born 0]' ]
	answer '[%born 0]'
	await 2
	[ "$(said 2)" = '[%poke 2 [107 %khan SEV 0] %born 0]' ]
	finish
}

@test "conn: /help, /khan and /info are its own" {
	start
	[ "$(asked '[5 %peel %help 0]')" = \
		'[5 0 [%help 0] [%info 0] [%khan 0] [%live 0] [%mass 0] [118 0] [%who 0] 0]' ]
	[ "$(asked '[5 %peel %khan 0]')" = '[5 0 1]' ]
	answer '[%done 1 9]'
	for _ in $(seq 100); do
		[ "$(asked '[5 %peel %khan 0]')" = '[5 0 0]' ] && break
		sleep 0.1
	done
	[ "$(cat answers)" = '[5 0 0]' ]
	asked '[5 %peel %info 0]' | grep -q '^\[5 0 %conn 1 \[%connections 0 [0-9]*\] '
	[ "$(asked '[5 %peel 7]')" = '[5 0]' ]
	finish
}

# A request, what the ship is asked, what it answers, what the client is told.
@test "conn: requests and their answers have Vere's shapes" {
	local n=1
	start
	await 1
	while IFS='|' read -r request to from told; do
		n=$((n + 1))
		ask "a$n" "$request" &
		await $n
		answer "$from"
		wait $!
		diff -u - "a$n" <<<"$told"
		[ "$(said $n)" = "$to" ] || { said $n; echo "$to"; return 1; }
	done <<-'END'
		[5 %peek 1 2]|[%peek 2 [0 0] 1 2]|[%peek 2 0 0 %noun 7]|[5 %peek 0 %noun 7]
		[5 %peek 1 2]|[%peek 3 [0 0] 1 2]|[%peek 3 0 0]|[5 %peek 0]
		[5 %peek 1 2]|[%peek 4 [0 0] 1 2]|[%peek 4 1 %oops 0]|[5 %peek 0]
		[0 %peel %who 0]|[%peel 5 %who 0]|[%peel 5 0 7]|[0 0 7]
		[0 %peel %frob 0]|[%peel 6 %frob 0]|[%peel 6 0]|[0 0]
		[0 %peel %mass 0]|[%peel 7 %mass 0]|[%peel 7 0 %all 1]|[0 %peel %all 1]
		[0xffff.ffff.ffff.ffff %ovum 100 [%term 0] %belt 1 2]|[%poke 8 [100 %term 0] %belt 1 2]|[%done 8 12]|[18.446.744.073.709.551.615 %news %done]
		[9 %ovum 0 [%arvo 0] %verb 0]|[%poke 9 [0 %arvo 0] %verb 0]|[%bail 9 [%exit 1 2] 0]|[9 %bail [%exit 1 2] 0]
		[9 %ovum 0 [%arvo 0] %verb 0]|[%poke 10 [0 %arvo 0] %verb 0]|[%gone 10 0]|[9 %bail [%gone [%leaf 116 104 101 32 115 101 114 102 32 100 105 101 100 59 32 105 116 32 109 97 121 32 104 97 118 101 32 104 97 112 112 101 110 101 100 0] 0] 0]
		[9 %urth %wait %save]|[%urth 11 %save]|[%done 11 12]|[9 %news %done]
		[9 %urth %wait %pack]|[%urth 12 %pack]|[%bail 12 [%fail 0] 0]|[9 %bail [%fail 0] 0]
	END
	finish
}

@test "conn: an %urth is acked at once, whatever comes of it" {
	start
	[ "$(asked '[5 %urth %pack]')" = '[5 0]' ]
	[ "$(asked '[5 %urth %meld]')" = '[5 0]' ]
	[ "$(asked '[5 %urth %meld 7]')" = '[5 0]' ]
	await 4
	[ "$(said 2) $(said 3) $(said 4)" = \
		'[%urth 2 %pack] [%urth 3 %meld] [%urth 4 %meld]' ]
	answer '[%bail 2 [%exit 0] 0]'
	finish
	grep -q '^conn: urth: it was not done' err
}

# The effects of Arvo have lost the vane of the wire, those of others have not.
@test "conn: a thread is answered on its wire" {
	local sev wire
	for wire in '' '%k '; do
		rm -f in ready
		start
		await 1
		sev=$(cue -i newt -o text <said | grep -o "'0v[^']*'")
		ask a '[0x1f %fyrd %base %hi %noun %noun 7]' &
		await 2
		[ "$(said 2)" = "[%poke 2 [107 %khan SEV 49 SEV 0] %fyrd %base 26.984 %noun %noun 7]" ]
		[ "$(cue -i newt -o text <said | sed -n 2p | grep -o "'0v[^']*'" | tail -n 1)" = "'0vv'" ]
		answer '[%done 2 9]'
		answer "[[$wire%khan '0v0' '1' '0vv' 0] %avow 0 %noun 1]"
		answer "[[$wire%khan $sev '2' '0vv' 0] %avow 0 %noun 2]"
		answer "[[$wire%khan $sev '1' '0vu' 0] %avow 0 %noun 3]"
		answer "[[$wire%khan $sev '1' '0vv' 0] %avow 0 %noun 4]"
		wait $!
		[ "$(cat a)" = '[31 %avow 0 %noun 4]' ]
		finish
	done
}

@test "conn: a thread that the ship refuses is a %bail, and without khan a fault" {
	start
	ask a '[0 %fyrd %base %hi %noun %noun 7]' &
	await 2
	answer '[%bail 2 [%exit 0] 0]'
	wait $!
	[ "$(cat a)" = '[0 %bail [%exit 0] 0]' ]
	answer '[%bail 1 [%exit 0] 0]'
	for _ in $(seq 100); do
		grep -q '^conn: khan: ' err && break
		sleep 0.1
	done
	[ "$(asked '[0 %fyrd 1 2]')" = '[0 %bail 4.294.967.288 %khan-miss]' ]
	finish
}

@test "conn: khan is told when a client leaves a thread behind, and only then" {
	start
	asked '[0 %peel %help 0]'
	jam -i text -o newt <<<'[0 %fyrd %base %hi 1 2 3]' >frames
	timeout -s KILL 1 urbit p send <frames || true
	await 2
	answer '[[%khan 0] 0 0]'
	jam -i text -o newt <<<'[0 %frob 0]' >frames
	{
		jam -i text -o newt <<<'[0 %fyrd %base %hi 1 2 3]'
		cat frames
	} | timeout 20 urbit p send >bad || true
	await 4
	[[ "$(said 4)" == '[[107 %khan SEV '*' 0] %done 0]' ]]
	finish
}

@test "conn: what is wrong is told as Vere does, and closes the connection" {
	start
	while read -r code text frames; do
		asked "$frames [1 %peel %help 0]" >/dev/null || true
		[ "$(cat answers)" = "[0 %bail $code %$text]" ]
	done <<-'END'
		4.294.967.294 jar-bad 5
		4.294.967.294 jar-bad [5 6]
		4.294.967.294 jar-bad [[5 6] %peek 0]
		4.294.967.293 tag-unknown [5 %frob 0]
		4.294.967.293 tag-unknown [5 [1 2] 0]
		4.294.967.290 ovum-bad [5 %ovum 1 2]
		4.294.967.290 ovum-bad [5 %ovum 1 [2 0] 3]
		4.294.967.290 ovum-bad [5 %ovum 1 [2 3] 4 5]
		4.294.967.290 ovum-bad [5 %ovum 1 [[2 3] 0] 4 5]
		4.294.967.290 ovum-bad [5 %ovum [1 1] [2 0] 4 5]
		4.294.967.289 urth-bad [5 %urth %frob]
		4.294.967.289 urth-bad [5 %urth %wait %frob]
	END
	await 1
	[ "$(cue -i newt -o text <said | wc -l)" -eq 1 ]
	finish
}

@test "conn: bytes that are no frame, no jam, or half of one" {
	start --max 1K
	for bytes in 01 '00 00 00 00 00' '00 04 00 00 00 71'; do
		unhex "$bytes" | timeout 20 urbit p send >bad || true
		[ "$(cue -i newt -o text <bad)" = '[0 %bail 4.294.967.295 %newt-decode]' ]
	done
	unhex '00 02 00 00 00 71 48' | timeout 20 urbit p send >bad || true
	[ "$(cue -i newt -o text <bad)" = '[0 %bail 4.294.967.295 %cue-none]' ]
	unhex '00 01 04 00 00' | timeout 20 urbit p send >bad || true
	[ "$(cue -i newt -o text <bad)" = '[0 %bail 4.294.967.287 %frame-long]' ]
	unhex '00 ff ff ff ff' | timeout 20 urbit p send >bad || true
	[ "$(cue -i newt -o text <bad)" = '[0 %bail 4.294.967.287 %frame-long]' ]
	unhex '00 00 04 00 00' | timeout 20 urbit p send >bad || true
	[ "$(cue -i newt -o text <bad)" = '[0 %bail 4.294.967.295 %newt-decode]' ]
	finish
}

@test "conn: many requests at once are all answered" {
	local i
	start
	for i in $(seq 3000); do echo "[$i %peel %khan 0]"; done >many
	for i in $(seq 3000); do echo "[$i %peek 0 0]"; done >>many
	jam -i text -o newt <many >many.newt
	timeout -s KILL 40 urbit p send <many.newt >got &
	client=$!
	for i in 1024 2048 3000; do
		await $((i + 1))
		[ $i -ne 1024 ] || [ "$(cue -i newt -o text <said | wc -l)" -eq 1025 ]
		seq $((i < 3000 ? i - 1022 : 2050)) $((i + 1)) |
			sed 's/.*/[%peek & 0 0]/' | jam -i text -o newt >&7
	done
	wait "$client"
	[ "$(cue -i newt -o text <got | grep -c '%peek 0')" -eq 3000 ]
	[ "$(cue -i newt -o text <got | wc -l)" -eq 6000 ]
	finish
}

@test "conn: what ends where the client has to wait is read on from" {
	local i
	start
	mkfifo asking
	timeout -s KILL 40 urbit p send <asking >got &
	client=$!
	exec 8>asking
	for i in $(seq 1024); do echo "[$i %peek 0 0]"; done |
		jam -i text -o newt >&8
	await 1025
	seq 2 1025 | sed 's/.*/[%peek & 0 0]/' | jam -i text -o newt >&7
	jam -i text -o newt <<<'[5000 %peel %khan 0] [5001 %peek 0 0]' >&8
	await 1026
	answer '[%peek 1026 0 0]'
	exec 8>&-
	wait "$client"
	[ "$(cue -i newt -o text <got | grep -c '%peek 0')" -eq 1025 ]
	finish
}

@test "conn: a %peel of a path that is none, however long, is ~ at once" {
	local long
	start
	await 1
	long=$(printf '0x1%0600000d' 0)
	[ "$(asked "[5 %peel $long 0]")" = '[5 0]' ]
	[ "$(asked "[5 %peel 1 2 3 4 5 6 7 8 9 0]")" = '[5 0]' ]
	[ "$(asked "[5 %peel 1 2]")" = '[5 0]' ]
	[ "$(cue -i newt -o text <said | wc -l)" -eq 1 ]
	finish
}

@test "conn: khan is told again when the machine failed over it, but not for ever" {
	start
	await 1
	answer '[%bail 1 [%meme 0] 0]'
	await 2
	[ "$(said 2)" = '[%poke 2 [107 %khan SEV 0] %born 0]' ]
	answer '[%bail 2 [%intr 0] 0]'
	await 3
	answer '[%bail 3 [%time 0] 0]'
	timeout -s KILL 20 urbit p send >got < <(
		jam -i text -o newt <<<'[0 %fyrd %base %hi 1 2 3]') &
	await 4
	[[ "$(said 4)" == '[%poke 4 [107 %khan SEV '*' 0] %fyrd '* ]]
	answer '[%bail 4 [%exit 0] 0]'
	wait $!
	finish
	grep -q '^conn: khan: could not be told' err
}

@test "conn: a message that fits no question is dropped, and conn lives" {
	start
	answer '[%peek 99 0 0] [%done 99 0] [%peek 1 0 0] [%peel 1 0]'
	answer '[[%khan 0] %avow 0] [[%k %khan 1 2 3 0] %avow 1] [%slog 0 0]'
	[ "$(asked '[5 %peel %help 0]' | wc -l)" -eq 1 ]
	finish
}

@test "conn: a request that fits is answered after its client's have been dropped" {
	start
	jam -i text -o newt <<<'[5 %peek 1 2] [5 %frob 0]' >frames
	timeout 20 urbit p send <frames >bad || true
	[ "$(cue -i newt -o text <bad)" = '[0 %bail 4.294.967.293 %tag-unknown]' ]
	answer '[%peek 2 0 0 7]'
	ask a '[6 %peek 1 2]' &
	await 3
	answer '[%peek 3 0 0 8]'
	wait $!
	[ "$(cat a)" = '[6 %peek 0 8]' ]
	asked '[5 %peel %info 0]' | grep -q '\[%strays 0 1\]'
	finish
}

@test "conn: a large frame goes both ways" {
	start
	head -c 3000000 /dev/urandom >bytes
	printf '\1' >>bytes
	{
		printf '[5 %%peek 0x'
		od -An -v -tx1 bytes | tr -d ' \n' | sed 's/^0*//'
		printf ']'
	} | jam -i text -o newt >frames
	timeout -s KILL 40 urbit p send <frames >got &
	for _ in $(seq 100); do
		[ "$(stat -c %s said)" -gt 3000000 ] && break
		sleep 0.1
	done
	{
		printf '[%%peek 2 0 0x'
		od -An -v -tx1 bytes | tr -d ' \n' | sed 's/^0*//'
		printf ']'
	} | jam -i text -o newt >&7
	wait $!
	cmp got frames
	finish
}
