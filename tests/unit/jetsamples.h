/*
 * jetsamples -- how each jet of the ivory kernel is called, and with what.
 *
 * POOL(name, hoon): a list of nouns for jetgen.h to pick from.
 *
 * X(path, hoon, sample, around, flags): the path is that of table.h; the
 * hoon makes a gate that is the jetted arm, or calls it; the sample is a type
 * of jetgen.h.  What is put in around the gate, if that is not "", is a type
 * at axis 30: the sample of the door.  After an axis and a blank it stands
 * there instead; = means what is there already, to be damaged only.
 *
 *     SLOW      its Hoon takes tenths of seconds
 *     SLOWEST   seconds
 *     FEW       most calls are rightly passed to the Hoon
 *     CALLS     the jet calls back into Nock
 */
#ifndef JETSAMPLES_H
#define JETSAMPLES_H

#include "table.h"

enum { SLOW = 1, SLOWEST = 2, FEW = 4, CALLS = 8 };

#define POOLS(POOL)                                                          \
	POOL("gate",                                                         \
	    "~[|=(a=* a) |=(a=* [a a]) |=(a=* ?@(a a -.a)) |=(* ~) "         \
	    "|=(a=* ?@(a !! +.a)) |=(* !!) |=(a=@ +(a)) |=(a=* (mug a))]")   \
	POOL("gate2",                                                        \
	    "~[|=([a=* b=*] [a b]) |=([a=* b=*] [b a]) |=([a=* b=*] b) "     \
	    "|=([a=@ b=@] (add a b)) |=([a=* b=*] !!) "                      \
	    "|=([a=* b=*] ?@(a a -.a))]")                                    \
	POOL("test",                                                         \
	    "~[|=(* &) |=(* |) |=(a=* ?=(@ a)) |=(a=@ (lth a 3)) |=(* 2) "   \
	    "|=(* [0 0]) |=(a=* =(0 (mod (mug a) 3))) |=(a=* ?@(a & !!))]")  \
	POOL("test2",                                                        \
	    "~[|=([a=* b=*] &) |=([a=* b=*] |) |=([a=* b=*] =(a b)) "        \
	    "|=([a=* b=*] ?@(b (lth b 4) |)) |=(* 7) |=([a=* b=*] ?@(a & "   \
	    "!!))]")                                                         \
	POOL("less",                                                         \
	    "~[dor gor mor dor gor |=([a=* b=*] &) |=([a=* b=*] |) lth gth " \
	    "lte |=([a=* b=*] ?@(a ?@(b (lth a b) &) |)) |=(* 3) "           \
	    "|=([a=* b=*] (lth (mod (mug a) 5) (mod (mug b) 5)))]")          \
	POOL("maybe",                                                        \
	    "~[|=(a=* ~) |=(a=* [~ a]) |=(a=* ?@(a ~ [~ -.a])) |=(* 1) "     \
	    "|=(a=* a) |=(a=* ?@(a [~ a a] !!))]")                           \
	POOL("fold",                                                         \
	    "~[|=([a=* b=*] [a b]) add |=([a=* b=*] a) |=([a=* b=*] b) "     \
	    "|=([a=* b=*] !!) =>(~ |=([* *] +<+)) |=([a=* b=*] ?@(a b a)) "  \
	    "|=([a=* b=_8] (mug a b))]")                                     \
	POOL("k",                                                            \
	    "(weld `(list *)`~[0 1 2 3 4 5 6 7 8 'a' 'foo' [1 2] [3 4] "     \
	    "'longer than eight bytes' [[1 2] 3] (bex 63) (bex 64) "         \
	    "(bex 100)] `(list *)`(gulf 100 140))")                          \
	POOL("map",                                                          \
	    "=/  ks=(list *)  (weld `(list *)`~[0 1 2 3 4 5 6 7 8 'a' 'foo' " \
	    "[1 2] [3 4] 'longer than eight bytes' [[1 2] 3] (bex 63) "      \
	    "(bex 64) (bex 100)] `(list *)`(gulf 100 140))\n"                \
	    "%+  turn  (gulf 0 40)  |=  n=@\n"                               \
	    "%-  ~(gas by *(map * *))  %+  murn  ks  |=  k=*\n"              \
	    "?:  (lth (mod (mug n k) 41) n)  (some [k (mod (mug k n) 9)])  " \
	    "~")                                                             \
	POOL("set",                                                          \
	    "=/  ks=(list *)  (weld `(list *)`~[0 1 2 3 4 5 6 7 8 'a' 'foo' " \
	    "[1 2] [3 4] 'longer than eight bytes' [[1 2] 3] (bex 63) "      \
	    "(bex 64) (bex 100)] `(list *)`(gulf 100 140))\n"                \
	    "%+  turn  (gulf 0 40)  |=  n=@\n"                               \
	    "%-  ~(gas in *(set *))  %+  skim  ks  |=  k=*\n"                \
	    "(lth (mod (mug n k) 41) n)")                                    \
	POOL("jam",                                                          \
	    "(turn (gulf 0 30) |=(n=@ (jam [n (turn (gulf 0 n) |=(m=@ [m "   \
	    "(mod (mug m) 4) (bex (mul 4 m)) n]))])))")                      \
	POOL("aura",                                                         \
	    "~['' 'ud' 'ux' 'uv' 'uw' 'ub' 'ui' 'p' 'da' 'dr' 'q' 'sd' 'sx' " \
	    "'sb' 'si' 'sv' 'sw' 'rs' 'rd' 'rh' 'rq' 'ta' 't' 'tas' 'f' 'n' " \
	    "'c' 'if' 'is' 'uc' 'zz' 'uxD' 'd' 'u' 'r' 's' 'i' 'tD' 'pH']")  \
	POOL("date",                                                         \
	    "~[~2000.1.1 ~1969.12.31..23.59.59 ~2024.2.29..1.2.3..8000 "     \
	    "~1.1.1 ~1-.1.1 ~300-.2.28..5.6.7 ~2100.12.31..0.0.0..0000.ffff " \
	    "~s1 ~d5.h3.m2.s1..abcd ~h9 `@`~s0..0001 (bex 127) (bex 64)]")   \
	POOL("knot",                                                         \
	    "%-  zing\n"                                                     \
	    "%+  turn  `(list @ta)`~['ud' 'ux' 'uv' 'uw' 'ub' 'ui' 'p' 'da' " \
	    "'dr' 'q' 'sd' 'sx' 'si' 'rs' 'rd' 'rh' 'rq' 'ta' 't' 'f' 'n' "  \
	    "'c' 'if' 'is' 'uc' 'uxD']\n"                                    \
	    "|=  a=@ta\n"                                                    \
	    "%+  murn  `(list @)`~[0 1 2 255 256 'foo' (bex 32) (bex 64) "   \
	    "0xdead.beef.1234.5678.9abc.def0 ~2024.2.29..1.2.3..8000 .1.5 "  \
	    ".~1.5e10 .~~1.5 .~~~2.5 .-inf .~nan .~-1.25e-300]\n"            \
	    "|=  v=@  (mole |.([a (scot a v)]))")                            \
	POOL("syllable",                                                     \
	    "`(list @)`(zing (turn (gulf 0 255) |=(a=@ ~[(tos:po a) "        \
	    "(tod:po a)])))")                                                \
	POOL("rule",                                                         \
	    "~[(just 'a') (shim 'a' 'z') (star alf) dem (jest 'ab') "        \
	    "(easy 7) fail ;~(plug (just 'a') (just 'b')) (cold 3 alp) "     \
	    "(more dot nud) (stag 1 low) prn |=(* !!) |=(tub=nail tub) "     \
	    ";~(pose (just 'a') (just 'b')) (mask \"ab0\") "                 \
	    "(cook |=(a=@ (dec a)) prn)]")                                   \
	POOL("eater",                                                        \
	    "~[(just 'a') alf prn (shim 'a' 'z') nud (mask \"ab01. \") "     \
	    "low ;~(pose (just 'a') dot) ;~(plug prn prn) (jest 'ab')]")     \
	POOL("lines",                                                        \
	    "~['\\0a' 'a\\0a' '\\0a\\0ab\\0a' 'abc\\0adef\\0a' 'no end' "    \
	    "'\\0a\\0a' 'longer than eight\\0aö\\0a' (mul 256 10)]")         \
	POOL("join",                                                         \
	    "~[|*([a=* b=*] [~ u=[a b]]) |=([a=* b=*] ~) |=([a=* b=*] "      \
	    "[~ b]) |=([a=* b=*] !!) |=([a=* b=*] ?@(b ~ [~ a])) |=(* 5)]")  \
	POOL("trap",                                                         \
	    "~[|.(1) |.(!!) |.((add 1 2)) |.(~|('x' !!)) "                   \
	    "|.(~_(leaf+\"hi\" !!)) |.(.^(* /a)) |.((slav %ud 'x')) "        \
	    "|.((turn (gulf 1 9) dec)) |.(~|(%a (dec 0))) "                  \
	    "|.((mule |.(~|(%b (dec 0)))))]")                                \
	POOL("scry",                                                         \
	    "~[|=(a=^ ``1) |=(a=^ ~) |=(a=^ [~ ~]) |=(a=^ !!) |=(a=^ 7) "    \
	    "|=(a=^ ``.*(a [%12 [%0 2] %0 3])) |=(a=^ ``a)]")                \
	POOL("form",                                                         \
	    "~[[12 [1 1] 1 /a/b] [12 [1 1] 0 1] [11 [%mean 1 'x'] 0 0] "     \
	    "[11 [%hunk 1 |.('x')] 4 1 [1 1]] [11 [%spot 1 3] 5 [0 1] 0 "    \
	    "0] [7 [1 5] 11 [%lose 1 2] 4 0 1] [11 9 4 1 7] [10 [2 1 3] 0 "  \
	    "1] [9 2 1 !=(!!)] [2 [0 1] 1 0 1] [13 1 1] [6 [1 2] [1 1] 1 1]]") \
	POOL("type",                                                         \
	    "~[%noun %void -:!>(1) -:!>('a') -:!>(%a) -:!>([1 'a']) "        \
	    "-:!>([a=1 b='x']) -:!>(=>(~ |=(a=@ a))) -:!>(`(list @)`~) "     \
	    "-:!>(`(unit @t)`~) -:!>(*?(%a %b)) -:!>(*?(@ ^)) "              \
	    "-:!>(*(each @ud @t)) -:!>(*(map @ @)) -:!>(=>(~ |.(1))) "       \
	    "-:!>(=>([a=1 b=2] |=(c=@ [a b c]))) -:!>(~) -:!>(&) "           \
	    "-:!>(`*`1) -:!>(`[@ud @ux]`[1 0x1]) -:!>(*$@(@ [p=@ q=@]))]")   \
	POOL("small-type",                                                   \
	    "~[%noun %void -:!>(1) -:!>('a') -:!>(%a) -:!>([a=1 b='x']) "    \
	    "-:!>(*?(%a %b)) -:!>(*?(%b %c)) -:!>(~) -:!>(*?(@ ^)) "         \
	    "[%fork 0] [%fork 1] [%face 'a' %noun] [%hint [%noun 0] %void]]") \
	POOL("rich-type",                                                    \
	    "~[-:!>(=>([a=1 b=2] =*(c a .))) "                               \
	    "-:!>(=>([a=1 b=[c=2 d=3]] =,(b .))) "                           \
	    "-:!>(=>([a=1 b=2] |=(c=@ [a b c]))) "                           \
	    "-:!>(=>([a=1 b=2] ^|(|=(c=@ [a b c])))) "                       \
	    "-:!>(=>([a=1 b=2] ^&(|=(c=@ [a b c])))) "                       \
	    "-:!>(=>([a=1 b=2] ^?(|=(c=@ [a b c])))) "                       \
	    "-:!>(=>([a=1 b=2] |*(c=@ [a b c]))) "                           \
	    "-:!>(*$%([%a a=@ b=@] [%b a=@ b=@t])) "                         \
	    "-:!>(*$%([%a a=@ b=^] [%b a=^ c=@t])) "                         \
	    "-:!>(*(list [a=@ b=@t])) -:!>(*(tree [a=@ b=@t])) "             \
	    "-:!>([a=1 a=2 b=[a=3 c=4]]) -:!>(*(each [a=@ b=@] [c=@ a=@]))]") \
	POOL("wing",                                                         \
	    "`(list wing)`~[~[%a] ~[%a] ~[%b] ~[%c] ~[%$] ~[%a %b] ~[%c %b] " \
	    "~[[%& 1]] ~[[%& 2]] ~[[%& 3]] ~[[%& 6] [%& 3]] ~ "              \
	    "~[%a [%& 3]] ~[[%& 2] %b] ~[[%| 0 ~]] ~[[%| 1 ~]] "             \
	    "~[[%| 1 `%a]] ~[[%| 2 `%a]] ~[%a [%| 0 `%b]] ~[%p] ~[%i %t]]")  \
	POOL("hoon",                                                         \
	    "~[(ream '1') (ream 'a') (ream '[a b]') (ream '+<') (ream "      \
	    "'=/(c 1 [c c])') (ream '|=(a=@ a)') (ream '?@(a 1 2)') (ream "  \
	    "'!!') (ream 'foo') (ream '.(a 2)') (ream '`@ux`1') (ream "      \
	    "'?:(=(a 1) 2 3)') (ream '+(a)') (ream '~[1 2]') (ream '*@ud') " \
	    "(ream '$(a 1)') (ream '\"tape\"') (ream '|.(a)') (ream "        \
	    "'?~(a 1 a)') (ream '^-((list @) ~)') (ream '=>([a=1] a)')]")    \
	POOL("coil",                                                         \
	    "=/  t  ;;([%core * *] -:!>(=>(~ |=(a=@ a))))\n"                 \
	    "~[+>.t [[~ %dry %gold] %noun [%full ~] ~] 0 [0 0]]")            \
	POOL("face", "~['a' 'foo' %$ [~ ~] [[['a' ~] ~ ~] ~] 5]")            \
	POOL("term",                                                         \
	    "~['' 'a' 'b' 'c' 'd' 'ud' 'ux' 'uxD' 'u' 't' 'ta' 'tas' 'uvH' " \
	    "'uvC' 'tA' 'tB' 'p' 'A' 'foo' 'longer-than-eight']")            \
	POOL("arms",                                                         \
	    "=/  f  |=  l=(list term)  %-  ~(gas by *(map term hoon))\n"     \
	    "       (turn l |=(t=term [t (ream '1')]))\n"                    \
	    "~[(f ~) (f ~[%a]) (f ~[%a %b %c]) (f ~[%a %b %c %d %foo %ud "   \
	    "%ux %u %t]) (f ~[%p %ta]) (f ~[%a %longer-than-eight])]")       \
	POOL("chapters",                                                     \
	    "=/  f  |=  l=(list term)  %-  ~(gas by *(map term hoon))\n"     \
	    "       (turn l |=(t=term [t (ream '1')]))\n"                    \
	    "=/  g  |=  l=(list (list term))  %-  ~(gas by *(map term "      \
	    "tome))\n"                                                       \
	    "       (turn l |=(t=(list term) [(snag 0 t) *what (f t)]))\n"   \
	    "~[(g ~) (g ~[~[%a]]) (g ~[~[%a %b] ~[%c]]) (g ~[~[%a] ~[%b %d " \
	    "%foo] ~[%c] ~[%ud %ux] ~[%t %p]])]")                            \
	POOL("round", "`(list @)`~[%n %n %n %u %d %z %z %a 0]")              \
	POOL("precision",                                                    \
	    "~[[[113 -16.494 32.765] %n %d] [[53 -1.074 2.045] %z %d] [[11 " \
	    "-24 29] %u %f] [[24 -149 253] %d %i] [[24 -149 253] %a %d] "    \
	    "[[2 -3 0] %n %d] [[1 0 0] %n %d]]")                             \
	POOL("signed",                                                       \
	    "~[--0 --1 -1 -24 --10 -149 -1.074 --100 -3 --970 -16.494]")     \
	POOL("toward", "~[%fl %ce %sm %lg %ne %na %nt %xx]")                 \
	POOL("haj",                                                          \
	    "~[[sha-256l:sha 64 32] [sha-1l:sha 64 20] [sha-512l:sha 128 "   \
	    "64] [|=([a=@ b=@] (mug b)) 64 4]]")                             \
	POOL("two-power", "~[1 2 4 8 16 3 0]")                               \
	POOL("damage", "~[[0 0 0] [0 0 0] [1 0 0] [0 1 0] [0 0 1]]")         \
	POOL("point",                                                        \
	    "(turn `(list @)`~[1 2 3 7 8 (bex 200) (bex 255)] "              \
	    "scalarmult-base:ed:crypto)")                                    \
	POOL("edsign",                                                       \
	    "(turn (gulf 1 4) |=(n=@ [(sign:ed:crypto n (bex n)) n "         \
	    "(puck:ed:crypto (bex n))]))")                                   \
	POOL("ecsign",                                                       \
	    "(turn (gulf 1 4) |=(n=@ =/(h (shax n) [h (ecdsa-raw-sign:"      \
	    "secp256k1:secp:crypto h (bex (mul n 50)))])))")                 \
	POOL("schnorr",                                                      \
	    "%+  turn  (gulf 1 3)  |=  n=@  =/  k  (bex (mul n 50))\n"       \
	    ":+  x:(priv-to-pub:secp256k1:secp:crypto k)  n\n"               \
	    "(sign:schnorr:secp256k1:secp:crypto k n 5)")

