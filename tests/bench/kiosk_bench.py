#!/usr/bin/env python3
"""The kiosk on a screen without a graphics card: time to the first picture beside GTK's least program and a browser in
kiosk mode, from a touch to the painted page, from a key to the painted results, memory, and what it does when idle.

A time ends when pixels of the screen have changed. The clock begins at exec, at the release of a touch (pages act on
release; a finger stays down 60 ms here) or at the press of a real key. GTK shows a page in one frame, so the first
change is the page; whether anything changed after it is counted too. Other programs on the same cores lengthen this: in
the second line what the kiosk and the X server waited for a core is taken off (/proc/PID/schedstat), which is a little
too much where one waited while the other ran. Aims, none of them asserted: first picture 300 ms, page p99 50 ms, key p99
33 ms, 110 MiB PSS, less than 5 MiB more after 2000 touches, no CPU when idle. PSS falls when another program maps the
same fonts and rises when it ends; what is anonymous is the kiosk's alone. Files grow as more of the fonts and of the
input methods' tables is looked at; the kernel takes that back when it needs it. The soak's sizes are those of a kiosk
nobody touches, after it has given memory back; it is run with rests, as people touch, and without any."""
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import kiosk_process  # noqa: E402
import x_screen  # noqa: E402
from kiosk_process import BRAND, CORNER, HEIGHT, WIDTH, Kiosk  # noqa: E402

BIANMIN = os.environ.get("BIANMIN", os.path.join(HERE, "../../build/bianmin"))
ROUNDS = 9
HOLD_S = 0.06
STEP_S = 0.0003   # between two looks at the screen
AFTER_S = 0.10    # how long later changes are looked for
PATIENCE_S = 5
SEED = 20260506
SOAK = (200, 1000, 2000, 3000, 4000)
RESTED = 100      # touches; whoever reads rests
HEADER_HEIGHT = 120
SYSTEM_PYTHON = "/usr/bin/python3"  # python3-gi is its
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# from one page to the next, and home again: what is touched, and the page it leads to
TOUR = [("残疾人服务", "category"), ("困难残疾人生活补贴", "topic"), ("返回", "category"), ("返回", "home"),
        ("打字查找", "search"), ("返回", "home"), ("社会救助", "category 2"),
        ("首页", "home"), ("看公告", "notices"), ("返回", "home"), ("需要帮忙", "help"), ("首页", "home")]
TOUR_ROUNDS = 16
WORDS = ("canjiren", "dibao", "gongzufang", "shebao", "diantibutie", "yanglao", "jiuye", "huji")
KEY_COUNT = 210
T9 = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")

PAGE = """<!doctype html><meta charset=utf-8><style>body{margin:0;background:#FAF7F0;font:40px "Noto Sans CJK SC"}
header{background:#0B4F6C;color:#fff;height:128px;padding:0 40px;line-height:128px}main{display:grid;gap:20px;padding:40px;
grid-template-columns:1fr 1fr}main div{background:#fff;border:2px solid #5F7485;border-radius:20px;padding:40px}</style>
<header>锦湖街道便民查询</header><main>%s</main>""" % "".join(f"<div>{name}<br><small>5 项</small></div>" for name in (
    "残疾人服务", "社会救助", "住房保障", "养老服务", "医保社保", "教育就业", "户籍证件", "更多"))


def say(what, figure, note=""):
    print("| %s | %s | %s |" % (what, figure, note), flush=True)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def spread(seconds):
    if not seconds:
        return "none"
    ms = [s * 1000 for s in seconds]
    return "p50 %.1f ms, p99 %.1f ms, worst %.1f ms (%d)" % (statistics.median(ms), percentile(ms, 0.99), max(ms), len(ms))


def say_times(what, takes, note=""):
    """`takes`: (seconds, how many of them were spent waiting for a core)."""
    say(what, spread([seconds for seconds, _ in takes]), note)
    say("  less waiting for a core", spread([seconds - waited for seconds, waited in takes]))


# ---- where things are: asked of the accessibility bus once, in a run of its own ----


