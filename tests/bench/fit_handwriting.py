#!/usr/bin/env python3
"""fit_handwriting.py DRAWINGS [MODEL] >kiosk/handwriting_alike.h: what zinnia takes for what it does not know.

The model never gives some everyday characters (老 安 医 水), whoever draws them; but what it gives instead is
always the same few. For each such character these few are printed, most usual first: handwriting.c concludes
from them to the character. DRAWINGS is a folder of X.json with "medians", the strokes of X on a grid of 900,
upwards (npm: hanzi-writer-data); each is drawn as it is, and deformed. None of it gets into the table.

Fitted: the characters of the built-in content and the most frequent of rime-data-pinyin-simp. Takes minutes.
With --held-out, other deformations instead, and how many are found with and without the table.
"""
import collections
import ctypes
import glob
import json
import math
import os
import random
import sys

MODEL = "/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model"
PINYIN = "/usr/share/rime-data/pinyin_simp.dict.yaml"
FREQUENT = 3500
GRID = 900
CANVAS = 1000  # as in handwriting.c
MARGIN = 0.18  # likewise
ALIKE = 4  # a character
LOOKED_AT = 12  # results; as in handwriting.c
BLIND_RANK = 20  # the median drawing stands behind this one
WEIGHT = 0.8  # as in handwriting.c


def open_model(path):
    zinnia = ctypes.CDLL("libzinnia.so.0")
    for name, result in (("recognizer_new", ctypes.c_void_p), ("character_new", ctypes.c_void_p),
                         ("recognizer_classify", ctypes.c_void_p), ("result_value", ctypes.c_char_p),
                         ("result_size", ctypes.c_size_t)):
        getattr(zinnia, "zinnia_" + name).restype = result
    recognizer = ctypes.c_void_p(zinnia.zinnia_recognizer_new())
    if not zinnia.zinnia_recognizer_open(recognizer, path.encode()):
        sys.exit("fit_handwriting: no model " + path)
    return zinnia, recognizer


def centred(strokes):
    """As handwriting.c does: the same size wherever and however large it was drawn."""
    xs = [x for stroke in strokes for x, _ in stroke]
    ys = [y for stroke in strokes for _, y in stroke]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    scale = CANVAS * (1 - 2 * MARGIN) / max(right - left, bottom - top, GRID / 4)
    return [[(CANVAS / 2 + (x - (left + right) / 2) * scale, CANVAS / 2 + (y - (top + bottom) / 2) * scale)
             for x, y in stroke] for stroke in strokes]


def classify(model, strokes, count=200):
    zinnia, recognizer = model
    character = ctypes.c_void_p(zinnia.zinnia_character_new())
    zinnia.zinnia_character_set_width(character, ctypes.c_size_t(CANVAS))
    zinnia.zinnia_character_set_height(character, ctypes.c_size_t(CANVAS))
    for number, stroke in enumerate(centred(strokes)):
        for x, y in stroke:
            zinnia.zinnia_character_add(character, ctypes.c_size_t(number), int(x), int(y))
    result = ctypes.c_void_p(zinnia.zinnia_recognizer_classify(recognizer, character, ctypes.c_size_t(count)))
    size = zinnia.zinnia_result_size(result)
    texts = [zinnia.zinnia_result_value(result, ctypes.c_size_t(i)).decode() for i in range(size)]
    zinnia.zinnia_result_destroy(result)
    zinnia.zinnia_character_destroy(character)
    return texts


def read_drawing(folder, ch):
    with open(os.path.join(folder, ch + ".json"), encoding="utf-8") as file:
        return [[(x, GRID - y) for x, y in stroke] for stroke in json.load(file)["medians"]]


def deform(strokes, rng):
    """Slanted and stretched as a whole; each stroke shifted and turned; each point a little off."""
    slant, wide, high = rng.gauss(0, 0.06), 1 + rng.gauss(0, 0.08), 1 + rng.gauss(0, 0.08)
    middle = GRID / 2
    deformed = []
    for stroke in strokes:
        dx, dy, turn = rng.gauss(0, 14), rng.gauss(0, 14), rng.gauss(0, 0.04)
        cx = sum(x for x, _ in stroke) / len(stroke)
        cy = sum(y for _, y in stroke) / len(stroke)
        points = []
        for x, y in stroke:
            u = cx + (x - cx) * math.cos(turn) - (y - cy) * math.sin(turn) + dx - middle
            v = cy + (x - cx) * math.sin(turn) + (y - cy) * math.cos(turn) + dy - middle
            points.append((middle + u * wide + slant * v + rng.gauss(0, 5), middle + v * high + rng.gauss(0, 5)))
        deformed.append(points)
    return deformed


