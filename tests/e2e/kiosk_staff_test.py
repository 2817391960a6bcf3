#!/usr/bin/python3
"""The page of staff as they use it: a folder in place of the stick, a key, PINs typed with a finger; what is shown is what
gets published, and nothing without the PINs. Prints TAP."""
import os
import re
import signal
import subprocess
import sys
import time
import zipfile

import kiosk_ui as ui
from update_desk import FIRST, SECOND, Desk, Service

def sees(kiosk, text):
    """Complaints unless it is to be read now, or soon."""
    if ui.wait_until(lambda: any(text in label for label in kiosk.labels())):
        return []
    return [f"no “{text}”: {kiosk.labels()}"]


def enter(kiosk, pin):
    for digit in pin:
        kiosk.click("键 " + digit)
    kiosk.click("确定")


def on_page(screen, desk):
    return ui.Kiosk(screen, "staff", data=desk.data, staff="yes", update_folder=desk.stick)


def report_on(folder, text):
    """Complaints unless the one workbook of a result there says so."""
    names = [name for name in os.listdir(folder) if name.startswith("更新结果-")]
    if len(names) != 1:
        return [f"results: {names}"]
    with zipfile.ZipFile(f"{folder}/{names[0]}") as book:
        said = book.read("xl/worksheets/sheet1.xml").decode()
    return [] if text in said else [f"no “{text}” in {names[0]}: {said[:300]}"]


def published_and_taken_back(screen):
    with Desk() as desk, on_page(screen, desk) as kiosk:
        desk.edit("事项", lambda text: text.replace("残疾人证办理", "残疾人证的办理"))
        bad = sees(kiosk, "请输入密码")
        enter(kiosk, "555")
        bad += sees(kiosk, "密码太短")  # and no try is counted
        enter(kiosk, "555666")
        bad += sees(kiosk, "还可以试 4 次")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "请看有哪些变化") + sees(kiosk, "残疾人证办理 → 残疾人证的办理")
        kiosk.click("恢复上一版")
        bad += sees(kiosk, "恢复上一版吗")
        kiosk.click("不恢复")
        bad += sees(kiosk, "请看有哪些变化") + sees(kiosk, "残疾人证办理 → 残疾人证的办理")
        if desk.generation() != 0:
            bad.append("published before it was confirmed")
        kiosk.click("确认发布")
        bad += sees(kiosk, "发布好了")
        if desk.generation() != 1:
            bad.append(f"{desk.status()}")
        kiosk.click("导出结果")
        bad += sees(kiosk, "写好了：更新结果-")
        kiosk.click("知道了")
        bad += report_on(desk.stick, "已发布")
        kiosk.click("恢复上一版")
        bad += sees(kiosk, "恢复上一版吗")
        kiosk.click("不恢复")
        bad += sees(kiosk, "发布好了")
        kiosk.click("恢复上一版")
        kiosk.click("确认恢复")
        bad += sees(kiosk, "恢复好了")
        if kiosk.find("恢复上一版"):
            bad.append("once more would be another edition")
        if desk.generation() != 0:
            bad.append(f"{desk.status()}")
    return bad + kiosk.complaints


def phones_take_two(screen):
    """A changed phone number takes another person's PIN."""
    with Desk((FIRST, SECOND)) as desk, on_page(screen, desk) as kiosk:
        desk.edit("事项", lambda text: text.replace("12385", "12386"))
        bad = sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "发布前要再确认一次") + sees(kiosk, "请拨打核对：12386")
        kiosk.click("确认发布")
        bad += sees(kiosk, "请另一位工作人员来")
        bad += sees(kiosk, "请拨打核对：12386")
        kiosk.click(SECOND[0])
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "还可以试")
        if desk.generation() != 0:
            bad.append("published with one person's PIN")
        enter(kiosk, SECOND[1])
        bad += sees(kiosk, "发布好了")
        if desk.generation() != 1:
            bad.append(f"{desk.status()}")
    return bad + kiosk.complaints


