#!/bin/sh
# The README's two commands on a bare Debian 12 (bare_root.sh): ./install.sh, ./install.sh --check. As root; about ten
# minutes. Not part of make check (make bare-check). KEEP=1 keeps the folder.
set -eu
cd "$(dirname "$0")/.."
. tests/bare_root.sh

for command in './install.sh' './install.sh --check' './install.sh'; do
    began=$(date +%s)
    printf '\n# %s\n' "$command"
    inside "$command" || die "$command failed on a bare Debian 12"
    printf '# %s: %s s, %s MB in the system\n' "$command" $(($(date +%s) - began)) \
        "$(du -xsm --exclude=proc --exclude=dev "$root" | cut -f1)"
done
printf '\nok: both commands work on a bare Debian 12\n'
