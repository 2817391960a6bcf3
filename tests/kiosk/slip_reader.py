#!/usr/bin/python3
"""Reads what was sent to a thermal printer: slip_reader.py [--cells 32] [--pbm FILE] FILE
Prints the lines with their size, QR codes, pictures and the cut; what is no known command, and a line
that overflows the paper, is a fault (exit status 1). As a module: read(octets, cells) → Slip."""
import argparse
import sys
from dataclasses import dataclass, field

GS_K_STORE, GS_K_PRINT = 0x50, 0x51


@dataclass
class Slip:
    lines: list = field(default_factory=list)     # (text, factor): factor 2 is twice as large
    bold: list = field(default_factory=list)      # texts in bold
    qr: list = field(default_factory=list)        # what GS ( k codes say
    pictures: list = field(default_factory=list)  # (dots wide, rows, octets)
    cuts: int = 0
    is_initialized: bool = False
    faults: list = field(default_factory=list)

    @property
    def text(self):
        return "\n".join(line for line, _ in self.lines)


class Reader:
    def __init__(self, octets, cells):
        self.octets, self.at, self.cells, self.slip = octets, 0, cells, Slip()
        self.line, self.factor, self.is_bold, self.is_chinese, self.stored = "", 1, False, False, None

    def take(self, count):
        part = self.octets[self.at:self.at + count]
        if len(part) < count:
            raise EOFError(f"ends within a command at octet {self.at}")
        self.at += count
        return part

    def end_line(self):
        used = sum(1 if ch < "\x80" else 2 for ch in self.line) * self.factor
        if used > self.cells:
            self.slip.faults.append(f"{used} cells, the paper has {self.cells}: {self.line}")
        self.slip.lines.append((self.line, self.factor))
        self.line = ""

    def character(self, first):
        if first < 0x80:
            text = chr(first)
        else:
            pair = bytes([first]) + self.take(1)
            text = pair.decode("gbk", "replace") if self.is_chinese else "\ufffd"
            if len(text) != 1 or text == "\ufffd":
                self.slip.faults.append(f"no character of GBK: {pair.hex()}")
        if self.is_bold:
            self.slip.bold[-1] += text
        self.line += text

    def qr_command(self):
        size = int.from_bytes(self.take(2), "little")
        body = self.take(size)
        if body[1] == GS_K_STORE:
            self.stored = body[3:].decode()
        elif body[1] == GS_K_PRINT:
            self.slip.qr.append(self.stored)

    def picture(self):
        _, wide, rows = self.take(1), int.from_bytes(self.take(2), "little"), int.from_bytes(self.take(2), "little")
        if wide * 8 > self.cells * 12:
            self.slip.faults.append(f"a picture of {wide * 8} dots, the paper has {self.cells * 12}")
        self.slip.pictures.append((wide * 8, rows, self.take(wide * rows)))

    def command(self, name):
        slip = self.slip
        if name == b"\x1b@":
            slip.is_initialized, self.factor, self.is_bold = True, 1, False
        elif name == b"\x1c&":
            self.is_chinese = True
        elif name == b"\x1bE":
            self.is_bold = self.take(1) == b"\x01"
            if self.is_bold:
                slip.bold.append("")
        elif name == b"\x1ba":
            self.take(1)
        elif name == b"\x1bd":
            slip.lines += [("", 1)] * self.take(1)[0]
        elif name == b"\x1d!":
            self.factor = (self.take(1)[0] >> 4) + 1
        elif name == b"\x1d(" and self.take(1) == b"k":
            self.qr_command()
        elif name == b"\x1dv" and self.take(1) == b"0":
            self.picture()
        elif name == b"\x1dV" and self.take(1) == b"B":
            self.take(1)
            slip.cuts += 1
        else:
            slip.faults.append(f"unknown command {name.hex()} at octet {self.at - 2}")

    def run(self):
        try:
            while self.at < len(self.octets):
                octet = self.take(1)[0]
                if octet in (0x1b, 0x1c, 0x1d):
                    self.command(bytes([octet]) + self.take(1))
                elif octet == 0x10:  # DLE EOT n: asks for the state, prints nothing
                    if self.take(2)[:1] != b"\x04":
                        self.slip.faults.append(f"unknown real-time command at octet {self.at - 3}")
                elif octet == 0x0a:
                    self.end_line()
                elif octet < 0x20 or octet == 0x7f:
                    self.slip.faults.append(f"control character {octet:02x} at octet {self.at - 1}")
                else:
                    self.character(octet)
        except EOFError as error:
            self.slip.faults.append(str(error))
        if self.line:
            self.slip.faults.append(f"the last line is not ended: {self.line}")
        return self.slip


def read(octets, cells=32):
    return Reader(octets, cells).run()


def write_pbm(picture, path):
    """Portable bitmap: the same rows of octets, 1 black."""
    wide, rows, octets = picture
    with open(path, "wb") as out:
        out.write(b"P4 %d %d\n" % (wide, rows) + octets)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--cells", type=int, default=32, help="32 for 58 mm, 48 for 80 mm")
    parser.add_argument("--pbm", help="write the first picture there")
    options = parser.parse_args()
    with open(options.file, "rb") as source:
        slip = read(source.read(), options.cells)
    for line, factor in slip.lines:
        print(f"{'=' if factor > 1 else ' '} {line}")
    for text in slip.qr:
        print(f"# qr {text}")
    for wide, rows, _ in slip.pictures:
        print(f"# picture {wide}x{rows}")
    print(f"# bold {slip.bold}\n# cuts {slip.cuts}")
    for fault in slip.faults:
        print(f"! {fault}")
    if options.pbm and slip.pictures:
        write_pbm(slip.pictures[0], options.pbm)
    return 1 if slip.faults else 0


if __name__ == "__main__":
    sys.exit(main())
