"""The one choke point that makes text from outside safe for a terminal.

Everything that came from a server, a tool, a file, a paste or the environment passes here before
anything renders it. Stored text stays as it was sent.
"""

from __future__ import annotations

import re
from typing import Final

_MOST_MARKS: Final = 4
"""Combining marks that one base character may carry; natural scripts stay below."""


def _table() -> dict[int, str | None]:
    """Code point to its visible stand-in, or `None` to drop it."""
    table: dict[int, str | None] = {}
    for code in range(0x20):
        table[code] = chr(0x2400 + code)  # control pictures: ESC becomes ␛
    table[0x7F] = "\u2421"
    for code in range(0x80, 0xA0):
        table[code] = "\ufffd"
    table[0x0A] = "\n"
    table[0x09] = "\t"
    table[0x85] = table[0x2028] = table[0x2029] = "\n"  # line separators
    table[0x0B] = table[0x0C] = "\n"
    for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F):
        table[code] = "\ufffd"  # bidirectional overrides, embeddings, isolates and marks
    for code in (*range(0xD800, 0xE000), *range(0xFFF9, 0xFFFC)):
        table[code] = "\ufffd"  # surrogates; interlinear annotation
    for code in (0x200B, 0x2060, *range(0x2061, 0x2065), *range(0x206A, 0x2070), 0xFEFF, 0x00AD, 0x180E):
        table[code] = None  # invisible, and able to hide text from a reader
    for code in range(0xE0000, 0xE0100):
        table[code] = "\ufffd"  # tag characters, used to smuggle ASCII
    for code in (*range(0xE0100, 0xE01F0), *range(0xFFFE, 0x10000)):
        table[code] = None
    return table


_TABLE: Final = _table()
_SUSPECT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e01ef]"
)
_MARK: Final = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS: Final = re.compile(f"({_MARK}{{{_MOST_MARKS}}}){_MARK}+")
_BREAKS: Final = re.compile(r"\r\n?")


def plain(text: str) -> str:
    """`text` with nothing in it that could drive a terminal; lines and tabs stay.

    Escape sequences and other controls become visible pictures, bidirectional controls, tag
    characters and surrogates become U+FFFD, line separators become newlines, and floods of
    combining marks are cut. Clean text comes back as the same object.
    """
    if _SUSPECT.search(text):
        text = _BREAKS.sub("\n", text).translate(_TABLE)
    if not text.isascii():
        text = _MARKS.sub(r"\1", text)
    return text


def plain_line(text: str, limit: int = 0) -> str:
    """`plain`, on one line: white space is folded to single spaces.

    Args:
        text: from anywhere.
        limit: the most characters to return, or 0 for all; what is cut ends in `…`.
    """
    line = " ".join(plain(text[: limit * 4] if limit else text).split())
    return line if not limit or len(line) <= limit else line[: limit - 1] + "…"
