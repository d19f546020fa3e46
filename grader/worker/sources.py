"""Loads an answer's sources from memory: modules by name, packages above them made on the fly."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import linecache
import sys
import types
from collections.abc import Mapping, Sequence

STAGE = "stage"


class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of one subject; anything else is left to the finders after it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self._packages = {
            name.rsplit(".", up)[0] for name in texts for up in range(1, name.count(".") + 1)
        }
        self.files = {file_of(name): text for name, text in texts.items()}

    def install(self) -> None:
        """Put these sources before everything else that can be imported."""
        for file, text in self.files.items():
            lines = text.splitlines(keepends=True)
            linecache.cache[file] = (len(text), None, lines, file)
        for name in {*self._texts, *self._packages}:
            sys.modules.pop(name, None)
        sys.meta_path.insert(0, self)
        sys.dont_write_bytecode = True

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  the interface's own
        target: types.ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module or package that these sources hold."""
        package = fullname in self._packages
        if fullname not in self._texts and not package:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, is_package=package)
        if fullname in self._texts:
            spec.origin, spec.has_location = file_of(fullname), True
        return spec

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's source in its namespace."""
        text = self._texts.get(module.__name__)
        if text is not None:
            exec(compile(text, file_of(module.__name__), "exec", dont_inherit=True), vars(module))

    def get_source(self, fullname: str) -> str | None:
        """A module's source, for whatever inspects it."""
        return self._texts.get(fullname)


def file_of(name: str) -> str:
    """The file that a module is shown as: relative to the workspace."""
    return name.replace(".", "/") + ".py"


def install(texts: Mapping[str, str], stage: str | None) -> tuple[types.ModuleType, ...]:
    """Make the sources importable; import the exercise's stage, if it has one, and give it."""
    Sources({**texts, STAGE: stage} if stage is not None else texts).install()
    return () if stage is None else (importlib.import_module(STAGE),)


def load(main: str) -> types.ModuleType:
    """Import the main module of what was installed."""
    return importlib.import_module(main)
