#include "db/sms_store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "db/sms_inbox.h"
#include "db/sms_outbox.h"
#include "db/store.h"

#define NOW 1795500000

typedef struct {
    char *folder;
    SmsStore *store;
} Fixture;

static void open_store(Fixture *f, gboolean want_damaged)
{
    g_autoptr(GError) error = NULL;
    gboolean was_damaged = FALSE;
    f->store = sms_store_open(f->folder, &was_damaged, &error);
    g_assert_no_error(error);
    g_assert_cmpint(was_damaged, ==, want_damaged);
}

static void set_up(Fixture *f, gconstpointer unused)
{
    (void)unused;
    f->folder = g_dir_make_tmp("sms-XXXXXX", NULL);
    open_store(f, FALSE);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    static const char *const names[] = { "sms.db",     "sms.db-wal",     "sms.db-shm",    "lock",
                                         "sms.db.bad", "sms.db.bad-wal", "sms.db.bad-shm" };
    (void)unused;
    sms_store_free(f->store);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(f->folder, "sms", names[i], NULL);
        g_unlink(path);
    }
    g_autofree char *sms = g_build_filename(f->folder, "sms", NULL);
    g_assert_cmpint(g_rmdir(sms), ==, 0);
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->folder);
}

#define OK(call) g_assert_true(call)

/* `tag` makes the key. */
static gint64 add(Fixture *f, const char *tag, const char *sender, guint total, guint seq,
                  gint64 scts)
{
    gint64 id = -1;
    g_autofree char *key = g_strdup_printf("%-32s", tag);
    SmsInbound in = { .key = key,
                      .received_s = NOW,
                      .modem = "1",
                      .sender = sender,
                      .scts_s = scts,
                      .ref = 7,
                      .ref_bits = 8,
                      .total = total,
                      .seq = seq,
                      .raw = tag };
    OK(sms_inbox_add(f->store, &in, &id, NULL));
    return id;
}

static void test_added_once(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_assert_cmpint(add(f, "a", "+8615400000001", 0, 0, NOW), >, 0);
    g_assert_cmpint(add(f, "a", "+8615400000001", 0, 0, NOW), ==, 0);
    g_assert_cmpint(add(f, "b", "+8615400000001", 0, 0, NOW), >, 0);
}

static void test_contact(Fixture *f, gconstpointer unused)
{
    (void)unused;
    static const char *const same[] = { "+8615400000001", "15400000001", "008615400000001" };
    for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autofree char *contact = sms_contact_of(same[i]);
        g_assert_cmpstr(contact, ==, "15400000001");
    }
    g_autofree char *brief = sms_contact_of("10086");
    g_assert_cmpstr(brief, ==, "10086");
    SmsContact state = { FALSE, (char *)"CL01;CL02", NULL, (char *)"更多", NULL, NOW }, back;
    OK(sms_contact_save(f->store, "15400000001", &state, NULL));
    OK(sms_contact_load(f->store, "15400000001", &back, NULL));
    g_assert_cmpstr(back.choices, ==, "CL01;CL02");
    g_assert_cmpstr(back.more, ==, "更多");
    g_assert_null(back.question);
    g_assert_cmpint(back.at_s, ==, NOW);
    sms_contact_clear(&back);
    OK(sms_contact_load(f->store, "15400000002", &back, NULL));
    g_assert_null(back.choices);
}

static guint count_parts(Fixture *f, gint64 id)
{
    g_autoptr(GPtrArray) parts = sms_inbox_parts(f->store, id, NULL);
    g_assert_nonnull(parts);
    return parts->len;
}

