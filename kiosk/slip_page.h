#pragma once
/* What will stand on the paper, and how long it is, before it is printed: 打印 or 不打了. Argument:
 * a topic's code. */
#include "kiosk/page.h"

#define KIOSK_TYPE_SLIP_PAGE (kiosk_slip_page_get_type())
G_DECLARE_FINAL_TYPE(KioskSlipPage, kiosk_slip_page, KIOSK, SLIP_PAGE, KioskPage)
