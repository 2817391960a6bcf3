/* charset/pinyin.c: readings in context, and letters into syllables. */
#include "charset/pinyin.h"

static const struct {
    const char *text, *latin;
} readings_table[] = {
    { "", "" },
    { "银行", "yin hang" },
    { "银行卡", "yin hang ka" },
    { "行长", "hang zhang" },
    { "银行长期", "yin hang chang qi" },
    { "长期", "chang qi" },
    { "长大", "zhang da" },
    { "长者", "zhang zhe" },
    { "河长", "he zhang" },
    { "重新", "chong xin" },
    { "重庆", "chong qing" },
    { "重度", "zhong du" },
    { "重点", "zhong dian" },
    { "重残", "zhong can" },
    { "重度残疾人护理补贴", "zhong du can ji ren hu li bu tie" },
    { "困难残疾人生活补贴", "kun nan can ji ren sheng huo bu tie" },
    { "最低生活保障", "zui di sheng huo bao zhang" },
    { "调解", "tiao jie" },
    { "人民调解", "ren min tiao jie" },
    { "调整", "tiao zheng" },
    { "调查", "diao cha" },
    { "会计", "kuai ji" },
    { "还款", "huan kuan" },
    { "便宜", "pian yi" },
    { "便民", "bian min" },
    { "音乐", "yin yue" },
    { "公共租赁", "gong gong zu lin" },
    { "公租房", "gong zu fang" },
    { "老旧小区改造", "lao jiu xiao qu gai zao" },
    { "率", "lv" },
    { "增长率", "zeng zhang lv" },
    { "绿化", "lv hua" },
    { "地", "di" },
    { "得", "de" },
    { "了", "le" },
    { "了解", "liao jie" },
    { "着", "zhe" },
    { "大", "da" },
    { "大夫", "dai fu" },
    { "大病", "da bing" },
    { "参加", "can jia" },
    { "差额", "cha e" },
    { "单位", "dan wei" },
    { "供养", "gong yang" },
    { "觉得", "jue de" },
    { "种类", "zhong lei" },
    { "种地", "zhong di" },
    { "处理", "chu li" },
    { "处罚", "chu fa" },
    { "传单", "chuan dan" },
    { "说服", "shuo fu" },
    { "数据", "shu ju" },
    { "数不清", "shu bu qing" },
    { "落户", "luo hu" },
    { "落实", "luo shi" },
    { "没收", "mo shou" },
    { "没有", "mei you" },
    { "模样", "mu yang" },
    { "宁愿", "ning yuan" },
    { "曲折", "qu zhe" },
    { "散步", "san bu" },
    { "血压", "xue ya" },
    { "应该", "ying gai" },
    { "应用", "ying yong" },
    { "载体", "zai ti" },
    { "占道", "zhan dao" },
    { "转账", "zhuan zhang" },
    { "转院", "zhuan yuan" },
    { "佛", "fo" },
    { "仿佛", "fang fu" },
    { "似的", "shi de" },
    { "石", "shi" },
    { "缴费", "jiao fei" },
    { "给付", "ji fu" },
    { "发给", "fa gei" },
    { "供给", "gong ji" },
    { "解", "jie" },
    { "校对", "jiao dui" },
    { "学校", "xue xiao" },
    { "假期", "jia qi" },
    { "假肢", "jia zhi" },
    { "角色", "jue se" },
    { "间隔", "jian ge" },
    { "空巢", "kong chao" },
    { "空闲", "kong xian" },
    { "厂房", "chang fang" },
    { "残联", "can lian" },
    { "低保", "di bao" },
    { "瑞安", "rui an" },
    { "锦湖", "jin hu" },
    { "参差不齐", "cen ci bu qi" },
    { "人参", "ren shen" },
    { "首都", "shou du" },
    { "爱好", "ai hao" },
    { "银行60岁", "yin hang 60 sui" },
    { "低保,怎么办?", "di bao,zen me ban?" },
    { "办 id 卡", "ban id ka" },
    { "\xf0\xa0\x80\x80低", "\xf0\xa0\x80\x80 di" }, /* no reading known */
};

static void test_readings(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(readings_table); i++) {
        g_autofree char *latin = pinyin_text(readings_table[i].text);
        if (strcmp(latin, readings_table[i].latin))
            g_test_fail_printf("%s: %s, not %s", readings_table[i].text, latin,
                               readings_table[i].latin);
    }
}

