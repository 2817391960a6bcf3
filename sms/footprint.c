#include "sms/footprint.h"

#include <glib.h>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

/* Code and constants of one library: never written to, so that what is given back is read in again
 * from the file when it is wanted. Linking looked at all of the screen's libraries, and nobody will
 * again. */
static int give_back(struct dl_phdr_info *info, size_t size, void *unused)
{
    gsize page = (gsize)sysconf(_SC_PAGESIZE);
    (void)size;
    (void)unused;
    for (guint i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        gsize start = (gsize)(info->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        gsize end = (gsize)(info->dlpi_addr + segment->p_vaddr + segment->p_memsz);
        if (madvise((void *)start, end - start, MADV_DONTNEED) != 0) return 1;
    }
    return 0;
}

void footprint_trim(void)
{
    malloc_trim(0);
    dl_iterate_phdr(give_back, NULL);
}