def walk_places():
    """Prints where each button of each page stands. Runs with a session bus, in the system's Python."""
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi

    def walk(widget, found):
        if "button" in widget.get_role_name() and widget.get_name():
            box = widget.get_extents(Atspi.CoordType.WINDOW)
            if box.width > 8 and box.height > 8:
                found.setdefault(widget.get_name(), (box.x + box.width / 2, box.y + box.height / 2))
        for i in range(widget.get_child_count()):
            walk(widget.get_child_at_index(i), found)

    def buttons():
        desktop, found = Atspi.get_desktop(0), {}
        for i in range(desktop.get_child_count()):
            walk(desktop.get_child_at_index(i), found)
        return found

    places = {}
    with kiosk_process.new_screen() as screen:
        kiosk = Kiosk(BIANMIN, screen, os.environ["DBUS_SESSION_BUS_ADDRESS"])
        kiosk.wait_painted(screen)
        screen.wait_still(1)
        places["home"] = buttons()
        page = "home"
        for name, after in TOUR + [("打字查找", "search"), ("全键", "full")]:
            screen.tap(*place(places, page, name), HOLD_S)
            screen.wait_still()
            page = after
            if page not in places:
                places[page] = buttons()
        kiosk.stop()
    print("\n" + json.dumps(places))


def place(places, page, name):
    """看公告 8 条 is found by 看公告."""
    found = [xy for title, xy in places[page].items() if title.startswith(name)]
    if not found:
        raise KeyError(f"{page} has no {name}")
    return found[0]


