#!/usr/bin/env python3
"""Conversations with odd modems, word for word: tests/sms/modem/*.at, a file a modem. Lines:
    host AT+CMGF=0     what bianmin sms must say next ("…" at the end: whatever follows)
    modem OK           what the modem says, in a line of its own
    raw +CMGL: 1\\r\\n   the same without line ends added; \\r \\n \\x.. as in C
    body +86154… 文字   the message behind "> ": its number and how its text begins
    wait 500           milliseconds
The file must be played to its end; what is said behind it does not count."""
import codecs
import glob
import os
import select
import subprocess
import sys
import tempfile
import time
import tty

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..")
sys.path[:0] = [HERE, os.path.join(TOP, "sms")]
from fake_modem import read_submit  # noqa: E402
from tap import Tap  # noqa: E402

BIANMIN = os.environ.get("BIANMIN", os.path.join(TOP, "../build/bianmin"))
PATIENCE = 40 * (3 if os.environ.get("SANITIZE") not in (None, "", "0") else 1)


class Broken(Exception):
    """What was said is not what the file wants."""


class Player:
    def __init__(self, master):
        self.master, self.heard = master, b""

    def say(self, octets):
        os.write(self.master, octets)

    def hear(self, ends):
        """Up to one of the octets of `ends`."""
        deadline = time.monotonic() + PATIENCE
        while not any(e in self.heard for e in ends):
            ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise Broken("silence after %r" % self.heard)
            self.heard += os.read(self.master, 4096)
        at = min(self.heard.index(e) for e in ends if e in self.heard)
        line, self.heard = self.heard[:at], self.heard[at + 1:]
        return line.decode("latin-1")

    def host(self, want):
        said = ""
        while not said.strip("\x1b"):  # getting the modem's attention
            said = self.hear(b"\r").lstrip("\x1b")
        if not (said.startswith(want[:-1]) if want.endswith("…") else said == want):
            raise Broken("wants %s, said %s" % (want, said))

    def body(self, want):
        number, _, text = want.partition(" ")
        message = read_submit(self.hear(b"\x1a"))
        if message["number"] != number or not message["text"].startswith(text):
            raise Broken("wants %s, said %s %s" % (want, message["number"], message["text"]))

    def play(self, line):
        verb, _, rest = line.partition(" ")
        if verb == "host":
            self.host(rest)
        elif verb == "modem":
            self.say(b"\r\n" + rest.encode() + b"\r\n")
        elif verb == "raw":
            self.say(codecs.escape_decode(rest.encode())[0])
        elif verb == "body":
            self.body(rest)
        elif verb == "wait":
            time.sleep(int(rest) / 1000)
        else:
            raise Broken("no such line")


def play_file(path):
    master, slave = os.openpty()
    tty.setraw(slave)
    player = Player(master)
    with tempfile.TemporaryDirectory() as data, open(path, encoding="utf-8") as script:
        process = subprocess.Popen([BIANMIN, "--data", data, "sms", "--port", os.ttyname(slave)],
                                   stderr=subprocess.DEVNULL)
        try:
            for number, line in enumerate(script, 1):
                line = line.rstrip("\n")
                if line and line[0] != "#":
                    try:
                        player.play(line)
                    except (Broken, OSError, ValueError) as reason:
                        return ["line %d, %s: %s" % (number, line, reason)]
            process.terminate()
            player.say(b"\r\nOK\r\n")
            code = process.wait(PATIENCE)
            return [] if code == 0 else ["exit status %d" % code]
        finally:
            process.kill()
            process.wait()
            os.close(master)
            os.close(slave)


def main():
    tap = Tap()
    for path in sorted(glob.glob(os.path.join(TOP, "sms", "modem", "*.at"))):
        if len(sys.argv) < 2 or any(a in path for a in sys.argv[1:]):
            # a machine that is busy answers "AT" later than a modem would: then it is played again
            for _ in range(3):
                bad = play_file(path)
                if not bad:
                    break
            tap.result("transcript: %s" % os.path.basename(path), bad)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
