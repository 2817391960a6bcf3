#!/usr/bin/python3
"""Writes tpdu_vectors.tsv: PDUs made or read by gammu (package python3-gammu), an implementation that is
not ours. Run it only to make the table anew; the tests read the table.

Columns: name, hex, then "error", or kind smsc number dcs alphabet scts ref total seq text, the text as
a JSON string; "-" where there is none."""
import datetime
import json
import os
import sys

import gammu

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_modem import deliver_pdu, report_pdu, swap  # noqa: E402

SMSC = "+8613800571500"
ROWS = []


def out(name, hexa, *fields):
    ROWS.append("\t".join([name, hexa.upper()] + ["-" if f is None else str(f) for f in fields]))


def error(name, hexa):
    out(name, hexa, "error")


TEXTS = [
    ("chinese", "低保怎么办", 8), ("seventy", "残" * 70, 8), ("code", "CL01", 0),
    ("digit", "1", 0), ("empty", "", 0), ("160", "a" * 160, 0), ("extension", "{[~]}\\|^€", 0),
    ("at", "@@@", 0), ("greek", "ΔΦΓΛΩΠΨΣΘΞ", 0), ("german", "äöüÄÖÜß§", 0), ("mixed", "办CL01吗", 8),
    ("emoji", "谢谢😀", 8), ("rare", "𠮷野家", 8), ("lines", "一\n二", 8), ("punctuation", "？！，。", 8),
    ("fullwidth", "ＣＬ０１", 8), ("seven", "abcdefg", 0), ("eight", "abcdefgh", 0),
    ("quote", '"x",1\r\n', 0), ("euro", "12€", 0),
]
NUMBERS = ["+8615400000001", "15400000002", "10086", "+861540000000", "106575000001"]


def coding(dcs):
    return "Unicode_No_Compression" if dcs == 8 else "Default_No_Compression"


def from_gammu():
    for name, text, dcs in TEXTS:
        for number in NUMBERS:
            sms = {"SMSC": {"Number": SMSC}, "Number": number, "Text": text, "Coding": coding(dcs),
                   "DateTime": datetime.datetime(2026, 3, 5, 9, 10, 11), "Class": -1, "Folder": 1,
                   "Type": "Submit", "UDH": {"Type": "NoUDH", "Text": b"", "ID8bit": 0, "ID16bit": 0,
                           "PartNumber": -1, "AllParts": 0}}
            try:
                pdu = gammu.EncodePDU(sms, "Submit").hex()
            except (gammu.GSMError, ValueError) as reason:
                print("left out", name, number, reason, file=sys.stderr)
                continue
            out("submit %s %s" % (name, number), pdu, "submit", SMSC, number, dcs,
                "ucs2" if dcs == 8 else "gsm7", None, None, None, None,
                json.dumps(text.replace("\r\n", "\n"), ensure_ascii=False))


def read_by_gammu(name, hexa, **known):
    """A DELIVER that gammu and we must read alike."""
    sms = gammu.DecodePDU(bytes.fromhex(hexa), True)
    t = sms["DateTime"]
    text = sms["Text"] if isinstance(sms["Text"], str) else ""
    alphabet = {"D": "gsm7", "U": "ucs2", "8": "8bit"}[sms["Coding"][0]]
    total = sms["UDH"]["AllParts"]
    is_part = total > 0
    ref = sms["UDH"]["ID16bit"] if sms["UDH"]["ID16bit"] > 0 and known.get("wide") else \
        sms["UDH"]["ID8bit"]
    out(name, hexa, "deliver", sms["SMSC"]["Number"], sms["Number"], known.get("dcs"), alphabet,
        t.strftime("%Y-%m-%dT%H:%M:%S") + "+08:00", ref if is_part else None,
        total if is_part else None, sms["UDH"]["PartNumber"] if is_part else None,
        json.dumps(known.get("text", text), ensure_ascii=False))


