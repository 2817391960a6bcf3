#!/bin/sh
# An upgrade starts anew what runs, and nothing else: make restart-services with a systemctl that only takes notes.
# Prints TAP.
set -u
cd "${G_TEST_SRCDIR:-$(dirname "$0")/../..}" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/running"
cat >"$work/bin/systemctl" <<'END'
#!/bin/sh
if [ "$2" = is-active ]; then [ "$3" = "$ACTIVE" ]; exit; fi
echo "$*" >>"$NOTES"
exit "${STATUS:-0}"
END
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$USER_NUMBER"\n' >"$work/bin/id"
chmod +x "$work/bin/systemctl" "$work/bin/id"
export NOTES="$work/notes" ACTIVE=bianmin-kiosk.service USER_NUMBER=0 STATUS=0

number=0
restart() { # restart NAME STATUS NOTES ARGUMENT…
    name=$1 status=$2 notes=$3
    shift 3
    : >"$NOTES"
    env -u MAKEFLAGS -u MAKELEVEL PATH="$work/bin:$PATH" make -s restart-services SYSTEMD_RUNNING="$work/running" "$@" \
        >"$work/log" 2>&1
    got=$?
    [ $got -ne 0 ] && got=1
    number=$((number + 1))
    if [ $got -eq "$status" ] && [ "$(cat "$NOTES")" = "$notes" ]; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/#   /' "$NOTES" "$work/log"
    fi
}

restart 'one that runs' 0 "daemon-reload
try-restart bianmin-kiosk.service"
ACTIVE=none
restart 'none that runs' 0 daemon-reload
restart 'no systemd' 0 '' SYSTEMD_RUNNING="$work/none"
restart 'for another system' 0 '' DESTDIR="$work"
USER_NUMBER=1000
restart 'not root' 0 ''
USER_NUMBER=0 STATUS=1
restart 'a failure is told' 1 daemon-reload
echo "1..$number"
