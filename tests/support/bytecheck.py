"""Judges what was written to a terminal: every byte must be one that this program means to write.

Textual's start, end and paints, the scroll regions of the pane, and text. Nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SEQUENCES = (
    rb"\x1b\[(?:[0-9;]*)m",
    rb"\x1b\[\d+;\d+[Hr]",
    rb"\x1b\[r",
    rb"\x1b\[\?(?:1049|1000|1002|1003|1015|1006|1016|25|1004|2004|2026|2048|7)[hl]",
    rb"\x1b\[\?(?:2026|2048)\$p",
    rb"\x1b\[>(?:25|1)u",
    rb"\x1b\[<u",
    rb"\x1b\]22;[a-z-]*\x07",
)
_OURS = re.compile(b"|".join(_SEQUENCES))
_CLIPBOARD = re.compile(rb"\x1b\]52;c;[A-Za-z0-9+/=]*\x07")
_SGR = re.compile(rb"\x1b\[([0-9;]*)m")
_UNSEEN = re.compile(
    "[\x80-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_FLOOD = re.compile("[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{9}")


def flags(data: bytes, *, copies: int = 0, columns: int = 0, lines: int = 0) -> list[str]:
    """What should not have been written.

    Args:
        data: as recorded.
        copies: how often the user has copied something.
        columns: of the terminal; 0 where it does not matter.
        lines: of the terminal.
    """
    return list(_flags(data, copies, columns, lines))


def _flags(data: bytes, copies: int, columns: int, lines: int) -> Iterator[str]:
    copied = len(_CLIPBOARD.findall(data))
    if copied > copies:
        yield f"{copied} writes to the clipboard"
    rest = _CLIPBOARD.sub(b"", data)
    for place in re.finditer(rb"\x1b\[(\d+);(\d+)H", rest):
        if lines and not (1 <= int(place[1]) <= lines and 1 <= int(place[2]) <= columns + 1):
            yield f"a move outside of the screen: {place[0]!r}"
    open_run = False
    for run in _SGR.finditer(rest):
        resets = run[1] in (b"", b"0")
        if open_run and not resets:
            yield f"colors within colors at {run.start()}: {rest[run.start() - 20 : run.end()]!r}"
        open_run = not resets
    rest = _OURS.sub(b"", rest)
    for found in re.finditer(rb"\x1b.{0,20}|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", rest, re.DOTALL):
        yield f"at {found.start()}: {found[0]!r}"
    try:
        text = rest.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"no UTF-8: {error}"
        return
    for seen in (*_UNSEEN.finditer(text), *_FLOOD.finditer(text)):
        yield f"{seen[0]!a} in {text[max(0, seen.start() - 20) : seen.end()]!a}"
