#include "db/suggest.h"

#include "charset/pinyin.h"
#include "tests/db/sample.h"
#include "tests/db/starter.h"

static Catalogue *starter, *sample;
static Suggest *of_starter, *of_sample;

/* ---- a catalogue in which every row has its reason ---- */

#define LAY_WORD(word, meanings)                                                                   \
    "INSERT INTO lay_word (word, meanings, note) VALUES ('" word "', '" meanings "', '');"
#define PROJECT(code, name)                                                                        \
    "INSERT INTO project (name, type, topic_code, place, status, progress, year, note, source) "   \
    "VALUES ('" name "', '改造', '" code "', '', '已完工', '验收', 2023, '', '报道');"

#define SAMPLE_ROWS                                                                                \
    SAMPLE_BASE                                                                                    \
    SAMPLE_TOPIC("CL03", "残疾人证办理", "12385")                                                  \
    SAMPLE_TOPIC("YH01", "银行卡、ETC（长期）", "12345")                                           \
    SAMPLE_TOPIC("YL03", "70岁老人公交卡", "12345")                                                \
    SAMPLE_TOPIC("XA01", "西安㎡与女职工", "12345")                                                \
    SAMPLE_ALIAS("CL03", "残疾证")                                                                 \
    SAMPLE_QA("CL03", "残疾证丢了，怎么补？", "补办。")                                            \
    SAMPLE_QA("CL03", "残疾证多久换一次？", "十年。")                                              \
    SAMPLE_QA("CL03", "残疾证在哪里办理？", "残联。")                                              \
    PROJECT("XA01", "锦桥小区")                                                                    \
    LAY_WORD("折子", "YH01")                                                                       \
    LAY_WORD("眼瞎", "CL01;CL03")                                                                  \
    LAY_WORD("本本", "残疾证")                                                                     \
    LAY_WORD("没人知道", "派出所")

