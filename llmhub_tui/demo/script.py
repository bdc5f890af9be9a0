"""What the demo will send: a reply as a plan, before any of it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

_TOKEN: Final = re.compile(r" ?[^\W_]{1,6}|\s|[^\s]", re.UNICODE)
"""Pieces about as long as the tokens of a language model."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: str
    """JSON text."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error in place of a reply."""

    status: int
    message: str
    code: str
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A reply, and what goes wrong with it."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    finish_reason: str = "stop"
    pause_s: float | None = None
    """Seconds between two pieces; `None` for the server's own pace."""
    drop: bool = False
    """Whether the connection is cut after the last piece, without an end."""
    failure: str = ""
    """An error that is sent in mid-stream, after the last piece."""

    def after(self, partial: str) -> Script:
        """What is left of it behind a partial reply."""
        return replace(self, text=self.text[len(partial) :], reasoning="", drop=False, failure="")

    def cut_at(self, tokens: int) -> Script:
        """The reply under a token limit."""
        pieces = tokens_of(self.text)
        if len(pieces) <= tokens:
            return self
        return replace(self, text="".join(pieces[:tokens]), finish_reason="length", calls=())


def tokens_of(text: str) -> list[str]:
    """Text in pieces; joined they are the text. The demo's token counts are the number of pieces."""
    return _TOKEN.findall(text)
