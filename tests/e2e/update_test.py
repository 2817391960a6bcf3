#!/usr/bin/env python3
"""bianmin update, from outside: every encoding gives the same content, bad sheets change nothing,
the exit statuses and the JSON are those of DESIGN §5. Prints TAP."""
import glob
import json
import os
import pty
import shutil
import subprocess
import tempfile

BIANMIN = os.environ.get("BIANMIN", "build/bianmin")
STARTER = os.path.join(os.environ.get("G_TEST_SRCDIR", "."), "db", "starter")
ENV = dict(os.environ, LC_ALL="C.UTF-8")
work = tempfile.mkdtemp(prefix="update_test.")
number = 0


def ok(condition, name, detail=""):
    global number
    number += 1
    print("%sok %d - %s" % ("" if condition else "not ", number, name))
    if not condition and detail:
        print("# " + str(detail).replace("\n", "\n# "))


def run(data, *args):
    return subprocess.run([BIANMIN, "--data", data, *args], capture_output=True, text=True, env=ENV,
                          stdin=subprocess.DEVNULL)


def update(data, path, *args):
    done = run(data, "update", path, "--json", *args)
    return done.returncode, (json.loads(done.stdout) if done.stdout else None), done.stderr


def status(data):
    return json.loads(run(data, "status", "--json").stdout)


def sheets(name, encode=None, edit=None):
    """A folder of the starter sheets, each text through edit(file, text), then encoded."""
    folder = os.path.join(work, name)
    os.makedirs(folder)
    for path in glob.glob(os.path.join(STARTER, "*.csv")):
        file = os.path.basename(path)
        text = open(path, encoding="utf-8", newline="").read()
        text = edit(file, text) if edit else text
        with open(os.path.join(folder, file), "wb") as out:
            out.write(encode(text) if encode else text.encode())
    return folder


def swap(file, old, new):
    return lambda f, text: text.replace(old, new, 1) if f == file else text


def listing(folder):
    return sorted(os.path.join(d, f) for d, _, files in os.walk(folder) for f in files)


# ---- encodings ----
builtin = status(os.path.join(work, "nowhere"))["digest"]
forms = {
    "GBK": lambda t: t.encode("gbk"),
    "GB18030": lambda t: t.encode("gb18030"),
    "UTF-8": lambda t: t.encode(),
    "UTF-8 with BOM": lambda t: b"\xef\xbb\xbf" + t.encode(),
    "UTF-16LE with BOM": lambda t: b"\xff\xfe" + t.encode("utf-16-le"),
    "UTF-16LE without BOM": lambda t: t.encode("utf-16-le"),
    "UTF-16BE with BOM": lambda t: b"\xfe\xff" + t.encode("utf-16-be"),
    "CR LF": lambda t: t.replace("\n", "\r\n").encode(),
    "CR LF, GBK": lambda t: t.replace("\n", "\r\n").encode("gbk"),
}
for name, encode in forms.items():
    folder, data = sheets(name, encode), os.path.join(work, "data " + name)
    done = run(data, "update", folder, "--yes", "--fresh")
    ok(done.returncode == 0 and status(data)["digest"] == builtin, name + ": the same content", done.stderr)

# ---- the same, checked, published ----
data = os.path.join(work, "data")
plain = sheets("plain")
code, result, _ = update(data, plain, "--yes")
ok(code == 0 and result["outcome"] == "accept" and result["generation"] == 1, "the first sheets are number 1", result)
code, result, _ = update(data, plain, "--yes")
ok(code == 0 and result["outcome"] == "same" and result["generation"] is None, "the same content is not published again", result)

changed = sheets("changed", edit=swap("事项.csv", "待社区核实", "已核实"))
fresh = os.path.join(work, "untouched")
code, result, _ = update(fresh, changed, "--check")
ok(code == 0 and result["outcome"] == "accept" and result["diff"] == {"added": 0, "changed": 1, "removed": 0},
   "--check accepts and counts the difference", result)
ok(not os.path.exists(fresh), "--check does not touch the data folder")
code, result, _ = update(data, changed, "--yes")
ok(code == 0 and result["outcome"] == "accept" and result["generation"] == 2, "published as number 2", result)
published = status(data)
ok(published["generation"] == 2 and published["digest"] != builtin, "status shows it", published)

mended = sheets("mended", edit=swap("事项.csv", "2023-12-31,已核实", "2023/12/31,已核实"))
code, result, _ = update(data, mended, "--check")
ok(code == 0 and result["outcome"] in ("warn", "same") and len(result["warnings"]) == 1, "what is mended is a warning", result)

