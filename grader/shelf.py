"""The fixture `data`: the files of exercises/data that an exercise says it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


class Shelf:
    """The data sets of one exercise, by name.

    Only the judge reads them: an answer is given what it needs as arguments.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def __call__(self, name: str) -> Path:
        """Where the data set lies. LookupError if the exercise does not list it, or it is gone."""
        listed = [path for n, path in self._files.items() if name in (n, *_names(path))]
        if not listed:
            raise LookupError(f"'{name}' does not stand under 'data' in exercise.yaml")
        if not listed[0]:
            raise LookupError(f"there is no file '{name}' in exercises/data")
        return Path(listed[0])


def shelved(root: Path, names: Sequence[str]) -> dict[str, str]:
    """The path of each listed data set of the course in `root`; "" for one that is not there.

    A name is that of a file in exercises/data, or of one without its endings.
    """
    folder = root / "exercises" / "data"
    found = sorted(folder.iterdir()) if names and folder.is_dir() else []
    files = [str(path.resolve()) for path in found if path.is_file()]
    return {name: next((path for path in files if name in _names(path)), "") for name in names}


def _names(path: str) -> tuple[str, ...]:
    """What a file may be called: by its whole name, or without its endings."""
    name = Path(path).name
    return (name, name.partition(".")[0]) if name else ()
