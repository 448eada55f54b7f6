/*
 * table -- the jets: the one list of them.
 *
 * X(path, arm, function, kelvins), one line a jet, grouped by the file that
 * it lives in.  The path is that of the names in %fast hints, from the root
 * of the kernel; the layers of Hoon's own library, each of which is inside
 * of the one before, have names here.  The arm is an axis in the core.  The
 * kelvins are those whose Hoon the jet is (jets.h); a name that stands
 * twice changed its Hoon on the way.
 */
#ifndef TABLE_H
#define TABLE_H

#define ONE "one "
#define TWO ONE "two "
#define TRI TWO "tri "
#define QUA TRI "qua "
#define PEN QUA "pen "
#define HEX PEN "hex "

#define JETS_MATH(X) \
	X(TWO "pow", 2, pow, ALL) \
	X(TWO "sqt", 2, sqt, ALL) \
	X(ONE "add", 2, add, ALL | A50) \
	X(ONE "dec", 2, dec, ALL | A50) \
	X(ONE "div", 2, div, ALL | A50) \
	X(ONE "dvr", 2, dvr, ALL | A50) \
	X(ONE "gte", 2, gte, ALL | A50) \
	X(ONE "gth", 2, gth, ALL | A50) \
	X(ONE "lte", 2, lte, ALL | A50) \
	X(ONE "lth", 2, lth, ALL | A50) \
	X(ONE "max", 2, max, ALL) \
	X(ONE "min", 2, min, ALL) \
	X(ONE "mod", 2, mod, ALL | A50) \
	X(ONE "mul", 2, mul, ALL | A50) \
	X(ONE "sub", 2, sub, ALL | A50)

#define JETS_BITS(X) \
	X(TWO "bex", 2, bex, ALL | A50) \
	X(TWO "cat", 2, cat, ALL | A50) \
	X(TWO "can", 2, can, ALL | A50) \
	X(TWO "con", 2, con, ALL | A50) \
	X(TWO "cut", 2, cut, ALL | A50) \
	X(TWO "dis", 2, dis, ALL | A50) \
	X(TWO "end", 2, end, ALL | A50) \
	X(TWO "lsh", 2, lsh, ALL | A50) \
	X(TWO "met", 2, met, ALL | A50) \
	X(TWO "mix", 2, mix, ALL | A50) \
	X(TWO "rap", 2, rap, ALL) \
	X(TWO "rep", 2, rep, ALL | A50) \
	X(TWO "rev", 2, rev, ALL) \
	X(TWO "rip", 2, rip, ALL | A50) \
	X(TWO "rsh", 2, rsh, ALL | A50) \
	X(TWO "swp", 2, swp, ALL | A50) \
	X(TWO "xeb", 2, xeb, ALL) \
	X(ONE "cap", 2, cap, ALL) \
	X(ONE "mas", 2, mas, ALL) \
	X(ONE "peg", 2, peg, ALL) \
	X(TWO "clz", 2, clz, K(137, 135)) \
	X(TWO "ctz", 2, ctz, K(137, 135)) \
	X(TWO "ham", 2, ham, K(137, 135)) \
	X(TWO "hew fun", 2, hew, K(137, 135)) \
	X(TWO "rig", 2, rig, K(137, 135)) \
	X(TWO "sew", 2, sew, K(137, 135))

#define JETS_ORDER(X) \
	X(TWO "dor", 2, dor, ALL | A50) \
	X(TWO "gor", 2, gor, ALL | A50) \
	X(TWO "mor", 2, mor, ALL | A50) \
	X(TWO "mug", 2, mug, ALL | A50) \
	X(TWO "muk", 2, muk, ALL) \
	X(TWO "aor", 2, aor, K(138, 138))