static void test_initials(void)
{
    static const char *const table[][2] = {
        { "银行", "yh" }, { "残疾人补贴", "cjrbt" }, { "公租房", "gzf" }, { "重新a1", "cxa1" },
        { "", "" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *initials = pinyin_initials(table[i][0]);
        g_assert_cmpstr(initials, ==, table[i][1]);
    }
}

/* "word": the readings of its first character, the one in context first. */
static void test_several(void)
{
    static const char *const table[][2] = {
        { "长期", "chang zhang" }, { "长大", "zhang chang" },
        { "得", "de dei" },        { "大夫", "dai da" },
        { "大病", "da" },          { "残疾", "can" },
        { "行长", "hang xing" },   { "a", "" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GArray) readings = pinyin_readings(table[i][0]);
        const PinyinReading *r = &g_array_index(readings, PinyinReading, 0);
        g_autoptr(GString) all = g_string_new(NULL);
        for (guint k = 0; k < r->count; k++)
            g_string_append_printf(all, "%s%s", k ? " " : "", pinyin_syllable(r->syllable[k]));
        g_assert_cmpstr(all->str, ==, table[i][1]);
    }
}

/* All characters of GB 2312 have a reading, but for a dozen radicals that stand in no word. */
static void test_coverage(void)
{
    guint missing = 0;
    for (int row = 0xb0; row <= 0xf7; row++) {
        for (int cell = 0xa1; cell <= 0xfe; cell++) {
            char gb[2] = { (char)row, (char)cell };
            g_autofree char *text = g_convert(gb, 2, "UTF-8", "GB2312", NULL, NULL, NULL);
            if (!text) continue; /* D7FA–D7FE are empty */
            g_autoptr(GArray) readings = pinyin_readings(text);
            g_assert_cmpuint(readings->len, ==, 1);
            if (!g_array_index(readings, PinyinReading, 0).count) {
                g_test_message("no reading: %s U+%04X", text, g_utf8_get_char(text));
                missing++;
            }
        }
    }
    g_assert_cmpuint(missing, <=, 12);
}

static void test_syllables(void)
{
    guint count = pinyin_syllable_count();
    g_assert_cmpuint(count, >=, 400);
    for (guint16 s = 0; s < count; s++) {
        const char *latin = pinyin_syllable(s);
        g_assert_cmpuint(pinyin_syllable_find(latin, strlen(latin)), ==, s);
        g_assert_cmpuint(pinyin_fuzzy(pinyin_fuzzy(s)), ==, pinyin_fuzzy(s));
    }
    g_assert_cmpuint(pinyin_syllable_find("zhang!", 5), !=, PINYIN_NONE);
    g_assert_cmpuint(pinyin_syllable_find("zhangx", 6), ==, PINYIN_NONE);
    g_assert_cmpuint(pinyin_syllable_find("", 0), ==, PINYIN_NONE);
    g_assert_cmpstr(pinyin_syllable(PINYIN_NONE), ==, "");
}

static void test_fuzzy(void)
{
    static const char *const same[][2] = { { "zhang", "zan" },  { "cheng", "cen" }, { "shi", "si" },
                                           { "jing", "jin" },   { "lv", "lu" },     { "nv", "nu" },
                                           { "shuang", "suan" } };
    static const char *const other[][2] = {
        { "dong", "dun" }, { "ji", "qi" }, { "hu", "fu" }, { "ni", "li" }
    };
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
        g_assert_cmpuint(pinyin_fuzzy(pinyin_syllable_find(same[i][0], strlen(same[i][0]))), ==,
                         pinyin_fuzzy(pinyin_syllable_find(same[i][1], strlen(same[i][1]))));
    for (gsize i = 0; i < G_N_ELEMENTS(other); i++)
        g_assert_cmpuint(pinyin_fuzzy(pinyin_syllable_find(other[i][0], strlen(other[i][0]))), !=,
                         pinyin_fuzzy(pinyin_syllable_find(other[i][1], strlen(other[i][1]))));
}

static const struct {
    const char *latin, *syllables; /* NULL: not pinyin */
} split_table[] = {
    { "canjirenbutie", "can ji ren bu tie" },
    { "xian", "xian" },
    { "xi'an", "xi an" },
    { "xi an", "xi an" },
    { "dibao", "di bao" },
    { "gongzufang", "gong zu fang" },
    { "laojiuxiaoqugaizao", "lao jiu xiao qu gai zao" },
    { "zuidishenghuobaozhang", "zui di sheng huo bao zhang" },
    { "fangan", "fang an" },
    { "pingan", "ping an" },
    { "yanglaojin", "yang lao jin" },
    { "gaolingjintie", "gao ling jin tie" },
    { "shiyebaoxian", "shi ye bao xian" },
    { "yiliaobaoxian", "yi liao bao xian" },
    { "shengyudengji", "sheng yu deng ji" },
    { "juzhuzheng", "ju zhu zheng" },
    { "danqin", "dan qin" },
    { "ditiezhan", "di tie zhan" },
    { "zengnian", "zeng nian" },
    { "jinger", "jing er" },
    { "lvse", "lv se" },
    { "l\xc3\xbcse", "lv se" },
    { "nver", "nv er" },
    { "lve", "lue" },
    { "nueji", "nue ji" },
    { "jvzhu", "ju zhu" },
    { "tinche", "ting che" },
    { "shongli", "song li" },
    { "suazi", "shua zi" },
    { "Dibao", "di bao" },
    { "'dibao'", "di bao" },

    { "", NULL },
    { "'", NULL },
    { "cjrbt", NULL },
    { "gzf", NULL },
    { "db", NULL },
    { "aea", NULL },
    { "hello", NULL },
    { "password", NULL },
    { "apple", NULL },
    { "test", NULL },
    { "windows", NULL },
    { "wifi", NULL },
    { "di1bao", NULL },
    { "\xe4\xbd\x8e", NULL },
    { "l\xc3", NULL },
};

static void test_split(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(split_table); i++) {
        const char *latin = split_table[i].latin, *expected = split_table[i].syllables;
        g_autoptr(GArray) syllables = g_array_new(FALSE, FALSE, sizeof(guint16));
        gboolean is_pinyin = pinyin_split(latin, strlen(latin), syllables);
        g_autoptr(GString) joined = g_string_new(NULL);
        for (guint k = 0; k < syllables->len; k++)
            g_string_append_printf(joined, "%s%s", k ? " " : "",
                                   pinyin_syllable(g_array_index(syllables, guint16, k)));
        if (is_pinyin != (expected != NULL) || strcmp(joined->str, expected ? expected : ""))
            g_test_fail_printf("%s: %s, not %s", latin, joined->str,
                               expected ? expected : "refused");
    }
}

