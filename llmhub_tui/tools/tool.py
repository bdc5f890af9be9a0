"""What a tool is, wherever it comes from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Arguments = Mapping[str, Any]
"""A call's arguments: parsed strictly, and as the tool's schema asks for."""


class ToolError(Exception):
    """A tool cannot do what it was asked for. The message says why, for the model to act on."""


async def _no_detail(_: Arguments) -> str:
    return ""


def _nothing_like_it(_: Arguments) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call."""

    name: str
    description: str
    """For the model."""
    schema: Mapping[str, Any]
    """The JSON schema of its arguments."""
    source: str
    """Where it comes from, for the user."""
    run: Callable[[Arguments], Awaitable[str]]
    """Does it; raises `ToolError` for what the model should know, and stops what it does when canceled."""
    detail: Callable[[Arguments], Awaitable[str]] = _no_detail
    """What a call would change, such as a diff, for the user to decide on; may raise `ToolError`."""
    alike: Callable[[Arguments], Mapping[str, str]] = _nothing_like_it
    """Patterns (as in file names) by argument: which calls are so like this one that they may be allowed
    along with it. Arguments without a pattern must be the same."""
    read_only: bool = False
    """Whether it changes nothing and tells nobody."""
    limit_s: float | None = None
    """How long it may run; `None` for the toolbox's own limit."""


class Source(Protocol):
    """Where tools come from. What it has may change at any time."""

    @property
    def title(self) -> str:
        """For the user."""
        ...

    async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
        """The tools there are now; waits, within reason, where those wanted are still to come."""
        ...

    def troubles(self) -> Sequence[str]:
        """What is wrong, in lines for the user."""
        ...
