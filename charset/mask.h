#pragma once
/* Personal data for logs and screens: enough to recognise by whoever knows it, too little for all
 * others. At least four digits and a third of them are hidden, at whatever length; what is no phone
 * number or ID number at all is masked whole. Input need not be valid UTF-8. Never NULL; free with
 * g_free(). */
#include <glib.h>

char *mask_phone(const char *phone); /* 138****1234; +86 and 0086 stay; shorter numbers show less */
char *mask_id(const char *id_number); /* 330***********123X */
char *mask_name(
    const char *name); /* 王**; 欧阳娜娜 → 欧***: the surname's first character, no more */
