"""Hidden checks of sample-temperature.

Sure models are followed token by token; draws are counted, and counts stay within five standard
deviations. Which random numbers a state gives is free.
"""

import numpy as np
import torch

from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_shape


def followed(row, n, step):
    """A prompt and n tokens behind it, each of which `step` finds from all before it."""
    for _ in range(n):
        row = [*row, step(row)]
    return row


def by_sum(V, n_ctx):
    """What the model Sum says after a row."""
    return lambda row: sum(place * token for place, token in enumerate(row[-n_ctx:], 1)) % V


def ids(rng, V, *shape):
    """Random tokens."""
    return torch.from_numpy(rng.integers(V, size=shape))


def shares(odds, temperature):
    """The probabilities whose logits are the logarithms of `odds`."""
    powers = np.array(odds, dtype=float) ** (1 / temperature)
    return powers / powers.sum()


def compare_counts(counts, p, why, **fields):
    """Counts of independent draws with probabilities p are not more than 5.4 deviations off."""
    draws = counts.sum()
    spread = 5.4 * float(np.sqrt(draws * p * (1 - p)).max())
    assert_close(counts.astype(float), draws * p, rtol=0, atol=spread, why=why, **fields)


def drawn(learner, model, prompts, n, **options):
    """The new tokens alone, as an array (B, n)."""
    out = learner.generate(model, prompts, n, **options)
    rows, start = prompts.shape
    assert_shape(out, (rows, start + n), dtype=torch.int64)
    assert_equal(out[:, :start], prompts, name="out[:, :T0]", why="the prompt comes first")
    return out[:, start:].numpy()


def test_greedy(learner, rng, sizes):
    """At temperature 0 each token is the most likely one after the last"""
    for V, B, n in [(3, 1, 1), (3, 1, 2), *sizes(3)]:
        table = np.stack([rng.permutation(V) for _ in range(V)])
        model = learner.stage.Table(torch.from_numpy(table).float() / 1024, 50)  # a close race
        prompts, step = ids(rng, V, B, 2), lambda row, table=table: int(table[row[-1]].argmax())
        want = torch.tensor([followed(row, n, step) for row in prompts.tolist()])
        got = learner.generate(model, prompts, n, temperature=0 if B > 1 else 0.0)
        assert_equal(got, want, why="token {i1} of row {i0} follows from the one before")


def test_context(learner, rng, sizes):
    """The model reads all tokens so far, the new ones too"""
    for B, T0, n, V in [(1, 2, 2, 5), *sizes(4)]:
        model, prompts = learner.stage.Sum(V, 50), ids(rng, V, B, T0)
        want = torch.tensor([followed(row, n, by_sum(V, 50)) for row in prompts.tolist()])
        for temperature in (0, 1.0):  # one token is sure
            got = learner.generate(model, prompts, n, temperature=temperature)
            assert_equal(got, want, why="{want} follows from all tokens before it")


def test_window(learner, rng, sizes):
    """It reads the last n_ctx tokens at most; the prompt comes back whole"""
    cases = [(2, 7, torch.tensor([[1, 2, 3, 6]])), (1, 5, ids(rng, 5, 2, 3))]
    cases += [(n_ctx, V, ids(rng, V, B, T0)) for n_ctx, T0, B, V in sizes(4)]
    for n_ctx, V, prompts in cases:
        model, n = learner.stage.Sum(V, n_ctx), 4
        want = torch.tensor([followed(row, n, by_sum(V, n_ctx)) for row in prompts.tolist()])
        got, why = learner.generate(model, prompts, n), "{want} follows from the last {n_ctx}"
        assert_equal(got, want, why=why, n_ctx=n_ctx)


def test_no_new_token(learner, rng):
    """n = 0 gives the prompt"""
    for B, T0 in ((1, 2), (3, 5)):
        prompts = ids(rng, 7, B, T0)
        assert_equal(learner.generate(learner.stage.Sum(7, 4), prompts, 0), prompts)


def test_law(learner, trng):
    """Tokens are drawn from softmax(logits / temperature)"""
    powers = torch.tensor([[1.0, 1, 1], [1, 1, 1], [1, 2, 3]]).log() * 8
    model, prompts = learner.stage.Table(powers, 5), torch.tensor([[0, 2]] * 3600)
    for t in (8, 0.5):
        new = drawn(learner, model, prompts, 1, generator=trng, temperature=t)
        counts, words = np.bincount(new[:, 0], minlength=3), {"logits": "0, 8 ln 2, 8 ln 3", "t": t}
        why = "so often {i0}; the logits {logits} over {t}"
        compare_counts(counts, shares([1, 2, 3], t / 8), why, **words)


