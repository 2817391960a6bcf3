#pragma once
/* What each column of the tables is for, in plain words with an example: the comments in the
 * headers of a workbook and the list that `bianmin template` writes. What is allowed there is
 * rule.h's, and is taken from it, so that the two cannot drift apart. */
#include "db/rule.h"

typedef struct {
    const char *meaning; /* 居民的叫法，供查找 */
    const char *example; /* obeys the rule */
} ColumnHelp;

const ColumnHelp *column_help(RuleSheetId sheet, guint column); /* constant */

/* 必填，最多 4 个字 … 例：CL01; lines. Free with g_free(). */
char *column_help_note(RuleSheetId sheet, guint column);
/* The choices, or how it has to look: 只能填：已核实、待社区核实; "" if any text will do. Free with
 * g_free(). */
char *column_help_form(RuleSheetId sheet, guint column);
