#pragma once
/* A suggestion (db/suggest.h) as a row that leads to its topic, and says why it is there: what
 * residents call it, or how it was typed. */
#include "db/catalogue.h"
#include "db/suggest.h"
#include "kiosk/row_list.h"

/* `has_code`: the topic's plate stands before it, else its number in the list. */
void suggestion_add(KioskRowList *rows, const Catalogue *catalogue, const SuggestRow *suggestion,
                    gboolean has_code);
