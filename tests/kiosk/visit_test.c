#include "kiosk/visit.h"

/* A story is a table: at this second this happens, and is answered so; the state after it, and the
 * second of the next tick. Settings: 90 + 30 s, attract after 180 s; it begins at second 0. */

typedef enum { TOUCH, SHOW, CHANGE, TICK, END } Event;
#define NEVER (-1.0)

typedef struct {
    double at_s;
    Event event;
    VisitPage page; /* SHOW */
    VisitAction want;
    VisitState state;
    double next_s;
    guint left; /* SHOW_WARNING, COUNTDOWN */
} Step;

#define HOME   VISIT_PAGE_HOME
#define PUBLIC VISIT_PAGE_PUBLIC
#define PERSON VISIT_PAGE_PERSON
#define STAFF  VISIT_PAGE_STAFF

/* As all the days of a touch screen: nobody, for a very long time. */
static const Step nobody[] = {
    { 100, TICK, 0, VISIT_DO_NOTHING, VISIT_NONE, 180, 0 }, /* too early */
    { 180, TICK, 0, VISIT_DO_SHOW_ATTRACT, VISIT_ATTRACT, NEVER, 0 },
    { 4000, TICK, 0, VISIT_DO_NOTHING, VISIT_ATTRACT, NEVER, 0 },
    { 5000, TOUCH, 0, VISIT_DO_LEAVE_ATTRACT, VISIT_ACTIVE, 5090, 0 },
    { 5000, SHOW, HOME, VISIT_DO_NOTHING, VISIT_ACTIVE, 5090, 0 },
    { 5090, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 5270, 0 }, /* silently */
    { 5090, SHOW, HOME, VISIT_DO_NOTHING, VISIT_NONE, 5270, 0 },
    { 5270, TICK, 0, VISIT_DO_SHOW_ATTRACT, VISIT_ATTRACT, NEVER, 0 },
};

static const Step public_page[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PUBLIC, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 50, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 140, 0 },
    { 139.999, TICK, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 140, 0 },
    { 140, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 141, 30 },
    { 140.5, TICK, 0, VISIT_DO_NOTHING, VISIT_WARNING, 141, 30 },
    { 141, TICK, 0, VISIT_DO_COUNTDOWN, VISIT_WARNING, 142, 29 },
    { 142.3, TICK, 0, VISIT_DO_COUNTDOWN, VISIT_WARNING, 143, 28 }, /* late, and in step again */
    { 143, TICK, 0, VISIT_DO_COUNTDOWN, VISIT_WARNING, 144, 27 },
    { 169, TICK, 0, VISIT_DO_COUNTDOWN, VISIT_WARNING, 170, 1 },
    { 170, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 350, 0 },
    { 350, TICK, 0, VISIT_DO_SHOW_ATTRACT, VISIT_ATTRACT, NEVER, 0 },
};

static const Step extended[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PUBLIC, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 100, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 101, 30 },
    { 129.9, TOUCH, 0, VISIT_DO_HIDE_WARNING, VISIT_ACTIVE, 219.9, 0 },
    { 219.9, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 220.9, 30 },
    /* what comes by itself does not extend it */
    { 225, SHOW, PUBLIC, VISIT_DO_NOTHING, VISIT_WARNING, 220.9, 0 },
    { 225, TICK, 0, VISIT_DO_COUNTDOWN, VISIT_WARNING, 225.9, 25 },
    { 249.9, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 429.9, 0 },
};

static const Step person_page[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PERSON, VISIT_DO_NOTHING, VISIT_ACTIVE, 70, 0 },
    { 70, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 71, 20 },
    { 80, TOUCH, 0, VISIT_DO_HIDE_WARNING, VISIT_ACTIVE, 140, 0 },
    { 140, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 141, 20 },
    { 160, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 340, 0 },
};

static const Step staff_page[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, STAFF, VISIT_DO_NOTHING, VISIT_ACTIVE, 190, 0 },
    { 190, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 191, 30 },
    { 220, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 400, 0 },
};

/* Each page by its own patience: from a person's back to a public one. */
static const Step page_to_page[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PERSON, VISIT_DO_NOTHING, VISIT_ACTIVE, 70, 0 },
    { 30, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 90, 0 },
    { 30, SHOW, PUBLIC, VISIT_DO_NOTHING, VISIT_ACTIVE, 120, 0 },
    { 33, SHOW, PERSON, VISIT_DO_NOTHING, VISIT_ACTIVE, 93, 0 },
    { 40, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 40, SHOW, HOME, VISIT_DO_NOTHING, VISIT_ACTIVE, 130, 0 },
    { 130, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 310, 0 }, /* back home: nothing to lose */
};

