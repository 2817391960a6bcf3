#pragma once
/* The data dictionary (starter/README.md §2) as tables, and the rule of one cell. A cell that obeys
 * is passed on as it is; one that can be mended without guessing is mended, with a warning; every
 * other one is refused, with what is wrong and what to do. What needs other rows is import.c's. */
#include "db/cell.h"

typedef enum {
    RULE_TEXT,
    RULE_SHORT_ANSWER, /* text without web addresses: it goes out as a text message */
    RULE_QUESTION,     /* text that ends with ？ */
    RULE_LIST,         /* items separated by ; */
    RULE_SOURCES,      /* the same, but 、 and ， are text: 第四十五条、第四十六条 */
    RULE_PHONES,
    RULE_CODE,  /* CL01, new here */
    RULE_TOPIC, /* CL01, one of those in 事项.csv */
    RULE_CHOICE,
    RULE_DATE,
    RULE_YEAR,
    RULE_DECIMAL,
    RULE_ID_NUMBER, /* GB 11643 */
    RULE_PERSON_NAME,
    RULE_MOBILE,
    RULE_PERIOD, /* 2023 or 2023-01 */
    RULE_AMOUNT, /* yuan with two decimals */
} RuleKind;

typedef struct {
    const char *name; /* 编号 */
    RuleKind kind;
    guint max_chars;
    gboolean is_required;
    guint min_items;            /* lists */
    const char *const *choices; /* RULE_CHOICE: NULL-ended */
} RuleColumn;

#define RULE_COLUMNS_MAX 16u
#define RULE_KEY_MAX     4u

typedef struct {
    guint count;
    guint8 columns[RULE_KEY_MAX];
} RuleKey; /* columns that together may stand in one row only */

typedef enum {
    RULE_SHEET_TOPIC,
    RULE_SHEET_FIGURE,
    RULE_SHEET_PROJECT,
    RULE_SHEET_QA,
    RULE_SHEET_SYNONYM,
    RULE_SHEET_LAY_WORD,
    RULE_SHEET_NOTICE,
    RULE_SHEET_PERSON,
    RULE_SHEET_COUNT,
} RuleSheetId;

typedef struct {
    const char *file; /* 事项.csv */
    const char *stem; /* 事项 */
    guint max_rows;
    guint column_count;
    const RuleColumn *columns;
    RuleKey keys[2];
    gboolean is_personal; /* no value of it may appear in a report */
} RuleSheet;

/* In the order in which they are to be read: topics first, for the others refer to them. */
extern const RuleSheet rule_sheets[RULE_SHEET_COUNT];

/* Told for each thing that was mended (is_error FALSE) or refused. No personal data in either text.
 */
typedef void (*RuleSink)(gboolean is_error, const char *message, const char *remedy, gpointer data);

/* One cell by the rule of its column. *out is the canonical text: it points into `text`, `scratch`
 * or a constant. FALSE if the cell is refused; the sink then got at least one error. */
gboolean rule_check(const RuleColumn *column, const char *text, gsize len, GString *scratch,
                    CellText *out, RuleSink sink, gpointer data);

/* The number of a code AA00 … ZZ99 below RULE_CODE_COUNT, or -1 if it is no code. */
#define RULE_CODE_COUNT (26 * 26 * 100)
int rule_code_index(const char *code, gsize len);
