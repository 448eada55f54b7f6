/*
 * Jets of arms that the ivory kernel does not hold, whose Hoon is worked out
 * by hand: JSON, auras, virtualisation, plots and bytestreams.
 */
#include "jetcall.h"

/* -------- JSON -------- */

static bool
reads(const char *text, const char *want)
{
	noun n = want ? cons(0, parse(want)) : 0;

	return gives(jet_json_de, atom_cord(text), 0, n);
}

TEST("json de: values, blanks, escapes, and what is none")
{
	CHECK(reads("null", "0"));
	CHECK(reads(" true ", "[%b 0]"));
	CHECK(reads("[false]", "[%a [%b 1] 0]"));
	CHECK(reads("-12.5e+3", "[%n '-12.5e+3']"));
	CHECK(reads("\"a\\u00e9\\n\"", "[%s 'a\\c3\\a9\\0a']"));
	CHECK(reads(
	    "{\"a\": [1, \"b\"]}", "[%o ['a' %a [%n '1'] [%s 'b'] 0] 0 0]"));
	CHECK(reads("{}", "[%o 0]"));
	CHECK(reads("[]", "[%a 0]"));
	CHECK(reads("", NULL));
	CHECK(reads("01", NULL));
	CHECK(reads("[1,]", NULL));
	CHECK(reads("\"\\x\"", NULL));
	CHECK(reads("[1", NULL));
	CHECK(reads("1 2", NULL));
	CHECK(crashes(jet_json_de, "[1 1]"));
}

static bool
writes(const char *json, const char *want)
{
	return gives(jet_json_en, parse(json), 0, atom_cord(want));
}

TEST("json en: values and escapes")
{
	CHECK(writes("0", "null"));
	CHECK(writes("[%b 0]", "true"));
	CHECK(writes("[%b 1]", "false"));
	CHECK(writes("[%n '1.5']", "1.5"));
	CHECK(writes("[%s 'a\"\\5cb\\0a']", "\"a\\\"\\\\b\\n\""));
	CHECK(writes("[%a [%b 0] 0 0]", "[true,null]"));
	CHECK(writes("[%o ['a' 0] 0 0]", "{\"a\":null}"));
	CHECK(writes("[%a 0]", "[]"));
	CHECK(writes("[%o 0]", "{}"));
	CHECK(crashes(jet_json_en, "[%x 0]"));
	CHECK(crashes(jet_json_en, "[%s 1 1]"));
	CHECK(crashes(jet_json_en, "[%a 5]"));
	CHECK(crashes(jet_json_en, "[%b 2]"));
}

/* -------- auras of kelvin 135, loot, virtualisation -------- */

TEST("scot, scow, slaw: there and back")
{
	CHECK(is(jet_scot, "[%ud 1.234.567]", "'1.234.567'"));
	CHECK(is(jet_scot, "[%ux 0xdead.beef]", "'0xdead.beef'"));
	CHECK(is(jet_scot, "[%p 256]", "'~marzod'"));
	CHECK(is(jet_scow, "[%ud 10]", "[49 48 0]"));
	CHECK(is(jet_slaw, "[%ud '1.234.567']", "[0 1.234.567]"));
	CHECK(is(jet_slaw, "[%ux '0xdead.beef']", "[0 0xdead.beef]"));
	CHECK(is(jet_slaw, "[%p '~marzod']", "[0 256]"));
	CHECK(is(jet_slaw, "[%ud '1234']", "0"));
	CHECK(crashes(jet_slaw, "[%ud 1 1]"));
	CHECK(crashes(jet_scot, "[%ud 1 1]"));
}

/* In the door of vi, of the text of a trap. */
static bool
vi_gives(jet_fn *jet, const char *trap, const char *want)
{
	return gives(jet, parse(trap), door(YES), parse(want));
}

TEST("vi mole, vi mule: a trap's product or its crash")
{
	CHECK(vi_gives(jet_vi_mole, "[[1 42] 0]", "[0 42]"));
	CHECK(vi_gives(jet_vi_mole, "[[0 0] 0]", "0"));
	CHECK(vi_gives(jet_vi_mule, "[[1 42] 0]", "[0 42]"));
	CHECK(vi_gives(jet_vi_mule, "[[0 0] 0]", "[1 0]"));
	CHECK(ends(jet_vi_mole, parse("[[1 42] 0]"), door(direct(7)), PASS));
	CHECK(ends(jet_vi_mule, parse("[[1 42] 0]"), 0, PASS));
}

/* -------- plots and bytestreams -------- */

