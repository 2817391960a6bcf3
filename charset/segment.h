#pragma once
/* A text as the segments in which it travels as short messages: which alphabet it needs, and where
 * it is cut. GSM 7 bit: 160 septets, 153 each when concatenated; UCS-2: 70 and 67. A segment never
 * ends within a surrogate pair or an escape sequence, nor within a number or a word of letters if
 * that costs no part more. Source: 3GPP TS 23.038 §4, TS 23.040 §9.2.3.24.1. */
#include <glib.h>

typedef enum { SEGMENT_GSM7, SEGMENT_UCS2 } SegmentAlphabet;

SegmentAlphabet segment_alphabet(const char *text);
/* The parts, NULL-ended; an empty text is one empty part. Free with g_strfreev(). */
char **segment_text(const char *text);