def deliveries():
    when = 1772673011  # 2026-03-05 09:10:11 +0800
    for name, text, dcs in TEXTS:
        if any(c in text for c in "{[~]}\\|^€\r"):
            continue
        for number in NUMBERS[:3]:
            read_by_gammu("deliver %s %s" % (name, number),
                          deliver_pdu(number, text, when + len(ROWS), dcs=dcs), dcs=dcs)
    for seq in (1, 2, 3):
        read_by_gammu("part %d ucs2" % seq,
                      deliver_pdu(NUMBERS[0], "保" * 67, when, ref=201, total=3, seq=seq), dcs=8)
        read_by_gammu("part %d gsm7" % seq,
                      deliver_pdu(NUMBERS[0], "b" * 153, when, ref=7, total=3, seq=seq, dcs=0), dcs=0)
        read_by_gammu("part %d 16 bit" % seq,
                      deliver_pdu(NUMBERS[0], "保" * 66, when,
                                  header=bytes([8, 4, 0x12, 0x34, 3, seq])), dcs=8, wide=True)
    for name, header in (("unknown element", bytes([0x70, 2, 1, 2])),
                         ("no elements", b""),
                         ("a part of none", bytes([0, 3, 9, 0, 0])),
                         ("a part beyond the last", bytes([0, 3, 9, 2, 3])),
                         ("element of a wrong length", bytes([0, 2, 9, 2]))):
        out(name, deliver_pdu(NUMBERS[0], "保", when, header=header), "deliver", SMSC, NUMBERS[0], 8,
            "ucs2", "2026-03-05T09:10:11+08:00", None, None, None, '"保"')
    for letters in ("ChinaMobile", "Rui'an", "A"):
        out("letters %s" % letters, deliver_pdu(letters, "x", when), "deliver", SMSC, letters, 0, "gsm7",
            "2026-03-05T09:10:11+08:00", None, None, None, '"x"')
    out("to a port", deliver_pdu(NUMBERS[0], b"\x01\x02", when,
                                 header=bytes([5, 4, 0x0b, 0x84, 0x23, 0xf0])),
        "deliver", SMSC, NUMBERS[0], 4, "8bit", "2026-03-05T09:10:11+08:00", None, None, None, '""')


# TS 23.038 §4: data coding → alphabet
CODINGS = {0x00: "gsm7", 0x01: "gsm7", 0x04: "8bit", 0x08: "ucs2", 0x0C: "gsm7", 0x10: "gsm7",
           0x11: "gsm7", 0x14: "8bit", 0x18: "ucs2", 0x19: "ucs2", 0x1A: "ucs2", 0x40: "gsm7",
           0x48: "ucs2", 0x58: "ucs2", 0x80: "gsm7", 0x90: "gsm7", 0xA0: "gsm7", 0xB0: "gsm7",
           0xC0: "gsm7", 0xC8: "gsm7", 0xD0: "gsm7", 0xD8: "gsm7", 0xE0: "ucs2", 0xE8: "ucs2",
           0xF0: "gsm7", 0xF1: "gsm7", 0xF4: "8bit", 0xF5: "8bit"}


def codings():
    for dcs, alphabet in CODINGS.items():
        body = {"gsm7": ("04", "D4F29C0E", '"Test"'), "ucs2": ("04", "4F4E4FDD", '"低保"'),
                "8bit": ("03", "010203", '""')}[alphabet]
        out("coding %02X" % dcs, "00040591" + swap("10086") +
            "00%02X" % dcs + "62305090011123" + body[0] + body[1], "deliver", "", "+10086", dcs,
            alphabet, "2026-03-05T09:10:11+08:00", None, None, None, body[2])


def times():
    for stamp_hex, text in (("62305090011123", "2026-03-05T09:10:11+08:00"),
                            ("62305090011100", "2026-03-05T09:10:11+00:00"),
                            ("6230509001112B", "2026-03-05T09:10:11-08:00"),
                            ("99213132959500", "1999-12-13T23:59:59+00:00"),
                            ("00000000000000", None), ("62315090011123", None),
                            ("FFFFFFFFFFFFFF", None), ("62302390011123", None)):
        out("time %s" % stamp_hex, "00040581" + swap("10086") + "0000" +
            stamp_hex + "0131", "deliver", "", "10086", 0, "gsm7", text, None, None, None, '"1"')