static Catalogue *sample_catalogue(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("bianmin-test-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "content.db", NULL);
    Generation *generation = g_new0(Generation, 1);

    g_assert_no_error(error);
    sample_create(path, SAMPLE_ROWS);
    generation->db = store_open_content(path, &error);
    g_assert_no_error(error);
    generation->warnings = g_ptr_array_new_with_free_func(g_free);
    Catalogue *catalogue = catalogue_load(generation, &error);
    g_assert_no_error(error);
    sample_remove(folder);
    return catalogue;
}

/* "text[typed]rest>CODE", a question with ? before its code */
static char *row_text(const Catalogue *c, const SuggestRow *row)
{
    const char *from = g_utf8_offset_to_pointer(row->text, row->start);
    const char *to = g_utf8_offset_to_pointer(from, row->length);

    return g_strdup_printf("%.*s[%.*s]%s%s%s", (int)(from - row->text), row->text, (int)(to - from),
                           from, to, row->qa < 0 ? ">" : "?", c->topics[row->topic].code);
}

static char *rows_text(Suggest *suggest, const Catalogue *c, const char *typed)
{
    SuggestRow rows[SUGGEST_MAX];
    GString *out = g_string_new(NULL);
    guint count = suggest_query(suggest, typed, rows);

    for (guint i = 0; i < count; i++) {
        g_autofree char *text = row_text(c, &rows[i]);
        g_string_append_printf(out, "%s%s", i ? " " : "", text);
    }
    return g_string_free(out, FALSE);
}

/* ---- every form of input, and where it matches ---- */

static const struct {
    const char *typed;
    int manner;       /* of the first row; -1: there is none */
    const char *rows; /* all of them, best first */
} forms[] = {
    /* as it is written */
    { "低保", SUGGEST_WRITTEN, "[低保]>JZ01 [低保]怎么申请？?JZ01" },
    { "保障", SUGGEST_WRITTEN, "最低生活[保障]>JZ01" },
    { "殘疾証", SUGGEST_WRITTEN,
      "[残疾证]>CL03 [残疾证]丢了，怎么补？?CL03 [残疾证]多久换一次？?CL03" },
    { "丢了怎么", SUGGEST_WRITTEN, "残疾证[丢了，怎么]补？?CL03" }, /* through punctuation */
    { "丢了,怎么", SUGGEST_WRITTEN, "残疾证[丢了，怎么]补？?CL03" },
    { "保 障", SUGGEST_WRITTEN, "最低生活[保障]>JZ01" },
    { "保证", -1, "" }, /* both are there, but not side by side */
    { "残疾证残", -1, "" },
    { "ｅｔｃ", SUGGEST_WRITTEN, "银行卡、[ETC]（长期）>YH01" },
    { "70", SUGGEST_WRITTEN, "[70]岁老人公交卡>YL03" },
    { "70sui", SUGGEST_BY_SOUND, "[70岁]老人公交卡>YL03" },
    { "m2与", SUGGEST_WRITTEN, "西安[㎡与]女职工>XA01" }, /* one character, typed as two */
    { "安m", SUGGEST_WRITTEN, "西[安㎡]与女职工>XA01" },
    { "2yu", SUGGEST_BY_SOUND, "西安[㎡与]女职工>XA01" },
    /* pinyin, the last syllable unfinished or not */
    { "zuidi", SUGGEST_BY_SOUND, "[最低]生活保障>JZ01" },
    { "zuidis", SUGGEST_BY_SOUND, "[最低生]活保障>JZ01" },
    { "zuidishengh", SUGGEST_BY_SOUND, "[最低生活]保障>JZ01" },
    { "ZUIDI", SUGGEST_BY_SOUND, "[最低]生活保障>JZ01" },
    { "zuixdi", -1, "" },
    { "yinhang", SUGGEST_BY_SOUND, "[银行]卡、ETC（长期）>YH01" }, /* polyphones */
    { "changqi", SUGGEST_BY_SOUND, "银行卡、ETC（[长期]）>YH01" },
    { "yinxing", SUGGEST_BY_SOUND, "[银行]卡、ETC（长期）>YH01" }, /* any reading */
    { "xian", SUGGEST_BY_SOUND, "[西安]㎡与女职工>XA01" },
    { "xi'an", SUGGEST_BY_SOUND, "[西安]㎡与女职工>XA01" },
    { "xi an", SUGGEST_BY_SOUND, "[西安]㎡与女职工>XA01" },
    { "x'ian", -1, "" }, /* a border no syllable may cross */
    { "zuid is", -1, "" },
    { "nvzhi", SUGGEST_BY_SOUND, "西安㎡与[女职]工>XA01" },
    { "nüzhi", SUGGEST_BY_SOUND, "西安㎡与[女职]工>XA01" },
    { "nuzhi", SUGGEST_BY_SOUND, "西安㎡与[女职]工>XA01" },
    /* what sounds alike to many */
    { "baozan", SUGGEST_BY_SOUND, "最低生活[保障]>JZ01" },
    { "zuidisen", SUGGEST_BY_SOUND, "[最低生]活保障>JZ01" },
    { "yinghan", SUGGEST_BY_SOUND, "[银行]卡、ETC（长期）>YH01" },
    { "cangqi", SUGGEST_BY_SOUND, "银行卡、ETC（[长期]）>YH01" },
    /* first letters, and any mixture */
    { "zdsh", SUGGEST_BY_INITIALS, "[最低生]活保障>JZ01" },
    { "zdshh", SUGGEST_BY_INITIALS, "[最低生活]保障>JZ01" },
    { "zdshb", SUGGEST_BY_INITIALS, "[最低生活保]障>JZ01" },
    { "knc", SUGGEST_BY_INITIALS, "[困难残]疾人生活补贴>CL01" },
    { "低bao", SUGGEST_BY_SOUND, "[低保]>JZ01 [低保]怎么申请？?JZ01" },
    { "canji证", SUGGEST_BY_SOUND,
      "[残疾证]>CL03 [残疾证]丢了，怎么补？?CL03 [残疾证]多久换一次？?CL03" },
    { "残疾人sh", SUGGEST_BY_SOUND, "困难[残疾人生]活补贴>CL01" },
    { "残疾人shb", SUGGEST_BY_INITIALS, "困难[残疾人生活补]贴>CL01" },
    { "canjr", SUGGEST_BY_INITIALS, "[残疾人]证办理>CL03 困难[残疾人]生活补贴>CL01" },
    /* the pad */
    { "34226", SUGGEST_BY_DIGITS, "[低保]>JZ01 [低保]怎么申请？?JZ01" }, /* dibao */
    { "9843", SUGGEST_BY_DIGITS, "[最低]生活保障>JZ01" },                /* zuid */
    { "562", SUGGEST_BY_DIGITS, "[困难]残疾人生活补贴>CL01" }, /* k nan, as well as k n c */
    { "低226", SUGGEST_BY_DIGITS, "[低保]>JZ01 [低保]怎么申请？?JZ01" },
    { "1", -1, "" },
    /* codes, from their first digit on */
    { "CL0", SUGGEST_WRITTEN, "[CL0]1>CL01 [CL0]3>CL03" },
    { "cl03", SUGGEST_WRITTEN, "[CL03]>CL03" },
    { "cl", -1, "" },
    { "L0", -1, "" },
    /* other sheets */
    { "锦桥", SUGGEST_WRITTEN, "[锦桥]小区>XA01" },
    { "zhezi", SUGGEST_BY_SOUND, "[折子]>YH01" },
    { "yx", SUGGEST_BY_INITIALS,
      "[银行]卡、ETC（长期）>YH01 [眼瞎]>CL01 [眼瞎]>CL03" }, /* lay words behind names */
    { "benben", SUGGEST_BY_SOUND, "[本本]>CL03" },            /* means a name, not a code */
    { "没人知道", -1, "" },                                   /* means no topic: search.h */
    /* nothing */
    { "", -1, "" },
    { " ，。'", -1, "" },
    { "\xff\xfe", -1, "" },
    { "上海迪士尼", -1, "" },
};

static void test_forms(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        SuggestRow rows[SUGGEST_MAX];
        g_autofree char *text = rows_text(of_sample, sample, forms[i].typed);
        guint count = suggest_query(of_sample, forms[i].typed, rows);

        g_test_message("typed %s", forms[i].typed);
        g_assert_cmpstr(text, ==, forms[i].rows);
        g_assert_cmpint(count ? (int)rows[0].manner : -1, ==, forms[i].manner);
    }
}

