#include <string.h>

#include "charset/pinyin.h"
#include "db/suggest.h"
#include "kiosk/input.h"
#include "tests/db/starter.h"

static Input *open_input(PinyinInputKind kind)
{
    g_autoptr(GError) error = NULL;
    Input *input = pinyin_input_new(kind, &error);

    g_assert_no_error(error);
    return input;
}

static void type(Input *input, const char *keys)
{
    for (; *keys; keys++)
        g_assert_true(input_key(input, *keys));
}

static char *to_digits(const char *letters)
{
    static const char digits[] = "22233344455566677778889999";
    char *keys = g_strdup(letters);

    for (char *at = keys; *at; at++)
        if (*at >= 'a' && *at <= 'z') *at = digits[*at - 'a'];
    return keys;
}

/* ---- what comes first ---- */

static const struct {
    const char *letters, *first;
} phrases[] = {
    { "canjirenbutie", "残疾人补贴" },
    { "cjrbt", "残疾人补贴" },
    { "zhongducanjirenhulibutie", "重度残疾人护理补贴" },
    { "zdcjrhlbt", "重度残疾人护理补贴" },
    { "kunnancanjirenshenghuobutie", "困难残疾人生活补贴" },
    { "kncjrshbt", "困难残疾人生活补贴" },
    { "gongzufang", "公租房" },
    { "gzf", "公租房" },
    { "jinhujiedao", "锦湖街道" },
    { "dibao", "低保" },
    { "yiliaobaoxian", "医疗保险" },
    { "gaolingjintie", "高龄津贴" },
    { "lianzufang", "廉租房" },
    { "shehuibaozhangka", "社会保障卡" },
    { "yanglaofuwubutie", "养老服务补贴" },
    { "linshijiuzhu", "临时救助" },
    { "canjirenzhengbanli", "残疾人证办理" },
    { "shenfenzheng", "身份证" },
    { "laojiuxiaoqugaizao", "老旧小区改造" },
};

static void test_first(gconstpointer data)
{
    PinyinInputKind kind = (PinyinInputKind)GPOINTER_TO_INT(data);
    g_autoptr(Input) input = open_input(kind);

    for (guint i = 0; i < G_N_ELEMENTS(phrases); i++) {
        g_autofree char *keys = kind == PINYIN_INPUT_NINE ? to_digits(phrases[i].letters)
                                                          : g_strdup(phrases[i].letters);
        type(input, keys);
        g_assert_cmpstr(input_candidate(input, 0), ==, phrases[i].first);
        g_assert_cmpstr(input_raw(input), ==, keys);
        g_autofree char *text = input_choose(input, 0);
        g_assert_cmpstr(text, ==, phrases[i].first);
        g_assert_cmpstr(input_preedit(input), ==, "");
        g_assert_cmpuint(input_candidate_count(input), ==, 0);
    }
}

static gboolean is_offered(Input *input, const char *text, guint among)
{
    for (guint i = 0; i < among; i++)
        if (g_strcmp0(input_candidate(input, i), text) == 0) return TRUE;
    return FALSE;
}

/* What sounds alike to many. */
static void test_fuzzy(void)
{
    static const struct {
        const char *letters, *meant;
    } rows[] = {
        { "canjirenzen", "残疾人证" },
        { "zongduchanjirenhulibutie", "重度残疾人护理补贴" },
        { "gaolinjintie", "高龄津贴" },
        { "nianzufang", "廉租房" },
        { "gongzhufan", "公租房" },
        { "senfenzen", "身份证" },
        { "lvren", "女人" },
        { "nvshi", "律师" },
        { "si", "事" },
        { "zan", "张" },
    };
    g_autoptr(Input) input = open_input(PINYIN_INPUT_FULL);

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        type(input, rows[i].letters);
        g_test_message("%s: %s", rows[i].letters, input_candidate(input, 0));
        g_assert_true(is_offered(input, rows[i].meant, 5));
        input_clear(input);
    }
    type(input, "siji"); /* 实际 is far more common */
    g_assert_cmpstr(input_candidate(input, 0), ==, "司机");
}

