#!/usr/bin/env python3
"""`bianmin convert` from outside, against Python's codecs. BIANMIN names the program. Prints TAP."""
import json
import os
import random
import subprocess
import sys
import tempfile

BIANMIN = os.environ["BIANMIN"]
NAMES = {"utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
TEXT = "残疾人补贴，1,200元\r\n·—€①ḿ龴︐\ue816𠂇\U0010ffff一丁七"


def run(*arguments, stdin=b""):
    done = subprocess.run([BIANMIN, "convert", *arguments], input=stdin, capture_output=True, timeout=60,
                          env={**os.environ, "LANG": "C.UTF-8"})
    return done.returncode, done.stdout, done.stderr.decode()


def run_json(*arguments, stdin=b""):
    status, out, errors = run("--json", *arguments, stdin=stdin)
    assert out.endswith(b"\n") and out.count(b"\n") == 1, out
    answer = json.loads(out)
    assert answer["ok"] == (status == 0), (status, answer)
    assert (answer["fault"] is None) == answer["ok"], answer
    assert not errors, errors
    return status, answer


def expect(octets, charset):
    """Text and offset of the first fault; 0x80 is the euro sign."""
    text, start = "", 0
    while True:
        try:
            return text + octets[start:].decode(NAMES.get(charset, charset)), None
        except UnicodeDecodeError as error:
            fault = start + error.start
            text += octets[start:fault].decode(NAMES.get(charset, charset))
            if not charset.startswith("gb") or octets[fault] != 0x80:
                return text, fault
            text, start = text + "€", fault + 1


def check(charset, octets):
    text, fault = expect(octets, charset)
    status, answer = run_json("--from", charset, stdin=octets)
    got = answer["fault"] and answer["fault"]["offset"]
    assert (answer["text"], got) == (text, fault), (charset, octets.hex(), answer, text, fault)
    assert status == (0 if fault is None else 65)
    assert answer["characters"] == len(text)
    assert answer["octets"] == (len(octets) if fault is None else fault)
    if fault is not None:
        assert octets[fault:].hex().startswith(answer["fault"]["octets"]), answer


def test_vectors():
    gb = """80 8080 4180 b2d080 a2e3 aaa1 affe f8a1 fefe a140 a7a0 a6d9 a8bc fe51 fe59 fe90 fea0 8135f437 82359037
        82359134 84318236 84318335 95329031 81308130 8130a339 8431a439 8431a530 8432fe39 8f39fe39 90308130
        e3329a35 e3329a36 fe39fe39 ff b2 b2d0c0 b2ff b27f b220 8130 813081 81308120 81303030 81208130 8130ff30"""
    for row in gb.split():
        check("gb18030", bytes.fromhex(row))
        check("gbk", bytes.fromhex(row))
    for row in """c080 c1bf e08080 eda080 edbfbf f0808080 f48fbfbf f4908080 f5808080 f888808080 fc8480808080
            fe ff 80 bf c3 e4 e4bd f09f98 e4bd41 41e4bda000e5a5bd00c3 eda0 f490""".split():
        check("utf-8", bytes.fromhex(row))
    for row in "604f7d59 40d887dc 40d8 00dc 40d841 40d84100 4100c0 ffff 0000 00e0".split():
        check("utf-16le", bytes.fromhex(row))


def test_damage():
    rand = random.Random(7)
    for charset in "gb18030", "gb18030", "utf-8", "utf-16le", "utf-16be":
        for _ in range(40):
            octets = bytearray("".join(rand.sample(TEXT, 8)).encode(NAMES.get(charset, charset)))
            kind, at = rand.randrange(4), rand.randrange(len(octets))
            if kind == 0:
                octets[at] = rand.randrange(256)
            elif kind == 1:
                del octets[at]
            elif kind == 2:
                del octets[at:]
            else:
                octets.insert(at, rand.choice([0x80, 0x81, 0xFF, 0x30, 0xD8, 0xDC]))
            if octets[:2] not in (b"\xff\xfe", b"\xfe\xff"):
                check(charset, bytes(octets))


def test_detection():
    for charset, bom in (("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("gb18030", b""),
                         ("gb18030", b"\x84\x31\x95\x33"), ("utf-16le", b"\xff\xfe"), ("utf-16be", b"\xfe\xff"),
                         ("utf-16le", b""), ("utf-16be", b"")):
        octets = bom + TEXT.encode(NAMES.get(charset, charset))
        status, answer = run_json(stdin=octets)
        assert (status, answer["from"], answer["detected"], answer["bom"], answer["text"]) == \
            (0, charset, True, bool(bom), TEXT), answer
        assert answer["private_use"] == 1 and answer["octets"] == len(octets), answer
    for charset, octets in (("utf-16le", b"\xff\xfe\x8bk"), ("utf-16be", b"\xfe\xffk\x8b"), ("utf-16le", b"\x8bk"),
                            ("utf-16be", b"\0a\0,")):
        status, answer = run_json("--from", "utf-16", stdin=octets)
        assert (status, answer["from"]) == (0, charset), answer
    status, answer = run_json(stdin=b"\xff\xff\xff")
    assert (status, answer["from"], answer["text"]) == (65, None, ""), answer
    status, answer = run_json("--from", "utf-8", stdin=b"\xef\xbb\xbfa\xff")
    assert answer["bom"] and answer["fault"]["offset"] == 4, answer


def test_targets():
    for source in "utf-8", "gb18030", "utf-16le", "utf-16be":
        for target in "utf-8", "gb18030", "utf-16le", "utf-16be":
            status, out, _ = run("--from", source, "--to", target, stdin=TEXT.encode(NAMES.get(source, source)))
            assert (status, out) == (0, TEXT.encode(NAMES.get(target, target))), (source, target)


def test_unrepresentable():
    status, out, errors = run("--to", "gbk", stdin="残𠂇€ḿ".encode())
    assert (status, out) == (65, b"\xb2\xd0?\x80?"), out
    assert "U+20087" in errors and "U+1E3F" in errors and "第 3 字节" in errors, errors
    status, answer = run_json("--to", "gbk", stdin="残𠂇€ḿ".encode())
    assert answer["text"] == "残𠂇€ḿ" and answer["fault"]["kind"] == "unrepresentable", answer
    assert [(u["offset"], u["codepoint"], u["character"]) for u in answer["unrepresentable"]] == \
        [(3, "U+20087", "𠂇"), (10, "U+1E3F", "ḿ")], answer
    status, answer = run_json("--to", "gbk", stdin="ḿ".encode() * 1000)
    assert (len(answer["unrepresentable"]), answer["unrepresentable_count"]) == (100, 1000)


def test_large():
    text = TEXT * 30000
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode("gb18030") + b"\xff")
        file.flush()
        status, out, errors = run("--from", "gb18030", file.name)
        assert status == 65 and out == text.encode() and f"第 {len(text.encode('gb18030'))} 字节" in errors
        file.seek(0)
        file.truncate(len(text.encode("gb18030")))
        for arguments, stdin in ((file.name,), b""), ((), text.encode("gb18030")):
            status, answer = run_json(*arguments, stdin=stdin)
            assert (status, answer["from"], answer["text"]) == (0, "gb18030", text)


def test_usage():
    for arguments, status in ((["--from", "utf9"], 64), (["--to", "auto"], 64), (["--jsn"], 64), (["a", "b"], 64),
                              (["/nonexistent"], 66), (["/"], 66), (["--help"], 0)):
        assert run(*arguments)[0] == status, arguments
    assert run("-", stdin=b"a,b") == (0, b"a,b", "bianmin: 编码是 utf-8\n")
    assert run("--from", "utf-8", stdin=b"") == (0, b"", "")
    assert run("--from", "UTF8", "--to", "cp936", stdin="€".encode()) == (0, b"\x80", "")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([BIANMIN, "convert"], input=b"a", stdout=full, stderr=subprocess.DEVNULL)
        assert done.returncode == 74


def main():
    tests = [value for name, value in globals().items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = False
    for i, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {i} {test.__name__}")
        except Exception as error:  # one failed test must not hide the others
            failed = True
            print(f"not ok {i} {test.__name__}\n# {type(error).__name__}: {str(error)[:2000]!r}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
