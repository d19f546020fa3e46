"""What pictures, the doctor, the engine, help and the commands of authors print with --json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from llmex.grader.author.proof import Proof
from llmex.grader.author.stats import Line
from llmex.grader.panel import Picture

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Drawn(Picture):
    """A picture of the learner's code, and where it was saved."""

    exercise: str = ""
    svg: str | None = None


@dataclass(frozen=True)
class Titled:
    """An exercise by name."""

    id: str
    title: str


@dataclass(frozen=True)
class Pictures:
    """The exercises that have a picture."""

    pictures: tuple[Titled, ...]


@dataclass(frozen=True)
class Finding:
    """A sentence; `good` is null for what llmex can do without; `command` mends it."""

    says: str
    good: bool | None
    command: str


@dataclass(frozen=True)
class Doctor:
    """What this machine gives; `tier` is what protects it, `lacks` what that is short of."""

    findings: tuple[Finding, ...]
    tier: str
    lacks: Lines
    ok: bool


@dataclass(frozen=True)
class Engine:
    """A process that stays ready; `resident` bytes of memory; `current`: of this very llmex."""

    pid: int
    started: float
    jobs: int
    judging: int
    loaded: Lines
    resident: int
    current: bool


@dataclass(frozen=True)
class EngineStatus:
    """The engines that run; `off`: LLMEX_ENGINE=off asks for none."""

    engines: tuple[Engine, ...]
    off: bool


@dataclass(frozen=True)
class EngineStop:
    """The engines that were asked to end."""

    engines: tuple[Engine, ...]


@dataclass(frozen=True)
class Completion:
    """What a shell reads at its start."""

    shell: str
    script: str


@dataclass(frozen=True)
class Version:
    """Which llmex this is."""

    version: str


@dataclass(frozen=True)
class Overview:
    """Every command, and what it does."""

    commands: Mapping[str, str]


@dataclass(frozen=True)
class Usage:
    """How a command is used."""

    usage: str
    about: str


@dataclass(frozen=True)
class New:
    """The files of a new exercise."""

    exercise: str
    files: Lines
    course: str


@dataclass(frozen=True)
class Fault:
    """Something found in an exercise; `line` is 0 where no line is meant."""

    file: str
    line: int
    problem: str
    remedy: str


@dataclass(frozen=True)
class Slow:
    """A check, and what it took of its limit."""

    name: str
    seconds: float
    limit_s: float


@dataclass(frozen=True)
class Checked:
    """What `author check` says of one exercise."""

    id: str
    judged: bool
    mistakes: int
    seconds: float
    checks: tuple[Slow, ...]
    findings: tuple[Fault, ...]
    trouble: str | None


@dataclass(frozen=True)
class AuthorCheck:
    """Every exercise that was checked."""

    exercises: tuple[Checked, ...]
    exit_code: int


@dataclass(frozen=True)
class Survivor:
    """A changed solution that no check tells from the solution."""

    line: int
    mutant: str


@dataclass(frozen=True)
class Proved:
    """What `author check --deep` says of one exercise."""

    id: str
    proved: bool
    seconds: float
    proof: Proof | None
    survivors: tuple[Survivor, ...]
    findings: tuple[Fault, ...]
    trouble: str | None


@dataclass(frozen=True)
class AuthorDeep:
    """Every exercise that was proved."""

    exercises: tuple[Proved, ...]
    exit_code: int


@dataclass(frozen=True)
class Total:
    """What all exercises come to together."""

    exercises: int
    proved: int
    minutes: int
    checks: int
    mistakes: int
    alternatives: int
    delegated: int
    mutants: int
    killed: int
    equivalent: int
    survivors: int
    gradients: int
    gradients_killed: int
    score: float
    cpu_ms: float


@dataclass(frozen=True)
class AuthorStats:
    """What stands behind each exercise."""

    exercises: tuple[Line, ...]
    total: Total


@dataclass(frozen=True)
class AuthorSchema:
    """The schemas that were written."""

    files: Lines
