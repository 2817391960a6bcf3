#include "charset/spoken.h"

#include "charset/pinyin.h"
#include "charset/spoken_items.h"

/* One character an item, so that readings and items have the same places. */
static GArray *read_items(const GArray *items)
{
    g_autoptr(GString) text = g_string_sized_new(items->len * 3);
    for (guint i = 0; i < items->len; i++)
        g_string_append_unichar(text, g_array_index(items, SpokenItem, i).ch);
    return pinyin_readings_with_tones(text->str);
}

static gboolean is_one_of(gunichar ch, const char *set)
{
    return ch && g_utf8_strchr(set, -1, ch);
}

/* The character of the text at `at`; 0 beyond its ends and for all that is not from the text. */
static gunichar char_at(const GArray *items, gint64 at)
{
    if (at < 0 || at >= items->len) return 0;
    const SpokenItem *item = &g_array_index(items, SpokenItem, (guint)at);
    return item->kind == SPOKEN_HAN || item->kind == SPOKEN_NUMBER ? item->ch : 0;
}

/* 第一, 统一, 一级, 星期一, 一二三: the number, not 一个. */
static gboolean is_plain_one(const GArray *items, guint at)
{
    gunichar before = char_at(items, (gint64)at - 1), after = char_at(items, (gint64)at + 1);
    gunichar further = char_at(items, (gint64)at - 2);
    return is_one_of(before, "第统唯万专周初单逐之十五零") ||
           (before == 0x671f && further == 0x661f) ||
           is_one_of(after, "级类等期号月日楼代季零一二三四五六七八九十点");
}

static guint sandhi(const GArray *items, const GArray *readings, guint at, guint tone)
{
    const SpokenItem *item = &g_array_index(items, SpokenItem, at);
    gboolean is_one = item->ch == 0x4e00 && item->kind == SPOKEN_HAN, is_not = item->ch == 0x4e0d;
    if (!is_one && !is_not) return tone;
    guint usual = is_one ? 1 : 4;
    if (is_one && is_plain_one(items, at)) return usual;
    if (!char_at(items, (gint64)at + 1)) return usual;
    const PinyinReading *next = &g_array_index(readings, PinyinReading, at + 1);
    if (!next->count) return usual;
    return next->tone == 4 || next->ch == 0x4e2a /* 个 */ ? 2 : 4;
}

/* 这儿, 一会儿: no syllable of its own, a light one at least. */
static gboolean is_suffix_er(const GArray *items, guint at)
{
    return char_at(items, at) == 0x513f &&
           is_one_of(char_at(items, (gint64)at - 1), "这那哪会点事活样块玩劲") &&
           !is_one_of(char_at(items, (gint64)at + 1), "童子女科");
}

static void append_syllable(GString *out, const GArray *items, const GArray *readings, guint at)
{
    const PinyinReading *r = &g_array_index(readings, PinyinReading, at);
    guint tone = is_suffix_er(items, at) ? 5 : sandhi(items, readings, at, r->tone);
    g_string_append_printf(out, "%s%s%u", out->len ? " " : "", pinyin_syllable(r->syllable[0]),
                           tone ? tone : 1);
}

char *spoken_pinyin(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GArray) items = spoken_items(valid);
    g_autoptr(GArray) readings = read_items(items);
    GString *out = g_string_sized_new(items->len * 6);
    char pause = 0;

    for (guint i = 0; i < items->len; i++) {
        const SpokenItem *item = &g_array_index(items, SpokenItem, i);
        if (item->kind == SPOKEN_COMMA || item->kind == SPOKEN_STOP) {
            if (pause != '.') pause = (char)item->ch;
            continue;
        }
        if (item->kind != SPOKEN_LETTER && !g_array_index(readings, PinyinReading, i).count)
            continue;
        if (pause && out->len) g_string_append_c(out, pause);
        pause = 0;
        if (item->kind == SPOKEN_LETTER)
            g_string_append_printf(out, "%s%c", out->len ? " " : "", (char)item->ch);
        else
            append_syllable(out, items, readings, i);
    }
    return g_string_free(out, FALSE);
}
