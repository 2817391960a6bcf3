#pragma once
/* The keys on the screen and what they may mean: nine keys (first), full pinyin, strokes, drawing,
 * digits. It composes; the text itself is its owner's, who is told by signals:
 *   "commit" (text)   to be added at the end
 *   "composing"       preedit and raw have changed
 *   "erase", "clear"  the last character, all of it: nothing was being composed
 *   "search"          查找
 * librime is opened when the first key of a kind needs it. Where it cannot be, letters are still
 * letters, and topics are found by them. */
#include <gtk/gtk.h>

#include "kiosk/desk.h"

#define KIOSK_TYPE_KEYBOARD (kiosk_keyboard_get_type())
G_DECLARE_FINAL_TYPE(KioskKeyboard, kiosk_keyboard, KIOSK, KEYBOARD, GtkWidget)

/* `desk` must outlive it. To be called once, before it is shown. */
void kiosk_keyboard_set_desk(KioskKeyboard *self, Desk *desk);
const char *kiosk_keyboard_get_preedit(KioskKeyboard *self);
/* What is being composed, as db/suggest.h takes it. */
const char *kiosk_keyboard_get_raw(KioskKeyboard *self);
/* The first candidate of what is being composed: what it most likely means; NULL: none. Of the
 * keyboard, until the next key. */
const char *kiosk_keyboard_get_likely(KioskKeyboard *self);
/* A key of a real keyboard: letters, digits, erase, Return. TRUE if it was used. */
gboolean kiosk_keyboard_press(KioskKeyboard *self, guint keyval);
/* Forgets what is composed; the kind of keys stays for the visit. */
void kiosk_keyboard_forget(KioskKeyboard *self);
/* Nine keys again, for the next visitor. */
void kiosk_keyboard_reset(KioskKeyboard *self);
