"""What n-gram models make of the capstones' text: nats per character on its last tenth.

    python scripts/baselines.py

Every model is counted on the first 90 % and predicts each character of the rest from the characters
before it. The suites of the capstones hold the numbers that this prints.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from pathlib import Path

TEXT = Path(__file__).resolve().parent.parent / "exercises" / "data" / "shakespeare.txt"
LONGEST = 6


def split(text: str) -> tuple[str, str]:
    """The first 90 % of the characters, and the rest."""
    cut = len(text) * 9 // 10
    return text[:cut], text[cut:]


def uniform(train: str) -> float:
    """Every character of the training text is as likely as any other."""
    return math.log(len(set(train)))


def unigram(train: str, val: str) -> float:
    """Each character by how often it occurs."""
    counts = Counter(train)
    return -sum(math.log(counts[c] / len(train)) for c in val) / len(val)


def bigram(train: str, val: str) -> float:
    """Each character by how often it follows the one before, 1 added to every count."""
    pairs, firsts, kinds = Counter(itertools.pairwise(train)), Counter(train[:-1]), len(set(train))
    seen = itertools.pairwise(train[-1] + val)
    return -sum(math.log((pairs[a, b] + 1) / (firsts[a] + kinds)) for a, b in seen) / len(val)


class WittenBell:
    """Witten-Bell smoothing: a context gives to the next shorter one as much as it has kinds.

    p(c | h) = (count(h c) + kinds(h) p(c | shorter h)) / (count(h) + kinds(h)), where kinds(h) is
    the number of different characters seen after h; below the empty context is the uniform one.
    Witten and Bell (1991), method C; interpolated as in Chen and Goodman (1998).
    """

    def __init__(self, train: str, order: int) -> None:
        self.order, self.kinds = order, len(set(train))
        self.after: dict[str, Counter[str]] = defaultdict(Counter)
        for i, c in enumerate(train):
            for length in range(min(order, i + 1)):
                self.after[train[i - length : i]][c] += 1
        self.total = {h: sum(counts.values()) for h, counts in self.after.items()}

    def p(self, c: str, history: str) -> float:
        """The probability of c after the last order - 1 characters of history."""
        p = 1 / self.kinds
        for length in range(min(self.order, len(history) + 1)):
            counts = self.after.get(history[len(history) - length :])
            if counts is None:
                break
            total = self.total[history[len(history) - length :]]
            p = (counts[c] + len(counts) * p) / (total + len(counts))
        return p

    def nats(self, train: str, val: str) -> float:
        """The mean of -log p over val, of which the first characters see the end of train."""
        context = self.order - 1
        text = train[len(train) - context :] + val
        places = range(context, len(text))
        return -sum(math.log(self.p(text[i], text[i - context : i])) for i in places) / len(val)


def baselines(text: str) -> dict[str, float]:
    """Nats per character of every model, by name."""
    train, val = split(text)
    found = {
        "uniform": uniform(train),
        "unigram": unigram(train, val),
        "bigram": bigram(train, val),
    }
    for n in range(3, LONGEST + 1):
        found[f"{n}-gram"] = WittenBell(train, n).nats(train, val)
    return found


def main() -> None:
    """Print a line for each model."""
    for name, nats in baselines(TEXT.read_text(encoding="ascii")).items():
        print(f"{name:10} {nats:.4f}")


if __name__ == "__main__":
    main()
