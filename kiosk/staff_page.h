#pragma once
/* What staff do here, in its outline: shown only if the settings say so. */
#include "kiosk/page.h"

#define KIOSK_TYPE_STAFF_PAGE (kiosk_staff_page_get_type())
G_DECLARE_FINAL_TYPE(KioskStaffPage, kiosk_staff_page, KIOSK, STAFF_PAGE, KioskPage)
