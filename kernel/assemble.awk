# assemble -- Nock with names, as in mini.nock, into one noun as text.
#
#     awk -f kernel/assemble.awk kernel/mini.nock | bin/jam >mini.pill
#
# A file is a list of definitions; their order does not matter.
#
#     (noun EXPR)                 what is made; EXPR is a constant
#     (const NAME EXPR)           a name for a constant
#     (shape NAME PATTERN)        a name for a pattern
#     (formula NAME PATTERN EXPR) a formula, for a subject of that shape
#     (arm NAME PATTERN EXPR)     one of the library: its subject is
#                                 [PATTERN library]
#     (gate NAME PATTERN EXPR)    what makes a gate where the subject is of
#                                 the shape CORE: [formula PATTERN CORE]
#
# A PATTERN names parts of a noun: [a b c], core=[battery state] for a whole
# and its parts, - for what has no name.  The part called library is where
# arms are called from; formulas without it call none.
#
# EXPR becomes a formula; what has no part of the subject in it becomes a
# constant, [1 noun].
#
#     12 %term 'cord' ~           a constant, as bin/jam reads it
#     "tape"                      the list of its characters, ASCII
#     name                        [0 axis]; or a constant or formula of the file
#     [a b c]                     a cell of their products
#     (nock a b)                  [2 a b]
#     (cell a) (inc a) (same a b) [3 a] [4 a] [5 a b]
#     (if a b c)                  [6 a b c]
#     (not a) (and a b) (or a b)  by 6
#     (case a  k x  l y  z)       x if a is k, y if it is l, else z; by 6 and 5
#     (let PATTERN a b)           [8 a b]: b where the parts of a have names
#     (set name a ... b)          [7 [10 [axis a] 0 1] b]: b where it is changed
#     (kick AXIS a)               [9 AXIS a]
#     (slam a b)                  the gate a called with b, by 9 and 10
#     (mean a b) (slog a b)       [11 [%mean a] b] [11 [%slog a] b]
#     (crash)                     [0 0]
#     (octs 'cord')               [length 'cord']
#     (arm a b)                   [2 [[a b] library] arm]: an arm is called

function die(line, why) {
	printf "%s:%d: %s\n", FILENAME, line, why >"/dev/stderr"
	failed = 1
	exit 2
}

# -------- tokens, and the trees they make --------

{ lex($0) }

function lex(s) {
	while (1) {
		sub(/^[ \t]+/, "", s)
		if (s == "" || s ~ /^::/)
			return
		if (!match(s, /^('([^'\\]|\\.)*'|"[^"]*"|[][()=]|[^][()= \t'"]+)/))
			die(FNR, "no token: " s)
		token[++tokens] = substr(s, 1, RLENGTH)
		at[tokens] = FNR
		s = substr(s, RLENGTH + 1)
	}
}

# A tree is a number: text[t] is "(", "[", "=" or a word; kid[t, 1..kids[t]].
function tree(t, closing) {
	if (++pos > tokens)
		die(FNR, "the file ends inside brackets")
	t = ++trees
	text[t] = token[pos]
	line[t] = at[pos]
	kids[t] = 0
	if (text[t] ~ /^[])=]$/)
		die(line[t], "not expected: " text[t])
	if (text[t] == "(" || text[t] == "[") {
		closing = text[t] == "(" ? ")" : "]"
		while (token[pos + 1] != closing)
			kid[t, ++kids[t]] = tree()
		pos++
		if (!kids[t])
			die(line[t], "nothing in brackets")
	} else if (token[pos + 1] == "=") {
		label[t] = text[t]
		text[t] = "="
		pos++
		kid[t, ++kids[t]] = tree()
	}
	return t
}

# -------- names and their axes --------

# Axis b of the noun at axis a.
function peg(a, b, top) {
	for (top = 1; top * 2 <= b;)
		top *= 2
	if (a * top >= 2 ^ 53)
		die(0, "an axis beyond 2^53")
	return a * top + b - top
}

# A scope is a number: name s_name[s, i] is at s_axis[s, i]; the last counts.
function scope_add(s, name, axis) {
	s_name[s, ++s_size[s]] = name
	s_axis[s, s_size[s]] = axis
}

