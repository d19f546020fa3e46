"""Hidden checks of train-loop: texts repeat a pattern, so that torch can replay any batch."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_shape

V, PATTERN, EVENTS = 5, [0, 3, 1, 4], "zero forward backward clip lr step"
AFTER, OF = "after {i0} updates", "of update {i0}, counted from 0"


def made(learner, trng, rng, known=3, **options):
    """A model and its parts, halves and whole numbers; a train text of patterns, a val text."""
    model, parts = learner.stage.Bigram(V, **options), {}
    for name, shape in (("weight", (V, V)), ("bias", (V,))):
        parts[name] = torch.randint(-2, 3, shape, generator=trng).double() / 2
    learner.load(model, parts)
    val = PATTERN * known + rng.integers(V, size=6).tolist()
    return model, parts, {"train": np.array(PATTERN * 20), "val": np.array(val)}


def mean_loss(parts, text):
    """The mean loss over all pairs of neighbours in a text."""
    ids = torch.as_tensor(text)
    return cross_entropy(parts["weight"][ids[:-1]] + parts["bias"], ids[1:])


def replay(parts, data, steps, max_lr=1e-3, min_lr=0.0, warmup=0, clip=1.0, **options):
    """What the history should be, by torch's AdamW and clipping; with each state."""
    own = {name: value.clone().requires_grad_() for name, value in parts.items()}
    decays, rows = {"weight": options.pop("weight_decay", 0.1), "bias": 0.0}, []
    groups = [{"params": [own[name]], "weight_decay": wd} for name, wd in decays.items()]
    adam = torch.optim.AdamW(groups, **{"betas": (0.9, 0.99), "eps": 1e-8} | options)
    for step in range(steps):
        adam.zero_grad()
        loss = mean_loss(own, PATTERN + PATTERN[:1])
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(own.values(), clip).item()
        wave = float(np.cos((step - warmup) / (steps - warmup) * np.pi / 2)) ** 2
        lr = max_lr * step / warmup if step < warmup else min_lr + (max_lr - min_lr) * wave
        adam.param_groups[0]["lr"] = adam.param_groups[1]["lr"] = lr
        adam.step()
        now = {name: value.detach().clone() for name, value in own.items()}
        val_loss, now["answer"] = mean_loss(now, data["val"]).item(), torch.tensor(42)
        rows.append((step, loss.item(), lr, norm, val_loss, now))
    names = "step loss lr grad_norm val_loss state".split()
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def run(learner, model, data, on_event=None, T=8, batch=3, **options):
    """The history of a training: a dict with all its keys, lists where lists should be."""
    history = learner.train(model, data, learner.TrainConfig(T=T, batch=batch, **options), on_event)
    got = history if isinstance(history, dict) else {}
    own = [got.get(key) for key in "step loss lr grad_norm eval_step val_loss".split()]
    right = {*map(type, own)} <= {list, tuple} and {"best_val", "best_step", "best_state"} <= {*got}
    assert_holds(right, got=sorted(map(str, got)), name="history", why="keys are missing: {got}")
    tensors = [value for part in own for value in part if torch.is_tensor(value)]
    assert_holds(not tensors, got=tensors, name="history", why="tensors in its lists: {got}")
    return got


def compare(learner, trng, rng, **options):
    """Train for some updates; loss, rate, norm and weights are those of torch's AdamW."""
    model, parts, data = made(learner, trng, rng)
    truth, history = replay(parts, data, **options), run(learner, model, data, **options)
    for name, why in (("step", OF), ("lr", OF), ("loss", AFTER), ("grad_norm", AFTER)):
        assert_close(history[name], truth[name], name=name, why=why)
    assert_close(model.state_dict(), truth["state"][-1], name="state", why="the model at the end")