def is_whole(kiosk, text):
    """It stands above the buttons below it, not cut off by them."""
    below = kiosk.find("上一页")
    nodes = [node for node in kiosk.nodes() if text in node.name and kiosk.is_on_top(node)]
    return any(kiosk.box(node).bottom <= kiosk.box(below).y for node in nodes)


def long_changes_are_whole(screen):
    """However long the texts before it: a changed phone number, the last field, can be read."""
    with Desk((FIRST, SECOND)) as desk, on_page(screen, desk) as kiosk:
        def rewrite(rows):
            rows[1][5], rows[1][8], rows[1][9], rows[1][12] = "全部重新写过" * 60, "先问" * 75, "都带" * 75, "12999"
        desk.edit_rows("事项", rewrite)
        bad = sees(kiosk, "请输入密码")
        kiosk.click("大字")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "请看有哪些变化")
        for _ in range(90):
            kiosk.settle()
            if any("12999" in label for label in kiosk.labels()):
                break
            kiosk.click("下一页")
        if not is_whole(kiosk, "12999"):
            bad.append("the new phone number is cut off")
    return bad + kiosk.complaints


def read_pages(kiosk, pages_max):
    """What is to be read from the first page to the last, and complaints if they are more than these."""
    text, count = "", 1
    for page in range(1, pages_max + 2):
        kiosk.settle()
        labels = kiosk.labels()
        text += "\n".join(labels)
        numbers = [label for label in labels if re.fullmatch(r"\d+/\d+", label)]
        count = int(numbers[0].split("/")[1]) if numbers else 1
        if page >= count:
            break
        kiosk.click("下一页")
    return text, [f"{count} pages, and not {pages_max}"] if count > pages_max else []


def lists_are_short(screen):
    """Twenty errors, of which many are mended alike, and forty changes in long texts: each told, on few pages."""
    def spoil(rows):
        for row in range(1, 21):
            column, value = ((1, ""), (2, "残疾人的服务"), (12, "电话12A"), (14, "去年"), (15, "核实"))[row % 5]
            rows[row][column] = value

    def change(rows):
        for row in range(1, 41):
            rows[row][5] += f"改了{row}"
    bad = []
    for edit, word, patterns, pages in (
            (spoil, "错误（20 处）", [rf"\b{row}[、 ]" for row in range(2, 22)], 2),
            (change, "事项：修改 40 行", [f"改了{row}\\b" for row in range(1, 41)], 12)):
        with Desk() as desk, on_page(screen, desk) as kiosk:
            desk.edit_rows("事项", edit)
            bad += sees(kiosk, "请输入密码")
            enter(kiosk, FIRST[1])
            bad += sees(kiosk, word)
            text, too_many = read_pages(kiosk, pages)
            bad += too_many + [f"nothing of {pattern}" for pattern in patterns if not re.search(pattern, text)]
        bad += kiosk.complaints
    return bad


def checker_of(kiosk):
    """The process that checks and publishes for this kiosk."""
    got = subprocess.run(["pgrep", "-P", str(kiosk.process.pid), "-f", "update --serve"], capture_output=True, text=True,
                         check=True)
    return int(got.stdout)


def impatience_confirms_nothing(screen):
    """Who types the PIN once more while it is still being checked has not seen the changes, much less confirmed them."""
    with Desk() as desk, on_page(screen, desk) as kiosk:
        desk.edit("事项", lambda text: text.replace("残疾人证办理", "残疾人证的办理"))
        bad = sees(kiosk, "请输入密码")
        checker = checker_of(kiosk)
        os.kill(checker, signal.SIGSTOP)  # a slow machine
        enter(kiosk, FIRST[1])
        enter(kiosk, FIRST[1])
        os.kill(checker, signal.SIGCONT)
        bad += sees(kiosk, "请看有哪些变化")
        if desk.generation() != 0:
            bad.append("published before it was confirmed")
    return bad + kiosk.complaints


