"""Where display formulas begin and end in Markdown: `$$…$$` and `\\[…\\]`, on one line or on several."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from llmhub_tui.domain.plain import plain
from llmhub_tui.render.leaves import Look
from llmhub_tui.render.lines import Line
from llmhub_tui.render.math import readable_math
from llmhub_tui.render.patterns import FENCE, HEADING
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs

_BEGIN: Final = re.compile(
    r" {0,3}(\$\$|\\\[|\\begin\{((?:equation|align|alignat|gather|multline|eqnarray|displaymath)\*?)\})(.*)$"
)
_MOST: Final = 2000
"""Characters that are waited for; what is longer was never closed."""
_WORDS: Final = re.compile(r"\\(?:text|math|operatorname)[a-z]*\{[^}]*\}?|\\[a-zA-Z]+")
_PROSE: Final = re.compile(
    r"\b[^\W\d_]{2,}+(?:[ ,;:'\u2019-]++[^\W\d_]++){3,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{6,}"
)
_MATH: Final = re.compile(r"\\[a-zA-Z]|[=^_<>+\u2200-\u22ff]")
_NOTE: Final = re.compile(r" {0,3}\[\^[^\]\s]+\]:")


def begin_formula(line: str) -> tuple[str, str, str] | None:
    """What opens and what closes the display formula that a line begins, and what of the line is in it."""
    match = _BEGIN.match(line)
    if match is None:
        return None
    opening, rest = match[1], match[3]
    closing = f"\\end{{{match[2]}}}" if match[2] else "$$" if opening == "$$" else "\\]"
    at = rest.find(closing)
    fits = not is_prose(rest) if at < 0 else not rest[at + len(closing) :].strip()
    return (opening, closing, rest) if fits else None


def is_prose(text: str) -> bool:
    """Whether a text has words in a row, as no formula has but in `\\text{…}`."""
    return bool(_PROSE.search(_WORDS.sub(" . ", text)))


@dataclass(slots=True)
class Formula:
    """A display formula: its lines wait for the one that closes it, as long as they may be part of one.

    What is not closed is shown as a formula up to the first blank line, if it reads like one. The rest is
    text.
    """

    first: Prefix
    rest: Prefix
    opening: str
    closing: str
    lines: list[str] = field(default_factory=list)
    closed: bool = False
    behind: str = ""
    """What follows the closing sign on its line."""

    def copy(self) -> Formula:
        """See `Leaf`."""
        return replace(self, lines=list(self.lines))

    def may_take(self, text: str) -> bool:
        """Whether a line may be part of it."""
        if not text.strip():
            return not any(map(str.strip, self.lines)) or self.count > 0
        begin = _BEGIN.match(text)
        within = begin and begin[2] and not self.opening.startswith("\\begin")
        if (begin and begin[1] != self.closing and not within) or FENCE.match(text) or HEADING.match(text):
            return False
        known = sum(map(len, self.lines)) + len(self.lines)
        return known + len(text) <= _MOST and not is_prose(text) and not _NOTE.match(text)

    def add(self, text: str) -> bool:
        """Takes a line; says whether it was the last one."""
        at = text.find(self.closing)
        if at >= 0:
            behind = text[at + len(self.closing) :].strip()
            self.closed, text = True, text[:at].strip()
            if behind.strip(".,;:!?)"):
                self.behind, behind = behind, ""
            if text or not behind:
                self.lines.append(text + behind)
            else:
                self.lines[-1] += behind
            return True
        self.lines.append(text)
        return False

    @property
    def count(self) -> int:
        """How many lines are shown as a formula."""
        if self.closed:
            return len(self.lines)
        begin = next((at for at, line in enumerate(self.lines) if line.strip()), len(self.lines))
        end = next(
            (at for at in range(begin, len(self.lines)) if not self.lines[at].strip()), len(self.lines)
        )
        return end if _MATH.search("\n".join(self.lines[:end])) else 0

    @property
    def empty(self) -> bool:
        """Whether nothing has come but the sign that begins it."""
        return not any(map(str.strip, self.lines))

    def text_lines(self) -> list[str]:
        """The lines that are text, as they were written."""
        if self.closed:
            return []
        opening = self.opening if self.opening == "$$" else "\\" + self.opening
        count = self.count
        return self.lines[count:] if count else [opening + self.lines[0], *self.lines[1:]]

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        return []

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`. What of it is text is not among these lines."""
        source = "\n".join(self.lines[: self.count])
        return wrap_runs(
            [Run(plain(readable_math(source)), look.palette.formula)], self.first, self.rest, look.width
        )