static void test_parts(Fixture *f, gconstpointer unused)
{
    (void)unused;
    const char *who = "+8615400000001";
    gint64 second = add(f, "p2", who, 2, 2, NOW), head = 0;
    g_assert_cmpuint(count_parts(f, second), ==, 1);
    /* the same reference half an hour later is another message */
    gint64 other = add(f, "p1-later", who, 2, 1, NOW + 1800);
    g_assert_cmpuint(count_parts(f, other), ==, 1);
    /* somebody else's, and one of another total, do not belong to it either */
    add(f, "p1-else", "+8615400000002", 2, 1, NOW);
    add(f, "p1-three", who, 3, 1, NOW);
    g_assert_cmpuint(count_parts(f, second), ==, 1);
    gint64 first = add(f, "p1", who, 2, 1, NOW + 2);
    add(f, "p1-again", who, 2, 1, NOW + 3); /* the first of two alike counts */
    g_autoptr(GPtrArray) parts = sms_inbox_parts(f->store, first, NULL);
    g_assert_cmpuint(parts->len, ==, 2);
    g_assert_cmpstr(((SmsPart *)parts->pdata[0])->raw, ==, "p1");
    g_assert_cmpstr(((SmsPart *)parts->pdata[1])->raw, ==, "p2");
    OK(sms_inbox_join(f->store, first, NULL));
    OK(sms_inbox_settle(f->store, first, "answered", "text", "CL01", NULL));
    /* the same reference once more is another message: some telephones have only one */
    gint64 next_one = add(f, "q2", who, 2, 2, NOW + 60);
    OK(sms_inbox_late_head(f->store, next_one, &head, NULL));
    g_assert_cmpint(head, ==, 0);
    OK(sms_inbox_late_head(f->store, other, &head, NULL));
    g_assert_cmpint(head, ==, 0);
}

/* What comes too late is recognised, and settled by itself, however far it is from the first. */
static void test_late_parts(Fixture *f, gconstpointer unused)
{
    (void)unused;
    const char *who = "+8615400000001";
    gint64 head = -1, id = -1;
    g_autofree char *sender = NULL, *modem = NULL;
    gint64 first = add(f, "l1", who, 3, 1, NOW);
    OK(sms_inbox_join(f->store, first, NULL));
    OK(sms_inbox_settle(f->store, first, "answered", "text", "CL01", NULL));
    gint64 second = add(f, "l2", who, 3, 2, NOW + 14 * 60);
    OK(sms_inbox_late_head(f->store, second, &head, NULL));
    g_assert_cmpint(head, ==, first);
    OK(sms_inbox_join_late(f->store, second, head, NULL));
    gint64 third = add(f, "l3", who, 3, 3, NOW + 28 * 60);
    OK(sms_inbox_late_head(f->store, third, &head, NULL));
    g_assert_cmpint(head, ==, first);
    OK(sms_inbox_join_late(f->store, third, head, NULL));
    OK(sms_inbox_overdue(f->store, NOW + 9000, NOW + 9000, &id, &sender, &modem, NULL));
    g_assert_cmpint(id, ==, 0);
}

static void test_overdue(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gint64 id = 0;
    g_autofree char *sender = NULL, *modem = NULL;
    gint64 part = add(f, "p", "+8615400000001", 2, 1, NOW);
    OK(sms_inbox_overdue(f->store, NOW, NOW + 600, &id, &sender, &modem, NULL));
    g_assert_cmpint(id, ==, 0);
    OK(sms_inbox_overdue(f->store, NOW + 601, NOW + 1200, &id, &sender, &modem, NULL));
    g_assert_cmpint(id, ==, part);
    g_assert_cmpstr(sender, ==, "+8615400000001");
    g_assert_cmpstr(modem, ==, "1");
}

static void test_budget(Fixture *f, gconstpointer unused)
{
    (void)unused;
    guint count = 9;
    for (guint i = 0; i < 3; i++) {
        g_autofree char *tag = g_strdup_printf("b%u", i);
        gint64 id = add(f, tag, "+8615400000001", 0, 0, NOW);
        OK(sms_inbox_settle(f->store, id, i == 2 ? "silent" : "answered", NULL, NULL, NULL));
    }
    OK(sms_inbox_count_answered(f->store, "15400000001", NOW - 3600, NOW, &count, NULL));
    g_assert_cmpuint(count, ==, 2);
    OK(sms_inbox_count_answered(f->store, "15400000001", NOW, NOW + 60, &count, NULL));
    g_assert_cmpuint(count, ==, 0);
    OK(sms_inbox_count_answered(f->store, "15400000002", NOW - 3600, NOW, &count, NULL));
    g_assert_cmpuint(count, ==, 0);
}

/* ---- outbox ---- */

static gint64 queue(Fixture *f, const char *tag, const char *modem, const char *text)
{
    gint64 id = *tag ? add(f, tag, "+8615400000001", 0, 0, NOW) : 0;
    OK(sms_outbox_add(f->store, id, modem, "+8615400000001", text, NOW, NULL));
    return id;
}

