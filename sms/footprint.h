#pragma once
/* The gateway runs for months on a small machine and needs little of what the program is made of:
 * the pages that starting up has touched go back. */
void footprint_trim(void);
