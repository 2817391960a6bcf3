#!/usr/bin/env python3
"""bianmin stick and update --pin-file, from outside: who has the stick and the PIN publishes, five
wrong ones lock it in every process, a revoked one is refused. Prints TAP."""
import glob
import json
import os
import pty
import re
import select
import shutil
import stat
import subprocess
import sys
import tempfile
import time

from tap import Tap, starter_folder

BIANMIN = os.environ.get("BIANMIN", "build/bianmin")
ENV = dict(os.environ, LC_ALL="C.UTF-8")
KEY = "便民密钥.bin"
PIN, WRONG = "271828", "161803"


class Case:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="stick_test.")
        self.data = os.path.join(self.top, "data")
        self.stick = os.path.join(self.top, "stick")
        os.mkdir(self.stick)
        for path in glob.glob(os.path.join(starter_folder(), "*.csv")):
            shutil.copy(path, self.stick)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.top)

    def run(self, *args, stdin=""):
        return subprocess.run([BIANMIN, "--data", self.data, *args], input=stdin, capture_output=True,
                              text=True, env=ENV)

    def enrol(self, *args, pin=PIN):
        return self.run("stick", "enrol", *args, "--pin-file", "-", stdin=pin + "\n")

    def update(self, pin, *args):
        return self.run("update", self.stick, "--yes", "--json", "--pin-file", "-", *args, stdin=pin + "\n")

    def sticks(self):
        return json.loads(self.run("stick", "list", "--json").stdout)["sticks"]

    def generation(self):
        return json.loads(self.run("status", "--json").stdout)["generation"]

    def audit(self):
        lines = []
        for path in sorted(glob.glob(os.path.join(self.data, "audit", "*.log"))):
            lines += [json.loads(line) for line in open(path, encoding="utf-8")]
        return lines


def expect(bad, done, status, words=""):
    """Adds a complaint unless it ended so and said so."""
    if done.returncode != status or words not in done.stdout + done.stderr:
        bad.append(f"{done.args[1:]}: {done.returncode}, not {status} “{words}”: {done.stdout}{done.stderr}")


def leftovers(folder):
    return [name for name in os.listdir(folder) if name.endswith(".tmp")]


def test_enrol_and_publish(tap):
    bad = []
    with Case() as case:
        expect(bad, case.enrol(case.stick, "--label", "张三"), 0, "张三")
        key = open(os.path.join(case.stick, KEY), "rb").read()
        sticks = case.sticks()
        if len(sticks) != 1 or sticks[0]["id"] != key[8:24].hex() or sticks[0]["label"] != "张三":
            bad.append(f"{sticks}")
        for name in ("pepper", "trust.db"):
            path = os.path.join(case.data, "update", name)
            if stat.S_IMODE(os.stat(path).st_mode) != 0o600:
                bad.append(f"{name} is readable for others")
            if key[24:56] in open(path, "rb").read() or PIN.encode() in open(path, "rb").read():
                bad.append(f"{name} holds the secret")
        expect(bad, case.update(PIN), 0)
        by = [line["summary"] for line in case.audit() if line["event"] == "publish"]
        if case.generation() != 1 or not by or "by=" + sticks[0]["id"] not in by[0]:
            bad.append(f"{by}")
        if any(PIN in json.dumps(line) or "张三" in json.dumps(line, ensure_ascii=False) for line in case.audit()):
            bad.append("the audit names a person or a PIN")
    tap.result("who has the stick and its PIN publishes, and is on record", bad)


def test_lockout(tap):
    bad = []
    with Case() as case:
        case.enrol(case.stick, "--label", "张三")
        for left in (4, 3, 2, 1):
            expect(bad, case.update(WRONG), 77, f"还可以试 {left} 次")
        expect(bad, case.update(WRONG), 77, "请等 15 分钟")
        expect(bad, case.update(PIN), 77, "请等 15 分钟")
        expect(bad, case.update(PIN, "--check"), 77, "请等 15 分钟")
        if case.sticks()[0]["locked_minutes"] != 15 or case.generation() != 0:
            bad.append(f"{case.sticks()}")
    tap.result("five wrong ones lock it, in every process", bad)


