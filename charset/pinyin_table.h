#pragma once
/* The tables of pinyin.c, made by charset/tables/make_pinyin.c as a source file of their own: what
 * only pinyin.c needs to know of them. Costs are eighths of a bit: -8 log2 of how often the word or
 * the syllable is met. */
#include "charset/pinyin.h"

#define PINYIN_PHRASE_MAX 4 /* characters */
#define PINYIN_FIRST_CHAR 0x3400u
#define PINYIN_LAST_CHAR  0x9fffu

typedef struct {
    char latin[7];
    guint16 fuzzy;
    guint8 cost;
} PinyinSyllable;

typedef struct {
    guint16 rest[PINYIN_PHRASE_MAX - 1]; /* the characters after the first; 0 beyond the last */
    guint8 choices; /* 2 bits a character, lowest first: which of its readings */
    guint8 cost;
} PinyinPhrase;

typedef struct {
    guint8 count;
    guint8 common; /* the first so many are in common use, the others occur in a few phrases */
    guint16 syllable[PINYIN_READINGS_MAX];
} PinyinSet;

typedef struct {
    guint16 set;
    guint16 phrase; /* its first phrase; they end where those of the next character begin */
    guint8 cost;    /* as a word of its own */
} PinyinChar;

typedef struct {
    char latin[8];
    guint16 syllable;
    gboolean is_fuzzy; /* a misspelling; else v for ü */
} PinyinSpelling;

extern const guint pinyin_table_syllable_count, pinyin_table_spelling_count;
extern const PinyinSyllable pinyin_table_syllables[]; /* sorted by `latin` */
extern const PinyinSpelling pinyin_table_spellings[]; /* other spellings, sorted by `latin` */
extern const PinyinPhrase pinyin_table_phrases[];     /* sorted by all their characters */
extern const PinyinSet pinyin_table_sets[];           /* 0 is that of no reading */
extern const PinyinChar pinyin_table_chars[]; /* from the first to the last, and an end mark */
/* [a * syllables + b]: how much cheaper b is after a than alone */
extern const guint8 pinyin_table_pairs[];
