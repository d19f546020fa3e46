"""The capstones' gates hold what was measured, and their documents say what the scripts found."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from llmex.grader.catalog import load_course
from llmex.grader.grade import grade
from llmex.grader.sources import gather
from tests.test_capstone_data import ROOT, script

RESULTS = json.loads((ROOT / "benchmarks" / "results" / "capstones.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def calibration() -> ModuleType:
    """The script that measures the trainings."""
    return script("calibrate_capstones")


def gate(kind: str) -> tuple[float, float]:
    """The gate that a capstone's suite holds."""
    suite = (ROOT / "solutions" / kind / "suite.py").read_text("utf-8")
    found = re.search(
        r"^STEPS, GATE, T(?:, \w+)* = 2000, \(([\d.]+), ([\d.]+)\), 64\b", suite, re.M
    )
    assert found is not None, kind
    return float(found[1]), float(found[2])


def test_right_trainings_pass_with_room(calibration: ModuleType) -> None:
    """Every right training of 2000 steps lies 0.1 nats or more inside its gate."""
    for kind in (calibration.CHAR, calibration.BPE):
        low, high = gate(kind)
        right = [one for one in RESULTS if one["kind"] == kind and one["steps"] == 2000]
        assert right, kind
        assert all(low + 0.1 < one["per_character"] < high - 0.1 for one in right)


def test_leaks_fall_below_the_floor(calibration: ModuleType) -> None:
    """Both faults that let the future in are better than any right model can be."""
    low, _ = gate(calibration.CHAR)
    leaks = ("attention sees the future", "heads put together without the transpose")
    found = [one["per_character"] for one in RESULTS if one["fault"] in leaks]
    assert len(found) == 2
    assert max(found) < low


def test_a_quick_check_tells_every_fault() -> None:
    """What the loss does not show, a quick check has told."""
    assert all(one["told_by"] for one in RESULTS if one["fault"])


def test_every_fault_fits_the_solutions(calibration: ModuleType, tmp_path: Path) -> None:
    """Each planted fault is still an edit of a solution as it stands today."""
    for i, fault in enumerate((None, *calibration.FAULTS)):
        (tmp_path / str(i)).mkdir()
        calibration.grow(tmp_path / str(i), fault)
        assert (tmp_path / str(i) / "gpt" / "capstone_char_gpt.py").is_file()


@pytest.mark.parametrize("kind", ["CHAR", "BPE"])
def test_the_course_is_all_its_own(calibration: ModuleType, tmp_path: Path, kind: str) -> None:
    """With the course's solutions as earlier answers nothing is lent and nothing left to torch."""
    place = getattr(calibration, kind)
    calibration.grow(tmp_path, None)
    course = load_course(ROOT)
    exercise = course.exercise(place.split("/")[1])
    text = (tmp_path / f"{place.replace('-', '_')}.py").read_text("utf-8")
    answer = gather(course, exercise, text, tmp_path)
    verdict = grade(exercise, answer, quick=True, diagnose=False).verdict
    assert answer.provided == ()
    assert (verdict.outcome, verdict.delegated_to) == ("unfinished", ())


def test_document_holds_the_tables(calibration: ModuleType) -> None:
    """The tables in docs/capstones.md are those that the script prints."""
    text = (ROOT / "docs" / "capstones.md").read_text("utf-8")
    tables = re.split(r"<!-- made by .* -->\n|\n<!-- end -->", text)[1]
    assert tables.strip() == "\n".join(calibration.rows())


def test_suites_hold_the_baselines() -> None:
    """The lines in a loss curve are what the script finds, to three decimals."""
    baselines = script("baselines")
    train, val = baselines.split((ROOT / "exercises/data/shakespeare.txt").read_text("ascii"))
    found = {
        "uniform": baselines.uniform(train),
        "bigram": baselines.bigram(train, val),
        "5-gram": baselines.WittenBell(train, 5).nats(train, val),
    }
    for kind in ("capstone-char-gpt", "capstone-bpe-gpt"):
        suite = (ROOT / "solutions" / "gpt" / kind / "suite.py").read_text("utf-8")
        for name, nats in found.items():
            assert f'"{name}": {round(nats, 3)}' in suite, (kind, name)
