#!/usr/bin/python3
"""bianmin update on workbooks, from outside: the starter content as .xlsx by three programs' hands is the same content;
which files and worksheets are taken; what is refused, and that bombs are refused quickly and in little memory.
Debian's Python, for openpyxl and XlsxWriter. Prints TAP."""
import csv
import glob
import io
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tap import Tap, starter_folder

try:
    import openpyxl
    import xlsxwriter
except ImportError:
    print("1..0 # SKIP python3-openpyxl and python3-xlsxwriter are not installed")
    sys.exit(0)

BIANMIN = os.environ.get("BIANMIN", "build/bianmin")
ENV = dict(os.environ, LC_ALL="C.UTF-8")
SECONDS_MAX, MEMORY_MAX = 2, 96 * 1024 * 1024
SANITIZED = os.environ.get("SANITIZE", "0") != "0"
work = tempfile.mkdtemp(prefix="xlsx_test.")
tap = Tap()

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
NOTICE = ["标题", "内容", "开始日期", "结束日期", "类别"]
GOOD = ["停水", "明天停水", "", "", "城市环境"]
FIGURE = ["编号", "年份", "项目", "指标", "数值", "单位", "说明", "来源"]
PERSON = ["身份证号", "姓名", "手机号", "项目", "期间", "金额", "状态", "发放日期", "备注"]


# ---- making ----
def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def cell(value):
    """A text, a number, or a cell's own XML."""
    if isinstance(value, str) and value.startswith("<c"):
        return value
    if isinstance(value, str):
        return f"<c t='inlineStr'><is><t xml:space='preserve'>{escape(value)}</t></is></c>" if value else "<c/>"
    return f"<c><v>{value!r}</v></c>"


def worksheet(rows, after="", namespace=MAIN):
    data = "".join("<row>" + "".join(map(cell, row)) + "</row>" for row in rows)
    return f"<worksheet xmlns='{namespace}'><sheetData>{data}</sheetData>{after}</worksheet>"


def parts_of(sheets, namespace=MAIN, office=OFFICE):
    """The parts of a workbook; `sheets`: a list of (name, state, XML)."""
    names = "".join(f"<sheet name='{n}' sheetId='{i + 1}' state='{s}' r:id='r{i}'/>" for i, (n, s, _) in enumerate(sheets))
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{RELS}'><Relationship Id='a' Type='{office}/officeDocument' "
                       "Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{namespace}' xmlns:r='{office}'><sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{RELS}'>" + "".join(
            f"<Relationship Id='r{i}' Type='{office}/worksheet' Target='worksheets/sheet{i}.xml'/>"
            for i in range(len(sheets))) + "</Relationships>",
    }
    for i, (_, _, xml) in enumerate(sheets):
        parts[f"xl/worksheets/sheet{i}.xml"] = xml
    return parts


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def book(rows, after="", method=zipfile.ZIP_DEFLATED, **changed):
    """One worksheet; `changed`: parts by the last word of their name."""
    parts = parts_of([("Sheet1", "visible", worksheet(rows, after))])
    for word, text in changed.items():
        name = next((n for n in parts if word in n.replace(".", "_").replace("/", "_")), word)
        parts[name] = text
    return zipped(parts, method)


def notices(*rows):
    return [NOTICE, *rows]


# ---- running ----
def folder(files):
    path = tempfile.mkdtemp(dir=work)
    for name, octets in files.items():
        target = os.path.join(path, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as out:
            out.write(octets)
    return path


def limit_memory():
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (400 * 1024 * 1024, 400 * 1024 * 1024))


def check(path, *options):
    """Exit status, the report, seconds of CPU, peak octets."""
    process = subprocess.Popen([BIANMIN, "--data", os.path.join(work, "none"), "update", path, "--check", "--json", *options],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=ENV,
                               preexec_fn=limit_memory)
    text = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, json.loads(text or "{}"), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def issues(result):
    found = ["E%(row)d:%(column)s" % e for e in result.get("errors", [])]
    return " ".join(found + ["W%(row)d:%(column)s" % w for w in result.get("warnings", [])])


