"""How long the long checks of an exercise take: what its proof measured."""

from __future__ import annotations

from llmex.grader.catalog import Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.yaml_lines import read_yaml


def long_seconds(exercise: Exercise) -> float:
    """Seconds that the solution's long checks took; 0 where there is no proof to tell."""
    try:
        proof = read_yaml(exercise.solution_folder / "proof.yaml").value
        return sum(float(proof["checks"][name]["cpu_ms"]) for name in exercise.long) / 1000
    except (LlmexError, OSError, LookupError, TypeError, ValueError):
        return 0.0
