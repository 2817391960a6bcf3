#pragma once
/* The characters that are said for a text, one after the other: numbers, dates, telephone numbers
 * and signs as the characters one says for them, punctuation as pauses. For spoken.c.
 *   198万元 一百九十八万元   2023年 二零二三年   77.47% 百分之七十七点四七   8:30 八点三十分
 *   2023-12-31 二零二三年十二月三十一日   1. at a start: 第一   3-5 三到五   2个 两个
 *   12345, 0577-65880000, CL02: digit by digit, 1 as 幺
 * A number is one to call if it looks so (7–12 digits, 12345, 96xxx, 110) and no unit follows, or
 * if 电话, 拨打 … stands before it. */
#include <glib.h>

typedef enum {
    SPOKEN_HAN,    /* as it stood in the text */
    SPOKEN_NUMBER, /* said for a digit: its tone never changes */
    SPOKEN_LETTER, /* A–Z */
    SPOKEN_COMMA,
    SPOKEN_STOP,
} SpokenKind;

typedef struct {
    gunichar ch; /* ',' and '.' for pauses */
    SpokenKind kind;
} SpokenItem;

/* Of valid UTF-8. Free with g_array_unref(). */
GArray *spoken_items(const char *text);
