#!/usr/bin/env python3
"""bianmin package and update of a package, from outside: what one kiosk makes, another verifies,
publishes, and has the same digest; what was changed, is old or is nobody's, is refused. Prints TAP."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from tap import Tap, starter_folder

BIANMIN = os.environ.get("BIANMIN", "build/bianmin")
ENV = dict(os.environ, LC_ALL="C.UTF-8")
top = tempfile.mkdtemp(prefix="package_test.")


class Kiosk:
    def __init__(self, name):
        self.data = os.path.join(top, name)

    def run(self, *args):
        return subprocess.run([BIANMIN, "--data", self.data, *args], capture_output=True, text=True, env=ENV,
                              stdin=subprocess.DEVNULL)

    def json(self, *args):
        return json.loads(self.run(*args, "--json").stdout)

    def digest(self):
        return self.json("status")["digest"]

    def publish(self, name, old, new):
        """The starter's 事项.csv with one change."""
        folder = os.path.join(top, name)
        os.makedirs(folder, exist_ok=True)
        text = open(os.path.join(starter_folder(), "事项.csv"), encoding="utf-8").read()
        with open(os.path.join(folder, "事项.csv"), "w", encoding="utf-8") as out:
            out.write(text.replace(old, new, 1))
        return self.run("update", folder, "--yes")

    def make(self, name):
        folder = os.path.join(top, name)
        os.makedirs(folder, exist_ok=True)
        return self.json("package", "make", folder)["file"]

    def update(self, path, *args):
        done = self.run("update", path, "--yes", "--json", *args)
        return done.returncode, (json.loads(done.stdout) if done.stdout else None)

    def trust(self, other, *args):
        return self.run("package", "trust", other.json("package", "key")["key"], *args)


def complain(bad, condition, what):
    if not condition:
        bad.append(str(what))


master, kiosk = Kiosk("master"), Kiosk("kiosk")


def test_way(tap):
    bad = []
    first = master.publish("one", "待社区核实", "已核实")
    complain(bad, first.returncode == 0, first.stderr)
    one = master.make("out")
    complain(bad, os.path.basename(one) == "便民更新-000001.bmp", one)
    done = kiosk.run("update", one, "--yes")
    complain(bad, done.returncode == 77 and "bianmin package trust" in done.stderr, done.stderr)
    complain(bad, not os.path.exists(os.path.join(kiosk.data, "content")), "an unknown key has made a folder")
    complain(bad, kiosk.trust(master, "--label", "总站").returncode == 0, "trust")
    told = kiosk.json("package", "verify", one)
    complain(bad, told["valid"] and told["version"] == 1 and told["digest"] == master.digest() and
             told["label"] == "总站", told)
    complain(bad, kiosk.json("status")["generation"] == 0, "verify has published")
    code, result = kiosk.update(one)
    complain(bad, code == 0 and result["generation"] == 1, result)
    complain(bad, kiosk.digest() == master.digest(), "another digest")
    code, result = kiosk.update(one)
    complain(bad, code == 0 and result["outcome"] == "same", result)
    tap.result("what one kiosk makes, another publishes, with the same digest", bad)


def test_rollback(tap):
    bad = []
    one = os.path.join(top, "out", "便民更新-000001.bmp")
    master.publish("two", "残疾人服务", "社会救助")
    two = master.make("out")
    complain(bad, master.make("out") == two, "the same content got another version")
    code, result = kiosk.update(two)
    complain(bad, code == 0 and result["generation"] == 2, result)
    for again in (("--check",), ()):
        code, result = kiosk.update(one, *again)
        complain(bad, code == 65 and result["outcome"] == "reject" and "旧的" in result["errors"][0]["message"], result)
    complain(bad, kiosk.digest() == master.digest(), "rolled back")
    # the master goes back: that is a new package
    master.run("rollback")
    three = master.make("out")
    complain(bad, os.path.basename(three) == "便民更新-000003.bmp", three)
    code, result = kiosk.update(three)
    complain(bad, code == 0 and kiosk.digest() == master.digest(), result)
    tap.result("an old package is refused, a roll-back is a new one", bad)


