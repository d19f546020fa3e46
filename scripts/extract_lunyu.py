"""Take the Analects out of chinese-poetry: `python scripts/extract_lunyu.py ARCHIVE`.

ARCHIVE is what `npm pack chinese-poetry@2.0.1` brings. The text goes to
`exercises/data/lunyu.txt`, and its sha256 is printed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "exercises" / "data" / "lunyu.txt"
MEMBER = "package/dist/lunyu/lunyu.json"
CHAPTERS = 20


def extracted(archive: Path) -> str:
    """Each chapter is its title and one line for each paragraph; a blank line is between two."""
    with tarfile.open(archive) as members:
        found = members.extractfile(MEMBER)
        if found is None:
            raise SystemExit(f"{archive} does not hold {MEMBER}.")
        chapters = json.load(found)
    if len(chapters) != CHAPTERS:
        raise SystemExit(f"There are {len(chapters)} chapters, not {CHAPTERS}.")
    texts = ["\n".join([one["chapter"], *one["paragraphs"]]) for one in chapters]
    return "\n\n".join(texts) + "\n"


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(extracted(Path(sys.argv[1])).encode("utf-8"))
    print(hashlib.sha256(TARGET.read_bytes()).hexdigest(), TARGET.name)