/* ---- the order, in the content we ship ---- */

#define CL01 "困难残疾人生活补贴"
#define CL02 "重度残疾人护理补贴"
#define CL04 "残疾人辅助器具补贴"

static const struct {
    const char *typed;
    const char *rows; /* the first ones */
} order[] = {
    /* what a topic is about, in the order of the sheet */
    { "cjr", "困难[残疾人]生活补贴>CL01 重度[残疾人]护理补贴>CL02 [残疾人]证办理>CL03 "
             "[残疾人]辅助器具补贴>CL04 安康之家“共富工坊”（[残疾人]就业）>CL05 " },
    { "canji", "困难[残疾]人生活补贴>CL01 重度[残疾]人护理补贴>CL02 [残疾]人证办理>CL03 " },
    { "257", "[残疾钱]>CL01 重度[残疾人]护理补贴>CL02 [残疾人]证办理>CL03 " }, /* cjr */
    { "bt", "困难残疾人生活[补贴]>CL01 重度残疾人护理[补贴]>CL02 " },
    { "canjirenb", "[残疾人补]助>CL01 " },
    { "残疾人zb", "[残疾人证办]理>CL03 " },
    /* a whole name before the beginning of a longer one */
    { "db", "[低保]>JZ01 " },
    { "dibao", "[低保]>JZ01 [低保]边缘>JZ02 " },
    { "低保边", "[低保边]缘>JZ02 " },
    { "gzf", "[公租房]>ZF01 [公租房]租赁补贴>ZF02 " },
    { "493", "[公租房]>ZF01 " }, /* gzf */
    { "gaolingjintie", "[高龄津贴]>YL01 " },
    { "sbk", "[社保卡]>SB02 " },
    { "shbk", "[社保卡]>SB02 " },
    { "xihexiaoqu", "[西河小区]>ZF03 " },
    { "zouaohe", "[周岙河]等六条河道治理工程>HB02 " }, /* zou for zhou */
    /* by the category, behind names */
    { "yanglao", "[养老]服务补贴>YL02 居家[养老]与助餐>YL05 [养老]金>SB01 [养老]服务>YL01 " },
    { "shehuijiuzhu", "[社会救助]>JZ01 [社会救助]>JZ02 [社会救助]>JZ03 " },
    /* in parts, behind whole runs */
    { "canjirenbutie", "困难[残疾人补贴]>CL01 重度[残疾人护理补贴]>CL02 [" CL04 "]>CL04 " },
    { "cjrbt", "困难[残疾人补贴]>CL01 重度[残疾人护理补贴]>CL02 [" CL04 "]>CL04 " },
    { "残疾人补贴", "困难[残疾人补贴]>CL01 重度[残疾人护理补贴]>CL02 [" CL04 "]>CL04 " },
    { "2265473628843", "困难[残疾人补贴]>CL01 重度[残疾人护理补贴]>CL02 [" CL04 "]>CL04 " },
    { "laorenbutie", "[老人补贴]>YL01 [老人护理补贴]>YL02 " },
    { "kunnanbut", "[" CL01 "]>CL01 " },
    { "zhongdubutie", "[" CL02 "]>CL02 " },
    { "zhong'du'bu'tie", "[" CL02 "]>CL02 " },
    /* … but not by what stands together by chance */
    { "zdbt", "" },
    { "knbt", "" },
    { "重贴", "" },
    { "重补贴", "" },
    { "補貼殘疾人", "" },
};

