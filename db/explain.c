#include "db/explain.h"

#include "charset/pinyin.h"
#include "db/place.h"
#include "db/search_question.h"

#define TERMS_SHOWN 10

static const char *const manners[] = { "照写", "读音", "首字母" };
static const char *const outcomes[] = { "直接回答", "给出选择", "说没有，指明该问哪里" };
static const char *const features[FEATURE_COUNT] = {
    [FEATURE_ONE] = "起点",
    [FEATURE_SCORE_BY_LENGTH] = "得分比问题长短",
    [FEATURE_LOG_SCORE] = "得分高低",
    [FEATURE_LEAD] = "领先第二名",
    [FEATURE_COVERED_TERMS] = "问题里的词有多少对得上",
    [FEATURE_COVERED_CHARS] = "问题里的字有多少对得上",
    [FEATURE_COVERED_SOUNDS] = "读音有多少对得上",
    [FEATURE_NAME_LENGTH] = "名称有多长",
    [FEATURE_NAME_SCORE] = "名称得分高低",
    [FEATURE_NAMED] = "名称占问题多少",
    [FEATURE_COMMON_RUN] = "连着对上多长",
    [FEATURE_LATIN] = "是拼音",
    [FEATURE_LATIN_SOUNDS] = "拼音对得上",
    [FEATURE_OTHER_OFFICE] = "是别的部门的事",
    [FEATURE_OTHER_SCORE] = "更像别的部门的事",
};

/* ---- one term ---- */

typedef struct {
    Term term;
    double share; /* of the topic's own text and its best row */
} TermShare;

static char *term_name(Term term)
{
    gunichar first = (gunichar)(term >> 24 & 0xffffff), second = (gunichar)(term & 0xffffff);
    g_autoptr(GString) name = g_string_new(NULL);

    switch (term_kind(term)) {
    case TERM_BIGRAM:
        g_string_append_unichar(name, first);
        g_string_append_unichar(name, second);
        break;
    case TERM_CHAR:
        g_string_append_unichar(name, second);
        break;
    case TERM_PINYIN:
        g_string_append_printf(name, "音%s-%s", pinyin_syllable((guint16)(term >> 16)),
                               pinyin_syllable((guint16)term));
        break;
    case TERM_INITIALS:
        for (int shift = 24; shift >= 0; shift -= 8)
            if (term >> shift & 0xff) g_string_append_c(name, (char)(term >> shift & 0xff));
        break;
    case TERM_WORD:
    case TERM_KINDS:
        g_string_append(name, "数字或字母");
        break;
    }
    return g_string_free(g_steal_pointer(&name), FALSE);
}

/* What `t` adds to the topic itself, and to the best of its rows. */
static double term_share(const SearchIndex *index, const QueryTerm *t, guint topic)
{
    const PostingList *list = postings_find(index->postings, t->term);
    double own = 0, row = 0;
    PostingCursor cursor;

    if (!list || !posting_seek(index->postings, list, index->first_unit[topic], &cursor)) return 0;
    while (cursor.unit < index->first_unit[topic + 1]) {
        double share = search_index_share(index, list->idf, cursor.unit, cursor.count);
        UnitKind kind = index->unit_kind[cursor.unit];

        if (kind == UNIT_TOPIC)
            own += share;
        else if (kind == UNIT_LAY)
            own += search_weights.lay * share;
        else
            row = MAX(row, share);
        if (!posting_next(&cursor)) break;
    }
    return t->weight * (own + search_weights.row * row);
}

static int compare_shares(gconstpointer a, gconstpointer b)
{
    const TermShare *x = a, *y = b;

    return x->share > y->share ? -1 : x->share < y->share;
}

/* ---- one candidate ---- */

