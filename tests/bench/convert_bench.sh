#!/bin/sh
# A 90 MB sheet of an office, GBK: iconv(1) beside `bianmin convert` in the same run, medians of five.
# BIANMIN names the program. Fails if bianmin needs more than 1.5 times the time of iconv.
set -eu
: "${BIANMIN:=build/bianmin}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
BIANMIN=$BIANMIN python3 - "$folder/sheet.csv" <<'PYTHON'
import os
import statistics
import subprocess
import sys
import time

SIZE, RUNS, LIMIT = 90_000_000, 5, 1.5
path = sys.argv[1]
rows = "".join(
    f"{999999190001010000 + i},王{'明芳娟敏静'[i % 5]},困难残疾人生活补贴,{110 + i % 900}.00,2024-{i % 12 + 1:02},已发放,第{i % 40}社区\n"
    for i in range(20000))
for charset in "gbk", "gb18030":
    block = rows.encode(charset)
    with open(f"{path}.{charset}", "wb") as file:
        for _ in range(SIZE // len(block) + 1):
            file.write(block)


def run(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


failed = False
print(f"convert, {os.path.getsize(path + '.gbk') / 1e6:.0f} MB sheet → UTF-8     median s   of iconv")
for charset in "gbk", "gb18030":
    file = f"{path}.{charset}"
    peer, ours = [], []
    for _ in range(RUNS):
        peer.append(run(["iconv", "-f", charset, "-t", "utf-8", file]))
        ours.append(run([os.environ["BIANMIN"], "convert", "--from", charset, file]))
    base = statistics.median(peer)
    for name, runs in ("iconv", peer), ("bianmin convert", ours):
        seconds = statistics.median(runs)
        print(f"  {charset:8} {name:28} {seconds:8.3f} {seconds / base:8.2f}×")
    failed = failed or seconds > LIMIT * base
sys.exit("slower than 1.5 times iconv" if failed else 0)
PYTHON