TEST("plot: atoms end to end")
{
	CHECK(
	    is(jet_plot_fax, "[3 0x11 [2 0x22] 0x33 0]", "[0x3300.2211 3 4]"));
	CHECK(is(jet_plot_met, "[3 0x11 [2 0x22] 0x33 0]", "[3 4]"));
	CHECK(is(jet_plot_fax, "[3 0]", "[0 3 0]"));
	CHECK(
	    is(jet_plot_fax, "[3 [[%c 0] [1 2] 0x11.2233] 0]", "[0x1122 3 2]"));
	CHECK(is(jet_plot_fax, "[3 [[%m 0] [1 4] 0x11.2233] 7 0]",
	    "[0x7.1122 3 3]"));
	CHECK(is(
	    jet_plot_fax, "[3 [[%s 0] 5 0x11 0] 7 0]", "[0x7.0000.0011 3 5]"));
	CHECK(is(jet_plot_fax, "[[3 5 0] 4 6 0]", "[0x6.0005 4 2]"));
	CHECK(crashes(jet_plot_fax, "5"));
	CHECK(crashes(jet_plot_fax, "[3 [[%z 0] [1 2] 3] 0]"));
}

TEST("bytestream: octs and bays, by hand")
{
	CHECK(is(jet_bytestream_rip_octs, "[4 0x1122]", "[0x22 0x11 0 0 0]"));
	CHECK(
	    is(jet_bytestream_cat_octs, "[[2 0x11] 1 0x22]", "[3 0x22.0011]"));
	CHECK(is(jet_bytestream_can_octs, "[[2 0x11] [1 0x22] [1 0] 0]",
	    "[4 0x22.0011]"));
	CHECK(
	    is(jet_bytestream_skip_line, "[0 3 0x61.0a62]", "[2 3 0x61.0a62]"));
	CHECK(is(jet_bytestream_find_byte, "[0x61 0 3 0x61.0a62]", "[0 2]"));
	CHECK(is(jet_bytestream_find_byte, "[0x63 0 3 0x61.0a62]", "0"));
	CHECK(is(jet_bytestream_seek_byte, "[0x61 0 3 0x61.0a62]",
	    "[[0 2] 2 3 0x61.0a62]"));
	CHECK(is(jet_bytestream_seek_byte, "[0x63 1 3 0x61.0a62]",
	    "[0 1 3 0x61.0a62]"));
	CHECK(is(
	    jet_bytestream_read_byte, "[1 3 0x61.0a62]", "[10 2 3 0x61.0a62]"));
	CHECK(crashes(jet_bytestream_read_byte, "[3 3 0x61.0a62]"));
	CHECK(is(jet_bytestream_read_octs, "[2 1 3 0x61.0a62]",
	    "[[2 0x610a] 3 3 0x61.0a62]"));
	CHECK(crashes(jet_bytestream_read_octs, "[3 1 3 0x61.0a62]"));
	CHECK(is(jet_bytestream_chunk, "[2 0 3 0x61.0a62]",
	    "[[2 0xa62] [1 0x61] 0]"));
	CHECK(crashes(jet_bytestream_rip_octs, "[[1 1] 1]"));
	CHECK(crashes(jet_bytestream_can_octs, "[[1 1] 5]"));
}

/* |=(bays ?:(=(pos 2) [0 0] [1 1])) */
#define EXTENTS "[[6 [5 [0 12] 1 2] [1 0 0] 1 1 1] 0 0]"

TEST("bytestream: extents from a gate, until it gives none")
{
	CHECK(is(jet_bytestream_extract, "[[0 9 0x4433.2211] " EXTENTS "]",
	    "[[[1 0x22] 0] 2 9 0x4433.2211]"));
	CHECK(is(jet_bytestream_fuse_extract, "[[3 9 0x4433.2211] " EXTENTS "]",
	    "[[3 0] 9 9 0x4433.2211]"));
}

TEST("bytestream: bits of bytes")
{
	CHECK(is(jet_bytestream_need_bits, "[9 3 5 0 3 0x61.0a62]",
	    "[11 0x315 1 3 0x61.0a62]"));
	CHECK(is(jet_bytestream_need_bits, "[3 3 5 0 3 1]", "[3 5 0 3 1]"));
	CHECK(is(jet_bytestream_drop_bits, "[2 3 5 0 3 1]", "[1 1 0 3 1]"));
	CHECK(is(jet_bytestream_peek_bits, "[2 3 5 0 3 1]", "1"));
	CHECK(is(jet_bytestream_read_bits, "[2 3 5 0 3 1]", "[1 1 1 0 3 1]"));
	CHECK(
	    is(jet_bytestream_byte_bits, "[11 0x315 0 3 1]", "[8 0x62 0 3 1]"));
	CHECK(crashes(jet_bytestream_need_bits, "[99 3 5 0 3 1]"));
	CHECK(crashes(jet_bytestream_peek_bits, "[4 3 5 0 3 1]"));
	CHECK(crashes(jet_bytestream_read_bits, "[1 3]"));
}
