"""Measure what the capstones' gates rest on: right trainings with several seeds, and wrong ones.

    python scripts/calibrate_capstones.py            # what is not measured yet; one to two hours
    python scripts/calibrate_capstones.py --checks   # which quick check tells each fault; minutes
    python scripts/calibrate_capstones.py --table    # the tables of docs/capstones.md

Every training runs in a process of its own, on one thread, with the course's solutions in the place
of a learner's answers; a fault is an edit of one of them. Results are kept in
benchmarks/results/capstones.json, run by run, so that a calibration can be taken up again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXT = ROOT / "exercises" / "data" / "shakespeare.txt"
RESULTS = ROOT / "benchmarks" / "results" / "capstones.json"
STEPS, FAULT_STEPS, SEEDS = 2000, 1000, (1, 2, 3, 4, 5)
CHAR, BPE = "gpt/capstone-char-gpt", "gpt/capstone-bpe-gpt"
PARTS = (
    "neural_networks/stable-softmax",
    "neural_networks/cross-entropy-loss",
    "neural_networks/activations",
    "neural_networks/linear-init",
    "neural_networks/embedding-layer",
    "neural_networks/layernorm",
    "training/adamw",
    "training/lr-warmup-cosine",
    "training/lm-batches",
    "tokens/char-tokenizer",
    "tokens/bpe-train",
    "tokens/bpe-encode",
    "attention/scaled-dot-product-attention",
    "attention/attention-masks",
    "attention/multi-head-attention",
    "attention/feed-forward",
    "attention/transformer-block",
    "gpt/gpt2-model",
    "gpt/gpt2-init-tying",
    "gpt/train-loop",
    "gpt/sample-temperature",
    CHAR,
    BPE,
)
MHA, MODEL, ADAMW = "attention/multi-head-attention", "gpt/gpt2-model", "training/adamw"
FAULTS = {
    "attention sees the future": (MODEL, "causal_mask(T, T)", "None"),
    "heads put together without the transpose": (
        MHA,
        "heads.transpose(1, 2).flatten(2)",
        "heads.reshape(x.shape[0], x.shape[1], -1)",
    ),
    "targets not shifted": (
        "training/lm-batches",
        "return rows[:, :-1], rows[:, 1:]",
        "return rows[:, :-1], rows[:, :-1]",
    ),
    "embeddings start at N(0, 1)": (
        CHAR,
        "    tie_weights(model)\n",
        "    tie_weights(model)\n    torch.nn.init.normal_(model.wte.weight)\n",
    ),
    "weight decay in the gradient": (
        ADAMW,
        '        lr, (beta1, beta2) = group["lr"], group["betas"]\n',
        '        lr, (beta1, beta2) = group["lr"], group["betas"]\n'
        '        g, group = g + group["weight_decay"] * p, {**group, "weight_decay": 0.0}\n',
    ),
    "no positions": (MODEL, "self.wpe(torch.arange(T))", "0 * self.wpe(torch.arange(T))"),
    "no last LayerNorm": (MODEL, "self.head(self.ln_f(x))", "self.head(x)"),
    "AdamW without bias correction": (
        ADAMW,
        'm_hat / (v_hat.sqrt() + group["eps"])',
        'state["m"] / (state["v"].sqrt() + group["eps"])',
    ),
    "scores divided by the root of d_model": (
        MHA,
        "attention(q, k, v, mask)",
        "attention(q / self.n_heads**0.5, k, v, mask)",
    ),
    "scores not divided": (
        MHA,
        "attention(q, k, v, mask)",
        "attention(q * q.shape[-1] ** 0.5, k, v, mask)",
    ),
}


def split(text: str) -> tuple[str, str]:
    """The first 90 % of the characters, and the rest."""
    cut = len(text) * 9 // 10
    return text[:cut], text[cut:]


def grow(folder: Path, fault: str | None) -> None:
    """Lay the solutions out as a learner's workspace, one of them with the fault."""
    place, find, replace = FAULTS[fault] if fault else ("", "", "")
    for part in PARTS:
        source = (ROOT / "solutions" / part / "solution.py").read_text("utf-8")
        if part == place:
            if source.count(find) != 1:
                raise SystemExit(f"{part}/solution.py holds {source.count(find)} times: {find}")
            source = source.replace(find, replace)
        module, name = part.split("/")
        target = folder / module / f"{name.replace('-', '_')}.py"
        target.parent.mkdir(exist_ok=True)
        (target.parent / "__init__.py").touch()
        target.write_text(source, "utf-8")


def nats(model: Any, ids: list[int]) -> float:
    """The sum of -log p over all targets, each once, in windows of the model's n_ctx."""
    import torch

    size = model.cfg.n_ctx
    x, y = torch.tensor(ids[:-1]), torch.tensor(ids[1:])
    total = 0.0
    model.eval()
    with torch.no_grad():
        for at in range(0, len(x), 64 * size):
            rows, targets = x[at : at + 64 * size], y[at : at + 64 * size]
            whole = len(rows) // size * size
            for part in (slice(0, whole), slice(whole, None)):
                if len(rows[part]):
                    logits = model(rows[part].view(-1, size if part.stop else len(rows[part])))
                    log_p = torch.log_softmax(logits.double().flatten(0, 1), -1)
                    total -= float(log_p.gather(1, targets[part, None]).sum())
    return total


