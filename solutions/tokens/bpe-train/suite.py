"""The checks of bpe-train: merges found by counting everything again, and by hand."""

import re
from collections import Counter

import numpy as np

from llmex.grader.compare import assert_equal, assert_holds, unpack

# GPT-2's pattern for the letters and digits that occur here; `re` has no \p{L}.
L, N = "A-Za-zÀ-ÖØ-öø-ÿ一-鿿", "0-9²½Ⅷ"
PRE_TOKEN = rf"'(?:[sdmt]|ll|ve|re)| ?[{L}]+| ?[{N}]+| ?[^\s{L}{N}]+|\s+(?!\S)|\s+"
END, TURN = "<|endoftext|>", "<|endofturn|>"


def merged(word, pair):
    """The word with the pair replaced from the left."""
    for i in range(len(word) - 1):
        if word[i : i + 2] == pair:
            return (*word[:i], pair[0] + pair[1], *merged(word[i + 2 :], pair))
    return word


def slowly(pre_tokens, most=50):
    """Up to `most` merges, each found by counting all pairs of all words again."""
    words = Counter(tuple(bytes([byte]) for byte in pre.encode()) for pre in pre_tokens)
    merges = []
    while len(merges) < most:
        counts = Counter()
        for word, times in words.items():
            for i in range(len(word) - 1):
                counts[word[i : i + 2]] += times
        if not counts:
            break
        merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
        words = {merged(word, merges[-1]): times for word, times in words.items()}
    return merges


def cut(text):
    """The pre-tokens of a text without special tokens."""
    return re.findall(PRE_TOKEN, text)


def check(learner, text, merges, why, shown=None, room=None, specials=(), **options):
    """The answer learns these merges from the text, where there is room, and numbers all entries.

    `shown` is what `why` shows; if not given, the text.
    """
    kept = list(dict.fromkeys(specials))
    options |= {"special_tokens": specials} if specials else {}
    size = 256 + len(kept) + (len(merges) if room is None else room)
    vocab, found = unpack(learner.train_bpe(text, size, **options), 2)
    shown = ascii(text if shown is None else shown)
    assert_equal(found, merges, name="merges", why=why, shown=shown)
    tokens = [left + right for left, right in merges]
    tokens = [*(bytes([byte]) for byte in range(256)), *tokens, *(one.encode() for one in kept)]
    why = "bytes 0 to 255, then the merges in order, then the special tokens"
    assert_equal(vocab, dict(enumerate(tokens)), name="vocab", why=why)


def drawn(rng, pieces, length):
    """A text of so many of the pieces."""
    return "".join(pieces[i] for i in rng.integers(len(pieces), size=length))


def test_single_bytes(learner):
    """The first 256 entries are the single bytes"""
    for text in ("ab", ""):
        check(learner, text, [], "256 entries leave no room for a merge")


def test_most_frequent(learner):
    """The pair that is counted most often is merged first"""
    for text in ("bc", "bc bc de", "de bcbcbc de", "bc bc bc yz yz"):
        check(learner, text, [(b"b", b"c")], "the pair counted most often in {shown}")


def test_example(learner):
    """Small texts worked by hand, merge by merge"""
    merges = [(b"a", b"a"), (b"aa", b"a"), (b"aaa", b"b")]
    for n in (1, 2, 3):
        check(learner, "aaabdaaabac", merges[:n], "aa 4 times; then aaa and ab twice; then aaab")
    merges = [(b"o", b"w"), (b"l", b"ow"), (b" ", b"low")]
    for n in (2, 3):
        check(learner, "low low lower", merges[:n], "lo and ow 3 times; then low; then ' low'")
    merges = [(b"b", b"c"), (b"e", b"bc"), (b"d", b"ebc")]
    check(learner, "bcdebcdebc", merges, "bc 3 times; then bcd, de and ebc twice; then debc")


def test_ties(learner):
    """Of equal counts, the greatest pair of byte strings is merged"""
    for text, merges in (
        ("abb", [(b"b", b"b")]),
        ("adb", [(b"d", b"b")]),
        ("yz b", [(b"y", b"z"), (b" ", b"b")]),  # a space is byte 32
        ("é zz", [(b"\xc3", b"\xa9"), (b"z", b"z")]),
        ("dccc", [(b"c", b"c"), (b"d", b"cc")]),
        ("aaab", [(b"a", b"a"), (b"aa", b"a"), (b"aaa", b"b")]),
    ):
        check(learner, text, merges, "several pairs of {shown} have the same count")


def test_overlap(learner):
    """Pairs count with overlap, and are replaced from the left"""
    for text, pair in (("aaa yz", "aa"), ("bbbb ac ac xz", "bb"), ("aaa aaa yz yz yz", "aa")):
        merges = [tuple(one.encode() for one in pair)]
        check(learner, text, merges, "aaa has the pair (a, a) twice, aaaa three times")
    for n in (3, 4, 5, 7, 11):
        why = "{shown}: its pairs are replaced from the left, the odd one is last"
        check(learner, n * "a", slowly([n * "a"]), why, room=50)


