"""The prompts that Up and Down lead through, above what is being written; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rung:
    """A text to be written on: the draft, a prompt of before, or one that is edited where it stands."""

    text: str
    edits: str = ""
    """The id of the prompt that sending makes another version of; empty for a new prompt."""


class Ladder:
    """The draft at the foot, older prompts above it. What is changed on a rung stays on it."""

    def __init__(self, draft: Rung, older: Iterable[Rung] = ()) -> None:
        """Takes the rungs, from the foot up; what equals the rung below it is left out."""
        self._rungs = [draft]
        for rung in older:
            if rung.edits or (rung.text.strip() and rung.text != self._rungs[-1].text):
                self._rungs.append(rung)
        self._as_made = [rung.text for rung in self._rungs]
        self._at = 0

    @property
    def here(self) -> Rung:
        """The rung that is being written on."""
        return self._rungs[self._at]

    @property
    def draft(self) -> Rung:
        """What was being written before the ladder was climbed."""
        return self._rungs[0]

    @property
    def place(self) -> tuple[int, int]:
        """How many rungs above the draft this one is, and how many there are."""
        return self._at, len(self._rungs) - 1

    def write(self, text: str) -> None:
        """Takes the text as it is now."""
        self._rungs[self._at] = replace(self.here, text=text)

    def step(self, step: int) -> Rung | None:
        """Goes up (1) or down (-1); `None` where there is no rung."""
        at = self._at + step
        if not 0 <= at < len(self._rungs):
            return None
        self._at = at
        return self.here

    def leave(self) -> tuple[Rung, tuple[str, ...]]:
        """Goes back to the draft; also tells the texts that were changed above it, so that they are kept."""
        changed = tuple(
            rung.text
            for rung, made in zip(self._rungs[1:], self._as_made[1:], strict=True)
            if rung.text != made and rung.text.strip()
        )
        self._at = 0
        return self.draft, changed
