"""Numbers as a line of bars; pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Final

_BARS: Final = "▁▂▃▄▅▆▇█"
_LEAST_S: Final = 0.001
"""A gap of a millisecond or less is the lowest bar."""
_DECADES: Final = 4.0
"""The highest bar is so many powers of ten above the lowest: ten seconds."""


def bars(gaps: Sequence[float], width: int) -> str:
    """Gaps as bars, the last ones at the right, each bar the longest of its share.

    The scale is logarithmic and always the same, so that one stall does not flatten everything else.

    Args:
        gaps: seconds, oldest first.
        width: characters at most.
    """
    if not gaps or width < 1:
        return ""
    count = min(width, len(gaps))
    edges = [at * len(gaps) // count for at in range(count + 1)]
    return "".join(_bar(max(gaps[edges[at] : edges[at + 1]])) for at in range(count))


def _bar(seconds: float) -> str:
    height = log10(max(seconds, _LEAST_S) / _LEAST_S) / _DECADES
    return _BARS[min(len(_BARS) - 1, round(height * (len(_BARS) - 1)))]


def span(seconds: float) -> str:
    """A time in the unit that reads best."""
    if seconds < 0.0095:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"
