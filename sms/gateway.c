#include "sms/gateway.h"

#include "db/sms_health.h"
#include "sms/gateway_private.h"
#include "sms/intake.h"
#include "charset/notify.h"

#include <glib-unix.h>
#include <string.h>

#define DAY_S          86400
#define KEEP_DAYS      90 /* then messages and numbers are forgotten */
#define HEALTH_SOON_MS 1000
#define HEALTH_EVERY_S 60
#define ONCE_WAIT_S    60 /* for a modem to get ready */
#define OVERDUE_MAX    50 /* long messages that never came whole, at a time */
#define END_WAIT_S     10 /* for the message that is being sent */

gint64 gateway_now_s(const Gateway *gateway)
{
    return clock_at(&gateway->clock, g_get_real_time() / G_USEC_PER_SEC, g_get_monotonic_time());
}

void gateway_has_stored(Gateway *gateway)
{
    gateway->is_unwritable = FALSE;
}

gboolean gateway_can_store(Gateway *gateway, gboolean is_ok, GError **error)
{
    if (is_ok) return TRUE;
    if (!gateway->is_unwritable)
        g_warning("短信记录写不进去：%s", *error ? (*error)->message : "?");
    gateway->is_unwritable = TRUE;
    if (sms_store_is_damaged(*error)) {
        sms_store_mark_damaged(gateway->data_dir);
        gateway->end = GATEWAY_DAMAGED;
        g_main_loop_quit(gateway->loop);
    }
    g_clear_error(error);
    return FALSE;
}

void gateway_wake(Gateway *gateway)
{
    for (guint i = 0; i < gateway->lines->len; i++)
        modem_wake(((Line *)gateway->lines->pdata[i])->modem);
}

/* ---- health ---- */

static gboolean on_health_timer(gpointer data);

static void health_soon(Gateway *gateway, guint ms)
{
    if (gateway->health_timer) g_source_remove(gateway->health_timer);
    gateway->health_timer = g_timeout_add(ms, on_health_timer, gateway);
}

static gint64 midnight_s(const Gateway *gateway)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(gateway_now_s(gateway));
    if (!now) return 0;
    g_autoptr(GDateTime) day =
        g_date_time_new_local(g_date_time_get_year(now), g_date_time_get_month(now),
                              g_date_time_get_day_of_month(now), 0, 0, 0);
    return day ? g_date_time_to_unix(day) : 0;
}

static void write_health(Gateway *gateway, gboolean is_running)
{
    g_autoptr(GError) error = NULL;
    g_autofree SmsModemHealth *copies = g_new0(SmsModemHealth, gateway->lines->len);
    SmsHealth health = { .at_s = g_get_real_time() / G_USEC_PER_SEC, /* as who reads it has it */
                         .started_s = gateway->started_s,
                         .is_running = is_running,
                         .modems = g_ptr_array_new() };
    for (guint i = 0; i < gateway->lines->len; i++) {
        const Line *line = gateway->lines->pdata[i];
        copies[i] = *modem_health(line->modem); /* its texts are the modem's */
        if (line->is_failing) copies[i].alarms |= SMS_ALARM_SEND;
        if (gateway->is_unwritable) copies[i].alarms |= SMS_ALARM_DISK;
        g_ptr_array_add(health.modems, &copies[i]);
    }
    /* without the counts it still tells what is wrong */
    gboolean is_ok = sms_store_count(gateway->store, midnight_s(gateway), &health.today, &error);
    gateway_can_store(gateway, is_ok, &error);
    if (!sms_health_write(gateway->data_dir, &health, &error))
        g_debug("status.json: %s", error->message);
    g_ptr_array_unref(health.modems);
}

void gateway_changed(Gateway *gateway)
{
    if (gateway->is_dirty) return;
    gateway->is_dirty = TRUE;
    health_soon(gateway, HEALTH_SOON_MS);
}

static void do_overdue(Gateway *gateway)
{
    gboolean is_more = TRUE;
    g_autoptr(GError) error = NULL;
    for (guint i = 0; is_more && i < OVERDUE_MAX; i++) {
        gboolean is_ok =
            intake_take_overdue(&gateway->responder, gateway_now_s(gateway), &is_more, &error);
        if (!gateway_can_store(gateway, is_ok, &error)) return;
    }
    gateway_wake(gateway);
}

static void do_prune(Gateway *gateway)
{
    g_autoptr(GError) error = NULL;
    gboolean is_more = FALSE;
    gint64 now_us = g_get_monotonic_time();
    /* by a clock that the network has confirmed: one that is years ahead would take all for old */
    if (!gateway->clock.is_trusted) return;
    if (gateway->pruned_us && now_us - gateway->pruned_us < (gint64)DAY_S * G_USEC_PER_SEC) return;
    if (!sms_store_prune(gateway->store, gateway_now_s(gateway) - (gint64)KEEP_DAYS * DAY_S,
                         &is_more, &error))
        g_debug("prune: %s", error->message);
    if (!is_more) gateway->pruned_us = now_us; /* else again in a minute */
}

static gboolean on_health_timer(gpointer data)
{
    Gateway *gateway = data;
    gateway->health_timer = 0;
    gateway->is_dirty = FALSE;
    do_overdue(gateway);
    do_prune(gateway);
    for (guint i = 0; i < gateway->lines->len; i++)
        gateway_line_release(gateway->lines->pdata[i]);
    write_health(gateway, TRUE);
    health_soon(gateway, HEALTH_EVERY_S * 1000);
    return G_SOURCE_REMOVE;
}

