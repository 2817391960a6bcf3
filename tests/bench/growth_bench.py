#!/usr/bin/env python3
"""How answering grows with the catalogue: time, memory and accuracy, beside SQLite's FTS5 and Xapian.

The built-in starter with the labelled questions of tests/search, then made-up catalogues (growth_words.py) with 1,000
questions each; every engine gets the same texts and questions, alone in a process on one core.
  bianmin  what a front end does: a question in UTF-8 is folded, taken apart, scored; nothing is left out of the time.
  FTS5     bigrams of characters joined with OR, bm25 with the title five times as heavy, best 5. The question was cut
           into grams beforehand: only binding and stepping are timed. In memory, without the text.
  Xapian   characters and bigrams joined with OR, BM25, the title five times as heavy, best 5. Only get_mset is timed.
           Files in memory (tmpfs). From Debian's python3-xapian; without it, its rows say so.
           The Python binding's share is about 3 µs a question.
p50, p99: over the questions, each with the lower median of its own times.
octets: what a topic takes beyond its text, of the process's own memory after loading (Xapian: of its files).
"""
import csv
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is built in the tree
import growth_words

HERE = pathlib.Path(__file__).resolve().parent
STARTER = HERE / "../../db/starter"
SEARCH = HERE / "../search"
BUILD = pathlib.Path(os.environ.get("BIANMIN_BUILD", "build"))
GROWTH = BUILD / "tests/bench/growth"
SIZES = [int(size) for size in os.environ.get("SIZES", "1000 10000 100000").split()]
QUESTIONS, SEED = 1000, 20240601
TITLE_WEIGHT = 5
ROUNDS_MAX, ROUNDS_MS = 25, 8000  # as in growth.c
P99_MS_MAX, OCTETS_MAX = 5, 1024
STARTER_P99_MS_MAX, STARTER_PER_S_MIN, STARTER_LOAD_MS_MAX = 0.2, 20000, 5


# ---- texts, cut for the peers ----

def grams(text, singles=False):
    """Bigrams of each run of Han characters, a run of others whole; characters alone only if asked for, or lonely."""
    found, run = [], ""
    for c in text + "\n":
        is_han = "\u4e00" <= c <= "\u9fff"
        if run and (not c.isalnum() or is_han != ("\u4e00" <= run[-1] <= "\u9fff")):
            if "\u4e00" <= run[0] <= "\u9fff":
                found += [run[i:i + 2] for i in range(len(run) - 1)]
                found += list(run) if singles or len(run) == 1 else []
            else:
                found.append(run.lower())
            run = ""
        if c.isalnum():
            run += c
    return found


