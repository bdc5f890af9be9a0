"""Marks hits in one line of text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual.content import Content

_HIT = "$text-accent bold underline"


def marked_spans(text: str, spans: Iterable[tuple[int, int]]) -> Content:
    """A text with these places marked; each is a begin and an end, in characters."""
    content = Content(text)
    for start, end in spans:
        content = content.stylize(_HIT, start, end)
    return content


def marked_words(text: str, words: str) -> Content:
    """A text with every one of some words marked wherever it stands, whatever its case."""
    wanted = sorted({word for word in words.split() if word}, key=len, reverse=True)
    if not wanted:
        return Content(text)
    pattern = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE)
    return marked_spans(text, (match.span() for match in pattern.finditer(text)))
