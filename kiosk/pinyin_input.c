#include <string.h>

#include "kiosk/input.h"
#include "kiosk/rime.h"

#define KEY_BACKSPACE 0xff08 /* X11's keysym, which librime takes */

G_DEFINE_QUARK(bianmin - input - error - quark, input_error)

struct Input {
    PinyinInputKind kind;
    RimeApi *api;
    RimeSessionId session;
    GString *preedit, *raw;
    GPtrArray *candidates; /* fetched so far */
    gboolean is_complete;  /* there are no more */
};

static const struct {
    const char *schema, *keys;
} kinds[] = {
    [PINYIN_INPUT_FULL] = { "bianmin", "abcdefghijklmnopqrstuvwxyz'" },
    [PINYIN_INPUT_NINE] = { "bianmin_nine", "23456789'" },
    [PINYIN_INPUT_STROKE] = { "bianmin_stroke", "hspnz" },
};

/* ---- what was typed is overwritten before it is let go ---- */

static void wipe_text(char *text)
{
    if (text) explicit_bzero(text, strlen(text));
}

static void wipe_string(GString *string)
{
    explicit_bzero(string->str, string->allocated_len);
    string->len = 0;
}

static void free_wiped(gpointer text)
{
    wipe_text(text);
    g_free(text);
}

static void free_context(Input *input, RimeContext *context)
{
    wipe_text(context->composition.preedit);
    wipe_text(context->commit_text_preview);
    for (int i = 0; i < context->menu.num_candidates; i++) {
        wipe_text(context->menu.candidates[i].text);
        wipe_text(context->menu.candidates[i].comment);
    }
    input->api->free_context(context);
}

/* ---- what is shown ---- */

static char key_of(char letter)
{
    static const char keys[] = "22233344455566677778889999";

    return letter >= 'a' && letter <= 'z' ? keys[letter - 'a'] : '\0';
}

/* The keys of one syllable, `len` digits, as letters of the syllable that is meant. All of its
 * letters, where a sound was typed that is spelled differently (zan for zhang). */
static void append_syllable(GString *out, const char *digits, gsize len, const char *syllable)
{
    gsize same = 0;

    while (same < len && key_of(syllable[same]) == digits[same])
        same++;
    g_string_append_len(out, syllable, (gssize)(same == len ? len : strlen(syllable)));
}

/* Without the spaces that librime puts between syllables: what was typed. */
static void append_typed(GString *out, const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at != ' ') g_string_append_c(out, *at);
}

/* "226 54'736" and "can ji ren" → "canji'ren": what of the second was typed, with the borders that
 * were. FALSE: they do not fit. */
static gboolean append_pinyin(GString *out, const char *typed, gsize typed_len, const char *pinyin)
{
    g_auto(GStrv) syllables = g_strsplit(pinyin, " ", INPUT_KEYS_MAX);
    guint count = 0;

    for (gsize at = 0, len; at < typed_len; at += MAX(len, 1)) {
        len = strspn(typed + at, "23456789");
        len = MIN(len, typed_len - at);
        if (typed[at] == '\'') g_string_append_c(out, '\'');
        if (len == 0) continue;
        if (!syllables[count] || !*syllables[count]) return FALSE;
        append_syllable(out, typed + at, len, syllables[count++]);
    }
    return count > 0 && !syllables[count];
}

static void show_nine(Input *input, const RimeContext *context)
{
    const char *all = context->composition.preedit;
    gsize start = (gsize)context->composition.sel_start, end = (gsize)context->composition.sel_end;
    const char *pinyin = context->menu.num_candidates ? context->menu.candidates[0].comment : NULL;

    if (!pinyin || start > end || end > strlen(all)) return;
    g_autoptr(GString) shown = g_string_new_len(all, (gssize)start);
    if (append_pinyin(shown, all + start, end - start, pinyin)) {
        append_typed(shown, all + end); /* behind the first candidate's share, digits remain */
        wipe_string(input->preedit);
        g_string_append(input->preedit, shown->str);
    }
    wipe_string(shown);
}

static void forget_shown(Input *input)
{
    wipe_string(input->preedit);
    wipe_string(input->raw);
    g_ptr_array_set_size(input->candidates, 0);
    input->is_complete = FALSE;
}

static void refresh(Input *input)
{
    RIME_STRUCT(RimeContext, context);

    forget_shown(input);
    if (!input->api->get_context(input->session, &context)) return;
    if (context.composition.preedit) {
        append_typed(input->preedit, context.composition.preedit);
        if (input->kind != PINYIN_INPUT_STROKE) g_string_append(input->raw, input->preedit->str);
        if (input->kind == PINYIN_INPUT_NINE) show_nine(input, &context);
    }
    free_context(input, &context);
}

