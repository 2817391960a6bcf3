#!/bin/sh
# What copies a stick and what checks the copies, as the system starts them: the units, their sandboxes, the rules.
set -u
cd "${G_TEST_SRCDIR:-$(dirname "$0")/..}" || exit 1

number=0
result() { # result NAME STATUS [COMPLAINT]
    number=$((number + 1))
    if [ "$2" -eq 0 ]; then
        printf 'ok %d - %s\n' $number "$1"
    else
        printf 'not ok %d - %s\n# %s\n' $number "$1" "${3:-}"
    fi
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for unit in bianmin-usb@ bianmin-update; do
    sed "s|@PREFIX@/bin/bianmin|$BIANMIN|" "db/$unit.service" >"$folder/$unit.service"
done

exposure() { # exposure NAME UNIT LIMIT, a tenth of it is SAFETY's figure
    found=$(systemd-analyze security --offline=true --threshold="$3" "$folder/$2.service" 2>&1)
    result "$1" $? "$(printf '%s' "$found" | tail -n 1)"
}

if command -v systemd-analyze >/dev/null 2>&1; then
    exposure 'what mounts has only what mounting takes' bianmin-usb@ 25
    exposure 'what parses has next to nothing' bianmin-update 5
    found=$(systemd-analyze verify --man=no "$folder/bianmin-usb@.service" "$folder/bianmin-update.service" 2>&1 |
        grep -v 'bm-import')
    [ -z "$found" ]
    result 'systemd understands the units' $? "$found"
else
    for name in mounts parses units; do
        number=$((number + 1))
        echo "ok $number - $name # SKIP no systemd-analyze"
    done
fi

# every rule line is KEY op "value" pairs, as udev wants them
bad=$(cat db/*.rules | grep -vE '^(#.*|)$' |
    grep -vE '^([A-Z_]+(\{[]A-Za-z_/[]+\})?(==|!=|=|\+=|:=)"[^"]*"(, |$))+$')
[ -z "$bad" ]
result 'udev rules are well formed' $? "$bad"

# the check must end before the next stick is given up; both know the folder that tmpfiles makes
value() { sed -n "s/^$1=//p" "db/$2.service"; }
[ "$(value TimeoutStartSec bianmin-update)" -lt "$(value TimeoutStartSec bianmin-usb@)" ]
result 'a stick waits longer than a check may take' $?
grep -q "^D $(value ReadWritePaths bianmin-usb@) 2751 root bm-import -$" db/bianmin-usb.tmpfiles
result 'the folder of the copies is made, and emptied at boot' $?
grep -q "SYSTEMD_WANTS}+=\"bianmin-usb@%k.service\"" db/77-bianmin-usb.rules
result 'the rule starts the unit' $?
printf '1..%d\n' $number
