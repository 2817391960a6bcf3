#pragma once
/* Telephone numbers in a text that staff wrote. A number counts by its form (a mobile, an area code
 * with seven or eight digits, 400-800-1234, whatever dashes or spaces part it; without an
 * extension), or, in any form, because a word before it says so: 打12345, 电话：110；96110. Seven
 * or eight digits behind any word do, too: 社保所：65812345. Sums, years and the numbers of
 * documents do not; nor do, so far, 138.0000.0001, 6581 2345 and 客服95588. */
#include <glib.h>

/* `number`: its digits and no more, at most PHONE_NUMBER_LEN_MAX of them, without the country's 86;
 * valid during the call. */
typedef void (*PhoneNumberFunc)(const char *number, gpointer user_data);
#define PHONE_NUMBER_LEN_MAX 20u

void phone_number_each(const char *text, PhoneNumberFunc func, gpointer user_data);
