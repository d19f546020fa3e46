"""The checks of bpe-encode: one merge after the other by hand, GPT-2's ranks, tiktoken's ids."""

import base64
import re
from itertools import pairwise

from llmex.grader.compare import assert_equal, assert_holds, unpack

# GPT-2's pattern for the letters and digits that occur here; `re` has no \p{L}.
L, N = "A-Za-zÀ-ÖØ-öø-ÿ一-鿿", "0-9½"
PRE_TOKEN = rf"'(?:[sdmt]|ll|ve|re)| ?[{L}]+| ?[{N}]+| ?[^\s{L}{N}]+|\s+(?!\S)|\s+"
# Merges in the order of a training; the second ones show where pre-tokens begin and end.
ABC = [(b"b", b"c"), (b"a", b"b"), (b"a", b"bc"), (b"abc", b"abc"), (b" ", b"abc")]
SPACES = [(b"\n", b"\n"), (b" ", b" "), (b"l", b"l"), (b"'", b"ll"), (b" ", b"a"), (b"a", b" ")]
SPACES += [(b"r", b"e"), (b"'", b"re"), (b"\n\n", b"\n"), (b"1", b"a"), (b"a", b"1")]
END, TURN = "<|endoftext|>", "<|endofturn|>"

# What tiktoken says with GPT-2's ranks; tests/oracles/test_bpe_oracle.py asks it again.
TIKTOKEN = {
    "Hello world": [15496, 995],
    "don't  stop!\n\n": [9099, 470, 220, 2245, 0, 628],
    "不亦说乎？": [38834, 12859, 99, 46237, 112, 20046, 236, 171, 120, 253],
    "if x:\n    y += 10": [361, 2124, 25, 198, 220, 220, 220, 331, 15853, 838],
    "👩\u200d🚀 café ½": [41840, 102, 447, 235, 8582, 248, 222, 40304, 25208],
}


def gpt2(path, text):
    """The part of GPT-2's vocabulary and merges that this text may need; ranks are ids."""
    lines = [line.split() for line in path.read_text("ascii").splitlines()]
    known, raw = {base64.b64decode(token): int(rank) for token, rank in lines}, text.encode()
    merges, tokens = [], [token for token in known if len(token) == 1 or token in raw]
    for token in tokens:
        parts = [token[i : i + 1] for i in range(len(token))]
        while len(parts) > 2:
            joined = [known.get(a + b, known[token]) for a, b in pairwise(parts)]
            i = joined.index(min(joined))
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        merges += [tuple(parts)] if len(parts) == 2 else []
    return {known[token]: token for token in tokens}, merges


def numbered(rng, merges, more=()):
    """A vocabulary for these merges, with ids in no order and with gaps."""
    tokens = [*map(bytes, zip(range(256))), *(a + b for a, b in merges), *map(str.encode, more)]
    ids = rng.permutation(2 * len(tokens))[: len(tokens)].tolist()
    return dict(zip(ids, tokens, strict=True))


def slowly(parts, vocab, merges, specials=()):
    """The ids of parts of a text, each a special token or cut by itself, one merge at a time."""
    order, ids = {pair: i for i, pair in enumerate(merges)}, {t: i for i, t in vocab.items()}
    for special in specials:
        ids.setdefault(special.encode(), max(ids.values()) + 1)
    found = []
    for part in parts:
        for pre in [part] if part in specials else re.findall(PRE_TOKEN, part):
            word = [pre.encode()] if part in specials else [bytes([b]) for b in pre.encode()]
            while fitting := [(order[p], i) for i, p in enumerate(pairwise(word)) if p in order]:
                _, i = min(fitting)
                word[i : i + 2] = [word[i] + word[i + 1]]
            found += [ids[token] for token in word]
    return found


def made(learner, vocab, merges, specials=()):
    """A tokenizer of the learner's."""
    options = {"special_tokens": specials} if specials else {}
    tokenizer = learner.BPETokenizer(vocab, merges, **options)
    if not hasattr(tokenizer, "encode"):
        assert_holds(False, got=tokenizer, why="BPETokenizer(...) gives {got}, not a tokenizer")
    return tokenizer


