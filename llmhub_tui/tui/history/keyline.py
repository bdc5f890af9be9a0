"""The keys that work here, and what they do; as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


class KeyLine(Widget):
    """Breaks its lines between keys, never within one."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Takes the keys: each a name, a blank, and what it does."""
        super().__init__()
        self._keys = keys

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the keys need."""
        return len(self._lines(width))

    def render(self) -> Content:
        """All keys."""
        lines = (Content("  ").join(map(_named, line)) for line in self._lines(self.size.width))
        return Content("\n").join(lines)

    def _lines(self, width: int) -> list[list[str]]:
        lines: list[list[str]] = [[]]
        left = width
        for key in self._keys:
            if len(key) > left and lines[-1]:
                lines.append([])
                left = width
            lines[-1].append(key)
            left -= len(key) + 2
        return lines


def _named(key: str) -> Content:
    """A key, and what it does."""
    name, _, does = key.partition(" ")
    return Content.assemble((name, "$text-primary"), f" {does}")
