#!/usr/bin/env python3
"""A GSM modem on a pseudo-terminal, for tests and for trying the gateway without hardware.

    fake_modem.py [--profile E173] [--baud 9600] [--link PATH]

prints the path of its serial line. On stdin: "sms NUMBER TEXT", "hang SECONDS", "reboot",
"unplug SECONDS"; each message that the network accepts is printed.

It behaves as SIM800C, EC20, E173, TC35i and text-mode-only modems do: echo, prompt, stores of a
finite size (the network keeps what does not fit), unsolicited codes, delivery reports, the speed of
the line; and it has their faults, see class Faults. Its PDU code is its own, not the product's.
"""
import argparse
import heapq
import os
import pty
import random
import select
import sys
import termios
import threading
import time
import tty

# ---------------------------------------------------------------- PDUs

GSM7 = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")


def swap(digits):
    digits += "F" * (len(digits) % 2)
    return "".join(digits[i + 1] + digits[i] for i in range(0, len(digits), 2))


def pack7(septets, fill=0):
    bits = value = 0
    bits, value = fill, 0
    out = bytearray()
    for septet in septets:
        value |= septet << bits
        bits += 7
        while bits >= 8:
            out.append(value & 255)
            value >>= 8
            bits -= 8
    if bits:
        out.append(value & 255)
    return bytes(out)


