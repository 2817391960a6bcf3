#pragma once
/* The terminal: its encoding (LANG; a GBK terminal gets GBK; the C locale says nothing, and gets
 * UTF-8), its width, and columns of CJK text.
 * Inside the program all text is UTF-8; it is converted here, at the edge. A character that the
 * terminal cannot hold becomes something like it, else '?'. An encoding named in LC_ALL, LC_CTYPE
 * or LANG counts even where that locale is not installed. */
#include <glib.h>
#include <stdio.h>

void terminal_init(void);               /* once, first thing in main() */
gboolean terminal_is_interactive(void); /* stdin and stdout are terminals */
guint terminal_width(void);             /* columns of stdout, 20 to 100; 80 if it is no terminal */
guint terminal_columns(const char *utf8); /* wide characters count two, combining ones none */

/* `utf8` broken into lines of at most `width` columns, each after the first indented by `indent`
 * columns; never within a Latin word or number that fits a line, never before closing punctuation.
 * Free with g_free(). */
char *terminal_wrap(const char *utf8, guint width, guint indent);

void terminal_put(FILE *stream, const char *utf8); /* converted, then written */
void terminal_printf(FILE *stream, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Text typed by a person in the terminal's encoding → UTF-8; octets that are valid UTF-8 stay, else
 * GB18030 is tried, else each bad octet becomes U+FFFD; a NUL is a space. Never NULL. Free with
 * g_free(). */
char *terminal_to_utf8(const char *typed, gssize len);