/* ---- life ---- */

static gboolean recover(Gateway *gateway, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < gateway->lines->len; i++)
        g_ptr_array_add(names, ((Line *)gateway->lines->pdata[i])->settings->name);
    g_ptr_array_add(names, NULL);
    if (!sms_store_begin(gateway->store, error) ||
        !sms_outbox_recover(gateway->store, (const char *const *)names->pdata,
                            gateway_now_s(gateway), error) ||
        !sms_store_commit(gateway->store, error))
        return FALSE;
    for (guint i = 0; i < gateway->lines->len; i++)
        if (!gateway_line_recover(gateway->lines->pdata[i], error)) return FALSE;
    return TRUE;
}

Gateway *gateway_new(const char *data_dir, const Settings *settings, GError **error)
{
    gboolean was_damaged = FALSE;
    SmsStore *store = sms_store_open(data_dir, &was_damaged, error);
    if (!store) return NULL;
    if (was_damaged) g_warning("短信记录 sms.db 已损坏，改名 sms.db.bad，能读出来的都留下了");
    g_autoptr(Gateway) gateway = g_new0(Gateway, 1);
    gint64 seen_s = 0;
    gateway->store = store;
    gateway->settings = settings;
    gateway->data_dir = g_strdup(data_dir);
    gateway->started_us = g_get_monotonic_time();
    gateway->loop = g_main_loop_new(NULL, FALSE);
    gateway->lines = g_ptr_array_new_with_free_func(gateway_line_free);
    if (!sms_store_last_seen(store, &seen_s, error)) return NULL;
    clock_start(&gateway->clock, seen_s, gateway->started_us);
    gateway->started_s = g_get_real_time() / G_USEC_PER_SEC;
    gateway->dialogue = dialogue_new(data_dir, error);
    if (!gateway->dialogue) return NULL;
    gateway->responder = (Responder){ store, gateway->dialogue, settings };
    for (guint i = 0; i < settings->modems->len; i++)
        g_ptr_array_add(gateway->lines, gateway_line_new(gateway, settings->modems->pdata[i]));
    return recover(gateway, error) ? g_steal_pointer(&gateway) : NULL;
}

void gateway_free(Gateway *gateway)
{
    if (!gateway) return;
    if (gateway->health_timer) g_source_remove(gateway->health_timer);
    g_ptr_array_unref(gateway->lines);
    dialogue_free(gateway->dialogue);
    sms_store_free(gateway->store);
    g_main_loop_unref(gateway->loop);
    g_free(gateway->data_dir);
    g_free(gateway);
}

void gateway_line_is_free(Gateway *gateway)
{
    if (gateway->is_ending) g_main_loop_quit(gateway->loop);
}

static gboolean on_end_timeout(gpointer data)
{
    Gateway *gateway = data;
    g_main_loop_quit(gateway->loop);
    return G_SOURCE_REMOVE;
}

/* A message that is being sent is waited for: it goes out once, and we know it. */
static gboolean on_signal(gpointer data)
{
    Gateway *gateway = data;
    gboolean is_sending = FALSE;
    gateway->is_ending = TRUE;
    for (guint i = 0; i < gateway->lines->len; i++)
        is_sending |= ((Line *)gateway->lines->pdata[i])->current != NULL;
    if (!is_sending)
        g_main_loop_quit(gateway->loop);
    else
        g_timeout_add_seconds(END_WAIT_S, on_end_timeout, gateway);
    return G_SOURCE_CONTINUE;
}

/* --once: everything read, everything due sent. */
static gboolean on_once_timer(gpointer data)
{
    Gateway *gateway = data;
    guint idle = 0;
    gint64 age_us = g_get_monotonic_time() - gateway->started_us;

    for (guint i = 0; i < gateway->lines->len; i++) {
        const Line *line = gateway->lines->pdata[i];
        gboolean is_done = gateway_line_is_done(line);
        /* no modem, no network, or it refuses one message after the other */
        gboolean is_hopeless = (!modem_can_send(line->modem) || line->is_failing) &&
                               age_us > ONCE_WAIT_S * G_USEC_PER_SEC;
        if (is_hopeless) gateway->end = GATEWAY_NO_MODEM;
        if (is_done || is_hopeless) idle++;
    }
    if (idle < gateway->lines->len) return G_SOURCE_CONTINUE;
    g_main_loop_quit(gateway->loop);
    return G_SOURCE_REMOVE;
}

GatewayEnd gateway_run(Gateway *gateway, gboolean is_once)
{
    guint sources[] = { g_unix_signal_add(SIGTERM, on_signal, gateway),
                        g_unix_signal_add(SIGINT, on_signal, gateway) };
    for (guint i = 0; i < gateway->lines->len; i++)
        modem_start(((Line *)gateway->lines->pdata[i])->modem);
    guint once = is_once ? g_timeout_add(300, on_once_timer, gateway) : 0;
    health_soon(gateway, HEALTH_SOON_MS);
    notify_start();
    g_main_loop_run(gateway->loop);
    notify_stop();
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
        g_source_remove(sources[i]);
    if (once && g_main_context_find_source_by_id(NULL, once)) g_source_remove(once);
    write_health(gateway, FALSE);
    return gateway->end;
}
