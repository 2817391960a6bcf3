#pragma once
/* Nothing fits the question (argument): whom to ring, what else it may be, leave it for staff. */
#include "kiosk/page.h"

#define KIOSK_TYPE_NONE_PAGE (kiosk_none_page_get_type())
G_DECLARE_FINAL_TYPE(KioskNonePage, kiosk_none_page, KIOSK, NONE_PAGE, KioskPage)
