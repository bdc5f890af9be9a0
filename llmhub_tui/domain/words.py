"""Turns deltas, which end anywhere, into whole words."""

from __future__ import annotations

from typing import Final

from wcwidth import iter_graphemes

_LONGEST: Final = 256
"""Characters held at the most: a longer run without a space is no word, and is let out."""
_WINDOW: Final = 512
"""Characters at the end of a delta that are looked at closely; what is before them is whole words anyway."""


def _flows(cluster: str) -> bool:
    """Whether a line may break on both sides of it: CJK ideographs, kana, and their punctuation."""
    char = cluster[0]
    return (
        "\u3000" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u4dbf"
        or "\u4e00" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uff60"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def _window(text: str) -> int:
    """Where to start looking: at a space that leaves a window of text behind it, or at the start."""
    end = len(text) - _WINDOW
    return max(text.rfind(" ", 0, end), text.rfind("\n", 0, end), 0) if end > 0 else 0


def _whole(text: str) -> int:
    """How much of `text` is whole words.

    The last cluster is never counted, since the next delta may add a mark to it.
    """
    start = _window(text)
    clusters = list(iter_graphemes(text[start:]))
    if not clusters:
        return 0
    cut = len(text) - len(clusters[-1])
    longest = len(text) - _LONGEST
    for before, after in zip(reversed(clusters[:-1]), reversed(clusters), strict=False):
        if before.isspace() or after.isspace() or _flows(before) or _flows(after):
            return cut
        cut -= len(before)
        if cut < longest:
            return len(text) - len(clusters[-1])
    return start


class WordBuffer:
    """Holds back the word that is still being written.

    The joined output is the input, whatever the split. No word and no grapheme cluster is split,
    unless it is let go by `release` or is longer than any word.
    """

    def __init__(self) -> None:
        self._held = ""
        self.since: float | None = None
        """When the oldest text that is held arrived, by the caller's clock; `None` when nothing is."""

    def feed(self, text: str, now: float = 0.0) -> str:
        """Takes a delta; returns the words that are whole now, perhaps none.

        Args:
            text: the delta.
            now: the caller's clock, in seconds.
        """
        if not text:
            return ""
        text = self._held + text
        cut = _whole(text)
        self._held = text[cut:]
        if cut or self.since is None:
            self.since = now if self._held else None
        return text[:cut]

    def flush(self) -> str:
        """Returns all that is held: the reply has ended, or it was held for long enough."""
        held, self._held, self.since = self._held, "", None
        return held
