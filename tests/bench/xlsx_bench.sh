#!/bin/sh
# A workbook of 公示数据 with 100,000 rows: xlsx2csv (Debian), which only unpacks it, beside our parse + validate +
# load, in the same run on one core; seconds of CPU, medians of 3. Bars: 180,000 rows/s, 96 MiB. Then writing it:
# XlsxWriter (Python, constant_memory) beside our export --xlsx, which reads back what it wrote.
set -eu
build=${BIANMIN_BUILD:-build}
rows=${ROWS:-100000}
python=/usr/bin/python3 # Debian's, for its python3-xlsxwriter
work=$(mktemp -d "${TMPDIR:-/tmp}/xlsx_bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$python" -c 'import xlsxwriter' 2>/dev/null || { echo "xlsx_bench: python3-xlsxwriter is not installed" >&2; exit 77; }
make -s WITH_KIOSK="${WITH_KIOSK:-1}" BUILD="$build" "$build/tests/bench/import_run" >/dev/null

mkdir "$work/figures"
cp db/starter/事项.csv "$work/figures/"
cat >"$work/write.py" <<'PYTHON'
import sys
import xlsxwriter
rows, path = int(sys.argv[1]), sys.argv[2]
book = xlsxwriter.Workbook(path, {"constant_memory": len(sys.argv) > 3})
sheet = book.add_worksheet()
sheet.write_row(0, 0, ("编号", "年份", "项目", "指标", "数值", "单位", "说明", "来源"))
for i in range(rows):
    sheet.write_row(1 + i, 0, (("CL01", "CL02", "JZ01", "ZF02")[i % 4], 2023 + i % 3, "残疾人补贴%d" % i,
                               "发放各类补贴金额", i % 9999 / 100, "万元", "400多名", "锦湖街道2023年工作报道"))
book.close()
PYTHON
"$python" "$work/write.py" "$rows" "$work/figures/公示数据.xlsx"

median() { sort -n | sed -n 2p; }
one_core() { taskset -c 0 "$@"; }
report() { # a name; seconds and KiB of three runs on stdin
    median | awk -v name="$1" -v rows="$rows" \
        '{ printf "%-44s %7.2f s %10.0f rows/s %7.1f MiB\n", name, $1, rows / $1, $2 / 1024 }'
}
peer() { one_core /usr/bin/time -f '%U %S %M' xlsx2csv "$work/figures/公示数据.xlsx" "$work/peer.csv" 2>&1 | tail -1 | awk '{ print $1 + $2, $3 }'; }
ours() { # import_run prints the same of itself
    rm -f "$work/ours.db"
    one_core "$build/tests/bench/import_run" "$work/figures" "$work/ours.db"
}

seconds_of() { one_core /usr/bin/time -f '%U %S %M' "$@" 2>&1 >/dev/null | tail -1 | awk '{ print $1 + $2, $3 }'; }
write_peer() { seconds_of "$python" "$work/write.py" "$rows" "$work/peer.xlsx" constant_memory; }
write_ours() { seconds_of "$build/bianmin" --data "$work/data" export "$work/out" --xlsx --force; }

"$build/bianmin" --data "$work/data" update "$work/figures" --yes --fresh >/dev/null
for _ in 1 2 3; do
    write_ours >>"$work/wrote"
    write_peer >>"$work/peer_wrote"
    ours >>"$work/mine"
    if command -v xlsx2csv >/dev/null; then peer >>"$work/peer"; fi
done
wc -c <"$work/figures/公示数据.xlsx" | awk '{ printf "公示数据.xlsx: %.1f MB\n", $1 / 1e6 }'
if [ -s "$work/peer" ]; then report 'xlsx2csv (unpacks only)' <"$work/peer"; else echo 'xlsx2csv: not installed'; fi
report 'bianmin: parse, validate, load' <"$work/mine"
report 'XlsxWriter (Python): write' <"$work/peer_wrote"
report 'bianmin export --xlsx: write, read back' <"$work/wrote"
