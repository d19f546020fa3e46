"""What mistakes do is remembered by content, and nothing but what they do."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from llmex.grader import inquiry
from llmex.grader.evidence import Evidence, same_evidence
from llmex.grader.grade import job_of
from llmex.grader.job import Job
from llmex.grader.remembered import LARGEST, MOST, Remembered
from llmex.grader.report import Check
from llmex.grader.suite import Ran, Session
from tests.judging import answer, course, judged, world_answer


class _Seat:
    """A seat in a session that nobody runs."""

    def __init__(self, label: str) -> None:
        self.label = label

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """The job of judging an answer of the miniature course."""
    exercise = course().exercise("double")
    wrong = answer(exercise, world_answer("double/failed"))
    made = job_of(exercise, wrong, diagnose=True, seed=0)
    return dataclasses.replace(made, cache=str(tmp_path / "cache"))


def found(got: object) -> dict[str, list[Ran]]:
    """What a session found of the mistake `square` in one check."""
    entry = Evidence("close", "out", got, None, 1e-6, None, False, 20.0)
    return {"square": [Ran(Check("test_small", "", "failed"), [entry])]}


def test_evidence_comes_back(job: Job) -> None:
    """What was noted and saved is there for the next command, arrays and all."""
    values = np.linspace(0.0, 1.0, 2000).reshape(40, 50)
    first = Remembered(job)
    first.note(found({"w": values, "n": [1, "a", None]}))
    first.save()
    square = next(m for m in job.mistakes if m.label == "square")
    again = Remembered(job)
    assert again.missing(job.mistakes, ["test_small"]) == [m for m in job.mistakes if m != square]
    (ran,) = again.of(square, ["test_small"])
    assert ran.check.outcome == "failed"
    np.testing.assert_array_equal(ran.evidence[0].got["w"], values)


@pytest.mark.parametrize(
    "change", ["seed", "exercise", "fingerprint", "stage", "limits", "mistakes"]
)
def test_whatever_could_matter_makes_it_forget(job: Job, change: str) -> None:
    """Another seed, exercise, llmex, stage, limit or mistake: nothing is known."""
    first = Remembered(job)
    first.note(found(1))
    first.save()
    other: Any = {
        "seed": 1,
        "exercise": "another",
        "fingerprint": "another",
        "stage": "x = 1\n",
        "limits": {**job.limits, "cpu_s": 3},
        "mistakes": job.mistakes[:1],
    }[change]
    changed = dataclasses.replace(job, **{change: other})
    assert Remembered(job).missing(job.mistakes[:1], ["test_small"]) == []
    assert Remembered(changed).missing(job.mistakes[:1], ["test_small"]) != []


def test_another_torch_forgets(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release of torch may compute another thing."""
    import torch

    first = Remembered(job)
    first.note(found(1))
    first.save()
    monkeypatch.setattr(torch, "__version__", "0.0")
    assert Remembered(job).missing(job.mistakes[:1], ["test_small"]) != []


def test_large_evidence_is_found_out_again(job: Job) -> None:
    """What would take much room is not kept; beside it the rest is."""
    first = Remembered(job)
    large = found(np.zeros(LARGEST // 8))["square"][0].evidence
    first.note(found(1))
    first.note({"square": [Ran(Check("test_large", "", "failed"), large)]})
    first.save()
    (square,) = (m for m in job.mistakes if m.label == "square")
    assert Remembered(job).missing([square], ["test_small"]) == []
    assert Remembered(job).missing([square], ["test_large"]) == [square]


def test_a_spoilt_file_is_as_good_as_none(job: Job) -> None:
    """Bytes that are no memory of ours are not believed and do no harm."""
    first = Remembered(job)
    first.note(found(1))
    first.save()
    (path,) = Path(job.cache).iterdir()
    for junk in (b"", b"\x00" * 50, path.read_bytes()[:-7]):
        path.write_bytes(junk)
        assert Remembered(job).missing(job.mistakes[:1], ["test_small"]) != []


def test_what_cannot_cross_is_left_out(job: Job) -> None:
    """An object without bytes is found out again; the rest is remembered."""
    first = Remembered(job)
    first.note(found(object()))
    first.note({"one-more": found(3)["square"]})
    first.save()
    labels = [m.label for m in Remembered(job).missing(job.mistakes, ["test_small"])]
    assert labels == ["square"]


class Stayed:
    """What the judge has of an object that stayed in the worker."""

    remote_type = "Value"


def test_an_object_that_stayed_is_remembered_as_that(job: Job) -> None:
    """Its evidence equals no other's, now and later: there is nothing to find out again."""
    first = Remembered(job)
    first.note(found([1, Stayed()]))
    first.save()
    square = next(m for m in job.mistakes if m.label == "square")
    again = Remembered(job)
    assert square not in again.missing(job.mistakes, ["test_small"])
    (ran,) = again.of(square, ["test_small"])
    for got in ([1, Stayed()], None, [1]):
        assert not same_evidence(ran.evidence, found(got)["square"][0].evidence)


def test_a_diagnosis_costs_no_second_session(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time no mistake sits for anything, also where an object stayed in the worker."""
    sat: list[str] = []

    def run(_job: Job, seats: Sequence[Any], _tell: Any) -> Session:
        sat.extend(seat.label for seat in seats)
        return Session({seat.label: found([Stayed()])["square"] for seat in seats})

    monkeypatch.setattr("llmex.grader.suite.run", run)
    learner = found([2])["square"]
    seated: Any = lambda subject, _: _Seat(subject.label)  # noqa: E731
    for _ in range(2):
        assert inquiry.inquire(job, seated, learner) is None
    assert sat == ["solution", *(mistake.label for mistake in job.mistakes)]


def test_a_folder_that_cannot_be_written_is_no_trouble(job: Job, tmp_path: Path) -> None:
    """A file in the cache's place: the diagnosis is as good, only slower."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    first = Remembered(dataclasses.replace(job, cache=str(blocked / "cache")))
    first.note(found(1))
    first.save()
    (square,) = (m for m in job.mistakes if m.label == "square")
    assert [one.check.outcome for one in first.of(square, ["test_small"])] == ["failed"]
    assert blocked.read_text() == ""


def test_the_oldest_go_first(job: Job) -> None:
    """The folder does not grow without end."""
    folder = Path(job.cache)
    folder.mkdir()
    for n in range(MOST + 20):
        (folder / f"old-{n}").write_bytes(b"")
        os.utime(folder / f"old-{n}", (n, n))
    (folder / "young").write_bytes(b"")
    first = Remembered(job)
    first.note(found(1))
    first.save()
    left = {path.name for path in folder.iterdir()}
    assert len(left) == MOST
    assert "young" in left


def test_the_name_is_the_same_the_second_time() -> None:
    """A diagnosis from memory is the diagnosis."""
    text = world_answer("double/failed")
    first, second = judged("double", text).diagnosis, judged("double", text).diagnosis
    assert first == second
    assert first is not None