def test_check_keeps_nothing(tap):
    """The version counts once it is published, not before."""
    bad = []
    fresh = Kiosk("fresh")
    fresh.trust(master)
    three, one = (os.path.join(top, "out", f"便民更新-00000{n}.bmp") for n in (3, 1))
    code, result = fresh.update(three, "--check")
    complain(bad, code == 0 and result["outcome"] in ("accept", "warn"), result)
    fresh.json("package", "verify", three)
    code, result = fresh.update(one)
    complain(bad, code == 0, result)
    complain(bad, [k["version"] for k in fresh.json("package", "list")["keys"]] == [1], "version")
    tap.result("neither --check nor verify uses up a version", bad)


def test_changed(tap):
    bad = []
    three = os.path.join(top, "out", "便民更新-000003.bmp")
    octets = open(three, "rb").read()
    head = octets.index(b"\n\n") + 2
    path = os.path.join(top, "changed.bmp")
    shuffled = random.Random(1)
    places = [0, head - 1, head, len(octets) - 65, len(octets) - 64, len(octets) - 1]
    places += shuffled.sample(range(head), 12) + shuffled.sample(range(head, len(octets)), 12)
    before = kiosk.digest()
    for place in places:
        with open(path, "wb") as out:
            out.write(octets[:place] + bytes([octets[place] ^ 1 << shuffled.randrange(8)]) + octets[place + 1:])
        for args in (("package", "verify", path), ("update", path, "--yes")):
            done = kiosk.run(*args)
            complain(bad, done.returncode in (65, 77), f"octet {place}: {done.returncode} {done.stderr}")
    for length in (0, 10, head, head + 1, len(octets) - 64, len(octets) - 1):
        with open(path, "wb") as out:
            out.write(octets[:length])
        done = kiosk.run("update", path, "--yes")
        complain(bad, done.returncode == 65, f"{length} octets: {done.returncode} {done.stderr}")
    with open(path, "wb") as out:
        out.write(octets + b"\n")
    complain(bad, kiosk.run("update", path, "--yes").returncode == 65, "longer")
    complain(bad, kiosk.digest() == before, "published")
    tap.result("what was changed or cut is refused", bad)


def test_keys(tap):
    bad = []
    stranger = Kiosk("stranger")
    stranger.publish("three", "待社区核实", "已核实")
    theirs = stranger.make("theirs")
    complain(bad, kiosk.update(theirs)[0] == 77, "a stranger's package")
    complain(bad, kiosk.trust(stranger, "--label", "分站").returncode == 0, "trust")
    complain(bad, kiosk.run("package", "verify", theirs).returncode == 0, "a new key begins anew")
    text = os.path.join(top, "key.txt")
    with open(text, "w", encoding="utf-8") as out:
        out.write(stranger.run("package", "key").stdout)
    complain(bad, kiosk.run("package", "distrust", "分站").returncode == 0, "distrust")
    done = kiosk.run("update", theirs, "--yes")
    complain(bad, done.returncode == 77 and "停用" in done.stderr, done.stderr)
    complain(bad, kiosk.run("package", "trust", text).returncode == 0, "from a file")
    complain(bad, kiosk.run("package", "verify", theirs).returncode == 0, "trusted again")
    for word in ("0" * 64, "f" * 64, "12", os.path.join(top, "nowhere")):
        complain(bad, kiosk.run("package", "trust", word).returncode == 65, word)
    for args in ((), ("make",), ("make", os.path.join(top, "nowhere")), ("key", "x"), ("verifi", theirs)):
        complain(bad, kiosk.run("package", *args).returncode == 64, args)
    complain(bad, kiosk.run("package", "verify", os.path.join(top, "none.bmp")).returncode == 66, "missing")
    tap.result("whose packages are taken is an administrator's decision", bad)


