"""The last exchanges with a server, for the wire view; bounded, however long a reply is."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from llmhub_tui.domain.wire import Answered, Asked, Came, Counted, Ended, Spoke, WireRecord

_MOST_EXCHANGES: Final = 16
_MOST_BYTES: Final = 1 << 20
"""Of a response's body; the oldest pieces go first."""
_MOST_GAPS: Final = 4096
_LONGEST_BODY: Final = 1 << 16
"""Characters of a request's body."""


@dataclass(slots=True)
class Exchange:
    """One request and what came of it."""

    asked: Asked
    answered: Answered | None = None
    ended: Ended | None = None
    pieces: deque[Came] = field(default_factory=deque)
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_GAPS))
    """Seconds between the pieces."""
    size: int = 0
    """Bytes of the body so far."""
    count: int = 0
    """Pieces of the body so far."""
    dropped: int = 0
    """Bytes that are kept no more."""
    came_at: float | None = None
    """When the last piece came."""
    first_at: float | None = None
    """When the first piece of the reply was read."""
    last_at: float | None = None
    chunks: int = 0
    """Pieces of the reply."""
    tokens: int = 0
    """As the server counted them; 0 while it has not."""

    @property
    def first_token_s(self) -> float | None:
        """Seconds from the request to the first piece of the reply."""
        return None if self.first_at is None else self.first_at - self.asked.at

    @property
    def per_second(self) -> float | None:
        """Tokens, or where nobody has counted them pieces of the reply, per second since the first."""
        if self.first_at is None or self.last_at is None or self.last_at <= self.first_at:
            return None
        return (self.tokens or self.chunks) / (self.last_at - self.first_at)

    def take_piece(self, piece: Came) -> None:
        """Keeps a piece of the body, and forgets the oldest ones where it becomes too much."""
        if self.came_at is not None:
            self.gaps.append(piece.at - self.came_at)
        self.came_at = piece.at
        self.pieces.append(piece)
        self.size += len(piece.data)
        self.count += 1
        while self.size - self.dropped > _MOST_BYTES and len(self.pieces) > 1:
            self.dropped += len(self.pieces.popleft().data)


class WireLog:
    """A `WireTap` that remembers."""

    def __init__(self) -> None:
        self.exchanges: deque[Exchange] = deque(maxlen=_MOST_EXCHANGES)
        """Oldest first."""
        self.version = 0
        """Grows with every record, so that a view knows when to look again."""

    def take(self, record: WireRecord) -> None:
        """Takes the next record; one that belongs to an exchange that is forgotten is ignored."""
        self.version += 1
        if isinstance(record, Asked):
            body = record.body
            if len(body) > _LONGEST_BODY:
                body = f"{body[:_LONGEST_BODY]}… ({len(body):,} characters in all)"
            self.exchanges.append(Exchange(replace(record, body=body)))
            return
        exchange = self._find(record.exchange)
        if exchange is None:
            return
        match record:
            case Answered():
                exchange.answered = record
            case Came():
                exchange.take_piece(record)
            case Spoke(_, at):
                exchange.first_at = at if exchange.first_at is None else exchange.first_at
                exchange.last_at = at
                exchange.chunks += 1
            case Counted(_, _, tokens):
                exchange.tokens = tokens
            case Ended():
                exchange.ended = record
            case _ as never:
                assert_never(never)

    def _find(self, number: int) -> Exchange | None:
        return next((known for known in reversed(self.exchanges) if known.asked.exchange == number), None)
