"""The two walls between text from outside and a terminal.

In: everything that came from a server, a tool, a file, a paste or the environment passes `plain` before
anything renders it; what is dangerous in it becomes visible. Stored text stays as it was sent.
Out: what is painted passes `cells`, and what is printed passes `printed`, which let nothing through that
decoding has brought back.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

_MOST_MARKS: Final = 6
"""Combining marks that one base character may carry; natural scripts stay below."""
_MOST_JOINED: Final = 8
"""Joiners in one picture: a family of four, each with a color of skin, has seven."""
_REPLACED: Final = "\ufffd"
_VIRAMA: Final = 9
"""The combining class of the Indic signs behind which a joiner shapes letters."""

_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN: Final = (
    "\u00ad\u034f\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufff8\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0100-\U000e0fff"
)
"""Invisible: able to hide text from a reader, or words from a search. Dropped."""
_BLANK: Final = "\u115f\u1160\u3164\uffa0"
"""Fillers of Hangul: letters of which nothing can be seen."""
_SMUGGLED: Final = "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\U000e0000-\U000e00ff\U0010eeee"
"""Half characters, no characters, annotations, tags, and the place holder of kitty's pictures."""
_CONTROL: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"


def _codes(ranges: str) -> list[int]:
    """The code points of a character class."""
    found: list[int] = []
    for part in re.findall(r"(.)-(.)|(.)", ranges, re.DOTALL):
        first, last = (part[0], part[1]) if part[0] else (part[2], part[2])
        found += range(ord(first), ord(last) + 1)
    return found


@cache
def _visible() -> dict[int, str | None]:
    """Code point to its visible stand-in, or `None` to drop it. Made when something is to be replaced."""
    table: dict[int, str | None] = {code: chr(0x2400 + code) for code in range(0x20)}  # ESC becomes ␛
    table |= dict.fromkeys(_codes(_UNSEEN))
    table |= dict.fromkeys(_codes(_BIDI + _BLANK + _SMUGGLED), _REPLACED)
    table |= dict.fromkeys(range(0x80, 0xA0), _REPLACED)
    table[0x7F] = "\u2421"
    table[0x09] = "\t"
    table |= dict.fromkeys((0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
    return table


@cache
def _no_cell() -> dict[int, str | None]:
    """For `cells`: what has no width is dropped, so that a line keeps its length; one has two cells."""
    return {**dict.fromkeys(_visible()), 0x115F: "  ", 0x0A: None, 0x09: " "}


@cache
def _no_line() -> dict[int, str | None]:
    """For `printed`."""
    return {**_no_cell(), 0x0A: "\n", 0x09: "\t"}


_SUSPECT: Final = re.compile(f"[{_CONTROL}{_BIDI}{_UNSEEN}{_BLANK}{_SMUGGLED}]")
_NO_CELLS: Final = re.compile(f"[\t\n{_CONTROL}{_BIDI}{_UNSEEN}{_BLANK}{_SMUGGLED}]")
_CROWDS: Final = re.compile(f"(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]+|[^\\w\\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
"""More than one variation selector; as many signs as may be a flood of combining marks."""
_JOINERS: Final = re.compile("\u200d+")
_BREAKS: Final = re.compile(r"\r\n?")


def plain(text: str) -> str:
    """`text` with nothing in it that could drive a terminal; lines and tabs stay.

    Escape sequences and other controls become visible pictures, bidirectional controls, tag
    characters and surrogates become U+FFFD, line separators become newlines, what is invisible is
    dropped, and floods of combining marks are cut. Clean text comes back as the same object.
    """
    if _SUSPECT.search(text):
        text = _BREAKS.sub("\n", text).translate(_visible())
    return text if text.isascii() else _thinned(text)


def plain_line(text: str, limit: int = 0) -> str:
    """`plain`, on one line: white space is folded to single spaces.

    Args:
        text: from anywhere.
        limit: the most characters to return, or 0 for all; what is cut ends in `…`.
    """
    line = " ".join(plain(text[: limit * 4] if limit else text).split())
    return line if not limit or len(line) <= limit else line[: limit - 1] + "…"


def cells(text: str) -> str:
    """`text` as the cells of a screen take it: what drives a terminal, or has no place in a cell, is gone.

    It leaves out rather than stands in, since the room of each text on the screen is settled by then.
    """
    if _NO_CELLS.search(text):
        text = text.translate(_no_cell())
    return text if text.isascii() else _thinned(text)


def printed(text: str) -> str:
    """`text` as a stream of lines takes it: the outer wall of what is written without a screen."""
    if _SUSPECT.search(text):
        text = text.translate(_no_line())
    return text if text.isascii() else _thinned(text)


def _thinned(text: str) -> str:
    """Without crowds of what is drawn over its neighbor: marks, selectors, joiners."""
    if "\u200d" in text:
        text = _without_false_joiners(text)
    if _CROWDS.search(text):
        thin = _CROWDS.sub(_thin, text)
        text = thin if thin != text else text
    return text


def _thin(found: re.Match[str]) -> str:
    if (
        "\ufe00" <= found[0][0] <= "\ufe0f"
        and found.start()
        and _is_selector(found.string[found.start() - 1])
    ):
        return ""
    marks, kept = 0, []
    for char in found[0]:
        if unicodedata.category(char) in ("Mn", "Me"):
            marks += 1
            if marks > _MOST_MARKS:
                continue
        elif char not in "\u200c\u200d":
            marks = 0
        kept.append(char)
    return "".join(kept)


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f"


def _without_false_joiners(text: str) -> str:
    """Keeps joiners within pictures and Indic letters; elsewhere they would hide the width of a text."""
    joined, last = 0, -9

    def judge(found: re.Match[str]) -> str:
        nonlocal joined, last
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
        joined = joined + 1 if found.start() - last <= 4 else 1
        last = found.start()
        # at either end of a piece of a text that is still arriving, nobody knows what is beside it
        picture = (not before or _is_picture(before)) and (not after or unicodedata.category(after) == "So")
        letter = before and unicodedata.combining(before) == _VIRAMA and joined <= 2
        return "\u200d" if (picture or letter) and joined <= _MOST_JOINED else ""

    kept = _JOINERS.sub(judge, text)
    return kept if kept != text else text


def _is_picture(char: str) -> bool:
    return char == "\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff" or unicodedata.category(char) == "So"