def assert_ids(got, want, vocab, why, shown=""):
    """Compare the tokens, which a person can read, and then the ids."""
    if isinstance(got, list | tuple):
        read = [[vocab.get(i, i) if isinstance(i, int) else i for i in ids] for ids in (got, want)]
        assert_equal(*read, name="tokens", why=why, shown=shown)
    assert_equal(got, want, name="ids", why=why, shown=shown)


def check(learner, vocab, merges, parts, why, specials=(), ids=None):
    """The text of these parts becomes the right ids, and they become the text again."""
    tokenizer, text = made(learner, vocab, merges, specials), "".join(parts)
    ids = ids or slowly(parts, vocab, merges, specials)
    assert_ids(tokenizer.encode(text), ids, vocab, why, ", ".join(map(ascii, parts)))
    assert_equal(tokenizer.decode(ids), text, why="what came in comes out")


def test_bytes(learner, rng):
    """Without merges every byte in UTF-8 is a token"""
    anything = "".join(chr(rng.integers(*ends)) for ends in [(1, 55296), (57344, 1114112)] * 9)
    for text in ("ab", "", "a b\n", "é中", "👩\u200d🚀", anything):
        check(learner, numbered(rng, []), [], [text], "the bytes in UTF-8 of {shown}")


def test_lowest_rank(learner, rng):
    """The pair of lowest rank is merged first, again and again"""
    doubled = [(b"a", b"a"), (b"aa", b"aa"), (b"aa", b"a")]
    for text in ("bc", "ab", "abc", "abb", "bcab", "aabcc", "abcabc", *("a" * n for n in range(8))):
        merges = doubled if {*text} == {"a"} else ABC
        why = "rank 0 is bc, or aa; 1 is ab, or aaaa; 2 is a+bc, or aa+a"
        check(learner, numbered(rng, merges), merges, [text], why)


def test_published(learner, data):
    """With GPT-2's vocabulary the ids are GPT-2's"""
    vocab, merges = gpt2(data("gpt2.tiktoken"), " ".join(TIKTOKEN))
    for text, ids in TIKTOKEN.items():
        check(learner, vocab, merges, [text], "so does tiktoken encode {shown}", ids=ids)


def test_pre_tokens(learner, rng):
    """No merge reaches from one pre-token into the next"""
    for text in ("a| a| a", "1|a|1| | a", "a|  | a|\n|\n|a|\n\n\n  ", "a|'ll|'|Re|'re|ll"):
        why, vocab = "the pre-tokens are {shown}", numbered(rng, SPACES)
        check(learner, vocab, SPACES, text.split("|"), why)


def test_texts(learner, rng, data):
    """English, Chinese, code and emoji, with ids in another order"""
    pieces = " cat|We'll|\n\n|    x[0] == 10:|学而时习之，|乐|👩\u200d🚀|café| 1½| |  ".split("|")
    texts = ["".join(rng.choice(pieces, length)) for length in (2, 4, 8, 16)]
    _, merges = gpt2(data("gpt2.tiktoken"), "\0".join(texts))
    for text in texts:
        check(learner, numbered(rng, merges), merges, [text], "GPT-2's merges, with other ids")


def test_decode(learner, rng):
    """decode joins the bytes first; U+FFFD is for what is not UTF-8"""
    vocab = numbered(rng, [(b"\xe4", b"\xb8"), (b"l", b"l")])
    tokenizer, ids = made(learner, vocab, []), {token: i for i, token in vocab.items()}
    noise = b"|".join(bytes([byte]) for byte in rng.integers(125, 256, size=12).tolist())
    for case in (b"a|ll", b"\xe4\xb8|\xad", b"a|\xff|b", b"\xe4\xb8", b"\xad|\xe4\xb8|a", noise):
        tokens, text = case.split(b"|"), case.replace(b"|", b"").decode(errors="replace")
        numbers = [ids[token] for token in tokens]
        assert_equal(tokenizer.decode(numbers), text, why="tokens: {shown}", shown=str(tokens))
        assert_equal(tokenizer.decode(iter(numbers)), text, why="ids that can be read only once")


