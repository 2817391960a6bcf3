/* Preloaded into the product by crash_test.py: lets the k-th file operation below one folder go
 * wrong.
 *   FAULT_DIR     the folder; operations elsewhere are left alone
 *   FAULT_AT      k, from 1; 0 only counts
 *   FAULT_MODE    eio          this operation fails, the next ones work
 *                 enospc       from here on nothing can be created or written
 *                 short        this write takes half of what it is given
 *                 torn         this write takes half, then the process is killed
 *                 kill         killed before the operation
 *                 after        killed behind it
 *                 power        killed before it, and the disk has only what was synced: files have
 *                              the contents of their last fsync (none: they are empty), renames and
 *                              removals in a folder not fsynced since are undone
 *                 power-meta   so, but names and lengths had reached the disk: renames and removals
 *                              stand, what was not synced reads as zeros where a file grew and as
 *                              before where it did not
 *                 power-torn   so, but the disk was in the middle of it: of what was not synced
 *                              every second sector is there, half of the growth, and every second
 *                              rename or removal; which ones, k says
 *                 pull         readings alone are counted (read, readdir); from here on they fail
 *               The three power cuts with k above the count of operations: right after the end.
 *   FAULT_LOG     one line is appended for each operation
 *   FAULT_SHADOW  a folder on the same disk, for the files that undone renames bring back */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PENDING_MAX 256
#define SECTOR      512

enum { OP_READ, OP_WRITE, OP_CREATE, OP_RENAME, OP_SYNC, OP_REMOVE };

static struct {
    const char *dir, *mode, *log, *shadow;
    long at, count;
    bool is_ready, is_full;
} fault;

/* A file that was written to. The descriptor is kept: to close it would drop SQLite's locks, and
 * the number of its inode could be another's. */
static struct {
    int fd;
    ino_t inode;
    bool is_dirty;
    char *synced; /* its contents at the last sync */
    off_t synced_len;
} touched[PENDING_MAX];
static int touched_count;

static struct {
    char from[PATH_MAX], to[PATH_MAX], folder[PATH_MAX], old[PATH_MAX]; /* from "": a removal */
    bool has_old;
} moved[PENDING_MAX];
static int moved_count;

static void set_up(void)
{
    if (fault.is_ready) return;
    const char *at = getenv("FAULT_AT");
    fault.dir = getenv("FAULT_DIR");
    fault.mode = getenv("FAULT_MODE");
    fault.log = getenv("FAULT_LOG");
    fault.shadow = getenv("FAULT_SHADOW");
    fault.at = at ? strtol(at, NULL, 10) : 0;
    fault.is_ready = true;
}

static bool is_mode(const char *mode)
{
    return fault.mode && strcmp(fault.mode, mode) == 0;
}

/* ---- names ---- */

static void name_of_fd(int fd, char out[PATH_MAX])
{
    char link_name[64];
    snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", fd);
    long len = syscall(SYS_readlinkat, AT_FDCWD, link_name, out, PATH_MAX - 1);
    out[len > 0 ? len : 0] = '\0';
}

static void name_at(int folder, const char *path, char out[PATH_MAX])
{
    char base[PATH_MAX] = "";
    if (path[0] != '/' && folder != AT_FDCWD) name_of_fd(folder, base);
    int len = snprintf(out, PATH_MAX, "%s%s%s", base, *base ? "/" : "", path);
    if (len < 0 || len >= PATH_MAX) abort();
}

static bool is_ours(const char *name)
{
    set_up();
    size_t len = fault.dir ? strlen(fault.dir) : 0;
    return len > 0 && strncmp(name, fault.dir, len) == 0 && (name[len] == '/' || name[len] == '\0');
}

static void folder_of(const char *path, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s", path);
    char *slash = strrchr(out, '/');
    if (slash) *slash = '\0';
}

/* ---- what a power cut takes ---- */

static bool is_power(void)
{
    return fault.mode && strncmp(fault.mode, "power", 5) == 0;
}

static char *contents(int fd, off_t len)
{
    char *octets = calloc(1, (size_t)len + 1);
    for (off_t at = 0; at < len;) {
        long got = syscall(SYS_pread64, fd, octets + at, (size_t)(len - at), at);
        if (got <= 0) abort();
        at += got;
    }
    return octets;
}

