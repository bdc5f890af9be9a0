"""Joins a resumed reply to its partial: nothing doubled, nothing lost.

Asked to go on from a partial reply, servers do one of four things (measured on llama.cpp, LiteLLM,
transformers and llama-cpp-python): they continue exactly; they repeat the last words or the whole
partial and then continue; they start again with the same words; or they answer something else.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

_LEAST_OVERLAP: Final = 8
"""Characters: a shorter agreement at the seam is chance, as in `the the`, and is kept."""
_LEAST_RESTART: Final = 12
"""Characters in common at the start that show that the reply was begun again."""
_LEAST_VARIETY: Final = 4
"""Different characters that an overlap has at least: `========` and `ha ha ha` may well go on."""
_LONGEST_TAIL: Final = 400
"""Characters of the partial's end that are looked for at the start of the continuation."""


_SURE_OVERLAP: Final = 40
"""Characters of overlap that count even where the text repeats itself."""
_HALVES: Final = "".join(map(chr, range(0xD800, 0xDC00)))
_OPEN_THOUGHT: Final = re.compile(r"\s*<think(?:ing)?>(?!.*</think)", re.DOTALL)


def resumable(text: str) -> str:
    """What of a partial reply a server can be asked to go on from.

    Half a character at its end is dropped, and a thought that was never closed is none of the reply.
    """
    return "" if _OPEN_THOUGHT.match(text) else text.rstrip("\ufffd" + _HALVES)


class Joint(StrEnum):
    """What the server turned out to do."""

    UNDECIDED = "undecided"
    CONTINUED = "continued"
    ECHOED = "echoed"
    """It repeated all of the partial, or the end of it, first; one copy is kept."""
    DIVERGED = "diverged"
    """It started again with the same words and then said something else."""


class Seam:
    """Fed with the continuation's text, lets out what belongs behind the partial.

    As long as the continuation could still be a repetition it is held back, so that the reader
    never sees a word twice.
    """

    def __init__(self, partial: str) -> None:
        """Takes the text that is already there."""
        self._partial = partial
        self._held = ""
        self.joint = Joint.UNDECIDED if partial else Joint.CONTINUED

    def feed(self, text: str) -> str:
        """Takes text of the continuation; returns what may be shown."""
        if self.joint is not Joint.UNDECIDED:
            return text
        self._held += text
        if self._partial.startswith(self._held):
            return ""
        if self._held.startswith(self._partial):
            return self._settle(Joint.ECHOED, len(self._partial))
        if self._may_repeat_tail():
            return ""
        return self._decide()

    def flush(self) -> str:
        """The continuation has ended; returns what is still held back and belongs to the reply."""
        if self.joint is not Joint.UNDECIDED:
            return ""
        again = self._held == self._partial or (
            len(self._held) >= _LEAST_OVERLAP and len(set(self._held)) >= _LEAST_VARIETY
        )
        if again and self._partial.startswith(self._held):
            return self._settle(Joint.ECHOED, len(self._held))
        return self._decide()

    def _may_repeat_tail(self) -> bool:
        """Whether all that came so far occurs near the partial's end and may reach that end yet."""
        return self._held in self._partial[-_LONGEST_TAIL:]

    def _decide(self) -> str:
        overlap = self._overlap()
        if overlap:
            return self._settle(Joint.ECHOED, overlap)
        common = self._common()
        if common >= max(_LEAST_RESTART, min(len(self._partial) // 4, 40)):
            return self._settle(Joint.DIVERGED, 0)
        return self._settle(Joint.CONTINUED, 0)

    def _overlap(self) -> int:
        """Characters at the start of the continuation that are the partial's end."""
        tail = self._partial[-_LONGEST_TAIL:]
        for size in range(min(len(tail), len(self._held)), _LEAST_OVERLAP - 1, -1):
            if tail.endswith(again := self._held[:size]):
                varied = len(set(again)) >= _LEAST_VARIETY
                usual = size < _SURE_OVERLAP and self._partial.count(again) > 1  # as a line of a list is
                return size if varied and not usual else 0
        return 0

    def _common(self) -> int:
        """Characters that the continuation and the partial have in common at their starts."""
        pairs = zip(self._partial, self._held, strict=False)
        return next(
            (at for at, (a, b) in enumerate(pairs) if a != b), min(len(self._partial), len(self._held))
        )

    def _settle(self, joint: Joint, skip: int) -> str:
        self.joint = joint
        text, self._held = self._held[skip:], ""
        return text
