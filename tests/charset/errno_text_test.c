/* charset/errno_text.c: no English among the usual ones, and which of them mean "no right". */
#include "charset/errno_text.h"

#include <errno.h>

static void test_usual(void)
{
    static const int usual[] = { EACCES, EPERM,  ENOENT, ENOTDIR, EISDIR, EEXIST,
                                 ENOSPC, EDQUOT, EROFS,  EIO,     ELOOP,  ENAMETOOLONG,
                                 EMFILE, ENOMEM, EBUSY,  EFBIG };
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++) {
        const char *text = errno_text(usual[i]);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        for (const char *at = text; *at; at++)
            g_assert_false(g_ascii_isalpha(*at));
        g_assert_true(errno_is_no_right(usual[i]) ==
                      (usual[i] == EACCES || usual[i] == EPERM || usual[i] == EROFS));
    }
    g_assert_cmpstr(errno_text(EACCES), ==, "没有权限");
    g_assert_cmpstr(errno_text(EXDEV), ==, g_strerror(EXDEV));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/errno-text/usual", test_usual);
    return g_test_run();
}
