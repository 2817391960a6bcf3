#!/usr/bin/env python3
"""kill -9 at every step of a message's way: at each command that the modem gets and each message that
the network accepts; and at each write and sync of the database, which are also torn in half or fail
(fault_shim.so). Nothing may be lost; an answer goes out once, twice at most if the crash was between the
network's acceptance and our commit; the SIM is emptied.

SAFETY: accepted >= 1 and <= 2 per answer, 1 in runs without a kill, no inbox row lost, SIM emptied."""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "sms")]
from fake_modem import FakeModem  # noqa: E402
from tap import Tap  # noqa: E402

BIANMIN = os.environ.get("BIANMIN", os.path.join(HERE, "../../build/bianmin"))
SLOW = 3 if os.environ.get("SANITIZE") not in (None, "", "0") else 1
QUESTIONS = ["低保怎么办", "残疾人补贴怎么领", "去年检查了多少家单位"]
NUMBERS = ["+8615400000001", "+8615400000002", "+8615400000003"]
EVERY = int(os.environ.get("CRASH_EVERY", "1" if SLOW == 1 else "3"))  # each so many steps; 1: all
SHIM = os.path.join(os.environ.get("BIANMIN_BUILD", os.path.dirname(BIANMIN)), "tests/e2e/fault_shim.so")
# odd, so that each fault has its turn
DISK_EVERY = int(os.environ.get("CRASH_DISK_EVERY", "5" if SLOW == 1 else "15"))
NEVER = 10 ** 6
FAULTS = ["kill", "torn", "after", "eio"]


class Run:
    """A gateway that is killed when the modem has got its k-th command, then started again."""

    def __init__(self, k, fault=None, fault_at=0):
        self.fault, self.fault_at, self.runs = fault, fault_at, 0
        self.folder = tempfile.mkdtemp(prefix="sms-crash-")
        self.modem = FakeModem("EC20", link=os.path.join(self.folder, "modem"))
        self.data = os.path.join(self.folder, "data")
        self.log = os.path.join(self.folder, "operations")
        self.process, self.k, self.killed = None, k, False
        execute = self.modem.execute
        accept = self.modem.accept

        def counting(text):
            if self.armed and not self.killed:
                self.step += 1
                if self.step == self.k:
                    self.kill()
            execute(text)

        def accepting(entry, body):
            message = accept(entry, body)
            if self.armed and not self.killed:
                self.step += 1
                if self.step == self.k:  # accepted, and nobody there to hear it
                    self.kill()
            return message

        self.armed, self.step = False, 0
        self.modem.execute, self.modem.accept = counting, accepting

    def kill(self):
        self.killed = True
        self.process.kill()

    def start(self):
        env = dict(os.environ)
        self.runs += 1
        if self.runs == 1 and os.path.exists(SHIM):
            env.update(LD_PRELOAD=SHIM, FAULT_DIR=os.path.join(self.data, "sms"),
                       FAULT_AT=str(self.fault_at), FAULT_MODE=self.fault or "", FAULT_LOG=self.log)
            # the runtime of a sanitizer wants to be loaded first
            env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        self.process = subprocess.Popen([BIANMIN, "--data", self.data, "sms", "--port",
                                         self.modem.path], stderr=subprocess.DEVNULL, env=env)

    def operations(self):
        with open(self.log) as file:
            return len(file.readlines())

    def ready(self):
        if self.fault:
            time.sleep(1.0)
            return False
        path = os.path.join(self.data, "sms", "status.json")
        end = time.monotonic() + 30 * SLOW
        while time.monotonic() < end:
            try:
                with open(path) as file:
                    if '"state":"ready"' in file.read():
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        return False

    def answered(self):
        return all(self.modem.texts(n) for n in NUMBERS)

    def go(self):
        self.start()
        if not self.ready() and not self.fault:
            return ["not ready"]
        self.armed = not self.fault
        for number, question in zip(NUMBERS, QUESTIONS):
            self.modem.inject(number, question)
        end = time.monotonic() + 15 * SLOW
        while time.monotonic() < end and not self.killed and not (
                self.answered() and not any(self.modem.stores.values())):
            time.sleep(0.02)
            self.killed |= self.process.poll() is not None  # by the shim
        time.sleep(0.3)
        was_killed = self.killed
        if was_killed:
            self.process.wait()
            self.start()
        end = time.monotonic() + 100 * SLOW
        while time.monotonic() < end and not (self.answered() and
                                              not any(self.modem.stores.values())):
            time.sleep(0.05)
        time.sleep(0.5)
        return self.judge(was_killed)

    def judge(self, was_killed):
        bad = []
        for number in NUMBERS:
            count = len(self.modem.texts(number))
            if not 1 <= count <= (2 if was_killed else 1):
                bad.append("%s: %d answers" % (number, count))
        if any(self.modem.stores.values()):
            bad.append("SIM not emptied")
        self.process.terminate()
        self.process.wait()
        with sqlite3.connect(os.path.join(self.data, "sms", "sms.db")) as db:
            if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                bad.append("database damaged")
            count, = db.execute("SELECT count(*) FROM inbox WHERE state = 'answered'").fetchone()
            if count != len(NUMBERS):
                bad.append("%d in the inbox" % count)
            copies, = db.execute("SELECT sum(copies) FROM outbox").fetchone()
            if copies < len(self.modem.accepted):
                bad.append("%d accepted, the ledger has %d" % (len(self.modem.accepted), copies))
        return bad

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.modem.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def one(k, fault=None, fault_at=0):
    run = Run(k, fault, fault_at)
    try:
        bad = run.go()
        return bad, run.killed, run.operations() if k == NEVER and not fault else run.step
    except (OSError, sqlite3.Error) as reason:
        return ["%s" % reason], True, 0
    finally:
        run.end()


