#pragma once
/* The public works, and how far they are. */
#include "kiosk/page.h"

#define KIOSK_TYPE_PROJECTS_PAGE (kiosk_projects_page_get_type())
G_DECLARE_FINAL_TYPE(KioskProjectsPage, kiosk_projects_page, KIOSK, PROJECTS_PAGE, KioskPage)
