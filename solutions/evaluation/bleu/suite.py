"""The checks of `bleu`: counts, clipping, lengths, the corpus score, short texts, smoothing."""

import math
from fractions import Fraction
from itertools import product

from llmex.grader.compare import assert_close, assert_equal, unpack

# Example 1 of Papineni et al. (2002) in lower case: two candidates, three references.
PAPER = """
    it is a guide to action which ensures that the military always obeys the commands of the party |
    it is to insure the troops forever hearing the activity guidebook that party direct |
    it is a guide to action that ensures that the military will forever heed party commands |
    it is the guiding principle which guarantees the military forces always being under the command
    of the party | it is the practical guide for the army always to heed the directions of the party
"""

# Hypotheses, each with its references, and what sacrebleu 2.6.0 says: tests/oracles/freeze_bleu.py.
SENTENCES = """she went to to the market | she went to the market on monday | she went shopping
he can not swim | he cannot swim at all | swim he can not | he can not swim a bit
red cars stop here | all the red cars must stop | cars that are red stop there
a red fox | the red fox ran | red foxes"""
SMOOTHINGS = ("none", "floor", "exp", "add-k")  # the last is open where an order has no n-grams
SACREBLEU = {  # from and up to which line, effective_order: scores by smoothing
    (0, 3, False): (40.329656665, 40.329656665, 40.329656665, 47.409685593),
    (2, 3, False): (0.0, 11.404605375, 21.444097124, 30.326532986),
    (3, 4, False): (0.0, 0.0, 0.0),
    (3, 4, True): (0.0, 32.182979487, 55.032120815),
}


def words(rng, length):
    """`length` words of a language that has three, so that n-grams come back."""
    return ["abc"[i] for i in rng.integers(3, size=length)]


def count_matches(hyp, refs, k):
    """Go through hyp: an n-gram counts while some reference has it as often as hyp so far."""
    said, *others = [[text[i : i + k] for i in range(len(text) - k + 1)] for text in [hyp, *refs]]
    so_far = [(gram, said[: i + 1].count(gram)) for i, gram in enumerate(said)]
    return sum(any(other.count(gram) >= times for other in others) for gram, times in so_far)


def add_up(hyps, refs_per_sentence):
    """Matches and n-grams of orders 1 to 4, and both lengths, of a corpus."""
    pairs = list(zip(hyps, refs_per_sentence, strict=True))
    matches = [sum(count_matches(hyp, refs, k) for hyp, refs in pairs) for k in (1, 2, 3, 4)]
    totals = [sum(max(0, len(hyp) - k + 1) for hyp in hyps) for k in (1, 2, 3, 4)]
    closest = [min(sorted(map(len, refs)), key=lambda n: abs(n - len(hyp))) for hyp, refs in pairs]
    return matches, totals, sum(map(len, hyps)), sum(closest)


def score(precisions, c=1, r=1):
    """BLEU from exact precisions and the two lengths."""
    mean = float(math.prod(precisions)) ** (1 / len(precisions))
    return 100 * mean * (math.exp(1 - r / c) if c < r else 1)


def test_counts_ngrams_of_each_order(learner, rng):
    """sentence_stats counts the n-grams of each order from 1 to n"""
    for length, n in [(2, 1), (3, 2), (1, 3), (0, 2), (5, 3), (6, 8)]:
        hyp = words(rng, length)
        matches, totals, hyp_length, _ = unpack(learner.sentence_stats(hyp, [hyp, ["x"]], n=n), 4)
        want = [max(0, length - k + 1) for k in range(1, n + 1)]
        assert_equal(totals, want, name="totals", why="hyp has {c} tokens", c=length)
        assert_equal(matches, want, name="matches", why="every n-gram of hyp is in hyp itself")
        assert_equal(hyp_length, length, name="length of hyp")
    _, totals, _, _ = unpack(learner.sentence_stats(words(rng, 7), [["x"]]), 4)
    assert_equal(totals, [7, 6, 5, 4], name="totals", why="without n, the orders are 1 to 4")


