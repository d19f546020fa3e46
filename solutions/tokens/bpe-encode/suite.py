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
    "We'll see: don't  stop!\n\n": [1135, 1183, 766, 25, 836, 470, 220, 2245, 0, 628],
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
    tokens = [*(bytes([byte]) for byte in range(256)), *(a + b for a, b in merges)]
    tokens += [one.encode() for one in more]
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


def check(learner, vocab, merges, parts, why, specials=(), ids=None):
    """The text of these parts becomes the right ids, and they become the text again."""
    tokenizer, text = made(learner, vocab, merges, specials), "".join(parts)
    ids, shown = ids or slowly(parts, vocab, merges, specials), ", ".join(map(ascii, parts))
    assert_equal(tokenizer.encode(text), ids, why=why, shown=shown)
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
    noise = [bytes([byte]) for byte in rng.integers(256, size=12).tolist()]
    broken = [b"a", b"\xff", b"b"], [b"\xe4\xb8"], [b"\xad", b"\xe4\xb8", b"a"], [b"\xf0", b"\x9f"]
    for tokens in ([b"a", b"ll"], [], [b"\xe4\xb8", b"\xad"], *broken, noise):
        numbers, text = [ids[token] for token in tokens], b"".join(tokens).decode(errors="replace")
        why, shown = "the tokens are {shown}", str(tokens)
        assert_equal(tokenizer.decode(numbers), text, why=why, shown=shown)
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
    kinds = [(numbered(rng, merges), merges) for merges in (ABC, ABC[:1])]
    both = [(made(learner, *kind), slowly(["abc"], *kind)) for kind in kinds]
    for tokenizer, ids in both * 2:
        assert_equal(tokenizer.encode("abc"), ids, why="another has encoded the same text")


def streamed(learner, tokenizer, pieces, want):
    """How many ids came before each piece was asked for; together they are the wanted."""
    ids, before = unpack(learner.stage.stream(tokenizer, pieces), 2)
    assert_equal(ids, want, name="ids", why="the ids of the whole text are {want}")
    return before


def test_stream(learner, rng):
    """encode_iterable gives encode's ids wherever the text is cut"""
    vocab, specials = numbered(rng, SPACES), ["<a>", "<a>b", "< a\na>"]
    texts = "", "a a", "a  a", "'ll", "a're", "a \n\n\n a\n\n", "we'll  a1a a"
    cases = ["a", "<a>", " a"], ["<a>b", "b <"], [" a ", "< a\na>", "\na"], ["< ", "<a>", "<a>b"]
    for parts, given in (*(([text], []) for text in texts), *((case, specials) for case in cases)):
        tokenizer, text = made(learner, vocab, SPACES, given), "".join(parts)
        want = slowly(parts, vocab, SPACES, given)
        for i in range(len(text) + 1):
            streamed(learner, tokenizer, [text[:i], text[i:]], want)
        streamed(learner, tokenizer, [*text], want)


def test_stream_waits(learner, rng):
    """encode_iterable gives out what is settled before it asks for more"""
    vocab, words = numbered(rng, []), [*"to be  or\n not"]
    for pieces, specials in ((["a b ", "c", "d  e", " ", "f"], []), (words, []), (words, ["<|>"])):
        tokenizer, held = made(learner, vocab, [], specials), 2 * len("".join(specials))
        before = streamed(learner, tokenizer, pieces, slowly(pieces, vocab, []))
        for n in range(1, len(pieces) + 1):
            read = "".join(pieces[:n])
            places = [i for i in range(1, len(read) - held) if re.match(r"\S\s", read[i - 1 :])]
            why, most = "after {read} {most} ids are settled, {got} are out", max(places, default=0)
            assert_holds(before[n] >= most, got=before[n], why=why, most=most, read=ascii(read))


def test_long(learner, rng):
    """20,000 letters in a row fit the limits"""
    merges = [(b"a" * 2**k, b"a" * 2**k) for k in range(14)]
    vocab = numbered(rng, merges)
    want = [[*vocab][255 + k] for k in (14, 11, 10, 9, 5)]
    got = made(learner, vocab, merges).encode("a" * 20_000)
    assert_equal(got, want, why="2**14, 2**11, 2**10, 2**9 and 2**5 letters")
