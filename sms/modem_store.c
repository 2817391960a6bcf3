/* Reading and deleting. What is read goes to the caller first; only what the caller has committed
 * is deleted. After any disturbance all is listed again, and the caller recognises what it has;
 * what was to be deleted before a disturbance is not. */
#include "sms/modem_message.h"
#include "sms/modem_private.h"

#include <string.h>

#define REPEATS_MAX       5 /* deletes without effect, then the slot is left alone */
#define BAD_READS_MAX     2
#define FOLLOW_MS         1000
#define HOLD_S            10
#define PENDING_MAX       1000
#define INDEX_MAX         9999
#define MEMORY_HOLD_S     3
#define MEMORY_HOLD_MAX_S 60
#define MEMORY_FAILS_MANY 3
#define CMGL_MS           20000
#define CMGR_MS           5000
#define CMGD_MS           5000

static char *slot_name(const char *memory, gint index)
{
    return g_strdup_printf("%s/%d", memory, index);
}

static guint count_of(GHashTable *table, const char *memory, gint index)
{
    g_autofree char *name = slot_name(memory, index);
    return GPOINTER_TO_UINT(g_hash_table_lookup(table, name));
}

static void set_count(GHashTable *table, const char *memory, gint index, guint count)
{
    g_autofree char *name = slot_name(memory, index);
    if (count)
        g_hash_table_insert(table, g_steal_pointer(&name), GUINT_TO_POINTER(count));
    else
        g_hash_table_remove(table, name);
}

/* ---- what is to be read ---- */

static guint memory_bit(Modem *modem, const char *memory)
{
    for (guint i = 0; i < modem->memory_count; i++)
        if (strcmp(modem->memories[i], memory) == 0) return 1u << i;
    return 0;
}

void modem_store_reset(Modem *modem)
{
    g_array_set_size(modem->pending, 0);
    g_array_set_size(modem->deletes, 0);
    g_hash_table_remove_all(modem->bad_reads);
    modem->sweep_mask = modem->swept_mask = 0;
    modem->is_ack_due = FALSE;
}

void modem_store_sweep(Modem *modem, gboolean is_all)
{
    modem->sweep_mask |= is_all ? (1u << modem->memory_count) - 1 : 1;
    modem_set_due(modem, DUE_SWEEP, (gint64)modem->poll_s * 1000);
}

/* A memory that the set-up did not list, but in which a message came. */
static void learn_memory(Modem *modem, const char *memory)
{
    if (memory_bit(modem, memory) || modem->memory_count >= MEMORIES_MAX) return;
    g_strlcpy(modem->memories[modem->memory_count++], memory, sizeof modem->memories[0]);
}

static ModemFormat modem_format(const Modem *modem)
{
    if (!modem->is_text) return MODEM_PDU;
    return modem->is_raw ? MODEM_TEXT_GBK : MODEM_TEXT_UCS2;
}

static void add_slot(GArray *slots, const char *memory, gint index, gboolean is_single)
{
    Slot slot = { .index = index, .is_single = is_single };
    g_strlcpy(slot.memory, memory, sizeof slot.memory);
    for (guint i = 0; i < slots->len; i++) {
        const Slot *other = &g_array_index(slots, Slot, i);
        if (other->index == index && strcmp(other->memory, slot.memory) == 0) return;
    }
    if (slots->len < PENDING_MAX) g_array_append_val(slots, slot);
}

static gboolean is_memory_name(const char *name)
{
    return strlen(name) == 2 && g_ascii_isupper(name[0]) && g_ascii_isupper(name[1]);
}

void modem_store_announce(Modem *modem, const char *line)
{
    g_autoptr(GPtrArray) values = at_reply_values(line, line[2] == 'D' ? "+CDSI:" : "+CMTI:");
    const char *memory = at_reply_text(values, 0);
    gint index = at_reply_number(values, 1, -1);

    modem_set_due(modem, DUE_FOLLOW, FOLLOW_MS);
    if (index < 0 || index > INDEX_MAX || !is_memory_name(memory)) {
        modem_store_sweep(modem, TRUE);
        return;
    }
    learn_memory(modem, memory);
    set_count(modem->repeats, memory, index, 0); /* what was there has been deleted */
    add_slot(modem->pending, memory, index, FALSE);
}