def test_clips_by_the_best_reference(learner, sizes, rng):
    """An n-gram matches as often as the one reference that has it most"""
    mat = [text.split() for text in ("the cat is on the mat", "there is a cat on the mat")]
    matches, _, _, _ = unpack(learner.sentence_stats(["the"] * 7, mat), 4)
    assert_equal(matches, [2, 0, 0, 0], name="matches", why="one reference has 'the' twice")
    _, troops, *refs = map(str.split, PAPER.split("|"))
    matches, _, _, _ = unpack(learner.sentence_stats(troops, refs, n=2), 4)
    assert_equal(matches, [8, 1], name="matches", why="so counts the paper for its candidate 2")
    for length, *lengths in sizes(3, cases=8, low=1, high=9):
        hyp, refs = words(rng, length), [words(rng, n) for n in lengths]
        matches, _, _, _ = unpack(learner.sentence_stats(hyp, refs, n=3), 4)
        why = "an n-gram counts as often as hyp has it, up to the one reference that has it most"
        want = [count_matches(hyp, refs, k) for k in (1, 2, 3)]
        assert_equal(matches, want, name="matches", why=why)


def test_takes_the_closest_reference_length(learner):
    """The reference length is the closest to hyp's, the shorter one on a tie"""
    cases = [(0, [4, 2], 2), (1, [6, 3], 3), (5, [9, 4, 7], 4), (6, [2, 9, 7], 7)]
    ties = [(2, [1, 3], 1), (2, [3, 1], 1), (5, [7, 3, 9], 3), (8, [9, 7, 2], 7)]
    for c, rs, want in cases + ties:
        _, _, _, closest = unpack(learner.sentence_stats(["a"] * c, [["a"] * r for r in rs]), 4)
        why = "hyp has {c} tokens, its references have {lengths}"
        assert_equal(closest, want, name="closest", why=why, c=c, lengths=str(rs)[1:-1])


def test_compares_whole_tokens(learner):
    """Tokens are compared whole and as they are, Chinese characters too"""
    cases = (["The", "cat"], ["the", "cat"], [1, 0]), (["ab", "c"], ["a", "bc"], [0, 0])
    for hyp, ref, want in (*cases, (["a b", "c"], ["a", "b c"], [0, 0])):
        matches, _, _, _ = unpack(learner.sentence_stats(hyp, [ref], n=2), 4)
        assert_equal(matches, want, name="matches", why="tokens are equal if every character is")
    got = learner.corpus_bleu([list("今天天气真好")], [[list("今天天气很好")]])
    assert_close(got, 100 / 12**0.25, why="by characters 5/6, 3/5, 2/4 and 1/3 n-grams match")


def test_scores_the_example_of_the_paper(learner):
    """Candidate 1 of the BLEU paper scores 50.46"""
    guide, _, *refs = map(str.split, PAPER.split("|"))
    got = learner.corpus_bleu([guide], [refs])
    precisions = [Fraction(17, 18), Fraction(10, 17), Fraction(7, 16), Fraction(4, 15)]
    assert_close(got, score(precisions), why="17/18, 10/17, 7/16, 4/15 match; 18 tokens will do")


def test_short_output_pays_a_penalty(learner, sizes):
    """Output shorter than its reference pays exp(1 - r/c), longer output nothing"""
    text = [f"w{i}" for i in range(12)]
    for c, r in [(4, 4), *sizes(2, cases=8, low=4, high=11)]:
        got = learner.corpus_bleu([text[:c]], [[text[:r]]])
        precisions = [Fraction(min(c, r) - k + 1, c - k + 1) for k in (1, 2, 3, 4)]
        assert_close(got, score(precisions, c, r), why="c = {c} tokens, r = {r}", c=c, r=r)


def test_adds_up_the_corpus_before_dividing(learner, sizes, rng):
    """A corpus is scored from summed counts and lengths, not as a mean of scores"""
    want = score([Fraction(8, 9), Fraction(6, 7), Fraction(4, 5), Fraction(2, 3)])
    got = learner.corpus_bleu([list("abcd"), list("efghi")], [[list("abcd")], [list("efghx")]])
    assert_close(got, want, why="together 8 of 9, 6 of 7, 4 of 5 and 2 of 3 n-grams match")
    got = learner.corpus_bleu([list("abcd"), list("fghij")], [[list("abcde")], [list("fghi")]])
    assert_close(got, want, why="one is a token short, the other a token long: c = r = 9")
    for lengths in sizes(5, cases=6, low=2, high=9):
        hyps = [words(rng, n) for n in lengths[:3]]
        refs = [[words(rng, n + j) for j in range(i)] for i, n in enumerate(lengths[2:], 1)]
        matches, totals, c, r = add_up(hyps, refs)
        want = score([Fraction(m, max(t, 1)) for m, t in zip(matches, totals, strict=True)], c, r)
        got = learner.corpus_bleu(hyps, refs)
        why = "together {matches} of {totals} n-grams match, order by order; c = {c}, r = {r}"
        assert_close(got, want, why=why, matches=str(matches), totals=str(totals), c=c, r=r)


