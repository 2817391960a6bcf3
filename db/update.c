#include "db/update.h"

#include "charset/cli.h"
#include "db/disk.h"
#include "db/generation.h"
#include "db/intake.h"
#include "db/sheet.h"
#include "db/smoke.h"
#include "db/store.h"
#include "db/trust_status.h"
#include "db/update_source.h"

#include <unistd.h>

struct Update {
    char *data_dir, *path;
    int copies; /* shares the lock of intake/, so that the copies stay while they are read; or -1 */
    UpdateSource *source;
    Generation *published;
    GenerationDraft *draft; /* NULL: UPDATE_CHECK */
    sqlite3 *target;
    ImportReport *report;
    Diff *diff;
    UpdateOutcome outcome;
    guint number;
};

G_DEFINE_QUARK(bianmin - update - error, update_error)

Update *update_new(const char *data_dir)
{
    Update *update = g_new0(Update, 1);

    update->data_dir = g_strdup(data_dir);
    update->copies = -1;
    update->report = import_report_new();
    update->outcome = UPDATE_REJECT;
    return update;
}

void update_free(Update *update)
{
    if (!update) return;
    diff_free(update->diff);
    update_source_free(update->source);
    store_close(update->target);
    generation_draft_free(update->draft);
    generation_free(update->published);
    import_report_free(update->report);
    if (update->copies >= 0) close(update->copies);
    g_free(update->data_dir);
    g_free(update->path);
    g_free(update);
}

/* ---- where the sheets are ---- */

void update_set_path(Update *update, const char *path)
{
    g_free(update->path);
    update->path = g_strdup(path);
}

