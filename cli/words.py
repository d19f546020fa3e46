"""What llmex says, in the learner's language: every sentence of the screens, looked up by key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from llmex.cli.flags import LANGUAGES as LANGUAGES
from llmex.grader.report import Sentence, fill

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast
Own = Callable[[str], str | None] | None
PLACE = re.compile(r"\{file\}(:\{line\})?(:\{column\})?: ")


class Words:
    """The words of one language; a key is `group.name` as it stands in `words.<lang>.yaml`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else "en"
        self._groups = read(self.lang)

    def say(self, key: str, **fields: str | int | float) -> str:
        """The sentence of `key`, filled in; `{one: ..., other: ...}` chooses by the field `n`."""
        group, _, name = key.partition(".")
        words = self._groups[group][name]
        if isinstance(words, dict):
            words = words["one" if fields.get("n") == 1 else "other"]
        return fill(str(words), fields)

    @cached_property
    def _sentences(self) -> dict[str, str]:
        return sentences(self.lang)

    def has(self, key: str) -> bool:
        """Is there a sentence of this key?"""
        group, _, name = key.partition(".")
        return name in self._groups.get(group, {})

    def sentence(self, sentence: Sentence, own: Own = None) -> str:
        """A sentence of the grader; `own` translates the templates that an exercise brings."""
        place, text = placed(sentence.text)
        template = self._sentences.get(text)
        if template is None:
            template = (own(text) if own else None) or text
        return fill(place + template, sentence.fields)


def read(lang: str) -> dict[str, dict[str, Any]]:
    """The groups of `words.<lang>.yaml`, as they stand."""
    text = Path(__file__).with_name(f"words.{lang}.yaml").read_text(encoding="utf-8")
    groups: dict[str, dict[str, Any]] = yaml.load(text, Loader=Loader)
    return groups


def sentences(lang: str) -> dict[str, str]:
    """The English templates of the grader and the commands, each with its translation."""
    path = Path(__file__).with_name(f"sentences.{lang}.yaml")
    if not path.is_file():  # as for English
        return {}
    found: dict[str, str] = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    return found


def placed(template: str) -> tuple[str, str]:
    """The place in a file that a template begins with, if it does, and what it says of it."""
    place = PLACE.match(template)
    return (place[0], template[place.end() :]) if place else ("", template)


def flat(groups: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every (key, template); of a plural, the form for many."""
    for group, entries in groups.items():
        for name, words in entries.items():
            yield f"{group}.{name}", str(words["other"] if isinstance(words, dict) else words)
