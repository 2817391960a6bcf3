#!/usr/bin/env python3
"""bianmin sms on simulated modems with every fault that we know of: each question is answered, once.
The scenarios run side by side; deadlines are generous, as the machines are noisy."""
import json
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
from fake_modem import FakeModem, deliver_pdu  # noqa: E402
from tap import Tap  # noqa: E402

BIANMIN = os.environ.get("BIANMIN", os.path.join(HERE, "../../build/bianmin"))
SLOW = 3 if os.environ.get("SANITIZE") not in (None, "", "0") else 1
QUESTIONS = ["低保怎么办", "残疾人补贴怎么领", "公租房补贴多少钱", "老小区改造到哪里问", "CL01",
             "要带什么材料办残疾证", "fangwu", "高龄津贴", "养老服务", "dibao zenme shenqing",
             "家里漏水找谁", "今天天气怎么样"]
WIDE = "[sms]\nlimit_per_hour=1000\nlimit_per_day=1000\nlimit_total=100000\npoll_seconds=5\n"


class Scene:
    """A modem, a data folder, and a gateway between them."""

    def __init__(self, profile="EC20", config=WIDE, extra="", modems=1, start=True, **modem):
        self.folder = tempfile.mkdtemp(prefix="bianmin-sms-")
        self.data = os.path.join(self.folder, "data")
        self.links = [os.path.join(self.folder, "modem%d" % (i + 1)) for i in range(modems)]
        self.modems = [FakeModem(profile, link=link, **modem) for link in self.links]
        self.modem = self.modems[0]
        self.config = os.path.join(self.folder, "bianmin.conf")
        with open(self.config, "w") as out:
            out.write(config + "".join("[modem.%d]\nport=%s\n%s" % (i + 1, link, extra)
                                       for i, link in enumerate(self.links)))
        self.process = None
        self.log = os.path.join(self.folder, "log")
        if start:
            self.start()

    def start(self, *options, verbose=False):
        command = [BIANMIN, "--data", self.data, "--config", self.config]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command + (["--verbose"] if verbose else []) + ["sms"] +
                                            list(options), stderr=log)
        return self

    def stop(self, sig=15):
        if self.process and self.process.poll() is None:
            self.process.send_signal(sig)
            try:
                self.process.wait(30 * SLOW)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait() if self.process else 0

    def end(self):
        code = self.stop()
        for modem in self.modems:
            modem.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        return [] if code in (0, -9) else ["exit status %d" % code]

    def ready(self, seconds=20):
        end = time.monotonic() + seconds * SLOW
        while time.monotonic() < end:
            if self.status().get("modems", [{}])[0].get("state") == "ready":
                return True
            time.sleep(0.1)
        return False

    def status(self):
        try:
            with open(os.path.join(self.data, "sms", "status.json")) as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def alarms(self):
        return [a["name"] for m in self.status().get("modems", []) for a in m["alarms"]]

    def wait_alarm(self, name, seconds=15):
        end = time.monotonic() + seconds * SLOW
        while time.monotonic() < end:
            if name in self.alarms():
                return True
            time.sleep(0.2)
        return False

    def rows(self, sql):
        with sqlite3.connect("file:%s/sms/sms.db?mode=ro" % self.data, uri=True) as db:
            return db.execute(sql).fetchall()

    def wait(self, condition, seconds):
        end = time.monotonic() + seconds * SLOW
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.05)
        return False


def number(i):
    return "+86154%08d" % i


def expected(questions):
    """What bianmin ask --sms would send for each."""
    result = subprocess.run([BIANMIN, "--data", "/nonexistent", "ask", "--batch", "--json"],
                            input="\n".join(questions) + "\n", capture_output=True, text=True)
    return ["".join(json.loads(line)["sms"]) for line in result.stdout.splitlines()]


ANSWERS = dict(zip(QUESTIONS, expected(QUESTIONS)))


def ask_all(scene, count=12, pause=0.0, first=0):
    for i in range(first, first + count):
        scene.modems[i % len(scene.modems)].inject(number(i), QUESTIONS[i % len(QUESTIONS)])
        if pause:
            time.sleep(pause)


