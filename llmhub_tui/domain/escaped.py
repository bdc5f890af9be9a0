"""Text as it is shown where something depends on reading it exactly: nothing in it is invisible."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Characters that Unicode counts as printable, and of which nothing can be seen."""
_MOST_MARKS: Final = 4
_LONG: Final = 16_384
"""Characters above which everything but ASCII is escaped, so that a long text costs no time."""


def escaped(text: str) -> str:
    """`text` with a visible `\\u…` in place of all that is no plain sign, space or line break.

    Unlike `plain` it drops nothing: two texts that differ look different (a backslash stays one, since
    the two mean the same in JSON).
    """
    text = text.replace("\r", "\\r").replace("\t", "\\t")
    if len(text) > _LONG:
        text = text.encode("ascii", "backslashreplace").decode("ascii")
    parts: list[str] = []
    marks = 0
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        seen = char == "\n" or (char.isprintable() and char not in _UNSEEN and marks <= _MOST_MARKS)
        parts.append(char if seen else _code(char))
    return "".join(parts)


def _code(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
