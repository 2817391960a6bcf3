#pragma once
/* The data folder: --data, else $BIANMIN_DATA, else /var/lib/bianmin when it exists, else
 * ~/.local/share/bianmin. Nothing is ever written outside it. */
#include <glib.h>

char *folder_locate(const char *option); /* `option` may be NULL. Free with g_free(). */
