#include "kiosk/desk.h"

#include <glib/gstdio.h>

#include <unistd.h>

#include "db/intake.h"
#include "db/kiosk_health.h"

typedef struct {
    char *data_dir, *folder;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->data_dir = g_dir_make_tmp("desk-XXXXXX", NULL);
    f->folder = g_build_filename(f->data_dir, "kiosk", NULL);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    static const char *const names[] = { "kiosk.db", "kiosk.db-wal", "kiosk.db-shm", "lock",
                                         "stick-seen" };

    (void)unused;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(f->folder, names[i], NULL);
        g_remove(path);
    }
    g_remove(f->folder);
    g_assert_cmpint(g_rmdir(f->data_dir), ==, 0);
    g_free(f->folder);
    g_free(f->data_dir);
}

static guint warning_count;

static GLogWriterOutput count_warning(GLogLevelFlags level, const GLogField *fields, gsize count,
                                      gpointer unused)
{
    if (level & G_LOG_LEVEL_WARNING)
        warning_count++;
    else
        g_log_writer_default(level, fields, count, unused);
    return G_LOG_WRITER_HANDLED;
}

static Desk *desk_without_store(Fixture *f)
{
    warning_count = 0;
    Desk *desk = desk_new(f->data_dir, kiosk_settings_new());
    g_assert_null(desk->store);
    g_assert_cmpuint(warning_count, ==, 1);
    return desk;
}

/* Something stands where the store's folder should be; then it is put right. */
static void test_store_put_right(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    (void)unused;
    g_assert_true(g_file_set_contents(f->folder, "", 0, NULL));
    g_assert_cmpint(g_chmod(f->folder, 0600), ==, 0);
    g_autoptr(Desk) desk = desk_without_store(f);
    g_assert_true(kiosk_health_is_bad(kiosk_health(f->data_dir)));
    desk_retry_store(desk);
    g_assert_null(desk->store);
    g_assert_cmpuint(warning_count, ==, 1); /* said once */

    g_remove(f->folder);
    desk_retry_store(desk);
    g_assert_nonnull(desk->store);
    g_assert_cmpint(kiosk_health(f->data_dir), ==, KIOSK_HEALTH_WELL);
    g_assert_true(kiosk_store_leave_question(desk->store, "老人卡丢了怎么办", NULL, &error));
    g_assert_no_error(error);
}

/* One that is open is not opened again. */
static void test_store_stays(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autoptr(Desk) desk = desk_new(f->data_dir, kiosk_settings_new());
    KioskStore *store = desk->store;

    g_assert_nonnull(store);
    desk_retry_store(desk);
    g_assert_true(desk->store == store);
}

/* Another touch screen had it, and has ended. */
static void test_store_busy(Fixture *f, gconstpointer unused)
{
    (void)unused;
    KioskStore *other = kiosk_store_open(f->data_dir, NULL);
    g_assert_nonnull(other);
    g_autoptr(Desk) desk = desk_without_store(f);
    desk_retry_store(desk);
    g_assert_null(desk->store);
    kiosk_store_free(other);
    desk_retry_store(desk);
    g_assert_nonnull(desk->store);
}

static void save_state(Fixture *f, IntakeResult result)
{
    const IntakeState state = { .result = result };
    int intake = intake_open(f->data_dir, INTAKE_WRITE, NULL);

    g_assert_true(intake_save_state(intake, &state, NULL));
    close(intake);
}

static Desk *desk_of_staff(Fixture *f)
{
    KioskSettings *settings = kiosk_settings_new();

    settings->has_staff = TRUE;
    return desk_new(f->data_dir, settings);
}

/* Of a stick that came before the first start or while it was down it hears; once. */
static void test_stick(Fixture *f, gconstpointer unused)
{
    g_autofree char *intake = g_build_filename(f->data_dir, "intake", NULL);
    g_autofree char *path = g_build_filename(intake, "state.json", NULL);
    Desk *desk;

    (void)unused;
    save_state(f, INTAKE_NOTHING);
    desk = desk_of_staff(f);
    g_assert_true(desk_has_new_stick(desk)); /* it was in when the machine was switched on */
    g_assert_false(desk_has_new_stick(desk));
    desk_free(desk);
    desk = desk_of_staff(f);
    g_assert_false(desk_has_new_stick(desk)); /* a restart is no stick */
    save_state(f, INTAKE_NOTHING);
    g_assert_true(desk_has_new_stick(desk));
    desk_free(desk);
    save_state(f, INTAKE_REFUSED);
    desk = desk_of_staff(f);
    g_assert_true(desk_has_new_stick(desk));
    desk_free(desk);
    g_remove(path);
    g_rmdir(intake);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    g_log_set_writer_func(count_warning, NULL, NULL);
    g_test_add("/desk/store-put-right", Fixture, NULL, set_up, test_store_put_right, tear_down);
    g_test_add("/desk/store-stays", Fixture, NULL, set_up, test_store_stays, tear_down);
    g_test_add("/desk/store-busy", Fixture, NULL, set_up, test_store_busy, tear_down);
    g_test_add("/desk/stick", Fixture, NULL, set_up, test_stick, tear_down);
    return g_test_run();
}
