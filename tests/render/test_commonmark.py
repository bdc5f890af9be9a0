"""The examples of the CommonMark specification: they stream the same, and say what they should say."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from render.test_document import palette, shown, streamed

from llmhub_tui.render.document import render_markdown

DATA = Path(__file__).parent.parent / "data" / "commonmark.json"
OPENABLE = ("http://", "https://", "mailto:")
TOLD_OTHERWISE = {
    **dict.fromkeys(
        [21, 31, 201, 344, 475, 476, 477, 491, 494, 524, 536, 642, 643], "a tag is shown as text"
    ),
    33: "a target that cannot be opened is shown as it was written",
    195: "the same",
    202: "the same",
    206: "the same",
    563: "a reference within brackets that are escaped",
}
"""Examples whose text is another one here, and why."""


@cache
def examples() -> list[dict[str, Any]]:
    """All of them."""
    found: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))["examples"]
    return found


class Reader(HTMLParser):
    """The text of HTML as a terminal says it: numbers of lists, and targets that cannot be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._numbers: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A list, an item, a link or a picture begins."""
        given = {name: value or "" for name, value in attrs}
        if tag in ("ol", "ul"):
            self._numbers.append(int(given.get("start", "1")) if tag == "ol" else None)
        elif tag == "li" and self._numbers and (number := self._numbers[-1]) is not None:
            self.parts.append(str(number))
            self._numbers[-1] = number + 1
        elif tag == "a":
            self._links.append((given.get("href", ""), len(self.parts)))
        elif tag == "img":
            self.parts.append(f"image{given.get('alt') or given.get('src')}")
            self._tell(given.get("src", ""), "")

    def handle_endtag(self, tag: str) -> None:
        """A list or a link ends."""
        if tag in ("ol", "ul"):
            self._numbers.pop()
        elif tag == "a" and self._links:
            url, at = self._links.pop()
            self._tell(url, "".join(self.parts[at:]))

    def handle_data(self, data: str) -> None:
        """Text."""
        self.parts.append(data)

    def _tell(self, url: str, said: str) -> None:
        if url and url != said and not url.lower().startswith(OPENABLE):
            self.parts.append(url)


def letters(text: str) -> str:
    """Letters and digits."""
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize("section", sorted({example["section"] for example in examples()}))
def test_the_examples_stream_the_same(section: str) -> None:
    for example in examples():
        if example["section"] == section:
            text, width = example["markdown"], 10 + example["number"] % 50
            whole = shown(render_markdown(text, palette(), width))
            assert shown(streamed(text, width, seed=example["number"])) == whole, text


def test_the_whole_specification_streams_the_same() -> None:
    text = "\n\n".join(example["markdown"] for example in examples())
    assert shown(streamed(text, 80, seed=1)) == shown(render_markdown(text, palette(), 80))


def test_the_examples_say_what_their_html_says() -> None:
    wrong = []
    for example in examples():
        if "HTML" in example["section"] or example["number"] in TOLD_OTHERWISE:
            continue
        reader = Reader()
        reader.feed(example["html"])
        reader.close()
        document = render_markdown(example["markdown"], palette(), 200)
        said = "\n".join(document.line(at).text for at in range(len(document)))
        if letters(said) != letters("".join(reader.parts)):
            wrong.append((example["number"], example["markdown"], said))
    assert wrong == []
