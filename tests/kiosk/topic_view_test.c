#include "kiosk/topic_view.h"

#include <string.h>

#include "tests/db/starter.h"

typedef struct {
    Catalogue *catalogue;
    Search *search;
    GDateTime *now;
} Content;

static void set_up(Content *content, gconstpointer data)
{
    (void)data;
    content->catalogue = starter_catalogue();
    content->search = search_new(content->catalogue);
    content->now = g_date_time_new_utc(2024, 5, 6, 14, 5, 0);
}

static void tear_down(Content *content, gconstpointer data)
{
    (void)data;
    g_date_time_unref(content->now);
    search_free(content->search);
    catalogue_free(content->catalogue);
}

static TopicView *view_of(Content *content, const char *code, Answer **answer)
{
    int topic = catalogue_find_topic(content->catalogue, code);
    g_assert_cmpint(topic, >=, 0);
    *answer = answer_topic(content->catalogue, content->search,
                           content->catalogue->topics[topic].name, (guint)topic);
    return topic_view_new(content->catalogue, (*answer)->items->pdata[0], content->now);
}

static const TopicBlock *block_titled(const TopicView *view, const char *title)
{
    for (guint i = 0; i < view->blocks->len; i++) {
        const TopicBlock *block = &g_array_index(view->blocks, TopicBlock, i);
        if (strcmp(block->title, title) == 0) return block;
    }
    return NULL;
}

/* A price list clause by clause, to the letter. */
static void test_amounts(Content *content, gconstpointer data)
{
    static const char *const expected[] = { "首次申领免费", "到期换领20元",
                                            "丢失补领、损坏换领40元" };
    g_autoptr(Answer) answer = NULL;
    g_autoptr(TopicView) view = view_of(content, "HJ03", &answer);

    (void)data;
    g_assert_cmpstr(view->caption, ==, "收费");
    g_assert_cmpuint(view->amounts->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *text = topic_amount_text(&g_array_index(view->amounts, TopicAmount, i));
        g_assert_cmpstr(text, ==, expected[i]);
    }
}

/* What is not known says whom to ask; nothing is made up. */
static void test_unknown(Content *content, gconstpointer data)
{
    g_autoptr(Answer) answer = NULL;
    g_autoptr(TopicView) view = view_of(content, "CL02", &answer);

    (void)data;
    g_assert_cmpuint(view->amounts->len, ==, 1);
    g_assert_cmpstr(g_array_index(view->amounts, TopicAmount, 0).unit, ==, "金额请问社区");
    g_assert_cmpstr(view->ask, ==, "打 12345 或 12385");
    g_assert_false(view->is_verified);
    g_assert_nonnull(block_titled(view, "谁能领"));
    g_assert_nonnull(block_titled(view, "要带"));
    g_assert_nonnull(block_titled(view, "怎么办"));
    g_assert_nonnull(block_titled(view, "5")); /* its fifth step */
}

/* Not a price list: in words, whole. */
static void test_words(Content *content, gconstpointer data)
{
    g_autoptr(Answer) answer = NULL;
    g_autoptr(TopicView) view = view_of(content, "JY01", &answer);
    const TopicBlock *standard = block_titled(view, "多少钱");

    (void)data;
    g_assert_cmpuint(view->amounts->len, ==, 0);
    g_assert_nonnull(standard);
    g_assert_cmpstr(standard->text, ==, "义务教育不收学费、杂费。");
}

/* Who takes it, as the steps say it, and whom to ring first; each thing once. */
static void test_where(Content *content, gconstpointer data)
{
    static const struct {
        const char *code, *where;
        gboolean has_phones; /* of their own: more than the place says */
    } rows[] = {
        { "CL02", "向户口所在地街道提交申请。\n先打 12345 问清楚。", FALSE },
        { "HJ03", "到派出所申请。\n先打 12345 问清楚。", FALSE },
        { "YB02", "到定点医院或药店出示社保卡或医保码。\n先打 12345 问清楚。", TRUE },
        { "ZF01", "先问清楚再去：打 12345。", FALSE },
        { "AQ02", NULL, TRUE }, /* all of it is done by telephone */
        { "SQ06", NULL, TRUE }, /* nothing is to be done */
    };
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Answer) answer = NULL;
        g_autoptr(TopicView) view = view_of(content, rows[i].code, &answer);
        const TopicBlock *where = block_titled(view, "去哪里");
        g_assert_cmpstr(where ? where->text : NULL, ==, rows[i].where);
        g_assert_cmpint(block_titled(view, "电话") != NULL, ==, rows[i].has_phones);
    }
}

