#!/usr/bin/python3
"""Residents at the touch screen, on both screens: by taps, by typing, by listening, with paper; what they leave behind,
and what they must not. Prints TAP. kiosk_flow_test.py portrait, landscape: one half, as JSON."""
import os
import shutil
import subprocess
import sys

import kiosk_ui as ui
from tap import Tap, starter_folder

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kiosk"))
import slip_reader  # noqa: E402

SIZES = {"portrait": ui.PORTRAIT, "landscape": ui.LANDSCAPE}
TEXT = "org.a11y.atspi.Text"
NEVER = "86400"
LONG = {"idle_seconds": "3600", "attract_seconds": NEVER}
SPEAKER = """#!/bin/sh
printf '%s\\n' "$1" >>"$0.said"
exec sleep "$SPEAKER_S"
"""


def make_speaker(screen, name, seconds):
    """A voice that writes down what it is to say and takes so long over it."""
    speaker = screen.folder + "/" + name
    with open(speaker, "w", encoding="utf-8") as out:
        out.write(SPEAKER)
    os.chmod(speaker, 0o755)
    screen.env["SPEAKER_S"] = seconds
    return speaker


def typed(kiosk):
    """What the field shows, as assistive technology reads it."""
    field = kiosk.find("查找内容")
    if not field:
        return None
    count = kiosk.ask(field.path, ui.PROPERTIES, "Get", ui.GLib.Variant("(ss)", (TEXT, "CharacterCount")))
    answer = kiosk.ask(field.path, TEXT, "GetText", ui.GLib.Variant("(ii)", (0, count[0] if count else 0)))
    return answer[0] if answer else None


def buttons(kiosk):
    return [node.name for node in kiosk.nodes() if node.is_control]


def shows(kiosk, *words):
    """Complaints about the words that do not come to stand on the screen."""
    def missing():
        seen = "\n".join(node.name for node in kiosk.nodes() if node.name)
        return [word for word in words if word not in seen]
    ui.wait_until(lambda: not missing())
    return [f"not shown: {word}" for word in missing()]


def go(kiosk, *names):
    """Taps them one after the other."""
    for name in names:
        if not kiosk.click(name):
            return [f"there is no {name}"]
        kiosk.settle()
    return []


def keys(kiosk, letters):
    """With the keys on the screen, which stay where they are."""
    places = {letter: kiosk.target(kiosk.find("键 " + letter.upper())).centre for letter in set(letters)}
    for letter in letters:
        kiosk.screen.click(*places[letter])
    kiosk.settle()


def candidates(kiosk):
    """Those of the row above the kinds of keys, in order."""
    nodes = [node for node in kiosk.nodes() if node.is_control]
    tab = next(node for node in nodes if node.name == "九键")
    row = [node for node in nodes if 0 < tab.box.y - node.box.bottom < 60 and node.box.y > tab.box.y - 130
           and node.box.x >= tab.box.x - 60]
    return [node.name for node in sorted(row, key=lambda node: node.box.x)]


def codes_in(picture, folder):
    if not shutil.which("zbarimg"):
        return None
    path = folder + "/screen.png"
    picture.save(path)
    got = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True)
    return got.stdout.split()


# ---- what residents do ----

def two_taps(screen):
    with ui.Kiosk(screen, **LONG) as kiosk:
        bad = go(kiosk, "残疾人服务", "重度残疾人护理补贴")
        bad += shows(kiosk, "重度残疾人护理补贴", "金额请问社区", "待社区核实", "打 12345 或 12385", "CL02")
        codes = codes_in(screen.picture(), kiosk.folder)
        if codes is not None and codes != ["smsto:13800577500:CL02"]:
            bad.append(f"codes on the screen: {codes}")
        bad += go(kiosk, "扫码")
        codes = codes_in(screen.picture(), kiosk.folder)
        if codes is not None and codes != ["smsto:13800577500:CL02"]:
            bad.append(f"the large code: {codes}")
        bad += go(kiosk, "返回", "返回") + shows(kiosk, "残疾人证办理")
        bad += go(kiosk, "首页") + shows(kiosk, "社会救助")
    return bad + kiosk.complaints


