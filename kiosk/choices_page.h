#pragma once
/* Several topics fit the question (argument): which one is meant? */
#include "kiosk/page.h"

#define KIOSK_TYPE_CHOICES_PAGE (kiosk_choices_page_get_type())
G_DECLARE_FINAL_TYPE(KioskChoicesPage, kiosk_choices_page, KIOSK, CHOICES_PAGE, KioskPage)
