/* The beginning of a package of any octets: a manifest that gives the same header again, within all
 * limits, or an error. */
#include "db/package.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
    g_autoptr(GError) error = NULL;
    PackageManifest manifest;
    gsize header_len = 0, again_len = 0;
    gboolean is_parsed =
        package_parse((const char *)octets, len, &manifest, &header_len, &error);
    g_assert_true(is_parsed == (error == NULL));
    if (!is_parsed) return 0;
    g_assert_true(header_len <= len && header_len <= PACKAGE_HEADER_MAX);
    g_assert_true(manifest.version >= 1 && manifest.version <= 999999);
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        g_assert_true(manifest.lens[i] >= 1 && manifest.lens[i] <= PACKAGE_FILE_MAX);
    g_autofree char *again = package_format(&manifest, &again_len);
    g_assert_true(again_len == header_len && memcmp(again, octets, again_len) == 0);
    return 0;
}
