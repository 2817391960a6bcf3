#pragma once
/* One screen: what one reads above the waterline, what one touches below it; side by side on a wide
 * screen. A page knows neither the other pages nor the window: it asks to go somewhere by name
 * (signal "go": page, argument) and is told when it is shown and left. After leave() it holds
 * nothing of what was shown.
 * In a template the children have the type "above" or "below". */
#include <gtk/gtk.h>

#include "kiosk/desk.h"
#include "kiosk/script.h"
#include "kiosk/visit.h"

#define KIOSK_TYPE_PAGE (kiosk_page_get_type())
G_DECLARE_DERIVABLE_TYPE(KioskPage, kiosk_page, KIOSK, PAGE, GtkWidget)

struct _KioskPageClass {
    GtkWidgetClass parent_class;

    void (*enter)(KioskPage *self, const char *argument); /* "" if there is none */
    void (*leave)(KioskPage *self);
    void (*forget)(KioskPage *self); /* the visit has ended: nothing of it stays */
    void (*say)(KioskPage *self, Script *script);
    void (*modes_changed)(KioskPage *self); /* letters became larger or smaller */
    /* A key of a real keyboard; TRUE if it was used. */
    gboolean (*key)(KioskPage *self, guint keyval);
};

void kiosk_page_enter(KioskPage *self, const char *argument);
void kiosk_page_leave(KioskPage *self);
void kiosk_page_forget(KioskPage *self);
void kiosk_page_say(KioskPage *self, Script *script);
void kiosk_page_modes_changed(KioskPage *self);
gboolean kiosk_page_key(KioskPage *self, guint keyval);

Desk *kiosk_page_desk(KioskPage *self);
gboolean kiosk_page_is_landscape(KioskPage *self);
gboolean kiosk_page_is_large(KioskPage *self); /* 大字 */
void kiosk_page_go(KioskPage *self, const char *page, const char *argument);
/* Something happened that a resident should be told in a box with one button. */
void kiosk_page_tell(KioskPage *self, const char *title, const char *text);

/* What the window shows around it. */
const char *kiosk_page_get_title(KioskPage *self);
void kiosk_page_set_title(KioskPage *self, const char *title, const char *icon);
const char *kiosk_page_get_icon(KioskPage *self); /* NULL: the word mark */
gboolean kiosk_page_is_bare(KioskPage *self);     /* the whole screen is its own */
gboolean kiosk_page_has_comfort_row(KioskPage *self);
VisitPage kiosk_page_get_kind(KioskPage *self);

/* On a wide screen what one touches stands in a row below, and what one reads has its whole width:
 * for long lists. Nothing to a tall one. */
void kiosk_page_set_stacked(KioskPage *self, gboolean is_stacked);

GtkBox *kiosk_page_above(KioskPage *self);
GtkBox *kiosk_page_below(KioskPage *self);
