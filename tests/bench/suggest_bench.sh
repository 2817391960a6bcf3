#!/bin/sh
# What a key of type-ahead costs: the starter content, then 10^3, 10^4, 10^5 topics made of its words, beside
# SQLite's FTS5 (prefix indexes) and LIKE in the same run, on one core. Columns: CPU time a key (typed key by key:
# titles and the questions of tests/search/dev.tsv); of the titles typed, how many were shown at some key, how
# many stood first at the last key, and after what share of their keys they were shown.
set -eu
build=${BIANMIN_BUILD:-build}
make -s WITH_KIOSK="${WITH_KIOSK:-1}" BUILD="$build" "$build/tests/bench/suggest" >/dev/null

for topics in '' ${SIZES:-1000 10000 100000}; do
    # shellcheck disable=SC2086 # no argument for the starter
    taskset -c 0 "$build/tests/bench/suggest" tests/search/dev.tsv $topics | grep -v '^# random seed'
    echo
done