def expect(name, files, wanted, message="", file="", single=None):
    """`wanted`: the places of errors and warnings; `message`: what one of them says."""
    path = folder(files)
    code, result, _, _ = check(os.path.join(path, single) if single else path)
    bad = []
    if issues(result) != wanted:
        bad.append(f"{issues(result)!r} instead of {wanted!r}: {result}")
    if code != (65 if "E" in wanted else 0):
        bad.append(f"exit status {code}")
    told = [i["message"] + "。" + i["remedy"] for i in result.get("errors", []) + result.get("warnings", [])]
    if message and not any(message in text for text in told):
        bad.append(f"nothing says {message!r}: {told}")
    if file and not any(file == i["file"] for i in result.get("errors", []) + result.get("warnings", [])):
        bad.append(f"nothing names {file!r}: {result}")
    if not all(text.split("。")[0] and text.split("。", 1)[1] for text in told):
        bad.append("an issue without message or remedy")
    tap.result(name, bad)


# ---- bombs: before this process has grown, for a process begins with its parent's memory ----
good = book(notices(GOOD))
table = worksheet(notices(GOOD))
SHEET = b"xl/worksheets/sheet0.xml"


def central(octets, name, field, value):
    """Changes a field of the directory's entry: struct format and offset."""
    at = octets.index(b"PK\1\2")
    while octets[at + 46:at + 46 + len(name)] != name:
        at = octets.index(b"PK\1\2", at + 4)
    changed = bytearray(octets)
    struct.pack_into(field[0], changed, at + field[1], value)
    return bytes(changed)


def deflated(pieces, part="xl/worksheets/sheet0.xml", **changed):
    """A workbook one part of which is made of these pieces, which need not fit into memory (the measured process
    would begin with ours)."""
    parts, out = dict(parts_of([("a", "visible", table)]), **changed), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            if name != part:
                archive.writestr(name, text)
        with archive.open(part, "w") as stream:
            for piece in pieces:
                stream.write(piece)
    return out.getvalue()


def liar(octets):
    """Claims one octet of what is a bomb, in both headers."""
    octets = central(octets, SHEET, ("<I", 24), 1)
    at = octets.index(SHEET) - 30
    changed = bytearray(octets)
    struct.pack_into("<I", changed, at + 22, 1)
    return bytes(changed)


head = f"<worksheet xmlns='{MAIN}'><sheetData>".encode()
noise = [os.urandom(1 << 16).hex().encode() for _ in range(8)]
bombs = [
    ("200 MB of one letter", lambda: deflated([head] + [b" " * (1 << 20)] * 200)),
    ("300 MB at 50:1", lambda: deflated(b"<!--" + noise[i % 8][:20000] + b" " * (1 << 20) + b"-->" for i in range(290))),
    ("a bomb that claims one octet", lambda: liar(deflated([head] + [b" " * (1 << 20)] * 100))),
    ("strings without end", lambda: deflated(
        (piece for i in range(2502) for piece in (
            [f"<sst xmlns='{MAIN}'>".encode()] if i == 0 else [b"</sst>"] if i == 2501
            else [b"<si><t>", noise[i % 8][:30000], b"</t></si>"])), "xl/sst.xml", **{
        "xl/_rels/workbook.xml.rels": parts_of([("a", "visible", "")])["xl/_rels/workbook.xml.rels"].replace(
            "</Relationships>", f"<Relationship Id='s' Type='{OFFICE}/sharedStrings' Target='sst.xml'/></Relationships>")})),
]
for name, make in bombs:
    code, result, seconds, peak = check(folder({"公告.xlsx": make()}))
    bad = [] if code == 65 and issues(result) == "E0:" else [str(result)]
    print(f"# {name}: {seconds:.2f} s, {peak / 1048576:.0f} MiB")
    if not SANITIZED and (seconds > SECONDS_MAX or peak > MEMORY_MAX):
        bad.append(f"{seconds:.1f} s, {peak / 1048576:.0f} MiB")
    tap.result(f"a bomb: {name}", bad)

