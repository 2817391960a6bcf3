#pragma once
/* What all pages share: settings, the published content and what searches it, the counts. No GTK.
 * Pages keep no pointer into the content after they are left: it may be replaced then. */
#include "db/answer.h"
#include "db/catalogue.h"
#include "db/kiosk_store.h"
#include "db/search.h"
#include "db/suggest.h"
#include "kiosk/kiosk_settings.h"

typedef struct {
    char *data_dir;
    KioskSettings *settings;
    Catalogue *catalogue; /* NULL while nothing can be read: 暂停服务 */
    Search *search;
    Suggest *suggest;         /* made when it is first asked for: desk_suggest() */
    KioskStore *store;        /* NULL while it cannot be opened: nothing is counted */
    GDateTime *stopped_clock; /* NULL: the system's; else for pictures that must be the same */
    guint64 stick_id;         /* of what was last heard of a stick */
    gboolean is_landscape;
} Desk;

/* Takes `settings` over. Content that cannot be read is no failure: catalogue stays NULL. */
Desk *desk_new(const char *data_dir, KioskSettings *settings);
void desk_free(Desk *desk); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

/* Takes newer content, if there is some; what is open stays if it cannot be read. To be called when
 * no page holds anything of the old. */
void desk_refresh(Desk *desk);
/* A stick was inserted since the last call, also if that was before a restart, and staff may
 * publish here. */
gboolean desk_has_new_stick(Desk *desk);
/* Opens the store, if it could not be opened before; may take what a disk takes, so not while
 * somebody touches the screen. */
void desk_retry_store(Desk *desk);
Suggest *desk_suggest(Desk *desk);        /* the desk's; NULL while there is no content */
GDateTime *desk_now(const Desk *desk);    /* free with g_date_time_unref() */
const char *desk_weekday(GDateTime *now); /* 星期三 */
/* The place in the two sizes of its word mark: 锦湖 and 街道便民查询. Free both with g_free(). */
void desk_place(const Desk *desk, char **mark, char **title);

/* ---- categories, in the order in which the sheet names them first ---- */
GPtrArray *desk_categories(const Desk *desk); /* const char *, the catalogue's; free the array */
guint desk_category_count(const Desk *desk, const char *category); /* topics in it */
const char *desk_category_icon(const char *category); /* "cat-aid"; "documents" for others */

/* The newest date that a topic carries, "2023-12-31"; "" without content. */
const char *desk_data_date(const Desk *desk);

/* Notices of today, the catalogue's: const Notice *. Free the array. */
GPtrArray *desk_notices(const Desk *desk);