def by_actions(screen):
    """Without a pointer, as a screen reader does it."""
    with ui.Kiosk(screen, **LONG) as kiosk:
        bad = []
        for name in ("残疾人服务", "重度残疾人护理补贴", "大字", "返回", "首页"):
            if not kiosk.act(name):
                bad.append(f"no action on {name}")
            ui.wait_until(lambda: kiosk.find("返回") or name == "首页")
            kiosk.settle()
        bad += shows(kiosk, "社会救助")
    return bad + kiosk.complaints


def all_pages_of_a_topic(screen):
    """Turning them, one comes by who, what to bring, how, and the source."""
    with ui.Kiosk(screen, page="topic:CL02", **LONG) as kiosk:
        seen, turns = "", 0
        while turns < 15:
            hit = [node for node in kiosk.nodes() if node.role == "label"]
            seen += "".join(node.name for node in hit)
            following = kiosk.find("下一页")
            if not following or not following.is_sensitive:
                break
            kiosk.click("下一页")
            kiosk.settle()
            turns += 1
        bad = [f"not on any page: {word}" for word in
               ("谁能领", "要带", "去哪里", "12385", "怎么办", "本人或监护人", "5", "说明", "依据：国发〔2015〕52号", "400多名")
               if word not in seen]
        if turns == 0:
            bad.append("there is one page only")
    return bad + kiosk.complaints


def letters_find_topics(screen):
    with ui.Kiosk(screen, **LONG) as kiosk:
        bad = go(kiosk, "打字查找", "全键")
        keys(kiosk, "cjr")
        bad += shows(kiosk, "困难残疾人生活补贴")
        if typed(kiosk) != "cjr":
            bad.append(f"the field says {typed(kiosk)!r}")
        bad += go(kiosk, "查找") + shows(kiosk, "请点一项", "困难残疾人生活补贴")
        bad += go(kiosk, "困难残疾人生活补贴") + shows(kiosk, "CL01", "待社区核实")
        bad += go(kiosk, "首页", "打字查找") + shows(kiosk, "写两三个字")
        if typed(kiosk) != "":
            bad.append(f"after 首页 the field says {typed(kiosk)!r}")
    return bad + kiosk.complaints


def pinyin_makes_words(screen):
    with ui.Kiosk(screen, **LONG) as kiosk:
        bad = go(kiosk, "打字查找", "全键")
        keys(kiosk, "canjirenbutie")
        offered = candidates(kiosk)
        if offered[:1] != ["残疾人补贴"]:
            bad.append(f"offered: {offered}")
        bad += go(kiosk, "残疾人补贴")
        if typed(kiosk) != "残疾人补贴":
            bad.append(f"the field says {typed(kiosk)!r}")
        bad += go(kiosk, "删除")
        if typed(kiosk) != "残疾人补":
            bad.append(f"after 删除 it says {typed(kiosk)!r}")
        bad += go(kiosk, "清空")
        if typed(kiosk) != "":
            bad.append(f"after 清空 it says {typed(kiosk)!r}")
    return bad + kiosk.complaints


def rows_by_keyboard(screen):
    """What has the focus is pressed by Enter and by the space bar; without one, Enter searches."""
    with ui.Kiosk(screen, page="search", **LONG) as kiosk:
        bad = []
        for key in ("Return", "space"):
            kiosk.type("cjr")
            bad += shows(kiosk, "重度残疾人护理补贴")
            for _ in range(20):
                if kiosk.has_state(kiosk.find("重度残疾人护理补贴"), ui.STATE_FOCUSED):
                    break
                screen.key("Tab")
                kiosk.settle()
            screen.key(key)
            bad += shows(kiosk, "CL02") + go(kiosk, "首页", "打字查找")
        kiosk.type("cjr")
        screen.key("Return")
        bad += shows(kiosk, "请点一项")
    return bad + kiosk.complaints


