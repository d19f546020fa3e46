"""How your tokenizer cuts a text: English, Chinese and code, with merges learnt from it."""

from collections import Counter
from itertools import pairwise

from tokens.bpe_encode import BPETokenizer

TEXT = """the theory of the other thing is there
学而时习之，不亦说乎？学而不思则罔
for i in range(10): print(i, i * i)
"""
MERGES = 60


def learnt(text):
    """Merges of neighbouring bytes inside words, the most frequent first."""
    cut = text.replace(" ", "\0 ").replace("\n", "\0").split("\0")  # a space goes with its word
    words = Counter(tuple(bytes([b]) for b in word.encode()) for word in cut)
    merges = []
    while len(merges) < MERGES:
        pairs = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        words = Counter({merged(word, best): count for word, count in words.items()})
    return merges


def merged(word, pair):
    """The word with every such pair of neighbours made one."""
    parts, i = [], 0
    while i < len(word):
        joined = word[i : i + 2] == pair
        parts.append(word[i] + word[i + 1] if joined else word[i])
        i += 2 if joined else 1
    return tuple(parts)


def picture():
    """The pieces that your `encode` makes, in order; half a character shows its bytes."""
    merges = learnt(TEXT * 2 + " the there their 学而 学而")
    vocab = {i: bytes([i]) for i in range(256)}
    vocab |= {256 + i: a + b for i, (a, b) in enumerate(dict.fromkeys(merges))}
    ids = BPETokenizer(dict(vocab), list(merges)).encode(TEXT)
    pieces = [vocab[i].decode("utf-8", "backslashreplace") for i in ids]
    return [
        {
            "kind": "tokens",
            "title": {
                "en": f"{len(TEXT)} characters, {len(TEXT.encode())} bytes, {len(ids)} tokens",
                "zh": f"{len(TEXT)} 个字符，{len(TEXT.encode())} 个字节，{len(ids)} 个词元",
            },
            "pieces": pieces,
        }
    ]
