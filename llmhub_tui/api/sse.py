"""Server-sent events, read as tolerantly as the servers that exist require; pure.

The format is the WHATWG's: https://html.spec.whatwg.org/multipage/server-sent-events.html. Beyond it,
an event ends where its JSON is complete, with or without a blank line; lines of bare JSON count as
events; and a frame that is broken costs itself alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import msgspec

from llmhub_tui.domain.errors import ChatError, ErrorKind

LONGEST_LINE: Final = 1 << 20
"""Bytes of one line, and of the stray lines that are kept."""

DEEPEST: Final = 64
"""How deep JSON may be nested."""


class Done:
    """The value of the `[DONE]` event."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: its name, and its data as parsed JSON, as `Done`, or as `Broken`."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Broken:
    """Data that is no JSON."""

    text: str


_DONE: Final = Done()
NOTHING: Final = object()
"""What `parse_json` says of what is no JSON."""


def parse_json(data: bytes) -> object:
    """The parsed value, or `NOTHING`; what is nested deeper than anything a server means is nothing, too."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:  # lone surrogates, NaN, control characters, bytes that are no UTF-8
            value = json.loads(data.decode("utf-8", "replace"), strict=False)
        except (ValueError, RecursionError):
            return NOTHING
    opened = data.count(b"[") + data.count(b"{")
    return NOTHING if opened > DEEPEST and _too_deep(value) else value


def _too_deep(value: object) -> bool:
    """Whether a value is nested deeper than `DEEPEST`."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True


class EventReader:
    """Bytes in, events out; `feed` may be called with any split of them."""

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False
        self._name = ""
        self._data: list[bytes] = []
        self._after_cr = False
        self.events = 0
        """How many events were read."""
        self.stray = b""
        """Lines that belong to no event, at most `LONGEST_LINE` bytes: a web page, or one whole JSON body."""

    def feed(self, data: bytes) -> list[ServerEvent]:
        """Takes what has arrived.

        Raises:
            ChatError: if a line is longer than any server's.
        """
        data = self._rest + data
        if not self._begun:
            if len(data) < 3 and b"\xef\xbb\xbf".startswith(data):
                self._rest = data
                return []
            self._begun = True
            data = data.removeprefix(b"\xef\xbb\xbf")
        if b"\r" in data or self._after_cr:
            data = self._with_newlines(data)
        *lines, self._rest = data.split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise ChatError(ErrorKind.PROTOCOL, "the server sent a line of more than 1 MB")
        found: list[ServerEvent] = []
        for line in lines:
            self._line(line, found)
        return found

    def flush(self) -> list[ServerEvent]:
        """The stream has ended: the last line and the last event need no line end."""
        found: list[ServerEvent] = []
        if self._rest:
            self._line(self._rest, found)
            self._rest = b""
        self._line(b"", found)
        if not self.events and (body := parse_json(self.stray)) is not NOTHING:
            self.stray = b""
            self._emit(body, found)
        return found

    def _with_newlines(self, data: bytes) -> bytes:
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
        self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _line(self, line: bytes, found: list[ServerEvent]) -> None:
        if line.startswith(b"data:"):
            self._take_data(line[6:] if line.startswith(b"data: ") else line[5:], found)
        elif not line:
            self._end_event(found)
        elif line.startswith(b"event:"):
            self._end_event(found)
            self._name = line[6:].strip().decode("utf-8", "replace")
        elif line.startswith(b"error:"):
            value = parse_json(line[6:])
            text = line[6:].strip().decode("utf-8", "replace")
            self._name = "error"
            self._emit(text if value is NOTHING else value, found)
        elif not line.startswith((b":", b"id:", b"retry:")) and line not in (
            b"id",
            b"retry",
            b"data",
            b"event",
        ):
            self._take_stray(line, found)

    def _take_data(self, data: bytes, found: list[ServerEvent]) -> None:
        if not self._data:
            text = data.strip()
            if not text or text.startswith(b":"):
                return  # an empty keep-alive, or a comment that a gateway has wrapped
            if text == b"[DONE]":
                self.events += 1
                found.append(ServerEvent(self._name, _DONE))
                return
        elif data.strip() == b"[DONE]":
            self._end_event(found)
            self._take_data(data, found)
            return
        value = parse_json(data)
        if value is not NOTHING:
            if self._data and isinstance(value, dict):
                self._end_event(found)  # what came before was cut
            elif self._data:
                value = NOTHING  # a line such as `1` or `}` of one object over several lines
        if value is NOTHING and self._data:
            data = b"\n".join([*self._data, data])
            value = parse_json(data) if len(data) <= LONGEST_LINE else NOTHING
        if value is not NOTHING:
            self._data.clear()
            self._emit(value, found)
        elif b"data: {" in data and self._glued(data, found):
            self._data.clear()
        else:
            self._data = [data]

    def _glued(self, data: bytes, found: list[ServerEvent]) -> bool:
        """A frame that was cut, with the next one on the same line: the second half is whole."""
        at = data.rfind(b"data: {")
        value = parse_json(data[at + 6 :])
        if value is NOTHING:
            return False
        self._broken(data[:at], found)
        self._emit(value, found)
        return True

    def _take_stray(self, line: bytes, found: list[ServerEvent]) -> None:
        value = parse_json(line) if line.startswith(b"{") and line.rstrip().endswith(b"}") else NOTHING
        if value is not NOTHING:
            self._emit(value, found)
        elif len(self.stray) + len(line) < LONGEST_LINE:
            self.stray += line + b"\n"

    def _end_event(self, found: list[ServerEvent]) -> None:
        if self._data:
            self._broken(b"\n".join(self._data), found)
            self._data.clear()
        self._name = ""

    def _broken(self, data: bytes, found: list[ServerEvent]) -> None:
        self._emit(Broken(data[:200].decode("utf-8", "replace")), found)

    def _emit(self, value: object, found: list[ServerEvent]) -> None:
        self.events += 1
        found.append(ServerEvent(self._name, value))