# ---- the starter content by others' hands ----
def starter_rows():
    for path in sorted(glob.glob(os.path.join(starter_folder(), "*.csv"))):
        with open(path, encoding="utf-8", newline="") as sheet:
            yield os.path.basename(path)[:-4], list(csv.reader(sheet))


def typed(stem, row, i):
    """公示数据's year and value as numbers, where a spreadsheet would have them."""
    return [(float(c) if "." in c else int(c)) if stem == "公示数据" and i and j in (1, 4) else c for j, c in enumerate(row)]


def by_openpyxl(path):
    for stem, rows in starter_rows():
        made = openpyxl.Workbook()
        for i, row in enumerate(rows):
            made.active.append(typed(stem, row, i))
        made.save(os.path.join(path, stem + ".xlsx"))


def by_xlsxwriter(path):
    for stem, rows in starter_rows():
        made = xlsxwriter.Workbook(os.path.join(path, stem + ".XLSX"))
        sheet, date = made.add_worksheet(), made.add_format({"num_format": "yyyy/m/d"})
        for i, row in enumerate(rows):
            for j, value in enumerate(typed(stem, row, i)):
                if rows[0][j] == "数据日期" and i:
                    serial = (time.mktime(time.strptime(value, "%Y-%m-%d")) - time.mktime((1899, 12, 30, 0, 0, 0, 0, 0, 0))) / 86400
                    sheet.write_number(i, j, round(serial), date)
                elif isinstance(value, str):
                    sheet.write_string(i, j, value)
                else:
                    sheet.write_number(i, j, value)
        made.close()


def in_one_workbook(path):
    made = openpyxl.Workbook()
    made.active.title = "说明"
    made.active.append(["这是街道的资料"])
    for stem, rows in starter_rows():
        sheet = made.create_sheet(stem)
        for i, row in enumerate(rows):
            sheet.append(typed(stem, row, i))
    made.save(os.path.join(path, "资料.xlsx"))


def digest(data):
    done = subprocess.run([BIANMIN, "--data", data, "status", "--json"], capture_output=True, text=True, env=ENV)
    return json.loads(done.stdout)["digest"]


builtin = digest(os.path.join(work, "none"))
for make in (by_openpyxl, by_xlsxwriter, in_one_workbook):
    path, data = tempfile.mkdtemp(dir=work), tempfile.mkdtemp(dir=work)
    make(path)
    done = subprocess.run([BIANMIN, "--data", data, "update", path, "--yes", "--fresh"], capture_output=True, text=True, env=ENV)
    found = digest(data) if done.returncode == 0 else done.stderr
    tap.result(f"the starter content {make.__name__}: the same digest", [] if found == builtin else [found])

# ---- which files, which worksheets ----
expect("公告.xlsx", {"公告.xlsx": good}, "")
expect("a workbook itself", {"公告.xlsx": good}, "", single="公告.xlsx")
expect("a workbook of another name itself", {"资料.xlsx": zipped(parts_of([("公告", "visible", table)]))}, "", single="资料.xlsx")
expect("公告.XLSX, stored", {"公告.XLSX": book(notices(GOOD), method=zipfile.ZIP_STORED)}, "")
expect("in 便民数据", {"便民数据/公告.xlsx": good}, "")
expect("as CSV and workbook", {"公告.csv": (",".join(NOTICE) + "\n").encode(), "公告.xlsx": good}, "E0: W0:", "公告.csv 和 公告.xlsx")
expect("as workbook and worksheet", {"公告.xlsx": good, "资料.xlsx": zipped(parts_of([("公告", "visible", table)]))}, "E0:",
       "公告.xlsx 和 资料.xlsx（工作表 公告）")