def export_may_fail(screen):
    """The stick is out of the way when the result is to be written: it is told, the changes stay, and it can be asked again."""
    with Desk() as desk, on_page(screen, desk) as kiosk:
        desk.edit("事项", lambda text: text.replace("残疾人证办理", "残疾人证的办理"))
        bad = sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "请看有哪些变化")
        os.rename(desk.stick, desk.stick + ".out")
        kiosk.click("导出结果")
        bad += sees(kiosk, "没有成功")
        os.rename(desk.stick + ".out", desk.stick)
        kiosk.click("知道了")
        bad += sees(kiosk, "残疾人证办理 → 残疾人证的办理")
        kiosk.click("导出结果")
        bad += sees(kiosk, "写好了：更新结果-")
        kiosk.click("知道了")
        kiosk.click("确认发布")
        bad += sees(kiosk, "发布好了")
    return bad + kiosk.complaints


def refused_with_reasons(screen):
    with Desk() as desk, on_page(screen, desk) as kiosk:
        desk.edit("事项", lambda text: text.replace("CL03", "C3", 1))
        bad = sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "不能发布") + sees(kiosk, "怎么改")
        if desk.generation() != 0:
            bad.append("published with an error")
        kiosk.click("完成")
        bad += sees(kiosk, "想查什么")
    return bad + kiosk.complaints


def no_key(screen):
    with Desk() as desk, on_page(screen, desk) as kiosk:
        os.unlink(desk.stick + "/便民密钥.bin")
        bad = sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "没有钥匙")
        if kiosk.find("确定"):
            bad.append("another PIN is asked for, which would not help")
        if desk.generation() != 0:
            bad.append("published without a key")
    return bad + kiosk.complaints


def leaving_discards(screen):
    """Who goes away before confirming has published nothing, holds up nobody, and has to show the PIN again."""
    with Desk() as desk, on_page(screen, desk) as kiosk:
        desk.edit("事项", lambda text: text.replace("残疾人证办理", "残疾人证的办理"))
        bad = sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "请看有哪些变化")
        kiosk.click("返回")
        bad += sees(kiosk, "想查什么")
        free = ui.wait_until(lambda: subprocess.run(
            [ui.BIANMIN, "--data", desk.data, "update", desk.stick, "--yes"], capture_output=True, check=False).returncode == 0)
        if not free or desk.generation() != 1:
            bad.append(f"{desk.status()}")
    return bad + kiosk.complaints


def with_sticks(screen, desk, service, page="staff"):
    """As it is on the machine: what a stick brings is copied, and a service checks it."""
    return ui.Kiosk(screen, page, data=desk.data, before=service.before, staff="yes")


def the_next_stick_is_told(screen):
    """While changes are shown it is told and has its turn after them; when all is said it is the one that counts."""
    with Desk() as desk, Service(desk) as service, with_sticks(screen, desk, service) as kiosk:
        empty = desk.top + "/empty"
        os.mkdir(empty)
        bad = sees(kiosk, "请插上U盘")
        desk.insert(empty)
        bad += sees(kiosk, "没有找到表")
        desk.edit("事项", lambda text: text.replace("CL03", "C3", 1))
        desk.insert()
        bad += sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "不能发布")
        desk.edit("事项", lambda text: text.replace("C3", "CL03", 1).replace("残疾人证办理", "残疾人证的办理"))
        desk.insert()  # mended in the office
        bad += sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "请看有哪些变化")
        desk.insert(empty)
        bad += sees(kiosk, "又插上了一个U盘")
        kiosk.click("知道了")
        desk.edit("事项", lambda text: text.replace("残疾人证的办理", "办残疾人证"))
        desk.insert()
        bad += sees(kiosk, "就轮到后插的")
        kiosk.click("知道了")
        bad += sees(kiosk, "残疾人证办理 → 残疾人证的办理")
        kiosk.click("确认发布")
        bad += sees(kiosk, "发布好了")
        kiosk.click("完成")
        bad += sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "残疾人证的办理 → 办残疾人证")
    return bad + kiosk.complaints


