#!/usr/bin/env python3
"""A zoo of bad and hostile sticks, beyond those of update_test.py and xlsx_test.py: what is damaged, mistyped, meant to
harm or no sheet at all. Each gets its verdict within ten seconds, the first error names file, row and column, and
nothing else happens: the data folder stays as it is octet for octet, nothing is run, nothing is written elsewhere.
Prints TAP."""
import hashlib
import io
import json
import os
import random
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

from tap import Tap, starter_folder

BIANMIN = os.path.abspath(os.environ.get("BIANMIN", "build/bianmin"))
ENV = dict(os.environ, LC_ALL="C.UTF-8")
SANITIZED = os.environ.get("SANITIZE", "0") not in ("", "0")
SECONDS_MAX, MEMORY_MAX = 10, 400 << 20
FILE = "公告.csv"
HEAD = "标题,内容,开始日期,结束日期,类别\n"
FIGURES = "编号,年份,项目,指标,数值,单位,说明,来源\n"
ZOO, PRINTED = [], []  # PRINTED: those that are shown on a terminal, too


# ---- what is on them ----
def put(folder, name, octets):
    with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as out:
        out.write(octets.encode() if isinstance(octets, str) else octets)


def starter(name):
    with open(os.path.join(starter_folder(), name), encoding="utf-8", newline="") as source:
        return source.read()


NOTICES = starter(FILE)


def stick(name, make, outcome, *place):
    """`make`: the octets of 公告.csv, or what fills the folder; `place`: file, row, column of the first error; a column
    that is left out may be any."""
    ZOO.append((name, make if callable(make) else lambda folder: put(folder, FILE, make), outcome, place))


def sheet(name, text, row, column="", file=FILE):
    """A sheet with one error."""
    stick(name, lambda folder: put(folder, file, text), "reject", file, row, column)


def notice(name, value, column, outcome="reject"):
    """A good row and, in row 3, one whose `column` has this value."""
    fields = dict(zip(HEAD.strip().split(","), ["停水", "明天停水", "2024-01-01", "2024-01-02", "社区生活"]))
    fields[column] = value
    row = ",".join('"' + v.replace('"', '""') + '"' if any(c in v for c in '",\r\n') else v for v in fields.values())
    text = HEAD + "停电,明天停电,,,社区生活\n" + row + "\n"
    stick(name, text, outcome, *((FILE, 3, column) if outcome == "reject" else ()))


