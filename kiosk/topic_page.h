#pragma once
/* One topic: the conclusion and the amount first. Argument: its code, or its code, a space and
 * what was asked. */
#include "kiosk/page.h"

#define KIOSK_TYPE_TOPIC_PAGE (kiosk_topic_page_get_type())
G_DECLARE_FINAL_TYPE(KioskTopicPage, kiosk_topic_page, KIOSK, TOPIC_PAGE, KioskPage)
