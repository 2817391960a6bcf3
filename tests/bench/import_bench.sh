#!/bin/sh
# A million rows of 公示数据.csv in GBK: `iconv | sqlite3 .import` beside our parse + validate + load, in
# the same run, both on one core, seconds of CPU, medians of 3; then a million rows of 个人补贴.csv, check only.
set -eu
build=${BIANMIN_BUILD:-build}
rows=${ROWS:-1000000}
work=$(mktemp -d "${TMPDIR:-/tmp}/import_bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
command -v sqlite3 >/dev/null || { echo "import_bench: sqlite3 is not installed" >&2; exit 77; }
make -s WITH_KIOSK="${WITH_KIOSK:-1}" BUILD="$build" "$build/tests/bench/import_run" >/dev/null

mkdir "$work/figures" "$work/persons"
cp db/starter/事项.csv "$work/figures/"
cp db/starter/事项.csv "$work/persons/"
python3 - "$rows" "$work" <<'PYTHON'
import sys
rows, work = int(sys.argv[1]), sys.argv[2]
with open(work + "/figures/公示数据.csv", "w", encoding="gbk", newline="") as out:
    out.write("编号,年份,项目,指标,数值,单位,说明,来源\r\n")
    for i in range(rows):
        out.write("%s,%d,残疾人补贴%d,发放各类补贴金额,%d,万元,400多名,锦湖街道2023年工作报道\r\n"
                  % (("CL01", "CL02", "JZ01", "ZF02")[i % 4], 2023 + i % 3, i, i % 9999))
weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
with open(work + "/persons/个人补贴.csv", "w", encoding="gbk", newline="") as out:
    out.write("身份证号,姓名,手机号,项目,期间,金额,状态,发放日期,备注\r\n")
    for i in range(rows):
        s = "999999%04d%02d%02d%03d" % (1930 + i % 80, 1 + i // 80 % 12, 1 + i // 960 % 28, i // 26880 % 1000)
        s += "10X98765432"[sum(int(c) * w for c, w in zip(s, weights)) % 11]
        out.write("%s,王小明,154%08d,CL01,2023,4824.00,已发放,2023-12-31,示例数据\r\n" % (s, i))
PYTHON

median() { sort -n | sed -n 2p; }
one_core() { taskset -c 0 "$@"; }
report() { # a name; seconds and KiB of three runs on stdin
    median | awk -v name="$1" -v rows="$rows" \
        '{ printf "%-44s %7.2f s %10.0f rows/s %7.1f MiB\n", name, $1, rows / $1, $2 / 1024 }'
}

peer() { # both processes on one core: seconds of CPU, and the larger peak of the two
    rm -f "$work/peer.db"
    one_core /usr/bin/time -f '%U %S %M' sh -c "iconv -f GBK -t UTF-8 '$work/figures/公示数据.csv' |
        sqlite3 -cmd 'PRAGMA synchronous=OFF' -cmd '.mode csv' '$work/peer.db' '.import /dev/stdin figure'" 2>&1 | tail -1 | awk '{ print $1 + $2, $3 }'
}
ours() { # import_run prints the same of itself
    rm -f "$work/ours.db"
    one_core "$build/tests/bench/import_run" "$work/$1" "$work/ours.db"
}

for _ in 1 2 3; do peer >>"$work/peer"; ours figures >>"$work/mine"; ours persons >>"$work/checked"; done
wc -c <"$work/figures/公示数据.csv" | awk '{ printf "公示数据.csv: %.1f MB of GBK\n", $1 / 1e6 }'
report 'iconv | sqlite3 .import (no check)' <"$work/peer"
report 'bianmin: parse, validate, load' <"$work/mine"
report 'bianmin: 个人补贴.csv, check only' <"$work/checked"
