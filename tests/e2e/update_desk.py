"""What the page of staff works on in its tests: a data folder, a folder in place of the stick, people with keys and PINs."""
import csv
import io
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading

import kiosk_ui as ui
from tap import starter_folder

FIRST, SECOND = ("王姐", "738291"), ("老李", "829173")


class Desk:
    """A data folder, a folder in place of the stick, and whoever is enrolled."""

    def __init__(self, people=(FIRST,)):
        self.top = tempfile.mkdtemp(prefix="staff-")
        self.data, self.stick = self.top + "/data", self.top + "/stick"
        os.makedirs(self.data)
        shutil.copytree(starter_folder(), self.stick)
        pin_file = self.top + "/pin"
        for number, (label, pin) in enumerate(people):
            with open(pin_file, "w", encoding="utf-8") as out:
                out.write(pin + "\n")
            folder = self.stick if number == 0 else self.top + "/other"
            os.makedirs(folder, exist_ok=True)
            subprocess.run([ui.BIANMIN, "--data", self.data, "stick", "enrol", folder, "--label", label, "--pin-file",
                            pin_file], check=True, capture_output=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def edit(self, table, change):
        path = f"{self.stick}/{table}.csv"
        with open(path, encoding="utf-8-sig") as source:
            text = source.read()
        with open(path, "w", encoding="utf-8-sig") as target:
            target.write(change(text))

    def edit_rows(self, table, change):
        """`change` gets the rows, the headers first, and may do with them what it likes."""
        def edited(text):
            rows = list(csv.reader(io.StringIO(text)))
            change(rows)
            out = io.StringIO()
            csv.writer(out).writerows(rows)
            return out.getvalue()
        self.edit(table, edited)

    def status(self):
        got = subprocess.run([ui.BIANMIN, "--data", self.data, "status", "--json"], capture_output=True, text=True, check=True)
        return json.loads(got.stdout)

    def generation(self):
        return self.status()["generation"]

    def insert(self, folder=None, report=False):
        """What the system does when a stick comes: a folder in its place. With the result, if that was asked for."""
        for command in ("usb-report", "usb-copy") if report else ("usb-copy",):
            subprocess.run([ui.BIANMIN, "--data", self.data, command, "--folder", folder or self.stick],
                           capture_output=True, check=False)


class Service:
    """In place of bianmin-update.socket: an `update --serve` for each who connects. A kiosk started with `before` finds it
    where the system has it."""
    SEEN = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0

    def __init__(self, desk):
        self.data, self.folder = desk.data, desk.top + "/run"
        os.mkdir(self.folder)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.folder + "/update.socket")
        self.socket.listen()
        self.before = ["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /run && mkdir /run/bianmin && "
                       f"mount --bind {self.folder} /run/bianmin && exec \"$@\"", "sh"]
        self.started = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                self.started.append(subprocess.Popen([ui.BIANMIN, "--data", self.data, "update", "--serve"],
                                                     stdin=connection, stdout=connection))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for process in self.started:
            process.wait()