static const Step changed_home[] = {
    { 10, CHANGE, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 }, /* 大字 on the home page */
    { 100, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 101, 30 },
    { 110, CHANGE, 0, VISIT_DO_HIDE_WARNING, VISIT_ACTIVE, 200, 0 },
    { 200, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 201, 30 },
    { 230, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 410, 0 },
    /* the next visitor's home is as it was */
    { 240, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 330, 0 },
    { 330, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 510, 0 },
    { 510, TICK, 0, VISIT_DO_SHOW_ATTRACT, VISIT_ATTRACT, NEVER, 0 },
    { 520, CHANGE, 0, VISIT_DO_LEAVE_ATTRACT, VISIT_ACTIVE, 610, 0 }, /* and nothing changed */
    { 610, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 790, 0 },
};

static const Step ended_by_hand[] = {
    { 5, END, 0, VISIT_DO_NOTHING, VISIT_NONE, 180, 0 },
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PERSON, VISIT_DO_NOTHING, VISIT_ACTIVE, 70, 0 },
    { 20, END, 0, VISIT_DO_END_VISIT, VISIT_NONE, 200, 0 },
    { 30, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 120, 0 },
    { 30, SHOW, PUBLIC, VISIT_DO_NOTHING, VISIT_ACTIVE, 120, 0 },
    { 120, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 121, 30 },
    { 125, END, 0, VISIT_DO_END_VISIT, VISIT_NONE, 305, 0 },
    { 305, TICK, 0, VISIT_DO_SHOW_ATTRACT, VISIT_ATTRACT, NEVER, 0 },
    { 306, END, 0, VISIT_DO_NOTHING, VISIT_ATTRACT, NEVER, 0 },
};

/* The machine slept: the finger, the page or the tick that comes first ends it. */
static const Step slept_tick[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PERSON, VISIT_DO_NOTHING, VISIT_ACTIVE, 70, 0 },
    { 1e9, TICK, 0, VISIT_DO_END_VISIT, VISIT_NONE, 1e9 + 180, 0 },
};
static const Step slept_touch[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PERSON, VISIT_DO_NOTHING, VISIT_ACTIVE, 70, 0 },
    { 79.9, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 139.9, 0 }, /* a late tick is no sleep */
    { 219.9, TOUCH, 0, VISIT_DO_END_VISIT, VISIT_NONE, 399.9, 0 },
    { 220, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 310, 0 },
};
static const Step slept_show[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 5000, SHOW, PERSON, VISIT_DO_END_VISIT, VISIT_NONE, 5180, 0 },
};
static const Step slept_warned[] = {
    { 10, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 10, SHOW, PUBLIC, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 100, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 101, 30 },
    { 130, TOUCH, 0, VISIT_DO_END_VISIT, VISIT_NONE, 310, 0 },
    { 9000, CHANGE, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 9090, 0 },
};

/* Opened by the accessible action of a button: no finger. */
static const Step untouched[] = {
    { 10, SHOW, PUBLIC, VISIT_DO_NOTHING, VISIT_ACTIVE, 100, 0 },
    { 100, TICK, 0, VISIT_DO_SHOW_WARNING, VISIT_WARNING, 101, 30 },
};

static const Step backwards[] = {
    { 100, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 190, 0 },
    { 50, TOUCH, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 190, 0 },
    { -50, TICK, 0, VISIT_DO_NOTHING, VISIT_ACTIVE, 190, 0 },
};

static const struct {
    const char *name;
    const Step *steps;
    guint count;
} stories[] = {
#define STORY(name, steps)                                                                         \
    {                                                                                              \
        "/visit/" name, steps, G_N_ELEMENTS(steps)                                                 \
    }
    STORY("nobody", nobody),
    STORY("public", public_page),
    STORY("extended", extended),
    STORY("person", person_page),
    STORY("staff", staff_page),
    STORY("page-to-page", page_to_page),
    STORY("changed-home", changed_home),
    STORY("ended-by-hand", ended_by_hand),
    STORY("slept-tick", slept_tick),
    STORY("slept-touch", slept_touch),
    STORY("slept-show", slept_show),
    STORY("slept-warned", slept_warned),
    STORY("untouched", untouched),
    STORY("backwards", backwards),
};

