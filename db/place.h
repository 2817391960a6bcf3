#pragma once
/* Is a question about somewhere else? "南京的居住证怎么办" is not ours to answer;
 * "去上海看病怎么报销" is. */
#include <glib.h>

/* `folded` (fold.h) names a province or city that is not ours, and not as a place one goes to or
 * comes from. */
gboolean place_is_elsewhere(const char *folded);