def nine_keys(screen):
    """The first that one sees; digits are letters there, and digits after 数字."""
    with ui.Kiosk(screen, page="search", **LONG) as kiosk:
        keys(kiosk, "34")  # di
        bad = shows(kiosk, "找到")
        keys(kiosk, "226")  # bao
        bad += shows(kiosk, "低保")
        bad += go(kiosk, "清空", "数字")
        keys(kiosk, "80")
        if typed(kiosk) != "80":
            bad.append(f"digits: the field says {typed(kiosk)!r}")
    return bad + kiosk.complaints


def strokes(screen):
    with ui.Kiosk(screen, page="search", **LONG) as kiosk:
        bad = go(kiosk, "笔画")
        for stroke in "横撇折点":  # 残 begins so
            bad += go(kiosk, stroke)
        offered = candidates(kiosk)
        if "残" not in offered:
            bad.append(f"offered: {offered}")
        else:
            bad += go(kiosk, "残")
            if typed(kiosk) != "残":
                bad.append(f"the field says {typed(kiosk)!r}")
    return bad + kiosk.complaints


def real_keyboard(screen):
    with ui.Kiosk(screen, page="search", **LONG) as kiosk:
        kiosk.type("gzf")
        bad = shows(kiosk, "公租房")
        kiosk.type(["BackSpace"] * 3)
        kiosk.settle()
        if typed(kiosk) != "":
            bad.append(f"the field says {typed(kiosk)!r}")
    return bad + kiosk.complaints


