#pragma once
/* Telephone numbers in a text that staff wrote. A number counts by its form (a mobile, an area code
 * with seven or eight digits, 400-800-1234, whatever dashes or spaces part it), or, in any form,
 * because a word before it says so: 打12345, 电话：110；96110. Sums, years and the numbers of
 * documents do not. */
#include <glib.h>

/* `number`: its digits and no more, at most PHONE_NUMBER_LEN_MAX of them, without the country's 86;
 * valid during the call. */
typedef void (*PhoneNumberFunc)(const char *number, gpointer user_data);
#define PHONE_NUMBER_LEN_MAX 20u

void phone_number_each(const char *text, PhoneNumberFunc func, gpointer user_data);
