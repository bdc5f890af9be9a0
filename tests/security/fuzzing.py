"""What the fuzzer throws, and what must hold whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.corpus import SNIPPETS
from support.hostile import CASES
from textual._xterm_parser import XTermParser
from textual.theme import BUILTIN_THEMES

from llmhub_tui.api.decode import ChunkDecoder
from llmhub_tui.api.sse import EventReader
from llmhub_tui.domain.arguments import ArgumentsError, read_arguments
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.escaped import escaped
from llmhub_tui.domain.links import read_link
from llmhub_tui.domain.plain import cells, plain, printed
from llmhub_tui.domain.words import WordBuffer
from llmhub_tui.render.document import render_markdown
from llmhub_tui.render.palette import Palette
from llmhub_tui.settings.reading import parse_settings
from llmhub_tui.tui.terminal.keyboard import Keyboard
from llmhub_tui.tui.terminal.wall import written

PIECES = st.sampled_from([*CASES.values(), *SNIPPETS])
TEXT = st.lists(st.text(max_size=30) | PIECES, max_size=4).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["choices", "delta", "content", "tool_calls", "function", "arguments", "index", "id", "error",
             "message", "finish_reason", "usage", "name", "reasoning_content", "refusal"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
EVENTS = st.lists(
    JSON.map(lambda value: b"data: " + json.dumps(value).encode() + b"\n\n") | st.binary(max_size=60),
    max_size=6,
)
SETTINGS = st.lists(
    st.sampled_from(
        [b'profile = "a"\n', b"[profiles.a]\n", b'base_url = "http://a/v1"\n', b"[tools]\n", b"[clocks]\n"]
    )
    | st.binary(max_size=30)
    | st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    max_size=6,
).map(b"".join)


@cache
def palette() -> Palette:
    """Any will do."""
    return Palette.from_colors(BUILTIN_THEMES["textual-dark"].to_color_system().generate())


@given(EVENTS)
def decode(parts: list[bytes]) -> None:
    """A stream of anything is read, or is an error in the user's terms."""
    reader, decoder = EventReader(), ChunkDecoder()
    with suppress(ChatError):
        for part in parts:
            for event in reader.feed(part):
                decoder.decode(event)
        for event in reader.flush():
            decoder.decode(event)
        decoder.flush()


@given(st.lists(TEXT, max_size=5))
def words(parts: list[str]) -> None:
    """Nothing is lost between the words."""
    buffer = WordBuffer()
    assert "".join([*(buffer.feed(part) for part in parts), buffer.flush()]) == "".join(parts)


@given(TEXT)
def walls(text: str) -> None:
    """Nothing that drives a terminal comes through any wall."""
    for clean in (plain(text), cells(text), printed(text), escaped(text)):
        assert written(clean.replace("\t", " ")) == clean.replace("\t", " ")
        clean.encode("utf-8")
    assert plain(plain(text)) == plain(text)


@given(TEXT, st.integers(1, 120))
def render(text: str, width: int) -> None:
    """Every text becomes lines that fit."""
    document = render_markdown(text, palette(), width)
    for at in range(len(document)):
        strip = document.line(at).strip
        assert strip.cell_length <= width
        assert written(strip.text) == strip.text


@given(SETTINGS)
def settings_file(data: bytes) -> None:
    """A file is read, or is a mistake that one line names."""
    with suppress(ChatError):
        parse_settings(data, Path("config.toml"))


@given(TEXT)
def arguments(text: str) -> None:
    """Arguments are an object or refused."""
    with suppress(ArgumentsError):
        assert isinstance(read_arguments(text), dict)


@given(TEXT)
def links(text: str) -> None:
    """What may be opened is plain ASCII."""
    target = read_link(text)
    assert target is None or (target.url.isascii() and target.url.isprintable())


@given(
    st.lists(st.binary(max_size=30) | PIECES.map(lambda text: text.encode("utf-8", "replace")), max_size=6)
)
def keyboard(parts: list[bytes]) -> None:
    """No bytes end the keyboard."""
    board = Keyboard(lambda: XTermParser(False), lambda: 0.0)
    for part in parts:
        list(board.feed(part))
        list(board.tick())


TARGETS: dict[str, Callable[[], None]] = {
    test.__name__: test for test in (decode, words, walls, render, settings_file, arguments, links, keyboard)
}
