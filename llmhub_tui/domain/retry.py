"""Policy only: given an error and how many attempts were made, wait how long, or give up."""

from __future__ import annotations

from dataclasses import dataclass

from llmhub_tui.domain.errors import ChatError, ErrorKind


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with jitter, and the server's own wish where it states one."""

    retries: int = 4
    """How many further attempts may follow the first."""
    base_s: float = 0.5
    cap_s: float = 20.0
    longest_wish_s: float = 60.0
    """What servers ask for with `Retry-After` is waited for as long as it comes to no more than this in all;
    beyond it the user is told instead."""

    def delay(self, error: ChatError, attempts: int, jitter: float, *, waited_s: float = 0.0) -> float | None:
        """Seconds until the next attempt, or `None` to give up.

        Args:
            error: why the last attempt failed.
            attempts: how many were made, at least 1.
            jitter: in [0, 1), so that many clients do not come back at once.
            waited_s: how long the turn has waited for earlier attempts.
        """
        retries = min(self.retries, 1) if error.kind is ErrorKind.TIMEOUT_START else self.retries
        if not error.retryable or attempts > retries:  # a model that does not start was waited for already
            return None
        if error.retry_after_s is not None:
            wish = max(0.0, error.retry_after_s)
            return wish if waited_s + wish <= self.longest_wish_s else None
        return float(min(self.cap_s, self.base_s * 2 ** (attempts - 1)) * (0.75 + jitter / 2))
