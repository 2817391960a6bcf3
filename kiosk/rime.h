#pragma once
/* librime, opened with dlopen when first needed, so that no other command carries it, and its data:
 * the folder $BIANMIN_RIME, else rime/ beside the program (the build folder), else
 * ../share/bianmin/rime from there (installed). Only pinyin_input.c asks for it.
 *
 * Read-only: the data is compiled by the build, no maintenance is ever started, and librime is told
 * to log nothing, neither to a file nor to stderr. */
#include <rime_api.h>

#include <glib.h>

/* INPUT_ERROR_LIBRARY or _DATA of input.h; the next call tries again. Each success wants a
 * rime_close(); with the last one, librime frees all it holds. */
RimeApi *rime_open(GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rime_close(void);
