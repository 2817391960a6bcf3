#pragma once
/* One set of keys: 键 2 ABC …, 键 Q …, 横 竖 撇 点 折, digits; each with 删除, 清空 and 查找 (确定
 * of a PIN). A key says what it is by signal "key": a character as kiosk/input.h takes it, or one
 * of the commands.
 */
#include <gtk/gtk.h>

#define KIOSK_TYPE_KEY_GRID (kiosk_key_grid_get_type())
G_DECLARE_FINAL_TYPE(KioskKeyGrid, kiosk_key_grid, KIOSK, KEY_GRID, GtkWidget)

typedef enum {
    KEY_GRID_NINE,
    KEY_GRID_FULL,
    KEY_GRID_STROKE,
    KEY_GRID_NUMBERS,
    KEY_GRID_PIN
} KeyGridKind;

enum {
    KEY_GRID_ERASE = 256,
    KEY_GRID_CLEAR,
    KEY_GRID_SEARCH,
    KEY_GRID_DIGITS,  /* to the digits … */
    KEY_GRID_LETTERS, /* … and back */
};

GtkWidget *kiosk_key_grid_new(KeyGridKind kind, gboolean is_landscape);
/* 删除 or another command, as it stands in each grid. `big` of a character may be NULL. */
GtkWidget *kiosk_key_new(int command, const char *big, const char *small, const char *name);
