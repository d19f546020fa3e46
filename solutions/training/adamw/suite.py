"""The checks of adamw: single steps by hand, many beside torch's AdamW in float64."""

import torch

from llmex.grader.compare import assert_close, assert_equal, assert_holds

CLOSE, F64 = {"rtol": 1e-10, "atol": 1e-11}, {"dtype": torch.float64}
OPTIONS = (
    {"lr": 0.5, "betas": (0.5, 0.75), "eps": 1.0, "weight_decay": 0.2},
    {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1},
)
DECAYING = ("wte.weight", "conv.weight", "fc.weight", "head.weight")  # the last may be tied
OTHERS = ("conv.bias", "norm.weight", "norm.bias", "fc.bias", "scale")


def optimizer(learner, params, **options):
    """The learner's AdamW, if it is one."""
    made = learner.inplace.AdamW(params, **options)
    if not hasattr(made, "step"):
        assert_holds(False, got=made, why="AdamW(...) gives {got}, which has no `step`")
    return made


class Both:
    """The learner's AdamW and torch's, over parameters that begin with the same whole numbers."""

    def __init__(self, learner, trng, shapes, groups=(), wrap=list, dtype=torch.float64, **options):
        self.trng, self.near = trng, CLOSE if dtype == torch.float64 else {}
        starts = [torch.randint(5, 10, shape, generator=trng).to(dtype) for shape in shapes]
        self.theirs = [torch.nn.Parameter(start.clone()) for start in starts]
        self.ours = [learner.place(start, parameter=True) for start in starts]
        ours, theirs = (
            [{"params": [p], **own} for p, own in zip(ps, groups, strict=True)] if groups else ps
            for ps in (self.ours, self.theirs)
        )
        self.oracle = torch.optim.AdamW(theirs, **options)
        self.answer = optimizer(learner, wrap(ours), **options)

    def step(self, without=()):
        """One update on either side; the parameters in `without` have no gradient."""
        for i, (ours, p) in enumerate(zip(self.ours, self.theirs, strict=True)):
            grad = torch.randint(-4, 5, p.shape, generator=self.trng).to(p.dtype) + 0.5
            p.grad = None if i in without else grad
            ours.set_grad(p.grad)
        self.answer.step()
        self.oracle.step()


def run(both, steps, why, without=(), **fields):
    """Some steps, and after each a comparison of both sides."""
    for step in range(1, steps + 1):
        both.step(without)
        got, want = [p.value() for p in both.ours], [p.detach() for p in both.theirs]
        assert_close(got, want, name="w", why=why, step=step, **both.near, **fields)


def one_step(learner, start, *grads, want, lr, eps, decay, **fields):
    """Compare the weights after one step with the last gradient; each has an AdamW of its own."""
    p = learner.place(torch.tensor(start, **F64), parameter=True)
    for grad in grads:
        p.load(torch.tensor(start, **F64))
        p.set_grad(torch.tensor(grad, **F64))
        optimizer(learner, [p], lr=lr, eps=eps, weight_decay=decay).step()
    assert_close(p.value(), torch.tensor(want, **F64), **CLOSE, name="w", **fields)


def test_first_step(learner):
    """The first step is lr · g / (|g| + eps), whatever the size of g"""
    cases = ([4.0], [3.0], 0.5, 1.0), ([6.0, 2.0], [-1.0, 0.0], 0.5, 1.0)
    for w, g, lr, eps, *old in (*cases, ([4.0, 2.0], [0.25, -5000.0], 0.25, 1e-8, [9.0, 9.0])):
        want = [x - lr * y / (abs(y) + eps) for x, y in zip(w, g, strict=True)]
        why = "the weight was {w}, the gradient is {g}, no decay; AdamWs on it before: {old}"
        say = {"w": str(w), "g": str(g), "lr": lr, "eps": eps, "decay": 0.0, "old": len(old)}
        one_step(learner, w, *old, g, want=want, why=why, **say)


def test_decay(learner):
    """Decay multiplies the old weight by 1 - lr · weight_decay"""
    why = "0.75 times the old weight, less 0.5 · g / (g + 1); the gradient g is {g}"
    for w, g, want in (([8.0], [0.0], [6.0]), ([8.0, -4.0], [3.0, 3.0], [5.625, -3.375])):
        one_step(learner, w, g, want=want, lr=0.5, eps=1.0, decay=0.5, why=why, g=g[0])


def test_many_steps(learner, trng, sizes):
    """Over many steps the weights are those of torch.optim.AdamW"""
    for (n, m), options in zip(sizes(2, cases=2), OPTIONS, strict=True):
        run(Both(learner, trng, [(1,), (n, m), ()], **options), 40, why="after step {step}")


