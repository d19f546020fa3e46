"""A course is read completely or refused with the file, the line, the column and the remedy."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from llmex.grader import catalog
from llmex.grader.catalog import Course, json_schema, load_course, mistakes
from llmex.grader.errors import LlmexError
from llmex.grader.names import resolve
from llmex.grader.problems import problems

SUITE = '''"""Checks."""


def test_one(learner):
    """Rows sum to one."""


def test_two(learner):
    """Equals the definition, for any
    number of rows.

    A second paragraph is for authors.
    """


def test_three(learner):
    pass
'''
SOLUTION = "def f(x):\n    y = x + 1\n    return y * 2\n"
MISTAKES = """\
- id: no-one
  edit: [{find: "x + 1", replace: "x"}]
  says: One is not added.
- id: other
  file: mistakes/other.py
  says: It is all wrong.
- id: twice
  says: Both at once.
  edit:
    - {find: "y * 2", replace: "y * 2 * 1000000"}
    - {find: "x + 1", replace: "x + 111111"}
"""
IDS = ("array-basics", "stable-softmax", "log-softmax", "layer-norm")


def metadata(exercise_id: str, **more: Any) -> dict[str, Any]:
    """An exercise.yaml with nothing wrong in it."""
    return {
        "id": exercise_id,
        "version": 1,
        "title": "A title",
        "summary": "One sentence.",
        "difficulty": 1,
        "minutes": 20,
        "uses": "numpy",
        "checks": ["test_one", "test_two"],
        "hints": ["What is asked?", "Look again.", "f(x)"],
        **more,
    }


def put(path: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def add_exercise(root: Path, module: str, exercise_id: str, **more: Any) -> Path:
    """An exercise with all its files; returns its public folder."""
    folder = root / "exercises" / module / exercise_id
    put(folder / "exercise.yaml", yaml.safe_dump(metadata(exercise_id, **more), sort_keys=False))
    put(folder / "stub.py", "def f(x):\n    raise NotImplementedError\n")
    put(folder / "notes.en.md", "# Notes\n")
    hidden = root / "solutions" / module / exercise_id
    put(hidden / "suite.py", SUITE.partition("\n\ndef test_three")[0] + "\n")
    put(hidden / "solution.py", SOLUTION)
    return folder


def syllabus(modules: dict[str, tuple[str, ...]], **more: Any) -> str:
    """The text of a course.yaml."""
    entries = [
        {"id": m, "title": {"en": m.title(), "zh": "模块"}, "exercises": list(ids)}
        for m, ids in modules.items()
    ]
    plain = {"schema": 1, "title": {"en": "A course", "zh": "课程"}, "modules": entries, **more}
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A right course with two modules, four exercises and a track."""
    spine = {"spine": {"title": {"en": "The spine"}, "exercises": [IDS[1], IDS[0]]}}
    modules = {"basics": IDS[:1], "networks": IDS[1:]}
    put(tmp_path / "exercises" / "course.yaml", syllabus(modules, tracks=spine))
    for module, ids in modules.items():
        for exercise_id in ids:
            add_exercise(tmp_path, module, exercise_id)
    return tmp_path


def change(root: Path, exercise_id: str = "stable-softmax", **more: Any) -> Path:
    """Write the exercise's metadata anew with other fields (None removes one)."""
    (folder,) = root.glob(f"exercises/*/{exercise_id}")
    plain = metadata(exercise_id) | more
    kept = {k: v for k, v in plain.items() if v is not None}
    return put(folder / "exercise.yaml", yaml.safe_dump(kept, sort_keys=False))


def refused(root: Path, exercise_id: str = "stable-softmax") -> LlmexError:
    """The error of an exercise that cannot be read."""
    with pytest.raises(LlmexError) as caught:
        load_course(root).exercise(exercise_id)
    return caught.value


# -- reading ----------------------------------------------------------------------------------


def test_a_course_is_in_order(root: Path) -> None:
    """Modules, exercises and tracks come in the order of course.yaml."""
    course = load_course(root)
    assert course.ids == IDS
    assert [m.id for m in course.modules] == ["basics", "networks"]
    assert course.module_of["log-softmax"] == "networks"
    assert course.title_in("zh") == "课程"
    assert course.title_in("fr") == "A course"
    assert course.solutions == root.resolve() / "solutions"
    assert problems(course) == []


