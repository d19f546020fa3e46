"""Sources are loaded from memory, the stage first, and nothing else can be imported."""

from __future__ import annotations

from typing import Any

import pytest

from llmex.grader.answers import AnswerRaised


def test_modules_import_each_other_from_memory(seat: Any) -> None:
    """Packages are made on the fly; relative and absolute imports find the given texts."""
    learner = seat(
        """
        from module.other import double
        from . import other
        import attention.scores as scores
        def f(x): return other.double(x) + scores.one()
        """,
        more={"module.other": "def double(x): return 2 * x", "attention.scores": "one = lambda: 1"},
    )
    assert learner.f(3) == 7


def test_main_blocks_do_not_run(seat: Any) -> None:
    """A file's `if __name__ == "__main__"` part is for the learner's own runs."""
    learner = seat("""
        ran = False
        name = __name__
        if __name__ == "__main__":
            ran = True
    """)
    assert learner.value("ran") is False
    assert learner.value("name") == "module.answer"


def test_neither_the_folder_nor_the_suite_can_be_imported(seat: Any) -> None:
    """The folder in which the engine was started is not on the path."""
    learner = seat("""
        import sys, os
        def path(): return [p for p in sys.path if p in ("", ".", os.getcwd())]
    """)
    assert learner.path() == []


def test_a_stage_is_loaded_before_the_answer(seat: Any) -> None:
    """The exercise's own helpers live in the worker, and the answer may import them."""
    learner = seat("from stage import K\ndef f(): return K", stage="K = 5\ndef g(x): return x + K")
    assert learner.f() == 5
    assert learner.stage.g(1) == 6


@pytest.mark.parametrize(
    ("source", "finding", "line"),
    [
        ("def f(:\n", "It raised SyntaxError: invalid syntax", "module/answer.py:1:7: def f(:"),
        ("x = 1\nimport nonsense_there_is_none", "It raised ModuleNotFoundError: No module named "
         "'nonsense_there_is_none'", "module/answer.py:2: import nonsense_there_is_none"),
        ("1/0", "It raised ZeroDivisionError: division by zero", "module/answer.py:1: 1/0"),
    ],
)  # fmt: skip
def test_sources_that_do_not_load_say_where(
    seat: Any, source: str, finding: str, line: str
) -> None:
    """A load failure has the learner's own line, for syntax errors with the column."""
    with pytest.raises(AnswerRaised) as caught:
        seat(source)
    assert caught.value.finding.english() == finding
    assert caught.value.lines == (line,)


def test_a_broken_earlier_answer_is_named(seat: Any) -> None:
    """An error in an imported module shows the import and the line in that module."""
    with pytest.raises(AnswerRaised) as caught:
        seat("from module.other import f", more={"module.other": "f = undefined"})
    assert caught.value.lines == (
        "module/answer.py:1: from module.other import f",
        "module/other.py:1: f = undefined",
    )
