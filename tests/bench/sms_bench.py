#!/usr/bin/env python3
"""The SMS gateway on the simulator: answers a second, latency, octets and CPU an answer, memory,
recovery; smstools3 and gammu-smsd beside it in the same run where they are installed."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "sms"))
from fake_modem import FakeModem  # noqa: E402

BIANMIN = os.environ.get("BIANMIN", os.path.join(HERE, "../../build/bianmin"))
QUESTION = "低保怎么办"
ANSWER = "最低生活保障：家庭人均收入低于当地低保标准的可申请，向户口所在地街道提出，带身份证户口簿，待核实，问12345，上班时间来。"
CONFIG = "[sms]\nlimit_per_hour=100000\nlimit_per_day=100000\nlimit_total=1000000\n"


class Bianmin:
    name = "bianmin"

    def __init__(self, modem, folder):
        conf = os.path.join(folder, "bianmin.conf")
        with open(conf, "w") as out:
            out.write(CONFIG)
        self.process = subprocess.Popen(
            [BIANMIN, "--data", os.path.join(folder, "data"), "--config", conf, "sms", "--port",
             modem.path], stderr=subprocess.DEVNULL)

    @staticmethod
    def installed():
        return True

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return sum(int(f) for f in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        values = {}
        with open("/proc/%d/smaps_rollup" % self.process.pid) as file:
            for line in file:
                words = line.split()
                if words[0] in ("Rss:", "Anonymous:"):
                    values[words[0]] = int(words[1])
        return values["Rss:"], values["Anonymous:"]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Smstools(Bianmin):
    name = "smstools3"

    def __init__(self, modem, folder):
        for sub in ("incoming", "outgoing", "checked", "failed", "sent"):
            os.makedirs(os.path.join(folder, sub))
        hook, conf = os.path.join(folder, "hook"), os.path.join(folder, "smsd.conf")
        with open(hook, "w") as out:
            out.write("""#!/bin/sh
[ "$1" = RECEIVED ] || exit 0
to=$(sed -n 's/^From: //p' "$2" | head -1)
f=$(mktemp %s/new.XXXXXX)
{ printf 'To: %%s\\nAlphabet: UCS\\n\\n' "$to"; printf '%%s' '%s' | iconv -t UCS-2BE; } >"$f"
mv "$f" %s/outgoing/
""" % (folder, ANSWER, folder))
        os.chmod(hook, 0o755)
        with open(conf, "w") as out:
            out.write("""devices = GSM1
incoming = {0}/incoming
outgoing = {0}/outgoing
checked = {0}/checked
failed = {0}/failed
sent = {0}/sent
logfile = {0}/log
infofile = {0}/run
pidfile = {0}/pid
loglevel = 3
delaytime = 1
receive_before_send = no
eventhandler = {0}/hook
[GSM1]
device = {1}
incoming = high
baudrate = 115200
rtscts = no
memory_start = 0
""".format(folder, os.path.realpath(modem.path)))
        self.process = subprocess.Popen(["/usr/sbin/smsd", "-c", conf, "-t"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)

    @staticmethod
    def installed():
        return os.path.exists("/usr/sbin/smsd")

    def stop(self):
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()


class Gammu(Smstools):
    name = "gammu-smsd"

    def __init__(self, modem, folder):
        for sub in ("inbox", "outbox", "sent", "error"):
            os.makedirs(os.path.join(folder, sub))
        hook, conf = os.path.join(folder, "hook"), os.path.join(folder, "smsdrc")
        with open(hook, "w") as out:
            out.write("""#!/bin/sh
printf '%%s' '%s' | gammu-smsd-inject -c %s TEXT "$SMS_1_NUMBER" -unicode >/dev/null
""" % (ANSWER, conf))
        os.chmod(hook, 0o755)
        with open(conf, "w") as out:
            out.write("""[gammu]
