"""Finds the exercise that a learner means by what they typed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence

from llmex.grader.errors import LlmexError

SHOWN = 6


def resolve(text: str, ids: Sequence[str], aliases: Callable[[], Mapping[str, str]]) -> str:
    """The one id that `text` means.

    In this order: an exact id, a workspace path or module name, an old id, a part of exactly one
    id. `aliases` is only called if the first two fail. Raises LlmexError otherwise.
    """
    name = _slug(text)
    if name in ids:
        return name
    old = aliases()
    if name in old:
        return old[name]
    matches = [exercise for exercise in ids if name in exercise] if name else []
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise _unclear(text, matches)
    raise unknown(text, [*ids, *old])


def _slug(text: str) -> str:
    """`./attention/layer_norm.py`, `attention.layer_norm` and `Layer-Norm` all give layer-norm."""
    name = text.strip().replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    for ending in (".py", ".md"):
        name = name.removesuffix(ending)
    return name.rpartition(".")[2].strip().replace("_", "-").replace(" ", "-")


def _unclear(text: str, matches: Sequence[str]) -> LlmexError:
    more = len(matches) - SHOWN
    if more > 0:
        return LlmexError(
            "'{name}' could be {options} or {more} others.",
            "Type more of the name; `llmex list` shows them all.",
            name=text,
            options=", ".join(matches[:SHOWN]),
            more=more,
        )
    return LlmexError(
        "'{name}' could be {options}.",
        "Type more of the name, or the whole of it.",
        name=text,
        options=", ".join(matches),
    )


def unknown(text: str, known: Sequence[str]) -> LlmexError:
    """The error that there is no exercise `text`, with the nearest of the known ids."""
    near = _nearest(_slug(text), known)
    if near is None:
        return LlmexError(
            "There is no exercise '{name}'.", "`llmex list` shows them all.", name=text
        )
    return LlmexError(
        "There is no exercise '{name}'.",
        "Did you mean {near}?  `llmex list` shows them all.",
        name=text,
        near=near,
    )


def _nearest(name: str, known: Sequence[str]) -> str | None:
    whole = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    if whole:
        return whole[0]
    words = {word: exercise for exercise in reversed(known) for word in exercise.split("-")}
    near = difflib.get_close_matches(name, words, n=1, cutoff=0.7)
    if near:
        return words[near[0]]
    return next(iter(difflib.get_close_matches(name, known, n=1)), None)
