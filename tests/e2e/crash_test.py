#!/usr/bin/env python3
"""Publication under faults: every file operation of it fails, is cut short, or is the last one, in turn.

The ways to publish: update with a folder, with a signed package, in conversation with the staff page (update --serve),
and rollback. After each fault readers must get exactly the old or the new content without a warning, what was reported
as done must be in force, nobody may have got a try at a PIN for nothing, no package's version may have gone back, the
next publication must succeed, and nothing may be left over.

Of operations that repeat (a database's pages) the first, the last and some between are tried, and operations and modes
take turns. CRASH_ALL=1: every operation in every mode, and 200 kills; CRASH_KILLS: how many random kills.
"""
import contextlib
import csv
import ctypes
import ctypes.util
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from tap import Tap, starter_folder

BUILD = os.environ.get("BIANMIN_BUILD", "build")
BIANMIN = os.environ.get("BIANMIN", os.path.join(BUILD, "bianmin"))
SHIM = os.path.join(BUILD, "tests", "e2e", "fault_shim.so")
MODES = ["eio", "enospc", "short", "torn", "kill", "after", "power", "power-meta", "power-torn"]
ALL = os.environ.get("CRASH_ALL", "0") not in ("", "0")
# under the sanitizers a third of the operations: all of them are tried without
STRIDE = 1 if os.environ.get("SANITIZE") in (None, "", "0") else 3
# each operation is tried in a part of the modes: in every second, fourth, seventh
TURNS, SHORT_TURNS, LONG_TURNS = (1, 1, 1) if ALL else (2, 4, 7)
KILLS = int(os.environ.get("CRASH_KILLS", 200 if ALL else 40 // STRIDE))
SERVE_KILLS = KILLS if ALL else KILLS // 3
DISK_SIZE = 4 << 20
DISK_STEPS = [*range(0, 24, 2), *range(32, 580, 48)]  # pages; the whole starter takes some 500 of them
DISK_STEPS_TRIED = DISK_STEPS[::-STRIDE]  # the roomiest among them: it has to succeed
EXPECTED_NAMES = {"audit", "content", "current", "previous", "update"}
EXPECTED_IN_UPDATE = {"lock", "pepper", "report", "trust.db"}
REFUSED = {65, 66, 69, 73, 74, 75}  # sysexits.h; not 70: that would be our mistake
SECONDS_MAX = 60
PIN, WRONG_PIN, TRIES = "738291", "555666", 2


class Sheets:
    """Folders of sheets to publish: a few topics each, so that a run is short; and the whole starter."""

    def __init__(self, top):
        self.big = starter_folder()
        with open(os.path.join(self.big, "事项.csv"), encoding="utf-8-sig", newline="") as source:
            rows = list(csv.reader(source))
        self.folder, self.small = {}, {}
        for count in (2, 3, 4):
            folder = self.folder[count] = os.path.join(top, f"sheets-{count}")
            os.mkdir(folder)
            with open(os.path.join(folder, "事项.csv"), "w", encoding="utf-8", newline="") as target:
                csv.writer(target).writerows(rows[:1 + count])
            self.small[count] = Way(["update", folder, "--fresh", "--yes"])
        self.whole = Way(["update", self.big, "--fresh", "--yes"])
        self.edited = os.path.join(top, "edited")
        shutil.copytree(self.big, self.edited)
        with open(os.path.join(self.edited, "公告.csv"), "a", encoding="utf-8") as target:
            target.write("停水通知,明天上午停水检修。,2024-01-01,2024-01-02,社区生活\n")


class Way:
    """A command line, and what is said to it."""

    def __init__(self, words, lines=(), is_serve=False):
        self.words, self.is_serve = words, is_serve
        self.said = "".join(json.dumps(line) + "\n" for line in lines)

    @classmethod
    def serve(cls, stick, has_mistake=True):
        lines = [{"do": "hello"}, {"do": "enter", "pin": PIN}, {"do": "check"}, {"do": "publish"}]
        if has_mistake:
            lines.insert(1, {"do": "enter", "pin": WRONG_PIN})
        # phones and removals are confirmed by the one person there is; in vain where nothing asks for it
        lines[-1:] = [{"do": "second", "id": "", "pin": PIN}, lines[-1]]
        return cls(["update", "--serve", stick], lines, True)

    def is_done(self, done):
        return '"is":"published"' in done.stdout if self.is_serve else done.returncode == 0

    def is_refused_well(self, done):
        if self.is_serve:
            return done.returncode == 0 and ('"failed"' in done.stdout or '"published"' in done.stdout)
        return done.returncode == 0 or (done.returncode in REFUSED and done.stderr.strip() != "")


class Case:
    """One data folder with generations published in it, and a shadow beside it."""

    def __init__(self, template=None):
        self.top = tempfile.mkdtemp(prefix="crash-")
        self.data = os.path.join(self.top, "data")
        self.shadow = os.path.join(self.top, "shadow")
        os.mkdir(self.shadow)
        if template:
            shutil.copytree(template, self.data, symlinks=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def command(self, *words):
        return [BIANMIN, "--data", self.data, *words]

    def run(self, way, fault=None, at=0, log=None):
        env = dict(os.environ)
        if fault or log:
            env.update(LD_PRELOAD=SHIM, FAULT_DIR=self.data, FAULT_AT=str(at), FAULT_MODE=fault or "",
                       FAULT_SHADOW=self.shadow)
            env["ASAN_OPTIONS"] = "verify_asan_link_order=0:" + env.get("ASAN_OPTIONS", "")
        if log:
            env["FAULT_LOG"] = log
        return subprocess.run(self.command(*way.words), env=env, input=way.said, capture_output=True, text=True,
                              check=False, timeout=SECONDS_MAX)

    def must(self, *words):
        return subprocess.run(self.command(*words), check=True, capture_output=True, text=True).stdout

    def served(self):
        got = self.run(Way(["status", "--json"]))
        if got.returncode != 0 or got.stderr:
            return f"status {got.returncode}: {got.stderr.strip()}"
        return json.loads(got.stdout)["digest"]

    def leftovers(self):
        found = set(os.listdir(self.data)) - EXPECTED_NAMES
        found |= {n for n in os.listdir(os.path.join(self.data, "content")) if not n.endswith(".db")}
        update = os.path.join(self.data, "update")
        if os.path.isdir(update):
            found |= set(os.listdir(update)) - EXPECTED_IN_UPDATE
        report = os.path.join(update, "report")
        if os.path.isdir(report) and len(os.listdir(report)) > 1:
            found |= set(os.listdir(report))
        return sorted(found)

    def trust(self, columns):
        """One row of trust.db, as the product would find it: a copy is opened, the -wal with it."""
        folder = os.path.join(self.data, "update")
        with tempfile.TemporaryDirectory() as copy:
            for name in ("trust.db", "trust.db-wal"):
                if os.path.exists(os.path.join(folder, name)):
                    shutil.copy(os.path.join(folder, name), copy)
            with contextlib.closing(sqlite3.connect(os.path.join(copy, "trust.db"))) as db:
                return db.execute(f"SELECT {columns}").fetchone()


def digest_of(way):
    with Case() as case:
        case.run(way)
        return case.served()


def cheapen(data):
    """The holder's PIN hashed anew at the lowest cost: a conversation takes milliseconds, not seconds (pin.c)."""
    sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
    assert sodium.sodium_init() >= 0
    with open(os.path.join(data, "update", "pepper"), "rb") as source:
        pepper = source.read()

    def blake(octets, key):
        out = ctypes.create_string_buffer(32)
        assert sodium.crypto_generichash(out, ctypes.c_size_t(32), octets, ctypes.c_ulonglong(len(octets)), key,
                                         ctypes.c_size_t(len(key))) == 0
        return out.raw

    with contextlib.closing(sqlite3.connect(os.path.join(data, "update", "trust.db"))) as db:
        holder, salt = db.execute("SELECT id, salt FROM holder").fetchone()
        peppered = blake(f"pin\0{holder}\0{PIN}".encode(), blake(b"pw", pepper))
        out = ctypes.create_string_buffer(32)
        assert sodium.crypto_pwhash(out, ctypes.c_ulonglong(32), peppered, ctypes.c_ulonglong(32), bytes.fromhex(salt),
                                    ctypes.c_ulonglong(1), ctypes.c_size_t(8192), ctypes.c_int(2)) == 0
        db.execute("UPDATE holder SET octets = 8192, passes = 1, pin = ?, tries = ?", (out.raw.hex(), TRIES))
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# ---- what must hold whatever went wrong: lists of complaints ----
def check_tries(case, done, _served, _new):
    """Two wrong tries were on record; the conversation is one more wrong one, then the right PIN twice."""
    tries, locks, label = case.trust("tries, locks, label FROM holder")
    allowed = {0, TRIES, TRIES + 1, TRIES + 2, 1}
    if '"is":"refused"' in done.stdout:
        allowed -= {TRIES}
    if '"is":"entered"' in done.stdout:
        allowed = {0, 1}
    return [] if tries in allowed and locks == 0 and label == "王姐" else [f"tries {tries}, locks {locks}, {label}"]


def check_version(old_version, new_version):
    def check(case, done, served, new):
        version, distrusted = case.trust("version, distrusted FROM package_key WHERE label = '总站'")
        # never behind the content: an older package would be taken
        allowed = {new_version} if served == new or done.returncode == 0 else {old_version, new_version}
        return [] if version in allowed and not distrusted else [f"version {version} of {allowed}"]
    return check


def check_after(case, way, done, old, new, again, also):
    bad = []
    served = case.served()
    if served not in (old, new):
        bad.append(f"served {served}")
    if way.is_done(done) and served != new:
        bad.append("success reported, but the old content is served")
    if done.returncode != -signal.SIGKILL and not way.is_refused_well(done):
        bad.append(f"exit {done.returncode} {done.stderr.strip()[-300:]} {done.stdout.strip()[-300:]}")
    if also:
        bad += also(case, done, served, new)
    repeated = case.run(again)
    if not again.is_done(repeated):
        bad.append(f"the next update failed: {repeated.stderr.strip()} {repeated.stdout.strip()[-300:]}")
    if case.leftovers():
        bad.append(f"left over: {case.leftovers()}")
    return bad


# ---- every operation ----
def repeats(operations, at):
    """In the midst of many of the same kind on the same file: one in eight of those is enough."""
    same = operations[at - 1:at + 2] if at > 0 else []
    return not ALL and len(same) == 3 and len(set(same)) == 1 and at % 8 != 0


def every_operation(mode, template, way, old, new, again, also=None, turns=1):
    bad, tried = [], 0
    with Case(template) as case:
        log = os.path.join(case.top, "log")
        clean = case.run(way, log=log)
        if not way.is_done(clean) or case.served() != new:
            return [f"does not even work without a fault: {clean.stdout} {clean.stderr}"], 0
        with open(log, encoding="utf-8") as lines:
            operations = [tuple(line.split(None, 2)[1:]) for line in lines]
    operations = [(what, name.replace(case.top, "")) for what, name in operations]
    if mode.startswith("power"):
        operations.append(("the end", ""))  # what was reported as done must be on the disk
    for at, operation in enumerate(operations, 1):
        if mode in ("short", "torn") and operation[0] != "write":
            continue
        is_last = operation[0] == "the end"
        if not is_last and (repeats(operations, at - 1) or (at + MODES.index(mode)) % (STRIDE * turns)):
            continue
        tried += 1
        with Case(template) as case:
            done = case.run(way, fault=mode, at=at)
            where = f"{mode} at {at} ({' '.join(operation).strip()})"
            bad += [f"{where}: {line}" for line in check_after(case, way, done, old, new, again, also)]
    return bad, tried


# ---- at random ----
def random_kills(template, way, old, again, count):
    """One run is timed, then as many are interrupted somewhere within that time: OSTree's way."""
    bad, switched = [], 0
    generator = random.Random(12345)
    with Case(template) as case:
        start = time.monotonic()
        case.run(way)
        span, new = time.monotonic() - start, case.served()
    for i in range(count):
        with Case(template) as case, tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            said.write(way.said)
            said.seek(0)
            with subprocess.Popen(case.command(*way.words), stdin=said, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as child:
                time.sleep(generator.random() * span * 1.2)
                child.kill()
            served = case.served()
            switched += served == new
            if served not in (old, new):
                bad.append(f"kill {i}: served {served}")
            if not again.is_done(case.run(again)) or case.leftovers():
                bad.append(f"kill {i}: not clean afterwards: {case.leftovers()}")
    return bad, switched


# ---- a full disk ----
@contextlib.contextmanager
def small_disk(kind, top, folder):
    """A file system of DISK_SIZE on `folder`; None, or why there is none."""
    os.mkdir(folder)
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "tmpfs", folder]
    if kind == "ext4":
        image = os.path.join(top, "image")
        with open(image, "wb") as disk:
            disk.truncate(DISK_SIZE)
        if not shutil.which("mkfs.ext4", path=os.environ.get("PATH", "") + ":/sbin:/usr/sbin"):
            yield "no mkfs.ext4"
            return
        subprocess.run(["/sbin/mkfs.ext4", "-q", "-m", "0", image], check=True, capture_output=True)
        words = ["mount", "-o", "loop", image, folder]
    mounted = subprocess.run(words, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        yield "mounting is not permitted: " + mounted.stderr.strip()
        return
    try:
        yield None
    finally:
        subprocess.run(["umount", folder], check=True)


def leave_pages(folder, pages):
    """A file that takes everything else."""
    free = os.statvfs(folder)
    rest = free.f_bavail * free.f_frsize - pages * 4096
    with open(os.path.join(folder, "ballast"), "wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, max(rest, 4096))


def check_full(case, way, old, new, where):
    done = case.run(way)
    served, bad = case.served(), []
    if served != (new if way.is_done(done) else old):
        bad.append(f"{where}: {done.stdout[-300:]}, served {served}")
    if not way.is_refused_well(done) or (not way.is_done(done) and "磁盘" not in done.stdout + done.stderr):
        bad.append(f"{where}: exit {done.returncode} {done.stderr.strip()} {done.stdout[-300:]}")
    os.unlink(os.path.join(case.data, "ballast"))
    if not way.is_done(done) and not way.is_done(case.run(way)):
        bad.append(f"{where}: not even when there is room again")
    if set(case.leftovers()) - {"lost+found"}:
        bad.append(f"{where}: left over {case.leftovers()}")
    return bad, int(not way.is_done(done))


def full_disk(kind, template, way, old, new):
    """A disk with so many pages left, each number in turn. Complaints, updates refused, why skipped."""
    bad, refused = [], 0
    for pages in DISK_STEPS_TRIED:
        with Case() as case, small_disk(kind, case.top, case.data) as trouble:
            if trouble:
                return [], 0, trouble
            shutil.copytree(template, case.data, symlinks=True, dirs_exist_ok=True)
            leave_pages(case.data, pages)
            complaints, count = check_full(case, way, old, new, f"{pages} pages")
            bad += complaints
            refused += count
    if refused in (0, len(DISK_STEPS_TRIED)):
        bad.append(f"{refused} refused: the steps say nothing")
    return bad, refused, None


# ---- the ways ----
def make_packages(top, sheets):
    """A machine that makes packages of each of the small sheets. Their files, and its public key."""
    files = {}
    with Case() as master:
        for count in (2, 3, 4):
            master.must(*sheets.small[count].words)
            files[count] = os.path.join(top, f"package-{count}.bmp")
            master.must("package", "make", files[count])
        key = json.loads(master.must("package", "key", "--json"))["key"]
    return files, key


def enrol(case, top):
    pin_file, stick = os.path.join(top, "pin"), os.path.join(top, "stick")
    os.mkdir(stick)
    with open(pin_file, "w", encoding="ascii") as target:
        target.write(PIN + "\n")
    case.must("stick", "enrol", stick, "--label", "王姐", "--pin-file", pin_file)
    cheapen(case.data)
    return os.path.join(stick, "便民密钥.bin")


def stick_with(top, key_file, folder, name):
    stick = os.path.join(top, name)
    shutil.copytree(folder, stick)
    shutil.copy(key_file, stick)
    return stick


def sweep(tap, name, template, way, old, new, again, also=None, turns=TURNS):
    for mode in MODES:
        start = time.monotonic()
        bad, count = every_operation(mode, template, way, old, new, again, also, turns)
        tap.result(f"{name}, {mode} at every operation", bad, f" ({count} tried, {time.monotonic() - start:.0f} s)")


def try_updates(tap, base, sheets, old, new):
    two, three, four = (sheets.small[n] for n in (2, 3, 4))
    with Case() as empty, Case() as twice:
        sweep(tap, "update", base.data, three, old, new, four)
        os.mkdir(empty.data)
        sweep(tap, "first update", empty.data, three, empty.served(), new, four, turns=SHORT_TURNS)
        for way in (two, three, two):
            twice.run(way)
        sweep(tap, "rollback", twice.data, Way(["rollback"]), old, new, four, turns=SHORT_TURNS)


def try_package(tap, sheets, old, new):
    with Case() as case:
        files, key = make_packages(case.top, sheets)
        case.must("package", "trust", key, "--label", "总站")
        case.must("update", files[2], "--yes")
        before = case.trust("version FROM package_key WHERE label = '总站'")[0]
        way, again = (Way(["update", files[n], "--yes"]) for n in (3, 4))
        sweep(tap, "package", case.data, way, old, new, again, check_version(before, before + 1), LONG_TURNS)


def try_serve(tap, base, sheets, old, new):
    with Case(base.data) as case:
        key_file = enrol(case, case.top)
        folders = (sheets.folder[3], sheets.folder[4], sheets.big, sheets.edited)
        three, four, big, edited = (stick_with(case.top, key_file, folder, f"stick-{i}") for i, folder in enumerate(folders))
        way, again, whole = Way.serve(three), Way.serve(four, False), Way.serve(big)
        sweep(tap, "staff page", case.data, way, old, new, again, check_tries, LONG_TURNS)
        bad, switched = random_kills(case.data, whole, old, Way.serve(edited, False), SERVE_KILLS)
        tap.result(f"staff page, {SERVE_KILLS} random kills", bad, f" ({switched} after the switch)")
        with Case(case.data) as done:
            done.run(whole)
            try_full(tap, "staff page", case.data, Way.serve(big, False), old, done.served())


def try_full(tap, name, template, way, old, new):
    for kind in ("tmpfs", "ext4"):
        bad, refused, trouble = full_disk(kind, template, way, old, new)
        tap.result(f"{name}, full disk ({kind})", bad, f" # SKIP {trouble}" if trouble else
                   f" ({refused} of {len(DISK_STEPS_TRIED)} refused)")


def main():
    tap = Tap()
    with Case() as base:
        sheets = Sheets(base.top)
        old, new, whole = digest_of(sheets.small[2]), digest_of(sheets.small[3]), digest_of(sheets.whole)
        base.run(sheets.small[2])
        try_updates(tap, base, sheets, old, new)
        try_package(tap, sheets, old, new)
        try_serve(tap, base, sheets, old, new)
        bad, switched = random_kills(base.data, sheets.whole, old, sheets.small[4], KILLS)
        tap.result(f"update, {KILLS} random kills", bad, f" ({switched} after the switch)")
        try_full(tap, "update", base.data, sheets.whole, old, whole)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