def judge(scene, count=12, seconds=60, most=1, first=0):
    """Complaints: not answered within the time, answered wrongly, or too often."""
    def answers(i):
        return [t for m in scene.modems for t in m.texts(number(i))]

    scene.wait(lambda: all(answers(i) for i in range(first, first + count)), seconds)
    time.sleep(1.0)
    bad = []
    for i in range(first, first + count):
        want, got = ANSWERS[QUESTIONS[i % len(QUESTIONS)]], answers(i)
        if not got:
            bad.append("%d: no answer" % i)
        elif len(got) > most:
            bad.append("%d: %d answers" % (i, len(got)))
        elif any(text.replace("€", "?") != want.replace("€", "?") for text in got):
            bad.append("%d: %r instead of %r" % (i, got[0], want))
    return bad


def faulty(profile="EC20", pause=0.0, seconds=60, most=1, count=12, **faults):
    def run():
        scene = Scene(profile, **faults)
        try:
            bad = [] if scene.ready() else ["not ready: %s" % scene.status()]
            ask_all(scene, count, pause)
            bad += judge(scene, count, seconds, most)
            if bad:
                bad.append("status %s" % json.dumps(scene.status(), ensure_ascii=False)[:600])
                with open(scene.log) as log:
                    bad += log.read().splitlines()[-6:]
            return bad
        finally:
            scene.end()
    return run


def scenario(function):
    """A test that gets a running, ready scene of its own and returns complaints."""
    def run(**options):
        scene = Scene(**options)
        try:
            if options.get("start", True) and not scene.ready():
                return ["not ready"]
            return function(scene)
        finally:
            scene.end()
    return run


def during(profile, action, seconds=60, most=1, **faults):
    """Something happens to the modem in the middle of the questions."""
    def run():
        scene = Scene(profile, **faults)
        try:
            bad = [] if scene.ready() else ["not ready"]
            ask_all(scene, 4)
            action(scene.modem)
            ask_all(scene, 8, 0.3, first=4)
            bad += judge(scene, 12, seconds, most)
            if bad:
                with open(scene.log) as log:
                    bad += log.read().splitlines()[-8:]
            return bad
        finally:
            scene.end()
    return run


@scenario
def dialogue(scene):
    bad = []

    def say(text, want, who=1):
        before = len(scene.modem.texts(number(who)))
        scene.modem.inject(number(who), text, when=time.time() + len(scene.modem.injected) + before)
        silent = want is None
        if not scene.wait(lambda: len(scene.modem.texts(number(who))) > before, 1.5 if silent else 10):
            if not silent:
                bad.append("%s: no answer" % text)
            return ""
        got = scene.modem.texts(number(who))[-1]
        if silent or want not in got:
            bad.append("%s: %s" % (text, got))
        return got

    help_text = say("帮助", "留言")
    if len(help_text) > 70:
        bad.append("help has %d characters" % len(help_text))
    say("？", "留言")
    say("CL01", ANSWERS["CL01"][:8])
    more = say("更多", "：")
    if not more:
        bad.append("no more")
    say("留言 楼道灯坏了", "留言")
    say("谢谢", None)
    say("退订", "开通", who=2)
    say("低保怎么办", None, who=2)
    say("开通", "已开通", who=2)
    say("低保怎么办", ANSWERS["低保怎么办"], who=2)
    for options, want in ((["--notes"], "楼道灯坏了"), (["--note-done", "1"], "办好了"),
                          (["--notes"], "没有没看过的")):
        said = subprocess.run([BIANMIN, "--data", scene.data, "sms"] + options, capture_output=True,
                              text=True)
        if want not in said.stdout or said.returncode != 0:
            bad.append("%s: %s" % (options, said))
    return bad