def validity():
    for first, octets in (("01", ""), ("11", "A7"), ("09", "01000000000000"), ("19", "62305090011123")):
        out("validity %s" % first, "00" + first + "2A0B81" + swap("15400000001") + "0000" + octets +
            "0131", "submit", "", "15400000001", 0, "gsm7", None, None, None, None, '"1"')


def reports():
    for status in (0, 1, 2, 0x1F, 0x20, 0x30, 0x41, 0x46, 0x60, 0xFF):
        hexa = report_pdu(NUMBERS[0], 42, 1772673011, status)
        out("report %02X" % status, hexa, "status-report", SMSC, NUMBERS[0], 0, "gsm7",
            "2026-03-05T09:10:11+08:00", None, None, None, '""')
    out("report with more", report_pdu(NUMBERS[0], 42, 1772673011) + "070008044F4E4FDD",
        "status-report", SMSC, NUMBERS[0], 8, "ucs2", "2026-03-05T09:10:11+08:00", None, None, None,
        '"低保"')


def surrogates():
    base = "0004" + "0581" + swap("10086") + "0008" + "62305090011123"
    for name, units, text in (("pair", "D83DDE00", "😀"), ("high alone", "D83D", "\ufffd"),
                              ("low alone", "DE00", "\ufffd"), ("turned", "DE00D83D", "\ufffd\ufffd"),
                              ("half a unit", "4F4E4F", "低"), ("nul", "00004F4E", " 低"),
                              ("control", "00074F4E", " 低")):
        out("surrogates: " + name, base + "%02X" % (len(units) // 2) + units, "deliver", "", "10086", 8,
            "ucs2", "2026-03-05T09:10:11+08:00", None, None, None,
            json.dumps(text, ensure_ascii=False))


def damage():
    whole = deliver_pdu(NUMBERS[0], "低保怎么办", 1772673011)
    submit = "0011000B81" + swap("15400000001") + "0008AA044F4E4FDD"
    report = report_pdu(NUMBERS[0], 42, 1772673011)
    for name, hexa in (("deliver", whole), ("submit", submit), ("report", report)):
        for cut in range(2, len(hexa), 6 if name == "deliver" else 4):
            error("%s cut after %d" % (name, cut // 2), hexa[:cut])
    error("deliver with an octet more", whole + "00")
    error("submit with two octets more", submit + "0000")
    error("half an octet", whole[:-1])
    error("no hex", whole[:20] + "G" + whole[21:])
    error("a space within", whole[:20] + " " + whole[21:])
    error("reserved type", "000705" + "81" + swap("10086") + "0000623050900111230131")
    error("a number of 21 digits", "00041591" + "11" * 11 + "0000623050900111230131")
    error("service centre of 200 octets", "C8" + "91" * 30)
    error("septets beyond 160", "00040581" + swap("10086") + "000062305090011123" + "A1" + "41" * 141)
    error("octets beyond 140", "00040581" + swap("10086") + "000862305090011123" + "8E" + "41" * 142)
    error("header beyond the data", "00440581" + swap("10086") + "000862305090011123" + "03" + "050003")
    error("element beyond the header", "00440581" + swap("10086") + "000862305090011123" + "06" +
          "040009010203"[:12])
    error("header of half an element", "00440581" + swap("10086") + "000862305090011123" + "04" +
          "01004F4E")
    error("the service centre alone", "0891683108501705F0")
    error("too long", "00" * 200)
    error("zero", "00")


if __name__ == "__main__":
    for part in (from_gammu, deliveries, codings, times, validity, reports, surrogates, damage):
        part()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tpdu_vectors.tsv")
    with open(path, "w") as file:
        file.write("\n".join(ROWS) + "\n")
    print(len(ROWS), "rows")
