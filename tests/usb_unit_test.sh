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
for unit in bianmin-usb@.service bianmin-usb-report@.service bianmin-update@.service bianmin-update.socket; do
    sed "s|@PREFIX@/bin/bianmin|$BIANMIN|" "db/$unit" >"$folder/$unit"
done

exposure() { # exposure NAME UNIT LIMIT, a tenth of it is SAFETY's figure
    found=$(systemd-analyze security --offline=true --threshold="$3" "$folder/$2.service" 2>&1)
    result "$1" $? "$(printf '%s' "$found" | tail -n 1)"
}

if command -v systemd-analyze >/dev/null 2>&1; then
    exposure 'what mounts has only what mounting takes' bianmin-usb@ 25
    exposure 'what writes a result has no more' bianmin-usb-report@ 25
    exposure 'what parses has next to nothing' bianmin-update@ 5
    found=$(systemd-analyze verify --man=no "$folder"/bianmin-* 2>&1 | grep -v 'bm-import\|bm-kiosk')
    [ -z "$found" ]
    result 'systemd understands the units' $? "$found"
else
    for name in mounts writes parses units; do
        number=$((number + 1))
        echo "ok $number - $name # SKIP no systemd-analyze"
    done
fi

# RestrictSUIDSGID= would answer it with ENOSYS: systemd's filter cannot look into its flags
! grep -q '^RestrictSUIDSGID=yes' db/bianmin-usb@.service && grep -q SYS_openat2 db/usb_copy.c
result 'what copies may call openat2' $?

# every rule line is KEY op "value" pairs, as udev wants them
bad=$(cat db/*.rules | grep -vE '^(#.*|)$' |
    grep -vE '^([A-Z_]+(\{[]A-Za-z_/[]+\})?(==|!=|=|\+=|:=)"[^"]*"(, |$))+$')
[ -z "$bad" ]
result 'udev rules are well formed' $? "$bad"

value() { sed -n "s/^$1=//p" "db/$2.service"; }
grep -q "^D $(value ReadWritePaths bianmin-usb@) 2751 root bm-import -$" db/bianmin.tmpfiles
result 'the folder of the copies is made, and emptied at boot' $?
# the accounts and folders as the system makes them, in a root of their own
name='who answers may read what is published, the copies are the parser'"'"'s to read'
if [ "$(id -u)" -eq 0 ] && command -v systemd-sysusers >/dev/null 2>&1; then
    root=$folder/root
    mkdir -p "$root/etc" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d" "$root/var/lib/bianmin/intake/old"
    for part in db/bianmin sms/bianmin-sms kiosk/bianmin-kiosk; do
        cp "$part.sysusers" "$root/usr/lib/sysusers.d/${part##*/}.conf"
        cp "$part.tmpfiles" "$root/usr/lib/tmpfiles.d/${part##*/}.conf"
    done
    found=$(systemd-sysusers --root="$root" 2>&1 && systemd-tmpfiles --root="$root" --create --remove --boot 2>&1)
    account() { awk -F: -v name="$1" '$1 == name { print $3 }' "$root/etc/passwd"; }
    group() { awk -F: -v name="$1" '$1 == name { print $3 }' "$root/etc/group"; }
    [ "$(sed -n 's/^bm-read:.*://p' "$root/etc/group" | tr ',' '\n' | sort | tr '\n' ' ')" = 'bm-import bm-kiosk bm-sms ' ] &&
        [ "$(stat -c '%a %u %g' "$root/var/lib/bianmin/intake")" = "2751 0 $(group bm-import)" ] &&
        [ "$(stat -c '%a %u %g' "$root/var/lib/bianmin/content")" = "2755 $(account bm-import) $(group bm-read)" ] &&
        [ "$(stat -c '%a %u %g' "$root/var/lib/bianmin")" = "1775 0 $(group bm-import)" ] &&
        [ -z "$(ls "$root/var/lib/bianmin/intake")" ]
    result "$name" $? "$found $(cat "$root/etc/group")"
else
    number=$((number + 1))
    echo "ok $number - $name # SKIP needs root and systemd-sysusers"
fi
grep -q "SYSTEMD_WANTS}+=\"bianmin-usb-report@%k.service bianmin-usb@%k.service\"" db/77-bianmin-usb.rules
result 'the rule starts the unit' $?
printf '1..%d\n' $number