static void test_order(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        g_autofree char *text = rows_text(of_starter, starter, order[i].typed);
        g_autofree char *rows = g_strconcat(text, " ", NULL);

        g_test_message("typed %s", order[i].typed);
        if (!*order[i].rows) g_assert_cmpstr(text, ==, "");
        if (!g_str_has_prefix(rows, order[i].rows)) g_assert_cmpstr(rows, ==, order[i].rows);
    }
}

/* ---- what holds for whatever is typed ---- */

static void check_rows(const char *typed, const Catalogue *c, Suggest *suggest)
{
    SuggestRow rows[SUGGEST_MAX];
    guint count = suggest_query(suggest, typed, rows);

    g_test_message("typed %s", typed);
    g_assert_cmpuint(count, <=, SUGGEST_MAX);
    for (guint i = 0; i < count; i++) {
        guint of_topic = 0, questions = 0;
        g_assert_cmpuint(rows[i].topic, <, c->topic_count);
        g_assert_cmpint(rows[i].qa, <, (int)c->qa_count);
        g_assert_cmpuint(rows[i].length, >, 0);
        g_assert_cmpuint(rows[i].start + rows[i].length, <=, g_utf8_strlen(rows[i].text, -1));
        if (rows[i].qa >= 0) g_assert_cmpuint(c->qas[rows[i].qa].topic, ==, rows[i].topic);
        for (guint k = 0; k < count; k++) {
            if (rows[k].topic != rows[i].topic) continue;
            if (rows[k].qa < 0)
                of_topic++;
            else
                questions++;
        }
        g_assert_cmpuint(of_topic, <=, 1);
        g_assert_cmpuint(questions, <=, SUGGEST_QUESTIONS_PER_TOPIC);
    }
}

static gboolean leads_to(const char *typed, guint topic)
{
    SuggestRow rows[SUGGEST_MAX];
    guint count = suggest_query(of_starter, typed, rows);

    for (guint i = 0; i < count; i++)
        if (rows[i].topic == topic) return TRUE;
    return FALSE;
}

static char *without_spaces(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    return g_strjoinv("", words);
}

static char *to_keys(const char *text)
{
    static const char keys[] = "22233344455566677778889999";
    char *out = g_strdup(text);

    for (char *at = out; *at; at++)
        if (*at >= 'a' && *at <= 'z') *at = keys[*at - 'a'];
    return out;
}

/* Every name of the starter is found in every form, key by key. */
static void test_names(void)
{
    for (guint i = 0; i < starter->topic_count; i++) {
        const char *name = starter->topics[i].name;
        g_autofree char *spaced = pinyin_text(name), *initials = pinyin_initials(name);
        g_autofree char *pinyin = without_spaces(spaced);
        g_autofree char *digits = to_keys(pinyin), *initial_digits = to_keys(initials);
        const char *typed[] = { name, spaced, pinyin, initials, digits, initial_digits };

        for (guint k = 0; k < G_N_ELEMENTS(typed); k++) {
            gboolean is_short = g_utf8_strlen(typed[k], -1) <= SUGGEST_TYPED_MAX;
            if (is_short) g_assert_true(leads_to(typed[k], i));
            for (const char *at = typed[k]; *at; at = g_utf8_next_char(at)) {
                g_autofree char *so_far = g_strndup(typed[k], (gsize)(at - typed[k]));
                check_rows(so_far, starter, of_starter);
            }
        }
    }
}

