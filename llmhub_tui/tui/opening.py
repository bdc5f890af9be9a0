"""What the first frame shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first frame shows; more may be known once the settings are read."""

    model: str = ""
    profile: str = ""
    banner: str = ""
    theme: str = ""
    resume: bool = False
    """Whether an earlier conversation will be opened."""
    tries: tuple[str, ...] = ()
    """What one may type to see something happen."""
    now: Callable[[], float] = time.monotonic
    """The clock of what is shown."""
    wall: Callable[[], float] = time.time
    """The same in seconds since the Unix epoch, for the day."""
