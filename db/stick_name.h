#pragma once
/* The names under which files on a stick concern us: tables (事项.csv, 事项.xlsx …), 便民数据.xlsx,
 * 便民密钥.bin and 便民更新-NNNNNN.bmp, in the top folder or in STICK_NAME_SUBFOLDER, whatever
 * their case and Unicode form. */
#include <glib.h>

#define STICK_NAME_SUBFOLDER "便民数据"
#define STICK_NAME_PACKAGE   "便民更新-"
#define STICK_NAMES_MAX      500u /* looked at in a folder; source: SAFETY.md (c) Stick */

/* What the others take: NFC, case folded; "" of what is no UTF-8. Free with g_free(). */
char *stick_name_fold(const char *name);
/* How many octets a file of this name may have; 0 if we do not know it. */
guint64 stick_name_octets_max(const char *folded);
/* 事项 (1).csv, 事项.xls, ~$事项.xlsx: meant as a table, or left beside one that is still open; so
 * is every spreadsheet in a folder of our own. */
gboolean stick_name_is_similar(const char *folded, gboolean is_own);
/* The number in the name of a package; 0 if it is none. */
guint stick_name_package(const char *folded);