def test_defaults(learner, trng):
    """Without options: lr 0.001, betas 0.9 and 0.999, eps 1e-8, decay 0.01"""
    both = Both(learner, trng, [(2,)])
    group = learner.handle(both.answer, "param_groups", 0)
    for key, want in {"lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 1e-2}.items():
        assert_close(group[key], want, rtol=1e-9, atol=0.0, name=key)
    run(both, 3, why="after step {step} without options")


def parts(state):
    """What dicts, lists and tuples hold, keys too."""
    if isinstance(state, dict):
        state = [*state, *state.values()]
    return [x for y in state for x in parts(y)] if isinstance(state, list | tuple) else [state]


def test_float32(learner, trng):
    """float32 stays float32, in the weights and in what is kept for them"""
    both = Both(learner, trng, [(2, 3)], dtype=torch.float32, **OPTIONS[1])
    run(both, 3, why="after step {step} in float32")
    for t in filter(torch.is_tensor, parts(both.answer.state_dict())):
        fits, why = t.shape != (2, 3) or t.dtype == torch.float32, "state_dict has a {got} tensor"
        assert_holds(fits, got=str(t.dtype), why=why)


def test_groups(learner, trng):
    """Each group has its own options, and the arguments fill in the rest"""
    own = {"weight_decay": 0.0, "lr": 0.25}, {"betas": (0.5, 0.75), "eps": 0.1}, {}
    both = Both(learner, trng, [(1,), (2,), (3,)], own, **OPTIONS[1])
    why = "after step {step}; w[0] has options {a}, w[1] has {b}, the rest is {rest}"
    run(both, 4, why=why, a=str(own[0]), b=str(own[1]), rest=str(OPTIONS[1]))


def test_generator(learner, trng):
    """Parameters and groups may come from a generator, which is read once"""
    why = "after step {step}: none of the {n} parameters is lost"
    for groups in ((), ({"lr": 0.5}, {}, {})):
        run(Both(learner, trng, [(2,), (3,), (1,)], groups, wrap=iter), 3, why=why, n=3)


def test_new_rate(learner, trng):
    """A changed lr in param_groups counts from the next step, for decay too"""
    both = Both(learner, trng, [(2,)], lr=0.5, eps=1.0, weight_decay=0.5)
    group = learner.handle(both.answer, "param_groups", 0)
    for lr in (0.5, 0.25, 0.0, 0.1):
        group["lr"] = both.oracle.param_groups[0]["lr"] = lr
        run(both, 1, why="lr was 0.5 first, and is {lr} now", lr=lr)


def test_no_gradient(learner, trng):
    """A parameter without gradient is left out: no decay, no count"""
    both = Both(learner, trng, [(1,), (2,)], lr=0.5, eps=0.25, weight_decay=0.5)
    missed = {0: [], 1: []}
    for step, without in enumerate(([1], [1], [0], [], [0, 1], []), 1):
        missed = {i: each + [str(step)] * (i in without) for i, each in missed.items()}
        which = "; ".join(f"w[{i}]: {', '.join(each)}" for i, each in missed.items() if each)
        why = "after step {now}; steps in which one had no gradient: {which}"
        run(both, 1, why=why, without=without, now=step, which=which)


def test_gradients(learner, trng):
    """step leaves gradients as they are; zero_grad makes them None or zeros"""
    both = Both(learner, trng, [(2,), (3,)], ({}, {"lr": 0.5}), lr=0.1)
    both.step()
    for ours, p in zip(both.ours, both.theirs, strict=True):
        assert_close(ours.grad(), p.grad, **CLOSE, name="grad", why="as it was before step()")
    both.answer.zero_grad()
    for grad in filter(torch.is_tensor, [ours.grad() for ours in both.ours]):
        assert_holds(not grad.any(), got=grad, why="after zero_grad() a gradient is {got}")


def test_state_dict(learner, trng):
    """state_dict is made of dicts, lists, numbers, strings and tensors"""
    both, kinds = Both(learner, trng, [(2,), (3,)]), (int, float, str, type(None), torch.Tensor)
    both.step(without=[1])
    state = both.answer.state_dict()
    plain = isinstance(state, dict) and all(isinstance(part, kinds) for part in parts(state))
    assert_holds(plain, got=state, why="state_dict() gives {got}")


def test_resume(learner, trng):
    """A new AdamW that loads the state goes on exactly as the old one"""
    old = Both(learner, trng, [(2,), (3,), (1,)], ({}, {"eps": 0.25}, {}), **OPTIONS[0])
    old.step(without=[1, 2])
    learner.handle(old.answer, "param_groups", 1)["lr"] = old.oracle.param_groups[1]["lr"] = 0.25
    old.step(without=[2])
    new = [learner.place(p.value(), parameter=True) for p in old.ours]
    answer = optimizer(learner, [{"params": [p]} for p in new])
    answer.load_state_dict(old.answer.state_dict())
    for step in range(1, 4):
        old.step()
        for p, theirs in zip(new, old.theirs, strict=True):
            p.set_grad(theirs.grad)
        answer.step()
        for p, q, theirs in zip(new, old.ours, old.theirs, strict=True):
            why, exact = "in step {step} after load_state_dict", torch.equal(p.value(), q.value())
            assert_close(p.value(), theirs.detach(), **CLOSE, name="w", why=why, step=step)
            assert_holds(exact, got=p.value(), why="the old one differs in the last bits")


def test_decay_groups(learner):
    """decay_groups: matrices and embeddings decay, biases and norms do not"""
    for tied in (False, True):
        model, decaying = learner.stage.make_model(tied), DECAYING[: 3 if tied else 4]
        found = learner.stage.described(model, learner.keep.decay_groups(model, 0.5))
        names, why = [name for name, _ in found], "every parameter once, tied or not"
        for name in (*decaying, *OTHERS):
            assert_equal(names.count(name), 1, name=f"how often {name}", why=why)
        for name, decay in found:
            want, why = 0.5 * (name in decaying), "this is decay_groups(model, 0.5)"
            assert_close(decay, want, name=f"weight_decay of {name}", why=why)