# ---- encodings and lines ----
def gbk_with_bad_octet_at(size):
    text = NOTICES.encode("gb18030") + "长,".encode("gbk")
    text += "字".encode("gbk") * ((size - 1 - len(text)) // 2)
    text += b"a" * (size - 1 - len(text))
    return text + b"\xff" + b",,,\n"


def encodings():
    same = "same"
    stick("UTF-16LE without BOM", NOTICES.encode("utf-16-le"), same)
    stick("UTF-16BE without BOM", NOTICES.encode("utf-16-be"), same)
    stick("GB18030 with its BOM", b"\x84\x31\x95\x33" + NOTICES.encode("gb18030"), same)
    stick("four octets of GB18030", (HEAD + "㐀㐁𠀀,四字节,,,社区生活\n").encode("gb18030"), "accept")
    stick("BOM twice", b"\xef\xbb\xbf" * 2 + NOTICES.encode(), {"same", "warn", "reject"})
    stick("mixed line ends", "\n".join(a + ("\r" if i % 2 else "") for i, a in enumerate(NOTICES.split("\n"))), same)
    stick("lone CR", NOTICES.replace("\n", "\r"), same)
    stick("no last line end", NOTICES.rstrip("\n"), same)
    stick("blank lines", NOTICES.replace("\n", "\n\n"), {"same", "warn"})
    stick("empty columns at the end", NOTICES.replace("\n", ",,,\n"), {"same", "warn"})
    stick("tabs", NOTICES.replace(",", "\t"), {"same", "warn", "reject"})
    stick("semicolons", NOTICES.replace(",", ";"), "reject", FILE, 1)
    stick("sep= in front", "sep=,\n" + NOTICES, {"same", "warn"})
    stick("UTF-16 of odd length", b"\xff\xfe" + NOTICES.encode("utf-16-le") + b"\n", "reject", FILE)
    stick("a lone surrogate", b"\xff\xfe" + (HEAD + "甲,").encode("utf-16-le") + b"\x00\xd8" + ",,,\n".encode("utf-16-le"),
          "reject", FILE, 2)
    stick("UTF-32", NOTICES.encode("utf-32"), "reject", FILE)
    stick("Big5", "標題,內容,開始日期,結束日期,類別\n停水,明天,,,社區生活\n".encode("big5"), "reject", FILE)
    stick("Shift_JIS", "件名,内容\nテスト,テスト\n".encode("shift_jis"), "reject", FILE)
    stick("EBCDIC", "TITLE,TEXT\nA,B\n".encode("cp500"), "reject", FILE)
    stick("UTF-8 read as GBK and saved", NOTICES.encode().decode("gbk", "replace").encode(), "reject", FILE)
    stick("all question marks", "".join("?" if ord(c) > 127 else c for c in NOTICES), "reject", FILE)
    for name, octets in (("surrogate", b"\xed\xa0\x80"), ("overlong", b"\xc0\xaf"), ("beyond U+10FFFF", b"\xf4\x90\x80\x80"),
                         ("five octets", b"\xf8\x88\x80\x80\x80"), ("cut short", b"\xe4\xb8")):
        stick("UTF-8, " + name, HEAD.encode() + b"ab" + octets + b",x,,,\n", "reject", FILE)
    for size in (1 << 16, (1 << 16) + 1, 1 << 17):
        stick(f"GBK, the bad octet is number {size}", gbk_with_bad_octet_at(size), "reject", FILE, NOTICES.count("\n") + 1)
    stick("nothing but NULs", b"\0" * 5000, "reject", FILE)
    stick("a NUL in a cell", HEAD.encode() + b"a\0b,x,,,\n", "reject", FILE, 2)
    stick("NULs at the end", NOTICES.encode() + b"\0" * 4096, "reject", FILE)
    stick("empty", b"", "reject", FILE)
    stick("nothing but a BOM", b"\xef\xbb\xbf", "reject", FILE)
    stick("nothing but line ends", b"\n" * 1000, "reject", FILE)
    stick("noise", random.Random(1).randbytes(100000), "reject", FILE)
    stick("a picture", b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(5000), "reject", FILE)
    stick("a program", b"\x7fELF\2\1\1" + b"\0" * 5000, "reject", FILE)
    stick("a web page", "<html><body><table><tr><td>标题</td></tr></table></body></html>", "reject", FILE)


# ---- headers ----
def headers():
    cells = [line.split(",") for line in (HEAD + "停水,明天停水,2024-01-01,2024-01-02,社区生活\n").split()]
    turned = "\n".join(",".join(reversed(row)) for row in cells) + "\n"
    sheet("columns the other way round", turned, 1)
    stick("header with spaces", HEAD.replace(",", " , ") + "停水,明天停水,,,社区生活\n", {"accept", "warn"})
    stick("header with full-width spaces", HEAD.replace(",", "　,　") + "停水,明天停水,,,社区生活\n", {"accept", "warn"})
    sheet("full-width commas", (HEAD + "停水,明天停水,,,社区生活\n").replace(",", "，"), 1)
    stick("header alone", HEAD, {"accept", "warn", "reject"})
    sheet("a column is missing", "标题,开始日期,结束日期,类别\n停水,,,社区生活\n", 1)
    stick("a column too many", HEAD.replace("\n", ",备注\n") + "停水,明天停水,,,社区生活,无\n", {"accept", "warn", "reject"})
    sheet("a column twice", HEAD.replace("\n", ",内容\n") + "停水,明天停水,,,社区生活,别的\n", 1)
    sheet("no header", "停水,明天停水,,,社区生活\n", 1)
    sheet("a title above the header", "锦湖街道公告,,,,\n" + HEAD + "停水,明天停水,,,社区生活\n", 1)
    sheet("ESC in the header", HEAD.replace("内容", "内\x1b[2J容"), 1)
    sheet("header twice", HEAD + HEAD, 2)
    sheet("another sheet's header", FIGURES + "CL01,2023,甲,乙,1,元,,丙\n", 1)
    sheet("10,000 columns", HEAD.strip() + ",x" * 10000 + "\n", 1)
    sheet("too many cells in a row", HEAD + "停水,明天停水,,,社区生活,多,多\n", 2)
    sheet("too few cells in a row", HEAD + "停水\n", 2)


# ---- values ----
def values():
    for start in ("=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "=HYPERLINK(\"http://example.invalid\")", " =1", "-2+3"):
        notice(f"formula {start!r}", start, "内容", {"reject"} if start.strip()[0] in "=+@" else {"reject", "accept", "warn"})
    for name, char in (("ESC", "\x1b[2J"), ("BEL", "\a"), ("backspace", "\b"), ("form feed", "\f"), ("DEL", "\x7f"),
                       ("C1", "\x9b31m"), ("U+FFFE", "\ufffe"), ("U+FFFF", "\uffff")):
        notice(f"{name} in a cell", f"甲{char}乙", "内容")
    for name, char in (("RLO", "\u202e"), ("LRI", "\u2066"), ("zero-width space", "\u200b"), ("ZWJ", "\u200d"), ("BOM", "\ufeff"),
                       ("soft hyphen", "\u00ad"), ("tag", "\U000e0041"), ("line separator", "\u2028"), ("private", "\ue000"),
                       ("U+FFFD", "\ufffd")):
        notice(f"{name} in a cell", f"甲{char}乙", "标题", {"reject", "warn"})
    notice("200 marks on one letter", "a" + "\u0301" * 200, "标题", {"reject", "accept", "warn"})
    notice("a cell of 40,000", "字" * 40000, "内容")
    notice("a title of 5,000", "字" * 5000, "标题")
    notice("markup", "<b>粗</b><span size='9999999'>&amp;", "内容", "accept")
    notice("printf", "%s%n%s%n%p", "内容", "accept")
    notice("SQL", "'); DROP TABLE notice; --", "内容", "accept")
    notice("a shell", "$(touch pwned)`touch pwned`;touch pwned", "内容", "accept")
    notice("a blank title", "   ", "标题")
    notice("no title", "", "标题")
    for date in ("2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "0000-00-00", "99999-01-01", "昨天", "45292", "1e5",
                 "2024-01-01T25:00:00"):
        notice(f"date {date}", date, "开始日期")
    notice("date in full-width digits", "２０２４-０１-０１", "开始日期", {"reject", "warn"})
    notice("it ends before it begins", "1999-01-01", "结束日期")
    notice("a category that is none", "别的", "类别")
    for number in ("1e5", "NaN", "inf", "0x10", "12.3.4", "--1", "九十", "1" * 400):
        sheet(f"number {number[:12]}", FIGURES + f'CL01,2023,甲,乙,"{number}",元,,丙\n', 2, "数值", "公示数据.csv")
    stick("number 1,000", lambda f: put(f, "公示数据.csv", FIGURES + 'CL01,2023,甲,乙,"1,000",元,,丙\n'), "warn")
    stick("number in full-width digits", lambda f: put(f, "公示数据.csv", FIGURES + "CL01,2023,甲,乙,１２,元,,丙\n"), {"reject", "warn"})
    sheet("a year that is none", FIGURES + "CL01,二三,甲,乙,1,元,,丙\n", 2, "年份", "公示数据.csv")
    sheet("a code that is nowhere", FIGURES + "ZZ99,2023,甲,乙,1,元,,丙\n", 2, "编号", "公示数据.csv")
    topics = starter("事项.csv").split("\n")
    sheet("a code twice", "\n".join(topics[:55] + [topics[1]]) + "\n", 56, "编号", "事项.csv")
    sheet("phone with letters", "\n".join(topics).replace("12345;12385", "12345a", 1), 2, "咨询电话", "事项.csv")
    sheet("phone with an extension in words", "\n".join(topics).replace("12345;12385", "找王姐", 1), 2, "咨询电话", "事项.csv")
    sheet("an ID number in a public sheet", HEAD + "名单,张三999999199001011238,,,社区生活\n", 2, "内容")


# ---- quotes and lengths ----
def quotes():
    sheet("a quote is never closed", HEAD + "停水,明天停水,,,社区生活\n\"停电,明天\n" + "停水,明天停水,,,社区生活\n" * 50, 3)
    sheet("every second line begins with a quote", HEAD + "停水,明天停水,,,社区生活\n\"停电,明天\n" * 50, 5)
    stick("10^6 quotes", HEAD + '"' * 10**6, "reject", FILE, 2)
    stick("10^6 quotes and one", HEAD + '"' * (10**6 + 1) + ",x,,,\n", "reject", FILE, 2)
    sheet("text behind a closing quote", HEAD + '"停"水,明天停水,,,社区生活\n', 2)
    stick("a row of 300 KB", HEAD + '停水,"' + "字" * 100000 + '",,,社区生活\n', "reject", FILE, 2)
    stick("a row of 300 KB in lines", HEAD + '停水,"' + "字\n" * 75000 + '",,,社区生活\n', "reject", FILE, 2)
    stick("10 MB without a line end", "x" * 10**7, "reject", FILE, 1)
    stick("10^6 commas", HEAD + "," * 10**6 + "\n", "reject", FILE, 2)
    sheet("10^5 rows, each wrong", HEAD + "停水,明天停水,昨天,,社区生活\n" * 10**5, 2)


# ---- files ----
def also(change):
    """A good sheet, unchanged, and something beside it."""
    def make(folder):
        put(folder, FILE, NOTICES)
        change(folder)
    return make


def symlink(target, name=FILE):
    return lambda folder: os.symlink(target, os.path.join(folder, name))


def sparse(size, name=FILE):
    def make(folder):
        put(folder, name, HEAD)
        os.truncate(os.path.join(folder, name), size)
    return make


def growing(folder):
    """A file that another writes to for as long as it is there."""
    put(folder, FILE, NOTICES)

    def grow():
        with open(os.path.join(folder, FILE), "ab") as out:
            while os.path.exists(out.name) and out.tell() < 300 << 20:
                out.write(b"x" * (1 << 20))
                time.sleep(0.01)
    threading.Thread(target=grow, daemon=True).start()


def files():
    for target in ("/etc/passwd", "/dev/zero", "/proc/self/environ", "公告.csv", "/nonexistent"):
        stick(f"a link to {target}", symlink(target), "reject", FILE)
    stick("a link to a sheet elsewhere", symlink(os.path.join(os.path.abspath(starter_folder()), FILE)), "reject", FILE)
    stick("a FIFO", lambda f: os.mkfifo(os.path.join(f, FILE)), "reject", FILE)
    stick("a folder named as a sheet", lambda f: os.mkdir(os.path.join(f, FILE)), "reject", FILE)
    stick("a sparse file of 5 GB", sparse(5 << 30), "reject", FILE)
    stick("a sparse workbook of 5 GB", sparse(5 << 30, "公告.xlsx"), "reject", "公告.xlsx")
    stick("a file that grows", growing, {"reject", "same"})
    if os.geteuid() == 0:
        stick("a device", lambda f: os.mknod(os.path.join(f, FILE), 0o666 | stat.S_IFCHR, os.makedev(1, 5)), "reject", FILE)
    for name in ("$(touch pwned).csv", "`touch pwned`.csv", "a;touch pwned;.csv", "%s%n%s.csv", "a\nb.csv", "\x1b[2J.csv", "-rf.csv",
                 b"\xff\xfe.csv", "字" * 80 + ".csv", "公告.csv ", "公告.csv.exe"):
        stick(f"also a file {name!r}", also(lambda f, n=name: put(f, n, b"touch pwned\n")), {"same", "warn"})
    for name in ("content.db", "a.desktop", "libc.so.6", "autorun.inf", "current", "便民.db-wal", "sqlite3.so", ".~lock.公告.csv#", "~$公告.xlsx",
                 "._公告.csv", "Thumbs.db", "setup.sh", "LD_PRELOAD"):
        stick(f"also {name}", also(lambda f, n=name: put(f, n, b"#!/bin/sh\ntouch pwned\n")), {"same", "warn"})
    stick("10,000 other files", also(lambda f: [put(f, f"照片{i}.jpg", b"") for i in range(10000)]), {"same", "warn", "reject"})
    stick("the sheet twice, .csv and .xlsx", also(lambda f: put(f, "公告.xlsx", workbook())), "reject")
    stick("deep folders", also(lambda f: os.makedirs(os.path.join(f, *["深"] * 60))), {"same", "warn"})
    stick("only what is none", lambda f: put(f, "说明.txt", "你好"), "reject")


# ---- workbooks ----
def workbook(rows=None, **changed):
    """As little as makes one; `changed`: other parts in place of these."""
    rows = rows or [line.split(",") for line in NOTICES.strip().split("\n")]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    cells = "".join("<row>" + "".join(f"<c t='inlineStr'><is><t>{v}</t></is></c>" if v else "<c/>" for v in row) + "</row>" for row in rows)
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{rels}'><Relationship Id='a' Type='{office}/officeDocument' Target='xl/workbook.xml'/>"
                       "</Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets><sheet name='a' sheetId='1' r:id='r0'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{rels}'><Relationship Id='r0' Type='{office}/worksheet' "
                                      "Target='worksheets/sheet0.xml'/></Relationships>",
        "xl/worksheets/sheet0.xml": f"<worksheet xmlns='{main}'><sheetData>{cells}</sheetData></worksheet>",
    }
    parts.update({name: edit(parts.get(name, "")) for name, edit in changed.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def book(name, octets, outcome="reject", file="公告.xlsx"):
    stick(name, lambda folder: put(folder, file, octets), outcome, *((file,) if outcome == "reject" else ()))


def workbooks():
    part, good = "xl/worksheets/sheet0.xml", workbook()
    book("a workbook", good, "same")
    lol = "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(9)) + "]>"
    book("a billion laughs", workbook(**{part: lambda t: lol + t.replace("<row>", "<row><c><v>&j;</v></c>", 1)}))
    book("an entity from /etc/passwd", workbook(**{part: lambda t: "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + t}))
    book("DOCTYPE in workbook.xml", workbook(**{"xl/workbook.xml": lambda t: "<!DOCTYPE l>" + t}))
    book("XML 100,000 deep", workbook(**{part: lambda t: t.replace("</worksheet>", "<x>" * 10**5 + "</x>" * 10**5 + "</worksheet>")}))
    book("XML that never ends", workbook(**{part: lambda t: t[:-30]}))
    book("an attribute of 2 MB", workbook(**{part: lambda t: t.replace("<row>", f"<row r='{'1' * (2 << 20)}'>", 1)}))
    book("10^5 attributes", workbook(**{part: lambda t: t.replace("<row>", "<row " + " ".join(f"a{i}='1'" for i in range(10**5)) + ">", 1)}), {"reject", "same"})
    book("100 MB of blanks", workbook(**{part: lambda t: t + " " * (100 << 20)}), {"reject", "same"})
    book("a worksheet outside", workbook(**{"xl/_rels/workbook.xml.rels": lambda t: t.replace("worksheets/", "../../../../etc/")}))
    book("a worksheet on the net", workbook(**{"xl/_rels/workbook.xml.rels": lambda t: t.replace("worksheets/", "http://example.invalid/")}))
    book("an entry named ../pwned", workbook(**{"../pwned": lambda t: "x"}))
    book("an entry named /tmp/pwned", workbook(**{"/tmp/pwned": lambda t: "x"}))
    book("2,000 entries", workbook(**{f"x/{i}": (lambda t: "") for i in range(2000)}))
    stick("macros, .xlsm", lambda f: put(f, "公告.xlsm", workbook(**{"xl/vbaProject.bin": lambda t: "x"})), {"reject", "same", "warn"})
    book("macros, renamed .xlsx", workbook(**{"xl/vbaProject.bin": lambda t: "x"}), {"reject", "same", "warn"})
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    book("encrypted", ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 5000)
    book(".xls renamed", ole + "Workbook".encode("utf-16-le") + b"\0" * 5000)
    book("CSV renamed .xlsx", NOTICES.encode())
    stick("a workbook renamed .csv", good, {"reject", "same", "warn"})
    stick(".xls", lambda f: put(f, "公告.xls", ole), "reject", "公告.xls")
    stick(".et", lambda f: put(f, "公告.et", ole), "reject", "公告.et")
    book("empty", b"")
    book("an empty archive", b"PK\5\6" + b"\0" * 18)
    book("an error value", workbook(**{part: lambda t: t.replace("<row>", "<row><c t='e'><v>#REF!</v></c>", 1)}))
    for i in range(30):
        book(f"cut at {i}/30", good[:len(good) * i // 30 or 1])
    generator = random.Random(7)
    for i in range(30):
        at, bit = generator.randrange(len(good)), generator.randrange(8)
        book(f"bit {bit} of octet {at} flipped", good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1:], {"reject", "same", "warn"})


# ---- what happens ----
def snapshot(folder):
    """Everything below it, octet for octet."""
    found = {}
    for top, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(top, name)
            info = os.lstat(path)
            with open(path if stat.S_ISREG(info.st_mode) else os.devnull, "rb") as source:
                found[path] = (info.st_mode, info.st_uid, hashlib.sha256(source.read()).hexdigest())
    return found


def limit():
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def update(data, folder, cwd, *options):
    return subprocess.run([BIANMIN, "--data", data, "update", folder, *options], capture_output=True, env=ENV, cwd=cwd,
                          stdin=subprocess.DEVNULL, timeout=SECONDS_MAX * (4 if SANITIZED else 1), preexec_fn=limit, check=False)


def is_wild(text):
    return any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in text)


def complaints_about(done, outcomes, place):
    try:
        result = json.loads(done.stdout)
    except ValueError:
        return [f"exit {done.returncode}, no JSON: {done.stdout[:200]} {done.stderr[-300:]}"]
    bad = []
    told, errors = str(result)[:600], result["errors"]
    if result["outcome"] not in outcomes:
        bad.append(f"{result['outcome']}, not {outcomes}: {told}")
    if done.returncode != (65 if result["outcome"] == "reject" else 0):
        bad.append(f"exit {done.returncode}: {done.stderr[-300:]}")
    if result["outcome"] == "reject" and not errors:
        bad.append("refused without an error")
    if place and errors and [errors[0][k] for k in ("file", "row", "column")[:len(place)] if place["file row column".split().index(k)]] != \
            [p for p in place if p]:
        bad.append(f"the first error is not at {place}: {told}")
    for error in errors + result["warnings"]:
        if not error["message"] or not error["remedy"]:
            bad.append(f"without message or remedy: {error}")
        if is_wild(error["message"] + error["remedy"] + error["file"]):
            bad.append(f"control characters are passed on: {error}")
    return bad[:5]


def visit(work, data, kept, entry):
    name, make, outcome, place = entry
    folder, cwd = os.path.join(work, "stick"), os.path.join(work, "cwd")
    os.mkdir(folder)
    os.makedirs(cwd, exist_ok=True)
    outcomes = {outcome} if isinstance(outcome, str) else outcome
    try:
        make(folder)
        # what is refused is refused even with --yes; what is taken would be published with it
        done = update(data, folder, cwd, "--json", "--yes" if outcomes == {"reject"} else "--check")
        bad = complaints_about(done, outcomes, place)
        if entry in PRINTED:
            said = update(data, folder, cwd, "--check")
            if is_wild((said.stdout + said.stderr).decode("utf-8", "replace")):
                bad.append(f"control characters reach the terminal: {said}")
    except subprocess.TimeoutExpired:
        bad = [f"not done after {SECONDS_MAX} s"]
    if snapshot(data) != kept:
        bad.append(f"the data folder is not as it was: {set(snapshot(data)) ^ set(kept)}")
    pwned = [n for top in (work, "/tmp/pwned") for _, _, names in os.walk(top) for n in names if n == "pwned"] + os.listdir(cwd)
    if pwned or os.path.exists("/tmp/pwned"):
        bad.append(f"written: {pwned}")
    shutil.rmtree(folder)
    return bad


def main():
    tap = Tap()
    for fill in (encodings, headers, values, quotes, files, workbooks):
        before = len(ZOO)
        fill()
        PRINTED.extend(ZOO[before:] if fill in (headers, values, files) else [])
    with tempfile.TemporaryDirectory(prefix="zoo-") as work:
        data = os.path.join(work, "data")
        subprocess.run([BIANMIN, "--data", data, "update", starter_folder(), "--yes", "--fresh"], check=True, capture_output=True)
        kept = snapshot(data)
        for entry in ZOO:
            start = time.monotonic()
            bad = visit(work, data, kept, entry)
            kept = snapshot(data) if bad else kept
            took = time.monotonic() - start
            tap.result(repr(entry[0])[1:-1], bad, f" ({took:.1f} s)" if took > 2 else "")
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
