#include "db/usb_copy.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *top, *stick, *target;
    int source, folder;
    UsbCopy copy;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->top = g_dir_make_tmp("usb_copy_XXXXXX", NULL);
    f->stick = g_build_filename(f->top, "stick", NULL);
    f->target = g_build_filename(f->top, "target", NULL);
    g_assert_cmpint(g_mkdir(f->stick, 0700) | g_mkdir(f->target, 0700), ==, 0);
    f->source = open(f->stick, O_RDONLY | O_DIRECTORY);
    f->folder = open(f->target, O_RDONLY | O_DIRECTORY);
}

static void empty(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        g_remove(inside);
    }
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    usb_copy_clear(&f->copy);
    close(f->source);
    close(f->folder);
    empty(f->stick);
    empty(f->target);
    g_rmdir(f->stick);
    g_rmdir(f->target);
    g_rmdir(f->top);
    g_free(f->stick);
    g_free(f->target);
    g_free(f->top);
}

static char *put(Fixture *f, const char *name, const char *text)
{
    char *path = g_build_filename(f->stick, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static const struct {
    const char *name, *taken; /* NULL: not one of ours */
    guint passed_over;
} names[] = {
    { "事项.csv", "事项.csv", 0 },
    { "事项.CSV", "事项.csv", 0 },
    { "公示数据.xlsx", "公示数据.xlsx", 0 },
    { "俗语.XLSX", "俗语.xlsx", 0 },
    { "个人补贴.csv", "个人补贴.csv", 0 },
    { "便民数据.xlsx", "便民数据.xlsx", 0 },
    { "便民数据.csv", NULL, 0 },
    { "便民密钥.BIN", "便民密钥.bin", 0 },
    { "便民更新-000123.bmp", "便民更新-000123.bmp", 0 },
    { "便民更新-00123.bmp", NULL, 0 },
    { "便民更新-0001234.bmp", NULL, 0 },
    { "便民更新-00012a.bmp", NULL, 0 },
    { "便民更新-000123.bmp.exe", NULL, 0 },
    { "便民更新.bmp", NULL, 0 },
    { "事项.xls", NULL, 1 },
    { "事项 (1).csv", NULL, 1 },
    { "~$事项.xlsx", NULL, 1 },
    { ".~公告.et", NULL, 1 },
    { "事项.csv.exe", NULL, 0 },
    { "事项", NULL, 0 },
    { "事项说明.pdf", NULL, 0 },
    { "我的事项.csv", NULL, 0 },
    { "\xca\xc2\xcf\xee.csv", NULL, 0 }, /* GBK octets */
};

static void test_names(Fixture *f, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = put(f, names[i].name, "x");
        gboolean is_found = usb_copy_find(f->source, &f->copy, &error);
        g_test_message("%s", names[i].name);
        g_assert_true(is_found == (names[i].taken != NULL));
        g_assert_cmpuint(f->copy.passed_over, ==, names[i].passed_over);
        g_assert_cmpuint(f->copy.files->len, ==, is_found);
        if (is_found) {
            const UsbCopyFile *file = f->copy.files->pdata[0];
            g_assert_cmpstr(file->name, ==, names[i].taken);
        } else {
            g_assert_error(error, USB_COPY_ERROR, USB_COPY_ERROR_NOTHING);
        }
        usb_copy_clear(&f->copy);
        g_unlink(path);
    }
}

static void test_copy(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = put(f, "公告.CSV", "abc");
    g_autofree char *copied = g_build_filename(f->target, "公告.csv", NULL), *text = NULL;
    struct stat status;
    g_assert_true(usb_copy_find(f->source, &f->copy, &error));
    g_assert_true(usb_copy_run(&f->copy, f->folder, 0600, &error));
    g_assert_no_error(error);
    const UsbCopyFile *file = f->copy.files->pdata[0];
    /* b2sum -l 256 */
    g_assert_cmpstr(file->digest, ==,
                    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    g_assert_cmpint(file->fd, ==, -1);
    g_assert_true(g_file_get_contents(copied, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "abc");
    g_assert_cmpint(g_stat(copied, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
}

/* Between looking and copying. */
static const struct {
    const char *name;
    goffset octets;
    gboolean is_touched;
    int code;
} changes[] = {
    { "shorter", 2, FALSE, USB_COPY_ERROR_PULLED },
    { "empty", 0, FALSE, USB_COPY_ERROR_PULLED },
    { "longer", 4, FALSE, USB_COPY_ERROR_REFUSED },
    { "much longer", 1000 * 1000 * 1000, FALSE, USB_COPY_ERROR_REFUSED },
    { "as long, but written to", 3, TRUE, USB_COPY_ERROR_REFUSED },
};

static void test_changes(Fixture *f, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        const struct timespec long_ago[2] = { { 1000, 0 }, { 1000, 0 } };
        g_autoptr(GError) error = NULL;
        g_autofree char *path = put(f, "公告.csv", "abc");
        g_assert_true(usb_copy_find(f->source, &f->copy, &error));
        g_assert_cmpint(truncate(path, changes[i].octets), ==, 0);
        if (changes[i].is_touched) g_assert_cmpint(utimensat(AT_FDCWD, path, long_ago, 0), ==, 0);
        g_test_message("%s", changes[i].name);
        g_assert_false(usb_copy_run(&f->copy, f->folder, 0600, &error));
        g_assert_error(error, USB_COPY_ERROR, changes[i].code);
        usb_copy_clear(&f->copy);
        empty(f->target);
    }
}

static void test_refused_holds_nothing(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *first = put(f, "公告.csv", "abc");
    g_autofree char *second = put(f, "事项.csv", "abc");
    g_assert_cmpint(truncate(second, 200 * 1000 * 1000 + 1), ==, 0);
    g_assert_false(usb_copy_find(f->source, &f->copy, &error));
    g_assert_error(error, USB_COPY_ERROR, USB_COPY_ERROR_REFUSED);
    g_assert_cmpuint(f->copy.files->len, ==, 0);
    g_clear_error(&error);
    usb_copy_clear(&f->copy);
    g_assert_cmpint(truncate(second, 200 * 1000 * 1000), ==, 0);
    g_assert_true(usb_copy_find(f->source, &f->copy, &error));
    g_assert_cmpuint(f->copy.octets, ==, 200 * 1000 * 1000 + 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/usb_copy/names", Fixture, NULL, set_up, test_names, tear_down);
    g_test_add("/usb_copy/copy", Fixture, NULL, set_up, test_copy, tear_down);
    g_test_add("/usb_copy/changes", Fixture, NULL, set_up, test_changes, tear_down);
    g_test_add("/usb_copy/refused", Fixture, NULL, set_up, test_refused_holds_nothing, tear_down);
    return g_test_run();
}
