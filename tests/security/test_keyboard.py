"""Whatever a terminal sends, nothing fails, nothing is sent, and a paste is a paste."""

from __future__ import annotations

import time
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from llmhub_tui.tui.terminal.keyboard import Keyboard, LargePaste


class Clock:
    """Stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def keyboard(clock: Clock | None = None) -> Keyboard:
    """A keyboard on Textual's parser."""
    return Keyboard(lambda: XTermParser(False), clock or Clock())


def read(*parts: bytes, clock: Clock | None = None, gap_s: float = 0.0) -> list[Message]:
    """What parts of a stream amount to, one after the other."""
    clock = clock or Clock()
    board = keyboard(clock)
    found: list[Message] = []
    for part in parts:
        found += board.feed(part)
        clock.now += gap_s
    return found


def keys(messages: list[Message]) -> list[str]:
    """The keys among them."""
    return [message.key for message in messages if isinstance(message, events.Key)]


def pastes(messages: list[Message]) -> str:
    """The pasted text among them."""
    return "".join(message.text for message in messages if isinstance(message, events.Paste))


def test_keys_are_keys() -> None:
    assert keys(read(b"a\r\x1b[A\xc3\xa9")) == ["a", "enter", "up", "é"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"\x1b[99999999999u",
        b"\x1b[1;99999999999999999u",
        b"\x1b[55296;1u",
        b"\x1b[97;;55296u",
        b"\x1b[97;;1114112u",
        b"\x1b[;;;;u",
        b"\x1b[48;0;0;0;0t",
        b"\x1b[48;999999999;999999999;1;1t",
        b"\x1b[48;24;80;0;0t\x1b[<0;5;5M",
        b"\x1b[<0;99999999999;1M",
        b"\x1b[<999;1;1M",
        b"\x1b[M\x00\x00\x00",
        b"\x1b[999999999;999999999R",
        b"\x1b" * 100,
        b"\x1b[" + b"9" * 5000 + b"~",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_impossible_bytes_are_passed_over(data: bytes) -> None:
    board = keyboard()
    for message in board.feed(data):
        assert not isinstance(message, events.Resize)
    list(board.feed(b"\x1b[A"))
    assert keys(list(board.feed(b"ab")))[-2:] == ["a", "b"]


@given(
    st.lists(st.binary(max_size=40) | st.sampled_from([b"\x1b[200~", b"\x1b[201~", b"\x1b["]), max_size=20)
)
def test_no_bytes_fail(parts: list[bytes]) -> None:
    board = keyboard()
    for part in parts:
        list(board.feed(part))
        list(board.tick())


@given(st.text(max_size=200).filter(lambda text: "\x1b" not in text and "\x00" not in text), st.data())
def test_a_paste_arrives_as_it_was_wherever_it_is_cut(text: str, data: st.DataObject) -> None:
    stream = b"x\x1b[200~" + text.encode() + b"\x1b[201~"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    parts = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    found = read(*parts)
    assert keys(found) == ["x"]
    assert pastes(found) == text


def test_what_follows_a_paste_at_once_is_pasted_too() -> None:
    found = read(b"\x1b[200~rm\x1b[201~\r\x11y", b"\x1b[13u\x1b[A\x03more\r")
    assert keys(found) == []
    assert pastes(found) == "rm\nymore\n"


def test_keys_after_a_paste_are_keys_again() -> None:
    found = read(b"\x1b[200~text\x1b[201~", b"\r", gap_s=0.2)
    assert keys(found) == ["enter"]


def test_the_mouse_after_a_paste_moves_and_delays_no_key() -> None:
    clock = Clock()
    board = keyboard(clock)
    list(board.feed(b"\x1b[200~text\x1b[201~"))
    for _ in range(5):
        clock.now += 0.02
        found = list(board.feed(b"\x1b[<35;5;5M"))
    assert [type(message) for message in found] == [events.MouseMove]
    assert keys(list(board.feed(b"\r"))) == ["enter"]


def test_a_large_paste_is_no_text_for_an_editor_and_takes_no_time() -> None:
    part, began = b"0123456789abcde\n" * 4096, time.thread_time()
    found = read(b"\x1b[200~", *[part] * 1600, b"\x1b[201~")
    assert [type(message) for message in found] == [LargePaste]
    assert isinstance(found[0], LargePaste)
    assert len(found[0].data) == 1600 * len(part)
    assert time.thread_time() - began < 5  # Textual's parser takes minutes of CPU for 100 MB


def test_a_paste_that_the_terminal_does_not_mark_sends_nothing() -> None:
    assert keys(read(b"line one\r" * 100)) == []


@pytest.mark.parametrize(
    "reply",
    [
        b"\x1b[?62;22c",
        b"\x1b[>41;354;0c",
        b"\x1b[?1337;0$y",
        b"\x1b[?31u",
        b"\x1b]11;rgb:ffff/ffff/ffff\x07",
        b"\x1b]52;c;cm0gLXJmIH4=\x1b\\",
        b"\x1bP1+r544e=787465726d\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
    ],
)
def test_the_answers_of_a_terminal_press_no_key(reply: bytes) -> None:
    assert keys(read(reply, b"x")) == ["x"]


def test_the_mode_report_that_textual_asks_for_still_arrives() -> None:
    assert [type(message).__name__ for message in read(b"\x1b[?2026;2$y")] == [
        "TerminalSupportsSynchronizedOutput"
    ]


def test_a_parser_that_fails_is_replaced() -> None:
    made = count()

    class Failing:
        def feed(self, data: str) -> list[Message]:
            raise ValueError(data)

        tick = None

    def make() -> XTermParser | Failing:
        return XTermParser(False) if next(made) else Failing()  # the first one fails

    board = Keyboard(make, Clock())  # type: ignore[arg-type]  # a parser that is none is the point
    assert list(board.feed(b"a")) == []
    assert keys(list(board.feed(b"a"))) == ["a"]
