"""The checks of bpe-train: merges by hand, or counted anew up to a tie (past it in test_ties)."""

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


def slowly(pre_tokens, most=50, ties=True):
    """Up to `most` merges, each found by counting all pairs again; maybe only up to a tie."""
    words = Counter(tuple(bytes([byte]) for byte in pre.encode()) for pre in pre_tokens)
    merges = []
    while len(merges) < most:
        counts = Counter()
        for word, times in words.items():
            for i in range(len(word) - 1):
                counts[word[i : i + 2]] += times
        top = sorted(counts.values())[-2:]
        if not top or (not ties and len(top) == 2 and top[0] == top[1]):
            break
        merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
        words = {merged(word, merges[-1]): times for word, times in words.items()}
    return merges


def follow(learner, pre_tokens, why, text=None, **options):
    """The answer learns what it must up to the first tie, or up to the end if there is none."""
    merges = slowly(pre_tokens, ties=False)
    room = 50 if merges == slowly(pre_tokens) else len(merges)
    text = "".join(pre_tokens) if text is None else text
    check(learner, text, merges, why, room=room, **options)


def cut(text):
    """The pre-tokens of a text without special tokens."""
    return re.findall(PRE_TOKEN, text)


def check(learner, text, merges, why, shown=None, room=None, specials=(), **options):
    """The answer learns these merges and numbers all entries; `why` shows `shown`, or the text."""
    kept = list(dict.fromkeys(specials))
    options |= {"special_tokens": specials} if specials else {}
    size = 256 + len(kept) + (len(merges) if room is None else room)
    vocab, found = unpack(learner.train_bpe(text, size, **options), 2)
    shown = ascii(text if shown is None else shown)
    assert_equal(found, merges, name="merges", why=why, shown=shown)
    tokens = [*map(bytes, zip(range(256))), *map(b"".join, merges), *map(str.encode, kept)]
    why = "bytes 0 to 255, then the merges in order, then the special tokens"
    assert_equal(vocab, dict(enumerate(tokens)), name="vocab", why=why)


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
    merges = [(b"o", b"w"), (b"l", b"ow"), (b" ", b"low")]
    for n, why in (
        (1, "ow 4 times, lo 3 times"),
        (2, "ow is one token now: l and ow 3 times, l and o no more"),
        (3, "low is one token now: a space and low twice, the rest once"),
    ):
        check(learner, "low low lower owl", merges[:n], why)
    why = "ug 4 times; then h and ug 3 times, h and u no more"
    check(learner, "hug hug pug pun bun hugs", [(b"u", b"g"), (b"h", b"ug")], why)


def test_overlap(learner):
    """Pairs count with overlap, and are replaced from the left"""
    for text, pair in (("aaa yz", "aa"), ("bbbb ac ac xz", "bb"), ("aaa aaa yz yz yz", "aa")):
        merges = [tuple(one.encode() for one in pair)]
        check(learner, text, merges, "aaa has the pair (a, a) twice, aaaa three times")
    for n in (3, 4, 5, 7, 11):
        why = "{shown}: its pairs are replaced from the left, the odd one is last"
        follow(learner, [n * "a"], why)


def test_counts_follow(learner, rng):
    """After each merge the counts are those of the new tokens"""
    for letters, length, most in (("ab", 8, 2), ("ab ", 16, 3), ("abc ", 60, 4), ("ab ", 200, 5)):
        text = ""
        while len(slowly(cut(text), ties=False)) < most:
            text = "".join(rng.choice([*letters], size=length))
        why = "pairs with the new token are counted, those that it has replaced no more"
        follow(learner, cut(text), why)