def test_tracks(root: Path) -> None:
    """The spine is the default track, `full` is everything, and another name is refused."""
    course = load_course(root)
    assert course.track() == course.track("spine") == (IDS[1], IDS[0])
    assert course.track("full") == IDS
    with pytest.raises(LlmexError, match=r"no track 'maths'.*\n.*spine, full"):
        course.track("maths")


def test_without_a_spine_the_default_is_everything(root: Path) -> None:
    """A course need not have tracks."""
    put(root / "exercises" / "course.yaml", syllabus({"basics": IDS[:1], "networks": IDS[1:]}))
    assert load_course(root).track() == IDS


def test_the_built_in_course_lies_beside_the_package(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder, the course beside the package is read, wherever that is."""
    assert (catalog.BUILT_IN / "grader" / "catalog.py").is_file()
    monkeypatch.setattr(catalog, "BUILT_IN", root.resolve())
    assert load_course().ids == IDS
    assert load_course().is_built_in


def test_an_exercise_knows_its_fields_and_files(root: Path) -> None:
    """Defaults fill what exercise.yaml leaves out, and every path is where the files are."""
    forbids = ["torch.softmax", {"in": "f", "names": ["torch.exp", "torch.log"]}]
    change(root, uses="torch", forbids=forbids, limits={"cpu_s": 2.5}, needs=["array-basics"])
    course = load_course(root)
    exercise = course.exercise("stable-softmax")
    assert exercise is course.exercise("stable-softmax")
    assert (exercise.uses, exercise.needs, exercise.scratch) == ("torch", ("array-basics",), False)
    assert exercise.forbidden == {"": ("torch.softmax",), "f": ("torch.exp", "torch.log")}
    limits = exercise.limits
    assert (limits.cpu_s, limits.wall_s, limits.memory_mb) == (2.5, 20, 1024)
    assert (limits.output_kb, limits.reply_mb) == (64, 32)
    assert exercise.module_name == "networks.stable_softmax"
    assert exercise.file_name == "networks/stable_softmax.py"
    assert exercise.stub_path.is_file()
    assert exercise.suite_path.is_file()
    assert exercise.solution_path.read_text() == SOLUTION
    assert exercise.provided_path is None
    assert exercise.stage_path is None
    provided = put(exercise.folder / "provided.py", "")
    assert exercise.provided_path == provided


def test_words_come_in_the_learners_language(root: Path) -> None:
    """Overlays give titles, hints and causes in a language; what they leave out is English."""
    folder = root / "exercises" / "networks" / "stable-softmax"
    put(folder / "notes.zh.md", "# 笔记\n")
    put(
        folder / "overlay.zh.yaml",
        "title: 标题\nchecks: {test_one: 每行和为一}\nhints: [问题是什么？]\n",
    )
    hidden = root / "solutions" / "networks" / "stable-softmax"
    put(
        hidden / "overlay.zh.yaml",
        "mistakes: {no-one: 没有加一}\nwhys: {'key {key}': '键 {key}'}\n",
    )
    exercise = load_course(root).exercise("stable-softmax")
    assert exercise.title_in("zh") == "标题"
    assert exercise.title_in("en") == exercise.title_in("fr") == "A title"
    assert exercise.summary_in("zh") == "One sentence."
    assert exercise.hints_in("zh") == ("问题是什么？", "Look again.", "f(x)")
    assert exercise.notes_path("zh").name == "notes.zh.md"
    assert exercise.notes_path("fr").name == "notes.en.md"
    assert exercise.check_titles("zh") == {
        "test_one": "每行和为一",
        "test_two": "Equals the definition, for any number of rows.",
    }
    assert exercise.mistake_says("no-one", "zh", "One is not added.") == "没有加一"
    assert exercise.mistake_says("other", "zh", "All wrong.") == "All wrong."
    assert exercise.why_in("key {key}", "zh") == "键 {key}"
    assert exercise.why_in("query {q}", "zh") == "query {q}"


def test_a_broken_overlay_is_english_for_learners_and_an_error_for_authors(root: Path) -> None:
    """A slip of a translator stops nobody from learning, and is found."""
    overlay = root / "exercises" / "networks" / "stable-softmax" / "overlay.zh.yaml"
    put(overlay, "title: [oops\n")
    course = load_course(root)
    assert course.exercise("stable-softmax").title_in("zh") == "A title"
    assert "overlay.zh.yaml" in str(problems(course)[0])
    put(overlay, "checks: {test_four: 四}\nhints: [一]\n")
    found = [str(e) for e in problems(load_course(root))]
    assert "overlay.zh.yaml:1:10: 'test_four' is no check" in found[0]
    assert "1 hints here, 3 in exercise.yaml" in found[1]


def test_titles_without_a_suite_are_names_in_words(root: Path) -> None:
    """A course without solutions can be read, and says so when a suite is asked for."""
    shutil.rmtree(root / "solutions")
    course = load_course(root)
    exercise = course.exercise("stable-softmax")
    assert course.solutions is None
    assert exercise.check_titles("en") == {"test_one": "One", "test_two": "Two"}
    with pytest.raises(LlmexError, match="no solutions") as caught:
        _ = exercise.suite_path
    assert caught.value.exit_code == 3
    assert problems(course) == []


# -- finding by name --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "stable-softmax",
        "stable_softmax",
        "Stable-Softmax",
        " stable-softmax ",
        "networks/stable_softmax.py",
        "./networks/stable_softmax.md",
        "/home/x/ws/networks/stable_softmax.py",
        "networks.stable_softmax",
        "networks\\stable_softmax.py",
        "networks/stable-softmax/",
        "stable",
        "soft-max-2000",
    ],
)
def test_find(root: Path, text: str) -> None:
    """An id is found by itself, its file, its module name, an old id, a part of it."""
    change(root, aliases=["soft-max-2000"])
    assert load_course(root).find(text) == "stable-softmax"


def test_an_exact_id_wins_over_a_part(root: Path) -> None:
    """`norm` is the exercise norm, though layer-norm has it too."""
    change(root, "array-basics", aliases=["norm"])
    assert load_course(root).find("norm") == "array-basics"
    assert load_course(root).find("layer") == "layer-norm"


def test_the_order_of_names() -> None:
    """An id comes before an old id, an old id before a part; old ids are only read if needed."""
    ids = ("layer-norm", "norm", "rms-norm")
    assert resolve("norm", ids, lambda: pytest.fail("not needed")) == "norm"
    assert resolve("rms", ids, lambda: {"rms": "norm"}) == "norm"
    assert resolve("rms", ids, lambda: {"rm": "norm"}) == "rms-norm"


@pytest.mark.parametrize(
    ("count", "problem"),
    [
        (6, "'x' could be x-0, x-1, x-2, x-3, x-4, x-5."),
        (8, "'x' could be x-0, x-1, x-2, x-3, x-4, x-5 or 2 others."),
    ],
)
def test_a_long_list_of_candidates_is_cut(count: int, problem: str) -> None:
    """Six candidates are named, the rest are counted."""
    with pytest.raises(LlmexError) as caught:
        resolve("x", [f"x-{i}" for i in range(count)], dict)
    assert caught.value.problem.english() == problem


def test_an_exercise_is_asked_for_by_its_whole_id(root: Path) -> None:
    """`exercise` takes no part of an id for the whole."""
    with pytest.raises(LlmexError, match=r"no exercise 'stable'.\nDid you mean stable-softmax"):
        load_course(root).exercise("stable")


def test_an_unclear_name_lists_the_candidates(root: Path) -> None:
    """A part of two ids is a question, not a guess."""
    with pytest.raises(LlmexError, match="'softmax' could be stable-softmax, log-softmax"):
        load_course(root).find("softmax")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("lager-norm", "layer-norm"),
        ("softmx", "stable-softmax"),
        ("lgo-softmax", "log-softmax"),
        ("arr-bascs", "array-basics"),
    ],
)
def test_a_slip_gets_a_suggestion(root: Path, text: str, near: str) -> None:
    """A misspelt name names its neighbour and how to see all."""
    with pytest.raises(LlmexError, match=f"Did you mean {near}. .*llmex list") as caught:
        load_course(root).find(text)
    assert caught.value.problem.english() == f"There is no exercise '{text}'."


@pytest.mark.parametrize("text", ["", "zzzz", "..", "/"])
def test_nothing_near(root: Path, text: str) -> None:
    """Where nothing is near, nothing is suggested."""
    with pytest.raises(LlmexError) as caught:
        load_course(root).find(text)
    assert "Did you mean" not in str(caught.value)
    assert "llmex list" in str(caught.value)


# -- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "where", "problem"),
    [
        ({"colour": "red"}, "15:1", "unknown field 'colour'"),
        ({"difficulty": 5}, "5:13", "'difficulty' is 5, out of its range"),
        ({"difficulty": "easy"}, "5:13", "'difficulty' must be a whole number, not 'easy'"),
        ({"difficulty": True}, "5:13", "'difficulty' must be a whole number, not true"),
        ({"minutes": 2.5}, "6:10", "'minutes' must be a whole number, not 2.5"),
        ({"title": 2024}, "3:8", "'title' must be a text, not 2024"),
        ({"title": "  "}, "3:8", "'title' must be a text that is not empty"),
        ({"title": None}, "1:1", "the field 'title' is missing"),
        ({"uses": "jax"}, "7:7", "'jax' is not one of python, numpy, torch"),
        ({"checks": []}, "8:9", "'checks' needs at least 1 entries"),
        ({"checks": "test_one"}, "8:9", "'checks' must be a list"),
        ({"checks": ["test_one", "softmax"]}, "10:3", "'softmax' does not fit 'checks'"),
        ({"checks": ["test_one", "test_one"]}, "10:3", "'test_one' stands twice in 'checks'"),
        ({"limits": {"cpu": 1}}, "16:3", "unknown field 'cpu'"),
        ({"limits": {"cpu_s": float("nan")}}, "16:10", "'cpu_s' is nan"),
        ({"limits": {"reply_mb": 64}}, "16:13", "'reply_mb' is 64"),
        ({"forbids": [{"in": "f"}]}, "16:3", "the field 'names' is missing"),
        ({"needs": ["Not_An_Id"]}, "16:3", "'Not_An_Id' does not fit 'needs'"),
        ({"long": ["test_x"]}, "16:3", "'test_x' in 'long' is no check of this exercise"),
        ({"id": "other"}, "1:5", "the id is 'other' but the folder is 'stable-softmax'"),
    ],
)
def test_errors_name_line_and_column(root: Path, more: Any, where: str, problem: str) -> None:
    """Every slip in exercise.yaml is named with its place."""
    path = change(root, **more)
    error = refused(root)
    assert error.problem.english().startswith(f"{path}:{where}: {problem}"), error
    assert len(error.remedy.english()) > 10


def test_an_unknown_field_names_its_neighbour(root: Path) -> None:
    """The remedy for a misspelt field is the right one."""
    path = change(root)
    put(path, path.read_text().replace("difficulty", "dificulty"))
    assert refused(root).remedy.english() == "Did you mean 'difficulty'?"


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("id: a: b\n", ":1:6:", "a second colon"),
        ("id: x\n\ttitle: y\n", ":2:1:", ""),
        ("id: x\ntitle: @y\n", ":2:8:", "cannot begin with this character"),
        ("id: x\nhints: [a, b\n", ":3:1:", "not YAML"),
        ("id: x\ntitle: y\nid: z\n", ":3:1:", "the field 'id' stands here and in line 1"),
        ("id: &a x\ntitle: *a\nhints: &b [x]\nlong: *b\n", ":3:8:", "used twice"),
        ("id: !!python/object:os.system x\n", ":1:5:", "no plain value"),
        ("id: !thing {a: 1}\n", ":1:5:", "YAML tags"),
        ("? [a, b]\n: c\n", ":1:3:", "a field's name must be a text"),
        ("- a\n", ":1:1:", "must be a group of fields, not a list"),
        ("", ":1:1:", "must be a group of fields, not empty"),
        ("id: \x07\n", ":1:1:", "not YAML"),
        ("a: " + "[" * 2000, ":", "not YAML"),
        ("a: " + "[" * 400 + "]" * 400, "", "nested too deeply"),
    ],
)
def test_errors_of_yaml(root: Path, text: str, where: str, problem: str) -> None:
    """What is not plain YAML is refused with its place, and no YAML runs or blows up."""
    limit = sys.getrecursionlimit()
    path = put(root / "exercises" / "networks" / "stable-softmax" / "exercise.yaml", text)
    if "deeply" in problem:
        sys.setrecursionlimit(300)
    try:
        error = refused(root)
    finally:
        sys.setrecursionlimit(limit)
    assert error.problem.english().startswith(f"{path}{where}"), error
    assert problem in error.problem.english()


def test_a_line_that_is_not_utf8_is_named(root: Path) -> None:
    """The line of the first wrong byte is given."""
    path = root / "exercises" / "networks" / "stable-softmax" / "exercise.yaml"
    path.write_bytes(b"id: x\ntitle: caf\xe9\n")
    assert f"{path}:2: this line is not UTF-8." in str(refused(root))


def test_a_folder_in_the_place_of_a_file_is_named(root: Path) -> None:
    """What the system says is passed on with the file's name."""
    path = change(root)
    path.unlink()
    assert f"There is no file {path}." in str(refused(root))
    path.mkdir()
    assert f"{path} cannot be read: Is a directory." in str(refused(root))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "  en: A course\n  zh: 课程\n",
            "  [A course]\n",
            "'title' must be a group of fields, not a",
        ),
        ("  en: A course\n", "", "the field 'en' is missing"),
        ("  en: Networks\n", "  en: [x]\n", "'en' must be a text, not a list"),
        ("spine:", "spine: x\n  y:", "'spine' must be a group of fields, not 'x'"),
        ("id: basics", "id: Basics", "'Basics' does not fit 'id'"),
    ],
)
def test_errors_of_the_syllabus(root: Path, old: str, new: str, problem: str) -> None:
    """course.yaml is held to its schema like every other file."""
    path = root / "exercises" / "course.yaml"
    text = path.read_text("utf-8")
    assert old in text
    put(path, text.replace(old, new))
    with pytest.raises(LlmexError) as caught:
        load_course(root)
    assert problem in str(caught.value)