def test_effective_order_leaves_out_missing_orders(learner):
    """effective_order leaves out orders without n-grams, which else give 0"""
    for hyp in (["a"], ["a", "b"], ["a", "b", "c"]):
        assert_close(learner.corpus_bleu([hyp], [[hyp]]), 0.0, why="hyp has no 4-grams")
        got = learner.corpus_bleu([hyp], [[hyp]], effective_order=True)
        assert_close(got, 100.0, why="of the orders that hyp has, every n-gram matches")
    got = learner.corpus_bleu([list("abc")], [[list("acb")]], effective_order=True)
    assert_close(got, 0.0, why="order 2 has n-grams, and none of them matches")
    hyps, refs = [list("a"), list("bcd")], [[list("x")], [list("bcd")]]
    got = learner.corpus_bleu(hyps, refs, effective_order=True)
    assert_close(got, 100 * 0.75 ** (1 / 3), why="there are three orders: 3/4, 2/2, 1/1 match")


def compare_smoothed(learner, rng, smooth, instead, more):
    """Let `instead` stand for the first, second and third 0, and add `more` from order 2 on."""
    cases = [("abcde", "abcdx"), ("abcde", "abxde"), ("abcdef", "xbxdxfg")]
    cases += [(words(rng, 5), words(rng, 7)) for _ in range(3)]
    for hyp, ref in cases:
        hyps, refs = [list(hyp), list("ghij")], [[list(ref)], [list("kgll")]]
        matches, totals, c, r = add_up(hyps, refs)
        zeros, counts = iter(instead), zip(matches, totals, (0, more, more, more), strict=True)
        want = score([((m or next(zeros)) + k) / Fraction(t + k) for m, t, k in counts], c, r)
        got = learner.corpus_bleu(hyps, refs, smooth=smooth)
        why = "order by order, {matches} of {totals} n-grams match"
        assert_close(got, want, why=why, matches=str(matches), totals=str(totals))


def test_floor_smoothing(learner, rng):
    """smooth="floor" puts 0.1 where an order has no match, and only there"""
    compare_smoothed(learner, rng, "floor", (0.1, 0.1, 0.1), 0)


def test_add_k_smoothing(learner, rng):
    """smooth="add-k" adds 1 to matches and totals of orders 2, 3 and 4"""
    compare_smoothed(learner, rng, "add-k", (0, 0, 0), 1)


def test_exp_smoothing(learner, rng):
    """smooth="exp" puts 1/2, then 1/4, then 1/8 where orders have no match"""
    compare_smoothed(learner, rng, "exp", (1 / 2, 1 / 4, 1 / 8), 0)


def test_nothing_shared_scores_zero(learner):
    """No match at all scores 0 under any smoothing; a hypothesis may be empty"""
    got = learner.corpus_bleu([[], list("abcd")], [[list("xyz"), ["x"]], [list("abcd")]])
    assert_close(got, 100 * math.exp(1 - 5 / 4), why="the empty one adds 0 to c = 4, 1 to r = 5")
    for hyp, smooth, on in product([list("vwxyz"), []], SMOOTHINGS, [False, True]):
        got = learner.corpus_bleu([hyp], [[list("abc")]], smooth=smooth, effective_order=on)
        assert_close(got, 0.0, why="no token of the hypothesis is in its reference")


def test_agrees_with_sacrebleu(learner):
    """Small corpora score as sacrebleu says, under each smoothing"""
    lines = [[text.split() for text in line.split("|")] for line in SENTENCES.split("\n")]
    for (first, end, effective), scores in SACREBLEU.items():
        corpus = [[hyp for hyp, *_ in lines[first:end]], [refs for _, *refs in lines[first:end]]]
        for smooth, want in zip(SMOOTHINGS, scores, strict=False):
            got = learner.corpus_bleu(*corpus, smooth=smooth, effective_order=effective)
            assert_close(got, want, why="the score that sacrebleu 2.6.0 gives")