static VisitAction happen(Visit *visit, const Step *step, gint64 now_ms)
{
    switch (step->event) {
    case TOUCH:
        return visit_touch(visit, now_ms);
    case SHOW:
        return visit_show(visit, step->page, now_ms);
    case CHANGE:
        return visit_change(visit, now_ms);
    case TICK:
        return visit_tick(visit, now_ms);
    case END:
        return visit_end(visit, now_ms);
    }
    g_assert_not_reached();
}

static gint64 ms(double s)
{
    return s == NEVER ? VISIT_NEVER : (gint64)(s * 1000 + 0.5);
}

/* `data`: an index into `stories`. */
static void test_story(gconstpointer data)
{
    const Step *steps = stories[GPOINTER_TO_UINT(data)].steps;
    Visit visit;
    visit_init(&visit, 90, 30, 180, 0);
    g_assert_cmpint(visit_next_ms(&visit), ==, 180000);
    for (guint i = 0; i < stories[GPOINTER_TO_UINT(data)].count; i++) {
        g_test_message("step %u at %g s, %s", i, steps[i].at_s, visit_state_name(visit.state));
        g_assert_cmpint(happen(&visit, &steps[i], ms(steps[i].at_s)), ==, steps[i].want);
        g_assert_cmpint(visit.state, ==, steps[i].state);
        g_assert_cmpint(visit_next_ms(&visit), ==, ms(steps[i].next_s));
        if (steps[i].left > 0) g_assert_cmpuint(visit_seconds_left(&visit), ==, steps[i].left);
    }
}

static void test_length(void)
{
    Visit visit;
    visit_init(&visit, 90, 30, 180, 1000);
    g_assert_cmpuint(visit_length_s(&visit), ==, 0);
    visit_touch(&visit, 5000);
    visit_show(&visit, VISIT_PAGE_PUBLIC, 5000);
    visit_touch(&visit, 65000);
    visit_show(&visit, VISIT_PAGE_PUBLIC, 70000);
    visit_tick(&visit, 160000);
    visit_tick(&visit, 190000);
    g_assert_cmpint(visit.state, ==, VISIT_NONE);
    g_assert_cmpuint(visit_length_s(&visit), ==, 60); /* the waiting is nobody's */
}

/* At the end of time nothing goes round. */
static void test_end_of_time(void)
{
    Visit visit;
    visit_init(&visit, 3600, 600, 86400, G_MAXINT64 - 10);
    g_assert_cmpint(visit_next_ms(&visit), ==, G_MAXINT64);
    g_assert_cmpint(visit_touch(&visit, G_MAXINT64 - 5), ==, VISIT_DO_NOTHING);
    g_assert_cmpint(visit_show(&visit, VISIT_PAGE_PERSON, G_MAXINT64 - 4), ==, VISIT_DO_NOTHING);
    g_assert_cmpint(visit_next_ms(&visit), ==, G_MAXINT64);
    g_assert_cmpint(visit_tick(&visit, G_MAXINT64), ==, VISIT_DO_END_VISIT);
    visit_init(&visit, 3600, 600, 86400, 0);
    visit_touch(&visit, 0);
    g_assert_cmpint(visit_tick(&visit, G_MAXINT64), ==, VISIT_DO_END_VISIT);
    visit_touch(&visit, G_MININT64);
    g_assert_cmpint(visit.state, ==, VISIT_ACTIVE);
}

/* Whoever only follows visit_next_ms() wakes rarely, and is led to the attract screen and rest. */
static void test_one_timer(void)
{
    Visit visit;
    guint ticks = 0;
    visit_init(&visit, 90, 30, 180, 0);
    visit_touch(&visit, 0);
    visit_show(&visit, VISIT_PAGE_PUBLIC, 0);
    gint64 last = 0;
    while (visit_next_ms(&visit) != VISIT_NEVER) {
        gint64 next = visit_next_ms(&visit);
        g_assert_cmpint(next, >, last);
        g_assert_cmpint(visit_tick(&visit, next), !=, VISIT_DO_NOTHING);
        last = next;
        ticks++;
    }
    g_assert_cmpuint(ticks, ==, 1 + 29 + 1 + 1);
    g_assert_cmpint(last, ==, (90 + 30 + 180) * 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(stories); i++)
        g_test_add_data_func(stories[i].name, GUINT_TO_POINTER(i), test_story);
    g_test_add_func("/visit/length", test_length);
    g_test_add_func("/visit/end-of-time", test_end_of_time);
    g_test_add_func("/visit/one-timer", test_one_timer);
    return g_test_run();
}