gboolean update_open_copies(Update *update, GError **error)
{
    g_autoptr(GError) cause = NULL;

    update->copies = intake_open(update->data_dir, INTAKE_READ, &cause);
    if (update->copies < 0 && !g_error_matches(cause, DISK_ERROR, DISK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    g_free(update->path);
    update->path = update->copies >= 0 ? intake_path(update->copies, update->data_dir) : NULL;
    if (update->path) return TRUE;
    g_set_error(error, UPDATE_ERROR, UPDATE_ERROR_NO_COPIES, "没有从U盘拷来的表");
    return FALSE;
}

const char *update_path(const Update *update)
{
    return update->path;
}

void update_set_progress(Update *update, ImportProgressFunc progress, gpointer data)
{
    update->report->progress = progress;
    update->report->progress_data = data;
}

/* ---- reading ---- */

static gboolean open_target(Update *update, UpdatePurpose purpose, GError **error)
{
    if (purpose == UPDATE_CHECK) {
        update->target = store_create_scratch(error);
        return update->target != NULL;
    }
    update->draft = generation_draft_new(update->data_dir, error);
    if (update->draft) generation_draft_set_smoke_test(update->draft, smoke_test, NULL);
    if (update->draft)
        update->target = store_create_content(generation_draft_path(update->draft), error);
    return update->target != NULL;
}

/* After this the report is complete; the diff is there if nothing was refused. */
static gboolean read_sheets(Update *update, gboolean is_fresh, GError **error)
{
    sqlite3 *base = is_fresh ? NULL : update->published->db;

    if (!update_source_import(update->source, base, update->target, update->report, error))
        return FALSE;
    if (update->report->error_count > 0) return TRUE;
    update->diff = diff_new(update->published->db, update->target, error);
    /* publication asks the same questions; who only checks shall hear of it as well */
    return update->diff && (update->draft || smoke_test(update->target, NULL, error));
}

/* SAME: the very same rows are published already. If what should be shown is damaged (then there
 * are warnings), publishing them anew is the cure; and the built-in starter is not published:
 * whoever brings the first sheets gets generation 1, also when they hold nothing new. */
static gboolean judge(Update *update, GError **error)
{
    if (update->report->error_count > 0) return TRUE;
    g_autofree char *digest = generation_digest(update->target, error);
    if (!digest) return FALSE;
    gboolean is_same = update->published->source != GENERATION_BUILTIN &&
                       update->published->warnings->len == 0 &&
                       strcmp(digest, update->published->digest) == 0;
    update->outcome = is_same                             ? UPDATE_SAME
                      : update->report->warning_count > 0 ? UPDATE_WARN
                                                          : UPDATE_ACCEPT;
    return !is_same || !update->draft || update_source_settle(update->source, error);
}

/* All that takes long before anybody says yes. */
static gboolean seal(Update *update, GError **error)
{
    if (!update->draft || update->outcome == UPDATE_REJECT || update->outcome == UPDATE_SAME)
        return TRUE;
    g_clear_pointer(&update->target, store_close); /* the file has to be finished */
    if (generation_draft_seal(update->draft, error)) return TRUE;
    update->outcome = UPDATE_REJECT;
    return FALSE;
}

gboolean update_read(Update *update, UpdatePurpose purpose, gboolean is_fresh, GError **error)
{
    update->source = update_source_open(update->data_dir, update->path, error);
    if (!update->source) return FALSE;
    /* the lock first: what is published now must not change under us */
    if (!open_target(update, purpose, error)) return FALSE;
    update->published = generation_open(update->data_dir, error);
    return update->published && read_sheets(update, is_fresh, error) && judge(update, error) &&
           seal(update, error);
}

UpdateOutcome update_outcome(const Update *update)
{
    return update->outcome;
}

const ImportReport *update_import_report(const Update *update)
{
    return update->report;
}

const Diff *update_diff(const Update *update)
{
    return update->diff;
}

const GPtrArray *update_warnings(const Update *update)
{
    return update->published ? update->published->warnings : NULL;
}

/* ---- publication ---- */

gboolean update_publish(Update *update, const char *who, GError **error)
{
    g_autofree char *source = update_source_summary(update->source);
    g_autofree char *summary =
        g_strdup_printf("update added=%" G_GUINT64_FORMAT " changed=%" G_GUINT64_FORMAT
                        " removed=%" G_GUINT64_FORMAT "%s%s%s",
                        update->diff->added_count, update->diff->changed_count,
                        update->diff->removed_count, source, who ? " by=" : "", who ? who : "");

    return update_source_settle(update->source, error) &&
           generation_draft_publish(update->draft, summary, &update->number, error);
}

guint update_number(const Update *update)
{
    return update->number;
}

/* ---- errors ---- */

static int generation_status(GenerationError code)
{
    switch (code) {
    case GENERATION_ERROR_NOT_FOUND:
        return EX_NOINPUT;
    case GENERATION_ERROR_DAMAGED:
    case GENERATION_ERROR_CHECK:
        return EX_DATAERR;
    case GENERATION_ERROR_WRITE:
        return EX_CANTCREAT;
    case GENERATION_ERROR_BUSY:
        return EX_TEMPFAIL;
    case GENERATION_ERROR_NO_RIGHT:
        return EX_NOPERM;
    }
    return EX_SOFTWARE;
}

const char *update_remedy(const GError *error)
{
    const char *remedy = sheet_error_remedy(error);

    if (!remedy) remedy = update_source_remedy(error, UPDATE_READER_TECHNICIAN);
    if (remedy) return remedy;
    if (g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_NO_SHEET))
        return "文件名写成“公告.csv”“公告.xlsx”这样，放在最外面或文件夹“便民数据”里";
    if (g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_NO_INPUT))
        return "看看名字写得对不对、U盘插好没有；没有权限的，换有权限的用户来更新";
    return "照说的改；还不行，请技术人员看一看";
}

int update_exit_status(const GError *error)
{
    int status = trust_status(error);

    if (g_error_matches(error, DISK_ERROR, DISK_ERROR_READ)) return EX_IOERR;
    if (status != 0) return status;
    if (error->domain == GENERATION_ERROR) return generation_status((GenerationError)error->code);
    if (g_error_matches(error, STORE_ERROR, STORE_ERROR_NO_RIGHT)) return EX_NOPERM;
    if (g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_NO_INPUT)) return EX_NOINPUT;
    if (error->domain == UPDATE_ERROR) return EX_NOINPUT;
    if (error->domain == IMPORT_ERROR || g_error_matches(error, SHEET_ERROR, SHEET_ERROR_TOO_LONG))
        return EX_DATAERR;
    return error->domain == SHEET_ERROR || error->domain == STORE_ERROR ? EX_IOERR : EX_SOFTWARE;
}