def measure(kind: str, seed: int, steps: int) -> dict[str, float]:
    """One training in this process, whose path begins with a grown workspace."""
    import importlib

    import torch

    torch.set_num_threads(1)
    capstone = importlib.import_module(kind.replace("/", ".").replace("-", "_"))
    capstone.TRAINING["seed"] = seed
    train, val = split(TEXT.read_text("ascii"))
    _, fresh = capstone.run(train, 0)
    started, losses = time.process_time(), []
    tokenizer, model = capstone.run(train, steps, lambda _, loss: losses.append(loss))
    took = time.process_time() - started
    ids = tokenizer.encode(val)
    total, before = nats(model, ids), nats(fresh, ids[:4097]) / 4096
    return {
        "entries": float(model.cfg.vocab_size),
        "start": round(before, 4),
        "per_token": round(total / (len(ids) - 1), 4),
        "per_character": round(total / len(val), 4),
        "training_loss": round(sum(losses[-100:]) / max(1, len(losses[-100:])), 4),
        "cpu_s": round(took, 1),
    }


def wanted() -> list[dict[str, Any]]:
    """Every run, the ones that gates need most first."""
    runs = [{"kind": kind, "fault": None, "seed": 1, "steps": STEPS} for kind in (CHAR, BPE)]
    runs += [{"kind": CHAR, "fault": f, "seed": 1, "steps": FAULT_STEPS} for f in (None, *FAULTS)]
    for seed in SEEDS[1:]:
        runs += [{"kind": k, "fault": None, "seed": seed, "steps": STEPS} for k in (CHAR, BPE)]
    return runs


def kept() -> list[dict[str, Any]]:
    """What has been measured."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []


def in_a_process(run: dict[str, Any]) -> dict[str, float]:
    """The results of one run, made by a process on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        grow(Path(folder), run["fault"])
        command = [sys.executable, __file__, "--one", json.dumps(run)]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": folder}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def keep(results: list[dict[str, Any]]) -> None:
    """Write all results, a line for each."""
    RESULTS.parent.mkdir(exist_ok=True)
    lines = ",\n".join("  " + json.dumps(one) for one in results)
    RESULTS.write_text(f"[\n{lines}\n]\n", "utf-8")


def missing() -> None:
    """Measure what is not measured yet, and keep every result at once."""
    for run in wanted():
        results = kept()
        if any(all(one[key] == run[key] for key in run) for one in results):
            continue
        found = run | in_a_process(run)
        print(json.dumps(found), flush=True)
        keep([*kept(), found])


def told_by(fault: str) -> str:
    """The first quick check of the suite that fails with the fault, "" if all pass."""
    from llmex.grader.catalog import load_course
    from llmex.grader.grade import grade
    from llmex.grader.sources import gather

    course = load_course(ROOT)
    exercise = course.exercise(CHAR.split("/")[1])
    with tempfile.TemporaryDirectory() as folder:
        grow(Path(folder), fault)
        text = (Path(folder) / f"{CHAR.replace('-', '_')}.py").read_text("utf-8")
        answer = gather(course, exercise, text, Path(folder))
        checks = grade(exercise, answer, quick=True, diagnose=False).verdict.checks
    return next((check.name for check in checks if check.outcome in ("failed", "stopped")), "")


def checks() -> None:
    """Note with each fault which check tells it."""
    for i, one in enumerate(kept()):
        if one["fault"]:
            one["told_by"] = told_by(one["fault"])
            print(one["fault"], one["told_by"], flush=True)
            keep([*kept()[:i], one, *kept()[i + 1 :]])


def rows() -> list[str]:
    """The two tables as Markdown."""
    out = ["| | entries | seed | at the start | nats per token | nats per character | CPU-s |"]
    out.append("|---|---|---|---|---|---|---|")
    right = [one for one in kept() if not one["fault"] and one["steps"] == STEPS]
    for one in sorted(right, key=lambda one: (one["kind"] != CHAR, one["seed"])):
        name = "characters" if one["kind"] == CHAR else "BPE"
        out.append(
            f"| {name} | {one['entries']:.0f} | {one['seed']} | {one['start']:.3f} "
            f"| {one['per_token']:.3f} | {one['per_character']:.3f} | {one['cpu_s']:.0f} |"
        )
    out += ["", f"| fault, {FAULT_STEPS} steps | at the start | nats per character | told by |"]
    out.append("|---|---|---|---|")
    for one in kept():
        if one["steps"] == FAULT_STEPS:
            values = f"{one['start']:.3f} | {one['per_character']:.3f} | {one.get('told_by', '')}"
            out.append(f"| {one['fault'] or '(none)'} | {values} |")
    return out


def main() -> None:
    """Measure, or print what has been measured."""
    if sys.argv[1:2] == ["--one"]:
        run = json.loads(sys.argv[2])
        print(json.dumps(measure(run["kind"], run["seed"], run["steps"])))
    elif sys.argv[1:] == ["--checks"]:
        checks()
    elif sys.argv[1:] == ["--table"]:
        print("\n".join(rows()))
    elif sys.argv[1:]:
        print(__doc__)
    else:
        missing()


if __name__ == "__main__":
    main()
