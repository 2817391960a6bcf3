#include "sms/footprint.h"

#include <glib.h>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

/* Code and constants of one library: clean pages of a file, read in again when they are wanted. The
 * relocations of all the screen's libraries were looked at once, and never will be again. */
static int page_out(struct dl_phdr_info *info, size_t size, void *unused)
{
    gsize page = (gsize)sysconf(_SC_PAGESIZE);
    (void)size;
    (void)unused;
    for (guint i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        gsize start = (gsize)(info->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        gsize end = (gsize)(info->dlpi_addr + segment->p_vaddr + segment->p_memsz);
        /* an old kernel knows no such advice: then they stay */
        if (madvise((void *)start, end - start, MADV_PAGEOUT) != 0) return 1;
    }
    return 0;
}

void footprint_trim(void)
{
    malloc_trim(0);
    dl_iterate_phdr(page_out, NULL);
}
