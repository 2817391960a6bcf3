#pragma once
/* The kinds of matters that have no tile on the first page, and the figures and projects. */
#include "kiosk/page.h"

#define KIOSK_TYPE_MORE_PAGE (kiosk_more_page_get_type())
G_DECLARE_FINAL_TYPE(KioskMorePage, kiosk_more_page, KIOSK, MORE_PAGE, KioskPage)
