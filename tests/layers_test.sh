#!/bin/sh
# Who may include whom (README, Layout): charset <- db <- sms, kiosk <- main.c, and no library outside its room.
# The rules are tried on a spoilt copy first: a rule that finds nothing there cannot find anything here.
set -u
cd "${G_TEST_SRCDIR:-$(dirname "$0")/..}" || exit 1

number=0
spoilt=$(mktemp -d)
trap 'rm -rf "$spoilt"' EXIT

sources() { # sources ROOT ROOM…
    root=$1
    shift
    for room in "$@"; do find "$root/$room" -name '*.[ch]' 2>/dev/null; done
}

includes() { # includes ROOT PATTERN ROOM…: the include lines of those rooms that match
    pattern="^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)"
    root=$1
    shift 2
    sources "$root" "$@" | while read -r file; do grep -nHE "$pattern" "$file"; done
}

# rule NAME PATTERN SAMPLE ROOM…: no file of these rooms includes PATTERN; SAMPLE is such an include.
rule() {
    name=$1 pattern=$2 sample=$3
    shift 3
    found=$(includes . "$pattern" "$@")
    number=$((number + 1))
    for room in "$@"; do
        mkdir -p "$spoilt/$room/deeper"
        printf '#include %s\n' "$sample" >"$spoilt/$room/deeper/bad.h"
        caught=$(includes "$spoilt" "$pattern" "$room")
        rm -rf "${spoilt:?}/$room"
        if [ -z "$caught" ]; then
            printf 'not ok %d - %s: the rule misses %s in %s/\n' $number "$name" "$sample" "$room"
            return
        fi
    done
    if [ -z "$found" ]; then
        printf 'ok %d - %s\n' $number "$name"
    else
        printf 'not ok %d - %s\n' $number "$name"
        printf '%s\n' "$found" | sed 's/^/# /'
    fi
}

rule 'charset/ knows no other room' '(\.\./)*(db|sms|kiosk)/' '"db/store.h"' charset
rule 'db/ knows neither front end' '(\.\./)*(sms|kiosk)/' '"sms/tpdu.h"' db
rule 'sms/ does not know kiosk/' '(\.\./)*kiosk/' '"kiosk/window.h"' sms
rule 'kiosk/ does not know sms/' '(\.\./)*sms/' '"sms/tpdu.h"' kiosk
rule 'includes start at the root' '\.' '"../db/store.h"' charset db sms kiosk
rule 'GTK stays in kiosk/' '(gtk|gdk|pango|cairo)' '<gtk/gtk.h>' charset db sms
rule 'serial ports stay in sms/' 'libserialport' '<libserialport.h>' charset db kiosk
rule 'SQLite, sodium, sheet readers stay in db/' '(sqlite3|sodium|csv|zip|expat|xlsxwriter)\.h' '<sqlite3.h>' \
    charset sms kiosk
rule 'JSON trees stay above charset/' 'json-glib' '<json-glib/json-glib.h>' charset
rule 'iconv stays in charset/' 'iconv\.h' '<iconv.h>' db sms kiosk
rule 'no test helper in the product' 'tests/' '"tests/db/sample.h"' charset db sms kiosk

# a header of db/ that shows SQLite takes it to its includers: the front ends may not use those
number=$((number + 1))
shown=$(grep -lE '#include <sqlite3.h>' db/*.h | tr '\n' '|' | sed 's/|$//; s/\./\\./g')
found=$(includes . "($shown)" sms kiosk)
if [ -n "$shown" ] && [ -z "$found" ]; then
    printf 'ok %d - the front ends see no SQLite\n' $number
else
    printf 'not ok %d - the front ends see SQLite\n# %s\n' $number "$found"
fi
printf '1..%d\n' $number
