"""Long texts that stand in the composer as a short mark, since no editor is quick with a million letters."""

from __future__ import annotations

import re
from typing import Final

LARGEST: Final = 4_000_000
"""Bytes of a paste that may be a part of the prompt itself."""
_LARGE: Final = 100_000
"""Characters from which on a text is folded."""
_MARK: Final = re.compile(r"\[pasted text \d+: [\d,]+ characters\]")


class Pastes:
    """Folds long texts into marks and back. A mark that was changed is a text like any other."""

    def __init__(self) -> None:
        """Begins with none."""
        self._texts: dict[str, str] = {}

    def fold(self, text: str) -> str:
        """The mark that stands for a long text; a shorter one stays as it is."""
        if len(text) < _LARGE:
            return text
        mark = f"[pasted text {len(self._texts) + 1}: {len(text):,} characters]"
        self._texts[mark] = text
        return mark

    def unfold(self, text: str) -> str:
        """A text with what its marks stand for."""
        if "[pasted text " not in text or not self._texts:
            return text
        return _MARK.sub(lambda match: self._texts.get(match.group(), match.group()), text)
