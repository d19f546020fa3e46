"""The checks of char-tokenizer: ids counted by code points, text that must come back as it was."""

import json

from llmex.grader.compare import assert_equal, assert_holds, assert_raises

TEXTS = (
    "banana",
    "To be, or not to be: that is the Question.\n",
    "语言模型，从字开始。",
    "Zebra z 2024 中文 \t tab",
    "👩\u200d🚀 cafe\u0301 café ﬁ ① ｆ",
)
NEWLINES = "a\n", "a\r\nb", "a\rb", "\x0b\x0c\x1c\x85", "a\u2028\u2029b", '\\n "n" \\'
UNK = "<unk>"


def is_json(raw):
    """Whether these bytes are JSON in UTF-8."""
    try:
        return json.loads(str(raw, "utf-8")) is not None
    except (ValueError, TypeError):
        return False


def id_of(char, text):
    """How many different characters of the text have a smaller code point."""
    return sum(ord(other) < ord(char) for other in set(text))


def as_ids(s, text):
    """The ids of s, whose characters all occur in the text."""
    return [id_of(char, text) for char in s]


def made(thing, by):
    """A tokenizer of the learner's, which may be None where a `return` is missing."""
    if not hasattr(thing, "train"):
        assert_holds(False, got=thing, why="{by} gives {got}, not a CharTokenizer", by=by)
    return thing


def trained(learner, text, **options):
    """A tokenizer that has learnt a text."""
    tokenizer = made(learner.CharTokenizer(), "CharTokenizer()")
    tokenizer.train(text, **options)
    return tokenizer


def saved_and_loaded(learner, tokenizer, path="tokenizer.json"):
    """What comes back from a file."""
    tokenizer.save(path)
    return made(learner.stage.loaded(tokenizer, path), "load")


def check_loaded(tokenizer, text):
    """A tokenizer that came from a file does what one does that has learnt the text."""
    why = "after save and load"
    assert_equal(tokenizer.vocab_size, len(set(text)), name="vocab_size", why=why)
    assert_equal(tokenizer.encode(text), as_ids(text, text), why=why)
    assert_equal(tokenizer.decode(as_ids(text, text)), text, why=why)


def test_ids(learner, rng):
    """Ids are 0, 1, 2, ... in the order of code points"""
    for text in ("banana", "ab Ba", *("".join(rng.permutation([*text])) for text in TEXTS[1:])):
        tokenizer = trained(learner, text)
        words, why = {"text": repr(text)}, "{text} has {want} different characters"
        assert_equal(tokenizer.vocab_size, len(set(text)), name="vocab_size", why=why, **words)
        for char in sorted(set(text)):
            words, why = {"char": repr(char), "text": repr(text)}, "the id of {char} in {text}"
            assert_equal(tokenizer.encode(char), [id_of(char, text)], why=why, **words)
        assert_equal(tokenizer.encode(text), as_ids(text, text))


def test_round_trip(learner, rng):
    """`decode` gives back the text that `encode` was given"""
    for text in TEXTS:
        tokenizer = trained(learner, "".join(rng.permutation([*text])))
        for s in (text[:2], text, text + text[::-1]):
            ids = as_ids(s, text)
            assert_equal(tokenizer.encode(s), ids)
            assert_equal(tokenizer.decode(ids), s, why="what came in comes out")


def test_code_points(learner):
    """Each code point is a token: nothing is joined, split, changed or lost"""
    pairs = ("aA", "e\u0301é", " \t", "\r\n", "ﬁf", "１1", "中👩", "👩\u200d🚀")
    for s in (*pairs, "".join(pairs)):
        tokenizer = trained(learner, s)
        why = "one id for each code point of {s}"
        assert_equal(tokenizer.encode(s), as_ids(s, s), why=why, s=ascii(s))
        assert_equal(tokenizer.decode(as_ids(s, s)), s)


def test_decode(learner):
    """`decode` takes any iterable of ids; no ids are no text"""
    tokenizer = trained(learner, "banana")
    for ids, text in ([2, 0, 1], "nab"), ([0], "a"), ([1, 1], "bb"), ([], ""):
        assert_equal(tokenizer.decode(ids), text)
        assert_equal(tokenizer.decode(tuple(ids)), text, why="the same ids as a tuple")
        assert_equal(tokenizer.decode(iter(ids)), text, why="ids that can be read only once")
    assert_equal(tokenizer.encode(""), [], why="no text has no ids")


def test_unknown(learner):
    """Without unk an unknown character raises KeyError"""
    for text, s in (("banana", "x"), ("banana", "bax"), ("banana", "B"), ("中文", "字"), ("", "a")):
        assert_raises(KeyError, trained(learner, text).encode, s)


