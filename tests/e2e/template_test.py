#!/usr/bin/python3
"""bianmin template, export --xlsx and update --report, from outside: what the workbooks hold as another program reads them,
that what LibreOffice made of the blank ones publishes, and that no text turns into a formula. template/xlsx and
template/gbk were made by template/refresh.py with LibreOffice 7.4; where it is installed, they are made anew as well.
Debian's Python, for openpyxl. Prints TAP."""
import csv
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "template"))
from libreoffice import LibreOffice
from refresh import fill_all
from tap import Tap, starter_folder

try:
    import openpyxl
except ImportError:
    print("1..0 # SKIP python3-openpyxl is not installed")
    sys.exit(0)

BIANMIN = os.environ.get("BIANMIN", "build/bianmin")
ENV = dict(os.environ, LC_ALL="C.UTF-8")
TABLES = ["事项", "公示数据", "工程项目", "问答", "同义词", "俗语", "公告"]
work = tempfile.mkdtemp(prefix="template_test.")
tap = Tap()


def run(*args, data="none", **more):
    return subprocess.run([BIANMIN, "--data", os.path.join(work, data), *args], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, env=dict(ENV, **more))


def check(name, *pairs):
    """Each pair: what was found, what was expected."""
    tap.result(name, [f"{found!r} instead of {expected!r}" for found, expected in pairs if found != expected])


def digest(data):
    return json.loads(run("status", "--json", data=data).stdout)["digest"]


def starter(stem):
    with open(os.path.join(starter_folder(), stem + ".csv"), encoding="utf-8", newline="") as sheet:
        return list(csv.reader(sheet))


def files_in(folder):
    return sorted(os.path.relpath(os.path.join(d, f), folder) for d, _, files in os.walk(folder) for f in files)


def not_text(path):
    """What of a workbook's XML is no text: formulas, numbers, links."""
    bad = []
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if "worksheets/sheet" not in part:
                continue
            xml = archive.read(part).decode()
            bad += [f"{path} {part}: {found}" for found in re.findall(r"<f>|<f [^>]*>|<hyperlink", xml)]
            bad += [f"{path} {part}: {found}" for found in re.findall(r"<c [^>]*>", xml)
                    if 't="inlineStr"' not in found and 't="s"' not in found and not found.endswith("/>")]
    return bad


# ---- what is written ----
made = os.path.join(work, "made")
done = run("template", made)
check("template", (done.returncode, 0), (files_in(made), sorted(
    ["填表说明.xlsx", "示例/便民数据.xlsx"] + [f"空白/{t}.xlsx" for t in TABLES + ["个人补贴"]])))
again = run("template", made)
check("nothing is overwritten", (again.returncode, 73), ("--force" in again.stderr, True))
check("but with --force it is", (run("template", made, "--force").returncode, 0))
check("no file is left over", (len(files_in(made)), 10))
check("a folder that cannot be made", (run("template", os.path.join(work, "no", "where")).returncode, 74))
check("usage", (run("template").returncode, 64), (run("export", work, "--csv", "--xlsx").returncode, 64))

topics = openpyxl.load_workbook(os.path.join(made, "空白", "事项.xlsx"))
sheet = topics.active
check("the blank topics: header, and nothing below", (topics.sheetnames, ["事项"]), (sheet.max_row, 1),
      ([c.value for c in sheet[1]], starter("事项")[0]))
check("the header is bold and stays", (all(c.font.b for c in sheet[1]), True), (sheet.freeze_panes, "A2"))
check("each header has a comment", ([c.coordinate for c in sheet[1] if not c.comment], []),
      ("必填" in sheet["A1"].comment.text and "例：CL01" in sheet["A1"].comment.text, True))
check("columns are text before anything is typed",
      ({d.number_format for d in (topics._cell_styles[sheet.column_dimensions[c]._style.xfId]
                                  and sheet.column_dimensions[c] for c in "ABMO")}, {"@"}))
lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
check("drop-downs", (sorted(lists), ["C2:C1048576", "P2:P1048576"]), (lists.get("P2:P1048576"), '"已核实,待社区核实"'))
lengths = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "textLength"}
check("lengths", (lengths.get("E2:E1048576"), "60"))
persons = openpyxl.load_workbook(os.path.join(made, "空白", "个人补贴.xlsx"))
check("persons: a blank table only", (persons.active.max_row, 1),
      (persons.active.column_dimensions["A"].number_format, "@"), ("个人补贴" in files_in(os.path.join(made, "示例")), False))

example = openpyxl.load_workbook(os.path.join(made, "示例", "便民数据.xlsx"))
check("the example holds what is published, cell for cell", (example.sheetnames, TABLES), *[
    ([[c.value or "" for c in row] for row in example[t].iter_rows()][:50], starter(t)[:50]) for t in TABLES if t != "事项"])
guide = openpyxl.load_workbook(os.path.join(made, "填表说明.xlsx"))
check("the guide lists each column", (guide.sheetnames, ["填表步骤", "各列说明"]),
      (guide["各列说明"].max_row, 1 + 16 + 8 + 9 + 3 + 2 + 3 + 5 + 9))
tap.result("no formula, no number, no link in any of them", [b for f in files_in(made) for b in not_text(os.path.join(made, f))])

# ---- back again ----
builtin = digest("none")
for name, args in (("csv", []), ("xlsx", ["--xlsx"])):
    out = os.path.join(work, "out-" + name)
    check(f"export {name}", (run("export", out, *args).returncode, 0), (files_in(out), sorted(f"{t}.{name}" for t in TABLES)))
    done = run("update", out, "--yes", "--fresh", data="data-" + name)
    check(f"export {name} → update: the same content", (done.returncode, 0), (digest("data-" + name), builtin))
    again = json.loads(run("update", out, "--yes", "--json", data="data-" + name).stdout)
    check(f"export {name} → update again: same", (again["outcome"], "same"))
check("both formats in a folder are refused before they are written", (run("export", os.path.join(work, "out-csv"), "--xlsx").returncode, 73))
done = run("update", os.path.join(made, "示例"), "--yes", "--json", data="data-xlsx")
check("the example changes nothing", (json.loads(done.stdout)["outcome"], "same"))
check("the folder as a whole is no update", (run("update", made, "--check").returncode, 65))

# texts that look like something else, through all formats
ODD = [["CL01", "减号？", "-按月发"], ["CL01", "撇号？", "'-5按月"], ["CL01", "两撇？", "''=1+1"], ["CL01", "数字？", "0577"],
       ["CL01", "负数？", "-5"], ["CL01", "代码？", "_x0041_"], ["CL01", "标签？", "<f>1</f>"]]
odd = os.path.join(work, "odd")
os.mkdir(odd)
with open(os.path.join(odd, "问答.csv"), "w", encoding="utf-8", newline="") as out:
    guarded = [[c if not c.startswith("'") else "'" + c for c in row] for row in ODD]  # the importer takes one ' off
    csv.writer(out).writerows([["编号", "问题", "答复"]] + guarded)
done = run("update", odd, "--yes", data="odd-data")
before = digest("odd-data") if done.returncode == 0 else done.stderr
for name, args in (("csv", []), ("xlsx", ["--xlsx"])):
    out = os.path.join(work, "odd-" + name)
    run("export", out, *args, data="odd-data")
    run("update", out, "--yes", "--fresh", data="odd-again-" + name)
    check(f"odd texts through {name}: the same content", (digest("odd-again-" + name), before))
found = openpyxl.load_workbook(os.path.join(work, "odd-xlsx", "问答.xlsx")).active
check("as another program reads them", ([[c.value.replace("_x005F", ""), c.data_type] for c in found["C"]][1:], [  # openpyxl knows no escapes
    [r[2] if not r[2].startswith("'") else "'" + r[2], "s"] for r in ODD]))
