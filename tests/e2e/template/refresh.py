#!/usr/bin/python3
"""Makes xlsx/ and gbk/ anew: the blank tables of `bianmin template`, rows/ typed into them by LibreOffice, saved by it."""
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from libreoffice import LibreOffice


def fill_all(office, blank, out):
    """All of rows/ into `out`/xlsx and `out`/gbk."""
    for kind in ("xlsx", "gbk"):
        os.makedirs(os.path.join(out, kind), exist_ok=True)
    stems = [os.path.basename(path)[:-4] for path in sorted(glob.glob(os.path.join(HERE, "rows", "*.tsv")))]
    office.fill([(os.path.join(blank, s + ".xlsx"), os.path.join(HERE, "rows", s + ".tsv"),
                  os.path.join(out, "xlsx", s + ".xlsx"), os.path.join(out, "gbk", s + ".csv")) for s in stems])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        made = os.path.join(work, "made")
        subprocess.run([os.environ.get("BIANMIN", "build/bianmin"), "--data", os.path.join(work, "none"), "template", made], check=True)
        fill_all(LibreOffice(os.path.join(work, "profile")), os.path.join(made, "空白"), HERE)