expect("in two workbooks", {n: zipped(parts_of([("公告", "visible", table)])) for n in ("a.xlsx", "b.xlsx")}, "E0:",
       "a.xlsx（工作表 公告） 和 b.xlsx（工作表 公告）")
expect("in two folders", {"公告.xlsx": good, "便民数据/公告.xlsx": good}, "E0:", "便民数据/公告.xlsx 和 公告.xlsx")
bad_row = worksheet(notices(["", "内容", "", "", "城市环境"]))
expect("a worksheet is named in the report", {"资料.xlsx": zipped(parts_of([("公告", "visible", bad_row)]))}, "E2:标题",
       file="资料.xlsx（工作表 公告）")
expect("a workbook is named in the report", {"公告.xlsx": book(notices(["", "内容", "", "", "城市环境"]))}, "E2:标题", file="公告.xlsx")
expect("several worksheets of a workbook named after a table",
       {"公告.xlsx": zipped(parts_of([("问答", "visible", worksheet([["编号", "问题", "答复"], ["CL01", "怎么领", "去"]])),
                                      ("公告", "visible", table)]))}, "E2:问题", file="公告.xlsx（工作表 问答）")
expect("the first visible worksheet whose header fits",
       {"公告.xlsx": zipped(parts_of([("甲", "hidden", bad_row), ("乙", "veryHidden", bad_row),
                                      ("丙", "visible", worksheet([["标题怎么写"], ["短一些"]])), ("丁", "visible", table)]))}, "")
expect("hidden worksheets alone", {"公告.xlsx": zipped(parts_of([("甲", "hidden", table)]))}, "E0:", "看得见的工作表")
expect("a workbook that does not concern us", {"公告.xlsx": good, "工资.xlsx": book([["姓名"], ["甲"]])}, "")
expect("another workbook that is damaged", {"公告.xlsx": good, "工资.xlsx": good[:300]}, "W0:", "没有读")
expect("a copy", {"公告.xlsx": good, "公告 (1).xlsx": good}, "W0:", "文件名不对")
expect("lock files of Excel and WPS", {"公告.xlsx": good, "~$公告.xlsx": b"x" * 165, ".~公告.xlsx": b"x"}, "W0: W0:", "可能还开着")
code, result, _, _ = check(folder({"工资.xlsx": book([["姓名"], ["甲"]])}))
tap.result("no table at all", [] if code == 65 and "没有便民查询的表" in result["errors"][0]["message"] else [str(result)])