def address(number):
    """Length, type and digits of an originating address; letters in the seven-bit alphabet."""
    digits = number.lstrip("+")
    if not digits.isdigit():
        packed = pack7([GSM7.index(c) for c in number])
        return "%02X%02X%s" % ((len(number) * 7 + 3) // 4, 0xD0, packed.hex().upper())
    return "%02X%02X%s" % (len(digits), 0x91 if number[0] == "+" else 0x81, swap(digits))


def stamp(when, quarters=32):
    t = time.gmtime(when + quarters * 900)
    return swap("%02d%02d%02d%02d%02d%02d%02d" % (t.tm_year % 100, t.tm_mon, t.tm_mday, t.tm_hour,
                                                 t.tm_min, t.tm_sec, quarters))


SMSC = "0891683108501705F0"


def deliver_pdu(sender, text, when, ref=None, total=1, seq=1, dcs=None, header=None, pid=0):
    """An SMS-DELIVER with its service centre, in hex."""
    udh = b""
    if header is not None:
        udh = bytes([len(header)]) + header
    elif total > 1:
        udh = bytes([5, 0, 3, ref & 255, total, seq])
    seven = isinstance(text, str) and (dcs == 0 or dcs is None and all(c in GSM7 and c != "\x1b" for c in text))
    first = 0x04 | (0x40 if udh else 0)
    if isinstance(text, bytes):
        dcs = 4 if dcs is None else dcs
        ud, udl = udh + text, len(udh) + len(text)
    elif seven:
        dcs = 0
        fill = (7 - len(udh) * 8 % 7) % 7
        septets = [GSM7.index(c) for c in text]
        ud = udh + pack7(septets, fill)
        udl = (len(udh) * 8 + 6) // 7 + len(septets)
    else:
        dcs = 8 if dcs is None else dcs
        ud = udh + text.encode("utf-16-be")
        udl = len(ud)
    return SMSC + "%02X%s%02X%02X%s%02X%s" % (first, address(sender), pid, dcs, stamp(when), udl,
                                              ud.hex().upper())


def report_pdu(number, mr, when, status=0):
    return SMSC + "06%02X%s%s%s%02X" % (mr, address(number), stamp(when), stamp(when), status)


def unpack7(octets, count, fill=0):
    value = int.from_bytes(octets, "little") >> fill
    return "".join(GSM7[(value >> (7 * i)) & 127] for i in range(count))


def read_submit(hexa):
    """What a SUBMIT says; ValueError if it is none."""
    octets = bytes.fromhex(hexa)
    at = 1 + octets[0]
    first = octets[at]
    if first & 3 != 1:
        raise ValueError("no SUBMIT")
    mr, digits, toa = octets[at + 1], octets[at + 2], octets[at + 3]
    at += 4
    number = "".join("%x%x" % (o & 15, o >> 4) for o in octets[at:at + (digits + 1) // 2])[:digits]
    at += (digits + 1) // 2
    dcs = octets[at + 1]
    at += 2 + {0: 0, 1: 7, 2: 1, 3: 7}[(first >> 3) & 3]
    udl, ud = octets[at], octets[at + 1:]
    ref, total, seq, header = 0, 1, 1, 0
    if first & 0x40:
        header = ud[0] + 1
        if ud[1] == 0:
            ref, total, seq = ud[3], ud[4], ud[5]
    if dcs & 0x0C == 8:
        if len(ud) != udl or len(ud) > 140:
            raise ValueError("TP-UDL")
        text = ud[header:].decode("utf-16-be")
    else:
        skipped = (header * 8 + 6) // 7
        if len(ud) != (udl * 7 + 7) // 8:
            raise ValueError("TP-UDL")
        text = unpack7(ud[header:], udl - skipped, (7 - header * 8 % 7) % 7 if header else 0)
    return {"number": ("+" if toa == 0x91 else "") + number, "text": text, "ref": ref,
            "total": total, "seq": seq, "srr": bool(first & 0x20), "repeat": bool(first & 4),
            "tpdu_len": len(octets) - 1 - octets[0]}


# ---------------------------------------------------------------- profiles

PROFILES = {
    "SIM800C": dict(maker="SIMCOM_Ltd", model="SIMCOM_SIM800C", stores={"SM": 20}, mode=1, pdu=True,
                    boot=["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"],
                    cnmi="(0-2),(0-3),(0,2),(0-2),(0,1)", chatter=[], csms=1),
    "EC20": dict(maker="Quectel", model="EC20F", stores={"ME": 255, "SM": 50}, mode=0, pdu=True,
                 boot=["RDY", "+CPIN: READY", "+QIND: SMS DONE", "+QIND: PB DONE"],
                 cnmi="(0-2),(0-3),(0,2),(0-2),(0,1)", chatter=['+QIND: "csq",22,99'], csms=1),
    "E173": dict(maker="huawei", model="E173", stores={"ME": 20, "SM": 20}, mode=0, pdu=True,
                 boot=["^BOOT:20952548,0,0,0,20", "^SIMST:1", "^SRVST:2"],
                 cnmi="(0-2),(0-3),(0,2),(0-2),(0,1)", chatter=["^RSSI:22", "^BOOT:1,0,0,0,20"],
                 csms=1, curc=True),
    "TC35i": dict(maker="SIEMENS", model="TC35i", stores={"MT": 25, "SM": 20}, mode=1, pdu=True,
                  boot=["^SYSSTART"], cnmi="(0-3),(0,1),(0,2,3),(0,2),(1)", chatter=[], csms=1),
    "GBK": dict(maker="WAVECOM", model="GBKTEXT", stores={"SM": 15}, mode=1, pdu=False,
                boot=["RDY"], cnmi="(0-2),(0-2),(0),(0),(0,1)", chatter=[], csms=0,
                charsets=["GSM", "GBK"]),
    "UCS2": dict(maker="WAVECOM", model="UCS2TEXT", stores={"SM": 15}, mode=1, pdu=False,
                 boot=["RDY"], cnmi="(0-2),(0-2),(0),(0),(0,1)", chatter=[], csms=0,
                 charsets=["GSM", "UCS2"]),
}

URCS = ["^RSSI:17", "+CREG: 1", "RING", "^MODE:3,3", "+QIND: \"csq\",20,99", "*PSUTTZ: 1", "SMS Busy"]


class Faults:
    """What goes wrong. Counts go down to 0; None or 0: never."""

    def __init__(self, **given):
        self.hang_at = None        # (submit number, seconds, "late" or "forget")
        self.reboot_at = None      # (submit number, seconds, accepted before: bool)
        self.lost_ok = 0           # accepted, but nothing is said
        self.lost_final = 0        # +CMGS: is said, OK is not
        self.lost_prompt = 0
        self.cms_error = (0, 0)    # (code, how often; -1: for ever)
        self.cms_for = {}          # number → code, for ever
        self.noise = False         # unsolicited codes between the lines of replies
        self.lost_cmti = 0         # each so many +CMTI is not said
        self.wrong_memory = False  # +CMTI names the store, CPMS is another
        self.garbage = False
        self.no_delete = 0         # "error": refuses; "ignore": says OK and does nothing
        self.full_urc = None       # said instead of +CMTI when the store is full
        self.list_twice = False
        self.pin = None            # the SIM's PIN; None: none wanted
        self.sim = "READY"
        self.registration = 1
        self.no_network_s = 0      # from the start
        self.smsc = "+8613800571500"
        self.echo_again = 0        # after so many commands echo is on again
        self.late_ok = False
        self.echo_stuck = False    # OK to ATE0, and goes on
        self.mute = False          # ATQ1 in its profile
        self.refused = ()          # commands that are an ERROR
        self.pulled_before_ok = 0  # unplugged for 2 s between +CMGS: and OK
        self.vanish = 0            # taken, and neither sent nor answered
        self.calls = 0             # a caller hangs up while a message is being sent
        self.mr_per_try = False    # a refused message uses up a reference, too
        self.failed_reports = False  # accepted, and reported undeliverable
        self.torn_list = 0         # octets of a list; its tail and its OK are lost
        self.spoilt_list = 0       # a body of the next lists breaks in two
        for name, value in given.items():
            assert hasattr(self, name), name
            setattr(self, name, value)


class FakeModem:
    """Starts a thread of its own; stop() ends it."""

    def __init__(self, profile="EC20", baud=None, submit_time=0.0, link=None, stores=None,
                 reports=True, latency=0.0, **faults):
        self.profile = PROFILES[profile]
        self.baud, self.submit_time, self.reports, self.latency = baud, submit_time, reports, latency
        self.fault = Faults(**faults)
        self.stores = {name: {} for name in (stores or self.profile["stores"])}
        self.sizes = dict(stores or self.profile["stores"])
        self.lock = threading.RLock()
        self.wake_r, self.wake_w = os.pipe()
        os.set_blocking(self.wake_r, False)
        self.link = link
        self.accepted = []      # dicts of read_submit and "mr", "time"
        self.commands = []      # (time, text)
        self.nonsense = []      # PDUs that went out as texts
        self.injected = {}      # sender → time
        self.octets_in = self.octets_out = 0
        self.network = []       # what waits for room: (pdu, sender, text)
        self.events, self.event_number = [], 0
        self.mr, self.submits, self.cmtis, self.pin_tries = random.randrange(200), 0, 0, 0
        self.pin_ok = self.fault.pin is None
        self.on_accept = None
        self.stopped = False
        self.started = time.monotonic()
        self.busy_until = 0.0
        self.deaf_until, self.deaf_mode = 0.0, "late"
        self.deaf_input = b""
        self.master, self.unsent = None, b""
        self.defaults()
        self.plug()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    # ---- the line

    def defaults(self):
        self.echo, self.verbose, self.mode = True, True, self.profile["mode"]
        self.charset, self.csms, self.cnmi = "GSM", 0, [0, 0, 0, 0, 0]
        first = list(self.sizes)[0] if "SM" not in self.sizes else "SM"
        self.memory = [first, first, first]
        self.buffer, self.entry = b"", None
        self.rx_clock = self.tx_clock = 0.0

    def plug(self):
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        tty.setraw(self.master)
        os.set_blocking(self.master, False)
        self.path = os.ttyname(slave)
        self.slave = slave  # kept open: a line nobody has opened is not gone
        if self.link:
            temporary = self.link + ".new"
            if os.path.lexists(temporary):
                os.unlink(temporary)
            os.symlink(self.path, temporary)
            os.replace(temporary, self.link)
            self.path = self.link

    def pull(self):
        self.unsent = b""
        if self.master is None:
            return
        os.close(self.slave)
        os.close(self.master)
        self.master = None
        if self.link and os.path.lexists(self.link):
            os.unlink(self.link)

    def at(self, when, function, *arguments):
        with self.lock:
            self.event_number += 1
            heapq.heappush(self.events, (when, self.event_number, function, arguments))
        if threading.current_thread() is not self.thread_or_none():
            os.write(self.wake_w, b"x")

    def thread_or_none(self):
        return getattr(self, "thread", None)

    def run(self):
        while not self.stopped:
            now = time.monotonic()
            with self.lock:
                while self.events and self.events[0][0] <= now:
                    _, _, function, arguments = heapq.heappop(self.events)
                    function(*arguments)
                wait = self.events[0][0] - now if self.events else 5.0
            fds = [self.wake_r] + ([self.master] if self.master is not None else [])
            try:
                ready, _, _ = select.select(fds, [], [], max(0.0, min(wait, 5.0)))
            except (OSError, ValueError):
                continue
            if self.wake_r in ready:
                try:
                    os.read(self.wake_r, 4096)
                except BlockingIOError:
                    pass
            if self.master in ready:
                try:
                    octets = os.read(self.master, 65536)
                except OSError:
                    octets = b""
                if octets:
                    with self.lock:
                        self.receive(octets)
                else:
                    time.sleep(0.005)
        self.pull()

    def stop(self):
        self.stopped = True
        os.write(self.wake_w, b"x")
        self.thread.join(5)

    def write(self, octets):
        if isinstance(octets, str):
            octets = octets.encode("latin-1")
        if self.baud:
            self.tx_clock = max(self.tx_clock, time.monotonic()) + len(octets) * 10 / self.baud
            self.at(self.tx_clock, self.write_now, octets)
        else:
            self.write_now(octets)

    def write_now(self, octets):
        if self.master is None:
            return
        if time.monotonic() < self.deaf_until:
            self.at(self.deaf_until, self.write_now, octets)
            return
        self.octets_out += len(octets)
        self.unsent += octets
        self.flush()

    def flush(self):
        """What the reader has no room for yet waits, in order, as a UART's flow control has it."""
        if self.master is None:
            return
        try:
            while self.unsent:
                self.unsent = self.unsent[os.write(self.master, self.unsent):]
        except BlockingIOError:
            self.at(time.monotonic() + 0.005, self.flush)
        except OSError:
            self.unsent = b""

    def line(self, text):
        if self.fault.mute:
            return
        if self.fault.noise and random.random() < 0.3:
            self.write("\r\n%s\r\n" % random.choice(URCS))
        self.write(b"\r\n" + (text if isinstance(text, bytes) else text.encode("latin-1")) + b"\r\n")

    def receive(self, octets):
        self.octets_in += len(octets)
        if self.baud:
            self.rx_clock = max(self.rx_clock, time.monotonic()) + len(octets) * 10 / self.baud
            self.at(self.rx_clock, self.take, octets)
        else:
            self.take(octets)

    def take(self, octets):
        now = time.monotonic()
        if now < self.deaf_until:
            if self.deaf_mode == "late":
                self.at(self.deaf_until, self.take, octets)
            return
        if now < self.busy_until:
            self.at(self.busy_until, self.take, octets)
            return
        self.buffer += octets
        while self.buffer:
            if time.monotonic() < self.busy_until:
                rest, self.buffer = self.buffer, b""
                self.at(self.busy_until, self.take, rest)
                return
            if self.entry is not None:
                ends = [i for i in (self.buffer.find(b"\x1a"), self.buffer.find(b"\x1b")) if i >= 0]
                if not ends:
                    return
                body, end = self.buffer[:min(ends)], self.buffer[min(ends)]
                self.buffer = self.buffer[min(ends) + 1:]
                entry, self.entry = self.entry, None
                if end == 0x1b:
                    self.line("OK")
                else:
                    self.submit(entry, body)
                continue
            self.buffer = self.buffer.lstrip(b"\x1b\n")
            if b"\r" not in self.buffer:
                return
            command, self.buffer = self.buffer.split(b"\r", 1)
            if self.echo:
                self.write(command + b"\r")
            text = command.decode("latin-1").strip()
            if text:
                self.commands.append((time.monotonic(), text))
                if self.latency:
                    self.busy_until = time.monotonic() + self.latency
                self.execute(text)

    # ---- commands

    def ok(self):
        self.line("OK" if self.verbose else "0")

    def error(self, cms=None, cme=None):
        self.line("+CMS ERROR: %d" % cms if cms is not None else
                  "+CME ERROR: %d" % cme if cme is not None else "ERROR")

    def registered(self):
        if time.monotonic() - self.started < self.fault.no_network_s:
            return 2
        return self.fault.registration

    def execute(self, text):
        upper = text.upper()
        if self.fault.garbage and random.random() < 0.2:
            self.write(b"\x00\x00\xff\xfe\r\n" + bytes(random.randrange(128, 256) for _ in range(40))
                       + b"\r\n^GARB:" + b"x" * 8192 + b"\r\n")
        if self.fault.echo_again:
            self.fault.echo_again -= 1
            if self.fault.echo_again == 0:
                self.echo = True
        if not upper.startswith("AT"):
            self.error()
            return
        body = text[2:]
        if upper.startswith("ATQ0"):
            self.fault.mute = False
        if any(body.upper().startswith(refused) for refused in self.fault.refused):
            self.error()
            return
        name = body.split("=")[0].split("?")[0].upper()
        argument = body[len(name):]
        handler = getattr(self, "do_" + name.replace("+", "").replace("^", "x_").lower(), None)
        if body == "" or body.upper() in ("V1", "Q0", "V1Q0", "&F"):
            self.ok()
        elif body.upper() in ("E0", "E1", "Q0V1E0"):
            self.echo = body[-1] == "1" or self.fault.echo_stuck
            self.ok()
        elif handler:
            handler(argument)
        else:
            self.error()

    def do_i(self, _):
        self.line(self.profile["model"])
        self.ok()

    def do_cgmi(self, _):
        self.line(self.profile["maker"])
        self.ok()

    def do_cgmr(self, _):
        self.line("1.0")
        self.ok()

    def do_cgsn(self, _):
        self.line("864000000000000")
        self.ok()

    def do_cimi(self, _):
        self.line("460000000000000")
        self.ok()

    def do_cgmm(self, _):
        self.line(self.profile["model"])
        self.ok()

    def do_cmee(self, _):
        self.ok()

    def do_x_curc(self, _):
        if self.profile.get("curc"):
            self.ok()
        else:
            self.error()

    def do_cpin(self, argument):
        if argument == "?":
            if self.fault.sim == "ABSENT":
                self.error(cme=10)
            elif not self.pin_ok:
                self.line("+CPIN: SIM PIN" if self.pin_tries < 3 else "+CPIN: SIM PUK")
                self.ok()
            else:
                self.line("+CPIN: " + self.fault.sim)
                self.ok()
            return
        self.pin_tries += 1
        if argument.strip('="') == self.fault.pin:
            self.pin_ok, self.pin_tries = True, 0
            self.ok()
        else:
            self.error(cme=16)

    def do_creg(self, argument):
        if argument == "?":
            self.line("+CREG: 1,%d" % self.registered())
        self.ok()

    def do_cereg(self, argument):
        if self.profile["model"] != "EC20F":
            self.error()
            return
        if argument == "?":
            self.line("+CEREG: 0,%d" % self.registered())
        self.ok()

    def do_csq(self, _):
        self.line("+CSQ: 23,99")
        self.ok()

    def do_cops(self, _):
        self.line('+COPS: 0,0,"CHINA MOBILE",7' if self.registered() == 1 else "+COPS: 0")
        self.ok()

    def do_cmgf(self, argument):
        if argument == "?":
            self.line("+CMGF: %d" % self.mode)
            self.ok()
        elif argument == "=0" and not self.profile["pdu"]:
            self.error()
        else:
            self.mode = int(argument[1:])
            self.ok()

    def do_cscs(self, argument):
        names = self.profile.get("charsets", ["GSM", "IRA", "UCS2"])
        if argument == "=?":
            self.line("+CSCS: (%s)" % ",".join('"%s"' % n for n in names))
        elif argument.strip('="') in names:
            self.charset = argument.strip('="')
        else:
            self.error()
            return
        self.ok()

    def do_csmp(self, _):
        self.ok()

    def do_csms(self, argument):
        if argument == "=1" and not self.profile["csms"]:
            self.error()
            return
        self.csms = int(argument[1:])
        self.line("+CSMS: 1,1,1")
        self.ok()

    def do_cpms(self, argument):
        if argument == "=?":
            names = "(%s)" % ",".join('"%s"' % n for n in self.sizes)
            self.line("+CPMS: %s,%s,%s" % (names, names, names))
        elif argument == "?":
            self.line("+CPMS: " + ",".join('"%s",%d,%d' % (m, len(self.stores[m]), self.sizes[m])
                                           for m in self.memory))
        else:
            names = argument[1:].replace('"', "").split(",")
            if any(n not in self.sizes for n in names):
                self.error(cms=302)
                return
            self.memory[:len(names)] = names
            if self.fault.wrong_memory:
                self.memory[2] = list(self.sizes)[-1]
            self.line("+CPMS: " + ",".join("%d,%d" % (len(self.stores[m]), self.sizes[m])
                                           for m in self.memory))
        self.ok()

    def do_cnmi(self, argument):
        if argument == "=?":
            self.line("+CNMI: " + self.profile["cnmi"])
        else:
            values = [int(v) for v in argument[1:].split(",")]
            if self.profile["model"] == "TC35i" and (len(values) < 5 or values[4] != 1):
                self.error(cms=302)
                return
            self.cnmi[:len(values)] = values
        self.ok()

    def do_csca(self, argument):
        if argument == "?":
            self.line('+CSCA: "%s",145' % self.fault.smsc)
        else:
            self.fault.smsc = argument[1:].split(",")[0].strip('"')
        self.ok()

    def do_cnma(self, _):
        self.ok()

    def do_cfun(self, _):
        self.ok()
        self.reboot(1.0)

    # ---- stores

    def header(self, index, slot, is_list):
        state = slot["state"]
        if self.mode == 0:
            length = (len(slot["pdu"]) // 2) - 1 - int(slot["pdu"][:2], 16)
            front = "+CMGL: %d,%d,,%d" if is_list else "+CMGR: %.0d%d,,%d"
            return (front % ((index, state, length) if is_list else (0, state, length)))
        word = ("REC UNREAD", "REC READ")[state]
        when = time.strftime("%y/%m/%d,%H:%M:%S+32", time.gmtime(slot["when"] + 28800))
        sender = self.text_field(slot["sender"])
        front = b'+CMGL: %d,"' % index if is_list else b'+CMGR: "'
        return front + word.encode() + b'","' + sender + b'",,"' + when.encode() + b'"'

    def text_field(self, text):
        if self.charset == "UCS2":
            return text.encode("utf-16-be").hex().upper().encode()
        return text.encode("gbk" if self.charset == "GBK" else "latin-1", "replace")

    def body(self, slot):
        return slot["pdu"] if self.mode == 0 else self.text_field(slot["text"])

    def do_cmgl(self, argument):
        end = self.octets_out + self.fault.torn_list if self.fault.torn_list else None
        for index, slot in sorted(self.stores[self.memory[0]].items()):
            for _ in range(2 if self.fault.list_twice else 1):
                body = self.body(slot)
                if end and self.octets_out + len(body) > end:
                    self.line(self.header(index, slot, True))
                    self.write(body[:30])
                    return
                self.line(self.header(index, slot, True))
                if self.fault.spoilt_list and self.mode == 0:
                    self.fault.spoilt_list -= 1
                    self.write("%s\r\n+CREG: 1\r\n%s\r\n" % (body[:40], body[40:]))
                    continue
                if self.fault.noise and random.random() < 0.5:
                    self.write("%s\r\n" % random.choice(URCS))
                self.write((body if isinstance(body, bytes) else body.encode()) + b"\r\n")
            slot["state"] = 1
        self.ok()

    def do_cmgr(self, argument):
        slot = self.stores[self.memory[0]].get(int(argument[1:]))
        if slot:
            self.line(self.header(0, slot, False))
            if self.fault.noise and random.random() < 0.5:
                self.write("%s\r\n" % random.choice(URCS))
            body = self.body(slot)
            self.write((body if isinstance(body, bytes) else body.encode()) + b"\r\n")
            slot["state"] = 1
        self.ok()

    def do_cmgd(self, argument):
        index = int(argument[1:].split(",")[0])
        if self.fault.no_delete == "error":
            self.error(cms=320)
            return
        if self.fault.no_delete != "ignore":
            self.stores[self.memory[0]].pop(index, None)
        self.ok()
        self.fill()

    def fill(self):
        """The network delivers what it kept, as far as there is room."""
        while self.network and self.pin_ok:
            store = self.stores[self.memory[2]]
            size = self.sizes[self.memory[2]]
            if len(store) >= size:
                if self.fault.full_urc:
                    self.line(self.fault.full_urc)
                return
            index = next(i for i in range(size) if i not in store)
            store[index] = self.network.pop(0)
            self.announce(self.memory[2], index, store[index])

    def announce(self, memory, index, slot):
        self.cmtis += 1
        if self.fault.lost_cmti and self.cmtis % self.fault.lost_cmti == 0:
            return
        if self.cnmi[1] == 1 and not slot["report"]:
            self.line('+CMTI: "%s",%d' % (memory, index))
        elif slot["report"] and self.cnmi[3] == 2:
            self.line('+CDSI: "%s",%d' % (memory, index))

    # ---- the outer world

    def inject(self, sender, text, when=None, ref=None, total=1, seq=1, **more):
        """A message from the network, from any thread."""
        when = time.time() if when is None else when
        pdu = deliver_pdu(sender, text, when, ref, total, seq, **more)
        self.inject_pdu(pdu, sender, text if isinstance(text, str) else "", when)

    def inject_parts(self, sender, text, ref=7, order=None, when=None, size=67):
        parts = [text[i:i + size] for i in range(0, len(text), size)]
        for i in order or range(len(parts)):
            self.inject(sender, parts[i], when, ref, len(parts), i + 1, dcs=8)

    def inject_pdu(self, pdu, sender="", text="", when=0, report=False):
        slot = dict(pdu=pdu, sender=sender, text=text, when=when, state=0, report=report)
        with self.lock:
            self.injected.setdefault(sender, time.monotonic())
            self.network.append(slot)
        self.at(0, self.fill)

    def hang(self, seconds, mode="late"):
        self.at(0, self.hang_now, seconds, mode)

    def hang_now(self, seconds, mode):
        self.deaf_until, self.deaf_mode = time.monotonic() + seconds, mode

    def reboot(self, seconds=3.0):
        self.at(0, self.reboot_now, seconds)

    def reboot_now(self, seconds, silent=False):
        self.defaults()
        self.hang_now(seconds, "forget")
        self.started = time.monotonic() + seconds if self.fault.no_network_s else self.started
        self.pin_ok = self.fault.pin is None
        for i, text in enumerate([] if silent else self.profile["boot"]):
            self.at(time.monotonic() + seconds + 0.1 * i, self.line, text)
        self.at(time.monotonic() + seconds + 1, self.fill)

    def reboot_silently(self, seconds=3.0):
        self.at(0, self.reboot_now, seconds, True)

    def unplug(self, seconds):
        self.at(0, self.unplug_now, seconds)

    def unplug_now(self, seconds):
        self.pull()
        self.at(time.monotonic() + seconds, self.replug)

    def replug(self):
        self.defaults()
        self.plug()

    def urc(self, text):
        self.at(0, self.line, text)

    # ---- sending

    def do_cmgs(self, argument):
        if self.fault.lost_prompt:
            self.fault.lost_prompt -= 1
            return
        self.entry = argument[1:]
        self.write("\r\n> ")

    def submit(self, entry, body):
        self.submits += 1
        fault = self.fault
        if fault.vanish:
            fault.vanish -= 1
            return
        if fault.hang_at and fault.hang_at[0] == self.submits:
            self.hang_now(fault.hang_at[1], fault.hang_at[2])
            if fault.hang_at[2] == "forget":
                return
        if fault.reboot_at and fault.reboot_at[0] == self.submits:
            if fault.reboot_at[2]:
                self.accept(entry, body)
            self.reboot_now(fault.reboot_at[1])
            return
        if self.submit_time:
            self.busy_until = time.monotonic() + self.submit_time
            self.at(self.busy_until, self.finish_submit, entry, body)
        else:
            self.finish_submit(entry, body)

    def accept(self, entry, body):
        if self.mode == 1 and all(c in b"0123456789ABCDEF" for c in body) and self.profile["pdu"]:
            self.nonsense.append(body)
        if self.mode == 0:
            message = read_submit(body.decode())
            if message["tpdu_len"] != int(entry):
                raise ValueError("length")
        else:
            decode = ((lambda s: bytes.fromhex(s.decode()).decode("utf-16-be"))
                      if self.charset == "UCS2" else (lambda s: s.decode("gbk")))
            number = decode(entry.strip('"').encode("latin-1")) if self.charset == "UCS2" else \
                entry.strip('"')
            message = dict(number=number, text=decode(body), ref=0, total=1, seq=1, srr=False,
                           repeat=False)
        self.mr = (self.mr + 1) & 255
        message.update(mr=self.mr, time=time.monotonic())
        self.accepted.append(message)
        if self.on_accept:
            self.on_accept(message)
        if message["srr"] and self.reports:
            self.at(time.monotonic() + 1.0, self.report, message)
        return message

    def report(self, message):
        pdu = report_pdu(message["number"], message["mr"], time.time(),
                         0x41 if self.fault.failed_reports else 0)
        if self.cnmi[3] == 1:
            self.line("+CDS: %d\r\n%s" % (len(pdu) // 2 - 1 - int(pdu[:2], 16), pdu))
        elif self.cnmi[3] == 2:
            self.inject_pdu(pdu, report=True)

    def finish_submit(self, entry, body):
        fault = self.fault
        code, count = fault.cms_error
        try:
            number = read_submit(body.decode())["number"] if self.mode == 0 else ""
        except (ValueError, IndexError):
            self.error(cms=304)
            return
        if number in fault.cms_for:
            if fault.mr_per_try:
                self.mr = (self.mr + 1) & 255
            self.error(cms=fault.cms_for[number])
            return
        if count:
            fault.cms_error = (code, count - 1 if count > 0 else count)
            self.error(cms=code)
            return
        if self.registered() not in (1, 5):
            self.error(cms=331)
            return
        try:
            message = self.accept(entry, body)
        except (ValueError, IndexError) as reason:
            self.error(cms=304)
            print("SUBMIT refused:", reason, body, file=sys.stderr)
            return
        if fault.lost_ok:
            fault.lost_ok -= 1
            return
        if fault.calls:
            fault.calls -= 1
            self.line("RING")
            self.line("NO CARRIER")
            self.line("0")
        self.line("+CMGS: %d" % message["mr"])
        if fault.pulled_before_ok:
            fault.pulled_before_ok -= 1
            self.at(time.monotonic() + 0.15, self.unplug_now, 2.0)
            return
        if fault.lost_final:
            fault.lost_final -= 1
            return
        self.ok()

    # ---- for tests

    def wait(self, count, seconds):
        """Until `count` messages are accepted; whether they were."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(self.accepted) < count:
            time.sleep(0.01)
        return len(self.accepted) >= count

    def texts(self, number):
        """The whole messages accepted for a number, parts joined."""
        whole, parts = [], {}
        for message in list(self.accepted):
            if message["number"] != number:
                continue
            if message["total"] <= 1:
                whole.append(message["text"])
                continue
            mine = parts.setdefault(message["ref"], {})
            mine[message["seq"]] = message["text"]
            if len(mine) == message["total"]:
                whole.append("".join(mine[i] for i in sorted(mine)))
        return whole


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", default="EC20", choices=sorted(PROFILES))
    parser.add_argument("--baud", type=int)
    parser.add_argument("--link")
    options = parser.parse_args()
    modem = FakeModem(options.profile, options.baud, link=options.link)
    modem.on_accept = lambda m: print("sent", m["number"], m["text"].replace("\n", " "), flush=True)
    print(modem.path, flush=True)
    for line in sys.stdin:
        words = line.split(None, 2)
        try:
            if len(words) == 3 and words[0] == "sms":
                modem.inject(words[1], words[2].rstrip("\n"))
            elif len(words) == 2 and words[0] == "hang":
                modem.hang(float(words[1]))
            elif len(words) == 2 and words[0] == "unplug":
                modem.unplug(float(words[1]))
            elif words == ["reboot"]:
                modem.reboot()
            elif words:
                raise ValueError
        except ValueError:
            print("sms NUMBER TEXT | hang SECONDS | reboot | unplug SECONDS", flush=True)
    modem.stop()


if __name__ == "__main__":
    main()