def test_true_and_false(root: Path) -> None:
    """A switch is true or false, not a word."""
    change(root, scratch=True, long=["test_two"])
    assert load_course(root).exercise("stable-softmax").scratch
    assert load_course(root).exercise("stable-softmax").long == ("test_two",)
    change(root, scratch="always")
    assert "'scratch' must be true or false, not 'always'" in str(refused(root))


def test_dates_and_quoted_words_stay_texts(root: Path) -> None:
    """A title that looks like a date is a title."""
    path = change(root)
    put(path, path.read_text().replace("A title", "2024-01-31").replace("One sentence.", '"no"'))
    exercise = load_course(root).exercise("stable-softmax")
    assert (exercise.title, exercise.summary) == ("2024-01-31", "no")


def test_a_broken_exercise_leaves_the_others(root: Path) -> None:
    """All others are read, and the broken one is one error."""
    path = change(root, difficulty=9)
    good, bad = load_course(root).read_all()
    assert [e.id for e in good] == ["array-basics", "log-softmax", "layer-norm"]
    assert len(bad) == 1
    assert str(path) in str(bad[0])


def test_a_course_of_a_newer_llmex_is_refused(root: Path) -> None:
    """The remedy is to bring llmex up to date, not to mend the file."""
    path = root / "exercises" / "course.yaml"
    put(path, path.read_text("utf-8").replace("schema: 1", "schema: 2\nfuture: 1"))
    with pytest.raises(LlmexError, match=r"newer llmex .schema 2.*\n.*pip install"):
        load_course(root)