static void test_split_bounds(void)
{
    g_autoptr(GArray) syllables = g_array_new(FALSE, FALSE, sizeof(guint16));
    g_autofree char *longest = g_strnfill(200, 'n');
    for (gsize i = 0; i < 200; i += 2)
        memcpy(longest + i, "da", 2);
    g_assert_true(pinyin_split(longest, 200, syllables));
    g_assert_cmpuint(syllables->len, ==, 100);

    g_autofree char *run = g_strnfill(1 << 20, 'a');
    g_assert_false(pinyin_split(run, 1 << 20, syllables));
    g_assert_false(pinyin_split(run, 201, syllables));
    g_assert_cmpuint(syllables->len, ==, 100);
}

static void test_megabyte(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len < 1 << 20)
        g_string_append(text, "银行长期不调解会计行长");
    gint64 start = g_get_monotonic_time();
    g_autofree char *latin = pinyin_text(text->str);
    g_assert_true(g_str_has_prefix(latin, "yin hang chang qi bu tiao jie"));
    double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    g_test_message("%.3f s", seconds);
    g_assert_cmpfloat(seconds, <, 3.0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pinyin/readings", test_readings);
    g_test_add_func("/pinyin/initials", test_initials);
    g_test_add_func("/pinyin/several", test_several);
    g_test_add_func("/pinyin/coverage", test_coverage);
    g_test_add_func("/pinyin/syllables", test_syllables);
    g_test_add_func("/pinyin/fuzzy", test_fuzzy);
    g_test_add_func("/pinyin/split", test_split);
    g_test_add_func("/pinyin/split bounds", test_split_bounds);
    g_test_add_func("/pinyin/megabyte", test_megabyte);
    return g_test_run();
}
