"""Lets a burst of text out over a few frames, so that it flows instead of jumping; pure."""

from __future__ import annotations

from typing import Final

FRAME_S: Final = 1 / 24
"""The shortest time between two paints."""
SLICE_S: Final = 0.015
"""How long lines are made before the screen gets its turn."""
_FRAMES: Final = 4
"""Frames over which a burst is spread: at most 200 ms behind the server, a frame of waiting included."""
_AT_ONCE: Final = 80
"""Characters that are let out at once."""


class Pacer:
    """Holds text between the stream and the screen."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._size = 0
        self._since = 0.0

    @property
    def waiting(self) -> bool:
        """Whether anything is held."""
        return self._size > 0

    def put(self, text: str, now: float) -> None:
        """Takes text that has arrived."""
        if not self._size:
            self._since = now
        self._held.append(text)
        self._size += len(text)

    def take(self, now: float, *, everything: bool = False) -> str:
        """The text for this frame.

        Args:
            now: the caller's clock, in seconds.
            everything: whether the reply has ended.
        """
        text = "".join(self._held)
        left = _FRAMES - int((now - self._since) / FRAME_S + 0.5)
        if everything or len(text) <= _AT_ONCE or left <= 1:
            self._held, self._size = [], 0
            return text
        size = max(_AT_ONCE, -(-len(text) // left))
        cut = max(text.find(" ", size), text.find("\n", size))
        cut = size if cut < 0 else cut + 1
        self._held, self._size = [text[cut:]], len(text) - cut
        return text[:cut]
