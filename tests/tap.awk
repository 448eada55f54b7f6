# Count the TAP of one program and show it in short.
#
#     label   its name     rc   its exit code     s   how long it took
#     count   the file to write "passed failed skipped" into
#
# A plan that was not kept, and an exit code that no failed test accounts
# for, are failures too.

function fail(what) {
	failed++
	shown = shown "\nnot ok " label ": " what
}

/^1\.\.[0-9]+/ {
	plan = substr($1, 4) + 0
	planned = 1
	next
}

/^(not )?ok / {
	seen++
	if ($1 == "not") {
		failed++
		shown = shown "\n" before $0
		before = ""
		after = 1
		next
	}
	after = 0
	before = ""
	if (match(tolower($0), / # skip/)) {
		skipped++
		shown = shown "\n" $0
	} else
		passed++
	next
}

# What a test said: our programs say it before the verdict, bats after.
after { shown = shown "\n" $0; next }
{ before = before $0 "\n" }

END {
	if (!planned)
		fail("no plan: it ended early (exit " rc ")")
	else if (seen != plan)
		fail(seen + 0 " of " plan " tests ran (exit " rc ")")
	else if (rc != 0 && failed == 0)
		fail("exit " rc)
	printf "%s: %d passed, %d failed, %d skipped (%d s)%s\n", label,
	    passed, failed, skipped, s, shown
	if (failed && before != "")
		printf "%s", before
	print passed + 0, failed + 0, skipped + 0 >count
}