function scope_pattern(s, p, axis, i) {
	if (text[p] == "=") {
		scope_add(s, label[p], axis)
		scope_pattern(s, kid[p, 1], axis)
	} else if (text[p] == "[") {
		for (i = 1; i < kids[p]; i++) {
			scope_pattern(s, kid[p, i], peg(axis, 2))
			axis = peg(axis, 3)
		}
		scope_pattern(s, kid[p, i], axis)
	} else if (text[p] in shape) {
		scope_pattern(s, shape[text[p]], axis)
	} else if (text[p] != "-") {
		if (text[p] !~ /^[a-z][a-z0-9-]*$/)
			die(line[p], "no name: " text[p])
		scope_add(s, text[p], axis)
	}
}

# The scope of [something old].
function scope_push(old, s, i) {
	s = ++scopes
	for (i = 1; i <= s_size[old]; i++)
		scope_add(s, s_name[old, i], peg(3, s_axis[old, i]))
	return s
}

function scope_find(s, name, i) {
	for (i = s_size[s]; i; i--)
		if (s_name[s, i] == name)
			return s_axis[s, i]
	return 0
}

# -------- expressions --------

# What is compiled is a constant, "=" and its noun, or else a formula.
function is_constant(x) { return x ~ /^=/ }
function noun(x) { return substr(x, 2) }
function formula(x) { return is_constant(x) ? "[1 " noun(x) "]" : x }
function number(n) { return sprintf("%.0f", n) }
function slot(axis) { return "[0 " number(axis) "]" }

# The formula of tree t, in scope s.
function code(t, s) { return formula(compile(t, s)) }