static void write_names(GString *out, const SearchQuestion *q, guint topic)
{
    for (guint i = 0; i < q->names->len; i++) {
        const NameMatch *m = &g_array_index(q->names, NameMatch, i);
        g_autoptr(GString) name = g_string_new(NULL);

        if (m->topic != topic || !m->is_counted) continue;
        for (guint k = m->start; k < m->start + m->length; k++) {
            if (m->manner == NAME_BY_SOUND)
                g_string_append_printf(
                    name, "%s%s", k > m->start ? " " : "",
                    pinyin_syllable(g_array_index(q->text->syllables, guint16, k)));
            else
                g_string_append_unichar(name, g_array_index(q->text->chars, gunichar, k));
        }
        g_string_append_printf(out, "   名称“%s”（%s）：%.1f\n", name->str, manners[m->manner],
                               search_weights.phrase * m->score);
    }
}

static void write_terms(GString *out, const SearchIndex *index, const SearchQuestion *q,
                        guint topic)
{
    g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(TermShare));

    for (guint i = 0; i < q->expanded->len; i++) {
        const QueryTerm *t = &g_array_index(q->expanded, QueryTerm, i);
        TermShare share = { t->term, term_share(index, t, topic) };
        if (share.share > 0) g_array_append_val(shares, share);
    }
    if (shares->len == 0) return;
    g_array_sort(shares, compare_shares);
    g_string_append(out, "   字词：");
    for (guint i = 0; i < MIN(shares->len, TERMS_SHOWN); i++) {
        const TermShare *share = &g_array_index(shares, TermShare, i);
        g_autofree char *name = term_name(share->term);
        g_string_append_printf(out, "%s%s %.1f", i ? "，" : "", name, share->share);
    }
    g_string_append_c(out, '\n');
}

static void write_hit(GString *out, const Catalogue *catalogue, const Search *search,
                      const SearchQuestion *q, const SearchHit *hit, guint place)
{
    const Topic *t = &catalogue->topics[hit->topic];

    g_string_append_printf(out, "%u. %s %s：得分 %.1f，把握 %.2f\n", place, t->code, t->name,
                           hit->score, hit->confidence);
    write_names(out, q, hit->topic);
    write_terms(out, search_get_index(search), q, hit->topic);
    if (hit->qa >= 0)
        g_string_append_printf(out, "   最像的问法：%s（对上 %.0f%%）\n",
                               catalogue->qas[hit->qa].question,
                               100 * search_match_qa(search, q, (guint)hit->qa));
}

static const char *reason_for_doubt(const SearchQuestion *q)
{
    if (place_is_elsewhere(q->text->folded)) return "问的是外地";
    return q->is_initials ? "首字母只对上一部分" : "没有说是哪件事";
}

static void write_confidence(GString *out, const SearchQuestion *q, const SearchResult *result)
{
    g_string_append(out, "第1位的把握由这些加起来（特征 × 权重）：\n");
    for (guint i = 0; i < FEATURE_COUNT; i++) {
        if (result->features[i] == 0) continue;
        g_string_append_printf(out, "   %s %.2f × %.2f = %+.2f\n", features[i], result->features[i],
                               search_confidence_weight(i),
                               result->features[i] * search_confidence_weight(i));
    }
    if (result->believed < 1)
        g_string_append_printf(out, "再乘以 %.2f：%s\n", result->believed, reason_for_doubt(q));
    g_string_append_printf(out, "把握 %.2f 以上直接回答，%.2f 以上给出选择。\n",
                           search_weights.answer_from, search_weights.choices_from);
}

char *explain_question(const Catalogue *catalogue, Search *search, const char *question)
{
    g_autoptr(SearchQuestion) q = search_question_new(search, question);
    g_autoptr(GString) out = g_string_new(NULL);
    SearchResult result;

    search_query(search, q, &result);
    g_string_append_printf(out, "问题整理成：%s\n结果：%s\n", q->text->folded,
                           outcomes[result.outcome]);
    for (guint i = 0; i < result.hit_count; i++)
        write_hit(out, catalogue, search, q, &result.hits[i], i + 1);
    if (result.hit_count > 0) write_confidence(out, q, &result);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
