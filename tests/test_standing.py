"""What a pass is worth: changed answers, changed imports, and what an exercise must rest on."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from llmex.grader import standing
from llmex.grader.catalog import load_course
from llmex.grader.progress import ExerciseProgress, Progress
from llmex.grader.sources import digest, gather, present, text_hash
from llmex.grader.standing import missing, renewed, stale
from tests.judging import WORLD, course, world_solution

DOUBLE = world_solution("double")
USES_DOUBLE = "from small.double import double\n\ndef total(xs):\n    return double(sum(xs)) / 2\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with answers to `double` and to `total`, which imports it."""
    write(tmp_path, "double", DOUBLE)
    write(tmp_path, "total", USES_DOUBLE)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    """Put an answer into the workspace."""
    (root / "small").mkdir(exist_ok=True)
    (root / "small" / f"{name}.py").write_text(text, "utf-8")


def passed(root: Path, *ids: str) -> Progress:
    """Progress in which these exercises have passed as they stand in the workspace."""
    entries = {e: ExerciseProgress("passed", answer_hash=present(course(), e, root)) for e in ids}
    return Progress(exercises=entries)


def test_an_unchanged_pass_is_not_stale(root: Path) -> None:
    """What stands as it passed is not stale, nor is what never passed."""
    assert stale(course(), root, passed(root, "double", "total")) == frozenset()
    tried = Progress(exercises={"double": ExerciseProgress("tried", answer_hash="0" * 32)})
    assert stale(course(), root, tried) == frozenset()


def test_the_hash_is_that_of_the_check(root: Path) -> None:
    """The hash of what stands in a file is the one that a check records, imports included."""
    exercise = course().exercise("total")
    answer = gather(course(), exercise, USES_DOUBLE, root)
    assert answer.yours == ("double",)
    assert present(course(), "total", root) == answer.digest
    assert answer.digest != digest(exercise.module_name, {exercise.module_name: USES_DOUBLE})


def test_an_earlier_change_makes_later_passes_stale(root: Path) -> None:
    """Changing an imported answer makes its own pass stale and every one that rests on it."""
    progress = passed(root, "double", "total")
    write(root, "double", DOUBLE + "\n# another thought\n")
    assert stale(course(), root, progress) == {"double", "total"}
    write(root, "double", DOUBLE)
    assert stale(course(), root, progress) == frozenset()


def test_a_change_touches_only_what_imports_it(root: Path) -> None:
    """Changing a later answer leaves the earlier pass as it was."""
    progress = passed(root, "double", "total")
    write(root, "total", USES_DOUBLE + "\n")
    assert stale(course(), root, progress) == {"total"}


@pytest.mark.parametrize("how", ["gone", "not text", "a folder"])
def test_what_cannot_be_read_has_changed(root: Path, how: str) -> None:
    """A file that is gone or cannot be read is no longer what passed, and is no error."""
    progress = passed(root, "double")
    path = root / "small" / "double.py"
    path.unlink()
    if how == "not text":
        path.write_bytes(b"\xff\xfe\x00")
    elif how == "a folder":
        path.mkdir()
    assert stale(course(), root, progress) == {"double"}


def test_a_pass_without_a_hash_is_not_stale(root: Path) -> None:
    """A pass of which no hash was kept is left alone, and so is one of an unknown exercise."""
    entries = {"double": ExerciseProgress("passed"), "gone": ExerciseProgress("passed")}
    assert stale(course(), root, Progress(exercises=entries)) == frozenset()


def test_what_an_exercise_rests_on(root: Path) -> None:
    """A prerequisite counts when it is one's own and passed as it stands, whoever imports it."""
    descent = course().exercise("descent")
    assert descent.needs == ("double",)
    progress = passed(root, "double")
    assert missing(course(), descent, root, progress) == ()
    assert missing(course(), descent, root, Progress()) == ("double",)
    write(root, "double", DOUBLE + "\n# another thought\n")
    assert missing(course(), descent, root, progress) == ("double",)
    write(root, "double", course().exercise("double").stub_path.read_text("utf-8"))
    assert missing(course(), descent, root, passed(root, "double")) == ("double",)
    (root / "small" / "double.py").unlink()
    unknown = dataclasses.replace(progress.exercises["double"], answer_hash=None)
    assert missing(course(), descent, root, Progress(exercises={"double": unknown})) == ("double",)


def test_no_heavy_import() -> None:
    """Whoever asks what is stale need not wait for NumPy, torch or pytest."""
    code = (
        "import sys; import llmex.grader.standing;"
        "sys.exit(bool({'numpy', 'torch', 'pytest', 'msgpack'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_passed_answers_are_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all files in a workspace only those of passed answers and their imports are opened."""
    from llmex.grader import sources

    opened: list[str] = []
    read = sources.read_source

    def noting(path: Path, **options: Path | None) -> str | None:
        opened.append(path.name)
        return read(path, below=options.get("below"))

    monkeypatch.setattr(sources, "read_source", noting)
    progress = passed(root, "double")
    opened.clear()
    others = {
        "total": ExerciseProgress("tried", answer_hash="0" * 32),
        "scale": ExerciseProgress("passed"),
    }
    stale(course(), root, Progress(exercises={**progress.exercises, **others}))
    assert opened == ["double.py"]


def test_a_newer_stub_is_noticed_where_it_matters(root: Path) -> None:
    """A stub that changed since an answer was begun is offered, but not after a pass."""
    stub = course().exercise("double").stub_path.read_text("utf-8")
    begun = {
        "double": ExerciseProgress("tried", stub_hash="0" * 32),
        "total": ExerciseProgress("passed", stub_hash="0" * 32),
    }
    assert renewed(course(), root, Progress(exercises=begun)) == {"double"}
    same = {"double": ExerciseProgress("tried", stub_hash=text_hash(stub))}
    assert renewed(course(), root, Progress(exercises=same)) == frozenset()
    unknown = {"double": ExerciseProgress("tried")}
    assert renewed(course(), root, Progress(exercises=unknown)) == frozenset()


def test_an_answer_that_passed_under_an_older_id_is_not_stale(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the digests that the same text had under older ids is enough; none is a change."""
    entry = ExerciseProgress("passed", answer_hash="2" * 32)
    progress = Progress(exercises={"double": entry})
    for older, expected in ((["1" * 32, "2" * 32], set()), (["1" * 32], {"double"})):
        monkeypatch.setattr(standing, "formerly", lambda *_, found=older: iter(found))
        assert stale(course(), root, progress) == expected


def test_a_stub_that_cannot_be_read_is_no_newer_one(tmp_path: Path) -> None:
    """Where the course is broken nobody is told to begin again."""
    copied = shutil.copytree(WORLD, tmp_path / "course")
    broken = load_course(copied)
    write(tmp_path, "double", DOUBLE)
    begun = Progress(exercises={"double": ExerciseProgress("tried", stub_hash="0" * 32)})
    assert renewed(broken, tmp_path, begun) == {"double"}
    (copied / "exercises" / "small" / "double" / "stub.py").unlink()
    assert renewed(broken, tmp_path, begun) == frozenset()


def test_a_newer_stub_is_nothing_to_an_answer_that_is_gone(root: Path) -> None:
    """Where no file of the learner's is, there is nothing to begin again."""
    (root / "small" / "double.py").unlink()
    begun = {"double": ExerciseProgress("tried", stub_hash="0" * 32)}
    assert renewed(course(), root, Progress(exercises=begun)) == frozenset()