#define JETS_LIST(X) \
	X(TWO "find", 2, find, ALL) \
	X(TWO "flop", 2, flop, ALL | A50) \
	X(TWO "lent", 2, lent, ALL | A50) \
	X(TWO "levy", 2, levy, ALL | A50) \
	X(TWO "lien", 2, lien, ALL) \
	X(TWO "murn", 2, murn, ALL) \
	X(TWO "need", 2, need, ALL) \
	X(TWO "reap", 2, reap, ALL | A50) \
	X(TWO "reel", 2, reel, ALL) \
	X(TWO "roll", 2, roll, ALL) \
	X(TWO "skid", 2, skid, ALL) \
	X(TWO "skim", 2, skim, ALL) \
	X(TWO "skip", 2, skip, ALL) \
	X(TWO "scag", 2, scag, ALL) \
	X(TWO "slag", 2, slag, ALL | A50) \
	X(TWO "snag", 2, snag, ALL | A50) \
	X(TWO "sort", 2, sort, ALL) \
	X(TWO "turn", 2, turn, ALL | A50) \
	X(TWO "weld", 2, weld, ALL) \
	X(TWO "welp", 2, welp, ALL | A50) \
	X(TWO "zing", 2, zing, ALL) \
	X(TWO "mate", 2, mate, K(138, 135))

#define JETS_MAP(X) \
	X(TWO "by all", 2, by_all, ALL) \
	X(TWO "by any", 2, by_any, ALL) \
	X(TWO "by apt", 2, by_apt, ALL | A50) \
	X(TWO "by del", 2, by_del, ALL | A50) \
	X(TWO "by dif", 2, by_dif, ALL) \
	X(TWO "by gas", 2, by_gas, ALL) \
	X(TWO "by get", 2, by_get, ALL | A50) \
	X(TWO "by has", 2, by_has, ALL | A50) \
	X(TWO "by int", 2, by_int, ALL) \
	X(TWO "by jab", 2, by_jab, ALL) \
	X(TWO "by key", 2, by_key, ALL) \
	X(TWO "by put", 2, by_put, ALL | A50) \
	X(TWO "by rep", 2, by_rep, ALL) \
	X(TWO "by run", 2, by_run, ALL) \
	X(TWO "by tap", 2, by_tap, ALL) \
	X(TWO "by uni", 2, by_uni, ALL) \
	X(TWO "by urn", 2, by_urn, ALL) \
	X(TWO "by wyt", 2, by_wyt, ALL) \
	X(TWO "by bif", 2, by_bif, K(138, 135))

#define JETS_SET(X) \
	X(TWO "in apt", 2, in_apt, ALL | A50) \
	X(TWO "in bif", 2, in_bif, ALL) \
	X(TWO "in del", 2, in_del, ALL | A50) \
	X(TWO "in dif", 2, in_dif, ALL) \
	X(TWO "in gas", 2, in_gas, ALL) \
	X(TWO "in has", 2, in_has, ALL) \
	X(TWO "in int", 2, in_int, ALL) \
	X(TWO "in put", 2, in_put, ALL | A50) \
	X(TWO "in rep", 2, in_rep, ALL) \
	X(TWO "in run", 2, in_run, ALL) \
	X(TWO "in tap", 2, in_tap, ALL) \
	X(TWO "in uni", 2, in_uni, ALL) \
	X(TWO "in wyt", 2, in_wyt, ALL)

#define JETS_SERIAL(X) \
	X(TWO "cue", 2, cue, ALL) \
	X(TWO "jam", 2, jam, ALL) \
	X(TWO "mat", 2, mat, ALL) \
	X(TWO "rub", 2, rub, ALL)

#define JETS_TEXT(X) \
	X(HEX "leer", 2, leer, ALL | QUIRK) \
	X(HEX "loss", 2, loss, ALL) \
	X(HEX "lune", 2, lune, ALL) \
	X(HEX "mimes base16 en", 2, base16_en, ALL) \
	X(HEX "mimes base16 de", 2, base16_de, ALL) \
	X(QUA "trip", 2, trip, ALL) \
	X(HEX "json de", 2, json_de, K(139, 135)) \
	X(HEX "json en", 2, json_en, K(139, 135))

#define JETS_AURA(X) \
	X(QUA "po ind", 2, po_ind, ALL) \
	X(QUA "po ins", 2, po_ins, ALL) \
	X(QUA "po tod", 2, po_tod, ALL) \
	X(QUA "po tos", 2, po_tos, ALL) \
	X(QUA "scot", 2, scot_136, K(140, 136)) \
	X(QUA "scot", 2, scot, K(135, 135)) \
	X(QUA "scow", 2, scow_136, K(140, 136)) \
	X(QUA "scow", 2, scow, K(135, 135)) \
	X(QUA "slaw", 2, slaw_136, K(140, 136)) \
	X(QUA "slaw", 2, slaw, K(135, 135)) \
	X(TRI "ob fein", 2, ob_fein, ALL) \
	X(TRI "ob fynd", 2, ob_fynd, ALL)

