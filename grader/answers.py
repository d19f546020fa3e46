"""How an answer's call can go wrong: each a fault with a sentence for the learner."""

from __future__ import annotations

from collections.abc import Sequence

from llmex.grader.report import Sentence
from llmex.grader.trace import LearnerFault

RAISED = "It raised {name}: {message}"
RAISED_BARE = "It raised {name}."
WALLED = "Code that is judged may start no process, and open no socket and no file."
NO_NAME = "There is no `{name}` in your file; it defines {near}."
NO_NAMES = "There is no `{name}` in your file; it defines nothing."
NO_ATTRIBUTE = "`{owner}` has no attribute `{name}`; it has {near}."
NO_ATTRIBUTES = "`{owner}` has no attribute `{name}`."
SIGNATURE = "`{target}` cannot be called like this: yours is `{target}{signature}`."
CHANGED = "Your function changed its input `{name}`."
CHANGED_SOMETHING = "Your function changed one of its inputs."
UNREADABLE = "What it returned cannot be read: {reason}."
NO_PARAMETER = "`{owner}` must have a parameter `{name}` of shape {shape}; yours are {found}."
NO_MODULE = "A module with parameters is needed here; yours is {got}."
NO_PARAMETERS = "`{owner}` must have a parameter `{name}` of shape {shape}; yours has none."
WRONG_SHAPE = "The parameter `{name}` of `{owner}` must have shape {shape}; yours has {found}."


class AnswerRaised(LearnerFault):
    """The answer raised an exception: its name, its builtin bases, its message, its own lines."""

    def __init__(
        self, name: str, bases: Sequence[str], message: str, lines: Sequence[str] = ()
    ) -> None:
        self.name, self.bases, self.message = name, tuple(bases), message
        fields = {"name": name, "message": message}
        finding = Sentence(RAISED, fields) if message else Sentence(RAISED_BARE, {"name": name})
        super().__init__(finding, tuple(lines))

    def is_a(self, *errors: type[BaseException]) -> bool:
        """Whether what was raised is one of these builtin exceptions, or a subclass of one."""
        return any(error.__name__ in (self.name, *self.bases) for error in errors)


def walled(fault: LearnerFault | None) -> Sentence | None:
    """What is behind a PermissionError: learners do not see the walls."""
    raised = isinstance(fault, AnswerRaised) and fault.is_a(PermissionError)
    return Sentence(WALLED) if raised else None


class AnswerUnwritten(AnswerRaised):
    """A line of the answer's own says `raise NotImplementedError`: that part is not written yet."""


class AnswerTypeError(AnswerRaised, TypeError):
    """The answer raised a TypeError; Python's own protocols (`list(handle)`) must see one."""


class AnswerMissing(LearnerFault, AttributeError):
    """The answer, or an object of it, lacks a name."""


class AnswerSignature(AnswerTypeError):
    """The call does not fit the signature that was found: a TypeError before anything ran."""

    def __init__(
        self, raised: tuple[str, Sequence[str], str, Sequence[str]], target: str, signature: str
    ) -> None:
        super().__init__(*raised)
        self.finding = Sentence(SIGNATURE, {"target": target, "signature": signature})
        self.args = (self.finding.english(),)


class ArgumentChanged(LearnerFault):
    """A call that must leave its arguments alone has changed one."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence(CHANGED, {"name": name}) if name else Sentence(CHANGED_SOMETHING))


class AnswerUnreadable(LearnerFault):
    """The result is too large, too deep or holds itself."""


class ParameterMismatch(LearnerFault):
    """A module lacks a parameter that a suite sets, or has it in another shape."""


def missing(name: str, owner: str, near: Sequence[str]) -> AnswerMissing:
    """The fault of a name that is not there, with what is; a file has no `owner`."""
    names = ", ".join(f"`{other}`" for other in near)
    if not owner:
        finding = Sentence(NO_NAME if near else NO_NAMES, {"name": name, "near": names})
    else:
        fields = {"name": name, "owner": owner, "near": names}
        finding = Sentence(NO_ATTRIBUTE if near else NO_ATTRIBUTES, fields)
    return AnswerMissing(finding)