def test_no_course(tmp_path: Path) -> None:
    """A folder without course.yaml is no course."""
    with pytest.raises(LlmexError, match=r"There is no course in .*\n.*course.yaml"):
        load_course(tmp_path)


def test_an_id_that_stands_twice_is_named_with_both_places(root: Path) -> None:
    """The second place is the error's, the first is in its words."""
    modules = {"basics": ("array-basics", "layer-norm"), "networks": IDS[1:]}
    path = put(root / "exercises" / "course.yaml", syllabus(modules))
    lines = path.read_text("utf-8").splitlines()
    first, second = (i + 1 for i, line in enumerate(lines) if "layer-norm" in line)
    with pytest.raises(LlmexError) as caught:
        load_course(root)
    assert f"{path}:{second}:5: 'layer-norm' stands here and in line {first}." in str(caught.value)


# -- problems, all at once --------------------------------------------------------------------


def found(course: Course) -> str:
    """All problems as one text."""
    return "\n".join(str(error) for error in problems(course))


def test_folders_and_syllabus_agree(root: Path) -> None:
    """An exercise without a folder, a folder without an entry and a wrong module are found."""
    shutil.rmtree(root / "exercises" / "networks" / "layer-norm")
    add_exercise(root, "networks", "new-one")
    add_exercise(root, "basics", "log-softmax")
    text = found(load_course(root))
    assert "the exercise 'layer-norm' has no folder" in text
    assert "new-one is not in" in text
    assert "basics/log-softmax is not in" in text
    assert text.count("\n") == 5