#define JETS_PARSE(X) \
	X(QUA "bend fun", 2, bend, ALL) \
	X(QUA "cold fun", 2, cold, ALL) \
	X(QUA "comp fun", 2, comp, ALL) \
	X(QUA "cook fun", 2, cook, ALL) \
	X(QUA "easy fun", 2, easy, ALL) \
	X(QUA "glue fun", 2, glue, ALL) \
	X(QUA "here fun", 2, here, ALL) \
	X(QUA "just fun", 2, just, ALL) \
	X(QUA "mask fun", 2, mask, ALL) \
	X(QUA "shim fun", 2, shim, ALL) \
	X(QUA "stag fun", 2, stag, ALL) \
	X(QUA "stew fun", 2, stew, ALL) \
	X(QUA "stir fun", 2, stir, ALL) \
	X(QUA "pfix", 2, pfix, ALL) \
	X(QUA "plug", 2, plug, ALL) \
	X(QUA "pose", 2, pose, ALL) \
	X(QUA "sfix", 2, sfix, ALL)

#define JETS_VIRTUAL(X) \
	X(QUA "mink", 2, mink, ALL) \
	X(QUA "mole", 2, mole, K(140, 137)) \
	X(QUA "mule", 2, mule, K(140, 137)) \
	X(QUA "vi mole", 2, vi_mole, K(136, 135)) \
	X(QUA "vi mule", 2, vi_mule, K(136, 135))

#define JETS_TYPE(X) \
	X(PEN "cell", 2, cell, ALL) \
	X(PEN "comb", 2, comb, ALL) \
	X(PEN "cons", 2, cons, ALL) \
	X(PEN "core", 2, core, ALL) \
	X(PEN "face", 2, face, ALL) \
	X(PEN "fitz", 2, fitz, ALL | QUIRK) \
	X(PEN "flan", 2, flan, K(140, 139) | QUIRK) \
	X(PEN "flip", 2, flip, K(140, 139) | QUIRK) \
	X(PEN "flor", 2, flor, K(140, 139) | QUIRK) \
	X(PEN "fork", 2, fork, ALL) \
	X(PEN "look", 2, look, ALL) \
	X(PEN "loot", 2, loot_136, K(140, 136)) \
	X(PEN "loot", 2, loot, K(135, 135))

#define JETS_UT(X) \
	X(PEN "ut crop", 2, ut_crop, ALL) \
	X(PEN "ut fish", 2, ut_fish, ALL) \
	X(PEN "ut fuse", 2, ut_fuse, ALL) \
	X(PEN "ut mint", 2, ut_mint, ALL) \
	X(PEN "ut mull", 2, ut_mull, ALL | QUIRK) \
	X(PEN "ut nest nest-in nest-dext", 2, ut_nest, ALL) \
	X(PEN "ut rest", 2, ut_rest, ALL) \
	X(PEN "ut redo", 2, ut_redo, K(137, 135))

/* Beside those: they are asked before them. */
#define JETS_WING(X) \
	X(PEN "ut find", 2, ut_find, K(140, 140)) \
	X(PEN "ut fond", 2, ut_fond, K(140, 140)) \
	X(PEN "ut fuse", 2, ut_fused, K(140, 140)) \
	X(PEN "ut nest", 2, ut_nest_in, K(140, 140)) \
	X(PEN "ut peek", 2, ut_peek, K(140, 140)) \
	X(PEN "ut redo", 2, ut_redone, K(140, 140)) \
	X(PEN "ut toss", 2, ut_toss, K(140, 140))