#define SAMPLES(X)                                                           \
	X(TWO "pow", "pow", "[{@ some} some]", "", 0)                        \
	X(TWO "sqt", "sqt", "@", "", 0)                                      \
	X(ONE "add", "add", "[@ @]", "", 0)                                  \
	X(ONE "dec", "dec", "@", "", 0)                                      \
	X(ONE "div", "div", "[@ {@ n}]", "", 0)                              \
	X(ONE "dvr", "dvr", "[@ {@ n}]", "", 0)                              \
	X(ONE "gte", "gte", "{[@ @] twins}", "", 0)                          \
	X(ONE "gth", "gth", "{[@ @] twins}", "", 0)                          \
	X(ONE "lte", "lte", "{[@ @] twins}", "", 0)                          \
	X(ONE "lth", "lth", "{[@ @] twins}", "", 0)                          \
	X(ONE "max", "max", "[@ @]", "", 0)                                  \
	X(ONE "min", "min", "[@ @]", "", 0)                                  \
	X(ONE "mod", "mod", "[@ {@ n}]", "", 0)                              \
	X(ONE "mul", "mul", "[@ @]", "", 0)                                  \
	X(ONE "sub", "sub", "[@ {@ n}]", "", 0)                              \
	X(TWO "bex", "bex", "n", "", 0)                                      \
	X(TWO "cat", "cat", "[bloq @ @]", "", 0)                             \
	X(TWO "can", "can", "[bloq (list [n @])]", "", 0)                    \
	X(TWO "con", "con", "[@ @]", "", 0)                                  \
	X(TWO "cut", "cut", "[bloq [n n] @]", "", 0)                         \
	X(TWO "dis", "dis", "[@ @]", "", 0)                                  \
	X(TWO "end", "end", "[bite @]", "", 0)                               \
	X(TWO "lsh", "lsh", "[bite @]", "", 0)                               \
	X(TWO "met", "met", "[bloq @]", "", 0)                               \
	X(TWO "mix", "mix", "[@ @]", "", 0)                                  \
	X(TWO "rap", "rap", "[bloq (list @)]", "", 0)                        \
	X(TWO "rep", "rep", "[bite (list @)]", "", 0)                        \
	X(TWO "rev", "rev", "[bloq n @]", "", 0)                             \
	X(TWO "rip", "rip", "[bite @]", "", 0)                               \
	X(TWO "rsh", "rsh", "[bite @]", "", 0)                               \
	X(TWO "swp", "swp", "[bloq @]", "", 0)                               \
	X(TWO "xeb", "xeb", "@", "", 0)                                      \
	X(ONE "cap", "cap", "@", "", 0)                                      \
	X(ONE "mas", "mas", "@", "", 0)                                      \
	X(ONE "peg", "peg", "[@ @]", "", 0)                                  \
	X(TWO "dor", "dor", "{twins [* *]}", "", 0)                          \
	X(TWO "gor", "gor", "{twins [* *]}", "", 0)                          \
	X(TWO "mor", "mor", "{twins [* *]}", "", 0)                          \
	X(TWO "mug", "mug", "*", "", 0)                                      \
	X(TWO "muk", "muk", "[@ byts]", "", 0)                               \
	X(TWO "find", "find", "[(list few) (list few)]", "", 0)              \
	X(TWO "flop", "flop", "(more *)", "", 0)                             \
	X(TWO "lent", "lent", "(more @)", "", 0)                             \
	X(TWO "levy", "levy", "[(list {few *}) test]", "", CALLS)            \
	X(TWO "lien", "lien", "[(list {few *}) test]", "", CALLS)            \
	X(TWO "murn", "murn", "[(list *) maybe]", "", CALLS)                 \
	X(TWO "need", "need", "{(unit *) (unit *) *}", "", 0)                \
	X(TWO "reap", "reap", "[n *]", "", 0)                                \
	X(TWO "reel", "reel", "[(list {few *}) fold]", "", CALLS)            \
	X(TWO "roll", "roll", "[(list {few *}) fold]", "", CALLS)            \
	X(TWO "skid", "skid", "[(list {few *}) test]", "", CALLS)            \
	X(TWO "skim", "skim", "[(list {few *}) test]", "", CALLS)            \
	X(TWO "skip", "skip", "[(list {few *}) test]", "", CALLS)            \
	X(TWO "scag", "scag", "[n (more *)]", "", 0)                         \
	X(TWO "slag", "slag", "[n (more *)]", "", 0)                         \
	X(TWO "snag", "snag", "[n (more *)]", "", 0)                         \
	X(TWO "sort", "sort", "[(more {few @ *}) less]", "", CALLS)          \
	X(TWO "turn", "turn", "[(list {few *}) gate]", "", CALLS)            \
	X(TWO "weld", "weld", "[(more *) (list *)]", "", 0)                  \
	X(TWO "welp", "welp", "[(list *) (list *)]", "", 0)                  \
	X(TWO "zing", "zing", "(list (list *))", "", 0)                      \
	X(TWO "by all", "~(all by *(map))", "test", "map", CALLS)            \
	X(TWO "by any", "~(any by *(map))", "test", "map", CALLS)            \
	X(TWO "by apt", "|=(a=(map) ~(apt by a))", "{map (tree [k few])}",   \
	    "", 0)                                                           \
	X(TWO "by del", "~(del by *(map))", "k", "map", 0)                   \
	X(TWO "by dif", "~(dif by *(map))", "map", "map", 0)                 \
	X(TWO "by gas", "~(gas by *(map))", "(more [k few])",                \
	    "{map (tree [k few])}", 0)                                       \
	X(TWO "by get", "~(get by *(map))", "k", "{map (tree [k few])}", 0)  \
	X(TWO "by has", "~(has by *(map))", "k", "{map (tree [k few])}", 0)  \
	X(TWO "by int", "~(int by *(map))", "map", "map", 0)                 \
	X(TWO "by jab", "~(jab by `(map @ @)`(my ~[[1 2]]))", "[k gate]",    \
	    "{map (tree [k few])}", CALLS)                                   \
	X(TWO "by key", "|=(a=(map) ~(key by a))", "{map (tree [k few])}",   \
	    "", 0)                                                           \
	X(TWO "by put", "~(put by *(map))", "[k *]", "{map (tree [k few])}", \
	    0)                                                               \
	X(TWO "by rep", "~(rep by *(map))", "fold", "map", CALLS)            \
	X(TWO "by run", "~(run by *(map))", "gate", "map", CALLS)            \
	X(TWO "by tap", "|=(a=(map) ~(tap by a))", "{map (tree [k few])}",   \
	    "", 0)                                                           \
	X(TWO "by uni", "~(uni by *(map))", "map", "map", 0)                 \
	X(TWO "by urn", "~(urn by *(map))", "gate2", "map", CALLS)           \
	X(TWO "by wyt", "|=(a=(map) ~(wyt by a))", "{map (tree *)}", "", 0)  \
	X(TWO "in apt", "|=(a=(set) ~(apt in a))", "{set (tree k)}", "", 0)  \
	X(TWO "in bif", "~(bif in *(set))", "k", "set", 0)                   \
	X(TWO "in del", "~(del in *(set))", "k", "{set (tree k)}", 0)        \
	X(TWO "in dif", "~(dif in *(set))", "set", "set", 0)                 \
	X(TWO "in gas", "~(gas in *(set))", "(more k)", "{set (tree k)}", 0) \
	X(TWO "in has", "~(has in *(set))", "k", "{set (tree k)}", 0)        \
	X(TWO "in int", "~(int in *(set))", "set", "set", 0)                 \
	X(TWO "in put", "~(put in *(set))", "k", "{set (tree k)}", 0)        \
	X(TWO "in rep", "~(rep in *(set))", "fold", "set", CALLS)            \
	X(TWO "in run", "~(run in *(set))", "gate", "set", CALLS)            \
	X(TWO "in tap", "|=(a=(set) ~(tap in a))", "{set (tree k)}", "", 0)  \
	X(TWO "in uni", "~(uni in *(set))", "set", "set", 0)                 \
	X(TWO "in wyt", "|=(a=(set) ~(wyt in a))", "{set (tree k)}", "", 0)  \
	X(TWO "cue", "cue", "{jam @}", "", 0)                                \
	X(TWO "jam", "jam", "*", "", 0)                                      \
	X(TWO "mat", "mat", "@", "", 0)                                      \
	X(TWO "rub", "rub", "[{few n} {jam @}]", "", 0)                      \
	X(HEX "leer", "to-wain:format", "{cord dat lines}", "", 0)           \
	X(HEX "loss", "loss:differ", "[(list few) (list few)]", "", 0)       \
	X(HEX "lune", "lune:unix:userlib", "{cord lines lines}", "", 0)      \
	X(HEX "mimes base16 en", "en:base16:mimes:html", "byts", "", 0)      \
	X(HEX "mimes base16 de", "de:base16:mimes:html", "{hex hex cord}",   \
	    "", 0)                                                           \
	X(QUA "trip", "trip", "{cord dat @}", "", 0)                         \
	X(QUA "po ind", "ind:po", "{syllable cord}", "", SLOW)               \
	X(QUA "po ins", "ins:po", "{syllable cord}", "", SLOW)               \
	X(QUA "po tod", "tod:po", "{byte @}", "", 0)                         \
	X(QUA "po tos", "tos:po", "{byte @}", "", 0)                         \
	X(QUA "scot", "scot", "[aura {@ date cord}]", "", 0)                 \
	X(QUA "scow", "scow", "[aura {@ date cord}]", "", 0)                 \
	X(QUA "slaw", "slaw", "{knot knot [aura cord] [aura hex]}", "", 0)   \
	X(TRI "ob fein", "fein:ob", "@", "", 0)                              \
	X(TRI "ob fynd", "fynd:ob", "@", "", 0)                              \
	X(QUA "bend fun", "(bend)", "[edge rule]", "join", CALLS)            \
	X(QUA "cold fun", "(cold 1 alf)", "nail", "[* rule]", CALLS)         \
	X(QUA "comp fun", "(comp)", "[edge rule]", "gate2", CALLS)           \
	X(QUA "cook fun", "(cook |=(a=* a) alf)", "nail", "[gate rule]", CALLS) \
	X(QUA "easy fun", "(easy 1)", "nail", "*", CALLS)                    \
	X(QUA "glue fun", "(glue alf)", "[edge rule]", "rule", CALLS)        \
	X(QUA "here fun", "(here |=([a=pint b=*] [a b]) alf)", "nail",       \
	    "[gate2 rule]", CALLS)                                           \
	X(QUA "just fun", "(just 'a')", "nail", "{byte few @}", CALLS)       \
	X(QUA "mask fun", "(mask \"abc\")", "nail", "{tape (list @)}", CALLS) \
	X(QUA "shim fun", "(shim 'a' 'z')", "nail", "[byte {byte @}]", CALLS) \
	X(QUA "stag fun", "(stag 1 alf)", "nail", "[* rule]", CALLS)         \
	X(QUA "stew fun",                                                    \
	    "(stew (stet (limo ~[['a' (just 'a')] [['b' 'f'] prn] "          \
	    "[['0' '9'] dem]])))",                                           \
	    "nail", "14 =", CALLS)                                           \
	X(QUA "stew fun", "(stew (stet (limo ~[['a' (just 'b')]])))",        \
	    "nail", "14 (tree [{byte [byte byte]} rule])", CALLS)            \
	X(QUA "stir fun", "(star alf)", "nail",                              \
	    "[* gate2 {rule eater eater eater eater}]", CALLS)               \
	X(QUA "pfix", "pfix", "[edge rule]", "", CALLS)                      \
	X(QUA "plug", "plug", "[edge rule]", "", CALLS)                      \
	X(QUA "pose", "pose", "[edge rule]", "", CALLS)                      \
	X(QUA "sfix", "sfix", "[edge rule]", "", CALLS)                      \
	X(QUA "mink", "mink", "[[* {nock form}] scry]", "", CALLS)           \
	X(QUA "mole", "mole", "trap", "", CALLS)                             \
	X(QUA "mule", "mule", "trap", "", CALLS)                             \
	X(PEN "cell", "cell", "[type type]", "", 0)                          \
	X(PEN "comb", "comb", "[nock nock]", "", 0)                          \
	X(PEN "cons", "cons", "[nock nock]", "", 0)                          \
	X(PEN "core", "core", "[type coil]", "", 0)                          \
	X(PEN "face", "face", "[face type]", "", 0)                          \
	X(PEN "fitz", "fitz", "[term term]", "", 0)                          \
	X(PEN "flan", "flan", "[nock nock]", "", 0)                          \
	X(PEN "flip", "flip", "nock", "", 0)                                 \
	X(PEN "flor", "flor", "[nock nock]", "", 0)                          \
	X(PEN "fork", "fork", "(list {small-type type})", "", 0)             \
	X(PEN "look", "^look", "[term arms]", "", 0)                         \
	X(PEN "loot", "loot", "[term chapters]", "", 0)                      \
	X(PEN "ut crop", "~(crop ut %noun)", "small-type", "small-type", 0)  \
	X(PEN "ut fish", "~(fish ut %noun)", "{few n}", "type", 0)           \
	X(PEN "ut fuse", "~(fuse ut %noun)", "{small-type rich-type}",       \
	    "{small-type rich-type}", CALLS)                                 \
	X(PEN "ut mint", "~(mint ut %noun)", "[{%noun %noun type} hoon]",    \
	    "type", SLOW)                                                    \
	X(PEN "ut mull", "~(mull ut %noun)", "[{%noun %noun type} type hoon]", \
	    "type", SLOW)                                                    \
	X(PEN "ut nest nest-in nest-dext", "~(nest ut %noun)",               \
	    "[flag {small-type type}]", "{small-type type}", SLOW)           \
	X(PEN "ut nest", "~(nest ut %noun)",                                 \
	    "[flag {small-type type rich-type}]",                            \
	    "{small-type type rich-type}", SLOW | CALLS)                     \
	X(PEN "ut find", "~(find ut %noun)",                                 \
	    "[{%read %rite %both %free} wing]", "{type rich-type}",          \
	    SLOW | CALLS)                                                    \
	X(PEN "ut fond", "~(fond ut %noun)",                                 \
	    "[{%read %rite %both %free} wing]", "{type rich-type}",          \
	    SLOW | CALLS)                                                    \
	X(PEN "ut peek", "~(peek ut %noun)",                                 \
	    "[{%read %rite %both %free} few]", "{type rich-type}", CALLS)    \
	X(PEN "ut redo", "~(redo ut %noun)", "{small-type rich-type}",       \
	    "{small-type rich-type}", SLOW | CALLS)                          \
	X(PEN "ut toss", "~(toss ut %noun)",                                 \
	    "[wing type (list [{type rich-type} [{%dry %wet} hoon]])]",      \
	    "type", SLOW | CALLS)                                            \
	X(PEN "ut rest", "~(rest ut %noun)", "(list [type hoon])", "type",   \
	    SLOW)