static SmsOutbound *next(Fixture *f, const char *modem, gint64 now_s, gboolean *is_last)
{
    SmsOutbound *message = NULL;
    OK(sms_outbox_next(f->store, modem, now_s, &message, is_last, NULL));
    return message;
}

static void test_queue(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean is_last = FALSE;
    g_autofree char *long_text = g_strnfill(200, 'x');
    queue(f, "", NULL, "通知");
    queue(f, "q1", "1", long_text);
    queue(f, "q2", "2", "别的");
    /* its own before a notice, in their order, and never the other modem's */
    g_autoptr(SmsOutbound) first = next(f, "1", NOW, &is_last);
    g_assert_cmpuint(first->total, ==, 2);
    g_assert_cmpuint(first->seq, ==, 1);
    g_assert_false(first->is_ucs2);
    g_assert_false(is_last);
    OK(sms_outbox_set_sending(f->store, first->id, "1", NOW, NULL));
    g_autoptr(SmsOutbound) second = next(f, "1", NOW, &is_last);
    g_assert_cmpuint(second->seq, ==, 2);
    OK(sms_outbox_set_sending(f->store, second->id, "1", NOW, NULL));
    g_autoptr(SmsOutbound) third = next(f, "1", NOW, &is_last);
    g_assert_true(third->is_notice);
    g_assert_true(is_last);
    OK(sms_outbox_set_sent(f->store, first->id, "1", 41, NOW, NULL));
    gint mr = 0;
    OK(sms_outbox_last_mr(f->store, "1", &mr, NULL));
    g_assert_cmpint(mr, ==, 41);
    OK(sms_outbox_last_mr(f->store, "2", &mr, NULL));
    g_assert_cmpint(mr, ==, -1);
}

/* Numbers that are refused hold nobody up; what was paid for counts, what was refused does not; a
 * machine that sends back what it got is recognised. */
static void test_fairness(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean is_last = FALSE, has_said = FALSE;
    guint count = 0;
    gint64 id = 0;
    queue(f, "f1", "1", "第一条回答，够长了，不会是别人说的话");
    queue(f, "f2", "1", "第二条");
    g_autoptr(SmsOutbound) first = next(f, "1", NOW, &is_last);
    OK(sms_outbox_set_sending(f->store, first->id, "1", NOW, NULL));
    OK(sms_outbox_set_unsent(f->store, first->id, NOW, "38", NOW, NULL));
    g_autoptr(SmsOutbound) second = next(f, "1", NOW, &is_last);
    g_assert_cmpstr(second->text, ==, "第二条");
    OK(sms_outbox_set_sending(f->store, second->id, "1", NOW, NULL));
    OK(sms_outbox_set_untaken(f->store, second->id, NOW, NOW, NULL));
    g_autoptr(SmsOutbound) again = next(f, "1", NOW, &is_last);
    g_assert_cmpuint(again->attempts, ==, 0); /* that was none */
    /* what any modem may send goes before what was refused */
    OK(sms_outbox_set_sending(f->store, second->id, "1", NOW, NULL));
    queue(f, "", NULL, "通知");
    g_autoptr(SmsOutbound) notice = next(f, "1", NOW, &is_last);
    g_assert_true(notice->is_notice);
    OK(sms_outbox_set_sending(f->store, notice->id, "1", NOW, NULL));
    OK(sms_outbox_set_unsent(f->store, notice->id, 0, "28", NOW, NULL));
    OK(sms_outbox_set_sending(f->store, second->id, "1", NOW, NULL));
    OK(sms_outbox_set_sent(f->store, second->id, "1", 7, NOW, NULL));
    OK(sms_outbox_report(f->store, "1", "+8615400000001", 7, FALSE, NOW, &id, NULL));
    g_assert_cmpint(id, ==, second->id);
    OK(sms_outbox_set_sending(f->store, first->id, "1", NOW, NULL));
    OK(sms_outbox_count(f->store, NOW - 60, NOW, &count, NULL));
    g_assert_cmpuint(count, ==, 3); /* undeliverable, but paid for, twice */
    /* the same report once more is not about what is being sent now */
    OK(sms_outbox_report(f->store, "1", "+8615400000001", 7, FALSE, NOW, &id, NULL));
    g_assert_cmpint(id, ==, 0);
    OK(sms_outbox_set_unsent(f->store, first->id, 0, "28", NOW, NULL));
    OK(sms_outbox_count(f->store, NOW - 60, NOW, &count, NULL));
    g_assert_cmpuint(count, ==, 2);
    OK(sms_outbox_has_said(f->store, "15400000001", "转发：第一条回答，够长了，不会是别人说的话",
                           NOW - 60, &has_said, NULL));
    g_assert_true(has_said);
    OK(sms_outbox_has_said(f->store, "15400000001", "第二条", NOW - 60, &has_said, NULL));
    g_assert_false(has_said);
}

