"""The signs of mathematics on one line: raised and lowered letters, accents, plain spellings."""

from __future__ import annotations

import unicodedata

LOWERED = dict(zip(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True,
))  # fmt: skip
RAISED = dict(zip(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤βγδθφχ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀᵝᵞᵟᶿᵠᵡ", strict=True,
))  # fmt: skip
ACCENTS = {
    "^": ("\u0302", "hat"), "~": ("\u0303", "tilde"), "¯": ("\u0304", "bar"),
    "―": ("\u0304", "bar"), "→": ("\u20d7", "vec"), "˙": ("\u0307", "dot"), "¨": ("\u0308", "ddot"),
}  # fmt: skip
PLAIN = {
    "−": "-", "·": "*", "⋅": "*", "×": "x", "÷": "/", "±": "+-", "∓": "-+", "≤": "<=", "≥": ">=",
    "≠": "!=", "≈": "~=", "≡": "==", "∝": "proportional to", "→": "->", "←": "<-", "⇒": "=>",
    "⇐": "<=", "⇔": "<=>", "↦": "|->", "∈": "in", "∉": "not in", "⊂": "subset of",
    "⊆": "subset of", "∪": "union", "∩": "intersect", "∞": "infinity", "∂": "partial ",
    "∇": "grad ", "∑": "sum", "∏": "product", "∫": "integral", "⊤": "T", "⊥": "perp",
    "⊙": "odot", "⊗": "otimes", "⊕": "xor", "∘": "o", "∗": "*", "′": "'", "″": "''",
    "…": "...", "⋯": "...", "⋮": "...", "‖": "||", "⌊": "floor(", "⌋": ")", "⌈": "ceil(",
    "⌉": ")", "⟨": "<", "⟩": ">", "∼": "~", "∀": "for all ", "∃": "exists ", "∅": "empty set",
    "ℝ": "R", "ℕ": "N", "ℤ": "Z", "ℒ": "L", "ℓ": "l", "ϵ": "epsilon", "ϕ": "phi", "√": "sqrt",
    "∣": "|", "∖": "\\", "≪": "<<", "≫": ">>", "∧": "and", "∨": "or", "¬": "not ",
}  # fmt: skip


def plain(text: str) -> str:
    """A sign as a screen reader says it and as any terminal has it: Greek letters by name."""
    return "".join(PLAIN.get(sign) or _greek(sign) for sign in text)


def _greek(sign: str) -> str:
    name = unicodedata.name(sign, "")
    if not name.startswith("GREEK "):
        return sign
    word = name.split(" LETTER ")[-1].split()[-1].lower().replace("lamda", "lambda")
    return word.capitalize() if "CAPITAL" in name else word


def upright(text: str) -> str:
    """Letters without the styles that few terminals have: a bold x is an x."""
    return "".join(
        unicodedata.normalize("NFKC", sign) if 0x1D400 <= ord(sign) <= 0x1D7FF else sign
        for sign in text
    )


def script(text: str, *, raised: bool, signs: bool) -> str:
    """`text` above or below the line: in small signs if there is one for each, else _{text}."""
    table = RAISED if raised else LOWERED
    if signs and all(sign in table for sign in text):
        return "".join(table[sign] for sign in text)
    mark = "^" if raised else "_"
    text = text.replace("⊤", "T")
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"


def accented(text: str, accent: str, *, signs: bool) -> str:
    """One letter with an accent; of more letters the accent's name, as a function."""
    mark, name = ACCENTS[accent]
    if signs and len(text) == 1:
        return unicodedata.normalize("NFC", text + mark)
    return f"{name}({text})"