tap.result("no formula among them", not_text(os.path.join(work, "odd-xlsx", "问答.xlsx")))


# ---- filled in by LibreOffice ----
def publishes(name, folder):
    """Each of LibreOffice's folders: its rows are published as they were typed, in either format."""
    digests = []
    for kind in ("xlsx", "gbk"):
        data = f"{name}-{kind}"
        done = run("update", os.path.join(folder, kind), "--yes", "--fresh", "--json", data=data)
        result = json.loads(done.stdout or "{}")
        check(f"{name}, {kind}: publishes", (done.returncode, 0), (result.get("errors"), []), (result.get("generation"), 1),
              (sorted({w["file"][:2] + w["column"] for w in result.get("warnings", [])}), ["个人", "事项数据日期", "公告开始日期", "公告结束日期", "问答问题"]))
        digests.append(digest(data))
        out = os.path.join(work, data + "-out")
        run("export", out, data=data)
        with open(os.path.join(out, "公示数据.csv"), encoding="utf-8-sig", newline="") as sheet:
            check(f"{name}, {kind}: no figure changed its looks", ([r[4] for r in csv.reader(sheet)], ["数值", "198.50", "0400"]))
        with open(os.path.join(out, "公告.csv"), encoding="utf-8-sig", newline="") as sheet:
            check(f"{name}, {kind}: nor did a title or a date", ([r[:3] for r in csv.reader(sheet)][1:], [
                ["停水通知", "1-2号楼明天上午停水", "2026-01-05"], ["'-1号通知", "0577-65812345", ""],
                ["999999999999999999", "犇堃骉赟，1E5，TRUE", "2026-01-05"]]))
    check(f"{name}: the same content from both", (digests[0], digests[1]))
    check(f"{name}: persons are checked, not published", (files_in(os.path.join(work, name + "-xlsx-out")).count("个人补贴.csv"), 0))


publishes("LibreOffice's files", os.path.join(HERE, "template"))
office = LibreOffice(os.path.join(work, "profile")) if LibreOffice.is_installed() else None
if office:
    fill_all(office, os.path.join(made, "空白"), os.path.join(work, "live"))
    publishes("LibreOffice here", os.path.join(work, "live"))
else:
    tap.result("LibreOffice here # SKIP not installed", [])

# ---- the report ----
bad = os.path.join(work, "bad")
os.mkdir(bad)
EVIL = ["=1+1", "+1-1", "@x", '=HYPERLINK("http://x","点我")']
with open(os.path.join(bad, "公告.csv"), "w", encoding="utf-8", newline="") as out:
    csv.writer(out).writerows([["标题", "内容", "开始日期", "结束日期", "类别"]] + [[e, "内容", "", "", "社区生活"] for e in EVIL])
with open(os.path.join(bad, "个人补贴.csv"), "w", encoding="utf-8", newline="") as out:
    csv.writer(out).writerows([["身份证号", "姓名", "手机号", "项目", "期间", "金额", "状态", "发放日期", "备注"],
                               ["999999199001010025", "张三丰", "1540000000", "CL01", "2026-01", "1.00", "已发放", "2026-01-05", "示例"]])
book, text = os.path.join(work, "更新结果.xlsx"), os.path.join(work, "更新结果.csv")
for path in (book, text):
    done = run("update", bad, "--check", "--report", path)
    check("a refused update writes its report: " + path[-4:], (done.returncode, 65), (os.path.exists(path), True))
pages = openpyxl.load_workbook(book)
rows = [[c.value for c in row] for row in pages["问题"].iter_rows()]
check("the report: pages", (pages.sheetnames, ["结果", "问题", "变化"]), (pages["结果"]["B2"].value, "没有发布：有 6 处错误，现用的内容没有变"))
check("the report: problems", (rows[0], ["类别", "表", "行", "列", "现在的值", "问题", "怎么改"]),
      ([r[:5] for r in rows[1:5]], [["错误", "公告.csv", str(i + 2), "标题", e] for i, e in enumerate(EVIL)]))
