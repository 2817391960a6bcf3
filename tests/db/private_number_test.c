/* db/private_number.c: what counts as a person's number, and what is left of it. The ID numbers are
 * of the area 999999, which is given to nobody. */
#include "db/private_number.h"

static const struct {
    const char *text;
    PrivateNumber found;
    const char *masked; /* NULL: as it is */
} rows[] = {
    { "", PRIVATE_NUMBER_NONE, NULL },
    { "二〇二三年1234567890元", PRIVATE_NUMBER_NONE, NULL },
    { "999999199001011238", PRIVATE_NUMBER_ID, "999***********1238" },
    { "证99999919900101122X号", PRIVATE_NUMBER_ID, "证999***********122X号" },
    { "证99999919900101122x", PRIVATE_NUMBER_ID, "证999***********122x" },
    { "999999199001011239", PRIVATE_NUMBER_NONE, NULL },  /* check digit */
    { "999999199013011233", PRIVATE_NUMBER_NONE, NULL },  /* month 13 */
    { "9999991990010112380", PRIVATE_NUMBER_NONE, NULL }, /* one of 19 digits */
    { "99999919900101122XY", PRIVATE_NUMBER_NONE, NULL },
    { "A999999199001011238", PRIVATE_NUMBER_NONE, NULL },
    { "卡6222020000000000000", PRIVATE_NUMBER_BANK_CARD, "卡622************0000" },
    { "6222020000000007", PRIVATE_NUMBER_BANK_CARD, "622*********0007" },
    { "6222020000000008", PRIVATE_NUMBER_NONE, NULL },
    { "0000000000000000", PRIVATE_NUMBER_NONE, NULL },
    { "13800138000", PRIVATE_NUMBER_MOBILE, "138****8000" },
    { "12800138000、138001380001", PRIVATE_NUMBER_NONE, NULL },
    { "找13800138000或999999199001011238、15400000001。", PRIVATE_NUMBER_ID,
      "找138****8000或999***********1238、154****0001。" },
};

static void test_rows(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *text = rows[i].text;
        g_autofree char *masked = private_number_mask(text);
        g_test_message("%s", text);
        g_assert_cmpint(private_number_find(text, strlen(text)), ==, rows[i].found);
        g_assert_cmpstr(masked, ==, rows[i].masked ? rows[i].masked : text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/private-number/rows", test_rows);
    return g_test_run();
}
