"""Take GPT-2's byte-pair ranks out of openai-whisper: `python scripts/extract_gpt2_ranks.py SDIST`.

SDIST is what `pip download --no-deps --no-binary :all: openai-whisper==20250625` brings. The file
goes to `exercises/data/gpt2.tiktoken` as it is, and its sha256 is printed.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tarfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "exercises" / "data" / "gpt2.tiktoken"
MEMBER = "whisper/assets/gpt2.tiktoken"
RANKS = 50_256


def extracted(archive: Path) -> bytes:
    """The file of ranks in the source archive, found to hold what it should."""
    with tarfile.open(archive) as members:
        names = [name for name in members.getnames() if name.endswith(f"/{MEMBER}")]
        found = members.extractfile(names[0]) if len(names) == 1 else None
        if found is None:
            raise SystemExit(f"{archive} does not hold one {MEMBER}.")
        content = found.read()
    check(content)
    return content


def check(content: bytes) -> None:
    """Lines of base64 and rank: the ranks in order, the tokens all different, every byte there."""
    lines = [line.split() for line in content.splitlines()]
    tokens = {base64.b64decode(token, validate=True) for token, _ in lines}
    complete = {bytes([byte]) for byte in range(256)} <= tokens
    if [int(rank) for _, rank in lines] != list(range(RANKS)) or len(tokens) != RANKS:
        raise SystemExit(f"The ranks are not 0 to {RANKS - 1}, each with a token of its own.")
    if not complete:
        raise SystemExit("A single byte is no token.")


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(extracted(Path(sys.argv[1])))
    print(hashlib.sha256(TARGET.read_bytes()).hexdigest(), TARGET.name)