/* ---- messages ---- */

/* A body that makes no sense may have been spoilt on the wire: it is read again, by itself. */
static gboolean is_to_be_read_again(Modem *modem, const ModemMessage *message)
{
    if (message->is_readable || message->index < 0) return FALSE;
    guint count = count_of(modem->bad_reads, message->memory, message->index) + 1;
    if (count > BAD_READS_MAX) return FALSE;
    set_count(modem->bad_reads, message->memory, message->index, count);
    add_slot(modem->pending, message->memory, message->index, TRUE);
    return TRUE;
}

/* Slots that were emptied after all are no longer counted. */
static void forget_repeats(Modem *modem, const GPtrArray *messages)
{
    GHashTableIter iter;
    gpointer name, count;
    gboolean is_stuck = FALSE;
    g_autoptr(GHashTable) listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < messages->len; i++) {
        const ModemMessage *message = messages->pdata[i];
        g_hash_table_add(listed, slot_name(modem->memory, message->index));
    }
    g_hash_table_iter_init(&iter, modem->repeats);
    while (g_hash_table_iter_next(&iter, &name, &count)) {
        if (g_str_has_prefix(name, modem->memory) && !g_hash_table_contains(listed, name))
            g_hash_table_iter_remove(&iter);
        else if (GPOINTER_TO_UINT(count) > REPEATS_MAX)
            is_stuck = TRUE;
    }
    modem_set_alarm(modem, SMS_ALARM_SLOT, is_stuck);
}

/* A list of raw text (GBK) is only a list of slots: a resident may have written a line that looks
 * like a header. Each is then read by itself. */
static void read_singly(Modem *modem, GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        const ModemMessage *message = messages->pdata[i];
        add_slot(modem->pending, modem->memory, message->index, TRUE);
    }
    g_ptr_array_set_size(messages, 0);
}

/* The messages of a reply, but for those that are to be read again. */
static GPtrArray *messages_of(Modem *modem, const AtReply *reply, gint index)
{
    GPtrArray *messages = modem_messages_read((const char *const *)reply->lines->pdata,
                                              reply->lines->len, modem_format(modem), index);
    if (index < 0 && reply->outcome == AT_OK) forget_repeats(modem, messages);
    if (index < 0 && modem_format(modem) == MODEM_TEXT_GBK) read_singly(modem, messages);
    for (guint i = messages->len; i > 0; i--) {
        ModemMessage *message = messages->pdata[i - 1];
        g_strlcpy(message->memory, modem->memory, sizeof message->memory);
        if (is_to_be_read_again(modem, message)) g_ptr_array_remove_index(messages, i - 1);
    }
    return messages;
}

/* ---- handing over ---- */

static void plan_delete(Modem *modem, const ModemMessage *message)
{
    if (message->index < 0 || !*message->memory) return;
    guint count =
        message->is_repeat ? count_of(modem->repeats, message->memory, message->index) + 1 : 0;
    set_count(modem->repeats, message->memory, message->index, MIN(count, REPEATS_MAX + 1));
    if (count > REPEATS_MAX) {
        modem_set_alarm(modem, SMS_ALARM_SLOT, TRUE);
        return;
    }
    add_slot(modem->deletes, message->memory, message->index, FALSE);
}

/* FALSE if nothing could be stored: reading rests for a while. */
static gboolean hand_over(Modem *modem, GPtrArray *messages)
{
    if (messages->len == 0) return TRUE;
    if (!modem->events.received(messages, modem->data)) {
        modem_set_alarm(modem, SMS_ALARM_DISK, TRUE);
        modem->hold_until_us = g_get_monotonic_time() + HOLD_S * G_USEC_PER_SEC;
        modem->sweep_mask |= (1u << modem->memory_count) - 1;
        modem_set_due(modem, DUE_SWEEP, HOLD_S * 1000);
        return FALSE;
    }
    modem_set_alarm(modem, SMS_ALARM_DISK, FALSE);
    modem->health.received_s = g_get_real_time() / G_USEC_PER_SEC;
    modem->hold_until_us = 0;
    for (guint i = 0; i < messages->len; i++) {
        const ModemMessage *message = messages->pdata[i];
        if (!message->is_repeat) modem_set_due(modem, DUE_FOLLOW, FOLLOW_MS);
        plan_delete(modem, message);
    }
    return TRUE;
}

