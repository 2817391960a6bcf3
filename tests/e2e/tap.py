"""What the end-to-end tests in Python share: lines of TAP, and where the starter sheets lie."""
import os


def starter_folder():
    top = os.environ.get("G_TEST_SRCDIR", os.path.join(os.path.dirname(__file__), "..", ".."))
    return os.path.join(top, "db", "starter")


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def result(self, name, bad, note=""):
        """`bad`: complaints, none if the test has passed."""
        self.count += 1
        self.failed += bool(bad)
        print(f"{'not ok' if bad else 'ok'} {self.count} - {name}{note}", flush=True)
        for line in bad[:20]:
            print("#   " + line, flush=True)

    def finish(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0
