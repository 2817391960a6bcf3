#include "sms/port_list.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A tree like that of sysfs: class/NAME/device → devices/…/interface, the product above it. */
static void put(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void add_port(const char *root, const char *tty, const char *vendor, const char *product,
                     const char *serial, const char *interface)
{
    g_autofree char *device = g_strdup_printf("%s/devices/%s%s%s", root, vendor, product, serial);
    g_autofree char *port = g_strdup_printf("%s/if%s/%s", device, interface, tty);
    g_autofree char *class = g_strdup_printf("%s/class/%s", root, tty);
    g_autofree char *above = g_path_get_dirname(port);
    g_autofree char *link = g_build_filename(class, "device", NULL);
    g_assert_cmpint(g_mkdir_with_parents(port, 0700), ==, 0);
    g_assert_cmpint(g_mkdir_with_parents(class, 0700), ==, 0);
    put(device, "idVendor", vendor);
    put(device, "idProduct", product);
    put(device, "serial", serial);
    put(above, "bInterfaceNumber", interface);
    g_unlink(link);
    g_assert_cmpint(symlink(port, link), ==, 0);
}

static char *sysfs_new(void)
{
    char *root = g_dir_make_tmp("sysfs-XXXXXX", NULL);
    g_autofree char *class = g_build_filename(root, "class", NULL);
    g_assert_cmpint(g_mkdir_with_parents(class, 0700), ==, 0);
    port_list_set_sysfs(class);
    return root;
}

static void expect_turn(const char *configured, const char *identity, guint turn, const char *want)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = port_list_resolve(configured, identity, turn, &error);
    g_assert_cmpstr(path, ==, want);
    g_assert_true((path == NULL) == (error != NULL));
}

static void expect(const char *configured, const char *identity, const char *want)
{
    expect_turn(configured, identity, 0, want);
}

static void test_choice(void)
{
    g_autofree char *root = sysfs_new();
    expect("auto", NULL, NULL);
    add_port(root, "ttyUSB9", "0acd", "0001", "CARD", "00"); /* a card reader */
    expect("auto", NULL, NULL);
    add_port(root, "ttyUSB5", "1a86", "7523", "", "00");
    expect("auto", NULL, "/dev/ttyUSB5");
    add_port(root, "ttyUSB0", "2c7c", "0125", "S1", "00");
    add_port(root, "ttyUSB1", "2c7c", "0125", "S1", "01");
    add_port(root, "ttyUSB2", "2c7c", "0125", "S1", "02");
    expect("auto", NULL, "/dev/ttyUSB2");
    expect("/dev/ttyUSB77", NULL, "/dev/ttyUSB77"); /* named by the user: as it is */
    /* the next where that one is taken or silent; never the card reader */
    expect_turn("auto", NULL, 1, "/dev/ttyUSB0");
    expect_turn("auto", NULL, 3, "/dev/ttyUSB5");
    expect_turn("auto", NULL, 4, "/dev/ttyUSB2");
    expect_turn("/dev/ttyUSB77", NULL, 1, "/dev/ttyUSB77");
    g_autoptr(GPtrArray) list = port_list();
    g_assert_cmpuint(list->len, ==, 5);
    const PortInfo *last = list->pdata[4];
    g_assert_cmpstr(last->path, ==, "/dev/ttyUSB9");
    g_assert_false(last->is_allowed);
}

/* Unplugged and back under another name: the same port is found again. */
static void test_identity(void)
{
    g_autofree char *root = sysfs_new();
    add_port(root, "ttyUSB0", "12d1", "1001", "A", "02");
    add_port(root, "ttyUSB1", "12d1", "1001", "B", "02");
    g_autofree char *identity = port_list_identity("/dev/ttyUSB1");
    g_assert_cmpstr(identity, ==, "12d1:1001:B:02");
    g_autofree char *class = g_build_filename(root, "class", "ttyUSB1", "device", NULL);
    g_autofree char *folder = g_path_get_dirname(class);
    g_unlink(class);
    g_rmdir(folder);
    add_port(root, "ttyUSB4", "12d1", "1001", "B", "02");
    expect("auto", identity, "/dev/ttyUSB4");
    expect("/dev/nonexistent", identity, "/dev/ttyUSB4");
    expect("/dev/ttyUSB0", identity, "/dev/ttyUSB4"); /* another has taken its name */
    expect("auto", "12d1:1001:C:02", NULL);           /* it comes back; nothing else is tried */
    g_assert_null(port_list_identity("/dev/pts/0"));
}

/* Two modems of a kind without serial numbers keep apart. */
static void test_twins(void)
{
    g_autofree char *root = sysfs_new();
    add_port(root, "ttyUSB0", "12d1", "1001", "", "02");
    add_port(root, "ttyUSB1", "12d1", "1001", "", "02");
    g_autofree char *identity = port_list_identity("/dev/ttyUSB1");
    expect("/dev/ttyUSB1", identity, "/dev/ttyUSB1");
    expect_turn("/dev/ttyUSB1", identity, 1, "/dev/ttyUSB0");
    expect_turn("auto", NULL, 1, "/dev/ttyUSB1");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/port-list/choice", test_choice);
    g_test_add_func("/port-list/identity", test_identity);
    g_test_add_func("/port-list/twins", test_twins);
    return g_test_run();
}
