#pragma once
/* Readings of Chinese text, right on polyphones (银行 yin hang, 长期 chang qi), and
 * the splitting of Latin letters into syllables. All tables are constants made during the build
 * from a phrase list; nothing is opened or allocated at start. A syllable is a small number: an
 * index into the list of about 410 toneless syllables; tones are given to those who ask, and stand
 * apart. */
#include <glib.h>

#define PINYIN_READINGS_MAX 4
#define PINYIN_NONE         0xffff

typedef struct {
    gunichar ch;
    guint8 count; /* 0: not a Han character, or its reading is not known */
    guint8 tone;  /* of [0]: 1–4, 5 neutral, 0 not known; see pinyin_readings_with_tones() */
    guint16 syllable[PINYIN_READINGS_MAX]; /* [0] is the reading in this context; the others are
                                              readings the character has elsewhere */
} PinyinReading;

/* One PinyinReading a character of `folded` (see fold.h). Free with g_array_unref(). */
GArray *pinyin_readings(const char *folded);
/* The same with the tone in this context, as it stands in a dictionary: no sandhi. Slower. */
GArray *pinyin_readings_with_tones(const char *folded);

guint pinyin_syllable_count(void);
const char *pinyin_syllable(guint16 syllable); /* "zhang"; v for ü: "lv" */
guint16 pinyin_syllable_find(const char *latin,
                             gsize len); /* exact; PINYIN_NONE if there is none */
/* Syllables that many residents do not tell apart share one representative:
 * zh=z ch=c sh=s, -ng=-n, v=u. pinyin_fuzzy(pinyin_fuzzy(s)) == pinyin_fuzzy(s). */
guint16 pinyin_fuzzy(guint16 syllable);

/* Splits a run of a–z (v or ü for ü; ' and spaces force a border) into syllables by the least cost;
 * appends guint16 to `syllables`. Misspellings that fuzzy reading allows (jin=jing, su=shu) cost
 * more than exact syllables. FALSE, with nothing appended, if the run is no pinyin: initials,
 * English, or more than 200 letters. */
gboolean pinyin_split(const char *latin, gsize len, GArray *syllables);

/* "yin hang" / "yh" for 银行; other characters stay as they are. Free with g_free(). */
char *pinyin_text(const char *folded);
char *pinyin_initials(const char *folded);