@scenario
def same_as_ask(scene):
    """bianmin ask --sms says what the short message gets, whatever it is."""
    bad = []
    for i, text in enumerate(["帮助", "？", "CL01", "低保怎么办", "明天下雨吗", "留言 路灯坏了", "更多",
                              "去年检查了多少家单位", "查123456"]):
        said = subprocess.run([BIANMIN, "--data", "/nonexistent", "ask", "--sms", text],
                              capture_output=True, text=True).stdout
        want = "".join(line.split("] ", 1)[1] for line in said.splitlines())
        scene.modem.inject(number(i), text)
        scene.wait(lambda: scene.modem.texts(number(i)), 10)
        if scene.modem.texts(number(i)) != [want]:
            bad.append("%s: %s, not %s" % (text, scene.modem.texts(number(i)), want))
    return bad


@scenario
def limits(scene):
    for i in range(9):
        scene.modem.inject(number(1), QUESTIONS[i], when=time.time() + i)
    scene.wait(lambda: len(scene.rows("SELECT 1 FROM inbox")) >= 9, 20)
    time.sleep(2)
    got, limited = len(scene.modem.texts(number(1))), scene.status()["today"]["limited"]
    return [] if (got, limited) == (5, 4) else ["%d answered, %d limited" % (got, limited)]


@scenario
def total_limit(scene):
    for i in range(400):
        scene.modem.inject(number(i), QUESTIONS[i % 4])
    scene.wait(lambda: len(scene.rows("SELECT 1 FROM inbox")) >= 400, 60)
    time.sleep(2)
    count = len(scene.modem.accepted)
    return [] if 198 <= count <= 200 else ["%d messages sent" % count]


@scenario
def torn_lists(scene):
    """Questions of a night wait in the store, and the end of each longer list gets lost: what came
    is answered, so that the next list is shorter."""
    for i in range(12):
        scene.modem.inject(number(i), QUESTIONS[i % len(QUESTIONS)])
    time.sleep(0.5)
    scene.start()
    return judge(scene, 12, 90)


@scenario
def machines(scene):
    """MMS notices, short numbers, names, robots: nothing goes out, and the store is emptied."""
    scene.modem.inject(number(7), b"\x01\x06\x03mms",
                       header=bytes([0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0]))
    for sender in ("10086", "106575123456", "955881", "12345", "ChinaMobile"):
        scene.modem.inject(sender, "低保怎么办")
    scene.modem.inject(number(8), "【某某】您的验证码是123456，请勿告诉他人")
    scene.modem.inject(number(9), "[自动回复] 您好，我现在有事不在")
    scene.modem.inject(number(10), "")
    ok = scene.wait(lambda: len(scene.rows("SELECT 1 FROM inbox")) >= 9, 15)
    time.sleep(1)
    bad = [] if ok else ["only %d read" % len(scene.rows("SELECT 1 FROM inbox"))]
    bad += ["sent: %s" % m for m in scene.modem.accepted]
    bad += ["left in %s" % name for name, store in scene.modem.stores.items() if store]
    return bad


@scenario
def long_messages(scene):
    """Parts out of order, twice, and with the last one missing."""
    text = "我家在锦湖街道，老人八十岁了，腿脚不好，一个人住，想问一下像这样的情况低保怎么办，"
    text = text * 2 + "请告诉我"
    want = expected([text])[0]
    scene.modem.inject_parts(number(1), text, ref=1, order=[1, 0])
    scene.modem.inject_parts(number(2), text, ref=1, order=[0, 0, 1])
    scene.modem.inject_parts(number(3), text, ref=1, order=[0])
    scene.wait(lambda: scene.modem.texts(number(1)) and scene.modem.texts(number(2)), 15)
    time.sleep(1)
    bad = []
    for i in (1, 2):
        if scene.modem.texts(number(i)) != [want]:
            bad.append("%d: %s" % (i, scene.modem.texts(number(i))))
    if scene.modem.texts(number(3)):
        bad.append("answered a part")
    if not scene.wait(lambda: not any(scene.modem.stores.values()), 5):
        bad.append("store not emptied")
    return bad


@scenario
def repeats(scene):
    """The network delivers the same message again, three seconds later and later."""
    for wait in (0, 3, 1):
        time.sleep(wait)
        for i in range(6):
            scene.modem.inject_pdu(deliver_pdu(number(i), QUESTIONS[i], 1800000000 + i))
    time.sleep(3)
    return judge(scene, 6, 10)