# ---- refused ----
def bad_edit(file, text):
    text = swap("事项.csv", "残疾人服务", "残疾人")(file, text)
    return swap("公示数据.csv", ",198,", ",198万,")(file, text)


bad = sheets("bad", edit=bad_edit)
before = listing(data)
code, result, _ = update(data, bad, "--yes")
places = [(e["file"], e["row"], e["column"]) for e in result["errors"]]
ok(code == 65 and result["outcome"] == "reject" and result["generation"] is None and
   places == [("事项.csv", 2, "类别"), ("公示数据.csv", 2, "数值")], "all errors by file, row and column", result)
ok(all(e["message"] and e["remedy"] for e in result["errors"]), "each with a message and a remedy")
ok(status(data)["digest"] == published["digest"] and listing(data) == before, "and nothing has changed")
done = run(data, "update", bad, "--check")
ok(done.returncode == 65 and "第 2 行" in done.stderr and "只能填" in done.stderr, "in plain Chinese", done.stderr)

# A sheet that is wrong in every row does not hide that another one is wrong, and the list says that it is cut.
flood = os.path.join(work, "flood")
os.makedirs(flood)
with open(os.path.join(flood, "公示数据.csv"), "w", encoding="utf-8") as out:
    out.write("编号,年份,项目,指标,数值,单位,说明,来源\n" + "CL01,二三年,补贴,金额,一百,万元,,\n" * 1000)
with open(os.path.join(flood, "公告.csv"), "w", encoding="utf-8") as out:
    out.write("标题,内容,开始日期,结束日期,类别\n停电,明天停电,,,别的\n")
code, result, _ = update(data, flood, "--check")
rest = result["errors"].pop()
ok(code == 65 and {e["file"] for e in result["errors"]} == {"公示数据.csv", "公告.csv"} and
   (rest["file"], rest["row"]) == ("", 0) and f"还有 {3001 - len(result['errors'])} 处" in rest["message"] and rest["remedy"],
   "more errors than are listed", (len(result["errors"]), rest))

# ---- some of the sheets ----
one = os.path.join(work, "one")
os.makedirs(one)
shutil.copy(os.path.join(STARTER, "公告.csv"), one)
with open(os.path.join(one, "公告.csv"), "a", encoding="utf-8") as out:
    out.write("停电通知,明天上午停电检修。,2024-01-01,2024-01-02,社区生活\n")
code, result, _ = update(data, os.path.join(one, "公告.csv"), "--yes")
rows = {s["name"]: s["rows"] for s in status(data)["sheets"]}
ok(code == 0 and result["diff"] == {"added": 1, "changed": 0, "removed": 0} and rows["公告.csv"] == 9 and rows["事项.csv"] == 54,
   "one sheet replaces that one alone", (result, rows))
code, result, _ = update(os.path.join(work, "d2"), one, "--yes", "--fresh")
rows = {s["name"]: s["rows"] for s in status(os.path.join(work, "d2"))["sheets"]}
ok(code == 0 and rows == {"公告.csv": 9}, "--fresh starts from blank tables", (result, rows))

# ---- personal records ----
person = os.path.join(work, "person")
os.makedirs(person)
with open(os.path.join(person, "个人补贴.csv"), "w", encoding="utf-8") as out:
    out.write("身份证号,姓名,手机号,项目,期间,金额,状态,发放日期,备注\n"
              "999999199001011238,王小明,15400000001,CL01,2023,1.00,已发放,2023-12-31,示例数据\n")
code, result, _ = update(data, person, "--yes")
ok(code == 0 and "暂不发布" in json.dumps(result, ensure_ascii=False), "personal records are checked, not published", result)
grep = subprocess.run(["grep", "-rl", "999999199001011238", data], capture_output=True)
ok(grep.returncode == 1, "and leave no trace in the data folder", grep.stdout)

# ---- what is no sheet, wrong usage ----
empty = os.path.join(work, "empty")
os.makedirs(empty)
for name, folder, exit_status in (("a folder without sheets", empty, 65), ("no such folder", os.path.join(work, "nothing"), 66)):
    code, result, _ = update(data, folder, "--yes")
    ok(code == exit_status and result["errors"][0]["remedy"], f"{name}: {exit_status}, and what to do", result)
ok(run(data, "update").returncode == 64, "no path: 64")
ok(run(data, "update", changed).returncode == 64, "no terminal and no --yes: 64")
ok(run(data, "update", changed, "--bogus").returncode == 64, "unknown option: 64")

readonly = os.path.join(work, "readonly")
os.makedirs(readonly)
os.chmod(readonly, 0o500)
ok(update(readonly, changed, "--check")[0] == 0 and os.listdir(readonly) == [], "--check where nothing may be written")