def test_estimate(learner, trng, rng, sizes):
    """`estimate_loss` is the mean over all targets, those of a short window too"""
    for n, T in [(2, 1), (4, 2), (3, 5), *sizes(2, low=3, high=12)]:
        (model, parts, _), tokens = made(learner, trng, rng, windowed=True), rng.integers(V, size=n)
        ids, first = torch.from_numpy(tokens), torch.arange(n - 1) // T * T
        z = parts["weight"][ids[:-1]] + 2 * parts["weight"][ids[first]] + parts["bias"]
        got, want = learner.estimate_loss(model, tokens, T), cross_entropy(z, ids[1:]).item()
        assert_close(got, want, why="{n} tokens, windows of {T}", n=n, T=T)


def test_modes(learner, trng, rng):
    """Updates run in train mode; evaluation in eval mode, and without a graph"""
    for mode in (True, False):
        model, _, data = made(learner, trng, rng)
        model.train(mode)
        learner.estimate_loss(model, np.array([1, 0, 2, 2]), 2)
        assert_equal(model.training, mode, name="model.training", why="as before estimate_loss")
        run(learner, model, data, steps=2, eval_every=1)
        calls, why = [call[:2] for call in model.diary], "calls in train mode, with a graph: {got}"
        assert_holds(set(calls) == {(False, False), (True, True)}, got=calls, why=why)


def test_updates(learner, trng, rng):
    """Updates are AdamW's; gradients start anew, and only matrices decay"""
    given = [100, 8, 32, 1e-3, 0.0, 0, 0.1, (0.9, 0.99), 1e-8, 1.0, 0, 0, None]
    assert_close(learner.stage.settings(learner.TrainConfig()), given, name="TrainConfig()")
    for steps, betas in ((1, (0.5, 0.75)), (2, (0.5, 0.75)), (9, (0.9, 0.5))):
        options = {"max_lr": 0.25, "min_lr": 0.25, "clip": np.inf, "weight_decay": 0.5}
        compare(learner, trng, rng, steps=steps, betas=betas, eps=0.25, **options)


def test_schedule(learner, trng, rng):
    """Every group gets the rate of `lr_at` for its step"""
    for steps, warmup, min_lr in ((3, 0, 0.0), (4, 2, 0.125), (6, 3, 0.25)):
        compare(learner, trng, rng, steps=steps, warmup=warmup, min_lr=min_lr, max_lr=0.5, eps=0.25)


def test_clip(learner, trng, rng):
    """All gradients together are multiplied by min(1, clip / (norm + 1e-6))"""
    for clip in (0.125, 1e-5, 8.0):
        compare(learner, trng, rng, steps=3, clip=clip, eps=clip, max_lr=0.5)


def test_events(learner, trng, rng):
    """Each action is told right after it, in its order, with its value"""
    for clip, every in ((0.25, 0), (np.inf, 1)):
        (model, parts, data), told = made(learner, trng, rng), [[]]
        options = {"max_lr": 0.5, "min_lr": 0.25, "steps": 3, "clip": clip}
        listener = learner.stage.Listener(model)
        run(learner, model, data, listener, eval_every=every, **options)
        for note in listener.notes:
            told[-1].append(note)
            told += [[]] if note[0] == "step" else []
        assert_equal(len(told) - 1, 3, name="how often step is told")
        truth = replay(parts, data, **options)
        values = {"forward": truth["loss"], "clip": truth["grad_norm"], "lr": truth["lr"]}
        for update, notes in enumerate(told[:-1]):
            names, why = [note[0] for note in notes], "events of update {update}: {got}"
            order = [name for name in names if name not in ("zero", "lr")]
            ok = order == ["forward", "backward", "clip", "step"] and names.count("lr") == 1
            ok = ok and (update == 0 or "zero" in names[: names.index("backward")])
            assert_holds(ok, got=order if ok else names, name="events", why=why, update=update)
            for event, step, value, moved in sorted(notes, key=lambda note: EVENTS.index(note[0])):
                want, why = values.get(event, [0.0] * 3)[update], "of update {update}, from 0"
                assert_close(value, want, name=f"value of {event}", why=why, update=update)
                assert_equal(moved, event == "step", name=f"new weights at {event}")
                assert_equal(update if event == "zero" else step, update, name=f"step of {event}")


