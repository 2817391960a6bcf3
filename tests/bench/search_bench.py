#!/usr/bin/env python3
"""How well questions are answered: a table a kind, for each file of labelled questions.

usage: search_bench.py [--misses] [FILE.tsv …]      (default: all of tests/search)
$BIANMIN is the program. The split: the confidence, the weights and the words were fitted on dev.tsv and *_fit.tsv;
*_held.tsv were never looked at for that, and own2_held.tsv was written by somebody who saw neither words nor other
questions. With no FILE both halves are added up at the end.
  top-1, top-3   the right topic is first, is among the first three (answerable questions)
  final          the first is right and the program was sure; a question that is not ours was refused
A figure question counts only when the number stands in the text.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "search")


def load(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    return [dict(zip(rows[0], row)) for row in rows[1:] if len(row) >= 4]


def ask(questions):
    program = os.environ.get("BIANMIN", "build/bianmin")
    with tempfile.TemporaryDirectory() as empty:
        run = subprocess.run([program, "ask", "--json", "--batch", "--data", empty + "/none"],
                             input="".join(q["text"] + "\n" for q in questions).encode(),
                             stdout=subprocess.PIPE, check=True)
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    assert len(answers) == len(questions)
    return answers


def judge(question, answer):
    gold = question["gold"].split("|")
    codes = [a["code"] for a in answer["answers"]]
    sure = answer["outcome"] == "answer"
    refused = answer["outcome"] == "none"
    if gold == ["NONE"]:
        return {"top1": None, "top3": None, "final": refused, "refused": refused}
    expected = re.match(r"expect:(.*)", question.get("note") or "")
    top1 = bool(codes) and codes[0] in gold
    if top1 and expected:
        text = answer["answers"][0]["text"]
        top1 = bool(re.search(r"(?<![\d.])%s(?![\d]|\.\d)" % re.escape(expected[1]), text))
    return {"top1": top1, "top3": any(c in gold for c in codes[:3]), "final": top1 and sure,
            "refused": refused}


def percent(values):
    values = [v for v in values if v is not None]
    return "%5.1f" % (100.0 * sum(values) / len(values)) if values else "    -"


def print_row(name, part):
    print("%-8s %4d  %s  %s  %s" % (name, len(part), percent([v["top1"] for v in part]),
                                    percent([v["top3"] for v in part]),
                                    percent([v["final"] for v in part])))


def table(name, questions, answers, show_misses):
    verdicts = [judge(q, a) for q, a in zip(questions, answers)]
    print("\n%s (%d questions)" % (name, len(questions)))
    print("kind        n  top-1  top-3  final")
    for kind in sorted({q["kind"] for q in questions}):
        print_row(kind, [v for q, v in zip(questions, verdicts) if q["kind"] == kind])
    print_row("all", verdicts)
    print("refusing: recall %s  precision %s" % (
        percent([v["refused"] for q, v in zip(questions, verdicts) if q["gold"] == "NONE"]),
        percent([q["gold"] == "NONE" for q, v in zip(questions, verdicts) if v["refused"]])))
    if show_misses:
        for q, a, v in zip(questions, answers, verdicts):
            if not v["final"]:
                print("  %-7s %-6s %s → %s %s" % (
                    q["kind"], q["gold"], q["text"], a["outcome"],
                    " ".join("%s:%.2f:%.1f" % (x["code"], x["confidence"], x["score"])
                             for x in a["answers"][:3])))


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    paths = arguments or [os.path.join(FOLDER, f) for f in sorted(os.listdir(FOLDER))
                          if f.endswith(".tsv")]
    halves = {"seen while fitting": ([], []), "held out": ([], [])}
    for path in paths:
        questions = load(path)
        answers = ask(questions)
        table(os.path.basename(path), questions, answers, "--misses" in sys.argv)
        half = halves["held out" if path.endswith("_held.tsv") else "seen while fitting"]
        half[0].extend(questions)
        half[1].extend(answers)
    for name, (questions, answers) in halves.items():
        if not arguments:
            table("all that were " + name, questions, answers, False)


if __name__ == "__main__":
    main()
