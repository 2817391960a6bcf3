#pragma once
/* The telephone numbers that a change of the catalogue brings: those that stand in changed or added
 * rows and stood nowhere before, in whatever sheet and cell, and those that a topic is given in
 * place of others. Somebody has to dial them before residents do. */
#include "db/content.h"

#include <sqlite3.h>

#define DIFF_PHONES_MAX 20u /* listed */

typedef struct DiffPhones DiffPhones;

DiffPhones *diff_phones_new(void);
void diff_phones_free(DiffPhones *phones);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DiffPhones, diff_phones_free)

/* Rows as content_select() gives them; `before` NULL: a row that is added. */
void diff_phones_take(DiffPhones *phones, const ContentSheet *sheet, sqlite3_stmt *before,
                      sqlite3_stmt *after);
/* Once all rows are taken: forgets what stood somewhere in the older catalogue. */
gboolean diff_phones_finish(DiffPhones *phones, sqlite3 *before,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean diff_phones_is_empty(const DiffPhones *phones);
/* A sentence without its full stop: "有电话号码变了，请拨打核对：057765812345、12345". Free with
 * g_free(). */
char *diff_phones_text(const DiffPhones *phones);