def test_batches(learner, rng):
    """Batches are `batch` rows of T tokens from random places of data["train"]"""
    for batch, T, n in ((2, 3, 19), (4, 7, 60)):
        model, text, places = learner.stage.Bigram(n), rng.permutation(n), []
        data = {"train": text, "val": text[::-1].copy()}
        run(learner, model, data, T=T, batch=batch, steps=5, eval_every=2)
        for x in (x for _, graph, x in model.diary if graph):
            assert_shape(x, (batch, T), name="a batch")
            places += (starts := [int((text == first).argmax()) for first in x[:, 0].tolist()])
            want = [text[start : start + T].tolist() for start in starts]
            assert_equal(x.tolist(), want, name="a batch", why="rows are pieces of data['train']")
        assert_holds(len(set(places)) > 5, got=places, why="rows start at {got}")


def test_seed(learner, rng):
    """`seed` decides, not torch's global generator, which stays as it is"""
    text, losses = rng.integers(V, size=200), []
    for k, (seed, every) in enumerate(((5, 0), (5, 1), (5, 2), (6, 0))):
        learner.stage.seed(k)
        model, data = learner.stage.Bigram(V), {"train": text, "val": text[:30]}
        losses.append(run(learner, model, data, steps=4, seed=seed, eval_every=every)["loss"])
        want, why = torch.rand((), generator=torch.Generator().manual_seed(k)), "as before train"
        assert_close(learner.stage.draw(), want.item(), name="torch.rand(())", why=why)
        right, why = (losses[k] == losses[0]) == (seed == 5), "seed {s}, eval_every {n}: {got}"
        assert_holds(right, got=losses[k], name="loss", why=why, s=seed, n=every)


def test_evaluation(learner, trng, rng):
    """data["val"] is evaluated after every eval_every-th update and the last"""
    for steps, every, at in ((2, 1, [1, 2]), (5, 2, [2, 4, 5]), (2, 9, [2]), (2, 0, [])):
        model, parts, data = made(learner, trng, rng)
        val = replay(parts, data, steps, max_lr=0.5)["val_loss"]
        history = run(learner, model, data, steps=steps, max_lr=0.5, eval_every=every)
        assert_equal(history["eval_step"], at, name="eval_step", why="eval_every = {n}", n=every)
        assert_close(history["val_loss"], [val[done - 1] for done in at], name="val_loss")


def test_best(learner, trng, rng):
    """The best state is a copy; the model keeps the last weights"""
    for known, lr in ((0, 0.5), (3, 0.5), (9, 0.5), (3, 1e-300)):  # the last: all are as low
        model, parts, data = made(learner, trng, rng, known)
        truth = replay(parts, data, 6, max_lr=lr, min_lr=lr)
        history = run(learner, model, data, steps=6, max_lr=lr, min_lr=lr, eval_every=1)
        lowest = int(np.argmin(truth["val_loss"]))
        assert_equal(history["best_step"], lowest + 1, name="best_step")
        assert_close(history["best_val"], truth["val_loss"][lowest], name="best_val")
        assert_close(history["best_state"], truth["state"][lowest], name="best_state")
        assert_close(model.state_dict(), truth["state"][-1], name="the model's last state")


def test_time_limit(learner, trng, rng):
    """`time_limit` ends the training before an update, and 0 before the first"""
    for seconds, limit, least, most in ((0.0, 0, 0, 0), (0.02, 0.04, 0, 3), (0.0, 100, 9, 9)):
        model, _, data = made(learner, trng, rng, seconds=seconds)
        history = run(learner, model, data, steps=9, eval_every=99 * (most < 9), time_limit=limit)
        done, why = len(history["step"]), "time_limit {limit}: {got} updates"
        got = most if least <= done <= most else done  # how many of them fit is the clock's
        assert_holds(got == most, got=got, why=why, limit=limit)
        for key, want in (("eval_step", []), ("best_val", np.inf), ("best_state", None)):
            assert_equal(history[key], want, name=key)
