#pragma once
/* What a file is by its first octets, whatever its name says. */
#include <glib.h>

typedef enum {
    FILE_KIND_TEXT, /* or nothing that is known: the encoding will tell */
    FILE_KIND_EMPTY,
    FILE_KIND_ZIP,    /* .xlsx and many others: xlsx_workbook.h tells */
    FILE_KIND_OLD,    /* .xls, .et: OLE compound file ([MS-CFB] §2.2) */
    FILE_KIND_LOCKED, /* the same with an encrypted .xlsx in it ([MS-OFFCRYPTO] §2.3.2) */
    FILE_KIND_MARKUP, /* web pages and XML, which some programs call .xls */
    FILE_KIND_PDF,
} FileKind;

/* Does not change the offset of `fd`. What cannot be read is empty. */
FileKind file_kind_of(int fd);