@scenario
def wrong_pin(scene):
    scene.start()
    bad = [] if scene.wait_alarm("pin") else ["no alarm: %s" % scene.status()]
    time.sleep(20)
    scene.stop()
    scene.start()
    scene.wait_alarm("pin")
    time.sleep(5)
    tries = [c for _, c in scene.modem.commands if c.startswith("AT+CPIN=")]
    return bad + ([] if len(tries) == 1 else ["%d tries" % len(tries)])


@scenario
def good_pin(scene):
    """Wanted after each power cut, entered each time."""
    bad = []
    for i in range(3):
        ask_all(scene, 1, first=i)
        bad += judge(scene, 1, 30, first=i)
        scene.modem.reboot(1.0)
        time.sleep(2.5)
    return bad


@scenario
def silent_reboot(scene):
    """Nothing told of it: what follows must not send a PDU as a text."""
    bad = []
    for i in range(3):
        scene.modem.reboot_silently(1.0)
        time.sleep(1.2)
        ask_all(scene, 2, first=2 * i)
        bad += judge(scene, 2, 60, first=2 * i)
    return bad + ["sent as text: %s" % n for n in scene.modem.nonsense]


@scenario
def full_disk(scene):
    """Nothing is deleted that is not stored; when there is room all is answered, once."""
    if os.geteuid() != 0:
        return []
    os.makedirs(scene.data)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "none", scene.data],
                      stderr=subprocess.DEVNULL).returncode != 0:
        return []  # no right to mount here
    filler = os.path.join(scene.data, "filler")

    def fill():
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
    bad = []
    try:
        scene.start()
        bad += [] if scene.ready() else ["not ready"]
        ask_all(scene, 2)
        bad += judge(scene, 2, 30)
        fill()
        ask_all(scene, 4, 0.3, first=2)
        time.sleep(6)
        with open(scene.log) as log:
            if "磁盘" not in log.read():
                bad.append("did not say so")
        scene.stop()  # and started on the full disk
        scene.start()
        time.sleep(4)
        if scene.process.poll() is not None:
            bad.append("ended on a full disk: %d" % scene.process.returncode)
        os.unlink(filler)
        bad += judge(scene, 6, 150, most=2)
    finally:
        scene.stop()
        subprocess.run(["umount", "-l", scene.data])
    return bad


@scenario
def sim_missing(scene):
    scene.start()
    bad = [] if scene.wait_alarm("no_sim", 30) else ["no alarm: %s" % scene.status()]
    before = len(scene.modem.commands)
    time.sleep(10)
    if len(scene.modem.commands) - before > 60:
        bad.append("hammers: %d commands in 10 s" % (len(scene.modem.commands) - before))
    scene.modem.fault.sim = "READY"
    ask_all(scene, 3)
    return bad + judge(scene, 3, 40)


@scenario
def no_network(scene):
    bad = [] if scene.wait_alarm("no_network") else ["no alarm"]
    ask_all(scene, 3)
    time.sleep(5)
    if scene.modem.submits:
        bad.append("%d attempts without a network" % scene.modem.submits)
    scene.modem.fault.registration = 1
    scene.modem.urc("+CREG: 1")
    return bad + judge(scene, 3, 30)


@scenario
def empty_centre(scene):
    bad = [] if scene.wait_alarm("no_smsc") else ["no alarm"]
    ask_all(scene, 1)
    time.sleep(4)
    return bad + (["attempts: %d" % scene.modem.submits] if scene.modem.submits else [])


@scenario
def prepaid_out(scene):
    ask_all(scene, 12)
    bad = [] if scene.wait_alarm("cannot_send", 30) else ["no alarm"]
    before = scene.modem.submits
    time.sleep(10)
    if scene.modem.submits - before > 2:
        bad.append("hammers: %d in 10 s" % (scene.modem.submits - before))
    scene.modem.fault.cms_error = (0, 0)
    bad += judge(scene, 12, 150)
    return bad


