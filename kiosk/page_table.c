#include "kiosk/page_table.h"

#include "kiosk/category_page.h"
#include "kiosk/choices_page.h"
#include "kiosk/figures_page.h"
#include "kiosk/help_page.h"
#include "kiosk/home_page.h"
#include "kiosk/idle_page.h"
#include "kiosk/more_page.h"
#include "kiosk/none_page.h"
#include "kiosk/notice_page.h"
#include "kiosk/notices_page.h"
#include "kiosk/out_page.h"
#include "kiosk/person_page.h"
#include "kiosk/projects_page.h"
#include "kiosk/qr_page.h"
#include "kiosk/search_page.h"
#include "kiosk/slip_page.h"
#include "kiosk/staff_page.h"
#include "kiosk/topic_page.h"

#include <string.h>

const PageTableRow page_table[PAGE_TABLE_COUNT] = {
    { "home", kiosk_home_page_get_type },
    { "more", kiosk_more_page_get_type },
    { "category", kiosk_category_page_get_type },
    { "topic", kiosk_topic_page_get_type },
    { "search", kiosk_search_page_get_type },
    { "choices", kiosk_choices_page_get_type },
    { "none", kiosk_none_page_get_type },
    { "figures", kiosk_figures_page_get_type },
    { "projects", kiosk_projects_page_get_type },
    { "notices", kiosk_notices_page_get_type },
    { "notice", kiosk_notice_page_get_type },
    { "help", kiosk_help_page_get_type },
    { "qr", kiosk_qr_page_get_type },
    { "slip", kiosk_slip_page_get_type },
    { "idle", kiosk_idle_page_get_type },
    { "out", kiosk_out_page_get_type },
    { "person", kiosk_person_page_get_type },
    { "staff", kiosk_staff_page_get_type },
};

int page_table_find(const char *name)
{
    for (int i = 0; i < PAGE_TABLE_COUNT; i++)
        if (strcmp(page_table[i].name, name) == 0) return i;
    return -1;
}
