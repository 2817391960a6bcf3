#pragma once
/* For staff: a stick is inserted, its holder enters the PIN, sees what will change, deletions
 * first, and publishes; or goes back to the edition before. The checking and publishing is another
 * process's (update_link.h): leaving the page, or the end of the visit, hangs up, and what was not
 * published is gone. */
#include "kiosk/page.h"

#define KIOSK_TYPE_STAFF_PAGE (kiosk_staff_page_get_type())
G_DECLARE_FINAL_TYPE(KioskStaffPage, kiosk_staff_page, KIOSK, STAFF_PAGE, KioskPage)
