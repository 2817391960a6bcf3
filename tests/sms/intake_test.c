#include "sms/intake.h"

#include <glib/gstdio.h>
#include <string.h>

#include "charset/convert.h"
#include "db/sms_outbox.h"

#define NOW 1795500000

typedef struct {
    char *folder;
    SmsStore *store;
    Dialogue *dialogue;
    Settings *settings;
    Responder responder;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
    gboolean was_damaged = FALSE;
    (void)unused;
    f->folder = g_dir_make_tmp("intake-XXXXXX", NULL);
    f->store = sms_store_open(f->folder, &was_damaged, NULL);
    f->dialogue = dialogue_new(f->folder, NULL);
    f->settings = settings_new();
    g_assert_true(f->store && f->dialogue);
    f->responder = (Responder){ f->store, f->dialogue, f->settings };
}

static void tear_down(Fixture *f, gconstpointer unused)
{
    static const char *const names[] = { "sms.db", "sms.db-wal", "sms.db-shm", "lock" };
    (void)unused;
    sms_store_free(f->store);
    dialogue_free(f->dialogue);
    settings_free(f->settings);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(f->folder, "sms", names[i], NULL);
        g_unlink(path);
    }
    g_autofree char *sms = g_build_filename(f->folder, "sms", NULL);
    g_rmdir(sms);
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->folder);
}

/* ---- messages ---- */

typedef struct {
    const char *sender; /* "15400000001", or letters: "@" and their septets in hex */
    const char *text;
    const char *scts; /* 14 digits as on the wire; NULL: some moment */
    guint ref, total, seq;
    const char *header; /* another header, in hex */
} Sms;

static void append_address(GString *pdu, const char *number)
{
    if (*number == '@') {
        gsize octets = strlen(number + 1) / 2;
        g_string_append_printf(pdu, "%02zXD0%s", octets * 2, number + 1);
        return;
    }
    gsize len = strlen(number);
    g_string_append_printf(pdu, "%02zX81", len);
    for (gsize i = 0; i < len; i += 2)
        g_string_append_printf(pdu, "%c%c", i + 1 < len ? number[i + 1] : 'F', number[i]);
}

/* An SMS-DELIVER in UCS-2 without its service centre, 3GPP TS 23.040 §9.2.2.1. */
static char *pdu_of(const Sms *sms)
{
    GString *pdu = g_string_new("00");
    gsize len = 0;
    g_autofree char *octets =
        convert_text(CHARSET_UTF8, CHARSET_UTF16BE, sms->text, strlen(sms->text), &len, NULL, NULL);
    g_autofree char *header =
        sms->header      ? g_strdup(sms->header)
        : sms->total > 1 ? g_strdup_printf("050003%02X%02X%02X", sms->ref, sms->total, sms->seq)
                         : g_strdup("");
    g_string_append(pdu, *header ? "44" : "04");
    append_address(pdu, sms->sender);
    g_string_append_printf(pdu, "0008%s%02zX%s", sms->scts ? sms->scts : "62111221000023",
                           strlen(header) / 2 + len, header);
    for (gsize i = 0; i < len; i++)
        g_string_append_printf(pdu, "%02X", (guint8)octets[i]);
    return g_string_free(pdu, FALSE);
}

/* Whether it was known already. */
static gboolean take_hex(Fixture *f, const char *hex, gint64 now_s)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *header = g_strdup_printf("+CMGR: 0,,%zu", strlen(hex) / 2 - 1);
    const char *lines[] = { header, hex };
    g_autoptr(GPtrArray) messages = modem_messages_read(lines, 2, MODEM_PDU, 1);
    g_assert_cmpuint(messages->len, ==, 1);
    gboolean is_ok = intake_take(&f->responder, "1", messages, now_s, &error);
    g_assert_no_error(error);
    g_assert_true(is_ok);
    return ((ModemMessage *)messages->pdata[0])->is_repeat;
}

static gboolean take_at(Fixture *f, const Sms *sms, gint64 now_s)
{
    g_autofree char *hex = pdu_of(sms);
    return take_hex(f, hex, now_s);
}

static gboolean take(Fixture *f, const Sms *sms)
{
    return take_at(f, sms, NOW);
}

static SmsCounts counts(Fixture *f)
{
    SmsCounts out = { 0 };
    g_assert_true(sms_store_count(f->store, 0, &out, NULL));
    return out;
}

/* The next message to go out, marked as handed over; NULL: none. */
static SmsOutbound *next(Fixture *f, gint64 now_s)
{
    SmsOutbound *message = NULL;
    gboolean is_last = FALSE;
    g_assert_true(sms_outbox_next(f->store, "1", now_s, &message, &is_last, NULL));
    if (message) g_assert_true(sms_outbox_set_sending(f->store, message->id, "1", now_s, NULL));
    return message;
}

static void expect_next(Fixture *f, const char *begins)
{
    g_autoptr(SmsOutbound) message = next(f, NOW + 10000);
    if (!begins) {
        g_assert_null(message);
        return;
    }
    g_assert_nonnull(message);
    g_assert_true(g_str_has_prefix(message->text, begins));
}

/* ---- tests ---- */