def test_ties(learner, rng):
    """Of equal counts, the greatest pair of byte strings is merged"""
    why = "several pairs of {shown} have the same count: the greatest is merged, not the first"
    first = ("bcabd", [(b"c", b"a")]), ("abb", [(b"b", b"b")]), ("adb", [(b"d", b"b")])
    for text, merges in (
        *first,
        ("yz b", [(b"y", b"z"), (b" ", b"b")]),  # a space is byte 32
        ("é zz", [(b"\xc3", b"\xa9"), (b"z", b"z")]),
        ("dccc", [(b"c", b"c"), (b"d", b"cc")]),
        ("aaab", [(b"a", b"a"), (b"aa", b"a"), (b"aaa", b"b")]),
        ("low low lower", [(b"o", b"w"), (b"l", b"ow"), (b" ", b"low")]),
        ("bcdebcdebc", [(b"b", b"c"), (b"e", b"bc"), (b"d", b"ebc")]),
    ):
        check(learner, text, merges, why)
    for letters, length in (("ab", 6), ("abc", 8), ("abcd  ", 40), ("éß½Ⅷ ", 30)):
        text = "".join(rng.choice([*letters], size=length))
        check(learner, text, slowly(cut(text)), why, room=50)


def test_pre_tokens(learner):
    """No merge reaches from one pre-token into the next"""
    lines = ["ab| ab| ab", "ab|12|ab|12|ab", "x|=|x|=|x| =| =| x", "we|'t| we|'t| we| we|'ll"]
    for line in [*lines, "a|  | b|  | b| b| |\n|c|\n\n"]:
        pre_tokens = line.split("|")
        follow(learner, pre_tokens, "the pre-tokens are {shown}", shown=pre_tokens)


def test_pattern(learner):
    """`pattern` says what the pre-tokens are"""
    cases = [(r"\S+|\s+", "a1| |a1| |b"), (r"\p{N}{1,2}|\P{N}+", "a-a-a-|12|12|12|12|34|5")]
    for pattern, line in [*cases, (r"(?s).", "n|o| |p|a|i|r|\n")]:
        why, pre_tokens = "with this pattern the pre-tokens are {shown}", line.split("|")
        follow(learner, pre_tokens, why, shown=pre_tokens, pattern=pattern)


def test_bytes(learner):
    """Chinese, emoji and code are learnt from their bytes in UTF-8"""
    merges = [(b"\xe4", b"\xb8"), (b"\xe4\xb8", b"\xad")]
    check(learner, "中一中", merges, "each character of {shown} is three bytes in UTF-8")
    emoji, code = "👩\u200d🚀 ok 👩\u200d🚀", "   x\n    x\n"
    analects = "学而时习之，不亦说乎。人不知而不愠，不亦君子乎？不亦乐乎"
    for text in (emoji, code, analects, "é½ßé ½ éé ßé é½é", code + emoji):
        follow(learner, cut(text), "the pairs of bytes of {shown}")


def test_specials(learner):
    """Special tokens are cut out, and are the last entries"""
    check(learner, "", [], "no text, two special tokens", specials=[TURN, END])
    why = "the text does not hold the special token"
    check(learner, "abab", [(b"a", b"b")], why, specials=[END])
    for parts, specials in (
        (["ab", " ab"], [END]),
        (["ab", "cab", ""], [END]),
        (["aa", " aa", "\n"], [TURN, END, TURN]),  # written twice, one entry
        (["a", "b", "ab "], ["a|b", "."]),
    ):
        pre_tokens, text = [pre for part in parts for pre in cut(part)], specials[0].join(parts)
        why, options = "between the special tokens are {shown}", {"specials": specials}
        check(learner, text, slowly(pre_tokens, 1), why, shown=parts, **options)
        follow(learner, pre_tokens, why, text=text, shown=parts, **options)


def test_longest_special(learner):
    """Where several special tokens fit, the longest is cut out"""
    for specials, text, parts in (
        (["<a>", "<a>b"], "xy<a>bxy<a>bbz<a>c", ["xy", "xy", "bz", "c"]),
        (["<a><a>", "<a>"], "b<a><a><a>bc<a>c", ["b", "bc", "c"]),
        (["--", "---", "-"], "a---b--bc-c", ["a", "b", "bc", "c"]),
    ):
        why = "what is left between the special tokens is {shown}"
        follow(learner, parts, why, text=text, shown=parts, specials=specials)


def test_stops(learner):
    """Training stops when no pair is left, not before"""
    for text in ("", "a b", "ab", "ab ab ab 1"):
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
