#pragma once
/* Out of service: nothing can be read. Whom to ring. */
#include "kiosk/page.h"

#define KIOSK_TYPE_OUT_PAGE (kiosk_out_page_get_type())
G_DECLARE_FINAL_TYPE(KioskOutPage, kiosk_out_page, KIOSK, OUT_PAGE, KioskPage)
