#pragma once
/* The lines that staff read (staff_view.h) as blocks of a pager: none is too high for a column in
 * 大字, whatever somebody wrote in a cell; the first line of several is bold. */
#include "kiosk/pager.h"

/* `lines`: StaffLine. */
void staff_list_append(KioskPager *pager, const GArray *lines, gboolean is_landscape);