@scenario
def one_bad_number(scene):
    """A number that is refused for ever holds nobody up."""
    ask_all(scene, 6)
    bad = judge(scene, 5, 20, first=1)
    if scene.modem.texts(number(0)):
        bad.append("the refused one was accepted")
    return bad


@scenario
def bad_numbers(scene):
    """Six numbers that the network cannot reach now hold nobody up."""
    ask_all(scene, 6)
    time.sleep(3)
    ask_all(scene, 4, 0.2, first=6)
    return judge(scene, 4, 90, first=6)


@scenario
def false_witness(scene):
    """One goes out without a word, another is refused, by a modem that counts its tries: the next
    reference says nothing of the first, which is sent once more."""
    scene.modem.hang(0.0)
    ask_all(scene, 1)
    bad = judge(scene, 1, 15)
    scene.modem.fault.vanish = 1
    ask_all(scene, 1, first=1)
    scene.wait(lambda: scene.rows("SELECT 1 FROM outbox WHERE state='doubtful'"), 40)
    scene.modem.fault.cms_for = {number(2): 38}
    ask_all(scene, 2, 0.5, first=2)
    return bad + judge(scene, 1, 120, first=1) + judge(scene, 1, 5, first=3)


@scenario
def failed_reports(scene):
    """Undeliverable, but paid for: the limit holds."""
    for i in range(12):
        scene.modem.inject(number(i), QUESTIONS[0])
        time.sleep(0.4)
    time.sleep(3)
    count = len(scene.modem.accepted)
    return [] if count <= 5 else ["%d messages sent" % count]


@scenario
def store_gone(scene):
    """The SIM is pulled while all is well: neither the modem nor the processor is worn out."""
    scene.modem.fault.refused = ("+CPMS", "+CMGL", "+CMGR")
    scene.modem.fault.sim = "ABSENT"
    before, cpu = len(scene.modem.commands), cpu_of(scene.process.pid)
    scene.modem.urc('+CMTI: "SM",1')
    time.sleep(20)
    bad = []
    if len(scene.modem.commands) - before > 80:
        bad.append("%d commands in 20 s" % (len(scene.modem.commands) - before))
    if cpu_of(scene.process.pid) - cpu > 1.0:
        bad.append("%.1f s of CPU in 20 s" % (cpu_of(scene.process.pid) - cpu))
    if not scene.wait_alarm("no_sim", 60):
        bad.append("no alarm: %s" % scene.status())
    scene.modem.fault.refused, scene.modem.fault.sim = (), "READY"
    ask_all(scene, 3)
    return bad + judge(scene, 3, 60)


