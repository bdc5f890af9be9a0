"""The session's clock on the running event loop."""

from __future__ import annotations

import asyncio
import time


class LoopClock:
    """Time as the event loop has it, so that a test's loop can own it."""

    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        return asyncio.get_running_loop().time()

    def wall(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Waits; a wait of zero or less lets other tasks run once."""
        await asyncio.sleep(max(0.0, seconds))
