"""Reads a stream in gulps, since waking up for each token is most of what a token costs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

GULP_S: Final = 0.025
"""How long what follows a piece may gather before it is read; a screen is painted less often."""
_AT_ONCE_S: Final = 0.002
"""A piece that came within this time was there already."""


class Gulps:
    """The pieces of a stream as they are; between two that had to be waited for lies a short pause.

    What comes slowly is not late by it: the pause follows a piece, and never holds one up that comes after
    it. What comes faster than it is read is read without any pause.
    """

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Takes the stream, which its owner closes, and the clock."""
        self._pieces = pieces
        self._now = now
        self._sleep = sleep
        self._waited = False

    def __aiter__(self) -> Gulps:
        return self

    async def __anext__(self) -> bytes:
        if self._waited:
            await self._sleep(GULP_S)
        began = self._now()
        piece = await anext(self._pieces)
        self._waited = self._now() - began > _AT_ONCE_S
        return piece
