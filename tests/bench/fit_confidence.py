#!/usr/bin/env python3
"""Fits db/confidence_weights.h: logistic regression (L2) of "the first topic is right" on the features of
search.h, over tests/search/*.tsv less the files that are held out (*_held.tsv).

usage: make fit (builds tests/bench/search_features and writes db/confidence_weights.h)
       fit_confidence.py SEARCH_FEATURES > db/confidence_weights.h
"""
import glob
import math
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
L2 = 0.005
ROUNDS = 6000


def load():
    rows = []
    for path in sorted(glob.glob(os.path.join(HERE, "..", "search", "*.tsv"))):
        if path.endswith("_held.tsv"):
            continue
        for line in open(path, encoding="utf-8").read().splitlines()[1:]:
            cells = line.split("\t")
            rows.append((cells[1], cells[3].split("|")))
    return rows


def feature_names():
    header = open(os.path.join(HERE, "..", "..", "db", "search.h"), encoding="utf-8").read()
    return [n for n in re.findall(r"^\s+(FEATURE_\w+),?$", header, re.M) if n != "FEATURE_COUNT"]


def main():
    rows = load()
    run = subprocess.run([sys.argv[1]], input="".join(t + "\n" for t, _ in rows).encode(),
                         stdout=subprocess.PIPE, check=True)
    data = []
    for (text, gold), line in zip(rows, run.stdout.decode().splitlines()):
        cells = line.split()
        data.append(([float(x) for x in cells[1:]], 1.0 if cells[0] in gold else 0.0))
    names = feature_names()
    scale = [max(1e-9, max(abs(x[i]) for x, _ in data)) for i in range(len(names))]
    data = [([v / s for v, s in zip(x, scale)], y) for x, y in data]
    w = [0.0] * len(names)
    for _ in range(ROUNDS):
        gradient = [L2 * v for v in w]
        gradient[0] = 0.0
        for x, y in data:
            p = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x))))
            for i, v in enumerate(x):
                gradient[i] += (p - y) * v / len(data) * 10
        w = [a - 0.3 * g for a, g in zip(w, gradient)]
    print("#pragma once\n/* Made by tests/bench/fit_confidence.py from %d labelled questions; do not edit.\n"
          " * Weights of a logistic regression over SearchFeature. */\n/* clang-format off */" % len(data))
    print("static const double confidence_weights[FEATURE_COUNT] = {")
    for name, weight, s in zip(names, w, scale):
        print("    [%s] = %.4f," % (name, weight / s))
    print("};")


if __name__ == "__main__":
    main()
