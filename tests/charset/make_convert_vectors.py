#!/usr/bin/env python3
"""Known answers for convert_test.c, from Python's codecs: an implementation independent of iconv.

Writes convert_vectors.tsv beside itself: the source encoding, the target, the octets (hex), then either
the result (hex) and "-", or what was converted before the first fault and its offset. Lines that begin
with "digest" hold the SHA-256 over a whole space of characters. Run it by hand; the result is checked in.

One rule is ours: a single octet 0x80 is U+20AC, as Windows writes it into GBK.
"""
import hashlib
import os
import random

EURO = "\u20ac"


def decode(charset, octets):
    """Text, and the offset of the first fault or None."""
    text, start = "", 0
    while True:
        try:
            return text + octets[start:].decode(charset), None
        except UnicodeDecodeError as error:
            fault = start + error.start
            text += octets[start:fault].decode(charset)
            if charset.startswith("gb") and octets[fault] == 0x80:
                text += EURO
                start = fault + 1
                continue
            return text, fault


def encode(text, charset):
    if charset == "gbk":
        return b"".join(b"\x80" if ch == EURO else ch.encode("gbk") for ch in text)
    return text.encode(charset)


def convert(source, target, octets):
    text, fault = decode(source, octets)
    for i, ch in enumerate(text):
        try:
            encode(ch, target)
        except UnicodeEncodeError:
            before = text[:i]
            return encode(before, target), source_len(source, octets, i)
    return encode(text, target), fault


def source_len(source, octets, count):
    """Octets of the first `count` characters."""
    for n in range(len(octets) + 1):
        text, fault = decode(source, octets[:n])
        if fault is None and len(text) == count:
            return n
    raise AssertionError


def digest(lines):
    sum_ = hashlib.sha256()
    for line in lines:
        sum_.update(line + b"\n")
    return sum_.hexdigest()


def gb_forms(charset):
    """Every one-, two- and four-octet form, as convert_test.c walks them."""
    for a in range(256):
        yield bytes([a])
    for a in range(0x81, 0xFF):
        for b in range(256):
            yield bytes([a, b])
    if charset == "gb18030":
        for a in range(0x81, 0xFF):
            for b in range(0x30, 0x3A):
                for c in range(0x81, 0xFF):
                    for d in range(0x30, 0x3A):
                        yield bytes([a, b, c, d])


def decoded_lines(charset):
    for form in gb_forms(charset):
        text, fault = decode(charset, form)
        yield b"!%d" % fault if fault is not None else text.encode()


def encoded_lines(charset):
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000:
            try:
                yield encode(chr(code), charset)
            except UnicodeEncodeError:
                yield b"!"


CELLS = "a6d9 a6df a6ec a6ed a6f3 a8bc fe51 fe53 fe59 fe61 fe66 fe67 fe6c fe6d fe76 fe7e fe90 fe91 fea0 " \
    "8135f437 82359037 82359039 82359130 82359134 84318236 84318239 84318330 84318335 95329031 95329033 " \
    "95329730 9536b937 9630ba35 9635b630"
GB18030_ROWS = CELLS + """ 80 8080 4180 b2d080 a2e3 aaa1 affe f8a1 fefe a140 a7a0 81308130 8130a339 8431a439
    8431a530 84319533 8432fe39 8f39fe39 90308130 e3329a35 e3329a36 fe39fe39 ff b2 b2d0c0 b2ff b27f b220 8130
    813081 81308120 81303030 81208130 8130ff30 81 c4e3bac3 c4e3bac3ff c4e3ba c4e3bac38130"""
UTF8_ROWS = """e4bda0e5a5bd efbbbf41 c080 c1bf e08080 e0a080 eda080 edbfbf ee8080 f0808080 f0908080 f48fbfbf
    f4908080 f5808080 f888808080 fc8480808080 fe ff 80 bf c3 e4 e4bd f0 f09f f09f98 e4bd41 e4e4bda0
    41e4bda000e5a5bd00c3 c341 f09f9841 eda0 eda041 f490 e080 00 41ff edb080 f3a08081"""
UTF16LE_ROWS = """604f7d59 fffe4100 40d887dc 40d8 00dc 40d841 40d84100 00dc40d8 40d840d887dc 41 4100c0 ffff
    00e0 0000 4100ffdf"""


def rows():
    for hex_ in GB18030_ROWS.split():
        yield "gb18030", "utf-8", bytes.fromhex(hex_)
        yield "gbk", "utf-8", bytes.fromhex(hex_)
    for hex_ in UTF8_ROWS.split():
        for target in "utf-8", "gb18030", "utf-16le", "gbk":
            yield "utf-8", target, bytes.fromhex(hex_)
    for hex_ in UTF16LE_ROWS.split():
        octets = bytes.fromhex(hex_)
        swapped = b"".join(bytes(reversed(octets[i:i + 2])) for i in range(0, len(octets), 2))
        for target in "utf-8", "gb18030", "gbk":
            yield "utf-16le", target, octets
            yield "utf-16be", target, swapped
    for hex_ in CELLS.split():
        yield "utf-8", "gb18030", bytes.fromhex(hex_).decode("gb18030").encode()


POOL = "残疾人补贴公租房，。！一丁七ABC09\n\r,·—ḿ\ue7c7\ue816\u9fb4\ufe10隆€\0\x7f\x80\xff\U00020087\U0010ffff"


def mutations(rand, count):
    names = {"utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
    for _ in range(count):
        source = rand.choice(["utf-8", "gbk", "gb18030", "gb18030", "utf-16le", "utf-16be"])
        target = rand.choice(["utf-8", "utf-8", "gbk", "gb18030", "utf-16le", "utf-16be"])
        text = "".join(rand.choice(POOL) for _ in range(rand.randrange(1, 10)))
        octets = bytearray(text.encode(names.get(source, source), "ignore"))
        for _ in range(rand.randrange(3)):
            at = rand.randrange(len(octets) + 1)
            kind = rand.randrange(4)
            if kind == 0:
                octets.insert(at, rand.choice([0x80, 0x81, 0xFF, 0xFE, 0x30, 0x39, 0xD8, 0xDC, 0xED, 0xF4]))
            elif kind == 1:
                octets[at:at + 1] = bytes([rand.randrange(256)])
            elif kind == 2:
                del octets[at:at + 1]
            else:
                del octets[at:]
        yield source, target, bytes(octets)


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "convert_vectors.tsv")
    with open(path, "w", encoding="ascii") as file:
        for charset in "gbk", "gb18030":
            print("digest", charset, "decode", digest(decoded_lines(charset)), sep="\t", file=file)
            print("digest", charset, "encode", digest(encoded_lines(charset)), sep="\t", file=file)
        for source, target, octets in [*rows(), *mutations(random.Random(20240618), 1500)]:
            result, fault = convert(source, target, octets)
            print(source, target, octets.hex() or "-", result.hex() or "-", "-" if fault is None else fault,
                  sep="\t", file=file)


if __name__ == "__main__":
    main()