device = {1}
connection = at115200
[smsd]
service = files
inboxpath = {0}/inbox/
outboxpath = {0}/outbox/
sentsmspath = {0}/sent/
errorsmspath = {0}/error/
logfile = {0}/log
RunOnReceive = {0}/hook
CommTimeout = 2
SendTimeout = 10
ReceiveFrequency = 1
StatusFrequency = 60
CheckSecurity = 0
CheckBattery = 0
CheckSignal = 0
CheckNetwork = 0
""".format(folder, os.path.realpath(modem.path)))
        self.process = subprocess.Popen(["/usr/bin/gammu-smsd", "-c", conf],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True, env=dict(os.environ, LANG="C.UTF-8"))

    @staticmethod
    def installed():
        return os.path.exists("/usr/bin/gammu-smsd")


class Bench:
    """One daemon on one modem."""

    def __init__(self, peer, profile="E173", **modem):
        self.folder = tempfile.mkdtemp(prefix="sms-bench-")
        self.modem = FakeModem(profile, link=os.path.join(self.folder, "modem"), **modem)
        self.daemon = peer(self.modem, self.folder)
        self.sent = 0

    def __enter__(self):
        # ready when the first question has been answered
        self.ask("+8615400009999")
        if not self.modem.wait(1, 90):
            raise TimeoutError("no answer at all")
        time.sleep(2.5)
        return self

    def __exit__(self, *unused):
        self.daemon.stop()
        self.modem.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, number):
        self.sent += 1
        # each has a second of its own at the centre, or it would be the same message again
        self.modem.inject(number, QUESTION, when=1800000000 + self.sent)
        return time.monotonic()

    def flood(self, count, senders, limit):
        """Answers a second, CPU ms and octets an answer."""
        before, octets = self.daemon.cpu(), self.modem.octets_in + self.modem.octets_out
        answered, begin = len(self.modem.accepted), time.monotonic()
        for i in range(count):
            self.ask("+86154000%05d" % (i % senders))
        self.modem.wait(answered + count, limit)
        got = len(self.modem.accepted) - answered
        if got == 0:
            return "0 of %d in %d s" % (count, limit)
        seconds = self.modem.accepted[-1]["time"] - begin
        time.sleep(0.3)
        return "%s%.2f/s, %.2f ms CPU, %d B an answer" % (
            "" if got >= count else "%d of %d: " % (got, count), got / seconds,
            (self.daemon.cpu() - before) * 1000 / got,
            (self.modem.octets_in + self.modem.octets_out - octets) / got)

    def idle(self, count, limit):
        """One question at a time: p50 and p99 of the latency."""
        times = []
        for i in range(count):
            before = len(self.modem.accepted)
            begin = self.ask("+86154001%05d" % i)
            if not self.modem.wait(before + 1, limit):
                return "%d of %d, then none in %d s" % (i, count, limit)
            times.append(self.modem.accepted[before]["time"] - begin)
            time.sleep(0.4)
        times.sort()
        return "p50 %.3f s, p99 %.3f s" % (statistics.median(times),
                                           times[min(len(times) - 1, int(len(times) * 0.99))])

    def recovery(self, fault, seconds):
        """Seconds from the end of a disturbance to the next answer."""
        self.ask("+8615400200001")
        time.sleep(0.5)
        getattr(self.modem, fault)(seconds)
        time.sleep(0.2)
        before, begin = len(self.modem.accepted), self.ask("+8615400200002")
        if not self.modem.wait(before + 1, seconds + 120):
            return "none in %d s" % (seconds + 120)
        return "%.1f s after its end" % (self.modem.accepted[before]["time"] - begin - seconds + 0.2)

    def quiet(self, seconds):
        before = self.daemon.cpu()
        time.sleep(seconds)
        return "%.0f ms CPU in %d s" % ((self.daemon.cpu() - before) * 1000, seconds)


ROWS = [
    ("flood of 300 from 100 numbers, unpaced", {}, lambda b, s: b.flood(300, 100, 60) if s else
     b.flood(60, 60, 90)),
    ("flood of 120, 115200 baud", {"baud": 115200}, lambda b, s: b.flood(120, 100, 60) if s else
     b.flood(60, 60, 90)),
    ("flood of 40, 9600 baud", {"baud": 9600}, lambda b, s: b.flood(40, 40, 90)),
    ("network takes 3 s a message, 12", {"baud": 115200, "submit_time": 3.0},
     lambda b, s: b.flood(12, 12, 90)),
    ("idle, unpaced", {}, lambda b, s: b.idle(40 if s else 8, 20)),
    ("idle, 9600 baud", {"baud": 9600}, lambda b, s: b.idle(20 if s else 8, 20)),
]


def row(what, values):
    print("| %s | %s |" % (what, " | ".join(values)), flush=True)


def measure(peer, modem, function):
    try:
        with Bench(peer, **modem) as bench:
            return function(bench, peer is Bianmin)
    except (TimeoutError, OSError) as reason:
        return str(reason)


def main():
    peers = [p for p in (Bianmin, Smstools, Gammu)]
    if "--own" in sys.argv:
        peers = [Bianmin]
    row("", [p.name for p in peers])
    row("---", ["---"] * len(peers))
    for what, modem, function in ROWS:
        row(what, [measure(p, modem, function) if p.installed() else "not installed"
                   for p in peers])
    for what, fault, seconds in (("hang of 20 s", "hang", 20), ("reboot of 5 s", "reboot", 5),
                                 ("unplugged for 5 s", "unplug", 5)):
        row(what, [measure(p, {}, lambda b, s, f=fault, t=seconds: b.recovery(f, t))
                   if p is Bianmin else "" for p in peers])
    with Bench(Bianmin) as bench:
        quiet = bench.quiet(30)
        bench.flood(100, 100, 30)
        rss, anonymous = bench.daemon.memory()
        row("idle for 30 s", [quiet] + [""] * (len(peers) - 1))
        row("memory after 100 answers", ["RSS %.1f MiB, anonymous %.1f MiB" %
                                         (rss / 1024, anonymous / 1024)] + [""] * (len(peers) - 1))


if __name__ == "__main__":
    main()