/* All names of topics, and their other names, as charset/pinyin.h reads them. */
static void test_all_names(gconstpointer data)
{
    PinyinInputKind kind = (PinyinInputKind)GPOINTER_TO_INT(data);
    g_autoptr(Input) input = open_input(kind);
    Catalogue *c = starter_catalogue();
    guint count = 0, first = 0;

    for (guint i = 0; i < c->topic_count; i++)
        for (char **name = c->topics[i].alternate_names; *name; name++) {
            g_autofree char *spaced = pinyin_text(*name);
            g_auto(GStrv) syllables = g_strsplit(spaced, " ", -1);
            g_autofree char *letters = g_strjoinv("", syllables);
            g_autofree char *keys =
                kind == PINYIN_INPUT_NINE ? to_digits(letters) : g_strdup(letters);
            if (keys[strspn(keys,
                            kind == PINYIN_INPUT_NINE ? "23456789" : "abcdefghijklmnopqrstuvwxyz")])
                continue;
            type(input, keys);
            count++;
            first += g_strcmp0(input_candidate(input, 0), *name) == 0;
            g_assert_true(is_offered(input, *name, 5));
            input_clear(input);
        }
    g_test_message("%u of %u names are the first candidate", first, count);
    g_assert_cmpuint(count, >, 250);
    g_assert_cmpuint(first * 100, >=, count * (kind == PINYIN_INPUT_NINE ? 90 : 97));
    catalogue_free(c);
}

/* ---- what is shown ---- */

static void test_preedit(void)
{
    static const struct {
        PinyinInputKind kind;
        const char *keys, *preedit, *raw;
    } rows[] = {
        { PINYIN_INPUT_FULL, "canji", "canji", "canji" },
        { PINYIN_INPUT_FULL, "xi'an", "xi'an", "xi'an" },
        { PINYIN_INPUT_FULL, "cjrbt", "cjrbt", "cjrbt" },
        { PINYIN_INPUT_NINE, "2265473628843", "canjirenbutie", "2265473628843" },
        { PINYIN_INPUT_NINE, "226547", "canjiq", "226547" }, /* 残疾钱 */
        { PINYIN_INPUT_NINE, "25728", "cjrbt", "25728" },
        { PINYIN_INPUT_NINE, "94'26", "xi'an", "94'26" },
        { PINYIN_INPUT_STROKE, "hpzn", "一丿乙丶", "" },
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Input) input = open_input(rows[i].kind);
        type(input, rows[i].keys);
        g_assert_cmpstr(input_preedit(input), ==, rows[i].preedit);
        g_assert_cmpstr(input_raw(input), ==, rows[i].raw);
    }
}

/* Chosen in parts; the last backspace takes a choice back, then letters. */
static void test_parts(gconstpointer data)
{
    PinyinInputKind kind = (PinyinInputKind)GPOINTER_TO_INT(data);
    gboolean is_nine = kind == PINYIN_INPUT_NINE;
    g_autoptr(Input) input = open_input(kind);
    g_autofree char *keys = is_nine ? to_digits("canjirenbutie") : g_strdup("canjirenbutie");
    g_autofree char *rest = g_strconcat("残疾人", keys + 8, NULL);

    type(input, keys);
    g_assert_cmpstr(input_candidate(input, 1), ==, "残疾人");
    g_assert_null(input_choose(input, 1));
    g_assert_cmpstr(input_preedit(input), ==, "残疾人butie");
    g_assert_cmpstr(input_raw(input), ==, rest);
    g_assert_cmpstr(input_candidate(input, 0), ==, "补贴");
    g_assert_true(input_backspace(input));
    g_assert_cmpstr(input_preedit(input), ==, "canjirenbutie");
    g_assert_cmpstr(input_candidate(input, 0), ==, "残疾人补贴");

    g_assert_null(input_choose(input, 1));
    g_autofree char *text = input_choose(input, 0);
    g_assert_cmpstr(text, ==, "残疾人补贴");
    g_assert_false(input_backspace(input));
}

static void test_backspace(void)
{
    g_autoptr(Input) input = open_input(PINYIN_INPUT_FULL);

    type(input, "dibaox");
    for (guint left = 5; left > 0; left--) {
        g_assert_true(input_backspace(input));
        g_assert_cmpuint(strlen(input_raw(input)), ==, left);
    }
    g_assert_true(input_backspace(input));
    g_assert_cmpstr(input_preedit(input), ==, "");
    g_assert_null(input_candidate(input, 0));
    g_assert_false(input_backspace(input));
}