static void test_unsent(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean is_last;
    gint64 due = 0;
    queue(f, "q", "1", "答");
    g_autoptr(SmsOutbound) message = next(f, "1", NOW, &is_last);
    OK(sms_outbox_set_sending(f->store, message->id, "1", NOW, NULL));
    OK(sms_outbox_set_unsent(f->store, message->id, NOW + 30, "500", NOW, NULL));
    g_assert_null(next(f, "1", NOW, &is_last));
    OK(sms_outbox_next_due(f->store, "1", &due, NULL));
    g_assert_cmpint(due, ==, NOW + 30);
    g_autoptr(SmsOutbound) again = next(f, "1", NOW + 30, &is_last);
    g_assert_cmpuint(again->attempts, ==, 1);
    g_assert_cmpuint(again->copies, ==, 0); /* it did not go out */
    OK(sms_outbox_set_sending(f->store, again->id, "1", NOW, NULL));
    OK(sms_outbox_set_unsent(f->store, again->id, 0, "28", NOW, NULL));
    g_assert_null(next(f, "1", NOW + 99999, &is_last));
}

/* Twice at most for an answer, once for a notice. */
static void test_doubt(Fixture *f, gconstpointer unused)
{
    (void)unused;
    static const char *const modems[] = { "1", NULL };
    gboolean is_last;
    queue(f, "q", "1", "答");
    g_autoptr(SmsOutbound) answer = next(f, "1", NOW, &is_last);
    OK(sms_outbox_set_sending(f->store, answer->id, "1", NOW, NULL));
    queue(f, "", NULL, "通知");
    g_autoptr(SmsOutbound) notice = next(f, "1", NOW, &is_last);
    OK(sms_outbox_set_sending(f->store, notice->id, "1", NOW, NULL));
    OK(sms_outbox_recover(f->store, modems, NOW, NULL));
    g_autoptr(GPtrArray) doubts = sms_outbox_doubtful(f->store, "1", NULL);
    g_assert_cmpuint(doubts->len, ==, 2);
    OK(sms_outbox_give_up_doubt(f->store, answer->id, NOW + 60, NULL));
    OK(sms_outbox_give_up_doubt(f->store, notice->id, NOW + 60, NULL));
    g_autoptr(SmsOutbound) again = next(f, "1", NOW + 60, &is_last);
    g_assert_cmpint(again->id, ==, answer->id);
    g_assert_cmpuint(again->copies, ==, 1);
    g_assert_true(is_last);
    OK(sms_outbox_set_sending(f->store, again->id, "1", NOW, NULL));
    OK(sms_outbox_set_doubtful(f->store, again->id, NOW, NULL));
    OK(sms_outbox_give_up_doubt(f->store, again->id, NOW + 120, NULL));
    g_assert_null(next(f, "1", NOW + 9999, &is_last));
    SmsCounts counts;
    OK(sms_store_count(f->store, NOW, &counts, NULL));
    g_assert_cmpuint(counts.unknown, ==, 2);
}