/* ---- candidates ---- */

/* TRUE: at least `count` are there. */
static gboolean fetch(Input *input, guint count)
{
    RimeCandidateListIterator list = { 0 };
    guint known = input->candidates->len;

    if (count <= known) return TRUE;
    if (count > INPUT_CANDIDATES_MAX || input->is_complete) return FALSE;
    if (input->api->candidate_list_from_index(input->session, &list, (int)known)) {
        while (known < count && input->api->candidate_list_next(&list)) {
            g_ptr_array_add(input->candidates, g_strdup(list.candidate.text));
            wipe_text(list.candidate.text);
            wipe_text(list.candidate.comment);
            known++;
        }
        input->api->candidate_list_end(&list);
    }
    input->is_complete = known < count;
    return !input->is_complete;
}

const char *input_candidate(Input *input, guint i)
{
    return i < INPUT_CANDIDATES_MAX && fetch(input, i + 1) ? input->candidates->pdata[i] : NULL;
}

guint input_candidate_count(Input *input)
{
    fetch(input, INPUT_CANDIDATES_MAX);
    return input->candidates->len;
}

static char *take_commit(Input *input)
{
    RIME_STRUCT(RimeCommit, commit);
    char *text = NULL;

    if (!input->api->get_commit(input->session, &commit)) return NULL;
    text = g_strdup(commit.text);
    wipe_text(commit.text);
    input->api->free_commit(&commit);
    return text;
}

char *input_choose(Input *input, guint i)
{
    if (!input_candidate(input, i) || !input->api->select_candidate(input->session, i)) return NULL;
    char *text = take_commit(input);
    refresh(input);
    return text;
}

/* ---- keys ---- */

static gboolean may_take(const Input *input, char key)
{
    const char *raw = input->api->get_input(input->session);
    gsize len = raw ? strlen(raw) : 0;

    if (!key || !strchr(kinds[input->kind].keys, key) || len >= INPUT_KEYS_MAX) return FALSE;
    return key != '\'' || (len > 0 && raw[len - 1] != '\'');
}

gboolean input_key(Input *input, char key)
{
    if (!may_take(input, key) || !input->api->process_key(input->session, key, 0)) return FALSE;
    refresh(input);
    if (input->kind != PINYIN_INPUT_STROKE || input_candidate(input, 0)) return TRUE;
    input_backspace(input);
    return FALSE;
}

gboolean input_backspace(Input *input)
{
    if (!*input->preedit->str) return FALSE;
    input->api->process_key(input->session, KEY_BACKSPACE, 0);
    /* A choice that is taken back stays highlighted, and the preedit ends where it did: moving the
     * cursor makes librime look at that part anew. */
    size_t end = input->api->get_caret_pos(input->session);
    if (end > 0) {
        input->api->set_caret_pos(input->session, end - 1);
        input->api->set_caret_pos(input->session, end);
    }
    refresh(input);
    return TRUE;
}

const char *input_preedit(const Input *input)
{
    return input->preedit->str;
}

const char *input_raw(const Input *input)
{
    return input->raw->str;
}

/* ---- sessions ---- */

static gboolean open_session(Input *input)
{
    input->session = input->api->create_session();
    return input->session && input->api->select_schema(input->session, kinds[input->kind].schema);
}

/* A session remembers the last twenty texts it committed: so it ends with what it knows. */
void input_clear(Input *input)
{
    RimeSessionId old = input->session;

    forget_shown(input);
    input->api->clear_composition(old);
    /* the new one first: it finds the data still open */
    if (open_session(input))
        input->api->destroy_session(old);
    else
        input->session = old;
}

Input *pinyin_input_new(PinyinInputKind kind, GError **error)
{
    RimeApi *api = rime_open(error);
    if (!api) return NULL;

    Input *input = g_new0(Input, 1);
    input->kind = kind;
    input->api = api;
    input->preedit = g_string_sized_new(INPUT_KEYS_MAX * 4);
    input->raw = g_string_sized_new(INPUT_KEYS_MAX * 4);
    input->candidates = g_ptr_array_new_with_free_func(free_wiped);
    if (open_session(input)) return input;
    g_set_error(error, INPUT_ERROR, INPUT_ERROR_SESSION, "拼音输入打不开");
    input_free(input);
    return NULL;
}

void input_free(Input *input)
{
    if (!input) return;
    forget_shown(input);
    if (input->session) {
        input->api->clear_composition(input->session);
        input->api->destroy_session(input->session);
    }
    g_string_free(input->preedit, TRUE);
    g_string_free(input->raw, TRUE);
    g_ptr_array_unref(input->candidates);
    rime_close();
    g_free(input);
}