/* 困难残疾人补贴 holds the whole run, 重度残疾人护理补贴 but its parts. */
static void test_in_parts(void)
{
    SuggestRow rows[SUGGEST_MAX];
    guint count = suggest_query(of_starter, "canjirenbutie", rows);
    g_assert_cmpuint(count, >=, 2);
    g_assert_false(rows[0].is_in_parts);
    g_assert_true(rows[1].is_in_parts);
}

/* What pinyin.h takes for the same sound finds the same. */
static void test_fuzzy(void)
{
    g_autoptr(GArray) readings = pinyin_readings("最低生活保障");

    for (guint s = 0; s < pinyin_syllable_count(); s++) {
        for (guint i = 0; i < readings->len; i++) {
            guint16 syllable = g_array_index(readings, PinyinReading, i).syllable[0];
            if (pinyin_fuzzy((guint16)s) != pinyin_fuzzy(syllable)) continue;
            GString *typed = g_string_new(NULL);
            for (guint k = 0; k < readings->len; k++)
                g_string_append(
                    typed, pinyin_syllable(
                               k == i ? (guint16)s
                                      : g_array_index(readings, PinyinReading, k).syllable[0]));
            g_autofree char *rows = rows_text(of_sample, sample, typed->str);
            g_test_message("typed %s", typed->str);
            g_assert_cmpstr(rows, ==, "[最低生活保障]>JZ01");
            g_string_free(typed, TRUE);
        }
    }
}

static void test_limits(void)
{
    SuggestRow rows[SUGGEST_MAX];
    g_autofree char *huge = g_strnfill(1 << 20, 'c');
    g_autofree char *fits = g_strnfill(SUGGEST_TYPED_MAX, 'c');
    g_autofree char *over = g_strnfill(SUGGEST_TYPED_MAX + 1, 'c');
    g_autofree char *marks = g_strnfill(400, '\'');

    g_assert_cmpuint(suggest_query(of_starter, huge, rows), ==, 0);
    g_assert_cmpuint(suggest_query(of_starter, fits, rows), ==, 0);
    g_assert_cmpuint(suggest_query(of_starter, over, rows), ==, 0);
    g_assert_cmpuint(suggest_query(of_starter, marks, rows), ==, 0);
    g_assert_cmpuint(suggest_size(of_starter), <, 1 << 20);
    suggest_free(NULL);
}

/* Nothing to find, or nothing that can be typed. */
static void test_empty_catalogue(void)
{
    const Topic topics[] = {
        { .code = "", .name = "", .category = "", .alternate_names = (char *[]){ NULL } },
        { .code = "!", .name = "\xff", .category = "!", .alternate_names = (char *[]){ NULL } }
    };
    SuggestRow rows[SUGGEST_MAX];

    for (guint count = 0; count <= G_N_ELEMENTS(topics); count++) {
        const Catalogue none = { .topics = (Topic *)topics, .topic_count = count };
        g_autoptr(Suggest) suggest = suggest_new(&none);
        g_assert_cmpuint(suggest_query(suggest, "低保", rows), ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    starter = starter_catalogue();
    sample = sample_catalogue();
    of_starter = suggest_new(starter);
    of_sample = suggest_new(sample);
    g_test_add_func("/suggest/forms", test_forms);
    g_test_add_func("/suggest/order", test_order);
    g_test_add_func("/suggest/names", test_names);
    g_test_add_func("/suggest/in-parts", test_in_parts);
    g_test_add_func("/suggest/fuzzy", test_fuzzy);
    g_test_add_func("/suggest/limits", test_limits);
    g_test_add_func("/suggest/empty-catalogue", test_empty_catalogue);
    int status = g_test_run();
    suggest_free(of_starter);
    suggest_free(of_sample);
    catalogue_free(starter);
    catalogue_free(sample);
    return status;
}