/* The short answer is left out where the card and the facts say all of it, and only there. */
static void test_once(Content *content, gconstpointer data)
{
    static const struct {
        const char *code;
        gboolean has_short_answer;
    } rows[] = {
        { "CL01", FALSE }, { "CL02", FALSE }, { "CL04", TRUE }, { "ZF04", TRUE }, { "YL01", TRUE }
    };
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Answer) answer = NULL;
        g_autoptr(TopicView) view = view_of(content, rows[i].code, &answer);
        const TopicBlock *block = &g_array_index(view->blocks, TopicBlock, 0);
        g_assert_cmpint(block->kind == TOPIC_BLOCK_TEXT, ==, rows[i].has_short_answer);
    }
}

/* What goes on names its field, what begins one does not. */
static void test_fields(Content *content, gconstpointer data)
{
    g_autoptr(Answer) answer = NULL;
    g_autoptr(TopicView) view = view_of(content, "CL02", &answer);

    (void)data;
    g_assert_null(block_titled(view, "谁能领")->field);
    g_assert_null(block_titled(view, "怎么办")->field);
    g_assert_cmpstr(block_titled(view, "5")->field, ==, "怎么办");
    const TopicBlock *last = &g_array_index(view->blocks, TopicBlock, view->blocks->len - 1);
    g_assert_cmpstr(last->field, ==, "说明");
}

/* Every topic: nothing of its sheet row is lost, no block is longer than a page takes. */
static void test_all(Content *content, gconstpointer data)
{
    (void)data;
    for (guint t = 0; t < content->catalogue->topic_count; t++) {
        const Topic *topic = &content->catalogue->topics[t];
        g_autoptr(Answer) answer = NULL;
        g_autoptr(TopicView) view = view_of(content, topic->code, &answer);
        g_autoptr(GString) all = g_string_new(view->is_conclusion_apart ? "" : view->conclusion);
        g_string_append(all, view->ask);
        for (guint i = 0; i < view->blocks->len; i++) {
            const TopicBlock *block = &g_array_index(view->blocks, TopicBlock, i);
            g_assert_true(g_utf8_validate(block->text, -1, NULL));
            if (block->kind != TOPIC_BLOCK_STEP && block->kind != TOPIC_BLOCK_FACT &&
                block->kind != TOPIC_BLOCK_MORE)
                g_assert_cmpint(g_utf8_strlen(block->text, -1), <=, TOPIC_VIEW_BLOCK_MAX);
            g_string_append(all, block->text);
        }
        g_assert_nonnull(strstr(all->str, topic->description));
        if (view->amounts->len == 0) g_assert_nonnull(strstr(all->str, topic->short_answer));
        if (*topic->eligibility) g_assert_nonnull(strstr(all->str, topic->eligibility));
        for (char **phone = topic->phones; *phone; phone++)
            g_assert_nonnull(strstr(all->str, *phone));
    }
}

/* Half a year after the date of the data, and not before. */
static void test_old(Content *content, gconstpointer data)
{
    (void)data;
    for (int is_old = 0; is_old < 2; is_old++) {
        g_autoptr(Answer) answer = NULL;
        g_date_time_unref(content->now);
        content->now = g_date_time_new_utc(2024, is_old ? 7 : 6, 15, 0, 0, 0);
        g_autoptr(TopicView) view = view_of(content, "CL02", &answer);
        g_assert_cmpint(view->is_old, ==, is_old);
    }
}

static void test_split(Content *content, gconstpointer data)
{
    static const struct {
        const char *text;
        glong max;
        const char *joined;
    } rows[] = {
        { "一二三。四五六。", 5, "一二三。|四五六。" },
        { "一二，三四五六", 4, "一二，|三四五六" },
        { "一二三四五六", 4, "一二三四|五六" },
        { "一二三。四五六。七。", 8, "一二三。|四五六。七。" }, /* of about one length */
        { "一二。", 4, "一二。" },
        { "", 4, "" },
    };
    (void)content, (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) parts = topic_view_split(rows[i].text, rows[i].max);
        g_autofree char *joined = g_strjoinv("|", parts);
        g_assert_cmpstr(joined, ==, rows[i].joined);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Content, NULL, set_up, function, tear_down)
    ADD("/topic-view/amounts", test_amounts);
    ADD("/topic-view/unknown", test_unknown);
    ADD("/topic-view/words", test_words);
    ADD("/topic-view/where", test_where);
    ADD("/topic-view/once", test_once);
    ADD("/topic-view/fields", test_fields);
    ADD("/topic-view/all", test_all);
    ADD("/topic-view/old", test_old);
    ADD("/topic-view/split", test_split);
    return g_test_run();
}
