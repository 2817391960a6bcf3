#pragma once
/* One resident's time before the screen: when to ask 还在看吗？, when to clear everything, when to
 * show the attract screen. No clock and no timer: every event brings the time, in milliseconds of a
 * clock that only runs forwards (g_get_monotonic_time() / 1000), and visit_next_ms() says when the
 * next tick is due. A time that runs backwards is taken for the last one; one that jumps far ahead
 * (the machine slept) ends the visit, whichever event brings it.
 *
 *   NONE ──touch──▸ ACTIVE ──idle──▸ WARNING ──warning──▸ NONE ──attract──▸ ATTRACT
 *                     ▴───────touch──────┘                 ACTIVE ◂──touch─────┘
 *
 * On the home page, with nothing changed since the visit began, there is nothing to lose: the visit
 * ends after `idle_s` without a warning. Source: WCAG 2.2.1. */
#include <glib.h>

typedef enum {
    VISIT_NONE,    /* home page, nobody */
    VISIT_ACTIVE,  /* somebody */
    VISIT_WARNING, /* somebody? */
    VISIT_ATTRACT, /* nobody for long */
} VisitState;

typedef enum {
    VISIT_PAGE_HOME,   /* public, and nothing on it is the visitor's */
    VISIT_PAGE_PUBLIC, /* 90 + 30 s, by the settings */
    VISIT_PAGE_PERSON, /* 60 + 20 s */
    VISIT_PAGE_STAFF,  /* 180 + 30 s */
} VisitPage;
#define VISIT_PAGE_COUNT 4u

/* What the caller has to do. */
typedef enum {
    VISIT_DO_NOTHING,
    VISIT_DO_SHOW_WARNING, /* visit_seconds_left() in it */
    VISIT_DO_COUNTDOWN,    /* the same number, lower */
    VISIT_DO_HIDE_WARNING,
    VISIT_DO_END_VISIT, /* hides the warning too, wipes what was entered, shows the home page */
    VISIT_DO_SHOW_ATTRACT,
    VISIT_DO_LEAVE_ATTRACT, /* to the home page */
} VisitAction;

typedef struct {
    guint idle_s, warning_s; /* no touch: warning; no touch in that either: end */
} VisitPatience;

/* Plain value; the fields are the module's own. */
typedef struct {
    VisitPatience patience[VISIT_PAGE_COUNT];
    guint attract_s;
    VisitState state;
    VisitPage page;
    gboolean is_changed;
    gint64 now_ms;             /* of the last event */
    gint64 began_ms, touch_ms; /* first and last touch of the visit */
    gint64 idle_ms, end_ms;    /* ACTIVE, WARNING: when the warning is due, and the end */
    gint64 attract_ms;         /* NONE: when the attract screen is due */
    guint seconds_left;
} Visit;

#define VISIT_NEVER G_MAXINT64

void visit_init(Visit *visit, guint idle_s, guint warning_s, guint attract_s, gint64 now_ms);

/* A finger, or a key. Where it answers END_VISIT or LEAVE_ATTRACT, the touch must not reach what
 * lies below it: whoever touched did not see that. */
VisitAction visit_touch(Visit *visit, gint64 now_ms);
/* A page is shown because of what somebody did (not one that changes by itself): its patience
 * counts from now on, except while the warning stands, which only a touch ends. Also for the home
 * page that is shown after END_VISIT and LEAVE_ATTRACT. */
VisitAction visit_show(Visit *visit, VisitPage page, gint64 now_ms);
/* A touch that switched something which outlasts the page (大字, 高对比): home is no longer as it
 * was. Nothing is to be switched where it answers END_VISIT or LEAVE_ATTRACT. */
VisitAction visit_change(Visit *visit, gint64 now_ms);
VisitAction visit_tick(Visit *visit, gint64 now_ms);
/* 结束查询 was touched. */
VisitAction visit_end(Visit *visit, gint64 now_ms);

/* When the next tick is due, on the same clock, or VISIT_NEVER. One timer suffices, set anew after
 * each event; a tick that comes too early does nothing. */
gint64 visit_next_ms(const Visit *visit);
/* Until the end, rounded up: for SHOW_WARNING and COUNTDOWN. */
guint visit_seconds_left(const Visit *visit);
/* From the first touch to the last, of the visit that goes on or has just ended. */
guint visit_length_s(const Visit *visit);
const char *visit_state_name(VisitState state); /* for the log */
