"""What passes between us and a server, in order and with its times; never with a key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request leaves."""

    exchange: int
    """Counts the requests of a client, from one. All that belongs to a request carries its number."""
    at: float
    """Seconds on the client's clock, which never goes back."""
    method: str
    url: str
    headers: Headers
    """The key, and whatever else opens doors, is removed."""
    body: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A response's status and headers have come."""

    exchange: int
    at: float
    status: int
    headers: Headers


@dataclass(frozen=True, slots=True)
class Came:
    """A piece of a response's body, as it came; only compression is undone."""

    exchange: int
    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Spoke:
    """A piece of the reply was read: text, reasoning or part of a tool call."""

    exchange: int
    at: float


@dataclass(frozen=True, slots=True)
class Counted:
    """The server has said how many tokens its reply has."""

    exchange: int
    at: float
    tokens: int


class How(StrEnum):
    """How an exchange ended."""

    WHOLE = "whole"
    """The body came to its own end."""
    CLOSED = "closed"
    """We closed the connection: the reply was there, it was stopped, or a clock ran out."""
    FAILED = "failed"
    """The connection could not be made, or was lost."""


@dataclass(frozen=True, slots=True)
class Ended:
    """An exchange is over."""

    exchange: int
    at: float
    how: How
    error: str = ""
    """The name of the exception, where it failed."""
    detail: str = ""
    """The exception's words."""


WireRecord = Asked | Answered | Came | Spoke | Counted | Ended


class WireTap(Protocol):
    """Is told of everything that passes."""

    def take(self, record: WireRecord) -> None:
        """Takes the next record. Must neither block nor raise."""
        ...
