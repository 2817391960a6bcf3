#pragma once
/* The tones of pinyin.c's readings, made by charset/tables/make_tones.c as a source file of its
 * own: what only pinyin.c needs to know of them. A tone is 1–4, or 5: neutral; 0: not known. */
#include "charset/pinyin_table.h"

typedef struct {
    guint16 phrase; /* its place in pinyin_table_phrases */
    guint16 tones;  /* 4 bits a character, lowest first; 0: the usual one */
} ToneWord;

/* [character - PINYIN_FIRST_CHAR]: 4 bits a reading of its set, lowest first */
extern const guint16 tone_table_chars[];
extern const guint tone_table_word_count;
extern const ToneWord tone_table_words[]; /* those with a tone that is not the usual one; sorted */