/* One line for each kind of float: the jets are the same. */
#define FLOAT_SAMPLES(X, rd, f)                                              \
	X(TRI rd " add", "add:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " sub", "sub:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " mul", "mul:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " div", "div:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " sqt", "sqt:" rd, f, "round", 0)                           \
	X(TRI rd " fma", "fma:" rd, "[" f " " f " " f "]", "round", 0)       \
	X(TRI rd " lth", "lth:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " lte", "lte:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " equ", "equ:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " gte", "gte:" rd, "[" f " " f "]", "round", 0)             \
	X(TRI rd " gth", "gth:" rd, "[" f " " f "]", "round", 0)

#define MORE_SAMPLES(X)                                                      \
	X(TRI "cofl lug", "lug:fl", "[toward [signed @] flag]",              \
	    "precision", 0)                                                  \
	X(TRI "cofl drg", "drg:fl", "[102 0 signed @]", "62 precision", 0)   \
	FLOAT_SAMPLES(X, "rh", "f16")                                        \
	FLOAT_SAMPLES(X, "rs", "f32")                                        \
	FLOAT_SAMPLES(X, "rd", "f64")                                        \
	FLOAT_SAMPLES(X, "rq", "f128")                                       \
	X(HEX "hmac hmac", "hmac:hmac:crypto", "[haj byts byts]", "", CALLS) \
	X(HEX "blake blake2b", "blake2b:blake:crypto", "[byts byts some]",   \
	    "", 0)                                                           \
	X(HEX "kecc k224", "keccak-224:keccak:crypto", "byts", "", 0)        \
	X(HEX "kecc k256", "keccak-256:keccak:crypto", "byts", "", 0)        \
	X(HEX "kecc k384", "keccak-384:keccak:crypto", "byts", "", 0)        \
	X(HEX "kecc k512", "keccak-512:keccak:crypto", "byts", "", 0)        \
	X(HEX "ripemd ripemd160", "ripemd-160:ripemd:crypto", "byts", "", 0) \
	X(TRI "og raw", "~(raw og 1)", "n", "@", 0)                          \
	X(TRI "sha sha1", "sha-1l:sha", "byts", "", 0)                       \
	X(TRI "shax", "shax", "{@ dat}", "", 0)                              \
	X(TRI "shay", "shay", "{byts [n @]}", "", 0)                         \
	X(TRI "shas", "shas", "[@ dat]", "", 0)                              \
	X(TRI "shal", "shal", "{byts [n @]}", "", 0)                         \
	X(HEX "argon argon2",                                                \
	    "(argon2:argon2:crypto 32 %u 0x13 1 8 1 [0 0] [0 0])",           \
	    "[byts [{8 some} dat]]", "", SLOW | FEW)                         \
	X(HEX "argon argon2",                                                \
	    "(argon2:argon2:crypto 70 %id 0x10 1 9 1 [3 7] [2 1])",          \
	    "[byts [{9 some} dat]]", "", SLOW | FEW)                         \
	X(HEX "scr pbk", "pbk:scr:crypto", "[dat dat few some]", "", 0)      \
	X(HEX "scr pbl", "pbl:scr:crypto", "[dat some dat some few some]",   \
	    "", 0)                                                           \
	X(HEX "scr hsh", "hsh:scr:crypto",                                   \
	    "[dat dat two-power few few some]", "", SLOW)                    \
	X(HEX "scr hsl", "hsl:scr:crypto",                                   \
	    "[dat some dat some two-power few few some]", "", SLOW)          \
	X(HEX "aes ecba en", "en:ecba:aes:crypto", "block", "block", 0)      \
	X(HEX "aes ecba de", "de:ecba:aes:crypto", "block", "block", 0)      \
	X(HEX "aes ecbb en", "en:ecbb:aes:crypto", "block", "key", 0)        \
	X(HEX "aes ecbb de", "de:ecbb:aes:crypto", "block", "key", 0)        \
	X(HEX "aes ecbc en", "en:ecbc:aes:crypto", "block", "key", 0)        \
	X(HEX "aes ecbc de", "de:ecbc:aes:crypto", "block", "key", 0)        \
	X(HEX "aes cbca en", "en:cbca:aes:crypto", "dat", "[block block]",   \
	    SLOW)                                                            \
	X(HEX "aes cbca de", "de:cbca:aes:crypto", "dat", "[block block]",   \
	    SLOW)                                                            \
	X(HEX "aes cbcb en", "en:cbcb:aes:crypto", "dat", "[key block]",     \
	    SLOW)                                                            \
	X(HEX "aes cbcb de", "de:cbcb:aes:crypto", "dat", "[key block]",     \
	    SLOW)                                                            \
	X(HEX "aes cbcc en", "en:cbcc:aes:crypto", "dat", "[key block]",     \
	    SLOW)                                                            \
	X(HEX "aes cbcc de", "de:cbcc:aes:crypto", "dat", "[key block]",     \
	    SLOW)                                                            \
	SIV_SAMPLES(X, "siva")                                               \
	SIV_SAMPLES(X, "sivb")                                               \
	SIV_SAMPLES(X, "sivc")                                               \
	X(HEX "coed ed sign", "sign:ed:crypto", "[dat key]", "", SLOWEST)    \
	X(HEX "coed ed puck", "puck:ed:crypto", "key", "", SLOWEST)          \
	X(HEX "coed ed veri", "veri:ed:crypto",                              \
	    "{edsign edsign [dat dat point]}", "", SLOWEST)                  \
	X(HEX "coed ed shar", "shar:ed:crypto", "[{point key} key]", "",     \
	    SLOW)                                                            \
	X(HEX "coed ed point-add", "point-add:ed:crypto",                    \
	    "[point {point key}]", "", SLOW)                                 \
	X(HEX "coed ed scalarmult", "scalarmult:ed:crypto",                  \
	    "[{few key} {point key}]", "", SLOWEST)                          \
	X(HEX "coed ed scalarmult-base", "scalarmult-base:ed:crypto",        \
	    "{few key @}", "", SLOWEST)                                      \
	X(HEX "coed ed add-scalarmult-scalarmult-base",                      \
	    "add-scalarmult-scalarmult-base:ed:crypto",                      \
	    "[{few key} {point key} {few key}]", "", SLOWEST)                \
	X(HEX "coed ed add-double-scalarmult",                               \
	    "add-double-scalarmult:ed:crypto",                               \
	    "[{few key} point {few key} {point key}]", "", SLOWEST)          \
	X(HEX "secp secp256k1 make", "make-k:secp256k1:secp:crypto",         \
	    "[key key]", "", SLOW)                                           \
	X(HEX "secp secp256k1 sign", "ecdsa-raw-sign:secp256k1:secp:crypto", \
	    "[key {key few}]", "", SLOW)                                     \
	X(HEX "secp secp256k1 reco",                                         \
	    "ecdsa-raw-recover:secp256k1:secp:crypto",                       \
	    "{ecsign ecsign [key few key key]}", "", SLOW)                   \
	X(HEX "secp secp256k1 schnorr sosi",                                 \
	    "sign:schnorr:secp256k1:secp:crypto", "[key key {few key}]", "", \
	    SLOW)                                                            \
	X(HEX "secp secp256k1 schnorr sove",                                 \
	    "verify:schnorr:secp256k1:secp:crypto",                          \
	    "{schnorr schnorr [key key dat]}", "", SLOW)

/* A tag that is right, mostly, comes from the other arm. */
#define SIV_SAMPLES(X, siv)                                                  \
	X(HEX "aes " siv " en", "en:" siv ":aes:crypto", "dat",              \
	    "[key (list dat)]", SLOW)                                        \
	X(HEX "aes " siv " de", "de:" siv ":aes:crypto", "[block some dat]", \
	    "[key (list dat)]", SLOW)                                        \
	X(HEX "aes " siv " de",                                              \
	    "|=  [[key=@ vec=(list @)] txt=@ d=[p=@ q=@ r=@]]\n"             \
	    "=/  e  (~(en " siv ":aes:crypto key vec) txt)\n"                \
	    "(~(de " siv ":aes:crypto key vec) (mix p.d p.e) "               \
	    "(add q.d q.e) (mix r.d r.e))",                                  \
	    "[[key (list dat)] dat damage]", "", SLOW)

#endif
