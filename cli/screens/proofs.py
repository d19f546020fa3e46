"""The screens of the deep check and of the numbers behind each exercise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from llmex.cli.page import Page
from llmex.cli.screens.author import finding
from llmex.cli.words import Words

if TYPE_CHECKING:
    from llmex.grader.author.deep import Proved
    from llmex.grader.author.stats import Line

COLUMNS = ("checks", "mistakes", "mutants", "gradients", "cpu", "proof")
WIDTHS = (6, 8, 7, 5, 6, 7)
LONG = 32  # an id that leaves no room for the numbers on 80 columns


def proofs(words: Words, found: Sequence[Proved], *, plain: bool) -> Page:
    """Every exercise with what was proved of it, its survivors, or what keeps it from a proof."""
    page = Page(words, plain=plain)
    for one in found:
        _one(page, words, one)
    page.gap()
    bad = [one for one in found if one.findings or one.trouble]
    if bad:
        count = sum(len(one.findings) for one in bad)
        page.add(words.say("author.findings", n=count), indent=1)
        page.next((words.say("next.again"), f"llmex author check --deep {bad[0].exercise}", ""))
    else:
        page.add(words.say("author.all-proved", n=len(found)), indent=1)
    return page


def _one(page: Page, words: Words, one: Proved) -> None:
    if one.trouble is not None:
        page.mark("bad", f"{one.exercise}: {words.say('author.not-judged')}")
        finding(page, words, one.trouble)
    elif one.findings:
        page.mark("bad", f"{one.exercise}: {words.say('author.findings', n=len(one.findings))}")
    else:
        page.mark("good", f"{one.exercise}: {words.say('author.proved', s=f'{one.seconds:.1f}')}")
    for error in one.findings:
        finding(page, words, error)
    if one.proof is None:
        return
    score, gradients, seeds = one.proof.mutants, one.proof.gradients, one.proof.seeds
    fields = {"killed": score.killed, "n": score.made, "equivalent": score.equivalent}
    page.add(words.say("author.mutants", percent=f"{100 * score.rate:.1f}", **fields), indent=3)
    for mutant in one.survivors:
        page.add(words.say("author.survivor", line=mutant.line, mutant=mutant.name), indent=5)
    if gradients.injected:
        told = {"told": gradients.killed, "n": gradients.injected}
        page.add(words.say("author.gradients", **told), indent=3)
    ran = {"failed": seeds.failed, "n": len(seeds.right), "seeds": seeds.run}
    page.add(words.say("author.seeds", **ran), indent=3)


def numbers(words: Words, lines: Sequence[Line], total: Mapping[str, Any], *, plain: bool) -> Page:
    """One line for each exercise, module by module, and what all come to."""
    page = Page(words, plain=plain)
    page.cells(words.say("author.exercise"), "", _row([words.say(f"stats.{c}") for c in COLUMNS]))
    module = ""
    for line in lines:
        if line.module != module:
            module = line.module
            page.add(module, "quiet", indent=1)
        name, row = line.id, _row(_fields(words, line))
        if cell_len(name) > LONG:
            page.add(name, indent=2)
            name = ""
        page.cells(name, "", row, indent=2)
    page.gap()
    percent = f"{100 * total['score']:.1f}"
    page.add(words.say("stats.total", n=total["exercises"], proved=total["proved"]), indent=1)
    if total["mutants"]:
        counted = {name: total[name] for name in ("killed", "mutants", "equivalent")}
        page.add(words.say("stats.score", percent=percent, **counted), indent=1)
    return page


def _fields(words: Words, line: Line) -> list[str]:
    known = line.seeds > 0
    return [
        str(line.checks),
        str(line.mistakes),
        f"{line.killed}/{line.mutants - line.equivalent}" if known else "–",
        f"{line.gradients_killed}/{line.gradients}" if line.gradients else "–",
        f"{line.cpu_ms:.0f}" if known else "–",
        words.say(f"stats.{line.proof}"),
    ]


def _row(fields: Sequence[str]) -> str:
    padded = [" " * (w - cell_len(f)) + f for f, w in zip(fields, WIDTHS, strict=True)]
    return " ".join(padded)