#define JETS_FLOAT(X) \
	X(TRI "cofl drg", 2, drg, ALL) \
	X(TRI "cofl lug", 2, lug, ALL) \
	X(TRI "rd add", 2, rd_add, ALL) \
	X(TRI "rd sub", 2, rd_sub, ALL) \
	X(TRI "rd mul", 2, rd_mul, ALL) \
	X(TRI "rd div", 2, rd_div, ALL) \
	X(TRI "rd sqt", 2, rd_sqt, ALL) \
	X(TRI "rd fma", 2, rd_fma, ALL) \
	X(TRI "rd lth", 2, rd_lth, ALL) \
	X(TRI "rd lte", 2, rd_lte, ALL) \
	X(TRI "rd equ", 2, rd_equ, ALL) \
	X(TRI "rd gte", 2, rd_gte, ALL) \
	X(TRI "rd gth", 2, rd_gth, ALL) \
	X(TRI "rs add", 2, rs_add, ALL) \
	X(TRI "rs sub", 2, rs_sub, ALL) \
	X(TRI "rs mul", 2, rs_mul, ALL) \
	X(TRI "rs div", 2, rs_div, ALL) \
	X(TRI "rs sqt", 2, rs_sqt, ALL) \
	X(TRI "rs fma", 2, rs_fma, ALL) \
	X(TRI "rs lth", 2, rs_lth, ALL) \
	X(TRI "rs lte", 2, rs_lte, ALL) \
	X(TRI "rs equ", 2, rs_equ, ALL) \
	X(TRI "rs gte", 2, rs_gte, ALL) \
	X(TRI "rs gth", 2, rs_gth, ALL) \
	X(TRI "rq add", 2, rq_add, ALL) \
	X(TRI "rq sub", 2, rq_sub, ALL) \
	X(TRI "rq mul", 2, rq_mul, ALL) \
	X(TRI "rq div", 2, rq_div, ALL) \
	X(TRI "rq sqt", 2, rq_sqt, ALL) \
	X(TRI "rq fma", 2, rq_fma, ALL) \
	X(TRI "rq lth", 2, rq_lth, ALL) \
	X(TRI "rq lte", 2, rq_lte, ALL) \
	X(TRI "rq equ", 2, rq_equ, ALL) \
	X(TRI "rq gte", 2, rq_gte, ALL) \
	X(TRI "rq gth", 2, rq_gth, ALL) \
	X(TRI "rh add", 2, rh_add, ALL) \
	X(TRI "rh sub", 2, rh_sub, ALL) \
	X(TRI "rh mul", 2, rh_mul, ALL) \
	X(TRI "rh div", 2, rh_div, ALL) \
	X(TRI "rh sqt", 2, rh_sqt, ALL) \
	X(TRI "rh fma", 2, rh_fma, ALL) \
	X(TRI "rh lth", 2, rh_lth, ALL) \
	X(TRI "rh lte", 2, rh_lte, ALL) \
	X(TRI "rh equ", 2, rh_equ, ALL) \
	X(TRI "rh gte", 2, rh_gte, ALL) \
	X(TRI "rh gth", 2, rh_gth, ALL)

#define JETS_HASH(X) \
	X(HEX "hmac hmac", 2, hmac, ALL) \
	X(HEX "blake blake2b", 2, blake2b, ALL) \
	X(HEX "kecc k224", 2, keccak224, ALL) \
	X(HEX "kecc k256", 2, keccak256, ALL) \
	X(HEX "kecc k384", 2, keccak384, ALL) \
	X(HEX "kecc k512", 2, keccak512, ALL) \
	X(HEX "ripemd ripemd160", 2, ripemd160, ALL) \
	X(TRI "og raw", 2, og_raw, ALL) \
	X(TRI "sha sha1", 2, sha1, ALL) \
	X(TRI "shax", 2, shax, ALL) \
	X(TRI "shay", 2, shay, ALL) \
	X(TRI "shas", 2, shas, ALL | QUIRK) \
	X(TRI "shal", 2, shal, ALL) \
	X(HEX "blake blake3-impl compress", 2, blake3_compress, K(138, 135)) \
	X(HEX "blake blake3-impl blake3 hash", 2, blake3_hash, K(138, 135)) \
	X(HEX "blake blake3-impl blake3 chunk-output", 2, blake3_chunk_output, K(138, 135))

