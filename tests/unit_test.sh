#!/bin/sh
# What is installed beside the program: the unit, its sandbox, the udev rules, the settings.
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
unit=$folder/bianmin-sms.service
sed "s|@PREFIX@/bin/bianmin|$BIANMIN|" sms/bianmin-sms.service >"$unit"

if command -v systemd-analyze >/dev/null 2>&1; then
    # 8 of 100: the exposure of SAFETY's figure, 0.8
    found=$(systemd-analyze security --offline=true --threshold=8 "$unit" 2>&1)
    result 'the sandbox is as tight as it was decided' $? "$(printf '%s' "$found" | tail -n 1)"
    found=$(systemd-analyze verify --man=no "$unit" 2>&1 | grep -v 'bm-sms')
    [ -z "$found" ]
    result 'systemd understands the unit' $? "$found"
else
    echo "ok 1 - the sandbox # SKIP no systemd-analyze"
    echo "ok 2 - the unit # SKIP no systemd-analyze"
    number=2
fi

# every rule line is KEY op "value" pairs, as udev wants them
bad=$(grep -vE '^(#.*|)$' sms/78-bianmin.rules |
    grep -vE '^([A-Z_]+(\{[A-Za-z_]+\})?(==|!=|=|\+=|:=)"[^"]*"(, |$))+$')
[ -z "$bad" ]
result 'udev rules are well formed' $? "$bad"
grep -q 'ID_MM_DEVICE_IGNORE' sms/78-bianmin.rules && grep -q 'SYMLINK+="bianmin-modem bianmin-modem-' sms/78-bianmin.rules
result 'ModemManager is kept off, the name is stable' $?

# the shipped settings are the defaults, and every key of them is known
"$BIANMIN" --data "$folder/data" --config sms/bianmin.conf sms --port "$folder/none" >"$folder/out" 2>&1 &
pid=$!
sleep 2
kill "$pid" 2>/dev/null
wait "$pid"
out=$(cat "$folder/out")
case $out in
*没有用* | *不对*) false ;;
*找不到短信猫*) true ;;
*) false ;;
esac
result 'the shipped settings are taken without complaint' $? "$out"

# the accounts and folders as the system makes them, in a root of their own
name='the services read what an administrator publishes'
if [ "$(id -u)" -eq 0 ] && command -v systemd-sysusers >/dev/null 2>&1; then
    root=$folder/root data=$folder/root/var/lib/bianmin
    mkdir -p "$root/etc" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d" "$folder/sheets"
    chmod 0755 "$folder"
    for part in db/bianmin sms/bianmin-sms kiosk/bianmin-kiosk; do
        cp "$part.sysusers" "$root/usr/lib/sysusers.d/${part##*/}.conf"
        cp "$part.tmpfiles" "$root/usr/lib/tmpfiles.d/${part##*/}.conf"
    done
    out=$(systemd-sysusers --root="$root" 2>&1 && systemd-tmpfiles --root="$root" --create 2>&1)
    sed 's/残疾人证办理/残疾人证的办理/' db/starter/事项.csv >"$folder/sheets/事项.csv"
    out="$out$("$BIANMIN" --data "$data" update "$folder/sheets" --yes 2>&1)"
    cp "$BIANMIN" "$folder/bianmin"
    as() { # as ACCOUNT COMMAND…
        ids=$(awk -F: -v name="$1" '$1 == name { print "--reuid=" $3 " --regid=" $4 }' "$root/etc/passwd")
        groups=$(awk -F: -v name="$1" '("," $4 ",") ~ ("," name ",") { printf "%s%s", sep, $3; sep = "," }' \
            "$root/etc/group")
        shift
        # shellcheck disable=SC2086 # two words
        setpriv $ids --groups="$groups" "$folder/bianmin" --data "$data" "$@" 2>&1
    }
    out="$out
$(as bm-sms status)
$(as bm-kiosk status)"
    [ "$(printf '%s' "$out" | grep -c '^现用数据：第 1 版')" -eq 2 ]
    result "$name" $? "$out"

    # the service goes on where root began, and the other way round
    out=$(sed -i 's/残疾人证的办理/残疾人证怎么办/' "$folder/sheets/事项.csv"
        as bm-import update "$folder/sheets" --yes
        sed -i 's/残疾人证怎么办/残疾人证办理/' "$folder/sheets/事项.csv"
        "$BIANMIN" --data "$data" update "$folder/sheets" --yes 2>&1
        as bm-import rollback
        as bm-kiosk status)
    case $out in *第\ 2\ 版*第\ 3\ 版*退回到第\ 2\ 版*现用数据：第\ 2\ 版*) true ;; *) false ;; esac
    result 'what root publishes the service can replace' $? "$out"

    # a folder from before there were accounts, where the power was cut while root published
    rm -rf "$data" "$folder/key"
    mkdir "$folder/key"
    echo 738291 >"$folder/pin"
    out=$("$BIANMIN" --data "$data" update "$folder/sheets" --yes 2>&1
        "$BIANMIN" --data "$data" stick enrol "$folder/key" --label 王姐 --pin-file "$folder/pin" 2>&1
        echo >"$data/current.tmp"
        systemd-tmpfiles --root="$root" --create --remove --boot 2>&1
        as bm-kiosk status
        sed -i 's/残疾人证办理/残疾人证在哪办/' "$folder/sheets/事项.csv"
        as bm-import update "$folder/sheets" --yes
        as bm-import stick list)
    case $out in *现用数据：第\ 1\ 版*已发布第\ 2\ 版*王姐*) true ;; *) false ;; esac
    result 'an older folder becomes the service'"'"'s at boot' $? "$out"
else
    for skipped in "$name" 'root and the service' 'an older folder'; do
        number=$((number + 1))
        echo "ok $number - $skipped # SKIP needs root and systemd-sysusers"
    done
fi

printf '1..%d\n' $number
