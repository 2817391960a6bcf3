#pragma once
/* Numbers of persons in a text that is to be public: ID numbers (GB 11643: 18 characters, a date of
 * birth, the check digit), bank cards (16 to 19 digits that pass Luhn's check) and mobile phones
 * (11 digits 13… to 19…, +86 before them or not). Only a number that stands alone counts: no letter
 * and no digit touches it. A text without eleven digits in a row costs a look at each eleventh
 * octet. */
#include <glib.h>

#define PRIVATE_NUMBER_LEN_MIN 11u /* in a shorter text there is none */

typedef enum {
    PRIVATE_NUMBER_NONE,
    PRIVATE_NUMBER_MOBILE,
    PRIVATE_NUMBER_BANK_CARD,
    PRIVATE_NUMBER_ID,
} PrivateNumber; /* the worse the later */

/* The worst that stands in `text`, which is NUL-ended at `len`. */
PrivateNumber private_number_find(const char *text, gsize len);

/* The same text with each of them masked (charset/mask.h). Free with g_free(). */
char *private_number_mask(const char *text);

/* Whether the check digit of these 17 digits and one digit or X is right (GB 11643-1999 §4.2). */
gboolean private_number_has_check_digit(const char *id);
