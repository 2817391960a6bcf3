#pragma once
/* One notice (argument: its number in the list). */
#include "kiosk/page.h"

#define KIOSK_TYPE_NOTICE_PAGE (kiosk_notice_page_get_type())
G_DECLARE_FINAL_TYPE(KioskNoticePage, kiosk_notice_page, KIOSK, NOTICE_PAGE, KioskPage)