def test_prerequisites_exist_and_come_before(root: Path) -> None:
    """Unknown needs, later needs and circles are found with their lines."""
    change(root, "array-basics", needs=["stable-softmax"])
    change(root, "stable-softmax", needs=["array-basics", "nothing"], recommends=["layer-norm"])
    change(root, "log-softmax", needs=["log-softmax"], recommends=["nowhere"])
    text = found(load_course(root))
    assert ":16:3: 'array-basics' needs 'stable-softmax', which comes later." in text
    assert ":17:3: 'nothing' in 'needs' is no exercise of this course." in text
    assert "'log-softmax' needs 'log-softmax', which comes later." in text
    assert "'nowhere' in 'recommends' is no exercise of this course." in text
    assert len(problems(load_course(root))) == 4


def test_old_ids_belong_to_one_exercise(root: Path) -> None:
    """An old id that is an id of today, or of two exercises, is found."""
    change(root, "array-basics", aliases=["old"])
    change(root, "stable-softmax", aliases=["old", "layer-norm"])
    text = found(load_course(root))
    assert "'old' is used in" in text
    assert "'layer-norm' is used in" in text
    assert len(problems(load_course(root))) == 2


def test_tracks_and_module_names(root: Path) -> None:
    """A track's unknown exercise and a module that hides a library are found."""
    shutil.move(root / "exercises" / "basics", root / "exercises" / "token")
    shutil.move(root / "solutions" / "basics", root / "solutions" / "token")
    spine = {"spine": {"title": {"en": "S"}, "exercises": ["nothing"]}}
    put(
        root / "exercises" / "course.yaml",
        syllabus({"token": IDS[:1], "networks": IDS[1:]}, tracks=spine),
    )
    text = found(load_course(root))
    assert "the module 'token' would hide Python's own" in text
    assert "the track 'spine' names 'nothing'" in text
    assert len(problems(load_course(root))) == 2