# ---- status in plain words ----
missing = os.path.join(work, "missing")
ok("（还没有这个文件夹）" in run(missing, "status").stdout, "status: the folder is not there yet", run(missing, "status"))
said = run(data, "status").stdout
ok("还没有这个文件夹" not in said and "发布（今天）" in said, "status: published today", said)

# ---- somebody without the right ----
os.chmod(work, 0o755)
stranger = shutil.copy(BIANMIN, os.path.join(work, "bianmin"))
as_nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


def run_stranger(folder, *args):
    return subprocess.run([stranger, "--data", folder, *args], capture_output=True, text=True, env=ENV,
                          stdin=subprocess.DEVNULL, cwd="/", **as_nobody)


locked = os.path.join(work, "locked")
for edition in (changed, sheets("locked-two", edit=swap("公告.csv", "。", "！"))):
    assert update(locked, edition, "--yes")[0] == 0
for folder in (locked, os.path.join(locked, "content")):
    os.chmod(folder, 0o555)
for name, args in (("update", ("update", changed, "--yes")), ("rollback", ("rollback",)), ("rollback 0", ("rollback", "0")),
                   ("export", ("export", os.path.join(locked, "out")))):
    done = run_stranger(locked, *args)
    ok(done.returncode == 77 and "没有权限" in done.stderr and "写明" not in done.stderr,
       "%s without the right to write: 77" % name, done)
done = run_stranger(os.path.join(locked, "new"), "update", changed, "--yes")
ok(done.returncode == 77 and "没有权限" in done.stderr, "update where no folder can be made: 77", done)
for path in (os.path.join(locked, "content", "content-000002.db"), os.path.join(locked, "content"), locked):
    os.chmod(path, 0)
    done = run_stranger(locked, "status")
    ok("没有权限" in done.stderr and "重新更新" not in done.stderr, "status, %s unreadable" % os.path.basename(path), done)
    ok(run_stranger(locked, "rollback").returncode == 77, "rollback, the same: 77")
    os.chmod(path, 0o755)
secret = sheets("secret")
os.chmod(os.path.join(secret, "公告.csv"), 0)
done = run_stranger(os.path.join(work, "none"), "update", secret, "--check")
ok(done.returncode == 65 and "没有权限读" in done.stderr and "Permission" not in done.stderr, "a sheet that may not be read", done)

# ---- a new everyday word works at once ----
words = os.path.join(work, "words")
taught = os.path.join(work, "taught")
os.makedirs(words)


def first(question):
    answer = json.loads(run(taught, "ask", "--json", question).stdout)
    return answer["outcome"], [a["code"] for a in answer["answers"]][:1]


lexicon = open(os.path.join(STARTER, "俗语.csv"), encoding="utf-8").read()
for word, code in (("咕噜板", "CL04"), ("鸠鸠费", "YL01")):
    ok(first("我要" + word)[0] != "answer", "%s is not known" % word, first("我要" + word))
    lexicon += "%s,%s,教的词\n" % (word, code)
    with open(os.path.join(words, "俗语.csv"), "w", encoding="utf-8") as out:
        out.write(lexicon)
    ok(update(taught, words, "--yes")[0] == 0, "%s is published" % word)
    ok(first("我要" + word) == ("answer", [code]), "%s means %s at once" % (word, code), first("我要" + word))
explained = run(taught, "ask", "--explain", "我要咕噜板").stdout
ok("名称“咕噜板”（照写）" in explained, "… and --explain names it", explained)

# ---- the questions on a terminal ----
def on_terminal(data, path, answers):
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(BIANMIN, [BIANMIN, "--data", data, "update", path], ENV)
    os.write(fd, answers.encode())
    output = b""
    while True:
        try:
            piece = os.read(fd, 4096)
        except OSError:
            break
        if not piece:
            break
        output += piece
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output.decode("utf-8", "replace")


asked = os.path.join(work, "asked")
code, output = on_terminal(asked, changed, "n\n")
ok("没有发布" in output and status(asked)["generation"] == 0, "no: nothing is published", output)
code, output = on_terminal(asked, changed, "y\n")
ok(code == 0 and "已发布第 1 版" in output, "yes: published", output)
phones = sheets("phones", edit=swap("事项.csv", "12345;12385", "12385"))
code, output = on_terminal(asked, phones, "y\nn\n")
ok("没有发布" in output and "电话" in output and status(asked)["generation"] == 1, "a changed phone is asked for twice", output)
code, output = on_terminal(asked, phones, "y\ny\n")
ok(code == 0 and status(asked)["generation"] == 2, "and published after the second yes", output)

print("1..%d" % number)
shutil.rmtree(work)