/* ---- strokes ---- */

static void test_strokes(void)
{
    static const struct {
        const char *keys, *meant;
        guint among;
    } rows[] = {
        { "hpznhhzpn", "残", 1 }, /* all its strokes */
        { "hpz", "残", 10 },      { "hshp", "老", 3 },  { "nnzzph", "安", 3 },
        { "hphh", "医", 40 },     { "pspzh", "低", 5 }, { "psnhh", "住", 3 },
    };
    g_autoptr(Input) input = open_input(PINYIN_INPUT_STROKE);

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        type(input, rows[i].keys);
        g_test_message("%s: %s", rows[i].keys, rows[i].meant);
        g_assert_true(is_offered(input, rows[i].meant, rows[i].among));
        input_clear(input);
    }
    type(input, "hpznhhzpn");
    g_autofree char *text = input_choose(input, 0);
    g_assert_cmpstr(text, ==, "残");
}

/* A stroke that no character has there is refused; what was there stays. */
static void test_no_such_stroke(void)
{
    g_autoptr(Input) input = open_input(PINYIN_INPUT_STROKE);

    type(input, "hpznhhzpn");
    g_assert_false(input_key(input, 'h'));
    g_assert_cmpstr(input_preedit(input), ==, "一丿乙丶一一乙丿丶");
    g_assert_cmpstr(input_candidate(input, 0), ==, "残");
}

/* ---- bounds ---- */

static void test_refused(void)
{
    static const struct {
        PinyinInputKind kind;
        const char *keys;
    } rows[] = { { PINYIN_INPUT_FULL, "A2 -\n\x7f\xff'" },
                 { PINYIN_INPUT_NINE, "01a '#" },
                 { PINYIN_INPUT_STROKE, "ab'2 " } };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Input) input = open_input(rows[i].kind);
        for (const char *key = rows[i].keys; *key; key++)
            g_assert_false(input_key(input, *key));
        g_assert_false(input_key(input, '\0'));
        g_assert_cmpstr(input_preedit(input), ==, "");
        g_assert_cmpuint(input_candidate_count(input), ==, 0);
        g_assert_null(input_choose(input, 0));
        g_assert_null(input_choose(input, G_MAXUINT));
    }
}

static void test_too_long(void)
{
    for (PinyinInputKind kind = PINYIN_INPUT_FULL; kind <= PINYIN_INPUT_NINE; kind++) {
        g_autoptr(Input) input = open_input(kind);
        for (guint i = 0; i < INPUT_KEYS_MAX; i++)
            g_assert_true(input_key(input, kind == PINYIN_INPUT_NINE ? '5' : 'a'));
        g_assert_false(input_key(input, kind == PINYIN_INPUT_NINE ? '5' : 'a'));
        g_assert_cmpuint(strlen(input_raw(input)), ==, INPUT_KEYS_MAX);
        g_assert_cmpuint(input_candidate_count(input), <=, INPUT_CANDIDATES_MAX);
        input_clear(input);
        g_assert_cmpstr(input_preedit(input), ==, "");
        g_assert_cmpstr(input_raw(input), ==, "");
    }
}

/* Any keys in any order: nothing is said of the result but that it holds together. */
static void test_any_keys(void)
{
    static const char *const keys[] = { "aeiouzhgncjrbt'", "23456789'", "hspnz" };

    for (guint kind = 0; kind < G_N_ELEMENTS(keys); kind++) {
        g_autoptr(Input) input = open_input((PinyinInputKind)kind);
        for (guint i = 0; i < 1500; i++) {
            int what = g_test_rand_int_range(0, 20);
            if (what < 15) {
                input_key(input, keys[kind][g_test_rand_int_range(0, (int)strlen(keys[kind]))]);
            } else if (what < 17) {
                input_backspace(input);
            } else if (what < 19) {
                g_autofree char *text = input_choose(input, (guint)g_test_rand_int_range(0, 10));
                g_assert_true(!text || (*text && g_utf8_validate(text, -1, NULL)));
            } else if (g_test_rand_int_range(0, 10) == 0) {
                input_clear(input);
            }
            g_assert_true(g_utf8_validate(input_preedit(input), -1, NULL));
            g_assert_cmpint(!*input_preedit(input), <=, !input_candidate(input, 0));
        }
    }
}

