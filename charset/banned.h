#pragma once
/* Calls that must not compile: each has an unbounded write, a hidden shell or a hidden static.
 * Included ahead of every file by the build (-include charset/banned.h), so the headers that
 * declare them come first.
 * Use g_strlcpy, g_string_append_printf, g_strsplit, g_ascii_string_to_unsigned, GSubprocess. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef gets

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll system popen