def test_suite_and_checks_agree(root: Path) -> None:
    """A listed check that is not in the suite, an unlisted test and a missing title are found."""
    change(root, checks=["test_one", "test_four"])
    put(root / "solutions" / "networks" / "stable-softmax" / "suite.py", SUITE)
    put(root / "solutions" / "networks" / "log-softmax" / "suite.py", "def test_one(:\n")
    text = found(load_course(root))
    assert "(-test_four, +test_two, +test_three)" in text
    assert "'test_three' has no docstring" in text
    assert "log-softmax/suite.py:1: this cannot be read as Python" in text
    change(root, checks=["test_two", "test_one", "test_three"])
    assert "(another order)" in found(load_course(root))


# -- mistakes ---------------------------------------------------------------------------------


@pytest.fixture
def hidden(root: Path) -> Path:
    """The solution's folder of an exercise with mistakes."""
    folder = root / "solutions" / "networks" / "stable-softmax"
    put(folder / "mistakes.yaml", MISTAKES)
    put(folder / "mistakes" / "other.py", "f = None\n")
    return folder


def test_a_mistake_is_the_solution_edited(root: Path, hidden: Path) -> None:
    """Edits change the solution where they stand in it, in any order; a file is the whole."""
    course = load_course(root)
    no_one, other, twice = mistakes(course.exercise("stable-softmax"))
    assert no_one.source() == SOLUTION.replace("x + 1", "x")
    assert no_one.says == "One is not added."
    assert other.source() == (hidden / "mistakes" / "other.py").read_text()
    assert twice.source() == "def f(x):\n    y = x + 111111\n    return y * 2 * 1000000\n"
    assert mistakes(course.exercise("layer-norm")) == ()
    assert problems(course) == []