def starter():
    """Topics as (code, title and other names, everything else, whatever sheet it stands on), octets of text."""
    names, bodies, octets = {}, {}, 0
    for sheet in ("事项", "问答", "公示数据", "工程项目"):
        with open(STARTER / (sheet + ".csv"), encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                code = row.pop("编号")
                octets += len("".join(row.values()).encode())
                if sheet == "事项":
                    names[code] = row.pop("名称") + " " + row.pop("别名")
                bodies[code] = bodies.get(code, "") + " " + " ".join(row.values())
    return [(code, names[code], bodies[code]) for code in names], octets


def labelled(*files):
    """Pairs (code|code…, question); the code of what has no answer is NONE."""
    rows = [line.split("\t") for file in files for line in (SEARCH / file).read_text("utf-8").splitlines()[1:]]
    return [(row[3], row[1]) for row in rows]


# ---- a work folder's files ----

def write(path, rows):
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def write_questions(path, questions):
    write(path, [(code, text, " OR ".join('"%s"' % gram for gram in grams(text)) or '""')
                 for code, text in questions])


def write_texts(folder, topics):
    """Rows (code, title, body) cut into grams: bigrams for FTS5, with characters alone for Xapian."""
    for name, singles in (("bigrams", False), ("grams", True)):
        write(folder / name, ((code, " ".join(grams(title, singles)), " ".join(grams(body, singles)))
                              for code, title, body in topics))


# ---- Xapian, in a process of its own ----

def xapian_load(path, rows):
    import xapian
    database = xapian.WritableDatabase(path, xapian.DB_CREATE_OR_OVERWRITE | xapian.DB_NO_SYNC)
    codes = []
    for line in open(rows, encoding="utf-8"):
        code, title, body = line.rstrip("\n").split("\t")
        document = xapian.Document()
        for cut, weight in ((title, TITLE_WEIGHT), (body, 1)):
            for gram in cut.split():
                document.add_term(gram[:60], weight)
        database.add_document(document)
        codes.append(code)
    database.commit()
    database.close()
    return xapian.Database(path), codes


def xapian_ask(enquire, query):
    enquire.set_query(query)
    began = time.perf_counter()
    found = enquire.get_mset(0, 5)
    return (time.perf_counter() - began) * 1000, found


def xapian_run(folder):
    """Prints what growth.c prints."""
    import xapian
    folder = pathlib.Path(folder)
    began = time.perf_counter()
    database, codes = xapian_load(str(folder / "xapian"), folder / "grams")
    load_s = time.perf_counter() - began
    size = sum(file.stat().st_size for file in (folder / "xapian").iterdir())
    enquire = xapian.Enquire(database)
    texts = [line.split("\t")[1] for line in open(folder / "questions", encoding="utf-8")]
    queries = [xapian.Query(xapian.Query.OP_OR, sorted(set(grams(text, True)))) for text in texts]
    tries = [[xapian_ask(enquire, query) for query in queries]]
    rounds = int(min(max(ROUNDS_MS / sum(ms for ms, _ in tries[0]), 2), ROUNDS_MAX))
    tries += [[xapian_ask(enquire, query) for query in queries] for _ in range(1, rounds)]
    print(load_s, size, rounds * len(queries), sum(ms for try_ in tries for ms, _ in try_) / 1000, sep="\t")
    for times in zip(*tries):
        print(statistics.median_low(ms for ms, _ in times), *[codes[hit.docid - 1] for hit in times[0][1]], sep="\t")


def python_with_xapian():
    """Debian's package belongs to Debian's Python, which need not be the one that runs this."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import xapian"], stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


# ---- measuring ----

def pin():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(command):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=True,
                          preexec_fn=pin).stdout


class Measured:
    def __init__(self, output, questions, topics, text_octets):
        first, *lines = [line.split("\t") for line in output.splitlines()]
        assert len(lines) == len(questions)
        times = sorted(float(line[0]) for line in lines)
        self.load_s, self.octets = float(first[0]), (int(first[1]) - text_octets) / topics
        self.per_s = int(first[2]) / float(first[3])
        self.p50, self.p99 = times[len(times) // 2], times[len(times) * 99 // 100]
        right = [(line[1:], code.split("|")) for line, (code, _) in zip(lines, questions)]
        self.first, self.three = [[bool(set(found[:n]) & set(codes)) for found, codes in right] for n in (1, 3)]
        self.top1, self.top3 = 100 * statistics.mean(self.first), 100 * statistics.mean(self.three)

    def row(self):
        return (f"{self.load_s:8.3f}{self.octets:9.0f}{self.p50:9.3f}{self.p99:9.3f}"
                f"{self.top1:8.1f}{self.top3:8.1f}")


def print_row(topics, engine, measured):
    print(f"{topics:>8} {engine:9}{measured.row() if measured else '   not installed'}", flush=True)


def measure(folder, ours, topics, text_octets, questions, python):
    """A row an engine. The texts and questions are in `folder`; `ours` is what growth.c shall open."""
    count, path = len(topics), folder / "questions"
    write_questions(path, questions)
    write_texts(folder, topics)
    engines = {"bianmin": ([GROWTH, "ours", ours, path], text_octets),
               "FTS5": ([GROWTH, "fts5", folder / "bigrams", path], 0)}
    if python:
        engines["Xapian"] = ([python, __file__, "--xapian", folder], 0)
    found = {}
    for engine in ("bianmin", "FTS5", "Xapian"):
        if engine in engines:
            command, octets = engines[engine]
            found[engine] = Measured(run(command), questions, count, octets)
        print_row(count, engine, found.get(engine))
    return found


def measure_size(folder, size, python):
    rows, parts = growth_words.make_topics(size, SEED)
    write(folder / "topics", rows)
    (folder / "catalogue.db").unlink(missing_ok=True)
    run([GROWTH, "make", folder / "topics", folder / "catalogue.db"])
    octets = sum(len("".join(row).encode()) for row in rows)
    questions = growth_words.make_questions(rows, parts, QUESTIONS, SEED + size)
    topics = [(code, title, short + description) for code, title, short, description in rows]
    return measure(folder, folder / "catalogue.db", topics, octets, questions, python)


def measure_starter(folder):
    """The bars of the content as it ships: the dev questions in one process, and ms to load."""
    questions = labelled("dev.tsv")
    write_questions(folder / "questions", questions)
    asked = Measured(run([GROWTH, "ours", "-", folder / "questions"]), questions, 1, 0)
    return asked, float(run([GROWTH, "loading"]))


# ---- bars ----

def lost_and_won(mine, theirs):
    """A difference within two standard errors may be the other way round with other questions."""
    lost, won = sum(t > m for m, t in zip(mine, theirs)), sum(m > t for m, t in zip(mine, theirs))
    chance = " (within chance)" if lost - won <= 2 * (lost + won) ** 0.5 else ""
    return f"{lost} questions lost, {won} won{chance}"


def growth_misses(size, found):
    ours = found["bianmin"]
    for engine, peer in found.items():
        if engine == "bianmin":
            continue
        if ours.p50 >= peer.p50 or ours.p99 >= peer.p99:
            yield f"{size} topics: not faster than {engine}"
        for name, mine, theirs in (("top-1", ours.first, peer.first), ("top-3", ours.three, peer.three)):
            if sum(mine) < sum(theirs):
                yield f"{size} topics: {name} below {engine}'s, {lost_and_won(mine, theirs)}"
    if size == 100000 and ours.p99 > P99_MS_MAX:
        yield f"{size} topics: p99 {ours.p99:.1f} ms, not <= {P99_MS_MAX}"
    if size >= 1000 and ours.octets > OCTETS_MAX:
        yield f"{size} topics: {ours.octets:.0f} octets a topic, not <= {OCTETS_MAX}"


def starter_misses(starter_, loading_ms):
    for name, value, is_held, bar in (
            ("p99, ms", starter_.p99, starter_.p99 < STARTER_P99_MS_MAX, f"< {STARTER_P99_MS_MAX}"),
            ("questions/s, one core", starter_.per_s, starter_.per_s >= STARTER_PER_S_MIN, f">= {STARTER_PER_S_MIN}"),
            ("loading, ms (median of 20)", loading_ms, loading_ms < STARTER_LOAD_MS_MAX, f"< {STARTER_LOAD_MS_MAX}")):
        print(f"{name:30}{value:10.3f}{bar:>10}")
        if not is_held:
            yield f"the starter's {name}: {value:.3f}, not {bar}"


def build():
    subprocess.run(["make", "-s", "WITH_KIOSK=" + os.environ.get("WITH_KIOSK", "1"),
                    f"BUILD={os.path.relpath(BUILD)}", os.path.relpath(GROWTH)], check=True, stdout=subprocess.DEVNULL)


def main():
    python = python_with_xapian()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    build()
    misses = []
    print(f"{'topics':>8} {'engine':9}{'load s':>8}{'octets':>9}{'p50 ms':>9}{'p99 ms':>9}{'top-1 %':>8}{'top-3 %':>8}")
    with tempfile.TemporaryDirectory(dir=memory) as name:
        folder = pathlib.Path(name)
        topics, octets = starter()
        questions = [(codes, text) for codes, text in labelled("dev.tsv", "own_fit.tsv", "own_held.tsv") if codes != "NONE"]
        misses += growth_misses(len(topics), measure(folder, "-", topics, octets, questions, python))
        for size in SIZES:
            misses += growth_misses(size, measure_size(folder, size, python))
        asked, loading_ms = measure_starter(folder)
    print(f"\n{'the starter, dev.tsv':30}{'bianmin':>10}{'bar':>10}\n{'p50, ms':30}{asked.p50:10.3f}")
    misses += starter_misses(asked, loading_ms)
    print("growth: p99 <= %d ms at 100000, <= %d octets a topic, faster than each peer (p50 and p99) and as accurate (top-1 and top-3)"
          % (P99_MS_MAX, OCTETS_MAX))
    print("\n".join("A BAR IS MISSED: " + miss for miss in misses) or "all bars held")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--xapian"]:
        xapian_run(sys.argv[2])
    else:
        main()
