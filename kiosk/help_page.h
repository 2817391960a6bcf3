#pragma once
/* Where a person is, when, by which phone; how this screen is used; how loud it reads. */
#include "kiosk/page.h"

#define KIOSK_TYPE_HELP_PAGE (kiosk_help_page_get_type())
G_DECLARE_FINAL_TYPE(KioskHelpPage, kiosk_help_page, KIOSK, HELP_PAGE, KioskPage)
