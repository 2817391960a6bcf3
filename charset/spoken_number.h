#pragma once
/* Numbers as Chinese says them. Appends to a string of Chinese characters. */
#include <glib.h>

#define SPOKEN_NUMBER_MAX 16 /* digits; what is longer is no quantity */

/* 1980000 → 一百九十八万; a number that begins with 2 thousand and more begins with 两. */
void spoken_number_cardinal(GString *out, guint64 number);
/* Digit by digit: '0' → 零; `is_code`: '1' → 幺, as in telephone numbers. */
void spoken_number_digit(GString *out, gunichar digit, gboolean is_code);