def test_specials(learner, rng):
    """A special token is one id: its own in vocab, else a new one"""
    for known, one, *others in ([], END), ([], END, TURN), ([END], END), ([END], END, TURN):
        for parts in ([one], ["abc", one, " abc", one, one], [*others, "a"]):
            vocab, why = numbered(rng, ABC, known), "new ids come after the largest: {shown}"
            check(learner, vocab, ABC, parts, why, [*others, one])
    check(learner, vocab, ABC, [TURN], "it is a text where it was not given")


def test_longest_special(learner, rng):
    """Where several special tokens fit, the longest is cut out"""
    cases = ("<a> <a>b", "a <a>b b <a> c"), ("<a><a> <a>", "<a><a> <a> bc")
    for specials, text in (*cases, ("a|b . - --", "a -- - b a|b bb")):
        vocab, why = numbered(rng, ABC), "the parts are {shown}"
        check(learner, vocab, ABC, text.split(), why, specials.split())


def test_two_tokenizers(learner, rng):
    """Two tokenizers share nothing"""
    both = [(made(learner, v := numbered(rng, m), m), v, m) for m in (ABC, ABC[:1])]
    for tokenizer, vocab, merges in both * 2:
        ids = slowly(["abc"], vocab, merges)
        assert_ids(tokenizer.encode("abc"), ids, vocab, "another has encoded the same text")


def test_stream(learner, rng):
    """encode_iterable gives encode's ids wherever the text is cut"""
    vocab, specials = numbered(rng, SPACES), ["<a>", "<a>b", "< a\na>"]
    texts = "", "a a", "a  a", "'ll", "a're", "a \n\n\n a\n\n", "we'll  a1a a"
    cases = ["a", "<a>", " a"], ["<a>b", "b <"], [" a ", "< a\na>", "\na"], ["< ", "<a>", "<a>b"]
    for parts, given in (*(([text], []) for text in texts), *((case, specials) for case in cases)):
        tokenizer, text = made(learner, vocab, SPACES, given), "".join(parts)
        for pieces in (*([text[:i], text[i:]] for i in range(len(text) + 1)), [*text]):
            ids, _ = unpack(learner.stage.stream(tokenizer, pieces), 2)
            assert_ids(ids, slowly(parts, vocab, SPACES, given), vocab, "of the whole text")


def test_stream_waits(learner, rng):
    """encode_iterable gives out what is settled before it asks for more"""
    letters, words = [*"to be  or\n not"], ["a b ", "c", "d  e", " ", "f"]
    cases = (words, []), (letters, []), (letters, ["<|>"]), ([*"o汉 汉汉a b c"], ["汉"])
    for pieces, specials in cases:
        vocab = numbered(rng, [], specials)
        ids, before = unpack(learner.stage.stream(made(learner, vocab, [], specials), pieces), 2)
        assert_ids(ids, slowly(pieces, vocab, [], specials), vocab, "of the whole text")
        for n in range(1, len(pieces) + 1):
            read = "".join(pieces[:n])
            end, why = len(read) - 2 * len("".join(specials)), "after {read} {sure} ids are settled"
            sure = re.match(r"(?s)(.*\S(?=\s))?", read[: max(0, end)]).end()
            assert_holds(before[n] >= sure, got=before[n], why=why, sure=sure, read=ascii(read))


def test_long(learner, rng):
    """20,000 letters in a row fit the limits"""
    merges = [(b"a" * 2**k, b"a" * 2**k) for k in range(14)]
    vocab = numbered(rng, merges)
    got = made(learner, vocab, merges).encode("a" * 20_000)
    want = [[*vocab][255 + k] for k in (14, 11, 10, 9, 5)]
    assert_ids(got, want, {}, "16384 + 2048 + 1024 + 512 + 32 letters")
