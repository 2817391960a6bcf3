#!/usr/bin/env python3
"""How fast questions are answered, and in how much memory, beside SQLite's own full text search.

$BIANMIN is the program. The peer is Debian's sqlite3 with an FTS5 trigram table of the same sheets: it ranks rows,
but knows no pinyin, no synonyms, no traditional characters, and cannot say that it does not know.
"""
import csv
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
STARTER = HERE / "../../db/starter"
QUESTIONS = HERE / "../search/dev.tsv"
PROGRAM = os.environ.get("BIANMIN", "build/bianmin")
COLD_RUNS = 50
BATCH_S = 3  # at least this long
COLD_MS_MAX, BATCH_PER_S_MIN, RSS_MIB_MAX = 40, 2000, 48


def questions():
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t")[1] for line in lines]


def make_peer(path):
    """An FTS5 table of everything the sheets say, a row a row."""
    sql = ["CREATE VIRTUAL TABLE t USING fts5(name, body, tokenize='trigram');", "BEGIN;"]
    for sheet in sorted(STARTER.glob("*.csv")):
        with open(sheet, encoding="utf-8-sig", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                cells = " ".join(row).replace("'", "''")
                name = row[1 if len(row) > 1 else 0].replace("'", "''")
                sql.append(f"INSERT INTO t VALUES ('{name}', '{cells}');")
    sql.append("COMMIT;")
    subprocess.run(["sqlite3", path], input="\n".join(sql), text=True, check=True)


def peer_query(question):
    text = re.sub(r"[^\w]", "", question)
    grams = [text[i:i + 3] for i in range(len(text) - 2)]
    if not grams:
        return f"SELECT name FROM t WHERE body LIKE '%{text}%' LIMIT 5;"
    return "SELECT name FROM t WHERE t MATCH '" + " OR ".join(f'"{g}"' for g in grams) + "' ORDER BY rank LIMIT 5;"


def cold(*commands):
    """Median milliseconds of each command, run in turn."""
    times = [[] for _ in commands]
    for _ in range(COLD_RUNS):
        for command, taken in zip(commands, times):
            began = time.perf_counter()
            run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            taken.append((time.perf_counter() - began) * 1000)
            assert run.returncode == 0, command
    return [statistics.median(taken) for taken in times]


def pin():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def batch(command, lines, answers):
    """Lines a second on one core, and the peak memory in MiB before the end of input."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=pin)
    data = "".join(line + "\n" for line in lines).encode()
    began = time.perf_counter()
    writer = threading.Thread(target=lambda: (process.stdin.write(data), process.stdin.flush()))
    writer.start()
    for _ in range(answers):
        assert process.stdout.readline()
    taken = time.perf_counter() - began
    writer.join()
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    process.stdin.close()
    process.wait()
    return len(lines) / taken, int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def main():
    asked = questions()
    with tempfile.TemporaryDirectory() as folder:
        peer, data = os.path.join(folder, "peer.db"), os.path.join(folder, "none")
        make_peer(peer)
        ours = [PROGRAM, "ask", "--data", data]
        ours_cold, peer_cold = cold(ours + ["低保"], ["sqlite3", "-readonly", peer, peer_query("低保")])
        # one round to learn how many it takes
        once, _ = batch(ours + ["--batch"], asked, len(asked))
        many = asked * max(1, round(once * BATCH_S / len(asked)))
        ours_rate, ours_rss = batch(ours + ["--batch"], many, len(many))
        # every peer query is closed by a line of its own, as it may find nothing or five rows
        ended = [peer_query(q).replace("\n", " ") + " SELECT '.';" for q in asked]
        count = len(subprocess.run(["sqlite3", "-readonly", peer], input="\n".join(ended), capture_output=True,
                                   text=True, check=True).stdout.splitlines())
        peer_rate, peer_rss = batch(["stdbuf", "-oL", "sqlite3", "-readonly", peer], ended, count)

    print(f"{'':34}{'bianmin':>10}{'sqlite3':>10}{'bar':>10}")
    print(f"{'cold “低保”, ms (median of ' + str(COLD_RUNS) + ')':32}{ours_cold:10.1f}{peer_cold:10.1f}{'<= ' + str(COLD_MS_MAX):>10}")
    print(f"{'questions/s, one core':34}{ours_rate:10.0f}{peer_rate:10.0f}{'>= ' + str(BATCH_PER_S_MIN):>10}")
    print(f"{'peak RSS, MiB':34}{ours_rss:10.1f}{peer_rss:10.1f}{'<= ' + str(RSS_MIB_MAX):>10}")
    held = ours_cold <= COLD_MS_MAX and ours_rate >= BATCH_PER_S_MIN and ours_rss <= RSS_MIB_MAX
    print("all bars held" if held else "A BAR IS MISSED")
    return 0


sys.exit(main())