# ---- what a file is, by its content ----
def compound(*names):
    """An OLE file with nothing but a folder of these names."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30] = 9
    entries = b"".join(n.encode("utf-16-le").ljust(64, b"\0").ljust(128, b"\0") for n in ("Root Entry", *names))
    return bytes(head) + entries.ljust(4096, b"\0")


csv_text = (",".join(NOTICE) + "\n" + ",".join(GOOD) + "\n").encode()
xls, locked = compound("Workbook"), compound("\x06DataSpaces", "Version", "DataSpaceMap", "EncryptionInfo", "EncryptedPackage")
ods = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, zipfile.ZIP_STORED)
numbers = zipped({"Index/Document.iwa": "x"})
resave = "请另存为 .xlsx 或 CSV"
for name, octets, message in (
        ("公告.xls", xls, "旧格式"), ("公告.et", xls, "旧格式"), ("公告.xlsx", xls, "旧格式"), ("公告.csv", xls, "旧格式"),
        ("公告.xlsx", locked, "密码"), ("公告.xls", locked, "密码"), ("公告.ods", ods, ".ods"), ("公告.xlsx", ods, ".ods"),
        ("公告.numbers", numbers, "Numbers"), ("公告.xlsx", numbers, "Numbers"), ("公告.xls", b"<html><table>", "网页"),
        ("公告.csv", b"\xef\xbb\xbf <?xml version='1.0'?>", "网页"), ("公告.xlsx", zipped({"xl/workbook.bin": "x"}), ".xlsb"),
        ("公告.xlsx", zipped({"word/document.xml": "x"}), "Word"), ("公告.xlsx", zipped({"a.txt": "x"}), "压缩包"),
        ("公告.xlsx", b"%PDF-1.4", "PDF")):
    expect(f"{name} that is: {message}", {name: octets}, "E0:", message, file=name)
    expect(f"{name} that is: {message}: the remedy", {name: octets}, "E0:", resave)
expect("公告.csv that is a workbook", {"公告.csv": good}, "E0:", "内容却是 .xlsx 工作簿。把文件名改成“公告.xlsx”")
expect("公告.xls that is a workbook", {"公告.xls": good}, "E0:", "内容却是 .xlsx 工作簿。把文件名改成“公告.xlsx”")
expect("公告.xlsx that is a CSV", {"公告.xlsx": csv_text}, "E0:", "内容却是文字（像 CSV）。把文件名改成“公告.csv”")
expect("公告.xls that is a CSV", {"公告.xls": csv_text}, "E0:", "内容却是文字（像 CSV）")
expect("公告.xlsx that is empty", {"公告.xlsx": b""}, "E0:", "没有复制完")
expect("公告.et beside the CSV", {"公告.et": xls, "公告.csv": csv_text}, "W0:", "只读了 公告.csv")

# ---- vocabularies, parts ----
strict, strict_office = "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"
expect("strict", {"公告.xlsx": zipped(parts_of([("a", "visible", worksheet(notices(GOOD), namespace=strict))], strict, strict_office))}, "")
prefixed = worksheet(notices(GOOD)).replace("<", "<q:").replace("<q:/", "</q:").replace("xmlns=", "xmlns:q=")
expect("prefixed elements", {"公告.xlsx": book([], sheet0_xml=prefixed)}, "")
expect("UTF-16", {"公告.xlsx": book([], sheet0_xml=("<?xml version='1.0' encoding='UTF-16'?>" + table).encode("utf-16"))}, "")
absolute = parts_of([("a", "visible", table)])
absolute["xl/_rels/workbook.xml.rels"] = absolute["xl/_rels/workbook.xml.rels"].replace("worksheets/", "/xl/worksheets/")
absolute["_rels/.rels"] = absolute["_rels/.rels"].replace("'xl/", "'/xl/")
expect("absolute targets", {"公告.xlsx": zipped(absolute)}, "")
outside = parts_of([("a", "visible", table)])
outside["xl/_rels/workbook.xml.rels"] = outside["xl/_rels/workbook.xml.rels"].replace("worksheets/", "../../../etc/")
expect("a target outside", {"公告.xlsx": zipped(outside)}, "E0:")
alternate = parts_of([("a", "visible", table)])
alternate["xl/workbook.xml"] = alternate["xl/workbook.xml"].replace(
    "<sheets>", "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
    "<mc:Choice Requires='x15'><x15ac:absPath url='C:\\' xmlns:x15ac='urn:x'/></mc:Choice></mc:AlternateContent><sheets>")
expect("mc:AlternateContent in the workbook", {"公告.xlsx": zipped(alternate)}, "")



class Pipe(io.RawIOBase):
    """Cannot seek: so sizes and CRC stand behind the data, as Java and Google write them."""

    def __init__(self):
        super().__init__()
        self.octets = bytearray()

    def writable(self):
        return True

    def write(self, octets):
        self.octets += octets
        return len(octets)


def streamed():
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts_of([("a", "visible", table)]).items():
            archive.writestr(name, text)
    return bytes(pipe.octets)


def with_zip64():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts_of([("a", "visible", table)]).items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(text.encode())
    return out.getvalue()


expect("sizes behind the data", {"公告.xlsx": streamed()}, "")
expect("sizes in ZIP64 fields", {"公告.xlsx": with_zip64()}, "")

# ---- cells through the rules ----
expect("a date cell without a date's format", {"公告.xlsx": book(notices(["甲", "乙", 44931, "", "城市环境"]))}, "E2:开始日期", "日期序号")
expect("an error, a formula without result, a merged cell",
       {"公告.xlsx": book(notices(["<c t='e'><v>#N/A</v></c>", "<c><f>A1</f></c>", "", "", "城市环境"], GOOD),
                          "<mergeCells><mergeCell ref='A3:A4'/></mergeCells>")}, "E2:标题 E2:内容 E3:标题", "公式", file="公告.xlsx")
figure = ["CL01", 2031, "补贴", "金额", 12393.5, "万元", "", "报道"]
expect("numbers in columns of numbers", {"公示数据.xlsx": book([FIGURE, figure])}, "")
expect("a percentage is no bare number", {"公示数据.xlsx": book(
    [FIGURE, figure[:4] + ["<c s='1'><v>0.12</v></c>"] + figure[5:]],
    xl__rels_workbook=parts_of([("a", "visible", "")])["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", f"<Relationship Id='s' Type='{OFFICE}/styles' Target='st.xml'/></Relationships>"),
    **{"xl/st.xml": f"<styleSheet xmlns='{MAIN}'><cellXfs><xf/><xf numFmtId='9'/></cellXfs></styleSheet>"})}, "E2:数值")
person = ["999999199001011238", "王小明", 15400000001, "CL01", "2023-01", 1.5, "已发放", "2023-12-31", "示例"]
expect("a phone and an amount as numbers", {"个人补贴.xlsx": book([PERSON, person])}, "W2:金额 W0:")
path = folder({"个人补贴.xlsx": book([PERSON, [999999199001011238] + person[1:], ["<c><v>9.99999199001011E+17</v></c>"] + person[1:]])})
_, result, _, _ = check(path)
bad = [] if [(e["row"], e["column"], e["value"]) for e in result["errors"]] == [(2, "身份证号", "9" + "*" * 17), (3, "身份证号", "9" + "*" * 17)] else [str(result)]
bad += [e["remedy"] for e in result["errors"] if "先把这一列设为“文本”" not in e["remedy"]]
tap.result("an ID number as a number: refused, masked, with the remedy", bad)
expect("formulas, markup, ESC as text", {"公告.xlsx": book(notices(["=1+1", "<b>%s%n</b>'; DROP TABLE notice;--", "", "", "城市环境"],
                                                                  ["a_x001B_b", "乙", "", "", "城市环境"]))}, "E2:标题 E3:标题")
expect("row numbers with gaps", {"公告.xlsx": book([], sheet0_xml=table.replace("</sheetData>", "<row r='90'><c t='inlineStr'><is><t>甲</t></is></c></row></sheetData>"))},
       "E90:内容 E90:类别")

# ---- damage and malice ----
def patched(octets, old, new):
    assert old in octets
    return octets.replace(old, new)


def named(name):
    parts = parts_of([("a", "visible", table)])
    parts[name] = "x"
    return zipped(parts)


def doubled():
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("XL/Workbook.xml", "<x/>")
    return out.getvalue()


def overlapping():
    """Two entries of the directory that share one local entry's data."""
    octets = zipped(dict(parts_of([("a", "visible", table)]), aa="x" * 50, bb="x" * 50), zipfile.ZIP_STORED)
    return central(octets, b"bb", ("<I", 42), octets.index(b"PK\3\4", octets.index(b"aa" + b"x" * 10) - 40))


