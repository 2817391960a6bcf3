#pragma once
/* The topics of one kind (argument: its name), and a figure about them. */
#include "kiosk/page.h"

#define KIOSK_TYPE_CATEGORY_PAGE (kiosk_category_page_get_type())
G_DECLARE_FINAL_TYPE(KioskCategoryPage, kiosk_category_page, KIOSK, CATEGORY_PAGE, KioskPage)
