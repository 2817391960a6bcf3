#pragma once
/* Blocks one below the other, as many as fit; the rest on further pages, for which the owner offers
 * 上一页 and 下一页 (signal "changed": the page or their number did). Elders do not discover
 * scrolling. A heading (CSS class) stands with what follows it. Of all ways to cut, that with the
 * fewest pages is taken, then that which leaves fields whole, and no single line of one alone. A
 * block that is alone too high is cut off at the bottom: make them small. A page may have columns,
 * read one after the other. */
#include <gtk/gtk.h>

#define KIOSK_TYPE_PAGER (kiosk_pager_get_type())
G_DECLARE_FINAL_TYPE(KioskPager, kiosk_pager, KIOSK, PAGER, GtkWidget)

void kiosk_pager_clear(KioskPager *self);
/* A field begins with it. */
void kiosk_pager_append(KioskPager *self, GtkWidget *block);
/* It goes on with the field of the block before; where it begins a page, `head` stands above. */
void kiosk_pager_append_more(KioskPager *self, GtkWidget *block, GtkWidget *head);
/* The next block begins a page of its own. */
void kiosk_pager_break(KioskPager *self);
/* At least 1, as it is at first. */
void kiosk_pager_set_columns(KioskPager *self, guint columns);
/* Stands at the foot of each page that has room for it. */
void kiosk_pager_set_filler(KioskPager *self, GtkWidget *filler);
guint kiosk_pager_get_page(KioskPager *self);       /* from 0 */
guint kiosk_pager_get_page_count(KioskPager *self); /* at least 1 */
void kiosk_pager_set_page(KioskPager *self, guint page);
/* The page on which `block` stands, as it was laid out last; of what is not here, the page seen. */
guint kiosk_pager_page_of(KioskPager *self, GtkWidget *block);
void kiosk_pager_show(KioskPager *self, GtkWidget *block);
