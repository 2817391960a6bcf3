#!/bin/sh
# Runs one fuzz target: run.sh BUILD X_fuzz SECONDS. The corpus is copied, so that what libFuzzer adds stays
# out of the tree; a finding lies in BUILD/crashes/.
set -eu
build=$1 name=$2 seconds=$3
subject=${name%_fuzz}
corpus=$build/corpus/$subject crashes=$build/crashes log=$build/$name.log

mkdir -p "$corpus" "$crashes"
if [ -d "tests/fuzz/corpus/$subject" ]; then cp -r "tests/fuzz/corpus/$subject/." "$corpus/"; fi
set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -artifact_prefix="$crashes/$subject-"
if [ -f "tests/fuzz/$subject.dict" ]; then set -- "$@" -dict="tests/fuzz/$subject.dict"; fi

if "$build/tests/fuzz/$name" "$@" "$corpus" >"$log" 2>&1; then
    printf '%-18s %s s: %s\n' "$subject" "$seconds" "$(grep -ao 'Done [0-9]* runs' "$log" || echo 'done')"
else
    tail -n 40 "$log"
    printf '%-18s FAILED: %s\n' "$subject" "$log" >&2
    exit 1
fi
