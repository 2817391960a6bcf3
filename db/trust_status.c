#include "db/trust_status.h"

#include "charset/cli.h"
#include "db/admit.h"
#include "db/audit.h"
#include "db/disk.h"
#include "db/runtime.h"
#include "db/update_source.h"

static int stick_key_status(StickKeyError code)
{
    switch (code) {
    case STICK_KEY_ERROR_MISSING:
        return EX_NOINPUT;
    case STICK_KEY_ERROR_READ:
        return EX_IOERR;
    case STICK_KEY_ERROR_FORMAT:
        return EX_DATAERR;
    case STICK_KEY_ERROR_EXISTS:
    case STICK_KEY_ERROR_WRITE:
        return EX_CANTCREAT;
    }
    return EX_SOFTWARE;
}

static int pin_status(PinError code)
{
    switch (code) {
    case PIN_ERROR_FORM:
    case PIN_ERROR_TRIVIAL:
    case PIN_ERROR_DIFFERS:
        return EX_DATAERR;
    case PIN_ERROR_READ:
        return EX_NOINPUT;
    case PIN_ERROR_MEMORY:
        return EX_OSERR;
    }
    return EX_SOFTWARE;
}

static int store_status(TrustError code)
{
    switch (code) {
    case TRUST_ERROR_MISSING:
    case TRUST_ERROR_NOT_FOUND:
        return EX_NOINPUT;
    case TRUST_ERROR_PEPPER:
    case TRUST_ERROR_LABEL:
    case TRUST_ERROR_KEY:
    case TRUST_ERROR_VERSION:
        return EX_DATAERR;
    }
    return EX_SOFTWARE;
}

static int package_status(PackageError code)
{
    switch (code) {
    case PACKAGE_ERROR_MISSING:
        return EX_NOINPUT;
    case PACKAGE_ERROR_READ:
        return EX_IOERR;
    case PACKAGE_ERROR_FORMAT:
    case PACKAGE_ERROR_NEWER:
    case PACKAGE_ERROR_SIGNATURE:
    case PACKAGE_ERROR_CONTENT:
        return EX_DATAERR;
    case PACKAGE_ERROR_WRITE:
        return EX_CANTCREAT;
    case PACKAGE_ERROR_NO_RIGHT:
        return EX_NOPERM;
    }
    return EX_SOFTWARE;
}

static int runtime_status(RuntimeError code)
{
    switch (code) {
    case RUNTIME_ERROR_BUSY:
        return EX_TEMPFAIL;
    case RUNTIME_ERROR_MISSING:
        return EX_NOINPUT;
    case RUNTIME_ERROR_NO_RIGHT:
        return EX_NOPERM;
    case RUNTIME_ERROR_FULL:
        return EX_CANTCREAT;
    }
    return EX_SOFTWARE;
}

int trust_status(const GError *error)
{
    if (error->domain == STICK_KEY_ERROR) return stick_key_status((StickKeyError)error->code);
    if (error->domain == PIN_ERROR) return pin_status((PinError)error->code);
    if (error->domain == TRUST_ERROR) return store_status((TrustError)error->code);
    if (error->domain == PACKAGE_ERROR) return package_status((PackageError)error->code);
    if (error->domain == RUNTIME_ERROR) return runtime_status((RuntimeError)error->code);
    if (error->domain == ADMIT_ERROR) return EX_NOPERM;
    if (error->domain == UPDATE_SOURCE_ERROR)
        return error->code <= UPDATE_SOURCE_ERROR_DISTRUSTED ? EX_NOPERM : EX_DATAERR;
    if (g_error_matches(error, AUDIT_ERROR, AUDIT_ERROR_NO_RIGHT) ||
        g_error_matches(error, DISK_ERROR, DISK_ERROR_NO_RIGHT))
        return EX_NOPERM;
    return error->domain == AUDIT_ERROR || error->domain == DISK_ERROR ? EX_CANTCREAT : 0;
}
