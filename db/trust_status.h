#pragma once
/* sysexits.h for what sticks, keys and packages can fail with; 0: none of theirs. */
#include <glib.h>

int trust_status(const GError *error);
