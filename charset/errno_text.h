#pragma once
/* What errno says, in Chinese, for messages: "磁盘已满". The C library's own sentence, in whatever
 * language, for a number that does not happen to us. */
#include <glib.h>

const char *errno_text(int error); /* constant, or valid as long as g_strerror()'s */

/* The user lacks the right, or the medium is read-only: exit status EX_NOPERM. */
gboolean errno_is_no_right(int error);