def find_places():
    """None: no accessibility bus here."""
    if not shutil.which("dbus-run-session") or not os.path.exists(SYSTEM_PYTHON):
        return None
    with tempfile.TemporaryDirectory() as home:
        env = dict(os.environ, HOME=home, XDG_RUNTIME_DIR=home)
        got = subprocess.run(["dbus-run-session", "--", SYSTEM_PYTHON, os.path.abspath(__file__), "--places"], env=env,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if got.returncode != 0:
        print("no places: " + (got.stderr.strip().splitlines() or [""])[-1])
        return None
    return json.loads(got.stdout.strip().splitlines()[-1])  # the bus's daemons write there too


# ---- start ----


class Bus:
    """A session bus with at-spi on it, as a desktop's session has."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        self.process = self.address = None
        if shutil.which("dbus-daemon"):
            self.process = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"],
                                            env=dict(os.environ, HOME=self.home.name, XDG_RUNTIME_DIR=self.home.name),
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            self.address = self.process.stdout.readline().strip()

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.home.cleanup()


def painted(screen, pid, begin):
    """Seconds to the first picture, and the main thread's on a core until then; None: there was none."""
    moment = screen.wait(lambda: screen.pixel(*CORNER) == BRAND, 60)
    if not moment:
        return None
    with open(f"/proc/{pid}/schedstat") as file:
        return moment - begin, int(file.read().split()[0]) / 1e9


def wait_gone(screen):
    screen.wait(lambda: screen.pixel(*CORNER) != BRAND, 10)


def start_kiosk(screen, bus, extra=()):
    kiosk = Kiosk(BIANMIN, screen, bus, extra)
    got = painted(screen, kiosk.process.pid, kiosk.begin)
    kiosk.stop()
    wait_gone(screen)
    return got


def start_other(screen, command, bus, extra=()):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        env = kiosk_process.environment(screen, home, bus)
        env.update(extra)
        begin = time.monotonic()
        process = subprocess.Popen([part.replace("HOME", home) for part in command], env=env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        got = painted(screen, process.pid, begin)
        process.terminate()
        process.wait()
        wait_gone(screen)
        return got


def build_hello(folder):
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gtk4"], capture_output=True, text=True).stdout.split()
    hello = os.path.join(folder, "hello")
    subprocess.run(["cc", "-O2", "-o", hello, os.path.join(HERE, "hello.c"), *flags], check=True)
    return hello


def bench_start(folder):
    hello, bus, none = build_hello(folder), Bus(), {"GTK_A11Y": "none"}
    page = os.path.join(folder, "page.html")
    with open(page, "w") as out:
        out.write(PAGE)
    browser = next((b for b in BROWSERS if shutil.which(b)), None)
    runs = {"bianmin, no bus, GTK_A11Y=none": lambda s: start_kiosk(s, None, none),
            "GTK 4 hello, no bus, GTK_A11Y=none": lambda s: start_other(s, [hello], None, none),
            "bianmin, no bus": lambda s: start_kiosk(s, None),
            "GTK 4 hello, no bus": lambda s: start_other(s, [hello], None)}
    if bus.address:
        runs["bianmin, session bus and at-spi"] = lambda s: start_kiosk(s, bus.address)
        runs["GTK 4 hello, session bus and at-spi"] = lambda s: start_other(s, [hello], bus.address)
    if browser:
        runs[browser + " --kiosk"] = lambda s: start_other(
            s, [browser, "--kiosk", "--no-sandbox", "--no-first-run", "--disable-gpu", "--user-data-dir=HOME/profile",
                f"--window-size={WIDTH},{HEIGHT}", "--window-position=0,0", "file://" + page], None)
    times = {name: [] for name in runs}
    with kiosk_process.new_screen() as screen:
        for round_ in range(ROUNDS + 1):
            for name, run in runs.items():
                got = run(screen)
                if round_ > 0 and got:  # the first one fills the caches
                    times[name].append(got)
    bus.stop()
    for name, takes in times.items():
        if not takes:
            say("first picture: " + name, "none")
            continue
        ms, cpu = [[value * 1000 for value in column] for column in zip(*takes)]
        say("first picture: " + name, "%.0f ms" % statistics.median(ms), "%.0f-%.0f ms, %d runs, %.0f ms CPU" % (
            min(ms), max(ms), len(ms), statistics.median(cpu)))
    if not browser:
        say("first picture: a browser in kiosk mode", "not installed")


# ---- touches and keys ----


def header_and_page():
    return ([(0, y, WIDTH, 1) for y in (48, 60, 72)] +
            [(x, HEADER_HEIGHT, 1, HEIGHT - HEADER_HEIGHT) for x in range(60, WIDTH, 160)])


def waited_s(pids):
    """How long they have waited for a core so far."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/schedstat") as file:
            total += int(file.read().split()[1])
    return total / 1e9


class Watch:
    """Lines of the screen that will change."""

    def __init__(self, screen, areas):
        self.screen, self.areas = screen, areas
        self.before = screen.lines(areas)

    def last_change(self, first):
        last, seen, end = first, self.screen.lines(self.areas), time.monotonic() + AFTER_S
        while time.monotonic() < end:
            time.sleep(0.002)
            now = self.screen.lines(self.areas)
            if now != seen:
                seen, last = now, time.monotonic()
        return last


class Finger:
    """What is done to one kiosk, and how long its answers take."""

    def __init__(self, screen, kiosk, places):
        self.screen, self.kiosk, self.places = screen, kiosk, places
        self.pids = (kiosk.process.pid, screen.server.pid)
        self.pressed, self.lookless = [], set()

    def press(self, page, name):
        x, y = place(self.places, page, name)
        self.screen.move(x, y)
        time.sleep(0.02)
        look = Watch(self.screen, [(max(int(x) - 100, 0), int(y) - 20, 200, 40)])
        begin = time.monotonic()
        self.screen.button(True)
        if name in self.lookless:
            time.sleep(HOLD_S)
            return
        moment = self.screen.wait(lambda: self.screen.lines(look.areas) != look.before, 0.5, STEP_S)
        if moment:
            self.pressed.append(moment - begin)
            time.sleep(max(HOLD_S - (moment - begin), 0.02))
        else:
            self.lookless.add(name)

    def measure(self, areas, act):
        """(seconds to the first change, waited for a core), seconds to the last change; None, None: no change."""
        watch, waited, begin = Watch(self.screen, areas), waited_s(self.pids), time.monotonic()
        act()
        first = self.screen.wait(lambda: self.screen.lines(watch.areas) != watch.before, PATIENCE_S, STEP_S)
        if first is None:
            return None, None
        waited = min(waited_s(self.pids) - waited, first - begin)
        return (first - begin, waited), watch.last_change(first) - begin

    def touch(self, page, name, areas):
        self.press(page, name)
        return self.measure(areas, lambda: self.screen.button(False))

    def tap(self, page, name, still_s=0.15):
        self.screen.tap(*place(self.places, page, name), HOLD_S)
        self.screen.wait_still(still_s)


def bench_touches(finger):
    firsts, late, missed, visited, legs = [], 0, 0, [], {}
    memory, page = [("home, as started", finger.kiosk.memory())], "home"
    cpu = 0
    for round_ in range(TOUR_ROUNDS + 1):
        for name, after in TOUR:
            begin = finger.kiosk.cpu_s()
            first, last = finger.touch(page, name, header_and_page())
            if first is None:
                missed += 1
            elif round_ == 0:
                visited.append(first)
            else:
                cpu += finger.kiosk.cpu_s() - begin
                firsts.append(first)
                late += last > first[0] + 0.004
                legs.setdefault(f"{page} - {after}", []).append(first)
            page = after
            if round_ == 0 and page != "home":
                memory.append((page, finger.kiosk.memory()))
    say_times("touch: release to painted page", firsts, "%d without a change, %d in more than one frame" % (missed, late))
    say("touch: CPU, with the pressed look", "%.1f ms" % (cpu * 1000 / len(firsts)))
    for leg, takes in legs.items():
        say("  " + leg, spread([seconds - waited for seconds, waited in takes]), "less waiting")
    say_times("touch: first round, pages being made", visited)
    say("touch: press to pressed look", spread(finger.pressed), "not seen: " + "、".join(sorted(finger.lookless)))
    memory.append(("home, after %d touches" % len(firsts), finger.kiosk.memory()))
    return memory


def above_keys(places):
    """Results and preview by columns; the text field, where one thin letter may be all that is new, by lines."""
    top = int(place(places, "search", "九键")[1]) - 50
    return ([(50, y, WIDTH - 100, 1) for y in range(HEADER_HEIGHT + 80, HEADER_HEIGHT + 140, 8)] +
            [(x, HEADER_HEIGHT + 8, 1, top - HEADER_HEIGHT - 8) for x in range(50, WIDTH, 120)])


def type_words(what, finger, press, clear):
    takes, count, missed, cpu = [], 0, set(), 0
    while count < KEY_COUNT:
        for word in WORDS:
            for i, letter in enumerate(word):
                begin = finger.kiosk.cpu_s()
                first, _ = press(letter)
                cpu += finger.kiosk.cpu_s() - begin
                count += 1
                if first is None:
                    missed.add(word[:i] + "·" + letter)
                else:
                    takes.append(first)
            clear()
    say_times("key: " + what, takes, "%.1f ms CPU a key%s" % (
        cpu * 1000 / count, ", no change by " + "、".join(sorted(missed)) if missed else ""))


def bench_keys(finger):
    areas, screen, memory = above_keys(finger.places), finger.screen, []

    def key(page, name):
        return finger.touch(page, name, areas)

    def real_key(letter):
        got = finger.measure(areas, lambda: screen.key(ord(letter), True))
        screen.key(ord(letter), False)
        return got

    finger.lookless = {"键 " + c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789"}  # not measured again
    finger.tap("home", "打字查找")
    first, _ = key("search", "键 2")
    say("key: the first one", "%.1f ms" % (first[0] * 1000))
    memory.append(("search, nine keys, typing", finger.kiosk.memory()))
    finger.tap("search", "清空", 0.05)
    type_words("nine keys", finger, lambda c: key("search", "键 " + c.translate(T9)),
               lambda: finger.tap("search", "清空", 0.05))
    finger.tap("search", "全键")
    key("full", "键 C")
    finger.tap("full", "清空", 0.05)
    memory.append(("search, full keys, typing", finger.kiosk.memory()))
    type_words("full keys", finger, lambda c: key("full", "键 " + c.upper()), lambda: finger.tap("full", "清空", 0.05))
    type_words("a real keyboard", finger, real_key, lambda: finger.tap("full", "清空", 0.05))
    memory.append(("after all that typing", finger.kiosk.memory()))
    finger.tap("search", "首页")
    return memory


# ---- idle, memory, soak ----


def say_memory(what, sizes):
    say("PSS, " + what, "%.1f MiB" % sizes["Pss"],
        "anonymous %.1f MiB, files %.1f MiB, shared with the X server %.1f MiB; resident %.1f MiB" % (
            sizes["Anonymous"], sizes["Pss_File"], sizes["Pss_Shmem"], sizes["Rss"]))


def idle(kiosk, seconds=10):
    before = kiosk.ticks_s()
    time.sleep(seconds)
    return (kiosk.ticks_s() - before) * 1000 / seconds


def bench_idle(finger):
    say("idle CPU, home", "%.1f ms/s" % idle(finger.kiosk), "over 10 s")
    finger.tap("home", "残疾人服务")
    finger.tap("category", "困难残疾人生活补贴")
    say("idle CPU, topic", "%.1f ms/s" % idle(finger.kiosk), "over 10 s")


def soak_to(goal, done, screen, chance, has_rests):
    for number in range(done, goal):
        screen.tap(chance.randrange(WIDTH), chance.randrange(HEIGHT))
        time.sleep(0.015)
        if has_rests and number % RESTED == RESTED - 1:
            time.sleep(kiosk_process.REST_S)
    screen.wait_still(0.3)


def say_growth(memory):
    sizes = dict(memory)
    for begin, end in ((200, 2000), (3000, 4000)):  # pages being seen for the first time; none any more
        if end in sizes:
            grown = [sizes[end][what] - sizes[begin][what] for what in ("Pss", "Anonymous", "Pss_File", "Pss_Shmem")]
            say("growth from touch %d to %d" % (begin, end), "PSS %.1f MiB" % grown[0],
                "anonymous %.1f MiB, files %.1f MiB, shared with the X server %.1f MiB" % tuple(grown[1:]))


def bench_soak(has_rests):
    """Sizes after a rest; what is anonymous before it, too."""
    chance, memory, busy, done = random.Random(SEED), [], 0, 0
    with kiosk_process.new_screen() as screen:
        kiosk = Kiosk(BIANMIN, screen)
        kiosk.wait_painted(screen)
        time.sleep(kiosk_process.REST_S)
        for goal in SOAK:
            soak_to(goal, done, screen, chance, has_rests)
            done = goal
            if not kiosk.is_alive():
                break
            busy = max(busy, kiosk.memory()["Anonymous"])
            time.sleep(kiosk_process.REST_S)
            memory.append((goal, kiosk.memory()))
        complaints, status = kiosk.complaints(), kiosk.stop()
    how = "a rest after every %d" % RESTED if has_rests else "without a rest"
    for goal, sizes in memory:
        say_memory("after %d random touches, %s" % (goal, how), sizes)
    say_growth(memory)
    say("anonymous before a rest, at most", "%.1f MiB" % busy, how)
    say("the soak's end", "status %s" % status, "seed %d" % SEED)
    return complaints + ([] if status == 0 else [f"the soak ended with {status}"])


def bench_use(places):
    with kiosk_process.new_screen() as screen:
        kiosk = Kiosk(BIANMIN, screen)
        kiosk.wait_painted(screen)
        screen.wait_still(1)
        finger = Finger(screen, kiosk, places)
        memory = bench_touches(finger) + bench_keys(finger)
        bench_idle(finger)
        complaints, status = kiosk.complaints(), kiosk.stop()
    for page, sizes in memory:
        say_memory(page, sizes)
    return complaints + ([] if status == 0 else [f"ended with {status}"])


def main():
    if "--places" in sys.argv:
        return walk_places()
    if not x_screen.is_there():
        print("skipped: no Xvfb or no libXtst")
        return None
    if not kiosk_process.has_kiosk(BIANMIN):
        print("skipped: built without the kiosk")
        return None
    wanted = sys.argv[1:] or ["start", "use", "soak"]
    complaints, places = [], find_places() if "use" in wanted else None
    say("what", "figure", "note")
    say("---", "---", "---")
    with tempfile.TemporaryDirectory() as folder:
        if "start" in wanted:
            bench_start(folder)
    if places:
        complaints += bench_use(places)
    elif "use" in wanted:
        say("touches, keys, pages", "not measured", "needs dbus-run-session, at-spi2-core, python3-gi, gir1.2-atspi-2.0")
    if "soak" in wanted:
        complaints += bench_soak(True) + bench_soak(False)
    for line in complaints:
        print("complaint: " + line)
    return 1 if complaints else None


if __name__ == "__main__":
    sys.exit(main())