void modem_store_direct(Modem *modem, const char *header, const char *body)
{
    g_autoptr(GPtrArray) messages =
        g_ptr_array_new_with_free_func((GDestroyNotify)modem_message_free);
    ModemMessage *message = modem_message_direct(header, body, modem_format(modem));

    if (!message) return; /* a cell's broadcast */
    g_ptr_array_add(messages, message);
    /* acknowledged only when it is on the disk */
    if (hand_over(modem, messages)) modem->is_ack_due = modem->has_csms1;
}

/* ---- commands ---- */

static void drop_slots_of(GArray *slots, const char *memory)
{
    for (guint i = slots->len; i > 0; i--)
        if (strcmp(g_array_index(slots, Slot, i - 1).memory, memory) == 0)
            g_array_remove_index(slots, i - 1);
}

/* One of several that is not there any more is not asked for again before the next set-up. */
static void forget_memory(Modem *modem, const char *memory)
{
    for (guint i = 1; i < modem->memory_count; i++) {
        if (strcmp(modem->memories[i], memory) != 0) continue;
        memmove(modem->memories[i], modem->memories[i + 1],
                (modem->memory_count - i - 1) * sizeof modem->memories[0]);
        modem->memory_count--;
        modem->sweep_mask = modem->swept_mask = 0;
        modem_store_sweep(modem, TRUE);
        return;
    }
    /* the main one: the SIM is out, or the modem ill. Asked more and more seldom, then set up again
     */
    gint64 wait_s = MIN(MEMORY_HOLD_S << MIN(modem->memory_fails, 5), MEMORY_HOLD_MAX_S);
    modem->memory_hold_until_us = g_get_monotonic_time() + wait_s * G_USEC_PER_SEC;
    modem_set_due(modem, DUE_SWEEP, wait_s * 1000 + 1);
    if (++modem->memory_fails % MEMORY_FAILS_MANY == 0) modem->is_setup_again = TRUE;
}

static void on_memory(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    if (!modem_reply_is_sound(modem, reply)) return;
    if (reply->outcome == AT_OK) {
        modem->memory_fails = 0;
    } else {
        g_autofree char *memory = g_strdup(modem->memory);
        modem->memory[0] = '\0';
        drop_slots_of(modem->pending, memory);
        drop_slots_of(modem->deletes, memory);
        modem->sweep_mask &= ~memory_bit(modem, memory);
        forget_memory(modem, memory);
    }
    modem_go(modem);
}

/* TRUE if that memory is the one being read; else it will be, and a command is under way. */
static gboolean is_in_memory(Modem *modem, const char *memory)
{
    if (strcmp(modem->memory, memory) == 0 || !modem->has_memories) return TRUE;
    g_autofree char *command = g_strdup_printf("AT+CPMS=\"%s\"", memory);
    g_strlcpy(modem->memory, memory, sizeof modem->memory);
    at_chat_send(modem->chat, command, "+CPMS:", CMGR_MS, on_memory, modem);
    return FALSE;
}

static void on_deleted(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    if (!modem_reply_is_sound(modem, reply)) return;
    /* a slot that could not be deleted is seen again by the next sweep, soon at first */
    modem->delete_fails = reply->outcome == AT_OK ? 0 : modem->delete_fails + 1;
    if (reply->outcome != AT_OK && modem->delete_fails < REPEATS_MAX)
        modem_set_due(modem, DUE_SWEEP, 3000);
    modem_go(modem);
}

static gboolean delete_next(Modem *modem)
{
    if (modem->deletes->len == 0) return FALSE;
    Slot slot = g_array_index(modem->deletes, Slot, 0);
    if (!is_in_memory(modem, slot.memory)) return TRUE;
    g_array_remove_index(modem->deletes, 0);
    g_autofree char *command = g_strdup_printf("AT+CMGD=%d", slot.index);
    at_chat_send(modem->chat, command, NULL, CMGD_MS, on_deleted, modem);
    return TRUE;
}

