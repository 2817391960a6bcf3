#include "sms/notes_command.h"

#include "charset/terminal.h"
#include "db/folder.h"
#include "db/sms_store.h"

static int failed(const GError *error)
{
    if (g_error_matches(error, RUNTIME_ERROR, RUNTIME_ERROR_MISSING))
        return cli_fail(EX_NOINPUT, "%s", error->message);
    if (g_error_matches(error, RUNTIME_ERROR, RUNTIME_ERROR_NO_RIGHT))
        return cli_fail(EX_NOPERM, "%s：留言里有号码，要用 sudo 看", error->message);
    return cli_fail(EX_IOERR, "%s", error->message);
}

static void put_note(const SmsNote *note)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(note->at_s);
    g_autofree char *when = at ? g_date_time_format(at, "%Y-%m-%d %H:%M") : g_strdup("?");
    terminal_printf(stdout, "%" G_GINT64_FORMAT "  %s  %s  %s\n", note->id, when, note->number,
                    note->text);
}

static gboolean has_note(const GPtrArray *notes, int id)
{
    for (guint i = 0; i < notes->len; i++)
        if (((const SmsNote *)notes->pdata[i])->id == id) return TRUE;
    return FALSE;
}

static int list(const GPtrArray *notes)
{
    for (guint i = 0; i < notes->len; i++)
        put_note(notes->pdata[i]);
    if (notes->len == 0)
        terminal_put(stdout, "没有没看过的留言。\n");
    else
        terminal_put(stdout, "办好一条，就 bianmin sms --note-done 编号\n");
    return EX_OK;
}

int notes_run(CliGlobals *globals, int done)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data_dir = folder_locate(globals->data_dir);
    g_autoptr(SmsStore) store = sms_store_open_beside(data_dir, &error);
    g_autoptr(GPtrArray) notes = store ? sms_note_unread(store, &error) : NULL;

    if (!notes) return failed(error);
    if (done <= 0) return list(notes);
    if (!has_note(notes, done)) return cli_fail(EX_DATAERR, "没有 %d 号留言，或者已经办好了", done);
    if (!sms_note_set_read(store, done, &error)) return failed(error);
    terminal_printf(stdout, "%d 号留言办好了。\n", done);
    return EX_OK;
}