def test_refused(tap):
    bad = []
    with Case() as case:
        expect(bad, case.update(PIN), 66, KEY)
        case.enrol(case.stick, "--label", "张三")
        path = os.path.join(case.stick, KEY)
        key = open(path, "rb").read()
        expect(bad, case.update("12345"), 65, "6 到 12 位")
        for name, octets, status in (("cut", key[:-1], 65), ("longer", key + b"x", 65),
                                     ("damaged", key[:30] + bytes([key[30] ^ 1]) + key[31:], 65)):
            open(path, "wb").write(octets)
            expect(bad, case.update(PIN), status, KEY)
        open(path, "wb").write(key)
        if case.sticks()[0]["tries_left"] != 5:
            bad.append("what was not compared has cost a try")
        other = Case()
        with other:
            shutil.copy(path, other.stick)
            expect(bad, other.update(PIN), 77, "还没有登记")
            os.remove(os.path.join(other.stick, KEY))
            other.enrol(other.stick, "--label", "李四")
            shutil.copy(os.path.join(other.stick, KEY), path)
        expect(bad, case.update(PIN), 77, "没有在本机登记")
        open(path, "wb").write(key)
        expect(bad, case.run("stick", "revoke", "张三"), 0)
        expect(bad, case.update(PIN), 77, "停用")
        expect(bad, case.run("stick", "revoke", "张三"), 66)
        if case.generation() != 0:
            bad.append("something was published")
    tap.result("no key, a damaged one, another's, a revoked one: refused", bad)


def test_enrol_refused(tap):
    bad = []
    with Case() as case:
        for pin in ("111111", "123456", "654321", "12345", "1234567890123", "27182a", ""):
            expect(bad, case.enrol(case.stick, pin=pin), 65)
        if os.path.exists(os.path.join(case.stick, KEY)) or case.sticks():
            bad.append("something was enrolled")
        expect(bad, case.enrol(os.path.join(case.top, "nowhere")), 73)
        expect(bad, case.enrol(case.stick, "--label", "张三"), 0)
        before = open(os.path.join(case.stick, KEY), "rb").read()
        expect(bad, case.enrol(case.stick, "--label", "李四"), 73, "已经有一个")
        expect(bad, case.enrol("--pin-only", "--label", "张三"), 65, "已经有“张三”了")
        expect(bad, case.enrol("--pin-only", "--label", "李四"), 0)
        if open(os.path.join(case.stick, KEY), "rb").read() != before or leftovers(case.stick):
            bad.append("the stick was changed")
        if [(s["label"], s["kind"]) for s in case.sticks()] != [("张三", "stick"), ("李四", "pin")]:
            bad.append(f"{case.sticks()}")
        expect(bad, case.run("stick", "enrol", case.stick), 64, "--pin-file")
        for args in ((), ("enroll", case.stick), ("revoke",), ("list", "x")):
            expect(bad, case.run("stick", *args), 64)
    tap.result("enrolment refuses weak PINs, a second key, a name in use", bad)


