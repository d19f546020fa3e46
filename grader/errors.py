"""An error of llmex: a problem and its remedy, in two sentences."""

from __future__ import annotations

from llmex.grader.report import Sentence


class LlmexError(Exception):
    """A problem that the person at the keyboard can mend, with the next step to take.

    `problem` and `remedy` are English templates (literals, so that other languages can look them
    up); `fields` fill both. `exit_code` is 2 for wrong use and 3 where llmex could not judge.
    """

    def __init__(
        self, problem: str, remedy: str, *, exit_code: int = 2, **fields: str | int | float
    ) -> None:
        self.problem = Sentence(problem, fields)
        self.remedy = Sentence(remedy, fields)
        self.exit_code = exit_code
        super().__init__(f"{self.problem.english()}\n{self.remedy.english()}")
