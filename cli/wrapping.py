"""Where lines break: between words, and in Chinese between characters where it may be."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

WHOLE = "\u00a0"  # stands for a space at which no line breaks, until the lines are made
NOT_FIRST = set("，。！？；：、）」』》】…·,.!?;:)]}%”’")  # no line begins with one of these
NOT_LAST = set("（「『《【([{“‘")  # and none ends with one of these


def wrapped(text: Text, width: int, first: int | None = None) -> list[Text]:
    """Rows of at most `width` cells (`first` for the first); Chinese breaks where it may."""
    rows = []
    for number, paragraph in enumerate(text.split("\n", allow_blank=True)):
        cuts = breaks(paragraph.plain, width, first if first and number == 0 else width)
        for row in paragraph.divide(cuts):
            row.rstrip()
            row.plain = row.plain.replace(WHOLE, " ")
            rows.append(row)
    return rows


def breaks(text: str, width: int, first: int) -> list[int]:
    """Where to cut `text` so that each row fits: between words, or between Chinese characters."""
    cuts: list[int] = []
    if cell_len(text) <= first:
        return cuts
    used, room = 0, first
    for start, unit in units(text):
        size = cell_len(unit.rstrip(" "))
        if used + size > room and used:
            cuts.append(start)
            used, room = 0, width
        while size > room:  # one word wider than the screen
            fit = _fitting(unit, room)
            start, unit = start + fit, unit[fit:]
            cuts.append(start)
            size, room = cell_len(unit.rstrip(" ")), width
        used += cell_len(unit)
    return cuts


def units(text: str) -> list[tuple[int, str]]:
    """What must stay together, with its place: a word with its spaces and its punctuation."""
    units: list[tuple[int, str]] = []
    for place, character in enumerate(text):
        last = units[-1][1] if units else " "
        if _joined(last[-1], character) or (last.rstrip(" ") and character == " "):
            units[-1:] = [(units[-1][0], last + character)] if units else [(place, character)]
        else:
            units.append((place, character))
    return units


def longest_unit(text: str) -> int:
    """The cells of the longest part that is not cut if there is room for it."""
    return max((cell_len(unit.rstrip(" ")) for _, unit in units(text)), default=0)


def _joined(before: str, after: str) -> bool:
    """Whether no line may break between these two characters."""
    if " " in (before, after):
        return before == after
    return after in NOT_FIRST or before in NOT_LAST or not (_is_wide(before) or _is_wide(after))


def _is_wide(character: str) -> bool:
    """Whether lines may break beside it: Chinese, Japanese and full-width characters."""
    return "\u2e80" <= character <= "\uffef"


def _fitting(unit: str, room: int) -> int:
    count, used = 0, 0
    for character in unit:
        used += cell_len(character)
        if used > room:
            break
        count += 1
    return max(count, 1)
