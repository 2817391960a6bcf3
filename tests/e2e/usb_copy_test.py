#!/usr/bin/env python3
"""bianmin usb-copy --folder, from outside: what a hostile stick may hold, what may happen half-way, who may read the
copies. Nothing but whole copies under our own names may ever count. Prints TAP."""
import fcntl
import hashlib
import json
import os
import random
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata

from tap import Tap, starter_folder

BUILD = os.environ.get("BIANMIN_BUILD", "build")
BIANMIN = os.environ.get("BIANMIN", os.path.join(BUILD, "bianmin"))
SHIM = os.path.join(BUILD, "tests", "e2e", "fault_shim.so")
ENV = dict(os.environ, LC_ALL="C.UTF-8")
ENV.pop("ID_FS_TYPE", None)
STRIDE = 1 if os.environ.get("SANITIZE") in (None, "", "0") else 3
KILLS = int(os.environ.get("CRASH_KILLS", 50 // STRIDE))
MB = 1000 * 1000
TABLE = "编号,名称\nCL01,津贴\n".encode()
RESULTS = {"none", "copying", "copied", "nothing", "refused", "pulled"}
NOBODY = 65534
KNOWN = re.compile(r"(事项|公示数据|工程项目|问答|同义词|俗语|公告|个人补贴)\.(csv|xlsx)|便民数据\.xlsx|便民密钥\.bin|"
                   r"便民更新-\d{6}\.bmp")


def digest_of(octets):
    return hashlib.blake2b(octets, digest_size=32).hexdigest()


class Case:
    """A stick (a folder) and a data folder."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="usb_copy_test.")
        self.stick = os.path.join(self.top, "stick")
        self.data = os.path.join(self.top, "data")
        self.shadow = os.path.join(self.top, "shadow")
        self.sticks = []
        for folder in (self.stick, self.data, self.shadow):
            os.mkdir(folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def put(self, name, content=TABLE, size=None):
        path = os.path.join(self.stick, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(content)
            if size is not None:
                out.truncate(size)
        return path

    def words(self, *more):
        return [BIANMIN, "--data", self.data, "usb-copy", *(more or ("--folder", self.stick))]

    def remember(self):
        """What is on the stick now: name → digest."""
        now = {}
        for folder in (self.stick, os.path.join(self.stick, "便民数据")):
            for name in os.listdir(folder) if os.path.isdir(folder) else ():
                path = os.path.join(folder, name)
                key = unicodedata.normalize("NFC", name).casefold()
                if KNOWN.fullmatch(key) and os.path.isfile(path) and os.path.getsize(path) < 50 * MB:
                    with open(path, "rb") as source:
                        now[key] = digest_of(source.read())
        self.sticks.append(now)

    def run(self, *more, before=(), **env):
        self.remember()
        return subprocess.run([*before, *self.words(*more)], env=dict(ENV, **env), capture_output=True, text=True,
                              check=False, timeout=120)

    def check(self):
        return subprocess.run([BIANMIN, "--data", self.data, "update", "--intake", "--check", "--json"], env=ENV,
                              capture_output=True, text=True, check=False)

    def faulty(self, mode, at, folder, log=None):
        env = dict(LD_PRELOAD=SHIM, FAULT_DIR=folder, FAULT_AT=str(at), FAULT_MODE=mode, FAULT_SHADOW=self.shadow,
                   ASAN_OPTIONS="verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", ""))
        return self.run(**env, **({"FAULT_LOG": log} if log else {}))

    def start(self, *more):
        self.remember()
        return subprocess.Popen(self.words(*more), env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def intake(self):
        return os.path.join(self.data, "intake")

    def state(self):
        try:
            with open(os.path.join(self.intake, "state.json"), encoding="utf-8") as source:
                return json.load(source)
        except FileNotFoundError:
            return {"state": "none", "folder": ""}

    def folders(self):
        return sorted(set(os.listdir(self.intake)) - {"state.json"}) if os.path.isdir(self.intake) else []

    def copies(self):
        """What counts as copied: name → content."""
        folder = self.state()["folder"]
        if not folder:
            return {}
        path = os.path.join(self.intake, folder)
        found = {}
        for name in os.listdir(path):
            with open(os.path.join(path, name), "rb") as source:
                found[name] = source.read()
        return found

    def damage(self):
        """Complaints about what counts as copied: it must be what the stick held at some time, octet for octet."""
        state = self.state()
        if state["state"] not in RESULTS or (state["state"] == "copied") != bool(state["folder"]):
            return [f"state {state}"]
        if not state["folder"]:
            return []
        if state["folder"] not in self.folders():
            return [f"{state} names what is gone"]
        found = {name: digest_of(content) for name, content in self.copies().items()}
        return [] if found in self.sticks else [f"copied {found}, on the stick {self.sticks}"]

    def expect(self, state, names=None, status=None, text="", done=None):
        """Runs and compares. Complaints."""
        done = done or self.run()
        got = self.state()
        bad = self.damage()
        if got["state"] != state or text not in got.get("message", ""):
            bad.append(f"{got}, wanted {state} {text}; {done.stderr}")
        if names is not None and sorted(self.copies()) != sorted(names):
            bad.append(f"copied {sorted(self.copies())}")
        wanted = {"copied": 0, "nothing": 0, "refused": 65, "pulled": 74}[state] if status is None else status
        if done.returncode != wanted:
            bad.append(f"exit {done.returncode}: {done.stderr}")
        if self.folders() != ([got["folder"]] if got["folder"] else []):
            bad.append(f"left over: {self.folders()}")
        return bad


# ---- the other way ----

def test_report(tap):
    with Case() as case:
        outbox, name = os.path.join(case.data, "update", "report"), "更新结果-20260305-0910.xlsx"
        os.makedirs(outbox)
        with open(os.path.join(outbox, name), "wb") as out:
            out.write(b"PK result")
        words = [BIANMIN, "--data", case.data, "usb-report", "--folder", case.stick]

        def run():
            done = subprocess.run(words, env=ENV, capture_output=True, text=True, check=False)
            return done, sorted(os.listdir(case.stick))
        done, names = run()
        tap.result("a stick is not written unless staff asked", [] if (done.returncode, names) == (0, []) else [done, names])
        with open(os.path.join(outbox, "wanted"), "w", encoding="utf-8"):
            pass
        done, names = run()
        tap.result("the result is written on the stick", [] if (done.returncode, names) == (0, [name]) else [done, names])
        case.put("公告.csv")
        case.run()
        seen = [case.state()["report"]]
        os.unlink(os.path.join(case.stick, name))
        case.run()
        seen.append(case.state()["report"])
        case.put(name, b"PK result")
        os.unlink(os.path.join(case.stick, "公告.csv"))
        tap.result("who copies the tables after it sees it there", [] if seen == [name, ""] else seen)
        os.unlink(os.path.join(case.stick, name))
        old = time.time() - 3600
        os.utime(os.path.join(outbox, "wanted"), (old, old))
        done, names = run()
        tap.result("not an hour later", [] if (done.returncode, names) == (0, []) else [done, names])
        os.utime(os.path.join(outbox, "wanted"))
        os.unlink(os.path.join(outbox, name))
        os.symlink("/etc/passwd", os.path.join(outbox, name))
        os.symlink("/etc/passwd", os.path.join(outbox, "更新结果-../x.xlsx".replace("/", "_")))
        done, names = run()
        tap.result("a link is not followed", [] if done.returncode != 0 and names == [] else [done, names])


# ---- what it is for ----

def test_plain(tap):
    with Case() as case:
        shutil.copytree(starter_folder(), case.stick, dirs_exist_ok=True)
        names = [n for n in os.listdir(case.stick) if n.endswith(".csv")]
        bad = case.expect("copied", names, text="可以拔出U盘")
        bad += [name for name in names
                if case.copies()[name] != open(os.path.join(case.stick, name), "rb").read()]
        folder = os.path.join(case.intake, case.state()["folder"])
        modes = {stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) for name in os.listdir(folder)}
        if modes != {0o600} or stat.S_IMODE(os.stat(folder).st_mode) != 0o700:
            bad.append(f"rights {modes}")
        tap.result("the tables of a stick are copied, for us alone", bad)
        said = set(case.run().stdout.split("\n"))
        bad = [name for name, content in case.copies().items() if f"{digest_of(content)}  {name}" not in said]
        tap.result("the journal says which, as b2sum does", bad)

        check = case.check()
        report = json.loads(check.stdout)
        bad = [] if report["outcome"] == "accept" and check.returncode == 0 else [str(report), check.stderr]
        tap.result("and checked", bad)

        first = case.state()["folder"]
        bad = case.expect("copied", names)
        tap.result("the next stick replaces the last", bad + ([] if case.state()["folder"] != first else [first]))
        shutil.rmtree(case.stick)
        os.mkdir(case.stick)
        case.put("照片.jpg")
        bad = case.expect("nothing", [], text="没有便民查询的表")
        check = case.check()
        if check.returncode != 66 or "没有从U盘拷来的表" not in check.stderr:
            bad.append(f"{check.returncode} {check.stderr}")
        tap.result("a stick without tables: nothing to check", bad)

    with Case() as case:
        case.put("便民数据/事项.csv")
        case.put("便民密钥.bin", b"k" * 120)
        case.put("便民更新-000123.BMP", b"BM")
        case.put("便民更新-12.bmp", b"BM")
        case.put("便民数据.xlsx", b"PK")
        case.put("便民数据/公告.xlsx", b"PK")
        tap.result("subfolder, key, package, workbooks", case.expect(
            "copied", ["事项.csv", "便民密钥.bin", "便民更新-000123.bmp", "便民数据.xlsx", "公告.xlsx"]))


def compatible(name):
    """The name with characters that only look different: NFC makes them ours. None if there are none such."""
    alike = {unicodedata.normalize("NFC", c): c for c in map(chr, range(0x2F800, 0x2FA20))}
    alike.update({unicodedata.normalize("NFC", c): c for c in map(chr, range(0xF900, 0xFB00))})
    other = "".join(alike.get(c, c) for c in name)
    return other if other != name else None


def test_busy(tap):
    """Who still reads the copies of the stick before is waited for; one who does not end, not without a word."""
    with Case() as case:
        case.put("公告.csv")
        case.run()
        intake = os.open(case.intake, os.O_RDONLY)
        fcntl.flock(intake, fcntl.LOCK_SH)
        waiting = case.start()
        time.sleep(1)
        bad = [] if waiting.poll() is None and case.state()["state"] == "copied" else ["it has not waited"]
        fcntl.flock(intake, fcntl.LOCK_UN)
        if waiting.wait(10) != 0:
            bad.append("it has not copied after that")
        fcntl.flock(intake, fcntl.LOCK_SH)
        began = time.monotonic()
        done = case.run()
        if done.returncode == 0 or time.monotonic() - began > 30 or case.state()["state"] != "refused" or \
                "再插一次" not in case.state()["message"]:
            bad += [time.monotonic() - began, done.stderr, case.state()]
        os.close(intake)
        tap.result("whoever inserts a stick is not left waiting for who reads the one before", bad)


def test_names(tap):
    with Case() as case:
        case.put("事项.CSV")
        case.put("公告.XlSx")
        wanted = ["事项.csv", "公告.xlsx"]
        for name in ("公示数据", "工程项目", "问答", "同义词", "俗语"):
            if compatible(name):
                case.put(compatible(name) + ".csv")
                wanted.append(name + ".csv")
        tap.result("names count whatever their case and Unicode form", case.expect("copied", wanted),
                   f" ({len(wanted)} names)")

    with Case() as case:
        case.put("事项.csv")
        case.put("事项.CSV")
        bad = case.expect("refused", text="有两份")
        os.remove(os.path.join(case.stick, "事项.CSV"))
        case.put("便民数据/事项.csv")
        tap.result("the same table twice is refused", bad + case.expect("refused", text="有两份"))

    with Case() as case:
        case.put("事项 (1).csv")
        case.put("~$事项.xlsx")
        case.put("公告.xls")
        case.put("事项说明.docx")
        bad = case.expect("nothing", [], text="另有 3 个名字相近的文件没有拷")
        case.put("事项.csv")
        bad += case.expect("copied", ["事项.csv"], text="另有 3 个名字相近的文件没有拷")
        case.put("资料.xlsx")
        case.put("便民数据/资料.xlsx")
        tap.result("who gave a table another name is told",
                   bad + case.expect("copied", ["事项.csv"], text="另有 4 个名字相近的文件没有拷"))

    hostile = [b"$(touch pwned)", b"`touch pwned`", b";touch pwned;.csv", b"a\nb.csv", b"\xca\xc2\xcf\xee.csv", b"\xff\xfe",
               b"-rf", b"--help", "事项.csv\n".encode(), "事项.csv ".encode(), "../事项.csv".replace("/", "").encode(),
               b"\x1b[2J", b"%n%n%s", "\u202evsc.项事".encode(), b"x" * 255, "事项\u200b.csv".encode(), b"CON", b".desktop",
               b"autorun.inf", b"state.json", b"stick.json", b"content-000001.db", b"\xe4\xba"]
    with Case() as case:
        for name in hostile:
            with open(os.path.join(case.stick.encode(), name), "wb") as out:
                out.write(b"#!/bin/sh\ntouch pwned\n")
        case.put("事项.csv")
        bad = case.expect("copied", ["事项.csv"])
        for folder, _, names in os.walk(case.top):
            bad += [os.path.join(folder, n) for n in names if n == "pwned"]
        bad += ["pwned here"] if os.path.exists("pwned") else []
        tap.result("no name but ours goes any further", bad, f" ({len(hostile)} names)")


# ---- what is no file ----

def odd_entries(case):
    """name → how to make it at a path."""
    def listen(path):
        here = socket.socket(socket.AF_UNIX)
        here.bind(path)
        here.close()
    kinds = {
        "a link": lambda path: os.symlink("/etc/passwd", path),
        "a link on the stick": lambda path: os.symlink(case.put("other"), path),
        "a link to nothing": lambda path: os.symlink("/nonexistent", path),
        "a loop": lambda path: os.symlink(path, path),
        "a FIFO": os.mkfifo,
        "a socket": listen,
        "a folder": os.mkdir,
    }
    if os.geteuid() == 0:
        kinds["a device"] = lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))
        kinds["a disk"] = lambda path: os.mknod(path, 0o600 | stat.S_IFBLK, os.makedev(7, 0))
    return kinds


def test_odd_entries(tap):
    with Case() as case:
        kinds = list(odd_entries(case))
    for kind in kinds:
        with Case() as case:
            case.put("公告.csv")
            odd_entries(case)[kind](os.path.join(case.stick, "事项.csv"))
            tap.result(f"{kind} is refused", case.expect("refused", text="事项.csv：不是普通文件"))
    with Case() as case:
        outside = os.path.join(case.top, "outside")
        os.mkdir(outside)
        with open(os.path.join(outside, "事项.csv"), "wb") as out:
            out.write(TABLE)
        os.symlink(outside, os.path.join(case.stick, "便民数据"))
        bad = case.expect("refused", text="便民数据：不是普通文件")
        os.remove(os.path.join(case.stick, "便民数据"))
        os.mkfifo(os.path.join(case.stick, "便民数据"))
        bad += case.expect("refused", text="便民数据：不是普通文件")
        tap.result("so is what is no folder in the folder's place", bad)


# ---- too much ----

def test_sizes(tap):
    for name, sizes, wanted in [
            ("200 MB and one octet", {"事项.csv": 200 * MB + 1}, "太大"),
            ("a sparse GB", {"事项.csv": 1000 * MB}, "太大"),
            ("a sparse TB", {"事项.csv": 1000 * 1000 * MB}, "太大"),
            ("a workbook of 50 MB and one octet", {"事项.xlsx": 50 * MB + 1}, "太大"),
            ("a key of 5 KB", {"便民密钥.bin": 5000}, "太大"),
            ("three of 150 MB", {"事项.csv": 150 * MB, "公告.csv": 150 * MB, "问答.csv": 150 * MB}, "400 MB")]:
        with Case() as case:
            for file, size in sizes.items():
                case.put(file, b"", size)
            tap.result(f"{name}: refused", case.expect("refused", text=wanted))
    with Case() as case:
        case.put("事项.csv", b"")
        case.put("公告.csv", b"", 20 * MB)
        tap.result("an empty file and a hole are copied as they are", case.expect("copied", ["事项.csv", "公告.csv"]))

    with Case() as case:
        for i in range(10000):
            case.put(f"照片{i}.jpg", b"")
        case.put("事项.csv")
        bad = case.expect("refused", text="文件太多")
        case.put("便民数据/公告.csv")
        done = case.run()
        bad += [] if done.returncode == 0 and "公告.csv" in case.copies() else [done.stderr]
        for i in range(600):
            case.put(f"便民数据/{i}.txt", b"")
        tap.result("10,000 files: only with a folder of our own, and that not crowded",
                   bad + case.expect("refused", text="文件太多"))
    with Case() as case:
        path = case.stick
        for _ in range(200):
            path = os.path.join(path, "便民数据")
            os.mkdir(path)
        case.put("便民数据/便民数据/事项.csv")
        tap.result("nothing deeper is looked at", case.expect("nothing", []))


# ---- half-way ----

def appending(path, stop):
    """Slowly, however slow the machine is: too large a file would be refused for that."""
    with open(path, "ab") as out:
        while not stop.wait(0.0005):
            out.write(b"x" * 256)
            out.flush()


def wait_for_octets(case):
    """Until something has been copied of the first file."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for folder in case.folders():
            path = os.path.join(case.intake, folder)
            try:
                if any(os.path.getsize(os.path.join(path, n)) > 0 for n in os.listdir(path)):
                    return True
            except (FileNotFoundError, NotADirectoryError):
                pass
    return False


def test_changes(tap):
    with Case() as case:
        stop, path = threading.Event(), case.put("事项.csv", b"", 30 * MB)
        thread = threading.Thread(target=appending, args=(path, stop))
        thread.start()
        try:
            bad = case.expect("refused", text="还在变")
        finally:
            stop.set()
            thread.join()
        tap.result("a file that grows is refused", bad)
    with Case() as case:
        path = case.put("事项.csv", b"", 199 * MB)
        bad = ["never began"]
        with case.start() as child:
            if wait_for_octets(case):
                os.truncate(path, 1000)
                status = child.wait()
                got = case.state()["state"]
                bad = [] if (got, status) in (("pulled", 74), ("refused", 65)) and not case.folders() else \
                    [f"{status} {case.state()} {case.folders()}"]
        tap.result("so is one that becomes shorter", bad)

    with Case() as case:
        case.put("便民数据/事项.csv", TABLE * 100000)
        case.put("公告.csv")
        log = os.path.join(case.top, "log")
        case.faulty("pull", 0, case.stick, log)
        with open(log, encoding="utf-8") as lines:
            count = len(lines.readlines())
        bad = [] if count > 4 else [f"{count} operations"]
        for at in range(1, count + 1):
            bad += case.expect("pulled", text="过早拔出", done=case.faulty("pull", at, case.stick))
        tap.result("pulled out at every reading: nothing is left of it", bad, f" ({count} operations)")


def after_fault(case, done, where):
    """Complaints: nothing but whole copies counts, and the next run is as if nothing had been."""
    bad = [f"{where}: {text}" for text in case.damage()]
    if done.returncode == 0 and case.state()["state"] != "copied":
        bad.append(f"{where}: success reported, {case.state()}")
    if done.returncode not in {0, 73, 74, 77, -signal.SIGKILL}:
        bad.append(f"{where}: exit {done.returncode} {done.stderr}")
    return bad + [f"{where}, then: {text}" for text in case.expect("copied", ["事项.csv", "公告.csv"])]


def test_faults(tap):
    with Case() as case:
        case.put("事项.csv", TABLE * 30000)
        case.put("公告.csv")
        case.run()
        log = os.path.join(case.top, "log")
        case.faulty("", 0, case.data, log)
        with open(log, encoding="utf-8") as lines:
            count = len(lines.readlines())
        for mode in ("eio", "enospc", "short", "torn", "kill", "after", "power", "power-meta", "power-torn"):
            bad = []
            for at in range(1, count + 2, STRIDE):
                bad += after_fault(case, case.faulty(mode, at, case.data), f"{mode} at {at}")
            tap.result(f"{mode} at every operation on our disk", bad, f" ({count} operations)")


def test_kills(tap):
    generator, bad, copied = random.Random(54321), [], 0
    with Case() as case:
        case.put("事项.csv", TABLE * 300000)
        case.put("公告.csv", TABLE)
        began = time.monotonic()
        case.run()
        span = time.monotonic() - began
        for i in range(KILLS):
            with case.start() as child:
                time.sleep(generator.random() * span * 1.2)
                child.kill()
            bad += [f"kill {i}: {text}" for text in case.damage()]
            copied += case.state()["state"] == "copied"
            if i % 2:
                done = case.run("--clean")
                if case.state()["state"] == "copying" or any(len(f) == 20 for f in case.folders()) or \
                        done.returncode:
                    bad.append(f"kill {i}: not clean: {case.state()} {case.folders()} {done.stderr}")
        tap.result(f"killed {KILLS} times", bad, f" ({copied} times with whole copies)")
        tap.result("and then as if nothing had been", case.expect("copied", ["事项.csv", "公告.csv"]))


def test_full_disk(tap):
    with Case() as case:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", case.data], capture_output=True,
                                 check=False)
        if mounted.returncode != 0:
            tap.result("a full disk", [], " # SKIP no right to mount")
            return
        try:
            case.put("事项.csv", b"", 30 * MB)
            bad = case.expect("refused", status=73, text="磁盘已满")
            os.truncate(os.path.join(case.stick, "事项.csv"), 5 * MB)
            bad += case.expect("copied", ["事项.csv"])
        finally:
            subprocess.run(["umount", case.data], check=True)
        tap.result("a full disk is told of, and not filled further", bad)


def test_two(tap):
    bad = []
    with Case() as case, Case() as other:
        case.put("事项.csv", TABLE * 200000)
        other.put("公告.csv", TABLE * 200000)
        other.remember()
        case.sticks += other.sticks
        for _ in range(5):
            with case.start() as first, case.start("--folder", other.stick) as second:
                statuses = first.wait(), second.wait()
            bad += case.damage()
            if statuses != (0, 0) or len(case.folders()) != 1 or len(case.copies()) != 1:
                bad.append(f"{statuses} {case.folders()}")
    tap.result("two at a time: one after the other", bad)


# ---- who may ----

def test_rights(tap):
    """As the system has it: root with one capability writes, the parser's group reads, others read state.json."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        tap.result("rights", [], " # SKIP needs root and setpriv")
        return
    bare = ["setpriv", "--bounding-set", "-all,+sys_admin", "--inh-caps", "-all", "--no-new-privs"]

    def account(user, group):
        return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"]

    with Case() as case:
        os.chmod(case.top, 0o755)
        program = shutil.copy(BIANMIN, os.path.join(case.top, "bianmin"))
        os.mkdir(case.intake)
        os.chown(case.intake, 0, NOBODY)
        os.chmod(case.intake, 0o2751)
        os.mkdir(os.path.join(case.data, "update"))
        os.chown(os.path.join(case.data, "update"), NOBODY, NOBODY)
        shutil.copytree(starter_folder(), case.stick, dirs_exist_ok=True)
        for _ in range(2):  # the second one removes what the first has left
            bad = case.expect("copied", done=case.run(before=bare))
        folder = os.path.join(case.intake, case.state()["folder"])
        check = subprocess.run([*account(NOBODY, NOBODY), program, "--data", case.data, "update", "--intake", "--check",
                                "--json"], env=ENV, capture_output=True, text=True, check=False)
        if check.returncode or json.loads(check.stdout)["outcome"] != "accept":
            bad.append(f"the check failed: {check.returncode} {check.stdout} {check.stderr}")
        for who, words, may in [
                (account(NOBODY, NOBODY), ["touch", folder + "/new"], False),
                (account(NOBODY, NOBODY), ["sh", "-c", f": >>'{folder}/事项.csv'"], False),
                (account(NOBODY, NOBODY), ["rm", "-f", folder + "/事项.csv"], False),
                (account(NOBODY, NOBODY), ["touch", case.intake + "/new"], False),
                (account(1234, 1234), ["cat", case.intake + "/state.json"], True),
                (account(1234, 1234), ["ls", case.intake], False),
                (account(1234, 1234), ["cat", folder + "/事项.csv"], False)]:
            done = subprocess.run([*who, *words], capture_output=True, check=False)
            if (done.returncode == 0) != may:
                bad.append(f"{who[1]} {words}: {done.returncode}")
        tap.result("root writes with one capability, the parser reads, others see the state", bad)


def test_usage(tap):
    with Case() as case:
        bad = [f"{words}: {status}" for words, wanted in [(["--folder", case.stick, "/dev/sdb1"], 64), (["--clean", "x"], 64),
                                                          (["/dev/nonexistent"], 74), (["/dev/null"], 65),
                                                          (["--folder", "/nonexistent"], 66), (["--clean"], 0)]
               if (status := case.run(*words).returncode) != wanted]
        bare = subprocess.run([BIANMIN, "--data", case.data, "usb-copy"], env=ENV, capture_output=True, check=False)
        tap.result("usage and exit statuses", bad + ([] if bare.returncode == 64 else [str(bare)]))


def main():
    tap = Tap()
    for test in (test_plain, test_report, test_busy, test_names, test_odd_entries, test_sizes, test_changes, test_faults, test_kills,
                 test_full_disk, test_two, test_rights, test_usage):
        test(tap)
    return tap.finish()


sys.exit(main())