def drawing(screen):
    """一, drawn by a finger."""
    model = "/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model"
    if not os.path.exists(model):
        return []
    with ui.Kiosk(screen, page="search", **LONG) as kiosk:
        bad = go(kiosk, "手写")
        sheet = kiosk.find("手写区")
        x, y = sheet.box.x, sheet.box.centre[1]
        screen.move(x + 20, y)
        screen.press()
        for step in range(1, 11):
            screen.move(x + 20 + step * (sheet.box.width - 40) // 10, y)
        screen.release()
        ui.wait_until(lambda: "一" in candidates(kiosk))
        if "一" not in candidates(kiosk):
            bad.append(f"offered: {candidates(kiosk)}")
        else:
            bad += go(kiosk, "一")
            if typed(kiosk) != "一":
                bad.append(f"the field says {typed(kiosk)!r}")
    return bad + kiosk.complaints


def nothing_found(screen):
    """Whom to ring is said, and the question can be left for staff."""
    with ui.Kiosk(screen, page="search", **LONG) as kiosk:
        kiosk.type("zqxjvkw")
        bad = go(kiosk, "查找") + shows(kiosk, "没有找到", "12345", "换个说法", "按类别找")
        bad += go(kiosk, "留给工作人员") + shows(kiosk, "留下来了")
        bad += go(kiosk, "知道了")
        if kiosk.find("留给工作人员"):
            bad.append("it can be left twice")
        data = kiosk.folder + "/data"
        notes = subprocess.run([ui.BIANMIN, "kiosk", "--data", data, "--notes"], capture_output=True, text=True)
        if "zqxjvkw" not in notes.stdout:
            bad.append(f"staff see: {notes.stdout}{notes.stderr}")
        bad += go(kiosk, "按类别找") + shows(kiosk, "残疾人服务")
    return bad + kiosk.complaints


def other_office_and_danger(screen):
    bad = []
    for question, words in (("护照怎么办", ("12367",)), ("着火了", ("119", "马上打"))):
        with ui.Kiosk(screen, page="none:" + question, **LONG) as kiosk:
            bad += shows(kiosk, question, *words)
        bad += kiosk.complaints
    return bad


def choices(screen):
    with ui.Kiosk(screen, page="choices:残疾人补贴怎么领", **LONG) as kiosk:
        bad = shows(kiosk, "困难残疾人生活补贴", "重度残疾人护理补贴", "请点一项")
        bad += go(kiosk, "重度残疾人护理补贴") + shows(kiosk, "CL02", "扫码")
    return bad + kiosk.complaints


def paper(screen):
    """What comes out of the printer, octet by octet; and what is said when there is none, or no paper path."""
    folder = screen.folder
    printer = folder + "/printer"
    open(printer, "wb").close()
    with ui.Kiosk(screen, page="topic:HJ03", printer=printer, **LONG) as kiosk:
        bad = go(kiosk, "打印带走") + shows(kiosk, "身份证办理与补领", "编号：HJ03", "厘米长", "打印")
        bad += go(kiosk, "不打了") + shows(kiosk, "扫码")
        if os.path.getsize(printer) > 0:
            bad.append("it was printed before anybody said so")
        bad += go(kiosk, "打印带走", "打印") + shows(kiosk, "打印好了")
        with open(printer, "rb") as octets:
            slip = slip_reader.read(octets.read())
        text = "\n".join(line for line, *_ in slip.lines)
        bad += [f"not on the paper: {word}" for word in ("身份证办理与补领", "40元", "2026年5月6日") if word not in
                text.replace("\n", "")]
        bad += list(slip.faults)
        bad += go(kiosk, "知道了") + shows(kiosk, "扫码") + go(kiosk, "打印带走")
        os.unlink(printer)
        os.mkdir(printer)
        bad += go(kiosk, "打印") + shows(kiosk, "没有打印出来")
        os.rmdir(printer)
    bad += kiosk.complaints
    with ui.Kiosk(screen, page="topic:HJ03", **LONG) as kiosk:
        bad += shows(kiosk, "没有接打印机")
        button = kiosk.find("打印带走")
        if button is None or button.is_sensitive:
            bad.append("there is no printer, and the button can be pressed")
    return bad + kiosk.complaints


def listening(screen):
    """Each sentence in its turn; a touch ends it; a new one begins at the beginning."""
    speaker = make_speaker(screen, "speaker", "0")
    said = speaker + ".said"

    def lines():
        return open(said, encoding="utf-8").read().splitlines() if os.path.exists(said) else []
    bad = []
    with ui.Kiosk(screen, page="topic:CL02", speech=speaker + " {text}", **LONG) as kiosk:
        bad += go(kiosk, "朗读")
        ui.wait_until(lambda: "待社区核实" in "".join(lines()))
        bad += [f"not read: {word}" for word in ("重度残疾人护理补贴", "金额请问社区", "谁能领", "第1步", "待社区核实")
                if word not in "".join(lines())]
        ui.wait_until(lambda: not kiosk.has_state(kiosk.find("朗读"), ui.STATE_PRESSED))
    bad += kiosk.complaints
    screen.env["SPEAKER_S"] = "60"
    if os.path.exists(said):
        os.unlink(said)
    with ui.Kiosk(screen, page="topic:CL02", speech=speaker + " {text}", **LONG) as kiosk:
        bad += go(kiosk, "朗读")
        ui.wait_until(lines)
        if not kiosk.has_state(kiosk.find("朗读"), ui.STATE_PRESSED):
            bad.append("the button does not show that it reads")
        screen.click(5, screen.size[1] // 2)
        ui.wait_until(lambda: not kiosk.has_state(kiosk.find("朗读"), ui.STATE_PRESSED))
        if kiosk.has_state(kiosk.find("朗读"), ui.STATE_PRESSED):
            bad.append("it goes on reading after a touch")
        running = subprocess.run(["pgrep", "-f", speaker], capture_output=True, text=True).stdout.split()
        if running:
            bad.append(f"the voice goes on: {running}")
        if len(lines()) != 1:
            bad.append(f"read after the touch: {lines()}")
    return bad + kiosk.complaints


def the_page_turns_with_the_voice(screen):
    """What is read is seen: its page comes up by itself, and it has the colour of what is read."""
    speaker = screen.folder + "/turning"
    with open(speaker, "w", encoding="utf-8") as out:
        out.write(SPEAKER)
    os.chmod(speaker, 0o755)
    screen.env["SPEAKER_S"] = "0.5"
    marked = (0xFF, 0xF3, 0xDC)
    with ui.Kiosk(screen, page="topic:HJ03", speech=speaker + " {text}", **LONG) as kiosk:
        bad = go(kiosk, "朗读")
        ui.wait_until(lambda: any(label.startswith("2/") for label in kiosk.labels()))
        bad += [] if any(label.startswith("2/") for label in kiosk.labels()) else ["the page does not turn"]
        kiosk.settle()
        colours = screen.picture().getcolors(1 << 24)
        if not any(colour == marked and count > 2000 for count, colour in colours):
            bad.append("nothing on it is marked")
    return bad + kiosk.complaints


# ---- what is left of a visit ----

def memory_holds(pid, text):
    """How often it stands in what the process can write to, in any of the usual encodings."""
    wanted = [text.encode(), " ".join(text).encode(), text.encode("utf-16le"), text.encode("utf-32le")]
    count = 0
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            begin, end = (int(part, 16) for part in place.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(begin)
                octets = memory.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue
            count += sum(octets.count(each) for each in wanted)
    return count


def nothing_stays(screen):
    """After the visit: home, plain letters, an empty field, no way back; and not in memory either."""
    secret = "zqxjvkwpfbzqxjvkwpfbzqxjvk"  # longer than what glibc overwrites by itself
    with ui.Kiosk(screen, page="search", idle_seconds="4", warning_seconds="3", attract_seconds=NEVER) as kiosk:
        kiosk.type(secret)
        bad = shows(kiosk, "还没找到")
        if not ui.IS_SANITIZED and memory_holds(kiosk.process.pid, secret) == 0:
            bad.append("the test looks for it in the wrong place")
        screen.key("Return")
        bad += shows(kiosk, secret, "没有找到")
        bad += shows(kiosk, "还在看吗？", "继续看", "结束")
        bad += go(kiosk, "继续看") + shows(kiosk, "没有找到")
        bad += go(kiosk, "大字")
        bad += shows(kiosk, "还在看吗？") + shows(kiosk, "想查什么")
        if kiosk.find("返回"):
            bad.append("there is a way back")
        if kiosk.has_state(kiosk.find("大字"), ui.STATE_PRESSED):
            bad.append("the letters are still large")
        if not ui.IS_SANITIZED:  # its quarantine keeps what is freed
            left = ui.wait_until(lambda: memory_holds(kiosk.process.pid, secret) == 0) or \
                memory_holds(kiosk.process.pid, secret)
            if left is not True:
                bad.append(f"in memory {left} times")
        bad += go(kiosk, "打字查找")
        if typed(kiosk) != "":
            bad.append(f"the field says {typed(kiosk)!r}")
        for root, _, names in os.walk(kiosk.folder):
            for name in names:
                with open(os.path.join(root, name), "rb") as octets:
                    if secret.encode() in octets.read():
                        bad.append(f"it stands in {name}")
    return bad + kiosk.complaints


def choices_stay_nowhere(screen):
    """Rows that are hidden hold no question any more; a question is part of where they lead to."""
    with ui.Kiosk(screen, page="search", idle_seconds="6", warning_seconds="2", attract_seconds=NEVER) as kiosk:
        bad = go(kiosk, "数字")
        keys(kiosk, "9191919191")
        kiosk.type("canjirenbutie")
        kiosk.settle()
        if not kiosk.click("残疾人补贴"):
            return bad + [f"candidates: {candidates(kiosk)}, the field says {typed(kiosk)!r}"]
        kiosk.settle()
        secret = "9191919191残疾人补贴"
        screen.key("Return")
        bad += shows(kiosk, secret) if kiosk.find("换个说法") else []
        bad += shows(kiosk, "想查什么")
        if not ui.IS_SANITIZED:
            left = ui.wait_until(lambda: memory_holds(kiosk.process.pid, secret) == 0) or \
                memory_holds(kiosk.process.pid, secret)
            if left is not True:
                bad.append(f"in memory {left} times")
    return bad + kiosk.complaints


def who_listens_stays(screen):
    """A voice that reads for longer than the patience is not broken off; when it has ended, time runs."""
    speaker = make_speaker(screen, "slow", "0.5")
    with ui.Kiosk(screen, page="help", speech=speaker + " {text}", idle_seconds="3", warning_seconds="60",
                  attract_seconds=NEVER) as kiosk:
        bad = go(kiosk, "朗读")
        said = lambda: open(speaker + ".said", encoding="utf-8").read() if os.path.exists(speaker + ".said") else ""
        ui.wait_until(lambda: "一会儿就清除" in said() or kiosk.find("还在看吗？"))
        if "一会儿就清除" not in said():
            bad.append(f"broken off after: {said()[-60:]}")
        bad += shows(kiosk, "还在看吗？")
        ui.wait_until(lambda: "秒后清除" in said())
        if "绿色的“继续看”" not in said() or "60 秒后清除" not in said():
            bad.append(f"the warning says: {said()[-60:]}")
    return bad + kiosk.complaints


def the_voice_ends_with_its_page(screen):
    """Turned, left or out of patience: silent, and the button offers to read again."""
    speaker = make_speaker(screen, "patient", "60")
    bad = []

    def is_reading(kiosk):
        button = kiosk.find("朗读")
        return bool(button and kiosk.has_state(button, ui.STATE_PRESSED))

    def offers(kiosk, way):
        if not ui.wait_until(lambda: kiosk.find("朗读") and not is_reading(kiosk)):
            bad.append(f"{way}: the button says that it reads")
        if subprocess.run(["pgrep", "-f", speaker + " "], stdout=subprocess.DEVNULL).returncode == 0:
            bad.append(f"{way}: the voice goes on")

    def listen(kiosk, way):
        bad.extend(go(kiosk, "朗读"))
        if not ui.wait_until(lambda: is_reading(kiosk)):
            bad.append(f"{way}: it does not read")
    with ui.Kiosk(screen, page="topic:CL02", speech=speaker + " {text}", **LONG) as kiosk:
        for way in ("下一页", "上一页", "返回", "残疾人服务", "首页"):
            listen(kiosk, way)
            bad += go(kiosk, way)
            offers(kiosk, way)
    bad += kiosk.complaints
    with ui.Kiosk(screen, page="topic:CL02", speech=speaker + " {text}", idle_seconds="3", warning_seconds="2",
                  attract_seconds=NEVER) as kiosk:
        listen(kiosk, "time-out")
        bad += shows(kiosk, "想查什么")
        offers(kiosk, "time-out")
    return bad + kiosk.complaints


def the_dialog_covers_all(screen):
    """What lies behind it can be reached by no key and no screen reader."""
    with ui.Kiosk(screen, page="topic:CL02", idle_seconds="2", warning_seconds="120", attract_seconds=NEVER) as kiosk:
        screen.click(5, screen.size[1] // 2)
        bad = shows(kiosk, "还在看吗？")
        behind = [node for node in kiosk.nodes() if node.name in ("首页", "大字", "扫码") and node.is_control]
        for node in behind:
            kiosk.ask(node.path, ui.ACTION, "DoAction", ui.GLib.Variant("(i)", (0,)))
        for _ in range(6):
            screen.key("Tab")
        kiosk.settle()
        if not kiosk.find("还在看吗？"):
            bad.append("the question has gone")
        focus = [node.name for node in kiosk.nodes() if node.is_control and kiosk.has_state(node, ui.STATE_FOCUSED)]
        if set(focus) - {"结束", "继续看"}:
            bad.append(f"the focus is on {focus}")
        bad += go(kiosk, "继续看") + shows(kiosk, "CL02")
    return bad + kiosk.complaints


def the_dialog_ends_it(screen):
    with ui.Kiosk(screen, page="topic:CL02", idle_seconds="2", warning_seconds="60", attract_seconds=NEVER) as kiosk:
        screen.click(5, screen.size[1] // 2)
        bad = shows(kiosk, "还在看吗？")
        bad += go(kiosk, "结束") + shows(kiosk, "想查什么")
    return bad + kiosk.complaints


def asleep(screen):
    """The attract screen comes by itself; the touch that ends it does nothing else."""
    with ui.Kiosk(screen, idle_seconds="1", warning_seconds="1", attract_seconds="2") as kiosk:
        bad = shows(kiosk, "轻触屏幕")
        x, y = (screen.size[0] // 4, screen.size[1] // 2)
        screen.click(x, y)
        bad += shows(kiosk, "想查什么", "社会救助")
        if kiosk.find("返回"):
            bad.append("the touch was passed through")
    return bad + kiosk.complaints


def counted(screen):
    """How often, not by whom."""
    with ui.Kiosk(screen, page="topic:CL02", idle_seconds="1", warning_seconds="1", attract_seconds=NEVER) as kiosk:
        screen.click(5, screen.size[1] // 2)
        bad = shows(kiosk, "想查什么")
        command = [ui.BIANMIN, "kiosk", "--data", kiosk.folder + "/data", "--counts"]
        counts = lambda: subprocess.run(command, capture_output=True, text=True).stdout
        ui.wait_until(lambda: "CL02" in counts())
        if "CL02" not in counts():
            bad.append(f"counts: {counts()}")
    return bad + kiosk.complaints


def new_content(screen):
    """Published while somebody reads: there with the next page, nothing is mixed."""
    with ui.Kiosk(screen, **LONG) as kiosk:
        bad = go(kiosk, "残疾人服务")
        stick = kiosk.folder + "/stick"
        os.mkdir(stick)
        with open(starter_folder() + "/事项.csv", encoding="utf-8-sig") as sheet:
            text = sheet.read().replace("残疾人证办理", "残疾人证办理新")
        with open(stick + "/事项.csv", "w", encoding="utf-8-sig") as sheet:
            sheet.write(text)
        done = subprocess.run([ui.BIANMIN, "update", stick, "--yes", "--data", kiosk.folder + "/data"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            bad.append(f"update: {done.stdout}{done.stderr}")
        bad += go(kiosk, "返回", "残疾人服务") + shows(kiosk, "残疾人证办理新")
    return bad + kiosk.complaints


def night_by_the_clock(screen):
    bad = []
    for hour, is_on in (("2026-05-06T20:00:00", True), ("2026-05-06T12:00:00", False)):
        with ui.Kiosk(screen, clock=hour, night_from="18", night_to="6", **LONG) as kiosk:
            if kiosk.has_state(kiosk.find("夜间"), ui.STATE_PRESSED) != is_on:
                bad.append(f"{hour}: night is {not is_on}")
        bad += kiosk.complaints
    return bad


FLOWS = (two_taps, by_actions, all_pages_of_a_topic, letters_find_topics, pinyin_makes_words, rows_by_keyboard, nine_keys,
         strokes, real_keyboard, drawing, nothing_found, other_office_and_danger, choices, paper, listening,
         the_page_turns_with_the_voice, who_listens_stays, the_voice_ends_with_its_page, nothing_stays,
         choices_stay_nowhere, the_dialog_covers_all, the_dialog_ends_it, asleep, counted, new_content, night_by_the_clock)
ONCE = {"real_keyboard", "rows_by_keyboard", "other_office_and_danger", "new_content", "counted", "night_by_the_clock",
        "the_dialog_ends_it", "who_listens_stays", "the_voice_ends_with_its_page", "choices_stay_nowhere",
        "the_dialog_covers_all"}
SAMPLE = {"two_taps", "letters_find_topics", "nothing_found", "nothing_stays", "paper"}


def run_half(part):
    screen = ui.Screen(SIZES[part])
    chosen = sys.argv[2:]
    for flow in FLOWS:
        name = flow.__name__
        if chosen and name not in chosen:
            continue
        if part == "landscape" and name in ONCE and not chosen or ui.IS_SANITIZED and name not in SAMPLE:
            continue
        try:
            bad = flow(screen)
        except Exception as error:  # the other flows are still to be seen
            bad = [f"{type(error).__name__}: {error}"]
        ui.report(f"{part}: {name.replace('_', ' ')}", bad)
    screen.close()


def main():
    if len(sys.argv) > 1:
        run_half(sys.argv[1])
        return 0
    tap = Tap()
    ui.run_parts(tap, list(SIZES))
    return tap.finish()


sys.exit(main())
