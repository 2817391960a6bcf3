#pragma once
/* The own record, in its outline: shown only if the settings say so. */
#include "kiosk/page.h"

#define KIOSK_TYPE_PERSON_PAGE (kiosk_person_page_get_type())
G_DECLARE_FINAL_TYPE(KioskPersonPage, kiosk_person_page, KIOSK, PERSON_PAGE, KioskPage)