def test_stick(tap):
    """A stick that brings a package: alone, or with sheets."""
    bad = []
    stick, other = os.path.join(top, "stick"), Kiosk("other")
    os.mkdir(stick)
    other.trust(master)
    shutil.copy(os.path.join(top, "out", "便民更新-000002.bmp"), stick)
    shutil.copy(os.path.join(top, "out", "便民更新-000003.bmp"), stick)
    code, result = other.update(stick)
    complain(bad, code == 0 and other.digest() == master.digest(), result)
    if os.geteuid() == 0:
        copied = Kiosk("copied")
        copied.trust(master)
        copied.run("usb-copy", "--folder", stick)
        done = copied.run("update", "--intake", "--yes")
        complain(bad, done.returncode == 0 and copied.digest() == master.digest(), done.stderr)
    shutil.copy(os.path.join(starter_folder(), "公告.csv"), stick)
    code, result = other.update(stick)
    complain(bad, code == 65 and "只留一样" in result["errors"][0]["message"], result)
    tap.result("a folder with packages gives the newest; with sheets beside it is refused", bad)


def enrolled(name):
    """A kiosk that takes the master's packages, and an enrolled stick with one (PIN 271828)."""
    staff, stick = Kiosk(name), os.path.join(top, name + " stick")
    os.mkdir(stick)
    staff.trust(master)
    subprocess.run([BIANMIN, "--data", staff.data, "stick", "enrol", stick, "--label", "张三", "--pin-file", "-"],
                   input="271828\n", text=True, capture_output=True, env=ENV, check=True)
    shutil.copy(os.path.join(top, "out", "便民更新-000003.bmp"), stick)
    return staff, stick


def test_staff(tap):
    """The same at the screen: a stick with a key and a package, its PIN, the differences, published."""
    bad = []
    staff, stick = enrolled("staff")
    def serve(asked):
        done = subprocess.run([BIANMIN, "--data", staff.data, "update", "--serve", stick], text=True, capture_output=True,
                              input="".join(json.dumps(line) + "\n" for line in asked), env=ENV)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        return [line for line in said if line["is"] != "progress"]
    asked = [{"do": "check"}, {"do": "enter", "pin": "271828"}, {"do": "check"}, {"do": "publish"}]
    said = serve(asked)
    complain(bad, [line["is"] for line in said] == ["failed", "entered", "checked", "published"], said)
    complain(bad, staff.digest() == master.digest(), "another digest")
    complain(bad, [k["version"] for k in staff.json("package", "list")["keys"]] == [3], "version")
    # who reads it there can press a button or call somebody, and type nothing
    os.unlink(os.path.join(stick, "便民更新-000003.bmp"))
    shutil.copy(os.path.join(top, "out", "便民更新-000001.bmp"), stick)
    said = serve(asked[1:3])[-1]["message"]
    complain(bad, "旧的更新包" in said and said.endswith("请按“恢复上一版”"), said)
    staff.run("package", "distrust", staff.json("package", "list")["keys"][0]["id"])
    said = serve(asked[1:3])[-1]["message"]
    complain(bad, "停用" in said and "请叫技术人员" in said and "bianmin" not in said, said)
    tap.result("staff publish a package from the screen", bad)


def test_distrusted_meanwhile(tap):
    """Whoever looks at the changes for long publishes nothing of a key that was distrusted meanwhile."""
    bad = []
    staff, stick = enrolled("slow")
    with subprocess.Popen([BIANMIN, "--data", staff.data, "update", "--serve", stick], text=True, env=ENV,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as serve:
        def say(**words):
            serve.stdin.write(json.dumps(words) + "\n")
            serve.stdin.flush()
            reply = {"is": "progress"}
            while reply["is"] == "progress":
                reply = json.loads(serve.stdout.readline())
            return reply
        seen = [say(do="enter", pin="271828")["is"], say(do="check")["is"]]
        staff.run("package", "distrust", staff.json("package", "list")["keys"][0]["id"])
        said = say(do="publish")
        serve.stdin.close()
    complain(bad, seen == ["entered", "checked"] and said["is"] == "failed" and "停用" in said["message"], [seen, said])
    complain(bad, staff.json("status")["generation"] == 0, "published")
    tap.result("a key that is distrusted while the changes are read publishes nothing", bad)


def main():
    tap = Tap()
    try:
        for test in (test_way, test_rollback, test_check_keeps_nothing, test_changed, test_keys, test_stick,
                     test_staff, test_distrusted_meanwhile):
            test(tap)
    finally:
        shutil.rmtree(top)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
