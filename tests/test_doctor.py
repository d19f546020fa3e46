"""The doctor says what protects this machine from the code that is judged, and what does not."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmex.cli.main import main
from llmex.cli.words import LANGUAGES, Words
from llmex.grader import grade as grading
from llmex.grader.report import Report
from llmex.grader.worker.lockdown import Achieved

pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")
NAMES = [field.name for field in dataclasses.fields(Achieved)]


@pytest.fixture
def doctor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., str]:
    """What the doctor says of a machine that gives only these protections."""
    judge = grading.grade

    def run(achieved: Achieved | None = None, *options: str) -> str:
        def grade(*given: Any, **named: Any) -> Report:
            report = judge(*given, **named)
            if achieved is None:
                return report
            return dataclasses.replace(report, tier=achieved.tier, lacks=achieved.missing)

        monkeypatch.setattr(grading, "grade", grade)
        monkeypatch.chdir(tmp_path)
        code = main(["doctor", *options])
        told, err = capsys.readouterr()
        assert code == 0, err
        return told

    return run


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_thing_that_can_be_missing_has_plain_words(name: str, lang: str) -> None:
    """No machine lacks something that the doctor cannot explain."""
    assert Words(lang).has(f"lacks.{name}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_machine_without_walls_is_told(doctor: Callable[..., str], lang: str) -> None:
    """A process with its limits alone is T1; the files, the network and programs are named."""
    held = {name: not name.startswith("no_") for name in NAMES}
    text = doctor(Achieved(**held), "--plain", "--lang", lang)
    words = Words(lang)
    assert flat(words.say("doctor.tier-t1")) in flat(text)
    for name in ("no_files", "no_sockets", "no_processes", "no_capabilities"):
        assert flat(words.say(f"lacks.{name}")) in flat(text)
    assert flat(words.say("lacks.memory")) not in flat(text)


def flat(text: str) -> str:
    """A text without its lines' ends and spaces."""
    return re.sub(r"\s+", "", text)


def test_a_program_is_told_the_same(doctor: Callable[..., str]) -> None:
    """With --json the tier is a word, and what is missing a list of names."""
    found = json.loads(doctor(Achieved(memory=True), "--json"))
    assert found["tier"] == "T0"
    assert set(found["lacks"]) == set(NAMES) - {"memory"}


def test_a_safe_machine_lacks_nothing(doctor: Callable[..., str]) -> None:
    """Where everything holds, the doctor says what that means and lists no trouble."""
    everything = Achieved(**dict.fromkeys(NAMES, True))
    text = doctor(everything, "--plain")
    assert flat(Words("en").say("doctor.tier-t2")) in flat(text)
    assert "missing" not in text


def test_the_doctor_says_what_the_worker_saw(doctor: Callable[..., str]) -> None:
    """What is told is what a worker of this machine, once locked, found refused."""
    found = json.loads(doctor(None, "--json"))
    assert (found["tier"] == "T2") == (not found["lacks"])
