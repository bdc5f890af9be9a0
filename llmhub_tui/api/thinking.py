"""Splits `<think>…</think>` at the start of a reply's text from the reply; pure."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

_OPEN: Final = ("<think>", "<thinking>")
_CLOSE: Final = re.compile(r"</think(?:ing)?>")
_LONGEST_TAG: Final = len("</thinking>")
_QUOTING: Final = frozenset(" `'\"(>")
"""In front of a closing tag they show that the reply talks about it."""
_LONGEST_THOUGHT: Final = 1 << 18
"""Characters after which a closing tag is what the reply talks about."""


class _State(Enum):
    START = auto()
    THINKING = auto()
    AFTER = auto()
    """Behind the closing tag: the blank lines that follow it are dropped."""
    TEXT = auto()


class ThinkSplitter:
    """Some servers leave the model's reasoning in the text, between tags that may be cut anywhere.

    Only a tag with which the text begins counts: later it is what the reply talks about. Some prompt
    templates open the tag themselves, so that only the closing one comes: then all before it was
    reasoning, which `take_late` tells.
    """

    def __init__(self) -> None:
        self._state = _State.START
        self._held = ""
        self._close = ""
        self._blank = True
        """Whether no reasoning has come yet: blank lines at its start are dropped."""
        self._watching = True
        """Whether a closing tag may still come for an opening one that was never sent."""
        self._late = False
        self._seen = 0
        self._tail = ""

    def feed(self, text: str) -> tuple[str, str]:
        """Takes a piece of text; returns reasoning and text, each perhaps empty."""
        if self._state is _State.TEXT:
            return self._watch(text) if self._watching else ("", text)
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
                return self._watch(text)
            self._watching = False
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

    def flush(self, *, whole: bool = True) -> tuple[str, str]:
        """The stream has ended: what is held back is reasoning or text after all.

        Where the stream was cut (not `whole`), half an opening tag is neither: it will come again.
        """
        held, self._held = self._held, ""
        if self._state is _State.START and not whole and held.strip():
            return "", ""
        return (held, "") if self._state is _State.THINKING else ("", held)

    def take_late(self) -> bool:
        """Whether what `feed` has just returned shows that all text before it was reasoning; told once."""
        late, self._late = self._late, False
        return late

    def _watch(self, text: str) -> tuple[str, str]:
        """Looks for a closing tag in the text of a reply that had no opening one."""
        text, self._held = self._held + text, ""
        around = self._tail + text
        if "<" not in around and self._seen <= _LONGEST_THOUGHT:  # no tag is near, as nearly always
            self._note(text)
            return "", text
        close = _CLOSE.search(text)
        before = (self._tail + text[: close.start()])[-1:] if close else ""
        if (
            self._seen > _LONGEST_THOUGHT
            or any(tag in around for tag in _OPEN)
            or (close and before in _QUOTING)
        ):
            self._watching = False
            return "", text
        if close:
            self._watching, self._late, self._state = False, True, _State.AFTER
            reasoning, rest = text[: close.start()].rstrip(), text[close.end() :].lstrip()
            self._state = _State.TEXT if rest else _State.AFTER
            return reasoning, rest
        keep = max(_overlap(text, "</think>"), _overlap(text, "</thinking>"))
        self._held = text[len(text) - keep :]
        text = text[: len(text) - keep]
        self._note(text)
        return "", text

    def _note(self, text: str) -> None:
        self._seen += len(text)
        self._tail = (self._tail + text)[-_LONGEST_TAG:]


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