def is_han(ch):
    return "\u4e00" <= ch <= "\u9fff"


def content_characters():
    found = set()
    for path in glob.glob("db/starter/*.csv"):
        with open(path, encoding="utf-8") as file:
            found.update(filter(is_han, file.read()))
    return found


def frequent_characters():
    weight = collections.Counter()
    with open(PINYIN, encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 3 and len(cells[0]) == 1 and is_han(cells[0]):
                weight[cells[0]] = max(weight[cells[0]], int(cells[2]))
    return {ch for ch, _ in weight.most_common(FREQUENT)}


def rank(results, ch):
    return results.index(ch) if ch in results else len(results) + 1


def fit(model, folder, characters):
    rng = random.Random(1)
    table = {}
    for ch in characters:
        drawing = read_drawing(folder, ch)
        runs = [classify(model, drawing)] + [classify(model, deform(drawing, rng)) for _ in range(2)]
        if sorted(rank(run, ch) for run in runs)[1] < BLIND_RANK:
            continue
        share = collections.Counter()
        for weight, run in zip((2, 1, 1), runs):
            for i, other in enumerate(run[:LOOKED_AT]):
                share[other] += weight / (1 + i)
        table[ch] = [other for other, _ in share.most_common(ALIKE)]
    return table


def candidates(results, wanted, table):
    score = {text: 1 / (1 + i) for i, text in enumerate(results) if text in wanted}
    for ch, alike in table.items():
        found = sum(1 / ((1 + results.index(other)) * (1 + place))
                    for place, other in enumerate(alike) if other in results[:LOOKED_AT])
        if ch in wanted and found:
            score[ch] = max(score.get(ch, 0), WEIGHT * found)
    return sorted(score, key=lambda text: -score[text])[:8]


def read_table():
    table = {}
    with open("kiosk/handwriting_alike.h", encoding="utf-8") as file:
        for line in file:
            found = [ch for ch in line if is_han(ch)]
            if line.startswith("    { U'"):
                table[found[0]] = found[1:]
    return table


def hold_out(model, folder, characters):
    wanted, table, rng = set(characters), read_table(), random.Random(2)
    count = collections.Counter()
    for ch in characters:
        results = classify(model, deform(read_drawing(folder, ch), rng))
        for name, used in (("without", {}), ("with", table)):
            shown = candidates(results, wanted, used)
            for who in ("all", "table") if ch in table else ("all",):
                count[who, name, "drawn"] += 1
                count[who, name, "first"] += shown[:1] == [ch]
                count[who, name, "among 8"] += ch in shown
    for key in sorted(count):
        print(*key, count[key])


def print_table(table):
    print("""#pragma once
/* Characters that zinnia's model never gives, and what it gives instead, most usual first. Made by
 * tests/bench/fit_handwriting.py, do not edit; included by handwriting.c alone. */
#include <glib.h>

#define ALIKE %d

/* clang-format off */
static const gunichar blind[][1 + ALIKE] = {""" % ALIKE)
    for ch in sorted(table):
        print("    { %s }," % ", ".join("U'%s'" % each for each in [ch] + table[ch]))
    print("};\n/* clang-format on */")


def main():
    arguments = [each for each in sys.argv[1:] if not each.startswith("--")]
    if not arguments:
        sys.exit(__doc__)
    model = open_model(arguments[1] if len(arguments) > 1 else MODEL)
    characters = content_characters()
    if "--held-out" not in sys.argv:
        characters |= frequent_characters()
    characters = sorted(ch for ch in characters if os.path.exists(os.path.join(arguments[0], ch + ".json")))
    if "--held-out" in sys.argv:
        hold_out(model, arguments[0], characters)
    else:
        print_table(fit(model, arguments[0], characters))


main()
