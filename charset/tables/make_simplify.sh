#!/bin/sh
# Prints the table of fold.c: [traditional - SIMPLIFY_FIRST] = simplified, sorted by the first.
# usage: make_simplify.sh EXCEPTIONS
# uconv does the mapping and the translation from and to \uXXXX, so that awk sees ASCII only and
# mawk is enough. Planes beyond the first hold no pair that people write.
set -eu
exceptions=$1
: "${UCONV:=uconv}"
table=$(mktemp -d)
trap 'rm -rf "$table"' EXIT

{
    awk 'BEGIN { for (c = 13312; c <= 40959; c++) printf "\\u%04X\n", c }' > "$table/from"
    "$UCONV" -f utf-8 -t utf-8 -x '::Hex-Any; ::Traditional-Simplified; ::[:Han:] Any-Hex;' \
        < "$table/from" > "$table/to"
    paste -d ' ' "$table/from" "$table/to"
    # the exceptions come last and win
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$exceptions" |
        "$UCONV" -f utf-8 -t utf-8 -x '::[:Han:] Any-Hex;'
} > "$table/pairs"

awk '
    length($1) == 6 && length($2) == 6 { to[$1] = $2 }
    END {
        for (c in to) {
            if (to[c] == c) continue
            if (to[c] in to && to[to[c]] != to[c]) {
                print "make_simplify.sh: " c " takes two steps" > "/dev/stderr"
                exit 1
            }
            printf "    [0x%s - SIMPLIFY_FIRST] = 0x%s,\n", substr(c, 3), substr(to[c], 3)
        }
    }
' "$table/pairs" > "$table/unsorted"
LC_ALL=C sort "$table/unsorted" > "$table/rows"

# fewer rows than this means that uconv lacked its data
[ "$(wc -l < "$table/rows")" -gt 2500 ] || { echo "make_simplify.sh: table too short" >&2; exit 1; }
echo '/* Made by charset/tables/make_simplify.sh; do not edit. */'
cat "$table/rows"