def test_rows(learner, trng):
    """Each row draws by itself, by its own logits"""
    table = torch.tensor([[4.0, 1, 1], [1, 2, 3], [1, 1, 1]]).log()
    model, prompts = learner.stage.Table(table, 5), torch.tensor([[0], [1]] * 3000)
    new = drawn(learner, model, prompts, 1, generator=trng)[:, 0]
    counts = np.bincount(3 * new[::2] + new[1::2], minlength=9).reshape(3, 3)
    p = np.outer(shares([4, 1, 1], 1), shares([1, 2, 3], 1))
    compare_counts(counts, p, "so often a row draws {i0} and the next one draws {i1}")


def test_steps(learner, trng):
    """Each new token is drawn anew"""
    model, prompts = learner.stage.Table(torch.zeros(8, 8), 5), torch.tensor([[1]] * 4000)
    new = drawn(learner, model, prompts, 2, generator=trng)
    counts = np.bincount(8 * new[:, 0] + new[:, 1], minlength=64).reshape(8, 8)
    why = "so often a row draws {i0} first and {i1} then"
    compare_counts(counts, np.full((8, 8), 1 / 64), why)


def test_eos(learner, rng):
    """After its first new `eos` a row holds nothing else; the others go on"""
    model = learner.stage.Table(torch.eye(5).roll(1, 1), 9)  # 0, 1, 2, 3, 4, 0, 1, ...
    for rows in ([[0]], [[2], [0]], [[3, 0, 3], [3, 3, 1], [0, 4, 2], [1, 1, 3]]):
        for eos, n in ((3, 4), (3, 7), (0, 6), (2, 1)):
            want = [row + [(row[-1] + 1 + i) % 5 for i in range(n)] for row in rows]
            for row in want:
                end = row.index(eos, len(rows[0])) if eos in row[len(rows[0]) :] else len(row)
                row[end:] = [eos] * (len(row) - end)
            got = learner.generate(model, torch.tensor(rows), n, temperature=0, eos=eos)
            why = "0, 1, 2, 3, 4, 0, ...; eos is {eos}"
            assert_equal(got, torch.tensor(want), why=why, eos=eos)


def test_eos_drawn(learner, trng):
    """A row ends by chance, and the rows that have not ended still draw"""
    p, eos, rows = shares([3, 1, 2], 1), 1, 4000
    model = learner.stage.Table(torch.tensor([[3.0, 1, 2]] * 3).log(), 9)
    prompts = torch.tensor([[1]] * rows)  # the prompt's own eos ends nothing
    new = drawn(learner, model, prompts, 3, generator=trng, eos=eos)
    ended = np.cumsum(new == eos, axis=1) > 0
    assert_equal(new, np.where(ended, eos, new), name="out[:, T0:]", why="after eos comes eos")
    for step in range(3):
        going = np.ones(rows, dtype=bool) if step == 0 else ~ended[:, step - 1]
        counts = np.bincount(new[going, step], minlength=3)
        compare_counts(counts, p, "so often token {i0} in step {step}", step=step)


def test_generator(learner, seed):
    """The same state of a generator gives the same tokens; then it goes on"""
    model, prompts = learner.stage.Table(torch.zeros(9, 9), 9), torch.tensor([[3], [1]])
    generators = [torch.Generator().manual_seed(seed) for _ in range(2)]
    one, other = (drawn(learner, model, prompts, 20, generator=g) for g in generators)
    assert_equal(other, one, why="the same state twice")
    later = drawn(learner, model, prompts, 20, generator=generators[0])
    assert_holds((later != one).any(), got=later, why="the same tokens again")


def test_global_generator(learner):
    """Without a generator, tokens come from torch's global one"""
    model, prompts, found = learner.stage.Table(torch.zeros(9, 9), 9), torch.tensor([[3], [1]]), []
    for _ in range(2):
        learner.stage.seed(3)
        found.append(drawn(learner, model, prompts, 20))
    assert_equal(found[1], found[0], why="torch.manual_seed(3) twice")
    later = drawn(learner, model, prompts, 20)
    assert_holds((later != found[0]).any(), got=later, why="the same tokens again")


def test_mode(learner):
    """The model is in eval mode meanwhile, and then in the mode it was in"""
    table, prompts = torch.eye(3).roll(1, 1), torch.tensor([[0], [2]])
    for mode in (True, False):
        model = learner.stage.Table(table, 4)
        model.train(mode)
        got = learner.generate(model, prompts, 2, temperature=0)
        modes, was = [train for train, _ in model.diary], "train mode" if mode else "eval mode"
        assert_holds(modes and not any(modes), got=modes, why="train mode in a call: {got}")
        assert_equal(got, torch.tensor([[0, 1, 2], [2, 0, 1]]))
        for name, part in (("model", model), ("model.part", model.part)):
            now = part.training
            assert_equal(now, mode, name=f"{name}.training", why="it was in {was}", was=was)


def test_no_graph(learner):
    """No graph is made"""
    model = learner.stage.Sum(5, 4)
    drawn(learner, model, torch.tensor([[1, 2]]), 3)
    graphs = [graph for _, graph in model.diary]
    assert_holds(graphs and not any(graphs), got=graphs, why="logits that require grad: {got}")