def test_intake(tap):
    """What was copied from a stick takes a PIN, unless an administrator publishes it."""
    bad = []
    if os.geteuid() != 0:
        return tap.result("copies of a stick", bad, " # SKIP only as root")
    with Case() as case:
        os.chmod(case.top, 0o755)
        case.enrol(case.stick, "--label", "张三")
        expect(bad, case.run("usb-copy", "--folder", case.stick), 0)
        for folder, names, files in os.walk(case.data):
            os.chown(folder, 65534, 65534)
            for name in files:
                os.chown(os.path.join(folder, name), 65534, 65534)
        os.chown(case.data, 0, 65534)  # as it is installed: root's, and the service may write
        os.chmod(case.data, 0o775)
        program = os.path.join(case.top, "bianmin")
        shutil.copy(BIANMIN, program)
        service = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")

        def intake(*args, stdin=""):
            return subprocess.run([*service, program, "--data", case.data, "update", "--intake", "--yes", *args],
                                  input=stdin, capture_output=True, text=True, env=ENV)

        expect(bad, intake(), 77, "密码")
        expect(bad, intake("--pin-file", "-", stdin=WRONG + "\n"), 77, "还可以试 4 次")
        if case.generation() != 0:
            bad.append("published without a PIN")
        expect(bad, intake("--pin-file", "-", stdin=PIN + "\n"), 0)
        if case.generation() != 1:
            bad.append("not published")
        owners = {os.stat(os.path.join(case.data, "update", name)).st_uid
                  for name in os.listdir(os.path.join(case.data, "update"))}
        case.run("stick", "list")  # as root
        owners |= {os.stat(os.path.join(case.data, "update", name)).st_uid
                   for name in os.listdir(os.path.join(case.data, "update"))}
        if owners != {65534}:
            bad.append(f"owners: {owners}")
    tap.result("the copies of a stick are published with key and PIN, by nobody without", bad)