static void test_once(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_assert_false(take(f, &(Sms){ .sender = "15400000001", .text = "低保怎么办" }));
    g_assert_true(take(f, &(Sms){ .sender = "15400000001", .text = "低保怎么办" }));
    g_assert_true(take_at(f, &(Sms){ .sender = "15400000001", .text = "低保怎么办" }, NOW + 86400));
    g_assert_cmpuint(counts(f).answered, ==, 1);
    /* the same words a second later, and from somebody else, are other messages */
    g_assert_false(
        take(f, &(Sms){ .sender = "15400000001", .text = "低保怎么办", .scts = "62111221001023" }));
    g_assert_false(take(f, &(Sms){ .sender = "15400000002", .text = "低保怎么办" }));
    g_assert_cmpuint(counts(f).answered, ==, 3);
}

/* A modem that names no time: asked again tomorrow it is another question. */
static void test_timeless(Fixture *f, gconstpointer unused)
{
    const Sms sms = { .sender = "15400000001", .text = "低保怎么办", .scts = "00000000000000" };
    (void)unused;
    g_assert_false(take_at(f, &sms, NOW));
    g_assert_true(take_at(f, &sms, NOW));
    g_assert_false(take_at(f, &sms, NOW + 86400));
}

static Sms part(guint ref, guint seq, const char *text)
{
    return (Sms){ .sender = "15400000001", .text = text, .ref = ref, .total = 2, .seq = seq };
}

static void test_parts(Fixture *f, gconstpointer unused)
{
    const Sms first = part(7, 1, "请问一下低"), second = part(7, 2, "保怎么办呢");
    (void)unused;
    g_assert_false(take(f, &second));
    g_assert_true(take(f, &second));
    expect_next(f, NULL);
    g_assert_false(take(f, &first));
    expect_next(f, "最低生活保障");
    expect_next(f, NULL);
    g_assert_true(take(f, &first));
    expect_next(f, NULL);
}

/* What never came whole is answered as far as it goes, once; what comes later changes nothing. */
static void test_overdue(Fixture *f, gconstpointer unused)
{
    const Sms first = part(7, 1, "低保怎么办，我家"), second = part(7, 2, "有三口人");
    gboolean is_more = FALSE;
    (void)unused;
    take(f, &first);
    g_assert_true(intake_take_overdue(&f->responder, NOW + INTAKE_PART_WAIT_S - 5, &is_more, NULL));
    g_assert_false(is_more);
    g_assert_true(intake_take_overdue(&f->responder, NOW + INTAKE_PART_WAIT_S + 5, &is_more, NULL));
    g_assert_true(is_more);
    expect_next(f, "您的短信没有收全");
    expect_next(f, ""); /* its second part */
    expect_next(f, NULL);
    take_at(f, &second, NOW + 700);
    g_assert_true(intake_take_overdue(&f->responder, NOW + 9000, &is_more, NULL));
    g_assert_false(is_more);
    expect_next(f, NULL);
}

static void test_limits(Fixture *f, gconstpointer unused)
{
    (void)unused;
    for (guint i = 0; i < 8; i++) {
        g_autofree char *scts = g_strdup_printf("621112210000%u3", i);
        take(f, &(Sms){ .sender = "15400000001", .text = "低保怎么办", .scts = scts });
    }
    g_assert_cmpuint(counts(f).answered, ==, 5);
    g_assert_cmpuint(counts(f).limited, ==, 3);
    take(f, &(Sms){ .sender = "15400000002", .text = "低保怎么办" });
    g_assert_cmpuint(counts(f).answered, ==, 6);
}

static void test_machines(Fixture *f, gconstpointer unused)
{
    static const Sms machines[] = {
        { .sender = "106575123456", .text = "低保怎么办" },
        { .sender = "10086", .text = "低保怎么办" },
        { .sender = "@C3309B0D", .text = "低保怎么办" },
        { .sender = "15400000001", .text = "mms", .header = "0605040B8423F0" },
        { .sender = "15400000001", .text = "【某行】您的验证码是123456" },
    };
    (void)unused;
    for (guint i = 0; i < G_N_ELEMENTS(machines); i++)
        g_assert_false(take(f, &machines[i]));
    g_assert_cmpuint(counts(f).answered, ==, 0);
    expect_next(f, NULL);
}

/* Kept, for whoever wants to know what it was, and never taken twice. */
static void test_unreadable(Fixture *f, gconstpointer unused)
{
    (void)unused;
    g_assert_false(take_hex(f, "0004FF", NOW));
    g_assert_true(take_hex(f, "0004FF", NOW + 86400));
    g_assert_cmpuint(counts(f).unreadable, ==, 1);
}

/* A delivery report settles what went out without a word. */
static void test_report(Fixture *f, gconstpointer unused)
{
    (void)unused;
    take(f, &(Sms){ .sender = "15400000001", .text = "帮助" });
    g_autoptr(SmsOutbound) message = next(f, NOW);
    g_assert_true(sms_outbox_set_doubtful(f->store, message->id, NOW, NULL));
    g_assert_cmpuint(counts(f).doubtful, ==, 1);
    take_hex(f,
             "0006090B815104000000F162111221001023621112210020230"
             "0",
             NOW);
    g_assert_cmpuint(counts(f).doubtful, ==, 0);
    g_assert_cmpuint(counts(f).sent, ==, 1);
}

int main(int argc, char **argv)
{
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    g_test_init(&argc, &argv, NULL);
    ADD("/intake/once", test_once);
    ADD("/intake/timeless", test_timeless);
    ADD("/intake/parts", test_parts);
    ADD("/intake/overdue", test_overdue);
    ADD("/intake/limits", test_limits);
    ADD("/intake/machines", test_machines);
    ADD("/intake/unreadable", test_unreadable);
    ADD("/intake/report", test_report);
    return g_test_run();
}
