#include "sms/port_list.h"

#include <libserialport.h>
#include <stdlib.h>
#include <string.h>

#include "sms/port.h"

#define RANK_MODEM   0  /* a modem's port for commands */
#define RANK_OTHER   10 /* a modem's other port */
#define RANK_ADAPTER 20 /* an adapter: behind it may be anything, most often a modem */
#define RANK_NONE    100

static char *sysfs_folder;

/* product -1: all of that maker. `interface`: the one for AT commands, -1: any. */
static const struct {
    gint vendor, product, interface, rank;
} known[] = {
    { 0x12d1, -1, 2, RANK_MODEM },        /* Huawei: PC UI */
    { 0x2c7c, -1, 2, RANK_MODEM },        /* Quectel */
    { 0x1e0e, -1, 2, RANK_MODEM },        /* SIMCom */
    { 0x05c6, -1, 2, RANK_MODEM },        /* Qualcomm */
    { 0x19d2, -1, 1, RANK_MODEM },        /* ZTE */
    { 0x1a86, 0x7523, -1, RANK_ADAPTER }, /* CH340 */
    { 0x10c4, 0xea60, -1, RANK_ADAPTER }, /* CP2102 */
    { 0x0403, -1, -1, RANK_ADAPTER },     /* FTDI */
    { 0x067b, -1, -1, RANK_ADAPTER },     /* PL2303 */
};

void port_info_free(PortInfo *info)
{
    if (!info) return;
    g_free(info->path);
    g_free(info->description);
    g_free(info->identity);
    g_free(info);
}

void port_list_set_sysfs(const char *folder)
{
    g_free(sysfs_folder);
    sysfs_folder = g_strdup(folder);
}

/* ---- sysfs ---- */

/* The first line of FOLDER/…/NAME, looked for from the tty's device upwards; NULL if there is
 * none. */
static char *attribute(const char *tty, const char *name)
{
    const char *root = sysfs_folder ? sysfs_folder : "/sys/class/tty";
    g_autofree char *link = g_build_filename(root, tty, "device", NULL);
    char *folder = realpath(link, NULL);

    for (guint up = 0; folder && up < 4; up++) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        char *text = NULL;
        if (g_file_get_contents(path, &text, NULL, NULL)) {
            free(folder);
            return g_strstrip(text);
        }
        char *parent = g_path_get_dirname(folder);
        free(folder);
        folder = strdup(parent);
        g_free(parent);
    }
    free(folder);
    return NULL;
}

static gint hex_attribute(const char *tty, const char *name)
{
    g_autofree char *text = attribute(tty, name);
    guint64 value = 0;
    if (!text || !g_ascii_string_to_unsigned(text, 16, 0, 0xffff, &value, NULL)) return -1;
    return (gint)value;
}

static void judge(PortInfo *info)
{
    info->rank = RANK_NONE;
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i].vendor != info->vendor) continue;
        if (known[i].product >= 0 && known[i].product != info->product) continue;
        info->is_allowed = TRUE;
        gboolean is_command_port = known[i].interface < 0 || known[i].interface == info->interface;
        info->rank = is_command_port ? known[i].rank : RANK_OTHER + MAX(info->interface, 0);
        return;
    }
}

static PortInfo *info_new(const char *path)
{
    PortInfo *info = g_new0(PortInfo, 1);
    g_autofree char *tty = g_path_get_basename(path);
    g_autofree char *serial = attribute(tty, "serial");
    g_autofree char *product = attribute(tty, "product");

    info->path = g_strdup(path);
    info->description = g_strdup(product ? product : "");
    info->vendor = hex_attribute(tty, "idVendor");
    info->product = hex_attribute(tty, "idProduct");
    info->interface = hex_attribute(tty, "bInterfaceNumber");
    info->identity = info->vendor < 0 ? g_strdup("")
                                      : g_strdup_printf("%04x:%04x:%s:%02x", (guint)info->vendor,
                                                        (guint)info->product, serial ? serial : "",
                                                        (guint)MAX(info->interface, 0));
    judge(info);
    return info;
}

/* ---- listing ---- */

static GPtrArray *paths_of_sysfs(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(sysfs_folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        g_ptr_array_add(paths, g_strconcat("/dev/", name, NULL));
    return paths;
}

static GPtrArray *paths_of_ports(void)
{
    if (sysfs_folder) return paths_of_sysfs();
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    struct sp_port **ports = NULL;
    if (sp_list_ports(&ports) != SP_OK) return paths;
    for (guint i = 0; ports[i]; i++)
        g_ptr_array_add(paths, g_strdup(sp_get_port_name(ports[i])));
    sp_free_port_list(ports);
    return paths;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const PortInfo *x = *(const PortInfo *const *)a, *y = *(const PortInfo *const *)b;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    return strcmp(x->path, y->path);
}

GPtrArray *port_list(void)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)port_info_free);
    g_autoptr(GPtrArray) paths = paths_of_ports();
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(list, info_new(paths->pdata[i]));
    g_ptr_array_sort(list, compare);
    return list;
}

char *port_list_identity(const char *path)
{
    PortInfo *info = g_str_has_prefix(path, "/dev/tty") ? info_new(path) : NULL;
    char *identity = info && *info->identity ? g_strdup(info->identity) : NULL;
    port_info_free(info);
    return identity;
}

static void add_choice(GPtrArray *choices, const char *path)
{
    if (!g_ptr_array_find_with_equal_func(choices, path, g_str_equal, NULL))
        g_ptr_array_add(choices, g_strdup(path));
}

/* Two modems of a kind may lack serial numbers: the one under the old name goes first. */
static void add_known(GPtrArray *choices, GPtrArray *list, const char *configured,
                      const char *identity)
{
    g_autofree char *own = port_list_identity(configured);
    if (g_strcmp0(own, identity) == 0) add_choice(choices, configured);
    for (guint i = 0; i < list->len; i++) {
        const PortInfo *info = list->pdata[i];
        if (strcmp(info->identity, identity) == 0) add_choice(choices, info->path);
    }
}

static GPtrArray *choices_of(const char *configured, const char *identity)
{
    GPtrArray *choices = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) list = port_list();

    if (identity) add_known(choices, list, configured, identity);
    if (strcmp(configured, "auto") != 0) {
        if (choices->len == 0) add_choice(choices, configured);
        return choices;
    }
    for (guint i = 0; !identity && i < list->len; i++) {
        const PortInfo *info = list->pdata[i];
        if (info->is_allowed) add_choice(choices, info->path);
    }
    return choices;
}

char *port_list_resolve(const char *configured, const char *identity, guint turn, GError **error)
{
    g_autoptr(GPtrArray) choices = choices_of(configured, identity);

    if (choices->len > 0) return g_strdup(choices->pdata[turn % choices->len]);
    g_set_error(error, PORT_ERROR, PORT_ERROR_MISSING,
                "没有找到短信猫；若是插好了，请在设置里写明 port=，见 bianmin modem list");
    return NULL;
}
