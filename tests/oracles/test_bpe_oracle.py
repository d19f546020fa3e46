"""The solutions of `bpe-train` and `bpe-encode` agree with tiktoken, and so does the suite."""

from __future__ import annotations

import ast
import importlib.util
import random
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

tiktoken = pytest.importorskip("tiktoken")
loading = pytest.importorskip("tiktoken.load")

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "exercises" / "data"
TOKENS = ROOT / "solutions" / "tokens"
SPECIALS = {"<|endoftext|>": 50256, "<|end|>": 50257, "<|end|> of": 50258, "<|": 50259}
TEXTS = {
    "English": ROOT / "docs" / "authoring.md",
    "Chinese": DATA / "lunyu.txt",
    "code": ROOT / "grader" / "learner.py",
}
ALPHABETS = {
    "letters and marks": "ab 'lsre\n\t.,!12é½Ⅷ",
    "Chinese and emoji": "学而时习之，。 👩\u200d🚀👍🏽🇨🇳",
    "special tokens": [*SPECIALS, *"<|end|> of"],
    "white space": [" ", "  ", "\n", "\r\n", "\u3000", "\x1c", "\x85", "a", "中", "!"],
    "anything": [chr(point) for point in (*range(0xD800), *range(0xE000, 0x110000))],
}


def load(name: str) -> ModuleType:
    """The solution of an exercise."""
    path = TOKENS / name / "solution.py"
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


train, encode = load("bpe-train"), load("bpe-encode")


def merges_of(ranks: dict[bytes, int]) -> list[tuple[bytes, bytes]]:
    """The merges in order: each token from the two that the merges before it leave."""
    merges = []
    for token, rank in ranks.items():
        parts = [token[i : i + 1] for i in range(len(token))]
        while len(parts) > 2:
            joined = [ranks.get(a + b, rank) for a, b in pairwise(parts)]
            i = joined.index(min(joined))
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        if len(parts) == 2:
            merges.append((parts[0], parts[1]))
    return merges


class Pair:
    """tiktoken and the solution, with the same ranks and special tokens."""

    def __init__(self, ranks: dict[bytes, int], specials: dict[str, int]) -> None:
        self.theirs = tiktoken.Encoding(
            "theirs", pat_str=train.GPT2_PAT, mergeable_ranks=ranks, special_tokens=specials
        )
        vocab = {rank: token for token, rank in ranks.items()}
        self.ours = encode.BPETokenizer(vocab, merges_of(ranks), list(specials))

    def ids(self, text: str) -> list[int]:
        """What tiktoken says."""
        ids: list[int] = self.theirs.encode(text, allowed_special="all")
        return ids

    def agrees(self, text: str) -> bool:
        """Whether both encode this text alike, and both decode it."""
        ids = self.ids(text)
        return bool(self.ours.encode(text) == ids and self.ours.decode(ids) == text)


@pytest.fixture(scope="module")
def gpt2() -> Pair:
    """GPT-2's ranks, which are its ids too."""
    return Pair(loading.load_tiktoken_bpe(str(DATA / "gpt2.tiktoken")), SPECIALS)


@pytest.mark.parametrize("name", TEXTS)
def test_texts_encode_as_in_tiktoken(gpt2: Pair, name: str) -> None:
    """Whole texts in English, in Chinese and in Python have tiktoken's ids."""
    assert gpt2.agrees(TEXTS[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ALPHABETS)
def test_random_texts_encode_as_in_tiktoken(gpt2: Pair, name: str) -> None:
    """500 random texts have tiktoken's ids, with special tokens that are parts of each other."""
    rng = random.Random(name)
    for _ in range(500):
        text = "".join(rng.choices(ALPHABETS[name], k=rng.randint(0, 40)))
        assert gpt2.agrees(text), ascii(text)


@pytest.mark.parametrize("name", ALPHABETS)
def test_streams_encode_as_in_tiktoken(gpt2: Pair, name: str) -> None:
    """Wherever random texts are cut, the stream has the ids of the whole."""
    rng = random.Random(name)
    for _ in range(300):
        text = "".join(rng.choices(ALPHABETS[name], k=rng.randint(0, 30)))
        cuts = [0, *sorted(rng.choices(range(len(text) + 1), k=rng.randint(0, 9))), len(text)]
        pieces = [text[a:b] for a, b in pairwise(cuts)]
        assert list(gpt2.ours.encode_iterable(pieces)) == gpt2.ids(text), pieces


def test_broken_bytes_decode_as_in_tiktoken(gpt2: Pair) -> None:
    """Random ids, most of which are no UTF-8 together, decode to tiktoken's text."""
    rng = random.Random(0)
    for _ in range(1000):
        ids = rng.choices(range(50257), k=3) + rng.choices(range(256), k=rng.randint(0, 6))
        rng.shuffle(ids)
        assert gpt2.ours.decode(ids) == gpt2.theirs.decode(ids, errors="replace")


@pytest.mark.parametrize("name", TEXTS)
def test_own_vocabularies_encode_as_in_tiktoken(name: str) -> None:
    """What the trainer has learnt works as ranks: tiktoken encodes alike with it."""
    vocab, merges = train.train_bpe(TEXTS[name].read_text(encoding="utf-8"), 600)
    ranks = {token: rank for rank, token in vocab.items()}
    assert len(ranks) == len(vocab) == 600
    assert merges_of(ranks) == merges
    pair = Pair(ranks, {"<|end|>": 600})
    assert all(pair.agrees(other.read_text(encoding="utf-8")) for other in TEXTS.values())


def frozen() -> Any:
    """The values that the suite holds, read without running it."""
    for node in ast.parse((TOKENS / "bpe-encode" / "suite.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TIKTOKEN":
            return ast.literal_eval(node.value)
    raise LookupError("the suite has no constant TIKTOKEN")


def test_frozen_ids_are_tiktokens(gpt2: Pair) -> None:
    """The suite's texts have the ids that tiktoken gives today."""
    assert {text: gpt2.ids(text) for text in frozen()} == frozen()
