#pragma once
/* What a resident takes away on paper: lines, as octets for a thermal printer (ESC/POS, text in
 * GBK) and as text for the screen. Knows no device: that is slip_printer.h.
 *
 * Texts are UTF-8 and may be anything a sheet holds: a '\n' begins a new line, tabs and odd spaces
 * are a space, other control and format characters are left out, so that no text can be a command;
 * what GBK lacks becomes 〓. Empty texts add nothing. A slip has at most SLIP_LINES_MAX lines: what
 * is beyond is left out, and its last line says so.
 *
 * Paper of 58 mm has 384 dots, 32 cells a line; of 80 mm 576 dots, 48 cells (slip_wrap.h).
 * Source: Epson ESC/POS command reference; the same commands are in the manuals of the cheap heads.
 * The Chinese printers promise GB18030's two-octet area only, hence GBK. */
#include <glib.h>

typedef struct Slip Slip; /* opaque */

#define SLIP_LINES_MAX 400

/* `paper_mm` 80, or else 58. `has_qr_command`: the printer draws QR codes itself (GS ( k); else
 * they are sent as a picture. Never NULL; free with slip_free(). Should the system's iconv lack GBK
 * (Debian's libc6 has it), a warning says so and the slip has no text. */
Slip *slip_new(guint paper_mm, gboolean has_qr_command);
void slip_free(Slip *slip); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Slip, slip_free)

void slip_heading(Slip *slip, const char *text); /* twice as wide and high, bold */
void slip_text(Slip *slip, const char *text);
/* "要带：…", the label in bold. An empty text is fine: the label stands over what follows. */
void slip_labelled(Slip *slip, const char *label, const char *text);
/* "1.…": the lines after the first begin under the text, not under the mark. */
void slip_item(Slip *slip, const char *mark, const char *text);
void slip_rule(Slip *slip);
void slip_feed(Slip *slip, guint line_count); /* empty lines */
/* In the middle, with its white margin. FALSE, and nothing is added: too long for the paper. */
gboolean slip_qr(Slip *slip, const char *text);

/* The octets to send: initialized, Chinese mode, the lines, fed and cut. The slip stays. */
GBytes *slip_finish(const Slip *slip);
/* Of the paper, about: what the feed and the knife take is in it. */
guint slip_length_mm(const Slip *slip);
/* The same lines, each ended by '\n', a QR code as 〔二维码〕. Free with g_free(). */
char *slip_preview(const Slip *slip);
/* Whether this line of the preview, from 0, is one of a heading. */
gboolean slip_is_heading(const Slip *slip, guint line);
