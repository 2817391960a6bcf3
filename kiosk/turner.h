#pragma once
/* 上一页, "1/3", 下一页: turns the pages of a pager or of a list. */
#include <gtk/gtk.h>

#include "kiosk/pager.h"

#define KIOSK_TYPE_TURNER (kiosk_turner_get_type())
G_DECLARE_FINAL_TYPE(KioskTurner, kiosk_turner, KIOSK, TURNER, GtkWidget)

/* Signal "turn": int, -1 or 1. */
void kiosk_turner_set(KioskTurner *self, guint page, guint page_count);
/* Turns this pager, and shows where it is; hidden while there is one page. */
void kiosk_turner_follow(KioskTurner *self, KioskPager *pager);
