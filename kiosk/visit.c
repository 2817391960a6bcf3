#include "kiosk/visit.h"

#define PERSON_PATIENCE                                                                            \
    {                                                                                              \
        60, 20                                                                                     \
    }
#define STAFF_PATIENCE                                                                             \
    {                                                                                              \
        180, 30                                                                                    \
    }

/* Stops at the end of time instead of going round. */
static gint64 after(gint64 from_ms, guint s)
{
    gint64 ms = (gint64)s * 1000;
    return from_ms > G_MAXINT64 - ms ? G_MAXINT64 : from_ms + ms;
}

static void see_time(Visit *visit, gint64 now_ms)
{
    visit->now_ms = MAX(visit->now_ms, now_ms);
}

static void extend(Visit *visit)
{
    const VisitPatience *patience = &visit->patience[visit->page];
    visit->idle_ms = after(visit->now_ms, patience->idle_s);
    visit->end_ms = after(visit->idle_ms, patience->warning_s);
}

static void begin(Visit *visit)
{
    visit->state = VISIT_ACTIVE;
    visit->is_changed = FALSE;
    visit->began_ms = visit->touch_ms = visit->now_ms;
    extend(visit);
}

static VisitAction end(Visit *visit)
{
    visit->state = VISIT_NONE;
    visit->page = VISIT_PAGE_HOME;
    visit->is_changed = FALSE;
    visit->attract_ms = after(visit->now_ms, visit->attract_s);
    return VISIT_DO_END_VISIT;
}

void visit_init(Visit *visit, guint idle_s, guint warning_s, guint attract_s, gint64 now_ms)
{
    *visit = (Visit){
        .patience = {
            [VISIT_PAGE_HOME] = { idle_s, warning_s },
            [VISIT_PAGE_PUBLIC] = { idle_s, warning_s },
            [VISIT_PAGE_PERSON] = PERSON_PATIENCE,
            [VISIT_PAGE_STAFF] = STAFF_PATIENCE,
        },
        .attract_s = attract_s,
        .state = VISIT_NONE,
        .page = VISIT_PAGE_HOME,
        .now_ms = now_ms,
        .began_ms = now_ms,
        .touch_ms = now_ms,
        .attract_ms = after(now_ms, attract_s),
    };
}

VisitAction visit_touch(Visit *visit, gint64 now_ms)
{
    see_time(visit, now_ms);
    switch (visit->state) {
    case VISIT_NONE:
        begin(visit);
        return VISIT_DO_NOTHING;
    case VISIT_ATTRACT:
        begin(visit);
        return VISIT_DO_LEAVE_ATTRACT;
    case VISIT_ACTIVE:
        /* the tick is late by a whole warning: this finger is another's */
        if (visit->now_ms >= visit->end_ms) return end(visit);
        visit->touch_ms = visit->now_ms;
        extend(visit);
        return VISIT_DO_NOTHING;
    case VISIT_WARNING:
        if (visit->now_ms >= visit->end_ms) return end(visit);
        visit->state = VISIT_ACTIVE;
        visit->touch_ms = visit->now_ms;
        extend(visit);
        return VISIT_DO_HIDE_WARNING;
    }
    return VISIT_DO_NOTHING;
}

VisitAction visit_show(Visit *visit, VisitPage page, gint64 now_ms)
{
    see_time(visit, now_ms);
    switch (visit->state) {
    case VISIT_NONE:
    case VISIT_ATTRACT:
        visit->page = page;
        /* reached without a touch: by the accessible action of a button */
        if (page != VISIT_PAGE_HOME) begin(visit);
        return VISIT_DO_NOTHING;
    case VISIT_ACTIVE:
        if (visit->now_ms >= visit->end_ms) return end(visit);
        visit->page = page;
        extend(visit);
        return VISIT_DO_NOTHING;
    case VISIT_WARNING:
        if (visit->now_ms >= visit->end_ms) return end(visit);
        visit->page = page;
        return VISIT_DO_NOTHING;
    }
    return VISIT_DO_NOTHING;
}

VisitAction visit_change(Visit *visit, gint64 now_ms)
{
    VisitAction action = visit_touch(visit, now_ms);
    visit->is_changed = action == VISIT_DO_NOTHING || action == VISIT_DO_HIDE_WARNING;
    return action;
}

static gboolean has_nothing_to_lose(const Visit *visit)
{
    return visit->page == VISIT_PAGE_HOME && !visit->is_changed;
}

/* TRUE if that is news. */
static gboolean count_down(Visit *visit)
{
    guint left = (guint)((visit->end_ms - visit->now_ms + 999) / 1000);
    gboolean is_news = left != visit->seconds_left;
    visit->seconds_left = left;
    return is_news;
}

VisitAction visit_tick(Visit *visit, gint64 now_ms)
{
    see_time(visit, now_ms);
    switch (visit->state) {
    case VISIT_NONE:
        if (visit->now_ms < visit->attract_ms) return VISIT_DO_NOTHING;
        visit->state = VISIT_ATTRACT;
        return VISIT_DO_SHOW_ATTRACT;
    case VISIT_ACTIVE:
        if (visit->now_ms < visit->idle_ms) return VISIT_DO_NOTHING;
        if (visit->now_ms >= visit->end_ms || has_nothing_to_lose(visit)) return end(visit);
        visit->state = VISIT_WARNING;
        count_down(visit);
        return VISIT_DO_SHOW_WARNING;
    case VISIT_WARNING:
        if (visit->now_ms >= visit->end_ms) return end(visit);
        return count_down(visit) ? VISIT_DO_COUNTDOWN : VISIT_DO_NOTHING;
    case VISIT_ATTRACT:
        return VISIT_DO_NOTHING;
    }
    return VISIT_DO_NOTHING;
}

VisitAction visit_end(Visit *visit, gint64 now_ms)
{
    see_time(visit, now_ms);
    switch (visit->state) {
    case VISIT_ACTIVE:
    case VISIT_WARNING:
        return end(visit);
    case VISIT_NONE:
    case VISIT_ATTRACT:
        return VISIT_DO_NOTHING;
    }
    return VISIT_DO_NOTHING;
}

gint64 visit_next_ms(const Visit *visit)
{
    switch (visit->state) {
    case VISIT_NONE:
        return visit->attract_ms;
    case VISIT_ACTIVE:
        return visit->idle_ms;
    case VISIT_WARNING:
        /* when the number becomes one lower */
        return visit->end_ms - ((gint64)visit->seconds_left - 1) * 1000;
    case VISIT_ATTRACT:
        return VISIT_NEVER;
    }
    return VISIT_NEVER;
}

guint visit_seconds_left(const Visit *visit)
{
    return visit->seconds_left;
}

guint visit_length_s(const Visit *visit)
{
    return (guint)MIN((visit->touch_ms - visit->began_ms) / 1000, (gint64)G_MAXUINT);
}

const char *visit_state_name(VisitState state)
{
    static const char *const names[] = {
        [VISIT_NONE] = "none",
        [VISIT_ACTIVE] = "active",
        [VISIT_WARNING] = "warning",
        [VISIT_ATTRACT] = "attract",
    };
    return names[state];
}
