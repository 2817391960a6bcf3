#pragma once
/* A text as it is read aloud: pinyin with tone numbers, for a speech program that knows no Chinese
 * characters (espeak-ng's voice cmn-latn-pinyin).
 *   重度残疾人，每月500元。打12345  →  zhong4 du4 can2 ji2 ren2, mei3 yue4 wu3 bai3 yuan2. da3 yao1
 * … Each syllable ends in its tone, 5 is neutral, ü is v; letters are capitals that stand alone; a
 * short pause is "," and a long one "." at the end of a syllable. There is nothing else in it: no
 * character that a program or its options could take for something else but a letter or a digit.
 * 一 and 不 have the tone they take before the next syllable; two third tones are left to the
 * program. Characters that have no reading are left out.
 * How numbers are read: spoken_items.h.
 * Source: GB/T 16159-2012; 现代汉语词典 on 一 and 不. */
#include <glib.h>

/* Of any text; what is no UTF-8 is left out. "" if there is nothing to say. Free with g_free(). */
char *spoken_pinyin(const char *text);
