"""Replies as models write them: they stream the same, fit their pane, and show every word."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from render.test_document import palette, shown, streamed

from llmhub_tui.render.document import render_markdown

REPLIES = sorted((Path(__file__).parent / "replies").glob("*.md"))
SILENT = re.compile(
    r"^ *(?:`{3,}|~{3,}) *[\w`]+$|^ *> \[!\w+\]$"  # the language of a fence, the mark of an alert
    r"|^ {0,3}\[[^\]^]+\]:\s+\S+(?:\s+['\"][^'\"]*['\"])?$"  # where a link leads
    r"|(?<=\])\([^)]*\)|(?<=\])\[\w+\]|\[\^\w+\]:?|\[x\] |<br>"
    r"|\\begin\{.*?\\end\{\w+\}"
    r"|\$\$[^$]*?(?:\$\$|\n\n)|\\\[.*?(?:\\\]|\Z)|\\\(.*?\\\)|(?<![\w\\])\$[^$\n]*\$(?!\w)",  # LaTeX
    re.M | re.S,
)
"""What of a source is no word of it."""


def words(text: str) -> Counter[str]:
    """Words, and how often each is there; where words are not set apart, characters."""
    return Counter(re.findall(r"[\u3040-\ud7af]|[^\W_\u3040-\ud7af]+", text))


@pytest.mark.parametrize("width", [40, 120])
@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_a_reply_streams_the_same(path: Path, width: int) -> None:
    text = path.read_text(encoding="utf-8")
    whole = render_markdown(text, palette(), width)
    assert all(whole.line(at).strip.cell_length <= width for at in range(len(whole)))
    assert shown(streamed(text, width, seed=width)) == shown(whole)


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_a_reply_that_stops_anywhere_shows_what_it_showed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for at in range(97, len(text), len(text) // 12):
        assert shown(streamed(text[:at], 70, seed=at)) == shown(render_markdown(text[:at], palette(), 70))


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_every_word_of_a_reply_is_shown(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    document = render_markdown(text, palette(), 300)
    said = words("\n".join(document.line(at).text for at in range(len(document))))
    assert words(SILENT.sub(" ", text)) - said == Counter()
