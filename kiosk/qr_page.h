#pragma once
/* A code (argument: the topic's) large enough for any phone: it opens a ready message. */
#include "kiosk/page.h"

#define KIOSK_TYPE_QR_PAGE (kiosk_qr_page_get_type())
G_DECLARE_FINAL_TYPE(KioskQrPage, kiosk_qr_page, KIOSK, QR_PAGE, KioskPage)
