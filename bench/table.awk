# Rows of measurement, after what is known of others: one aligned table.

BEGIN { rows = 0 }

function cell(column, text) {
	table[rows, column] = text
	if (length(text) > width[column])
		width[column] = length(text)
}

# The factor to Vere: by Y if both have it, else by ms, the middle of a-b.
function factor(key, unit, median, y,    ends, n) {
	if (y != "-" && their_y[key] != "-")
		return sprintf("%.1f", their_y[key] / y)
	if (unit != "ms")
		return "-"
	n = split(their_ms[key], ends, "-")
	return sprintf("~%.1f", (ends[1] + ends[n]) / 2 / median)
}

/^#/ {
	if (FILENAME !~ /reference/)
		notes = notes substr($0, 3) "\n"
	next
}

FILENAME ~ /reference/ {
	key = $1 SUBSEP $2
	their_ms[key] = $3
	their_y[key] = $4
	floor[key] = $5
	goal[key] = $6
	next
}

{
	if (!rows)
		split("row\tinput\tunit\tmedian\tspread\tY\tVere ms\tVere Y" \
		    "\tx Vere\tfloor\tgoal", title, "\t")
	if (!rows)
		for (c = 1; c <= 11; c++)
			cell(c, title[c])
	rows++
	key = $1 SUBSEP $2
	known = key in their_ms && $3 == "ms"
	cell(1, $1)
	cell(2, $2)
	cell(3, $3)
	cell(4, $4)
	cell(5, $5 ".." $6)
	cell(6, $7)
	cell(7, known ? their_ms[key] : "-")
	cell(8, known ? their_y[key] : "-")
	cell(9, known ? factor(key, $3, $4, $7) : "-")
	cell(10, known ? floor[key] : "-")
	cell(11, known ? goal[key] : "-")
}

END {
	for (r = 0; r <= rows && (0, 1) in table; r++) {
		line = ""
		for (c = 1; c <= 11; c++)
			line = line sprintf("%" (c <= 3 ? "-" : "") width[c] "s  ",
			    table[r, c])
		sub(/ +$/, "", line)
		print line
	}
	if (notes != "")
		printf "\nnot measured:\n%s", notes
}
