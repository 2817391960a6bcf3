#pragma once
/* What the files of package.h share. Only for db/package*.c. */
#include "db/package.h"

#define PACKAGE_BLOCK (256u * 1024)

/* A file without a name, for this process alone, gone with it; -1 with *error. */
int package_temporary(GError **error);
/* read(), not interrupted. */
gssize package_read(int fd, void *octets, gsize len);
