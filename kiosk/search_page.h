#pragma once
/* Typing: what is typed leads to topics at once, without a candidate being chosen. */
#include "kiosk/page.h"

#define KIOSK_TYPE_SEARCH_PAGE (kiosk_search_page_get_type())
G_DECLARE_FINAL_TYPE(KioskSearchPage, kiosk_search_page, KIOSK, SEARCH_PAGE, KioskPage)
