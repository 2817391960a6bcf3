#pragma once
/* The published figures, large, with their qualifier, year and source; shares as bars. */
#include "kiosk/page.h"

#define KIOSK_TYPE_FIGURES_PAGE (kiosk_figures_page_get_type())
G_DECLARE_FINAL_TYPE(KioskFiguresPage, kiosk_figures_page, KIOSK, FIGURES_PAGE, KioskPage)
