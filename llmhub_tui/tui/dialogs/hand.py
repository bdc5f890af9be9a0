"""Tells a hand on the keyboard from a machine: nobody reads a question and presses two keys in no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

QUIET_S: Final = 0.5
"""After a question has come up, what is typed was meant for what was there before."""
FASTEST_S: Final = 0.08
"""Between two keys of a hand that means them."""
REPEAT_S: Final = 0.012
"""Between two keys of a key that is held down, as one does to scroll."""


class Hand:
    """Judges each key by the time that has passed."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Takes a clock that never goes back, in seconds; the question comes up now."""
        self._clock = clock
        self._opened_at = self._last_at = clock()

    def means(self, *, repeated: bool = False) -> bool:
        """Whether the key that has just come was pressed by a hand that had time to read.

        Args:
            repeated: whether it is a key that may be held down.
        """
        now = self._clock()
        gap, self._last_at = now - self._last_at, now
        return now - self._opened_at >= QUIET_S and gap >= (REPEAT_S if repeated else FASTEST_S)