function compile(t, s) {
	if (text[t] == "[")
		return cells(t, s, 1)
	if (text[t] == "(")
		return form(t, s, text[kid[t, 1]])
	if (text[t] ~ /^"/)
		return "=" tape(t, text[t])
	if (text[t] ~ /^[a-z]/)
		return word(t, s)
	return "=" text[t]
}

# [kid kid ...] from number i on.
function cells(t, s, i, x, y) {
	x = compile(kid[t, i], s)
	if (i == kids[t])
		return x
	y = cells(t, s, i + 1)
	if (is_constant(x) && is_constant(y))
		return "=[" noun(x) " " noun(y) "]"
	return "[" formula(x) " " formula(y) "]"
}

function word(t, s, axis) {
	axis = scope_find(s, text[t])
	return axis ? slot(axis) : "=" global(text[t], line[t])
}

function tape(t, s, i, c, out) {
	for (i = 2; i < length(s); i++) {
		c = substr(s, i, 1)
		if (!(c in ord))
			die(line[t], "not ASCII: " s)
		out = out ord[c] " "
	}
	return out == "" ? "0" : "[" out "0]"
}

function octs(t, s) {
	s = text[t]
	if (s !~ /^'/)
		die(line[t], "octs of no cord")
	gsub(/\\[0-9a-f][0-9a-f]|\\./, "x", s)
	return "=[" (length(s) - 2) " " text[t] "]"
}

function want(t, n) {
	if (kids[t] != n + 1)
		die(line[t], text[kid[t, 1]] " takes " n)
}

function form(t, s, op) {
	if (op in arm_axis)
		return call(t, s, arm_axis[op])
	if (op == "case" || op == "set")
		return op == "case" ? choose(t, s, 3) : change(t, s, 2)
	if (!(op in arity))
		die(line[t], "no such form: " op)
	want(t, arity[op])
	if (op == "crash")
		return "[0 0]"
	if (op == "octs")
		return octs(kid[t, 2])
	if (op == "let")
		return bind(t, s)
	if (op == "kick")
		return "[9 " text[kid[t, 2]] " " code(kid[t, 3], s) "]"
	if (op == "slam")
		return "[8 " code(kid[t, 2], s) " 9 2 10 [6 " \
			code(kid[t, 3], scope_push(s)) "] 0 2]"
	if (op in opcode)
		return plain(t, s, opcode[op])
	return logic(op, code(kid[t, 2], s), \
		kids[t] > 2 ? code(kid[t, 3], s) : "")
}

function plain(t, s, out, i) {
	for (i = 2; i <= kids[t]; i++)
		out = out " " code(kid[t, i], s)
	return "[" out "]"
}

function logic(op, a, b) {
	if (op == "not")
		return "[6 " a " [1 1] 1 0]"
	if (op == "and")
		return "[6 " a " " b " 1 1]"
	if (op == "or")
		return "[6 " a " [1 0] " b "]"
	return "[11 [%" op " " a "] " b "]"
}

function choose(t, s, i) {
	if (i > kids[t])
		die(line[t], "case without an else")
	if (i == kids[t])
		return code(kid[t, i], s)
	return "[6 [5 " code(kid[t, 2], s) " " code(kid[t, i], s) "] " \
		code(kid[t, i + 1], s) " " choose(t, s, i + 2) "]"
}

function change(t, s, i, axis) {
	if (i > kids[t])
		die(line[t], "set without an expression")
	if (i == kids[t])
		return code(kid[t, i], s)
	axis = scope_find(s, text[kid[t, i]])
	if (!axis)
		die(line[t], "no such part: " text[kid[t, i]])
	return "[7 [10 [" number(axis) " " code(kid[t, i + 1], s) "] 0 1] " \
		change(t, s, i + 2) "]"
}

function bind(t, s, inner) {
	inner = scope_push(s)
	scope_pattern(inner, kid[t, 2], 2)
	return "[8 " code(kid[t, 3], s) " " code(kid[t, 4], inner) "]"
}

function call(t, s, axis, from, args) {
	from = scope_find(s, "library")
	if (!from)
		die(line[t], "no library to call from")
	args = kids[t] > 1 ? formula(cells(t, s, 2)) : "[1 0]"
	return "[2 [" args " " slot(from) "] " slot(peg(from, axis)) "]"
}

# -------- definitions --------

function global(name, where, t, kind, x) {
	if (name == "library")
		return library(1, arms)
	if (!(name in defined))
		die(where, "no such name: " name)
	if (name in made)
		return made[name]
	if (name in making)
		die(where, "made of itself: " name)
	making[name] = 1
	t = defined[name]
	kind = text[kid[t, 1]]
	x = kind == "const" ? constant(kid[t, 3]) : body(t, kind)
	return made[name] = x
}

function constant(t, x) {
	x = compile(t, ++scopes)
	if (!is_constant(x))
		die(line[t], "not a constant")
	return noun(x)
}

function body(t, kind, s) {
	s = ++scopes
	if (kind == "gate") {
		scope_pattern(s, shape["CORE"], 7)
		scope_pattern(s, kid[t, 3], 6)
		return "[8 [1 0] [1 " code(kid[t, 4], s) "] 0 1]"
	}
	if (kind == "arm")
		scope_add(s, "library", 3)
	scope_pattern(s, kid[t, 3], kind == "arm" ? 2 : 1)
	return code(kid[t, 4], s)
}

# Arms low..high as a balanced tree; the same split as place() makes.
function library(low, high, half) {
	if (low == high)
		return global(arm[low], 0)
	half = int((low + high) / 2)
	return "[" library(low, half) " " library(half + 1, high) "]"
}

function place(low, high, axis, half) {
	if (low == high) {
		arm_axis[arm[low]] = axis
		return
	}
	half = int((low + high) / 2)
	place(low, half, axis * 2)
	place(half + 1, high, axis * 2 + 1)
}

function define(t, kind, name) {
	kind = text[kid[t, 1]]
	if (kind !~ /^(noun|const|shape|formula|arm|gate)$/)
		die(line[t], "no such definition: " kind)
	want(t, kind == "noun" ? 1 : kind ~ /^(const|shape)$/ ? 2 : 3)
	if (kind == "noun") {
		result = kid[t, 2]
		return
	}
	name = text[kid[t, 2]]
	if (name in defined || name in shape || name in arity)
		die(line[t], "defined already: " name)
	if (kind == "shape")
		shape[name] = kid[t, 3]
	else
		defined[name] = t
	if (kind == "arm")
		arm[++arms] = name
}

function setup(i, n, part) {
	for (i = 32; i < 127; i++)
		ord[sprintf("%c", i)] = i
	n = split("if 3 same 2 cell 1 inc 1 nock 2 let 3 kick 2 slam 2 crash 0 " \
		"mean 2 slog 2 not 1 and 2 or 2 octs 1 case 0 set 0", part, " ")
	for (i = 1; i < n; i += 2)
		arity[part[i]] = part[i + 1]
	n = split("nock 2 cell 3 inc 4 same 5 if 6", part, " ")
	for (i = 1; i < n; i += 2)
		opcode[part[i]] = part[i + 1]
}

END {
	if (failed)
		exit 2
	setup()
	while (pos < tokens)
		define(tree())
	if (arms)
		place(1, arms, 1)
	if (!result)
		die(FNR, "no (noun EXPR)")
	print constant(result)
}
