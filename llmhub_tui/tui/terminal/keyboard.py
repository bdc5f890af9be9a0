"""What comes from the terminal, before Textual's parser sees it: bytes to messages, whatever they are.

Textual's parser ends the program at a byte that is no UTF-8 and at a key with an impossible number,
takes a minute for a large paste, and types the answers that terminals give to questions.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from textual import events
from textual.message import Message

_START: Final = b"\x1b[200~"
_END: Final = b"\x1b[201~"
_MOST_PASTED: Final = 256 << 20
"""Bytes; what goes beyond is read and forgotten."""
_LARGE: Final = 100_000
"""Bytes of a paste from which on no editor should take it."""
_FLOOD: Final = 512
"""Characters in one go that no hand types: a paste from a terminal that does not mark pastes."""
_BURST_S: Final = 0.05
"""What follows a paste within this time was part of it."""
_WIDEST: Final = 10_000
"""Columns or lines; what names more is no size and no place."""
_REPLY: Final = re.compile(
    r"\x1b\[[?>=][\d;]*(?:[A-Za-z]|\$[^y\W])"  # device attributes, key flags, and the like
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"  # colors, names, clipboards
)
_ALT_ENTER: Final = "\x1b\r"
"""What most terminals send for Alt+Enter; Textual's parser would take it for Escape and Enter."""
_ALT_ENTER_NAMED: Final = "\x1b[13;3u"
"""The same key in the protocol that names keys, which the parser knows."""
_POINTER: Final = re.compile(r"\x1b\[<[\d;-]+[mM]|\x1b\[[IO]")
"""The mouse, and the terminal's window getting and losing the focus."""
_SEQUENCE: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO?.?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Parser(Protocol):
    """Textual's, as far as it is used here."""

    def feed(self, data: str) -> Iterable[Message]:
        """Messages that a text amounts to; an empty text ends the parser."""
        ...

    def tick(self) -> Iterable[Message]:
        """Messages that time has decided, such as an Escape that nothing follows."""
        ...


@dataclass
class LargePaste(Message):
    """More text than an editor should take was pasted."""

    data: bytes
    """UTF-8, more or less."""
    cut: bool
    """Whether it was so much that a part of it was forgotten."""


class Keyboard:
    """Makes messages of bytes. Never raises."""

    def __init__(self, make_parser: Callable[[], Parser], clock: Callable[[], float]) -> None:
        """Takes what makes a parser, and a clock that never goes back, in seconds."""
        self._make_parser = make_parser
        self._parser = make_parser()
        self._clock = clock
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = b""
        """The last bytes, in which the mark of a paste may have begun."""
        self._parsed = True
        """Whether the parser has seen them."""
        self._paste: bytearray | None = None
        self._cut = False
        self._marked = False
        """Whether the parser has seen the mark, and waits for the other one."""
        self._burst_until = 0.0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that bytes amount to."""
        while data:
            data = yield from (self._typed(data) if self._paste is None else self._collect(data))

    def tick(self) -> Iterator[Message]:
        """The messages that time has decided."""
        yield from self._guarded(self._parser.tick)

    def _typed(self, data: bytes) -> Generator[Message, None, bytes]:
        """Reads what comes before a paste; returns what comes behind its mark."""
        window = self._tail + data
        at = window.find(_START)
        if at < 0:
            self._tail = window[1 - len(_START) :]
            yield from self._read(data)
            return b""
        seen = max(0, len(self._tail) - at)
        yield from self._read(data[: max(0, at - len(self._tail))])
        self._marked = bool(seen) and self._parsed
        if self._marked:
            yield from self._guarded(lambda: self._parser.feed(_START[seen:].decode("ascii")))
        rest = data[at + len(_START) - len(self._tail) :]
        self._paste, self._tail = bytearray(), b""
        return rest

    def _collect(self, data: bytes) -> Generator[Message, None, bytes]:
        """Takes what belongs to a paste; returns what comes behind its end."""
        paste = self._paste if self._paste is not None else bytearray()
        start = max(0, len(paste) - len(_END) + 1)
        paste += data
        at = paste.find(_END, start)
        if at < 0:
            if len(paste) > _MOST_PASTED:
                self._cut = True
                del paste[: 1 - len(_END)]
            return b""
        rest = bytes(paste[at + len(_END) :])
        del paste[at:]
        if self._marked:
            ended = self._guarded(lambda: self._parser.feed(_END.decode("ascii")))
            yield from (message for message in ended if not isinstance(message, events.Paste))
        yield self._pasted(bytes(paste))
        self._paste, self._cut = None, False
        self._burst_until = self._clock() + _BURST_S
        return rest

    def _pasted(self, data: bytes) -> Message:
        if self._cut or len(data) >= _LARGE:
            return LargePaste(data, self._cut)
        return events.Paste(data.decode("utf-8", "replace").replace("\x00", ""))

    def _read(self, data: bytes) -> Iterator[Message]:
        text = self._decoder.decode(data)
        if not text:
            return
        self._parsed = self._clock() >= self._burst_until
        if not self._parsed:
            yield from self._trailing(text)
            return
        if "\x1b" in text:
            text = _REPLY.sub("", text).replace(_ALT_ENTER, _ALT_ENTER_NAMED)
        elif len(text) >= _FLOOD:
            yield events.Paste(_lines(text))
            return
        if text:
            yield from self._guarded(lambda: self._parser.feed(text))

    def _trailing(self, text: str) -> Iterator[Message]:
        """What follows a paste at once is a part of it, whatever keys it looks like."""
        for sequence in _POINTER.findall(text):
            yield from self._guarded(partial(self._parser.feed, sequence))
        if kept := _SEQUENCE.sub("", text):
            self._burst_until = self._clock() + _BURST_S
            yield events.Paste(_lines(kept))

    def _guarded(self, read: Callable[[], Iterable[Message]]) -> Iterator[Message]:
        """The parser's messages, but those that can't be; where it fails, another takes its place."""
        try:
            for message in read():
                if _can_be(message):
                    yield message
        except Exception:  # whatever a parser may raise at bytes that nobody has foreseen
            self._parser = self._make_parser()
            self._marked = False


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _can_be(message: Message) -> bool:
    match message:
        case events.Key(character=str(text)):
            return not any("\ud800" <= char <= "\udfff" for char in text)
        case events.Resize(size=size, pixel_size=pixels):
            sizes = [*size, *(pixels if pixels is not None else ())]
            return all(0 < number <= _WIDEST for number in sizes)
        case events.MouseEvent():
            return 0 <= message.screen_x <= _WIDEST and 0 <= message.screen_y <= _WIDEST
        case _:
            return True
