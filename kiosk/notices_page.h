#pragma once
/* The notices of today. */
#include "kiosk/page.h"

#define KIOSK_TYPE_NOTICES_PAGE (kiosk_notices_page_get_type())
G_DECLARE_FINAL_TYPE(KioskNoticesPage, kiosk_notices_page, KIOSK, NOTICES_PAGE, KioskPage)