static void test_report(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean is_last;
    gint64 id = 0;
    queue(f, "q", "1", "答");
    g_autoptr(SmsOutbound) message = next(f, "1", NOW, &is_last);
    OK(sms_outbox_set_sending(f->store, message->id, "1", NOW, NULL));
    OK(sms_outbox_set_doubtful(f->store, message->id, NOW, NULL));
    OK(sms_outbox_report(f->store, "1", "15400000002", 5, TRUE, NOW, &id, NULL));
    g_assert_cmpint(id, ==, 0); /* another's */
    OK(sms_outbox_report(f->store, "1", "15400000001", 5, TRUE, NOW, &id, NULL));
    g_assert_cmpint(id, ==, message->id);
    OK(sms_outbox_report(f->store, "1", "15400000001", 5, TRUE, NOW, &id, NULL));
    g_assert_cmpint(id, ==, 0); /* the same report again settles nothing else */
    /* and a late "not sent" does not take it back */
    OK(sms_outbox_set_unsent(f->store, message->id, NOW, "", NOW, NULL));
    g_assert_null(next(f, "1", NOW + 9, &is_last));
}

static void test_lost_modem(Fixture *f, gconstpointer unused)
{
    (void)unused;
    static const char *const modems[] = { "2", NULL };
    gboolean is_last;
    queue(f, "q", "1", "答");
    g_assert_null(next(f, "2", NOW, &is_last));
    OK(sms_outbox_recover(f->store, modems, NOW, NULL));
    g_autoptr(SmsOutbound) message = next(f, "2", NOW, &is_last);
    g_assert_nonnull(message);
}

/* ---- the whole ---- */

static void test_pin(Fixture *f, gconstpointer unused)
{
    (void)unused;
    OK(sms_pin_begin(f->store, "wrong", NOW, NULL));
    OK(sms_pin_end(f->store, "wrong", FALSE, NULL));
    sms_store_free(f->store);
    open_store(f, FALSE);
    g_assert_false(sms_pin_begin(f->store, "wrong", NOW, NULL));
    /* a good one is wanted each morning */
    for (guint i = 0; i < 5; i++) {
        OK(sms_pin_begin(f->store, "good", NOW, NULL));
        OK(sms_pin_end(f->store, "good", TRUE, NULL));
    }
    /* power cuts before the outcome was known: twice, then it is not risked */
    OK(sms_pin_begin(f->store, "cut", NOW, NULL));
    OK(sms_pin_begin(f->store, "cut", NOW, NULL));
    g_assert_false(sms_pin_begin(f->store, "cut", NOW, NULL));
}

static void test_rollback(Fixture *f, gconstpointer unused)
{
    (void)unused;
    OK(sms_store_begin(f->store, NULL));
    add(f, "a", "+8615400000001", 0, 0, NOW);
    sms_store_rollback(f->store);
    g_assert_cmpint(add(f, "a", "+8615400000001", 0, 0, NOW), >, 0);
    OK(sms_store_begin(f->store, NULL));
    add(f, "b", "+8615400000001", 0, 0, NOW);
    OK(sms_store_commit(f->store, NULL));
    g_assert_cmpint(add(f, "b", "+8615400000001", 0, 0, NOW), ==, 0);
}

static void test_prune(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean is_more = FALSE;
    gint64 old = queue(f, "old", "1", "答");
    OK(sms_inbox_settle(f->store, old, "answered", "低保", "CL01", NULL));
    OK(sms_store_prune(f->store, NOW + 1, &is_more, NULL));
    g_assert_cmpint(add(f, "old", "+8615400000001", 0, 0, NOW), ==, 0); /* still to be sent */
    gboolean is_last;
    g_autoptr(SmsOutbound) message = next(f, "1", NOW, &is_last);
    OK(sms_outbox_set_sending(f->store, message->id, "1", NOW, NULL));
    OK(sms_outbox_set_sent(f->store, message->id, "1", 3, NOW, NULL));
    OK(sms_store_prune(f->store, NOW + 1, &is_more, NULL));
    g_assert_cmpint(add(f, "old", "+8615400000001", 0, 0, NOW), >, 0); /* forgotten */
}

static void test_busy(Fixture *f, gconstpointer unused)
{
    (void)unused;
    gboolean was_damaged;
    g_autoptr(GError) error = NULL;
    g_assert_null(sms_store_open(f->folder, &was_damaged, &error));
    g_assert_error(error, RUNTIME_ERROR, RUNTIME_ERROR_BUSY);
}

static void test_damaged(Fixture *f, gconstpointer unused)
{
    (void)unused;
    sms_store_free(f->store);
    g_autofree char *path = g_build_filename(f->folder, "sms", "sms.db", NULL);
    g_assert_true(g_file_set_contents(path,
                                      "this is no database, and long enough to be read as one "
                                      "...............................................",
                                      -1, NULL));
    open_store(f, TRUE);
    g_assert_cmpint(add(f, "a", "+8615400000001", 0, 0, NOW), >, 0);
}

