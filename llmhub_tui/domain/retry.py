"""Policy only: given an error and how many attempts were made, wait how long, or give up."""

from __future__ import annotations

from dataclasses import dataclass

from llmhub_tui.domain.errors import ChatError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with jitter, and the server's own wish where it states one."""

    retries: int = 4
    """How many further attempts may follow the first."""
    base_s: float = 0.5
    cap_s: float = 20.0
    longest_wish_s: float = 60.0
    """A `Retry-After` beyond this is not waited for; the user is told instead."""

    def delay(self, error: ChatError, attempts: int, jitter: float) -> float | None:
        """Seconds until the next attempt, or `None` to give up.

        Args:
            error: why the last attempt failed.
            attempts: how many were made, at least 1.
            jitter: in [0, 1), so that many clients do not come back at once.
        """
        if not error.retryable or attempts > self.retries:
            return None
        if error.retry_after_s is not None:
            wish = max(0.0, error.retry_after_s)
            return wish if wish <= self.longest_wish_s else None
        return float(min(self.cap_s, self.base_s * 2 ** (attempts - 1)) * (0.75 + jitter / 2))