static void drop_listed(Modem *modem)
{
    /* those announced while the list was being given may have missed it */
    for (guint i = MIN(modem->list_pending, modem->pending->len); i > 0; i--) {
        const Slot *slot = &g_array_index(modem->pending, Slot, i - 1);
        if (!slot->is_single && strcmp(slot->memory, modem->memory) == 0)
            g_array_remove_index(modem->pending, i - 1);
    }
}

/* What came whole before the modem fell silent is taken, and deleted when it follows again: a list
 * that is torn each time grows shorter each time. */
static void take_torn_list(Modem *modem, const AtReply *reply)
{
    if (modem->state != MODEM_RESYNC) return;
    g_autoptr(GPtrArray) messages = messages_of(modem, reply, -1);
    hand_over(modem, messages);
}

static void on_list(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    if (!modem_reply_is_sound(modem, reply)) {
        if (reply->outcome == AT_TIMEOUT) take_torn_list(modem, reply);
        return;
    }
    drop_listed(modem);
    modem->sweep_mask &= ~memory_bit(modem, modem->memory);
    if (reply->outcome == AT_OK)
        modem->swept_mask |= memory_bit(modem, modem->memory);
    else
        modem_set_due(modem, DUE_SWEEP, 3000);
    g_autoptr(GPtrArray) messages = messages_of(modem, reply, -1);
    hand_over(modem, messages);
    modem_go(modem);
}

static gboolean list(Modem *modem, const char *memory)
{
    if (!is_in_memory(modem, memory)) return TRUE;
    modem->list_pending = modem->pending->len;
    at_chat_send(modem->chat, modem->is_text ? "AT+CMGL=\"ALL\"" : "AT+CMGL=4", "+CMGL:", CMGL_MS,
                 on_list, modem);
    return TRUE;
}

static void on_read(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    Slot slot = { 0 };
    if (modem->pending->len) {
        slot = g_array_index(modem->pending, Slot, 0);
        g_array_remove_index(modem->pending, 0);
    }
    if (!modem_reply_is_sound(modem, reply)) return;
    g_autoptr(GPtrArray) messages = messages_of(modem, reply, MAX(slot.index, 0));
    hand_over(modem, messages);
    modem_go(modem);
}

static gboolean read_one(Modem *modem)
{
    Slot slot = g_array_index(modem->pending, Slot, 0);
    if (!is_in_memory(modem, slot.memory)) return TRUE;
    g_autofree char *command = g_strdup_printf("AT+CMGR=%d", slot.index);
    at_chat_send(modem->chat, command, "+CMGR:", CMGR_MS, on_read, modem);
    return TRUE;
}

/* Two or more waiting in one memory are listed; a single one is read by itself: fewer octets. */
static gboolean read_next(Modem *modem)
{
    if (g_get_monotonic_time() < modem->hold_until_us) return FALSE;
    if (modem->pending->len > 0) {
        const Slot first = g_array_index(modem->pending, Slot, 0);
        guint others = 0;
        for (guint i = 1; i < modem->pending->len; i++)
            if (strcmp(g_array_index(modem->pending, Slot, i).memory, first.memory) == 0) others++;
        return first.is_single || others == 0 ? read_one(modem) : list(modem, first.memory);
    }
    for (guint i = modem->memory_count; i > 0; i--)
        if (modem->sweep_mask & (1u << (i - 1))) return list(modem, modem->memories[i - 1]);
    /* back to the one in which messages arrive: the next is then read at once */
    return modem->memory_count > 0 && !is_in_memory(modem, modem->memories[0]);
}

static void on_acknowledged(const AtReply *reply, gpointer data)
{
    Modem *modem = data;
    if (modem_reply_is_sound(modem, reply)) modem_go(modem);
}

gboolean modem_store_go(Modem *modem)
{
    if (modem->is_ack_due) {
        modem->is_ack_due = FALSE;
        at_chat_send(modem->chat, "AT+CNMA", NULL, CMGR_MS, on_acknowledged, modem);
        return TRUE;
    }
    if (g_get_monotonic_time() < modem->memory_hold_until_us) return FALSE;
    return delete_next(modem) || read_next(modem);
}

gboolean modem_store_wants(const Modem *modem)
{
    guint all = (1u << modem->memory_count) - 1;
    return modem->deletes->len > 0 || modem->pending->len > 0 || modem->sweep_mask != 0 ||
           (modem->swept_mask & all) != all;
}
