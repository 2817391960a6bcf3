#pragma once
/* The header before the user data: information elements, 3GPP TS 23.040 §9.2.3.24. */
#include "sms/tpdu.h"

#define UDH_CONCATENATION_LEN 6

/* *len: octets of the header, its length octet included. FALSE if it does not fit into the user
 * data. If its elements do not fit into it, is_torn. An element that is wrong in itself or unknown
 * is ignored; of two for the same purpose the later counts, as §9.2.3.24 says. */
gboolean udh_read(const guint8 *octets, gsize octets_len, Udh *out, gsize *len);
/* A header of one element: concatenation with an 8-bit reference, §9.2.3.24.1. */
void udh_concatenation(guint8 out[UDH_CONCATENATION_LEN], guint ref, guint total, guint seq);
