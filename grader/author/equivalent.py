"""What an author excuses: mutants that no input can show, gradients that an exercise is not about.

Each with the sentence that says why, and each refuted by any check that tells it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llmex.grader.author.mutants import Mutant
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise
from llmex.grader.metadata import EquivalentData
from llmex.grader.schema import read
from llmex.grader.yaml_lines import Document, read_yaml

FILE = "equivalent.yaml"
MOST = 0.1  # of all mutants
GRADIENTS = "gradients of "  # then the name of a function or class of the stub
_LEAST_WORDS = 4


@dataclass(frozen=True)
class Marked:
    """What equivalent.yaml says: the entries, and the document that knows their lines."""

    entries: tuple[EquivalentData, ...] = ()
    document: Document | None = None

    @property
    def names(self) -> set[str]:
        """The mutants that are marked."""
        return {e.mutant for e in self.entries if not e.mutant.startswith(GRADIENTS)}

    @property
    def exempt(self) -> set[str]:
        """The functions and classes whose gradients the exercise promises nothing of."""
        found = {entry.mutant for entry in self.entries} - self.names
        return {name.removeprefix(GRADIENTS) for name in found}

    def disagreements(
        self,
        mutants: Collection[Mutant],
        killed: Mapping[str, str],
        differentiable: Collection[str] = (),
    ) -> Iterator[LlmexError]:
        """Entries that name no mutant and no gradient, or one that a check tells; too many.

        `killed` has the check that tells it for each mutant, and for "gradients of f" where a
        check tells a wrong gradient of f.
        """
        known = {mutant.name for mutant in mutants} | {GRADIENTS + n for n in differentiable}
        for index, entry in enumerate(self.entries):
            if entry.mutant not in known:
                yield self._at(
                    index,
                    "{file}:{line}:{column}: there is no mutant '{mutant}'.",
                    "Remove the entry, or copy the name from `llmex author check --deep`.",
                    mutant=entry.mutant,
                )
            elif entry.mutant in killed:
                yield self._at(
                    index,
                    "{file}:{line}:{column}: '{mutant}' is not equivalent: {check} tells it.",
                    "Remove the entry.",
                    mutant=entry.mutant,
                    check=killed[entry.mutant],
                )
        if len(self.names) > MOST * len(mutants):
            yield self._at(
                0,
                "{file}:{line}:{column}: {n} of {total} mutants are marked as equivalent.",
                "A tenth may be: let a check tell the others, or write a plainer solution.",
                n=len(self.names),
                total=len(mutants),
            )

    def _at(self, index: int, problem: str, remedy: str, **fields: Any) -> LlmexError:
        assert self.document is not None
        place: Any = self.document.place((index, "mutant")).fields
        return LlmexError(problem, remedy, **fields, **place)


def marked(exercise: Exercise) -> tuple[Marked, list[LlmexError]]:
    """What the exercise's equivalent.yaml says, and all that is wrong with it; it may be absent."""
    path = exercise.solution_folder / FILE
    if not path.is_file():
        return Marked(), []
    try:
        document = read_yaml(path)
    except LlmexError as error:
        return Marked(), [error]
    entries, errors = read(tuple[EquivalentData, ...], document)
    if errors:
        return Marked(), errors
    return Marked(entries, document), list(_wanting(entries, document))


def _wanting(entries: tuple[EquivalentData, ...], document: Document) -> Iterator[LlmexError]:
    """Entries that stand twice, and reasons that give none."""
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.mutant in seen:
            yield LlmexError(
                "{file}:{line}:{column}: '{mutant}' is marked twice.",
                "Keep one of the two.",
                mutant=entry.mutant,
                **document.place((index, "mutant")).fields,
            )
        seen.add(entry.mutant)
        if len(entry.why.split()) < _LEAST_WORDS:
            yield LlmexError(
                "{file}:{line}:{column}: '{why}' does not say why no input can show it.",
                "Write the sentence that convinces a reader of the solution.",
                why=entry.why,
                **document.place((index, "why")).fields,
            )
