#!/usr/bin/env python3
"""A usual stick (the starter content, with a few changes) from its insertion to the differences on the screen, and the
publication behind it: medians of RUNS, milliseconds. What the unit waits for a stick to settle (1.5 s) and what a person
takes to type is not in it. Bars: 1,000 ms without the PIN's hash, publication 50 ms."""
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

BIANMIN = os.environ.get("BIANMIN", "build/bianmin")
STARTER = os.path.join(os.environ.get("G_TEST_SRCDIR", "."), "db", "starter")
RUNS = int(os.environ.get("RUNS", 7))
PIN = "738291"


class Talk:
    """A conversation with `update --serve`."""

    def __init__(self, data):
        self.process = subprocess.Popen([BIANMIN, "--data", data, "update", "--serve"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        """The last reply, and how long it took in ms."""
        start = time.monotonic()
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        while True:
            reply = json.loads(self.process.stdout.readline())
            if reply["is"] != "progress":
                return reply, 1000 * (time.monotonic() - start)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def prepare(top):
    data, stick = top + "/data", top + "/stick"
    os.makedirs(data)
    os.makedirs(stick)
    for name in os.listdir(STARTER):
        if name.endswith(".csv"):
            shutil.copy(os.path.join(STARTER, name), stick)
    with open(top + "/pin", "w", encoding="utf-8") as out:
        out.write(PIN + "\n")
    subprocess.run([BIANMIN, "--data", data, "stick", "enrol", stick, "--label", "bench", "--pin-file", top + "/pin"],
                   check=True, capture_output=True)
    return data, stick


def change(stick, run):
    path = stick + "/事项.csv"
    with open(STARTER + "/事项.csv", encoding="utf-8-sig") as source:
        text = source.read()
    with open(path, "w", encoding="utf-8-sig") as target:
        target.write(text.replace("残疾人证办理", f"残疾人证办理{run}"))


def main():
    took = {"copied": [], "PIN": [], "checked": [], "published": []}
    with tempfile.TemporaryDirectory() as top:
        data, stick = prepare(top)
        for run in range(RUNS):
            change(stick, run)
            start = time.monotonic()
            subprocess.run([BIANMIN, "--data", data, "usb-copy", "--folder", stick], check=True, capture_output=True)
            took["copied"].append(1000 * (time.monotonic() - start))
            talk = Talk(data)
            for step, request in (("PIN", {"do": "enter", "pin": PIN}), ("checked", {"do": "check"}),
                                  ("published", {"do": "publish"})):
                reply, ms = talk.ask(**request)
                if reply["is"] not in ("entered", "checked", "published"):
                    raise SystemExit(f"stick_bench: {reply}")
                took[step].append(ms)
            talk.close()
    middle = {step: statistics.median(times) for step, times in took.items()}
    for step, ms in middle.items():
        print(f"{step:<44} {ms:7.1f} ms")
    print(f"{'from insertion to differences, without the PIN':<44} {middle['copied'] + middle['checked']:7.1f} ms")


main()