/* ---- beside each other, and what is left behind ---- */

static void test_two_at_once(void)
{
    g_autoptr(Input) full = open_input(PINYIN_INPUT_FULL);
    g_autoptr(Input) nine = open_input(PINYIN_INPUT_NINE);

    type(full, "dib");
    type(nine, "226");
    type(full, "ao");
    g_assert_cmpstr(input_candidate(full, 0), ==, "低保");
    g_assert_cmpstr(input_raw(nine), ==, "226");
    input_clear(nine);
    g_assert_cmpstr(input_raw(full), ==, "dibao");
}

static guint count_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;

    while (dir && g_dir_read_name(dir))
        count++;
    return count;
}

/* As another user, in a home and a temporary folder of its own: nothing is written anywhere. */
static void test_writes_nothing(void)
{
    if (g_test_subprocess()) {
        g_autoptr(Input) input = open_input(PINYIN_INPUT_FULL);
        type(input, "canjirenbutie");
        g_autofree char *text = input_choose(input, 0);
        g_assert_cmpstr(text, ==, "残疾人补贴");
        return;
    }
    g_autofree char *folder = g_dir_make_tmp("bianmin-input-XXXXXX", NULL);
    g_autofree char *home = g_strdup(g_getenv("HOME"));
    guint before = count_files(g_getenv("BIANMIN_RIME"));

    g_setenv("HOME", folder, TRUE);
    g_setenv("TMPDIR", folder, TRUE);
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    if (home) g_setenv("HOME", home, TRUE);
    g_unsetenv("TMPDIR");
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("");
    g_assert_cmpuint(count_files(folder), ==, 0);
    g_assert_cmpuint(count_files(g_getenv("BIANMIN_RIME")), ==, before);
    g_rmdir(folder);
}

static void test_no_data(void)
{
    if (g_test_subprocess()) {
        g_autoptr(GError) error = NULL;
        g_setenv("BIANMIN_RIME", "/nonexistent", TRUE);
        g_assert_null(pinyin_input_new(PINYIN_INPUT_FULL, &error));
        g_assert_error(error, INPUT_ERROR, INPUT_ERROR_DATA);
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = g_build_filename(g_getenv("BIANMIN_BUILD"), "rime", NULL);
    gpointer full = GINT_TO_POINTER(PINYIN_INPUT_FULL);
    gpointer nine = GINT_TO_POINTER(PINYIN_INPUT_NINE);

    g_setenv("BIANMIN_RIME", folder, TRUE);
    g_test_add_data_func("/pinyin_input/first/full", full, test_first);
    g_test_add_data_func("/pinyin_input/first/nine", nine, test_first);
    g_test_add_func("/pinyin_input/fuzzy", test_fuzzy);
    g_test_add_data_func("/pinyin_input/all-names/full", full, test_all_names);
    g_test_add_data_func("/pinyin_input/all-names/nine", nine, test_all_names);
    g_test_add_func("/pinyin_input/preedit", test_preedit);
    g_test_add_data_func("/pinyin_input/parts/full", full, test_parts);
    g_test_add_data_func("/pinyin_input/parts/nine", nine, test_parts);
    g_test_add_func("/pinyin_input/backspace", test_backspace);
    g_test_add_func("/pinyin_input/strokes", test_strokes);
    g_test_add_func("/pinyin_input/no-such-stroke", test_no_such_stroke);
    g_test_add_func("/pinyin_input/refused", test_refused);
    g_test_add_func("/pinyin_input/too-long", test_too_long);
    g_test_add_func("/pinyin_input/any-keys", test_any_keys);
    g_test_add_func("/pinyin_input/two-at-once", test_two_at_once);
    g_test_add_func("/pinyin_input/writes-nothing", test_writes_nothing);
    g_test_add_func("/pinyin_input/no-data", test_no_data);
    return g_test_run();
}