#define JETS_DERIVE(X) \
	X(HEX "argon argon2", 2, argon2, ALL) \
	X(HEX "scr pbk", 2, pbk, ALL) \
	X(HEX "scr pbl", 2, pbl, ALL) \
	X(HEX "scr hsh", 2, hsh, ALL) \
	X(HEX "scr hsl", 2, hsl, ALL)

#define JETS_CHECK(X) \
	X(HEX "crc crc32", 2, crc32, K(137, 135)) \
	X(HEX "checksum adler adler32", 2, adler32, K(136, 135)) \
	X(HEX "checksum crc crc32", 2, crc32, K(136, 135)) \
	X(HEX "zlib-v0 decompress-zlib", 2, zlib_decompress, K(136, 135)) \
	X(HEX "zlib-v0 decompress-gzip", 2, gzip_decompress, K(136, 135))

#define JETS_CIPHER(X) \
	X(HEX "aes ecba en", 2, ecba_en, ALL) \
	X(HEX "aes ecba de", 2, ecba_de, ALL) \
	X(HEX "aes ecbb en", 2, ecbb_en, ALL) \
	X(HEX "aes ecbb de", 2, ecbb_de, ALL) \
	X(HEX "aes ecbc en", 2, ecbc_en, ALL) \
	X(HEX "aes ecbc de", 2, ecbc_de, ALL) \
	X(HEX "aes cbca en", 2, cbca_en, ALL) \
	X(HEX "aes cbca de", 2, cbca_de, ALL) \
	X(HEX "aes cbcb en", 2, cbcb_en, ALL) \
	X(HEX "aes cbcb de", 2, cbcb_de, ALL) \
	X(HEX "aes cbcc en", 2, cbcc_en, ALL) \
	X(HEX "aes cbcc de", 2, cbcc_de, ALL) \
	X(HEX "aes siva en", 2, siva_en, ALL) \
	X(HEX "aes siva de", 2, siva_de, ALL) \
	X(HEX "aes sivb en", 2, sivb_en, ALL) \
	X(HEX "aes sivb de", 2, sivb_de, ALL) \
	X(HEX "aes sivc en", 2, sivc_en, ALL) \
	X(HEX "aes sivc de", 2, sivc_de, ALL) \
	X(HEX "chacha crypt", 2, chacha_crypt, K(138, 135)) \
	X(HEX "chacha xchacha", 2, xchacha, K(138, 135))

#define JETS_ED(X) \
	X(HEX "coed ed sign", 2, ed_sign_138, K(140, 138)) \
	X(HEX "coed ed sign", 2, ed_sign, K(137, 135)) \
	X(HEX "coed ed sign-octs", 2, ed_sign_octs, K(137, 135)) \
	X(HEX "coed ed puck", 2, ed_puck, ALL) \
	X(HEX "coed ed veri", 2, ed_veri_138, K(140, 138) | QUIRK) \
	X(HEX "coed ed veri", 2, ed_veri, K(137, 135)) \
	X(HEX "coed ed veri-octs", 2, ed_veri_octs, K(137, 135)) \
	X(HEX "coed ed shar", 2, ed_shar_138, K(140, 138) | QUIRK) \
	X(HEX "coed ed shar", 2, ed_shar, K(137, 135)) \
	X(HEX "coed ed point-add", 2, ed_point_add_138, K(140, 138)) \
	X(HEX "coed ed point-add", 2, ed_point_add, K(137, 135)) \
	X(HEX "coed ed scalarmult", 2, ed_scalarmult_138, K(140, 138)) \
	X(HEX "coed ed scalarmult", 2, ed_scalarmult, K(137, 135)) \
	X(HEX "coed ed scalarmult-base", 2, ed_scalarmult_base, ALL) \
	X(HEX "coed ed add-scalarmult-scalarmult-base", 2, ed_add_scalarmult_scalarmult_base_138, K(140, 138)) \
	X(HEX "coed ed add-scalarmult-scalarmult-base", 2, ed_add_scalarmult_scalarmult_base, K(137, 135)) \
	X(HEX "coed ed add-double-scalarmult", 2, ed_add_double_scalarmult_138, K(140, 138)) \
	X(HEX "coed ed add-double-scalarmult", 2, ed_add_double_scalarmult, K(137, 135)) \
	X(HEX "coed ed sign-raw", 2, ed_sign_raw, K(137, 135)) \
	X(HEX "coed ed sign-octs-raw", 2, ed_sign_octs_raw, K(137, 135)) \
	X(HEX "coed ed luck", 2, ed_luck, K(137, 135)) \
	X(HEX "coed ed scad", 2, ed_scad, K(137, 135)) \
	X(HEX "coed ed scas", 2, ed_scas, K(137, 135)) \
	X(HEX "coed ed scap", 2, ed_scap, K(137, 135)) \
	X(HEX "coed ed slar", 2, ed_slar, K(137, 135)) \
	X(HEX "coed ed point-neg", 2, ed_point_neg, K(137, 135)) \
	X(HEX "coed ed recs", 2, ed_recs, K(137, 135)) \
	X(HEX "coed ed smac", 2, ed_smac, K(137, 135))