@pytest.mark.parametrize(
    ("find", "problem"),
    [
        ("nothing", ":2:10: 'nothing' occurs 0 times in solution.py, not once."),
        ("y", ":2:10: 'y' occurs 2 times in solution.py, not once."),
        ("", ":2:10: '' occurs 0 times"),
    ],
)
def test_an_edit_that_does_not_fit_is_named(
    root: Path, hidden: Path, find: str, problem: str
) -> None:
    """An edit must find its text exactly once; else its line is named."""
    put(
        hidden / "mistakes.yaml",
        MISTAKES.replace('"x + 1", replace: "x"', f'"{find}", replace: ""'),
    )
    course = load_course(root)
    with pytest.raises(LlmexError) as caught:
        mistakes(course.exercise("stable-softmax"))[0].source()
    assert problem in str(caught.value)
    assert problem in found(course)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("id: other", "id: no-one", ":4:7: the mistake 'no-one' stands in line 1 too."),
        ("  file: mistakes/other.py\n", "", ":4:7: the mistake 'other' needs either"),
        ("mistakes/other.py", "mistakes/gone.py", ":4:3: "),
        ('find: "y * 2"', 'find: "= x + 1\\n    return y"', ":10:7: this edit overlaps"),
        ("  says: One is not added.\n", "", ":1:3: the field 'says' is missing"),
    ],
)
def test_errors_of_mistakes(root: Path, hidden: Path, old: str, new: str, problem: str) -> None:
    """What is wrong with mistakes.yaml is named with its place."""
    assert old in MISTAKES
    put(hidden / "mistakes.yaml", MISTAKES.replace(old, new))
    course = load_course(root)
    assert f"mistakes.yaml{problem}" in found(course)
    with pytest.raises(LlmexError) as caught:
        tuple(mistake.source() for mistake in mistakes(course.exercise("stable-softmax")))
    assert problem in str(caught.value)


# -- schema and cost --------------------------------------------------------------------------


def test_the_exported_schema_says_the_same() -> None:
    """JSON Schema has every field, its type, its range and whether it must be there."""
    schema = json_schema("exercise")
    json.dumps(schema)
    fields = schema["properties"]
    assert set(schema["required"]) == set(metadata("x")) - {"hints"}
    assert fields["difficulty"]["minimum"] == 1
    assert fields["difficulty"]["maximum"] == 4
    assert fields["uses"]["enum"] == ["python", "numpy", "torch"]
    assert fields["checks"]["items"]["pattern"] == "^(?:test_[A-Za-z0-9_]+)$"
    assert fields["checks"]["minItems"] == 1
    assert fields["limits"]["properties"]["wall_s"]["default"] == 20
    assert fields["forbids"]["items"]["anyOf"][1]["required"] == ["in", "names"]
    assert schema["additionalProperties"] is False
    course = json_schema("course")
    module = course["properties"]["modules"]["items"]["properties"]
    assert module["title"]["required"] == ["en"]
    assert course["properties"]["tracks"]["additionalProperties"]["type"] == "object"


def test_reading_a_course_imports_nothing_heavy(root: Path) -> None:
    """Commands that do not judge wait for none of the big libraries."""
    code = (
        "import sys; from pathlib import Path; import llmex.grader.workspace as w;"
        "from llmex.grader.catalog import load_course; load_course(Path(sys.argv[1])).read_all();"
        "heavy = {'numpy', 'torch', 'pytest', 'typer', 'rich', 'pydantic', 'msgpack'};"
        "print(*heavy & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""
