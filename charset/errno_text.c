#include "charset/errno_text.h"

#include <errno.h>

static const struct {
    int error;
    const char *text;
} texts[] = {
    { EACCES, "没有权限" },
    { EPERM, "没有权限" },
    { EROFS, "磁盘是只读的" },
    { ENOENT, "没有这个文件" },
    { ENOTDIR, "不是文件夹" },
    { EISDIR, "是文件夹，不是文件" },
    { EEXIST, "已经有同名的文件" },
    { ENOSPC, "磁盘已满" },
    { EDQUOT, "磁盘已满" },
    { EFBIG, "文件太大" },
    { EIO, "磁盘读写出错（可能有坏块）" },
    { ELOOP, "是符号链接，不予使用" },
    { ENAMETOOLONG, "名字太长" },
    { EMFILE, "打开的文件太多" },
    { ENFILE, "打开的文件太多" },
    { ENOMEM, "内存不够" },
    { EBUSY, "正被占用" },
    { EPIPE, "接收的程序已经退出" },
};

const char *errno_text(int error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].error == error) return texts[i].text;
    return g_strerror(error);
}

gboolean errno_is_no_right(int error)
{
    return error == EACCES || error == EPERM || error == EROFS;
}
