"""Draw a command's real output as an SVG: `python scripts/terminal_picture.py OUT.svg COMMAND ...`.

The command runs on a terminal of 80 columns, so the picture shows what a learner sees.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys

from rich.console import Console
from rich.text import Text

WIDTH = 80


def output_of(command: list[str]) -> str:
    """What `command` writes to a terminal, with its colours."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(WIDTH), "LINES": "24", "TERM": "xterm-256color"}
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=environment)
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # the terminal closes with its last writer
        pass
    process.wait()
    return b"".join(parts).decode("utf-8", "replace").replace("\r\n", "\n")


def picture(title: str, text: str) -> str:
    """The text, its escape sequences turned into colours, as an SVG document."""
    text = re.sub(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)", "", text)  # links
    text = re.sub(r"[^\n]*\r(?=[^\n])", "", text)  # lines that were written over
    text = re.sub(r"\x1b\[\d*[A-KSTfG]", "", text)
    console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text.strip("\n")))
    svg = console.export_svg(title=title)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # no font from elsewhere


def main() -> None:
    """Run the command and write its picture."""
    target, *command = sys.argv[1:]
    shown = " ".join([os.path.basename(command[0]), *command[1:]])
    with open(target, "w", encoding="utf-8") as file:
        file.write(picture(shown, output_of(command)))


if __name__ == "__main__":
    main()