#define TEST(name, func) g_test_add("/sms-store/" name, Fixture, NULL, set_up, func, tear_down)

/* A bad block in the middle: what lies on the other pages is kept. */
static void test_salvage(Fixture *f, gconstpointer unused)
{
    (void)unused;
    SmsContact contact = { .is_stopped = TRUE, .at_s = NOW };
    SmsCounts counts;
    gsize len = 0;
    guint known = 0;
    g_autofree char *octets = NULL, *path = g_build_filename(f->folder, "sms", "sms.db", NULL);
    OK(sms_store_begin(f->store, NULL));
    for (guint i = 0; i < 400; i++) {
        g_autofree char *tag = g_strdup_printf("s%u", i);
        add(f, tag, "+8615400000001", 0, 0, NOW);
    }
    OK(sms_contact_save(f->store, "15400000001", &contact, NULL));
    OK(sms_note_add(f->store, NOW, "15400000001", "路灯坏了", NULL));
    queue(f, "s-last", "1", "答");
    OK(sms_store_commit(f->store, NULL));
    sms_store_free(f->store);
    g_assert_true(g_file_get_contents(path, &octets, &len, NULL));
    memset(octets + len / 2 / 4096 * 4096, 0xff, 4096);
    g_assert_true(g_file_set_contents(path, octets, (gssize)len, NULL));
    open_store(f, TRUE);
    OK(sms_contact_load(f->store, "15400000001", &contact, NULL));
    g_assert_true(contact.is_stopped);
    sms_contact_clear(&contact);
    OK(sms_store_count(f->store, 0, &counts, NULL));
    g_assert_cmpuint(counts.notes, ==, 1);
    g_assert_cmpuint(counts.queued, ==, 1);
    for (guint i = 0; i < 400; i++) {
        g_autofree char *tag = g_strdup_printf("s%u", i);
        if (add(f, tag, "+8615400000001", 0, 0, NOW) == 0) known++;
    }
    g_assert_cmpuint(known, >, 300); /* most messages are known still */
    sms_store_free(f->store);
    open_store(f, FALSE);
}

/* The last run has met damage that no quick look finds. */
static void test_marked(Fixture *f, gconstpointer unused)
{
    (void)unused;
    SmsContact contact = { .is_stopped = TRUE, .at_s = NOW };
    OK(sms_contact_save(f->store, "15400000001", &contact, NULL));
    sms_store_free(f->store);
    sms_store_mark_damaged(f->folder);
    open_store(f, TRUE);
    OK(sms_contact_load(f->store, "15400000001", &contact, NULL));
    g_assert_true(contact.is_stopped);
    sms_contact_clear(&contact);
    sms_store_free(f->store);
    open_store(f, FALSE);
}

/* A crash of begin_anew() between its two renamings. */
static void test_half_renamed(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_autofree char *path = g_build_filename(f->folder, "sms", "sms.db", NULL);
    g_autofree char *fresh = g_strconcat(path, ".new", NULL);
    add(f, "known", "+8615400000001", 0, 0, NOW);
    sms_store_free(f->store);
    g_assert_cmpint(g_rename(path, fresh), ==, 0);
    open_store(f, FALSE);
    g_assert_cmpint(add(f, "known", "+8615400000001", 0, 0, NOW), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("added-once", test_added_once);
    TEST("contact", test_contact);
    TEST("parts", test_parts);
    TEST("late-parts", test_late_parts);
    TEST("overdue", test_overdue);
    TEST("budget", test_budget);
    TEST("queue", test_queue);
    TEST("fairness", test_fairness);
    TEST("unsent", test_unsent);
    TEST("doubt", test_doubt);
    TEST("report", test_report);
    TEST("lost-modem", test_lost_modem);
    TEST("pin", test_pin);
    TEST("rollback", test_rollback);
    TEST("prune", test_prune);
    TEST("busy", test_busy);
    TEST("damaged", test_damaged);
    TEST("salvage", test_salvage);
    TEST("marked", test_marked);
    TEST("half-renamed", test_half_renamed);
    return g_test_run();
}
