#pragma once
/* Nobody is here: the time, what this is for, one card after the other. Any touch leads home. */
#include "kiosk/page.h"

#define KIOSK_TYPE_IDLE_PAGE (kiosk_idle_page_get_type())
G_DECLARE_FINAL_TYPE(KioskIdlePage, kiosk_idle_page, KIOSK, IDLE_PAGE, KioskPage)