#define JETS_SECP(X) \
	X(HEX "secp secp256k1 make", 2, secp256k1_make, ALL | QUIRK) \
	X(HEX "secp secp256k1 sign", 2, secp256k1_sign, ALL | QUIRK) \
	X(HEX "secp secp256k1 reco", 2, secp256k1_reco, ALL) \
	X(HEX "secp secp256k1 schnorr sosi", 2, schnorr_sosi, ALL) \
	X(HEX "secp secp256k1 schnorr sove", 2, schnorr_sove, ALL)

#define JETS_BYTES(X) \
	X(HEX "lull plot fax", 2, plot_fax, K(137, 135)) \
	X(HEX "lull plot met", 2, plot_met, K(137, 135)) \
	X(HEX "bytestream-v0 rip-octs", 2, bytestream_rip_octs, K(136, 135)) \
	X(HEX "bytestream-v0 cat-octs", 2, bytestream_cat_octs, K(136, 135)) \
	X(HEX "bytestream-v0 can-octs", 2, bytestream_can_octs, K(136, 135)) \
	X(HEX "bytestream-v0 skip-line", 2, bytestream_skip_line, K(136, 135)) \
	X(HEX "bytestream-v0 find-byte", 2, bytestream_find_byte, K(136, 135)) \
	X(HEX "bytestream-v0 seek-byte", 2, bytestream_seek_byte, K(136, 135)) \
	X(HEX "bytestream-v0 read-byte", 2, bytestream_read_byte, K(136, 135)) \
	X(HEX "bytestream-v0 read-octs", 2, bytestream_read_octs, K(136, 135)) \
	X(HEX "bytestream-v0 chunk", 2, bytestream_chunk, K(136, 135)) \
	X(HEX "bytestream-v0 extract", 2, bytestream_extract, K(136, 135)) \
	X(HEX "bytestream-v0 fuse-extract", 2, bytestream_fuse_extract, K(136, 135)) \
	X(HEX "bytestream-v0 need-bits", 2, bytestream_need_bits, K(136, 135)) \
	X(HEX "bytestream-v0 drop-bits", 2, bytestream_drop_bits, K(136, 135)) \
	X(HEX "bytestream-v0 peek-bits", 2, bytestream_peek_bits, K(136, 135)) \
	X(HEX "bytestream-v0 read-bits", 2, bytestream_read_bits, K(136, 135)) \
	X(HEX "bytestream-v0 byte-bits", 2, bytestream_byte_bits, K(136, 135))

#define JETS_PLAIN(X) \
	JETS_MATH(X) \
	JETS_BITS(X) \
	JETS_ORDER(X) \
	JETS_LIST(X) \
	JETS_MAP(X) \
	JETS_SET(X) \
	JETS_SERIAL(X) \
	JETS_TEXT(X) \
	JETS_AURA(X) \
	JETS_PARSE(X) \
	JETS_VIRTUAL(X) \
	JETS_TYPE(X) \
	JETS_FLOAT(X) \
	JETS_HASH(X) \
	JETS_DERIVE(X) \
	JETS_CHECK(X) \
	JETS_CIPHER(X) \
	JETS_ED(X) \
	JETS_SECP(X) \
	JETS_BYTES(X)

/* And those of JETS_UT, which give keys: see jets.h. */
#define JETS(X) JETS_PLAIN(X) JETS_UT(X) JETS_WING(X)

#endif