def faults(tap):
    """Each file operation of the database goes wrong, in one of four ways by turns."""
    if not os.path.exists(SHIM):
        tap.result("sms crash: the disk # SKIP no %s" % SHIM, [])
        return
    bad, _, count = one(NEVER)
    results, slots = {}, threading.Semaphore(6)

    def work(k):
        with slots:
            results[k] = one(NEVER, FAULTS[k % len(FAULTS)], k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, count + 1, DISK_EVERY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kills = sum(killed for _, killed, _ in results.values())
    for k, (why, _, _) in sorted(results.items()):
        bad += ["operation %d, %s: %s" % (k, FAULTS[k % len(FAULTS)], w) for w in why]
    tap.result("sms crash: %d operations on the disk go wrong, nothing lost" % len(threads),
               bad + ([] if count > 30 else ["only %d operations" % count]) +
               ([] if kills >= len(threads) // 2 else ["only %d kills" % kills]))


def main():
    tap, results, slots = Tap(), {}, threading.Semaphore(6)
    run = Run(NEVER)
    try:
        bad, killed, steps = run.go(), run.killed, run.step
    finally:
        run.end()
    tap.result("sms crash: %d steps without a kill, each answered once" % steps,
               bad + (["killed"] if killed else []) + (["only %d steps" % steps] if steps < 10 else []))

    def work(k):
        with slots:
            results[k] = one(k)

    threads = {k: threading.Thread(target=work, args=(k,)) for k in range(1, steps + 1, EVERY)}
    for thread in threads.values():
        thread.start()
    bad, kills = [], 0
    for k, thread in threads.items():
        thread.join()
        bad += ["step %d: %s" % (k, why) for why in results[k][0]]
        kills += results[k][1]
    tap.result("sms crash: kill -9 at %d steps, nothing lost, at most two copies" % len(threads),
               bad + ([] if kills >= len(threads) * 3 // 4 else ["only %d kills" % kills]))
    faults(tap)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
