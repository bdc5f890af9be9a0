"""Splits `<think>…</think>` at the start of a reply's text from the reply; pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

_OPEN: Final = ("<think>", "<thinking>")


class _State(Enum):
    START = auto()
    THINKING = auto()
    AFTER = auto()
    """Behind the closing tag: the blank lines that follow it are dropped."""
    TEXT = auto()


class ThinkSplitter:
    """Some servers leave the model's reasoning in the text, between tags that may be cut anywhere.

    Only a tag with which the text begins counts: later it is what the reply talks about.
    """

    def __init__(self) -> None:
        self._state = _State.START
        self._held = ""
        self._close = ""
        self._blank = True
        """Whether no reasoning has come yet: blank lines at its start are dropped."""

    def feed(self, text: str) -> tuple[str, str]:
        """Takes a piece of text; returns reasoning and text, each perhaps empty."""
        if self._state is _State.TEXT:
            return "", text
        text = self._held + text
        self._held = ""
        if self._state is _State.START:
            start = text.lstrip()
            tag = next((tag for tag in _OPEN if start.startswith(tag)), None)
            if tag is None:
                if any(tag.startswith(start) for tag in _OPEN):
                    self._held = text
                    return "", ""
                self._state = _State.TEXT
                return "", text
            self._state, self._close = _State.THINKING, tag.replace("<", "</")
            text = start[len(tag) :]
        reasoning = ""
        if self._state is _State.THINKING:
            reasoning, closed, text = text.partition(self._close)
            reasoning = reasoning.lstrip() if self._blank else reasoning
            if not closed:
                sure = reasoning[: len(reasoning) - _overlap(reasoning, self._close)].rstrip()
                keep = len(reasoning) - len(sure)
                self._held = reasoning[len(reasoning) - keep :]
                reasoning = reasoning[: len(reasoning) - keep]
                self._blank = self._blank and not reasoning
                return reasoning, ""
            reasoning, self._state = reasoning.rstrip(), _State.AFTER
        text = text.lstrip()
        if text:
            self._state = _State.TEXT
        return reasoning, text

    def flush(self) -> tuple[str, str]:
        """The stream has ended: what is held back is reasoning or text after all."""
        held, self._held = self._held, ""
        return (held, "") if self._state is _State.THINKING else ("", held)


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