static int own_descriptor(int fd)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    long own = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC);
    if (own < 0) abort();
    return (int)own;
}

/* Before it is changed. */
static void note_dirty(int fd)
{
    struct stat st;
    int i = 0;
    if (!is_power() || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return;
    while (i < touched_count && touched[i].inode != st.st_ino)
        i++;
    if (i == PENDING_MAX) abort();
    if (i == touched_count) {
        touched[touched_count++].fd = own_descriptor(fd);
        touched[i].inode = st.st_ino;
    }
    if (touched[i].is_dirty) return;
    touched[i].is_dirty = true;
    free(touched[i].synced);
    touched[i].synced = contents(touched[i].fd, st.st_size);
    touched[i].synced_len = st.st_size;
}

/* Before `to` is replaced or (`from` "") removed. */
static void note_move(const char *from, const char *to)
{
    struct stat st;
    if (!is_power()) return;
    if (moved_count == PENDING_MAX) abort();
    snprintf(moved[moved_count].from, PATH_MAX, "%s", from);
    snprintf(moved[moved_count].to, PATH_MAX, "%s", to);
    folder_of(to, moved[moved_count].folder);
    snprintf(moved[moved_count].old, PATH_MAX, "%.4000s/%ld", fault.shadow, fault.count);
    moved[moved_count].has_old =
        fstatat(AT_FDCWD, to, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
        syscall(SYS_linkat, AT_FDCWD, to, AT_FDCWD, moved[moved_count].old, 0) == 0;
    moved_count++;
}

static void note_sync(int fd, bool is_all)
{
    struct stat st;
    char name[PATH_MAX];
    int kept = 0;
    if (!is_power() || fstat(fd, &st) != 0) return;
    name_of_fd(fd, name);
    for (int i = 0; i < touched_count; i++)
        if (is_all || touched[i].inode == st.st_ino) touched[i].is_dirty = false;
    for (int i = 0; i < moved_count; i++)
        if (!is_all && strcmp(moved[i].folder, name) != 0) moved[kept++] = moved[i];
    moved_count = kept;
}

static void put(int fd, const char *octets, off_t len)
{
    if (syscall(SYS_ftruncate, fd, len) != 0) abort();
    for (off_t at = 0; at < len;) {
        long done = syscall(SYS_pwrite64, fd, octets + at, (size_t)(len - at), at);
        if (done <= 0) abort();
        at += done;
    }
}

static void lose_contents(int i)
{
    struct stat st;
    if (fstat(touched[i].fd, &st) != 0) abort();
    off_t old_len = touched[i].synced_len, len = old_len;
    if (is_mode("power-meta")) len = st.st_size;
    if (is_mode("power-torn")) len = st.st_size > old_len ? (old_len + st.st_size) / 2 : st.st_size;
    char *now = contents(touched[i].fd, st.st_size);
    char *left = calloc(1, (size_t)len + 1);
    memcpy(left, touched[i].synced, (size_t)(len < old_len ? len : old_len));
    for (off_t at = 0; is_mode("power-torn") && at < len; at += SECTOR)
        if ((at / SECTOR + fault.at) % 2 == 0)
            memcpy(left + at, now + at, (size_t)(len - at < SECTOR ? len - at : SECTOR));
    put(touched[i].fd, left, len);
}

static void undo_move(int i)
{
    if (*moved[i].from) syscall(SYS_renameat, AT_FDCWD, moved[i].to, AT_FDCWD, moved[i].from);
    if (moved[i].has_old) syscall(SYS_renameat, AT_FDCWD, moved[i].old, AT_FDCWD, moved[i].to);
}

static void lose_power(void)
{
    for (int i = 0; i < touched_count; i++)
        if (touched[i].is_dirty) lose_contents(i);
    for (int i = moved_count - 1; i >= 0; i--)
        if (is_mode("power") || (is_mode("power-torn") && (i + fault.at) % 2 == 0)) undo_move(i);
}

__attribute__((destructor)) static void end(void)
{
    if (is_power() && fault.at > fault.count) lose_power();
}

/* ---- the fault ---- */

static void die(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
}

static void write_log(const char *what, const char *name)
{
    char line[PATH_MAX + 64];
    if (!fault.log) return;
    long fd =
        syscall(SYS_openat, AT_FDCWD, fault.log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int len = snprintf(line, sizeof line, "%ld %s %.4000s\n", fault.count, what, name);
    if (fd < 0 || syscall(SYS_write, fd, line, len) != len) abort();
    syscall(SYS_close, fd);
}

/* Counts an operation on `name`; true if it is to fail with errno. *is_hit: this is the k-th. */
static bool goes_wrong(int op, const char *what, const char *name, bool *is_hit)
{
    *is_hit = false;
    if (is_mode("pull") || !is_ours(name)) return false;
    fault.count++;
    write_log(what, name);
    *is_hit = fault.count == fault.at;
    if (*is_hit && is_power()) lose_power();
    if (*is_hit && (is_mode("kill") || is_power())) die();
    if (*is_hit && is_mode("enospc")) fault.is_full = true;
    if (fault.is_full && (op == OP_WRITE || op == OP_CREATE)) {
        errno = ENOSPC;
        return true;
    }
    if (*is_hit && is_mode("eio")) {
        errno = EIO;
        return true;
    }
    return false;
}

#define AFTER(is_hit)                                                                              \
    do {                                                                                           \
        if ((is_hit) && is_mode("after")) die();                                                   \
    } while (0)

static ssize_t write_with_fault(int fd, const void *octets, size_t len, long offset,
                                bool has_offset)
{
    char name[PATH_MAX] = "";
    bool is_hit = false;
    if (fd > 2) name_of_fd(fd, name);
    if (goes_wrong(OP_WRITE, "write", name, &is_hit)) return -1;
    size_t part = is_hit && (is_mode("short") || is_mode("torn")) && len > 1 ? len / 2 : len;
    if (is_ours(name)) note_dirty(fd);
    long written = has_offset ? syscall(SYS_pwrite64, fd, octets, part, offset)
                              : syscall(SYS_write, fd, octets, part);
    if (is_hit && is_mode("torn")) die();
    AFTER(is_hit);
    return written;
}

static int open_with_fault(int folder, const char *path, int flags, mode_t mode)
{
    char name[PATH_MAX];
    bool is_hit = false;
    name_at(folder, path, name);
    if (goes_wrong(flags & O_CREAT ? OP_CREATE : OP_READ, "open", name, &is_hit)) return -1;
    long fd = syscall(SYS_openat, folder, path, flags & ~O_TRUNC, mode); /* it is done below */
    if (fd >= 0 && (flags & O_TRUNC)) {
        if (is_ours(name)) note_dirty((int)fd);
        if (syscall(SYS_ftruncate, fd, 0) != 0 && errno != EINVAL) abort();
    }
    AFTER(is_hit);
    return (int)fd;
}

static int rename_with_fault(int from_folder, const char *from, int to_folder, const char *to)
{
    char from_name[PATH_MAX], to_name[PATH_MAX];
    bool is_hit = false;
    name_at(from_folder, from, from_name);
    name_at(to_folder, to, to_name);
    if (goes_wrong(OP_RENAME, "rename", to_name, &is_hit)) return -1;
    if (is_ours(to_name)) note_move(from_name, to_name);
    long result = syscall(SYS_renameat, from_folder, from, to_folder, to);
    AFTER(is_hit);
    return (int)result;
}

static int sync_with_fault(int fd, long call)
{
    char name[PATH_MAX];
    bool is_hit = false;
    name_of_fd(fd, name);
    if (goes_wrong(OP_SYNC, "sync", name, &is_hit)) return -1;
    long result = syscall(call, fd);
    if (is_ours(name) && result == 0) note_sync(fd, call == SYS_syncfs);
    AFTER(is_hit);
    return (int)result;
}

static int path_with_fault(int op, const char *what, int folder, const char *path, long call,
                           long third)
{
    char name[PATH_MAX];
    bool is_hit = false;
    name_at(folder, path, name);
    if (goes_wrong(op, what, name, &is_hit)) return -1;
    if (is_ours(name) && op == OP_REMOVE && third == 0) note_move("", name);
    long result = syscall(call, folder, path, third);
    AFTER(is_hit);
    return (int)result;
}

static int fd_with_fault(int fd, const char *what, long call, long second)
{
    char name[PATH_MAX];
    bool is_hit = false;
    name_of_fd(fd, name);
    if (goes_wrong(OP_REMOVE, what, name, &is_hit)) return -1;
    if (is_ours(name) && call == SYS_ftruncate) note_dirty(fd);
    long result = syscall(call, fd, second);
    AFTER(is_hit);
    return (int)result;
}

static bool is_pulled(int fd)
{
    char name[PATH_MAX] = "";
    set_up();
    if (!is_mode("pull")) return false;
    name_of_fd(fd, name);
    if (!is_ours(name)) return false;
    fault.count++;
    write_log("read", name);
    if (fault.at == 0 || fault.count < fault.at) return false;
    errno = EIO;
    return true;
}

/* ---- the calls of libc ---- */

#define EXPORT __attribute__((visibility("default")))
#define OPEN_MODE(flags, mode)                                                                     \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                       \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode = va_arg(list, mode_t);                                                               \
        va_end(list);                                                                              \
    }

EXPORT int open(const char *path, int flags, ...)
{
    OPEN_MODE(flags, mode)
    return open_with_fault(AT_FDCWD, path, flags, mode);
}
EXPORT int open64(const char *path, int flags, ...)
{
    OPEN_MODE(flags, mode)
    return open_with_fault(AT_FDCWD, path, flags, mode);
}
EXPORT int openat(int folder, const char *path, int flags, ...)
{
    OPEN_MODE(flags, mode)
    return open_with_fault(folder, path, flags, mode);
}
EXPORT int openat64(int folder, const char *path, int flags, ...)
{
    OPEN_MODE(flags, mode)
    return open_with_fault(folder, path, flags, mode);
}
EXPORT ssize_t write(int fd, const void *octets, size_t len)
{
    return write_with_fault(fd, octets, len, 0, false);
}
EXPORT ssize_t pwrite(int fd, const void *octets, size_t len, off_t offset)
{
    return write_with_fault(fd, octets, len, offset, true);
}
EXPORT ssize_t pwrite64(int fd, const void *octets, size_t len, off64_t offset)
{
    return write_with_fault(fd, octets, len, offset, true);
}
EXPORT ssize_t read(int fd, void *octets, size_t len)
{
    return is_pulled(fd) ? -1 : syscall(SYS_read, fd, octets, len);
}
EXPORT struct dirent *readdir(DIR *dir)
{
    struct dirent *(*next)(DIR *) = (struct dirent * (*)(DIR *)) dlsym(RTLD_NEXT, "readdir");
    return is_pulled(dirfd(dir)) ? NULL : next(dir);
}
EXPORT int fsync(int fd)
{
    return sync_with_fault(fd, SYS_fsync);
}
EXPORT int fdatasync(int fd)
{
    return sync_with_fault(fd, SYS_fdatasync);
}
EXPORT int syncfs(int fd)
{
    return sync_with_fault(fd, SYS_syncfs);
}
EXPORT int rename(const char *from, const char *to)
{
    return rename_with_fault(AT_FDCWD, from, AT_FDCWD, to);
}
EXPORT int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return rename_with_fault(from_folder, from, to_folder, to);
}
EXPORT int unlink(const char *path)
{
    return path_with_fault(OP_REMOVE, "unlink", AT_FDCWD, path, SYS_unlinkat, 0);
}
EXPORT int unlinkat(int folder, const char *path, int flags)
{
    return path_with_fault(OP_REMOVE, "unlink", folder, path, SYS_unlinkat, flags);
}
EXPORT int mkdir(const char *path, mode_t mode)
{
    return path_with_fault(OP_CREATE, "mkdir", AT_FDCWD, path, SYS_mkdirat, mode);
}
EXPORT int mkdirat(int folder, const char *path, mode_t mode)
{
    return path_with_fault(OP_CREATE, "mkdir", folder, path, SYS_mkdirat, mode);
}
EXPORT int ftruncate(int fd, off_t len)
{
    return fd_with_fault(fd, "truncate", SYS_ftruncate, len);
}
EXPORT int ftruncate64(int fd, off64_t len)
{
    return fd_with_fault(fd, "truncate", SYS_ftruncate, len);
}
EXPORT int fchmod(int fd, mode_t mode)
{
    return fd_with_fault(fd, "chmod", SYS_fchmod, mode);
}