def cpu_of(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@scenario
def long_hang(scene):
    """Nothing is heard for 50 s: whatever wakes it, it is set up wholly."""
    scene.modem.hang(50, "forget")
    time.sleep(49)
    ask_all(scene, 4, 0.5)
    return judge(scene, 4, 30)


@scenario
def one_slot(scene):
    """The network repeats messages, each into the slot that has just become free: they are deleted."""
    for round_ in range(8):
        scene.modem.inject_pdu(deliver_pdu(number(1), QUESTIONS[1], 1800000000))
        time.sleep(0.3)
    time.sleep(3)
    bad = judge(scene, 1, 10, first=1)
    return bad + ["left in %s" % n for n, s in scene.modem.stores.items() if s] + scene.alarms()


@scenario
def two_modems(scene):
    ask_all(scene, 12)
    bad = judge(scene, 12, 30)
    for i in range(12):
        if not scene.modems[i % 2].texts(number(i)):
            bad.append("%d was answered by the other modem" % i)
    return bad


@scenario
def once(scene):
    ask_all(scene, 6)
    scene.start("--once")
    code = scene.process.wait(60 * SLOW)
    bad = judge(scene, 6, 1)
    if code != 0:
        bad.append("exit status %d" % code)
    scene.start("--once")
    if scene.process.wait(60 * SLOW) != 0:
        bad.append("a second time: %d" % scene.process.returncode)
    if any(scene.modem.stores.values()):
        bad.append("store not emptied")
    return bad


@scenario
def second_gateway(scene):
    other = subprocess.run([BIANMIN, "--data", scene.data, "sms", "--port", scene.links[0], "--once"],
                           capture_output=True, text=True)
    third = subprocess.run([BIANMIN, "--data", scene.data + "2", "sms", "--port", scene.links[0],
                            "--once"], capture_output=True, text=True, timeout=90 * SLOW)
    bad = [] if other.returncode == 75 and "在运行" in other.stderr else \
        ["%d %s" % (other.returncode, other.stderr)]
    return bad + ([] if third.returncode == 69 else ["%d %s" % (third.returncode, third.stderr)])


@scenario
def no_personal_data(scene):
    scene.stop()
    scene.start(verbose=True)
    scene.modem.inject("+8615412345678", "我叫张三低保怎么办")
    scene.modem.inject("+8615412345678", "LY hello note")
    scene.wait(lambda: len(scene.modem.accepted) >= 2, 15)
    scene.stop()
    with open(scene.log) as log:
        text = log.read()
    return [w for w in ("15412345678", "张三", "hello", "6A50", "5F204E09") if w in text]


@scenario
def clean_end(scene):
    """SIGTERM in the middle of sending: the message is finished, nothing is sent twice."""
    ask_all(scene, 3)
    scene.wait(lambda: scene.modem.submits >= 1, 10)
    code = scene.stop()
    state = scene.rows("SELECT count(*) FROM outbox WHERE state IN ('sending','doubtful')")
    scene.modem.submit_time = 0
    scene.start()
    bad = judge(scene, 3, 30)
    return bad + ([] if code == 0 else ["exit status %d" % code]) + \
        ([] if state == [(0,)] else ["left sending: %s" % state])


@scenario
def killed(scene):
    """kill -9 again and again: nothing lost, nothing more than twice."""
    for i in range(12):
        scene.modem.inject(number(i), QUESTIONS[i])
        time.sleep(0.12)
        if i % 3 == 2:
            scene.stop(9)
            scene.start()
            time.sleep(0.4)
    scene.ready()
    return judge(scene, 12, 150, most=2)


SCENES = [
    ("five profiles: EC20", faulty("EC20")),
    ("SIM800C", faulty("SIM800C")),
    ("E173", faulty("E173")),
    ("TC35i", faulty("TC35i")),
    ("text mode with GBK", faulty("GBK")),
    ("text mode with UCS2", faulty("UCS2")),
    ("9600 baud", faulty("E173", baud=9600)),
    ("codes between the lines of replies", faulty("E173", noise=True, pause=0.2)),
    ("codes between the lines, SIM800C", faulty("SIM800C", noise=True, pause=0.2)),
    ("hang of 20 s, input kept", faulty(pause=0.5, hang_at=(3, 20, "late"), seconds=90)),
    ("hang of 20 s, input lost", faulty(pause=0.5, hang_at=(3, 20, "forget"), seconds=120)),
    ("reboot before acceptance", faulty("SIM800C", pause=0.5, reboot_at=(3, 4, False), seconds=120)),
    ("reboot after acceptance", faulty("SIM800C", pause=0.5, reboot_at=(3, 4, True), seconds=120)),
    ("unplugged for 5 s", during("E173", lambda m: m.unplug(5))),
    ("unplugged before the OK", faulty("EC20", pulled_before_ok=1)),
    ("OK and +CMGS lost", faulty("EC20", pause=0.5, lost_ok=3, seconds=120)),
    ("OK behind +CMGS lost", faulty("EC20", lost_final=4)),
    ("prompt lost", faulty("EC20", lost_prompt=3, seconds=90)),
    ("+CMS ERROR 500 three times", faulty("EC20", cms_error=(500, 3), seconds=60)),
    ("a store of four, every third +CMTI lost", faulty("E173", stores={"SM": 4}, lost_cmti=3,
                                                       seconds=90)),
    ("store full without a word", faulty("E173", stores={"SM": 4}, full_urc="^SMMEMFULL: \"SM\"")),
    ("+CMTI names another store", faulty("EC20", wrong_memory=True)),
    ("garbage, NUL, lines of 8 kB", faulty("E173", garbage=True, pause=0.1, seconds=90)),
    ("unknown code while idle", during("EC20", lambda m: m.urc("SMS Ready"))),
    ("delete refused", faulty("EC20", no_delete="error", pause=0.1)),
    ("delete without effect", faulty("EC20", no_delete="ignore", pause=0.1)),
    ("list names a slot twice", faulty("EC20", list_twice=True)),
    ("body of a list broken in two", faulty("EC20", spoilt_list=3)),
    ("end of a list lost", lambda: torn_lists(start=False, torn_list=700)),
    ("echo comes back", faulty("EC20", echo_again=40, pause=0.1)),
    ("dialogue", dialogue),
    ("the same as ask --sms", same_as_ask),
    ("limits of a number", lambda: limits(config="[sms]\n")),
    ("limit of all numbers", lambda: total_limit(config="[sms]\n")),
    ("machines get no answer", machines),
    ("long messages", long_messages),
    ("repeated by the network", repeats),
    ("a wrong PIN is entered once", lambda: wrong_pin(
        extra="pin=1234\n", start=False, pin="9999")),
    ("a good PIN after each reboot", lambda: good_pin(extra="pin=1234\n", pin="1234")),
    ("reboots that nobody tells of", lambda: silent_reboot(profile="SIM800C")),
    ("full disk", lambda: full_disk(start=False)),
    ("SIM missing", lambda: sim_missing(start=False, sim="ABSENT")),
    ("no network", lambda: no_network(registration=2)),
    ("empty service centre", lambda: empty_centre(smsc="")),
    ("prepaid out", lambda: prepaid_out(cms_error=(500, -1))),
    ("one number refused", lambda: one_bad_number(cms_for={number(0): 28})),
    ("six numbers that are out of reach", lambda: bad_numbers(
        cms_for={number(i): 38 for i in range(6)})),
    ("a reference that a refusal used up", lambda: false_witness(mr_per_try=True, reports=False)),
    ("undeliverable ones count", lambda: failed_reports(
        config="[sms]\nlimit_total=5\n", failed_reports=True)),
    ("SIM pulled", store_gone),
    ("hang of 50 s", long_hang),
    ("repeats in one slot", one_slot),
    ("echo in spite of ATE0", faulty("EC20", echo_stuck=True, pause=0.1)),
    ("ATQ1 in the profile", faulty("SIM800C", mute=True)),
    ("no +CNMI", faulty("E173", refused=("+CNMI",), seconds=90)),
    ("no +CPMS", faulty("SIM800C", refused=("+CPMS",))),
    ("no +CSCA", faulty("EC20", refused=("+CSCA",))),
    ("calls while sending", faulty("EC20", calls=12)),
    ("two modems", lambda: two_modems(modems=2)),
    ("--once", lambda: once(start=False)),
    ("one gateway, one port", second_gateway),
    ("no personal data in the log", no_personal_data),
    ("ends cleanly", lambda: clean_end(submit_time=2.0)),
    ("kill -9", killed),
]


def main():
    tap, results = Tap(), {}
    wanted = [s for s in SCENES if len(sys.argv) < 2 or any(a in s[0] for a in sys.argv[1:])]
    slots = threading.Semaphore(12 if SLOW == 1 else 6)

    def work(name, function):
        with slots:
            begin = time.monotonic()
            try:
                bad = function()
            except Exception as reason:  # a broken test is a failed one
                bad = ["%s: %s" % (type(reason).__name__, reason)]
            results[name] = (bad, time.monotonic() - begin)

    threads = [threading.Thread(target=work, args=s) for s in wanted]
    for thread in threads:
        thread.start()
    for (name, _), thread in zip(wanted, threads):
        thread.join()
        bad, seconds = results[name]
        tap.result("sms: %s" % name, bad, " # %.0f s" % seconds if len(sys.argv) > 1 else "")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