def test_unk(learner):
    """With unk, unknown characters get the last id, V - 1"""
    cases = ("ab ba", UNK, "a cab"), ("banana", "?", "b?d"), ("z语", "□", "语z!"), ("", UNK, "a")
    for text, unk, s in cases:
        tokenizer, last = trained(learner, text, unk=unk), len(set(text))
        why = "unk counts too"
        assert_equal(tokenizer.vocab_size, last + 1, name="vocab_size", why=why)
        want = [id_of(char, text) if char in text else last for char in s]
        why = "{text} has {n} different characters, so unk has the id {n}"
        assert_equal(tokenizer.encode(s), want, why=why, text=repr(text), n=last)
        known = "".join(char if char in text else unk for char in s)
        assert_equal(tokenizer.decode(want), known, why="unk decodes to its own text")
    tokenizer = trained(learner, "sunk", unk=UNK)
    assert_equal(tokenizer.encode(UNK), [4, 3, 1, 0, 4], why="five characters are five tokens")


def test_unk_in_the_text(learner):
    """An unk that is a character of the text keeps the id it has there"""
    for text, unk, s in (("why? me?", "?", "? him"), ("banana", "n", "xnb")):
        tokenizer, size = trained(learner, text, unk=unk), len(set(text))
        why = "{text} has {want} different characters, one of them is unk"
        assert_equal(tokenizer.vocab_size, size, name="vocab_size", why=why, text=repr(text))
        want = [id_of(char if char in text else unk, text) for char in s]
        assert_equal(tokenizer.encode(s), want, why="unk is {unk}", unk=repr(unk))
        assert_equal(tokenizer.decode([*range(size)]), "".join(sorted(set(text))))


def test_train_again(learner):
    """`train` replaces what was trained before"""
    tokenizer = trained(learner, "banana", unk=UNK)
    tokenizer.train("nod")
    assert_equal(tokenizer.vocab_size, 3, name="vocab_size", why="after train('nod') alone")
    assert_equal(tokenizer.encode("don"), [0, 2, 1], why="after train('nod') alone")
    assert_equal(tokenizer.decode([0, 1, 2]), "dno", why="after train('nod') alone")
    assert_raises(KeyError, tokenizer.encode, "b")


def test_two_tokenizers(learner):
    """Two tokenizers share nothing"""
    first, second = trained(learner, "banana"), trained(learner, "nodes", unk=UNK)
    why = "another tokenizer was trained since, on 'nodes'"
    assert_equal(first.vocab_size, 3, name="vocab_size", why=why)
    assert_equal(first.encode("nab"), [2, 0, 1], why=why)
    assert_equal(first.decode([2, 0, 1]), "nab", why=why)
    assert_raises(KeyError, first.encode, "o")
    assert_equal(second.encode("nob"), [2, 3, 5], why="unk has the id 5")


def test_load(learner, rng):
    """A loaded tokenizer gives the same ids and texts"""
    for text in TEXTS:  # each in the file of the one before
        tokenizer = trained(learner, "".join(rng.permutation([*text])))
        check_loaded(saved_and_loaded(learner, tokenizer), text)
    first, second = trained(learner, "banana"), trained(learner, "nod")
    first.save("first.json")
    third = saved_and_loaded(learner, second, "second.json")
    fourth = made(learner.stage.loaded(first, "first.json"), "load")
    for tokenizer, s in ((first, "nab"), (second, "odn"), (third, "odn"), (fourth, "nab")):
        assert_equal(tokenizer.decode([2, 0, 1]), s, why="two tokenizers, in two files")


def test_load_unk(learner):
    """A loaded tokenizer knows its unk, or that it has none"""
    for text, unk, s in (("ab ba", UNK, "a cab"), ("why?", "?", "whom"), ("语", "□", "语言")):
        loaded = saved_and_loaded(learner, trained(learner, text, unk=unk))
        id_of_unk = id_of(unk, text) if unk in text else len(set(text))
        want = [id_of(char, text) if char in text else id_of_unk for char in s]
        assert_equal(loaded.encode(s), want, why="unk is {unk}", unk=repr(unk))
        assert_equal(loaded.decode([id_of_unk]), unk, why="unk decodes to its own text")
    loaded = saved_and_loaded(learner, trained(learner, "banana"))
    assert_raises(KeyError, loaded.encode, "x")


def test_newlines(learner):
    """save and load keep every form of newline"""
    for text in (*NEWLINES, "".join(NEWLINES)):
        check_loaded(saved_and_loaded(learner, trained(learner, text)), text)


def test_json(learner):
    """The saved file is JSON in UTF-8"""
    for text, options in (("banana", {}), ("中文 👩", {"unk": UNK}), ("\r\n\x85", {})):
        trained(learner, text, **options).save("look.json")
        raw = learner.stage.read("look.json")
        assert_holds(is_json(raw), got=raw, why="the file holds {got}, which is not JSON in UTF-8")