def the_same_stick_again(screen):
    """Pulled and inserted once more just before the PIN is sent: what is shown of it stays."""
    with Desk() as desk, Service(desk) as service, with_sticks(screen, desk, service) as kiosk:
        desk.edit("事项", lambda text: text.replace("CL03", "C3", 1))
        desk.insert()
        bad = sees(kiosk, "请输入密码")
        for digit in FIRST[1]:
            kiosk.click("键 " + digit)
        desk.insert()
        kiosk.click("确定")
        if sees(kiosk, "不能发布"):  # the page has noticed in between, and asks again
            enter(kiosk, FIRST[1])
            bad += sees(kiosk, "不能发布")
        time.sleep(3.5)  # it asks for news every 1.5 s
        bad += sees(kiosk, "不能发布")
    return bad + kiosk.complaints


def the_result_is_told(screen):
    """Asked for, the stick out and in again: the page says that it is written, or that it is not; what it shows stays."""
    with Desk() as desk, Service(desk) as service, with_sticks(screen, desk, service) as kiosk:
        desk.edit("事项", lambda text: text.replace("残疾人证办理", "残疾人证的办理"))
        desk.insert()
        bad = sees(kiosk, "请输入密码")
        enter(kiosk, FIRST[1])
        bad += sees(kiosk, "请看有哪些变化")
        for report, word in ((False, "结果没有写进U盘"), (True, "结果写好了")):
            kiosk.click("导出结果")
            bad += sees(kiosk, "拔下U盘再插上")
            kiosk.click("知道了")
            desk.insert(report=report)
            bad += sees(kiosk, word)
            kiosk.click("知道了")
        bad += report_on(desk.stick, "检查通过")
        if os.path.exists(desk.data + "/update/report/wanted"):
            bad.append("it is still wanted")
        kiosk.click("确认发布")
        bad += sees(kiosk, "发布好了")
    return bad + kiosk.complaints


def the_stick_opens_it(screen):
    """Where nobody reads, a stick that comes opens the page, also one that was there before the start; not over a topic,
    but once that is left; and a restart does not open it again."""
    def is_opened(patience_s=3):
        return ui.wait_until(lambda: any("工作人员" == label for label in kiosk.labels()), patience_s)
    bad = []
    with Desk() as desk:
        desk.insert()
        with ui.Kiosk(screen, data=desk.data, staff="yes") as kiosk:
            bad += sees(kiosk, "工作人员")
            kiosk.click("首页")
            kiosk.click("残疾人服务")
            desk.insert()
            if is_opened():
                bad.append("a resident was interrupted")
            kiosk.click("首页")
            bad += sees(kiosk, "工作人员")
        with ui.Kiosk(screen, data=desk.data, staff="yes") as again:
            kiosk = again
            if is_opened():
                bad.append("a restart has opened it")
            desk.insert()
            bad += sees(kiosk, "工作人员")
        # the socket is the system's, and not here: that it says so is all that can be seen
    return bad + kiosk.complaints + again.complaints


LYING = (phones_take_two, long_changes_are_whole, lists_are_short)  # on a lying screen too
FLOWS = (published_and_taken_back, phones_take_two, long_changes_are_whole, lists_are_short, impatience_confirms_nothing, export_may_fail,
         refused_with_reasons, no_key, leaving_discards, the_stick_opens_it)
if Service.SEEN:
    FLOWS += (the_next_stick_is_told, the_same_stick_again, the_result_is_told)


def main():
    chosen = [flow for flow in FLOWS if flow.__name__ in sys.argv[1:]] or FLOWS
    screens = {part: ui.Screen(size) for part, size in (("portrait", ui.PORTRAIT), ("landscape", ui.LANDSCAPE))}
    try:
        number = 0
        for flow in chosen:
            for part, screen in screens.items():
                if part == "landscape" and flow not in LYING:
                    continue
                number += 1
                bad = flow(screen)
                print(f"{'not ok' if bad else 'ok'} {number} - {flow.__name__} {part}")
                for complaint in bad:
                    print("# " + complaint)
        print(f"1..{number}")
    finally:
        for screen in screens.values():
            screen.close()


main()
