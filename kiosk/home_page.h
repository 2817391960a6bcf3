#pragma once
/* The first page: what it is for, a notice, a tile for each kind of matter. */
#include "kiosk/page.h"

#define KIOSK_TYPE_HOME_PAGE (kiosk_home_page_get_type())
G_DECLARE_FINAL_TYPE(KioskHomePage, kiosk_home_page, KIOSK, HOME_PAGE, KioskPage)