def quoted():
    """An entry whose data holds the next whole entry."""
    octets = zipped(dict(parts_of([("a", "visible", table)]), aa="x" * 50, bb="y" * 50), zipfile.ZIP_STORED)
    long = 50 + 30 + 2 + 50
    at = octets.index(b"aa" + b"x" * 10) - 30
    data = octets[at + 32:at + 32 + long]
    changed = bytearray(central(central(central(octets, b"aa", ("<I", 20), long), b"aa", ("<I", 24), long), b"aa", ("<I", 16), zlib.crc32(data)))
    struct.pack_into("<III", changed, at + 14, zlib.crc32(data), long, long)
    return bytes(changed)


def many(count):
    return zipped(dict(parts_of([("a", "visible", table)]), **{f"e{i}": "" for i in range(count)}))


size_at, crc_at, flag_at, method_at = ("<I", 24), ("<I", 16), ("<H", 8), ("<H", 10)
broken = [
    ("cut short", good[:-100], "没有复制完"), ("cut in the middle", good[:500], "没有复制完"), ("octets behind the end", good + b"xx", ""),
    ("octets before the start", b"PK\3\4" + good, ""), ("a wrong CRC in the directory", central(good, SHEET, crc_at, 1), ""),
    ("a wrong CRC everywhere", patched(good, struct.pack("<I", zlib.crc32(table.encode())), b"\1\2\3\4"), "校验码"),
    ("another size in the directory", central(good, SHEET, size_at, 99), ""), ("encrypted", central(good, SHEET, flag_at, 1), "密码"),
    ("another method", central(good, SHEET, method_at, 12), "压缩方法"), ("a name that leads up", named("xl/../../x"), "文件名"),
    ("an absolute name", named("/etc/x"), "文件名"), ("a name with a backslash", patched(named("xl/ab"), b"xl/ab", b"xl\\ab"), "文件名"),
    ("a name that is no UTF-8", patched(named("xl/ab"), b"xl/ab", b"xl/\xff\xfe"), "文件名"), ("the same name twice", doubled(), "同名"),
    ("entries that overlap", overlapping(), ""), ("an entry within an entry", quoted(), "重叠"), ("1,001 entries", many(996 + 1), "1000 个"),
    ("a DOCTYPE", book([], sheet0_xml="<!DOCTYPE x [<!ENTITY a 'x'>]>" + table), "DOCTYPE"),
    ("an external DOCTYPE in the workbook", book([], xl_workbook_xml="<!DOCTYPE x SYSTEM 'file:///etc/passwd'>"
                                                 + parts_of([("a", "visible", "")])["xl/workbook.xml"]), "DOCTYPE"),
    ("33 levels", book([], sheet0_xml=f"<worksheet xmlns='{MAIN}'>" + "<a>" * 33 + "</a>" * 33 + "</worksheet>"), "太深"),
    ("an attribute of 2 MB", book([], sheet0_xml=f"<worksheet xmlns='{MAIN}' a='" + os.urandom(1 << 20).hex() + "'/>"), "1 MB"),
    ("a text of 2 MB", book(notices([os.urandom(1 << 20).hex(), "", "", "", ""])), "1 MB"),
    ("no workbook in it", zipped({"_rels/.rels": f"<Relationships xmlns='{RELS}'/>"}), "没有工作簿"),
    ("a worksheet that is none", book([], sheet0_xml="<html/>"), "不是工作簿的"),
    ("XML that breaks off", book([], sheet0_xml=table[:-20]), "读不通"),
]
for name, octets, message in broken:
    expect(name, {"公告.xlsx": octets}, "E0:", message, file="公告.xlsx")
expect("1,000 entries", {"公告.xlsx": many(995)}, "")


with open(os.path.join(work, "公告.xlsx"), "wb") as big:
    big.write(good)
    big.truncate(51 * 1000 * 1000)
code, result, _, _ = check(os.path.join(work, "公告.xlsx"))
tap.result("51 MB", [] if code == 65 and "50 MB" in result["errors"][0]["message"] else [str(result)])

shutil.rmtree(work)
sys.exit(tap.finish())