def test_counts_follow(learner, rng):
    """After each merge the counts are those of the new tokens"""
    for letters, length in (("ab", 6), ("abc", 8), ("ab ", 12), ("abcd  ", 40), ("ab ", 200)):
        text = drawn(rng, letters, length)
        check(learner, text, slowly(cut(text)), "all pairs counted again for each merge", room=50)


def test_pre_tokens(learner):
    """No merge reaches from one pre-token into the next"""
    for pre_tokens in (
        ["ab", " ab", " ab"],
        ["ab", "12", "ab", "12"],
        ["x", "=", "x", "=", "x", " =", " x"],
        ["can", "'t", " can", "'t", " we", "'ll"],
        ["a", "  ", " b", " ", "\n", "c", "\n\n"],
    ):
        why = "the pre-tokens are {shown}"
        check(learner, "".join(pre_tokens), slowly(pre_tokens), why, shown=pre_tokens, room=50)


def test_pattern(learner):
    """`pattern` says what the pre-tokens are"""
    for pattern, pre_tokens in (
        (r"\S+|\s+", ["a1", " ", "a1", " ", "b"]),
        (r"\p{N}{1,2}|\P{N}+", ["a-a-", "12", "34", "5"]),
        (r"(?s).", [*"no pair\n"]),
    ):
        why, options = "with this pattern the pre-tokens are {shown}", {"pattern": pattern}
        merges = slowly(pre_tokens)
        check(learner, "".join(pre_tokens), merges, why, shown=pre_tokens, room=50, **options)


def test_bytes(learner, rng):
    """Chinese, emoji and code are learnt from their bytes in UTF-8"""
    merges = [(b"\xe4", b"\xb8"), (b"\xe4\xb8", b"\xad")]
    check(learner, "中", merges, "{shown} is three bytes in UTF-8")
    emoji, code = "👩\u200d🚀 ok 👩\u200d🚀", "for i in x:\n    x[i] += 10\n"
    analects, pieces = drawn(rng, "学而时习之，不亦说乎", 30), drawn(rng, "éß½Ⅷ ", 30)
    for text in (emoji, code, analects, pieces, code + emoji):
        check(learner, text, slowly(cut(text)), "the pairs of bytes of {shown}", room=50)


def test_specials(learner):
    """Special tokens are cut out, and are the last entries"""
    check(learner, "", [], "no text, two special tokens", specials=[TURN, END])
    check(
        learner, "aba", [(b"b", b"a")], "the text does not hold the special token", specials=[END]
    )
    for parts, specials in (
        (["ab", " ab"], [END]),
        (["ab", "cab", ""], [END]),
        (["say", " it", "\n"], [TURN, END, TURN]),  # written twice, one entry
        (["a", "b", "ab "], ["a|b", "."]),
    ):
        merges, text = slowly([pre for part in parts for pre in cut(part)]), specials[0].join(parts)
        why, options = "between the special tokens are {shown}", {"specials": specials}
        check(learner, text, merges[:1], why, shown=parts, **options)
        check(learner, text, merges, why, shown=parts, room=50, **options)


def test_longest_special(learner):
    """Where several special tokens fit, the longest is cut out"""
    for specials, text, parts in (
        (["<a>", "<a>b"], "xy<a>bbz<a>c", ["xy", "bz", "c"]),
        (["<a><a>", "<a>"], "b<a><a><a>bc<a>c", ["b", "bc", "c"]),
        (["--", "---", "-"], "a---b--bc-c", ["a", "b", "bc", "c"]),
    ):
        why = "what is left between the special tokens is {shown}"
        check(learner, text, slowly(parts), why, shown=parts, room=50, specials=specials)


def test_stops(learner):
    """Training stops when no pair is left, not before"""
    for text in ("", "a b c", "ab", "abcd efgh"):
        check(learner, text, slowly(cut(text)), "a pair that occurs once is merged too", room=999)


def test_megabyte(learner, rng):
    """A megabyte of text and 512 merges fit the limits"""
    letters = [*"etaoinshrdlucmfwygpbvkxqjz"]
    words = ["".join(rng.choice(letters, size=n)) for n in rng.integers(2, 9, size=20_000)]
    odds = 1 / np.arange(1, 20_001) ** 0.9  # a few words are frequent, as in every language
    text = " ".join(rng.choice(np.array(words), size=180_000, p=odds / odds.sum()))
    _, merges = unpack(learner.train_bpe(text, 768), 2)
    many = isinstance(merges, list | tuple) and len(merges) == 512
    assert_holds(many, got=merges, why="the merges are {got}, not a list of 512 pairs")
    assert_equal(merges[:5], slowly(cut(text), 5), name="merges[:5]", why="the first five merges")
