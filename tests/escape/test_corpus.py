"""No attack earns a point, and each ends as its header says."""

from __future__ import annotations

import concurrent.futures
import json
import re
from functools import cache

import pytest

from llmex.grader.report import Report, to_plain
from tests.escape.attacks import GROUPS, HERE, Attack, corpus, judged, judged_text

HONEST = HERE / "honest.py"


@cache
def reports() -> dict[str, Report]:
    """The report on every attack; those that wait for a deadline do so side by side."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return dict(zip([a.name for a in corpus()], pool.map(judged, corpus()), strict=True))


@pytest.mark.parametrize("attack", corpus(), ids=lambda attack: attack.name)
def test_an_attack_earns_nothing(attack: Attack) -> None:
    """Not one check passes, whatever the outcome is called."""
    verdict = reports()[attack.name].verdict
    assert verdict.passed == 0, [
        check.name for check in verdict.checks if check.outcome == "passed"
    ]
    assert verdict.outcome not in ("passed", "delegated")


@pytest.mark.parametrize("attack", corpus(), ids=lambda attack: attack.name)
def test_an_attack_ends_as_it_should(attack: Attack) -> None:
    """The outcome is the one in the header; a stop names its cause."""
    verdict = reports()[attack.name].verdict
    assert verdict.outcome in attack.expect, verdict.problem and verdict.problem.english()
    if attack.says:
        assert verdict.stop is not None
        assert attack.says in verdict.stop.english()


@pytest.mark.parametrize("attack", corpus(), ids=lambda attack: attack.name)
def test_a_report_stays_small(attack: Attack) -> None:
    """Whatever an answer says, what is shown of it is a page or two."""
    assert len(json.dumps(to_plain(reports()[attack.name]))) < 100_000


def test_every_group_is_there() -> None:
    """Each of the seven groups has attacks, and no header names another."""
    assert {attack.group for attack in corpus()} == set(GROUPS)
    assert len(corpus()) > 200


def test_the_plain_exercise_can_be_passed() -> None:
    """An honest answer passes the exercise that only confused values fail."""
    assert judged_text("plain", HONEST.read_text()).verdict.outcome == "passed"


def test_outcomes_of_attacks_are_known_words() -> None:
    """A header cannot hope for something that no verdict can be."""
    known = {"failed", "stopped", "grader-error"}
    assert all(attack.expect <= known and attack.expect for attack in corpus())
    assert all(re.fullmatch(r"[a-z0-9_]+", attack.name) for attack in corpus())
