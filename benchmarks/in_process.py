"""A pytest plugin that puts an answer in the learner's seat in this very process.

The yardstick of the benchmarks: the same suite and the same file under plain pytest, with no wall
between them. Set LLMEX_ANSWER to the answer's file.
"""

from __future__ import annotations

import importlib.util
import os
from typing import Any

import pytest

from llmex.grader.draws import Seeds, Sizes


class InProcess:
    """The answer's own module, with the few verbs that a simple suite uses."""

    printed = ""

    def __init__(self, module: Any) -> None:
        self._module = module
        self.inplace = self
        self.warned: list[tuple[str, str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def has(self, name: str) -> bool:
        """Whether the answer defines a name."""
        return hasattr(self._module, name)


@pytest.fixture(scope="session")
def learner() -> InProcess:
    """The answer, imported here."""
    spec = importlib.util.spec_from_file_location("answer", os.environ["LLMEX_ANSWER"])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return InProcess(module)


def _seeds(request: pytest.FixtureRequest) -> Seeds:
    return Seeds("benchmark", request.function.__name__, 0)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Any:
    """A NumPy generator."""
    return _seeds(request).numpy()


@pytest.fixture
def trng(request: pytest.FixtureRequest) -> Any:
    """A torch generator."""
    return _seeds(request).torch()


@pytest.fixture
def sizes(request: pytest.FixtureRequest) -> Sizes:
    """Sizes, small ones first."""
    return Sizes(_seeds(request).numpy("sizes"))


@pytest.fixture
def seed() -> int:
    """Always 0."""
    return 0