whole = open(text, encoding="utf-8").read() + str(rows)
check("the report: no person", *[(word in whole, False) for word in ("999999199001010025", "张三丰", "1540000000")])
octets = open(text, "rb").read()
check("the report as CSV: BOM, CR LF, guarded", (octets[:3], b"\xef\xbb\xbf"), (octets.count(b"\n"), octets.count(b"\r\n")),
      ([line for line in octets.decode("utf-8-sig").splitlines() if re.search(r",[=+@]", line)], []))
tap.result("the report: no formula", not_text(book))
if office:
    seen = {}
    for kind, path in (("xlsx", book), ("csv", text)):
        opened = openpyxl.load_workbook(office.convert(path, os.path.join(work, "seen-" + kind)))
        seen[kind] = [c for s in opened for row in s.iter_rows() for c in row if c.data_type == "f"]
        values = [str(c.value) for s in opened for row in s.iter_rows() for c in row]
        check(f"the report as LibreOffice opens it, {kind}: no formula, no mojibake", (seen[kind], []),
              ("没有发布：有 6 处错误，现用的内容没有变" in values, True),
              ([e for e in EVIL if e not in values and "'" + e not in values], []))
check("a report is not a table", (run("update", os.path.dirname(book), "--check").returncode, 65))
check("a report in the place of a table", (run("update", bad, "--check", "--report", os.path.join(bad, "公告.csv")).returncode, 64))
check("a report of another kind", (run("update", bad, "--check", "--report", os.path.join(work, "r.txt")).returncode, 64))
done = run("update", os.path.join(HERE, "template", "xlsx"), "--yes", "--fresh", "--report", os.path.join(work, "none", "r.xlsx"), data="told")
check("a report that cannot be written is told; the update stands", (done.returncode, 73), ("没有写成文件" in done.stderr, True),
      (json.loads(run("status", "--json", data="told").stdout)["generation"], 1))
done = run("update", os.path.join(HERE, "template", "gbk"), "--yes", "--fresh", "--report", book, data="told")
check("the same content", (done.returncode, 0), (openpyxl.load_workbook(book)["结果"]["B2"].value, "没有发布：内容和现用的完全一样"))
shutil.copytree(os.path.join(HERE, "template", "gbk"), os.path.join(work, "edited"))
path = os.path.join(work, "edited", "事项.csv")
octets = open(path, "rb").read()
open(path, "wb").write(octets.replace(b"0577-65812345", b"0577-65812346"))
run("update", os.path.join(work, "edited"), "--yes", "--fresh", "--report", book, data="told")
check("what changed, field by field", ([[c.value for c in row] for row in openpyxl.load_workbook(book)["变化"].iter_rows()][1:], [
    ["改动", "事项.csv", "CL01 困难残疾人生活补贴", "咨询电话", "12345;0577-65812345", "12345;0577-65812346"]]))

# ---- no room ----
if os.geteuid() == 0 and shutil.which("mount"):
    small = os.path.join(work, "small")
    os.mkdir(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True).returncode == 0:
        try:
            out = os.path.join(work, "full")
            done = run("export", out, "--xlsx", TMPDIR=small)
            left = [f for f in files_in(out) if f == "俗语.xlsx" or f.endswith(".tmp")]
            check("a full temporary folder is told, no short workbook is left", (done.returncode, 74), ("临时文件夹" in done.stderr, True), (left, []))
            done = run("export", os.path.join(small, "out"), "--xlsx")
            check("a full medium is told, no part is left", (done.returncode, 74), ("磁盘已满" in done.stderr, True),
                  ([f for f in files_in(small) if f.endswith(".tmp")], []))
        finally:
            subprocess.run(["umount", small], check=False)
    else:
        tap.result("no room # SKIP no right to mount", [])
else:
    tap.result("no room # SKIP not root", [])

shutil.rmtree(work, ignore_errors=True)
sys.exit(tap.finish())
