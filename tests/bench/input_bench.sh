#!/bin/sh
# What the kiosk's input methods cost: opening, memory, CPU time a key with the five candidates shown after it,
# and how often a text typed to its end stands first; "needed": keys until it is among the five. Typed: the
# names of the built-in topics. Handwriting is measured where its model is installed, on the drawings of
# HANZI_DRAWINGS=FOLDER (npm: hanzi-writer-data) if there are some.
set -eu
build=${BIANMIN_BUILD:-build}
model=${MODEL:-/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model}
strokes=${STROKE_DICT:-/usr/share/rime-data/stroke.dict.yaml}
make -s BUILD="$build" "$build/tests/bench/input" >/dev/null

# shellcheck disable=SC2086 # no argument without drawings
BIANMIN_RIME=$build/rime taskset -c 0 "$build/tests/bench/input" "$strokes" "$model" ${HANZI_DRAWINGS:-} |
    grep -v '^# random seed'
printf '\ndata: %s KiB in %s files\n' "$(du -sk "$build/rime" | cut -f1)" "$(find "$build/rime" -type f | wc -l)"
