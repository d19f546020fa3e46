"""Two things that the checks do with files, beside the tokenizer that has written them."""

from typing import Any


def loaded(tokenizer: Any, path: str) -> Any:
    """A new tokenizer of the same class, from a file."""
    return type(tokenizer).load(path)


def read(path: str) -> bytes:
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()