def talk(arguments, typed):
    """On a terminal: what is asked for is typed; the status and all that was to be seen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(BIANMIN, [BIANMIN, *arguments], ENV)
    seen, end = b"", time.monotonic() + 30
    for line in typed:
        # the echo is off from the prompt on
        while not seen.rstrip().endswith("：".encode()) and time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                seen += os.read(terminal, 4096)
        os.write(terminal, line.encode() + b"\n")
        seen += b"|"
    while time.monotonic() < end:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()


def test_terminal(tap):
    bad = []
    with Case() as case:
        arguments = ["--data", case.data, "stick", "enrol", case.stick, "--label", "张三"]
        status, seen = talk(arguments, [PIN, "271829"])
        if status != 65 or "不一样" not in seen or case.sticks():
            bad.append(f"{status} {seen}")
        status, seen = talk(arguments, [PIN, PIN])
        if status != 0 or re.search("2718", seen):
            bad.append(f"{status} {seen}")
        expect(bad, case.update(PIN), 0)
    tap.result("on a terminal it is asked twice and not shown", bad)


def test_one_conversation(tap):
    """The copies are good for one conversation: their key is not lent to whoever comes to the screen after."""
    with Case() as case:
        case.enrol(case.stick)

        def talk():
            words = [{"do": "hello"}, {"do": "enter", "pin": PIN}, {"do": "hello"}]
            done = case.run("update", "--serve", stdin="".join(json.dumps(word) + "\n" for word in words))
            return [json.loads(line) for line in done.stdout.splitlines()]
        case.run("usb-copy", "--folder", case.stick)
        first, again = talk(), talk()
        case.run("usb-copy", "--folder", case.stick)
        anew = talk()
        said = [[reply.get("stick", reply["is"]) for reply in replies] for replies in (first, again, anew)]
        wanted = [["copied", "entered", "none"], ["none", "failed", "none"], ["copied", "entered", "none"]]
        tap.result("the copies of a stick are good for one conversation", [] if said == wanted else [said, again])


class Talk:
    """A conversation that goes on, as the screen holds it."""

    def __init__(self, case):
        self.process = subprocess.Popen([BIANMIN, "--data", case.data, "update", "--serve"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=ENV)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def say(self, verb, **more):
        self.process.stdin.write(json.dumps({"do": verb, **more}) + "\n")
        self.process.stdin.flush()
        reply = {"is": "progress"}
        while reply["is"] == "progress":
            reply = json.loads(self.process.stdout.readline())
        return reply


def edit(path, old, new):
    with open(path, encoding="utf-8-sig") as source:
        text = source.read()
    with open(path, "w", encoding="utf-8-sig") as target:
        target.write(text.replace(old, new))


def test_next_stick(tap):
    """Who has seen the changes of one stick holds up no other, and publishes what was seen; also with the key once more,
    where nobody else is enrolled."""
    bad = []
    with Case() as case:
        case.enrol(case.stick)
        edit(os.path.join(case.stick, "事项.csv"), "12385", "12386")
        case.run("usb-copy", "--folder", case.stick)
        with Talk(case) as talk:
            talk.say("enter", pin=PIN)
            first = talk.say("hello")
            checked = talk.say("check")
            edit(os.path.join(case.stick, "事项.csv"), "12386", "12387")
            began = time.monotonic()
            case.run("usb-copy", "--folder", case.stick)
            if time.monotonic() - began > 5:
                bad.append("the next stick had to wait")
            again = talk.say("hello")
            if again["stick"] != "copied" or again["id"] == first["id"]:
                bad.append([first, again])
            said = [talk.say("publish")["is"], talk.say("second", id="", pin=PIN)["is"], talk.say("publish")["is"]]
            if checked["is"] != "checked" or said != ["second", "entered", "published"]:
                bad.append([checked, said])
        case.run("export", case.stick + ".out", "--csv")
        with open(os.path.join(case.stick + ".out", "事项.csv"), encoding="utf-8-sig") as source:
            text = source.read()
        if "12386" not in text or "12387" in text:
            bad.append("something else was published than seen")
    tap.result("the next stick is copied while the changes of this one are read", bad)


def test_revoked_meanwhile(tap):
    """Who entered, or confirmed, and was revoked since can do nothing more."""
    bad = []
    for who in ("王姐", "老李"):
        with Case() as case:
            case.enrol(case.stick, "--label", "王姐")
            case.enrol("--pin-only", "--label", "老李", pin="829173")
            edit(os.path.join(case.stick, "事项.csv"), "12385", "12386")
            case.run("usb-copy", "--folder", case.stick)
            with Talk(case) as talk:
                other = talk.say("enter", pin=PIN)["others"][0]["id"]
                seen = [talk.say("check")["is"], talk.say("second", id=other, pin="829173")["is"]]
                case.run("stick", "revoke", who)
                said = [talk.say(verb)["is"] for verb in ("publish", "report", "rollback")]
            if seen != ["checked", "entered"] or said != ["failed"] * 3 or case.generation() != 0:
                bad.append([who, seen, said])
    tap.result("who is revoked while the changes are read publishes nothing", bad)


def test_written(tap):
    """What was wanted and is on the stick is wanted no more, until it is asked for anew."""
    with Case() as case:
        case.enrol(case.stick)
        wanted = os.path.join(case.data, "update", "report", "wanted")
        case.run("usb-copy", "--folder", case.stick)
        with Talk(case) as talk:
            talk.say("enter", pin=PIN)
            talk.say("check")
            seen = [talk.say("report")["is"], os.path.exists(wanted), talk.say("hello")["written"]]
            case.run("usb-report", "--folder", case.stick)
            case.run("usb-copy", "--folder", case.stick)
            news = talk.say("hello")
            seen += [os.path.exists(wanted), news["written"] in os.listdir(case.stick), "写在U盘上" in news["message"]]
            time.sleep(1.1)  # the times of both are in seconds
            seen += [talk.say("report")["is"], talk.say("hello")["is"], os.path.exists(wanted)]
    right = seen == ["reported", True, "", False, True, True, "reported", "hello", True]
    tap.result("a result that is on the stick is wanted no more", [] if right else [str(seen)])


def main():
    tap = Tap()
    for test in (test_enrol_and_publish, test_lockout, test_refused, test_enrol_refused, test_intake,
                 test_one_conversation, test_next_stick, test_revoked_meanwhile, test_written, test_terminal):
        test(tap)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
